"""From a form and its facts to pieces: the layout of Decree 30/2020/NĐ-CP, Annex I.

Sizes and rules are those of the annex; where it leaves a range, the choice is
named here once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from traffick_desk.papers import columns, parts
from traffick_desk.papers import forms as f
from traffick_desk.papers import page as p
from traffick_desk.papers.drawing import Drawing
from traffick_desk.papers.figures import matrix, picture
from traffick_desk.papers.lines import Line, balanced, break_lines, dotted
from traffick_desk.papers.template import Template
from traffick_desk.papers.values import Answer, Run, Scope, face_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_NOT_CHECKED = "Bản dịch này chưa được người bản ngữ kiểm tra."
_SMALL_TABLE = 100.0
"""Tables whose rows are at most this high (points) are not cut by a page end."""


class Composer:
    """Lays out one paper; :attr:`pieces` is the result."""

    def __init__(self, form: f.Form, scope: Scope) -> None:
        self._form = form
        self._size = float(form.size)
        self._spacing = form.spacing
        self.pieces: list[p.Piece] = []
        self._makers: dict[type, Callable[..., None]] = {
            f.Header: self._header,
            f.Title: self._title,
            f.Receivers: self._receivers,
            f.Bases: self._bases,
            f.Paragraph: self._paragraph,
            f.Row: self._row,
            f.Table: self._table,
            f.Grid: self._grid,
            f.Matrix: self._matrix,
            f.Picture: self._picture,
            f.Each: self._each,
            f.Group: self._group,
            f.Options: self._options,
            f.Frame: self._frame,
            f.Code: self._code,
            f.Closing: self._closing,
        }
        if form.mark:
            run = Run(form.mark, face_of(bold=False, italic=True))
            self._lines(break_lines([run], p.TEXT_WIDTH, 11), 11, align="right", keep=True)
            self.pieces.append(parts.gap(4.0, keep=True))
        if form.unchecked is not None:
            said = scope.runs(form.unchecked)
            runs = [Run(f"{_NOT_CHECKED}\n", face_of(bold=True, italic=False)), *said]
            lines = break_lines(runs, p.TEXT_WIDTH - 20, 12)
            self._add(parts.frame(lines, 12, form.spacing), runs, scope)
            self.pieces[-1].keep = True
        self._parts(form.parts, scope)

    def _parts(self, body: Sequence[f.Part], scope: Scope) -> None:
        for part in body:
            if part.when and not scope.holds(part.when):
                continue
            if scope.blank and not part.in_blank:
                continue
            # A blank form has room for every case.
            if part.unless and not scope.blank and scope.holds(part.unless):
                continue
            self._makers[type(part.block)](part.block, scope)

    def _lines(
        self,
        lines: Sequence[Line],
        size: float,
        *,
        align: str = "justify",
        before: float = 0.0,
        keep: bool = False,
        spacing: float = 1.0,
    ) -> None:
        """Add lines, never leaving one of them alone on a page."""
        leading = parts.leading(size, spacing)
        count = len(lines)
        for number, line in enumerate(lines):
            self.pieces.append(
                p.Piece(
                    leading,
                    partial(parts.draw_line, line=line, size=size, align=align, leading=leading),
                    before=before if number == 0 else 0.0,
                    keep=keep
                    if number == count - 1
                    else number == 0 or number == count - 2 or count <= 3,
                )
            )

    def _add(self, piece: p.Piece, runs: Sequence[Run], scope: Scope) -> None:
        """Add a piece that must fit on a page; *runs* is what made it so high."""
        if piece.height > p.TEXT_HEIGHT * 0.6:
            raise parts.too_long(runs, scope)
        self.pieces.append(piece)

    def _header(self, block: f.Header, scope: Scope) -> None:
        if block.issuer is None:
            self.pieces.append(columns.national_title())
        else:
            self._add(*columns.agency_header(block, scope), scope)

    def _title(self, block: f.Title, scope: Scope) -> None:
        kind = break_lines(scope.runs(block.kind, bold=True), p.TEXT_WIDTH, 14, fill=False)
        self._lines(kind, 14, align="center", before=14.0, keep=True)
        last = kind[-1]
        if block.subject is not None:
            subject = balanced(scope.runs(block.subject, bold=True), p.TEXT_WIDTH * 0.85, 14)
            width = max(line.width for line in subject)
            self._lines(subject, 14, align="center", keep=True)
            last = Line(subject[-1].spans, width, 0, loose=True)
        if block.rule:
            self.pieces.append(parts.short_rule(last.width))
        self.pieces[-1].keep = True

    def _receivers(self, block: f.Receivers, scope: Scope) -> None:
        texts = [scope.runs(line) for line in block.lines]
        lead = Run("Kính gửi: ", face_of(bold=False, italic=False))
        if len(texts) == 1:
            lines = break_lines([lead, *texts[0]], p.TEXT_WIDTH, 14, fill=False)
            self._lines(lines, 14, align="center", before=12.0, keep=True)
        else:
            self._lines(break_lines([lead], p.TEXT_WIDTH, 14, first=90), 14, before=12.0, keep=True)
            for number, text in enumerate(texts):
                end = "." if number == len(texts) - 1 else ";"
                runs = [Run("- ", lead.face), *text, Run(end, lead.face)]
                lines = break_lines(runs, p.TEXT_WIDTH, 14, first=120, fill=False)
                self._lines(lines, 14, align="left", keep=True)
        self.pieces.append(parts.gap(6.0, keep=True))

    def _bases(self, block: f.Bases, scope: Scope) -> None:
        for number, line in enumerate(block.lines):
            end = "." if number == len(block.lines) - 1 else ";"
            runs = scope.runs(line, italic=True)
            self._text([*runs, Run(end, face_of(bold=False, italic=True))], keep=True)

    def _text(
        self,
        runs: Sequence[Run],
        *,
        size: float = 0.0,
        indent: bool = True,
        align: str = "justify",
        lines: int = 1,
        keep: bool = False,
    ) -> None:
        size = size or self._size
        first = p.INDENT if indent and align in {"justify", "left"} else 0.0
        broken = break_lines(runs, p.TEXT_WIDTH, size, first=first, fill=align != "center")
        spacing = self._spacing
        if lines > 1 and runs and runs[-1].blank:
            spacing = 1.5  # handwriting needs room
            face = runs[-1].face
            broken += [dotted(p.TEXT_WIDTH, face, size) for _ in range(lines - 1)]
        self._lines(broken, size, align=align, before=p.PARAGRAPH, keep=keep, spacing=spacing)

    def _paragraph(self, block: f.Paragraph, scope: Scope) -> None:
        runs = scope.runs(block.text, bold=block.bold, italic=block.italic)
        self._text(
            runs,
            size=float(block.size),
            indent=block.indent,
            align=block.align,
            lines=block.lines,
            keep=block.keep,
        )

    def _row(self, block: f.Row, scope: Scope) -> None:
        widths = [p.TEXT_WIDTH * width / sum(block.widths) for width in block.widths]
        cells = []
        for number, (cell, width) in enumerate(zip(block.cells, widths, strict=True)):
            room = width - (8.0 if number < len(widths) - 1 else 0.0)
            indent = p.INDENT if number == 0 else 0.0
            lines = break_lines(scope.runs(cell), room - indent, self._size)
            for line in lines:
                line.indent = indent
            cells.append(lines)
        slices = parts.slices(
            cells,
            widths,
            parts.Style(self._size, self._spacing, ruled=False, aligns=("left",) * len(cells)),
        )
        slices[0].before = p.PARAGRAPH
        self.pieces += slices

    def _table(self, block: f.Table, scope: Scope) -> None:
        size = float(block.size or self._size)
        total = sum(column.width for column in block.columns)
        widths = [p.TEXT_WIDTH * column.width / total for column in block.columns]
        aligns = tuple(column.align for column in block.columns)
        style = parts.Style(size, 1.0, ruled=True, aligns=aligns)
        head_style = parts.Style(size, 1.0, ruled=True, aligns=("center",) * len(widths))

        def cells(texts: Sequence[Template], inner: Scope, *, bold: bool) -> list[list[Line]]:
            return [
                break_lines(
                    inner.runs(text, bold=bold, dots=False), width - 2 * parts.PAD, size, fill=False
                )
                for text, width in zip(texts, widths, strict=True)
            ]

        titles = [column.title for column in block.columns]
        header = tuple(parts.slices(cells(titles, scope, bold=True), widths, head_style))
        for piece in header:
            piece.keep = True
        rounds = scope.rounds(block.path)
        rows: list[p.Piece] = []
        if isinstance(rounds, Answer):
            rows = [parts.wide_row(rounds.value, size)]
        elif scope.get(block.path) is not None and not rounds and block.empty is not None:
            # An empty list says "none"; a missing one leaves room to write.
            rows = [parts.wide_row(scope.text(block.empty), size)]
        elif not rounds:
            rows = [parts.empty_row(widths, size) for _ in range(block.blank_rows)]
        else:
            texts = [column.text for column in block.columns]
            for number, value in enumerate(rounds, 1):
                inner = scope.inner(block.name, block.path, value, number)
                rows += parts.slices(cells(texts, inner, bold=False), widths, style)
        for piece in rows:
            piece.header = header
        if sum(piece.height for piece in rows) <= _SMALL_TABLE:
            for piece in rows[:-1]:
                piece.keep = True
        header[0].before = p.PARAGRAPH
        self.pieces += [*header, *rows]

    def _grid(self, block: f.Grid, scope: Scope) -> None:
        size = float(block.size or self._size)
        total = sum(column.width for column in block.columns)
        widths = [p.TEXT_WIDTH * column.width / total for column in block.columns]
        aligns = tuple(column.align for column in block.columns)

        def row(texts: Sequence[Template], style: parts.Style, *, bold: bool) -> list[p.Piece]:
            cells = [
                break_lines(scope.runs(text, bold=bold, dots=False), width - 2 * parts.PAD, size)
                for text, width in zip(texts, widths, strict=True)
            ]
            return parts.slices(cells, widths, style, height=block.height if not bold else 0.0)

        heads = [column.title for column in block.columns]
        centred = ("center",) * len(widths)
        header = tuple(row(heads, parts.Style(size, 1.0, ruled=True, aligns=centred), bold=True))
        for piece in header:
            piece.keep = True
        header[0].before = p.PARAGRAPH
        self.pieces += header
        style = parts.Style(size, 1.0, ruled=True, aligns=aligns)
        for texts in block.rows:
            pieces = row(texts, style, bold=False)
            for piece in pieces:
                piece.header = header
            self.pieces += pieces

    def _matrix(self, block: f.Matrix, scope: Scope) -> None:
        if isinstance(found := scope.get(block.path), Mapping):
            rows = matrix(found, float(block.size or self._size))
            rows[0].before = p.PARAGRAPH
            self.pieces += rows

    def _picture(self, block: f.Picture, scope: Scope) -> None:
        if isinstance(found := scope.get(block.path), Drawing):
            self.pieces.append(picture(found))

    def _each(self, block: f.Each, scope: Scope) -> None:
        rounds = scope.rounds(block.path)
        values = [] if isinstance(rounds, Answer) else rounds
        if scope.blank:
            values = [{}]
        for number, value in enumerate(values, 1):
            self._parts(block.body, scope.inner(block.name, block.path, value, number))

    def _group(self, block: f.Group, scope: Scope) -> None:
        self._parts(block.body, scope)

    def _options(self, block: f.Options, scope: Scope) -> None:
        rounds = scope.rounds(block.path)
        chosen = [] if isinstance(rounds, Answer) else rounds
        known = {option.code for option in block.options}
        for code in chosen:
            if not isinstance(code, str) or code not in known:
                raise parts.bad_choice(block.path, code)
        for option in block.options:
            left = p.INDENT + 18
            lines = break_lines(scope.runs(option.text), p.TEXT_WIDTH - left, self._size)
            self.pieces += parts.option(
                lines, self._size, self._spacing, ticked=option.code in chosen, left=left
            )
            if option.details is not None and (scope.blank or option.code in chosen):
                self._text(scope.runs(option.details))

    def _frame(self, block: f.Frame, scope: Scope) -> None:
        runs = scope.runs(block.text, bold=block.bold)
        lines = break_lines(runs, p.TEXT_WIDTH - 20, self._size)
        self._add(parts.frame(lines, self._size, self._spacing), runs, scope)

    def _code(self, block: f.Code, scope: Scope) -> None:
        self.pieces += parts.code_groups(block, scope)

    def _closing(self, block: f.Closing, scope: Scope) -> None:
        shown = [
            s
            for s in block.signatures
            if (not s.when or scope.holds(s.when))
            and (not s.unless or scope.blank or not scope.holds(s.unless))
        ]
        pieces = columns.closing(shown, block.recipients, scope)
        # No signature without text above it (nobody signs an empty page): two lines go along.
        for piece in self.pieces[-2:]:
            piece.keep = True
        for piece, runs in pieces:
            piece.keep = True
            self._add(piece, runs, scope)
        self.pieces[-1].keep = False
