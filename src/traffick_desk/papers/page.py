"""The sheet of Decree 30/2020/NĐ-CP, Annex I, and flowing pieces over sheets of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
TOP, BOTTOM, LEFT, RIGHT = 20 * MM, 20 * MM, 30 * MM, 20 * MM
"""Margins; the decree allows top and bottom 20-25, left 30-35, right 15-20 mm."""
TEXT_WIDTH = WIDTH - LEFT - RIGHT
TEXT_HEIGHT = HEIGHT - TOP - BOTTOM
INDENT = 10 * MM
"""First line indent: 1 cm (the decree: 1 or 1.27 cm)."""
PARAGRAPH = 6.0
"""Least space between paragraphs, points."""


class Canvas(Protocol):
    """What pieces draw with; lengths in points, from the top left corner of the sheet."""

    def text(
        self,
        spans: Sequence[tuple[str, str]],
        x: float,
        y: float,
        size: float,
        stretch: float = 0.0,
    ) -> None:
        """Draw spans with their baseline at *y*."""

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.75) -> None:
        """Draw a solid straight line."""

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.75) -> None:
        """Draw a frame with its upper left corner at (x, y)."""

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Draw a box without a frame; 0 is black, 1 white."""


class Borders(Protocol):
    """Draws what depends on whether a piece is *first* or *last* on its page."""

    def __call__(self, canvas: Canvas, y: float, *, first: bool, last: bool) -> None:
        """Draw."""


@dataclass(slots=True)
class Piece:
    """Something that is never cut in two.

    Attributes:
        height: points.
        draw: draws it with its top at the given y.
        before: space above it, dropped at the top of a page.
        keep: must be on the page of the next piece.
        header: repeated above it when a page begins with it.
        borders: draws the rules of a table row.
    """

    height: float
    draw: Callable[[Canvas, float], None]
    before: float = 0.0
    keep: bool = False
    header: tuple[Piece, ...] = ()
    borders: Borders | None = None


@dataclass(slots=True)
class Placed:
    """A piece at its place: *y* from the top of the sheet."""

    piece: Piece
    y: float
    first: bool = False
    last: bool = False


@dataclass(slots=True)
class _Pages:
    limit: float
    done: list[list[Placed]] = field(default_factory=list)
    page: list[Placed] = field(default_factory=list)
    used: float = 0.0

    def need(self, chunk: Sequence[Piece]) -> float:
        total = sum(piece.before + piece.height for piece in chunk)
        if not self.page:
            total += sum(piece.height for piece in chunk[0].header) - chunk[0].before
        return total

    def put(self, piece: Piece) -> None:
        first = not self.page
        if first:
            for header in piece.header:
                self.page.append(Placed(header, TOP + self.used, first=True))
                self.used += header.height
        else:
            self.used += piece.before
        self.page.append(Placed(piece, TOP + self.used, first=first))
        self.used += piece.height

    def turn(self) -> None:
        if self.page:
            self.page[-1].last = True
            self.done.append(self.page)
        self.page, self.used = [], 0.0


def paginate(pieces: Sequence[Piece], limit: float = TEXT_HEIGHT) -> list[list[Placed]]:
    """Lay pieces on pages.

    A run of pieces that keep with the next moves to a new page together; one
    higher than a page is cut between its pieces. Each piece must be at most
    *limit* high.
    """
    pages = _Pages(limit)
    start = 0
    while start < len(pieces):
        end = start
        while pieces[end].keep and end + 1 < len(pieces):
            end += 1
        chunk = pieces[start : end + 1]
        if pages.page and pages.used + pages.need(chunk) > limit:
            pages.turn()
        for piece in chunk:
            if pages.page and pages.used + pages.need([piece]) > limit:
                pages.turn()
            pages.put(piece)
        start = end + 1
    pages.turn()
    return pages.done
