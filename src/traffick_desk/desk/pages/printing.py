"""Printing from memory: pages are drawn as pixels and handed to the printer, no file in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from traffick_desk.i18n import N_, _

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PRINT_DPI = 300
# What the print queue and the printer's display show: nothing about anybody.
JOB_TITLE = "TD"


class NoPrinter(Exception):
    """No printer is set up on this PC."""

    def __str__(self) -> str:
        return _(
            N_(
                "No printer was found on this PC. Nothing was printed and nothing is lost.\n"
                "Please connect or set up a printer, or save the paper as a file."
            )
        )


def choose_printer(parent: QWidget, then: Callable[[QPrinter], object]) -> None:
    """Let the person choose a printer; *then* is not called when she cancels.

    Raises:
        NoPrinter: there is none.
    """
    # Loaded with the first print: it takes 0.16 s that the start has not got.
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    printer = prepared(QPrinter(QPrinter.PrinterMode.HighResolution))
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print_dialog")
    dialog.accepted.connect(lambda: then(printer))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def prepared(printer: QPrinter) -> QPrinter:
    """A4 upright, the whole sheet, a neutral title."""
    printer.setDocName(JOB_TITLE)
    printer.setCreator(JOB_TITLE)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    printer.setResolution(PRINT_DPI)
    return printer


def pages_as_images(pdf: bytes) -> list[QImage]:
    """All pages at the printer's resolution; for a worker thread."""
    from traffick_desk import papers
    from traffick_desk.desk.pages.page_view import image_of

    return [
        image_of(papers.rasterise(pdf, page=number, dpi=PRINT_DPI))
        for number in range(papers.page_count(pdf))
    ]


def print_images(printer: Any, images: Sequence[QImage], *, fitted: bool = False) -> bool:
    """Put *images* on paper, one a sheet; false if the printer does not take them.

    Args:
        printer: where to.
        images: the pages.
        fitted: keep the shape of each and a narrow white edge; a paper fills the sheet.
    """
    painter = QPainter()
    if not painter.begin(printer):
        return False
    good = True
    for number, image in enumerate(images):
        if number:
            good = printer.newPage() and good
        sheet = QRectF(printer.pageRect(printer.Unit.DevicePixel))
        sheet.moveTo(0, 0)
        painter.drawImage(_within(sheet, image) if fitted else sheet, image)
    return painter.end() and good


def _within(sheet: QRectF, image: QImage) -> QRectF:
    # A printer leaves an edge of some millimetres white.
    edge = sheet.width() / 40
    room = sheet.adjusted(edge, edge, -edge, -edge)
    size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(room.center())
    return place
