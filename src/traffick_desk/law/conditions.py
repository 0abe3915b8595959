"""The conditions that rules may name: each says yes, no or *not known*, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.facts import Status, day_of
from traffick_desk.law.pack import add_months
from traffick_desk.law.words import Words, say, unique

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Pack

TURNING_18 = "Q09"  # does a person who turns 18 during support keep what is for under-18s?
LATE_CLOCK = "OLD-02"  # 12 months to apply under the law of 2011


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a condition says; ``holds`` is ``None`` when it cannot be told."""

    holds: bool | None
    reason: Words
    fact: str
    missing: tuple[str, ...] = ()
    question: str | None = None
    flags: tuple[str, ...] = ()
    silent: bool = False  # when it does not hold, the level is not even listed


def _known(
    value: bool | None, fact: str, yes: str, no: str, unknown: str, *, silent: bool = False
) -> Verdict:
    if value is None:
        return Verdict(None, say(unknown), fact, missing=(fact,))
    return Verdict(value, say(yes if value else no), fact, silent=silent)


def _stay(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        None if facts.stays is None else bool(facts.stays),
        "stays",
        N_("The person stays or stayed in a facility."),
        N_("Given only while the person stays in a facility, and there was no stay."),
        N_("Given only while the person stays in a facility; it is not known whether there was."),
    )


def _uninsured(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        None if facts.health_insurance is None else not facts.health_insurance,
        "health_insurance",
        N_("The person has no health insurance."),
        N_("The person already has health insurance."),
        N_("Given to those without health insurance; it is not known whether the person has it."),
    )


def _poor(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        facts.poor_household,
        "poor_household",
        N_("The household is poor."),
        N_("The 2011 regime gives this to poor households only, and the household is not poor."),
        N_("The 2011 regime gives this to poor households only; it is not known if this one is."),
    )


def _studying(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        facts.studying,
        "studying",
        N_("The person still goes to school."),
        N_("Given to those who go on studying, and the person does not."),
        N_("Given to those who go on studying; it is not known whether the person does."),
    )


def _abroad(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        None if facts.location is None else facts.location == "abroad",
        "location",
        N_("The person is abroad."),
        N_("Given only abroad."),
        N_("Given only abroad; it is not known where the person is."),
        silent=True,
    )


def _died(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        "death_concluded" in facts.events,
        "events.death_concluded",
        N_("The person died."),
        N_("Given only on death."),
        "",
        silent=True,
    )


def _fostered(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        any(stay.kind == "foster" for stay in facts.stays or ()),
        "stays",
        N_("The person stays in a foster household."),
        N_("Given only in a foster household."),
        "",
        silent=True,
    )


def _reached(facts: Facts, years: int, day: date) -> bool | None:
    return None if facts.birth is None else facts.birth.reached(years, day)


def _under_4(facts: Facts, _pack: Pack) -> Verdict:
    reached = _reached(facts, 4, facts.as_of)
    return _known(
        None if reached is None else not reached,
        "birth",
        N_("Under 4 years old."),
        N_("4 years old or older."),
        N_("It depends on the age (4 years), which is not known."),
        silent=True,
    )


def _from_4(facts: Facts, _pack: Pack) -> Verdict:
    return _known(
        _reached(facts, 4, facts.as_of),
        "birth",
        N_("4 years old or older."),
        N_("Under 4 years old."),
        N_("It depends on the age (4 years), which is not known."),
        silent=True,
    )


def under_18(facts: Facts, since: date | None, since_fact: str) -> Verdict:
    """Whether the person is under 18 on the as-of day.

    One who was still under 18 on *since* (when the support began) and has turned 18
    meanwhile is not refused: the text is silent (question Q09).
    """
    reached = _reached(facts, 18, facts.as_of)
    if reached is None:
        return Verdict(
            None,
            say(N_("Given to persons under 18 only; the age is not known well enough.")),
            "birth",
            missing=("birth",),
        )
    if not reached:
        return Verdict(True, say(N_("The person is under 18.")), "birth")
    before = None if since is None else _reached(facts, 18, since)
    if before:
        return Verdict(
            False, say(N_("Given to persons under 18 only, and the person is an adult.")), "birth"
        )
    missing = (since_fact,) if since is None else ()
    return Verdict(
        None,
        say(N_("The person turned 18 during support; the law does not say what follows.")),
        "birth",
        missing=missing if before is False or since is None else ("birth",),
        question=TURNING_18,
    )


def _under_18(facts: Facts, _pack: Pack) -> Verdict:
    """For victims: under 18, or still under 18 when identified."""
    if facts.status is not Status.VICTIM:  # identification, if it comes, comes later than today
        return under_18(facts, facts.as_of, "identified_on")
    verdict = under_18(facts, facts.identified_not_before, "identified_on")
    if verdict.question is not None and facts.identified_on is None:
        return replace(verdict, missing=unique([*verdict.missing, "identified_on"]))
    return verdict


def _applied_in_time(facts: Facts, pack: Pack) -> Verdict:
    fact = "events.old_application_received"
    start = facts.identified_on
    if start is None:
        return Verdict(
            None,
            say(N_("The time to apply runs from identification, whose date is not known.")),
            fact,
            missing=("identified_on",),
        )
    due = add_months(start, pack.clocks[LATE_CLOCK].value or 0)
    applied = facts.events.get(fact.removeprefix("events."))
    if applied is None:
        if facts.as_of <= due:
            return Verdict(
                True, say(N_("The application is due by {due} at the latest."), due=due), fact
            )
        return Verdict(
            None,
            say(
                N_(
                    "The time to apply ended on {due}; granted only if the application came before."
                ),
                due=due,
            ),
            fact,
            missing=(fact,),
        )
    day = day_of(applied)
    if day <= due:
        return Verdict(True, say(N_("The application of {day} came in time."), day=day), fact)
    return Verdict(
        False,
        say(
            N_(
                "The application of {day} is late: it was due by {due}. Refuse as late, or put it "
                "to the province; the new regime does not apply to this person."
            ),
            day=day,
            due=due,
        ),
        fact,
        flags=("late", "escalate"),
    )


CONDITIONS: dict[str, Callable[[Facts, Pack], Verdict]] = {
    "abroad": _abroad,
    "applied_in_time": _applied_in_time,
    "died": _died,
    "fostered": _fostered,
    "from_4": _from_4,
    "poor": _poor,
    "stay": _stay,
    "studying": _studying,
    "under_18": _under_18,
    "under_4": _under_4,
    "uninsured": _uninsured,
}
