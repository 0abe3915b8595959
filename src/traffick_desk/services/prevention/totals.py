"""Totals over prevention work: what reports, plans and the page show.

Each figure is a :class:`Count`: *at least* as soon as one entry in it is, with how many entries
did not state the number. What reaches beyond the period is not split: it is left out and named.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.counts import NONE, Count, total
from traffick_desk.domain.validation import as_partial
from traffick_desk.services.base import Context, Query
from traffick_desk.services.roles import PREVENTION_READ

ACTIVITY, MATERIAL = "activity", "material"
BY = ("", "unit", "year", "line", "campaign", "fund")


# Not frozen, because thousands are made for one answer; nobody changes one.
@dataclass(slots=True, eq=False)
class Entry:
    """One activity or material, as far as totals need it.

    Attributes:
        first, last: the days it may have been on; an entry of a year has the whole year.
        counts: name of a count → what it states.
    """

    id: str
    type: str
    kind: str
    unit: str
    state: str
    line: str
    campaign: str
    fund: str
    part_of: str
    task: str
    title: str
    first: date
    last: date
    counts: Mapping[str, Count]
    cost: Count
    planned_cost: Count


@dataclass(slots=True)
class Line:
    """The totals of one kind (within one group).

    Attributes:
        group: value of what is grouped by; "" without grouping.
        type: ``activity`` or ``material``.
        kind: code of list ``activity_kind`` or ``material_kind``.
        counts: ``times``, ``persons``, ``attendances``, ``women``, ``men``, ``represented`` of
            activities; ``made``, ``received``, ``handed_out`` of materials.
        cost: đồng; :attr:`Count.unknown` says of how many entries the cost is not known.
        ids: the entries behind the figures.
    """

    group: str
    type: str
    kind: str
    counts: dict[str, Count] = field(default_factory=dict)
    cost: Count = NONE
    ids: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Count:
        return self.counts.get(name, NONE)

    @property
    def stock(self) -> tuple[Count, bool]:
        """What should be left of a material, and whether that is only *at most*.

        Nothing known when neither what came in nor what went out is; also when both may be more.
        """
        return stock(self["made"], self["received"], self["handed_out"])

    def add_all(self, entries: Sequence[Entry]) -> None:
        """Count entries."""
        by_name: dict[str, list[Count]] = {}
        for entry in entries:
            for name, count in entry.counts.items():
                if name in by_name:
                    by_name[name].append(count)
                else:
                    by_name[name] = [count]
        for name, counts in by_name.items():
            self.counts[name] = self[name] + total(counts)
        self.cost = self.cost + total([e.cost for e in entries])
        self.ids += [e.id for e in entries]


@dataclass(frozen=True, slots=True)
class Totals:
    """The answer of :class:`PreventionTotals`.

    Attributes:
        since, until: the period, both days included.
        lines: one a kind (and group), in the order of the code lists; only kinds that occur.
        beyond: entries that lie only partly in the period; they are not counted.
        within: entries that are already counted in another of the period.
        twice: pairs of entries of one unit and kind, one of which lies in the time of the other:
            perhaps counted twice.
        planned, not_done: entries of the period that were not carried out, by id.
    """

    since: date
    until: date
    lines: tuple[Line, ...]
    beyond: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    planned: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()

    def line(self, kind: str, group: str = "") -> Line:
        """The line of *kind*; an empty one when there is none."""
        for line in self.lines:
            if (line.kind, line.group) == (kind, group):
                return line
        return Line(group, "", kind)

    def over(self, type_name: str, count: str, kinds: Iterable[str] = ()) -> Count:
        """The sum of one count over all kinds of *type_name*, or over *kinds*."""
        wanted = set(kinds)
        found = NONE
        for line in self.lines:
            if line.type == type_name and (not wanted or line.kind in wanted):
                found = found + line[count]
        return found

    @property
    def cost(self) -> Count:
        """What all of it cost, in đồng."""
        found = NONE
        for line in self.lines:
            found = found + line.cost
        return found


@dataclass(frozen=True, slots=True)
class PreventionTotals(Query[Totals]):
    """What was done from *since* to *until*.

    Attributes:
        since, until: both days included.
        unit: whose; "" for all that this desk has.
        by: grouped by one of :data:`BY`; "" for no grouping.
        campaign: only entries of this campaign.
    """

    permission: ClassVar[str] = PREVENTION_READ

    since: date
    until: date
    unit: str = ""
    by: str = ""
    campaign: str = ""

    def run(self, context: Context, cursor: Any) -> Totals:  # noqa: ARG002
        """See :class:`Query`."""
        if self.by not in BY:
            raise ValueError(self.by)
        found = entries(cursor, self.unit, *_touching(self.since, self.until))
        if self.campaign:
            found = [e for e in found if e.campaign == self.campaign]
        return sum_up(found, self.since, self.until, self.by)


def entries(cursor: Any, unit: str = "", where: str = "1", *values: Any) -> list[Entry]:
    """Entries that are not voided, oldest first.

    Args:
        cursor: of a reader.
        unit: whose; "" for everybody's.
        where: SQL over what both tables have.
        *values: that are bound in it.
    """
    found = [
        *_read(cursor, ACTIVITY, unit, where, values),
        *_read(cursor, MATERIAL, unit, where, values),
    ]
    found.sort(key=lambda e: (e.first, e.id.rpartition("/")[2]))
    return found


def _touching(since: date, until: date) -> tuple[str, str, str]:
    """SQL that leaves out what is surely of other years."""
    return (
        'substr(since, 1, 4) <= ? AND substr(coalesce("until", since), 1, 4) >= ?',
        f"{until.year:04d}",
        f"{since.year:04d}",
    )


def _read(
    cursor: Any, type_name: str, unit: str, where: str, values: tuple[Any, ...]
) -> Iterator[Entry]:
    names = ACTIVITY_COUNTS if type_name == ACTIVITY else MATERIAL_COUNTS
    line = "line" if type_name == ACTIVITY else "NULL"
    columns = ", ".join(f'"{n}"' for n in names)
    cursor.execute(
        f"SELECT id, kind, unit, state, {line}, campaign, fund, part_of, task, title, since, "
        f'"until", cost, planned_cost, at_least, {columns} FROM r_{type_name} '
        f"WHERE voided IS NULL AND (? = '' OR unit = ?) AND {where}",
        (unit, unit, *values),
    )
    for row in cursor.fetchall():
        record, kind, owner, state, work, campaign, fund, part_of, task, title, since, until = row[
            :12
        ]
        days = _days(since, until)
        if days is None or not kind:
            continue
        least = json.loads(row[14]) if row[14] else ()
        numbers = dict(zip(names, row[15:], strict=True))
        if type_name == ACTIVITY and numbers["times"] is None:
            numbers["times"] = 1
        counts = {n: Count.of(v, n in least) for n, v in numbers.items()}
        yield Entry(
            record, type_name, kind, owner or "", state or "done", work or "", campaign or "",
            fund or "", part_of or "", task or "", title or "", *days, counts, Count.of(row[12]),
            Count.of(row[13]),
        )  # fmt: skip


@lru_cache(maxsize=8192)
def _days(since: str | None, until: str | None) -> tuple[date, date] | None:
    first = as_partial(since)
    if first is None:
        return None
    last = as_partial(until) or first
    return first.earliest, max(last.latest, first.latest)


def sum_up(found: list[Entry], since: date, until: date, by: str = "") -> Totals:
    """Totals of entries that lie in the period."""
    touching = [e for e in found if e.first <= until and e.last >= since]
    inside, beyond = [], []
    for entry in touching:
        if since <= entry.first and entry.last <= until:
            inside.append(entry)
        elif entry.state == "done":
            beyond.append(entry.id)
    done = [e for e in inside if e.state == "done"]
    there = {e.id for e in done}
    within = tuple(e.id for e in done if e.part_of in there)
    counted = [e for e in done if e.part_of not in there]
    of_line: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in counted:
        of_line.setdefault((_group(entry, by), entry.type, entry.kind), []).append(entry)
    lines = {key: Line(*key) for key in of_line}
    for key, those in of_line.items():
        lines[key].add_all(those)
    return Totals(
        since,
        until,
        tuple(sorted(lines.values(), key=_order)),
        tuple(beyond),
        within,
        tuple(_twice(counted)),
        tuple(e.id for e in inside if e.state == "planned"),
        tuple(e.id for e in inside if e.state == "not_done"),
    )


def _group(entry: Entry, by: str) -> str:
    if by == "year":
        one = entry.first.year == entry.last.year
        return str(entry.first.year) if one else f"{entry.first.year}–{entry.last.year}"
    return str(getattr(entry, by)) if by else ""


def _order(line: Line) -> tuple[str, bool, int]:
    from traffick_desk.domain.codes import SMALL_LISTS

    codes = SMALL_LISTS[f"{line.type}_kind"].codes()
    place = codes.index(line.kind) if line.kind in codes else len(codes)
    return (line.group, line.type == MATERIAL, place)


def _twice(counted: list[Entry]) -> Iterator[tuple[str, str]]:
    """Entries of months or years, and what of the same unit and kind lies within them."""
    by_kind: dict[tuple[str, str], list[Entry]] = {}
    for entry in counted:
        by_kind.setdefault((entry.unit, entry.kind), []).append(entry)
    for same in by_kind.values():
        wide = [e for e in same if (e.last - e.first).days > 40]
        for one in wide:
            for other in same:
                if other is not one and one.first <= other.first and other.last <= one.last:
                    inner = (other.last - other.first).days < (one.last - one.first).days
                    if inner or other.id < one.id:
                        yield one.id, other.id


def stock(made: Count, received: Count, handed_out: Count) -> tuple[Count, bool]:
    """What should be left, and whether that is only *at most*."""
    came = made + received
    if not came.known or not handed_out.known:
        return NONE, False
    if came.at_least and handed_out.at_least:
        return NONE, False
    left = max(came.number - handed_out.number, 0)
    return Count(left, came.at_least), handed_out.at_least
