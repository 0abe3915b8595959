"""Units that no record stands for: a time limit of a case, a person after so many months.

Each is made of records by a rule that is told here, and in the notes under its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from traffick_desk.domain.codes_care import SCORE_VALUES
from traffick_desk.domain.records.care import SCORED
from traffick_desk.i18n import N_
from traffick_desk.law import Pack
from traffick_desk.law.clocks import due_at
from traffick_desk.law.facts import day_of
from traffick_desk.law.pack import ClockRule
from traffick_desk.reports import groups
from traffick_desk.services.money import codes_of
from traffick_desk.services.statistics.sources import Sources, Unit

MONTHS = (6, 12, 24)
"""After how many months reintegration is looked at."""
_AROUND = 3
"""A visit counts for a month if it was at most this many months before or after."""
# The clocks that a commune and a province answer for, in the order of the work.
CLOCKS = ("CLK-02", "CLK-03", "CLK-04", "CLK-08")
_DAY = len("2026-01-31")
_EVENT_STEPS = {
    "commune_received": "brought_to_commune",
    "health_notified": "health_notified",
    "health_received": "health_received",
    "initial_verification_done": "initially_verified",
    "application_07_received": "application_received",
    "application_07_decided": "application_decided",
}

_Visit = tuple[str, str, tuple[str | None, ...]]
"""When it was, the id of its record, its scores."""

GAPS = {
    "sex": N_("Sex is missing"),
    "birth": N_("Date of birth is missing"),
    "citizenship": N_("Citizenship is missing"),
    "ethnicity": N_("Ethnic group is missing"),
    "return_form": N_("How the person came is missing"),
    "reception": N_("Reception is missing"),
    "status": N_("Legal status is missing"),
    "exploitation": N_("Form of exploitation is missing"),
    "consent": N_("Nobody asked about consent"),
    "conflict": N_("Two values to choose between"),
}
MONEY = {"approved": N_("Approved"), "paid": N_("Paid")}
USES = {
    "requested": N_("Requested"),
    "approved": N_("Approved"),
    "returned": N_("Returned"),
    "waiting": N_("Waiting for the province"),
    "paid": N_("Paid"),
    "given": N_("Given"),
}


def clock_runs(sources: Sources) -> Iterator[Unit]:
    """One unit for each clock that started in a case: ``clock``, ``outcome``, ``days``, ``day``.

    A clock that is not one of the law of 2011's is judged by its own days of validity alone.
    Steps without a person count for the case; the first of a kind counts. The day for which an
    unfinished clock is judged is today.
    """
    began: dict[str, dict[str, str]] = {kind: {} for kind in _EVENT_STEPS.values()}
    kinds = tuple(began)
    wanted = f"kind IN ({', '.join('?' * len(kinds))})"
    for case, kind, at in sources.rows("step", ["case", "kind", "at"], (), wanted, *kinds):
        days = began[kind]
        # One without a day comes before all others: of that nothing can be told.
        days[case] = min(days.get(case, at or ""), at or "")
    brought = began["brought_to_commune"]
    for case, at in sources.received_at.items():
        held = brought.get(case)
        brought[case] = min(held, at) if held and at else held or at
    pack, today = sources.context.pack, sources.context.today

    @cache
    def due(clock: str, day: str) -> tuple[str, bool]:
        return _due(pack, pack.clocks[clock], day)

    @cache
    def runs(clock: str, day: str) -> bool:
        within = len(day) == _DAY and day in sources.scope.period
        return within and date.fromisoformat(day) in pack.clocks[clock].valid

    for rule in (pack.clocks[c] for c in CLOCKS if c in pack.clocks):
        stops = began[_EVENT_STEPS[rule.stop]]
        for case, started in began[_EVENT_STEPS[rule.start]].items():
            day = started[:_DAY]
            if not runs(rule.id, day) or case not in sources.real_cases:
                continue
            last, open_years = due(rule.id, day)
            stopped = stops.get(case, "")
            own = {
                "clock": rule.id,
                "outcome": _outcome(last, open_years, stopped, today),
                "days": groups.days_between(started, stopped),
                "day": day,
            }
            yield Unit(f"{case}:{rule.id}", case, "", own)


def _due(pack: Pack, rule: ClockRule, day: str) -> tuple[str, bool]:
    """The last day of a clock, empty if the law names none, and whether holidays are missing."""
    last, incomplete = due_at(rule, date.fromisoformat(day), pack)
    return (day_of(last).isoformat() if last is not None else ""), bool(incomplete)


def _outcome(last: str, open_years: bool, stopped: str, today: str) -> str:
    if not last:
        return groups.NO_LIMIT
    day = stopped[:10] or today
    past = day > last
    if past and open_years:
        return groups.NO_LIMIT
    if stopped:
        return groups.LATE if past else groups.IN_TIME
    return groups.OVERDUE if past else groups.RUNNING


@cache
def _letter(regime: str) -> str:
    """The letter of today's law that stands for a *regime*, ``L66/k`` or ``L53/k``."""
    law, _slash, letter = regime.partition("/")
    codes = codes_of(law, letter)
    return codes[0] if codes else letter


