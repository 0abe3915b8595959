"""Photos and scans as pixels: opened within limits, cleaned, made smaller, drawn.

Pillow reads them. Its formats are named one by one: a file that only looks like a photo is never
handed to a reader of something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from traffick_desk.papers.raster import Raster
from traffick_desk.services.documents import stripping
from traffick_desk.services.documents.errors import DamagedFile, DocumentRefused, TooManyPixels

if TYPE_CHECKING:
    from PIL.Image import Image

# A3 in 600 dpi has 70 million.
MOST_PIXELS = 80_000_000
MOST_PAGES = 100
# Made smaller: A4 in 250 dpi, which prints well.
LONGEST, QUALITY = 2_900, 82
THUMB = 240
_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "tiff": ("TIFF",)}
_ORIENTATION = 0x0112
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
# Exif tag → what it tells.
_TELLS = {
    0x8825: "place",
    0x0132: "time",
    0x010F: "device",
    0x0110: "device",
    0x013B: "author",
    0x9C9D: "author",
    0x8298: "author",
}
_EXIF_IFD = 0x8769
_TELLS_MORE = {0x9003: "time", 0x9004: "time", 0xA434: "device", 0xA431: "device"}


@contextmanager
def opened(content: bytes, media: str) -> Iterator[Image]:
    """The picture, its size checked before a pixel is decoded.

    Raises:
        TooManyPixels, DamagedFile: also for what goes wrong while it is used.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=_FORMATS[media]) as picture:
            _measure(picture)
            yield picture
    except DocumentRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except MemoryError as error:
        raise TooManyPixels from error
    except Exception as error:  # a reader of hostile bytes may raise anything
        raise DamagedFile from error


def _measure(picture: Image) -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise DamagedFile
    if width * height > MOST_PIXELS or max(width, height) > 65_000:
        raise TooManyPixels


def pages(picture: Image) -> Iterator[Image]:
    """The pages one after the other; a photo has one, whatever else its file holds."""
    if picture.format != "TIFF":
        yield picture
        return
    for number in range(MOST_PAGES + 1):
        try:
            picture.seek(number)
        except EOFError:
            return
        if number == MOST_PAGES:
            raise TooManyPixels
        _measure(picture)
        yield picture


def check(content: bytes, media: str) -> tuple[int, int, int, frozenset[str]]:
    """Decode all of it once; number of pages, width and height of the first, what it tells.

    Raises:
        TooManyPixels, DamagedFile: in words.
    """
    with opened(content, media) as picture:
        width, height = picture.size
        if orientation_of(picture) >= 5:
            width, height = height, width
        told = frozenset(_told(picture))
        count = 0
        for page in pages(picture):
            page.load()
            count += 1
    return count, width, height, told


def orientation_of(picture: Image) -> int:
    """How it is to be turned, 1 to 8; 1 when it does not say or says nonsense."""
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - Exif is a stranger's; a picture shows without it
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _told(picture: Image) -> Iterator[str]:
    try:
        exif = picture.getexif()
        for tag, what in _TELLS.items():
            if exif.get(tag):
                yield what
        more = exif.get_ifd(_EXIF_IFD)
        for tag, what in _TELLS_MORE.items():
            if more.get(tag):
                yield what
    except Exception:  # noqa: BLE001 - what cannot be read is taken out all the same
        yield "other"
    # A photo of a telephone often holds a second, larger or earlier one.
    if picture.format == "MPO":
        yield "more"
    if any(picture.info.get(name) for name in ("xmp", "XML:com.adobe.xmp", "comment", "photoshop")):
        yield "other"
    if picture.format == "PNG" and getattr(picture, "text", None):
        yield "other"


def cleaned(content: bytes, media: str) -> tuple[bytes, bool]:
    """The same pixels without what tells place, time and device; whether it was turned upright.

    Raises:
        DamagedFile: it cannot be taken apart.
    """
    with opened(content, media) as picture:
        orientation = orientation_of(picture)
        if media == "jpeg":
            return stripping.jpeg(content, orientation), False
        if media == "png" and orientation == 1:
            return stripping.png(content), False
        return _again(picture), orientation != 1


def _again(picture: Image) -> bytes:
    """PNG or TIFF written anew, without loss."""
    buffer = BytesIO()
    if picture.format == "PNG":
        upright(picture).save(buffer, "PNG", **_colours(picture))
        return buffer.getvalue()
    made = []
    for page in pages(picture):
        dpi = page.info.get("dpi")
        one, resolution = upright(page), _resolution(dpi)
        single = BytesIO()
        compression = "group4" if one.mode == "1" else "tiff_adobe_deflate"
        one.save(single, "TIFF", compression=compression, dpi=resolution)
        made.append(single)
    return _joined(made)


