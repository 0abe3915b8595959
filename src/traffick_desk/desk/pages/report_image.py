"""A chart as a picture file."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter

from traffick_desk.desk.pages.report_table import OnScreen
from traffick_desk.papers.drawing import Drawing

_SCALE = 3
_MARGIN = 12


def png(drawing: Drawing) -> bytes:
    """The drawing as PNG, sharp enough for print."""
    wide = round(drawing.width * _SCALE) + 2 * _MARGIN
    image = QImage(wide, round(drawing.height * _SCALE) + 2 * _MARGIN, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(_MARGIN, _MARGIN)
    painter.scale(_SCALE, _SCALE)
    drawing.paint(OnScreen(painter))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
