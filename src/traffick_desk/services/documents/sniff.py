"""What a file is, by its first bytes; its name is only compared with them."""

from __future__ import annotations

from traffick_desk.services.documents.errors import EmptyFile, HeicPhoto, UnknownKind

# A PDF may have a little before its head (ISO 32000-1, Annex H.3.4.1).
_PDF_WITHIN = 1024
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_ENDINGS = {
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".jpe": "jpeg",
    ".jfif": "jpeg",
    ".png": "png",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".pdf": "pdf",
}


def media_of(content: bytes) -> str:
    """The media code of *content*.

    Raises:
        EmptyFile, HeicPhoto, UnknownKind: it is none that the desk shows.
    """
    if not content:
        raise EmptyFile
    head = bytes(content[:_PDF_WITHIN])
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return "tiff"
    if b"%PDF-" in head:
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        raise HeicPhoto
    raise UnknownKind


def misnamed(name: str, media: str) -> bool:
    """Whether the ending of file *name* says something else than its content."""
    dot = name.rfind(".")
    ending = name[dot:].lower() if dot > 0 else ""
    return bool(ending) and _ENDINGS.get(ending, "") != media
