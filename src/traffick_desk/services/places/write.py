"""Keeping facilities, rooms and standards; giving somebody a bed, or a line on the waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes_directory import ACTIVE, CHILDREN_HOUSE
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.directory.entries import DIRECTORY
from traffick_desk.services.directory.write import NotYours, fresh_id, write
from traffick_desk.services.errors import InvalidValues, NotHere, ServiceError
from traffick_desk.services.places.occupancy import most_taken
from traffick_desk.services.places.read import hold_spans, holds, lodgers, read, span_of
from traffick_desk.services.roles import CASE_WRITE, DIRECTORY_WRITE
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import RecordState, load_state
from traffick_desk.store.store import Work

KEPT = frozenset(
    {"facility", "room", "place_hold", "place_count", "standard_item", "facility_item"}
)
_OWNED = {"room": "facility", "facility_item": "facility"}


@dataclass(frozen=True, slots=True)
class SavePlace(Command[str]):
    """Save a facility, a room, beds taken by hand, a count or a line of the standard.

    Attributes:
        type: one of :data:`KEPT`.
        values: the changed fields.
        id: of the record; empty for a new one.

    Raises:
        InvalidValues: something needed is missing or cannot be.
        NotYours, NotHere: in words; nothing was saved.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "place.save"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    type: str
    values: Mapping[str, Any]
    id: str = ""
    base: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if self.type not in KEPT:
            raise NotHere
        known: Mapping[str, Any] = {}
        if self.id:
            state = work.journal.state(self.type, self.id)
            if state.empty:
                raise NotHere
            known = state.values
        after = {**known, **self.values}
        described = context.store.registry[self.type]
        if context.info.profile not in described.writers:
            raise NotYours
        wrong = [
            (self.type, f.name, _("Please fill this in."))
            for f in described
            if f.required and f.name != "unit" and after.get(f.name) in (None, "")
        ]
        first, last = after.get("age_from"), after.get("age_to")
        if isinstance(first, int) and isinstance(last, int) and last < first:
            wrong.append((self.type, "age_to", _("The last age is below the first.")))
        if after.get("since") and after.get("until") and after["until"] < after["since"]:
            wrong.append((self.type, "until", _("The end lies before the beginning.")))
        if wrong:
            raise InvalidValues(tuple(wrong))
        owner = _OWNED.get(self.type)
        unit = str(after.get(owner) or "").rpartition("/")[0] if owner else ""
        record = self.id or fresh_id(context, unit)
        write(context, work, (Edit(self.type, record, self.values, self.base),))
        return record

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class DropPlace(Command[None]):
    """Take a record of :data:`KEPT` out with a reason; an empty reason puts it back."""

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "place.void"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    type: str
    id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if self.type not in KEPT or work.journal.state(self.type, self.id).empty:
            raise NotHere
        write(context, work, (Edit(self.type, self.id, {VOID: self.reason or None}),))


@dataclass(frozen=True, slots=True)
class TellFree(Command[int]):
    """Write down for every open room how many beds are free, as this desk sees it now.

    The province does so for its communes, which do not see each other's stays: numbers go to
    them, and nobody's name. Answers with how many rooms.
    """

    permission: ClassVar[str] = DIRECTORY_WRITE
    action: ClassVar[str] = "place.tell"
    changes: ClassVar[frozenset[str]] = DIRECTORY

    def run(self, context: Context, work: Work) -> int:
        """See :class:`Command`."""
        edits = []
        for facility in read(context, work.cursor, date.fromisoformat(context.today)):
            for room in facility.rooms:
                free = max(0, room.beds - room.taken) if room.open else 0
                values = {
                    "room": room.record.id,
                    "at": context.moment,
                    "free": free,
                    "by": context.info.officer_name,
                }
                edits.append(Edit("place_count", fresh_id(context), values))
        write(context, work, edits)
        return len(edits)

    def target(self, result: int) -> str:
        """See :class:`Command`."""
        return str(result)


