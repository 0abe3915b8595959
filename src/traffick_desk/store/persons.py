"""What tells persons apart, and by what they are found again, kept beside the records.

As with the list of cases only what differs from before is written. A person that was written
anew is compared with all others again (``services.same_person``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.person_keys import PersonFacts, docid, is_mother, keys
from traffick_desk.store.among import among

KNOWN_BY = {
    "case": frozenset({"stage"}),
    "person": frozenset({"case", "name", "birth", "sex", "phone"}),
    "person_name": frozenset({"case", "person", "name"}),
    "identity_paper": frozenset({"case", "person", "kind", "number"}),
    "address": frozenset({"case", "person", "unit", "old_unit", "line"}),
    "contact": frozenset({"case", "person", "name", "relation"}),
}
"""Record type → fields by which a person is known."""

_OF_PERSON = {
    "person_name": ("name",),
    "identity_paper": ("kind", "number"),
    "address": ("unit", "old_unit", "line"),
    "contact": ("name", "relation"),
}
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def update(cursor: Any, cases: Iterable[str]) -> None:
    """Bring the persons of the given cases up to the records."""
    wanted = sorted(set(cases))
    for start in range(0, len(wanted), 500):
        _update_part(cursor, wanted[start : start + 500])


def _update_part(cursor: Any, part: list[str]) -> None:
    where, bound = among("case_id", part)
    cursor.execute(
        f"SELECT docid, person_id, case_id, facts FROM main.person_row WHERE {where}", bound
    )
    before = {row[0]: row for row in cursor.fetchall()}
    after = {}
    known = {}
    for person, case, facts in _persons(cursor, part):
        if not facts.empty:
            number = docid(person)
            known[number] = facts
            after[number] = (number, person, case, _JSON.encode(facts.as_json()))
    gone = [n for n, row in before.items() if after.get(n) != row]
    come = [row for n, row in after.items() if before.get(n) != row]
    # A person may come from another case, which is not among these.
    other = {row[0]: row for row in _rows(cursor, [r[0] for r in come if r[0] not in before])}
    if not gone and not come:
        return
    old = {n: (before.get(n) or other[n]) for n in (*gone, *other)}
    _drop(cursor, old)
    cursor.executemany("INSERT INTO main.person_row VALUES (?, ?, ?, ?)", come)
    cursor.executemany(
        "INSERT OR IGNORE INTO person_key VALUES (?, ?)",
        sorted((key, row[0]) for row in come for key in keys(known[row[0]])),
    )


def _rows(cursor: Any, numbers: list[int]) -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    cursor.execute(
        "SELECT docid, person_id, case_id, facts FROM main.person_row "
        "WHERE docid IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _keys(facts: str) -> tuple[int, ...]:
    return keys(PersonFacts.from_json(json.loads(facts)))


def _drop(cursor: Any, rows: dict[int, tuple[Any, ...]]) -> None:
    numbers = [(n,) for n in sorted(rows)]
    cursor.executemany("DELETE FROM main.person_row WHERE docid = ?", numbers)
    cursor.executemany("DELETE FROM person_looked WHERE docid = ?", numbers)
    cursor.executemany("DELETE FROM person_pair WHERE one = ?1 OR other = ?1", numbers)
    cursor.executemany(
        "DELETE FROM person_key WHERE key = ? AND docid = ?",
        sorted((key, n) for n, row in rows.items() for key in _keys(row[3])),
    )


def _persons(cursor: Any, part: list[str]) -> Iterable[tuple[str, str, PersonFacts]]:
    where, bound = among('p."case"', part)
    # A case that the list does not show is not found either, and a tip has no person.
    cursor.execute(
        f'SELECT p.id, p."case", p.name, p.birth, p.sex, p.phone FROM main.r_person p '
        f'JOIN r_case c ON c.id = p."case" WHERE {where} '
        "AND p.voided IS NULL AND c.voided IS NULL ORDER BY p.id",
        bound,
    )
    people = cursor.fetchall()
    if not people:
        return
    # Only records of the person's own case count: which cases are looked at must not matter.
    more: dict[str, dict[tuple[str, str], list[tuple[str, ...]]]] = {}
    where, bound = among('"case"', part)
    for name, fields in _OF_PERSON.items():
        columns = ", ".join(f'"{field}"' for field in fields)
        cursor.execute(
            f'SELECT person, "case", {columns} FROM main.r_{name} '
            f"WHERE {where} AND voided IS NULL ORDER BY id",
            bound,
        )
        of_type = more[name] = {}
        for person, case, *values in cursor.fetchall():
            of_type.setdefault((person, case), []).append(tuple(v or "" for v in values))
    for person, case, name, birth, sex, phone in people:

        def of(type_name: str, key: tuple[str, str] = (person, case)) -> list[tuple[str, ...]]:
            return more[type_name].get(key, [])

        names = dict.fromkeys(n for n in (name, *(row[0] for row in of("person_name"))) if n)
        yield (
            person,
            case,
            PersonFacts(
                names=tuple(names),
                birth=birth or "",
                sex=sex or "",
                papers=tuple((kind, number) for kind, number in of("identity_paper") if number),
                homes=tuple((u, old, line) for u, old, line in of("address") if u or old or line),
                phones=(phone,) if phone else (),
                mothers=tuple(n for n, relation in of("contact") if n and is_mother(relation)),
            ),
        )
