"""Periodic reports: frozen when they are sent. What changes later shows as a correction.

A frozen report is kept in ``meta`` of this vault: its tables with all figures, its words, and who
froze it when. It is never changed; the next report of the same kind and period replaces it and
names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.reports.figures import TOTAL, Figure, Head, Measure, Table
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.spec import Period, Scope
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
        report: key of its kind.
        at: when it was frozen; *officer*: by whom.
        scope: time and place.
        before, after: what the officer wrote around the figures.
        replaces: id of the report that it corrects, or empty.
        tables: as they were.
    """

    id: str
    report: str
    at: str
    officer: str
    scope: Scope
    before: str
    after: str
    replaces: str
    tables: tuple[Table, ...] = field(hash=False)


def _read(key: str, text: str) -> FrozenReport:
    found = json.loads(text)
    return FrozenReport(
        key.removeprefix(_KEY),
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
        earlier = [r for r in _all(work.cursor) if (r.report, r.scope) == (self.report, self.scope)]
        period = self.scope.period
        kept = {
            "report": self.report,
            "at": context.moment,
            "officer": context.info.officer_name,
            "period": [period.first, period.last],
            "unit": self.scope.unit,
            "before": self.before,
            "after": self.after,
            "replaces": earlier[-1].id if earlier else "",
            "tables": [table_json(t) for t in tables],
        }
        made = new_id()
        work.cursor.execute(
            "INSERT INTO meta VALUES (?, ?)",
            (f"{_KEY}{made}", json.dumps(kept, ensure_ascii=False)),
        )
        return made

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


def _all(cursor: Any) -> list[FrozenReport]:
    cursor.execute(f"SELECT key, value FROM meta WHERE key LIKE '{_KEY}%' ORDER BY key")
    return [_read(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class FrozenReports(Query[tuple[FrozenReport, ...]]):
    """Every report that was frozen, the newest first."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[FrozenReport, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        return tuple(reversed(_all(cursor)))


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
        cursor.execute("SELECT key, value FROM meta WHERE key = ?", (f"{_KEY}{self.id}",))
        row = cursor.fetchone()
        if row is None:
            raise NotHere
        frozen = _read(*row)
        specs = [TABLES[t.key] for t in frozen.tables if t.key in TABLES]
        now = {t.key: t for t in Compilation(context, cursor, frozen.scope, specs).tables()}
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
