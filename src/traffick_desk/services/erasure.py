"""Erasing a case on lawful demand: asked for by one person, ordered by another, proven, certified.

A commune's chair (or its officer, where there is no chair) writes down the demand; so may the
province. The province's lead orders it, and must be somebody else. The order travels as any other
change and takes effect wherever the case is (``store.erasure``); copies of the vault in reach are
made anew and those from before are destroyed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.closing import CLOSED
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.erasure_preview import Holding, Preview, look
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere, ServiceError
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, ERASE
from traffick_desk.store import erasure as store_erasure
from traffick_desk.store.changes import WHOLE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

REQUEST, ORDER = "erasure_request", store_erasure.ORDER
ERASURES = frozenset({"cases", "drafts", "erasures"})


class TwoPeople(ServiceError):
    """Who asked for the erasing cannot order it as well."""

    text = N_(
        "Erasing takes two people: who asked for it cannot order it as well. Nothing was erased. "
        "Please let another officer order it, or let another one write down the demand."
    )


class CaseHeld(ServiceError):
    """A body needs the data."""

    def __init__(self, hold: Holding) -> None:
        super().__init__(hold)
        self.hold = hold

    def __str__(self) -> str:
        return _(
            "The data of this case is held for {body} since {since}, so nothing was erased. "
            "When it is no longer needed there, write down the day on which the hold ended."
        ).format(body=self.hold.body, since=self.hold.since)


class CaseOpen(ServiceError):
    """The case is being worked on."""

    text = N_(
        "This case is not closed, so nothing was erased: support that is due would be lost. "
        "Close it first; or, if the person insists, write down why it is erased while open."
    )


@dataclass(frozen=True, slots=True)
class RequestErasure(Command[str]):
    """Write down a lawful demand to erase a case; nothing is erased yet. Answers with its id.

    Attributes:
        ground: of list ``erasure_ground``.
        reason: what was asked, in words.
        paper_no: number of the demand or decision.
        asked_on: the day, today by default.

    Raises:
        NotAllowed: the desk has a chair and this is not she.
        NotHere: there is no such case.
        InvalidValues: a value cannot be; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "erasure.request"
    changes: ClassVar[frozenset[str]] = ERASURES

    case_id: str
    ground: str
    reason: str
    paper_no: str = ""
    asked_on: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if not may_request(work.cursor, context.info.profile, context.info.role):
            raise NotAllowed
        if work.journal.state("case", self.case_id).empty:
            raise NotHere
        if self.ground not in SMALL_LISTS["erasure_ground"].codes():
            raise InvalidValues(((REQUEST, "ground", _("Please choose the ground.")),))
        if not self.reason.strip():
            raise InvalidValues(((REQUEST, "reason", _("Please write down what was asked.")),))
        values = {
            "case": self.case_id,
            "ground": self.ground,
            "asked_on": self.asked_on or context.today,
            "paper_no": self.paper_no.strip() or None,
            "reason": self.reason.strip(),
        }
        record = new_id()
        SaveRecords((Edit(REQUEST, record, values),)).run(context, work)
        return record


def may_request(cursor: Any, profile: str, role: str) -> bool:
    """Whether an officer of *role* may ask: in a commune the chair, where there is one."""
    if profile == "province" or role == "chair":
        return True
    cursor.execute("SELECT 1 FROM officer WHERE role = 'chair'")
    return cursor.fetchone() is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A demand that nobody decided yet."""

    id: str
    case_id: str
    file_no: str
    unit: str
    ground: str
    asked_on: str
    paper_no: str
    reason: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class ErasureRequests(Query[tuple[Waiting, ...]]):
    """All demands that wait for an order, the oldest first."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[Waiting, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            'SELECT q.id, q."case", c.file_no, c.unit, q.ground, q.asked_on, q.paper_no, q.reason, '
            'q.heads FROM r_erasure_request q JOIN r_case c ON c.id = q."case" '
            "WHERE q.voided IS NULL ORDER BY q.asked_on, q.id"
        )
        rows = cursor.fetchall()
        found = []
        for *row, heads in rows:
            names: list[Any] = [str(value or "") for value in (*row, _writer(cursor, heads)[1])]
            found.append(Waiting(*names))
        return tuple(found)


