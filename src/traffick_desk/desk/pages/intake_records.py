"""What was typed in an intake, as the records of one new case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from traffick_desk.desk.pages.record_list import Line
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem, check_record
from traffick_desk.services.base import new_id
from traffick_desk.store.journal import Edit

_ONE_RECORD = ("account", "consent", "status")
LISTS_OF_PERSON = (
    ("identity", "person_name"),
    ("papers", "identity_paper"),
    ("papers", "address"),
)


class Typed(Protocol):
    """Gives what was typed."""

    def values(self, key: str, record: str) -> Mapping[str, Any]:
        """The values of a record in a section."""

    def rows(self, key: str, name: str) -> Sequence[Line]:
        """The records of a list of a section."""


def edits_of(person: str, typed: Typed) -> tuple[Edit, ...]:
    """All that was typed of *person* (the id of her record)."""
    reception = typed.values("reception", "reception")
    opened_on = {"opened_on": reception["at"][:10]} if reception.get("at") else {}
    edits = [
        Edit("case", new_id(), {**typed.values("reception", "case"), **opened_on}),
        Edit("person", person, {"role": "main", **typed.values("identity", "person")}),
        Edit("reception", new_id(), reception),
    ]
    minors = typed.rows("minors", "minor")
    edits += [Edit("person", m.id, {**m.values, "accompanies": person}) for m in minors]
    for section, record in LISTS_OF_PERSON:
        rows = typed.rows(section, record)
        edits += [Edit(record, r.id, {**r.values, "person": person}) for r in rows]
    given = typed.rows("reception", "given_item")
    edits += [Edit("given_item", g.id, g.values) for g in given]
    for record in _ONE_RECORD:
        if values := typed.values(record, record):
            edits.append(Edit(record, new_id(), {**values, "person": person}))
    return tuple(edits)


def problems_of(
    edits: Sequence[Edit],
    person: str,
    record: str,
    record_id: str,
    values: Mapping[str, Any],
    today: date,
) -> list[Problem]:
    """What does not fit between one record and the others typed so far.

    Args:
        edits: all of the intake.
        person: id of the record of the person.
        record: type of the record.
        record_id: its id, "" for the one that the forms hold.
        values: of the record.
        today: the day.
    """
    own = record_id or (person if record == "person" else "")
    others = [
        (e.type, {"id": e.id, **e.values})
        for e in edits
        if e.id != own and (record == "person" or e.type != record)
    ]
    of_whom = {} if record in {"person", "reception", "case"} else {"person": person}
    return check_record(REGISTRY[record], {**of_whom, **values, "id": own}, others, today=today)
