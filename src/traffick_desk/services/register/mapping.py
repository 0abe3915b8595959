"""Which column is what: proposed from the headings, corrected by the officer, kept for later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.lists import is_code
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.register.columns import IGNORE, NAME, NOTE, columns, matches
from traffick_desk.services.register.errors import MappingUnreadable
from traffick_desk.services.register.table import Table, plain, text_of
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.store.store import Work

FORMAT = 1
_KEPT = "register:columns:"
# Several columns may be parts of one of these; of the others only the surest column counts.
_JOINED = frozenset(
    {NAME, NOTE, "support.what", "account.story", "reception.condition", "person_name.name"}
)
_JOINED_READS = frozenset({"line"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What each column of a table is, and what holds for all its rows.

    Attributes:
        targets: for each column the key of a target, or ``""`` when it is not taken in.
        status: status of every person for whom no column says it; "" leaves it open.
        stage: stage of the cases.
        citizenship: of every person for whom no column says it; "" leaves it open.
        closed_on: day on which cases that are closed ended, where no column says it; "" leaves
            it open. It does not count for those who came later.
    """

    targets: tuple[str, ...]
    status: str = ""
    stage: str = "closed"
    citizenship: str = ""
    closed_on: str = ""

    def columns_of(self, key: str) -> tuple[int, ...]:
        """The columns of a target."""
        return tuple(n for n, target in enumerate(self.targets) if target == key)

    def to_json(self, table: Table) -> dict[str, Any]:
        """As it is kept and as ``--map`` reads it."""
        return {
            "format": FORMAT,
            "columns": [
                {"heading": heading, "is": target}
                for heading, target in zip(table.headings, self.targets, strict=True)
            ],
            "status": self.status,
            "stage": self.stage,
            "citizenship": self.citizenship,
            "closed_on": self.closed_on,
        }


def from_json(value: Any, table: Table) -> ColumnMap:
    """A kept or written mapping, for *table*: columns are found by their headings.

    Raises:
        MappingUnreadable: it is not of the form, or names what there is not.
    """
    try:
        if value["format"] != FORMAT:
            raise MappingUnreadable
        given: dict[str, list[str]] = {}
        for column in value["columns"]:
            target = column["is"]
            if target != IGNORE and target not in columns().targets:
                raise MappingUnreadable
            given.setdefault(plain(column["heading"]), []).append(target)
        status, stage = value.get("status", ""), value.get("stage", "closed")
        if status and status not in SMALL_LISTS["victim_status"].labels:
            raise MappingUnreadable
        if stage not in SMALL_LISTS["stage"].labels:
            raise MappingUnreadable
        citizenship, closed_on = value.get("citizenship", ""), value.get("closed_on", "")
        if citizenship and not is_code("country", citizenship):
            raise MappingUnreadable
        if closed_on:
            closed_on = date.fromisoformat(closed_on).isoformat()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MappingUnreadable from error
    targets = []
    for heading in table.headings:
        waiting = given.get(plain(heading))
        targets.append(waiting.pop(0) if waiting else IGNORE)
    return ColumnMap(tuple(targets), status, stage, citizenship, closed_on)


def read_file(path: Path, table: Table) -> ColumnMap:
    """A mapping written as JSON.

    Raises:
        MappingUnreadable: it is not of the form.
    """
    try:
        return from_json(json.loads(path.read_text("utf-8-sig")), table)
    except (OSError, ValueError) as error:
        raise MappingUnreadable from error


def propose(table: Table) -> ColumnMap:
    """What the headings say; a column that says nothing known is kept in the note."""
    wishes = sorted(
        (
            (-score, column, key)
            for column, heading in enumerate(table.headings)
            for score, key in matches(heading)
        ),
    )
    targets: dict[int, str] = {}
    taken: set[str] = set()
    for _score, column, key in wishes:
        if column in targets or (key in taken and not _joins(key)):
            continue
        targets[column] = key
        taken.add(key)
    _tell_sexes_apart(targets)
    return ColumnMap(tuple(targets.get(n) or _otherwise(table, n) for n in range(table.width)))


def _joins(key: str) -> bool:
    return key in _JOINED or columns().targets[key].reads in _JOINED_READS


def _tell_sexes_apart(targets: dict[int, str]) -> None:
    """A column for men is one only beside a column for women."""
    for male, female, alone in (
        ("person.birth_male", "person.birth_female", "person.birth"),
        ("person.sex_male", "person.sex_female", "person.sex"),
    ):
        found = {key: column for column, key in targets.items() if key in {male, female}}
        if len(found) == 1 and alone not in targets.values():
            targets[next(iter(found.values()))] = alone


def _otherwise(table: Table, column: int) -> str:
    heading = plain(table.headings[column])
    if not heading or heading in columns().ignored:
        return IGNORE
    return NOTE if any(text_of(row.cells[column]) for row in table.rows) else IGNORE


def problems(mapping: ColumnMap) -> list[str]:
    """What is missing in a mapping, in words."""
    found = []
    if not mapping.columns_of(NAME):
        found.append(_("No column is chosen for the name."))
    for key, target in columns().targets.items():
        count = len(mapping.columns_of(key))
        if count > 1 and not _joins(key):
            text = _("“{what}” is chosen for {n} columns; it can be only one.")
            found.append(text.format(what=target.label(), n=count))
    return found


# --- kept in the vault ----------------------------------------------------------------------


def signature(table: Table) -> str:
    """The same for every table with the same headings."""
    text = "\n".join(plain(heading) for heading in table.headings)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ProposeColumns(Query[ColumnMap]):
    """What was chosen for these headings before, else what they say."""

    permission: ClassVar[str] = CASE_READ

    table: Table = field(repr=False)

    def run(self, context: Context, cursor: Any) -> ColumnMap:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_KEPT + signature(self.table),))
        row = cursor.fetchone()
        if row is not None:
            try:
                return from_json(json.loads(row[0]), self.table)
            except (ValueError, MappingUnreadable):
                pass  # kept by another version: propose anew
        return propose(self.table)


@dataclass(frozen=True, slots=True)
class KeepColumns(Command[None]):
    """Remember what the columns of such a table are."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = ""

    signature: str
    mapping: MappingLike[str, Any]

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        work.cursor.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            (_KEPT + self.signature, json.dumps(self.mapping, ensure_ascii=False)),
        )
