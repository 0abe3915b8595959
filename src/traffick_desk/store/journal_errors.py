"""Why the journal refuses what it is given."""

from __future__ import annotations

from traffick_desk.i18n import N_, _
from traffick_desk.store.errors import StoreError


class Equivocation(Exception):
    """Two different changes carry the same number of one device. Neither is trusted blindly."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref

    def __str__(self) -> str:
        return _(
            N_(
                "Two different entries carry the same number of one desk. The data was not taken "
                "in. Please tell the province's IT desk: the other PC may have been restored from "
                "an old copy."
            )
        )


class OwnPast(Equivocation):
    """An arriving change of this very desk is not in its journal: this file went back in time."""

    def __str__(self) -> str:
        return _(
            N_(
                "The data on this PC is older than what this PC has already sent: it was restored "
                "from an old copy. The data was not taken in, so that nothing gets mixed up. "
                "Please stop entering data here and tell the province's IT desk."
            )
        )


class RightEnded(StoreError):
    """The province has ended the role of this officer: what she writes would count nowhere."""

    text = N_(
        "The province has ended your role at this desk, so nothing was saved: it would "
        "count nowhere. What you typed is kept as a draft. Please speak with the province."
    )


class NotWriter(Exception):
    """This desk may not write records of this type (I7): a mistake of the program."""
