"""The list of cases in groups, the lists an officer saved, and how she likes its columns.

A saved list has a name, and a name may tell something; so both are kept in the vault, for
each officer, and on this desk only.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.text import clean, sort_key
from traffick_desk.i18n import _
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.case_filter import (
    GROUPS,
    ORDERS,
    CaseFilter,
    group_sql,
    order_sql,
    places_sql,
)
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.views import CaseRow
from traffick_desk.store import veil
from traffick_desk.store.store import Work

LONGEST_NAME = 60
MOST_LISTS = 40
_DUE_ORDER = ("late", "week", "later", "none")


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that have one thing in common; *lines* are places in the list's table."""

    key: str
    lines: array[int]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class GroupedCases(Query[tuple[Group, ...]]):
    """All cases of a filter in groups, each in order; their lines are read with :class:`Lines`.

    Eight bytes a case are held, so any of 50,000 can be shown at once and groups fold without
    asking again.

    Attributes:
        by: of ``case_filter.GROUPS``.
    """

    permission: ClassVar[str] = CASE_READ

    by: str
    filter: CaseFilter = field(default_factory=CaseFilter)
    order: str = "name"

    def run(self, context: Context, cursor: Any) -> tuple[Group, ...]:
        """See :class:`Query`."""
        key, keyed = group_sql(self.by, context)
        where, values = self.filter.where(cursor, context)
        # Read apart and put together here: the table in its own order, and the index of the
        # order alone. Looking up each line from the index takes five times as long.
        cursor.execute(f"SELECT rowid, {key} FROM case_row {where}", [*keyed, *values])
        keys = dict(cursor.fetchall())
        found: dict[str, array[int]] = {key: array("q") for key in set(keys.values())}
        if veil.hidden(cursor):
            cursor.execute(places_sql(self.order))
        else:
            cursor.execute(f"SELECT rowid FROM case_row ORDER BY {order_sql(self.order)}")
        for line, *_by in cursor.fetchall():
            if line in keys:
                found[keys[line]].append(line)
        return tuple(Group(k, found[k]) for k in sorted(found, key=self._order(context)))

    def _order(self, context: Context) -> Any:
        match self.by:
            case "stage":
                codes = SMALL_LISTS["stage"].codes()
                return lambda k: (codes.index(k) if k in codes else len(codes), k)
            case "due":
                return _DUE_ORDER.index
            case "month":
                # The newest month is looked at most; a case without a day comes last.
                return lambda k: [-ord(c) for c in k] or [1]
        return lambda k: (not k, sort_key(group_name(self.by, k, context)))


def group_name(by: str, key: str, context: Context) -> str:
    """What a group is called, in the language of the desk."""
    if by == "stage":
        return SMALL_LISTS["stage"].label(key) if key else _("Without a stage")
    if by == "officer":
        return key or _("Nobody in charge")
    if by == "unit":
        return context.units.get(key).name if key in context.units else key or _("Not known")
    if by == "month":
        return f"{key[5:7]}/{key[:4]}" if key else _("Not known")
    return {
        "late": _("Deadline passed"),
        "week": _("Deadline within seven days"),
        "later": _("Deadline later"),
        "none": _("No deadline"),
    }[key]


