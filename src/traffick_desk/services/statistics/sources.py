"""Reading what statistics count: each table once, only the columns that are asked for.

A *source* is what a unit has to do with: its own record, its case, its person, the newest
legal status of the person. Everything is read within one consistent state of the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from traffick_desk.services import reading
from traffick_desk.services.base import Context
from traffick_desk.store.tables import table_name

Values = Mapping[str, Any]
NOTHING: Values = {}

# Of several records of a person: which are the newest. Their fields are those of the spine.
_NEWEST = {
    "status": "since",
    "whereabouts": "since",
    "consent": "asked_on",
    "risk": "assessed_on",
}
PERSONAL = ("person", "status", "whereabouts", "consent", "risk", "account", "address")
"""Sources that say something of a person."""
OF_CASE = ("case", "reception")
"""Sources that say something of a case."""


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
class Sources:
    """The tables that one answer reads, each at most once.

    Attributes:
        needed: source → columns that may be asked for.
    """

    context: Context
    cursor: Any
    needed: dict[str, set[str]] = field(default_factory=dict)
    _kept: dict[str, dict[str, Values]] = field(default_factory=dict)

    def need(self, source: str, *columns: str) -> None:
        """Say what will be asked for; before anything is."""
        self.needed.setdefault(source, set()).update(columns)

    # -- by source -------------------------------------------------------------------------

    def of(self, source: str, unit: Unit) -> Values:
        """The values that *source* has for *unit*."""
        if source == "own":
            return unit.own
        if source in OF_CASE:
            return self._kept_of(source).get(unit.case, NOTHING)
        person = unit.person or self.main_persons.get(unit.case, "")
        return self._kept_of(source).get(person, NOTHING)

    def _kept_of(self, source: str) -> dict[str, Values]:
        if source not in self._kept:
            made: dict[str, Callable[[], dict[str, Values]]] = {
                "reception": self._reception,
                "account": self._account,
                "address": self._address,
            }
            self._kept[source] = made.get(source, lambda: self._newest(source))()
        return self._kept[source]

    def rows(self, name: str, columns: list[str], order: str = "id") -> list[tuple[Any, ...]]:
        """Records of one type that are not voided: the given columns."""
        shown = ", ".join(f'"{c}"' for c in columns)
        self.cursor.execute(
            f"SELECT {shown} FROM {table_name(name)} WHERE voided IS NULL ORDER BY {order}"
        )
        return list(self.cursor.fetchall())

    def _columns(self, source: str) -> list[str]:
        known = self.context.store.registry[source].by_name
        return sorted(c for c in self.needed.get(source, ()) if c in known)

    def _newest(self, source: str) -> dict[str, Values]:
        columns = self._columns(source)
        key = {"case": "id", "person": "id"}.get(source, "person")
        by = _NEWEST.get(source)
        order = f"coalesce(\"{by}\", ''), id" if by else "id"
        return {
            row[0]: dict(zip(columns, row[1:], strict=True))
            for row in self.rows(source, [key, *columns], order)
        }

    def _reception(self) -> dict[str, Values]:
        columns = self._columns("reception")
        found: dict[str, Values] = {}
        for row in self.rows("reception", ["case", *columns], "coalesce(at, ''), id"):
            # The first one: coming back to the commune is no second reception of the case.
            found.setdefault(row[0], dict(zip(columns, row[1:], strict=True)))
        return found

    def _account(self) -> dict[str, Values]:
        """What all accounts of a person say together; of single values the newest."""
        columns = self._columns("account")
        lists = {c for c in columns if self.context.store.registry["account"][c].kind == "codes"}
        found: dict[str, dict[str, Any]] = {}
        for row in self.rows("account", ["person", *columns]):
            held = found.setdefault(row[0], {})
            for column, value in zip(columns, row[1:], strict=True):
                if value is None:
                    continue
                if column in lists:
                    both = {*json.loads(value), *json.loads(held.get(column, "[]"))}
                    held[column] = json.dumps(sorted(both))
                else:
                    held[column] = value
        return dict(found)

    def _address(self) -> dict[str, Values]:
        """Where a person is at home: the permanent residence, else any that is entered."""
        columns = self._columns("address")
        found: dict[str, Values] = {}
        order = "kind = 'permanent' DESC, id"
        for row in self.rows("address", ["person", *columns], order):
            found.setdefault(row[0], dict(zip(columns, row[1:], strict=True)))
        return found

    # -- what several ask ------------------------------------------------------------------

    @cached_property
    def real_cases(self) -> frozenset[str]:
        """Ids of cases of persons: no tips."""
        self.cursor.execute(f"SELECT case_id FROM case_row WHERE {reading.cases_only()}")
        return frozenset(row[0] for row in self.cursor.fetchall())

    @cached_property
    def main_persons(self) -> dict[str, str]:
        """Case → the person who was received."""
        self.cursor.execute(
            "SELECT \"case\", id FROM r_person WHERE role = 'main' AND voided IS NULL "
            "ORDER BY id DESC"
        )
        return dict(self.cursor.fetchall())

    @cached_property
    def received(self) -> dict[str, str]:
        """Case → moment or day of the first reception, else the day it was opened."""
        self.cursor.execute(
            "SELECT c.id, coalesce(min(r.at), c.opened_on, '') FROM r_case c "
            'LEFT JOIN r_reception r ON r."case" = c.id AND r.voided IS NULL '
            "WHERE c.voided IS NULL GROUP BY c.id"
        )
        return dict(self.cursor.fetchall())

    @cached_property
    def births(self) -> dict[str, str]:
        """Person → birth as far as it is known."""
        self.cursor.execute("SELECT id, birth FROM r_person WHERE voided IS NULL")
        return {row[0]: row[1] or "" for row in self.cursor.fetchall()}

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
