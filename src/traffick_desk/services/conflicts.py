"""Two values for one thing: who wrote which, when, over what; choosing, and taking that back.

A choice is a change that knows all values (I3), so it travels as any other. Until a carrier has
it, it can be taken back: the values are written again side by side, each over the choice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from traffick_desk.domain.spine import RecordType
from traffick_desk.i18n import N_
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context
from traffick_desk.services.commands import CASES
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.services.views import Competing, RecordView
from traffick_desk.store import choices
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.choices import LATE
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql, registers, state_from_row
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name

__all__ = ["LATE", "Choice", "Side", "TakeBackChoice", "of_case", "of_type"]


class ChoiceLeft(ServiceError):
    """The choice to be taken back is in a bundle, or another desk has built on it."""

    text = N_(
        "This choice has been exported already or was changed since, so it cannot be taken back. "
        "Nothing was changed. Please write the right value instead; all values stay in the history."
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values.

    Attributes:
        ref: of the change that holds it now.
        value: as in :class:`Competing`; of :data:`LATE` the reason of the voiding, or a mapping
            register → value of what was written without knowledge of it.
        officer, device, at: who first wrote it, where and when.
        officer_name: if this desk knows her, or "".
        desk: place and label of the device, or "".
        own: it was written at this desk.
        known_before: whether this desk has what it was written over; *before*: that value.
    """

    ref: str
    value: Any
    officer: str
    officer_name: str
    device: str
    desk: str
    at: str
    own: bool
    shown: bool
    known_before: bool = False
    before: Any = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that waits for a choice; *register* is a field, ``*``, ``!void`` or ``!late``.

    Attributes:
        case_id, file_no, name: of the case, or empty; *name* is a person's.
        about: what a record outside cases is called, or "".
        whose: the unit it belongs to when that is not this desk's, or "".
        names: of fields that refer to entries: field → id → what it is called.
        may_settle: the officer may choose at this desk; others can read all values.
    """

    case_id: str
    file_no: str
    name: str
    record: RecordView
    register: str
    sides: tuple[Side, ...]
    about: str = ""
    whose: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    may_settle: bool = True


@dataclass(frozen=True, slots=True)
class TakeBackChoice(Command[None]):
    """Let a choice wait again that no carrier has yet.

    Raises:
        ChoiceLeft: it is in a bundle, or something else was written since.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "conflict.take_back"
    changes: ClassVar[frozenset[str]] = CASES

    type: str
    id: str
    register: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        register = VOID if self.register == LATE else self.register
        state = work.journal.state(self.type, self.id)
        heads = state.heads.get(register, ())
        if len(heads) != 1 or _left(context, work.cursor, heads[0]):
            raise ChoiceLeft
        choice = _fetch(work.cursor, heads[0])
        if choice is None:
            raise ChoiceLeft
        if self.register == LATE:
            self._late(context, work, choice)
            return
        refs = choice.replaces.get(register, ())
        rivals = [c for ref in refs if (c := _fetch(work.cursor, ref)) is not None]
        if len(refs) < 2 or len(rivals) != len(refs):
            raise ChoiceLeft
        written = [registers(state.type, c)[register] for c in rivals]
        now = state.register_value(register)
        # What is shown differs from the first one written; the others from what is shown then.
        for value in sorted(written, key=lambda v: _same(state.type, register, v, now)):
            self._write(context, work, register, value, heads, {})

    def _late(self, context: Context, work: Work, choice: Change) -> None:
        """Write the voiding again as it was: not knowing what came late."""
        before = [_fetch(work.cursor, ref) for ref in choice.replaces.get(VOID, ())]
        voids = [c for c in before if c is not None and c.fields.get(VOID) is not None]
        if len(voids) != 1 or voids[0].replaces.keys() <= {VOID}:
            raise ChoiceLeft
        seen = {name: refs for name, refs in voids[0].replaces.items() if name != VOID}
        self._write(context, work, VOID, voids[0].fields[VOID], (choice.ref,), seen)

    def _write(
        self,
        context: Context,
        work: Work,
        register: str,
        value: Any,
        over: tuple[str, ...],
        seen: Mapping[str, tuple[str, ...]],
    ) -> None:
        state = work.journal.state(self.type, self.id)
        values = {register: value}
        if register == WHOLE:
            values = {f.name: value.get(f.name) for f in state.type.fields}
        case = state.id if state.type.case_key == "id" else state.values.get(state.type.case_key)
        edit = Edit(self.type, self.id, values, {register: over, **seen})
        work.journal.write(edit, context.info.officer_id, case)


