"""PostgreSQL's primary is killed while desks upload, and its synchronous standby takes over."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

import pytest

from hub.hubs import Process, certificate, make
from hub.postgres import Server, binaries, servers
from sync.desks import Country, Desk
from traffick_desk.hub import setup
from traffick_desk.sync.hub_client import HubClient

pytestmark = pytest.mark.skipif(
    binaries() is None,
    reason="NO POSTGRESQL HERE: no failover was tested (apt-get install postgresql)",
)


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    with servers(2) as (first, second):
        first.make()
        first.start()
        yield first, second


def url(*both: Server) -> str:
    hosts = ",".join(str(one.folder) for one in both)
    return f"postgresql+psycopg://hub@/postgres?host={hosts}&target_session_attrs=read-write"


@dataclass
class Uploads:
    """Desks that upload one bundle after the other until they are told to end."""

    address: str
    desks: list[Desk]
    seed: int
    over: threading.Event = field(default_factory=threading.Event)
    promoted: threading.Event = field(default_factory=threading.Event)
    confirmed: dict[str, bytes] = field(default_factory=dict)
    after: int = 0
    failed: list[BaseException] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self._upload, args=(d,)) for d in self.desks]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.promoted.set()
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive()

    def _upload(self, desk: Desk) -> None:
        rng = random.Random(f"{self.seed} {desk.device}")
        client = HubClient(
            self.address, desk.keys, certificate(desk), patience=400,
            pause=lambda _seconds: self.promoted.wait(60) and None,
        )  # fmt: skip
        try:
            last = False
            while not last:
                # One more after the end is announced: it goes to the new primary.
                last = self.over.is_set()
                data = os.urandom(rng.randrange(1_000, 250_000))
                seen = 0

                def progress(done: int, _total: int, _text: str) -> None:
                    nonlocal seen
                    # What the hub said it holds it still holds after its primary died.
                    assert done >= seen, (done, seen)
                    seen = done

                client.put(data, "p", progress)
                self.confirmed[hashlib.sha256(data).hexdigest()] = data
                self.after += self.promoted.is_set()
        except BaseException as error:
            self.failed.append(error)
        finally:
            client.close()


def _fetch_all(address: str, land: Country, tmp_path) -> dict[str, bytes]:
    client = HubClient(address, land.province.keys, certificate(land.province))
    found = {}
    try:
        while waiting := client.waiting():
            for item in waiting:
                path = tmp_path / "part"
                assert client.get(item, path)
                found[item.sha256] = path.read_bytes()
                path.unlink()
                client.done(item.id)
    finally:
        client.close()
    return found


def _campaign(pair: tuple[Server, Server], land: Country, tmp_path, rounds: int) -> None:
    primary, standby = pair
    place = setup.Place(tmp_path / "hub", url(*pair))
    make(place, land, setup.IN_DATABASE)
    desks = [land.a, land.b, land.a]
    rng = random.Random(rounds)
    process = Process(place, 0, "--requests", "100000", "--most", "100000")
    number = after = 0
    try:
        for turn in range(rounds):
            standby.follow(primary)
            standby.start()
            primary.wait_for(standby.folder.name)
            with Uploads(process.address, desks, turn) as uploads:
                uploads.over.wait(rng.uniform(0.3, 3.0))
                primary.kill()
                standby.promote()
                uploads.promoted.set()
            assert not uploads.failed, uploads.failed
            found = _fetch_all(process.address, land, tmp_path)
            lost = set(uploads.confirmed) - set(found)
            assert not lost, f"{len(lost)} confirmed and lost"
            assert found == uploads.confirmed
            assert uploads.after >= len(desks)
            number, after = number + len(found), after + uploads.after
            primary, standby = standby, primary
    finally:
        process.stop()
    told = [line for line in process.lines if line.get("event") == "request"]
    assert not [line for line in told if line["status"] == 500]
    away = sum(line["status"] == 503 for line in told)
    assert away or rounds == 1
    print(f"{rounds} primaries killed, {number} bundles confirmed, {after} of them after, 0 lost; "
          f"{away} of {len(told)} requests were told to come again")  # fmt: skip


def test_the_standby_takes_over_while_desks_upload(pair, land: Country, tmp_path) -> None:
    _campaign(pair, land, tmp_path, 1)


@pytest.mark.slow
def test_the_standby_takes_over_twenty_times(pair, land: Country, tmp_path) -> None:
    _campaign(pair, land, tmp_path, 20)
