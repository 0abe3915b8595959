"""The hub over HTTP (``docs/hub.md``): its paths; every outcome is answered and counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from traffick_desk.hub import desks, downloads, status, uploads
from traffick_desk.hub.calls import Answer, Hub, signed_of
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.logs import log
from traffick_desk.sync import hub_wire as wire

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_TIDY_SECONDS = 3600


def application(hub: Hub) -> Starlette:
    """The ASGI application."""
    routes = [
        _route(hub, "/v1/challenge", desks.challenge, ["GET"]),
        _route(hub, "/v1/uploads", uploads.options, ["OPTIONS"]),
        _route(hub, "/v1/desk", desks.register, ["PUT"]),
        _route(hub, "/v1/letters", desks.take_letters, ["PUT"]),
        _route(hub, "/v1/letters/{id}", desks.give_letters, ["GET"]),
        _signed(hub, "/v1/desks", desks.introduce, ["PUT"], wire.MAX_CHUNK),
        _signed(hub, "/v1/revocations", desks.revocations, ["PUT"], wire.MAX_REVOCATION),
        _signed(hub, "/v1/uploads", uploads.create, ["POST"], wire.MAX_WHOLE),
        _signed(hub, "/v1/uploads/{id}", uploads.head, ["HEAD"]),
        _route(hub, "/v1/uploads/{id}", uploads.piece, ["PATCH"]),
        _signed(hub, "/v1/uploads/{id}", uploads.remove, ["DELETE"]),
        _signed(hub, "/v1/sent", uploads.sent, ["GET"]),
        _signed(hub, "/v1/inbox", downloads.inbox, ["GET"]),
        _signed(hub, "/v1/bundles/{id}", downloads.download, ["GET"]),
        _signed(hub, "/v1/bundles/{id}", uploads.remove, ["DELETE"]),
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
        response = await act(hub, request, await signed_of(hub, request, most))
        response.headers["Cache-Control"] = "no-store"
        return response

    return _route(hub, path, proven, methods)


async def _health(hub: Hub, _request: Request) -> Response:
    up = await run_in_threadpool(hub.database.is_up)
    return JSONResponse({"status": "ok" if up else "tables"}, 200 if up else 503)


async def _metrics(hub: Hub, _request: Request) -> Response:
    text = await run_in_threadpool(hub.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
