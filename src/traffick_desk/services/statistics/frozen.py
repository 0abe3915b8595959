"""Periodic reports: frozen when they are sent. What changes later shows as a correction.

A frozen report is a record of the unit that sent it (:mod:`.kept`): its tables with all figures,
its words, and who froze it when. A commune's reaches its province with the next bundle. It is never
changed; the next report of the same kind and period replaces it and names it. What was frozen
before version 0.2 lies in ``meta`` of its vault and is shown with the others.

A commune's report is of the commune (``spec.own_place``), so it means the same wherever it is
counted again. An older program froze everything at a desk, which no other desk can count: cases
that were referred to that one, and cases that had moved away. Of these only what the sender itself
corrected is told elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar

from traffick_desk.domain.belonging import named_unit, unit_of
from traffick_desk.domain.values import parse_moment
from traffick_desk.i18n import LANGUAGES, _, speaking
from traffick_desk.reports.figures import TOTAL, Figure, Head, Measure, Table
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.errors import NotHere, ServiceError
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.compute import Compilation
from traffick_desk.services.statistics.kept import new_kept_id, packed, unpacked
from traffick_desk.services.statistics.spec import Period, Scope, own_place
from traffick_desk.services.veiling import LEFT_OUT
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_KEY = "report:frozen:"


class FreezeRefused(ServiceError):
    """Everything at a commune's desk is no report: other desks cannot count it again."""

    def __str__(self) -> str:
        return _(
            "The report was not frozen, nothing was changed: it counts cases of other communes "
            "too. Please choose the own commune, then freeze it."
        )


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

    @property
    def series(self) -> tuple[str, str, Scope]:
        """What its editions have in common: whose report, which, of when and where."""
        return self.unit, self.report, self.scope


_COLUMNS = "id, kind, at, officer, since, until, place, before, after, replaces, content"


def _read(row: tuple[Any, ...]) -> FrozenReport | None:
    record, kind, at, officer, since, until, place, before, after, replaces, content = row
    try:
        parse_moment(at or "")
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

    Raises:
        FreezeRefused: a commune's desk is asked for more than its own.
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
        if not self.scope.unit and own_place(context.info):
            raise FreezeRefused
        specs = [TABLES[key] for key in REPORTS[self.report].tables]
        tables = Compilation(context, work.cursor, self.scope, specs).tables()
        earlier = [
            r for r in _all(context, work.cursor)
            if r.series == (context.info.unit, self.report, self.scope)
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


class Against(StrEnum):
    """With what a report as it was sent is compared.

    Attributes:
        NEWER: the newest edition of its sender: what the sender itself corrected.
        NOW: what this desk counts now, as of the day on which it was sent.
        NOTHING: this desk cannot count what was counted.
    """

    NEWER = "newer"
    NOW = "now"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that is another now: in which table and cell, what it was and what it is."""

    table: str
    row: str
    column: str
    was: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report as it was sent beside later figures.

    Attributes:
        against: whose figures these are.
        at: when the newer edition was sent; empty for figures of now.
        corrections: figures that are others.
        left_out: restricted cases may be missing on either side.
    """

    against: Against
    at: str = ""
    corrections: tuple[Correction, ...] = ()
    left_out: bool = False


def counts_here(context: Context, frozen: FrozenReport) -> bool:
    """Whether this desk can count again what a report counted."""
    of_all_here = frozen.unit == context.info.unit and not own_place(context.info)
    return bool(frozen.scope.unit) or of_all_here


def scope_here(context: Context, frozen: FrozenReport) -> Scope:
    """Over what figures of now are counted beside a report: the same, or its sender's own."""
    if counts_here(context, frozen):
        return frozen.scope
    return replace(frozen.scope, unit=frozen.unit)


@dataclass(frozen=True, slots=True)
class Corrections(Query[Comparison]):
    """What is otherwise than in a frozen report: in its newest edition, else if made now.

    Raises:
        NotHere: there is no such report.
    """

    permission: ClassVar[str] = CASE_READ

    id: str

    def run(self, context: Context, cursor: Any) -> Comparison:
        """See :class:`Query`."""
        found: tuple[Table, ...]
        everything = _all(context, cursor)
        frozen = next((r for r in everything if r.id == self.id), None)
        if frozen is None:
            raise NotHere
        newest = [r for r in everything if r.series == frozen.series][-1]
        if newest.id != frozen.id:
            found, against = newest.tables, Against.NEWER
        elif counts_here(context, frozen):
            specs = [TABLES[t.key] for t in frozen.tables if t.key in TABLES]
            # What is late or ahead was judged that day: that time went by corrects nothing.
            then = parse_moment(frozen.at)
            that_day = replace(context, now=lambda: then)
            found = Compilation(that_day, cursor, frozen.scope, specs).tables()
            against = Against.NOW
        else:
            return Comparison(Against.NOTHING)
        later = {t.key: t for t in found}
        return Comparison(
            against,
            newest.at if against is Against.NEWER else "",
            tuple(
                c for t in frozen.tables if t.key in later for c in _differences(t, later[t.key])
            ),
            any(_left_out(t) for t in (*frozen.tables, *found)),
        )


def _left_out(table: Table) -> bool:
    """Whether it says that restricted cases are missing, in whatever language it was frozen."""
    said = {LEFT_OUT}
    for language in LANGUAGES:
        with speaking(language):
            said.add(_(LEFT_OUT))
    return not said.isdisjoint(table.notes)


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
