"""One module a group of commands, and the words for what went wrong."""

from __future__ import annotations

from traffick_desk.cli.actions import (
    backup,
    cases,
    closing,
    conflicts,
    costs,
    demo,
    desk,
    directory,
    documents,
    erasure,
    exchange,
    facilities,
    figures,
    groups,
    hub,
    log,
    officers,
    papers,
    practice,
    prevention,
    province_help,
    register,
    rules,
    salvage,
    same,
    standards,
    tips,
    trust,
    updates,
)
from traffick_desk.i18n import _

__all__ = [
    "backup",
    "cases",
    "closing",
    "conflicts",
    "costs",
    "demo",
    "desk",
    "directory",
    "documents",
    "erasure",
    "exchange",
    "facilities",
    "figures",
    "groups",
    "hub",
    "log",
    "officers",
    "papers",
    "practice",
    "prevention",
    "province_help",
    "register",
    "rules",
    "salvage",
    "same",
    "standards",
    "tips",
    "trust",
    "updates",
    "words_of",
]


def words_of(error: Exception) -> str:
    """What to say about *error*: its own words if it has them, never a code alone."""
    if type(error).__module__.startswith("traffick_desk."):
        return str(error)
    if isinstance(error, OSError):
        return _("{file}: {problem}. Nothing was changed.").format(
            file=error.filename or "-", problem=error.strerror or str(error)
        )
    return _(
        "The program made a mistake ({kind}). What was saved before is safe. "
        "Please run the command again with --debug and pass the text on."
    ).format(kind=type(error).__name__)
