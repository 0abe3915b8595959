"""Facts over time: what was due when, under which law, and what changed on which day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from traffick_desk.law.assessment import Result
from traffick_desk.law.caps import Count, counts, restricted
from traffick_desk.law.changes import cuts, effects, first_day
from traffick_desk.law.evaluator import evaluate, regimes
from traffick_desk.law.facts import day_of
from traffick_desk.law.words import unique

if TYPE_CHECKING:
    from datetime import date

    from traffick_desk.law.assessment import Assessment, Outcome
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Pack
    from traffick_desk.law.words import Words


@dataclass(frozen=True, slots=True)
class Period:
    """Days from *start* to *end*, both included, on which the same was due.

    *assessment* is the whole answer for the first day, with the days of stay of this period
    alone; *due* are its outcomes and lines without those that are not granted, after the
    caps. *changes* says what is different from the day before.
    """

    start: date
    end: date
    assessment: Assessment
    due: tuple[Outcome, ...]
    changes: tuple[Words, ...]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was due to one person from the first known event to the as-of day.

    *periods* are in order of time and leave no day out; *counts* are the caps that were
    counted over all of them; *assessment* is the answer for the as-of day.
    """

    facts: Facts
    periods: tuple[Period, ...]
    counts: tuple[Count, ...]
    assessment: Assessment

    def on(self, day: date) -> Period | None:
        """The period to which *day* belongs."""
        return next((p for p in self.periods if p.start <= day <= p.end), None)


def timeline(facts: Facts, pack: Pack) -> Timeline:
    """What was due to the person in *facts* on each day up to the as-of day.

    Facts without a date (citizenship, household, insurance …) count for the whole time.
    What happens after the as-of day is left out. Never raises for any facts.
    """
    first = first_day(facts)
    whole = known_on(facts, facts.as_of, first, facts.as_of)
    kept: list[tuple[date, tuple[Words, ...], tuple[Assessment, tuple[Outcome, ...]]]] = []
    for cut in cuts(whole, first, pack):
        answer = _on(whole, pack, cut.day, cut.day)
        words = cut.causes
        if kept:
            before = kept[-1][2]
            if _essence(answer[1]) != _essence(before[1]):
                governing = answer[0].law.law
                ruled = unique(words for law, words in cut.rules if law == governing)
                words = (*words, *ruled, *effects(before, answer))
            if not cut.own and not words:
                # A date of the rules counts only where it makes a difference to this person.
                continue
        kept.append((cut.day, words, answer))
    periods: list[Period] = []
    for at, (start, words, at_start) in enumerate(kept):
        end = kept[at + 1][0] - timedelta(days=1) if kept[at + 1 :] else facts.as_of
        # Only days of stay are counted, so without them the answer for the first day is enough.
        answer = _on(whole, pack, start, end) if at_start[0].facts.stays else at_start
        periods.append(Period(start, end, *answer, words))
    return Timeline(
        facts=facts,
        periods=tuple(periods),
        counts=counts(whole, [outcome for period in periods for outcome in period.due]),
        assessment=evaluate(facts, pack),
    )


def known_on(facts: Facts, day: date, first: date, last: date) -> Facts:
    """The *facts* as they stood on *day*, with the days of stay from *first* to *last*."""
    stays = facts.stays
    extended = max((s.extended_until for s in stays or () if s.extended_until), default=None)
    begun = [s.start for s in stays or ()]
    start = facts.essential_needs_start or min(begun, default=None)
    principal = facts.accompanies
    return replace(
        facts,
        as_of=day,
        as_of_time=None,
        statuses=tuple(s for s in facts.statuses if s.since is None or s.since <= day),
        locations=tuple(s for s in facts.locations if s.since is None or s.since <= day),
        stays=None
        if stays is None
        else tuple(
            replace(
                stay,
                start=max(stay.start, first),
                end=min(stay.end or last, last),
                extended_until=extended,
            )
            for stay in stays
            if stay.start <= last and (stay.end is None or stay.end >= first)
        ),
        essential_needs_start=start if start is not None and start <= day else None,
        accompanies=None if principal is None else known_on(principal, day, first, last),
        events={name: at for name, at in facts.events.items() if day_of(at) <= day},
    )


def _on(
    whole: Facts, pack: Pack, first: date, last: date
) -> tuple[Assessment, tuple[Outcome, ...]]:
    """The answer for the days from *first* to *last*, and what of it is due."""
    assessment = evaluate(known_on(whole, first, first, last), pack)
    return assessment, _due(assessment.outcomes, whole, first)


def due_on(whole: Facts, pack: Pack, day: date) -> tuple[Outcome, ...]:
    """What is due on *day* after the caps; *whole* are the facts of the whole time."""
    return _due(regimes(known_on(whole, day, day, day), pack), whole, day)


def _due(outcomes: tuple[Outcome, ...], whole: Facts, day: date) -> tuple[Outcome, ...]:
    due = []
    for outcome in outcomes:
        if outcome.result is not Result.NOT_GRANTED:
            lines = (restricted(line, whole, day) for line in outcome.lines)
            given = tuple(line for line in lines if line.result is not Result.NOT_GRANTED)
            due.append(replace(outcome, lines=given))
    return tuple(due)


def _essence(due: tuple[Outcome, ...]) -> object:
    """What makes two days different for the person: not how many days there were."""
    return [
        (
            outcome.regime.law,
            outcome.regime.letter,
            outcome.result,
            outcome.reason,
            outcome.flags,
            outcome.questions,
            [
                (x.level.id, x.result, x.code, x.amount, x.reason, x.questions, x.missing)
                for x in outcome.lines
            ],
        )
        for outcome in due
    ]
