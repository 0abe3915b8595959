"""What the law says about the persons of a case: asked of ``law`` with facts from the records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from traffick_desk import law
from traffick_desk.domain.spine import RecordType, Registry
from traffick_desk.i18n import _
from traffick_desk.law import Assessment, Clock, Facts, FactsError, Pack, State
from traffick_desk.services import due
from traffick_desk.services.base import Context
from traffick_desk.services.errors import NotHere
from traffick_desk.services.law_facts import (
    ACCOMPANIED,
    NEEDED,
    STEP_OF_EVENT,
    Records,
    facts_json,
)
from traffick_desk.services.rules import Rules
from traffick_desk.store.among import among
from traffick_desk.store.following import DeadlineRows
from traffick_desk.store.tables import table_name

_BATCH = 400
_NEEDED = {**NEEDED, **due.NEEDED}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say about one regime, as it is kept with a request."""

    outcome: str
    amount: int | None


def _records(
    cursor: Any,
    registry: Registry,
    cases: Iterable[str],
    needed: Mapping[str, frozenset[str]] = NEEDED,
) -> dict[str, dict[str, list[tuple[str, Any]]]]:
    """Case → record type → (id, values) of the records that the law asks about.

    With a child that has a case of its own comes the case of whom it accompanies.
    """
    found = _records_alone(cursor, registry, cases, needed)
    others = _accompanied(cursor, found)
    beside = _records_alone(cursor, registry, others.values(), NEEDED)
    for case, other in others.items():
        found[case][ACCOMPANIED] = [(other, beside[other])]
    return found


_ACCOMPANIED = """
    SELECT a."case", b."case" FROM r_group_member a
    JOIN r_group_member b ON b.id = a.toward AND b.voided IS NULL AND b."case" <> a."case"
    JOIN r_case c ON c.id = b."case" AND c.voided IS NULL
    WHERE a."case" IN (SELECT value FROM json_each(?))
    AND a.accompanies = 'yes' AND a.voided IS NULL ORDER BY a.id DESC
"""
# Cases of children whose law follows from these: looked for by all that was ever said.
_FOLLOWING = """
    SELECT DISTINCT a."case" FROM r_group_member b JOIN r_group_member a ON a.toward = b.id
    WHERE b."case" IN (SELECT value FROM json_each(?)) AND a."case" IS NOT NULL
"""


def _accompanied(cursor: Any, cases: Iterable[str]) -> dict[str, str]:
    """Case of a child → the case of whom it accompanies; of two the one said first."""
    cursor.execute(_ACCOMPANIED, (json.dumps(sorted(cases)),))
    return dict(cursor.fetchall())


def _records_alone(
    cursor: Any, registry: Registry, cases: Iterable[str], needed: Mapping[str, frozenset[str]]
) -> dict[str, dict[str, list[tuple[str, Any]]]]:
    wanted = sorted(set(cases))
    found: dict[str, dict[str, list[tuple[str, Any]]]] = {case: {} for case in wanted}
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        for name in needed:
            for case, record_id, values in _rows(cursor, registry[name], part, needed):
                found[case].setdefault(name, []).append((record_id, values))
    return found


def _rows(
    cursor: Any, record_type: RecordType, cases: list[str], needed: Mapping[str, frozenset[str]]
) -> Iterable[tuple[str, str, Any]]:
    key = record_type.case_key
    where, bound = among(f'"{key}"', cases)
    fields = [record_type[name] for name in sorted(needed[record_type.name])]
    columns = ", ".join(f'"{f.name}"' for f in fields)
    cursor.execute(
        f'SELECT "{key}", id, {columns} FROM {table_name(record_type.name)} '
        f"WHERE {where} AND voided IS NULL ORDER BY id",
        bound,
    )
    for case, record_id, *row in cursor.fetchall():
        values = {f.name: v for f, v in zip(fields, row, strict=True) if v is not None}
        yield case, record_id, values


def _facts(records: Records, person_id: str, as_of: date | datetime, province: str) -> Facts:
    return Facts.from_json(facts_json(records, person_id, as_of, province))


