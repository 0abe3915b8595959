"""How desks come to be known, and whom their province shut out or follows."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from traffick_desk.hub import trusted
from traffick_desk.hub.calls import Hub, Signed, call_of, stranger
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.logs import log, short
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.wire import DEVICE


async def challenge(hub: Hub, request: Request) -> Response:
    """A nonce, and what this hub takes."""
    hub.of_strangers.take(stranger(request))
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


async def register(hub: Hub, request: Request) -> Response:
    """A desk shows its certificate."""
    hub.of_strangers.take(stranger(request))
    call, signature = await call_of(request, wire.MAX_CHUNK)
    caller = await run_in_threadpool(hub.access.register, call, signature)
    request.state.desk = short(caller.device)
    return Response(status_code=204)


async def take_letters(hub: Hub, request: Request) -> Response:
    """A desk shows by which letters it took the place of others."""
    hub.of_strangers.take(stranger(request))
    call, signature = await call_of(request, wire.MAX_LETTERS)
    new = await run_in_threadpool(hub.access.take_letters, call, signature)
    request.state.desk = short(call.device)
    if new:
        log.warning("", extra={"event": "province-followed", "number": new})
    return JSONResponse({"new": new})


async def give_letters(hub: Hub, request: Request) -> Response:
    """Letters are public, and a desk that the hub refuses must be able to read them."""
    hub.of_strangers.take(stranger(request))
    device = str(request.path_params["id"])
    if DEVICE.fullmatch(device) is None:
        raise Refused(404, "letters")
    found = await run_in_threadpool(hub.access.letters_from, device)
    if not found:
        raise Refused(404, "letters")
    return Response(wire.encode_letters(found), media_type="application/json")


async def introduce(_hub: Hub, _request: Request, signed: Signed) -> Response:
    """A province makes a desk known that it certified and that has not called yet."""
    await signed.once(
        lambda connection, caller: trusted.introduce(connection, caller, signed.call.body),
        durable=True,
    )
    return Response(status_code=204)


async def revocations(_hub: Hub, _request: Request, signed: Signed) -> Response:
    """A province shuts out desks of its own."""
    new = await signed.once(
        lambda connection, caller: trusted.take_revocations(connection, caller, signed.call.body),
        durable=True,
    )
    if new:
        log.warning("", extra={"event": "desks-shut-out", "number": new})
    return JSONResponse({"new": new})
