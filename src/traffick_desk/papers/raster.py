"""Pages as pixels, for preview and for printing from memory."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from traffick_desk.papers.errors import UnreadablePaper

if TYPE_CHECKING:
    from collections.abc import Iterator

PDFIUM = Lock()
"""PDFium must not be entered by two threads at once."""
MAX_DPI = 600


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as pixels.

    Attributes:
        width, height: pixels.
        pixels: RGBA, 8 bits each, row by row from the top, ``width * 4`` bytes a row.
    """

    width: int
    height: int
    pixels: bytes

    def png(self) -> bytes:
        """The page as a PNG file."""
        from PIL import Image

        buffer = BytesIO()
        Image.frombytes("RGBA", (self.width, self.height), self.pixels).save(buffer, "PNG")
        return buffer.getvalue()


@contextmanager
def _document(pdf: bytes) -> Iterator[Any]:
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise UnreadablePaper from error
        try:
            yield document
        finally:
            document.close()


def page_count(pdf: bytes) -> int:
    """How many pages *pdf* has.

    Raises:
        UnreadablePaper: it is no PDF.
    """
    with _document(pdf) as document:
        return len(document)


def rasterise(pdf: bytes, *, page: int = 0, dpi: int = 150) -> Raster:
    """Draw one page.

    Args:
        pdf: a paper of :func:`render`.
        page: from 0.
        dpi: dots per inch, 10 to 600.

    Raises:
        UnreadablePaper: no PDF, or no such page.
        ValueError: resolution out of range.
    """
    if not 10 <= dpi <= MAX_DPI:
        raise ValueError(dpi)
    with _document(pdf) as document:
        if not 0 <= page < len(document):
            raise UnreadablePaper
        sheet = document[page]
        bitmap = sheet.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True)
        try:
            return pixels_of(bitmap)
        finally:
            bitmap.close()
            sheet.close()


def pixels_of(bitmap: Any) -> Raster:
    """The pixels of a bitmap of PDFium that was drawn as RGBx."""
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    raw = bytes(bitmap.buffer)
    if stride != width * 4:
        raw = b"".join(raw[row * stride : row * stride + width * 4] for row in range(height))
    pixels = bytearray(raw)
    pixels[3::4] = b"\xff" * (width * height)  # the fourth byte of RGBx is not defined
    return Raster(width, height, bytes(pixels))
