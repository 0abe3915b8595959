"""From a stranger's file to what is kept: looked at, cleaned, perhaps made smaller; in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from traffick_desk.papers.raster import Raster
from traffick_desk.services.documents import pdfs, pictures, sniff
from traffick_desk.services.documents.errors import (
    CannotShrink,
    EmptyFile,
    FileUnreadable,
    StillTooLarge,
    TooLarge,
)
from traffick_desk.store.documents import MOST, digest_of

# Nothing larger is read at all; what lies between this and what is kept can be made smaller.
MOST_READ = 100_000_000
# From here on the desk proposes to make it smaller: a minute on a line of 256 kbit/s.
LARGE = 2_000_000
_WORTH = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was looked at and can be taken in.

    Attributes:
        media: what it is by its content.
        width, height: of the first page, pixels, or points of a PDF.
        told: what the file tells beside its picture: ``place``, ``time``, ``device``, ``author``,
            ``more`` (a second picture), ``other``; of a PDF ``attachments``, ``scripts``,
            ``signed``, ``author``.
        misnamed: the ending of its name says something else.
    """

    content: bytes = field(repr=False)
    media: str
    pages: int
    width: float
    height: float
    told: frozenset[str]
    misnamed: bool = False

    @property
    def large(self) -> bool:
        """Whether making it smaller is worth a question."""
        return len(self.content) > LARGE

    @property
    def cleanable(self) -> bool:
        """Whether there is anything that is taken out; a PDF is kept as it is."""
        return self.media != "pdf"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is kept: the bytes, and what the record says of them."""

    content: bytes = field(repr=False)
    digest: str
    media: str
    pages: int
    thumb: bytes = field(repr=False)
    done: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)


def read_file(path: Path) -> bytes:
    """The bytes of a file, unless it is beyond all limits.

    Raises:
        EmptyFile, TooLarge, FileUnreadable: in words.
    """
    try:
        with path.open("rb") as stream:
            # What is no plain file may have no end.
            content = stream.read(MOST_READ + 1) if path.is_file() else b""
    except OSError as error:
        raise FileUnreadable(error.strerror or str(error)) from error
    if len(content) > MOST_READ:
        raise TooLarge(MOST_READ)
    if not content:
        raise EmptyFile
    return content


def look_at(content: bytes, name: str = "") -> Found:
    """What a file is; all of it is decoded once, so that a damaged one is refused here.

    Raises:
        DocumentRefused: in words.
    """
    if len(content) > MOST_READ:
        raise TooLarge(MOST_READ)
    media = sniff.media_of(content)
    wrong = sniff.misnamed(name, media)
    if media == "pdf":
        count, width, height, told = pdfs.check(content)
        return Found(content, media, count, width, height, told, wrong)
    number, across, down, found = pictures.check(content, media)
    return Found(content, media, number, across, down, found, wrong)


def prepare(found: Found, *, clean: bool = True, shrink: bool = False) -> Prepared:
    """Make ready what is kept.

    Args:
        found: by :func:`look_at`.
        clean: take out what tells place, time and device.
        shrink: make it smaller; what is smaller holds nothing but pixels.

    Raises:
        CannotShrink: it would save nothing.
        StillTooLarge: it is larger than what the vault keeps.
        DocumentRefused: in words.
    """
    content, media, pages = found.content, found.media, found.pages
    done = []
    if shrink:
        content, media = smaller(found)
        done.append("shrunk")
        if found.cleanable:
            done.append("cleaned")
    elif clean and found.cleanable:
        content, turned = pictures.cleaned(content, media)
        done += ["cleaned", *(["turned"] if turned else [])]
    if len(content) > MOST:
        raise StillTooLarge(MOST)
    small = thumb(content, media)
    return Prepared(content, digest_of(content), media, pages, small, tuple(sorted(done)))


def smaller(found: Found) -> tuple[bytes, str]:
    """A smaller version and its media.

    Raises:
        CannotShrink: it would save nothing.
        DocumentRefused: in words.
    """
    if found.media == "pdf":
        content, media = pdfs.smaller(found.content), "pdf"
    else:
        content, media = pictures.smaller(found.content, found.media)
    if len(content) > len(found.content) * _WORTH:
        raise CannotShrink
    return content, media


def thumb(content: bytes, media: str) -> bytes:
    """A small picture of the first page.

    Raises:
        DocumentRefused: in words.
    """
    return pdfs.thumb(content) if media == "pdf" else pictures.thumb(content, media)


def draw(content: bytes, media: str, page: int, scale: float, turn: int = 0) -> Raster:
    """One page as pixels; *scale* 1 is a pixel of a photo, or 96 dpi of a PDF.

    Raises:
        DocumentRefused: in words.
    """
    if media == "pdf":
        return pdfs.drawn(content, page, scale * 96, turn)
    return pictures.drawn(content, media, page, scale, turn)


def page_sizes(content: bytes, media: str) -> list[tuple[float, float]]:
    """Width and height of each page at scale 1 of :func:`draw`.

    Raises:
        DocumentRefused: in words.
    """
    if media == "pdf":
        return [(w * 96 / 72, h * 96 / 72) for w, h in pdfs.page_sizes(content)]
    return pictures.page_sizes(content, media)
