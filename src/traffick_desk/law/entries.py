"""Single entries that the national rules and the amendments of a province have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from traffick_desk.i18n import _
from traffick_desk.law.draft import Draft, new_id, read_cite, read_mark, read_span
from traffick_desk.law.pack import Calendar, Instrument, Mark, ParameterValue
from traffick_desk.law.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Year:
    """Public holidays and swapped working days of one year; *complete* when none is missing."""

    year: int
    complete: bool
    holidays: frozenset[date]
    working: frozenset[date]


def read_instrument(draft: Draft, entry: Reader) -> Instrument:
    """A law, decree, circular, resolution or plan."""
    instrument = Instrument(
        id=new_id(draft, entry),
        name=entry.get("name").words(),
        title=entry.get("title").words(),
        issued=entry.maybe("issued", Reader.day),
        valid=read_span(entry.get("valid")),
        status=entry.get("status").choice("current", "legacy", "ended", "text_not_found"),
        mark=read_mark(entry),
        sources=entry.get("sources").texts(),
        note=entry.maybe("note", Reader.words),
    )
    entry.done()
    return instrument


def read_year(draft: Draft, entry: Reader) -> Year:
    """One year of the calendar; every day stands in that year and has its citation."""
    year = entry.get("year").whole(1900)
    complete = bool(entry.flag("complete"))
    days: list[frozenset[date]] = []
    for key in ("holidays", "working_days"):
        listed = entry.find(key)
        found: set[date] = set()
        for item in listed.items() if listed else ():
            day = item.get("day").day()
            item.maybe("label", Reader.words)
            read_cite(draft, item)
            item.done()
            if day.year != year:
                raise item.fail(_("this day is not in {year}").format(year=year))
            found.add(day)
        days.append(frozenset(found))
    entry.done()
    return Year(year, complete, *days)


def with_years(calendar: Calendar, years: Iterable[Year]) -> Calendar:
    """*calendar* with each of *years* in place of what it had of them."""
    for entry in years:
        calendar = replace(
            calendar,
            holidays=_but(calendar.holidays, entry.year) | entry.holidays,
            working=_but(calendar.working, entry.year) | entry.working,
            complete=(calendar.complete - {entry.year})
            | (frozenset({entry.year}) if entry.complete else frozenset()),
        )
    return calendar


def _but(days: frozenset[date], year: int) -> frozenset[date]:
    return frozenset(day for day in days if day.year != year)


def read_value(draft: Draft, item: Reader) -> ParameterValue:
    """The value of a reference amount over a span of days."""
    value = ParameterValue(
        vnd=item.get("vnd").whole(1),
        at_least=bool(item.flag("at_least")),
        valid=read_span(item.get("valid")),
        cite=read_cite(draft, item),
        mark=read_mark(item),
        note=item.maybe("note", Reader.words),
    )
    item.done()
    if value.mark is Mark.NOT_FOUND:
        raise item.fail(_("what was not found (NF) cannot have a number"))
    return value