def _same(record_type: Any, register: str, value: Any, now: Any) -> bool:
    if register != WHOLE:
        return bool(value == now)
    return all(value.get(f.name) == now.get(f.name) for f in record_type.fields)


def _left(context: Context, cursor: Any, ref: str) -> bool:
    """Whether a change was made elsewhere or is in a bundle that a carrier has."""
    device, _dot, seq = ref.rpartition(".")
    if device != context.info.device:
        return True
    cursor.execute(
        "SELECT pos <= (SELECT coalesce(max(sent_pos), 0) FROM link) FROM journal "
        "WHERE device = ? AND seq = ?",
        (device, int(seq)),
    )
    row = cursor.fetchone()
    return row is None or bool(row[0])


def _fetch(cursor: Any, ref: str) -> Change | None:
    device, _dot, seq = ref.rpartition(".")
    cursor.execute("SELECT body FROM journal WHERE device = ? AND seq = ?", (device, int(seq)))
    row = cursor.fetchone()
    return None if row is None else Change.decode(bytes(row[0]))


def of_case(context: Context, cursor: Any, case_id: str) -> list[Choice]:
    """What waits in one case."""
    cursor.execute("SELECT file_no, name FROM case_row WHERE case_id = ?", (case_id,))
    file_no, name = cursor.fetchone() or ("", "")
    return [
        replace(choice, case_id=case_id, file_no=file_no, name=name)
        for record_type in context.store.registry.of_cases()
        for choice in of_type(context, cursor, record_type, record_type.case_key, case_id)
    ]


def of_type(
    context: Context, cursor: Any, record_type: RecordType, column: str = "", value: str = ""
) -> list[Choice]:
    """What waits in the records of a type, or in those whose *column* has this value."""
    where, given = (f' AND "{column}" = ?', (value,)) if column else ("", ())
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM {table_name(record_type.name)} "
        f"WHERE rivals IS NOT NULL{where} ORDER BY id",
        given,
    )
    found = []
    for values in cursor.fetchall():
        state = state_from_row(record_type, values)
        record = reading.view(state)
        for register in choices.waiting(state.rivals, state.voided):
            sides = tuple(
                _side(context, cursor, record_type, register, rival)
                for rival in record.conflicts[register]
            )
            found.append(Choice("", "", "", record, register, sides))
    return found


def _side(context: Context, cursor: Any, record_type: Any, register: str, rival: Competing) -> Side:
    made = _fetch(cursor, rival.ref)
    side = Side(
        rival.ref, rival.value, rival.officer, "", rival.device, "", rival.at, False, rival.shown
    )
    if made is not None and register != LATE:
        origin = _origin(cursor, record_type, register, made, rival.value)
        before = _before(cursor, record_type, register, origin)
        side = replace(
            side,
            officer=origin.officer,
            device=origin.device,
            at=reading.shown_moment(origin.stamp.millis),
            known_before=before is not None,
            before=before[0] if before is not None else None,
        )
    return _named(context, cursor, side)


def _origin(cursor: Any, record_type: Any, register: str, made: Change, value: Any) -> Change:
    """Who wrote *value* before a choice for another one was taken back."""
    over = made.replaces.get(register, ())
    choice = _fetch(cursor, over[0]) if len(over) == 1 else None
    if choice is None or len(choice.replaces.get(register, ())) < 2:
        return made
    for ref in choice.replaces[register]:
        earlier = _fetch(cursor, ref)
        if earlier is not None and registers(record_type, earlier).get(register) == value:
            return _origin(cursor, record_type, register, earlier, value)
    return made


def _before(cursor: Any, record_type: Any, register: str, change: Change) -> tuple[Any] | None:
    """What a change was written over: nothing, a value, or ``None`` if this desk lacks it."""
    refs = change.replaces.get(register, ())
    if not refs:
        return (None,)
    known = [c for ref in refs if (c := _fetch(cursor, ref)) is not None]
    if not known:
        return None
    latest = max(known, key=lambda c: c.order)
    return (registers(record_type, latest).get(register),)


def _named(context: Context, cursor: Any, side: Side) -> Side:
    cursor.execute("SELECT unit, label FROM device WHERE device = ?", (side.device,))
    unit, label = cursor.fetchone() or ("", "")
    place = context.units.full_name(unit) if unit in context.units else ""
    cursor.execute("SELECT name FROM officer WHERE officer_id = ?", (side.officer,))
    officer = cursor.fetchone()
    return replace(
        side,
        desk=" · ".join(text for text in (place, label) if text),
        officer_name=str(officer[0]) if officer else "",
        own=side.device == context.info.device,
    )
