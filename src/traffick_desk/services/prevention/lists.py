"""The list of activities and materials: what the page shows, filtered and ordered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.text import name_sort_key, sort_key
from traffick_desk.services import unit_records
from traffick_desk.services.base import Context, Query
from traffick_desk.services.prevention import totals
from traffick_desk.services.prevention.totals import ACTIVITY, MATERIAL, Entry
from traffick_desk.services.roles import PREVENTION_READ
from traffick_desk.services.views import RecordView
from traffick_desk.store import unit_text

ORDERS = ("since", "kind", "title", "unit", "state", "cost")


@dataclass(frozen=True, slots=True)
class OutreachFilter:
    """Which entries.

    Attributes:
        text: words of title, place, organiser or partners; as a prefix, without accents.
        year: entries that touch this year; 0 for all.
        kind: code of ``activity_kind`` or ``material_kind``; or ``activity``, ``material``.
        unit, state, campaign, task: as recorded; "" for all.
        ids: only these, when not empty (what is behind a figure).
    """

    text: str = ""
    year: int = 0
    kind: str = ""
    unit: str = ""
    state: str = ""
    campaign: str = ""
    task: str = ""
    ids: tuple[str, ...] = ()

    def where(self, hits: list[str] | None) -> tuple[str, list[Any]]:
        """SQL over activities and materials together, and its values.

        Args:
            hits: ids that the text finds; ``None`` without a text.
        """
        parts, values = ["1"], []
        for column, wanted in (
            ("unit", self.unit), ("state", self.state), ("campaign", self.campaign),
            ("task", self.task),
        ):  # fmt: skip
            if wanted:
                parts.append(f"{column} = ?")
                values.append(wanted)
        if self.year:
            parts.append('substr(since, 1, 4) <= ? AND substr(coalesce("until", since), 1, 4) >= ?')
            values += [f"{self.year:04d}"] * 2
        if self.kind:
            parts.append("? IN (kind, type)")
            values.append(self.kind)
        for ids in (hits, list(self.ids) or None):
            if ids is not None:
                parts.append("id IN (SELECT value FROM json_each(?))")
                values.append(json.dumps(ids))
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class OutreachRow:
    """One line of the list.

    Attributes:
        late: planned, and its time is over.
        listed: names on the attendance list.
    """

    entry: Entry
    unit_name: str
    late: bool
    listed: int


@dataclass(frozen=True, slots=True)
class OutreachPage:
    """Some rows, and how many there are in all."""

    rows: tuple[OutreachRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OutreachList(Query[OutreachPage]):
    """Entries that a filter takes, in an order of :data:`ORDERS` (``-`` before it: downwards)."""

    permission: ClassVar[str] = PREVENTION_READ

    wanted: OutreachFilter = OutreachFilter()
    order: str = "-since"
    offset: int = 0
    limit: int = 100

    def run(self, context: Context, cursor: Any) -> OutreachPage:
        """See :class:`Query`."""
        hits = None
        if self.wanted.text.strip():
            found = unit_text.find(cursor, self.wanted.text, (ACTIVITY, MATERIAL), 100_000)
            hits = [record for _type, record in found]
        where, values = self.wanted.where(hits)
        key = self.order.removeprefix("-")
        down = self.order.startswith("-")
        if key == "since":
            cursor.execute(f"SELECT count(*) FROM ({_BOTH}) WHERE {where}", values)
            total = int(cursor.fetchone()[0])
            way = "DESC" if down else "ASC"
            cursor.execute(
                f"SELECT id FROM ({_BOTH}) WHERE {where} "
                f"ORDER BY since {way}, substr(id, -36) {way} LIMIT ? OFFSET ?",
                [*values, self.limit, self.offset],
            )
            part = [record for (record,) in cursor.fetchall()]
        else:
            # The lines alone are ordered, by words; what is shown is read of one page.
            cursor.execute(
                "SELECT id, type, kind, title, unit, state, cost, since "
                f"FROM ({_BOTH}) WHERE {where}",
                values,
            )
            lines = cursor.fetchall()
            total = len(lines)
            lines.sort(key=_sorter(context, key), reverse=down)
            part = [line[0] for line in lines[self.offset : self.offset + self.limit]]
        wanted = "id IN (SELECT value FROM json_each(?))"
        shown = {e.id: e for e in totals.entries(cursor, "", wanted, json.dumps(part))}
        today = date.fromisoformat(context.today)
        listed = _listed(cursor, part)
        rows = tuple(
            OutreachRow(
                e,
                unit_name(context, e.unit),
                e.state == "planned" and e.last < today,
                listed.get(e.id, 0),
            )
            for record in part
            if (e := shown.get(record)) is not None
        )
        return OutreachPage(rows, total)


_COLUMNS = 'id, kind, title, unit, state, cost, since, "until", campaign, task'
_BOTH = " UNION ALL ".join(
    f"SELECT '{name}' AS type, {_COLUMNS} FROM r_{name} "
    "WHERE voided IS NULL AND since IS NOT NULL AND kind IS NOT NULL"
    for name in (ACTIVITY, MATERIAL)
)


def _sorter(context: Context, key: str) -> Callable[[tuple[Any, ...]], Any]:
    """What lines (id, type, kind, title, unit, state, cost, since) are ordered by."""
    names: dict[str, str] = {}

    def by_unit(line: tuple[Any, ...]) -> Any:
        unit = line[4] or ""
        if unit not in names:
            names[unit] = unit_name(context, unit)
        return (names[unit], line[7], line[0])

    labels = {name: SMALL_LISTS[f"{name}_kind"] for name in (ACTIVITY, MATERIAL)}
    sorters: Mapping[str, Callable[[tuple[Any, ...]], Any]] = {
        "kind": lambda line: (line[1], labels[line[1]].label(line[2]), line[7], line[0]),
        "title": lambda line: (sort_key(line[3] or ""), line[0]),
        "unit": by_unit,
        "state": lambda line: (line[5] or "", line[7], line[0]),
        "cost": lambda line: (line[6] or 0, line[7], line[0]),
    }
    return sorters[key]


def unit_name(context: Context, unit: str) -> str:
    """The name of a unit; its id when this version does not know it."""
    return context.units.full_name(unit) if unit in context.units else unit


def _listed(cursor: Any, ids: list[str]) -> dict[str, int]:
    cursor.execute(
        "SELECT activity, count(*) FROM r_attendance "
        "WHERE activity IN (SELECT value FROM json_each(?)) AND voided IS NULL GROUP BY activity",
        (json.dumps(ids),),
    )
    return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class UnitRecords(Query[tuple[RecordView, ...]]):
    """All valid records of one type of prevention or plans, oldest first.

    Attributes:
        field, value: only those whose field has this value.
    """

    permission: ClassVar[str] = PREVENTION_READ

    type: str
    field: str = ""
    value: str = ""

    def run(self, context: Context, cursor: Any) -> tuple[RecordView, ...]:
        """See :class:`Query`."""
        _check(self.type)
        if not self.field:
            return unit_records.records(context, cursor, self.type)
        name = context.store.registry[self.type][self.field].name
        where = f'voided IS NULL AND "{name}" = ?'
        return unit_records.records(context, cursor, self.type, where, self.value)


@dataclass(frozen=True, slots=True)
class UnitRecord(Query[RecordView]):
    """One record of prevention or plans.

    Raises:
        NotHere: there is none.
    """

    permission: ClassVar[str] = PREVENTION_READ

    type: str
    id: str

    def run(self, context: Context, cursor: Any) -> RecordView:
        """See :class:`Query`."""
        _check(self.type)
        return unit_records.record(context, cursor, self.type, self.id)


@dataclass(frozen=True, slots=True)
class Found:
    """A record that a search finds."""

    type: str
    id: str
    title: str
    when: str


@dataclass(frozen=True, slots=True)
class FindPrevention(Query[tuple[Found, ...]]):
    """Activities, materials, teams, plans and inspections that hold every word of *text*."""

    permission: ClassVar[str] = PREVENTION_READ

    text: str
    limit: int = 8

    def run(self, context: Context, cursor: Any) -> tuple[Found, ...]:
        """See :class:`Query`."""
        types = tuple(_TITLED)
        answer = []
        for type_name, record in unit_text.find(cursor, self.text, types, self.limit):
            view = unit_records.record(context, cursor, type_name, record)
            title, when = _TITLED[type_name]
            answer.append(
                Found(type_name, record, str(view.get(title) or ""), str(view.get(when) or ""))
            )
        return tuple(answer)


_TITLED = {
    "activity": ("title", "since"),
    "material": ("title", "since"),
    "volunteer_team": ("name", "founded_on"),
    "plan": ("title", "since"),
    "plan_task": ("what", "due"),
    "inspection": ("subject", "held_on"),
}


def _check(type_name: str) -> None:
    from traffick_desk.services.prevention.commands import PLANS, PREVENTION

    if type_name not in PREVENTION | PLANS:
        raise KeyError(type_name)


@dataclass(frozen=True, slots=True)
class Listed:
    """One name on an attendance list; *attendance* is the id of the record."""

    attendance: str
    staff: str
    name: str
    post: str
    body: str
    role: str
    sex: str


@dataclass(frozen=True, slots=True)
class AttendanceOf(Query[tuple[Listed, ...]]):
    """Who was at an activity, in the order of their names."""

    permission: ClassVar[str] = PREVENTION_READ

    activity: str

    def run(self, context: Context, cursor: Any) -> tuple[Listed, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            "SELECT t.id, s.id, s.name, s.post, s.body, s.role, s.sex FROM r_attendance t "
            "JOIN r_staff s ON s.id = t.staff WHERE t.activity = ? AND t.voided IS NULL "
            "AND s.voided IS NULL",
            (self.activity,),
        )
        found = [Listed(*(v or "" for v in row)) for row in cursor.fetchall()]
        return tuple(sorted(found, key=lambda one: (name_sort_key(one.name), one.staff)))
