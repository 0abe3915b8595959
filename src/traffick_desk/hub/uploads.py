"""Bundles that desks bring: tus 1.0, each piece signed and checked."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from traffick_desk.hub.bodies import NUMBER, announced
from traffick_desk.hub.calls import Hub, Signed, head_of, id_of, signed_of
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.mailbox import Added, Upload
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.wire import DEVICE, WireInvalid

_TUS = {"Tus-Resumable": wire.TUS}


async def options(hub: Hub, _request: Request) -> Response:
    """What a client of tus may ask for."""
    return Response(
        status_code=204,
        headers={
            **_TUS,
            "Tus-Version": wire.TUS,
            "Tus-Extension": wire.TUS_EXTENSIONS,
            "Tus-Max-Size": str(hub.limits.bundle),
            "Tus-Checksum-Algorithm": "sha256",
        },
    )


def _is_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != wire.TUS:
        raise Refused(412, "tus-version", {"Tus-Version": wire.TUS})


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if NUMBER.fullmatch(text) is None:
        raise Refused(400, name)
    return int(text)


def _progress(upload: Upload) -> dict[str, str]:
    return {**_TUS, "Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}


async def create(hub: Hub, request: Request, signed: Signed) -> Response:
    """Begin an upload, or say how far it is; a small bundle comes along."""
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
    upload = await _ended(hub, signed, upload)
    place = f"{request.scope.get('root_path', '')}/v1/uploads/{upload.id}"
    return Response(status_code=201, headers={**_progress(upload), "Location": place})


async def head(hub: Hub, request: Request, signed: Signed) -> Response:
    """How far an upload is."""
    _is_tus(request)
    name = id_of(request)
    upload = await signed.once(lambda connection, who: hub.mailbox.state(connection, who, name))
    upload = await _ended(hub, signed, upload)
    return Response(headers=_progress(upload))


async def _ended(hub: Hub, signed: Signed, upload: Upload) -> Upload:
    """How far an upload is once no piece of it hangs on a line that is gone."""
    if not await hub.under_way.end(upload.id):
        return upload
    return await run_in_threadpool(hub.mailbox.look, signed.call.device, upload.id)


def _is_piece(request: Request) -> None:
    if request.headers.get("content-type") != wire.CHUNK_TYPE:
        raise Refused(415, "content-type")


async def piece(hub: Hub, request: Request) -> Response:
    """The next piece of an upload; one that is signed slice by slice counts as far as it came."""
    _is_tus(request)
    _is_piece(request)
    if wire.SLICES not in request.headers:
        signed = await signed_of(hub, request, wire.MAX_CHUNK)
        _check_sum(request, signed.call.body)
        return await _add(hub, request, signed)
    call, signature = head_of(request, wire.SLICES)
    hub.of_desk.take(call.device)
    return await _slices(hub, request, Signed(hub, call, signature, request))


async def _slices(hub: Hub, request: Request, signed: Signed) -> Response:
    """As :func:`piece`, slice by slice."""
    name, offset = id_of(request), _number(request, "upload-offset")
    size = announced(request, wire.SLICE * wire.MOST_SLICES)
    # It is read from the first byte on: what nobody has read when the line is cut is lost.
    async with hub.under_way.reading(request, name, size) as reading:
        # The signature does not wait for the body, nor does the count: the desk that comes back
        # on another line has a higher one by then.
        caller = await signed.once(lambda _connection, caller: caller)
        came = await reading.came()
        try:
            good = wire.whole_slices(signed.call.headers[wire.SLICES], came, size)
        except WireInvalid as error:
            raise Refused(400, "slices") from error
        cut = len(came) < size
        if not good:
            raise Refused(*((408, "line") if cut else (460, "checksum")))
        upload = await run_in_threadpool(hub.mailbox.put, caller, name, offset, good)
    hub.metrics.received.inc(len(good))
    if cut:
        # Nobody hears it, but log and figures tell that the line was cut.
        raise Refused(408, "line")
    return _added(upload)


def _check_sum(request: Request, body: bytes) -> None:
    given = request.headers.get("upload-checksum")
    if given is None:
        return
    algorithm, _blank, value = given.partition(" ")
    if algorithm != "sha256":
        raise Refused(400, "checksum-algorithm")
    if wire.read_checksum(value) != hashlib.sha256(body).digest():
        raise Refused(460, "checksum")


async def _add(hub: Hub, request: Request, signed: Signed) -> Response:
    name, offset, body = id_of(request), _number(request, "upload-offset"), signed.call.body

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
    return _added(upload)


def _added(upload: Upload) -> Response:
    headers = {**_progress(upload), "Cache-Control": "no-store"}
    return Response(status_code=204, headers=headers)


async def remove(hub: Hub, request: Request, signed: Signed) -> Response:
    """A bundle was taken in, or is taken back by who sent it."""
    name = id_of(request)
    await signed.once(
        lambda connection, caller: hub.mailbox.remove(connection, caller, name), durable=True
    )
    await run_in_threadpool(hub.mailbox.drop, name)
    return Response(status_code=204, headers=_TUS)


async def sent(hub: Hub, request: Request, signed: Signed) -> Response:
    """What the desk that asks has sent and still lies here."""
    after = request.query_params.get("after", "")
    if after and wire.BUNDLE_ID.fullmatch(after) is None:
        raise Refused(400, "after")
    found = await signed.once(
        lambda connection, caller: hub.mailbox.sent(connection, caller, after)
    )
    return JSONResponse({"sent": found})
