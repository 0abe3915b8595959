"""What can go wrong between desks, in words for the officer."""

from __future__ import annotations

from traffick_desk.domain.practice import FILE_MARK
from traffick_desk.i18n import N_, _

PRACTICE_FOLDER = "TD-LUYEN-TAP"


class SyncError(Exception):
    """A refusal that is not a mistake of the program.

    ``str(error)`` is the text for people; ``code`` is for the log and for tests
    and holds nothing personal.
    """

    text = ""

    def __init__(self, code: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return _(self.text).format(**self.values)


class BundleRefused(SyncError):
    """The file is not an unaltered bundle from an enrolled desk to this one: one text for all."""

    text = N_(
        "This file was not taken in: it is damaged, was changed on the way, is meant for another "
        "desk, or comes from a desk that is not enrolled. Nothing here was changed. Please ask "
        "the sender to export again."
    )


class BundleNewer(SyncError):
    """The bundle was written in a format that this version does not read yet."""

    text = N_(
        "This file was written by a newer version of the program, so it was not taken in. Nothing "
        "here was changed. Keep the file, install the newer version on this PC, then import again."
    )


class SenderRevoked(SyncError):
    """The bundle comes from a desk whose certificate was withdrawn."""

    text = N_(
        "This file comes from a desk whose access was withdrawn, so it was not taken in. Nothing "
        "here was changed. Please tell the province's IT desk."
    )


class NotEntitled(SyncError):
    """The bundle carries changes for which its sender may not speak."""

    text = N_(
        "This file holds entries that its sender is not entitled to make, so none of it was taken "
        "in. Nothing here was changed. Please tell the province's IT desk."
    )


class Forked(SyncError):
    """Two different histories carry the name of one desk."""

    text = N_(
        "The desk that sent this file tells its history differently from before: it may have been "
        "restored from an old copy, or someone imitates it. The file was not taken in and nothing "
        "here was changed. Please tell the province's IT desk; that desk must be enrolled anew."
    )


class VaultRestored(SyncError):
    """The peer knows more of this desk's own history than this vault does."""

    text = N_(
        "This vault is an older copy: the other desk already has newer entries from it. Nothing "
        "was taken in or sent. Please tell the province's IT desk; this desk must be enrolled anew "
        "before it sends again."
    )


class NoSuchPeer(SyncError):
    """There is no link to that desk."""

    text = N_(
        "This desk is not linked with that desk, so nothing was sent. Your data is safe. Please "
        "enrol it first."
    )


class PeerRevoked(SyncError):
    """The receiver's certificate was withdrawn."""

    text = N_(
        "The access of that desk was withdrawn, so nothing was sent to it. Your data is safe. "
        "Please choose another desk."
    )


class NotSetUp(SyncError):
    """This vault has no keys of its own for exchanging."""

    text = N_(
        "This vault has no keys for exchanging with other desks yet. Your data is safe. Please "
        "enrol this desk first."
    )


class PracticeMixed(SyncError):
    """A file of practice came to a real desk, or one of a real desk to practice."""

    text = N_(
        "Practice and real desks exchange nothing: this file is of the other kind and was not "
        "taken in. Nothing here was changed. Files of practice lie in the folder {folder} or have "
        "{mark} in their names; please choose the right file or stick."
    )

    def __init__(self, code: str = "practice") -> None:
        super().__init__(code, folder=PRACTICE_FOLDER, mark=FILE_MARK)


class EnrolmentRefused(SyncError):
    """A request or certificate is damaged, altered or not for this desk."""

    text = N_(
        "This enrolment file is damaged, was changed on the way, or is meant for another desk. "
        "Nothing here was changed. Please ask for a new one."
    )


class EnrolmentNewer(SyncError):
    """A request or certificate of a format that this version does not read yet."""

    text = N_(
        "This enrolment file was written by a newer version of the program. Nothing here was "
        "changed. Please install the newer version on this PC, then open the file again."
    )


class EnrolmentConflict(SyncError):
    """A desk of that id is enrolled with other keys, or this desk has another province."""

    text = N_(
        "This enrolment file does not agree with what is already known of that desk: its keys are "
        "others. Nothing here was changed. Compare the words over the telephone; if the PC was "
        "replaced or restored, the desk must be enrolled as a new one."
    )


class OnlyProvince(SyncError):
    """Only the province's desk signs certificates."""

    text = N_("Only the province's desk can enrol other desks. Nothing here was changed.")


class HelpRefused(SyncError):
    """A request for the key of a locked desk that this province does not answer: one text."""

    text = N_(
        "This request cannot be answered here: it is damaged, or comes from a desk that is not "
        "linked to this province or was withdrawn, or its vault is not sealed to this desk. "
        "Nothing was opened and nothing was changed. Please call the commune, and tell the IT desk."
    )
