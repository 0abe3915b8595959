"""All that waits for a choice on this desk, of every record type, and who may settle what.

Whatever desks can write differently has its place here: a case, an entry of a unit, or a rule of
the office. Only what a desk writes of itself alone cannot come in two values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from traffick_desk.domain.belonging import may_write_of_unit, named_unit, unit_of
from traffick_desk.domain.spine import Kind, RecordType
from traffick_desk.i18n import _
from traffick_desk.services import roles, rules
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.commands import ResolveConflict
from traffick_desk.services.conflicts import Choice, of_case, of_type
from traffick_desk.services.directory.entries import SettleDirectory
from traffick_desk.services.directory.write import TYPES as DIRECTORY
from traffick_desk.services.errors import NotAllowed, NotHere
from traffick_desk.services.prevention.commands import (
    FILE,
    PLANS,
    PREVENTION,
    SettlePlans,
    SettlePrevention,
)
from traffick_desk.services.reading import view
from traffick_desk.services.roster import CHANGED
from traffick_desk.services.unit_records import SettleUnitRecord
from traffick_desk.services.views import RecordView, TodayItem
from traffick_desk.store import choices
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql, load_state, state_from_row
from traffick_desk.store.rights import RIGHT, ROSTER
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name

REPORTS = frozenset({"report", "release"})
RULES = frozenset({"rule_pack", "disclosure_rule", "retention_rule"})
# Signed, counted or given by a page of its own: one of the values is taken as it was written.
AS_WRITTEN = REPORTS | {"rule_pack", RIGHT}
# What an entry is called, the first of these that it has.
_NAMES = ("name", "title", "what", "subject", "words", "decision", "note")
_DEEP = 3
ACTION = "choose"


@dataclass(frozen=True, slots=True)
class SettleReport(SettleUnitRecord):
    """Choose between two values of a report that was sent, or of figures that left."""

    permission: ClassVar[str] = roles.CASE_READ
    action: ClassVar[str] = "report.settle"
    changes: ClassVar[frozenset[str]] = frozenset({"reports"})
    types: ClassVar[frozenset[str]] = REPORTS


@dataclass(frozen=True, slots=True)
class _SettleOffice(SettleUnitRecord):
    """Choose between two values of a record that goes to every desk."""

    def write(self, context: Context, work: Work, edit: Edit) -> None:
        """It belongs to no unit and to no case."""
        work.journal.write(edit, context.info.officer_id, None)


@dataclass(frozen=True, slots=True)
class SettleRules(_SettleOffice):
    """Province: choose between two values of its rules; they are in force here at once."""

    permission: ClassVar[str] = roles.RULES
    action: ClassVar[str] = "rules.settle"
    changes: ClassVar[frozenset[str]] = frozenset({"rules", "cases", "erasures"})
    types: ClassVar[frozenset[str]] = RULES

    def done(self, context: Context) -> None:
        """See :class:`Command`."""
        rules.take_into_use(context)


@dataclass(frozen=True, slots=True)
class SettleRight(_SettleOffice):
    """Province: choose between two words of its desks about the role of an officer."""

    permission: ClassVar[str] = roles.OFFICERS
    action: ClassVar[str] = "officer.settle"
    changes: ClassVar[frozenset[str]] = CHANGED
    types: ClassVar[frozenset[str]] = frozenset({RIGHT})


Settles = ResolveConflict | SettleUnitRecord


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the program whose records can come in two values.

    Attributes:
        read: what a role must include to see them.
        settle: the command that chooses: type, id, register, value.
    """

    read: str
    settle: type[Settles]


_CASES = Area(roles.CASE_READ, ResolveConflict)
_AREAS: tuple[tuple[frozenset[str], Area], ...] = (
    (DIRECTORY, Area(roles.DIRECTORY_READ, SettleDirectory)),
    (PREVENTION | {FILE}, Area(roles.PREVENTION_READ, SettlePrevention)),
    (PLANS, Area(roles.PREVENTION_READ, SettlePlans)),
    (REPORTS, Area(roles.CASE_READ, SettleReport)),
    # What the province laid down, everybody works by.
    (RULES, Area(roles.OWN, SettleRules)),
    (frozenset({RIGHT}), Area(roles.OFFICERS, SettleRight)),
)


