"""Colours, sizes and the one stylesheet, all from named tokens.

Text is 11, 13, 16 or 20 pt and nothing else; spacing comes in steps of 4 px;
both grow with the officer's text size (100–200 %). A widget never names a
colour: it carries the property ``role`` or ``tone``, or asks :func:`current`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk import resources
from traffick_desk.desk.stylesheet import build

FAMILIES = ("Segoe UI", "Noto Sans", "Liberation Sans", "DejaVu Sans")
SIZES = {"body": 11, "subheading": 13, "heading": 16, "title": 20}
CONTROL_HEIGHT = 32
TEXT_PERCENTS = (100, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class Colours:
    """Palette roles. ``*_soft`` is the quiet ground on which the same word's text stands."""

    name: str
    surface: str  # the ground of a page
    raised: str  # cards, fields, lists
    sunken: str  # navigation, headers, unused ground
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    due: str
    due_soft: str
    late: str
    late_soft: str
    border: str  # between things; decoration
    edge: str  # the outline that tells that a control is one (3 : 1)


LIGHT = Colours(
    name="light",
    surface="#f6f7f9",
    raised="#ffffff",
    sunken="#ebeef2",
    text="#1a2330",
    muted="#525d6b",
    accent="#1d5d9b",
    on_accent="#ffffff",
    accent_soft="#e3edf8",
    ok="#1b6438",
    ok_soft="#e4f2e9",
    due="#7d4b00",
    due_soft="#fcf1dc",
    late="#ab231b",
    late_soft="#fbe9e8",
    border="#d8dde4",
    edge="#808b99",
)
DARK = Colours(
    name="dark",
    surface="#171b21",
    raised="#1f252d",
    sunken="#12151a",
    text="#e9edf2",
    muted="#aab4c1",
    accent="#82b7f4",
    on_accent="#0c1a2a",
    accent_soft="#24374d",
    ok="#84d3a0",
    ok_soft="#1e3428",
    due="#f1c36b",
    due_soft="#3a301c",
    late="#ffa299",
    late_soft="#432826",
    border="#353e49",
    edge="#7c8795",
)
CONTRAST = Colours(
    name="contrast",
    surface="#000000",
    raised="#000000",
    sunken="#000000",
    text="#ffffff",
    muted="#f0f0f0",
    accent="#ffe45c",
    on_accent="#000000",
    accent_soft="#333000",
    ok="#7dff9b",
    ok_soft="#003010",
    due="#ffc44d",
    due_soft="#332300",
    late="#ff9d94",
    late_soft="#3d0600",
    border="#ffffff",
    edge="#ffffff",
)
SCHEMES = {c.name: c for c in (LIGHT, DARK, CONTRAST)}

# Pairs that carry text and must reach 4.5 : 1, and outlines that must reach 3 : 1.
TEXT_PAIRS = (
    *(
        (front, back)
        for back in ("surface", "raised", "sunken")
        for front in ("text", "muted", "accent", "ok", "due", "late")
    ),
    ("on_accent", "accent"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    ("muted", "accent_soft"),
    *((tone, f"{tone}_soft") for tone in ("ok", "due", "late")),
    *(("text", f"{tone}_soft") for tone in ("ok", "due", "late")),
)
OUTLINE_PAIRS = tuple(
    (front, back) for back in ("surface", "raised") for front in ("edge", "accent")
)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, 1.4.3), 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Theme:
    """One look: colours and text size in per cent."""

    colours: Colours = LIGHT
    percent: int = 100

    def px(self, units: int) -> int:
        """A length at 100 %, grown with the text."""
        return round(units * self.percent / 100)

    def points(self, size: str = "body") -> float:
        """The size of text of a kind (see :data:`SIZES`) in points."""
        return SIZES[size] * self.percent / 100

    @property
    def control_height(self) -> int:
        """The least height of anything to click, in px."""
        return self.px(CONTROL_HEIGHT)

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """The font for text of a kind."""
        font = QFont()
        font.setFamilies(_families())
        font.setPointSizeF(self.points(size))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    @cached_property
    def stylesheet(self) -> str:
        """The stylesheet of the whole program."""
        return build(self)

    def qpalette(self) -> QPalette:
        """The palette for what the stylesheet does not draw."""
        c = self.colours
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, colour in (
            (roles.Window, c.surface),
            (roles.Base, c.raised),
            (roles.AlternateBase, c.surface),
            (roles.Button, c.raised),
            (roles.ToolTipBase, c.raised),
            (roles.WindowText, c.text),
            (roles.Text, c.text),
            (roles.ButtonText, c.text),
            (roles.ToolTipText, c.text),
            (roles.BrightText, c.late),
            (roles.PlaceholderText, c.muted),
            (roles.Highlight, c.accent),
            (roles.HighlightedText, c.on_accent),
            (roles.Accent, c.accent),
            (roles.Link, c.accent),
            (roles.LinkVisited, c.accent),
            (roles.Mid, c.edge),
            (roles.Dark, c.edge),
        ):
            palette.setColor(role, QColor(colour))
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
        return palette


def _families() -> list[str]:
    known = set(QFontDatabase.families())
    return [f for f in FAMILIES if f in known] or list(FAMILIES)


def system_scheme() -> str:
    """The scheme that the system asks for: ``light``, ``dark`` or ``contrast``."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def chosen(scheme: str = "system", percent: int = 100) -> Theme:
    """The theme for two settings; *percent* is kept within 100–200."""
    name = system_scheme() if scheme == "system" else scheme
    return Theme(SCHEMES.get(name, LIGHT), min(200, max(100, percent)))


def apply(app: QApplication, theme: Theme) -> None:
    """Make *theme* the look of the program, open windows included."""
    if app.property("deskTheme") is None:
        QDir.setSearchPaths("icons", [str(resources.path("icons"))])
        app.setStyle("Fusion")
    app.setProperty("deskTheme", theme)
    app.setFont(theme.font())
    app.setPalette(theme.qpalette())
    app.setStyleSheet(theme.stylesheet)
    for window in app.topLevelWidgets():
        rescale(window)


def current() -> Theme:
    """The theme in use."""
    app = QApplication.instance()
    theme = app.property("deskTheme") if app is not None else None
    return theme if isinstance(theme, Theme) else Theme()


def rescale(widget: QWidget) -> None:
    """Give the layouts below *widget* their margins and gaps for the present text size.

    Layouts made by :mod:`traffick_desk.desk.kit` remember their measures at
    100 %; all others are left alone. Icons are drawn again by their owners, who
    are told through ``changeEvent`` (style change).
    """
    theme = current()
    for child in (widget, *widget.findChildren(QWidget)):
        layout = child.layout()
        units = layout.property("units") if layout is not None else None
        if units:
            left, top, right, bottom, gap = (theme.px(u) for u in units)
            layout.setContentsMargins(left, top, right, bottom)
            layout.setSpacing(gap)
