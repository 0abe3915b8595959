"""Periodic reports: frozen when they are sent. What changes later shows as a correction.

A frozen report is a record of the unit that sent it (:mod:`.kept`): its tables with all figures,
its words, and who froze it when. A commune's reaches its province with the next bundle, where it is
compared with what the province counts of that commune. It is never changed; the next report of
the same kind and period replaces it and names it. What was frozen before version 0.2 lies in
``meta`` of its vault and is shown with the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from traffick_desk.domain.belonging import named_unit, unit_of
from traffick_desk.reports.figures import TOTAL, Figure, Head, Measure, Table
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.kept import new_kept_id, packed, unpacked
from traffick_desk.services.statistics.spec import Period, Scope
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_KEY = "report:frozen:"


def table_json(table: Table) -> dict[str, Any]:
    """A table with every figure, as it is kept and as the command line prints it."""
    return {
        "key": table.key,
        "title": table.title,
        "subject": table.subject,
        "rows": {"title": table.row_title, "heads": _heads(table.rows)},
        "columns": {"title": table.column_title, "heads": _heads(table.columns)},
        "measure": str(table.measure),
        "unit": table.unit,
        "several_rows": table.several_rows,
        "several_columns": table.several_columns,
        "across": table.across,
        "notes": list(table.notes),
        "cells": [
            [*place, f.value, *([_MARKS[f.at_least, f.hidden]] if f.at_least or f.hidden else [])]
            for place, f in sorted(table.cells.items())
        ],
        "total": TOTAL,
    }


_MARKS = {(True, False): "at_least", (False, True): "hidden", (True, True): "hidden"}


def _heads(heads: Sequence[Head]) -> list[list[str]]:
    return [[h.code, h.label] for h in heads]


def table_of(found: Mapping[str, Any]) -> Table:
    """The counterpart of :func:`table_json`."""
    cells = {}
    for row, column, value, *mark in found["cells"]:
        cells[row, column] = Figure(value, mark == ["at_least"], mark == ["hidden"])
    rows, columns = found["rows"], found["columns"]
    return Table(
        found["title"],
        found["subject"],
        rows["title"],
        tuple(Head(*h) for h in rows["heads"]),
        cells,
        columns["title"],
        tuple(Head(*h) for h in columns["heads"]),
        Measure(found["measure"]),
        found["unit"],
        found["several_rows"],
        found["several_columns"],
        tuple(found["notes"]),
        found["key"],
        found["across"],
    )


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """A report as it was sent.

    Attributes:
        id: of this copy.
        unit: whose desk sent it.
        report: key of its kind.
        at: when it was frozen; *officer*: by whom.
        scope: time and place.
        before, after: what the officer wrote around the figures.
        replaces: id of the report that it corrects, or empty.
        tables: as they were.
    """

    id: str
    unit: str
    report: str
    at: str
    officer: str
    scope: Scope
    before: str
    after: str
    replaces: str
    tables: tuple[Table, ...] = field(hash=False)


_COLUMNS = "id, kind, at, officer, since, until, place, before, after, replaces, content"


def _read(row: tuple[Any, ...]) -> FrozenReport | None:
    record, kind, at, officer, since, until, place, before, after, replaces, content = row
    try:
        tables = tuple(table_of(t) for t in unpacked(content or ""))
    except (ValueError, KeyError, TypeError, IndexError):
        # From a desk that lies, or a newer one: a report that cannot be read is none.
        return None
    return FrozenReport(
        record,
        named_unit(unit_of(record)),
        kind or "",
        at or "",
        officer or "",
        Scope(Period(since or "", until or ""), place or ""),
        before or "",
        after or "",
        replaces or "",
        tables,
    )


def _of_meta(context: Context, key: str, text: str) -> FrozenReport:
    found = json.loads(text)
    return FrozenReport(
        key.removeprefix(_KEY),
        context.info.unit,
        found["report"],
        found["at"],
        found["officer"],
        Scope(Period(*found["period"]), found["unit"]),
        found["before"],
        found["after"],
        found["replaces"],
        tuple(table_of(t) for t in found["tables"]),
    )


@dataclass(frozen=True, slots=True)
class FreezeReport(Command[str]):
    """Keep a report as it is sent now; answers with its id.

    Attributes:
        report: a key of ``builtin.REPORTS``.
        before, after: the officer's words.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "statistics.freeze"
    changes: ClassVar[frozenset[str]] = frozenset({"reports"})

    report: str
    scope: Scope = field(default_factory=Scope)
    before: str = ""
    after: str = ""

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        specs = [TABLES[key] for key in REPORTS[self.report].tables]
        tables = Compilation(context, work.cursor, self.scope, specs).tables()
        earlier = [
            r for r in _all(context, work.cursor)
            if (r.unit, r.report, r.scope) == (context.info.unit, self.report, self.scope)
        ]  # fmt: skip
        period = self.scope.period
        made = new_kept_id(context)
        values = {
            "kind": self.report,
            "at": context.moment,
            "officer": context.info.officer_name,
            "since": period.first or None,
            "until": period.last or None,
            "place": self.scope.unit or None,
            "before": self.before or None,
            "after": self.after or None,
            "replaces": earlier[-1].id if earlier else None,
            "content": packed([table_json(t) for t in tables]),
        }
        given = {n: v for n, v in values.items() if v is not None}
        work.journal.write(Edit("report", made, given), context.info.officer_id, None)
        return made

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


