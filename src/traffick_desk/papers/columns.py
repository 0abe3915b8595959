"""Texts centred in columns: the heading of a paper and the signatures at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from traffick_desk.papers import fonts
from traffick_desk.papers import page as p
from traffick_desk.papers.lines import Line, balanced, break_lines
from traffick_desk.papers.parts import leading, put_line
from traffick_desk.papers.values import Run, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from traffick_desk.papers import forms as f
    from traffick_desk.papers.page import Canvas
    from traffick_desk.papers.template import Template

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT_COLUMN = 176.0
_SIGNING = 64.0
"""Space to sign, points (the seal covers a third of it)."""


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


def _draw_columns(canvas: Canvas, y: float, *, columns: Sequence[_Column]) -> None:
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
    if block.issuer is not None:
        issuer = left.add(_capitals(scope.runs(block.issuer, bold=True)), 13)
        # The decree: 1/3 to 1/2 of the text's length.
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
        inset = 8.0 if count == 3 else 0.0
        columns = []
        for number, signature in enumerate(row):
            column = _Block(p.LEFT + (number + offset) * width + inset, width - 2 * inset)
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

    def draw(canvas: Canvas, y: float) -> None:
        column.draw(canvas, y)
        top = y
        for line, size in lines:
            lead = leading(size, 1.0)
            put_line(canvas, line, p.LEFT, top, split, size, "left", lead)
            top += lead

    return p.Piece(height, draw, before=14.0), runs
