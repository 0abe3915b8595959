"""The rule pack: the law as frozen data, every value with its citation and confidence mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _
from traffick_desk.law.words import Text, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from traffick_desk.law.facts import Facts


class Mark(StrEnum):
    """How well a value is known, and so what the program may do with it."""

    TEXT = "T"
    TEXT_CHECK = "T*"
    SECONDARY = "S"
    INFERRED = "I"
    NOT_FOUND = "NF"

    @property
    def label(self) -> str:
        """The mark in words."""
        return _(_MARKS[self])


_MARKS = {
    Mark.TEXT: N_("text of the instrument read"),
    Mark.TEXT_CHECK: N_("text read in an older or unofficial copy: check the wording"),
    Mark.SECONDARY: N_("from a secondary summary"),
    Mark.INFERRED: N_("inferred: an officer confirms it"),
    Mark.NOT_FOUND: N_("not found"),
}


class Code(StrEnum):
    """What an amount is when it is not a number of đồng, and ``VND`` when it is."""

    VND = "VND"
    FREE = "FREE"
    ACTUAL = "ACTUAL"
    IN_KIND = "IN_KIND"
    FARE = "FARE"
    FORMULA = "FORMULA"
    NOT_FOUND = "AMOUNT_NOT_FOUND"

    @property
    def label(self) -> str:
        """The code in words."""
        return _(_CODES[self])


_CODES = {
    Code.VND: N_("amount in đồng"),
    Code.FREE: N_("free of charge"),
    Code.ACTUAL: N_("at real cost"),
    Code.IN_KIND: N_("in kind"),
    Code.FARE: N_("ordinary public transport fare"),
    Code.FORMULA: N_("by formula"),
    Code.NOT_FOUND: N_("amount not available"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from *start* to *end*, both included; ``None`` is open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a day."""
        return (self.start is None or other.end is None or self.start <= other.end) and (
            other.start is None or self.end is None or other.start <= self.end
        )


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """A law, decree, circular or plan. A pack has one object for each, so identity is equality."""

    id: str
    name: Text
    title: Text
    issued: date | None
    valid: Span
    status: str
    mark: Mark
    sources: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a value stands; ``str()`` spells it as Vietnamese papers do."""

    instrument: Instrument
    chapter: str | None
    article: str | None
    clause: str | None
    point: str | None
    sources: tuple[str, ...]
    last_checked: date

    def __str__(self) -> str:
        name = self.instrument.name
        if self.point is not None:
            words = say(
                N_("Art. {article}({clause})({point}) {name}"),
                article=self.article,
                clause=self.clause,
                point=self.point,
                name=name,
            )
        elif self.clause is not None:
            words = say(
                N_("Art. {article}({clause}) {name}"),
                article=self.article,
                clause=self.clause,
                name=name,
            )
        elif self.article is not None:
            words = say(N_("Art. {article} {name}"), article=self.article, name=name)
        elif self.chapter is not None:
            words = say(N_("Chapter {chapter} {name}"), chapter=self.chapter, name=name)
        else:
            return str(name)
        return str(words)


@dataclass(frozen=True, slots=True)
class Question:
    """An open question: what the texts do not settle."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Footnote:
    """A remark on a cell of a matrix that changes what it gives."""

    id: str
    text: Text
    cite: tuple[Citation, ...]
    mark: Mark
    question: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a matrix: ``Y``, ``C``, ``-`` or ``?``, with conditions and footnote."""

    code: str
    default_granted: bool = False
    when: tuple[str, ...] = ()
    footnote: Footnote | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """One kind of person that a row names; ``None`` means any."""

    status: str
    citizenship: str | None
    permanent_resident: bool | None
    trafficked_in: str | None
    location: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A category of persons with its ten (or six) cells."""

    id: str
    label: Text
    who: tuple[Who, ...]
    accompanies: tuple[str, ...]
    cells: Mapping[str, Cell]
    question: str | None
    cite: tuple[Citation, ...]
    note_abroad: Text | None


@dataclass(frozen=True, slots=True)
class Regime:
    """A support regime by its letter."""

    law: str
    letter: str
    label: Text
    content: Text | None
    form: str | None
    clock: str | None
    cite: tuple[Citation, ...]
    mark: Mark
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """Who stays under the older law (Law 53/2024/QH15, Art. 63)."""

    identified_before: date
    cite: tuple[Citation, ...]
    mark: Mark


