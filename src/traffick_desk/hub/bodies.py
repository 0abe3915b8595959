"""Bodies of requests, never larger and never slower than allowed; of some what came is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request

from traffick_desk.hub.errors import Refused

NUMBER = re.compile(r"\d{1,15}", re.ASCII)
# A line that brings not even one piece in this time is cut, so that none is held for ever.
_BODY_SECONDS = 300
# So long it may take to put away what came of a piece; then whoever asks is answered as it is.
_PUT_AWAY_SECONDS = 10


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request, never more than *most* bytes of it.

    Raises:
        Refused: 400 or 413.
    """
    parts: list[bytes] = []
    announced(request, most)
    async with asyncio.timeout(_BODY_SECONDS):
        await _read(request, most, parts)
    return b"".join(parts)


def announced(request: Request, most: int) -> int:
    """How long the body is said to be.

    Raises:
        Refused: 400, it is not said; 413, longer than *most*.
    """
    length = request.headers.get("content-length", "0")
    if NUMBER.fullmatch(length) is None:
        raise Refused(400, "length")
    if int(length) > most:
        raise Refused(413, "size")
    return int(length)


async def _read(request: Request, most: int, parts: list[bytes]) -> None:
    total = 0
    async for part in request.stream():
        total += len(part)
        if total > most:
            raise Refused(413, "size")
        parts.append(part)


@dataclass(eq=False)
class Piece:
    """A piece that is being read.

    Attributes:
        parts: what came of it until now.
        put_away: set once what came is on the medium, or refused.
    """

    reading: asyncio.Task[None]
    parts: list[bytes]
    put_away: asyncio.Event = field(default_factory=asyncio.Event)

    async def came(self) -> bytes:
        """All of it, or what came before the line was cut or too slow.

        Raises:
            Refused: 413.
        """
        await asyncio.wait({self.reading}, timeout=_BODY_SECONDS)
        if not self.reading.done():
            self.reading.cancel()
        elif not self.reading.cancelled():
            problem = self.reading.exception()
            if problem is not None and not isinstance(problem, ClientDisconnect):
                raise problem
        return b"".join(self.parts)


@dataclass
class UnderWay:
    """Pieces of uploads that are being read by this process, so that none is waited for in vain.

    A desk whose line was cut is often back before this side hears of it. When it asks how far its
    upload is, the piece that hangs on the old connection ends there, and what came of it counts.
    """

    _pieces: dict[str, set[Piece]] = field(default_factory=dict)

    @asynccontextmanager
    async def reading(self, request: Request, name: str, most: int) -> AsyncIterator[Piece]:
        """Read a piece of upload *name* from now on; at the end of the block it is put away."""
        parts: list[bytes] = []
        piece = Piece(asyncio.create_task(_read(request, most, parts)), parts)
        pieces = self._pieces.setdefault(name, set())
        pieces.add(piece)
        try:
            yield piece
        finally:
            piece.reading.cancel()
            piece.put_away.set()
            pieces.discard(piece)
            if not pieces and self._pieces.get(name) is pieces:
                del self._pieces[name]

    async def end(self, name: str) -> bool:
        """End the pieces of an upload that are being read; whether there were any."""
        pieces = tuple(self._pieces.get(name, ()))
        for piece in pieces:
            piece.reading.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PUT_AWAY_SECONDS):
                for piece in pieces:
                    await piece.put_away.wait()
        return bool(pieces)
