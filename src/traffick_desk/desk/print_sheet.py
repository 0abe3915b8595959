"""Prints a PDF from memory: pages are drawn for the printer, nothing is written to a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

DPI = 300


def pages_of(pdf: bytes, dpi: int = DPI) -> list[QImage]:
    """Each page of *pdf* as an image."""
    from traffick_desk.papers import raster

    found = []
    for number in range(raster.page_count(pdf)):
        page = raster.rasterise(pdf, page=number, dpi=dpi)
        image = QImage(
            page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGBX8888
        )
        # The image only borrows the bytes; a copy owns them.
        found.append(image.copy())
    return found


def print_pdf(pdf: bytes, parent: QWidget, done: Callable[[], object] | None = None) -> Any:
    """Let the person choose a printer, then print; the job's name says nothing."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("traffick-desk")
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def draw() -> None:
        painter = QPainter(printer)
        for number, image in enumerate(pages_of(pdf)):
            if number:
                printer.newPage()
            page = QRectF(painter.viewport())
            size = image.size().scaled(page.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
        painter.end()
        if done is not None:
            done()

    dialog.accepted.connect(draw)
    dialog.open()
    return dialog
