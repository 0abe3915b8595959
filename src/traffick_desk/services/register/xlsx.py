"""Reading a workbook: looked through for harm first, then read row by row, values only."""

from __future__ import annotations

import errno
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from traffick_desk.services.register.errors import (
    EmptyTable,
    HostileWorkbook,
    NotATable,
    TableTooLarge,
)
from traffick_desk.services.register.headings import find
from traffick_desk.services.register.table import (
    CELL_LIMIT,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Merged,
    Row,
    Table,
    assemble,
)

_MOST_PARTS = 2_000
_MOST_UNPACKED = 600_000_000
# Sheets of repeated cells pack well, about 20 : 1; a bomb packs a thousand times.
_MOST_RATIO = 200
_FREE = 10_000_000
_LAST_ROW = 1_048_576
_CHUNK = 1 << 20
_KEPT = 400
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\""
)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([^\"']+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_XML = (".xml", ".rels", ".vml")


@dataclass
class _Seen:
    """What was noticed in one part."""

    merged: list[Merged] = field(default_factory=list)
    formulas: bool = False


def read(path: Path, sheet: str = "") -> Table:
    """Read one sheet of a workbook; formulas give their last results.

    Raises:
        RegisterError: in words.
    """
    import openpyxl

    if path.stat().st_size > MOST_BYTES:
        raise TableTooLarge
    seen = _look_through(path)
    try:
        with warnings.catch_warnings():
            # It warns of what it does not keep (styles, rules); values are all we want.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                path, read_only=True, data_only=True, keep_links=False, rich_text=False
            )
            try:
                return _read(book, path.name, sheet, seen)
            finally:
                book.close()
    except (EmptyTable, TableTooLarge, NotATable):
        raise
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise NotATable from error


def _read(book: Any, source: str, wanted: str, seen: dict[str, _Seen]) -> Table:
    sheets = {ws.title: ws for ws in book.worksheets}
    if wanted and wanted not in sheets:
        raise NotATable
    names = [wanted] if wanted else list(sheets)
    filled: dict[str, list[Row]] = {}
    best, best_score = "", -1.0
    for name in names:
        rows = list(_rows(sheets[name]))
        if rows:
            filled[name] = rows
            known = _known(rows, _of(seen, sheets[name]).merged)
            if known > best_score:
                best, best_score = name, known
        if len(filled) > 1 and name != best:
            # Only the chosen sheet is needed; a hundred large ones must not stay in memory.
            filled[name] = rows[:1]
    if not best:
        raise EmptyTable
    rows = filled[best] if len(filled[best]) > 1 or wanted else list(_rows(sheets[best]))
    about = _of(seen, sheets[best])
    every = tuple(filled) if not wanted else tuple(sheets)
    return assemble(source, best, every, rows, about.merged, formulas=about.formulas)


def _known(rows: list[Row], merged: list[Merged]) -> float:
    """How much a sheet looks like a register: known headings first, then its length."""
    from traffick_desk.services.register.columns import heading_score

    names = find(rows, merged).names
    return sum(heading_score(name) for name in names) + min(len(rows), 1000) / 10_000


def _of(seen: dict[str, _Seen], sheet: Any) -> _Seen:
    return seen.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"), _Seen())


def _rows(sheet: Any) -> Iterator[Row]:
    if not hasattr(sheet, "iter_rows"):
        return
    sheet.reset_dimensions()
    read = 0
    rows = sheet.iter_rows(min_row=1, max_row=_LAST_ROW, values_only=True)
    for number, wide in enumerate(rows, 1):
        values = wide[:MOST_COLUMNS]
        last = len(values)
        while last and (values[last - 1] is None or values[last - 1] == ""):
            last -= 1
        if not last:
            continue
        read += 1
        if read > MOST_ROWS:
            raise TableTooLarge
        yield Row(number, tuple(_cell(value) for value in values[:last]))


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value[:CELL_LIMIT] if value.strip() else None
    if value is None or isinstance(value, int | float | date | time):
        return value
    return str(value)[:CELL_LIMIT]


# --- looking through ----------------------------------------------------------------------


def _look_through(path: Path) -> dict[str, _Seen]:
    """Unpack every part once without keeping it: sizes, entities, merged cells, formulas.

    Raises:
        NotATable: no workbook, or damaged.
        HostileWorkbook: it unpacks to far more than it should, or declares entities.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or len({p.filename for p in parts}) != len(parts):
                raise HostileWorkbook
            if "[Content_Types].xml" not in archive.namelist():
                raise NotATable
            total = 0
            found = {}
            for part in parts:
                if part.flag_bits & 1:
                    raise NotATable
                most = min(_MOST_UNPACKED - total, _FREE + part.compress_size * _MOST_RATIO)
                seen, size = _look_at(archive, part, most)
                total += size
                found[part.filename] = seen
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise NotATable from error
    except OSError as error:
        # Of a workbook that lost its beginning, the list at its end points before the file.
        if error.errno == errno.EINVAL:
            raise NotATable from error
        raise


def _look_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> tuple[_Seen, int]:
    seen, size, kept = _Seen(), 0, b""
    xml = part.filename.lower().endswith(_XML)
    sheet = "worksheets/" in part.filename
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not size and xml:
                _check_start(chunk)
            size += len(chunk)
            if size > most:
                raise HostileWorkbook
            if not xml:
                continue
            text = kept + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise HostileWorkbook
            if sheet:
                seen.formulas = seen.formulas or _FORMULA.search(text) is not None
                for match in _MERGE.finditer(text):
                    if match.end() > len(kept):
                        seen.merged.append(_merged(match))
            kept = text[-_KEPT:]
    return seen, size


def _check_start(chunk: bytes) -> None:
    """Only XML in UTF-8: in another encoding the search for entities would see nothing."""
    start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return
    encoding = _ENCODING.match(start)
    named = encoding is not None and encoding[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}
    if not start.startswith(b"<") or start[1:2] == b"\0" or named:
        raise HostileWorkbook


def _merged(match: re.Match[bytes]) -> Merged:
    left, top, right, bottom = match.groups()
    return Merged(int(top), _column(left), int(bottom), _column(right))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
