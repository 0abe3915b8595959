"""Bundles that wait for a desk: what there is, and the bytes by range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from traffick_desk.hub.access import Caller
from traffick_desk.hub.calls import Hub, Signed, id_of
from traffick_desk.hub.errors import Refused
from traffick_desk.sync import hub_wire as wire

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
_BYTES = "application/octet-stream"


async def inbox(hub: Hub, _request: Request, signed: Signed) -> Response:
    """What waits for the desk that asks."""

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


async def download(hub: Hub, request: Request, signed: Signed) -> Response:
    """A bundle, or a part of it."""
    name = id_of(request)
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
