"""Caps over time: how many days (or school years) are used, and what is due after the last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.assessment import Result
from traffick_desk.law.evaluator import COUNTING_DAYS
from traffick_desk.law.facts import day_of
from traffick_desk.law.pack import add_months
from traffick_desk.law.usage import usage
from traffick_desk.law.words import say, unique

if TYPE_CHECKING:
    from collections.abc import Iterable

    from traffick_desk.law.assessment import Line, Outcome
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Cap, Level
    from traffick_desk.law.usage import Usage
    from traffick_desk.law.words import Words

SCHOOL_YEARS = "Q21"  # which school years are the first and the next?
SCHOOL_YEAR = "school-year"
SCHOOL_ENDED = "supported_school_years_ended"


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when a cap lets its level run.

    It is certain to *certain*, the last day (``None``: no day is certain); after it the level has
    ended when *ends*, and otherwise needs review, for *reason*.
    """

    cap: Cap
    certain: date | None
    ends: bool
    reason: Words
    usage: Usage | None = None
    questions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One cap of the person, with the levels that share it."""

    limit: Limit
    levels: tuple[Level, ...]
    needs_review: bool


def limit_of(level: Level, facts: Facts) -> Limit | None:
    """The limit of *level* for the person in *facts*; ``None`` where nothing is counted yet."""
    cap = level.cap
    if cap is None:
        return None
    if cap.times is not None:
        return _school(cap, facts) if level.unit == SCHOOL_YEAR else None
    spent = usage(facts, cap)
    if spent is None:
        return None
    identified = facts.identified_on
    # In one reading the days count on from the first phase, in the other from identification.
    doubt = spent.has_gaps or (identified is not None and spent.start < identified)
    certain = spent.last_day
    if cap.extendable and spent.extended_until is not None:
        certain = max(certain, spent.extended_until)
    if cap.extendable:
        words = N_(
            "The days from {start} to {last_day} are covered; an extension decision is needed "
            "for those after."
        )
    elif doubt:
        words = N_(
            "Counted from {start} the time ended on {last_day}; the texts do not settle how "
            "several phases count."
        )
    else:
        words = N_("The time from {start} ended on {last_day}.")
    return Limit(
        cap=cap,
        certain=certain,
        ends=not cap.extendable and not doubt,
        reason=say(words, start=spent.start, last_day=certain),
        usage=spent,
        questions=(COUNTING_DAYS,) if doubt else (),
    )


def _school(cap: Cap, facts: Facts) -> Limit:
    """School years: the pack has no dates for them, so only what is certain is said.

    The next school year ends a year after the first one does, so *n* years in a row last
    *n* - 1 calendar years at the least, whenever the first began.
    """
    ended = facts.events.get(SCHOOL_ENDED)
    if ended is not None:
        day = day_of(ended)
        words = say(N_("The last school year with support ended on {day}."), day=day)
        return Limit(cap, day, ends=True, reason=words)
    start = facts.identified_not_before
    years = cap.times or 1
    certain = None
    if start is not None and years > 1:
        certain = add_months(start, 12 * (years - 1)) - timedelta(days=1)
    return Limit(
        cap=cap,
        certain=certain,
        ends=False,
        reason=say(
            N_(
                "Given for this many school years: {years}. Which these are, and when they end, "
                "is not settled."
            ),
            years=years,
        ),
        questions=(SCHOOL_YEARS,),
        missing=(f"events.{SCHOOL_ENDED}",),
    )


def restricted(line: Line, facts: Facts, day: date) -> Line:
    """*line* as the caps leave it on *day*; *facts* are those of the whole time."""
    limit = None if line.result is Result.NOT_GRANTED else limit_of(line.level, facts)
    if limit is None or (limit.certain is not None and day <= limit.certain):
        return line
    return replace(
        line,
        result=Result.NOT_GRANTED if limit.ends else Result.NEEDS_REVIEW,
        reason=limit.reason,
        questions=unique([*line.questions, *limit.questions]),
        missing=unique([*line.missing, *limit.missing]),
    )


def counts(facts: Facts, due: Iterable[Outcome]) -> tuple[Count, ...]:
    """Every cap that was counted for the outcomes that were ever *due*."""
    shared: dict[tuple[str, Cap, bool], dict[str, Level]] = {}
    for outcome in due:
        for line in outcome.lines:
            level = line.level
            if level.cap is not None:
                key = level.law, level.cap, level.unit == SCHOOL_YEAR
                shared.setdefault(key, {})[level.id] = level
    found = []
    for levels in shared.values():
        members = tuple(levels.values())
        limit = limit_of(members[0], facts)
        if limit is not None:
            over = limit.certain is None or facts.as_of > limit.certain
            used_over = limit.usage is None or limit.usage.undecided > 0
            found.append(Count(limit, members, over and used_over and not limit.ends))
    return tuple(found)
