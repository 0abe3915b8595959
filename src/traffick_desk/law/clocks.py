"""The statutory clocks of a case: what runs, until when, who must act, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _
from traffick_desk.law.facts import Status, day_of
from traffick_desk.law.pack import add_months
from traffick_desk.law.standing import CURRENT, choose_law

if TYPE_CHECKING:
    from datetime import date

    from traffick_desk.law.facts import Facts, Moment
    from traffick_desk.law.pack import ClockRule, Pack


class State(StrEnum):
    """Where a clock stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    DONE = "done"
    OVERDUE = "overdue"
    NEEDS_CALENDAR = "needs_calendar"  # overdue unless holidays that nobody has entered lie between

    @property
    def label(self) -> str:
        """The state in words."""
        return _(_STATES[self])


_STATES = {
    State.NOT_STARTED: N_("not started"),
    State.RUNNING: N_("running"),
    State.DONE: N_("done"),
    State.OVERDUE: N_("overdue"),
    State.NEEDS_CALENDAR: N_("cannot be told: public holidays are not entered"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one person.

    *due_at* is the last day (a date, to its end) or the last moment (a datetime); it is
    ``None`` before the start and where the limit was not found. *late* is for clocks
    that were stopped after their last day. *incomplete_years* have no public holidays
    entered, so a working-day limit may really end later.
    """

    rule: ClockRule
    state: State
    started_at: Moment | None
    due_at: Moment | None
    stopped_at: Moment | None
    late: bool
    incomplete_years: tuple[int, ...]
    flags: tuple[str, ...]
    extended: bool = False


def clocks(facts: Facts, pack: Pack, as_of: Moment | None = None) -> tuple[Clock, ...]:
    """The clocks that concern the person in *facts*, in the order of the pack.

    Args:
        facts: the person; the events start and stop the clocks.
        pack: the rules.
        as_of: the moment for which the states hold; by default that of *facts*.
    """
    now: Moment = as_of or facts.as_of_time or facts.as_of
    subject = facts.accompanies if facts.accompanies is not None and not facts.statuses else facts
    law = choose_law(subject, pack).law or CURRENT
    events = _events(facts)
    found = (_clock(rule, facts, pack, events, now, law) for rule in pack.clocks.values())
    return tuple(clock for clock in found if clock is not None)


def _events(facts: Facts) -> dict[str, Moment]:
    """The events with the dated facts that also start or stop a clock."""
    events = dict(facts.events)
    start = facts.essential_needs_start or min((s.start for s in facts.stays or ()), default=None)
    for name, day in (("essential_needs_start", start), ("identified_on", facts.identified_on)):
        if day is not None:
            events.setdefault(name, day)
    ended = _support_ended(facts)
    if ended is not None:
        events.setdefault("essential_needs_end", ended)
    return events


def _support_ended(facts: Facts) -> date | None:
    """The day on which essential-needs support ended by itself: no victim, or every stay over."""
    if facts.status is Status.NOT_VICTIM:
        return next(
            (s.since for s in reversed(facts.statuses) if s.status is Status.NOT_VICTIM), None
        )
    ends = [stay.end for stay in facts.stays or ()]
    days = [end for end in ends if end is not None and end <= facts.as_of]
    return max(days) if days and len(days) == len(ends) else None


def _clock(
    rule: ClockRule, facts: Facts, pack: Pack, events: dict[str, Moment], now: Moment, law: str
) -> Clock | None:
    if rule.law not in {None, law}:
        return None
    if (rule.unless in events) or (rule.only_if is not None and rule.only_if not in events):
        return None
    started = events.get(rule.start)
    flags = ["starts_next_day"] if rule.starts_next_day and rule.unit in {"d", "wd"} else []
    flags += list(rule.questions)
    if started is None:
        waits = rule.always_listed and facts.status is not Status.NOT_VICTIM
        if not waits or day_of(now) not in rule.valid:
            return None
        return Clock(rule, State.NOT_STARTED, None, None, None, False, (), tuple(flags))
    if day_of(started) not in rule.valid:
        return None
    due, incomplete = due_at(rule, started, pack)
    extended = False
    if rule.extended_by is not None and due is not None:
        until = max((s.extended_until for s in facts.stays or () if s.extended_until), default=None)
        if until is not None and until > day_of(due):
            due, extended = until, True
    stopped = events.get(rule.stop)
    if stopped is not None:
        late = due is not None and not incomplete and _after(stopped, due, rule)
        return Clock(
            rule, State.DONE, started, due, stopped, late, incomplete, tuple(flags), extended
        )
    state = State.RUNNING
    if due is not None and _after(now, due, rule):
        state = State.NEEDS_CALENDAR if incomplete else State.OVERDUE
    return Clock(rule, state, started, due, None, False, incomplete, tuple(flags), extended)


def due_at(rule: ClockRule, started: Moment, pack: Pack) -> tuple[Moment | None, tuple[int, ...]]:
    """When *rule* ends if it started at *started*, and the years on the way without holidays.

    Days, working days, months and years end with a day; ``instant`` and hours end at a
    moment, or with a day when only the day of the start is known.
    """
    day, value = day_of(started), rule.value
    if rule.unit == "instant":
        return started, ()
    if value is None:
        return None, ()
    if rule.unit == "h":
        if isinstance(started, datetime):
            return started + timedelta(hours=value), ()
        return day_of(datetime.combine(started, time()) + timedelta(hours=value)), ()
    if rule.unit == "wd":
        due = pack.calendar.add_working_days(day, value)
        return due, pack.calendar.incomplete(day, due)
    if rule.unit == "d":
        due = day + timedelta(days=value)
    else:
        due = add_months(day, value * (12 if rule.unit == "years" else 1))
    return (due if rule.starts_next_day else due - timedelta(days=1)), ()


def _after(moment: Moment, due: Moment, rule: ClockRule) -> bool:
    """Whether *moment* is past *due*. “At once” is only called late from the next day on."""
    if rule.unit != "instant" and isinstance(moment, datetime) and isinstance(due, datetime):
        return moment > due
    return day_of(moment) > day_of(due)
