"""Nobody but a certified desk, each request one time only, and no body that breaks the hub."""

from __future__ import annotations

import dataclasses
import os
import random
import socket
import threading

import httpx
import pytest

from hub.hubs import Running, certificate
from sync.desks import Country
from traffick_desk.hub import access
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.limits import Rate
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.certificate import Certificate


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_request_is_good_one_time_only(hub: Running, land: Country) -> None:
    desk = hub.by_hand(land.a).known()
    call = desk.call("GET", "/v1/inbox")
    assert desk.send(call).status_code == 200
    assert code(desk.send(call)) == (401, "replay")
    # Nor one made before it and held back on the way.
    held, newer = desk.call("GET", "/v1/inbox"), desk.call("GET", "/v1/sent")
    assert desk.send(newer).status_code == 200
    assert code(desk.send(held)) == (401, "replay")


def test_of_many_copies_at_once_one_is_taken(hub: Running, land: Country) -> None:
    desk = hub.by_hand(land.a).known()
    call = desk.call("GET", "/v1/inbox")
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(desk.send(call).status_code))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, *[401] * 11]


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"}, {"host": "elsewhere"}, {"target": "/v1/sent"}, {"device": "b"},
        {"count": 900}, {"body": b"x"}, {"nonce": "other"}, {"headers": {"range": "bytes=0-"}},
        {"headers": {"upload-offset": "1"}}, {"headers": {"upload-length": "1"}},
        {"headers": {"upload-metadata": "a YQ=="}},
    ],
)  # fmt: skip
def test_the_signature_covers_everything_that_counts(hub: Running, land: Country, change) -> None:
    hub.by_hand(land.b).known()
    desk = hub.by_hand(land.a).known()
    if "nonce" in change:
        change = {"nonce": desk.http.get("/v1/challenge").json()["nonce"]}
    signed = desk.call("GET", "/v1/inbox")
    signature = signed.sign(desk.keys.signing)
    other = dataclasses.replace(signed, **change)
    if "host" in change:
        response = desk.send(signed, other.sign(desk.keys.signing))
    else:
        response = desk.send(other, signature)
    if "method" in change:
        assert response.status_code == 405
    elif "body" in change:
        assert code(response) == (413, "size")
    else:
        assert code(response) == (401, "signature")


def test_signatures_that_are_none(hub: Running, land: Country) -> None:
    desk = hub.by_hand(land.a).known()
    for signature in ("A", "A" * 86, "=" * 10, "é", wire.b64(b"x" * 63), wire.b64(b"x" * 65)):
        call = desk.call("GET", "/v1/inbox")
        response = desk.http.get(
            "/v1/inbox",
            headers={wire.DESK: "a", wire.NONCE: call.nonce, wire.COUNT: str(call.count),
                     wire.SIGNATURE: signature.encode()},
        )  # fmt: skip
        assert code(response) == (401, "signature")
    assert code(desk.http.get("/v1/inbox")) == (401, "unsigned")


def test_nonces_are_the_hubs_own_and_end(hub: Running, land: Country, monkeypatch) -> None:
    desk = hub.by_hand(land.a).known()
    good = desk.nonce
    for nonce in ("", "x", wire.b64(os.urandom(40)), good[:-2] + "AA", good + "A"):
        desk.nonce = nonce
        assert code(desk.ask("GET", "/v1/inbox")) == (401, "nonce")
    desk.nonce, real = good, access.now
    monkeypatch.setattr(access, "now", lambda: real() + access.NONCE_SECONDS + 5)
    assert code(desk.ask("GET", "/v1/inbox")) == (401, "nonce")
    # The program asks for another by itself, whatever any clock says.
    assert hub.round(land.a).taken == ()


