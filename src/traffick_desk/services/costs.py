"""What support costs: per person, per case, and per period for a commune or for the province.

Beside what the rules give stands what was requested and what the province approved. What was
planned and paid is not recorded yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from traffick_desk import law
from traffick_desk.i18n import N_
from traffick_desk.law import Costs, Facts
from traffick_desk.services import assess
from traffick_desk.services.base import Context, Query
from traffick_desk.services.cost_sheet import Line, Request, Sheet, Sums
from traffick_desk.services.errors import NotHere, ServiceError
from traffick_desk.services.reading import cases_only
from traffick_desk.services.roles import CASE_READ

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


class WrongPeriod(ServiceError):
    """A period that ends before it begins, or lies outside the years that are counted."""

    text = N_(
        "This period cannot be counted: the first day must come before the last, both between 1900 "
        "and 2199. Nothing was changed. Please correct the dates."
    )


@dataclass(frozen=True, slots=True)
class PersonCosts:
    """What one person costs."""

    person_id: str
    name: str
    costs: Costs


@dataclass(frozen=True, slots=True)
class CaseCosts:
    """What one case costs; *unread* are persons whose records contradict each other."""

    case_id: str
    file_no: str
    persons: tuple[PersonCosts, ...]
    sheet: Sheet
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What the cases of one commune cost."""

    unit: str
    name: str
    cases: int
    all: Line