# --- giving a bed -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a room is not right for somebody.

    Attributes:
        code: ``children_house``, ``sex``, ``age``, ``child``, ``full``, ``bed`` or ``closed``.
        text: in words.
    """

    code: str
    text: str


class PlaceRefused(ServiceError):
    """The room is not meant for this person, and nobody gave a reason.

    Attributes:
        objections: why.
    """

    def __init__(self, objections: tuple[Objection, ...]) -> None:
        super().__init__(objections)
        self.objections = objections

    def __str__(self) -> str:
        head = _(
            "This room is not right for this person, so nothing was saved. Choose another room, or "
            "write down why it has to be this one."
        )
        return "\n".join([head, *(o.text for o in self.objections)])


@dataclass(frozen=True, slots=True)
class _Wish:
    person: RecordState
    with_child: bool
    since: str
    until: str
    bed: str
    stay_id: str = ""


def objections(context: Context, cursor: Any, room: RecordState, wish: _Wish) -> list[Objection]:
    """Everything that speaks against giving somebody a bed of *room*."""
    found: list[Objection] = []
    get = room.values.get
    if get("purpose") == CHILDREN_HOUSE:
        text = _(
            "It is the children's house, kept for orphaned and disabled children: people who were "
            "trafficked are not lodged there."
        )
        found.append(Objection("children_house", text))
    facility = load_state(cursor, context.store.registry["facility"], str(get("facility") or ""))
    if get("status") != ACTIVE or facility.values.get("status") != ACTIVE or room.voided:
        found.append(Objection("closed", _("The room or the facility is closed.")))
    sex = wish.person.values.get("sex")
    only = get("for_sex")
    if only in {"female", "male"} and sex != only:
        words = {"female": _("Only women and girls sleep there."),
                 "male": _("Only men and boys sleep there.")}  # fmt: skip
        found.append(Objection("sex", words[only]))
    if (age := _age(context, wish.person.values.get("birth"))) is not None:
        low, high = get("age_from"), get("age_to")
        if (low is not None and age < low) or (high is not None and age > high):
            text = _("It is not for the age of {age}.").format(age=age)
            found.append(Objection("age", text))
    if wish.with_child and get("with_child") == "no":
        found.append(Objection("child", _("It does not take a parent with a child.")))
    return found + _crowded(context, cursor, room, wish)


def _crowded(context: Context, cursor: Any, room: RecordState, wish: _Wish) -> list[Objection]:
    others = [o for o in lodgers(cursor, room.id).get(room.id, []) if o.stay_id != wish.stay_id]
    held = hold_spans(holds(context, cursor).get(room.id, []))
    own = span_of(wish.since, wish.until)
    if own is None:
        return []
    beds = int(room.values.get("beds") or 0)
    found = []
    if most_taken([*(o.span for o in others), *held], own.since, own.until) >= beds:
        found.append(Objection("full", _("No bed of it is free for all these days.")))
    if wish.bed:
        same = [o.span for o in others if o.bed == wish.bed]
        if same and most_taken(same, own.since, own.until) > 0:
            text = _("Somebody else has bed {bed} in these days.").format(bed=wish.bed)
            found.append(Objection("bed", text))
    return found


def _age(context: Context, birth: Any) -> int | None:
    if not birth:
        return None
    youngest, _oldest = PartialDate.parse(str(birth)).ages_on(context.now().date())
    return youngest


def _has_child(cursor: Any, person_id: str) -> bool:
    cursor.execute(
        "SELECT 1 FROM r_person WHERE accompanies = ? AND voided IS NULL LIMIT 1", (person_id,)
    )
    return cursor.fetchone() is not None


@dataclass(frozen=True, slots=True)
class PlaceObjections(Query[tuple[Objection, ...]]):
    """What speaks against giving a person a bed, to be seen beforehand."""

    permission: ClassVar[str] = CASE_WRITE

    person_id: str
    room_id: str
    since: str
    until: str = ""
    bed: str = ""

    def run(self, context: Context, cursor: Any) -> tuple[Objection, ...]:
        """See :class:`Query`."""
        registry = context.store.registry
        room = load_state(cursor, registry["room"], self.room_id)
        person = load_state(cursor, registry["person"], self.person_id)
        if room.empty or person.empty:
            raise NotHere
        child = _has_child(cursor, self.person_id)
        wish = _Wish(person, child, self.since, self.until, self.bed)
        return tuple(objections(context, cursor, room, wish))


@dataclass(frozen=True, slots=True)
class GivePlace(Command[str]):
    """Give a person a bed: a stay with room and bed; the waiting list is brought up to date.

    Answers with the id of the stay.

    Raises:
        PlaceRefused: the room is not right for her and *reason* is empty; nothing was saved.
        NotHere: there is no such room or person.
        InvalidValues: a day cannot be.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "place.give"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "directory"})

    case_id: str
    person_id: str
    room_id: str
    since: str = ""
    until: str = ""
    bed: str = ""
    reason: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        room = work.journal.state("room", self.room_id)
        person = work.journal.state("person", self.person_id)
        if room.empty or person.empty or person.values.get("case") != self.case_id:
            raise NotHere
        since = self.since or context.today
        child = _has_child(work.cursor, self.person_id)
        wish = _Wish(person, child, since, self.until, self.bed)
        found = objections(context, work.cursor, room, wish)
        if found and not self.reason.strip():
            raise PlaceRefused(tuple(found))
        facility = work.journal.state("facility", str(room.values.get("facility") or ""))
        stay = new_id()
        values = {
            "case": self.case_id,
            "person": self.person_id,
            "kind": facility.values.get("kind") or "social",
            "facility": facility.values.get("name"),
            "room": self.room_id,
            "bed": self.bed or None,
            "since": since,
            "until": self.until or None,
            "room_reason": self.reason.strip() or None,
        }
        given = {name: value for name, value in values.items() if value is not None}
        edits = [Edit("stay", stay, given)]
        work.cursor.execute(
            "SELECT id FROM r_place_wait WHERE person = ? AND outcome = 'waiting' "
            "AND voided IS NULL",
            (self.person_id,),
        )
        edits += [
            Edit("place_wait", wait, {"outcome": "placed", "ended_on": since})
            for (wait,) in work.cursor.fetchall()
        ]
        SaveRecords(tuple(edits)).run(context, work)
        return stay

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return f"{self.case_id},{result}"


