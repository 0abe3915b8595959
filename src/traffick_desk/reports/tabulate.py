"""From units, one at a time, to a table: one pass, each unit once in every total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median_low

from traffick_desk.reports.figures import TOTAL, Figure, Measure

Codes = tuple[str, ...]
Place = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """Counts units into the cells of one table.

    Attributes:
        measure: what is counted or added up.
    """

    measure: Measure
    _numbers: dict[Place, int] = field(default_factory=dict)
    _seen: dict[Place, set[str]] = field(default_factory=dict)
    _values: dict[Place, list[int]] = field(default_factory=dict)
    _open: set[Place] = field(default_factory=set)

    def add(
        self,
        rows: Codes,
        columns: Codes,
        who: str = "",
        amount: int | None = None,
        *,
        at_least: bool = False,
    ) -> None:
        """Count one unit.

        Args:
            rows: the classes it is in.
            columns: the same; none if the table has none.
            who: id of the person or case, for measures that count them.
            amount: of a sum or a median; ``None``: not known.
            at_least: the amount is a lower bound.
        """
        measure = self.measure
        for row in (*rows, TOTAL):
            for column in (*columns, TOTAL):
                place = (row, column)
                if measure is Measure.RECORDS:
                    self._numbers[place] = self._numbers.get(place, 0) + 1
                elif measure is Measure.SUM:
                    self._numbers[place] = self._numbers.get(place, 0) + (amount or 0)
                    if amount is None or at_least:
                        self._open.add(place)
                elif measure is Measure.MEDIAN:
                    if amount is not None:
                        self._values.setdefault(place, []).append(amount)
                else:
                    self._seen.setdefault(place, set()).add(who)

    def cells(self) -> dict[Place, Figure]:
        """The figures of all cells that are not empty."""
        match self.measure:
            case Measure.RECORDS | Measure.SUM:
                return {p: Figure(n, p in self._open) for p, n in self._numbers.items()}
            case Measure.MEDIAN:
                return {p: Figure(median_low(v)) for p, v in self._values.items()}
            case _:
                return {p: Figure(len(s)) for p, s in self._seen.items()}


def used(cells: Iterable[Place]) -> tuple[set[str], set[str]]:
    """Codes of rows and of columns that occur."""
    rows, columns = set(), set()
    for row, column in cells:
        rows.add(row)
        columns.add(column)
    return rows - {TOTAL}, columns - {TOTAL}
