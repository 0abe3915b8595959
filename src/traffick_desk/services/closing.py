"""The stage of a case: going on, back or past a stage, closing, and opening again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar

from traffick_desk import law
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import _
from traffick_desk.law import FactsError, State
from traffick_desk.services import assess, money, reading
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.gaps import gaps
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

CLOSED = "closed"
# In their order; a tip is no person's case and goes through none of them.
STAGES = tuple(s for s in SMALL_LISTS["stage"].codes() if s not in TIP_STAGES)
ARCHIVE_CLOCK = "CLK-18"
_FRAME = ("stage", "stage_reason", "closed_on", "closed_code", "closed_reason")


def skipped(before: str, after: str) -> tuple[str, ...]:
    """The stages that a change from *before* to *after* leaves out; closing leaves out none."""
    order = STAGES
    if after == CLOSED or before not in order or after not in order:
        return ()
    return order[order.index(before) + 1 : order.index(after)]


def goes_back(before: str, after: str) -> bool:
    """Whether *after* comes before *before*."""
    order = STAGES
    return before in order and after in order and order.index(after) < order.index(before)


def needs_reason(before: str, after: str) -> bool:
    """Whether the change is one that is not made by accident: back, or past a stage."""
    return goes_back(before, after) or bool(skipped(before, after))


@dataclass(frozen=True, slots=True)
class Moved:
    """What stood in the case before, and the step that was written; undone by :class:`Undo`."""

    case_id: str
    before: tuple[tuple[str, Any], ...]
    step_id: str = ""


def _case(work: Work, case_id: str) -> dict[str, Any]:
    state = work.journal.state("case", case_id)
    if state.empty:
        raise NotHere
    return dict(state.values)


def _moved(case_id: str, values: dict[str, Any], step_id: str = "") -> Moved:
    return Moved(case_id, tuple((name, values.get(name)) for name in _FRAME), step_id)


def _step(case_id: str, kind: str, at: str, note: str) -> Edit:
    return Edit("step", new_id(), {"case": case_id, "kind": kind, "at": at, "note": note})


def _refused(field: str, text: str) -> InvalidValues:
    return InvalidValues((("case", field, text),))


@dataclass(frozen=True, slots=True)
class ChangeStage(Command[Moved]):
    """Put the case into another stage that is not *closed*.

    Raises:
        InvalidValues: it goes back or leaves a stage out, and no reason was given.
        NotHere: there is no such case, or it is closed: then :class:`ReopenCase` is meant.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.stage"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    stage: str
    reason: str = ""

    def run(self, context: Context, work: Work) -> Moved:
        """See :class:`Command`."""
        known = _case(work, self.case_id)
        before, reason = str(known.get("stage", "")), self.reason.strip()
        if before not in ("", *STAGES) or CLOSED in (before, self.stage):
            raise NotHere
        if needs_reason(before, self.stage) and not reason:
            raise _refused("stage_reason", _("Please write down why."))
        values = {"stage": self.stage, "stage_reason": reason or None}
        SaveRecords((Edit("case", self.case_id, values),)).run(context, work)
        return _moved(self.case_id, known)


@dataclass(frozen=True, slots=True)
class CloseCase(Command[Moved]):
    """Close the case, with the kind of closing and words; a step tells of it for good.

    Attributes:
        code: of list ``closing_reason``.
        words: why, in words.
        on: the day, today by default.

    Raises:
        InvalidValues: the reason is missing, or the day cannot be.
        NotHere: there is no such case, or it is closed already.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.close"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    code: str
    words: str
    on: str = ""

    def run(self, context: Context, work: Work) -> Moved:
        """See :class:`Command`."""
        known = _case(work, self.case_id)
        if known.get("stage") in (CLOSED, *TIP_STAGES):
            raise NotHere
        words = self.words.strip()
        if not self.code:
            raise _refused("closed_code", _("Please choose why the case is closed."))
        if not words:
            raise _refused("closed_reason", _("Please write down why."))
        day = self.on or context.today
        # A case closed today was closed now; of an earlier day the hour is not known.
        at = context.moment if day == context.today else f"{day}T00:00+07:00"
        label = SMALL_LISTS["closing_reason"].label(self.code)
        step = _step(self.case_id, "closed", at, f"{label}: {words}")
        values = {
            "stage": CLOSED,
            "stage_reason": None,
            "closed_on": day,
            "closed_code": self.code,
            "closed_reason": words,
        }
        SaveRecords((Edit("case", self.case_id, values), step)).run(context, work)
        return _moved(self.case_id, known, step.id)


@dataclass(frozen=True, slots=True)
class ReopenCase(Command[Moved]):
    """Open a closed case again; the step of the closing stays, and one of the reopening comes.

    Raises:
        InvalidValues: the reason is missing.
        NotHere: there is no such case, or it is not closed.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.reopen"
    changes: ClassVar[frozenset[str]] = CASES

    case_id: str
    reason: str
    stage: str = "support"

    def run(self, context: Context, work: Work) -> Moved:
        """See :class:`Command`."""
        known = _case(work, self.case_id)
        if known.get("stage") != CLOSED or self.stage == CLOSED:
            raise NotHere
        reason = self.reason.strip()
        if not reason:
            raise _refused("stage_reason", _("Please write down why."))
        step = _step(self.case_id, "reopened", context.moment, reason)
        values = dict.fromkeys(_FRAME) | {"stage": self.stage, "stage_reason": reason}
        SaveRecords((Edit("case", self.case_id, values), step)).run(context, work)
        return _moved(self.case_id, known, step.id)


