"""A table as it was found in a file: rows of cells, whatever the file was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from traffick_desk.domain.text import clean, fold
from traffick_desk.services.register.errors import FileMissing, NotATable, OldWorkbook

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_BYTES = 200_000_000
CELL_LIMIT = 20_000
"""Longest text of a cell that is read, in characters; what is longer is cut and said so."""

Cell = str | int | float | bool | date | datetime | time | None
"""What stands in a cell; an empty cell is ``None``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; *number* as the spreadsheet program counts it, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The part of a file that is a table.

    Attributes:
        source: name of the file, without its folder.
        sheet: name of the sheet; empty for a text.
        sheets: all sheets that hold something.
        headings: one for each column, "" where there is none.
        rows: those under the headings that hold anything.
        merged_titles: rows that are one merged cell: headings between the rows, no people.
        formulas: whether there are formulas, of which only the last results were read.
    """

    source: str
    sheet: str
    sheets: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    merged_titles: frozenset[int] = frozenset()
    formulas: bool = False

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.headings)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged area, counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def read(path: Path, sheet: str = "") -> Table:
    """Read a workbook (.xlsx) or a text with columns (.csv, .txt), told apart by its content.

    Args:
        path: of the file.
        sheet: which sheet of a workbook; the one with most people if it is empty.

    Raises:
        RegisterError: in words; there is one class for each reason.
    """
    from traffick_desk.services.register import csvfile, xlsx

    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            size = path.stat().st_size
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            raise OldWorkbook
        if start.startswith(b"PK"):
            return xlsx.read(path, sheet)
        if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b")):
            raise NotATable
        return csvfile.read(path, size)
    except OSError as error:
        raise FileMissing from error


# --- cells ------------------------------------------------------------------------------


def text_of(cell: Cell) -> str:
    """The cell as one would read it: NFC, single blanks, whole numbers without a point."""
    match cell:
        case None:
            return ""
        case bool():
            return "x" if cell else ""
        case datetime():
            return f"{cell:%d/%m/}{cell.year:04d}" + (
                f" {cell:%H:%M}" if cell.time() != time() else ""
            )
        case date():
            return f"{cell:%d/%m/}{cell.year:04d}"
        case time():
            return f"{cell:%H:%M}"
        case float():
            whole = cell.is_integer() and abs(cell) < 1e15
            return str(int(cell)) if whole else f"{cell:.10g}"
        case int():
            return str(cell)
        case _:
            return clean(cell, limit=len(cell) * 4 + 1)


def long_text_of(cell: Cell) -> str:
    """The same, with its lines kept."""
    if isinstance(cell, str):
        return clean(cell, multiline=True, limit=len(cell) * 4 + 1)
    return text_of(cell)


_NO_WORD = re.compile(r"[^\w]+|_+")


def plain(text: str) -> str:
    """*text* for comparing: folded words with single blanks, no punctuation."""
    return _NO_WORD.sub(" ", fold(text)).strip()


# What Vietnamese in Unicode never has but texts in TCVN3 (first two) and VNI (third) are full of.
_OLD_FONT = re.compile(
    r"(?<=[A-Za-z])[µ¸¶·¹¨»¾¼½Æ©®×ªÞß«å¬æ¦§¤þ÷ø]|[µ¸¶·¹¨»¾¼½Æ©®«¬¦§¤](?=[A-Za-z])"
    r"|[a-z][ÇËÑÖØÜÔÓÒÕÊÉÈÌÍÐ]"
    r"|[AEae][âêäåëïöøûÂÊÄÅËÏÖØÛ]|[Oo][âêäåïøÂÊÄÅÏØ]|[aeAE][àáãÀÁÃ]"
)


def in_old_font(text: str) -> bool:
    """Whether *text* was written for a font of before Unicode, as ``NguyÔn ThÞ`` was."""
    return not text.isascii() and _OLD_FONT.search(text) is not None


# --- headings ---------------------------------------------------------------------------


def assemble(
    source: str,
    sheet: str,
    sheets: tuple[str, ...],
    rows: list[Row],
    merged: list[Merged] | None = None,
    *,
    formulas: bool = False,
) -> Table:
    """Find the headings among *rows* and put the table together.

    Titles above the headings, a row of column numbers under them and columns without
    anything in them are left out.

    Raises:
        EmptyTable: nothing stands under the headings.
    """
    from traffick_desk.services.register import headings
    from traffick_desk.services.register.errors import EmptyTable

    rows = [row for row in rows if any(text_of(cell) for cell in row.cells)]
    if not rows:
        raise EmptyTable
    found = headings.find(rows, merged or [])
    body = rows[found.body :]
    if not body:
        raise EmptyTable
    width = max((len(row.cells) for row in rows[found.first :]), default=0)
    used = [
        n
        for n in range(width)
        if (n < len(found.names) and found.names[n])
        or any(n < len(row.cells) and row.cells[n] is not None for row in body)
    ]
    names = tuple(found.names[n] if n < len(found.names) else "" for n in used)
    spans = [m for m in merged or [] if m.bottom >= body[0].number]
    titles = frozenset(
        m.top for m in spans if m.top == m.bottom and m.right - m.left + 1 > max(2, len(used) // 2)
    )
    down = _filled_down(body, [m for m in spans if m.top not in titles])
    return Table(
        source,
        sheet,
        sheets,
        names,
        tuple(
            Row(row.number, tuple(row.cells[n] if n < len(row.cells) else None for n in used))
            for row in down
        ),
        titles,
        formulas,
    )


def _filled_down(rows: list[Row], merged: list[Merged]) -> list[Row]:
    """A merged cell says the same for each of its rows."""
    if not merged:
        return rows
    at = {row.number: n for n, row in enumerate(rows)}
    cells = {}
    for area in merged:
        top = at.get(area.top)
        # A merged area goes to the end of the sheet when a whole column is chosen by mistake.
        if top is None or area.bottom - area.top > 500 or area.left > len(rows[top].cells):
            continue
        value = rows[top].cells[area.left - 1]
        if value is None:
            continue
        for number in range(area.top + 1, area.bottom + 1):
            if number in at:
                cells[at[number], area.left - 1] = value
    if not cells:
        return rows
    filled = [list(row.cells) for row in rows]
    for (row, column), value in cells.items():
        line = filled[row]
        line.extend([None] * (column + 1 - len(line)))
        if line[column] is None:
            line[column] = value
    return [Row(row.number, tuple(filled[n])) for n, row in enumerate(rows)]
