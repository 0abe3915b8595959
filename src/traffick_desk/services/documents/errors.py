"""Why a file was not taken in as a document, in words for the officer."""

from __future__ import annotations

from traffick_desk.i18n import N_, _
from traffick_desk.services.errors import ServiceError


class DocumentRefused(ServiceError):
    """The file was not taken in; the case is unchanged."""


class EmptyFile(DocumentRefused):
    """There is nothing in the file."""

    text = N_(
        "The file is empty, so it was not taken in. The case is unchanged. Perhaps copying it "
        "from the phone or stick was interrupted; please copy it once more."
    )


class TooLarge(DocumentRefused):
    """The file is beyond all limits, before anything of it is read."""

    def __str__(self) -> str:
        return _(
            "The file is larger than {most} MB, so it was not taken in. The case is unchanged. "
            "Please scan with 200 dpi, or in several parts."
        ).format(most=self.args[0] // 1_000_000)


class StillTooLarge(DocumentRefused):
    """It can be read, but it is too large to be kept as it is."""

    def __str__(self) -> str:
        return _(
            "The document is larger than {most} MB, so it cannot be kept as it is. The case is "
            "unchanged. Please let it be made smaller, or scan it in several parts."
        ).format(most=self.args[0] // 1_000_000)


class UnknownKind(DocumentRefused):
    """Not one of the four kinds."""

    text = N_(
        "This is no photo, scan or PDF that the desk can show, so it was not taken in. The case is "
        "unchanged. Please take JPEG, PNG, TIFF or PDF; a Word or Excel file can be saved as PDF."
    )


class HeicPhoto(DocumentRefused):
    """A photo as some telephones make it."""

    text = N_(
        "This photo is in the HEIC format of some telephones, which the desk cannot read. It was "
        "not taken in and the case is unchanged. Please set the camera of the telephone to “Most "
        "compatible” (JPEG), or send the photo from the telephone as JPEG."
    )


class DamagedFile(DocumentRefused):
    """It begins as one of the kinds, and cannot be read to its end."""

    text = N_(
        "The file is damaged or cut off, so it was not taken in. The case is unchanged. Please "
        "copy it once more from the phone or stick, or scan the paper again."
    )


class LockedPdf(DocumentRefused):
    """A PDF that asks for a password."""

    text = N_(
        "This PDF is locked with a password, so it was not taken in. The case is unchanged. Please "
        "ask who made it for one without a password; in the vault it is protected anyway."
    )


class TooManyPixels(DocumentRefused):
    """More pixels or pages than a small PC can hold: by mistake, or to do harm."""

    text = N_(
        "The picture or PDF has far more pixels or pages than a scan or photo needs, so it was not "
        "taken in. The case is unchanged. Please scan with 200 to 300 dpi, or in several parts."
    )


class CannotShrink(DocumentRefused):
    """Making it smaller would not save anything."""

    text = N_(
        "Making this document smaller would save nothing. Nothing was changed; please keep it as "
        "it is, or scan it again with 200 dpi."
    )


class FileUnreadable(DocumentRefused):
    """The disk or stick did not give it."""

    def __str__(self) -> str:
        return _(
            "The file could not be read: {reason}. Nothing was taken in and the case is unchanged. "
            "Please look whether the stick or telephone is still connected."
        ).format(reason=self.args[0])
