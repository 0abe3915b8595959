"""The record tables made anew from the journal alone (I1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.store import erasure
from traffick_desk.store.changes import Change, is_tombstone
from traffick_desk.store.merge import Merger
from traffick_desk.store.rights import RIGHT, Judge, Rights
from traffick_desk.store.tables import DERIVED, table_name


def rebuild(
    cursor: Any,
    registry: Registry,
    on_case: Callable[[frozenset[str]], None],
    judge: Judge | None = None,
    own: str = "",
) -> None:
    """Throw the record tables away and make them anew from the journal alone (I1).

    Args:
        cursor: of the open transaction.
        registry: the record types.
        on_case: brings what follows from cases up to date.
        judge: who may write what.
        own: this desk.
    """
    for record_type in registry:
        cursor.execute(f"DELETE FROM main.{table_name(record_type.name)}")
    for table in DERIVED:
        cursor.execute(f"DELETE FROM main.{table.name}")
    cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
    cursor.execute("SELECT device, profile, unit FROM device")
    devices = cursor.fetchall()
    profiles = {device: profile for device, profile, _unit in devices}
    units = {device: unit for device, _profile, unit in devices}
    position = 0

    def seen(ref: str) -> bool:
        name, _dot, seq = ref.rpartition(".")
        cursor.execute(
            "SELECT 1 FROM main.journal WHERE device = ? AND seq = ? AND pos < ?",
            (name, int(seq), position),
        )
        return cursor.fetchone() is not None

    def fetch(ref: str) -> Change:
        name, _dot, seq = ref.rpartition(".")
        cursor.execute(
            "SELECT body FROM main.journal WHERE device = ? AND seq = ?", (name, int(seq))
        )
        return Change.decode(bytes(cursor.fetchone()[0]))

    def counts(ref: str) -> bool:
        return seen(ref) and not rights.holds(ref)

    rights = Rights(cursor, judge, own, profiles, units)
    cases: set[str] = set()
    orders: set[str] = set()
    unknown = False
    if judge is not None:
        # First what the province says of officers: all else is asked by it.
        merger = Merger(
            cursor, registry, profiles.get, units.get, lambda _ref: False, fetch, lenient=True
        )
        for change in _of_office(cursor, RIGHT):
            merger.apply(change)
        merger.flush()
    for batch in _batches(cursor):
        merger = Merger(
            cursor, registry, profiles.get, units.get, counts, fetch, lenient=True, rights=rights
        )
        position = batch[0][0]
        bodies = (bytes(body) for _pos, body in batch)
        found = [Change.decode(body) for body in bodies if not is_tombstone(body)]
        changes = [c for c in found if judge is None or c.type != RIGHT]
        # A few questions for all of them; one for each record is what costs most here.
        merger.prefetch(changes)
        for change in changes:
            merger.apply(change)
        merger.flush()
        rights.write()
        orders |= merger.orders.keys()
        cases |= merger.cases
        unknown = unknown or merger.unknown
    # An order that an older version kept without understanding it takes effect now (I5).
    for case in sorted(orders - erasure.erased(cursor)):
        erasure.erase(cursor, registry, case)
    on_case(frozenset(cases))
    if not unknown:
        cursor.execute("DELETE FROM meta WHERE key = 'unknown_changes'")


def _of_office(cursor: Any, type_name: str) -> Iterator[Change]:
    """The changes of a type of record that belongs to no case, in the order of their arrival."""
    cursor.execute("SELECT body FROM main.journal WHERE case_id IS NULL ORDER BY pos")
    for (body,) in cursor.fetchall():
        change = Change.decode(bytes(body))
        if change.type == type_name:
            yield change


def _batches(cursor: Any, size: int = 5_000) -> Iterator[list[tuple[int, bytes]]]:
    position = 0
    while True:
        cursor.execute(
            "SELECT pos, body FROM main.journal WHERE pos > ? ORDER BY pos LIMIT ?",
            (position, size),
        )
        batch = cursor.fetchall()
        if not batch:
            return
        yield batch
        position = batch[-1][0]
