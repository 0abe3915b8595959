"""Value types with more than one shape: partial dates and moments.

Viet Nam has one time zone without summer time, so a moment is written with a
fixed offset and compares as text.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Self

ICT = timezone(timedelta(hours=7), "ICT")

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(~)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day, perhaps estimated.

    Its text form follows EDTF level 1 (ISO 8601-2): ``2009``, ``2009-05``,
    ``2009-05-03``, and ``~`` behind it when estimated.

    Raises:
        ValueError: the parts are no date.
    """

    year: int
    month: int | None = None
    day: int | None = None
    estimated: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999 or (self.day is not None and self.month is None):
            raise ValueError("not a date")
        date(
            self.year,
            1 if self.month is None else self.month,
            1 if self.day is None else self.day,
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form.

        Raises:
            ValueError: *text* is not of that form or no date.
        """
        match = _PARTIAL.fullmatch(text)
        if match is None:
            raise ValueError(f"not a partial date: {text!r}")
        year, month, day, estimated = match.groups()
        return cls(
            int(year), int(month) if month else None, int(day) if day else None, bool(estimated)
        )

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text + ("~" if self.estimated else "")

    @property
    def earliest(self) -> date:
        """First day that fits. An estimate is not widened: the officer chose the year."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day that fits."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def exact(self) -> bool:
        """Whether the day is known and not estimated."""
        return self.day is not None and not self.estimated

    def shown(self) -> str:
        """As officers write it: ``21/11/2009``, ``11/2009``, ``2009``; ``~`` before an estimate."""
        parts = [f"{p:02d}" for p in (self.day, self.month) if p is not None]
        return ("~" if self.estimated else "") + "/".join([*parts, f"{self.year:04d}"])

    def ages_on(self, day: date) -> tuple[int, int]:
        """Youngest and oldest age in full years on *day* (never below 0)."""
        return max(0, full_years(self.latest, day)), max(0, full_years(self.earliest, day))


def full_years(born: date, day: date) -> int:
    """Full years from *born* to *day*; one born on 29 February has the birthday on 1 March.

    The Civil Code counts a person as of an age once the birthday has come.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def moment(when: datetime) -> str:
    """The text form of a moment, to the minute, in Viet Nam's time zone.

    Raises:
        ValueError: *when* has no time zone, or no calendar has its day in Viet Nam.
    """
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    try:
        return when.astimezone(ICT).isoformat(timespec="minutes")
    except OverflowError as error:
        raise ValueError("a moment outside the calendar") from error


def parse_moment(text: str) -> datetime:
    """Read the text form of a moment.

    Raises:
        ValueError: *text* is no moment with a time zone.
    """
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return when
