"""The project's line icons, drawn in a colour of the palette.

An icon never stands alone: a control that has one also has a word or a tooltip,
and an accessible name.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from traffick_desk import resources
from traffick_desk.desk import theme


def names() -> tuple[str, ...]:
    """The names of all icons that take their colour from the palette."""
    return tuple(
        sorted(
            p.stem
            for p in resources.path("icons").glob("*.svg")
            if b"currentColor" in p.read_bytes()
        )
    )


def pixmap(name: str, role: str = "text", size: int = 20, ratio: float = 2.0) -> QPixmap:
    """The icon *name* in palette role *role*, *size* px wide at 100 % text size.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    look = theme.current()
    return _drawn(name, getattr(look.colours, role), look.px(size), ratio)


def icon(name: str, role: str = "text", size: int = 20, *, on: str = "") -> QIcon:
    """As :func:`pixmap`, for buttons; *on* is the role when the button is checked."""
    return QIcon(_assembled(theme.current(), name, role, size, on))


def steady(name: str, role: str, size: int = 18) -> QIcon:
    """An icon that keeps its colour when its line is chosen: the ground stays a soft one."""
    return QIcon(_steady(theme.current(), name, role, size))


def icon_size(size: int = 20) -> QSize:
    """The size to give a button for an icon of *size* at 100 %."""
    length = theme.current().px(size)
    return QSize(length, length)


# A page has some hundred buttons and lines, and Qt asks for their icons again and again.
@lru_cache(maxsize=512)
def _assembled(look: theme.Theme, name: str, role: str, size: int, on: str) -> QIcon:
    _ = look
    found = QIcon(pixmap(name, role, size))
    found.addPixmap(pixmap(name, "muted", size), QIcon.Mode.Disabled)
    # A list item that is selected stands on the accent.
    found.addPixmap(pixmap(name, "on_accent", size), QIcon.Mode.Selected)
    if on:
        found.addPixmap(pixmap(name, on, size), QIcon.Mode.Normal, QIcon.State.On)
    return found


@lru_cache(maxsize=512)
def _steady(look: theme.Theme, name: str, role: str, size: int) -> QIcon:
    found = QIcon(_assembled(look, name, role, size, ""))
    found.addPixmap(pixmap(name, role, size), QIcon.Mode.Selected)
    return found


@lru_cache(maxsize=512)
def _source(name: str) -> bytes:
    return resources.path("icons", f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, length: int, ratio: float) -> QPixmap:
    # QtSvg is loaded with the first icon: a bare unlock window may do without.
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))
    pixels = QPixmap(round(length * ratio), round(length * ratio))
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(pixels.rect()))
    painter.end()
    pixels.setDevicePixelRatio(ratio)
    return pixels
