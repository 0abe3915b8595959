"""Plans with numbered tasks: what is reached, measured from the data where it can be; inspections.

*Reached a service* and *received a regime* look at identified victims (status ``victim``) whose
case was opened within the plan's time. A service is reached with a referral that was answered
positively, a payment, or support that was given; a regime is received with an approval or payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes_prevention import ENTERED
from traffick_desk.domain.counts import NONE, Count
from traffick_desk.services import unit_records
from traffick_desk.services.base import Context, Query
from traffick_desk.services.prevention import totals
from traffick_desk.services.prevention.lists import unit_name
from traffick_desk.services.reading import cases_only
from traffick_desk.services.roles import CASE_READ, PREVENTION_READ, may
from traffick_desk.services.views import RecordView

_OF_VICTIMS = frozenset({"reached", "received"})
PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a task is.

    Attributes:
        value: reached so far; ``None`` when it cannot be told.
        at_least: it may be more.
        of: of how many, for a share.
        counted: it was counted from the data, not told by hand.
        note: ``hidden`` when the officer's role does not see what it is counted from.
    """

    value: int | None
    at_least: bool = False
    of: int | None = None
    counted: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task with how far it is.

    Attributes:
        state: ``done``, ``late``, ``open`` or ``unknown`` (no target, nothing told).
    """

    record: RecordView
    measured: Measured
    state: str
    activities: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its tasks, in the order of their numbers."""

    record: RecordView
    unit_name: str
    tasks: tuple[Task, ...]

    @property
    def late(self) -> int:
        """How many tasks are late."""
        return sum(task.state == "late" for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Plans(Query[tuple[PlanView, ...]]):
    """All plans this desk has, the newest first; shares of victims only for who may read cases.

    Attributes:
        plan: only this one.
    """

    permission: ClassVar[str] = PREVENTION_READ

    plan: str = ""

    def run(self, context: Context, cursor: Any) -> tuple[PlanView, ...]:
        """See :class:`Query`."""
        plans = unit_records.records(context, cursor, "plan")
        tasks: dict[str, list[RecordView]] = {}
        for task in unit_records.records(context, cursor, "plan_task"):
            tasks.setdefault(str(task.get("plan")), []).append(task)
        found = []
        measuring = _Measuring(context, cursor)
        for plan in plans:
            if self.plan and plan.id != self.plan:
                continue
            own = sorted(tasks.get(plan.id, []), key=lambda t: (_number(t.get("number")), t.id))
            found.append(
                PlanView(
                    plan,
                    unit_name(context, str(plan.get("unit"))),
                    tuple(measuring.task(plan, task) for task in own),
                )
            )
        return tuple(sorted(found, key=lambda p: str(p.record.get("since")), reverse=True))


def _number(text: Any) -> tuple[tuple[int, str], ...]:
    """``10.2`` after ``9``; a number that is none by its letters."""
    parts = str(text or "~").replace(")", "").split(".")
    return tuple((int(p), "") if p.isdigit() else (1 << 20, p) for p in parts)


class _Measuring:
    """Measures tasks; what several ask is read once."""

    def __init__(self, context: Context, cursor: Any) -> None:
        self._context, self._cursor = context, cursor
        self._today = date.fromisoformat(context.today)
        self._entries = totals.entries(cursor)

    def task(self, plan: RecordView, task: RecordView) -> Task:
        measured = self._measure(plan, task)
        target = task.get("target")
        until = task.get("due") or plan.get("until")
        over = bool(until) and date.fromisoformat(str(until)) < self._today
        if task.get("done_on") or _meets(measured.value, target, over=over, task=task):
            state = "done"
        elif over:
            state = "late"
        elif measured.value is None and target is None:
            state = "unknown"
        else:
            state = "open"
        activities = sum(e.task == task.id for e in self._entries)
        return Task(task, measured, state, activities)

    def _measure(self, plan: RecordView, task: RecordView) -> Measured:
        measure = str(task.get("measure") or ENTERED)
        if measure == ENTERED:
            value = task.get("value")
            return Measured(None if value is None else int(value))
        first = date.fromisoformat(str(plan.get("since")))
        last = min(date.fromisoformat(str(plan.get("until"))), self._today)
        if last < first:
            return Measured(None, counted=True)
        unit = str(plan.get("unit"))
        mine = "" if self._context.info.profile == "province" and unit == self._own else unit
        if measure in _OF_VICTIMS:
            if not may(self._context.info.role, CASE_READ):
                return Measured(None, counted=True, note="hidden")
            return self._share(measure, first, last, mine)
        if measure in ("trained", "teams", "inspections"):
            return Measured(self._number_of(measure, first, last, mine), counted=True)
        count = self._count(measure, first, last, mine)
        return Measured(count.number if count.known else 0, count.at_least, counted=True)

    @property
    def _own(self) -> str:
        return self._context.info.unit

    def _count(self, measure: str, first: date, last: date, unit: str) -> Count:
        found = [e for e in self._entries if not unit or e.unit == unit]
        if measure == "july":
            found = [e for e in found if e.campaign == "july"]
        sums = totals.sum_up(found, first, last)
        match measure:
            case "activities" | "july":
                return sums.over("activity", "times")
            case "classes":
                return sums.line("class")["times"]
            case "attendances":
                return sums.over("activity", "attendances")
            case "materials":
                return sums.over("material", "handed_out")
            case "spent":
                return sums.cost
            case _:
                return NONE

    def _number_of(self, measure: str, first: date, last: date, unit: str) -> int:
        if measure == "teams":
            self._cursor.execute(
                "SELECT count(*) FROM r_volunteer_team WHERE voided IS NULL "
                "AND (? = '' OR unit = ?) AND coalesce(substr(founded_on, 1, 4), '') <= ? "
                "AND (ended_on IS NULL OR ended_on > ?)",
                (unit, unit, str(last.year), last.isoformat()),
            )
        elif measure == "inspections":
            self._cursor.execute(
                "SELECT count(*) FROM r_inspection WHERE voided IS NULL "
                "AND (? = '' OR unit = ?) AND held_on BETWEEN ? AND ?",
                (unit, unit, first.isoformat(), last.isoformat()),
            )
        else:
            self._cursor.execute(
                "SELECT count(DISTINCT t.staff) FROM r_attendance t JOIN r_activity a "
                "ON a.id = t.activity WHERE t.voided IS NULL AND a.voided IS NULL "
                "AND a.state = 'done' AND (a.line IN ('training', 'both') OR a.kind = 'class') "
                "AND (? = '' OR t.unit = ?) AND a.since BETWEEN ? AND ?",
                (unit, unit, str(first.year), f"{last.isoformat()}~"),
            )
        return int(self._cursor.fetchone()[0])

    def _share(self, measure: str, first: date, last: date, unit: str) -> Measured:
        helped = {
            "reached": (
                'EXISTS (SELECT 1 FROM r_referral x WHERE x."case" = c.case_id '
                "AND x.voided IS NULL AND x.answer IN ('accepted', 'done')) "
                'OR EXISTS (SELECT 1 FROM r_plan_item x WHERE x."case" = c.case_id '
                "AND x.voided IS NULL AND x.state = 'given') "
                'OR EXISTS (SELECT 1 FROM r_given_item x WHERE x."case" = c.case_id '
                "AND x.voided IS NULL) "
                'OR EXISTS (SELECT 1 FROM r_stay x WHERE x."case" = c.case_id '
                "AND x.voided IS NULL) "
            ),
            "received": (
                'EXISTS (SELECT 1 FROM r_entitlement_decision x WHERE x."case" = c.case_id '
                "AND x.voided IS NULL AND x.decision = 'approved') "
            ),
        }[measure]
        paid = (
            'OR EXISTS (SELECT 1 FROM r_payment x WHERE x."case" = c.case_id AND x.voided IS NULL)'
        )
        self._cursor.execute(
            f"SELECT count(*), coalesce(sum({helped}{paid}), 0) FROM case_row c "
            f"WHERE {cases_only('c')} AND c.status = 'victim' AND c.opened_on BETWEEN ? AND ? "
            "AND (? = '' OR c.unit = ?)",
            (first.isoformat(), last.isoformat(), unit, unit),
        )
        all_of, served = self._cursor.fetchone()
        if not all_of:
            return Measured(None, of=0, counted=True)
        # Rounded down: 99.9 % is not 100 %.
        return Measured(int(served) * 100 // int(all_of), of=int(all_of), counted=True)


def _meets(value: int | None, target: Any, *, over: bool, task: RecordView) -> bool:
    """Whether the target is met. A share can still fall until its time is over."""
    if target is None or value is None or value < int(target):
        return False
    return over or task.get("target_unit") != PERCENT


@dataclass(frozen=True, slots=True)
class InspectionView:
    """An inspection with its findings."""

    record: RecordView
    unit_name: str
    findings: tuple[RecordView, ...]
    late: int
    open: int


@dataclass(frozen=True, slots=True)
class Inspections(Query[tuple[InspectionView, ...]]):
    """All inspections this desk has, the newest first."""

    permission: ClassVar[str] = PREVENTION_READ

    def run(self, context: Context, cursor: Any) -> tuple[InspectionView, ...]:
        """See :class:`Query`."""
        findings: dict[str, list[RecordView]] = {}
        for finding in unit_records.records(context, cursor, "finding"):
            findings.setdefault(str(finding.get("inspection")), []).append(finding)
        answer = []
        for record in unit_records.records(context, cursor, "inspection"):
            own = findings.get(record.id, [])
            waiting = [f for f in own if not f.get("done_on")]
            late = sum(bool(f.get("due")) and str(f.get("due")) < context.today for f in waiting)
            answer.append(
                InspectionView(
                    record, unit_name(context, str(record.get("unit"))), tuple(own), late,
                    len(waiting),
                )
            )  # fmt: skip
        return tuple(sorted(answer, key=lambda i: str(i.record.get("held_on")), reverse=True))
