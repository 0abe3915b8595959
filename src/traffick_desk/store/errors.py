"""What can go wrong with the encrypted file, in words for the officer."""

from __future__ import annotations

from traffick_desk.i18n import N_, _


class StoreError(Exception):
    """Something about the file or the disk, not a mistake of the program.

    ``str(error)`` is the text for people: what happened, whether the data is
    safe, what to do now.
    """

    text = ""

    def __str__(self) -> str:
        return _(self.text)


class StoreUnreadable(StoreError):
    """The database does not open with the key of its vault, or pages are damaged."""

    text = N_(
        "The data file cannot be read: it is damaged or does not belong to this vault. "
        "Nothing was changed. Restore the newest backup, or ask the province's IT desk."
    )


class StoreDamaged(StoreError):
    """A page of the file in use does not fit; it is read only from now on."""

    text = N_(
        "The data file is damaged, so nothing is written to it any more and this was not saved. "
        "What can be read is still shown. Please lock the vault, choose “Restore from a backup…” "
        "and there “Save what can be saved”, with every stick that holds backups plugged in."
    )


class StoreNewer(StoreError):
    """The database was written by a newer version of the program."""

    text = N_(
        "This vault was last used with a newer version of the program. "
        "Nothing was changed. Please install the newer version on this PC."
    )


class StoreInUse(StoreError):
    """Another process has the vault open."""

    text = N_(
        "This vault is already open in another window on this PC. "
        "Please go on there, or close it first."
    )


class DiskFull(StoreError):
    """The disk is full; the transaction was rolled back."""

    text = N_(
        "The disk is full, so this was not saved. Everything saved before is safe. "
        "Please make room on the disk and save again."
    )


class StoreUnwritable(StoreError):
    """The disk refused to write; the transaction was rolled back."""

    text = N_(
        "The disk refused to write, so this was not saved. Everything saved before is safe. "
        "Please check the disk, then save again."
    )


class SettingRefused(StoreError):
    """SQLCipher does not have a setting that the vault relies on."""

    text = N_(
        "The encryption library of this installation does not do what the vault needs. "
        "Nothing was opened. Please install the program again."
    )


class DocumentElsewhere(StoreError):
    """The record of a document is here, its bytes are not, or not all of them."""

    text = N_(
        "This document is not on this PC yet; only what it is has arrived. Nothing is lost: it is "
        "at the desk that took it in. Please ask for it; it comes with one of the next bundles."
    )


class DocumentDamaged(StoreError):
    """The bytes are not those that the record names."""

    text = N_(
        "The content of this document is not what was taken in, so it is not shown. The rest of "
        "the case is untouched. Please get it from a backup, or from the other desk."
    )
