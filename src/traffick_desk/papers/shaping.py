"""Khmer, Lao and Chinese in the texts of a form: their faces, shaping, and where lines may break.

Only the text of a form is set in these scripts; a name in them stays an error, because the
paper's readers could not read it (``fonts.MissingGlyph`` asks for the transcription).

HarfBuzz chooses and places the glyphs of Khmer and Lao. ReportLab embeds characters, so each
glyph without one gets a private one when the face is loaded: always the same, so that a paper
has the same bytes whatever was drawn before.
Khmer and Lao write no spaces between words: U+200B in the text says where a line may break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from traffick_desk import resources

MAY_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Script:
    """A script that the faces of the papers do not have.

    Attributes:
        chars: its characters, as the inside of a class of a regular expression.
        regular, bold: faces; the bold one may be the regular one drawn thicker.
        shaped: whether HarfBuzz places its glyphs.
    """

    chars: str
    regular: str
    bold: str
    shaped: bool


KHMER = Script("\u1780-\u17ff\u19e0-\u19ff", "NotoSerifKhmer", "NotoSerifKhmer-Bold", shaped=True)
LAO = Script("\u0e80-\u0eff", "NotoSerifLao", "NotoSerifLao-Bold", shaped=True)
HAN = Script(
    "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef",
    "DroidSansFallback",
    "DroidSansFallback-Thick",
    shaped=False,
)
SCRIPTS = (KHMER, LAO, HAN)
FILES: dict[str, str] = {
    KHMER.regular: "NotoSerifKhmer-Regular.ttf",
    KHMER.bold: "NotoSerifKhmer-Bold.ttf",
    LAO.regular: "NotoSerifLao-Regular.ttf",
    LAO.bold: "NotoSerifLao-Bold.ttf",
    HAN.regular: "DroidSansFallback-GB2312.ttf",
}
THICK: dict[str, str] = {HAN.bold: HAN.regular}
"""Faces that are another one, drawn with a line around each glyph."""

_BY_FACE = {name: script for script in SCRIPTS for name in (script.regular, script.bold)}
_OTHER = re.compile(f"[{''.join(script.chars for script in SCRIPTS)}{MAY_BREAK}]")
_RUNS = re.compile("|".join(f"([{script.chars}{MAY_BREAK}]+)" for script in SCRIPTS))
_NO_START = frozenset("。，、；：？！）》」』】〉”’…!),.:;?]}")
_NO_END = frozenset("（《「『【〈“‘([{")
_PRIVATE = 0xE000
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph to draw; lengths in 1/1000 em.

    Attributes:
        character: what stands for it in the embedded font.
        width: that the font gives it.
        advance: how far it moves on.
        right, up: where it stands from there.
    """

    character: str
    width: float
    advance: float
    right: float
    up: float


class Face:
    """One face of another script, registered with ReportLab."""

    def __init__(self, name: str) -> None:
        import uharfbuzz
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        self.name = name
        # Not shapable: ReportLab draws what stands here and looks for nothing by itself.
        path = resources.path("fonts", FILES[name])
        font = TTFont(name, str(path), shapable=False)
        pdfmetrics.registerFont(font)
        face = font.face
        self.characters = frozenset(map(chr, face.charToGlyph))
        self._font = font
        self._plain = not any(s.shaped for s in SCRIPTS if name in {s.regular, s.bold})
        if self._plain:
            return
        hb_face = uharfbuzz.Face(
            uharfbuzz.Blob.from_file_path(resources.path("fonts", FILES[name]))
        )
        self._hb: Any = uharfbuzz.Font(hb_face)
        self._scale = 1000 / hb_face.upem
        self._characters: list[str] = []
        for glyph in range(hb_face.glyph_count):
            code = _PRIVATE + glyph
            face.charToGlyph[code] = glyph
            face.charWidths[code] = self._hb.get_glyph_h_advance(glyph) * self._scale
            self._characters.append(chr(code))

    def glyphs(self, text: str) -> list[Glyph]:
        """What draws *text*, from left to right."""
        widths = self._font.face.charWidths
        if self._plain:
            return [Glyph(c, widths[ord(c)], widths[ord(c)], 0.0, 0.0) for c in text]
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._hb, buffer)
        scale, found = self._scale, []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            character = self._characters[info.codepoint]
            found.append(
                Glyph(
                    character,
                    widths[ord(character)],
                    place.x_advance * scale,
                    place.x_offset * scale,
                    place.y_offset * scale,
                )
            )
        return found

    def numbers(self, text: str) -> list[int]:
        """The numbers in the font of the glyphs that draw *text*; 0 is a glyph that it lacks."""
        return [self._font.face.charToGlyph[ord(glyph.character)] for glyph in self.glyphs(text)]

    def width(self, text: str, size: float) -> float:
        """The width of *text* in points."""
        return sum(glyph.advance for glyph in self.glyphs(text)) * size / 1000


@lru_cache(maxsize=len(FILES))
def _load(name: str) -> Face:
    return Face(name)


def face(name: str) -> Face:
    """A face by name (a thick one is the face it thickens), loaded on first use."""
    with _lock:
        return _load(THICK.get(name, name))


def script_of(name: str) -> Script | None:
    """The script of a face; ``None`` for the faces of the papers themselves."""
    return _BY_FACE.get(name)


def drawable(character: str) -> bool:
    """Whether a face here has *character*; a place where a line may break draws nothing."""
    if character == MAY_BREAK:
        return True
    script = next((s for s in SCRIPTS if re.fullmatch(f"[{s.chars}]", character)), None)
    return script is not None and character in face(script.regular).characters


def runs(text: str, *, bold: bool) -> Iterator[tuple[str, str]]:
    """Parts of *text* with their face; "" for those in the face of the papers."""
    if not _OTHER.search(text):
        yield text, ""
        return
    place = 0
    for found in _RUNS.finditer(text):
        if found.start() > place:
            yield text[place : found.start()], ""
        script = SCRIPTS[(found.lastindex or 1) - 1]
        yield found.group(), script.bold if bold else script.regular
        place = found.end()
    if place < len(text):
        yield text[place:], ""


def units(text: str, name: str) -> Iterator[str]:
    """*text* of the face *name*, cut where a line may break."""
    if script_of(name) is not HAN:
        yield from (part for part in text.split(MAY_BREAK) if part)
        return
    unit = ""
    for character in text.replace(MAY_BREAK, ""):
        if unit and not joined(unit[-1], character):
            yield unit
            unit = ""
        unit += character
    if unit:
        yield unit


def joined(before: str, after: str) -> bool:
    """Whether a line must not break between two characters of Chinese text (GB/T 15834)."""
    return after in _NO_START or before in _NO_END
