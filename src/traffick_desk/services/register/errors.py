"""Why a file cannot be taken in or written, in words for the officer."""

from __future__ import annotations

from traffick_desk.i18n import N_, _
from traffick_desk.services.errors import ServiceError


class RegisterError(ServiceError):
    """A register was not read or a list not written; nothing in the vault was changed."""


class FileMissing(RegisterError):
    """The file cannot be opened."""

    text = N_(
        "The file cannot be opened. Nothing was taken in. "
        "Please look whether it is still there and not open in another program."
    )


class NotATable(RegisterError):
    """Neither a workbook nor a text with columns."""

    text = N_(
        "This is not a table that can be read, or the file is damaged. Nothing was taken in. "
        "Please open it in a spreadsheet program and save it as .xlsx or .csv."
    )


class OldWorkbook(RegisterError):
    """The old binary format, or a workbook locked with a password."""

    text = N_(
        "This is a workbook of the old kind (.xls), or one locked with a password. Nothing was "
        "taken in. Please open it in a spreadsheet program and save it as .xlsx without a password."
    )


class HostileWorkbook(RegisterError):
    """The file is made so that it would harm who opens it."""

    text = N_(
        "This file is not built as workbooks are and could harm the program, so it was not opened "
        "further. Nothing was taken in. Please ask who gave you the file for a new one."
    )


class TableTooLarge(RegisterError):
    """More rows or bytes than are read at once."""

    text = N_(
        "This table is too large to be taken in at once. Nothing was taken in. "
        "Please divide it, for example by years, and take in one part after the other."
    )


class UnreadableText(RegisterError):
    """The letters cannot be told."""

    text = N_(
        "The letters in this file cannot be read: it was probably written with an old font "
        "(TCVN3, VNI). Nothing was taken in. Please convert it to Unicode, for example with the "
        "clipboard tool of UniKey, and save it as .xlsx or as .csv in UTF-8."
    )


class EmptyTable(RegisterError):
    """There are no rows."""

    text = N_("There are no rows in this table. Nothing was taken in.")


class MappingUnreadable(RegisterError):
    """A mapping file is not of the form."""

    text = N_(
        "The file that says what the columns are is not of the expected form. Nothing was taken in."
    )


class NoName(RegisterError):
    """No column holds the name."""

    text = N_(
        "No column is chosen for the name. Nothing was taken in. "
        "Please choose which column holds the name of the person."
    )


class ListNotWritten(RegisterError):
    """The file of a list could not be written."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _(
            "The file could not be written: {reason}. Nothing is lost. "
            "Please choose another place and save it again."
        ).format(reason=self.reason)
