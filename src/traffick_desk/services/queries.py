"""What officers ask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.services import assess, reading
from traffick_desk.services import today as today_list
from traffick_desk.services.base import Context, Query
from traffick_desk.services.case_filter import CaseFilter, order_sql, places_sql
from traffick_desk.services.papers import code_typed
from traffick_desk.services.roles import CASE_READ, OWN, may
from traffick_desk.services.tips_read import TIPS_BY_URGENCY
from traffick_desk.services.views import (
    CaseRow,
    CaseView,
    Draft,
    HistoryItem,
    SearchHit,
    TodayItem,
)
from traffick_desk.store import search, veil
from traffick_desk.store.changes import Change


@dataclass(frozen=True, slots=True)
class ListCases(Query[tuple[CaseRow, ...]]):
    """One page of the list of cases.

    Attributes:
        order: a key of :data:`ORDERS`, with ``-`` before it for descending.
    """

    permission: ClassVar[str] = CASE_READ

    filter: CaseFilter = field(default_factory=CaseFilter)
    order: str = "name"
    offset: int = 0
    limit: int = 100

    def run(self, context: Context, cursor: Any) -> tuple[CaseRow, ...]:
        """See :class:`Query`."""
        where, values = self.filter.where(cursor, context)
        order = order_sql(self.order)
        if self.filter.stage in TIP_STAGES and self.order == "name":
            # A tip has no name; the most urgent stand first.
            order = f"{TIPS_BY_URGENCY}, opened_on DESC, case_id DESC"
        elif veil.hidden(cursor):
            return self._beside_hidden(cursor, where, values)
        tail = f"{where} ORDER BY {order} LIMIT ? OFFSET ?"
        return reading.case_rows(cursor, tail, [*values, self.limit, self.offset])

    def _beside_hidden(self, cursor: Any, where: str, values: list[Any]) -> tuple[CaseRow, ...]:
        """The same in two steps: in one, each line before the page would be read whole."""
        cursor.execute(
            f"{places_sql(self.order, where)} LIMIT ? OFFSET ?", [*values, self.limit, self.offset]
        )
        cases = [row[-1] for row in cursor.fetchall()]
        among = "WHERE case_id IN (SELECT value FROM json_each(?))"
        rows = {row.case_id: row for row in reading.case_rows(cursor, among, [json.dumps(cases)])}
        return tuple(rows[case] for case in cases)


@dataclass(frozen=True, slots=True)
class CountCases(Query[int]):
    """How many cases a filter lets through."""

    permission: ClassVar[str] = CASE_READ

    filter: CaseFilter = field(default_factory=CaseFilter)

    def run(self, context: Context, cursor: Any) -> int:
        """See :class:`Query`."""
        where, values = self.filter.where(cursor, context)
        cursor.execute(f"SELECT count(*) FROM case_row {where}", values)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class OpenCase(Query[CaseView]):
    """One whole case. That the officer looked at it is logged."""

    permission: ClassVar[str] = CASE_READ
    logged: ClassVar[str] = "case.open"

    case_id: str

    def run(self, context: Context, cursor: Any) -> CaseView:
        """See :class:`Query`."""
        return reading.open_case(context, cursor, self.case_id)


@dataclass(frozen=True, slots=True)
class RefreshCase(Query[CaseView]):
    """The case that is open already, again after a change; not logged twice."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> CaseView:
        """See :class:`Query`."""
        return reading.open_case(context, cursor, self.case_id)


@dataclass(frozen=True, slots=True)
class SearchCases(Query[tuple[SearchHit, ...]]):
    """Cases that hold every word typed, accents ignored, the same accents first.

    Attributes:
        filter: of those found, only these; its own text is left aside. All of them if ``None``.
    """

    permission: ClassVar[str] = CASE_READ

    text: str
    limit: int = 20
    filter: CaseFilter | None = None

    def run(self, context: Context, cursor: Any) -> tuple[SearchHit, ...]:
        """See :class:`Query`."""
        found = search.find(cursor, code_typed(self.text), self.limit)
        marks = json.dumps([case for case, _exact in found])
        wanted = replace(self.filter or CaseFilter(tips=True), text="")
        where, values = wanted.where(cursor, context)
        among = "case_id IN (SELECT value FROM json_each(?))"
        where = f"{where} AND {among}" if where else f"WHERE {among}"
        rows = {row.case_id: row for row in reading.case_rows(cursor, where, (*values, marks))}
        return tuple(SearchHit(rows[case], exact) for case, exact in found if case in rows)


@dataclass(frozen=True, slots=True)
class Entitlements(Query[Any]):
    """What the law gives one person of a case, as of a day (today if none is given)."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    person_id: str
    on: date | None = None

    def run(self, context: Context, cursor: Any) -> Any:
        """See :class:`Query`."""
        return assess.assessment(context, cursor, self.case_id, self.person_id, self.on)


@dataclass(frozen=True, slots=True)
class Clocks(Query[Any]):
    """The legal clocks of a case: pairs of person id and ``law.Clock``."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    on: date | None = None

    def run(self, context: Context, cursor: Any) -> Any:
        """See :class:`Query`."""
        return assess.case_clocks(context, cursor, self.case_id, self.on)


@dataclass(frozen=True, slots=True)
class NextSteps(Query[tuple[assess.NextStep, ...]]):
    """What is to be done in a case, the most urgent first."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    on: date | None = None

    def run(self, context: Context, cursor: Any) -> tuple[assess.NextStep, ...]:
        """See :class:`Query`."""
        return assess.next_steps(context, cursor, self.case_id, self.on)


@dataclass(frozen=True, slots=True)
class Today(Query[tuple[TodayItem, ...]]):
    """What must be done now: overdue first, then today, soon, and what waits for an officer."""

    permission: ClassVar[str] = CASE_READ

    on: date | None = None

    def run(self, context: Context, cursor: Any) -> tuple[TodayItem, ...]:
        """See :class:`Query`."""
        day = self.on or context.now().date()
        return today_list.items(context, cursor, day, day + timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Drafts(Query[tuple[Draft, ...]]):
    """What was typed and not saved, newest first; none for who may not look into cases."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> tuple[Draft, ...]:
        """See :class:`Query`."""
        if not may(context.info.role, CASE_READ):
            return ()
        cursor.execute(
            "SELECT key, case_id, title, payload, saved_at FROM draft ORDER BY saved_at DESC"
        )
        return tuple(
            Draft(key, case, title, json.loads(payload), saved_at)
            for key, case, title, payload, saved_at in cursor.fetchall()
        )


@dataclass(frozen=True, slots=True)
class History(Query[tuple[HistoryItem, ...]]):
    """Every change of one case, newest first, with who and when."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    limit: int = 500

    def run(self, context: Context, cursor: Any) -> tuple[HistoryItem, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            "SELECT body FROM journal WHERE case_id = ? ORDER BY pos DESC LIMIT ?",
            (self.case_id, self.limit),
        )
        changes = [Change.decode(bytes(body)) for (body,) in cursor.fetchall()]
        return tuple(
            HistoryItem(
                ref=c.ref,
                at=reading.shown_moment(c.stamp.millis),
                officer=c.officer,
                device=c.device,
                type=c.type,
                record_id=c.id,
                fields=dict(c.fields),
            )
            for c in changes
        )
