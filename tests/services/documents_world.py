"""Files as officers bring them: photos that tell a place, scans, PDFs; made, none of a person."""

from __future__ import annotations

import random
from functools import cache
from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo


@cache
def picture(width: int = 640, height: int = 480, seed: int = 1) -> Image.Image:
    chance = random.Random(seed)
    small = (max(1, width // 8), max(1, height // 8))
    raw = chance.randbytes(small[0] * small[1] * 3)
    made = Image.frombytes("RGB", small, raw).resize((width, height), Image.Resampling.BICUBIC)
    # Another colour in each corner, so that turning is seen.
    for corner, colour in (((0, 0), "red"), ((width - 40, 0), "lime"), ((0, height - 40), "blue")):
        made.paste(colour, (*corner, corner[0] + 40, corner[1] + 40))
    return made


def told(orientation: int = 1) -> Image.Exif:
    """Exif as a telephone writes it: where, when, with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "MARKERMAKE", "MARKERMODEL"
    exif[0x0132] = "2026:11:20 10:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (22.0, 16.0, 1.5), "E", (105.0, 21.0, 9.0)
    return exif


@cache
def jpeg(
    width: int = 640,
    height: int = 480,
    *,
    orientation: int = 1,
    tells: bool = True,
    seed: int = 1,
    progressive: bool = False,
    quality: int = 85,
) -> bytes:
    buffer = BytesIO()
    more = {"exif": told(orientation), "comment": b"MARKERCOMMENT"} if tells else {}
    picture(width, height, seed).save(
        buffer, "JPEG", quality=quality, progressive=progressive, **more
    )
    return buffer.getvalue()


@cache
def png(width: int = 300, height: int = 200, *, orientation: int = 1) -> bytes:
    info = PngInfo()
    info.add_text("Author", "MARKERAUTHOR")
    buffer = BytesIO()
    exif = told(orientation)
    picture(width, height).save(buffer, "PNG", pnginfo=info, exif=exif)
    return buffer.getvalue()


@cache
def tiff(pages: int = 3, mode: str = "1") -> bytes:
    made = [picture(400, 560, seed).convert(mode) for seed in range(pages)]
    buffer = BytesIO()
    made[0].save(
        buffer, "TIFF", save_all=True, append_images=made[1:], dpi=(200, 200),
        compression="group4" if mode == "1" else "tiff_lzw", tiffinfo={315: "MARKERARTIST"},
    )  # fmt: skip
    return buffer.getvalue()


def pdf(pages: int = 2, *, password: str = "", script: str = "", text: str = "Trang") -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=password or None, invariant=1)
    canvas.setAuthor("MARKERAUTHOR")
    for number in range(pages):
        canvas.drawString(100, 700, f"{text} {number + 1}")
        canvas.showPage()
    if script:
        from reportlab.pdfbase import pdfdoc

        action = pdfdoc.PDFDictionary(
            {"S": pdfdoc.PDFName("JavaScript"), "JS": pdfdoc.PDFString(script)}
        )
        names = pdfdoc.PDFArray([pdfdoc.PDFString("a"), action])
        tree = pdfdoc.PDFDictionary({"JavaScript": pdfdoc.PDFDictionary({"Names": names})})
        canvas._doc.Catalog.Names = tree
        canvas._doc.Catalog.__NoDefault__ = [*canvas._doc.Catalog.__NoDefault__, "Names"]
    canvas.save()
    return buffer.getvalue()


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as opened:
        return opened.convert("RGB").tobytes()
