"""All communes of the country upload a bundle and fetch one, once, at one hub."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx

from benchmarks.hub import _bare
from benchmarks.measure import ROOT, NotThere, Row, Settings

sys.path.insert(0, str(ROOT / "tests"))

COMMUNES = 3_321
SIZE = 64 * 1024
PROCESSES, THREADS = 2, 3


def run(settings: Settings) -> list[Row]:
    """Each commune asks for a nonce, hands in 64 KiB, looks what waits, fetches it and says so."""
    from hub.postgres import binaries, cluster
    from traffick_desk.hub import setup

    number = 300 if settings.quick else COMMUNES
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _through_hub(setup.Place(folder / "hub"), setup.IN_FOLDER, number)
        with _bare(folder / "bare") as address:
            bare = _rate(_bare_commune, [(address, n) for n in range(number)], number)
        peer = "bare uvicorn, PUT and GET, fsync and rename"
        rows.append(_row("SQLite", number, ours, bare, peer))
        if binaries() is None:
            raise NotThere("PostgreSQL (apt-get install postgresql)")
        with cluster() as url:
            ours = _through_hub(setup.Place(folder / "pg", url), setup.IN_DATABASE, number)
            plain = url.replace("postgresql+psycopg", "postgresql")
            _table(plain)
            bare = _rate(_copy_commune, [(plain, n) for n in range(number)], number)
        rows.append(
            _row("PostgreSQL, bytes within", number, ours, bare, "bare COPY in and SELECT out")
        )
    return rows


def _row(what: str, number: int, ours: float, bare: float, peer: str) -> Row:
    return Row(
        f"hub, {number} communes upload and fetch 64 KiB ({what})", "bundles/s", ours, bare, peer,
        better="higher", detail={"communes": number, "seconds": 2 * number / ours},
    )  # fmt: skip


def _rate(work: Callable[..., None], given: list[Any], number: int) -> float:
    """Bundles a second, two a commune, by all processes and threads at once."""
    context = get_context("spawn")
    shares = [given[n::PROCESSES] for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        # Started and everything read before the clock is.
        list(pool.map(_nothing, range(PROCESSES)))
        begun = time.perf_counter()
        list(pool.map(partial(_all, work), shares))
        return 2 * number / (time.perf_counter() - begun)


def _nothing(_number: int) -> None:
    time.sleep(0.2)


def _all(work: Callable[..., None], share: list[Any]) -> None:
    failed: list[BaseException] = []

    def some(items: Iterable[Any]) -> None:
        try:
            with _line() as line:
                for item in items:
                    work(line, *item)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    threads = [threading.Thread(target=some, args=(share[n::THREADS],)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


class _Line:
    """What a thread keeps open."""

    def __init__(self) -> None:
        self.http = httpx.Client(timeout=60)
        self.database: Any = None


@contextmanager
def _line():
    line = _Line()
    try:
        yield line
    finally:
        line.http.close()
        if line.database is not None:
            line.database.close()


# -- the hub ---------------------------------------------------------------------------------


def _through_hub(place: Any, bytes_in: str, number: int) -> float:
    from hub.hubs import Process, certificate, make
    from sync.desks import UNIT_A, Country
    from traffick_desk.hub import setup, trusted
    from traffick_desk.hub.access import Caller
    from traffick_desk.hub.limits import Limits
    from traffick_desk.sync.certificate import Certificate
    from traffick_desk.vault.signing import SigningKey

    with tempfile.TemporaryDirectory() as name:
        land = Country(Path(name))
        try:
            make(place, land, bytes_in)
            known = Certificate.decode(certificate(land.a)).desk
            keys = [SigningKey.generate() for _ in range(number)]
            with setup.opened(replace(place, limits=Limits(reserve=0))) as hub:
                with hub.database.write() as connection:
                    for n, key in enumerate(keys):
                        desk = replace(
                            known, device=f"{n:016x}", unit=UNIT_A, verify_key=key.verify_key.raw
                        )
                        made = Certificate.sign(
                            desk, n + 10, "2026-03-02T09:00+07:00", "p", (),
                            land.province.keys.signing,
                        )  # fmt: skip
                        trusted.learn(connection, made)
                province = Caller("p", "p", "province")
                for n in range(number):
                    data = os.urandom(SIZE)
                    sha256 = hashlib.sha256(data).hexdigest()
                    with hub.database.write(durable=False) as connection:
                        hub.mailbox.begin(connection, province, f"{n:016x}", SIZE, sha256, data)
        finally:
            land.close()
    process = Process(place, 0)
    try:
        given = [(process.address, f"{n:016x}", key.raw) for n, key in enumerate(keys)]
        return _rate(_commune, given, number)
    finally:
        process.stop()


def _commune(line: _Line, address: str, device: str, key: bytes) -> None:
    from traffick_desk.sync import hub_wire as wire
    from traffick_desk.vault.signing import SigningKey

    signing = SigningKey(key)
    http = line.http
    # Each has an address of its own, as the proxy before a hub tells: strangers are counted by it.
    number = int(device, 16)
    own = {"x-forwarded-for": f"10.1.{number >> 8}.{number & 255}"}
    nonce = http.get(f"{address}/v1/challenge", headers=own).raise_for_status().json()["nonce"]
    count = 0

    def ask(method: str, target: str, body: bytes = b"", **headers: str) -> httpx.Response:
        nonlocal count
        count += 1
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        host = address.removeprefix("http://")
        call = wire.Call(method, host, target, device, nonce, count, named, body)
        reply = http.request(
            method, address + target, content=body,
            headers={
                **named, "tus-resumable": wire.TUS, "content-type": wire.CHUNK_TYPE,
                wire.DESK: device, wire.NONCE: nonce, wire.COUNT: str(count),
                wire.SIGNATURE: call.sign(signing),
            },
        )  # fmt: skip
        return reply.raise_for_status()

    data = os.urandom(SIZE)
    sha256 = hashlib.sha256(data).hexdigest()
    about = wire.metadata({"receiver": "p", "sha256": sha256})
    sent = ask("POST", "/v1/uploads", data, upload_length=str(SIZE), upload_metadata=about)
    assert sent.headers["upload-offset"] == str(SIZE)
    (item,) = json.loads(ask("GET", "/v1/inbox").content)["waiting"]
    target = f"/v1/bundles/{item['id']}"
    assert hashlib.sha256(ask("GET", target).content).hexdigest() == item["sha256"]
    ask("DELETE", target)


# -- the peers -------------------------------------------------------------------------------


def _bare_commune(line: _Line, address: str, _number: int) -> None:
    name = line.http.put(address, content=os.urandom(SIZE)).raise_for_status().text
    got = line.http.get(f"{address}/{name}").raise_for_status().content
    assert len(got) == SIZE


def _table(plain: str) -> None:
    import psycopg

    with psycopg.connect(plain, autocommit=True) as first:
        first.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, name text UNIQUE, data bytea)")


def _copy_commune(line: _Line, plain: str, number: int) -> None:
    import psycopg

    if line.database is None:
        line.database = psycopg.connect(plain, autocommit=True)
    with (
        line.database.transaction(),
        line.database.cursor() as cursor,
        cursor.copy("COPY bare (name, data) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write_row((str(number), os.urandom(SIZE)))
    found = line.database.execute(
        "SELECT data FROM bare WHERE name = %s", (str(number),), binary=True
    ).fetchone()
    assert len(found[0]) == SIZE
