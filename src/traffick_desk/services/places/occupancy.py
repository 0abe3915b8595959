"""Counting beds over days: pure, so that it can be compared with counting by hand.

A bed is taken in the night that begins on a day: from the first day of a stay to the day before
the last. Who comes and leaves on one day has had the bed that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """Beds that are taken from a day until another.

    Attributes:
        since: first day.
        until: day on which they are free again; ``None`` while that is not known.
        beds: how many.
    """

    since: date
    until: date | None = None
    beds: int = 1

    def covers(self, day: date) -> bool:
        """Whether the beds are taken on *day*."""
        if day < self.since:
            return False
        return self.until is None or day < self.until or day == self.since == self.until


def taken_on(spans: Iterable[Span], day: date) -> int:
    """How many beds are taken on *day*."""
    return sum(span.beds for span in spans if span.covers(day))


def by_day(spans: Iterable[Span], first: date, last: date) -> list[int]:
    """How many beds are taken on each day from *first* to *last*, both within.

    What it costs depends on the spans and the days, not on one times the other.
    """
    days = (last - first).days + 1
    if days < 1:
        return []
    steps = [0] * (days + 1)
    for span in spans:
        end = span.until
        if end is not None and end <= span.since:
            # One day when it is the same day; a span that ends before it begins takes nothing.
            end = span.since + timedelta(days=1) if end == span.since else span.since
        start = max(0, (span.since - first).days)
        stop = days if end is None else min(days, (end - first).days)
        if start < stop:
            steps[start] += span.beds
            steps[stop] -= span.beds
    counts, now = [], 0
    for step in steps[:days]:
        now += step
        counts.append(now)
    return counts


def most_taken(spans: Iterable[Span], first: date, until: date | None, ahead: int = 366) -> int:
    """The most beds taken on one day of a stay from *first* until *until*, a year if not known."""
    last = first + timedelta(days=ahead) if until is None else until - timedelta(days=1)
    return max(by_day(spans, first, max(first, last)), default=0)
