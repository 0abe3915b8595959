"""What was released before, so that no difference between releases gives a small group away.

Each figure that was shown is a sum over people. All figures together are a system of equations
whose unknowns are the *atoms*: groups of people that no figure tells apart. A group is given away
when it is a linear combination of figures. That is asked exactly, over all releases at once, by
elimination in a prime field; pairs of figures of which one contains the other are asked apart.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from traffick_desk.reports.disclosure.tables import Place, shown, suppress
from traffick_desk.reports.figures import TOTAL, Table

_PRIME = (1 << 61) - 1
_MOST_FIGURES, _MOST_ATOMS = 200, 600
"""Bounds of the system that is solved: figures, and groups that are told apart."""
Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class Released:
    """One table that left.

    Attributes:
        members: cell of one row and one column → the people in it (numbers that stand for them).
        shown: the places that were shown, totals among them.
        kind: by what it was cut, so that releases of one kind are looked at together.
    """

    members: Mapping[Place, Group]
    shown: frozenset[Place]
    kind: str = ""
    _groups: dict[Place, Group] = field(default_factory=dict, init=False, repr=False, compare=False)

    def groups(self) -> Mapping[Place, Group]:
        """Everybody in each cell and behind each total; made once."""
        if not self._groups:
            found: dict[Place, set[int]] = {(TOTAL, TOTAL): set()}
            for (row, column), people in self.members.items():
                for place in {(row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)}:
                    found.setdefault(place, set()).update(people)
            self._groups.update((p, frozenset(group)) for p, group in found.items())
        return self._groups

    def group(self, place: Place) -> Group:
        """Everybody in a cell, or in the cells that a total adds up."""
        return self.groups().get(place, frozenset())

    def places(self) -> set[Place]:
        """Every place that has anybody."""
        return set(self.groups())


class _Span:
    """Linear combinations of vectors over a prime field, in echelon form."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows: list[tuple[int, list[int]]] = []

    def rest(self, vector: list[int]) -> list[int]:
        """What of *vector* is no combination."""
        left = list(vector)
        for lead, row in self._rows:
            if factor := left[lead]:
                left = [(a - factor * b) % _PRIME for a, b in zip(left, row, strict=True)]
        return left

    def add(self, vector: list[int]) -> None:
        left = self.rest(vector)
        lead = next((n for n, value in enumerate(left) if value), None)
        if lead is not None:
            inverse = pow(left[lead], _PRIME - 2, _PRIME)
            self._rows.append((lead, [v * inverse % _PRIME for v in left]))

    def holds(self, vector: list[int]) -> bool:
        return not any(self.rest(vector))

    def copy(self) -> _Span:
        made = _Span(self._width)
        made._rows = list(self._rows)
        return made


