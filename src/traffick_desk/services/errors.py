"""What a command can refuse, in words for the officer."""

from __future__ import annotations

from traffick_desk.i18n import N_, _


class ServiceError(Exception):
    """A command was not carried out; nothing was changed. ``str(error)`` is for people."""

    text = ""

    def __str__(self) -> str:
        return _(self.text)


class NotAllowed(ServiceError):
    """The officer's role does not include the command."""

    text = N_(
        "Your role does not include this. Nothing was changed. "
        "Please ask the officer who is responsible for it."
    )


class NotHere(ServiceError):
    """The record does not exist in this vault."""

    text = N_("This is not in this vault. Nothing was changed. It may have been moved elsewhere.")


class InvalidValues(ServiceError):
    """Values that cannot be; *problems* holds one text per field.

    Attributes:
        problems: (record type, field, text) for each value that was refused.
    """

    def __init__(self, problems: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        head = _("Some values cannot be right, so nothing was saved. What you typed is kept.")
        return "\n".join([head, *(text for _type, _field, text in self.problems)])


class NoPeer(ServiceError):
    """There is no desk to send to yet."""

    text = N_(
        "This PC is not linked to the province yet, so there is nobody to write a bundle for. "
        "Please link it first, on the page Sync."
    )
