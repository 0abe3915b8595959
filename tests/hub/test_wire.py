"""5 MB over 20 kbit/s with 5 % loss, cut every half a minute: real packets, the kernel's own TCP."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path
from time import monotonic

import pytest

from hub.hubs import certificate, make, serving
from hub.wire import HUB, Line, possible
from sync.desks import Country
from traffick_desk.hub import setup
from traffick_desk.hub.access import Caller
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.hub_client import HubClient

pytestmark = pytest.mark.skipif(
    not possible(),
    reason="NOT ROOT ON LINUX: no line of real packets; tests/hub/test_line.py cuts connections",
)


def _upload(client: HubClient, data: bytes, _path: Path) -> None:
    client.put(data, "p")


def _download(client: HubClient, data: bytes, path: Path) -> None:
    (item,) = client.waiting()
    assert client.get(item, path)
    assert path.read_bytes() == data


def _carry(place: setup.Place, land: Country, line: Line, data: bytes, path: Path, way: str) -> str:
    """Send *data* one way over *line*; what it took, in words."""
    make(place, land)
    door = line.at_hub(lambda: socket.create_server((HUB, 0)))
    sha256 = hashlib.sha256(data).hexdigest()
    with setup.opened(place) as hub, door, serving(hub, door) as address:
        for desk in (land.a, land.province):
            setup.add_desk(hub, Certificate.decode(certificate(desk)))
        if way == "down":
            province = Caller("p", "p", "province")
            with hub.database.write() as connection:
                begun = hub.mailbox.begin(connection, province, "a", len(data), sha256)
            added = hub.mailbox.prepare(province, begun.id, 0, data)
            with hub.database.write() as connection:
                hub.mailbox.add(connection, added)
        client = HubClient(address, land.a.keys, certificate(land.a), patience=20)
        work = _upload if way == "up" else _download
        start = monotonic()
        try:
            line.at_desk(lambda: work(client, data, path))
        finally:
            client.close()
        seconds = monotonic() - start
        if way == "up":
            with hub.database.read() as connection:
                (item,) = hub.mailbox.inbox(connection, Caller("p", "p", "province"))
            assert b"".join(hub.mailbox.parts(item["id"], 0, len(data))) == data
    size = len(data)
    used = line.up if way == "up" else line.down
    again = f"{used.payload / size - 1:.1%} more than its size handed to the line, "
    return (
        f"{way}: {size} bytes in {seconds:.0f} s, {line.cuts} cuts, {again}"
        f"{used.bytes / size:.2f} times its size on the line, {used.lost} of {used.packets} packets lost"
    )


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_bundle_arrives_over_a_bad_line(
    place: setup.Place, land: Country, tmp_path, way: str
) -> None:
    # Ten times as fast, and as much shorter: as many cuts for each byte as over the slow one.
    line = Line(200_000, 0.05, 3.0, away=0.3, delay=0.05)
    try:
        told = _carry(place, land, line, os.urandom(60_000), tmp_path / "part", way)
    finally:
        line.close()
    print(told)
    assert line.cuts >= 1
    assert line.up.lost + line.down.lost


@pytest.mark.slow
@pytest.mark.parametrize("size", [1_000_000, 5_000_000])
@pytest.mark.parametrize("way", ["up", "down"])
def test_megabytes_over_twenty_kilobits(
    place: setup.Place, land: Country, tmp_path, way: str, size: int
) -> None:
    line = Line(20_000, 0.05, 30.0, away=2.0)
    try:
        told = _carry(place, land, line, os.urandom(size), tmp_path / "part", way)
    finally:
        line.close()
    print(told)
    assert line.cuts >= size // 100_000
