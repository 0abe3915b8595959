"""What officers do to cases. Each command is one transaction with one line in the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.values import moment
from traffick_desk.i18n import _
from traffick_desk.services import assess, checks, numbering, withdrawal
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import CASE_WRITE, DECIDE, OWN
from traffick_desk.services.settling import settling
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

CASES = frozenset({"cases"})


def _case_of(work: Work, edit: Edit) -> str:
    """The case an edit belongs to.

    Raises:
        NotHere: the record names no case of this vault.
    """
    if edit.type == "case":
        return edit.id
    known = work.journal.state(edit.type, edit.id)
    case = edit.values.get("case") or known.values.get("case")
    if not isinstance(case, str):
        raise NotHere
    return case


def _write(context: Context, work: Work, edits: tuple[Edit, ...]) -> set[str]:
    edits = checks.tidied(context, edits)
    problems = checks.impossible(context, work, edits)
    if problems:
        raise InvalidValues(problems)
    cases = set()
    for edit in edits:
        case = _case_of(work, edit)
        work.journal.write(edit, context.info.officer_id, case)
        cases.add(case)
    return cases


@dataclass(frozen=True, slots=True)
class SaveRecords(Command[tuple[str, ...]]):
    """Save the changed fields of some records; answers with the cases touched.

    Raises:
        InvalidValues: a value cannot be; nothing was saved.
        NotHere: a record names no case.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "records.save"
    changes: ClassVar[frozenset[str]] = CASES

    edits: tuple[Edit, ...]
    draft: str = ""

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        cases = _write(context, work, self.edits)
        if tasks := withdrawal.follow(context, work, self.edits):
            cases |= _write(context, work, tasks)
        if self.draft:
            work.cursor.execute("DELETE FROM draft WHERE key = ?", (self.draft,))
        return tuple(sorted(cases))

    def target(self, result: tuple[str, ...]) -> str:
        """See :class:`Command`."""
        return ",".join(result)


@dataclass(frozen=True, slots=True)
class NewCase(Command[str]):
    """Open a case from an intake; answers with its id.

    The edits hold the case (its file number is given here), the person and
    whatever else is known. The draft of the intake is dropped in the same transaction.

    Raises:
        InvalidValues: a value cannot be; nothing was saved and the draft stays.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.new"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "drafts"})

    edits: tuple[Edit, ...]
    draft: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        frames = [e for e in self.edits if e.type == "case"]
        if len(frames) != 1:
            raise NotHere
        case_id = frames[0].id
        opened = frames[0].values.get("opened_on") or context.today
        values = {
            "stage": "reception",
            "unit": context.info.unit,
            "officer": context.info.officer_name,
            **frames[0].values,
            "opened_on": opened,
            "file_no": numbering.file_number(
                work.cursor, context.info.device, context.info.unit, int(opened[:4])
            ),
        }
        rest = tuple(
            Edit(e.type, e.id, {**e.values, "case": case_id}, e.base)
            for e in self.edits
            if e.type != "case"
        )
        _write(context, work, (Edit("case", case_id, values), *rest))
        if self.draft:
            work.cursor.execute("DELETE FROM draft WHERE key = ?", (self.draft,))
        return case_id

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class VoidRecord(Command[None]):
    """Mark a record as not valid, with the reason; it stays readable (I4)."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "record.void"
    changes: ClassVar[frozenset[str]] = CASES

    type: str
    id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if work.journal.state(self.type, self.id).empty:
            raise NotHere
        _write(context, work, (Edit(self.type, self.id, {VOID: self.reason}),))


@dataclass(frozen=True, slots=True)
class RestoreRecord(Command[None]):
    """Make a voided record valid again."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "record.restore"
    changes: ClassVar[frozenset[str]] = CASES

    type: str
    id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _write(context, work, (Edit(self.type, self.id, {VOID: None}),))


@dataclass(frozen=True, slots=True)
class ResolveConflict(Command[None]):
    """Choose between values that desks wrote without knowledge of each other (I3).

    Attributes:
        register: field name, ``"*"`` for a record that merges whole, ``"!void"``, or ``"!late"``
            for a record that was voided while another desk wrote to it.
        value: the chosen value; for ``"*"`` a mapping of all fields; for the last two the reason
            for voiding, or ``None``: the record holds.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "conflict.resolve"
    changes: ClassVar[frozenset[str]] = CASES

    type: str
    id: str
    register: str
    value: Any

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        state = work.journal.state(self.type, self.id)
        _write(context, work, (settling(state, self.register, self.value),))