@dataclass(frozen=True, slots=True)
class UndoStage(Command[None]):
    """Take a change of stage, a closing or a reopening back."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.stage.undo"
    changes: ClassVar[frozenset[str]] = CASES

    moved: Moved

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        edits = [Edit("case", self.moved.case_id, dict(self.moved.before))]
        if self.moved.step_id:
            edits.append(Edit("step", self.moved.step_id, {VOID: _("Taken back at once")}))
        SaveRecords(tuple(edits)).run(context, work)

    def target(self, result: None) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.moved.case_id


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that is not finished.

    Attributes:
        kind: ``clock``, ``request``, ``unpaid``, ``regime``, ``referral``, ``inquiry``, ``task``,
            ``plan``, ``stay``, ``protection``, ``visit``, ``conflict``.
        text: what it is, in the language spoken now; nothing of it was typed.
        detail: what was typed about it, for the screen alone.
        section: of the case, where it is dealt with.
        due: by when, if that is known.
        late: whether that has passed.
    """

    kind: str
    text: str
    section: str
    due: date | None = None
    late: bool = False
    detail: str = ""

    @property
    def whole(self) -> str:
        """Text and detail."""
        return f"{self.text}: {self.detail}" if self.detail else self.text


@dataclass(frozen=True, slots=True)
class ClosingView:
    """What to know before a case is closed, and of one that is.

    Attributes:
        items: what is open, in the order in which it is told.
        archive_by: last day to hand the file to the archive, counted from the day of closing, or
            from today while the case is open; ``None`` if the rules do not tell.
        archive_law: where that stands.
    """

    items: tuple[OpenItem, ...]
    archive_by: date | None
    archive_law: str


