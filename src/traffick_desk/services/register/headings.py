"""Which row holds the headings of a table, when titles stand above and numbers below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from traffick_desk.services.register.columns import heading_score
from traffick_desk.services.register.table import Cell, Merged, Row, plain, text_of

_LOOK_AT = 30
_COUNTING = re.compile(r"\(?(\d{1,3}|[a-z])\)?")


@dataclass(frozen=True, slots=True)
class Found:
    """Where the headings are.

    Attributes:
        names: one for each column.
        first: index of their first row.
        body: index of the first row after them.
    """

    names: tuple[str, ...]
    first: int
    body: int


def find(rows: list[Row], merged: list[Merged]) -> Found:
    """The headings: the row of which most cells are known; the first full one if none is."""
    best, best_score = 0, 0.0
    for index, row in enumerate(rows[:_LOOK_AT]):
        texts = [text_of(cell) for cell in row.cells]
        score = sum(heading_score(text) for text in texts if 0 < len(text) <= 80)
        if score > best_score + 0.01:
            best, best_score = index, score
    if best_score == 0:
        widths = [sum(cell is not None for cell in row.cells) for row in rows[:_LOOK_AT]]
        best = widths.index(max(widths))
    first, last = _both_rows(rows, best, merged)
    names = _names(rows, first, last, merged)
    body = last + 1
    if body < len(rows) and _only_counts(rows[body].cells):
        body += 1
    return Found(names, first, body)


def _both_rows(rows: list[Row], best: int, merged: list[Merged]) -> tuple[int, int]:
    """Headings in two rows: those that span columns have their parts below them."""
    if best > 0 and _parts_below(rows[best - 1], rows[best], merged):
        return best - 1, best
    if best + 1 < len(rows) and _parts_below(rows[best], rows[best + 1], merged):
        return best, best + 1
    return best, best


def _parts_below(upper: Row, lower: Row, merged: list[Merged]) -> bool:
    spanning = [m for m in merged if m.top <= upper.number <= m.bottom and m.right > m.left]
    spanning = [m for m in spanning if m.bottom == upper.number and m.right - m.left < 12]
    for area in spanning:
        below = [_cell(lower, n - 1) for n in range(area.left, area.right + 1)]
        # A title over the whole table is merged too, but few cells stand beside it.
        beside = sum(cell is not None for cell in upper.cells)
        if sum(isinstance(cell, str) for cell in below) >= 2 and beside >= 3:
            return True
    return False


def _names(rows: list[Row], first: int, last: int, merged: list[Merged]) -> tuple[str, ...]:
    width = max(len(rows[n].cells) for n in range(first, last + 1))
    upper = [text_of(_cell(rows[first], n)) for n in range(width)]
    if first == last:
        return tuple(upper)
    for area in merged:
        if area.top <= rows[first].number <= area.bottom and area.right > area.left:
            for column in range(area.left - 1, min(area.right, width)):
                upper[column] = text_of(_cell(rows[first], area.left - 1))
    lower = [text_of(_cell(rows[last], n)) for n in range(width)]
    return tuple(
        " / ".join(dict.fromkeys(p for p in parts if p)) for parts in zip(upper, lower, strict=True)
    )


def _cell(row: Row, column: int) -> Cell:
    return row.cells[column] if column < len(row.cells) else None


def _only_counts(cells: tuple[Cell, ...]) -> bool:
    """A row such as ``(1) (2) (3)`` or ``A B 1 2`` under the headings."""
    texts = [plain(text_of(cell)) for cell in cells if cell is not None]
    if len(texts) < 3 or not all(_COUNTING.fullmatch(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    return not numbers or numbers == list(range(numbers[0], numbers[0] + len(numbers)))
