"""The facts about one person, read strictly from JSON. Unknown is not no: it stays ``None``.

The format is documented in ``docs/facts-json.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

Moment = date | datetime  # a datetime is local time in Viet Nam (UTC+7) without zone


class FactsError(ValueError):
    """The facts cannot be read; ``key`` names where."""

    def __init__(self, key: str, problem: str) -> None:
        self.key, self.problem = key, problem
        super().__init__(
            _("The facts were not read. “{key}”: {problem}").format(key=key, problem=problem)
            if key
            else _("The facts were not read: {problem}").format(problem=problem)
        )


class Status(StrEnum):
    """What a person is under the law at one time."""

    IN_PROCESS = "in_process"
    VICTIM = "victim"
    NOT_VICTIM = "not_victim"

    @property
    def label(self) -> str:
        """The status in words."""
        return _(STATUS_WORDS[self])


STATUS_WORDS = {
    Status.IN_PROCESS: N_("person being identified as a victim"),
    Status.VICTIM: N_("victim"),
    Status.NOT_VICTIM: N_("not a victim"),
}


@dataclass(frozen=True, slots=True)
class StatusSince:
    """A status and its first day (``None``: not known)."""

    status: Status
    since: date | None = None


@dataclass(frozen=True, slots=True)
class LocationSince:
    """``abroad`` or ``in_country``, and the first day there (``None``: not known)."""

    where: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Birth:
    """The birth lies between two days, both possible; they are equal when it is exact."""

    earliest: date
    latest: date

    def reached(self, years: int, day: date) -> bool | None:
        """Whether the person is *years* old on *day*; ``None`` if that cannot be told."""
        if birthday(self.latest, years) <= day:
            return True
        return None if birthday(self.earliest, years) <= day else False


def birthday(born: date, years: int) -> date:
    """The day on which one born on *born* turns *years* (29 February counts on 1 March)."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a facility, from the first to the last day, both counted; open while it lasts."""

    start: date
    end: date | None = None
    extended_until: date | None = None
    facility: str | None = None
    kind: str | None = None


_NO_EVENTS: Mapping[str, Moment] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one person on one day. Every field but *as_of* may be unknown."""

    as_of: date
    as_of_time: datetime | None = None
    ref: str | None = None
    statuses: tuple[StatusSince, ...] = ()
    citizenship: str | None = None
    permanent_resident: bool | None = None
    trafficked_in: str | None = None
    locations: tuple[LocationSince, ...] = ()
    birth: Birth | None = None
    stays: tuple[Stay, ...] | None = None
    essential_needs_start: date | None = None
    poor_household: bool | None = None
    health_insurance: bool | None = None
    studying: bool | None = None
    province: str | None = None
    travel_days: int | None = None
    accompanies: Facts | None = None
    events: Mapping[str, Moment] = field(default_factory=lambda: _NO_EVENTS)

    @classmethod
    def from_json(cls, obj: object, today: date | None = None) -> Facts:
        """Read the facts in *obj* (what ``json.load`` gives).

        Args:
            obj: a JSON object as documented in ``docs/facts-json.md``.
            today: stands in for a missing ``as_of``.

        Raises:
            FactsError: something in it cannot be read; names the key.
        """
        from traffick_desk.law.facts_json import read_facts

        return read_facts(obj, today)

    @property
    def identified_on(self) -> date | None:
        """The day of identification as a victim, if there is one and it is known."""
        return next((s.since for s in self.statuses if s.status is Status.VICTIM), None)

    @property
    def status(self) -> Status | None:
        """The status on the as-of day."""
        current = None
        for entry in self.statuses:
            if entry.since is None or entry.since <= self.as_of:
                current = entry.status
        return current

    @property
    def location(self) -> str | None:
        """Where the person is on the as-of day."""
        current = None
        for entry in self.locations:
            if entry.since is None or entry.since <= self.as_of:
                current = entry.where
        return current

    @property
    def identified_not_before(self) -> date | None:
        """The day of identification, or a day before which there certainly was none."""
        floor = None
        for entry in self.statuses:
            if entry.status is Status.VICTIM:
                return entry.since or floor
            floor = entry.since or floor
        return floor


def day_of(moment: Moment) -> date:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment
