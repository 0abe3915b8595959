"""What a province says on top of the national rules, and the rules that follow.

Amendments fill in amounts, add or end levels, set reference amounts and holidays. The national
rules stay as they are below: a newer national pack reaches every desk with the program, and what
the province said stays in force upon it. An entry that does not fit the national rules at hand
(newer or older than those it was written for) is left out and named, and keeps no other from
working.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from traffick_desk.i18n import _
from traffick_desk.law.entries import (
    Year,
    with_years,
)
from traffick_desk.law.pack import Amount, Citation, Instrument, Level, Mark, Pack, Span
from traffick_desk.law.tables import contradict
from traffick_desk.law.words import Text, spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from traffick_desk.law.pack import Parameter, ParameterValue


@dataclass(frozen=True, slots=True)
class SetAmount:
    """The amount of a level of the national rules from a day on (perhaps one not found so far)."""

    level: str
    since: date
    amount: Amount
    unit: str | None
    cite: tuple[Citation, ...]
    mark: Mark
    note: Text | None
    line: int


@dataclass(frozen=True, slots=True)
class EndLevel:
    """A level is not given any more from a day on, such as that of a province merged away."""

    level: str
    since: date
    cite: tuple[Citation, ...]
    line: int


@dataclass(frozen=True, slots=True)
class AddLevel:
    """A level that the national rules do not have."""

    level: Level
    line: int


@dataclass(frozen=True, slots=True)
class SetParameter:
    """The value of a reference amount from a day on."""

    parameter: str
    value: ParameterValue
    line: int


Change = SetAmount | EndLevel | AddLevel | SetParameter


@dataclass(frozen=True, slots=True)
class Unfit:
    """An entry that was left out: why, and its line in the text."""

    problem: str
    line: int

    def __str__(self) -> str:
        return _("Line {line} was left out: {problem}").format(line=self.line, problem=self.problem)


@dataclass(frozen=True, slots=True)
class Amendments:
    """What a province says, read against the national rules at hand.

    Attributes:
        number: rises with each that the province signs.
        forms: key → text of each form the province adds.
        sha256: of the canonical content.
        unfit: entries that do not fit the national rules at hand.
    """

    number: int
    made_on: date
    note: str
    instruments: tuple[Instrument, ...]
    changes: tuple[Change, ...]
    years: tuple[Year, ...]
    forms: Mapping[str, str]
    sha256: str
    unfit: tuple[Unfit, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """The national rules with what the province says; *unfit* was left out."""

    national: Pack
    pack: Pack
    amendments: Amendments
    unfit: tuple[Unfit, ...]


def apply(pack: Pack, amendments: Amendments) -> Amended:
    """*pack* with *amendments* upon it; neither is changed."""
    levels = list(pack.levels)
    parameters = dict(pack.parameters)
    unfit = list(amendments.unfit)
    for change in sorted(amendments.changes, key=since_of):
        try:
            if isinstance(change, SetParameter):
                parameters[change.parameter] = _with_value(parameters[change.parameter], change)
            else:
                _change_levels(levels, change)
        except _Misfit as error:
            unfit.append(Unfit(str(error), change.line))
    grouped: dict[tuple[str, str], list[Level]] = defaultdict(list)
    for level in levels:
        grouped[level.law, level.regime].append(level)
    changed = replace(
        pack,
        version=f"{pack.version}+{amendments.number}",
        sha256=hashlib.sha256(f"{pack.sha256}:{amendments.sha256}".encode()).hexdigest(),
        instruments={**pack.instruments, **{i.id: i for i in amendments.instruments}},
        levels=tuple(levels),
        parameters=parameters,
        calendar=with_years(pack.calendar, amendments.years),
        by_regime={key: tuple(found) for key, found in grouped.items()},
    )
    return Amended(pack, changed, amendments, tuple(unfit))


class _Misfit(Exception):
    """Why a change cannot be made to the rules at hand."""


def since_of(change: Change) -> date:
    """The day from which a change holds."""
    if isinstance(change, AddLevel):
        return change.level.valid.start or date.min
    if isinstance(change, SetParameter):
        return change.value.valid.start or date.min
    return change.since


def _change_levels(levels: list[Level], change: SetAmount | EndLevel | AddLevel) -> None:
    if isinstance(change, AddLevel):
        rival = next((level for level in levels if contradict(level, change.level)), None)
        if rival is not None:
            raise _Misfit(
                _("the dates of “{one}” and “{two}” overlap").format(
                    one=rival.id, two=change.level.id
                )
            )
        levels.append(change.level)
        return
    place, piece = next(
        (
            (place, level)
            for place, level in enumerate(levels)
            if level.id.partition("@")[0] == change.level and change.since in level.valid
        ),
        (-1, None),
    )
    if piece is None:
        raise _Misfit(
            _("“{name}” is not in force on {day}").format(
                name=change.level, day=spell(change.since)
            )
        )
    before = Span(piece.valid.start, change.since - timedelta(days=1))
    pieces = [] if before.start == change.since else [replace(piece, valid=before)]
    if isinstance(change, SetAmount):
        pieces.append(
            replace(
                piece,
                id=f"{change.level}@{change.since.isoformat()}",
                amount=change.amount,
                unit=change.unit or piece.unit,
                valid=Span(change.since, piece.valid.end),
                cite=change.cite,
                mark=change.mark,
                note=change.note,
                amended=True,
            )
        )
    levels[place : place + 1] = pieces


def _with_value(parameter: Parameter, change: SetParameter) -> Parameter:
    """*parameter* with the new value from its day on; what went before ends the day before."""
    since = since_of(change)
    kept: list[ParameterValue] = []
    for value in parameter.values:
        if value.valid.end is not None and value.valid.end < since:
            kept.append(value)
        elif value.valid.start is None or value.valid.start < since:
            kept.append(replace(value, valid=Span(value.valid.start, since - timedelta(days=1))))
    return replace(parameter, values=(*kept, change.value))
