"""A pack while it is being read, and the small parts that all its tables share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from traffick_desk.i18n import _
from traffick_desk.law.conditions import CONDITIONS
from traffick_desk.law.pack import (
    Calendar,
    Citation,
    ClockRule,
    Example,
    Instrument,
    Level,
    Mark,
    Matrix,
    Parameter,
    Province,
    Question,
    Span,
    Target,
    YearDay,
)
from traffick_desk.law.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from traffick_desk.law.words import Text


@dataclass
class Draft:
    """What has been read so far; files of one kind add up."""

    head: Reader | None = None
    units: dict[str, Text] = field(default_factory=dict)
    last_checked: date | None = None
    instruments: dict[str, Instrument] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    levels: list[tuple[Level, Reader]] = field(default_factory=list)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    clocks: dict[str, ClockRule] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    days: list[YearDay] = field(default_factory=list)
    provinces: dict[str, Province] = field(default_factory=dict)
    calendar: Calendar | None = None
    examples: list[Example] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    clocks_named: list[tuple[str, Reader]] = field(default_factory=list)


def new_id(draft: Draft, entry: Reader) -> str:
    """The id of *entry*, which no other entry of the pack may have."""
    at = entry.get("id")
    name = at.text()
    if name in draft.ids:
        raise at.fail(_("the id “{name}” is given twice").format(name=name))
    draft.ids.add(name)
    return name


def read_span(entry: Reader) -> Span:
    """A span of days, each side open unless given."""
    result = Span(entry.maybe("from", Reader.day), entry.maybe("to", Reader.day))
    entry.done()
    if result.start and result.end and result.end < result.start:
        raise entry.fail(_("the last day is before the first"))
    return result


def read_mark(entry: Reader) -> Mark:
    """The confidence mark of *entry*."""
    return Mark(entry.get("mark").choice(*Mark))


def read_cite(draft: Draft, entry: Reader) -> tuple[Citation, ...]:
    """The citations of *entry*: at least one, each with its sources."""
    listed = entry.find("cite")
    if listed is None:
        raise entry.fail(_("a citation (cite) is missing"))
    found: list[Citation] = []
    for part in listed.items():
        instrument = named(part.get("instrument"), draft.instruments)
        citation = Citation(
            instrument=draft.instruments[instrument],
            chapter=part.maybe("chapter", Reader.text),
            article=part.maybe("article", Reader.text),
            clause=part.maybe("clause", Reader.text),
            point=part.maybe("point", Reader.text),
            sources=part.get("sources").texts(),
            last_checked=part.maybe("last_checked", Reader.day) or _head(draft, part),
        )
        part.done()
        if not citation.sources:
            raise part.fail(_("a citation needs at least one source"))
        if (citation.clause and not citation.article) or (citation.point and not citation.clause):
            raise part.fail(_("a clause needs its article, and a point its clause"))
        found.append(citation)
    if not found:
        raise listed.fail(_("a citation (cite) is missing"))
    return tuple(found)


def _head(draft: Draft, at: Reader) -> date:
    if draft.last_checked is None:
        raise at.fail(_("the key “{key}” is missing").format(key="last_checked"))
    return draft.last_checked


def named(at: Reader, known: Mapping[str, object]) -> str:
    """A name that must be one of *known*."""
    name = at.text()
    if name not in known:
        raise at.fail(_("“{name}” is not defined in this pack").format(name=name))
    return name


def read_questions(draft: Draft, entry: Reader) -> tuple[str, ...]:
    """The open questions that *entry* names."""
    listed = entry.find("questions")
    return () if listed is None else tuple(named(at, draft.questions) for at in listed.items())


def read_conditions(entry: Reader) -> tuple[str, ...]:
    """The conditions that *entry* names; the evaluator must know each."""
    listed = entry.find("when")
    return () if listed is None else tuple(at.choice(*CONDITIONS) for at in listed.items())


def read_clock_name(draft: Draft, entry: Reader) -> str | None:
    """The clock that *entry* names; that it exists is checked at the end."""
    at = entry.find("clock")
    if at is None:
        return None
    draft.clocks_named.append((at.text(), at))
    return at.text()
