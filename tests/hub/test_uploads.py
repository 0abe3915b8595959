"""tus 1.0 uploads and downloads by range, with bytes in files and in the database."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from pathlib import Path

import httpx

from hub.hubs import ByHand, Running, running
from sync.desks import Country
from traffick_desk.hub import mailbox, setup
from traffick_desk.sync import hub_wire as wire

TUS = {"tus_resumable": "1.0.0"}


def begin(
    desk: ByHand, data: bytes, receiver: str = "p", size: int | None = None
) -> httpx.Response:
    about = wire.metadata({"receiver": receiver, "sha256": hashlib.sha256(data).hexdigest()})
    length = str(len(data) if size is None else size)
    return desk.send(
        desk.call("POST", "/v1/uploads", upload_length=length, upload_metadata=about), **TUS
    )


def piece(desk: ByHand, place: str, at: int, data: bytes, checksum: str = "") -> httpx.Response:
    call = desk.call("PATCH", place, data, upload_offset=str(at))
    more = {"upload_checksum": checksum or wire.checksum(data), "content_type": wire.CHUNK_TYPE}
    return desk.send(call, **TUS, **more)


def test_pieces_are_put_together(a: ByHand, p: ByHand) -> None:
    data = os.urandom(200_000)
    begun = begin(a, data)
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    place, at = begun.headers["location"], 0
    for size in (1, 70_000, 129_998, 1):
        reply = piece(a, place, at, data[at : at + size])
        at += size
        assert (reply.status_code, reply.headers["upload-offset"]) == (204, str(at))
    (item,) = p.ask("GET", "/v1/inbox").json()["waiting"]
    assert (item["sender"], item["size"]) == ("a", 200_000)
    target = f"/v1/bundles/{item['id']}"
    assert p.ask("GET", target).content == data
    for text, expected in (
        ("bytes=0-0", data[:1]), ("bytes=69999-70001", data[69_999:70_002]),
        ("bytes=199999-", data[-1:]), ("bytes=100-999999", data[100:]),
    ):  # fmt: skip
        reply = p.ask("GET", target, range=text)
        assert (reply.status_code, reply.content) == (206, expected)
    for text in ("bytes=200000-", "bytes=5-4", "bytes=-5", "lines=1-2", "bytes=0-1,5-6"):
        reply = p.ask("GET", target, range=text)
        assert (reply.status_code, reply.headers["content-range"]) == (416, "bytes */200000")
    # Not for the eyes of others, not even of its sender.
    assert a.ask("GET", target).status_code == 404
    assert p.ask("DELETE", target).status_code == 204
    assert p.ask("DELETE", target).status_code == 204
    assert p.ask("GET", target).status_code == 404
    assert p.ask("GET", "/v1/inbox").json()["waiting"] == []
    # Sent again, it is known to have arrived.
    again = begin(a, data)
    assert again.headers["upload-offset"] == "200000"


def test_a_cut_upload_goes_on_where_the_hub_says(a: ByHand) -> None:
    data = os.urandom(50_000)
    place = begin(a, data).headers["location"]
    piece(a, place, 0, data[:20_000])
    assert piece(a, place, 0, data[:20_000]).json() == {"code": "offset"}
    assert piece(a, place, 30_000, data[30_000:]).status_code == 409
    head = a.send(a.call("HEAD", place), **TUS)
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("20000", "50000")
    # Begun anew it is the same upload.
    again = begin(a, data)
    assert (again.headers["location"], again.headers["upload-offset"]) == (place, "20000")
    assert piece(a, place, 20_000, data[20_000:]).headers["upload-offset"] == "50000"


def test_a_damaged_piece_is_not_taken_and_a_damaged_whole_begins_again(
    a: ByHand, p: ByHand
) -> None:
    data = os.urandom(9_000)
    place = begin(a, data).headers["location"]
    assert piece(a, place, 0, data, wire.checksum(b"other")).json() == {"code": "checksum"}
    assert piece(a, place, 0, bytes(9_000)).json() == {"code": "digest"}
    assert p.ask("GET", "/v1/inbox").json()["waiting"] == []
    assert a.send(a.call("HEAD", place), **TUS).headers["upload-offset"] == "0"
    assert piece(a, place, 0, data).status_code == 204
    assert p.ask("GET", f"/v1/bundles/{place[-32:]}").content == data


def test_a_hub_killed_between_sealing_and_saying_so(
    place: setup.Place, land: Country, monkeypatch
) -> None:
    from traffick_desk.hub.mailbox import Mailbox

    class Killed(OSError):
        pass

    data = os.urandom(30_000)
    with running(place, land) as one:
        a, p = one.by_hand(land.a).known(), one.by_hand(land.province).known()
        where = begin(a, data).headers["location"]
        piece(a, where, 0, data[:20_000])
        real = Mailbox._move

        def killed(*_arguments: object, **values: object) -> None:
            raise Killed

        monkeypatch.setattr(Mailbox, "_move", staticmethod(killed))
        assert piece(a, where, 20_000, data[20_000:]).status_code == 503
        monkeypatch.setattr(Mailbox, "_move", staticmethod(real))
        assert a.send(a.call("HEAD", where), **TUS).headers["upload-offset"] == "20000"
        assert piece(a, where, 20_000, data[20_000:]).status_code == 204
        assert p.ask("GET", f"/v1/bundles/{where[-32:]}").content == data


def test_bytes_lost_in_the_middle_are_sent_again(place: setup.Place, land: Country) -> None:
    data = os.urandom(30_000)
    with running(place, land) as one:
        a = one.by_hand(land.a).known()
        where = begin(a, data).headers["location"]
        piece(a, where, 0, data[:10_000])
        next(place.bundle_folder.rglob("*.part")).unlink()
        assert piece(a, where, 10_000, data[10_000:20_000]).json() == {"code": "digest"}
        assert a.send(a.call("HEAD", where), **TUS).headers["upload-offset"] == "0"
        client = one.client(land.a)
        client.put(data, "p")
        client.close()
        assert one.hub.mailbox.counts() == {"waiting": (1, 30_000)}


def test_what_is_no_upload(a: ByHand, p: ByHand, either: Running, land: Country) -> None:
    data = b"x" * 10
    assert begin(a, data, size=0).status_code == 413
    assert begin(a, data, size=wire.MAX_BUNDLE + 1).json() == {"code": "size"}
    for receiver in ("a", "b", "nobody"):
        assert begin(a, data, receiver).json() == {"code": "receiver"}
    assert begin(a, data, "P").status_code == 400
    call = a.call("POST", "/v1/uploads", upload_length="10", upload_metadata="x")
    assert a.send(call, **TUS).status_code == 400
    assert a.ask("POST", "/v1/uploads").json() == {"code": "tus-version"}
    place = begin(a, data).headers["location"]
    assert begin(a, data, size=11).status_code == 409
    assert piece(a, place, 0, data + b"y").status_code == 413
    assert piece(a, place, 0, data, "md5 x").status_code == 400
    wrong = a.send(a.call("PATCH", place, data, upload_offset="0"), **TUS)
    assert wrong.status_code == 415
    assert piece(either.by_hand(land.b).known(), place, 0, data).status_code == 404
    big = piece(a, place, 0, b"z" * (wire.MAX_CHUNK + 1))
    assert big.status_code == 413
    options = a.http.options("/v1/uploads")
    assert (options.status_code, options.headers["tus-version"]) == (204, "1.0.0")


def test_a_sender_takes_back_what_was_not_fetched(a: ByHand, p: ByHand, either: Running) -> None:
    data = os.urandom(1_000)
    place = begin(a, data).headers["location"]
    piece(a, place, 0, data)
    assert a.ask("DELETE", place).status_code == 204
    assert a.ask("DELETE", place).status_code == 404
    assert p.ask("GET", "/v1/inbox").json()["waiting"] == []
    assert either.hub.mailbox.counts() == {}
    # It can be sent again.
    place = begin(a, data).headers["location"]
    piece(a, place, 0, data)
    assert len(p.ask("GET", "/v1/inbox").json()["waiting"]) == 1


def test_room(a: ByHand, either: Running, tmp_path: Path) -> None:
    box = either.hub.mailbox
    box._limits = dataclasses.replace(box._limits, quota=1_000)
    assert begin(a, b"a" * 600).status_code == 201
    assert begin(a, b"b" * 600).json() == {"code": "quota"}
    box._limits = dataclasses.replace(box._limits, quota=10_000, bundles=2)
    assert begin(a, b"c" * 600).status_code == 201
    assert begin(a, b"d" * 600).json() == {"code": "quota"}
    box._limits = dataclasses.replace(box._limits, bundles=9, reserve=2**62)
    in_files = box._blobs.free() is not None
    assert begin(a, b"e" * 600).status_code == (507 if in_files else 201)


def test_a_province_has_room_for_each_of_its_communes(
    either: Running, p: ByHand, land: Country
) -> None:
    either.by_hand(land.a).known()
    either.by_hand(land.b).known()
    box = either.hub.mailbox
    box._limits = dataclasses.replace(box._limits, bundles=1)
    assert [begin(p, b"x", to).status_code for to in ("a", "b")] == [201, 201]
    assert begin(p, b"y", "a").json() == {"code": "quota"}
    # What was refused was not begun.
    assert len(p.ask("GET", "/v1/sent").json()["sent"]) == 2


def test_a_long_list_of_what_was_sent_is_told_in_parts(
    either: Running, p: ByHand, land: Country, monkeypatch
) -> None:
    either.by_hand(land.a).known()
    monkeypatch.setattr(wire, "MAX_LIST", 3)
    monkeypatch.setattr(mailbox, "MAX_LIST", 3)
    for n in range(7):
        begin(p, bytes([n]), "a")
    client = either.client(land.province)
    assert len(client.sent()) == 7
    client.close()


def whole(desk: ByHand, data: bytes, size: int | None = None, **other: str) -> httpx.Response:
    about = wire.metadata({"receiver": "p", "sha256": hashlib.sha256(data).hexdigest()})
    call = desk.call(
        "POST", "/v1/uploads", data, upload_length=str(size or len(data)), upload_metadata=about
    )
    return desk.send(call, **{**TUS, "content_type": wire.CHUNK_TYPE, **other})


def test_a_small_bundle_comes_whole_with_one_request(a: ByHand, p: ByHand, either: Running) -> None:
    data = os.urandom(60_000)
    reply = whole(a, data)
    assert (reply.status_code, reply.headers["upload-offset"]) == (201, "60000")
    assert whole(a, data).headers["location"] == reply.headers["location"]
    (item,) = p.ask("GET", "/v1/inbox").json()["waiting"]
    assert p.ask("GET", f"/v1/bundles/{item['id']}").content == data
    assert p.ask("GET", f"/v1/bundles/{item['id']}", range="bytes=59990-").content == data[-10:]
    assert p.ask("DELETE", f"/v1/bundles/{item['id']}").status_code == 204
    assert whole(a, data).headers["upload-offset"] == "60000", "taken, and not held again"
    assert p.ask("GET", "/v1/inbox").json()["waiting"] == []
    # What is not whole, not what was announced, or too much is not begun.
    assert whole(a, data, 70_000).status_code == 413
    assert whole(a, os.urandom(wire.MAX_WHOLE + 1)).status_code == 413
    assert whole(a, os.urandom(9), content_type="text/plain").status_code == 415
    wrong = wire.metadata({"receiver": "p", "sha256": hashlib.sha256(b"x").hexdigest()})
    call = a.call("POST", "/v1/uploads", b"y", upload_length="1", upload_metadata=wrong)
    refused = a.send(call, **TUS, content_type=wire.CHUNK_TYPE)
    assert (refused.status_code, refused.json()) == (460, {"code": "digest"})
    assert len(a.ask("GET", "/v1/sent").json()["sent"]) == 1
    # The refused request is used up like any other.
    assert a.send(call, **TUS, content_type=wire.CHUNK_TYPE).json() == {"code": "replay"}
    # Begun in pieces and cut: the whole does not help, the desk goes on with pieces.
    half = os.urandom(1_000)
    piece(a, begin(a, half).headers["location"], 0, half[:400])
    assert whole(a, half).headers["upload-offset"] == "400"


def test_metrics_count_requests_refusals_and_bytes(a: ByHand, p: ByHand, either: Running) -> None:
    whole(a, b"x" * 5_000)
    (item,) = p.ask("GET", "/v1/inbox").json()["waiting"]
    p.ask("GET", f"/v1/bundles/{item['id']}", range="bytes=0-99")
    a.ask("GET", f"/v1/bundles/{item['id']}")
    told = httpx.get(either.address + "/metrics").text.splitlines()
    for line in (
        'hub_requests_total{route="/v1/uploads",status="201"} 1.0',
        'hub_requests_total{route="/v1/bundles/{id}",status="206"} 1.0',
        'hub_requests_total{route="/v1/bundles/{id}",status="404"} 1.0',
        'hub_refused_total{code="bundle"} 1.0',
        "hub_received_bytes_total 5000.0",
        "hub_handed_bytes_total 100.0",
        'hub_bundles{state="waiting"} 1.0',
        'hub_held_bytes{state="waiting"} 5000.0',
        'hub_request_seconds_count{route="/v1/inbox"} 1.0',
    ):
        assert line in told, line


def test_tidying_leaves_everything_that_waits(
    a: ByHand, p: ByHand, either: Running, monkeypatch
) -> None:
    done, half = os.urandom(500), os.urandom(500)
    piece(a, begin(a, done).headers["location"], 0, done)
    piece(a, begin(a, half).headers["location"], 0, half[:100])
    real = mailbox.now
    monkeypatch.setattr(mailbox, "now", lambda: real() + 3000 * 86400)
    either.hub.mailbox.tidy()
    assert set(either.hub.mailbox.counts()) == {"waiting"}
    (item,) = p.ask("GET", "/v1/inbox").json()["waiting"]
    assert p.ask("GET", f"/v1/bundles/{item['id']}").content == done


def test_the_hub_learns_sender_receiver_size_and_time_only(
    either: Running, land: Country, place
) -> None:
    land.a.open_case("Nguyễn Thị Ánh")
    either.round(land.a)
    raw = b"".join(p.read_bytes() for p in place.data.rglob("*") if p.is_file())
    for text in ("Nguyễn", "Ánh", "officer-a", "age1pq1"):
        assert text.encode() not in raw
    metrics = httpx.get(either.address + "/metrics").text
    assert 'hub_bundles{state="waiting"} 1.0' in metrics
    assert "Desk" not in metrics
