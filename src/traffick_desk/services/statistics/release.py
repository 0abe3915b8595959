"""Figures for people who may not see cases: controlled, and remembered once they have left.

What was released is kept in ``meta`` of this vault: who was behind each cell (as numbers made of
ids, for comparing), and which cells were shown. It never leaves the desk.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.reports.disclosure import DEFAULT_THRESHOLD, Memory, Released
from traffick_desk.reports.disclosure.tables import follow, shown
from traffick_desk.reports.figures import TOTAL, Measure, Table
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import CASE_READ, FIGURES, RULES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.spec import Scope, TableSpec
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_KEY = "report:release:"
Groups = Mapping[tuple[str, str], frozenset[int]]


class ThresholdRefused(ServiceError):
    """A threshold that protects nobody, or hides everything."""

    def __str__(self) -> str:
        return _("The threshold must be from 3 to 100. Nothing was changed.")


def threshold(cursor: Any, today: str) -> int:
    """The least number that is shown, as the province set it last."""
    cursor.execute(
        "SELECT threshold FROM r_disclosure_rule WHERE voided IS NULL AND since <= ? "
        "ORDER BY since DESC, id DESC LIMIT 1",
        (today,),
    )
    row = cursor.fetchone()
    return int(row[0]) if row and row[0] else DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class Threshold(Query[int]):
    """The least number that is shown in figures that leave."""

    permission: ClassVar[str] = FIGURES

    def run(self, context: Context, cursor: Any) -> int:
        """See :class:`Query`."""
        return threshold(cursor, context.today)


@dataclass(frozen=True, slots=True)
class SetThreshold(Command[str]):
    """The province says from which number on figures may leave; its communes follow.

    Raises:
        ThresholdRefused: it is not from 3 to 100.
    """

    permission: ClassVar[str] = RULES
    action: ClassVar[str] = "statistics.threshold"
    changes: ClassVar[frozenset[str]] = frozenset({"rules"})

    value: int
    note: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if not 3 <= self.value <= 100:
            raise ThresholdRefused
        values = {"threshold": self.value, "since": context.today}
        if self.note:
            values["note"] = self.note
        record = new_id()
        edit = Edit("disclosure_rule", record, values)
        work.journal.write(edit, context.info.officer_id, None)
        return record


# --- the memory ------------------------------------------------------------------------------


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _packed(group: frozenset[int]) -> str:
    raw = struct.pack(f">{len(group)}Q", *sorted(group))
    return base64.b85encode(zlib.compress(raw)).decode()


def _unpacked(text: str) -> frozenset[int]:
    raw = zlib.decompress(base64.b85decode(text))
    return frozenset(struct.unpack(f">{len(raw) // 8}Q", raw))


def _as_json(released: Released) -> dict[str, Any]:
    return {
        "kind": released.kind,
        "members": [[*place, _packed(g)] for place, g in sorted(released.members.items())],
        "shown": sorted([list(p) for p in released.shown]),
    }


def _from_json(found: Mapping[str, Any]) -> Released:
    members = {(row, column): _unpacked(text) for row, column, text in found["members"]}
    return Released(members, frozenset((r, c) for r, c in found["shown"]), found["kind"])


def released_before(cursor: Any) -> list[Released]:
    """Every table that left, the oldest first."""
    cursor.execute(f"SELECT value FROM meta WHERE key LIKE '{_KEY}%' ORDER BY key")
    return [
        _from_json(table) for (text,) in cursor.fetchall() for table in json.loads(text)["tables"]
    ]


def _controlled(
    context: Context, cursor: Any, scope: Scope, specs: Sequence[TableSpec]
) -> tuple[list[Table], list[Released]]:
    """The tables as they may leave now, and what would have to be remembered of them."""
    before = released_before(cursor)
    limit = threshold(cursor, context.today)
    tables: list[Table] = []
    made: list[Released] = []
    for spec in specs:
        # Sums and medians are as safe as the number of persons behind them.
        counts = spec.measure in {Measure.RECORDS, Measure.PERSONS, Measure.CASES}
        counted = spec if counts else replace(spec, measure=Measure.PERSONS, amount="")
        table, groups = _with_groups(context, cursor, scope, counted)
        kind = f"{spec.subject} {min(spec.rows, spec.columns)} {max(spec.rows, spec.columns)}"
        safe = Memory([*before, *made], limit).control(table, groups, kind)
        made.append(Released(groups, frozenset(shown(safe)), kind))
        if counts:
            tables.append(safe)
        else:
            (whole,) = Compilation(context, cursor, scope, [spec]).tables()
            tables.append(follow(whole, safe))
    return tables, made


def _with_groups(
    context: Context, cursor: Any, scope: Scope, spec: TableSpec
) -> tuple[Table, Groups]:
    (table,) = Compilation(context, cursor, scope, [spec]).tables()
    compilation = Compilation(context, cursor, scope, [spec])
    found: dict[tuple[str, str], set[int]] = {}
    for member in compilation.members():
        who = _number(compilation.who(0, member.unit))
        for row in member.rows:
            for column in member.columns or (TOTAL,):
                found.setdefault((row, column), set()).add(who)
    return table, {place: frozenset(group) for place, group in found.items()}


@dataclass(frozen=True, slots=True)
class ControlledTables(Query[tuple[Table, ...]]):
    """Tables as they may be seen by who may not see cases. Nothing is released by looking.

    An auditor sees the figures in this form alone.
    """

    permission: ClassVar[str] = FIGURES

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, cursor: Any) -> tuple[Table, ...]:
        """See :class:`Query`."""
        return tuple(_controlled(context, cursor, self.scope, self.specs)[0])


@dataclass(frozen=True, slots=True)
class ReleaseTables(Command[tuple[Table, ...]]):
    """Let tables leave: controlled against all that left before, and remembered.

    Attributes:
        title: of the report, for the list of what was released.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "statistics.release"
    changes: ClassVar[frozenset[str]] = frozenset({"reports"})

    specs: tuple[TableSpec, ...]
    scope: Scope = field(default_factory=Scope)
    title: str = ""

    def run(self, context: Context, work: Work) -> tuple[Table, ...]:
        """See :class:`Command`."""
        tables, made = _controlled(context, work.cursor, self.scope, self.specs)
        kept = {
            "at": context.moment,
            "officer": context.info.officer_name,
            "title": self.title,
            "tables": [_as_json(r) for r in made],
        }
        work.cursor.execute(
            "INSERT INTO meta VALUES (?, ?)",
            (f"{_KEY}{new_id()}", json.dumps(kept, ensure_ascii=False)),
        )
        return tuple(tables)

    def target(self, result: tuple[Table, ...]) -> str:
        """How many tables; the figures are in the memory."""
        return f"{len(result)} {self.scope.period.first}..{self.scope.period.last}"
