"""Real hubs for the tests: in a thread, or as a process of their own that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn

from sync.desks import AT, Country, Desk
from traffick_desk.hub import setup
from traffick_desk.hub.calls import Hub
from traffick_desk.hub.errors import AlreadyMade
from traffick_desk.hub.web import application
from traffick_desk.sync import enrolment, hub_state
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.hub_client import HubClient
from traffick_desk.sync.hub_exchange import HubReport, HubRound

ROOT = Path(__file__).resolve().parent.parent.parent


def certificate(desk: Desk) -> bytes:
    ((found,),) = desk.ask("SELECT certificate FROM device WHERE device = ?", desk.device)
    return bytes(found)


def make(place: setup.Place, land: Country, bytes_in: str = setup.IN_FOLDER) -> None:
    with land.province.store.read() as cursor:
        root = setup.province_of(enrolment.root_file(cursor, land.province.device))
    with contextlib.suppress(AlreadyMade):
        setup.make(place, root, bytes_in)


@dataclass
class Running:
    address: str
    hub: Hub
    pauses: list[float] = field(default_factory=list)
    hands: list[httpx.Client] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.address.split("//")[1]

    def client(self, desk: Desk, **options: object) -> HubClient:
        options.setdefault("pause", self.pauses.append)
        return HubClient(self.address, desk.keys, certificate(desk), **options)

    def round(self, desk: Desk, *, address: str = "", again: bool = False) -> HubReport:
        return exchange(desk, address or self.address, pause=self.pauses.append, again=again)

    def by_hand(self, desk: Desk) -> ByHand:
        made = ByHand(self.address, desk)
        self.hands.append(made.http)
        return made

    def close(self) -> None:
        for http in self.hands:
            http.close()


def exchange(desk: Desk, address: str, *, again: bool = False, **options: object) -> HubReport:
    with desk.store.work() as work:
        hub_state.set_address(work.cursor, address)
    client = HubClient(address, desk.keys, certificate(desk), **options)
    try:
        return HubRound(
            desk.store, desk.path.with_suffix(".hub"), client, now=lambda: AT, officer="o",
            again=again,
        ).run()  # fmt: skip
    finally:
        client.close()


class ByHand:
    """Signed requests put together one by one, so that a test can make them wrong."""

    def __init__(self, address: str, desk: Desk) -> None:
        self.desk, self.address = desk, address
        self.keys = desk.keys
        self.http = httpx.Client(base_url=address, timeout=60)
        self.renew()

    def renew(self) -> None:
        self.nonce = self.http.get("/v1/challenge").json()["nonce"]
        self.count = 0

    def call(self, method: str, target: str, body: bytes = b"", **headers: str) -> wire.Call:
        self.count += 1
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        host = self.address.split("//")[1]
        return wire.Call(
            method, host, target, self.desk.device, self.nonce, self.count, named, body
        )

    def send(self, call: wire.Call, signature: str = "", **other: str) -> httpx.Response:
        return self.http.request(
            call.method, call.target, content=call.body,
            headers={
                **call.headers,
                wire.DESK: call.device, wire.NONCE: call.nonce, wire.COUNT: str(call.count),
                wire.SIGNATURE: signature or call.sign(self.keys.signing),
                **{name.replace("_", "-"): value for name, value in other.items()},
            },
        )  # fmt: skip

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> httpx.Response:
        return self.send(self.call(method, target, body, **headers))

    def known(self) -> ByHand:
        assert self.ask("PUT", "/v1/desk", certificate(self.desk)).status_code == 204
        return self


@contextmanager
def serving(hub: Hub, door: socket.socket | None = None) -> Iterator[str]:
    """Serve in a thread, at *door* if it is given; the address."""
    config = uvicorn.Config(
        application(hub),
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        # Whoever was cut off on a bad line is not waited for.
        timeout_graceful_shutdown=2,
    )
    sockets = [door or config.bind_socket()]
    server = uvicorn.Server(config)
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: object = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started
    thread = threading.Thread(target=server.run, args=(sockets,))
    thread.start()
    assert ready.wait(60)
    try:
        yield "http://{}:{}".format(*sockets[0].getsockname())
    finally:
        server.should_exit = True
        thread.join(60)
        sockets[0].close()
        assert not thread.is_alive()


@contextmanager
def running(
    place: setup.Place, land: Country, bytes_in: str = setup.IN_FOLDER
) -> Iterator[Running]:
    make(place, land, bytes_in)
    with setup.opened(place) as hub, serving(hub) as address:
        one = Running(address, hub)
        try:
            yield one
        finally:
            one.close()


class Process:
    """``traffick-desk hub run`` as a process."""

    def __init__(self, place: setup.Place, port: int = 0, *more: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        if place.database:
            environment[setup.DATABASE] = place.database
        self.process = subprocess.Popen(
            [sys.executable, "-m", "traffick_desk", "hub", "run", "--data", str(place.data),
             "--listen", f"127.0.0.1:{port}", *more],
            stderr=subprocess.PIPE, env=environment, text=True,
        )  # fmt: skip
        self.lines: list[dict[str, object]] = []
        assert self.process.stderr is not None
        self.address = ""
        for line in self.process.stderr:
            self.lines.append(json.loads(line))
            event = str(self.lines[-1].get("event", ""))
            if event.startswith("listening on "):
                self.address = "http://" + event.removeprefix("listening on ")
                break
        assert self.address, self.lines
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(json.loads(line))

    def kill(self) -> None:
        self.end(lambda: self.process.send_signal(signal.SIGKILL))

    def stop(self) -> None:
        self.end(self.process.terminate)

    def end(self, how: Callable[[], None]) -> None:
        if self.process.poll() is None:
            how()
        self.process.wait(60)
        self._reader.join(20)
        assert self.process.stderr is not None
        self.process.stderr.close()