def test_a_nonce_outlives_its_memory_by_no_second(hub: Running, land: Country, monkeypatch) -> None:
    desk = hub.by_hand(land.a).known()
    call, real = desk.call("GET", "/v1/inbox"), access.now
    assert desk.send(call).status_code == 200
    monkeypatch.setattr(access, "now", lambda: real() + access.NONCE_SECONDS - 5)
    hub.hub.access.tidy()
    assert code(desk.send(call)) == (401, "replay")
    monkeypatch.setattr(access, "now", lambda: real() + 3 * access.NONCE_SECONDS)
    hub.hub.access.tidy()
    assert code(desk.send(call)) == (401, "nonce")


def test_certificates_that_do_not_count(hub: Running, land: Country) -> None:
    a, b = hub.by_hand(land.a), hub.by_hand(land.b)
    assert code(a.ask("PUT", "/v1/desk", b"{}")) == (403, "certificate")
    assert code(a.ask("PUT", "/v1/desk", certificate(land.b))) == (403, "certificate")
    real = Certificate.decode(certificate(land.a))
    with land.a.store.read():
        own = Certificate.sign(real.desk, 99, real.issued_at, "p", (), land.a.keys.signing)
    assert code(a.ask("PUT", "/v1/desk", own.encode())) == (403, "certificate")
    # Signed by the province, shown by another desk: its key did not make the signature.
    forged = b.call("PUT", "/v1/desk", certificate(land.a))
    forged = dataclasses.replace(forged, device="a")
    assert code(b.send(forged)) == (401, "signature")
    assert a.known()
    assert b.known()
    # A newer certificate may move a desk; an older one changes nothing.
    newer = Certificate.sign(
        dataclasses.replace(real.desk, label="PC 9"), 99, real.issued_at, "p", (),
        land.province.keys.signing,
    )  # fmt: skip
    assert a.ask("PUT", "/v1/desk", newer.encode()).status_code == 204
    assert a.known()
    from traffick_desk.hub.status import lines

    assert {line.label for line in lines(hub.hub)} == {"PC 9", "Desk b", "Desk p"}


def test_the_list_of_withdrawn_desks_counts_only_with_the_provinces_signature(
    hub: Running, land: Country
) -> None:
    a, p = hub.by_hand(land.a).known(), hub.by_hand(land.province).known()
    hub.by_hand(land.b).known()
    at = "2026-03-02T09:00+07:00"
    forged = wire.Revocations.sign("p", 1, at, ["b"], land.a.keys.signing)
    own = wire.Revocations.sign("a", 1, at, ["b"], land.a.keys.signing)
    for wrong in (forged, own):
        assert code(a.ask("PUT", "/v1/revocations", wrong.encode())) == (403, "revocation")
    assert code(p.ask("PUT", "/v1/revocations", b"{}")) == (403, "revocation")
    good = wire.Revocations.sign("p", 1, at, ["b", "p", "never-seen"], land.province.keys.signing)
    # Whoever carries it: it is the signature that counts.
    assert a.ask("PUT", "/v1/revocations", good.encode()).json() == {"new": 2}
    b = hub.by_hand(land.b)
    assert code(b.ask("GET", "/v1/inbox")) == (403, "revoked")
    assert code(b.ask("PUT", "/v1/desk", certificate(land.b))) == (403, "revoked")
    assert p.ask("GET", "/v1/inbox").status_code == 200


def test_names_by_which_the_hub_may_be_called(hub: Running, land: Country) -> None:
    desk = hub.by_hand(land.a).known()
    named = access.Access(hub.hub.database, frozenset({"hub.gov.vn"}))
    call = desk.call("GET", "/v1/inbox")
    with pytest.raises(Refused, match="host"):
        named.check(call, call.sign(desk.keys.signing))
    call = dataclasses.replace(desk.call("GET", "/v1/inbox"), host="HUB.gov.vn")
    assert named.check(call, call.sign(desk.keys.signing)).device == "a"


def test_rates() -> None:
    at = [0.0]
    rate = Rate(60, lambda: at[0])
    for _ in range(60):
        rate.take("one")
    with pytest.raises(Refused, match="too-many") as refused:
        rate.take("one")
    assert refused.value.headers == {"Retry-After": "1"}
    rate.take("two")
    at[0] += 1.5
    rate.take("one")
    with pytest.raises(Refused):
        rate.take("one")


