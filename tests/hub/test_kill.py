"""The hub is killed at any moment: what it confirmed it has, and the upload goes on."""

from __future__ import annotations

import os
import random
import threading

import pytest

from hub.hubs import Process, certificate, make
from sync.desks import Country
from traffick_desk.hub import setup
from traffick_desk.sync.hub_client import HubClient
from traffick_desk.sync.hub_errors import HubUnreachable


class Unlucky:
    """Kills the hub while an upload runs, and starts it again when the desk waits."""

    def __init__(self, place: setup.Place, rng: random.Random) -> None:
        self._place, self._rng = place, rng
        self.process = Process(place)
        self.port = self.process.port
        self.kills = 0

    def soon(self) -> None:
        """Kill it in a moment, whatever it is doing then."""
        timer = threading.Timer(self._rng.random() * 0.12, self.process.kill)
        timer.start()
        self.kills += 1
        self._timer = timer

    def again(self, _seconds: float) -> None:
        self._timer.join()
        self.process.kill()
        self.process = Process(self._place, self.port)


def _campaign(place: setup.Place, land: Country, kills: int, tmp_path) -> None:
    make(place, land)
    rng = random.Random(kills)
    unlucky = Unlucky(place, rng)
    confirmed: dict[str, bytes] = {}
    try:
        while unlucky.kills < kills:
            data = os.urandom(rng.randrange(20_000, 900_000))
            client = HubClient(
                unlucky.process.address,
                land.a.keys,
                certificate(land.a),
                pause=unlucky.again,
                patience=50,
            )
            client._largest_chunk = 64 * 1024
            seen = 0

            def progress(done: int, _total: int, _text: str) -> None:
                nonlocal seen
                # What the hub said it holds it still holds after it was killed.
                assert done >= seen
                seen = done

            unlucky.soon()
            try:
                client.put(data, "p", progress)
            except HubUnreachable:
                pytest.fail("the desk gave up")
            finally:
                client.close()
            import hashlib

            confirmed[hashlib.sha256(data).hexdigest()] = data
            if unlucky.process.process.poll() is not None or rng.random() < 0.5:
                unlucky.again(0)
        unlucky.again(0)
        client = HubClient(unlucky.process.address, land.province.keys, certificate(land.province))
        waiting = {item.sha256: item for item in client.waiting()}
        assert set(waiting) == set(confirmed)
        for number, (sha256, item) in enumerate(waiting.items()):
            path = tmp_path / f"{number}.in"
            assert client.get(item, path)
            assert path.read_bytes() == confirmed[sha256]
            client.done(item.id)
        assert client.waiting() == ()
        client.close()
    finally:
        unlucky._timer.join()
        unlucky.process.kill()
    assert not [p for p in place.bundle_folder.rglob("*") if p.is_file()]


def test_killed_at_random_points(place: setup.Place, land: Country, tmp_path) -> None:
    _campaign(place, land, 6, tmp_path)


@pytest.mark.slow
def test_killed_a_hundred_times(place: setup.Place, land: Country, tmp_path) -> None:
    _campaign(place, land, 100, tmp_path)
