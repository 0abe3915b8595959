"""Bodies of requests, never larger and never slower than allowed."""

from __future__ import annotations

import asyncio
import re

from starlette.requests import Request

from traffick_desk.hub.errors import Refused

NUMBER = re.compile(r"\d{1,15}", re.ASCII)
# A line that brings not even one piece in this time is cut, so that none is held for ever.
_BODY_SECONDS = 300


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request, never more than *most* bytes of it.

    Raises:
        Refused: 400 or 413.
    """
    announced = request.headers.get("content-length", "0")
    if NUMBER.fullmatch(announced) is None:
        raise Refused(400, "length")
    if int(announced) > most:
        raise Refused(413, "size")
    parts = []
    total = 0
    async with asyncio.timeout(_BODY_SECONDS):
        async for part in request.stream():
            total += len(part)
            if total > most:
                raise Refused(413, "size")
            parts.append(part)
    return b"".join(parts)
