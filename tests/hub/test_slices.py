"""Of a piece that is cut the hub keeps what came, slice by slice, and nothing that was not signed."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest

from hub.hubs import ByHand, Running, certificate
from hub.lines import BadLine
from hub.test_uploads import TUS, begin
from sync.desks import Country
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.hub_client import HubClient

SLICE = wire.SLICE


def raw(desk: ByHand, place: str, at: int, body: bytes, announced: str = "") -> tuple[bytes, bytes]:
    """A piece as it goes over the line: its head and its body."""
    headers = {"upload_offset": str(at), "td_slices": announced or wire.slices(body)}
    call = desk.call("PATCH", place, body, **headers)
    lines = {
        "Host": call.host, "Content-Length": str(len(body)), "Content-Type": wire.CHUNK_TYPE,
        "Tus-Resumable": "1.0.0", wire.DESK: call.device, wire.NONCE: call.nonce,
        wire.COUNT: str(call.count), wire.SIGNATURE: call.sign(desk.keys.signing), **call.headers,
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"PATCH {place} HTTP/1.1\r\n{head}\r\n".encode(), body


def dial(desk: ByHand) -> socket.socket:
    host, _colon, port = desk.address.split("//")[1].partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def offset(desk: ByHand, place: str) -> int:
    return int(desk.ask("HEAD", place, tus_resumable="1.0.0").headers["upload-offset"])


def until(holds) -> None:
    end = time.monotonic() + 20
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end
        pause.wait(0.02)


@pytest.mark.parametrize("came", [0, 1, SLICE - 1, SLICE, 3 * SLICE + 17, 5 * SLICE + 99])
def test_of_a_piece_that_was_cut_whole_slices_count(
    a: ByHand, p: ByHand, either: Running, came: int
) -> None:
    data = os.urandom(5 * SLICE + 100)
    place = begin(a, data).headers["location"]
    head, body = raw(a, place, 0, data)
    with dial(a) as line:
        line.sendall(head + body[:came])
        until(lambda: read(either, place) == came)
        line.shutdown(socket.SHUT_WR)
        # The hub hears that it is over, puts away what came, and lets go.
        while line.recv(4096):
            pass
    until(lambda: not reads(either, place))
    assert offset(a, place) == came // SLICE * SLICE
    at = offset(a, place)
    with dial(a) as line:
        line.sendall(b"".join(raw(a, place, at, data[at:])))
        answer = line.recv(4096).decode()
    assert " 204 " in answer.splitlines()[0]
    assert f"upload-offset: {len(data)}" in answer.lower()
    (item,) = p.ask("GET", "/v1/inbox").json()["waiting"]
    assert p.ask("GET", f"/v1/bundles/{item['id']}").content == data


@pytest.mark.parametrize("way", ["begin", "head"])
def test_who_is_back_before_the_hub_heard_of_the_cut_goes_on_behind_what_came(
    a: ByHand, either: Running, way: str
) -> None:
    data = os.urandom(4 * SLICE)
    place = begin(a, data).headers["location"]
    head, body = raw(a, place, 0, data)
    with dial(a) as line:
        # The old connection hangs: nothing more comes, and nobody says that it is over.
        line.sendall(head + body[: 2 * SLICE + 5])
        until(lambda: read(either, place) == 2 * SLICE + 5)
        begun = time.monotonic()
        reply = begin(a, data) if way == "begin" else a.ask("HEAD", place, **TUS)
        assert int(reply.headers["upload-offset"]) == 2 * SLICE
        assert time.monotonic() - begun < 5
    assert offset(a, place) == 2 * SLICE


def reads(hub: Running, place: str) -> bool:
    """Whether the hub is at a piece."""
    return place.rsplit("/", 1)[-1] in hub.hub.under_way._pieces


def read(hub: Running, place: str) -> int:
    """What the hub has of a piece."""
    pieces = hub.hub.under_way._pieces.get(place.rsplit("/", 1)[-1], ())
    return sum(len(part) for piece in tuple(pieces) for part in piece.parts) if pieces else -1


def test_what_was_not_signed_does_not_count(a: ByHand) -> None:
    data = os.urandom(4 * SLICE)
    place = begin(a, data).headers["location"]
    head, body = raw(a, place, 0, data)
    bad = bytearray(body)
    bad[2 * SLICE + 1] ^= 1
    with dial(a) as line:
        line.sendall(head + bytes(bad))
        answer = line.recv(4096).decode().lower()
    # The slices before are good; the desk is told to go on there.
    assert f"upload-offset: {2 * SLICE}" in answer
    head, body = raw(a, place, 2 * SLICE, data[2 * SLICE :])
    bad = bytes([body[0] ^ 1]) + body[1:]
    with dial(a) as line:
        line.sendall(head + bad)
        assert " 460 " in line.recv(4096).decode()
    # Digests of other bytes than were signed.
    for wrong in (wire.slices(bytes(len(body))), "AAAA", ""):
        forged = head.replace(wire.slices(body).encode(), wrong.encode())
        with dial(a) as line:
            line.sendall(forged + bytes(len(body)))
            assert line.recv(4096).decode().split()[1] in {"400", "401"}
    assert offset(a, place) == 2 * SLICE


def test_a_piece_of_slices_is_good_one_time_only(a: ByHand) -> None:
    data = os.urandom(4 * SLICE)
    place = begin(a, data).headers["location"]
    head, body = raw(a, place, 0, data[: 2 * SLICE])
    for wanted in (" 204 ", " 401 "):
        with dial(a) as line:
            line.sendall(head + body)
            assert wanted in line.recv(4096).decode()
    assert offset(a, place) == 2 * SLICE


def test_more_slices_than_are_allowed_are_refused(a: ByHand) -> None:
    data = os.urandom((wire.MOST_SLICES + 1) * SLICE)
    place = begin(a, data).headers["location"]
    head, _body = raw(a, place, 0, data)
    with dial(a) as line:
        line.sendall(head)
        assert " 413 " in line.recv(4096).decode()


def test_whole_slices_of_what_came() -> None:
    body = os.urandom(2 * SLICE + 10)
    said = wire.slices(body)
    for came in range(0, len(body) + 1, 1000):
        good = wire.whole_slices(said, body[:came], len(body))
        assert good == body[: came // SLICE * SLICE]
    assert wire.whole_slices(said, body, len(body)) == body
    for size in (0, len(body) - SLICE, len(body) + SLICE, 10**9):
        with pytest.raises(wire.WireInvalid):
            wire.whole_slices(said, body, size)


@pytest.mark.parametrize("keeps", [True, False])
def test_little_is_sent_again_over_a_line_that_is_cut_often(
    hub: Running, land: Country, keeps: bool, monkeypatch
) -> None:
    size = 2_000_000
    if not keeps:
        # A hub of before, or a proxy in front of it that hands over whole requests alone.
        monkeypatch.setattr(HubClient, "_slices", property(lambda _self: False))
    data = os.urandom(size)
    line = BadLine(int(hub.address.rsplit(":", 1)[1]), 60_000)
    client = HubClient(
        line.address, land.a.keys, certificate(land.a), pause=lambda _s: None, patience=30
    )
    try:
        client.put(data, "p")
        carried, cuts = line.carried, line.cuts
    finally:
        client.close()
        line.close()
    (item,) = hub.by_hand(land.province).known().ask("GET", "/v1/inbox").json()["waiting"]
    assert item["size"] == size
    print(f"slices kept: {keeps}: {cuts} cuts, {carried / size - 1:.0%} more than its size")
    assert cuts >= 5
    assert carried < (1.2 if keeps else 1.6) * size
