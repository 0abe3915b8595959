"""What officers write about prevention; each is a thin command over ``unit_records``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.belonging import unit_of
from traffick_desk.domain.text import clean, fold
from traffick_desk.services import unit_records
from traffick_desk.services.base import Command, Context
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import PLANS_WRITE, PREVENTION_WRITE
from traffick_desk.services.unit_records import (
    SaveUnitRecords,
    SettleUnitRecord,
    VoidUnitRecord,
)
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

PREVENTION = frozenset(
    {"activity", "material", "volunteer_team", "staff", "attendance", "training_rule"}
)
# What a photo of an activity says of itself is written by commands of its own.
FILE = "activity_file"
PLANS = frozenset({"plan", "plan_task", "inspection", "finding", "budget"})
CHANGED = frozenset({"prevention"})


@dataclass(frozen=True, slots=True)
class SavePrevention(SaveUnitRecords):
    """Save activities, materials, teams, staff, attendances or rules of training."""

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.save"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PREVENTION


@dataclass(frozen=True, slots=True)
class VoidPrevention(VoidUnitRecord):
    """Mark one of them as not valid, or valid again."""

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.void"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PREVENTION


@dataclass(frozen=True, slots=True)
class SettlePrevention(SettleUnitRecord):
    """Choose between two values of one of them."""

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.settle"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PREVENTION | {FILE}


@dataclass(frozen=True, slots=True)
class SavePlans(SaveUnitRecords):
    """Save plans, tasks, inspections, findings or budgets."""

    permission: ClassVar[str] = PLANS_WRITE
    action: ClassVar[str] = "plans.save"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PLANS


@dataclass(frozen=True, slots=True)
class VoidPlans(VoidUnitRecord):
    """Mark one of them as not valid, or valid again."""

    permission: ClassVar[str] = PLANS_WRITE
    action: ClassVar[str] = "plans.void"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PLANS


@dataclass(frozen=True, slots=True)
class SettlePlans(SettleUnitRecord):
    """Choose between two values of one of them."""

    permission: ClassVar[str] = PLANS_WRITE
    action: ClassVar[str] = "plans.settle"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = PLANS


@dataclass(frozen=True, slots=True)
class Attended:
    """What adding to an attendance list did: counts of lines."""

    added: int
    already: int
    new_staff: int
    records: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AddAttendance(Command[Attended]):
    """Put people on the attendance list of an activity; who is on it stays there once.

    Somebody of the same name and office is the same person; who is not known yet becomes a member
    of staff. Of two of one name and no office told, the one already known is meant.

    Attributes:
        activity: its id.
        people: values of ``staff`` for each; ``name`` at least.

    Raises:
        NotHere: there is no such activity.
        InvalidValues, NotAllowed: nothing was saved.
    """

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.attendance"
    changes: ClassVar[frozenset[str]] = CHANGED

    activity: str
    people: tuple[Mapping[str, Any], ...]

    def run(self, context: Context, work: Work) -> Attended:
        """See :class:`Command`."""
        if work.journal.state("activity", self.activity).empty:
            raise NotHere
        unit = unit_of(self.activity)
        known = _Known(work.cursor, unit)
        work.cursor.execute(
            "SELECT staff FROM r_attendance WHERE activity = ? AND voided IS NULL",
            (self.activity,),
        )
        there = {staff for (staff,) in work.cursor.fetchall()}
        edits: list[Edit] = []
        already = new = 0
        for values in self.people:
            given = {k: v for k, v in values.items() if v not in (None, "")}
            name = clean(str(given.get("name", "")))
            if not name:
                continue
            person = known.find(name, str(given.get("body", "")))
            if not person:
                person = unit_records.new_record_id(context, unit)
                edits.append(Edit("staff", person, given))
                known.add(person, name, str(given.get("body", "")))
                new += 1
            if person in there:
                already += 1
                continue
            there.add(person)
            attendance = unit_records.new_record_id(context, unit)
            edits.append(
                Edit("attendance", attendance, {"activity": self.activity, "staff": person})
            )
        unit_records.write(context, work, edits, PREVENTION)
        records = tuple((e.type, e.id) for e in edits)
        return Attended(len(edits) - new, already, new, records)

    def target(self, result: Attended) -> str:  # noqa: ARG002 - the list is of the activity
        """See :class:`Command`."""
        return self.activity


@dataclass(frozen=True, slots=True)
class TakeBackPrevention(Command[None]):
    """Void records that were only just written (undo)."""

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.undo"
    changes: ClassVar[frozenset[str]] = CHANGED

    records: tuple[tuple[str, str], ...]
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        edits = [Edit(kind, record, {"!void": self.reason}) for kind, record in self.records]
        unit_records.write(context, work, edits, PREVENTION)


class _Known:
    """The staff of a unit by folded name and office."""

    def __init__(self, cursor: Any, unit: str) -> None:
        cursor.execute(
            "SELECT id, name, body FROM r_staff WHERE unit = ? AND voided IS NULL ORDER BY id",
            (unit,),
        )
        self._found: dict[str, list[tuple[str, str]]] = {}
        for record, name, body in cursor.fetchall():
            self.add(record, name or "", body or "")

    def add(self, record: str, name: str, body: str) -> None:
        self._found.setdefault(_key(name), []).append((record, _key(body)))

    def find(self, name: str, body: str) -> str:
        same = self._found.get(_key(name), [])
        wanted = _key(body)
        return next((r for r, b in same if not wanted or not b or b == wanted), "")


def _key(text: str) -> str:
    return " ".join(fold(text).split())
