"""Records that belong to a unit and to no case: how they are written and read.

Each part (prevention, directory, plans) has its own commands with its own permission, as thin
subclasses of those here; what a desk may write at all is the journal's to say (I7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.belonging import may_write_of_unit, unit_of, unit_record_id
from traffick_desk.services import checks, reading
from traffick_desk.services.base import Command, Context, new_id
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.settling import settling
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql, load_state, state_from_row
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name


def new_record_id(context: Context, unit: str = "") -> str:
    """The id of a new record of *unit*; of the unit of this desk if it is not said."""
    return unit_record_id(unit or context.info.unit, new_id())


def may_write(context: Context, record_id: str) -> bool:
    """Whether this desk may write the record: its own unit's, and for the province anybody's."""
    return may_write_of_unit(context.info.profile, context.info.unit, unit_of(record_id))


def write(
    context: Context, work: Work, edits: Iterable[Edit], types: frozenset[str]
) -> tuple[str, ...]:
    """Check and write *edits*, all of them or none; answers with the ids of the records.

    Raises:
        InvalidValues: a value cannot be.
        NotHere: a record type that is not of *types*.
        NotAllowed: a record belongs to another unit.
    """
    tidied = checks.tidied(context, tuple(edits))
    for edit in tidied:
        if edit.type not in types:
            raise NotHere
        if not may_write(context, edit.id):
            raise NotAllowed
    problems = checks.impossible(context, work, tidied)
    if problems:
        raise InvalidValues(problems)
    for edit in tidied:
        work.journal.write(edit, context.info.officer_id, None)
    return tuple(dict.fromkeys(edit.id for edit in tidied))


def records(
    context: Context, cursor: Any, type_name: str, where: str = "voided IS NULL", *values: Any
) -> tuple[RecordView, ...]:
    """Records of one type, oldest first; *where* is SQL over the columns of its table."""
    record_type = context.store.registry[type_name]
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM {table_name(type_name)} WHERE {where} "
        "ORDER BY substr(id, -36)",
        values,
    )
    return tuple(reading.view(state_from_row(record_type, row)) for row in cursor.fetchall())


def record(context: Context, cursor: Any, type_name: str, record_id: str) -> RecordView:
    """One record, voided or not.

    Raises:
        NotHere: there is no such record.
    """
    state = load_state(cursor, context.store.registry[type_name], record_id)
    if state.empty:
        raise NotHere
    return reading.view(state)


@dataclass(frozen=True, slots=True)
class SaveUnitRecords(Command[tuple[str, ...]]):
    """Save records of some types; answers with their ids. Subclasses name types and permission.

    Raises:
        InvalidValues, NotHere, NotAllowed: see :func:`write`; nothing was saved.
    """

    types: ClassVar[frozenset[str]]

    edits: tuple[Edit, ...]

    def run(self, context: Context, work: Work) -> tuple[str, ...]:
        """See :class:`Command`."""
        return write(context, work, self.edits, self.types)

    def target(self, result: tuple[str, ...]) -> str:
        """See :class:`Command`."""
        return ",".join(result[:10])


@dataclass(frozen=True, slots=True)
class VoidUnitRecord(Command[None]):
    """Mark a record as not valid, with the reason, or with none valid again (I4).

    Raises:
        NotHere, NotAllowed: nothing was changed.
    """

    types: ClassVar[frozenset[str]]

    type: str
    id: str
    reason: str | None

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if self.type not in self.types or work.journal.state(self.type, self.id).empty:
            raise NotHere
        write(context, work, (Edit(self.type, self.id, {VOID: self.reason}),), self.types)


@dataclass(frozen=True, slots=True)
class SettleUnitRecord(Command[None]):
    """Choose between values that two desks wrote without knowledge of each other (I3).

    Attributes:
        register: field name, ``"*"`` for a record that merges whole, or ``"!late"`` for one that
            was voided while another desk wrote to it.
        value: the chosen value; for ``"*"`` a mapping of all fields; for the last the reason for
            voiding, or ``None``: the record holds.
    """

    types: ClassVar[frozenset[str]]

    type: str
    id: str
    register: str
    value: Any

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if self.type not in self.types:
            raise NotHere
        state = work.journal.state(self.type, self.id)
        self.write(context, work, settling(state, self.register, self.value))

    def write(self, context: Context, work: Work, edit: Edit) -> None:
        """Write what was chosen, where the record belongs."""
        write(context, work, (edit,), self.types)
