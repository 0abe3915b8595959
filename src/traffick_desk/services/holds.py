"""Keeping the data of a case from being erased, for a body that needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

HOLD = "legal_hold"
CHANGES = CASES | {"erasures"}


@dataclass(frozen=True, slots=True)
class HoldCase(Command[str]):
    """Keep the data of a case from being erased, for a body that needs it; answers with its id.

    Attributes:
        body: who needs it.
        reason: what for, in words.

    Raises:
        NotHere: there is no such case.
        InvalidValues: nobody is named; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "erasure.hold"
    changes: ClassVar[frozenset[str]] = CHANGES

    case_id: str
    body: str
    paper_no: str = ""
    since: str = ""
    reason: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if work.journal.state("case", self.case_id).empty:
            raise NotHere
        if not self.body.strip():
            raise InvalidValues(((HOLD, "body", _("Please write down who needs the data.")),))
        values = {
            "case": self.case_id,
            "body": self.body.strip(),
            "paper_no": self.paper_no.strip() or None,
            "since": self.since or context.today,
            "note": self.reason.strip() or None,
        }
        record = new_id()
        SaveRecords((Edit(HOLD, record, values),)).run(context, work)
        return record


@dataclass(frozen=True, slots=True)
class EndHold(Command[None]):
    """Write down that no body needs the data of a case any more.

    Raises:
        NotHere: nobody did.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "erasure.unhold"
    changes: ClassVar[frozenset[str]] = CHANGES

    case_id: str
    on: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        work.cursor.execute(
            'SELECT id FROM r_legal_hold WHERE "case" = ? AND voided IS NULL AND until IS NULL',
            (self.case_id,),
        )
        ids = [record for (record,) in work.cursor.fetchall()]
        if not ids:
            raise NotHere
        until = {"until": self.on or context.today}
        SaveRecords(tuple(Edit(HOLD, record, until) for record in ids)).run(context, work)


@dataclass(frozen=True, slots=True)
class Held:
    """A case that is held, and for whom."""

    case_id: str
    file_no: str
    unit: str
    body: str
    paper_no: str
    since: str
    reason: str


@dataclass(frozen=True, slots=True)
class Holds(Query[tuple[Held, ...]]):
    """All holds that stand, the longest first."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[Held, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            'SELECT h."case", c.file_no, c.unit, h.body, h.paper_no, h.since, h.note '
            'FROM r_legal_hold h JOIN r_case c ON c.id = h."case" '
            "WHERE h.voided IS NULL AND h.until IS NULL ORDER BY h.since, h.id"
        )
        return tuple(Held(*(str(v or "") for v in row)) for row in cursor.fetchall())
