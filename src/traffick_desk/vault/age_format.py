"""The textual header of an age v1 file (c2sp.org/age): read strictly, written canonically."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Protocol

from traffick_desk.vault.errors import HeaderInvalid, MacInvalid
from traffick_desk.vault.primitives import hkdf, mac, same, wipe

VERSION_LINE = b"age-encryption.org/v1\n"
FILE_KEY_SIZE = 16
# A header that a desk writes has a few recipients of 1.6 KiB each. The cap keeps a hostile
# file from costing memory, or a key exchange for each of a million stanzas.
MAX_HEADER = 256 * 1024
_COLUMNS = 64
_ARGUMENTS = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n")
_BODY_LINE = re.compile(rb"([A-Za-z0-9+/]{0,64})\n")
_MAC_LINE = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


class Source(Protocol):
    """What is read from: any binary file object."""

    def read(self, size: int = ..., /) -> bytes:
        """Up to *size* bytes; none at the end."""
        ...

    def readline(self, size: int = ..., /) -> bytes:
        """One line with its end, at most *size* bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's wrapping of the file key: type, arguments, body."""

    args: tuple[str, ...]
    body: bytes

    @property
    def kind(self) -> str:
        """The recipient type, e.g. ``X25519``."""
        return self.args[0]


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header; ``signed`` is the exact text that the MAC covers."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    signed: bytes

    def check(self, file_key: bytes) -> None:
        """Raise :class:`MacInvalid` unless the MAC was made with *file_key*."""
        if not same(self.mac, _header_mac(file_key, self.signed)):
            raise MacInvalid("header MAC")


def b64(data: bytes) -> str:
    """Base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode()


def unb64(text: str | bytes, size: int | None = None) -> bytes:
    """Decode canonical base64 without padding, of exactly *size* bytes if given.

    Raises:
        HeaderInvalid: other characters, padding, stray bits or another size.
    """
    raw = text.encode() if isinstance(text, str) else text
    try:
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise HeaderInvalid("base64") from error
    if b64(data).encode() != raw or (size is not None and len(data) != size):
        raise HeaderInvalid("base64 form or size")
    return data


def _header_mac(file_key: bytes, signed: bytes) -> bytes:
    key = hkdf(file_key, info=b"header")
    try:
        return mac(key, signed)
    finally:
        wipe(key)


def write_header(stanzas: list[Stanza], file_key: bytes) -> bytes:
    """The header for *stanzas*, authenticated with *file_key*."""
    lines = [VERSION_LINE.decode()]
    for stanza in stanzas:
        lines.append(f"-> {' '.join(stanza.args)}\n")
        body = b64(stanza.body)
        # The last line is shorter than 64 columns, so a full last line is followed by an empty one.
        lines.extend(f"{body[i : i + _COLUMNS]}\n" for i in range(0, len(body) + 1, _COLUMNS))
    signed = "".join(lines).encode() + b"---"
    return signed + b" " + b64(_header_mac(file_key, signed)).encode() + b"\n"


class _Lines:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.raw = bytearray()

    def next(self) -> bytes:
        line = self.source.readline(MAX_HEADER - len(self.raw) + 1)
        self.raw += line
        if len(self.raw) > MAX_HEADER or not line.endswith(b"\n"):
            raise HeaderInvalid("header too long or cut off")
        return line


def read_header(source: Source) -> Header:
    """Read a header and leave *source* at the first byte of the payload.

    Raises:
        HeaderInvalid: anything that is not exactly as c2sp.org/age writes it.
    """
    lines = _Lines(source)
    if lines.next() != VERSION_LINE:
        raise HeaderInvalid("version line")
    stanzas: list[Stanza] = []
    while True:
        line = lines.next()
        if end := _MAC_LINE.fullmatch(line):
            break
        arguments = _ARGUMENTS.fullmatch(line)
        if arguments is None:
            raise HeaderInvalid("stanza line")
        stanzas.append(Stanza(tuple(arguments[1].decode().split(" ")), _read_body(lines)))
    if not stanzas:
        raise HeaderInvalid("no stanza")
    if any(s.kind == "scrypt" for s in stanzas) and len(stanzas) > 1:
        # A password promises that its owner made the file; another stanza would break that.
        raise HeaderInvalid("scrypt beside another stanza")
    signed = bytes(lines.raw[: len(lines.raw) - len(line) + 3])
    return Header(tuple(stanzas), unb64(end[1], 32), signed)


def _read_body(lines: _Lines) -> bytes:
    text = bytearray()
    while True:
        part = _BODY_LINE.fullmatch(lines.next())
        if part is None:
            raise HeaderInvalid("stanza body")
        text += part[1]
        if len(part[1]) < _COLUMNS:
            return unb64(bytes(text))
