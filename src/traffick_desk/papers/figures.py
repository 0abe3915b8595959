"""Tables of figures and charts as pieces of a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from traffick_desk.papers import fonts, parts
from traffick_desk.papers import page as p
from traffick_desk.papers.drawing import Drawing, Fill, Stroke, Word
from traffick_desk.papers.lines import Line, break_lines
from traffick_desk.papers.values import Run

if TYPE_CHECKING:
    from traffick_desk.papers.page import Canvas

_NARROW = 8
"""From so many columns on the letters are smaller."""
_LEAST = 36.0
"""A column of figures is at least so wide (points)."""


def matrix(found: Mapping[str, Any], size: float) -> list[p.Piece]:
    """A ruled table whose columns come with the facts; the first holds words, the rest figures.

    Args:
        found: ``heads``, ``rows`` of texts, and whether the last is a ``total``.
        size: of the letters, points.
    """
    heads: Sequence[str] = found["heads"]
    rows: Sequence[Sequence[str]] = found["rows"]
    size = min(size, 9.0) if len(heads) >= _NARROW else size
    widths = _widths(len(heads))
    aligns = ("left", *("right",) * (len(heads) - 1))
    style = parts.Style(size, 1.0, ruled=True, aligns=aligns)
    centred = parts.Style(size, 1.0, ruled=True, aligns=("center",) * len(heads))
    header = tuple(parts.slices(_cells(heads, widths, size, fonts.BOLD), widths, centred))
    for piece in header:
        piece.keep = True
    made: list[p.Piece] = []
    for number, row in enumerate(rows, 1):
        last = number == len(rows) and found.get("total")
        face = fonts.BOLD if last else fonts.REGULAR
        pieces = parts.slices(_cells(row, widths, size, face), widths, style)
        for piece in pieces:
            piece.header = header
        if number >= len(rows) - 1:
            # The total is not alone on a page.
            pieces[-1].keep = number == len(rows) - 1
        made += pieces
    return [*header, *made]


def _widths(count: int) -> list[float]:
    if count == 1:
        return [p.TEXT_WIDTH]
    first = max(p.TEXT_WIDTH * 0.3, p.TEXT_WIDTH - (count - 1) * 62.0)
    rest = (p.TEXT_WIDTH - first) / (count - 1)
    if rest < _LEAST:
        rest = _LEAST
        first = max(p.TEXT_WIDTH - rest * (count - 1), 90.0)
        rest = (p.TEXT_WIDTH - first) / (count - 1)
    return [first, *[rest] * (count - 1)]


def _cells(
    texts: Sequence[str], widths: Sequence[float], size: float, face: str
) -> list[list[Line]]:
    return [
        break_lines([Run(text, face)], width - 2 * parts.PAD, size, fill=False)
        for text, width in zip(texts, widths, strict=True)
    ]


class _OnPaper:
    """Draws a drawing on a sheet, with its upper left corner at a point."""

    def __init__(self, canvas: Canvas, x: float, y: float) -> None:
        self._canvas, self._x, self._y = canvas, x, y

    def fill(self, shape: Fill) -> None:
        """See ``drawing.Painter``."""
        x, y = self._x + shape.x, self._y + shape.y
        self._canvas.fill(x, y, shape.width, shape.height, shape.grey)

    def stroke(self, shape: Stroke) -> None:
        """See ``drawing.Painter``."""
        x, y = self._x, self._y
        self._canvas.rule(x + shape.x1, y + shape.y1, x + shape.x2, y + shape.y2, shape.width)

    def word(self, shape: Word) -> None:
        """See ``drawing.Painter``."""
        face = fonts.BOLD if shape.bold else fonts.REGULAR
        width = fonts.faces().width(shape.text, face, shape.size)
        shift = {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
        x = self._x + shape.x - shift
        if shape.text:
            self._canvas.text([(face, shape.text)], x, self._y + shape.y, shape.size)


def picture(drawing: Drawing) -> p.Piece:
    """A drawing between the margins; it is never cut in two."""

    def draw(canvas: Canvas, y: float, drawing: Drawing) -> None:
        drawing.paint(_OnPaper(canvas, p.LEFT, y))

    return p.Piece(drawing.height + 6, partial(draw, drawing=drawing), before=p.PARAGRAPH)
