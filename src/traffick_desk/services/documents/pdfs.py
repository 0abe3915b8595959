"""PDFs: opened within limits and drawn by PDFium, which is built without JavaScript.

A PDF is kept byte for byte: whatever is taken out of it would break a digital signature. Scripts
in it are never run, files attached to it never opened; both are told to the officer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from traffick_desk.papers.raster import PDFIUM, Raster, pixels_of
from traffick_desk.services.documents import pictures
from traffick_desk.services.documents.errors import DamagedFile, LockedPdf, TooManyPixels

MOST_PAGES = 300
# Sides of a page in points: 5 m.
MOST_SIDE = 14_400
# Pixels drawn at once: A4 in 550 dpi.
MOST_DRAWN = 30_000_000
_SHRINK_DPI = 150


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """The document; PDFium is entered by one thread alone.

    Raises:
        LockedPdf, DamagedFile, TooManyPixels: in words.
    """
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if error.err_code in {pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY}:
                raise LockedPdf from error
            raise DamagedFile from error
        try:
            # Fills fields of forms in when pages are drawn.
            document.init_forms()
            yield document
        except pypdfium2.PdfiumError as error:
            raise DamagedFile from error
        finally:
            document.close()


def check(content: bytes) -> tuple[int, float, float, frozenset[str]]:
    """Number of pages, size of the first in points, and what is to be told about the file.

    Raises:
        LockedPdf, DamagedFile, TooManyPixels: in words.
    """
    from pypdfium2 import raw

    told = set()
    with opened(content) as document:
        count = len(document)
        if count < 1:
            raise DamagedFile
        if count > MOST_PAGES:
            raise TooManyPixels
        for number in range(count):
            width, height = document.get_page_size(number)
            if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
                raise TooManyPixels
        width, height = document.get_page_size(0)
        if raw.FPDFDoc_GetAttachmentCount(document) > 0:
            told.add("attachments")
        if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
            told.add("scripts")
        if raw.FPDF_GetSignatureCount(document) > 0:
            told.add("signed")
        if any(document.get_metadata_dict(skip_empty=True).values()):
            told.add("author")
    # What cannot be drawn is damaged, even if its table of contents is whole.
    drawn(content, 0, 20)
    return count, width, height, frozenset(told)


def drawn(content: bytes, page: int, dpi: float, turn: int = 0) -> Raster:
    """One page as pixels, on white.

    Args:
        content: the file.
        page: from 0.
        dpi: dots per inch; less where a page is very large.
        turn: quarters to the right.

    Raises:
        LockedPdf, DamagedFile, TooManyPixels: in words.
    """
    with opened(content) as document:
        if not 0 <= page < min(len(document), MOST_PAGES):
            raise DamagedFile
        return _bitmap(document, page, dpi, turn)


def _bitmap(document: Any, page: int, dpi: float, turn: int) -> Raster:
    sheet = document[page]
    try:
        width, height = sheet.get_size()
        if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
            raise TooManyPixels
        scale = min(dpi / 72, (MOST_DRAWN / (width * height)) ** 0.5)
        bitmap = sheet.render(
            scale=scale, rotation=turn % 4 * 90, rev_byteorder=True, prefer_bgrx=True
        )
        try:
            return pixels_of(bitmap)
        finally:
            bitmap.close()
    finally:
        sheet.close()


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points.

    Raises:
        LockedPdf, DamagedFile: in words.
    """
    with opened(content) as document:
        count = min(len(document), MOST_PAGES)
        found = [document.get_page_size(n) for n in range(count)]
    return [(float(width), float(height)) for width, height in found]


def thumb(content: bytes) -> bytes:
    """A small picture of the first page, as JPEG.

    Raises:
        LockedPdf, DamagedFile, TooManyPixels: in words.
    """
    return pictures.small(_picture(drawn(content, 0, 40)))


def smaller(content: bytes) -> bytes:
    """The pages as pictures: small, and readable on screen and paper, but text is lost.

    Raises:
        LockedPdf, DamagedFile, TooManyPixels: in words.
    """
    with opened(content) as document:
        count = len(document)
    if count > pictures.MOST_PAGES:
        raise TooManyPixels
    # Lock taken page by page: what is on screen can be drawn in between.
    made = [_picture(drawn(content, number, _SHRINK_DPI)) for number in range(count)]
    buffer = BytesIO()
    pictures.as_pdf(made, buffer, _SHRINK_DPI)
    return buffer.getvalue()


def _picture(raster: Raster) -> Any:
    from PIL import Image

    return Image.frombytes("RGBA", (raster.width, raster.height), raster.pixels).convert("RGB")