def area_of(record_type: RecordType) -> Area | None:
    """The part of the program a type belongs to; ``None`` for what cannot come in two values."""
    if record_type.of_desk:
        return None
    if record_type.case_key:
        return _CASES
    return next(area for types, area in _AREAS if record_type.name in types)


def settle_command(
    record_type: RecordType, record_id: str, register: str, value: Any
) -> Command[None]:
    """The command that chooses *value*; see :class:`~.commands.ResolveConflict`.

    Raises:
        NotHere: no such record can come in two values.
    """
    area = area_of(record_type)
    if area is None:
        raise NotHere
    return area.settle(record_type.name, record_id, register, value)


def may_settle(context: Context, record: RecordView) -> bool:
    """Whether the officer at this desk may choose; who may not can still read all values."""
    info, record_type = context.info, context.store.registry[record.type]
    area = area_of(record_type)
    if area is None or not roles.may(info.role, area.settle.permission):
        return False
    if info.profile not in record_type.writers:
        return False
    if record_type.of_unit:
        return may_write_of_unit(info.profile, info.unit, unit_of(record.id))
    return roles.may_write(info.profile, info.role, record_type) or not record_type.case_key


@dataclass(frozen=True, slots=True)
class Choices(Query[tuple[Choice, ...]]):
    """Everything that waits for a choice and may be seen: cases, then entries of other parts."""

    permission: ClassVar[str] = roles.OWN

    limit: int = 100

    def run(self, context: Context, cursor: Any) -> tuple[Choice, ...]:
        """See :class:`Query`."""
        found: list[Choice] = []
        if roles.may(context.info.role, roles.CASE_READ):
            cursor.execute(
                "SELECT case_id FROM case_row WHERE conflicts > 0 ORDER BY file_no, case_id "
                "LIMIT ?",
                (self.limit,),
            )
            for (case_id,) in cursor.fetchall():
                found += _told(context, cursor, of_case(context, cursor, case_id))
        for record_type in _outside_cases(context):
            if len(found) >= self.limit:
                break
            found += _told(context, cursor, of_type(context, cursor, record_type))
        return tuple(found[: self.limit])


@dataclass(frozen=True, slots=True)
class EntryChoices(Query[tuple[Choice, ...]]):
    """What waits for a choice in records outside cases.

    Attributes:
        types: of the records.
        id: of the one record that is asked for; all of these types if it is empty.

    Raises:
        NotHere: there is no such type outside cases.
        NotAllowed: it is of a part that the officer may not see.
    """

    permission: ClassVar[str] = roles.OWN

    types: tuple[str, ...]
    id: str = ""

    def run(self, context: Context, cursor: Any) -> tuple[Choice, ...]:
        """See :class:`Query`."""
        found: list[Choice] = []
        for name in self.types:
            record_type = context.store.registry.get(name)
            area = area_of(record_type) if record_type is not None else None
            if record_type is None or area is None or record_type.case_key:
                raise NotHere
            if not roles.may(context.info.role, area.read):
                raise NotAllowed
            which = ("id", self.id) if self.id else ()
            found += of_type(context, cursor, record_type, *which)
        return _told(context, cursor, found)


@dataclass(frozen=True, slots=True)
class CaseChoices(Query[tuple[Choice, ...]]):
    """What waits for a choice in one case."""

    permission: ClassVar[str] = roles.CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> tuple[Choice, ...]:
        """See :class:`Query`."""
        return _told(context, cursor, of_case(context, cursor, self.case_id))


@dataclass(frozen=True, slots=True)
class CountChoices(Query[int]):
    """How many things wait: in all cases the officer sees, and elsewhere those she may settle."""

    permission: ClassVar[str] = roles.OWN

    def run(self, context: Context, cursor: Any) -> int:
        """See :class:`Query`."""
        number = 0
        if roles.may(context.info.role, roles.CASE_READ):
            cursor.execute("SELECT coalesce(sum(conflicts), 0) FROM case_row WHERE conflicts > 0")
            number = int(cursor.fetchone()[0])
        for record in _waiting(context, cursor):
            number += len(record.conflicts)
        return number


