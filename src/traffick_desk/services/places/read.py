"""Facilities as they stand on a day: rooms, who is there as far as this desk sees, what is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from traffick_desk.domain.belonging import may_write_of_unit, unit_of
from traffick_desk.domain.codes_directory import ACTIVE, CHILDREN_HOUSE
from traffick_desk.domain.text import sort_key
from traffick_desk.domain.units import UnknownUnitError
from traffick_desk.services.base import Context, Query
from traffick_desk.services.places.occupancy import Span, taken_on
from traffick_desk.services.roles import CASE_READ, DIRECTORY_READ, may
from traffick_desk.services.unit_records import records
from traffick_desk.services.views import RecordView

# A number that was told is passed over after so many days; our own choice.
TOLD_DAYS = 7


@dataclass(frozen=True, slots=True)
class Lodger:
    """Somebody of a case of this desk who has a bed of a room."""

    stay_id: str
    case_id: str
    person_id: str
    file_no: str
    name: str
    bed: str
    span: Span


@dataclass(frozen=True, slots=True)
class RoomView:
    """One room on a day.

    Attributes:
        lodgers: those of this desk's cases, by bed.
        holds: beds taken by hand that count on this desk, with the record.
        taken: beds taken, both together.
        told: free beds as somebody told within a week, or ``None``.
        told_at, told_by: when and by whom.
        open: the room and its facility work.
    """

    record: RecordView
    lodgers: tuple[Lodger, ...]
    holds: tuple[RecordView, ...]
    taken: int
    told: int | None = None
    told_at: str = ""
    told_by: str = ""
    open: bool = True

    @property
    def beds(self) -> int:
        """How many there are."""
        return int(self.record.get("beds") or 0)

    @property
    def free(self) -> int:
        """Beds that are free for all that is known here; never more than was told."""
        if not self.open:
            return 0
        own = max(0, self.beds - self.taken)
        return own if self.told is None else min(own, self.told)

    @property
    def kept(self) -> bool:
        """Whether it is kept for orphaned and disabled children: not offered to anybody else."""
        return bool(self.record.get("purpose") == CHILDREN_HOUSE)

    @property
    def over(self) -> int:
        """By how many beds the room is overfull."""
        return max(0, self.taken - self.beds)


@dataclass(frozen=True, slots=True)
class Shortage:
    """One line of the standard and what a facility has of it; *has* is ``None`` if not counted."""

    standard: RecordView
    needed: int
    has: int | None
    counted_on: str = ""

    @property
    def missing(self) -> int | None:
        """How many are missing; ``None`` if nobody has counted."""
        return None if self.has is None else max(0, self.needed - self.has)


@dataclass(frozen=True, slots=True)
class FacilityView:
    """One facility on a day."""

    record: RecordView
    rooms: tuple[RoomView, ...]
    standard: tuple[Shortage, ...]
    may_edit: bool

    @property
    def id(self) -> str:
        """Of the facility."""
        return self.record.id

    @property
    def free(self) -> int:
        """Free beds of all rooms but the children's house."""
        return sum(room.free for room in self.rooms if not room.kept)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a place."""

    id: str
    case_id: str
    person_id: str
    file_no: str
    name: str
    sex: str
    birth: str
    facility: str
    urgency: str
    since: str


@dataclass(frozen=True, slots=True)
class Places:
    """All facilities of a desk on a day, and who waits.

    Attributes:
        day: the day.
        facilities: by name.
        waiting: the most urgent first, then who waits longest; empty without access to cases.
    """

    day: date
    facilities: tuple[FacilityView, ...]
    waiting: tuple[Waiting, ...]

    def room(self, room_id: str) -> tuple[FacilityView, RoomView] | None:
        """A room with its facility."""
        for facility in self.facilities:
            for room in facility.rooms:
                if room.record.id == room_id:
                    return facility, room
        return None


def span_of(since: Any, until: Any, beds: Any = 1) -> Span | None:
    """A span from stored days; ``None`` if the first is not known."""
    try:
        start = date.fromisoformat(str(since))
        end = date.fromisoformat(str(until)) if until else None
    except ValueError:
        return None
    return Span(start, end, int(beds or 0))


def lodgers(cursor: Any, room_id: str = "") -> dict[str, list[Lodger]]:
    """Room → everybody of this desk's cases who has, had or will have a bed there."""
    where = "AND s.room = ?" if room_id else "AND s.room IS NOT NULL"
    cursor.execute(
        'SELECT s.room, s.id, s."case", s.person, c.file_no, p.name, s.bed, s.since, s.until '
        'FROM r_stay s JOIN case_row c ON c.case_id = s."case" '
        f"LEFT JOIN r_person p ON p.id = s.person WHERE s.voided IS NULL {where} ORDER BY s.id",
        (room_id,) if room_id else (),
    )
    found: dict[str, list[Lodger]] = {}
    for room, stay, case, person, file_no, name, bed, since, until in cursor.fetchall():
        if (span := span_of(since, until)) is not None:
            lodger = Lodger(stay, case, person or "", file_no, name or "", bed or "", span)
            found.setdefault(room, []).append(lodger)
    return found


def holds(context: Context, cursor: Any) -> dict[str, list[RecordView]]:
    """Room → beds taken by hand that count here.

    *Taken by people who are not in this desk's cases* was said by somebody who sees other cases
    than this desk: a commune's word counts at the commune alone, the province's everywhere.
    """
    found: dict[str, list[RecordView]] = {}
    for record in records(context, cursor, "place_hold"):
        foreign = record.get("unit") != context.info.unit and not _of_province(context, record)
        if record.get("why") == "others" and foreign:
            continue
        found.setdefault(str(record.get("room") or ""), []).append(record)
    return found


