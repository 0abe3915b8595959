"""What a row of a register became: records of a case, and what was wrong in its cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.validation import check_record, tidy
from traffick_desk.services.base import new_id
from traffick_desk.store.journal import Edit

REMARK, EMPTY, IMPOSSIBLE = "remark", "empty", "impossible"
_OF_CASE = frozenset({"case", "reception", "note"})
_CHECKED_LATER = frozenset({"missing"})
_ORDER = (
    "case", "person", "person_name", "identity_paper", "address", "reception", "status",
    "account", "plan_item", "payment", "note",
)  # fmt: skip
Made = tuple[str, str, dict[str, Any]]
"""Name of a record (its type, and a mark if there are several), its id, its values."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Something about a cell, in words.

    Attributes:
        column: its number from 0, or -1 for the row as a whole.
        level: ``remark`` (taken in; something was assumed), ``empty`` (not readable: the field
            stays empty, the text is kept in the note) or ``impossible`` (the row is not taken in).
    """

    column: int
    level: str
    text: str


@dataclass(slots=True)
class Reading:
    """One row as it would be taken in.

    Attributes:
        edits: the records, the case first; empty for a row that is no person.
        problems: in the order of the columns.
        person: whether the row is about a person at all.
        key: the same whenever this row comes again; what is only spelled otherwise counts as same.
        digest: another as soon as any cell that is taken in is another.
    """

    number: int
    name: str = ""
    birth: str = ""
    papers: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    problems: list[CellProblem] = field(default_factory=list)
    person: bool = True
    key: str = ""
    digest: str = ""

    @property
    def possible(self) -> bool:
        """Whether it can be taken in."""
        return self.person and not any(p.level == IMPOSSIBLE for p in self.problems)


def put_together(
    registry: Registry, found: Mapping[str, Mapping[str, Any]], person: str
) -> list[Made]:
    """The records of a new case, the case first.

    Args:
        registry: the spine.
        found: name of a record → its values.
        person: id of the person of the row.
    """
    case = new_id()
    made: list[Made] = []
    for record in _ORDER:
        for name in [n for n in found if n.partition(":")[0] == record]:
            if not found[name] and record != "case":
                continue
            known = registry[record]
            values = {n: tidy(known[n], v) for n, v in found[name].items() if v is not None}
            if record == "account":
                values.setdefault("state", "from_file")
            if record not in _OF_CASE and record != "person":
                values["person"] = person
            ids = {"case": case, "person": person}
            made.append((name, ids.get(record) or new_id(), values))
    return made


def check(
    registry: Registry,
    made: Sequence[Made],
    where: Mapping[tuple[str, str], int],
    today: date,
    before: Sequence[CellProblem],
) -> list[CellProblem]:
    """What the editor would say of the same values.

    Args:
        registry: the spine.
        made: the records.
        where: name of a record and field → column.
        today: for days that cannot be yet.
        before: what was said already, and is not said again.
    """
    problems: list[CellProblem] = []
    records = [(name.partition(":")[0], {"id": i, **v}) for name, i, v in made]
    frame = next((v for n, _i, v in made if n == "case"), {})
    for position, (name, _id, _values) in enumerate(made):
        record, values = records[position]
        if record == "case":
            # The number and the rest of the frame are given when it is taken in.
            values = {"file_no": "-", "unit": "2025/00001", "opened_on": "2000-01-01", **values}
            values["opened_on"] = frame.get("opened_on", "2000-01-01")
        others = [r for n, r in enumerate(records) if n != position]
        for found in check_record(registry[record], values, others, today=today):
            if found.code in _CHECKED_LATER:
                continue
            column = where.get((name, found.field), where.get((record, found.field)))
            level = IMPOSSIBLE if found.impossible else REMARK
            one = CellProblem(-1 if column is None else column, level, found.text)
            if one not in problems and one not in before:
                problems.append(one)
    return problems


def digest(parts: list[str]) -> str:
    """Another as soon as one of *parts* is another."""
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