class Memory:
    """All releases so far.

    Args:
        releases: what left, the oldest first.
        threshold: groups smaller than this must not be given away.
    """

    def __init__(self, releases: Sequence[Released], threshold: int) -> None:
        self._threshold = threshold
        self._releases = releases
        self._shown = {r.group(p) for r in releases for p in r.shown}
        withheld = {r.group(p) for r in releases for p in r.places() - r.shown}
        self._withheld = withheld - self._shown - {frozenset()}

    def _small(self, group: Group) -> bool:
        return 0 < len(group) < self._threshold

    def control(self, table: Table, members: Mapping[Place, Group], kind: str = "") -> Table:
        """*table* as it may be released after all before.

        Args:
            table: of counts, with its true figures.
            members: the people in each cell of one row and one column.
            kind: of :attr:`Released.kind`.
        """
        whole = Released(members, frozenset(), kind)
        groups = whole.groups()
        # The same people as in a figure before: shown again, or withheld again.
        known = {p for p, g in groups.items() if g in self._shown}
        also = {p for p, g in groups.items() if g in self._withheld}
        while True:
            made = suppress(table, self._threshold, also, known)
            bad = self._given_away(frozenset(shown(made)) & groups.keys(), groups, kind) - also
            if not bad:
                return made
            also |= bad

    def _given_away(
        self, places: frozenset[Place], groups: Mapping[Place, Group], kind: str
    ) -> set[Place]:
        """Shown places that must be withheld because of what was released before."""
        if not self._shown:
            return set()
        bad = {
            p
            for p in places
            if groups[p] not in self._shown
            and any(self._differ(groups[p], other) for other in self._shown)
        }
        return bad or self._combined(places, groups, kind)

    def _differ(self, one: Group, other: Group) -> bool:
        """Whether the difference of two figures is a small group."""
        if not 0 < abs(len(one) - len(other)) < self._threshold:
            return False
        return one <= other or other <= one

    def _combined(
        self, places: frozenset[Place], groups: Mapping[Place, Group], kind: str
    ) -> set[Place]:
        now = [groups[p] for p in places]
        hidden = [g for p, g in groups.items() if p not in places and g]
        before, withheld, atoms = self._system(now, hidden, kind)
        secret = [*withheld, *(g for g in hidden if self._small(g))]
        if len(atoms.people) <= _MOST_ATOMS:
            secret += [a for a in atoms.people if self._small(a)]
        span = _Span(atoms.width)
        for group in before:
            span.add(atoms.vector(group))
        vectors = [atoms.vector(g) for g in dict.fromkeys(secret)]
        # What the releases before gave away already cannot be taken back.
        vectors = [v for v in vectors if not span.holds(v)]
        whole = span.copy()
        for group in now:
            whole.add(atoms.vector(group))
        vectors = [v for v in vectors if whole.holds(v)]
        bad: set[Place] = set()
        if not vectors:
            return bad
        # Totals first: they say most.
        for place in sorted(places, key=lambda p: ((p[0] != TOTAL) + (p[1] != TOTAL), p)):
            wider = span.copy()
            wider.add(atoms.vector(groups[place]))
            if any(wider.holds(v) for v in vectors):
                bad.add(place)
            else:
                span = wider
        return bad

    def _system(
        self, now: list[Group], hidden: list[Group], kind: str
    ) -> tuple[list[Group], list[Group], _Atoms]:
        """Figures before that are looked at together with those of *now*, and the atoms of all.

        All releases where that is a small system; else those that were cut in the same way,
        from which sums over times and places are made, the newest first.
        """
        everything = [r for r in reversed(self._releases) if r.shown]
        same = [r for r in everything if r.kind == kind]
        for chosen in (everything, same):
            shown_before: list[Group] = []
            withheld: list[Group] = []
            count = 0
            for release in chosen:
                count += len(release.shown)
                if count > _MOST_FIGURES and shown_before:
                    break
                shown_before += [release.group(p) for p in release.shown]
                withheld += [release.group(p) for p in release.places() - release.shown]
            before = [g for g in dict.fromkeys(shown_before) if g]
            secret = [g for g in dict.fromkeys(withheld) if self._small(g)]
            atoms = _atoms([*before, *now, *secret, *hidden], len(before) + len(now) + 8)
            if chosen is same or (count <= _MOST_FIGURES and len(atoms.people) <= _MOST_ATOMS):
                break
        return before, secret, atoms


@dataclass(frozen=True, slots=True)
class _Atoms:
    """Groups of people that no figure tells apart, with random coordinates for each.

    A vector over atoms is projected to a few coordinates more than there are figures: a group is
    then a combination of figures exactly if its projection is, but for a chance of 1 : 2⁶¹.
    """

    people: tuple[Group, ...]
    of: Mapping[int, int]
    places: tuple[tuple[int, ...], ...]
    width: int

    def vector(self, group: Iterable[int]) -> list[int]:
        marks = {self.of[p] for p in group}
        if not marks:
            return [0] * self.width
        return [sum(c) % _PRIME for c in zip(*(self.places[m] for m in marks), strict=True)]


def _atoms(groups: Sequence[Group], width: int) -> _Atoms:
    """The groups of people that none of *groups* tells apart."""
    told: dict[int, list[int]] = {}
    for number, group in enumerate(dict.fromkeys(groups)):
        for person in group:
            told.setdefault(person, []).append(number)
    found: dict[tuple[int, ...], set[int]] = {}
    for person, marks in told.items():
        found.setdefault(tuple(marks), set()).add(person)
    people = tuple(frozenset(p) for p in found.values())
    chance = random.Random(width)  # noqa: S311 - no secret: any numbers without pattern do
    places = tuple(
        # Numbers of 61 bits, many at once: one by one they cost most of the control.
        tuple(n >> 3 for n in struct.unpack(f">{width}Q", chance.randbytes(8 * width)))
        for _ in people
    )
    return _Atoms(people, {p: n for n, atom in enumerate(people) for p in atom}, places, width)
