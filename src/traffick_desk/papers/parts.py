"""The drawn parts of a paper: header, rules, table rows, boxes, signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from traffick_desk.papers import fonts
from traffick_desk.papers import forms as f
from traffick_desk.papers import page as p
from traffick_desk.papers.errors import BadFact, TextTooLong
from traffick_desk.papers.lines import Line, balanced, break_lines
from traffick_desk.papers.values import Answer, Run, Scope, is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from traffick_desk.papers.page import Canvas
    from traffick_desk.papers.template import Template

PAD = 4.0
"""Inner margin of a table cell, points."""
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT_COLUMN = 176.0
_SIGNING = 64.0
"""Space to sign, points (the seal covers a third of it)."""
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
    first: bool,
    last: bool,
    line: Line,
    size: float,
    align: str,
    leading: float,
) -> None:
    """Draw a line of the body."""
    put_line(canvas, line, p.LEFT, y, p.TEXT_WIDTH, size, align, leading)


def gap(height: float, *, keep: bool = False) -> p.Piece:
    """Nothing, *height* points of it."""

    def draw(canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
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

    def draw(canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
        middle = p.LEFT + p.TEXT_WIDTH / 2
        canvas.rule(middle - length / 2, y + 3, middle + length / 2, y + 3)

    return p.Piece(10.0, draw, keep=True)


# The heading ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Stacked:
    """A centred line in one of the two columns of the heading."""

    line: Line
    y: float
    size: float


class _Column:
    def __init__(self, x: float, width: float) -> None:
        self.x, self.width, self.y = x, width, 0.0
        self.lines: list[_Stacked] = []
        self.rules: list[tuple[float, float]] = []
        self.frames: list[tuple[float, float, float]] = []
        self.runs: list[Run] = []

    def add(self, runs: Sequence[Run], size: float, before: float = 0.0) -> list[Line]:
        self.y += before
        self.runs += runs
        lines = balanced(runs, self.width, size)
        for line in lines:
            self.lines.append(_Stacked(line, self.y, size))
            self.y += leading(size, 1.0)
        return lines

    def rule(self, length: float) -> None:
        self.rules.append((self.y + 2.0, length))
        self.y += 5.0

    def frame(self, text: str, size: float) -> None:
        self.y += 8.0
        (line,) = break_lines([Run(text, fonts.BOLD)], 1e9, size)
        height = leading(size, 1.0) + 4
        self.frames.append((self.y, line.width + 12, height))
        self.lines.append(_Stacked(line, self.y + 2, size))
        self.y += height

    def draw(self, canvas: Canvas, top: float) -> None:
        middle = self.x + self.width / 2
        for item in self.lines:
            lead = leading(item.size, 1.0)
            put_line(canvas, item.line, self.x, top + item.y, self.width, item.size, "center", lead)
        for y, length in self.rules:
            canvas.rule(middle - length / 2, top + y, middle + length / 2, top + y)
        for y, width, height in self.frames:
            canvas.box(middle - width / 2, top + y, width, height)


def _nation(column: _Column) -> None:
    column.add([Run(NATION, fonts.BOLD)], 13)
    motto = column.add([Run(MOTTO, fonts.BOLD)], 14)
    column.rule(motto[0].width)


def _draw_columns(
    canvas: Canvas, y: float, *, first: bool, last: bool, columns: Sequence[_Column]
) -> None:
    for column in columns:
        column.draw(canvas, y)


def national_title() -> p.Piece:
    """Country and motto alone, centred, as on an application of a citizen."""
    column = _Column(p.LEFT, p.TEXT_WIDTH)
    _nation(column)
    return p.Piece(column.y + 2, partial(_draw_columns, columns=[column]))


def agency_header(block: f.Header, scope: Scope) -> tuple[p.Piece, list[Run]]:
    """Body, number and subject at the left; country, motto, place and date at the right."""
    left = _Column(p.LEFT, _LEFT_COLUMN)
    right = _Column(p.LEFT + _LEFT_COLUMN, p.TEXT_WIDTH - _LEFT_COLUMN)
    if block.governing is not None:
        governing = scope.runs(block.governing, dots=False)
        if any(run.text.strip() for run in governing):
            left.add(_capitals(governing), 13)
    assert block.issuer is not None
    issuer = left.add(_capitals(scope.runs(block.issuer, bold=True)), 13)
    left.rule(issuer[-1].width * 0.4)
    _nation(right)
    left.y = right.y = max(left.y, right.y) + 6
    if block.number is not None:
        left.add(scope.runs(block.number), 13)
    if block.place_date is not None:
        # The number is 13 and the date 14: half a point lets their baselines meet.
        right.y -= (leading(14, 1.0) - leading(13, 1.0)) / 2 + 0.3375
        right.add(scope.runs(block.place_date, italic=True), 14)
    if block.about is not None:
        left.add(scope.runs(block.about), 13, before=6)
    if block.circulation:
        left.frame(block.circulation, 13)
    height = max(left.y, right.y) + 4
    piece = p.Piece(height, partial(_draw_columns, columns=[left, right]), keep=True)
    return piece, left.runs + right.runs


_BODIES = re.compile(r"^(ỦY BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN) +(?=\S)")


def _capitals(runs: Sequence[Run]) -> list[Run]:
    """Capitals; a People's Committee has the name of its place on a line of its own."""
    return [
        Run(_BODIES.sub("\\1\n", run.text.upper()), run.face, run.blank, run.path) for run in runs
    ]