# status, citizenship (VN, stateless, foreign), permanent resident, trafficked in, location
World = tuple[str, str, bool, str, str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who may get what under one law."""

    law: str
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark
    regimes: Mapping[str, Regime]
    rows: Mapping[str, Row]
    unnamed_question: str | None
    transition: Transition | None
    index: Mapping[World, str]
    accompanying: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """What a level gives: a number of đồng, or a code (perhaps with a rate that was not found)."""

    code: Code
    vnd: int | None = None
    at_least: bool = False
    rate_not_found: bool = False
    set_by: Instrument | None = None
    parameter: str | None = None
    coefficient: Decimal | None = None
    formula: Text | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a level gives: days, calendar months or times."""

    days: int | None = None
    months: int | None = None
    times: int | None = None
    clock: str | None = None
    extendable: bool = False
    note: Text | None = None

    def last_day(self, start: date) -> date | None:
        """The last covered day when *start* is day 1; ``None`` if the cap does not count days."""
        if self.days is not None:
            return start + timedelta(days=self.days - 1)
        if self.months is not None:
            return add_months(start, self.months) - timedelta(days=1)
        return None


@dataclass(frozen=True, slots=True)
class Level:
    """A support level (an amount) of a regime, of the nation or of a province."""

    id: str
    law: str
    regime: str
    need: str
    label: Text
    amount: Amount
    unit: str | None
    cap: Cap | None
    rows: tuple[str, ...]
    review_rows: Mapping[str, str]
    when: tuple[str, ...]
    province: str | None
    counted: bool
    confirm: bool
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark
    questions: tuple[str, ...]
    note: Text | None
    amended: bool = False  # set by the province on top of the national rules


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """The value of a parameter over a span of days."""

    vnd: int
    at_least: bool
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark
    note: Text | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated reference amount."""

    id: str
    label: Text
    unit: str
    values: tuple[ParameterValue, ...]
    questions: tuple[str, ...]

    def on(self, day: date) -> ParameterValue | None:
        """The value in force on *day*."""
        return next((value for value in self.values if day in value.valid), None)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A statutory clock. *unit* is instant, d, wd, h, months, years or NF."""

    id: str
    label: Text
    start: str
    stop: str
    unless: str | None
    only_if: str | None
    extended_by: str | None
    unit: str
    value: int | None
    starts_next_day: bool
    body: Text
    todo: Text
    law: str | None
    always_listed: bool
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A programme target in per cent; ``None`` is not found."""

    id: str
    label: Text
    percent: int | None
    comparison: str | None
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year that the law names."""

    id: str
    label: Text
    month: int
    day: int
    valid: Span
    cite: tuple[Citation, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Province:
    """A province (before July 2025) with levels of its own."""

    id: str
    name: Text
    aliases: tuple[str, ...]
    merged_into: str | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekends, public holidays and swapped working days, and which years are complete."""

    weekend: frozenset[int]
    holidays: frozenset[date]
    working: frozenset[date]
    complete: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether *day* is a working day as far as the calendar knows."""
        if day in self.working:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_working_days(self, start: date, count: int) -> date:
        """The *count*-th working day after *start* (*start* itself is not counted)."""
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def incomplete(self, first: date, last: date) -> tuple[int, ...]:
        """The years from *first* to *last* whose holidays are not entered."""
        return tuple(y for y in range(first.year, last.year + 1) if y not in self.complete)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: an invented person whose result shows what a change of the rules does."""

    id: str
    label: Text
    facts: Facts


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole set of rules, with its version and the SHA-256 of its canonical content."""

    id: str
    version: str
    title: Text
    last_checked: date
    sha256: str
    units: Mapping[str, Text]
    instruments: Mapping[str, Instrument]
    questions: Mapping[str, Question]
    matrices: Mapping[str, Matrix]
    levels: tuple[Level, ...]
    parameters: Mapping[str, Parameter]
    clocks: Mapping[str, ClockRule]
    targets: tuple[Target, ...]
    days: tuple[YearDay, ...]
    provinces: Mapping[str, Province]
    calendar: Calendar
    examples: tuple[Example, ...]
    by_regime: Mapping[tuple[str, str], tuple[Level, ...]]


def add_months(day: date, months: int) -> date:
    """The same day *months* later, or the last day of a shorter month (31/01 + 1 → 28/02)."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - timedelta(days=1)).day))
