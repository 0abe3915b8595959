"""Search over records that belong to a unit and not to a case; folded as the search over cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.spine import RecordType, Registry
from traffick_desk.domain.text import fold, tone_key
from traffick_desk.store.among import among
from traffick_desk.store.search import tokens
from traffick_desk.store.tables import table_name

_MOST_WORDS = 16


def find(cursor: Any, text: str, types: Iterable[str], limit: int) -> list[tuple[str, str]]:
    """Records that hold every word of *text*, as a prefix; those with the same accents first.

    Args:
        cursor: of a reader.
        text: what was typed.
        types: names of the record types to look in.
        limit: most answers.

    Returns:
        Pairs of record type and id; of equal ones the newest first.
    """
    folded = list(dict.fromkeys(tokens(fold(text))))[:_MOST_WORDS]
    exact = list(dict.fromkeys(tokens(tone_key(text))))[:_MOST_WORDS]
    wanted = sorted(set(types))
    if not folded or not wanted:
        return []
    marks = ",".join("?" * len(wanted))
    cursor.execute(
        f"SELECT type, record_id, {_all('exact', exact)} AS same FROM unit_text "
        f"WHERE type IN ({marks}) AND {_all('folded', folded)} "
        "ORDER BY same DESC, substr(record_id, -36) DESC LIMIT ?",
        [*(f" {w}" for w in exact), *wanted, *(f" {w}" for w in folded), limit],
    )
    return [(type_name, record_id) for type_name, record_id, _same in cursor.fetchall()]


def _all(column: str, words: list[str]) -> str:
    return " AND ".join(f"instr({column}, ?) > 0" for _word in words)


def update(cursor: Any, registry: Registry, records: Iterable[tuple[str, str]]) -> None:
    """Bring the searched text of the given records (type, id) up to date."""
    by_type: dict[str, list[str]] = {}
    for type_name, record_id in sorted(records):
        by_type.setdefault(type_name, []).append(record_id)
    for type_name, ids in by_type.items():
        cursor.executemany("DELETE FROM unit_text WHERE record_id = ?", [(i,) for i in ids])
        for start in range(0, len(ids), 500):
            where, bound = among("id", ids[start : start + 500])
            _index(cursor, registry[type_name], f"AND {where}", bound)


def rebuild(cursor: Any, registry: Registry) -> None:
    """Make all of it anew from the record tables."""
    cursor.execute("DELETE FROM unit_text")
    for record_type in registry.of_units():
        _index(cursor, record_type, "", [])


def _index(cursor: Any, record_type: RecordType, where: str, bound: list[str]) -> None:
    names = [f.name for f in record_type.fields if f.search is not None]
    if not names:
        return
    columns = ", ".join(f'"{n}"' for n in names)
    cursor.execute(
        f"SELECT id, {columns} FROM {table_name(record_type.name)} WHERE voided IS NULL {where}",
        bound,
    )
    rows = []
    for record_id, *values in cursor.fetchall():
        joined = "\n".join(v for v in values if v)
        if joined:
            words = (" ".join(("", *tokens(key(joined)))) for key in (fold, tone_key))
            rows.append((record_id, record_type.name, *words))
    cursor.executemany("INSERT INTO unit_text VALUES (?, ?, ?, ?)", rows)
