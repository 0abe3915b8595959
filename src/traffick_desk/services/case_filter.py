"""Which cases a list shows, in which order, and by what they are grouped: as SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Self

from traffick_desk.domain.values import moment
from traffick_desk.services import reading, unsent
from traffick_desk.services.base import Context
from traffick_desk.services.papers import code_typed
from traffick_desk.store import search

# Every order has an index that ends as it does (``store.tables``).
ORDERS = {
    "name": "sort_name, case_id",
    "file_no": "file_no, case_id",
    "opened_on": "opened_on, case_id",
    "due": "due = '', due, case_id",
    "stage": "stage, sort_name, case_id",
    "unit": "unit, sort_name, case_id",
    "birth": "birth, case_id",
    "status": "status, sort_name, case_id",
    "officer": "sort_officer, sort_name, case_id",
}
DUE = ("late", "week", "none")
"""Deadlines to filter by: past, within seven days (past ones too), none running."""
RECEIVED = ("month", "last_month", "year", "last_year")
"""Times of reception that move with the day."""
GROUPS = ("stage", "officer", "unit", "month", "due")
"""By what the list can be grouped."""
ADULT = 18
SOON = timedelta(days=7)


def order_sql(order: str) -> str:
    """SQL after ORDER BY for a key of :data:`ORDERS`, with ``-`` before it for descending."""
    descending = order.startswith("-")
    columns = ORDERS[order.lstrip("-")].split(", ")
    if descending:
        columns = [c if c.endswith("= ''") else f"{c} DESC" for c in columns]
    return ", ".join(columns)


def places_sql(order: str, where: str = "") -> str:
    """SQL of all lines in an order: place in the table, what the order goes by, last the case.

    What it goes by stands in the answer because SQLite then merges the two halves of a list from
    which something is hidden, each read in its own order, instead of sorting all of it by hand.
    """
    terms = order_sql(order).split(", ")
    shown = ", ".join(term.removesuffix(" DESC") for term in terms)
    return f"SELECT rowid, {shown} FROM case_row {where} ORDER BY {', '.join(terms)}"


def group_sql(by: str, context: Context) -> tuple[str, list[Any]]:
    """SQL of the key of a group, and its parameters."""
    if by == "month":
        return "substr(opened_on, 1, 7)", []
    if by == "due":
        late, values = _late(context)
        soon = (context.now().date() + SOON).isoformat()
        sql = f"CASE WHEN due = '' THEN 'none' WHEN {late} THEN 'late' "
        return sql + "WHEN due <= ? THEN 'week' ELSE 'later' END", [*values, f"{soon}U"]
    if by not in GROUPS:
        raise KeyError(by)
    return by, []


def _late(context: Context) -> tuple[str, list[Any]]:
    """A day is late when it is over, a moment when it has passed."""
    today = context.now().date().isoformat()
    sql = "(due <> '' AND (due < ? OR (length(due) > 10 AND due < ?)))"
    return sql, [today, moment(context.now())]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list shows.

    Attributes:
        tips: tips too, which are no cases of a person; they are asked for by their stage else.
        officer: name of the officer in charge; *nobody*: cases of nobody.
        due: of :data:`DUE`.
        minor: who is, or by a partial date may be, under 18 today.
        received: of :data:`RECEIVED`; *since* and *until* are days, both within.
    """

    text: str = ""
    stage: str = ""
    unit: str = ""
    conflicts: bool = False
    unsent: bool = False
    tips: bool = False
    officer: str = ""
    nobody: bool = False
    status: str = ""
    return_form: str = ""
    due: str = ""
    minor: bool = False
    received: str = ""
    since: str = ""
    until: str = ""

    def where(self, cursor: Any, context: Context) -> tuple[str, list[Any]]:
        """SQL condition and its parameters."""
        parts: list[str] = []
        values: list[Any] = []

        def must(sql: str, *given: Any) -> None:
            parts.append(sql)
            values.extend(given)

        if self.stage:
            must("stage = ?", self.stage)
        elif not self.tips:
            must(reading.cases_only())
        for column in ("unit", "officer", "status", "return_form"):
            if wanted := getattr(self, column):
                must(f"{column} = ?", wanted)
        if self.nobody:
            must("officer = ''")
        if self.due:
            self._due(must, context)
        if self.minor:
            self._minor(must, context.now().date())
        first, last = self._received(context.now().date())
        if first:
            must("opened_on >= ?", first)
        if last:
            must("opened_on <= ?", last)
        if self.conflicts:
            must("conflicts > 0")
        if self.unsent:
            must(f"case_id IN ({unsent.condition(context.info.profile)})")
        if self.text:
            hits = [case for case, _exact in search.find(cursor, code_typed(self.text), 1_000)]
            must("case_id IN (SELECT value FROM json_each(?))", json.dumps(hits))
        return (f"WHERE {' AND '.join(parts)}" if parts else ""), values

    def _due(self, must: Any, context: Context) -> None:
        late, values = _late(context)
        if self.due == "none":
            must("due = ''")
        elif self.due == "late":
            must(late, *values)
        else:
            # "U" stands after the "T" of a moment: the whole last day is within.
            must("due <> '' AND due < ?", f"{(context.now().date() + SOON).isoformat()}U")

    @staticmethod
    def _minor(must: Any, today: date) -> None:
        born = _years_before(today, ADULT)
        # A year or month alone may hold a day that makes her 17; an estimate may be one off.
        near = [born[:4], born[:7], f"{born[:4]}~", f"{born[:7]}~", f"{int(born[:4]) - 1}~"]
        must("(birth > ? OR birth IN (?, ?, ?, ?, ?))", born, *near)

    def _received(self, today: date) -> tuple[str, str]:
        month, year = today.replace(day=1), today.replace(month=1, day=1)
        before = month - timedelta(days=1)
        match self.received:
            case "month":
                return month.isoformat(), today.isoformat()
            case "last_month":
                return before.replace(day=1).isoformat(), before.isoformat()
            case "year":
                return year.isoformat(), today.isoformat()
            case "last_year":
                last = year - timedelta(days=1)
                return last.replace(month=1, day=1).isoformat(), last.isoformat()
        return self.since, self.until

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a saved list; what filters nothing is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The counterpart; what this version does not know filters nothing."""
        kinds = {f.name: type(f.default) for f in fields(cls)}
        good: dict[str, Any] = {n: v for n, v in found.items() if kinds.get(n) is type(v)}
        return cls(**good)


def _years_before(day: date, years: int) -> str:
    try:
        return day.replace(year=day.year - years).isoformat()
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28).isoformat()