def lines(context: Context, cursor: Any, limit: int) -> list[TodayItem]:
    """A line of *Today* for each record outside cases in which the officer is to choose."""
    found = []
    for record in _waiting(context, cursor):
        what = entry_name(context, cursor, record) or _label(context, record)
        words = _("Two values to choose: {what}").format(what=what)
        unit = named_unit(unit_of(record.id))
        whose = "" if unit in ("", context.info.unit) else context.units.full_name(unit)
        where = f"{record.type}:{record.id}"
        found.append(TodayItem("conflict", "", "", words, "", whose, ACTION, where))
    return found[:limit]


def entry_name(context: Context, cursor: Any, record: RecordView) -> str:
    """What a record outside cases is called, and of what it is: *Room 2 · House by the river*."""
    if record.type == RIGHT:
        return _officer(cursor, record)
    return " · ".join(_path(context, cursor, record.type, record.values, _DEEP))


def _label(context: Context, record: RecordView) -> str:
    return context.store.registry[record.type].shown_label()


def _outside_cases(context: Context) -> Iterator[RecordType]:
    """The types outside cases whose records the officer may see."""
    for record_type in context.store.registry:
        area = area_of(record_type)
        if area and not record_type.case_key and roles.may(context.info.role, area.read):
            yield record_type


def _waiting(context: Context, cursor: Any) -> Iterator[RecordView]:
    """The records outside cases in which the officer is to choose."""
    for record_type in _outside_cases(context):
        # Nearly always none: a small index of the records with rivals alone answers.
        cursor.execute(
            f"SELECT {columns_sql(record_type)} FROM {table_name(record_type.name)} "
            "WHERE rivals IS NOT NULL ORDER BY id"
        )
        for row in cursor.fetchall():
            state = state_from_row(record_type, row)
            if choices.waiting(state.rivals, state.voided):
                record = view(state)
                if may_settle(context, record):
                    yield record


def _told(context: Context, cursor: Any, found: Iterable[Choice]) -> tuple[Choice, ...]:
    """With what an officer wants to know of each: what it is, whose, and whether she may."""
    made = []
    for choice in found:
        record = choice.record
        unit = named_unit(unit_of(record.id))
        about = "" if choice.case_id else entry_name(context, cursor, record)
        whose = context.units.full_name(unit) if unit in context.units else ""
        made.append(
            replace(
                choice,
                about=about,
                whose="" if unit == context.info.unit else whose,
                names=_names(context, cursor, choice),
                may_settle=may_settle(context, record),
            )
        )
    return tuple(made)


def _names(context: Context, cursor: Any, choice: Choice) -> Mapping[str, Mapping[str, str]]:
    """What the entries are called that the values refer to: field → id → name."""
    registry = context.store.registry
    record_type = registry[choice.record.type]
    found: dict[str, dict[str, str]] = {}
    for field in record_type:
        target = registry.get(field.target) if field.kind is Kind.REF else None
        if target is None or not target.of_unit:
            continue
        values = [choice.record.get(field.name)]
        for side in choice.sides:
            values += [
                value.get(field.name) if isinstance(value, Mapping) else value
                for value in (side.value, side.before)
            ]
        names = {
            value: " · ".join(path)
            for value in values
            if isinstance(value, str)
            and (path := _of_target(context, cursor, target, value, _DEEP - 1))
        }
        if names:
            found[field.name] = names
    return found


def _path(
    context: Context, cursor: Any, kind: str, values: Mapping[str, Any], deep: int
) -> list[str]:
    registry = context.store.registry
    own = next((str(values[n]) for n in _NAMES if values.get(n)), "")
    path = [" ".join(own.split())] if own else []
    for field in registry[kind]:
        target = registry.get(field.target) if field.kind is Kind.REF else None
        value = values.get(field.name)
        if deep > 0 and value and target is not None and target.of_unit:
            path += _of_target(context, cursor, target, str(value), deep - 1)
    return path


def _of_target(
    context: Context, cursor: Any, target: RecordType, record_id: str, deep: int
) -> list[str]:
    return _path(context, cursor, target.name, load_state(cursor, target, record_id).values, deep)


def _officer(cursor: Any, record: RecordView) -> str:
    device, officer = record.get("device"), record.get("officer")
    cursor.execute(
        f"SELECT r.name, d.label FROM r_{ROSTER} r LEFT JOIN device d ON d.device = r.device "
        "WHERE r.device = ? AND r.officer = ?",
        (device, officer),
    )
    found = cursor.fetchone() or (officer, device)
    return " · ".join(str(part) for part in found if part)
