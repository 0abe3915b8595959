"""The list of cases as a model: any of 50,000 rows at once, read a page at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer

from traffick_desk.desk import icons
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.tables import PAGE, Column, Fetch, ListModel

KEPT_PAGES = 80
# What is shown of a row that is still being read.
WAITING = "…"
# row → (name of an icon, palette role, and its words where the cell does not say them) or None.
Mark = Callable[[Any], tuple[str, ...] | None]


class PagedModel(ListModel):
    """Knows how many rows there are, and reads the pages that are looked at.

    The scroll bar is right from the start, and jumping to the end reads one page,
    not all before it. Pages no longer looked at are let go.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        fetch: Fetch,
        count: Callable[[], int],
        jobs: Jobs | None = None,
        parent: QObject | None = None,
        *,
        marks: dict[str, Mark] | None = None,
    ) -> None:
        """Make an empty model; :meth:`reload` fills it.

        Args:
            columns: what to show.
            fetch: reads one page of rows.
            jobs: where to run *fetch*; at once if ``None``.
            parent: the owner.
            count: how many rows there are; runs where *fetch* runs.
            marks: column name → icon of a cell.
        """
        super().__init__(columns, fetch, jobs, parent)
        self._count = count
        self._marks = marks or {}
        self._total = 0
        self._pages: OrderedDict[int, list[Any]] = OrderedDict()
        self._wanted: list[int] = []
        self._looked_at = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_wanted)

    def start_with(self, order: str) -> None:
        """The order before anyone has chosen one."""
        self._order = order

    # -- rows --------------------------------------------------------------------------------

    def row(self, index: QModelIndex | int) -> Any:
        """The row at *index*; ``None`` while it is being read, or if there is none."""
        number = index if isinstance(index, int) else index.row()
        if not 0 <= number < self._total:
            return None
        page, place = divmod(number, PAGE)
        self._looked_at = page
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def find(self, wanted: Callable[[Any], bool]) -> int:
        """The number of the first row in memory that is *wanted*, or -1."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if wanted(row):
                    return page * PAGE + place
        return -1

    def set_source(self, fetch: Fetch, count: Callable[[], int], *, stay: bool = False) -> None:
        """Read from another query from now on, from the top unless we *stay* where we are."""
        self._fetch, self._count = fetch, count
        if not stay:
            self._looked_at = 0
        self.reload()

    def reload(self) -> None:
        """Count again, and read again what is looked at."""
        self._turn += 1
        self._reading = True
        turn, fetch, count, order = self._turn, self._fetch, self._count, self._order
        # The page looked at and its neighbour: a window may stand across two.
        first = max(0, self._looked_at - 1)

        def read() -> list[Any]:
            rows = list(fetch(order, first * PAGE, 2 * PAGE))
            return [count(), {first: rows[:PAGE], first + 1: rows[PAGE:]}]

        self._run(read, lambda found: self._first(turn, *found))

    def _first(self, turn: int, total: int, pages: dict[int, list[Any]]) -> None:
        if turn != self._turn:
            return
        self._reading = False
        self.beginResetModel()
        self._total = total
        self._pages = OrderedDict((p, rows) for p, rows in pages.items() if rows)
        self._wanted = []
        self.endResetModel()
        self.loaded.emit(total)

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.append(page)
            # Qt asks while it draws; reading begins when it is done.
            self._soon.start()

    def _read_wanted(self) -> None:
        if self._reading or not self._wanted:
            return
        # Someone who drags the scroll bar passes many pages; only where she stopped matters.
        pages, self._wanted = self._wanted[-2:], []
        self._reading = True
        turn, fetch, order = self._turn, self._fetch, self._order
        self._run(
            lambda: [{p: list(fetch(order, p * PAGE, PAGE)) for p in pages}],
            lambda found: self._came(turn, found[0]),
        )

    def _came(self, turn: int, pages: dict[int, list[Any]]) -> None:
        if turn != self._turn:
            return
        self._reading = False
        self._pages.update(pages)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        for page in pages:
            first = self.index(page * PAGE, 0)
            last = min((page + 1) * PAGE, self._total) - 1
            self.dataChanged.emit(first, self.index(last, len(self.columns) - 1))
        if self._wanted:
            self._soon.start()

    # -- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """All rows there are."""
        return 0 if parent.isValid() else self._total

    def canFetchMore(self, parent: QModelIndex) -> bool:  # noqa: ARG002
        """Never: the number of rows is known."""
        return False

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tone, icon and alignment of a cell."""
        if not index.isValid():
            return None
        row = self.row(index)
        if row is None:
            return WAITING if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DecorationRole:
            mark = self._marks.get(self.columns[index.column()].name)
            found = mark(row) if mark is not None else None
            if found is not None:
                return icons.pixmap(*found[:2], 16)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            mark = self._marks.get(self.columns[index.column()].name)
            found = mark(row) if mark is not None else None
            if found is not None and found[2:]:
                return found[2]
        return super().data(index, role)

    def _go_to_top(self) -> None:
        self._looked_at = 0
