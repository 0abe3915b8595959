"""Breaking runs of text into lines: at spaces, and inside words longer than a line.

Widths are measured afresh for each paper: a cache of words would keep names of
people in memory after the vault is locked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traffick_desk.papers import shaping
from traffick_desk.papers.fonts import REGULAR, faces
from traffick_desk.papers.values import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PARTS = re.compile(r"( +|\n)")
_LOOSE = 3.0
"""A line that justifying would stretch by more than so many spaces per gap stays ragged."""


@dataclass(slots=True)
class Line:
    """A line ready to draw.

    Attributes:
        spans: texts with their faces, from left to right.
        width: natural width, points.
        gaps: spaces that justifying may widen.
        loose: whether the line ends a paragraph, so that it is never justified.
        indent: offset from the left, points.
    """

    spans: list[tuple[str, str]]
    width: float
    gaps: int
    loose: bool
    indent: float = 0.0

    @property
    def text(self) -> str:
        """The bare text."""
        return "".join(text for _face, text in self.spans)

    def stretch(self, width: float, size: float) -> float:
        """Extra points per space that fill *width*; 0 where the line stays ragged."""
        if self.loose or not self.gaps:
            return 0.0
        extra = (width - self.indent - self.width) / self.gaps
        return extra if 0 < extra <= _LOOSE * size * 0.25 else 0.0


@dataclass(slots=True)
class _Word:
    fragments: list[tuple[str, str]]
    width: float = 0.0
    blank: bool = False
    glued: bool = False
    """No space before it: Chinese, and words of Khmer and Lao."""


_BREAK = _Word([])


def _words(runs: Iterable[Run], size: float) -> Iterator[_Word]:
    """Words in order; ``_BREAK`` for a forced line break."""
    width = faces().width
    word: _Word | None = None
    for run in runs:
        other = shaping.script_of(run.face) is not None
        for part in _PARTS.split(run.text) if not run.blank else [run.text]:
            if not part:
                continue
            if part == "\n" or part[0] == " ":
                if word:
                    yield word
                    word = None
                if part == "\n":
                    yield _BREAK
                continue
            if not other and not (word and shaping.script_of(word.fragments[-1][0])):
                word = word or _Word([])
                word.fragments.append((run.face, part))
                word.width += width(part, run.face, size)
                word.blank = run.blank
                continue
            for unit, apart in _units(part, run.face, word):
                if word and apart:
                    yield word
                    word = _Word([], glued=True)
                word = word or _Word([])
                word.fragments.append((run.face, unit))
                word.width += width(unit, run.face, size)
                word.blank = run.blank
    if word:
        yield word


def _units(text: str, face: str, word: _Word | None) -> Iterator[tuple[str, bool]]:
    """*text* in parts that are not cut, and whether a line may break before each of them."""
    script = shaping.script_of(face)
    before = word.fragments[-1] if word else None
    after_han = before is not None and shaping.script_of(before[0]) is shaping.HAN
    if script is None and not after_han:
        yield text, False
        return
    parts = [text] if script is None else list(shaping.units(text, face))
    for number, part in enumerate(parts):
        if number:
            yield part, True
        else:
            free = after_han or script is shaping.HAN
            yield part, before is not None and free and not shaping.joined(before[1][-1], part[0])


def _chop(word: _Word, size: float, room: float) -> Iterator[_Word]:
    """*word* in pieces that fit into *room*; at least one character each."""
    width = faces().width
    piece = _Word([])
    for face, text in word.fragments:
        start = 0
        for place, character in enumerate(text):
            step = width(character, face, size)
            if piece.width + step > room and (piece.fragments or place > start):
                if place > start:
                    piece.fragments.append((face, text[start:place]))
                yield piece
                piece, start = _Word([]), place
            piece.width += step
        if start < len(text):
            piece.fragments.append((face, text[start:]))
    yield piece


def _line(words: Sequence[_Word], size: float, *, loose: bool, indent: float) -> Line:
    spans: list[tuple[str, str]] = []
    gaps = 0
    for number, word in enumerate(words):
        if number and not word.glued:
            gaps += 1
            face, text = spans[-1]
            if shaping.script_of(face) is None:
                spans[-1] = (face, text + " ")
            else:
                spans.append((REGULAR, " "))
        for face, text in word.fragments:
            # What is shaped is drawn as it was measured, word by word.
            shaped = (script := shaping.script_of(face)) is not None and script.shaped
            if spans and spans[-1][0] == face and not shaped:
                spans[-1] = (face, spans[-1][1] + text)
            else:
                spans.append((face, text))
    width = sum(word.width for word in words) + gaps * size * 0.25
    # PDF widens every space, those that do not break too.
    gaps += sum(text.count("\u00a0") for _face, text in spans)
    return Line(spans, width, gaps, loose, indent)


def _fill(line: Line, width: float, size: float) -> None:
    """Draw the dotted line at the end of *line* on to the margin."""
    face, text = line.spans[-1]
    dot = faces().width(".", face, size)
    more = int((width - line.indent - line.width) / dot)
    if more > 0:
        line.spans[-1] = (face, text + "." * more)
        line.width += more * dot
    line.loose = True


def dotted(width: float, face: str, size: float) -> Line:
    """A dotted line of the full *width*."""
    line = Line([(face, "")], 0.0, 0, loose=True)
    _fill(line, width, size)
    return line


def break_lines(
    runs: Sequence[Run], width: float, size: float, *, first: float = 0.0, fill: bool = True
) -> list[Line]:
    """Break *runs* into lines.

    Args:
        runs: the text.
        width: of the column, points.
        size: of the font, points.
        first: indent of the first line and of each line after a forced break, points.
        fill: draw a dotted line that ends the text on to the margin.

    Returns:
        At least one line; each at most *width* wide, indent included.
    """
    lines: list[Line] = []
    current: list[_Word] = []
    used, indent = 0.0, first
    space = size * 0.25  # of all four faces

    def flush(*, loose: bool) -> None:
        nonlocal current, used, indent
        lines.append(_line(current, size, loose=loose, indent=indent))
        current, used, indent = [], 0.0, 0.0

    for word in _words(runs, size):
        if word is _BREAK:
            flush(loose=True)
            indent = first
            continue
        apart = 0.0 if word.glued else space
        if current and indent + used + apart + word.width > width:
            flush(loose=False)
        if indent + word.width <= width:
            used += word.width + (apart if current else 0.0)
            current.append(word)
            continue
        *whole, rest = _chop(word, size, width - max(indent, 0.0))
        for piece in whole:
            current = [piece]
            flush(loose=False)
        current, used = [rest], rest.width
    flush(loose=True)
    last = lines[-1]
    if fill and last.spans and last.spans[-1][1].endswith("." * 8) and _ends_blank(runs):
        _fill(last, width, size)
    return lines


def balanced(runs: Sequence[Run], width: float, size: float) -> list[Line]:
    """Break a heading into as few lines as fit, of about the same width."""
    lines = break_lines(runs, width, size, fill=False)
    low, high = 0.0, width
    for _ in range(7 if 1 < len(lines) < 6 else 0):
        middle = (low + high) / 2
        tried = break_lines(runs, middle, size, fill=False)
        if len(tried) == len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _ends_blank(runs: Sequence[Run]) -> bool:
    written = [run for run in runs if run.text.strip()]
    return bool(written) and written[-1].blank