def _of_province(context: Context, record: RecordView) -> bool:
    unit = str(record.get("unit") or "")
    try:
        return bool(unit) and context.units.province_of(unit).id == unit
    except UnknownUnitError:
        return False


def hold_spans(found: list[RecordView]) -> list[Span]:
    """The spans of beds taken by hand."""
    spans = [span_of(r.get("since"), r.get("until"), r.get("beds")) for r in found]
    return [span for span in spans if span is not None]


def _told(context: Context, cursor: Any, day: date) -> dict[str, RecordView]:
    """Room → the newest number told, not older than a week on *day*."""
    found: dict[str, RecordView] = {}
    first = (day - timedelta(days=TOLD_DAYS)).isoformat()
    for record in records(context, cursor, "place_count"):
        at, room = str(record.get("at") or ""), str(record.get("room") or "")
        if not first <= at[:10] <= day.isoformat():
            continue
        if room not in found or str(found[room].get("at")) <= at:
            found[room] = record
    return found


def read(context: Context, cursor: Any, day: date) -> tuple[FacilityView, ...]:
    """All facilities on *day*, by name."""
    people, hands = lodgers(cursor), holds(context, cursor)
    told = _told(context, cursor, day)
    rooms: dict[str, list[RecordView]] = {}
    for room in records(context, cursor, "room"):
        rooms.setdefault(str(room.get("facility") or ""), []).append(room)
    items: dict[tuple[str, str], RecordView] = {}
    for item in records(context, cursor, "facility_item"):
        key = str(item.get("facility")), str(item.get("standard"))
        if key not in items or str(items[key].get("counted_on")) <= str(item.get("counted_on")):
            items[key] = item
    standard = records(context, cursor, "standard_item")
    found = []
    for facility in records(context, cursor, "facility"):
        works = facility.get("status") == ACTIVE
        views = tuple(
            _room(room, people, hands, told, day, works=works)
            for room in sorted(
                rooms.get(facility.id, []), key=lambda r: sort_key(str(r.get("name") or ""))
            )
        )
        found.append(
            FacilityView(
                facility,
                views,
                tuple(_shortage(line, items.get((facility.id, line.id)), views)
                      for line in standard),
                may_write_of_unit(context.info.profile, context.info.unit, unit_of(facility.id)),
            )
        )  # fmt: skip
    found.sort(key=lambda f: (sort_key(str(f.record.get("name") or "")), f.id))
    return tuple(found)


def _room(
    room: RecordView,
    people: Mapping[str, list[Lodger]],
    hands: Mapping[str, list[RecordView]],
    told: Mapping[str, RecordView],
    day: date,
    *,
    works: bool,
) -> RoomView:
    here = [one for one in people.get(room.id, []) if one.span.covers(day)]
    held = [
        record
        for record in hands.get(room.id, [])
        if any(span.covers(day) for span in hold_spans([record]))
    ]
    count = told.get(room.id)
    return RoomView(
        room,
        tuple(sorted(here, key=lambda one: (one.bed, one.stay_id))),
        tuple(held),
        taken_on([*(one.span for one in here), *hold_spans(held)], day),
        int(count.get("free") or 0) if count else None,
        str(count.get("at") or "") if count else "",
        str(count.get("by") or "") if count else "",
        works and room.get("status") == ACTIVE,
    )


def _shortage(line: RecordView, item: RecordView | None, rooms: tuple[RoomView, ...]) -> Shortage:
    per = {"room": len(rooms), "bed": sum(room.beds for room in rooms)}
    needed = int(line.get("quantity") or 0) * per.get(str(line.get("per")), 1)
    if item is None:
        return Shortage(line, needed, None)
    return Shortage(line, needed, int(item.get("quantity") or 0), str(item.get("counted_on") or ""))


@dataclass(frozen=True, slots=True)
class PlacesOn(Query[Places]):
    """Facilities and free places on a day; today if it is empty.

    Names of lodgers and who waits are left out for officers who may not see cases; that beds are
    taken is not.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    day: str = ""

    def run(self, context: Context, cursor: Any) -> Places:
        """See :class:`Query`."""
        day = date.fromisoformat(self.day or context.today)
        facilities = read(context, cursor, day)
        if may(context.info.role, CASE_READ):
            return Places(day, facilities, waiting(cursor))
        bare = tuple(
            FacilityView(
                f.record,
                tuple(
                    RoomView(r.record, (), r.holds, r.taken, r.told, r.told_at, r.told_by, r.open)
                    for r in f.rooms
                ),
                f.standard,
                f.may_edit,
            )
            for f in facilities
        )
        return Places(day, bare, ())


def waiting(cursor: Any) -> tuple[Waiting, ...]:
    """Who waits for a place: tonight first, then within a week, then those who wait longest."""
    cursor.execute(
        'SELECT w.id, w."case", w.person, c.file_no, p.name, p.sex, p.birth, w.facility, '
        "w.urgency, w.since FROM r_place_wait w "
        'JOIN case_row c ON c.case_id = w."case" LEFT JOIN r_person p ON p.id = w.person '
        "WHERE w.outcome = 'waiting' AND w.voided IS NULL "
        "ORDER BY CASE w.urgency WHEN 'tonight' THEN 0 WHEN 'week' THEN 1 ELSE 2 END, w.since, w.id"
    )
    return tuple(Waiting(*(value or "" for value in row)) for row in cursor.fetchall())