def regime_uses(sources: Sources) -> Iterator[Unit]:
    """One unit for each person, regime and thing that happened: ``regime``, ``use``, ``day``.

    A letter of the law of 2011 counts under the letter of 2024 that means the same; where it
    stands for two, under the usual one.
    """
    columns = ["entitlement", "decision", "decided_on"]
    by = ["coalesce(decided_on, '')", "id"]
    newest = sources.one_of_each("entitlement_decision", columns, by)
    decisions = {e: (d, on) for e, d, on in newest}
    seen: dict[tuple[str, str, str], tuple[str, str]] = {}

    def say(person: str, regime: str, use: str, case: str, day: str) -> None:
        key = (person, regime, use)
        held = seen.get(key)
        if held is None or day < held[1]:
            seen[key] = (case, day)

    columns = ["id", "case", "person", "regime", "requested_on"]
    for record, case, person, regime, on in sources.rows("entitlement", columns):
        code = _letter(regime or "")
        say(person, code, "requested", case, on or "")
        decision, decided = decisions.get(record, ("waiting", on))
        say(person, code, decision, case, decided or "")
    for case, person, regime, on in sources.rows(
        "payment", ["case", "person", "regime", "paid_on"]
    ):
        say(person, regime or "", "paid", case, on or "")
    for case, person, regime, state, done, until in sources.rows(
        "plan_item", ["case", "person", "regime", "state", "done_on", "until"]
    ):
        if state == "given" and regime:
            say(person, regime, "given", case, done or until or "")
    for (person, regime, use), (case, day) in seen.items():
        if day not in sources.scope.period:
            continue
        own = {"regime": regime, "use": use, "day": day}
        yield Unit(f"{person}:{regime}:{use}", case, person, own)


def money(sources: Sources) -> Iterator[Unit]:
    """One unit for each approval and payment: ``regime``, ``kind``, ``amount``, ``day``.

    An approval that names no amount has none here either: its sum is *at least* (I8).
    """
    asked = {r: (p, g) for r, p, g in sources.rows("entitlement", ["id", "person", "regime"])}
    columns = ["id", "case", "entitlement", "decision", "decided_on", "amount"]
    for record, case, request, decision, on, amount in sources.rows(
        "entitlement_decision", columns, (), *sources.within("decided_on")
    ):
        if decision == "approved":
            person, regime = asked.get(request, ("", ""))
            own = {"regime": _letter(regime or ""), "kind": "approved"}
            yield Unit(record, case, person, {**own, "amount": amount, "day": on or ""})
    columns = ["id", "case", "person", "regime", "paid_on", "amount", "fund"]
    for record, case, person, regime, on, amount, fund in sources.rows(
        "payment", columns, (), *sources.within("paid_on")
    ):
        own = {"regime": regime, "kind": "paid", "amount": amount, "day": on or "", "fund": fund}
        yield Unit(record, case, person, own)