@dataclass(frozen=True, slots=True)
class WaitForPlace(Command[str]):
    """Put a person on the waiting list; answers with the id of the record.

    Raises:
        NotHere: the person is not of this case.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "place.wait"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "directory"})

    case_id: str
    person_id: str
    urgency: str = "week"
    facility_id: str = ""
    note: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if work.journal.state("person", self.person_id).values.get("case") != self.case_id:
            raise NotHere
        record = new_id()
        values = {
            "case": self.case_id,
            "person": self.person_id,
            "urgency": self.urgency,
            "facility": self.facility_id or None,
            "since": context.today,
            "outcome": "waiting",
            "note": self.note or None,
        }
        given = {name: value for name, value in values.items() if value is not None}
        SaveRecords((Edit("place_wait", record, given),)).run(context, work)
        return record


@dataclass(frozen=True, slots=True)
class EndWait(Command[None]):
    """Take somebody off the waiting list: ``elsewhere`` or ``withdrawn``."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "place.wait_end"
    changes: ClassVar[frozenset[str]] = frozenset({"cases", "directory"})

    id: str
    outcome: str = "withdrawn"

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if work.journal.state("place_wait", self.id).empty:
            raise NotHere
        values = {"outcome": self.outcome, "ended_on": context.today}
        SaveRecords((Edit("place_wait", self.id, values),)).run(context, work)
