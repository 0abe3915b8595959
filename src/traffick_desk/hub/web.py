"""The hub over HTTP (``docs/hub.md``): signed requests, tus 1.0 uploads, downloads by range."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from traffick_desk.hub import status
from traffick_desk.hub.access import Access, Caller
from traffick_desk.hub.bodies import NUMBER, body_of
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.limits import Limits, Rate
from traffick_desk.hub.logs import log, short
from traffick_desk.hub.mailbox import Added, Mailbox, Upload
from traffick_desk.hub.metrics import Metrics
from traffick_desk.hub.viewers import Viewers
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.wire import DEVICE, WireInvalid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Connection

    from traffick_desk.hub.database import Database

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
_TIDY_SECONDS = 3600
_BYTES = "application/octet-stream"
_TUS = {"Tus-Resumable": wire.TUS}


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


def application(hub: Hub) -> Starlette:
    """The ASGI application."""
    routes = [
        _route(hub, "/v1/challenge", _challenge, ["GET"]),
        _route(hub, "/v1/uploads", _options, ["OPTIONS"]),
        _route(hub, "/v1/desk", _register, ["PUT"]),
        _route(hub, "/v1/letters", _take_letters, ["PUT"]),
        _route(hub, "/v1/letters/{id}", _give_letters, ["GET"]),
        _signed(hub, "/v1/desks", _introduce, ["PUT"], wire.MAX_CHUNK),
        _signed(hub, "/v1/revocations", _revocations, ["PUT"], wire.MAX_REVOCATION),
        _signed(hub, "/v1/uploads", _create, ["POST"], wire.MAX_WHOLE),
        _signed(hub, "/v1/uploads/{id}", _head, ["HEAD"]),
        _signed(hub, "/v1/uploads/{id}", _patch, ["PATCH"], wire.MAX_CHUNK),
        _signed(hub, "/v1/uploads/{id}", _remove, ["DELETE"]),
        _signed(hub, "/v1/sent", _sent, ["GET"]),
        _signed(hub, "/v1/inbox", _inbox, ["GET"]),
        _signed(hub, "/v1/bundles/{id}", _download, ["GET"]),
        _signed(hub, "/v1/bundles/{id}", _remove, ["DELETE"]),
        _route(hub, "/healthz", _health, ["GET"]),
        _route(hub, "/metrics", _metrics, ["GET"]),
        *(_route(hub, path, partial(act), methods) for path, methods, act in status.ROUTES),
    ]

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        tidying = asyncio.create_task(_tidy(hub))
        try:
            yield
        finally:
            tidying.cancel()

    return Starlette(
        routes=routes,
        lifespan=life,
        exception_handlers={HTTPException: _not_found},
    )


async def _tidy(hub: Hub) -> None:
    while True:
        for part in (hub.access, hub.mailbox, hub.viewers):
            try:
                await run_in_threadpool(part.tidy)
            except (SQLAlchemyError, OSError):
                log.warning("", extra={"event": "tidy-failed"}, exc_info=True)
        await asyncio.sleep(_TIDY_SECONDS)


async def _not_found(_request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 404
    return JSONResponse({"code": "no-such-path"}, code)


def _route(
    hub: Hub, path: str, act: Callable[[Hub, Request], Awaitable[Response]], methods: list[str]
) -> Route:
    """A route whose every outcome is an answer, a line in the log and a figure."""

    async def endpoint(request: Request) -> Response:
        begun = perf_counter()
        code = ""
        try:
            response = await act(hub, request)
        except Refused as refused:
            code = refused.code
            response = JSONResponse({"code": code}, refused.status, refused.headers)
        except (TimeoutError, ClientDisconnect):
            code = "line"
            response = JSONResponse({"code": code}, 408)
        except (SQLAlchemyError, OSError):
            log.error("", extra={"event": "unavailable", "route": path}, exc_info=True)
            code = "unavailable"
            response = JSONResponse({"code": code}, 503, {"Retry-After": "30"})
        seconds = perf_counter() - begun
        hub.metrics.requests.labels(path, response.status_code).inc()
        hub.metrics.seconds.labels(path).observe(seconds)
        if code:
            hub.metrics.refused.labels(code).inc()
        log.info("", extra={
            "event": "request", "route": f"{request.method} {path}",
            "status": response.status_code, "milliseconds": round(seconds * 1000, 1),
            **({"code": code} if code else {}),
            **({"desk": request.state.desk} if hasattr(request.state, "desk") else {}),
        })  # fmt: skip
        return response

    found = Route(path, endpoint, methods=methods)
    if found.methods is not None and "HEAD" not in methods:
        # Starlette adds HEAD to GET; a signature is made for one method.
        found.methods.discard("HEAD")
    return found


def _signed(hub: Hub, path: str, act: Answer, methods: list[str], most: int = 0) -> Route:
    async def proven(hub: Hub, request: Request) -> Response:
        call, signature = await _call(request, most)
        hub.of_desk.take(call.device)
        response = await act(hub, request, Signed(hub, call, signature, request))
        response.headers["Cache-Control"] = "no-store"
        return response

    return _route(hub, path, proven, methods)


async def _call(request: Request, most: int) -> tuple[wire.Call, str]:
    """The request as its signature must cover it.

    Raises:
        Refused: 400, 401 or 413.
    """
    head = request.headers
    device, count = head.get(wire.DESK, ""), head.get(wire.COUNT, "")
    if DEVICE.fullmatch(device) is None or NUMBER.fullmatch(count) is None:
        raise Refused(401, "unsigned")
    body = await body_of(request, most)
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
        headers={name: head[name] for name in wire.COVERED if name in head},
        body=body,
    )
    return call, head.get(wire.SIGNATURE, "")


def _stranger(request: Request) -> str:
    return request.client.host if request.client else ""


# -- for anybody ---------------------------------------------------------------------------


async def _challenge(hub: Hub, request: Request) -> Response:
    hub.of_strangers.take(_stranger(request))
    return JSONResponse(
        {
            "hub": hub.access.hub_id,
            "largest_bundle": hub.limits.bundle,
            "largest_chunk": wire.MAX_CHUNK,
            "nonce": hub.access.challenge(),
            "protocol": wire.PROTOCOL,
            "tus": wire.TUS_EXTENSIONS,
        },
        headers={"Cache-Control": "no-store"},
    )


async def _options(_hub: Hub, _request: Request) -> Response:
    return Response(
        status_code=204,
        headers={
            **_TUS,
            "Tus-Version": wire.TUS,
            "Tus-Extension": wire.TUS_EXTENSIONS,
            "Tus-Max-Size": str(_hub.limits.bundle),
            "Tus-Checksum-Algorithm": "sha256",
        },
    )


async def _register(hub: Hub, request: Request) -> Response:
    hub.of_strangers.take(_stranger(request))
    call, signature = await _call(request, wire.MAX_CHUNK)
    caller = await run_in_threadpool(hub.access.register, call, signature)
    request.state.desk = short(caller.device)
    return Response(status_code=204)


async def _take_letters(hub: Hub, request: Request) -> Response:
    hub.of_strangers.take(_stranger(request))
    call, signature = await _call(request, wire.MAX_LETTERS)
    new = await run_in_threadpool(hub.access.take_letters, call, signature)
    request.state.desk = short(call.device)
    if new:
        log.warning("", extra={"event": "province-followed", "number": new})
    return JSONResponse({"new": new})


async def _give_letters(hub: Hub, request: Request) -> Response:
    """Letters are public, and a desk that the hub refuses must be able to read them."""
    hub.of_strangers.take(_stranger(request))
    device = str(request.path_params["id"])
    if DEVICE.fullmatch(device) is None:
        raise Refused(404, "letters")
    found = await run_in_threadpool(hub.access.letters_from, device)
    if not found:
        raise Refused(404, "letters")
    return Response(wire.encode_letters(found), media_type="application/json")


async def _introduce(hub: Hub, _request: Request, signed: Signed) -> Response:
    """A province makes a desk known that it certified and that has not called yet."""
    await signed.once(
        lambda connection, caller: hub.access.introduce(connection, caller, signed.call.body),
        durable=True,
    )
    return Response(status_code=204)


async def _health(hub: Hub, _request: Request) -> Response:
    up = await run_in_threadpool(hub.database.is_up)
    return JSONResponse({"status": "ok" if up else "tables"}, 200 if up else 503)


async def _metrics(hub: Hub, _request: Request) -> Response:
    text = await run_in_threadpool(hub.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


# -- uploads -------------------------------------------------------------------------------


def _is_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != wire.TUS:
        raise Refused(412, "tus-version", {"Tus-Version": wire.TUS})


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if NUMBER.fullmatch(text) is None:
        raise Refused(400, name)
    return int(text)


def _id(request: Request) -> str:
    name = str(request.path_params["id"])
    if wire.BUNDLE_ID.fullmatch(name) is None:
        raise Refused(404, "bundle")
    return name


def _progress(upload: Upload) -> dict[str, str]:
    return {**_TUS, "Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}


async def _create(hub: Hub, request: Request, signed: Signed) -> Response:
    _is_tus(request)
    size = _number(request, "upload-length")
    try:
        about = wire.read_metadata(request.headers.get("upload-metadata", ""))
    except WireInvalid as error:
        raise Refused(400, "upload-metadata") from error
    receiver, sha256 = about.get("receiver", ""), about.get("sha256", "")
    if DEVICE.fullmatch(receiver) is None or wire.SHA256.fullmatch(sha256) is None:
        raise Refused(400, "upload-metadata")
    whole = signed.call.body
    if whole:
        _is_piece(request)
    upload = await signed.once(
        lambda connection, caller: hub.mailbox.begin(
            connection, caller, receiver, size, sha256, whole
        ),
        durable=True,
    )
    hub.metrics.received.inc(len(whole))
    place = f"{request.scope.get('root_path', '')}/v1/uploads/{upload.id}"
    return Response(status_code=201, headers={**_progress(upload), "Location": place})


async def _head(hub: Hub, request: Request, signed: Signed) -> Response:
    _is_tus(request)
    name = _id(request)
    upload = await signed.once(lambda connection, who: hub.mailbox.state(connection, who, name))
    return Response(headers=_progress(upload))


def _is_piece(request: Request) -> None:
    if request.headers.get("content-type") != wire.CHUNK_TYPE:
        raise Refused(415, "content-type")


async def _patch(hub: Hub, request: Request, signed: Signed) -> Response:
    _is_tus(request)
    _is_piece(request)
    name, offset, body = _id(request), _number(request, "upload-offset"), signed.call.body
    given = request.headers.get("upload-checksum")
    if given is not None:
        algorithm, _blank, value = given.partition(" ")
        if algorithm != "sha256":
            raise Refused(400, "checksum-algorithm")
        if wire.read_checksum(value) != hashlib.sha256(body).digest():
            raise Refused(460, "checksum")

    def prepare() -> Added:
        caller = hub.access.who(signed.call, signed.signature)
        return hub.mailbox.prepare(caller, name, offset, body)

    try:
        added = await run_in_threadpool(prepare)
    except Refused:
        # It is used up all the same.
        await signed.once(lambda _connection, _caller: None)
        raise
    upload = await signed.once(
        lambda connection, _caller: hub.mailbox.add(connection, added), durable=True
    )
    hub.metrics.received.inc(len(body))
    return Response(status_code=204, headers=_progress(upload))


async def _remove(hub: Hub, request: Request, signed: Signed) -> Response:
    name = _id(request)
    await signed.once(
        lambda connection, caller: hub.mailbox.remove(connection, caller, name), durable=True
    )
    await run_in_threadpool(hub.mailbox.drop, name)
    return Response(status_code=204, headers=_TUS)


async def _sent(hub: Hub, request: Request, signed: Signed) -> Response:
    after = request.query_params.get("after", "")
    if after and wire.BUNDLE_ID.fullmatch(after) is None:
        raise Refused(400, "after")
    found = await signed.once(
        lambda connection, caller: hub.mailbox.sent(connection, caller, after)
    )
    return JSONResponse({"sent": found})


async def _revocations(hub: Hub, _request: Request, signed: Signed) -> Response:
    new = await signed.once(
        lambda connection, caller: hub.access.take_revocations(
            connection, caller, signed.call.body
        ),
        durable=True,
    )
    if new:
        log.warning("", extra={"event": "desks-shut-out", "number": new})
    return JSONResponse({"new": new})


# -- downloads -----------------------------------------------------------------------------


async def _inbox(hub: Hub, _request: Request, signed: Signed) -> Response:
    def look(connection: Connection, caller: Caller) -> dict[str, object]:
        # A desk whose certificate names another root asks for the letters.
        return {"root": caller.root, "waiting": hub.mailbox.inbox(connection, caller)}

    return JSONResponse(await signed.once(look))


def _range(text: str | None, size: int) -> tuple[int, int]:
    """From and up to which byte; one range only, as desks ask."""
    if text is None:
        return 0, size
    match = _RANGE.fullmatch(text)
    outside = {"Content-Range": f"bytes */{size}"}
    if match is None:
        raise Refused(416, "range", outside)
    start = int(match.group(1))
    end = min(size, int(match.group(2)) + 1) if match.group(2) else size
    if start >= size or end <= start:
        raise Refused(416, "range", outside)
    return start, end


async def _download(hub: Hub, request: Request, signed: Signed) -> Response:
    name = _id(request)
    size = await signed.once(lambda connection, who: hub.mailbox.size(connection, who, name))
    start, end = _range(request.headers.get("range"), size)
    parts = hub.mailbox.parts(name, start, end)
    whole = end - start == size and "range" not in request.headers
    status = 200 if whole else 206
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - start),
        **({} if whole else {"Content-Range": f"bytes {start}-{end - 1}/{size}"}),
    }
    if end - start <= wire.MAX_WHOLE:
        # Not worth more than one way to another thread and back.
        data = await run_in_threadpool(b"".join, parts)
        first = data if len(data) == end - start else b""
        parts = iter(())
    else:
        first = await run_in_threadpool(next, parts, b"")
    if not first:
        # Taken in this moment, or lost on the medium.
        raise Refused(404, "bundle")
    hub.metrics.handed.inc(end - start)
    if len(first) == end - start:
        return Response(first, status, headers, media_type=_BYTES)
    stream = iterate_in_threadpool(_chained(first, parts))
    return StreamingResponse(stream, status, headers, media_type=_BYTES)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
