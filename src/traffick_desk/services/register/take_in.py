"""Taking in the rows that the officer agreed to, a few at a time; each has its own case."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import ClassVar

from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Desk
from traffick_desk.services.commands import NewCase
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.register.mapping import ColumnMap, KeepColumns, signature
from traffick_desk.services.register.preview import (
    KEY,
    READY,
    TWIN,
    Preview,
    PreviewRow,
    Progress,
    quiet,
)
from traffick_desk.services.register.rows import RowReader
from traffick_desk.services.register.table import Row, Table
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

BATCH = 20


@dataclass(frozen=True, slots=True)
class RowIn:
    """A row to be taken in."""

    number: int
    key: str
    digest: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class TakeInRows(Command[tuple[tuple[int, str], ...]]):
    """Open a case for each row, all or none; a row that has one already is left out.

    Answers with pairs of row number and case id of the cases that were opened.

    Raises:
        InvalidValues: a value cannot be; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "register.take_in"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    rows: tuple[RowIn, ...]

    def run(self, context: Context, work: Work) -> tuple[tuple[int, str], ...]:
        """See :class:`Command`."""
        made = []
        for row in self.rows:
            key = KEY + row.key
            work.cursor.execute("SELECT 1 FROM meta WHERE key = ?", (key,))
            if work.cursor.fetchone() is not None:
                continue
            case_id = NewCase(row.edits).run(context, work)
            # In the same transaction as the case: there is no moment in which one is without
            # the other, so the same file taken in again opens nothing twice.
            work.cursor.execute("INSERT INTO meta VALUES (?, ?)", (key, f"{case_id} {row.digest}"))
            work.log(context.moment, context.info.officer_id, NewCase.action, case_id)
            made.append((row.number, case_id))
        return tuple(made)

    def target(self, result: tuple[tuple[int, str], ...]) -> str:
        """See :class:`Command`."""
        return str(len(result))


@dataclass
class Report:
    """What became of a register.

    Attributes:
        taken: row number → id of its case.
        refused: row number → why, in words.
        known: how many rows had a case already.
        stopped: whether the officer stopped it; what was taken in stays.
    """

    taken: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    known: int = 0
    stopped: bool = False


def take_in(
    desk: Desk,
    table: Table,
    mapping: ColumnMap,
    preview: Preview,
    wanted: AbstractSet[int] | None = None,
    progress: Progress = quiet,
    report: Report | None = None,
) -> Report:
    """Open a case for each row of *wanted* that can be taken in.

    It may be stopped between any two batches (*progress* raises); what was taken in by then is
    whole, stands in *report*, and the rest can be taken in by doing the same again.

    Args:
        desk: an unlocked desk.
        table: the table that *preview* was made of.
        mapping: the mapping that *preview* was made with.
        preview: what the officer has seen.
        wanted: numbers of rows; by default those that are ready. Rows that cannot be taken in
            or have a case already are left out whatever it says.
        progress: told how far it is.
        report: filled as it goes on, for who wants to know when it is stopped.
    """
    report = Report() if report is None else report
    chosen = preview.ready if wanted is None else wanted
    rows = {row.number: row for row in table.rows}
    todo = [p for p in preview.rows if p.number in chosen and p.state in {READY, TWIN}]
    desk.do(KeepColumns(signature(table), mapping.to_json(table)))
    reader = RowReader(desk.context, table, mapping)
    words = _("Taking in the rows…")
    for start in range(0, len(todo), BATCH):
        progress(start, len(todo), words)
        part = todo[start : start + BATCH]
        batch = tuple(_row_in(reader, rows, seen) for seen in part)
        try:
            made = desk.do(TakeInRows(batch))
        except InvalidValues:
            made = _one_by_one(desk, batch, report)
        report.taken.update(made)
        report.known += len(batch) - len(made) - sum(r.number in report.refused for r in batch)
    progress(len(todo), len(todo), words)
    return report


def _row_in(reader: RowReader, rows: dict[int, Row], seen: PreviewRow) -> RowIn:
    reading = reader.read(rows[seen.number])
    return RowIn(seen.number, seen.key, seen.digest, reading.edits)


def _one_by_one(
    desk: Desk, batch: tuple[RowIn, ...], report: Report
) -> tuple[tuple[int, str], ...]:
    """One row of a batch was refused: the others must not wait for it."""
    made: list[tuple[int, str]] = []
    for row in batch:
        try:
            one: tuple[tuple[int, str], ...] = desk.do(TakeInRows((row,)))
            made.extend(one)
        except InvalidValues as refused:
            report.refused[row.number] = " ".join(text for _t, _f, text in refused.problems)
    return tuple(made)