def _old_province(context: Context, cursor: Any, case_id: str) -> str:
    """The province before July 2025 of the commune of the case: its levels stay for old cases."""
    cursor.execute("SELECT unit FROM case_row WHERE case_id = ?", (case_id,))
    row = cursor.fetchone()
    return _before_2025(context, row[0] if row else "")


def _before_2025(context: Context, unit: str) -> str:
    """The province before July 2025 of a commune of today; "" if that cannot be told."""
    if not unit or unit not in context.units:
        return ""
    before = context.units.old_for_new(unit)
    return context.units.province_of(before[0].id).id if before else ""


def facts_of(
    context: Context, cursor: Any, cases: Mapping[str, str], as_of: date
) -> Iterator[tuple[str, str, Facts | FactsError]]:
    """The facts of every person of many cases: case, person (the main one first), facts.

    Args:
        context: of the desk.
        cursor: to read with.
        cases: case → its commune.
        as_of: the day for which the facts hold.

    Yields:
        The error in place of the facts where records contradict each other.
    """
    provinces = {unit: _before_2025(context, unit) for unit in set(cases.values())}
    wanted = sorted(cases)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        for case, records in _records(cursor, context.store.registry, part).items():
            for person_id, _values in _main_first(records):
                try:
                    facts = _facts(records, person_id, as_of, provinces[cases[case]])
                except FactsError as error:
                    yield case, person_id, error
                else:
                    yield case, person_id, facts


def _main_first(records: Records) -> list[tuple[str, Any]]:
    return sorted(records.get("person", ()), key=lambda p: (p[1].get("role") != "main", p[0]))


def assessment(
    context: Context, cursor: Any, case_id: str, person_id: str, on: date | None
) -> Assessment:
    """What the law gives one person of a case, as of a day; today, to the minute, if none is given.

    Raises:
        NotHere: there is no such person in the case.
    """
    return under(context, cursor, case_id, person_id, context.pack, on)


def under(
    context: Context,
    cursor: Any,
    case_id: str,
    person_id: str,
    pack: Pack,
    on: date | None = None,
) -> Assessment:
    """The same under other rules than those in force.

    Raises:
        NotHere: there is no such person in the case.
    """
    records = _records(cursor, context.store.registry, [case_id])[case_id]
    if person_id not in dict(records.get("person", ())):
        raise NotHere
    as_of = on or context.now()
    province = _old_province(context, cursor, case_id)
    return law.evaluate(_facts(records, person_id, as_of, province), pack)


def case_clocks(
    context: Context, cursor: Any, case_id: str, on: date | None = None
) -> tuple[tuple[str, Clock], ...]:
    """The clocks of a case with the person each concerns.

    Clocks that are started by the reception run once for the case, under its main person.
    """
    records = _records(cursor, context.store.registry, [case_id])[case_id]
    return tuple(_clocks(records, context.pack, on or context.now()))


def _clocks(records: Records, pack: Pack, as_of: date | datetime) -> Iterable[tuple[str, Clock]]:
    for position, (person_id, _values) in enumerate(_main_first(records)):
        try:
            facts = _facts(records, person_id, as_of, "")
        except FactsError:
            # Records that contradict each other are shown as such where the law is asked;
            # they must not keep anything from being saved.
            continue
        for clock in law.clocks(facts, pack):
            # One notice, one verification for people received together; the days of support
            # and an application are each person's own.
            own = clock.rule.start not in _OF_CASE
            if position == 0 or own:
                yield person_id, clock


_OF_CASE = frozenset(
    {
        "report_received_by_other_body",
        "commune_received",
        "health_notified",
        "health_received",
        "initial_verification_done",
        "case_closed",
    }
)


def deadline_rows(rules: Rules, registry: Registry) -> DeadlineRows:
    """The projector that keeps running deadlines beside the cases (see ``store.Store``)."""
    return _Deadlines(rules, registry)


