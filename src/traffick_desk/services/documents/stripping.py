"""Taking out what a camera or program wrote beside the pixels, without touching a pixel.

A photo names the place where it was taken, and so where a person is kept safe. Segments and
chunks are copied only if they are needed to draw the picture; what follows its end (a second
picture, a short film) is left out too.
"""

from __future__ import annotations

import re
import struct
import zlib

from traffick_desk.services.documents.errors import DamagedFile

# After the start of a scan: the next byte that is neither data (FF 00) nor a restart mark.
_NEXT = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_JFIF, _ICC, _ADOBE = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
# Version, units and density; the small picture that may follow is left out.
_JFIF_SIZE = 12


def jpeg(content: bytes, orientation: int = 1) -> bytes:
    """A JPEG file with nothing but what draws it, and how it is to be turned.

    Raises:
        DamagedFile: it is none, or it is cut off.
    """
    parts = [b"\xff\xd8"]
    if 1 < orientation <= 8:
        parts.append(_turned(orientation))
    at, size = 2, len(content)
    while True:
        found = _NEXT.match(content, at) or _NEXT.search(content, at)
        if found is None:
            raise DamagedFile
        at = found.end()
        marker = content[at - 1]
        if marker == _EOI:
            return b"".join([*parts, b"\xff\xd9"])
        if marker in {0x01, _SOI}:
            continue
        if at + 2 > size:
            raise DamagedFile
        (length,) = struct.unpack_from(">H", content, at)
        if length < 2 or at + length > size:
            raise DamagedFile
        body = content[at + 2 : at + length]
        at += length
        if marker == _APP0 and body.startswith(_JFIF) and len(body) >= _JFIF_SIZE:
            parts.append(_segment(_APP0, body[:_JFIF_SIZE] + b"\0\0"))
        elif (
            not (_APP0 <= marker <= _APP15 or marker == _COM)
            or (marker == _APP2 and body.startswith(_ICC))
            or (marker == _APP14 and body.startswith(_ADOBE))
        ):
            parts.append(_segment(marker, body))
        if marker == _SOS:
            after = _NEXT.search(content, at)
            if after is None:
                raise DamagedFile
            parts.append(content[at : after.start()])
            at = after.start()


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _turned(orientation: int) -> bytes:
    """An Exif block that holds the orientation alone (tag 0x0112)."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return _segment(_APP1, b"Exif\0\0" + tiff)


_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
     b"bKGD", b"pHYs"}
)  # fmt: skip


def png(content: bytes) -> bytes:
    """A PNG file with nothing but what draws it.

    Raises:
        DamagedFile: it is none, or it is cut off.
    """
    parts = [content[:8]]
    at = 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            break
        (check,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != check:
            break
        if kind in _PNG_KEPT:
            parts.append(content[at:end])
        if kind == b"IEND":
            return b"".join(parts)
        at = end
    raise DamagedFile
