"""Finding entries that may be of the same person: a few by index, then compared one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.person_keys import PersonFacts, keys_to_ask, whole_name_keys
from traffick_desk.services import reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.same_person.likeness import POSSIBLE, Likeness, likeness
from traffick_desk.services.same_person.ties import tie_of, tied_cases
from traffick_desk.services.views import CaseRow

# So many entries are compared at most: those with the most in common by the index.
MOST_COMPARED = 300
# A key that this many entries share tells nearly nothing; of more the rest is not read.
_MOST_OF_A_KEY = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that may be of the same person."""

    row: CaseRow
    person_id: str
    name: str
    birth: str
    sex: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as she is kept for comparing."""

    number: int
    person_id: str
    case_id: str
    facts: PersonFacts


def entries(cursor: Any, numbers: list[int]) -> list[Entry]:
    """Persons by their numbers."""
    cursor.execute(
        "SELECT docid, person_id, case_id, facts FROM person_row "
        "WHERE docid IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    return [
        Entry(number, person, case, PersonFacts.from_json(json.loads(facts)))
        for number, person, case, facts in cursor.fetchall()
    ]


@dataclass(frozen=True, slots=True)
class Near:
    """Persons worth comparing, the best first, and how many bear each whole name."""

    numbers: tuple[int, ...]
    bearers: Mapping[int, int]


def near(cursor: Any, facts: PersonFacts) -> Near:
    """Who has something in common with *facts*, by the index."""
    weights: Counter[int] = Counter()
    counts = {}
    for key, weight in keys_to_ask(facts).items():
        cursor.execute("SELECT docid FROM person_key WHERE key = ? LIMIT ?", (key, _MOST_OF_A_KEY))
        found = cursor.fetchall()
        counts[key] = len(found)
        for (number,) in found:
            weights[number] += weight
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    bearers = {key: counts.get(key, 0) for key in whole_name_keys(facts)}
    return Near(tuple(number for number, _weight in best[:MOST_COMPARED]), bearers)


def compared(one: PersonFacts, other: PersonFacts, bearers: Mapping[int, int]) -> Likeness:
    """Two entries, and how many bear the name that both have."""
    both = set(whole_name_keys(one)) & set(whole_name_keys(other))
    return likeness(one, other, min((bearers.get(key, 0) for key in both), default=0))


def alike(cursor: Any, facts: PersonFacts, without_case: str = "") -> list[tuple[Entry, Likeness]]:
    """Persons of other cases that may be the one of *facts*, the likeliest first."""
    around = near(cursor, facts)
    found = []
    for entry in entries(cursor, list(around.numbers)):
        if entry.case_id == without_case:
            continue
        how = compared(facts, entry.facts, around.bearers)
        if how.points >= POSSIBLE:
            found.append((entry, how))
    # Of cases that are equally alike the newest first: ids are sorted by creation.
    found.sort(key=lambda pair: pair[0].case_id, reverse=True)
    found.sort(key=lambda pair: -pair[1].points)
    return found


def shown(cursor: Any, pairs: list[tuple[Entry, Likeness]], limit: int) -> tuple[Found, ...]:
    """Each with the line of its case; a case comes once, with its likeliest person."""
    first: dict[str, tuple[Entry, Likeness]] = {}
    for entry, how in pairs:
        first.setdefault(entry.case_id, (entry, how))
    wanted = list(first)[:limit]
    rows = rows_of(cursor, wanted)
    found = []
    for case in wanted:
        if case in rows:
            entry, how = first[case]
            facts = entry.facts
            found.append(
                Found(
                    rows[case],
                    entry.person_id,
                    facts.names[0] if facts.names else "",
                    facts.birth,
                    facts.sex,
                    how,
                )
            )
    return tuple(found)


def rows_of(cursor: Any, cases: list[str]) -> Mapping[str, CaseRow]:
    """Lines of the list for these cases; tips have no persons and are left out."""
    return {
        row.case_id: row
        for row in reading.case_rows(
            cursor,
            "WHERE case_id IN (SELECT value FROM json_each(?)) AND " + reading.cases_only(),
            (json.dumps(cases),),
        )
    }


@dataclass(frozen=True, slots=True)
class LookForPerson(Query[tuple[Found, ...]]):
    """Who of all persons may be the one that is being entered; nothing is said for certain."""

    permission: ClassVar[str] = CASE_READ

    facts: PersonFacts
    limit: int = 5

    def run(self, context: Context, cursor: Any) -> tuple[Found, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        if self.facts.empty:
            return ()
        return shown(cursor, alike(cursor, self.facts), self.limit)


@dataclass(frozen=True, slots=True)
class MayBeSame(Query[tuple[Found, ...]]):
    """Other cases that may be of a person of this case, without those already answered."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    limit: int = 5

    def run(self, context: Context, cursor: Any) -> tuple[Found, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        # Imported here: the answers are kept by the page of pairs, which asks this module.
        from traffick_desk.services.same_person.pairs import answers

        cursor.execute("SELECT docid FROM person_row WHERE case_id = ?", (self.case_id,))
        own = entries(cursor, [row[0] for row in cursor.fetchall()])
        tied = tied_cases(cursor, self.case_id)
        found = [pair for entry in own for pair in alike(cursor, entry.facts, self.case_id)]
        known = answers(cursor)
        open_ones = [
            (entry, how)
            for entry, how in found
            if entry.case_id not in tied and tie_of(self.case_id, entry.case_id) not in known
        ]
        open_ones.sort(key=lambda pair: -pair[1].points)
        return shown(cursor, open_ones, self.limit)
