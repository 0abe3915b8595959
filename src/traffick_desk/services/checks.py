"""Refusing what cannot be, before it is written. Doubtful values pass; the editor warns of them."""

from __future__ import annotations

from typing import Any

from traffick_desk.domain.spine import RecordType, Registry
from traffick_desk.domain.validation import check, check_record, compared_with, tidy
from traffick_desk.services.base import Context
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql, state_from_row
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name


def tidied(context: Context, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits with texts as they are stored: NFC, no invisible characters, no stray spaces."""
    registry: Registry = context.store.registry
    return tuple(
        Edit(
            e.type,
            e.id,
            {n: v if n == VOID else tidy(registry[e.type][n], v) for n, v in e.values.items()},
            e.base,
        )
        for e in edits
    )


def impossible(
    context: Context, work: Work, edits: tuple[Edit, ...]
) -> tuple[tuple[str, str, str], ...]:
    """(record type, field, text) for each value of *edits* that cannot be."""
    registry: Registry = context.store.registry
    found: list[tuple[str, str, str]] = []
    merged: list[tuple[str, dict[str, Any]]] = []
    for edit in edits:
        record_type = registry[edit.type]
        known = work.journal.state(edit.type, edit.id).values
        values = {**known, **{n: v for n, v in edit.values.items() if n != VOID}}
        merged.append(
            (edit.type, {"id": edit.id, **{n: v for n, v in values.items() if v is not None}})
        )
        for name, value in edit.values.items():
            if name == VOID or value is None:
                continue
            problem = check(record_type[name], value)
            if problem is not None:
                found.append((edit.type, name, problem.text))
    if found:
        return tuple(found)
    stored: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    saved = {values["id"] for _type, values in merged}
    for position, (type_name, values) in enumerate(merged):
        if VOID in edits[position].values:
            continue
        case = values["id"] if type_name == "case" else values.get("case", "")
        others = [m for i, m in enumerate(merged) if i != position]
        # Records of a unit stand for themselves.
        for name in sorted(compared_with(type_name)) if case else ():
            if (case, name) not in stored:
                stored[case, name] = _stored(work.cursor, registry[name], case)
            others += [other for other in stored[case, name] if other[1]["id"] not in saved]
        found.extend(
            (type_name, p.field, p.text)
            for p in check_record(registry[type_name], values, others=others)
            # What was wrong before, perhaps by merging, must not keep other fields from a save.
            if p.impossible and p.field in edits[position].values
        )
    return tuple(found)


def _stored(cursor: Any, record_type: RecordType, case: str) -> list[tuple[str, dict[str, Any]]]:
    """The records of a type in a case that are valid now, as (type, values with their id)."""
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM {table_name(record_type.name)} "
        'WHERE "case" = ? AND voided IS NULL',
        (case,),
    )
    states = [state_from_row(record_type, row) for row in cursor.fetchall()]
    return [(record_type.name, {"id": s.id, **s.values}) for s in states]
