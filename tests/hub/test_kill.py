"""The hub is killed at any moment: what it confirmed it has, and the upload goes on."""

from __future__ import annotations

import hashlib
import random
import sys
import threading

import pytest

from hub.forge import Forge
from hub.hubs import certificate, make
from sync.desks import Country
from traffick_desk.hub import setup
from traffick_desk.sync.hub_client import HubClient, Waiting
from traffick_desk.sync.hub_errors import HubUnreachable

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="NOT LINUX: hubs cannot be forked and killed by pidfd here"
)


class Unlucky:
    """Kills the hub while a desk speaks with it, and starts it again when the desk waits."""

    def __init__(self, forge: Forge, rng: random.Random, most: int) -> None:
        self._forge, self._rng, self._most = forge, rng, most
        self.hub = forge.hub()
        self.kills = 0
        self._timer: threading.Timer | None = None

    def soon(self) -> None:
        """Kill it in a moment, whatever it is doing then."""
        if self._timer is None and self.kills < self._most:
            self._timer = threading.Timer(self._rng.random() * 0.3, self.hub.kill)
            self._timer.start()
            self.kills += 1

    def rest(self) -> None:
        """Let the blow fall that was meant for now."""
        if self._timer is not None:
            self._timer.join()
            self._timer = None

    def again(self, _seconds: float = 0) -> None:
        self.rest()
        if self.hub.dead:
            self.hub = self._forge.hub(self.hub.port)
        self.soon()


class Campaign:
    """A commune that uploads and a province that fetches, at a hub that dies all the time."""

    def __init__(self, place: setup.Place, land: Country, tmp_path, kills: int) -> None:
        make(place, land)
        self.place, self.tmp_path = place, tmp_path
        self.rng = random.Random(kills)
        self.forge = Forge(place)
        self.unlucky = Unlucky(self.forge, self.rng, kills)
        self.confirmed: dict[str, bytes] = {}
        self.fetched = 0
        self.commune = self._client(land.a)
        self.province = self._client(land.province)

    def _client(self, desk) -> HubClient:
        return HubClient(
            self.unlucky.hub.address, desk.keys, certificate(desk), pause=self.unlucky.again,
            patience=200,
        )  # fmt: skip

    def close(self) -> None:
        self.commune.close()
        self.province.close()
        self.unlucky.rest()
        self.unlucky.hub.kill()
        self.forge.close()

    def upload(self) -> None:
        # Half of them are small and go with one request.
        most = self.rng.choice((60_000, 500_000))
        data = self.rng.randbytes(self.rng.randrange(1_000, most))
        seen = 0

        def progress(done: int, _total: int, _text: str) -> None:
            nonlocal seen
            # What the hub said it holds it still holds after it was killed.
            assert done >= seen, (done, seen)
            seen = done

        self.unlucky.again()
        self.commune.put(data, "p", progress)
        self.confirmed[hashlib.sha256(data).hexdigest()] = data

    def fetch(self) -> None:
        """Take out all that waits: it is exactly what was confirmed."""
        waiting = {item.sha256: item for item in self.province.waiting()}
        assert set(waiting) == set(self.confirmed)
        for item in waiting.values():
            self._take(item)

    def _take(self, item: Waiting) -> None:
        path = self.tmp_path / f"{item.id}.in"
        self.unlucky.again()
        assert self.province.get(item, path)
        assert path.read_bytes() == self.confirmed.pop(item.sha256)
        path.unlink()
        self.province.done(item.id)
        self.fetched += 1

    def run(self) -> None:
        while self.unlucky.kills < self.unlucky._most:
            for _turn in range(6):
                self.upload()
            self.fetch()
        # The last blows have fallen: everything is there, and nothing else.
        self.unlucky.rest()
        self.unlucky.again()
        self.fetch()
        assert self.province.waiting() == ()
        assert not [p for p in self.place.bundle_folder.rglob("*") if p.is_file()]
        told = self.commune.sent()
        assert {state for _id, state in told.values()} == {"taken"}
        assert len(told) == self.fetched
        assert self.forge.errors() == []


def _campaign(place: setup.Place, land: Country, tmp_path, kills: int) -> None:
    one = Campaign(place, land, tmp_path, kills)
    try:
        one.run()
    except HubUnreachable:
        pytest.fail("the desk gave up")
    finally:
        one.close()
    print(f"{kills} hubs killed, {one.fetched} bundles confirmed and fetched, 0 lost")


def test_killed_a_hundred_times(place: setup.Place, land: Country, tmp_path) -> None:
    _campaign(place, land, tmp_path, 100)


@pytest.mark.slow
def test_killed_a_thousand_times(place: setup.Place, land: Country, tmp_path) -> None:
    _campaign(place, land, tmp_path, 1000)
