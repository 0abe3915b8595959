"""Uploads a second of the hub, against bare uvicorn that writes the same bytes and against COPY."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.measure import ROOT, NotThere, Row, Settings, median

sys.path.insert(0, str(ROOT / "tests"))

SIZE = 64 * 1024
CLIENTS = 4
_BARE = """
import os, sys, uuid, uvicorn
folder = sys.argv[1]
def keep(body):
    short = uuid.uuid4().hex
    name = os.path.join(folder, short)
    with open(name + ".tmp", "wb") as stream:
        stream.write(body); stream.flush(); os.fsync(stream.fileno())
    os.rename(name + ".tmp", name)
    place = os.open(folder, os.O_RDONLY); os.fsync(place); os.close(place)
    return short.encode()
def give(name):
    with open(os.path.join(folder, name), "rb") as stream:
        return stream.read()
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b"")); more = message.get("more_body", False)
    import asyncio
    if scope["method"] == "PUT":
        body = await asyncio.to_thread(keep, b"".join(parts))
    else:
        body = await asyncio.to_thread(give, scope["path"].strip("/"))
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})
config = uvicorn.Config(app, port=0, access_log=False, log_level="error", lifespan="off")
sock = config.bind_socket(); sock.listen(100)
print(sock.getsockname()[1], flush=True)
uvicorn.Server(config).run([sock])
"""


def run(settings: Settings) -> list[Row]:
    """One bundle of 64 KiB after the other, from four desks at once."""
    from hub.postgres import binaries, cluster
    from sync.desks import Country
    from traffick_desk.hub import setup

    number = 20 if settings.quick else 100
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        land = Country(folder)
        try:
            place = setup.Place(folder / "hub")
            ours, bare = [], []
            with _hub(place, land, setup.IN_FOLDER) as address, _bare(folder / "bare") as peer:
                for _turn in range(3):
                    ours.append(_rate(_desks(address, land), number))
                    bare.append(_rate(_writers(peer), number))
            rows.append(
                _row("SQLite and files", ours, bare, "bare uvicorn, one request, fsync and rename")
            )
            if binaries() is None:
                raise NotThere("PostgreSQL (apt-get install postgresql)")
            with cluster() as url:
                place = setup.Place(folder / "pg", url)
                ours, bare = [], []
                with _hub(place, land, setup.IN_DATABASE) as address:
                    for _turn in range(3):
                        ours.append(_rate(_desks(address, land), number))
                        bare.append(_rate(_copiers(url), number))
            rows.append(
                _row("PostgreSQL, bytes within", ours, bare, "bare COPY, one transaction each")
            )
        finally:
            land.close()
    return rows


def _row(what: str, ours: list[float], bare: list[float], peer: str) -> Row:
    return Row(
        f"hub, uploads of 64 KiB from {CLIENTS} desks ({what})", "/s", median(ours), median(bare),
        peer, better="higher", detail={"ours": ours, "peer": bare},
    )  # fmt: skip


@contextmanager
def _hub(place, land, bytes_in):
    from hub.hubs import Process, make

    make(place, land, bytes_in)
    # Meant for one desk; here four threads are one.
    process = Process(place, 0, "--requests", "10000000", "--most", "100000")
    try:
        yield process.address
    finally:
        process.stop()


@contextmanager
def _bare(folder: Path):
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", _BARE, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(20)


def _rate(makers: list[Callable[[], Callable[[bytes], None]]], number: int) -> float:
    """Uploads a second, *number* by each of the makers' clients at once."""
    begin = threading.Barrier(len(makers) + 1)
    failed: list[Exception] = []

    def work(make: Callable[[], Callable[[bytes], None]]) -> None:
        try:
            put = make()
            put(os.urandom(SIZE))
            begin.wait()
            for _ in range(number):
                put(os.urandom(SIZE))
        except Exception as error:  # noqa: BLE001 - raised again by who waits
            failed.append(error)
            begin.abort()

    threads = [threading.Thread(target=work, args=(make,)) for make in makers]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return number * len(makers) / (time.perf_counter() - start)


def _desks(address: str, land) -> list[Callable[[], Callable[[bytes], None]]]:
    from hub.hubs import certificate
    from traffick_desk.sync.hub_client import HubClient

    keys, proof = land.a.keys, certificate(land.a)

    def make() -> Callable[[bytes], None]:
        client = HubClient(address, keys, proof)
        return lambda data: client.put(data, "p")

    _empty(address, land)
    return [make] * CLIENTS


def _empty(address: str, land) -> None:
    from hub.hubs import certificate
    from traffick_desk.sync.hub_client import HubClient

    client = HubClient(address, land.province.keys, certificate(land.province))
    while waiting := client.waiting():
        for item in waiting:
            client.done(item.id)
    client.close()


def _writers(address: str) -> list[Callable[[], Callable[[bytes], None]]]:
    def make() -> Callable[[bytes], None]:
        client = httpx.Client(base_url=address)
        return lambda data: client.put("/", content=data).raise_for_status() and None

    return [make] * CLIENTS


def _copiers(url: str) -> list[Callable[[], Callable[[bytes], None]]]:
    import psycopg

    plain = url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as first:
        first.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, data bytea)")

    def make() -> Callable[[bytes], None]:
        connection = psycopg.connect(plain)

        def put(data: bytes) -> None:
            with (
                connection.transaction(),
                connection.cursor() as cursor,
                cursor.copy("COPY bare (data) FROM STDIN (FORMAT BINARY)") as copy,
            ):
                copy.write_row((data,))

        return put

    return [make] * CLIENTS
