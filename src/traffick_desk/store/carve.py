"""Rows out of a file whose schema or inner pages are lost: leaf pages are read one by one.

SQLite finds a row from the first page on, by way of the schema and the inner pages of its table;
where one of these is damaged, whole tables are out of its reach although their rows are not. Here
each page that carries its right code is looked at by itself. A leaf of a table tells where its rows
begin, and what a row is shows by its shape: a change names itself, a line of the log has its place
in the chain, a document its digest. What matters is proven later by those, not here.

The form is that of the SQLite file format, sections 1.6 (b-tree pages) and 2.1 (records).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LEAF = 0x0D
_USABLE = 4096 - 80  # SQLCipher keeps the last bytes of each page for itself


def rows(pages: Mapping[int, bytes]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row id and columns of each row that can be read whole.

    Args:
        pages: number (from 1) → decrypted content of a sound page, ``_USABLE`` bytes (of the
            first page without its salt).
    """
    for number, page in pages.items():
        start = 84 if number == 1 else 0
        if len(page) <= start + 8 or page[start] != LEAF:
            continue
        # The first page is shorter by its salt, but places within it count from its true begin.
        shift = 16 if number == 1 else 0
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        for index in range(min(count, 2_000)):
            at = start + 8 + 2 * index
            place = int.from_bytes(page[at : at + 2], "big") - shift
            try:
                yield _cell(pages, page, place)
            except (IndexError, ValueError, KeyError):
                continue


def _cell(pages: Mapping[int, bytes], page: bytes, place: int) -> tuple[int, tuple[Any, ...]]:
    size, place = _varint(page, place)
    rowid, place = _varint(page, place)
    local = _local(size)
    payload = page[place : place + local]
    if local < size:
        after = int.from_bytes(page[place + local : place + local + 4], "big")
        payload += _overflow(pages, after, size - local)
    if len(payload) != size:
        raise ValueError(size)
    return rowid, _record(payload)


def _local(size: int) -> int:
    """How many bytes of a payload stand in the leaf itself."""
    most = _USABLE - 35
    if size <= most:
        return size
    least = (_USABLE - 12) * 32 // 255 - 23
    kept = least + (size - least) % (_USABLE - 4)
    return kept if kept <= most else least


def _overflow(pages: Mapping[int, bytes], number: int, left: int) -> bytes:
    parts = []
    while left > 0:
        page = pages[number]
        part = page[4 : 4 + min(left, _USABLE - 4)]
        parts.append(part)
        left -= len(part)
        number = int.from_bytes(page[:4], "big")
        if not part:
            raise ValueError(left)
    return b"".join(parts)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for _ in range(8):
        byte = data[place]
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place
    return value << 8 | data[place], place + 1


def _record(payload: bytes) -> tuple[Any, ...]:
    size, place = _varint(payload, 0)
    kinds = []
    while place < size:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    values = []
    for kind in kinds:
        value, place = _value(payload, kind, place)
        values.append(value)
    if place != len(payload):
        raise ValueError(place)
    return tuple(values)


_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _value(payload: bytes, kind: int, place: int) -> tuple[Any, int]:
    if kind == 0:
        return None, place
    if kind in {8, 9}:
        return kind - 8, place
    if size := _SIZES.get(kind):
        return int.from_bytes(payload[place : place + size], "big", signed=True), place + size
    if kind < 12:
        raise ValueError(kind)
    size = (kind - 12) // 2
    part = payload[place : place + size]
    return (part if kind % 2 == 0 else part.decode()), place + size


def table_of(row: tuple[Any, ...]) -> str:
    """Which table a row is of, told by its shape; "" if it is none of those that matter."""
    kinds = "".join(
        "n" if v is None else "i" if isinstance(v, int) else "t" if isinstance(v, str) else "b"
        for v in row
    )
    if len(row) == 7 and kinds[1:3] == "ti" and isinstance(row[5], bytes):
        return "journal" if row[5].startswith(b'{"c":') else ""
    if kinds == "nttttbb":
        return "audit" if len(row[6]) == 32 else ""
    if kinds in {"ntiib", "itiib"}:
        return "document_piece" if len(row[1]) == 64 else ""
    if kinds == "tii" and len(row[0]) == 64:
        return "document_bytes"
    if kinds == "tb" and row[0].startswith(("signing-key/", "exchange-key/")):
        return "secret"
    if len(row) == 8 and kinds[:4] == "tttt" and row[1] in {"commune", "province"}:
        return "device"
    if kinds == "ttttt" and len(row[0]) == 16 and "T" not in row[4]:
        return "officer"
    if kinds == "tt" and row[0].startswith(("office:", "erased:", "erasure:")):
        return "meta"
    return ""
