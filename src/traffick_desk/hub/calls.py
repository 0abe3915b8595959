"""What every answer of the hub is made from: its parts, and the request as it is signed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from traffick_desk.hub.access import Access, Caller
from traffick_desk.hub.bodies import NUMBER, UnderWay, body_of
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.limits import Limits, Rate
from traffick_desk.hub.logs import short
from traffick_desk.hub.mailbox import Mailbox
from traffick_desk.hub.metrics import Metrics
from traffick_desk.hub.viewers import Viewers
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.wire import DEVICE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from traffick_desk.hub.database import Database


@dataclass
class Hub:
    """All parts of one process."""

    database: Database
    access: Access
    mailbox: Mailbox
    viewers: Viewers
    limits: Limits

    def __post_init__(self) -> None:
        self.metrics = Metrics(self.mailbox)
        self.of_desk = Rate(self.limits.requests)
        self.of_strangers = Rate(self.limits.strangers)
        self.of_logins = Rate(self.limits.logins)
        self.under_way = UnderWay()


Answer = Callable[[Hub, Request, "Signed"], Awaitable[Response]]
T = TypeVar("T")


@dataclass
class Signed:
    """A signed request, good for one transaction."""

    hub: Hub
    call: wire.Call
    signature: str
    request: Request

    async def once(self, act: Callable[[Connection, Caller], T], *, durable: bool = False) -> T:
        """Use it up and do *act* for who made it; see :meth:`Access.once`."""
        access = self.hub.access
        found = await run_in_threadpool(
            access.once, self.call, self.signature, act, durable=durable
        )
        # It proved itself, whatever comes next.
        self.request.state.desk = short(self.call.device)
        return found


async def signed_of(hub: Hub, request: Request, most: int) -> Signed:
    """A request whose signature is still to be checked, with a body of at most *most* bytes.

    Raises:
        Refused: 400, 401, 413 or 429.
    """
    call, signature = await call_of(request, most)
    hub.of_desk.take(call.device)
    return Signed(hub, call, signature, request)


async def call_of(request: Request, most: int) -> tuple[wire.Call, str]:
    """The request as its signature must cover it, and the signature.

    Raises:
        Refused: 400, 401 or 413.
    """
    call, signature = head_of(request)
    return replace(call, body=await body_of(request, most)), signature


def head_of(request: Request, *more: str) -> tuple[wire.Call, str]:
    """As :func:`call_of`, before the body is read; *more* headers are covered as well.

    Raises:
        Refused: 401.
    """
    head = request.headers
    device, count = head.get(wire.DESK, ""), head.get(wire.COUNT, "")
    if DEVICE.fullmatch(device) is None or NUMBER.fullmatch(count) is None:
        raise Refused(401, "unsigned")
    raw = request.scope.get("raw_path") or request.url.path.encode()
    target = raw.decode("latin-1").removeprefix(request.scope.get("root_path", ""))
    query = request.scope["query_string"].decode("latin-1")
    call = wire.Call(
        method=request.method,
        host=head.get("host", ""),
        target=f"{target}?{query}" if query else target,
        device=device,
        nonce=head.get(wire.NONCE, ""),
        count=int(count),
        headers={name: head[name] for name in (*wire.COVERED, *more) if name in head},
        body=b"",
    )
    return call, head.get(wire.SIGNATURE, "")


def stranger(request: Request) -> str:
    """Where a request comes from, for counting those of who has not proven to be a desk."""
    return request.client.host if request.client else ""


def id_of(request: Request) -> str:
    """The bundle or upload that a request names.

    Raises:
        Refused: 404, it is none.
    """
    name = str(request.path_params["id"])
    if wire.BUNDLE_ID.fullmatch(name) is None:
        raise Refused(404, "bundle")
    return name
