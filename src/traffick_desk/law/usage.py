"""Days of stay, counted once each, against the cap of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Cap


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a cap on days is used; *over* days come after the last covered day.

    *undecided* days are over the cap and no extension decision covers them.
    """

    cap: Cap
    start: date
    last_day: date
    used: int
    over: int
    undecided: int
    extended_until: date | None
    has_gaps: bool

    @property
    def covered(self) -> int:
        """Days of stay within the cap or within a decided extension."""
        return self.used - self.undecided


def usage(facts: Facts, cap: Cap) -> Usage | None:
    """The use of *cap* by the stays in *facts*; ``None`` while nothing has begun.

    Day 1 is the first day of essential-needs support, or else of the first stay. First
    and last day of a stay both count; a stay that lasts is counted to the as-of day.
    """
    spans = stay_spans(facts)
    start = facts.essential_needs_start or (spans[0][0] if spans else None)
    last_day = cap.last_day(start) if start else None
    if start is None or last_day is None:
        return None
    extended = max((s.extended_until for s in facts.stays or () if s.extended_until), default=None)
    limit = max(last_day, extended) if extended and cap.extendable else last_day
    return Usage(
        cap=cap,
        start=start,
        last_day=last_day,
        used=sum((end - first).days + 1 for first, end in spans),
        over=_after(spans, last_day),
        undecided=_after(spans, limit),
        extended_until=extended,
        has_gaps=len(spans) > 1,
    )


def stay_spans(facts: Facts) -> list[tuple[date, date]]:
    """The days of stay as disjoint spans in order of time."""
    merged: list[tuple[date, date]] = []
    for stay in sorted(facts.stays or (), key=lambda s: s.start):
        end = stay.end or max(facts.as_of, stay.start)
        if merged and stay.start <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((stay.start, end))
    return merged


def _after(spans: list[tuple[date, date]], day: date) -> int:
    return sum(max(0, (end - max(first, day + timedelta(days=1))).days + 1) for first, end in spans)
