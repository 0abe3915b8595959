"""What a person costs over a period: what is known, and by name what is not.

A total holds only what the rules give as a number. What was not found, not counted or not
decided makes it *at least* and is listed with the instrument that sets it; what is free, in kind
or at real cost is listed and never summed (Invariant I8).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from traffick_desk.law.assessment import Result
from traffick_desk.law.changes import ONE_DAY, cuts, first_day
from traffick_desk.law.cost_items import Costs, Item, Kind, Part
from traffick_desk.law.facts import day_of
from traffick_desk.law.pack import Code, add_months
from traffick_desk.law.timeline import due_on, known_on
from traffick_desk.law.usage import stay_spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from traffick_desk.law.assessment import Line, Outcome
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Pack, Regime

CLOSED = "case_closed"  # nothing is spent after that day
SUPPORT_ENDED = "essential_needs_end"  # ends a stay that has no last day of its own
APPLICATIONS = frozenset({"application_07_received", "old_application_received"})

DAILY = frozenset({"person-day"})
MONTHLY = frozenset({"person-month", "month"})
# Given once: counted on the day on which it falls due. Anything else (a session, an event, a
# school year) may come at any time while it is due.
ONCE = frozenset({"once", "person", "road-day", "trip", "course", "case", "person-year"})


def costs(
    facts: Facts,
    pack: Pack,
    first: date,
    last: date,
    *,
    forecast: bool = False,
    begun: Mapping[str, date] | None = None,
    approved: Collection[str] = (),
) -> Costs:
    """What is known of the costs of the person in *facts* from *first* to *last*.

    Daily amounts count for the days of stay that a cap or a decision covers, on each day with the
    amount of that day; monthly amounts when a month of support is complete; what is given once on
    the day it falls due, or is applied for where that is needed. Nothing is counted after the
    as-of day or, in a *forecast*, after *last*: then the facts stay as they are, so that an open
    stay goes on. The event ``case_closed`` ends everything.

    Args:
        facts: of the person, as of today.
        pack: the rules.
        first: of the period.
        last: of the period.
        forecast: whether to look beyond the as-of day.
        begun: regime (``L53/k``) → the day it was asked for, where no application is recorded.
        approved: regimes that were approved, so that they do not depend on the case any more.

    Raises:
        ValueError: *first* is after *last*.
    """
    if first > last:
        raise ValueError(first, last)
    until = last if forecast else min(last, facts.as_of)
    today = facts.as_of
    if CLOSED in facts.events:
        closed = day_of(facts.events[CLOSED])
        until, today = min(until, closed), min(today, closed)
    begin = first_day(facts)
    if until < max(first, begin):
        return Costs(first, last, until, forecast, ())
    horizon = max(until, facts.as_of)
    whole = known_on(_with_ends(facts), horizon, begin, horizon)
    walk = _Walk(facts, whole, pack, first, until, begun or {}, approved)
    days = [cut.day for cut in cuts(whole, begin, pack) if cut.day <= until]
    ends = [day - ONE_DAY for day in days[1:]] + [until]
    for start, end in zip(days, ends, strict=True):
        for outcome in due_on(whole, pack, start):
            walk.outcome(outcome, start, end)
    walk.months(open_end=CLOSED not in facts.events)
    walk.once(max(today, begin), forecast=forecast and CLOSED not in facts.events)
    return Costs(first, last, until, forecast, walk.found())


def _with_ends(facts: Facts) -> Facts:
    """A stay without a last day ends when the support does."""
    ended = facts.events.get(SUPPORT_ENDED)
    if ended is None or not facts.stays:
        return facts
    day = day_of(ended)
    stays = (s if s.end else replace(s, end=max(s.start, day)) for s in facts.stays)
    return replace(facts, stays=tuple(stays))


@dataclass(frozen=True, slots=True)
class _Spell:
    """A line that is due from *start* to *end*."""

    outcome: Outcome
    line: Line
    start: date
    end: date

    @property
    def review(self) -> bool:
        return self.line.result is Result.NEEDS_REVIEW


@dataclass(slots=True)
class _Walk:
    """Collects the costs while the time line is walked, span by span."""

    facts: Facts
    whole: Facts
    pack: Pack
    first: date
    until: date
    begun: Mapping[str, date]
    approved: Collection[str]
    items: dict[tuple[object, ...], Item] = field(default_factory=dict)
    given_once: dict[str, list[_Spell]] = field(default_factory=dict)
    monthly: dict[str, list[_Spell]] = field(default_factory=dict)
    daily_from: dict[str, date] = field(default_factory=dict)

    def found(self) -> tuple[Item, ...]:
        """The costs in the order of the law."""
        order = {
            (matrix.law, letter): (matrix.law, at)
            for matrix in self.pack.matrices.values()
            for at, letter in enumerate(matrix.regimes)
        }
        return tuple(
            sorted(
                self.items.values(), key=lambda i: (*order[i.regime.law, i.regime.letter], i.first)
            )
        )

    def outcome(self, outcome: Outcome, start: date, end: date) -> None:
        """Take in what is due of one regime from *start* to *end*."""
        regime = outcome.regime
        asked = self._asked(regime)
        if asked is not None:
            start = max(start, asked)  # before that nobody wanted it
        if start > end:
            return
        inside = max(start, self.first), min(end, self.until)
        # No level was in force, or no law can be told. A regime that has no levels at all (legal
        # aid under the law of 2011) costs nothing that the rules know of.
        levels = (regime.law, regime.letter) in self.pack.by_regime
        if not outcome.lines and levels and inside[0] <= inside[1]:
            review = outcome.result is Result.NEEDS_REVIEW
            kind = Kind.REVIEW if review else Kind.NOT_FOUND
            part = self._part(outcome, outcome.result)
            reason = outcome.reason if review else None
            self._add(Item(regime, None, part, kind, *inside, None, reason))
        for line in outcome.lines:
            spell = _Spell(outcome, line, start, end)
            if not line.level.counted:
                continue
            if line.level.unit in ONCE:
                self._due_once(spell)
            elif line.level.unit in MONTHLY and not spell.review:
                self.monthly.setdefault(line.level.need, []).append(spell)
            elif line.level.unit in DAILY:
                self._daily(spell)
            elif inside[0] <= inside[1]:
                self._item(spell, *inside, None)

    def _part(self, outcome: Outcome, result: Result) -> Part:
        code = f"{outcome.regime.law}/{outcome.regime.letter}"
        depends = result is Result.CASE_DEPENDENT and code not in self.approved
        return Part.IF_APPROVED if depends else Part.DUE

    def _item(
        self, spell: _Spell, first: date, last: date, quantity: int | None, part: Part | None = None
    ) -> None:
        line = spell.line
        kind = _kind(line, quantity)
        if kind is None:
            return
        reason = (line.reason or spell.outcome.reason) if kind is Kind.REVIEW else None
        part = part or self._part(spell.outcome, line.result)
        self._add(Item(spell.outcome.regime, line, part, kind, first, last, quantity, reason))

    def _add(self, item: Item) -> None:
        before = self.items.get(item.key)
        if before is not None:
            known = before.quantity is not None and item.quantity is not None
            item = replace(
                before,
                first=min(before.first, item.first),
                last=max(before.last, item.last),
                quantity=(before.quantity or 0) + (item.quantity or 0) if known else None,
            )
        self.items[item.key] = item

    # each day

    def _daily(self, spell: _Spell) -> None:
        first, last = max(spell.start, self.first), min(spell.end, self.until)
        level = spell.line.level
        self.daily_from.setdefault(level.need, spell.start)
        if self.whole.stays:
            days = sum(
                max(0, (min(end, last) - max(start, first)).days + 1)
                for start, end in stay_spans(self.whole)
            )
            if days:
                self._item(spell, first, last, days)
            return
        # Without a stay nobody wrote down the days; they can only be those of the support.
        start = self.whole.essential_needs_start or self.daily_from[level.need]
        first = max(first, start)
        if level.cap is not None:
            last = min(last, level.cap.last_day(start) or last)
            ended = self.facts.events.get(SUPPORT_ENDED)
            last = last if ended is None else min(last, day_of(ended))
        if first <= last:
            self._item(spell, first, last, None)

    # each month

    def months(self, *, open_end: bool) -> None:
        """Count the months of support that are complete.

        Args:
            open_end: support may go on after the last day that is counted.
        """
        for spells in self.monthly.values():
            for run in _runs(self._in_stays(spells)):
                begun, end = run[0].start, run[-1].end
                number = 0
                while (last := add_months(begun, number + 1) - ONE_DAY) <= end:
                    (spell,) = (s for s in run if s.start <= last <= s.end)
                    if last >= self.first:
                        self._item(spell, max(add_months(begun, number), self.first), last, 1)
                    number += 1
                rest = add_months(begun, number)
                if self.first <= end and rest <= end and (end < self.until or not open_end):
                    self._item(run[-1], max(rest, self.first), end, None)

    def _in_stays(self, spells: list[_Spell]) -> Iterator[_Spell]:
        """The parts of *spells* that are days of stay, for a level that is given only then."""
        for spell in spells:
            if "stay" not in spell.line.level.when:
                yield spell
                continue
            for start, end in stay_spans(self.whole):
                if start <= spell.end and spell.start <= end:
                    yield replace(spell, start=max(start, spell.start), end=min(end, spell.end))

    # once

    def _due_once(self, spell: _Spell) -> None:
        """Note the first day on which something that is given once is due."""
        known = self.given_once.get(spell.line.level.need)
        if known is None or (known[0].review and not spell.review):
            self.given_once[spell.line.level.need] = [spell]
        elif known[0].start == spell.start and known[0].review == spell.review:
            known.append(spell)  # another level for the same need, on the same day

    def _applies(self, regime: Regime) -> str | None:
        """The event with which a regime is applied for; ``None`` where nobody has to."""
        rule = self.pack.clocks.get(regime.clock or "")
        events = () if rule is None else (rule.start, rule.stop)
        return next((event for event in events if event in APPLICATIONS), None)

    def _asked(self, regime: Regime) -> date | None:
        event = self._applies(regime)
        if event is None:
            return None
        days: list[date | None] = [self.begun.get(f"{regime.law}/{regime.letter}")]
        days.append(day_of(self.facts.events[event]) if event in self.facts.events else None)
        return min((day for day in days if day is not None), default=None)

    def once(self, today: date, *, forecast: bool) -> None:
        """Count what is given once and falls due within the period.

        What has to be applied for, and was not, counts only as far as it can still be given.
        """
        for need, spells in self.given_once.items():
            regime = spells[0].outcome.regime
            if self._applies(regime) is None or self._asked(regime) is not None or spells[0].review:
                self._fallen_due(spells)
            elif spells[0].start >= self.first:
                still = self._on(today, need)
                if any(not spell.review for spell in still):
                    self._fallen_due(spells)
                else:
                    self._fallen_due(replace(s, start=spells[0].start) for s in still)
            elif forecast and (day := max(today, self.first)) <= self.until:
                for spell in self._on(day, need):
                    self._item(spell, day, day, _times(spell.line), Part.NOT_APPLIED)

    def _fallen_due(self, spells: Iterable[_Spell]) -> None:
        for spell in spells:
            if self.first <= spell.start <= self.until:
                self._item(spell, spell.start, spell.start, _times(spell.line))

    def _on(self, day: date, need: str) -> list[_Spell]:
        """What is due for a need on one day."""
        return [
            _Spell(outcome, line, day, day)
            for outcome in due_on(self.whole, self.pack, day)
            for line in outcome.lines
            if line.level.need == need and line.level.counted
        ]


def _kind(line: Line, quantity: int | None) -> Kind | None:
    """What is known of a line; ``None`` where no money can come of it."""
    if line.result is Result.NEEDS_REVIEW:
        return Kind.REVIEW if line.costs else None
    if line.not_found:
        return Kind.NOT_FOUND
    if line.amount is not None:
        return Kind.NUMBER_UNKNOWN if quantity is None else Kind.COUNTED
    return {
        Code.FREE: Kind.FREE,
        Code.IN_KIND: Kind.IN_KIND,
        Code.ACTUAL: Kind.REAL_COST,
        Code.FARE: Kind.REAL_COST,
    }.get(line.code, Kind.FORMULA)


def _times(line: Line) -> int | None:
    """How often something that is given once is given; ``None`` where the facts do not tell."""
    cap = line.level.cap
    if line.level.unit == "person-year" and cap is not None and cap.times == 1:
        return 1  # the first year alone
    return line.quantity


def _runs(spells: Iterable[_Spell]) -> list[list[_Spell]]:
    """*spells* without a gap between them, put together."""
    runs: list[list[_Spell]] = []
    for spell in spells:
        if runs and runs[-1][-1].end + ONE_DAY >= spell.start:
            runs[-1].append(spell)
        else:
            runs.append([spell])
    return runs