@dataclass(frozen=True, slots=True)
class Closing(Query[ClosingView]):
    """What is open in a case, and until when its file goes to the archive after closing."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> ClosingView:
        """See :class:`Query`."""
        case = reading.open_case(context, cursor, self.case_id)
        day, cited = _archive(context, case)
        return ClosingView(open_items(context, cursor, case), day, cited)


def _archive(context: Context, case: CaseView) -> tuple[date | None, str]:
    rule = context.pack.clocks.get(ARCHIVE_CLOCK)
    if rule is None:
        return None, ""
    closed = case.case.get("closed_on") if case.row.stage == CLOSED else None
    facts = law.Facts.from_json(
        {"ref": "case", "as_of": context.today, "events": {"case_closed": closed or context.today}}
    )
    found = [c for c in law.clocks(facts, context.pack) if c.rule.id == ARCHIVE_CLOCK]
    due = found[0].due_at if found else None
    cited = "; ".join(str(c) for c in rule.cite)
    return (due.date() if isinstance(due, datetime) else due), cited


def open_items(context: Context, cursor: Any, case: CaseView) -> tuple[OpenItem, ...]:
    """Everything of *case* that is not finished; nothing of it keeps anybody from closing."""
    today = context.now().date()
    found = [
        *_clocks(context, cursor, case),
        *_regimes(context, cursor, case),
        *_money(context, case),
        *_records(case),
    ]
    return tuple(replace(i, late=i.due is not None and i.due < today) for i in found)


def _clocks(context: Context, cursor: Any, case: CaseView) -> Iterator[OpenItem]:
    for step in assess.next_steps(context, cursor, case.row.case_id):
        if step.state is not State.NOT_STARTED and step.clock != ARCHIVE_CLOCK:
            due = step.due.date() if isinstance(step.due, datetime) else step.due
            yield OpenItem("clock", step.label, "steps", due)


def _regimes(context: Context, cursor: Any, case: CaseView) -> Iterator[OpenItem]:
    several = len(case.persons) > 1
    for person in case.persons:
        try:
            found = assess.assessment(context, cursor, case.row.case_id, person.id, None)
        except FactsError:
            continue  # told where the law is asked
        for gap in gaps(found, case, person.id):
            text = f"{gap.letter}) {gap.label}"
            who = _whose(person) if several else ""
            text = _("Nobody acted yet: {regime}").format(regime=text)
            yield OpenItem("regime", f"{text} ({who})" if who else text, "needs")


def _whose(person: RecordView) -> str:
    main = person.get("role") == "main"
    return _("person received") if main else _("accompanying person under 18")


def _money(context: Context, case: CaseView) -> Iterator[OpenItem]:
    decided = {d.get("entitlement") for d in case.of("entitlement_decision")}
    for request in case.of("entitlement"):
        if request.id not in decided:
            label = assess.regime_label(context, str(request.get("regime")))
            text = _("Requested, without a decision: {regime}").format(regime=label)
            yield OpenItem("request", text, "support")
    for item in money.unpaid(case):
        label = assess.regime_label(context, item.regime)
        if item.left is None:
            text = _("Approved, nothing paid yet: {regime}").format(regime=label)
        else:
            amount = f"{item.left:,}".replace(",", ".")
            text = _("Approved and not paid: {regime}, {amount} đồng").format(
                regime=label, amount=amount
            )
        yield OpenItem("unpaid", text, "money")


def _label(code_list: str, record: RecordView, field: str) -> str:
    return SMALL_LISTS[code_list].label(str(record.get(field) or ""))


def _day(record: RecordView, field: str) -> date | None:
    value = record.get(field)
    return date.fromisoformat(value[:10]) if value else None


def _records(case: CaseView) -> Iterator[OpenItem]:
    for r in case.of("referral"):
        if not r.get("answer"):
            sent = r.get("sent_on")
            text = _("Referral unanswered: {what}") if sent else _("Referral not sent yet: {what}")
            yield OpenItem(
                "referral",
                text.format(what=_label("service", r, "service")),
                "referrals",
                _day(r, "answer_by"),
                detail=r.get("to_body") or "",
            )
    for r in case.of("inquiry"):
        if not r.get("answer"):
            text = _("Request for verification unanswered")
            yield OpenItem("inquiry", text, "evidence", detail=r.get("to_body") or "")
    for r in case.of("task"):
        if not r.get("done_on"):
            text, what = _("Task not done"), r.get("what") or ""
            yield OpenItem("task", text, "tasks", _day(r, "due"), detail=what)
    for r in case.of("plan_item"):
        if r.get("state") in {"planned", "under_way"}:
            matter = _label("need_domain", r, "domain")
            text = _("Planned support not given: {what}").format(what=matter)
            yield OpenItem("plan", text, "needs", _day(r, "until"), detail=r.get("what") or "")
    for r in case.of("stay"):
        if not r.get("until"):
            text = _("Still in a facility: {what}").format(what=_label("stay_kind", r, "kind"))
            yield OpenItem("stay", text, "stays")
    for r in case.of("protection"):
        if not r.get("until") and r.get("refused") != "yes":
            what = _label("protection", r, "measure")
            text = _("Protection without an end: {what}").format(what=what)
            yield OpenItem("protection", text, "protection")
    yield from _visits(case)
    if case.row.conflicts:
        yield OpenItem("conflict", _("Two values are to be chosen from"), "conflicts")


def _visits(case: CaseView) -> Iterator[OpenItem]:
    newest: dict[str, RecordView] = {}
    for visit in sorted(case.of("visit"), key=lambda r: (str(r.get("at")), r.id)):
        newest[str(visit.get("person"))] = visit
    for visit in newest.values():
        if visit.get("next_on"):
            yield OpenItem("visit", _("Follow-up visit"), "follow_up", _day(visit, "next_on"))
