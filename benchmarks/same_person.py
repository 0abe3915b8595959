"""Finding the same person among 50,000 cases: recall by slip, false alarms, and time."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks import corrupt, filled
from benchmarks.measure import Row, Settings, median, p95
from benchmarks.people import People
from traffick_desk.domain.person_keys import PersonFacts
from traffick_desk.domain.units import Units
from traffick_desk.services.base import Desk
from traffick_desk.services.same_person import find
from traffick_desk.services.same_person.likeness import LIKELY, POSSIBLE

SHOWN = 5


@dataclass
class Tally:
    """Of one kind of slip: points of the person herself (0: not among the shown)."""

    own: list[int] = field(default_factory=list)
    first: int = 0
    others: int = 0

    def recall(self, bound: int) -> float:
        """Share of entries found with at least this many points."""
        return sum(1 for p in self.own if p >= bound) / max(len(self.own), 1)


def persons(desk: Desk, number: int, chance: random.Random) -> list[tuple[str, PersonFacts]]:
    """Main persons of the vault, drawn by chance."""
    with desk.context.store.read() as cursor:
        cursor.execute(
            "SELECT w.case_id, w.facts FROM person_row w JOIN r_person p ON p.id = w.person_id "
            "WHERE p.role = 'main' ORDER BY w.docid"
        )
        rows = cursor.fetchall()
    return [
        (case, PersonFacts.from_json(json.loads(facts)))
        for case, facts in chance.sample(rows, min(number, len(rows)))
    ]


def entries(
    known: list[tuple[str, PersonFacts]], chance: random.Random
) -> Iterator[tuple[str, str, PersonFacts]]:
    """Kind of slip, case, and the entry made anew."""
    for case, facts in known:
        bare = replace(corrupt.without_helps(facts, chance), names=facts.names)
        for kind, slip in (*corrupt.NAME_SLIPS.items(), *corrupt.BIRTH_SLIPS.items()):
            if (made := slip(bare, chance)) is not None:
                yield kind, case, replace(made, names=made.names[:1])
        name_slip = chance.choice(list(corrupt.NAME_SLIPS.values()))(bare, chance)
        both = name_slip and chance.choice(list(corrupt.BIRTH_SLIPS.values()))(name_slip, chance)
        if both:
            yield "a slip of each", case, replace(both, names=both.names[:1])
        yield "no slip", case, replace(bare, names=facts.names[:1])
        if paper := corrupt.paper_slip(facts, chance):
            yield (
                "one digit of a paper, another name",
                case,
                replace(paper, names=("Người Khác",), birth="", homes=(), phones=(), mothers=()),
            )


def strangers(number: int) -> Iterable[PersonFacts]:
    """New persons, of the same distributions, who are in no vault."""
    units = Units.load()
    for made in People(987_654, units, "", number):
        values = next(e.values for e in made.intake if e.type == "person")
        homes = [e.values for e in made.intake if e.type == "address"]
        yield PersonFacts(
            names=(values["name"],),
            birth=values.get("birth", ""),
            sex=values.get("sex", ""),
            homes=tuple((h.get("unit", ""), "", h.get("line", "")) for h in homes),
        )


def tallies(desk: Desk, number: int) -> tuple[dict[str, Tally], list[list[int]], list[float]]:
    """Of every kind of slip; points of what is shown for strangers; times in milliseconds."""
    chance = random.Random(4)
    found: dict[str, Tally] = defaultdict(Tally)
    times = []
    for kind, case, facts in entries(persons(desk, number, chance), chance):
        start = time.perf_counter()
        shown = desk.ask(find.LookForPerson(facts, SHOWN))
        times.append((time.perf_counter() - start) * 1000)
        tally = found[kind]
        mine = [f.likeness.points for f in shown if f.row.case_id == case]
        tally.own.append(mine[0] if mine else 0)
        tally.first += bool(shown) and shown[0].row.case_id == case
        tally.others += len(shown) - len(mine)
    false = [
        [f.likeness.points for f in desk.ask(find.LookForPerson(facts, SHOWN))]
        for facts in strangers(number)
    ]
    return found, false, times


def table(found: dict[str, Tally], false: list[list[int]]) -> str:
    """As in docs/measurements.md."""
    lines = [
        f"| slip | entries | ≥ {POSSIBLE} | ≥ {LIKELY} | first of all | others shown |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind, tally in found.items():
        count = len(tally.own)
        lines.append(
            f"| {kind} | {count} | {tally.recall(POSSIBLE):.1%} | {tally.recall(LIKELY):.1%} | "
            f"{tally.first / count:.1%} | {tally.others / count:.1f} |"
        )
    count = len(false)
    lines.append("")
    lines += ["| bound | found, all slips | strangers with a hint |", "| --- | --- | --- |"]
    every = Tally([p for t in found.values() for p in t.own])
    for bound in range(5, 23):
        alarms = sum(1 for points in false if any(p >= bound for p in points)) / count
        lines.append(f"| {bound} | {every.recall(bound):.1%} | {alarms:.1%} |")
    return "\n".join(lines)


def run(settings: Settings) -> list[Row]:
    """Recall, false alarms and time of the hint."""
    rows = []
    times: dict[int, list[float]] = {}
    detail: dict[str, Any] = {}
    for size in (settings.sizes[0], settings.sizes[-1]):
        desk = filled.open_desk(filled.filled(settings, size).path)
        try:
            number = 40 if settings.quick else 250
            found, false, times[size] = tallies(desk, number)
        finally:
            desk.close()
    settings.say(table(found, false))
    every = Tally([p for t in found.values() for p in t.own])
    alarms = sum(1 for points in false if any(p >= LIKELY for p in points)) / len(false)
    small, large = (times[s] for s in (settings.sizes[0], settings.sizes[-1]))
    largest = settings.sizes[-1]
    rows.append(
        Row(
            f"hint of the same person, median ({largest:,} cases)",
            "ms",
            median(large),
            median(small),
            f"itself at {settings.sizes[0]:,}",
            "≤ 100 ms",
            median(large) <= 100,
            detail,
        )
    )
    rows.append(
        Row("the same, p95", "ms", p95(large), p95(small), f"itself at {settings.sizes[0]:,}",
            "≤ 100 ms", p95(large) <= 100)
    )  # fmt: skip
    rows.append(Row("the same, entries with slips found", "%", 100 * every.recall(POSSIBLE)))
    rows.append(Row("the same, strangers called likely", "%", 100 * alarms))
    return rows