def _writer(cursor: Any, heads: str) -> tuple[str, str]:
    """Id of the officer who wrote the shown value of a whole record, and her name if known here."""
    ref = next((ref for ref, names in json.loads(heads).items() if WHOLE in names), "")
    device, _dot, seq = ref.rpartition(".")
    cursor.execute("SELECT body FROM journal WHERE device = ? AND seq = ?", (device, seq or 0))
    row = cursor.fetchone()
    officer = str(json.loads(bytes(row[0]))["o"]) if row else ""
    cursor.execute("SELECT name FROM officer WHERE officer_id = ?", (officer,))
    named = cursor.fetchone()
    return officer, named[0] if named else ""


@dataclass(frozen=True, slots=True)
class PreviewErasure(Query[Preview]):
    """What would be erased of a case, what stays, and what stands against it."""

    permission: ClassVar[str] = CASE_READ
    logged: ClassVar[str] = "erasure.preview"

    case_id: str

    def run(self, context: Context, cursor: Any) -> Preview:
        """See :class:`Query`."""
        return look(context, cursor, self.case_id)


@dataclass(frozen=True, slots=True)
class OrderErasure(Command[str]):
    """Order that the data of a case be erased, at this desk at once and then wherever it is.

    It cannot be undone. Answers with the id of the order, which is all that stays.

    Attributes:
        request_id: the demand that is granted.
        open_reason: why although the case is not closed.

    Raises:
        NotHere: there is no such demand.
        TwoPeople: the same officer asked for it.
        CaseHeld, CaseOpen: in words; nothing was erased.
    """

    permission: ClassVar[str] = ERASE
    action: ClassVar[str] = "erasure.order"
    changes: ClassVar[frozenset[str]] = ERASURES

    request_id: str
    open_reason: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if context.info.profile != "province":
            raise NotAllowed
        request = work.journal.state(REQUEST, self.request_id)
        case_id = str(request.values.get("case") or "")
        if request.empty or request.voided is not None or not case_id:
            raise NotHere
        cursor = work.cursor
        cursor.execute("SELECT heads FROM r_erasure_request WHERE id = ?", (self.request_id,))
        asked_by, name = _writer(cursor, cursor.fetchone()[0])
        if asked_by == context.info.officer_id:
            raise TwoPeople
        seen = look(context, cursor, case_id)
        if seen.holds:
            raise CaseHeld(seen.holds[0])
        if seen.stage not in (CLOSED, *TIP_STAGES) and not self.open_reason.strip():
            raise CaseOpen
        record = new_id()
        values = {
            "case": case_id,
            "unit": seen.unit,
            "file_no": seen.file_no or None,
            "ground": request.values.get("ground"),
            "paper_no": request.values.get("paper_no"),
            "ordered_on": context.today,
            "asked_by": name or None,
            "ordered_by": context.info.officer_name or None,
            "entries": seen.entries,
            "documents": seen.documents,
            **seen.statistics,
        }
        work.journal.write(Edit(ORDER, record, values), context.info.officer_id, case_id)
        return record


@dataclass(frozen=True, slots=True)
class Erased:
    """An order, as it is listed and certified."""

    id: str
    case_id: str
    file_no: str
    unit: str
    ground: str
    paper_no: str
    ordered_on: str
    asked_by: str
    ordered_by: str
    entries: int
    documents: int


@dataclass(frozen=True, slots=True)
class Erasures(Query[tuple[Erased, ...]]):
    """All orders that took effect here, the newest first."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[Erased, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            'SELECT id, "case", file_no, unit, ground, paper_no, ordered_on, asked_by, ordered_by, '
            "entries, documents FROM r_erasure ORDER BY ordered_on DESC, id DESC"
        )
        found = []
        for row in cursor.fetchall():
            values: list[Any] = [str(value or "") for value in row[:9]]
            values += [int(value or 0) for value in row[9:]]
            found.append(Erased(*values))
        return tuple(found)