def test_a_desk_that_asks_too_often_is_told_to_wait(hub: Running, land: Country) -> None:
    hub.hub.of_desk = Rate(3)
    desk = hub.by_hand(land.a).known()
    found = [desk.ask("GET", "/v1/inbox").status_code for _ in range(5)]
    assert found == [200, 200, 200, 429, 429]
    assert hub.round(land.b).taken == ()


NAMES = (
    "td-desk", "td-nonce", "td-count", "td-signature", "range", "upload-offset", "upload-length",
    "upload-metadata", "upload-checksum", "content-type", "tus-resumable", "content-length",
    "transfer-encoding", "cookie", "host", "accept-encoding", "expect",
)  # fmt: skip
PATHS = (
    "/v1/challenge", "/v1/desk", "/v1/uploads", "/v1/uploads/" + "0" * 32, "/v1/inbox", "/v1/sent",
    "/v1/bundles/" + "f" * 32, "/v1/revocations", "/status", "/status/login", "/status/logout",
    "/healthz", "/metrics", "/", "/v1/uploads/../../x", "/%00", "/v1/bundles/%ff%fe", "//", "/v1",
)  # fmt: skip


def test_no_header_and_no_body_breaks_the_hub(hub: Running, land: Country) -> None:
    rng = random.Random(20261122)
    port = int(hub.address.rsplit(":", 1)[1])
    desk = hub.by_hand(land.a).known()
    values = [b"", b"0", b"-1", b"9" * 400, b"bytes=0-", b"bytes=9-1", b"a b c", b"\xff\xfe",
              "ế".encode(), b"1.0.0", b"sha256 x", b"receiver cA==,sha256 cA==", b"%s%n", b"{}",
              desk.nonce.encode(), b"a", b"application/offset+octet-stream", b"1"]  # fmt: skip
    answers: dict[int, int] = {}
    for _ in range(400):
        method = rng.choice(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
        lines = [f"{method} {rng.choice(PATHS)} HTTP/1.1".encode(), b"Host: x"]
        lines += [
            name.encode() + b": " + rng.choice(values)
            for name in rng.sample(NAMES, rng.randrange(6))
        ]
        body = rng.choice([b"", b"{}", os.urandom(40), b"login=a&password=b&token=c", b"[" * 2000])
        lines.append(b"Connection: close")
        if rng.random() < 0.7:
            lines.append(f"Content-Length: {len(body)}".encode())
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            line.shutdown(socket.SHUT_WR)
            head = line.makefile("rb").readline()
        if head:
            status = int(head.split()[1])
            answers[status] = answers.get(status, 0) + 1
    assert not [status for status in answers if status >= 500], answers
    assert len(answers) >= 5
    # Signed and wrong: past the door, as a desk that went mad would be.
    for _ in range(200):
        method, path = rng.choice(
            [("POST", "/v1/uploads"), ("PATCH", "/v1/uploads/" + rng.choice(["0" * 32, "x", "é"])),
             ("GET", "/v1/bundles/" + "0" * 32), ("PUT", "/v1/revocations"), ("GET", "/v1/inbox?x=1"),
             ("HEAD", "/v1/uploads/" + "0" * 32), ("DELETE", "/v1/bundles/" + "0" * 32)]
        )  # fmt: skip
        covered = {n: rng.choice(["0", "9" * 15, "x", "bytes=1-", "receiver cA==,sha256 eA=="])
                   for n in rng.sample(wire.COVERED, rng.randrange(4))}  # fmt: skip
        call = dataclasses.replace(
            desk.call(method, path, rng.choice([b"", b"{}", os.urandom(30)])), headers=covered
        )
        call = dataclasses.replace(call, target=httpx.URL(path).raw_path.decode())
        response = desk.send(
            call, tus_resumable=rng.choice(["1.0.0", "0"]), content_type=wire.CHUNK_TYPE
        )
        assert response.status_code < 500, (method, path, covered)
    assert hub.round(land.a).taken == ()
