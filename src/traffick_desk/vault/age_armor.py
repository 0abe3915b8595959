"""ASCII armour: an age file as strict PEM text (RFC 7468), read as a stream and written whole."""

from __future__ import annotations

import base64
import binascii
import io
from typing import TYPE_CHECKING

from traffick_desk.vault.errors import ArmorInvalid

if TYPE_CHECKING:
    from traffick_desk.vault.age_format import Source

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
_WHITESPACE = b" \t\r\n"
_COLUMNS = 64
_MAX_BLANK = 1024  # white space before and after the block; the age tools have the same limit
_LINES_AT_ONCE = 1024


def armor(data: bytes) -> bytes:
    """*data* as armoured text, with LF line ends."""
    text = base64.b64encode(data)
    lines = [text[i : i + _COLUMNS] for i in range(0, len(text), _COLUMNS)]
    return b"\n".join([BEGIN, *lines, END, b""])


def dearmor(text: bytes) -> bytes:
    """The bytes inside armoured *text*; white space around it is allowed.

    Raises:
        ArmorInvalid: anything else that is not strict, canonical PEM.
    """
    return ArmorReader(io.BytesIO(text)).read()


class ArmorReader(io.RawIOBase):
    """Decodes armoured text while it is read, in constant memory."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._ready = bytearray()
        self._started = self._ended = self._short = False

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Fill *buffer*; raises :class:`ArmorInvalid` at the first character out of place."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready and not self._ended:
            self._more()
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        del self._ready[:size]
        return size

    def _line(self) -> bytes:
        line = self._source.readline(_MAX_BLANK)
        for end in (b"\r\n", b"\n"):
            if line.endswith(end):
                return line[: -len(end)]
        return line

    def _begin(self) -> None:
        blank = 0
        while True:
            raw = self._source.readline(_MAX_BLANK)
            blank += len(raw)
            line = raw.lstrip(_WHITESPACE)
            if line or not raw or blank > _MAX_BLANK:
                break
        if line not in {BEGIN + b"\n", BEGIN + b"\r\n"}:
            raise ArmorInvalid("begin line")
        self._started = True

    def _more(self) -> None:
        if not self._started:
            self._begin()
        for _ in range(_LINES_AT_ONCE):
            line = self._line()
            if line.startswith(END):
                self._finish(line)
                return
            if self._short or not 0 < len(line) <= _COLUMNS:
                raise ArmorInvalid("line length")
            try:
                data = base64.b64decode(line, validate=True)
            except (binascii.Error, ValueError) as error:
                raise ArmorInvalid("base64") from error
            if base64.b64encode(data) != line:
                raise ArmorInvalid("base64 form")
            # Only the last line may be short or padded: two spellings of one file are one too many.
            self._short = len(line) < _COLUMNS or line.endswith(b"=")
            self._ready += data

    def _finish(self, line: bytes) -> None:
        tail = line[len(END) :] + self._source.read(_MAX_BLANK + 1)
        if len(tail) > _MAX_BLANK or tail.strip(_WHITESPACE):
            raise ArmorInvalid("after the end line")
        self._ended = True
