"""The province hands a tip to a commune, which then deals with it as with one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from traffick_desk.domain.codes_tip import TIP
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere, ServiceError
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.services.tips import TipSettled
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work


class OnlyFromProvince(ServiceError):
    """A commune wants to hand a tip to another commune."""

    text = N_(
        "Only the province hands a tip to a commune. Nothing was changed. Please pass the tip on "
        "to the province; it goes there with the next export."
    )


@dataclass(frozen=True, slots=True)
class HandDownTip(Command[bool]):
    """Give a tip to a commune of the province; whether a PC of it is linked.

    The tip travels to that commune with its whole history, who told it included; the commune it
    was taken from before, if any, learns that it went. The tip itself stays open.

    Attributes:
        unit: of the commune.

    Raises:
        OnlyFromProvince: this is a commune's desk.
        InvalidValues: the unit is no commune of this province, or has the tip already.
        TipSettled: something became of the tip already.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "tip.hand_down"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    unit: str
    note: str = ""

    def run(self, context: Context, work: Work) -> bool:
        """See :class:`Command`."""
        if context.info.profile != "province":
            raise OnlyFromProvince
        work.cursor.execute("SELECT stage, unit FROM case_row WHERE case_id = ?", (self.case_id,))
        row = work.cursor.fetchone()
        if row is None:
            raise NotHere
        if row[0] != TIP:
            raise TipSettled
        communes = {u.id for u in context.units.communes(context.info.unit)}
        if self.unit not in communes or self.unit == row[1]:
            text = _("Please choose another commune of this province.")
            raise InvalidValues((("case", "unit", text),))
        name = context.units.full_name(self.unit)
        said = _("Handed to {commune}").format(commune=name)
        note = {
            "case": self.case_id,
            "at": context.moment,
            "text": f"{said}. {self.note.strip()}" if self.note.strip() else said,
        }
        edits = (
            Edit("case", self.case_id, {"unit": self.unit}),
            Edit("note", new_id(), note),
        )
        SaveRecords(edits).run(context, work)
        work.cursor.execute(
            "SELECT 1 FROM link l JOIN device d ON d.device = l.device "
            "WHERE d.unit = ? AND d.revoked_on IS NULL",
            (self.unit,),
        )
        return work.cursor.fetchone() is not None
