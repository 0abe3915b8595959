"""A table of figures: what is counted, by what, and which figures are *at least* or not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from traffick_desk.i18n import _

TOTAL = "*"
"""Code of the row or column of totals."""
EMPTY = ""
"""Code of what nobody entered."""


class Measure(StrEnum):
    """What a cell says."""

    RECORDS = "records"
    PERSONS = "persons"
    CASES = "cases"
    SUM = "sum"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell.

    Attributes:
        value: the figure; ``None`` where there is none (a median of nothing).
        at_least: something that belongs to it has no figure, so the true one may be higher.
        hidden: withheld by the disclosure control; the value is gone too.
    """

    value: int | None
    at_least: bool = False
    hidden: bool = False

    def text(self) -> str:
        """As it is shown: ``1.234``, ``ít nhất 1.234``, ``…`` if withheld, ``–`` for none."""
        if self.hidden:
            return "…"
        if self.value is None:
            return "–"
        shown = f"{self.value:,}".replace(",", ".")
        return _("at least {n}").format(n=shown) if self.at_least else shown


HIDDEN = Figure(None, hidden=True)


@dataclass(frozen=True, slots=True)
class Head:
    """A row or a column: its code and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its totals; cells are named by the codes of their row and column.

    A total counts each unit once. Where several answers are possible (:attr:`several_rows`,
    :attr:`several_columns`) the cells may add up to more.

    Attributes:
        title: in the language of the desk.
        subject: what one unit is, in words (persons, payments …).
        row_title, column_title: what rows and columns are.
        rows, columns: without the totals; a table by one thing alone has no columns.
        cells: ``(row, column)`` → figure; :data:`TOTAL` for totals. A missing one is 0.
        measure: what a cell says.
        unit: ``₫``, a word for days, or empty.
        notes: how it was counted, for the reader.
        key: of the description in the built-in set, or empty.
        across: whether the columns have a total.
    """

    title: str
    subject: str
    row_title: str
    rows: tuple[Head, ...]
    cells: dict[tuple[str, str], Figure] = field(hash=False)
    column_title: str = ""
    columns: tuple[Head, ...] = ()
    measure: Measure = Measure.RECORDS
    unit: str = ""
    several_rows: bool = False
    several_columns: bool = False
    notes: tuple[str, ...] = ()
    key: str = ""
    across: bool = True

    def at(self, row: str, column: str = TOTAL) -> Figure:
        """The figure of one cell."""
        none = Figure(None if self.measure is Measure.MEDIAN else 0)
        return self.cells.get((row, column), none)

    @property
    def total(self) -> Figure:
        """The figure of everything."""
        return self.at(TOTAL)

    @property
    def counts(self) -> bool:
        """Whether cells are numbers of people or things, so that small ones may tell on someone."""
        return self.measure in {Measure.RECORDS, Measure.PERSONS, Measure.CASES}

    def heads(self) -> tuple[str, ...]:
        """The first line: what the rows are, the columns, the total."""
        label = _("All") if self.columns else self.subject
        last = (label,) if self.shown_columns()[-1] == TOTAL else ()
        return (self.row_title, *(c.label for c in self.columns), *last)

    def shown_columns(self) -> tuple[str, ...]:
        """Codes of the columns that are shown, the total last."""
        last = (TOTAL,) if self.across or not self.columns else ()
        return (*(c.code for c in self.columns), *last)

    def lines(self) -> Iterator[tuple[Head, tuple[Figure, ...]]]:
        """Each row with its figures in the order of :meth:`heads`; the totals come last."""
        columns = self.shown_columns()
        for row in (*self.rows, Head(TOTAL, _("All"))):
            yield row, tuple(self.at(row.code, c) for c in columns)

    def all_notes(self) -> tuple[str, ...]:
        """The notes with those that follow from the figures."""
        found = list(self.notes)
        if self.several_rows or self.several_columns:
            found.append(_("Several answers are possible, so the rows may add up to more."))
        if any(f.at_least for f in self.cells.values()):
            found.append(_("“At least”: some amounts are not known and are not counted as 0."))
        if any(f.hidden for f in self.cells.values()):
            found.append(_("… withheld so that nobody can be recognised."))
        return tuple(found)

    def with_cells(self, cells: dict[tuple[str, str], Figure]) -> Table:
        """The same table with other figures."""
        return replace(self, cells=cells)
