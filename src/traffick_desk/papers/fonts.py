"""The font of the papers: Liberation Serif, which has the metrics of Times New Roman.

ReportLab draws a character that a font lacks as nothing at all; here such a
character is an error before anything is drawn.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from traffick_desk import resources
from traffick_desk.papers import shaping
from traffick_desk.papers.errors import MissingGlyph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REGULAR, BOLD, ITALIC, BOLD_ITALIC = (
    "LiberationSerif",
    "LiberationSerif-Bold",
    "LiberationSerif-Italic",
    "LiberationSerif-BoldItalic",
)
FILES: dict[str, str] = {
    REGULAR: "LiberationSerif-Regular.ttf",
    BOLD: "LiberationSerif-Bold.ttf",
    ITALIC: "LiberationSerif-Italic.ttf",
    BOLD_ITALIC: "LiberationSerif-BoldItalic.ttf",
}
ASCENT = 0.891
"""Height of the face above the baseline and …"""
DESCENT = 0.216
"""… depth below it, in em (the ``hhea`` table of all four faces)."""
LINE = 1.149
"""Single line spacing in em: ascent + descent + line gap of the face."""

_NEWLINES = "\r\v\f\x85\u2028\u2029"
_lock = Lock()


class Faces:
    """The four faces, registered with ReportLab, and the characters that all of them have."""

    def __init__(self) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        self._widths: dict[str, Mapping[int, float]] = {}
        self._defaults: dict[str, float] = {}
        common: set[int] | None = None
        for name, file in FILES.items():
            # Shaping is never wanted: positions must be the same on every machine.
            font = TTFont(name, str(resources.path("fonts", file)), shapable=False)
            pdfmetrics.registerFont(font)
            self._widths[name] = font.face.charWidths
            self._defaults[name] = font.face.defaultWidth
            known = set(font.face.charToGlyph)
            common = known if common is None else common & known
        # Hebrew is in the font, but a line of it would be drawn backwards; private
        # characters mean something else in every font.
        self.characters = frozenset(
            character
            for character in map(chr, common or ())
            if unicodedata.bidirectional(character) not in {"R", "AL"}
            and unicodedata.category(character) not in {"Co", "Cn", "Cs", "Cc", "Cf"}
        )

    def width(self, text: str, face: str, size: float) -> float:
        """The width of *text* in points."""
        if face not in self._widths:
            return shaping.face(face).width(text, size)
        widths, default = self._widths[face], self._defaults[face]
        return sum([widths.get(code, default) for code in map(ord, text)]) * size * 0.001


@lru_cache(maxsize=1)
def _load() -> Faces:
    return Faces()


def faces() -> Faces:
    """The faces, loaded on first use (some 150 ms, most of it the import of ReportLab)."""
    with _lock:
        return _load()


@lru_cache(maxsize=4096)
def _replacement(character: str) -> str | None:
    """What is printed for *character*, None when nothing is."""
    if character == "\n":
        return "\n"
    if character in _NEWLINES:
        return "\n"
    if character == "\t":
        return " "
    match unicodedata.category(character):
        case "Cc" | "Cf":
            # Invisible on paper. Bidi overrides could make a name read otherwise than it is stored.
            return None
        case "Zs":
            return "\u00a0" if character in "\u00a0\u202f" else " "
    return character


def clean(text: str, where: Callable[[], tuple[str, str]], *, of_form: bool = False) -> str:
    """*text* as it is drawn: NFC, without invisible characters, other spaces made plain ones.

    Args:
        text: what the officer or the form wrote.
        where: gives (field in the reader's language, path) for the error.
        of_form: the form's own text, which may be in one of the scripts of ``shaping``.

    Raises:
        MissingGlyph: a character that not all four faces have.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    used = set(text)
    kept = {shaping.MAY_BREAK} if of_form else set()
    table = {ord(c): r for c in used - kept if (r := _replacement(c)) != c}
    if table:
        text = text.translate(table)
        used = set(text)
    lacking = used - faces().characters - {"\n"}
    if lacking and of_form:
        lacking = {c for c in lacking if not shaping.drawable(c)}
    if lacking:
        first = next(c for c in text if c in lacking)
        field, path = where()
        raise MissingGlyph(first, field, path)
    return text