@dataclass(frozen=True, slots=True)
class _Deadlines:
    rules: Rules
    registry: Registry
    needs: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NEEDED)

    def related(self, cursor: Any, cases: AbstractSet[str]) -> set[str]:
        """Cases whose deadlines follow from those of *cases* too: children who come along."""
        cursor.execute(_FOLLOWING, (json.dumps(sorted(cases)),))
        return {case for (case,) in cursor.fetchall()}

    def __call__(self, cursor: Any, cases: frozenset[str]) -> list[tuple[str, str, str, str, str]]:
        found: list[tuple[str, str, str, str, str]] = []
        # What runs does not depend on the day: lateness is told by comparing when it is shown.
        day = date(2199, 12, 31)
        for case, records in _records(cursor, self.registry, cases, _NEEDED).items():
            found += due.rows(case, records)
            for person_id, clock in _clocks(records, self.rules.pack, day):
                if clock.stopped_at is None and clock.started_at and clock.due_at:
                    found.append(
                        (
                            case,
                            person_id,
                            clock.rule.id,
                            _text(clock.started_at),
                            _text(clock.due_at),
                        )
                    )
        return found


def _text(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="minutes")
    return moment.isoformat()


def finding(context: Context, cursor: Any, case_id: str, person_id: str, regime: str) -> Finding:
    """What the rules say now about one regime (``L53/a``) of one person.

    Raises:
        NotHere: no such person, or the law that governs her has no such regime.
    """
    found = assessment(context, cursor, case_id, person_id, None)
    governing, _slash, letter = regime.partition("/")
    if found.law.law not in (None, governing):
        raise NotHere
    try:
        outcome = found.outcome(letter)
    except KeyError as error:
        raise NotHere from error
    totals = [line.total for line in outcome.lines if line.total is not None]
    return Finding(str(outcome.result), sum(totals) if totals else None)


def regime_label(context: Context, regime: str) -> str:
    """The label of ``L53/a`` in the language of the desk; the text itself if unknown."""
    governing, _slash, letter = regime.partition("/")
    for matrix in context.pack.matrices.values():
        if matrix.law == governing and letter in matrix.regimes:
            return str(matrix.regimes[letter].label)
    return regime


def clock_task(context: Context, clock_id: str) -> tuple[str, str, str]:
    """What a deadline asks: words, action of the desk, and the step that stops it."""
    rule = context.pack.clocks.get(clock_id)
    if rule is None:
        return clock_id, "open", ""
    step = STEP_OF_EVENT.get(rule.stop or "", "")
    action = "letter" if step == "health_notified" else "step" if step else "open"
    return str(rule.label), action, step


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now in one case, by when, and under which article."""

    clock: str
    label: str
    todo: str
    body: str
    due: date | datetime | None
    state: State
    citation: str
    action: str
    step: str
    person_id: str


def next_steps(
    context: Context, cursor: Any, case_id: str, on: date | None = None
) -> tuple[NextStep, ...]:
    """The clocks of a case that still run or wait, the most urgent first."""
    order = {State.OVERDUE: 0, State.NEEDS_CALENDAR: 1, State.RUNNING: 2, State.NOT_STARTED: 3}
    found = []
    for person_id, clock in case_clocks(context, cursor, case_id, on):
        if clock.state is State.DONE:
            continue
        label, action, step = clock_task(context, clock.rule.id)
        found.append(
            NextStep(
                clock=clock.rule.id,
                label=label,
                todo=str(clock.rule.todo),
                body=str(clock.rule.body),
                due=clock.due_at,
                state=clock.state,
                citation="; ".join(str(c) for c in clock.rule.cite),
                action=action,
                step=step,
                person_id=person_id,
            )
        )
    found.sort(key=lambda s: (order[s.state], _text(s.due) if s.due else "9", s.clock))
    return tuple(found)


def law_label(context: Context, found: Assessment) -> str:
    """The governing law in words; says so when it cannot be told yet."""
    if found.law.law is None:
        return _("cannot be told yet")
    return str(context.pack.instruments[found.law.law].name)


def status_label(found: Assessment) -> str:
    """The person's status in words."""
    return found.status.label if found.status else _("not recorded yet")


def printed_lines(found: Assessment) -> list[dict[str, str]]:
    """The outcomes as a paper prints them."""
    return [
        {
            "letter": o.regime.letter,
            "label": str(o.regime.label),
            "outcome": o.result.label,
            "amount": "; ".join(dict.fromkeys(line.amount_text for line in o.lines)),
            "citation": "; ".join(str(c) for c in o.cite),
            "reason": str(o.reason),
        }
        for o in found.outcomes
    ]
