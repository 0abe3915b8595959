"""Erasing a case on lawful demand: the one thing that takes values out of the journal (I4).

An order is a record of type ``erasure`` in the case; whose order counts is checked as for any
other change (I7). Where it takes effect, each change of the case keeps its place, its number and
the digest of what it was (``changes.tombstone``), so every chain of hashes still fits; its values,
the tables, the search, the documents and the drafts go. What arrives for the case later, or
arrived before the order, ends the same way: what is left is a function of the *set* of changes as
everything else is (I2).

The digest cannot be turned back by guessing: the body held the record's random id (74 bits), which
goes with it. Of the frame of the case, whose id stays, its file number, commune and days could be
guessed; these the order names anyway.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.i18n import N_, _
from traffick_desk.store import documents, persons
from traffick_desk.store.changes import ERASED, Change, tombstone
from traffick_desk.store.merge import ORDER
from traffick_desk.store.tables import table_name

MARK = "erased:"
__all__ = ["ORDER"]
SWEEP = "erasure:sweep"
LOG = "erasure:log"


class CaseErased(Exception):
    """Somebody writes into a case whose data was erased."""

    def __str__(self) -> str:
        return _(
            N_(
                "The data of this case was erased by order, so nothing can be written in it any "
                "more. Nothing was saved. If the person comes again, please open a new case."
            )
        )


def erased(cursor: Any) -> set[str]:
    """The cases whose data was erased here."""
    cursor.execute("SELECT substr(key, 8) FROM meta WHERE key >= 'erased:' AND key < 'erased;'")
    return {case for (case,) in cursor.fetchall()}


def erase(cursor: Any, registry: Registry, case: str) -> bool:
    """Destroy what this file holds of *case*.

    The caller brings search and lists up to date (``Following.project``) within the transaction,
    and sweeps the file after it (``Store.sweep``).

    Returns:
        Whether a record of it was moved from or to another case: then what is left of that record
        follows from all of the journal, and the tables must be made anew from it.
    """
    cursor.execute("SELECT pos, body FROM main.journal WHERE case_id = ? ORDER BY pos", (case,))
    known = {case}
    records: dict[str, set[str]] = {}
    rows = []
    moved = False
    for pos, body in cursor.fetchall():
        change = Change.decode(bytes(body))
        if change.type in (ORDER, ERASED):
            continue
        known.add(change.id)
        if change.type in registry:
            records.setdefault(change.type, set()).add(change.id)
        moved = moved or (change.type != "case" and "case" in change.replaces)
        if change.type == "same_person" and isinstance(tie := change.fields.get("tie"), str):
            known.add(tie)
        rows.append((tombstone(change, bytes(body)), pos))
    cursor.executemany("UPDATE main.journal SET body = ? WHERE pos = ?", rows)
    _documents(cursor, case)
    moved = _records(cursor, registry, case, records) or moved
    _beside(cursor, case, known)
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (f"{MARK}{case}",))
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (SWEEP,))
    return moved


def _records(cursor: Any, registry: Registry, case: str, records: dict[str, set[str]]) -> bool:
    """Take the rows away; whether one of them belongs to another case by now."""
    moved = False
    for record_type in registry.of_cases():
        if record_type.name == ORDER:
            continue
        table, key = table_name(record_type.name), record_type.case_key
        cursor.execute(f'DELETE FROM main.{table} WHERE "{key}" = ?', (case,))
        # Of some records not even the case may be known yet.
        ids = json.dumps(sorted(records.get(record_type.name, ())))
        cursor.execute(
            f"DELETE FROM main.{table} WHERE id IN (SELECT value FROM json_each(?)) "
            f'RETURNING "{key}"',
            (ids,),
        )
        moved = any(other is not None for (other,) in cursor.fetchall()) or moved
    return moved


def _documents(cursor: Any, case: str) -> None:
    """Bytes that no other case's record names."""
    cursor.execute(
        'SELECT DISTINCT digest FROM main.r_document d WHERE "case" = ? AND digest IS NOT NULL '
        "AND NOT EXISTS (SELECT 1 FROM main.r_document o "
        'WHERE o.digest = d.digest AND o."case" <> d."case") '
        "AND NOT EXISTS (SELECT 1 FROM r_activity_file f WHERE f.digest = d.digest)",
        (case,),
    )
    for (digest,) in cursor.fetchall():
        documents.forget(cursor, digest)
        for table in ("document_sent", "document_asked"):
            cursor.execute(f"DELETE FROM {table} WHERE digest = ?", (digest,))


def _beside(cursor: Any, case: str, known: AbstractSet[str]) -> None:
    """What lies beside journal and tables: drafts, answers, what waits, what was remembered."""
    cursor.execute("DELETE FROM draft WHERE case_id = ?", (case,))
    ids = json.dumps(sorted(known))
    cursor.execute("DELETE FROM seen WHERE record_id IN (SELECT value FROM json_each(?))", (ids,))
    cursor.execute(
        "DELETE FROM replaced_ahead WHERE substr(record_id, instr(record_id, '/') + 1) "
        "IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    # The inside of a bundle that waits is packed and cannot be told by case; it is sent again.
    cursor.execute("DELETE FROM bundle_in WHERE waiting IS NOT NULL")
    cursor.execute("SELECT key, value FROM meta")
    # Ids of other kinds than ours may be short, and a short text is in anything.
    names = [name for name in known if len(name) >= 16]
    gone = [
        (key,)
        for key, value in cursor.fetchall()
        if not key.startswith(MARK) and any(name in key or name in value for name in names)
    ]
    cursor.executemany("DELETE FROM meta WHERE key = ?", gone)


def clear(cursor: Any, cases: Iterable[str]) -> None:
    """Take erased cases out of search, deadlines, lists and what tells persons apart."""
    for case in sorted(cases):
        cursor.execute("SELECT docid FROM main.search_doc WHERE case_id = ?", (case,))
        for (docid,) in cursor.fetchall():
            cursor.execute("DELETE FROM search_fts WHERE rowid = ?", (docid,))
        for table in ("search_doc", "deadline", "case_row"):
            cursor.execute(f"DELETE FROM main.{table} WHERE case_id = ?", (case,))
    persons.update(cursor, cases)


def without_order(cursor: Any) -> list[str]:
    """Refs of changes that came without their values although no order for their case is here."""
    ordered = erased(cursor)
    cursor.execute(
        "SELECT device, seq, case_id FROM main.journal WHERE instr(body, ?) > 0 ORDER BY pos",
        (f'"t":"{ERASED}","v":1'.encode(),),
    )
    return [f"{device}.{seq}" for device, seq, case in cursor.fetchall() if case not in ordered]
