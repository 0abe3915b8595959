"""The journal: appending own changes, taking in arriving ones, rebuilding the tables."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from traffick_desk.domain.belonging import (
    is_of_desk,
    is_unit,
    may_write_of_unit,
    named_unit,
    unit_of,
)
from traffick_desk.domain.spine import Registry
from traffick_desk.store import choices, erasure
from traffick_desk.store.changes import (
    CHAIN_START,
    VOID,
    Change,
    ChangeInvalid,
    digest,
    is_tombstone,
    link_chain,
    tombstone,
)
from traffick_desk.store.edits import effective, effective_whole
from traffick_desk.store.journal_errors import Equivocation, NotWriter, OwnPast, RightEnded
from traffick_desk.store.merge import Merger
from traffick_desk.store.past import Past
from traffick_desk.store.record_state import RecordState, registers, shape_fits
from traffick_desk.store.rights import RIGHT, Judge, Rights
from traffick_desk.store.stale import Stale


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some fields of one record, as an editor hands them over.

    Attributes:
        values: field → value; ``None`` clears. ``!void`` voids the record with a reason.
        base: register → refs of the values the officer saw; what else is current stays beside (I3).
            Registers that are missing here replace the value that is shown. Of an edit that voids,
            registers without a new value say what she saw of the record; all, if missing here.
    """

    type: str
    id: str
    values: Mapping[str, Any]
    base: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking in changes did; *types* counts the new ones by record type."""

    new: int
    known: int
    cases: frozenset[str]
    refused: int
    unknown: bool
    types: Mapping[str, int]


class Check(Protocol):
    """Looks at arriving changes before they take effect."""

    def ahead(self, changes: Sequence[Change]) -> None:
        """Read what the next *changes* will need; never refuses."""

    def __call__(self, change: Change, body: bytes) -> None:
        """Refuse a change, and all that came with it, by raising."""


class Journal:
    """The journal of one open transaction.

    Args:
        cursor: of the writer connection.
        registry: the record types of this version.
        device: this desk's device id.
        judge: who may write what (``store.rights``); nothing is kept back without it.
    """

    def __init__(
        self, cursor: Any, registry: Registry, device: str, judge: Judge | None = None
    ) -> None:
        self._cursor = cursor
        self._registry = registry
        self._device = device
        self._past = Past(cursor)
        self._profiles: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self.rights = Rights(cursor, judge, device, self._profiles, self._units)
        self._said: set[str] = set()
        self.reload_devices()
        self._merger = Merger(
            cursor,
            registry,
            self._profiles.get,
            self._units.get,
            self._seen,
            self._past.fetch,
            rights=self.rights,
        )
        self._seq: int | None = None
        self._chain = CHAIN_START
        self._stamp = self._past.stamp()
        self._rows: list[tuple[Any, ...]] = []
        self._erased = erasure.erased(cursor)
        self._restored: list[tuple[bytes, str, int]] = []
        self.erased_now: dict[str, str] = {}
        self._done: set[str] = set()
        # A record of an erased case was moved: what is left follows from the whole journal.
        self.must_rebuild = False

    @property
    def cases(self) -> frozenset[str]:
        """Cases touched so far."""
        return frozenset(self._merger.cases)

    @property
    def stale(self) -> Stale:
        """What follows from the records touched so far."""
        return self._merger.stale

    def state(self, record_type: str, record_id: str) -> RecordState:
        """The present state of a record within this transaction."""
        return self._merger.state(self._registry[record_type], record_id)

    def write(self, edit: Edit, officer: str, case: str | None) -> Change | None:
        """Append one change made on this desk; ``None`` if nothing would change.

        What a record of a unit belongs to stands in its id; *case* then says nothing.

        Raises:
            NotWriter: no desk would let it take effect; nothing was appended.
            ChangeInvalid: a value is not of its field's kind; nothing was appended.
            CaseErased: the data of the case was erased.
            KeyError: there is no such record type or field.
        """
        record_type = self._registry[edit.type]
        if case in self._erased and edit.type != erasure.ORDER:
            raise erasure.CaseErased
        if self._profiles.get(self._device) not in record_type.writers:
            raise NotWriter(edit.type)
        if record_type.of_desk and not is_of_desk(edit.id, self._device):
            raise NotWriter(edit.type)
        for name in edit.values:
            if name != VOID and name not in record_type.by_name:
                raise KeyError(f"{edit.type}.{name}")
        if not shape_fits(record_type, edit.values):
            raise ChangeInvalid
        if record_type.of_unit:
            case, edit = self._of_unit(edit)
        elif is_unit(case):
            raise NotWriter(edit.type)
        state = self._merger.state(record_type, edit.id)
        if record_type.whole:
            fields = effective_whole(state, edit, self._fetch_any)
        else:
            fields = effective(state, edit)
        if not fields:
            return None
        seq = self._next_seq()
        self._stamp = self._stamp.next(time.time_ns() // 1_000_000)
        probe = Change(
            self._device, seq, self._stamp, officer, edit.type, edit.id, case, fields, {}
        )
        replaces = {}
        for register in registers(record_type, probe):
            shown = state.shown_ref(register)
            refs = edit.base.get(register, (shown,) if shown else ())
            if refs:
                replaces[register] = tuple(sorted(refs))
        if fields.get(VOID) is not None:
            choices.sees(state, replaces, edit.base)
        change = Change(
            self._device, seq, self._stamp, officer, edit.type, edit.id, case, fields, replaces
        )
        if not self.rights.allow(record_type, change):
            raise RightEnded
        body = change.encode()
        # What a peer would refuse must not be written here either.
        Change.decode(body)
        self._chain = link_chain(self._chain, body)
        self._seq = seq
        self._rows.append((change.device, seq, case, None, body, self._chain))
        self._merger.apply(change)
        self._note_right(change)
        self._note_orders()
        return change

    def _of_unit(self, edit: Edit) -> tuple[str, Edit]:
        """The unit a record belongs to, and the edit that names it."""
        unit = unit_of(edit.id)
        profile, own = self._profiles.get(self._device), self._units.get(self._device)
        named = named_unit(unit)
        if not may_write_of_unit(profile, own, unit) or edit.values.get("unit", named) != named:
            raise NotWriter(edit.type)
        values = edit.values if set(edit.values) == {VOID} else {**edit.values, "unit": named}
        return unit, Edit(edit.type, edit.id, values, edit.base)

    def reload_devices(self) -> None:
        """Read the devices again after certificates came in within this transaction."""
        self._cursor.execute("SELECT device, profile, unit FROM device")
        for device, profile, unit in self._cursor.fetchall():
            self._profiles[device] = profile
            self._units[device] = unit

    def take_in(
        self,
        bodies: Iterable[bytes],
        via: str | None = None,
        check: Check | None = None,
    ) -> Taken:
        """Apply changes made elsewhere; those already known are passed over.

        Args:
            bodies: canonical bytes.
            via: device that brought them.
            check: asked about each change, known ones too; raising refuses all of them.

        Raises:
            ChangeInvalid: one of them is not in canonical form.
            Equivocation: one differs from a known change of the same number.
            OwnPast: one was made on this desk and is not known here.

        After an error the transaction must be undone.
        """
        new = known = 0
        cases: set[str] = set()
        types: dict[str, int] = {}
        fresh: dict[str, bytes] = {}
        for body, change, stored in self._read_ahead(bodies, check):
            if check is not None:
                check(change, body)
            before = fresh.get(change.ref) or stored
            if before is not None:
                if digest(bytes(before)) != digest(body):
                    raise Equivocation(change.ref)
                if not self._comes_back(change, bytes(before), body, fresh):
                    known += 1
                    continue
                self._restored.append((body, change.device, change.seq))
                fresh[change.ref] = body
                self._merger.apply(change)
                new += 1
                continue
            if change.device == self._device:
                raise OwnPast(change.ref)
            if change.case in self._erased and change.type != erasure.ORDER:
                body = tombstone(change, body)  # noqa: PLW2901 - what is kept of it
            fresh[change.ref] = body
            self._rows.append((change.device, change.seq, change.case, via, body, None))
            self._stamp = max(self._stamp, change.stamp)
            if not is_tombstone(body):
                self._merger.apply(change)
                self._note_right(change)
                self._note_orders()
            if change.case and not is_unit(change.case):
                cases.add(change.case)
            types[change.type] = types.get(change.type, 0) + 1
            new += 1
        refused = len(self._merger.refused)
        return Taken(new, known, frozenset(cases), refused, self._merger.unknown, types)

    def _comes_back(
        self, change: Change, before: bytes, body: bytes, fresh: Mapping[str, bytes]
    ) -> bool:
        """Whether a change that was known without its values comes whole, and no order is here.

        So nobody can suppress what another desk wrote by passing on that it was erased.
        """
        return (
            is_tombstone(before)
            and not is_tombstone(body)
            and change.case not in self._erased
            and change.ref not in fresh
        )

    def _note_orders(self) -> None:
        for case, officer in self._merger.orders.items():
            if case not in self._erased:
                self._erased.add(case)
                self.erased_now[case] = officer

    def _read_ahead(
        self, bodies: Iterable[bytes], check: Check | None, size: int = 1_000
    ) -> Iterator[tuple[bytes, Change, bytes | None]]:
        """Each change with the body that the journal has under its number.

        What they need is read for many at once: one question for each change would cost
        more than the changes themselves.
        """
        waiting = iter(bodies)
        error: ChangeInvalid | None = None
        while error is None and (part := list(islice(waiting, size))):
            changes: list[Change] = []
            try:
                changes.extend(map(Change.decode, part))
            except ChangeInvalid as found:
                error = found  # its turn comes after those before it
            if check is not None:
                check.ahead(changes)
            stored = self._past.bodies_of(changes)
            self._merger.prefetch(c for c in changes if c.ref not in stored)
            for body, change in zip(part, changes, strict=False):
                yield body, change, stored.get(change.ref)
        if error is not None:
            raise error

    def flush(self) -> None:
        """Write everything; called before the transaction ends, and again if more comes."""
        if self._rows:
            self._cursor.executemany(
                "INSERT INTO main.journal (device, seq, case_id, via, body, chain) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                self._rows,
            )
            self._rows.clear()
            self._cursor.execute(
                "INSERT OR REPLACE INTO meta VALUES ('stamp', ?)",
                (f"{self._stamp.millis}.{self._stamp.counter}",),
            )
        if self._restored:
            self._cursor.executemany(
                "UPDATE main.journal SET body = ? WHERE device = ? AND seq = ?", self._restored
            )
            self._restored.clear()
        if self._merger.unknown:
            self._cursor.execute("INSERT OR REPLACE INTO meta VALUES ('unknown_changes', '1')")
        self._merger.flush()
        self.rights.write()
        if self.erased_now.keys() - self._done:
            moved = [
                erasure.erase(self._cursor, self._registry, case)
                for case in sorted(self.erased_now.keys() - self._done)
            ]
            self._done |= self.erased_now.keys()
            self._merger.forget_states()
            self.must_rebuild = any(moved)

    @property
    def told(self) -> bool:
        """Whether the province said something of officers, so that :meth:`settle` has to do."""
        return bool(self._said)

    def settle(self) -> bool:
        """After :meth:`flush`: let take effect what the province has said in this transaction.

        Returns:
            Whether something took effect that may not any more: all tables must be made anew.
        """
        devices, self._said = sorted(self._said), set()
        if not devices:
            return False
        self.rights.renew(devices)
        free, ended = self.rights.settled(devices, self._registry.get)
        for change in free:
            self._merger.apply(change)
        self._note_orders()
        self.flush()
        return ended

    def _note_right(self, change: Change) -> None:
        if change.type == RIGHT:
            state = self._merger.state(self._registry[RIGHT], change.id)
            self._said.update(
                d for d in (state.values.get("device"), change.fields.get("device")) if d
            )

    def _seen(self, ref: str) -> bool:
        return self._past.has(ref) and not self.rights.holds(ref)

    def _next_seq(self) -> int:
        if self._seq is None:
            self._seq, self._chain = self._past.head(self._device)
        return self._seq + 1

    def _fetch_any(self, ref: str) -> Change:
        for row in reversed(self._rows):
            if f"{row[0]}.{row[1]}" == ref:
                return Change.decode(row[4])
        return self._past.fetch(ref)
