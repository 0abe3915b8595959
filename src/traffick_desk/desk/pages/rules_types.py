"""What a province types when it prepares rules, described like records; and the choices for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from traffick_desk.desk.editors import Choice, Context
from traffick_desk.desk.editors.base import FixedSource, Source
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_, _
from traffick_desk.law import Mark, Pack
from traffick_desk.law.amend_words import level_name
from traffick_desk.services.rules_draft import RulesDraft, place_of

_PUBLIC = Privacy.PUBLIC


def _code(name: str, label: str, help_text: str = "", *, required: bool = True) -> Field:
    return Field(name, Kind.CODE, label, _PUBLIC, help=help_text, codes=name, required=required)


def _text(name: str, label: str, help_text: str = "", *, required: bool = True) -> Field:
    return Field(name, Kind.TEXT, label, _PUBLIC, help=help_text, required=required, limit=300)


_SINCE = Field("since", Kind.DATE, N_("From"), _PUBLIC, required=True, ahead=True)
_AMOUNT = Field("vnd", Kind.MONEY, N_("Amount"), _PUBLIC, required=True, lowest=1)
_AT_LEAST = _code(
    "at_least",
    N_("At least"),
    N_("Only where the text itself says “at least”."),
    required=False,
)
_CITED = (
    _code("instrument", N_("Text that sets it"), N_("If it is missing, add it under “Texts”.")),
    _text("article", N_("Article number"), required=False),
    _text("clause", N_("Clause number"), required=False),
    _text(
        "source",
        N_("Where you read it"),
        N_("For example: signed copy sent by the Department of Finance on 02/10/2026."),
    ),
)
_MARK = _code("mark", N_("How well it is known"))


def _type(name: str, *fields: Field) -> RecordType:
    return RecordType(f"rules_{name}", "", "", fields, in_case=False, office=True)


class Part(NamedTuple):
    """One list of the preparation: its kind in ``rules_draft``, its words, what is typed."""

    kind: str
    title: str
    add: str
    empty: str
    type: RecordType

    @property
    def place(self) -> str:
        """Where its entries stand in the file."""
        return place_of(self.kind)


PARTS = (
    Part(
        "level",
        N_("Amounts"),
        N_("Set an amount"),
        N_("Fill in an amount that the national rules do not know, or change one from a day on."),
        _type("level", _code("level", N_("Level")), _SINCE, _AMOUNT, _AT_LEAST, *_CITED, _MARK),
    ),
    Part(
        "add",
        N_("Own levels"),
        N_("Add a level"),
        N_("What your province gives and the national rules do not have."),
        _type(
            "add",
            _code("regime", N_("Support regime")),
            _text("label", N_("What is given")),
            _AMOUNT,
            _AT_LEAST,
            _code("unit", N_("For each")),
            Field(
                "days",
                Kind.INTEGER,
                N_("For at most (days)"),
                _PUBLIC,
                lowest=1,
                highest=3660,
            ),
            _SINCE,
            Field("until", Kind.DATE, N_("Until"), _PUBLIC, ahead=True),
            *_CITED,
            _MARK,
        ),
    ),
    Part(
        "end",
        N_("Ended"),
        N_("End a level"),
        N_("A level that is not given any more from a day on, such as one of a merged province."),
        _type("end", _code("level", N_("Level")), _SINCE, *_CITED),
    ),
    Part(
        "parameter",
        N_("Reference amounts"),
        N_("Set a reference amount"),
        N_("Amounts from which others are worked out, such as the social assistance standard."),
        _type(
            "parameter",
            _code("parameter", N_("Reference amount")),
            _SINCE,
            _AMOUNT,
            _AT_LEAST,
            *_CITED,
            _MARK,
        ),
    ),
    Part(
        "years",
        N_("Holidays"),
        N_("Enter a year"),
        N_("Time limits in working days are sure only for years that are complete here."),
        _type(
            "years",
            _code("year", N_("Year")),
            _code("complete", N_("Nothing is missing"), N_("Yes, once the whole year is entered.")),
            Field(
                "holidays",
                Kind.LONG_TEXT,
                N_("Days off"),
                _PUBLIC,
                help=N_("One day a line: 02/09 National Day."),
            ),
            Field(
                "working_days",
                Kind.LONG_TEXT,
                N_("Working days instead"),
                _PUBLIC,
                help=N_("Saturdays or Sundays that are worked, one a line."),
            ),
            *_CITED,
        ),
    ),
    Part(
        "instruments",
        N_("Texts"),
        N_("Add a text"),
        N_("Resolutions, circulars and decisions that the entries cite."),
        _type(
            "instruments",
            _text("name", N_("Number"), N_("As it is cited: Resolution 09/2026/NQ-HĐND.")),
            _text("title", N_("Title")),
            Field("issued", Kind.DATE, N_("Date of issue"), _PUBLIC),
            Field("since", Kind.DATE, N_("In force from"), _PUBLIC, required=True, ahead=True),
            _text("source", N_("Where you read it")),
            _MARK,
        ),
    ),
)


class _Long(FixedSource):
    """Too many to show at once: found by typing."""

    def all(self) -> None:
        """Nothing is listed."""


def context_for(context: Context, national: Pack, draft: RulesDraft) -> Context:
    """The choices of all parts; the texts of *draft* can be cited too."""
    yes = Choice("yes", _("Yes"))
    marks = (Mark.TEXT, Mark.TEXT_CHECK, Mark.SECONDARY)
    sources: Mapping[str, Source] = {
        "level": _Long(
            [Choice(level.id, level_name(level, national)) for level in national.levels]
        ),
        "regime": FixedSource(_regimes(national)),
        "unit": FixedSource([Choice(name, str(text)) for name, text in national.units.items()]),
        "parameter": FixedSource(
            [Choice(p.id, str(p.label)) for p in national.parameters.values()]
        ),
        "instrument": _Long(_texts(national, draft)),
        "year": FixedSource(_years(context.now().year)),
        "mark": FixedSource([Choice(str(mark), mark.label) for mark in marks]),
        "at_least": FixedSource([yes]),
        "complete": FixedSource([yes, Choice("no", _("No"))]),
    }
    return Context(lambda field: sources[field.name], context.now)


def _years(present: int) -> Sequence[Choice]:
    """The last year, whose time limits may still be asked about, and those that can be planned."""
    return [Choice(str(year), str(year)) for year in range(present - 1, present + 4)]


def _regimes(national: Pack) -> Sequence[Choice]:
    return [
        Choice(
            f"{matrix.law}/{regime.letter}",
            f"{national.instruments[matrix.law].name} ({regime.letter}) {regime.label}",
        )
        for matrix in national.matrices.values()
        for regime in matrix.regimes.values()
    ]


def _texts(national: Pack, draft: RulesDraft) -> Sequence[Choice]:
    own = [
        Choice(entry["id"], entry["name"]["vi"], entry["title"]["vi"])
        for entry in draft.of("instruments")
    ]
    known = [Choice(i.id, str(i.name), str(i.title)) for i in national.instruments.values()]
    return [*own, *known]
