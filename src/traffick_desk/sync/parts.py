"""The parts of a bundle: length-prefixed items, compressed, with caps on the way back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable

import zstandard

from traffick_desk.store.changes import MAX_BODY
from traffick_desk.sync.manifest import PartInfo
from traffick_desk.sync.wire import WireInvalid

LEVEL = 6
MAX_WINDOW = 8 * 1024 * 1024
_PREFIX = 4


def pack(kind: str, items: Iterable[bytes]) -> tuple[PartInfo, bytes]:
    """A part and its compressed bytes."""
    buffer = io.BytesIO()
    count = 0
    for item in items:
        buffer.write(len(item).to_bytes(_PREFIX, "big"))
        buffer.write(item)
        count += 1
    raw = buffer.getbuffer()
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(raw), write_content_size=True, write_checksum=False
    )
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(raw)
    digest = hashlib.sha256(packed).digest()
    return PartInfo(kind, count, len(raw), len(packed), digest), packed


def unpack(info: PartInfo, packed: bytes | memoryview) -> list[bytes]:
    """The items of a part.

    Never makes more bytes than the part's ``raw`` and one, whatever the compressed bytes say.

    Raises:
        WireInvalid: digest, sizes or number of items do not agree with *info*.
    """
    if len(packed) != info.size or hashlib.sha256(packed).digest() != info.sha256:
        raise WireInvalid("part digest")
    try:
        frame = zstandard.get_frame_parameters(packed)
        if frame.content_size != info.raw or frame.window_size > MAX_WINDOW or frame.dict_id:
            raise WireInvalid("part frame")
        reader = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(
            packed, read_across_frames=True
        )
        raw = reader.read(info.raw + 1)
    except zstandard.ZstdError as error:
        raise WireInvalid("part compression") from error
    if len(raw) != info.raw:
        raise WireInvalid("part size")
    return _split(raw, info.items)


def _split(raw: bytes, count: int) -> list[bytes]:
    items: list[bytes] = []
    at = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + _PREFIX], "big")
        at += _PREFIX
        if not 0 < size <= MAX_BODY or at + size > len(raw):
            raise WireInvalid("item size")
        items.append(raw[at : at + size])
        at += size
    if len(items) != count:
        raise WireInvalid("number of items")
    return items
