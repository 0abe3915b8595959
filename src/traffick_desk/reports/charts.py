"""The chart of a table: lying bars, one a row, cut by the columns. It never stands without it."""

from __future__ import annotations

from traffick_desk.i18n import _
from traffick_desk.papers.drawing import Drawing, text_width
from traffick_desk.reports.figures import TOTAL, Figure, Head, Measure, Table

WIDTH = 452.0
"""Points; as wide as the text of a printed paper."""
_SIZE, _BAR, _GAP, _KEY = 9.5, 13.0, 6.0, 14.0
_MOST = 40


def chart(table: Table) -> Drawing | None:
    """The drawing of *table*, or ``None`` where there is nothing to draw.

    Rows that are 0 in every column are left out; the table beside has them.
    """
    rows = [r for r in table.rows if _drawn(table, r)]
    if not rows or len(rows) > _MOST:
        return None
    columns = _columns(table)
    side = min(max(text_width(r.label, _SIZE) for r in rows) + 8, WIDTH * 0.42)
    shown = [table.at(r.code) for r in rows]
    tail = max(text_width(f.text(), _SIZE) for f in shown) + 8
    room = WIDTH - side - tail
    most = max(_length(table, row, columns) for row in rows) or 1
    key = _key_lines(columns) if len(columns) > 1 else []
    top = len(key) * _KEY + (4 if key else 0)
    made = Drawing(WIDTH, top + len(rows) * (_BAR + _GAP) + 4, table.title)
    _draw_key(made, key)
    for number, row in enumerate(rows):
        y = top + number * (_BAR + _GAP) + _GAP / 2
        base = y + _BAR - 3.4
        made.text(side - 6, base, _cut(row.label, side - 8), _SIZE, "end")
        x = side
        for ground, column in enumerate(columns):
            figure = table.at(row.code, column.code)
            wide = room * (figure.value or 0) / most
            made.box(x, y, wide, _BAR, ground)
            x += wide
        made.text(x + 4, base, table.at(row.code).text() if _summed(table) else "", _SIZE)
    made.line(side, top, side, made.height - 4, 0.8)
    return made


def _summed(table: Table) -> bool:
    return table.across or not table.columns


def _columns(table: Table) -> list[Head]:
    if not table.columns or table.measure is Measure.MEDIAN:
        return [Head(TOTAL, "")]
    return [c for c in table.columns if any(_value(table.at(r.code, c.code)) for r in table.rows)]


def _value(figure: Figure) -> int:
    return figure.value or 0


def _drawn(table: Table, row: Head) -> bool:
    places = [table.at(row.code, c.code) for c in table.columns] + [table.at(row.code)]
    return any(f.value or f.hidden for f in places)


def _length(table: Table, row: Head, columns: list[Head]) -> int:
    return sum(_value(table.at(row.code, c.code)) for c in columns)


def _key_lines(columns: list[Head]) -> list[list[tuple[int, Head]]]:
    lines: list[list[tuple[int, Head]]] = [[]]
    used = 0.0
    for ground, column in enumerate(columns):
        need = text_width(column.label, _SIZE) + 28
        if lines[-1] and used + need > WIDTH:
            lines.append([])
            used = 0.0
        lines[-1].append((ground, column))
        used += need
    return lines


def _draw_key(made: Drawing, lines: list[list[tuple[int, Head]]]) -> None:
    for number, line in enumerate(lines):
        x, y = 0.0, number * _KEY + 1
        for ground, column in line:
            made.box(x, y, 14, 9, ground)
            made.text(x + 18, y + 8, column.label, _SIZE)
            x += text_width(column.label, _SIZE) + 28


def _cut(text: str, room: float) -> str:
    if text_width(text, _SIZE) <= room:
        return text
    while text and text_width(f"{text}…", _SIZE) > room:
        text = text[:-1]
    return _("{text}…").format(text=text.rstrip())