@dataclass(frozen=True, slots=True)
class Lines(Query[tuple[CaseRow | None, ...]]):
    """Lines by their places; ``None`` for one that is no longer there."""

    permission: ClassVar[str] = CASE_READ

    lines: tuple[int, ...]

    def run(self, context: Context, cursor: Any) -> tuple[CaseRow | None, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        wanted = json.dumps(self.lines)
        cursor.execute(
            "SELECT rowid, case_id FROM case_row WHERE rowid IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        cases = dict(cursor.fetchall())
        rows = {
            row.case_id: row
            for row in reading.case_rows(
                cursor, "WHERE rowid IN (SELECT value FROM json_each(?))", (wanted,)
            )
        }
        return tuple(rows.get(cases.get(line, "")) for line in self.lines)


@dataclass(frozen=True, slots=True)
class OfficersOfCases(Query[tuple[str, ...]]):
    """Names of officers in charge of any case, in the order of the alphabet."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[str, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        # Each name is looked up behind the one before: a few steps, not 50,000.
        cursor.execute(
            "WITH RECURSIVE known (k) AS (SELECT min(sort_officer) FROM case_row UNION ALL "
            "SELECT (SELECT min(sort_officer) FROM case_row WHERE sort_officer > k) FROM known "
            "WHERE k IS NOT NULL) SELECT DISTINCT (SELECT officer FROM case_row "
            "WHERE sort_officer = k) FROM known WHERE k IS NOT NULL"
        )
        names = [row[0] for row in cursor.fetchall() if row[0]]
        return tuple(sorted(names, key=sort_key))


# -- what an officer saved -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SavedList:
    """A filter with its order and grouping, under a name."""

    name: str
    filter: CaseFilter = field(default_factory=CaseFilter)
    order: str = "name"
    group: str = ""


@dataclass(frozen=True, slots=True)
class ListLook:
    """The lists that an officer saved, and how she left the columns."""

    lists: tuple[SavedList, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)


def _key(kind: str, context: Context) -> str:
    return f"list:{kind}:{context.info.officer_id}"


def _read(cursor: Any, key: str) -> Any:
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    return json.loads(row[0]) if row else None


def _write(cursor: Any, key: str, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))


def _lists(cursor: Any, context: Context) -> list[SavedList]:
    found = []
    for kept in _read(cursor, _key("saved", context)) or ():
        order, group = str(kept.get("order", "")), str(kept.get("group", ""))
        found.append(
            SavedList(
                str(kept["name"]),
                CaseFilter.from_json(kept.get("filter", {})),
                order if order.removeprefix("-") in ORDERS else "name",
                group if group in GROUPS else "",
            )
        )
    return found


def _keep_lists(cursor: Any, context: Context, lists: list[SavedList]) -> None:
    value = [
        {"name": s.name, "filter": s.filter.as_json(), "order": s.order, "group": s.group}
        for s in lists
    ]
    _write(cursor, _key("saved", context), value)


@dataclass(frozen=True, slots=True)
class ListSettings(Query[ListLook]):
    """What this officer saved of the list of cases."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> ListLook:
        """See :class:`Query`."""
        columns = _read(cursor, _key("columns", context))
        return ListLook(
            tuple(_lists(cursor, context)), columns if isinstance(columns, dict) else {}
        )


@dataclass(frozen=True, slots=True)
class SaveList(Command[None]):
    """Keep a list under its name; one of the same name is replaced and keeps its place.

    Raises:
        InvalidValues: the name is empty or too long, or there are too many lists.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "list.save"
    changes: ClassVar[frozenset[str]] = frozenset({"lists"})

    saved: SavedList

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        name = clean(self.saved.name)
        lists = _lists(work.cursor, context)
        places = {s.name.casefold(): n for n, s in enumerate(lists)}
        made = SavedList(name, self.saved.filter, self.saved.order, self.saved.group)
        if not name or len(name) > LONGEST_NAME:
            raise _refused(
                _("Please give the list a name of at most {n} letters.").format(n=LONGEST_NAME)
            )
        if name.casefold() in places:
            lists[places[name.casefold()]] = made
        elif len(lists) >= MOST_LISTS:
            text = _("There are {n} saved lists already. Please delete one first.")
            raise _refused(text.format(n=MOST_LISTS))
        else:
            lists.append(made)
        _keep_lists(work.cursor, context, lists)

    def target(self, result: None) -> str:  # noqa: ARG002
        """The name stays out of the log: it may tell something."""
        return ""


@dataclass(frozen=True, slots=True)
class DropList(Command[SavedList]):
    """Delete a saved list; answers with it, so that it can be brought back.

    Raises:
        NotHere: there is none of that name.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "list.drop"
    changes: ClassVar[frozenset[str]] = frozenset({"lists"})

    name: str

    def run(self, context: Context, work: Work) -> SavedList:
        """See :class:`Command`."""
        lists = _lists(work.cursor, context)
        gone = [s for s in lists if s.name == self.name]
        if not gone:
            raise NotHere
        _keep_lists(work.cursor, context, [s for s in lists if s.name != self.name])
        return gone[0]

    def target(self, result: SavedList) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ""


@dataclass(frozen=True, slots=True)
class KeepColumns(Command[None]):
    """Remember which columns are shown, where and how wide; empty: as they were at first."""

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = ""

    columns: Mapping[str, Any]

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        _write(work.cursor, _key("columns", context), dict(self.columns))


def _refused(text: str) -> InvalidValues:
    return InvalidValues((("list", "name", text),))
