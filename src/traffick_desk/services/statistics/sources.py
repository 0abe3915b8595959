"""Reading what statistics count: each table once, only the columns that are asked for.

A *source* is what a unit has to do with: its own record, its case, its person, the newest
legal status of the person. Everything is read within one consistent state of the file.

Values are kept by column and never by line: a column over all units is one pass in C, and units
that agree in all columns of a table are counted together (``compute``). SQLite is asked to read
and not to sort: in guarded memory its sorter costs several times what Python's does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from operator import itemgetter
from typing import Any, Self

from traffick_desk.reports import groups
from traffick_desk.services import reading
from traffick_desk.services.base import Context
from traffick_desk.services.statistics.spec import Scope
from traffick_desk.store.tables import table_name

Values = Mapping[str, Any]
Column = list[Any]
_Columns = dict[str, dict[str, Any]]
"""Column → key (a case or person) → value."""

# Of several records of a person: which are the newest. Their fields are those of the spine.
_NEWEST = {
    "status": "since",
    "whereabouts": "since",
    "consent": "asked_on",
    "risk": "assessed_on",
}
IN_TIME = ("coalesce(at, '')", "id")
"""By when it was, of records that say so."""
PERSONAL = ("person", "status", "whereabouts", "consent", "risk", "account", "address")
"""Sources that say something of a person."""
OF_CASE = ("case", "reception")
"""Sources that say something of a case."""
RECEIVED, AGE = "@received", "@age"
"""What is derived for each unit: the moment of reception, and the age then and its classes."""
_AGES: Mapping[str, Callable[[groups.Ages], str]] = {
    "age_group": groups.age_group,
    "minor": groups.minor,
}
# What is read of these in any case, because much else follows from it.
_ALWAYS = {"person": ("case", "role", "birth"), "case": ("unit", "opened_on")}


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is counted.

    Attributes:
        id: of the record, or made of what it stands for.
        case: id of its case, or empty.
        person: id of its person, or empty.
        own: its own values.
    """

    id: str
    case: str
    person: str
    own: Values


