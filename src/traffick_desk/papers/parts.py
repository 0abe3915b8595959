"""The drawn parts of a paper: lines, rules, table rows, boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from traffick_desk.papers import fonts
from traffick_desk.papers import forms as f
from traffick_desk.papers import page as p
from traffick_desk.papers.errors import BadFact, TextTooLong
from traffick_desk.papers.lines import Line, break_lines
from traffick_desk.papers.values import Answer, Run, Scope, is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from traffick_desk.papers.page import Canvas

PAD = 4.0
"""Inner margin of a table cell, points."""
_WHOLE_ROW = 14
"""Rows of at most so many lines are not cut by a page end."""


def leading(size: float, spacing: float) -> float:
    """Distance of baselines in points; *spacing* in single lines."""
    return size * fonts.LINE * spacing


def _baseline(y: float, size: float, lead: float) -> float:
    return y + (lead - size * (fonts.ASCENT + fonts.DESCENT)) / 2 + size * fonts.ASCENT


def put_line(
    canvas: Canvas,
    line: Line,
    x: float,
    y: float,
    width: float,
    size: float,
    align: str,
    lead: float,
) -> None:
    """Draw *line* in a column of *width* at *x*, the line's top at *y*."""
    if not line.spans:
        return
    offset, stretch = line.indent, 0.0
    if align == "center":
        offset = (width - line.width) / 2
    elif align == "right":
        offset = width - line.width
    elif align == "justify":
        stretch = line.stretch(width, size)
    canvas.text(line.spans, x + offset, _baseline(y, size, lead), size, stretch)


def draw_line(
    canvas: Canvas,
    y: float,
    *,
    line: Line,
    size: float,
    align: str,
    leading: float,
) -> None:
    """Draw a line of the body."""
    put_line(canvas, line, p.LEFT, y, p.TEXT_WIDTH, size, align, leading)


def gap(height: float, *, keep: bool = False) -> p.Piece:
    """Nothing, *height* points of it."""

    def draw(canvas: Canvas, y: float) -> None:  # noqa: ARG001 - nothing is drawn
        return

    return p.Piece(height, draw, keep=keep)


def too_long(runs: Sequence[Run], scope: Scope) -> TextTooLong:
    """The error that names the longest value among *runs*."""
    longest = max(runs, key=lambda run: len(run.text), default=Run("", fonts.REGULAR))
    return TextTooLong(scope.label(longest.path), longest.path, len(longest.text))


def bad_choice(path: str, code: object) -> BadFact:
    """The error for a code that the form does not offer."""
    return BadFact(path, code)


def short_rule(width: float) -> p.Piece:
    """The solid rule below a title: 0.4 of the text's width (the decree: 1/3 to 1/2)."""
    length = width * 0.4

    def draw(canvas: Canvas, y: float) -> None:
        middle = p.LEFT + p.TEXT_WIDTH / 2
        canvas.rule(middle - length / 2, y + 3, middle + length / 2, y + 3)

    return p.Piece(10.0, draw, keep=True)


@dataclass(frozen=True, slots=True)
class Style:
    """How rows look: font size, line spacing, borders, alignment of each column."""

    size: float
    spacing: float
    ruled: bool
    aligns: tuple[str, ...]