def _joined(singles: list[BytesIO]) -> bytes:
    from PIL import TiffImagePlugin

    if len(singles) == 1:
        return singles[0].getvalue()
    buffer = BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(buffer, new=True) as writer:
        for single in singles:
            writer.write(single.getvalue())
            writer.newFrame()
    return buffer.getvalue()


def _resolution(dpi: Any) -> tuple[float, float]:
    try:
        x, y = (min(max(float(v), 1.0), 4_800.0) for v in dpi)
    except (TypeError, ValueError):
        return 200.0, 200.0
    return x, y


def _colours(picture: Image) -> dict[str, Any]:
    profile = picture.info.get("icc_profile")
    return {"icc_profile": profile} if isinstance(profile, bytes) else {}


def upright(picture: Image) -> Image:
    """A copy turned as it is to be seen, knowing nothing but its pixels."""
    from PIL import Image

    turn = _TURNS.get(orientation_of(picture))
    made = picture.copy() if turn is None else picture.transpose(Image.Transpose(turn))
    transparent = made.info.get("transparency")
    made.info = {} if transparent is None else {"transparency": transparent}
    return made


def on_white(picture: Image) -> Image:
    """As it looks on paper: no transparency, 8 bits, grey or colours."""
    from PIL import Image

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        above = picture.convert("RGBA")
        ground = Image.new("RGBA", above.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, above).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        return picture.point(lambda v: v / 256).convert("L")
    return (
        picture
        if picture.mode in {"L", "RGB"}
        else picture.convert("L" if picture.mode == "1" else "RGB")
    )


def smaller(content: bytes, media: str) -> tuple[bytes, str]:
    """A smaller version and its media: pixels enough to read and print, JPEG, nothing else kept.

    Raises:
        TooManyPixels, DamagedFile: in words.
    """
    from PIL import Image

    def fitted(page: Image.Image) -> Image.Image:
        made = on_white(upright(page))
        made.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        return made

    with opened(content, media) as picture:
        buffer = BytesIO()
        made = [fitted(page) for page in pages(picture)]
        if len(made) == 1:
            made[0].save(buffer, "JPEG", quality=QUALITY, optimize=True)
            return buffer.getvalue(), "jpeg"
        as_pdf(made, buffer)
        return buffer.getvalue(), "pdf"


def as_pdf(made: list[Image], buffer: BytesIO, dpi: float = 250.0) -> None:
    """Pages of pixels as one PDF."""
    made[0].save(
        buffer, "PDF", save_all=True, append_images=made[1:], resolution=dpi, quality=QUALITY - 7
    )


def thumb(content: bytes, media: str) -> bytes:
    """A small picture of the first page, as JPEG.

    Raises:
        TooManyPixels, DamagedFile: in words.
    """
    with opened(content, media) as picture:
        # A JPEG can be decoded at an eighth of its size at once.
        picture.draft("RGB", (THUMB * 2, THUMB * 2))
        return small(on_white(upright(picture)))


def small(picture: Image) -> bytes:
    """*picture* as a thumbnail."""
    buffer = BytesIO()
    picture.thumbnail((THUMB, THUMB))
    picture.info = {}
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def drawn(content: bytes, media: str, page: int, scale: float, turn: int = 0) -> Raster:
    """One page as pixels.

    Args:
        content: the file.
        media: its media code.
        page: from 0.
        scale: 1 is one pixel of the picture for one of the screen.
        turn: quarters to the right.

    Raises:
        TooManyPixels, DamagedFile: in words.
    """
    from PIL import Image

    with opened(content, media) as picture:
        if media == "tiff":
            if page >= MOST_PAGES:
                raise TooManyPixels
            picture.seek(page)
            _measure(picture)
        width, height = picture.size
        if scale < 1:
            wanted = (max(1, round(width * scale)), max(1, round(height * scale)))
            picture.draft(None, wanted)
        made = on_white(upright(picture))
        if scale < 1:
            long_side = max(1, round(max(width, height) * scale))
            made.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        elif scale > 1:
            most = (MOST_PIXELS / 2 / (made.width * made.height)) ** 0.5
            factor = max(1.0, min(scale, most))
            size = (round(made.width * factor), round(made.height * factor))
            made = made.resize(size, Image.Resampling.BICUBIC)
        if turn % 4:
            made = made.transpose(
                (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)[
                    turn % 4 - 1
                ]
            )
        made = made.convert("RGBA")
        return Raster(made.width, made.height, made.tobytes())


def page_sizes(content: bytes, media: str) -> list[tuple[float, float]]:
    """Width and height of each page in pixels, as it is to be seen.

    Raises:
        TooManyPixels, DamagedFile: in words.
    """
    sizes = []
    with opened(content, media) as picture:
        for page in pages(picture):
            width, height = page.size
            lying = orientation_of(page) >= 5
            sizes.append((float(height), float(width)) if lying else (float(width), float(height)))
    return sizes