@dataclass
class Units:
    """Many of them, by column.

    Attributes:
        ids, cases, persons: of each, in one order.
        own: column → value of each.
        kept: columns of other sources that were made for these units.
    """

    ids: list[str]
    cases: list[str]
    persons: list[str]
    own: dict[str, Column] = field(default_factory=dict)
    kept: dict[tuple[str, str], Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Self:
        """The same units by column."""
        found = list(units)
        own = [u.own for u in found]
        names = {name for values in own for name in values}
        return cls(
            [u.id for u in found],
            [u.case for u in found],
            [u.person for u in found],
            {name: [values.get(name) for values in own] for name in names},
        )

    def column(self, name: str) -> Column:
        """One of their own columns; nothing for each where there is none."""
        return self.own.get(name) or [None] * len(self)

    def only(self, marks: Sequence[bool]) -> Units:
        """Those that are marked."""
        if all(marks):
            return self
        return Units(
            list(compress(self.ids, marks)),
            list(compress(self.cases, marks)),
            list(compress(self.persons, marks)),
            {name: list(compress(column, marks)) for name, column in self.own.items()},
        )


@dataclass
class Sources:
    """The tables that one answer reads, each at most once.

    Attributes:
        scope: time and place that are asked for.
        needed: source → columns that may be asked for.
    """

    context: Context
    cursor: Any
    scope: Scope = field(default_factory=Scope)
    needed: dict[str, set[str]] = field(default_factory=dict)
    _kept: dict[str, _Columns] = field(default_factory=dict)

    def need(self, source: str, *columns: str) -> None:
        """Say what will be asked for; before anything is."""
        self.needed.setdefault(source, set()).update(columns)

    # -- by source -------------------------------------------------------------------------

    def column(self, units: Units, source: str, column: str) -> Column:
        """The values of one column of *source* for all *units*; ``None`` where nothing is."""
        if source == "own":
            return units.column(column)
        key = (source, column)
        if key not in units.kept:
            units.kept[key] = self._column(units, source, column)
        return units.kept[key]

    def _column(self, units: Units, source: str, column: str) -> Column:
        if source == RECEIVED:
            return [self.received.get(case, "") for case in units.cases]
        if source == AGE and column:
            found = self.column(units, AGE, "")
            return list(map({a: _AGES[column](a) for a in set(found)}.__getitem__, found))
        if source == AGE:
            births = self.column(units, "person", "birth")
            days = self.column(units, RECEIVED, "")
            return list(map(groups.ages, [b or "" for b in births], [d[:10] for d in days]))
        keys = units.cases if source in OF_CASE else self.people(units)
        return list(map(self.columns(source)[column].get, keys))

    def people(self, units: Units) -> list[str]:
        """Whom each unit is about: its person, else who was received in its case."""
        main = self.main_persons
        return [p or main.get(c, "") for p, c in zip(units.persons, units.cases, strict=True)]

    def columns(self, source: str) -> _Columns:
        """What was read of *source*."""
        if source not in self._kept:
            made: dict[str, Callable[[], _Columns]] = {
                "reception": self._reception,
                "account": self._account,
                "address": self._address,
            }
            self._kept[source] = made.get(source, lambda: self._newest(source))()
        return self._kept[source]

    def rows(
        self,
        name: str,
        columns: Sequence[str],
        by: Sequence[str] = (),
        where: str = "",
        *given: str,
    ) -> list[tuple[Any, ...]]:
        """Records of one type that are not voided: the given columns.

        Args:
            name: of the record type.
            columns: of its table.
            by: SQL that is never null, by which they are sorted; in no order without.
            where: SQL that must hold as well.
            given: what stands in *where*.
        """
        shown = ", ".join([*(f'"{c}"' for c in columns), *by])
        also = f" AND {where}" if where else ""
        self.cursor.execute(
            f"SELECT {shown} FROM {table_name(name)} WHERE voided IS NULL{also}", given
        )
        found: list[tuple[Any, ...]] = self.cursor.fetchall()
        if not by:
            return found
        width = len(columns)
        found.sort(key=itemgetter(*range(width, width + len(by))))
        return [row[:width] for row in found]

    def one_of_each(
        self, name: str, columns: Sequence[str], by: Sequence[str], *, newest: bool = True
    ) -> list[tuple[Any, ...]]:
        """Of the records that agree in the first of *columns* one: the last by *by*, or the first.

        Args:
            name: of the record type.
            columns: of its table.
            by: SQL that is never null; two that agree in it are the same for who asks.
            newest: the last; else the first.
        """
        shown = ", ".join([*(f'"{c}"' for c in columns), *by])
        self.cursor.execute(f"SELECT {shown} FROM {table_name(name)} WHERE voided IS NULL")
        width = len(columns)
        found: dict[str, tuple[Any, ...]] = {}
        for row in self.cursor.fetchall():
            held = found.get(row[0])
            if held is None or (row[width:] > held[width:]) is newest:
                found[row[0]] = row
        return [row[:width] for row in found.values()]

    def within(self, column: str) -> tuple[str, ...]:
        """SQL that leaves out what lies outside the period by *column*, and what stands in it."""
        period = self.scope.period
        if not (period.first or period.last):
            return ()
        day = f'substr("{column}", 1, 10)'
        return f"{day} >= ? AND {day} <= ?", period.first, period.last or "9999"

    def _wanted(self, source: str) -> list[str]:
        known = self.context.store.registry[source].by_name
        asked = self.needed.get(source, set()) | set(_ALWAYS.get(source, ()))
        return sorted(c for c in asked if c in known)

    @staticmethod
    def _by_key(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> _Columns:
        """Rows that begin with their key, one for each, by column."""
        keys, *values = zip(*rows, strict=True) if rows else ((), *((),) * len(names))
        return {
            n: dict(zip(keys, column, strict=True)) for n, column in zip(names, values, strict=True)
        }

    def _newest(self, source: str) -> _Columns:
        names = self._wanted(source)
        if source in {"case", "person"}:
            return self._by_key(names, self.rows(source, ["id", *names]))
        by = [f"coalesce(\"{_NEWEST[source]}\", '')", "id"] if source in _NEWEST else ["id"]
        return self._by_key(names, self.one_of_each(source, ["person", *names], by))

    def _reception(self) -> _Columns:
        names = self._wanted("reception")
        # The first one: coming back to the commune is no second reception of the case.
        rows = self.one_of_each("reception", ["case", *names], IN_TIME, newest=False)
        return self._by_key(names, rows)

    def _account(self) -> _Columns:
        """What all accounts of a person say together; of single values the newest."""
        names = self._wanted("account")
        record = self.context.store.registry["account"]
        lists = {n for n, c in enumerate(names, 1) if record[c].kind == "codes"}
        rows = self.rows("account", ["person", *names], ["id"])
        found: dict[str, tuple[Any, ...]] = {}
        for row in rows:
            held = found.get(row[0])
            found[row[0]] = row if held is None else _together(held, row, lists)
        return self._by_key(names, list(found.values()))

    def _address(self) -> _Columns:
        """Where a person is at home: the permanent residence, else any that is entered."""
        names = self._wanted("address")
        by = ["coalesce(kind, '') <> 'permanent'", "id"]
        rows = self.one_of_each("address", ["person", *names], by, newest=False)
        return self._by_key(names, rows)

    # -- what several ask ------------------------------------------------------------------

    @cached_property
    def real_cases(self) -> frozenset[str]:
        """Ids of cases of persons: no tips."""
        self.cursor.execute(f"SELECT case_id FROM case_row WHERE {reading.cases_only()}")
        return frozenset(row[0] for row in self.cursor.fetchall())

    @cached_property
    def main_persons(self) -> dict[str, str]:
        """Case → the person who was received."""
        found = self.columns("person")
        roles = found["role"]
        cases = found["case"]
        mains = sorted((p for p, role in roles.items() if role == "main"), reverse=True)
        return {cases[person]: person for person in mains}

    @cached_property
    def received_at(self) -> dict[str, str]:
        """Case → moment of its first reception, empty if it is not known; without one: not here."""
        found: dict[str, str] = {}
        for case, at in self.rows("reception", ["case", "at"]):
            held = found.get(case)
            if held is None or (at and (not held or at < held)):
                found[case] = at or ""
        return found

    @cached_property
    def received(self) -> dict[str, str]:
        """Case → moment or day of the first reception, else the day it was opened."""
        first = self.received_at
        opened = self.columns("case")["opened_on"]
        return {case: first.get(case) or day or "" for case, day in opened.items()}

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Unit → its province, for units that were met."""
        return {}

    def province(self, unit: str) -> str:
        """The province of *unit*; empty if the unit is not known."""
        if unit not in self.provinces:
            known = self.context.units
            self.provinces[unit] = known.province_of(unit).id if unit in known else ""
        return self.provinces[unit]


def _together(held: tuple[Any, ...], newer: tuple[Any, ...], lists: set[int]) -> tuple[Any, ...]:
    """Two accounts of one person as one."""
    made: list[Any] = []
    for n, (old, new) in enumerate(zip(held, newer, strict=True)):
        if old is not None and new is not None and n in lists:
            made.append(json.dumps(sorted({*json.loads(new), *json.loads(old)})))
        else:
            made.append(old if new is None else new)
    return tuple(made)
