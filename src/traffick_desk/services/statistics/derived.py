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
from traffick_desk.services.statistics.sources import IN_TIME, Sources, Unit

MONTHS = (6, 12, 24)
"""After how many months reintegration is looked at."""
_AROUND = 3
"""A visit counts for a month if it was at most this many months before or after."""
# The clocks that a commune and a province answer for, in the order of the work.
CLOCKS = ("CLK-02", "CLK-03", "CLK-04", "CLK-08")
_EVENT_STEPS = {
    "commune_received": "brought_to_commune",
    "health_notified": "health_notified",
    "health_received": "health_received",
    "initial_verification_done": "initially_verified",
    "application_07_received": "application_received",
    "application_07_decided": "application_decided",
}

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
    steps: dict[str, dict[str, str]] = {}
    kinds = tuple(_EVENT_STEPS.values())
    wanted = f"kind IN ({', '.join('?' * len(kinds))})"
    for case, kind, at in sources.rows("step", ["case", "kind", "at"], IN_TIME, wanted, *kinds):
        steps.setdefault(case, {}).setdefault(kind, at or "")
    pack, today = sources.context.pack, sources.context.today
    for case, at in sources.rows("reception", ["case", "at"], IN_TIME):
        first = steps.setdefault(case, {})
        first["brought_to_commune"] = min(first.get("brought_to_commune") or at, at)
    rules = [pack.clocks[c] for c in CLOCKS if c in pack.clocks]

    @cache
    def due(clock: str, day: str) -> tuple[str, bool]:
        return _due(pack, pack.clocks[clock], day)

    for case in sorted(sources.real_cases):
        done = steps.get(case, {})
        for rule in rules:
            started = done.get(_EVENT_STEPS[rule.start], "")
            if len(started) < 10 or started not in sources.scope.period:
                continue
            if date.fromisoformat(started[:10]) not in rule.valid:
                continue
            stopped = done.get(_EVENT_STEPS[rule.stop], "")
            last, open_years = due(rule.id, started[:10])
            outcome = _outcome(last, open_years, stopped, today)
            yield Unit(
                f"{case}:{rule.id}",
                case,
                "",
                {
                    "clock": rule.id,
                    "outcome": outcome,
                    "days": groups.days_between(started, stopped),
                    "day": started[:10],
                },
            )


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


def regime_uses(sources: Sources) -> Iterator[Unit]:
    """One unit for each person, regime and thing that happened: ``regime``, ``use``, ``day``.

    A letter of the law of 2011 counts under the letter of 2024 that means the same; where it
    stands for two, under the usual one.
    """
    decisions = {
        e: (d, on)
        for e, d, on in sources.rows(
            "entitlement_decision",
            ["entitlement", "decision", "decided_on"],
            ["coalesce(decided_on, '')", "id"],
        )
    }
    seen: dict[tuple[str, str, str], tuple[str, str]] = {}

    def say(person: str, regime: str, use: str, case: str, day: str) -> None:
        key = (person, regime, use)
        if key not in seen or day < seen[key][1]:
            seen[key] = (case, day)

    columns = ["id", "case", "person", "regime", "requested_on"]
    for record, case, person, regime, on in sources.rows("entitlement", columns):
        law, _slash, letter = (regime or "").partition("/")
        codes = codes_of(law, letter)
        code = codes[0] if codes else letter
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
            law, _slash, letter = (regime or "").partition("/")
            codes = codes_of(law, letter)
            own = {"regime": codes[0] if codes else letter, "kind": "approved"}
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
    columns = ["person", "at", *SCORED]
    visits: dict[str, list[tuple[str, tuple[str | None, ...]]]] = {}
    for person, at, *scores in sources.rows("visit", columns, IN_TIME):
        visits.setdefault(person, []).append(((at or "")[:10], tuple(scores)))
    closed = dict(sources.rows("case", ["id", "closed_on"]))
    today = sources.context.today
    for case, person in sources.main_persons.items():
        began = sources.received.get(case, "")[:10]
        if case not in sources.real_cases or len(began) < 10:
            continue
        if began not in sources.scope.period:
            continue
        for months in MONTHS:
            day = groups.add_months(date.fromisoformat(began), months).isoformat()
            outcome = _after(visits.get(person, []), day, closed.get(case) or "", today)
            own = {"months": str(months), "outcome": outcome, "day": began}
            yield Unit(f"{person}:{months}", case, person, own)


def _after(
    visits: list[tuple[str, tuple[str | None, ...]]], day: str, closed: str, today: str
) -> str:
    centre = date.fromisoformat(day)
    first = groups.add_months(centre, -_AROUND).isoformat()
    last = groups.add_months(centre, _AROUND).isoformat()
    near = [
        (abs((date.fromisoformat(on) - centre).days), on, scores)
        for on, scores in visits
        if first <= on <= last
    ]
    if near:
        _far, _on, scores = min(near, key=lambda v: v[:2])
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
    received = {r[0] for r in sources.rows("reception", ["case"])}
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
