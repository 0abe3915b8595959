"""A neutral drawing: filled boxes, lines and words, drawn alike on screen, in PDF and as SVG.

Lengths are points from the upper left corner. Grounds are white or grey and told apart by
hatching, so that a poor printer without colour shows the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from xml.sax.saxutils import escape

from traffick_desk.papers.fonts import BOLD, REGULAR


@dataclass(frozen=True, slots=True)
class Fill:
    """A box without an outline; *grey* is 0 for black and 1 for white."""

    x: float
    y: float
    width: float
    height: float
    grey: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """Text with its baseline at *y*; *anchor* is ``start``, ``middle`` or ``end``."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "start"
    bold: bool = False


class Painter(Protocol):
    """What a drawing is drawn with."""

    def fill(self, shape: Fill) -> None:
        """Draw a filled box."""

    def stroke(self, shape: Stroke) -> None:
        """Draw a line."""

    def word(self, shape: Word) -> None:
        """Draw text."""


@dataclass(slots=True)
class Drawing:
    """Shapes in the order in which they are drawn.

    Attributes:
        width, height: points.
        label: what it shows, for who cannot see it.
    """

    width: float
    height: float
    label: str
    shapes: list[Fill | Stroke | Word] = field(default_factory=list)

    def paint(self, painter: Painter) -> None:
        """Draw everything."""
        for shape in self.shapes:
            match shape:
                case Fill():
                    painter.fill(shape)
                case Stroke():
                    painter.stroke(shape)
                case Word():
                    painter.word(shape)

    def box(self, x: float, y: float, width: float, height: float, ground: int) -> None:
        """A box with an outline and one of the :data:`GROUNDS`."""
        if width <= 0 or height <= 0:
            return
        grey, hatch = GROUNDS[ground % len(GROUNDS)]
        self.shapes.append(Fill(x, y, width, height, grey))
        for line in hatched(x, y, width, height, hatch):
            self.shapes.append(line)
        right, bottom = x + width, y + height
        corners = ((x, y, right, y), (right, y, right, bottom), (x, bottom, right, bottom))
        for x1, y1, x2, y2 in (*corners, (x, y, x, bottom)):
            self.shapes.append(Stroke(x1, y1, x2, y2))

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.6) -> None:
        """A straight line."""
        self.shapes.append(Stroke(x1, y1, x2, y2, width))

    def text(
        self, x: float, y: float, text: str, size: float, anchor: str = "start", *,
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Words with their baseline at *y*."""
        self.shapes.append(Word(x, y, text, size, anchor, bold))


# Grey and hatching: in an order in which neighbours differ most on paper without colour.
GROUNDS: tuple[tuple[float, str], ...] = (
    (0.25, ""), (1.0, ""), (1.0, "/"), (0.7, ""), (1.0, "-"), (0.85, "\\"), (1.0, "x"),
    (0.5, ""), (1.0, "|"), (0.7, "/"), (0.92, ""), (0.85, "-"),
)  # fmt: skip
_STEP = 4.0


def hatched(x: float, y: float, width: float, height: float, hatch: str) -> list[Stroke]:
    """Parallel lines within a box: ``/``, ``\\``, ``-``, ``|`` or both of ``x``."""
    if hatch == "x":
        return hatched(x, y, width, height, "/") + hatched(x, y, width, height, "\\")
    found: list[Stroke] = []
    if hatch == "-":
        places = (y + n * _STEP - 1 for n in range(1, int(height / _STEP) + 1))
        found += [Stroke(x, at, x + width, at, 0.4) for at in places]
    elif hatch == "|":
        places = (x + n * _STEP - 1 for n in range(1, int(width / _STEP) + 1))
        found += [Stroke(at, y, at, y + height, 0.4) for at in places]
    elif hatch:
        for n in range(1, int((width + height) / _STEP) + 1):
            far = n * _STEP
            low, high = max(0.0, far - height), min(far, width)
            if high <= low:
                continue
            # Along the diagonal: what is beyond the box is cut off.
            y1, y2 = far - low, far - high
            if hatch == "/":
                found.append(Stroke(x + low, y + y1, x + high, y + y2, 0.4))
            else:
                found.append(Stroke(x + low, y + height - y1, x + high, y + height - y2, 0.4))
    return found


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that *text* takes in the face of printed papers."""
    from traffick_desk.papers.fonts import faces

    return float(faces().width(text, BOLD if bold else REGULAR, size))


class _Svg:
    def __init__(self) -> None:
        self.parts: list[str] = []

    def fill(self, shape: Fill) -> None:
        tone = round(shape.grey * 255)
        self.parts.append(
            f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" '
            f'height="{shape.height:.2f}" fill="#{tone:02x}{tone:02x}{tone:02x}"/>'
        )

    def stroke(self, shape: Stroke) -> None:
        self.parts.append(
            f'<line x1="{shape.x1:.2f}" y1="{shape.y1:.2f}" x2="{shape.x2:.2f}" '
            f'y2="{shape.y2:.2f}" stroke="#000" stroke-width="{shape.width:g}"/>'
        )

    def word(self, shape: Word) -> None:
        weight = ' font-weight="bold"' if shape.bold else ""
        self.parts.append(
            f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size:g}" '
            f'text-anchor="{shape.anchor}"{weight}>{escape(shape.text)}</text>'
        )


def svg(drawing: Drawing) -> str:
    """The drawing as an SVG file."""
    painter = _Svg()
    drawing.paint(painter)
    size = f"{drawing.width:.0f} {drawing.height:.0f}"
    frame = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'width="{drawing.width:.0f}pt" height="{drawing.height:.0f}pt" '
        'font-family="Times New Roman, Liberation Serif, serif">'
    )
    ground = f'<rect width="{drawing.width:.0f}" height="{drawing.height:.0f}" fill="#fff"/>'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    title = f"<title>{escape(drawing.label)}</title>"
    return "\n".join((head, frame, title, ground, *painter.parts, "</svg>", ""))