def follow_ups(sources: Sources) -> Iterator[Unit]:
    """One unit for each person received and each of :data:`MONTHS`: ``months``, ``outcome``.

    Counted from the first reception. Of the visits near that day the nearest counts; it is as
    bad as its worst score.
    """
    wanted: dict[str, tuple[str, str]] = {}
    period = sources.scope.period
    for case, person in sources.main_persons.items():
        began = sources.received.get(case, "")[:_DAY]
        if len(began) == _DAY and began in period and case in sources.real_cases:
            wanted[person] = (case, began)
    visits: dict[str, list[_Visit]] = {person: [] for person in wanted}
    for person, at, record, *scores in sources.rows("visit", ["person", "at", "id", *SCORED]):
        if person in visits:
            visits[person].append((at or "", record, tuple(scores)))
    closed = dict(sources.rows("case", ["id", "closed_on"], (), "closed_on IS NOT NULL"))
    today = sources.context.today

    @cache
    def after(began: str, months: int) -> str:
        return groups.add_months(date.fromisoformat(began), months).isoformat()

    for person, (case, began) in wanted.items():
        for months in MONTHS:
            day = after(began, months)
            outcome = _after(visits[person], day, closed.get(case) or "", today)
            own = {"months": str(months), "outcome": outcome, "day": began}
            yield Unit(f"{person}:{months}", case, person, own)


def _after(visits: list[_Visit], day: str, closed: str, today: str) -> str:
    if visits:
        centre = date.fromisoformat(day)
        first = groups.add_months(centre, -_AROUND).isoformat()
        last = groups.add_months(centre, _AROUND).isoformat()
        near = [
            (abs((date.fromisoformat(at[:_DAY]) - centre).days), at, record, scores)
            for at, record, scores in visits
            if first <= at[:_DAY] <= last
        ]
        if near:
            *_place, scores = min(near)
            worst = min((SCORE_VALUES[s] for s in scores if s in SCORE_VALUES), default=0)
            if not worst:
                return "unscored"
            return "danger" if worst == 1 else "helped" if worst < 4 else "stable"
    if day > today:
        return "ahead"
    return "closed" if closed and closed <= day else "none"


def gaps(sources: Sources) -> Iterator[Unit]:
    """One unit for each case and thing that is missing in it, or contradicts itself: ``gap``."""
    people = {
        row[0]: row[1:]
        for row in sources.rows("person", ["id", "sex", "birth", "citizenship", "ethnicity"])
    }
    frames = {r[0]: r[1:] for r in sources.rows("case", ["id", "return_form", "opened_on"])}
    received = sources.received_at
    judged = {r[0] for r in sources.rows("status", ["person"])}
    asked = {r[0] for r in sources.rows("consent", ["person"])}
    told = {r[0] for r in sources.rows("account", ["person", "exploitation"]) if r[1]}
    sources.cursor.execute("SELECT case_id FROM case_row WHERE conflicts > 0")
    torn = {row[0] for row in sources.cursor.fetchall()}
    for case in sorted(sources.real_cases):
        person = sources.main_persons.get(case, "")
        form, opened = frames.get(case, (None, ""))
        if (opened or "") not in sources.scope.period:
            continue
        values = people.get(person, (None,) * 4)
        missing = {
            **dict(zip(("sex", "birth", "citizenship", "ethnicity"), values, strict=True)),
            "return_form": form,
            "reception": case in received,
            "status": person in judged,
            "exploitation": person in told,
            "consent": person in asked,
            "conflict": case not in torn,
        }
        for gap, there in missing.items():
            if not there:
                yield Unit(f"{case}:{gap}", case, person, {"gap": gap, "day": opened or ""})
