"""Merging: from a set of changes to the record tables, the same in any order (I1–I3).

Each register (a field, or a whole record for decisions, status and consent)
holds the values of all changes that no other known change replaced. Normally
that is one. Two or more mean that desks wrote without knowledge of each other:
both stay, one is shown by the order of :attr:`Change.order`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from traffick_desk.domain.belonging import (
    is_consistent,
    is_of_desk,
    is_unit,
    may_write_of_unit,
    unit_of,
)
from traffick_desk.domain.spine import RecordType, Registry
from traffick_desk.store import choices
from traffick_desk.store.changes import VOID, WHOLE, Change, ChangeInvalid
from traffick_desk.store.record_state import (
    RecordState,
    columns_sql,
    load_state,
    registers,
    rival_order,
    row_of,
    shape_fits,
    state_from_row,
    upsert_sql,
)
from traffick_desk.store.rights import Rights
from traffick_desk.store.stale import Stale
from traffick_desk.store.tables import table_name

ORDER = "erasure"
"""The record type that orders the data of its case to be erased; see ``erasure``."""


class Merger:
    """Applies changes within one transaction; :meth:`flush` writes the touched records.

    Args:
        cursor: of the writer connection, inside a transaction.
        registry: the record types of this version.
        profile_of: device → profile that the province certified, ``None`` if unknown (I7).
        unit_of: device → unit that the province certified.
        seen: whether the change called *ref* was applied before this merger began.
        fetch: the change called *ref*.
        lenient: what does not fit is left without effect instead of refused. It came in
            while this version did not know its fields, and must not lock the vault now.
        rights: who may make which change; what is not covered is kept back.
    """

    def __init__(
        self,
        cursor: Any,
        registry: Registry,
        profile_of: Callable[[str], str | None],
        unit_of: Callable[[str], str | None],
        seen: Callable[[str], bool],
        fetch: Callable[[str], Change],
        *,
        lenient: bool = False,
        rights: Rights | None = None,
    ) -> None:
        self._cursor = cursor
        self._registry = registry
        self._profile_of = profile_of
        self._unit_of = unit_of
        self._seen_before = seen
        self._fetch_before = fetch
        self._lenient = lenient
        self._states: dict[tuple[str, str], RecordState] = {}
        self._dirty: set[tuple[str, str]] = set()
        self._applied: dict[str, Change] = {}
        cursor.execute("SELECT ref, record_id, register FROM replaced_ahead")
        self._ahead: set[tuple[str, str, str]] = {tuple(row) for row in cursor.fetchall()}
        self._ahead_at_start = set(self._ahead)
        self.cases: set[str] = set()
        self.stale = Stale()
        self.unknown = False
        self.refused: list[Change] = []
        self.rights = rights
        # Case → officer who ordered that its data be erased, of the orders that took effect.
        self.orders: dict[str, str] = {}

    def state(self, record_type: RecordType, record_id: str) -> RecordState:
        """The present state of a record; an empty one if there is none."""
        key = (record_type.name, record_id)
        found = self._states.get(key)
        if found is None:
            found = load_state(self._cursor, record_type, record_id)
            self._states[key] = found
        return found

    def apply(self, change: Change) -> None:
        """Let one change take effect. It must not have been applied before.

        Raises:
            ChangeInvalid: a value has not the JSON type of its field.
        """
        record_type = self._registry.get(change.type)
        fits = record_type is None or shape_fits(record_type, change.fields)
        if not fits and not self._lenient:
            raise ChangeInvalid
        self._applied[change.ref] = change
        if record_type is None:
            self.unknown = True
            return
        if not fits or not self._may_write(record_type, change):
            self.refused.append(change)
            return
        if self.rights is not None and not self.rights.allow(record_type, change):
            del self._applied[change.ref]
            self.rights.hold(change)
            return
        if any(n not in record_type.by_name and n != VOID for n in change.fields):
            self.unknown = True
        if change.type == ORDER and change.case:
            self.orders.setdefault(change.case, change.officer)
        state = self.state(record_type, change.id)
        self._dirty.add((change.type, change.id))
        written = registers(record_type, change)
        searched = _touches_search(state, written)
        # With its first change a record comes in as a whole.
        changed = {*written, WHOLE} if state.empty else written.keys()
        rivals = bool(state.rivals)
        # The case a record is moved out of changes as well as the one it is moved into.
        cases = self._cases_of(state, change)
        for register, value in written.items():
            self._write(state, register, value, change)
        if state.voided is not None or choices.LATE in state.rivals:
            choices.mark_late(state, self._change, lambda c: registers(record_type, c))
        cases |= self._cases_of(state, change)
        self.cases |= cases
        rivals = rivals or bool(state.rivals)
        self.stale.add(cases, change.type, changed, searched=searched, rivals=rivals)
        if record_type.of_unit:
            self.stale.of_units.add((change.type, change.id))

    def _may_write(self, record_type: RecordType, change: Change) -> bool:
        """Whether the change may take effect (I7); told by the change and its device alone (I2)."""
        profile = self._profile_of(change.device)
        if profile not in record_type.writers:
            return False
        if record_type.of_desk and not is_of_desk(change.id, change.device):
            return False
        if not record_type.of_unit:
            # What belongs to a unit is checked by the unit: no other record may slip in there.
            return not is_unit(change.case)
        return is_consistent(change.id, change.case, change.fields) and may_write_of_unit(
            profile, self._unit_of(change.device), unit_of(change.id)
        )

    def forget_states(self) -> None:
        """Read every record anew: rows were taken away beside this merger."""
        self._states.clear()

    def _cases_of(self, state: RecordState, change: Change) -> set[str]:
        key = state.type.case_key
        case = state.id if key == "id" else state.values.get(key)
        return {c for c in (change.case, case) if c and not is_unit(c)}

    def prefetch(self, changes: Iterable[Change]) -> None:
        """Read the records of many changes at once, before they are applied."""
        wanted: dict[str, set[str]] = {}
        for change in changes:
            if change.type in self._registry and (change.type, change.id) not in self._states:
                wanted.setdefault(change.type, set()).add(change.id)
        for name, ids in wanted.items():
            record_type = self._registry[name]
            self._cursor.execute(
                f"SELECT {columns_sql(record_type)} FROM {table_name(name)} "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(ids)),),
            )
            for row in self._cursor.fetchall():
                self._states[name, row[0]] = state_from_row(record_type, row)
            for record_id in ids:
                if (name, record_id) not in self._states:
                    self._states[name, record_id] = RecordState(record_type, record_id)

    def _write(self, state: RecordState, register: str, value: Any, change: Change) -> None:
        ref = change.ref
        replaced = change.replaces.get(register, ())
        old = state.heads.get(register, ())
        if not old and not replaced and not self._ahead:
            # By far the most: the first value of a register.
            state.heads[register] = (ref,)
            _show(state, register, value)
            return
        book = f"{state.type.name}/{state.id}"
        heads = [h for h in old if h not in replaced]
        for other in replaced:
            if other not in old and other not in self._applied and not self._seen_before(other):
                self._ahead.add((other, book, register))
        if (ref, book, register) in self._ahead:
            self._ahead.discard((ref, book, register))
        else:
            heads.append(ref)
        state.heads[register] = tuple(sorted(heads))
        if len(heads) == 1 and heads[0] == ref:
            state.rivals.pop(register, None)
            _show(state, register, value)
        elif heads:
            self._show_rivals(state, register, heads)
        else:
            # Only changes that claim to replace each other do this; no desk writes such.
            state.rivals.pop(register, None)
            _show(state, register, {} if register == WHOLE else None)

    def _change(self, ref: str) -> Change:
        return self._applied.get(ref) or self._fetch_before(ref)

    def _show_rivals(self, state: RecordState, register: str, heads: list[str]) -> None:
        rivals = {}
        for head in heads:
            change = self._change(head)
            # A record that was moved out of a case whose data was erased has lost that value.
            written = registers(state.type, change).get(register, {} if register == WHOLE else None)
            rivals[head] = [change.stamp.millis, change.stamp.counter, change.officer, written]
        shown = max(rivals, key=lambda ref: rival_order(ref, rivals))
        if len(rivals) > 1:
            state.rivals[register] = rivals
        else:
            state.rivals.pop(register, None)
        _show(state, register, rivals[shown][3])

    def flush(self) -> None:
        """Write the touched records and the book of values replaced ahead."""
        groups: dict[str, list[tuple[Any, ...]]] = {}
        for key in sorted(self._dirty):
            state = self._states[key]
            if not state.empty:
                groups.setdefault(key[0], []).append(row_of(state))
        for type_name, rows in groups.items():
            self._cursor.executemany(upsert_sql(self._registry[type_name]), rows)
        self._cursor.executemany(
            "DELETE FROM replaced_ahead WHERE ref = ? AND record_id = ? AND register = ?",
            sorted(self._ahead_at_start - self._ahead),
        )
        self._cursor.executemany(
            "INSERT INTO replaced_ahead VALUES (?, ?, ?)",
            sorted(self._ahead - self._ahead_at_start),
        )
        self._ahead_at_start = set(self._ahead)
        self._dirty.clear()


def _touches_search(state: RecordState, written: Mapping[str, Any]) -> bool:
    """Whether writing these registers can change what the search finds of a case."""
    record_type = state.type
    # With its frame a case begins to be found at all.
    if record_type.case_key == "id" and (state.empty or VOID in written):
        return True
    searched = {f.name for f in record_type.fields if f.search is not None}
    return bool(searched) and not searched.union((VOID, WHOLE, "case")).isdisjoint(written)


def _show(state: RecordState, register: str, value: Any) -> None:
    if register == WHOLE:
        state.values = {n: v for n, v in value.items() if n in state.type.by_name and v is not None}
    elif register == VOID:
        state.voided = value
    elif value is None:
        state.values.pop(register, None)
    else:
        state.values[register] = value
