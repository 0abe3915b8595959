"""The payload of an age v1 file: 64 KiB chunks, each sealed with its number and a last-chunk flag.

Cutting off, repeating, reordering or joining chunks is noticed. Memory stays constant.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Protocol

from traffick_desk.vault.errors import HeaderInvalid, PayloadInvalid, TooLarge
from traffick_desk.vault.primitives import TAG_SIZE, hkdf, wipe

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from traffick_desk.vault.age_format import Source

CHUNK = 64 * 1024
NONCE_SIZE = 16
_SEALED = CHUNK + TAG_SIZE


class Sink(Protocol):
    """What is written to: any binary file object."""

    def write(self, data: bytes, /) -> object:
        """Write all of *data*."""
        ...


def read_full(source: Source, size: int) -> bytes:
    """Exactly *size* bytes of *source*, or what there is before its end."""
    parts: list[bytes] = []
    while size:
        part = source.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    key = hkdf(file_key, salt=nonce, info=b"payload")
    try:
        return ChaCha20Poly1305(key)
    finally:
        wipe(key)


def _nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class PayloadWriter:
    """Seals what is written to it.

    Without :meth:`finish` the file is incomplete, and is refused when read.
    """

    def __init__(self, sink: Sink, file_key: bytes) -> None:
        nonce = os.urandom(NONCE_SIZE)
        self._sink = sink
        self._cipher = _cipher(file_key, nonce)
        self._counter = 0
        self._pending = bytearray()
        self._finished = False
        sink.write(nonce)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Seal *data* as soon as a whole chunk is there."""
        if self._finished:
            raise ValueError("write after finish")
        self._pending += data
        # A full chunk waits until there is a byte after it: it may be the last.
        while len(self._pending) > CHUNK:
            self._seal(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal the last chunk."""
        if not self._finished:
            self._finished = True
            self._seal(bytes(self._pending), last=True)
            self._pending.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._counter, last=last), chunk, None))
        self._counter += 1


class PayloadReader(io.RawIOBase):
    """Opens a payload while it is read.

    Every byte it gives is authentic, but only the end of the stream proves that nothing is
    missing: whoever acts on a part must be able to take it back.
    """

    def __init__(self, source: Source, file_key: bytes, *, limit: int | None = None) -> None:
        super().__init__()
        nonce = read_full(source, NONCE_SIZE)
        if len(nonce) != NONCE_SIZE:
            raise HeaderInvalid("payload nonce")
        self._source = source
        self._cipher = _cipher(file_key, nonce)
        self._limit = limit
        self._counter = 0
        self._total = 0
        self._chunk = b""
        self._at = 0
        self._last = False
        self._failed = False

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Fill *buffer*; 0 only when the last chunk was opened and nothing follows it.

        Raises:
            PayloadInvalid: a chunk is wrong, missing or too many.
            TooLarge: more plaintext than the limit.
        """
        if self._failed:
            raise PayloadInvalid("read after a refusal")
        view = memoryview(buffer)  # type: ignore[arg-type]
        if self._at == len(self._chunk):
            try:
                self._next()
            except Exception:
                self._failed = True
                raise
        size = min(len(view), len(self._chunk) - self._at)
        view[:size] = self._chunk[self._at : self._at + size]
        self._at += size
        return size

    def _next(self) -> None:
        self._chunk, self._at = b"", 0
        if self._last:
            if self._source.read(1):
                raise PayloadInvalid("data after the last chunk")
            return
        sealed = read_full(self._source, _SEALED)
        if len(sealed) < TAG_SIZE:
            raise PayloadInvalid("cut off")
        chunk = None if len(sealed) < _SEALED else self._open(sealed, last=False)
        if chunk is None:
            chunk = self._open(sealed, last=True)
            self._last = True
            if chunk is None:
                raise PayloadInvalid("chunk")
            if not chunk and self._counter:
                raise PayloadInvalid("empty last chunk")
        self._counter += 1
        self._total += len(chunk)
        if self._limit is not None and self._total > self._limit:
            raise TooLarge("plaintext over the limit")
        self._chunk = chunk
        if not chunk:
            self._next()

    def _open(self, sealed: bytes, *, last: bool) -> bytes | None:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(_nonce(self._counter, last=last), sealed, None)
        except InvalidTag:
            return None