@dataclass(slots=True)
class _Slice:
    """One line of each cell of a row; borders where the row or the page begins or ends."""

    lines: list[Line | None]
    widths: Sequence[float]
    style: Style
    top: bool
    bottom: bool
    above: float
    height: float

    def draw(self, canvas: Canvas, y: float) -> None:
        """Draw the texts."""
        x = p.LEFT
        pad = PAD if self.style.ruled else 0.0
        lead = leading(self.style.size, self.style.spacing)
        for line, width, align in zip(self.lines, self.widths, self.style.aligns, strict=True):
            if line is not None:
                put_line(
                    canvas,
                    line,
                    x + pad,
                    y + self.above,
                    width - 2 * pad,
                    self.style.size,
                    align,
                    lead,
                )
            x += width

    def borders(self, canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
        """Draw the rules; a row that a page end cuts is closed there and opened on the next."""
        x = p.LEFT + sum(self.widths)
        if self.top or first:
            canvas.rule(p.LEFT, y, x, y, 0.5)
        if self.bottom or last:
            canvas.rule(p.LEFT, y + self.height, x, y + self.height, 0.5)
        x = p.LEFT
        for width in (0.0, *self.widths):
            x += width
            canvas.rule(x, y, x, y + self.height, 0.5)


def slices(
    cells: Sequence[Sequence[Line]],
    widths: Sequence[float],
    style: Style,
    *,
    height: float = 0.0,
) -> list[p.Piece]:
    """A row as pieces, one for each line, so that a long row can go over a page end.

    It is at least *height* lines high: room to write in.
    """
    count = max(len(cell) for cell in cells)
    more = max(0.0, height - count)
    lead = leading(style.size, style.spacing)
    pieces = []
    for number in range(count):
        top, bottom = number == 0, number == count - 1
        above = 2.0 if top and style.ruled else 0.0
        below = 2.0 if bottom and style.ruled else 0.0
        high = lead + above + below + (more * lead if bottom else 0.0)
        lines = [cell[number] if number < len(cell) else None for cell in cells]
        made = _Slice(lines, widths, style, top, bottom, above, high)
        keep = not bottom and (count <= _WHOLE_ROW or number in {0, count - 2})
        borders = made.borders if style.ruled else None
        pieces.append(p.Piece(high, made.draw, keep=keep, borders=borders))
    return pieces


def empty_row(widths: Sequence[float], size: float) -> p.Piece:
    """A row to write in by hand."""
    style = Style(size, 1.0, ruled=True, aligns=("left",) * len(widths))
    height = leading(size, 1.6)
    row = _Slice(
        [None] * len(widths), widths, style, top=True, bottom=True, above=0.0, height=height
    )
    return p.Piece(height, row.draw, borders=row.borders)


def wide_row(text: str, size: float) -> p.Piece:
    """A row of one cell: what is said instead of rows."""
    style = Style(size, 1.0, ruled=True, aligns=("center",))
    lines = break_lines([Run(text, fonts.ITALIC)], p.TEXT_WIDTH - 2 * PAD, size)
    (piece,) = slices([lines[:1]], [p.TEXT_WIDTH], style)
    return piece


def option(
    lines: Sequence[Line], size: float, spacing: float, *, ticked: bool, left: float
) -> list[p.Piece]:
    """A box to tick and its text."""
    lead = leading(size, spacing)

    def draw(canvas: Canvas, y: float, *, line: Line, boxed: bool) -> None:
        put_line(canvas, line, p.LEFT + left, y, p.TEXT_WIDTH - left, size, "left", lead)
        if boxed:
            side = size * 0.75
            x, top = p.LEFT + left - 18, _baseline(y, size, lead) - side + 0.5
            canvas.box(x, top, side, side)
            if ticked:
                canvas.rule(x + 1.5, top + 1.5, x + side - 1.5, top + side - 1.5, 1.2)
                canvas.rule(x + 1.5, top + side - 1.5, x + side - 1.5, top + 1.5, 1.2)

    return [
        p.Piece(
            lead,
            partial(draw, line=line, boxed=number == 0),
            before=p.PARAGRAPH if number == 0 else 0.0,
            keep=number < len(lines) - 1 and len(lines) < _WHOLE_ROW,
        )
        for number, line in enumerate(lines)
    ]


def frame(lines: Sequence[Line], size: float, spacing: float) -> p.Piece:
    """A framed notice."""
    lead = leading(size, spacing)
    height = len(lines) * lead + 14

    def draw(canvas: Canvas, y: float) -> None:
        canvas.box(p.LEFT, y, p.TEXT_WIDTH, height, 1.0)
        for number, line in enumerate(lines):
            put_line(
                canvas,
                line,
                p.LEFT + 10,
                y + 7 + number * lead,
                p.TEXT_WIDTH - 20,
                size,
                "justify",
                lead,
            )

    return p.Piece(height, draw, before=10.0)


_PER_ROW = 4


def code_groups(block: f.Code, scope: Scope) -> list[p.Piece]:
    """A long code in numbered boxes, four to a row, large enough to be copied without a slip."""
    value = scope.get(block.path)
    text = "" if is_missing(value) or isinstance(value, Answer) else str(value)
    declared = scope.declared(block.path)
    text = fonts.clean(text, lambda: (scope.label(declared), declared))
    groups = [group for group in re.split(r"[\s\-–]+", text) if group] or [""] * block.groups
    size, width = 20.0, p.TEXT_WIDTH / _PER_ROW
    height = 44.0
    rows = []
    for start in range(0, len(groups), _PER_ROW):
        row = groups[start : start + _PER_ROW]
        lines = [break_lines([Run(group, fonts.BOLD)], 1e9, size)[0] for group in row]
        if any(line.width > width - 2 * PAD for line in lines):
            raise TextTooLong(scope.label(declared), declared, len(text))
        rows.append(p.Piece(height, partial(_draw_groups, lines=lines, start=start), keep=True))
    rows[0].before = 12.0
    rows[-1].keep = False
    return rows


def _draw_groups(canvas: Canvas, y: float, *, lines: Sequence[Line], start: int) -> None:
    width = p.TEXT_WIDTH / _PER_ROW
    for number, line in enumerate(lines):
        x = p.LEFT + number * width
        canvas.box(x, y, width, 44.0)
        canvas.text([(fonts.REGULAR, str(start + number + 1))], x + 4, y + 11, 9)
        put_line(canvas, line, x, y + 12, width, 20.0, "center", 26.0)
