"""From units to a table: those of the same classes at once, each unit once in every total."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
        number: int = 0,
        *,
        at_least: bool = False,
        values: Collection[int] = (),
        who: Collection[str] = (),
    ) -> None:
        """Count units that are in the same classes.

        Args:
            rows: the classes they are in.
            columns: the same; none if the table has none.
            number: how many they are, or the sum of their amounts.
            at_least: the sum is a lower bound.
            values: of a median.
            who: ids of the persons or cases, for measures that count them.
        """
        measure = self.measure
        for row in (*rows, TOTAL):
            for column in (*columns, TOTAL):
                place = (row, column)
                if measure is Measure.RECORDS or measure is Measure.SUM:
                    self._numbers[place] = self._numbers.get(place, 0) + number
                    if at_least:
                        self._open.add(place)
                elif measure is Measure.MEDIAN:
                    if values:
                        self._values.setdefault(place, []).extend(values)
                else:
                    self._seen.setdefault(place, set()).update(who)

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
