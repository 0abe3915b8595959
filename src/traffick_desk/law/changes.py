"""The days on which something changes for a person, and the words for what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.assessment import RESULT_WORDS, Result
from traffick_desk.law.caps import limit_of
from traffick_desk.law.conditions import LATE_CLOCK
from traffick_desk.law.facts import STATUS_WORDS, birthday, day_of
from traffick_desk.law.pack import add_months
from traffick_desk.law.standing import OLD
from traffick_desk.law.words import say, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from traffick_desk.law.assessment import Assessment, Outcome
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Pack, Span
    from traffick_desk.law.words import Words

ONE_DAY = timedelta(days=1)
APPLIED = "old_application_received"
DIED = "death_concluded"
_EVENTS = {
    APPLIED: N_("The application under the law of 2011 was received."),
    DIED: N_("The death was established."),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A day on which a period may begin.

    *causes* come from facts of the person (*own*), *rules* (law, words) from the rules; those
    hold only where that law governs and something is different.
    """

    day: date
    causes: tuple[Words, ...]
    rules: tuple[tuple[str, Words], ...]
    own: bool


def first_day(facts: Facts) -> date:
    """The day of the first known event, or the as-of day when none has a date.

    Where the person was before that is no event, unless nothing else has a date.
    """
    people = [facts] if facts.accompanies is None else [facts, facts.accompanies]
    days = [facts.essential_needs_start, *map(day_of, facts.events.values())]
    days += [stay.start for stay in facts.stays or ()]
    days += [entry.since for person in people for entry in person.statuses]
    places = [entry.since for person in people for entry in person.locations]
    for group in (days, places):
        known = [day for day in group if day is not None and day <= facts.as_of]
        if known:
            return min(known)
    return facts.as_of


def cuts(facts: Facts, first: date, pack: Pack) -> list[Cut]:
    """The days from *first* to the as-of day on which the answer may change, in order."""
    own: dict[date, list[Words]] = {first: []}
    other: dict[date, list[tuple[str, Words]]] = {}
    for day, words in _of_person(facts):
        own.setdefault(day, []).append(words)
    for day, cause in _of_rules(facts, pack):
        other.setdefault(day, []).extend([] if cause is None else [cause])
    return [
        Cut(day, unique(own.get(day, ())), unique(other.get(day, ())), day in own)
        for day in sorted({*own, *other})
        if first <= day <= facts.as_of
    ]


def _of_person(facts: Facts) -> Iterator[tuple[date, Words]]:
    yield from _standing(facts)
    if facts.accompanies is not None:
        for day, words in _standing(facts.accompanies):
            yield day, say(N_("The person accompanied: {change}"), change=words)
    if facts.birth is not None:
        early, late = (birthday(day, 18) for day in (facts.birth.earliest, facts.birth.latest))
        if early == late:
            yield early, say(N_("The person turns 18."))
        else:
            yield early, say(N_("From this day on the person may be 18."))
            yield late, say(N_("The person is certainly 18."))
    if facts.essential_needs_start is not None:
        yield facts.essential_needs_start, say(N_("Support with essential needs begins."))
    for stay in facts.stays or ():
        where = stay.facility
        yield (
            stay.start,
            say(N_("A stay begins: {facility}."), facility=where)
            if where
            else say(N_("A stay in a facility begins.")),
        )
        last = stay.end or facts.as_of
        yield (
            last + ONE_DAY,
            say(N_("The stay ended on {day}: {facility}."), day=last, facility=where)
            if where
            else say(N_("The stay in a facility ended on {day}."), day=last),
        )
    for name, text in _EVENTS.items():
        if name in facts.events:
            yield day_of(facts.events[name]), say(text)


def _standing(facts: Facts) -> Iterator[tuple[date, Words]]:
    """Changes of status and place."""
    for status in facts.statuses:
        if status.since is not None:
            yield (
                status.since,
                say(N_("From this day on: {status}."), status=say(STATUS_WORDS[status.status])),
            )
    for place in facts.locations:
        if place.since is not None:
            abroad = place.where == "abroad"
            yield (
                place.since,
                say(N_("The person is abroad.") if abroad else N_("The person is in the country.")),
            )


def _of_rules(facts: Facts, pack: Pack) -> Iterator[tuple[date, tuple[str, Words] | None]]:
    for matrix in pack.matrices.values():
        yield from _edges(matrix.valid)
    for level in pack.levels:
        if level.regime not in pack.matrices[level.law].regimes:
            continue  # a reference amount is never due
        yield from _edges(level.valid)
        parameter = pack.parameters.get(level.amount.parameter or "")
        for value in parameter.values if parameter is not None else ():
            yield from _edges(value.valid)
        set_by = level.amount.set_by
        if set_by is not None and set_by.valid.start is not None:
            words = say(N_("{instrument} takes effect."), instrument=set_by.name)
            yield set_by.valid.start, (level.law, words)
        limit = limit_of(level, facts)
        if limit is not None and limit.certain is not None:
            yield limit.certain + ONE_DAY, (level.law, limit.reason)
    if facts.identified_on is not None:
        due = add_months(facts.identified_on, pack.clocks[LATE_CLOCK].value or 0)
        words = say(N_("The time to apply under the law of 2011 ended on {day}."), day=due)
        yield due + ONE_DAY, (OLD, words)


def _edges(span: Span) -> Iterator[tuple[date, None]]:
    if span.start is not None:
        yield span.start, None
    if span.end is not None and span.end < date.max:
        yield span.end + ONE_DAY, None


Answer = tuple["Assessment", tuple["Outcome", ...]]  # the whole, and what of it is due


def effects(old: Answer, new: Answer) -> tuple[Words, ...]:
    """What became due, what no longer is, and what changed between two answers, in words."""
    found: list[Words] = []
    if old[0].law.law != new[0].law.law:
        found.append(new[0].law.reason)
    before = {(o.regime.law, o.regime.letter): o for o in old[1]}
    after = {(o.regime.law, o.regime.letter): o for o in new[1]}
    for key, outcome in after.items():
        was = before.get(key)
        label, result = outcome.regime.label, say(RESULT_WORDS[outcome.result])
        if was is None:
            found.append(say(N_("Now due: {what} ({result})."), what=label, result=result))
            continue
        if was.result is not outcome.result:
            found.append(_became(label, was.result, outcome.result))
        found += _lines(was, outcome)
    found += [
        say(N_("No longer due: {what}."), what=outcome.regime.label)
        for key, outcome in before.items()
        if key not in after
    ]
    return tuple(found)


def _became(what: object, before: Result, after: Result) -> Words:
    return say(
        N_("{what}: {before} → {after}."),
        what=what,
        before=say(RESULT_WORDS[before]),
        after=say(RESULT_WORDS[after]),
    )


def _lines(old: Outcome, new: Outcome) -> list[Words]:
    """The same for the amounts of one regime."""
    before = {line.level.id: line for line in old.lines}
    after = {line.level.id: line for line in new.lines}
    found = []
    for name, line in after.items():
        was = before.get(name)
        if was is None:
            found.append(
                say(
                    N_("Now due: {what} ({result})."),
                    what=line.level.label,
                    result=say(RESULT_WORDS[line.result]),
                )
            )
        elif was.result is not line.result and (was.result, line.result) != (
            old.result,
            new.result,
        ):
            found.append(_became(line.level.label, was.result, line.result))
    found += [
        say(N_("No longer due: {what}."), what=line.level.label)
        for name, line in before.items()
        if name not in after
    ]
    return found