@dataclass(frozen=True, slots=True)
class PeriodCosts:
    """What all cases cost.

    Attributes:
        cases: with a cost or a request in the period.
        unread: file numbers of cases whose records contradict each other: they are left out.
    """

    first: date
    last: date
    as_of: date
    forecast: bool
    cases: int
    sheet: Sheet
    units: tuple[UnitCosts, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostsOfCase(Query[CaseCosts]):
    """What each person of a case costs from *first* to *last*, by default up to today."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    first: date | None = None
    last: date | None = None
    forecast: bool = False

    def run(self, context: Context, cursor: Any) -> CaseCosts:
        """See :class:`Query`."""
        today = context.now().date()
        first, last = _period(self.first or _EARLIEST, self.last or today)
        cursor.execute(f"{_CASES} AND c.case_id = ?", (self.case_id,))
        cases = _cases(cursor)
        if self.case_id not in cases:
            raise NotHere
        requests = _requests(cursor, self.case_id)
        cursor.execute('SELECT id, name FROM r_person WHERE "case" = ?', (self.case_id,))
        names = dict(cursor.fetchall())
        persons, unread, sums = [], [], Sums()
        for _case, person, costs in _each(
            context, cursor, cases, requests, (first, last), today, forecast=self.forecast
        ):
            if costs is None:
                unread.append(names.get(person) or "")
                sums.left_out += 1
                continue
            persons.append(PersonCosts(person, names.get(person) or "", costs))
            sums.add(costs)
        sums.ask(requests.get(self.case_id, ()), first, last)
        return CaseCosts(
            self.case_id, cases[self.case_id].file_no, tuple(persons), sums.sheet(context),
            tuple(unread),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CostsOfPeriod(Query[PeriodCosts]):
    """What all cases cost from *first* to *last*, with a line for each commune.

    Attributes:
        forecast: count to *last* as if nothing changed, also beyond today.
        unit: only the cases of this commune.
    """

    permission: ClassVar[str] = CASE_READ

    first: date
    last: date
    forecast: bool = False
    unit: str = ""

    def run(self, context: Context, cursor: Any) -> PeriodCosts:
        """See :class:`Query`."""
        first, last = _period(self.first, self.last)
        today = context.now().date()
        cursor.execute(_CASES)
        known = {
            case: row
            for case, row in _cases(cursor).items()
            if not self.unit or row.unit == self.unit
        }
        requests = _requests(cursor)
        sums, by_unit = Sums(), defaultdict[str, Sums](Sums)
        counted: dict[str, set[str]] = defaultdict(set)
        unread: dict[str, None] = {}
        # A case that was closed before costs nothing, but may have been decided on later.
        open_ones = {case: row for case, row in known.items() if not row.ended_before(first)}
        for case, _person, costs in _each(
            context, cursor, open_ones, requests, (first, last), today, forecast=self.forecast
        ):
            row = known[case]
            if costs is None:
                unread[row.file_no] = None
                sums.left_out += 1
                by_unit[row.unit].left_out += 1
            elif costs.items:
                counted[row.unit].add(case)
                sums.add(costs)
                by_unit[row.unit].add(costs)
        for case, row in known.items():
            asked = requests.get(case, ())
            if sums.ask(asked, first, last):
                counted[row.unit].add(case)
                by_unit[row.unit].ask(asked, first, last)
        units = [
            UnitCosts(unit, _unit_name(context, unit), len(counted[unit]), found.all())
            for unit, found in by_unit.items()
        ]
        return PeriodCosts(
            first=first,
            last=last,
            as_of=today,
            forecast=self.forecast,
            cases=sum(len(found) for found in counted.values()),
            sheet=sums.sheet(context),
            units=tuple(sorted(units, key=lambda u: (u.name, u.unit))),
            unread=tuple(unread),
        )


def _period(first: date, last: date) -> tuple[date, date]:
    if not _EARLIEST <= first <= last <= _LATEST:
        raise WrongPeriod
    return first, last


def _unit_name(context: Context, unit: str) -> str:
    return context.units.full_name(unit) if unit in context.units else unit


@dataclass(frozen=True, slots=True)
class _Case:
    file_no: str
    unit: str
    closed_on: date | None  # of a case that is closed

    def ended_before(self, day: date) -> bool:
        return self.closed_on is not None and self.closed_on < day


_CASES = (
    "SELECT c.case_id, c.file_no, c.unit, CASE c.stage WHEN 'closed' THEN r.closed_on END "
    f"FROM case_row c JOIN r_case r ON r.id = c.case_id WHERE {cases_only('c')}"
)


def _cases(cursor: Any) -> dict[str, _Case]:
    return {
        case: _Case(file_no, unit or "", date.fromisoformat(closed) if closed else None)
        for case, file_no, unit, closed in cursor.fetchall()
    }


def _requests(cursor: Any, case_id: str = "") -> dict[str, tuple[Request, ...]]:
    """Case → its requests; those of one case if *case_id* is given."""
    cursor.execute(
        'SELECT e.id, e."case", e.person, e.regime, e.requested_on, e.amount, '
        "d.decision, d.decided_on, d.amount FROM r_entitlement e "
        "LEFT JOIN r_entitlement_decision d ON d.entitlement = e.id AND d.voided IS NULL "
        "WHERE e.voided IS NULL" + (' AND e."case" = ?' if case_id else "") + " "
        "ORDER BY e.requested_on, e.id, d.decided_on, d.id",
        (case_id,) if case_id else (),
    )
    newest = {row[0]: row for row in cursor.fetchall()}
    found: dict[str, list[Request]] = defaultdict(list)
    for _id, case, *values in newest.values():
        found[case].append(Request(*values))
    return {case: tuple(asked) for case, asked in found.items()}


def _each(
    context: Context,
    cursor: Any,
    cases: Mapping[str, _Case],
    requests: Mapping[str, tuple[Request, ...]],
    period: tuple[date, date],
    today: date,
    *,
    forecast: bool,
) -> Iterable[tuple[str, str, Costs | None]]:
    """Case, person and costs; ``None`` where the records contradict each other."""
    units = {case: row.unit for case, row in cases.items()}
    for case, person, facts in assess.facts_of(context, cursor, units, today):
        if not isinstance(facts, Facts):
            yield case, person, None
            continue
        asked = [r for r in requests.get(case, ()) if r.person == person]
        yield (
            case,
            person,
            law.costs(
                _closed(facts, cases[case].closed_on),
                context.pack,
                *period,
                forecast=forecast,
                begun={
                    r.regime: date.fromisoformat(r.requested_on)
                    for r in reversed(asked)
                    if r.requested_on and r.decision != "returned"
                },
                approved=frozenset(r.regime for r in asked if r.decision == "approved"),
            ),
        )


def _closed(facts: Facts, closed_on: date | None) -> Facts:
    if closed_on is None:
        return facts
    return replace(facts, events={**facts.events, law.CLOSED: closed_on})