def _all(context: Context, cursor: Any) -> list[FrozenReport]:
    cursor.execute(f"SELECT key, value FROM meta WHERE key LIKE '{_KEY}%' ORDER BY key")
    old = [_of_meta(context, *row) for row in cursor.fetchall()]
    cursor.execute(f"SELECT {_COLUMNS} FROM r_report WHERE voided IS NULL ORDER BY substr(id, -36)")
    return [*old, *(r for row in cursor.fetchall() if (r := _read(row)) is not None)]


@dataclass(frozen=True, slots=True)
class FrozenReports(Query[tuple[FrozenReport, ...]]):
    """Every report that was frozen, here or by a commune whose bundle brought it; newest first."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[FrozenReport, ...]:
        """See :class:`Query`."""
        return tuple(reversed(_all(context, cursor)))


def scope_here(context: Context, frozen: FrozenReport) -> Scope:
    """Over what this desk counts to compare: what was all of a commune's desk is that commune."""
    if frozen.scope.unit or frozen.unit == context.info.unit:
        return frozen.scope
    return replace(frozen.scope, unit=frozen.unit)


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that is another now: in which table and cell, what it was and what it is."""

    table: str
    row: str
    column: str
    was: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Corrections(Query[tuple[Correction, ...]]):
    """What would be otherwise if a frozen report were made now.

    Raises:
        NotHere: there is no such report.
    """

    permission: ClassVar[str] = CASE_READ

    id: str

    def run(self, context: Context, cursor: Any) -> tuple[Correction, ...]:
        """See :class:`Query`."""
        frozen = next((r for r in _all(context, cursor) if r.id == self.id), None)
        if frozen is None:
            raise NotHere
        specs = [TABLES[t.key] for t in frozen.tables if t.key in TABLES]
        now = {
            t.key: t
            for t in Compilation(context, cursor, scope_here(context, frozen), specs).tables()
        }
        return tuple(
            c for old in frozen.tables if old.key in now for c in _differences(old, now[old.key])
        )


def _differences(old: Table, new: Table) -> list[Correction]:
    rows = {h.code: h.label for h in (*old.rows, *new.rows)} | {TOTAL: ""}
    columns = {h.code: h.label for h in (*old.columns, *new.columns)} | {TOTAL: ""}
    shown = {*old.shown_columns(), *new.shown_columns()}
    return [
        Correction(old.title, rows[row], columns[column], old.at(row, column), new.at(row, column))
        for row in rows
        for column in columns
        if column in shown and old.at(row, column) != new.at(row, column)
    ]
