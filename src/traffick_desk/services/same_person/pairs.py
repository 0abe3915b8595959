"""Pairs of cases that may be of one person: looked for slice by slice, and answered.

What an officer answered is kept on this desk alone, as what she has seen: that somebody was
thought to be somebody else is nothing for another commune to know.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from traffick_desk.domain.person_keys import PersonFacts
from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.services.same_person.find import Found, alike, entries, rows_of
from traffick_desk.services.same_person.likeness import POSSIBLE, WORTH_ASKING, likeness
from traffick_desk.services.same_person.ties import tie_of, tied_cases
from traffick_desk.store.store import Work

ANSWERS = ("other", "later")
SLICE = 50
_ANSWER = "same:answer:"
_MOST = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases that may be of one person, the earlier one first; *answer* if one was given."""

    one: Found
    other: Found
    answer: str = ""

    @property
    def tie(self) -> str:
        """The tie that they would have."""
        return tie_of(self.one.row.case_id, self.other.row.case_id)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What was found so far.

    Attributes:
        pairs: the likeliest first.
        waiting: persons that were not compared yet.
        put_off: how many were answered with *later*.
    """

    pairs: tuple[Pair, ...]
    waiting: int
    put_off: int


def answers(cursor: Any) -> dict[str, str]:
    """Tie → what was answered."""
    cursor.execute(
        "SELECT key, value FROM meta WHERE key >= ? AND key < ?", (_ANSWER, _ANSWER[:-1] + ";")
    )
    return {key.removeprefix(_ANSWER): json.loads(v)["answer"] for key, v in cursor.fetchall()}


_WAITING = "FROM person_row WHERE docid NOT IN (SELECT docid FROM person_looked)"


@dataclass(frozen=True, slots=True)
class Compared:
    """Persons that were compared with all others, with what was known of each, and the pairs."""

    seen: tuple[tuple[int, PersonFacts], ...] = ()
    pairs: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Compare(Query[Compared]):
    """Compare the next persons with all others, those of the newest cases first.

    It only reads: nobody who saves waits for it.
    """

    permission: ClassVar[str] = CASE_READ

    slice: int = SLICE

    def run(self, context: Context, cursor: Any) -> Compared:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(
            f"SELECT docid {_WAITING} ORDER BY case_id DESC, docid LIMIT ?", (self.slice,)
        )
        seen, pairs = [], set()
        for entry in entries(cursor, [row[0] for row in cursor.fetchall()]):
            seen.append((entry.number, entry.facts))
            for other, how in alike(cursor, entry.facts, entry.case_id):
                if how.points < WORTH_ASKING:
                    break
                one, two = sorted((entry.number, other.number))
                pairs.add((one, two, how.points))
        return Compared(tuple(seen), tuple(sorted(pairs)))


@dataclass(frozen=True, slots=True)
class KeepPairs(Command[int]):
    """Keep what :class:`Compare` found; answers with how many persons still wait.

    Who was written anew meanwhile waits again.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = ""

    found: Compared

    def run(self, context: Context, work: Work) -> int:  # noqa: ARG002
        """See :class:`Command`."""
        cursor = work.cursor
        seen = dict(self.found.seen)
        now = {e.number: e.facts for e in entries(cursor, sorted(seen))}
        same = {number for number, facts in seen.items() if now.get(number) == facts}
        rows = [row for row in self.found.pairs if row[0] in same or row[1] in same]
        cursor.executemany("INSERT OR REPLACE INTO person_pair VALUES (?, ?, ?)", rows)
        cursor.executemany(
            "INSERT OR IGNORE INTO person_looked VALUES (?)", [(n,) for n in sorted(same)]
        )
        cursor.execute(f"SELECT count(*) {_WAITING}")
        return int(cursor.fetchone()[0])


def look_through(desk: Desk, number: int = SLICE) -> int:
    """Compare the next slice of persons and keep what was found; how many still wait."""
    return desk.do(KeepPairs(desk.ask(Compare(number))))


@dataclass(frozen=True, slots=True)
class PossiblySame(Query[Pairs]):
    """The pairs that nobody has settled, the likeliest first.

    Attributes:
        put_off: those answered with *later*, too.
    """

    permission: ClassVar[str] = CASE_READ

    put_off: bool = False
    limit: int = 200

    def run(self, context: Context, cursor: Any) -> Pairs:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute(f"SELECT count(*) {_WAITING}")
        waiting = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT one, other, score FROM person_pair ORDER BY score DESC, one, other LIMIT ?",
            (_MOST * 4,),
        )
        numbers = cursor.fetchall()
        known = {e.number: e for e in entries(cursor, sorted({n for p in numbers for n in p[:2]}))}
        answered = answers(cursor)
        rows = rows_of(cursor, sorted({e.case_id for e in known.values()}))
        found: dict[str, Pair] = {}
        later = 0
        for one, two, points in numbers:
            if one not in known or two not in known:
                continue
            pair = sorted((known[one], known[two]), key=lambda e: e.case_id)
            cases = [e.case_id for e in pair]
            if not all(case in rows for case in cases):
                continue
            tie = tie_of(*cases)
            answer = answered.get(tie, "")
            if tie in found or answer == "other" or cases[1] in tied_cases(cursor, cases[0]):
                continue
            later += answer == "later"
            if answer == "later" and not self.put_off:
                continue
            how = likeness(pair[0].facts, pair[1].facts)
            if len(found) < self.limit and how.points >= POSSIBLE:
                # As it was found: how many bear the name was known then.
                how = replace(how, points=points)
                first, second = (
                    Found(
                        rows[e.case_id],
                        e.person_id,
                        e.facts.names[0] if e.facts.names else "",
                        e.facts.birth,
                        e.facts.sex,
                        how,
                    )
                    for e in pair
                )
                found[tie] = Pair(first, second, answer)
        return Pairs(tuple(found.values()), waiting, later)


@dataclass(frozen=True, slots=True)
class AnswerPair(Command[str]):
    """Remember that two cases are of two persons (``other``), or are looked at ``later``.

    "" takes the answer back. Answers with what was answered before.

    Raises:
        NotHere: there is no such answer.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "case.not_same"
    changes: ClassVar[frozenset[str]] = frozenset({"pairs"})

    case_id: str
    other_id: str
    answer: str

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if self.answer not in ("", *ANSWERS):
            raise NotHere
        key = _ANSWER + tie_of(self.case_id, self.other_id)
        work.cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
        row = work.cursor.fetchone()
        if self.answer:
            said = {"answer": self.answer, "at": context.moment, "by": context.info.officer_id}
            work.cursor.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(said))
            )
        else:
            work.cursor.execute("DELETE FROM meta WHERE key = ?", (key,))
        return str(json.loads(row[0])["answer"]) if row else ""

    def target(self, result: str) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return f"{self.case_id},{self.other_id}"