@dataclass(frozen=True, slots=True)
class RecordStep(Command[str]):
    """Record that a step of the procedure was done; clocks start and stop by it."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "step.record"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    kind: str
    at: str = ""
    body: str = ""
    channel: str = ""
    paper_no: str = ""
    note: str = ""
    person_id: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        record_id = new_id()
        values = {
            "case": self.case_id,
            "person": self.person_id or None,
            "kind": self.kind,
            "at": self.at or context.moment,
            "body": self.body or None,
            "channel": self.channel or None,
            "paper_no": self.paper_no or None,
            "note": self.note or None,
        }
        given = {name: value for name, value in values.items() if value is not None}
        _write(context, work, (Edit("step", record_id, given),))
        return record_id


@dataclass(frozen=True, slots=True)
class RequestEntitlement(Command[str]):
    """Ask the province for one support regime; what the rules say is kept with it.

    Attributes:
        regime: law and letter, ``L53/a``.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "entitlement.request"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    person_id: str
    regime: str
    reason: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        finding = assess.finding(context, work.cursor, self.case_id, self.person_id, self.regime)
        record_id = new_id()
        values: dict[str, Any] = {
            "case": self.case_id,
            "person": self.person_id,
            "regime": self.regime,
            "requested_on": context.today,
            "outcome": finding.outcome,
            "pack": context.pack.version,
        }
        if finding.amount is not None:
            values["amount"] = finding.amount
        if self.reason:
            values["reason"] = self.reason
        _write(context, work, (Edit("entitlement", record_id, values),))
        return record_id


@dataclass(frozen=True, slots=True)
class DecideEntitlement(Command[str]):
    """The province approves a requested regime or returns it with a reason."""

    permission: ClassVar[str] = DECIDE
    action: ClassVar[str] = "entitlement.decide"
    changes: ClassVar[frozenset[str]] = CASES

    entitlement_id: str
    decision: str
    reason: str = ""
    amount: int | None = None

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        request = work.journal.state("entitlement", self.entitlement_id)
        if request.empty:
            raise NotHere
        if self.decision == "returned" and not self.reason.strip():
            text = _("Please give the reason, so that the commune knows what to do.")
            raise InvalidValues((("entitlement_decision", "reason", text),))
        values: dict[str, Any] = {
            "case": request.values["case"],
            "entitlement": self.entitlement_id,
            "decision": self.decision,
            "decided_on": context.today,
            "decided_by": context.info.officer_name,
            "pack": context.pack.version,
            # A decision replaces the one before as a whole: what it does not say is not kept.
            "amount": self.amount,
            "reason": self.reason or None,
        }
        record_id = self._earlier(work) or new_id()
        _write(context, work, (Edit("entitlement_decision", record_id, values),))
        return record_id

    def _earlier(self, work: Work) -> str:
        work.cursor.execute(
            "SELECT id FROM r_entitlement_decision WHERE entitlement = ? ORDER BY id",
            (self.entitlement_id,),
        )
        row = work.cursor.fetchone()
        return row[0] if row else ""

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class SaveDraft(Command[None]):
    """Keep what is being typed; it costs at most the last second when the power goes."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = frozenset({"drafts"})

    key: str
    case_id: str
    title: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        text = json.dumps(self.payload, ensure_ascii=False)
        work.cursor.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?)",
            (self.key, self.case_id, self.title, text, moment(context.now())),
        )


@dataclass(frozen=True, slots=True)
class DropDraft(Command[None]):
    """Throw a draft away."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "draft.drop"
    changes: ClassVar[frozenset[str]] = frozenset({"drafts"})

    key: str

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        work.cursor.execute("DELETE FROM draft WHERE key = ?", (self.key,))

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.key


@dataclass(frozen=True, slots=True)
class MarkSeen(Command[None]):
    """Note that the officer has read an answer of the province."""

    permission: ClassVar[str] = OWN
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = CASES

    record_id: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        work.cursor.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?)", (self.record_id, context.moment)
        )
