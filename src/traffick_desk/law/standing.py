"""Which law governs a person and which row of its table; every row that is possible, if unsure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.facts import Facts, Status
from traffick_desk.law.pack import Cell
from traffick_desk.law.words import Words, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from traffick_desk.law.pack import Citation, Matrix, Pack, World

CURRENT, OLD = "L53", "L66"
UNNAMED = "unnamed"  # the text does not name this person
NOTHING = "nothing"  # found not to be a victim

_UNNAMED_CELL = Cell("?")
_NOTHING_CELL = Cell("-")
_DIMENSIONS = ("status", "citizenship", "permanent_resident", "trafficked_in", "location")


@dataclass(frozen=True, slots=True)
class LawChoice:
    """The governing law (``None``: cannot be told yet), why, and what is missing."""

    law: str | None
    reason: Words
    cite: tuple[Citation, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A person by their own status, or as the under-18 who accompanies another.

    *worlds* maps every way the unknown facts could be to the row it leads to
    (a row id, :data:`UNNAMED` or :data:`NOTHING`).
    """

    accompanying: bool
    matrix: Matrix
    worlds: Mapping[World, str]
    rows: tuple[str, ...]  # the possible rows, each once
    alternatives: tuple[tuple[str, frozenset[tuple[str, ...]]], ...]  # see _alternatives

    def cell(self, row: str, letter: str) -> Cell:
        """The cell of *row* (which may be none) in the column *letter*."""
        if row == UNNAMED:
            return _UNNAMED_CELL
        return _NOTHING_CELL if row == NOTHING else self.matrix.rows[row].cells[letter]

    def deciding(self, value: Mapping[str, object]) -> tuple[str, ...]:
        """The unknown facts on which ``value[row]`` depends, as keys of the facts."""
        prefix = "accompanies." if self.accompanying else ""
        return tuple(
            prefix + fact
            for fact, groups in self.alternatives
            if any(len({value[row] for row in rows}) > 1 for rows in groups)
        )


def _role(matrix: Matrix, worlds: Mapping[World, str], *, accompanying: bool) -> Role:
    rows = tuple(dict.fromkeys(worlds.values()))
    return Role(accompanying, matrix, worlds, rows, _alternatives(worlds) if rows[1:] else ())


def _alternatives(
    worlds: Mapping[World, str],
) -> tuple[tuple[str, frozenset[tuple[str, ...]]], ...]:
    """For each fact, the groups of rows among which it alone decides, all else being equal."""
    found = []
    for at, name in enumerate(_DIMENSIONS):
        groups: dict[tuple[object, ...], dict[str, None]] = {}
        for world, row in worlds.items():
            groups.setdefault(world[:at] + world[at + 1 :], {})[row] = None
        split = frozenset(tuple(rows) for rows in groups.values() if len(rows) > 1)
        if split:
            found.append((name, split))
    return tuple(found)


def choose_law(facts: Facts, pack: Pack) -> LawChoice:
    """The law that governs *facts* (Law 53/2024/QH15, Art. 63: by the day of identification)."""
    current, old = pack.matrices[CURRENT], pack.matrices[OLD]
    names = {"new": current.cite[0].instrument.name, "old": old.cite[0].instrument.name}
    start = current.valid.start
    if start is not None and facts.as_of < start:
        return LawChoice(
            OLD,
            say(
                N_("On {day}, {new} was not yet in force; {old} governs."), day=facts.as_of, **names
            ),
            old.cite,
        )
    transition = old.transition
    assert transition is not None  # noqa: S101 - the loader refuses a pack without it
    limit, cite = transition.identified_before, transition.cite
    status = facts.status
    if status is None:
        return LawChoice(
            None, say(N_("The status is not known, so the law is not either.")), cite, ("status",)
        )
    if status is not Status.VICTIM:
        return LawChoice(
            CURRENT,
            say(
                N_("No identification as a victim before {limit}: {new} governs."),
                limit=limit,
                **names,
            ),
            cite,
        )
    day = facts.identified_on
    if day is not None:
        old_case = day < limit
        words = (
            N_("Identified as a victim on {day}, before {limit}: {old} governs.")
            if old_case
            else N_("Identified as a victim on {day}, not before {limit}: {new} governs.")
        )
        return LawChoice(
            OLD if old_case else CURRENT, say(words, day=day, limit=limit, **names), cite
        )
    floor = facts.identified_not_before
    if floor is not None and floor >= limit:
        return LawChoice(
            CURRENT,
            say(
                N_(
                    "The person was still being identified on {day}, not before {limit}: "
                    "{new} governs."
                ),
                day=floor,
                limit=limit,
                **names,
            ),
            cite,
        )
    return LawChoice(
        None,
        say(
            N_("The date of identification is missing; it decides between {old} and {new}."),
            **names,
        ),
        cite,
        ("identified_on",),
    )


def own_role(facts: Facts, matrix: Matrix) -> Role:
    """The rows of *facts* by their own status."""
    return _role(matrix, _possible(facts, matrix), accompanying=False)


def accompanying_role(principal: Facts, matrix: Matrix) -> Role:
    """The rows of the under-18 who accompanies *principal*."""
    worlds = {
        world: row if row == NOTHING else matrix.accompanying.get(row, UNNAMED)
        for world, row in _possible(principal, matrix).items()
    }
    return _role(matrix, worlds, accompanying=True)


def _possible(facts: Facts, matrix: Matrix) -> dict[World, str]:
    status = facts.status
    citizenship = facts.citizenship
    if citizenship is not None and citizenship not in {"VN", "stateless"}:
        citizenship = "foreign"
    worlds = itertools.product(
        tuple(str(s) for s in Status) if status is None else (str(status),),
        ("VN", "stateless", "foreign") if citizenship is None else (citizenship,),
        (True, False) if facts.permanent_resident is None else (facts.permanent_resident,),
        ("VN", "elsewhere") if facts.trafficked_in is None else (facts.trafficked_in,),
        ("abroad", "in_country") if facts.location is None else (facts.location,),
    )
    return {
        world: NOTHING if world[0] == Status.NOT_VICTIM else matrix.index.get(world, UNNAMED)
        for world in worlds
    }
