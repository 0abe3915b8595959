"""Withholding small figures of one table, and what else would give them away."""

from __future__ import annotations

from collections.abc import Collection

from traffick_desk.reports.disclosure.network import Arc, protect
from traffick_desk.reports.figures import HIDDEN, TOTAL, Figure, Head, Table

DEFAULT_THRESHOLD = 11
"""Figures from 1 to below this are withheld, unless the province sets another threshold."""
Place = tuple[str, str]


def arcs_of(table: Table) -> dict[Place, Arc]:
    """The network of a table: place → arc. Totals run against what they add up."""
    rows = [r.code for r in table.rows]
    if not table.columns:
        found = {(r, TOTAL): Arc("sum", "all", table.at(r).value or 0) for r in rows}
        return {**found, (TOTAL, TOTAL): Arc("all", "sum", table.total.value or 0)}
    found = {}
    for row in (*rows, TOTAL):
        for column in (*(c.code for c in table.columns), TOTAL):
            tail, head = ("row", row), ("column", column)
            if (row == TOTAL) != (column == TOTAL):
                tail, head = head, tail
            found[row, column] = Arc(tail, head, table.at(row, column).value or 0)
    return found


def small_cells(table: Table, threshold: int) -> set[Place]:
    """Places of figures that are too small to be shown."""
    return {p for p, arc in arcs_of(table).items() if 0 < arc.value < threshold}


def suppress(
    table: Table,
    threshold: int = DEFAULT_THRESHOLD,
    also: Collection[Place] = (),
    known: Collection[Place] = (),
) -> Table:
    """The table as it may leave: small figures and whatever would give them away are withheld.

    A 0 is shown. Sums and medians are shown only where the number of those behind them may be:
    pass such tables to :func:`follow` with the table of counts.

    Args:
        table: of counts.
        threshold: figures from 1 to below it are small.
        also: more places that must not be shown, because of what was released before.
        known: places whose figure was released before.
    """
    arcs = arcs_of(table)
    for place, arc in arcs.items():
        arc.known = place in known
        small = 0 < arc.value < threshold or (place in also and arc.value > 0)
        # What is known already cannot be protected any more.
        arc.small = small and not arc.known
    if not any(arc.small for arc in arcs.values()):
        return table
    # Where several answers are possible sums do not hold. They are treated as if they did: who
    # guesses that nobody gave two answers is then no better off than with one answer each.
    if not protect(list(arcs.values()), threshold):
        return table.with_cells(dict.fromkeys(arcs, HIDDEN))
    cells = {
        place: HIDDEN if arc.hidden else table.at(*place)
        for place, arc in arcs.items()
        if arc.hidden or place in table.cells
    }
    return table.with_cells(cells)


def follow(table: Table, counts: Table) -> Table:
    """A table of sums or medians without the cells whose counts are withheld."""
    places: set[Place] = {*table.cells, *counts.cells}
    return table.with_cells({p: HIDDEN if counts.at(*p).hidden else table.at(*p) for p in places})


def shown(table: Table) -> dict[Place, int]:
    """What a reader of the table knows: place → figure; every cell that is not withheld."""
    rows = (*table.rows, Head(TOTAL, ""))
    columns = (*table.columns, Head(TOTAL, ""))
    found: dict[Place, int] = {}
    for row in rows:
        for column in columns:
            figure: Figure = table.at(row.code, column.code)
            if not figure.hidden and figure.value is not None:
                found[row.code, column.code] = figure.value
    return found
