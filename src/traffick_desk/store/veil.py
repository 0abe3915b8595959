"""A veil over cases: who asks gets answers from tables as if their content were not there.

For each table that tells something of a case, a temporary view of the same name stands before
it. SQLite looks for temporary names first, so every question meets the views, also one that was
written without thinking of them. Of a veiled case the list keeps the line with its number and
commune; all else is gone.

The views are put up once, in connections that are kept for who does not see everything, and hide
what is named in a temporary table. For a reader it is filled when that changes; for a command
within its transaction, and emptied before what follows from the records is brought up to date.
What writes, and what follows from the records, names the tables behind the views (``main.``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.domain.spine import Registry
from traffick_desk.store.tables import case_row, table_name

HIDDEN = "veiled_case"
# What a line of the list keeps: that the case is there, and under which number.
_KEPT = frozenset({"case_id", "file_no", "unit"})
# Tables that are no record tables and tell something of one case; column that names it.
_BESIDE = {
    "deadline": "case_id",
    "person_row": "case_id",
    "search_doc": "case_id",
    "journal": "case_id",
}
_DRAFT = {"draft": "case_id"}


def put_up(cursor: Any, registry: Registry, *, reading: bool) -> None:
    """Put the views before the tables for as long as the connection stands; they hide nothing yet.

    Once for a connection: where a transaction in which the schema changed is rolled back, SQLite
    reads all of it anew.

    Args:
        cursor: of a connection that nothing else is asked through, outside a transaction.
        registry: the record types.
        reading: it may not write. Then drafts are hidden, too; a command drops its own.
    """
    with _writing(cursor, reading=reading):
        _create(cursor, registry, drafts=reading)


def _create(cursor: Any, registry: Registry, *, drafts: bool) -> None:
    cursor.execute(f"CREATE TEMP TABLE {HIDDEN} (case_id TEXT PRIMARY KEY) WITHOUT ROWID")
    among = f"(SELECT case_id FROM temp.{HIDDEN})"
    tables = {table_name(t.name): t.case_key for t in registry.of_cases()} | _BESIDE
    if drafts:
        tables |= _DRAFT
    for table, key in tables.items():
        # What names no case is not hidden: of NULL, NOT IN would say nothing.
        cursor.execute(
            f'CREATE TEMP VIEW "{table}" AS SELECT * FROM main."{table}" '
            f'WHERE "{key}" IS NULL OR "{key}" NOT IN {among}'
        )
    names = ", ".join(column.name for column in case_row.columns)
    stubs = ", ".join(f"{_stub(column)} AS {column.name}" for column in case_row.columns)
    cursor.execute(
        f"CREATE TEMP VIEW case_row AS SELECT rowid, {names} FROM main.case_row "
        f"WHERE case_id NOT IN {among} UNION ALL SELECT rowid, {stubs} FROM main.case_row "
        f"WHERE case_id IN {among}"
    )


@contextmanager
def hiding(cursor: Any, cases: AbstractSet[str]) -> Iterator[None]:
    """Hide the content of *cases* from a command; it may still write records of other cases.

    After it the views show everything. If it fails they do so once the transaction is undone.

    Args:
        cursor: within the transaction of a connection whose views are up.
        cases: which; with none of them nothing is done at all.
    """
    if not cases:
        yield
        return
    _fill(cursor, cases)
    yield
    cursor.execute(f"DELETE FROM temp.{HIDDEN}")


def keep_hidden(cursor: Any, cases: AbstractSet[str]) -> None:
    """Hide the content of *cases*, instead of those before, from who asks from now on.

    Args:
        cursor: of a connection that may not write and whose views are up, outside a transaction.
        cases: which.
    """
    with _writing(cursor, reading=True):
        _fill(cursor, cases)


@contextmanager
def _writing(cursor: Any, *, reading: bool) -> Iterator[None]:
    """A transaction in temporary tables; a connection that may not write cannot in these either."""
    if reading:
        cursor.execute("PRAGMA query_only = OFF")
    try:
        cursor.execute("BEGIN")
        yield
        cursor.execute("COMMIT")
    finally:
        if reading:
            cursor.execute("PRAGMA query_only = ON")


def _fill(cursor: Any, cases: AbstractSet[str]) -> None:
    cursor.execute(f"DELETE FROM temp.{HIDDEN}")
    cursor.execute(
        f"INSERT INTO temp.{HIDDEN} SELECT value FROM json_each(?)", (json.dumps(sorted(cases)),)
    )


def _stub(column: Column[Any]) -> str:
    if column.name in _KEPT:
        return column.name
    shown = {"conflicts": "0", "sort_name": "x''", "sort_officer": "x''"}.get(column.name, "''")
    if column.name == "stage":
        # That it is a tip is told by its number anyway.
        stages = ", ".join(f"'{stage}'" for stage in TIP_STAGES)
        shown = f"iif(stage IN ({stages}), stage, '')"
    # Of one kind in both halves, or SQLite would not put a condition or an order into each.
    return f"CAST({shown} AS {column.type.compile()})"


def hidden(cursor: Any) -> frozenset[str]:
    """The cases that are veiled for who asks through this connection now."""
    cursor.execute("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (HIDDEN,))
    if cursor.fetchone() is None:
        return frozenset()
    cursor.execute(f"SELECT case_id FROM temp.{HIDDEN}")
    return frozenset(case for (case,) in cursor.fetchall())


def ids_of(cursor: Any, registry: Registry, cases: AbstractSet[str]) -> frozenset[str]:
    """By which content of *cases* can be named: ids of cases and records, digests; no drafts."""
    found = set(cases)
    wanted = (json.dumps(sorted(cases)),)
    for record_type in registry.of_cases():
        shown = 'id, "digest"' if "digest" in record_type.by_name else "id"
        cursor.execute(
            f"SELECT {shown} FROM main.{table_name(record_type.name)} "
            f'WHERE "{record_type.case_key}" IN (SELECT value FROM json_each(?))',
            wanted,
        )
        for row in cursor.fetchall():
            found.update(value for value in row if value)
    return frozenset(found)


def drafts_of(cursor: Any, cases: AbstractSet[str]) -> frozenset[str]:
    """The keys of drafts in *cases*."""
    cursor.execute(
        "SELECT key FROM main.draft WHERE case_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(cases)),),
    )
    return frozenset(key for (key,) in cursor.fetchall())
