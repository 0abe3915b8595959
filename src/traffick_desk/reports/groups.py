"""Classes that are derived from values: age groups, times of the calendar, waiting times."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise

from traffick_desk.domain.values import PartialDate, full_years
from traffick_desk.i18n import N_, _
from traffick_desk.reports.figures import EMPTY

# First age of each group. 6 and 11: schools begin; 16 and 18: the law draws lines there.
_AGES = (0, 6, 11, 16, 18, 25, 35, 45, 60)
UNDER_18, ADULT, AGE_OPEN = "u18", "18+", "open"
_AGE_WORDS = {
    UNDER_18: N_("under 18, age not exact"),
    ADULT: N_("18 or older, age not exact"),
    AGE_OPEN: N_("under or over 18: not known"),
}
AGE_GROUPS = (
    *(f"{a}-{b - 1}" for a, b in pairwise(_AGES[:5])),
    UNDER_18,
    *(f"{a}-{b - 1}" for a, b in pairwise(_AGES[4:])),
    "60+",
    ADULT,
    AGE_OPEN,
)


def age_words(code: str) -> str:
    """An age group in words."""
    return _(_AGE_WORDS[code]) if code in _AGE_WORDS else code.replace("-", "–")


@lru_cache(maxsize=65_536)
def _bounds(birth: str) -> tuple[date, date] | None:
    """The latest and the earliest day that a birth known in part may mean."""
    try:
        known = PartialDate.parse(birth)
    except ValueError:
        return None
    return known.latest, known.earliest


# Whole days that are in every year; others are read with more care.
_PLAIN = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])", re.ASCII).fullmatch


@lru_cache(maxsize=65_536)
def _plain(day: str) -> tuple[int, str] | None:
    """The year and the rest of a day that is in every year."""
    return (int(day[:4]), day[5:]) if _PLAIN(day) else None


Ages = tuple[int, int] | None
"""Youngest and oldest age; ``None`` where it is not known."""
# One object for each exact age: a hundred thousand of them are compared by what they are.
_EXACT = tuple((age, age) for age in range(2000))


def ages(birth: str, day: str) -> Ages:
    """How old somebody is on *day*; a birth known in part may leave it open.

    Args:
        birth: a partial date, or empty.
        day: an ISO day, or empty.
    """
    born, now = _plain(birth), _plain(day)
    if born is not None and now is not None:
        age = now[0] - born[0] - (now[1] < born[1])
        return _EXACT[age] if age > 0 else _EXACT[0]
    bounds = _bounds(birth) if birth else None
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    if bounds is None:
        return None
    youngest, oldest = (max(0, full_years(born, on)) for born in bounds)
    return youngest, oldest


@lru_cache(maxsize=4096)
def age_group(found: Ages) -> str:
    """The group of an age."""
    if found is None:
        return EMPTY
    youngest, oldest = found
    low, high = _age_class(youngest), _age_class(oldest)
    if low == high:
        return low
    if oldest < 18:
        return UNDER_18
    return ADULT if youngest >= 18 else AGE_OPEN


def _age_class(age: int) -> str:
    for first, after in pairwise(_AGES):
        if first <= age < after:
            return f"{first}-{after - 1}"
    return "60+"


def minor(found: Ages) -> str:
    """``child``, ``adult`` or empty where it cannot be told."""
    if found is None:
        return EMPTY
    youngest, oldest = found
    return "child" if oldest < 18 else "adult" if youngest >= 18 else EMPTY


YEAR, QUARTER, MONTH = "year", "quarter", "month"


def time_class(day: str, by: str) -> str:
    """``2026``, ``2026-Q1`` or ``2026-03`` of an ISO day, moment or partial date."""
    year, month = day[:4], day[5:7]
    if by == YEAR:
        return year
    if not month.isdigit():
        return EMPTY
    return f"{year}-{month}" if by == MONTH else f"{year}-Q{(int(month) + 2) // 3}"


def time_words(code: str) -> str:
    """A time of the calendar as it is read: ``Quý 1/2026``, ``3/2026``."""
    year, _dash, rest = code.partition("-")
    if rest.startswith("Q"):
        return _("Quarter {n}/{year}").format(n=rest[1:], year=year)
    return f"{int(rest)}/{year}" if rest else year


# What became of a time limit.
IN_TIME, LATE, RUNNING, OVERDUE, NO_LIMIT, NOT_STARTED = (
    "in_time", "late", "running", "overdue", "no_limit", "not_started",
)  # fmt: skip
LIMIT_WORDS = {
    IN_TIME: N_("done in time"),
    LATE: N_("done late"),
    RUNNING: N_("still running"),
    OVERDUE: N_("overdue, not done"),
    NO_LIMIT: N_("time limit cannot be told"),
    NOT_STARTED: N_("not started"),
}

# What became of somebody so many months after reception.
FOLLOW_WORDS = {
    "stable": N_("visited: lives mostly by own means"),
    "helped": N_("visited: needs help"),
    "danger": N_("visited: in danger"),
    "unscored": N_("visited, nothing scored"),
    "closed": N_("not visited, case closed"),
    "none": N_("not visited"),
    "ahead": N_("that day has not come yet"),
}


def add_months(day: date, months: int) -> date:
    """The same day of the month *months* later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)  # pragma: no cover - 28 is in every month


def days_between(start: str, end: str) -> int | None:
    """Whole days from one ISO day or moment to another; ``None`` unless both are known."""
    if len(start) < 10 or len(end) < 10:
        return None
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days
