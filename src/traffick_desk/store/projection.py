"""The list of cases, kept beside the records in the same transaction.

Only what differs from before is written: a save then costs what it changes. Tables are asked by
their full names: what follows from the records is never made from what a veil shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.text import name_sort_key, sort_key
from traffick_desk.store import choices
from traffick_desk.store.among import FEW, among
from traffick_desk.store.tables import table_name

COLUMNS = (
    "case_id", "file_no", "name", "sex", "birth", "status", "stage", "unit", "opened_on",
    "due", "due_clock", "sort_name", "conflicts", "officer", "sort_officer", "return_form",
)  # fmt: skip


SHOWN = {
    "case": frozenset({"file_no", "stage", "unit", "opened_on", "officer", "return_form"}),
    "person": frozenset({"name", "sex", "birth", "role"}),
    "status": frozenset({"person", "status", "since"}),
}
"""Record type → fields that a line of the list shows."""

_Deadline = tuple[str, str, str, str, str]


def update_deadlines(cursor: Any, cases: Iterable[str], rows: Iterable[_Deadline]) -> set[str]:
    """Let *cases* have exactly the deadlines *rows*; answers with the cases that had others."""
    wanted = sorted(set(cases))
    before: set[_Deadline] = set()
    for part in _parts(wanted):
        where, bound = among("case_id", part)
        cursor.execute(
            f"SELECT case_id, person_id, clock, started_at, due FROM main.deadline WHERE {where}",
            bound,
        )
        before.update(cursor.fetchall())
    # One a person and clock; of two the last counts.
    after = set({row[:3]: tuple(row) for row in rows}.values())
    gone, come = before - after, after - before
    cursor.executemany(
        "DELETE FROM main.deadline WHERE case_id = ? AND person_id = ? AND clock = ?",
        sorted(row[:3] for row in gone),
    )
    cursor.executemany("INSERT INTO main.deadline VALUES (?, ?, ?, ?, ?)", sorted(come))
    return {row[0] for row in gone | come}


def update(
    cursor: Any,
    registry: Registry,
    cases: Iterable[str],
    rivals: AbstractSet[str] | None = None,
) -> None:
    """Bring the rows of the given cases up to the records and deadlines.

    Args:
        cursor: of the open transaction.
        registry: the record types.
        cases: whose rows are looked at.
        rivals: those in which rival values may have come or gone; all if it is not known.
    """
    for part in _parts(sorted(set(cases))):
        _update_part(cursor, registry, part, rivals)


def _parts(cases: list[str], size: int = 500) -> Iterable[list[str]]:
    return (cases[start : start + size] for start in range(0, len(cases), size))


def _update_part(
    cursor: Any, registry: Registry, part: list[str], rivals: AbstractSet[str] | None
) -> None:
    by_id, bound = among("id", part)
    by_case, _bound = among('"case"', part)
    by_case_id, _bound = among("case_id", part)
    cursor.execute(
        "SELECT id, file_no, stage, unit, opened_on, officer, return_form FROM main.r_case "
        # A case voided while another desk wrote to it stays in sight until somebody chose.
        f"WHERE {by_id} AND (voided IS NULL OR instr(rivals, '\"{choices.LATE}\"'))",
        bound,
    )
    frames = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute(
        'SELECT "case", id, name, sex, birth FROM main.r_person '
        f"WHERE {by_case} AND role = 'main' AND voided IS NULL ORDER BY id DESC",
        bound,
    )
    people = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute(
        'SELECT "case", person, status, since, id FROM main.r_status '
        f"WHERE {by_case} AND voided IS NULL ORDER BY since, id",
        bound,
    )
    statuses = {(row[0], row[1]): row[2] for row in cursor.fetchall()}
    cursor.execute(
        f"SELECT case_id, due, clock FROM main.deadline WHERE {by_case_id} "
        "ORDER BY due DESC, clock DESC, person_id DESC",
        bound,
    )
    dues = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM main.case_row WHERE {by_case_id}", bound)
    before = {row[0]: row for row in cursor.fetchall()}
    place = COLUMNS.index("conflicts")
    conflicts = {case: row[place] for case, row in before.items() if rivals is not None}
    count = [c for c in part if rivals is None or c in rivals or c not in before]
    if count:
        conflicts |= dict.fromkeys(count, 0) | _conflicts(cursor, registry, count)
    rows = []
    for case in part:
        if case not in frames:
            continue
        file_no, stage, unit, opened_on, officer, return_form = frames[case]
        person, name, sex, birth = people.get(case, ("", "", "", ""))
        due, clock = dues.get(case, ("", ""))
        rows.append(
            (
                case, file_no or "", name or "", sex or "", birth or "",
                statuses.get((case, person), "") or "", stage or "", unit or "", opened_on or "",
                due, clock, name_sort_key(name or ""), conflicts.get(case, 0), officer or "",
                sort_key(officer or ""), return_form or "",
            )
        )  # fmt: skip
    gone = before.keys() - {row[0] for row in rows}
    cursor.executemany("DELETE FROM main.case_row WHERE case_id = ?", [(c,) for c in sorted(gone)])
    cursor.executemany(_UPSERT, [row for row in rows if before.get(row[0]) != row])


_UPSERT = (
    f"INSERT INTO main.case_row ({', '.join(COLUMNS)}) VALUES ({','.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (case_id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in COLUMNS[1:])}"
)


def _conflicts(cursor: Any, registry: Registry, part: list[str]) -> dict[str, int]:
    """Case → number of values to choose between; cases without any are left out."""
    found: dict[str, int] = {}
    wanted = set(part)
    for record_type in registry.of_cases():
        key, table = record_type.case_key, table_name(record_type.name)
        # Answered by a small index of the records with rivals alone, which the planner passes over
        # for the index of all. For many cases it is read as a whole: it is nearly always empty.
        where, bound = among(f'"{key}"', part) if len(part) <= FEW else ("1", [])
        cursor.execute(
            f'SELECT "{key}", rivals, voided FROM main.{table} INDEXED BY ix_{table}_rivals '
            f"WHERE rivals IS NOT NULL AND {where}",
            bound,
        )
        for case, rivals, voided in cursor.fetchall():
            if case in wanted:
                waiting = choices.waiting(json.loads(rivals), voided)
                found[case] = found.get(case, 0) + len(waiting)
    return found
