"""The list of cases, kept beside the records in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.text import name_sort_key
from traffick_desk.store.tables import table_name

COLUMNS = (
    "case_id", "file_no", "name", "sex", "birth", "status", "stage", "unit", "opened_on",
    "due", "due_clock", "sort_name", "conflicts",
)  # fmt: skip


def update(cursor: Any, registry: Registry, cases: Iterable[str]) -> None:
    """Make the rows of the given cases anew from the records and deadlines."""
    wanted = sorted(set(cases))
    for start in range(0, len(wanted), 500):
        _update_part(cursor, registry, wanted[start : start + 500])


def _update_part(cursor: Any, registry: Registry, part: list[str]) -> None:
    marks = ",".join("?" * len(part))
    cursor.execute(
        "SELECT id, file_no, stage, unit, opened_on, rivals IS NOT NULL FROM r_case "
        f"WHERE id IN ({marks}) AND voided IS NULL",
        part,
    )
    frames = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute(
        'SELECT "case", id, name, sex, birth FROM r_person '
        f"WHERE \"case\" IN ({marks}) AND role = 'main' AND voided IS NULL ORDER BY id DESC",
        part,
    )
    people = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute(
        'SELECT "case", person, status, since, id FROM r_status '
        f'WHERE "case" IN ({marks}) AND voided IS NULL ORDER BY since, id',
        part,
    )
    statuses = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    cursor.execute(
        f"SELECT case_id, due, clock FROM deadline WHERE case_id IN ({marks}) "
        "ORDER BY due DESC, clock DESC, person_id DESC",
        part,
    )
    dues = {row[0]: row[1:] for row in cursor.fetchall()}
    conflicts = _conflicts(cursor, registry, part, marks)
    rows = []
    for case in part:
        if case not in frames:
            continue
        file_no, stage, unit, opened_on, _rivals = frames[case]
        person, name, sex, birth = people.get(case, ("", "", "", ""))
        due, clock = dues.get(case, ("", ""))
        rows.append(
            (
                case, file_no or "", name or "", sex or "", birth or "",
                statuses.get((case, person), "") or "", stage or "", unit or "", opened_on or "",
                due, clock, name_sort_key(name or ""), conflicts.get(case, 0),
            )
        )  # fmt: skip
    cursor.executemany("DELETE FROM case_row WHERE case_id = ?", [(c,) for c in part])
    cursor.executemany(
        f"INSERT INTO case_row ({', '.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))})",
        rows,
    )


def _conflicts(cursor: Any, registry: Registry, part: list[str], marks: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for record_type in registry:
        key = "case" if record_type.in_case else "id"
        cursor.execute(
            f'SELECT "{key}", (SELECT count(*) FROM json_each(rivals)) '
            f"FROM {table_name(record_type.name)} "
            f'WHERE "{key}" IN ({marks}) AND rivals IS NOT NULL',
            part,
        )
        for case, number in cursor.fetchall():
            found[case] = found.get(case, 0) + number
    return found