# Tables ----------------------------------------------------------------------------------


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

    def __call__(self, canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
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
        if not self.style.ruled:
            return
        if self.top or first:
            canvas.rule(p.LEFT, y, x, y, 0.5)
        if self.bottom or last:
            canvas.rule(p.LEFT, y + self.height, x, y + self.height, 0.5)
        x = p.LEFT
        for width in (0.0, *self.widths):
            x += width
            canvas.rule(x, y, x, y + self.height, 0.5)


def slices(cells: Sequence[Sequence[Line]], widths: Sequence[float], style: Style) -> list[p.Piece]:
    """A row as pieces, one for each line, so that a long row can go over a page end."""
    count = max(len(cell) for cell in cells)
    lead = leading(style.size, style.spacing)
    pieces = []
    for number in range(count):
        top, bottom = number == 0, number == count - 1
        above = 2.0 if top and style.ruled else 0.0
        below = 2.0 if bottom and style.ruled else 0.0
        height = lead + above + below
        lines = [cell[number] if number < len(cell) else None for cell in cells]
        draw = _Slice(lines, widths, style, top, bottom, above, height)
        keep = not bottom and (count <= _WHOLE_ROW or number in {0, count - 2})
        pieces.append(p.Piece(height, draw, keep=keep))
    return pieces


def empty_row(widths: Sequence[float], size: float) -> p.Piece:
    """A row to write in by hand."""
    style = Style(size, 1.0, ruled=True, aligns=("left",) * len(widths))
    height = leading(size, 1.6)
    draw = _Slice([None] * len(widths), widths, style, True, True, 0.0, height)
    return p.Piece(height, draw)


def wide_row(text: str, size: float) -> p.Piece:
    """A row of one cell: what is said instead of rows."""
    style = Style(size, 1.0, ruled=True, aligns=("center",))
    lines = break_lines([Run(text, fonts.ITALIC)], p.TEXT_WIDTH - 2 * PAD, size)
    (piece,) = slices([lines[:1]], [p.TEXT_WIDTH], style)
    return piece


# Boxes -------------------------------------------------------------------------------------


def option(
    lines: Sequence[Line], size: float, spacing: float, *, ticked: bool, left: float
) -> list[p.Piece]:
    """A box to tick and its text."""
    lead = leading(size, spacing)

    def draw(canvas: Canvas, y: float, *, first: bool, last: bool, line: Line, boxed: bool) -> None:
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

    def draw(canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
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


def _draw_groups(
    canvas: Canvas, y: float, *, first: bool, last: bool, lines: Sequence[Line], start: int
) -> None:
    width = p.TEXT_WIDTH / _PER_ROW
    for number, line in enumerate(lines):
        x = p.LEFT + number * width
        canvas.box(x, y, width, 44.0)
        canvas.text([(fonts.REGULAR, str(start + number + 1))], x + 4, y + 11, 9)
        put_line(canvas, line, x, y + 12, width, 20.0, "center", 26.0)


# Signatures ----------------------------------------------------------------------------------


class _Block(_Column):
    """A column with a signature."""

    def head(self, signature: f.Signature, scope: Scope) -> None:
        """Who signs, and how."""
        if signature.place_date is not None:
            self.add(scope.runs(signature.place_date, italic=True), 14)
            self.y += 2
        self.add(scope.runs(signature.lines, bold=True), 13 if self.width < 200 else 14)
        if signature.note is not None:
            self.add(scope.runs(signature.note, italic=True), 12 if self.width < 200 else 13)

    def name(self, signature: f.Signature, scope: Scope, top: float) -> None:
        """The name, at the same height in all columns; left free when it is missing."""
        self.y = top + _SIGNING
        if signature.name is not None:
            name = scope.runs(signature.name, bold=True, dots=False)
            self.add(name, 14 if self.width > 200 else 13)


def closing(
    signatures: Sequence[f.Signature], recipients: Sequence[Template], scope: Scope
) -> list[tuple[p.Piece, list[Run]]]:
    """The end of a paper; with each piece the texts in it, to name the one that is too long."""
    if recipients:
        return [_letter_end(signatures[0], recipients, scope)]
    per_row = 2 if len(signatures) in {2, 4} else 3
    rows = []
    for start in range(0, len(signatures), per_row):
        row = signatures[start : start + per_row]
        count = max(len(row), 1)
        # A lone signer signs at the right, as on every Vietnamese paper.
        count, offset = (2, 1) if count == 1 else (count, 0)
        width = p.TEXT_WIDTH / count
        columns = []
        for number, signature in enumerate(row):
            column = _Block(p.LEFT + (number + offset) * width + 4, width - 8)
            column.head(signature, scope)
            columns.append(column)
        top = max(column.y for column in columns)
        for column, signature in zip(columns, row, strict=True):
            column.name(signature, scope, top)
        height = max(column.y for column in columns) + 4
        piece = p.Piece(height, partial(_draw_columns, columns=columns), before=14.0)
        rows.append((piece, [run for column in columns for run in column.runs]))
    return rows


def _letter_end(
    signature: f.Signature, recipients: Sequence[Template], scope: Scope
) -> tuple[p.Piece, list[Run]]:
    split = 205.0
    column = _Block(p.LEFT + split, p.TEXT_WIDTH - split)
    column.head(signature, scope)
    column.name(signature, scope, column.y)
    runs = list(column.runs)
    lines = [(break_lines([Run("Nơi nhận:", fonts.BOLD_ITALIC)], split, 12)[0], 12.0)]
    for number, recipient in enumerate(recipients):
        text = scope.runs(recipient)
        runs += text
        end = "." if number == len(recipients) - 1 else ";"
        row = [Run("- ", fonts.REGULAR), *text, Run(end, fonts.REGULAR)]
        lines += [(line, 11.0) for line in break_lines(row, split - 12, 11, fill=False)]
    height = max(column.y, sum(leading(size, 1.0) for _line, size in lines)) + 4

    def draw(canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
        column.draw(canvas, y)
        top = y
        for line, size in lines:
            lead = leading(size, 1.0)
            put_line(canvas, line, p.LEFT, top, split, size, "left", lead)
            top += lead

    return p.Piece(height, draw, before=14.0), runs
