"""Lists: a model that fetches pages through a query, and the table around it.

Never a widget per row. Filtering and sorting happen in the query (in SQL); the
model keeps the pages that were looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedLayout, QTableView, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.preferences import Preferences
from traffick_desk.i18n import _

PAGE = 100
# (order, offset, limit) → rows; order is a column's sort key, "-" before it for downwards.
Fetch = Callable[[str, int, int], Sequence[Any]]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Attributes:
        name: stable, for remembering its width.
        title: in the language of the desk.
        text: row → what stands in the cell.
        order: sort key of the query; "" when the list cannot be sorted by it.
        chars: width in characters at first.
        tone: row → tone of the cell (``late`` …), with an icon, as never by colour alone.
        right: numbers stand at the right.
    """

    name: str
    title: str
    text: Callable[[Any], str]
    order: str = ""
    chars: int = 16
    tone: Callable[[Any], str] | None = field(default=None)
    right: bool = False


class ListModel(QAbstractTableModel):
    """Rows of a query, fetched a page at a time in a thread.

    Signals:
        loaded: the first page has come (again); Emits: the number of rows known.
        trouble: a page could not be read; Emits: the exception.
    """

    loaded = Signal(int)
    trouble = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        fetch: Fetch,
        jobs: Jobs | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Make an empty model; :meth:`reload` fills it.

        Args:
            columns: what to show.
            fetch: reads rows; runs in a thread when *jobs* is given, else at once.
            jobs: where to run *fetch*.
            parent: the owner.
        """
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch, self._jobs = fetch, jobs
        self._rows: list[Any] = []
        self._order = next((c.order for c in self.columns if c.order), "")
        self._more = False
        self._reading = False
        self._turn = 0

    def row(self, index: QModelIndex | int) -> Any:
        """The row at *index*, or ``None``."""
        number = index if isinstance(index, int) else index.row()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def find(self, wanted: Callable[[Any], bool]) -> int:
        """The number of the first known row that is *wanted*, or -1."""
        return next((n for n, row in enumerate(self._rows) if wanted(row)), -1)

    @property
    def order(self) -> str:
        """By what the rows are ordered."""
        return self._order

    def set_fetch(self, fetch: Fetch) -> None:
        """Read from another query (another filter) from now on."""
        self._fetch = fetch
        self.reload()

    def reload(self) -> None:
        """Read again from the first row; as many rows as were known."""
        self._turn += 1
        self._reading = True
        turn, limit = self._turn, max(PAGE, len(self._rows))
        fetch, order = self._fetch, self._order
        self._run(lambda: list(fetch(order, 0, limit)), lambda rows: self._first(turn, rows, limit))

    def _first(self, turn: int, rows: list[Any], limit: int) -> None:
        if turn != self._turn:
            return
        self._reading = False
        self.beginResetModel()
        self._rows = rows
        self._more = len(rows) == limit
        self.endResetModel()
        self.loaded.emit(len(rows))

    def _next(self, turn: int, rows: list[Any]) -> None:
        if turn != self._turn:
            return
        self._reading = False
        self._more = len(rows) == PAGE
        if rows:
            start = len(self._rows)
            self.beginInsertRows(QModelIndex(), start, start + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _run(self, work: Callable[[], list[Any]], done: Callable[[list[Any]], None]) -> None:
        if self._jobs is None:
            done(work())
        else:
            self._jobs.run(work, done=done, failed=self._failed, owner=self)

    def _failed(self, problem: Exception) -> None:
        self._reading = self._more = False
        self.trouble.emit(problem)

    # -- what Qt asks ------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows read so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def canFetchMore(self, parent: QModelIndex) -> bool:
        """Whether there may be more rows."""
        return self._more and not self._reading and not parent.isValid()

    def fetchMore(self, parent: QModelIndex) -> None:
        """Read the next page."""
        if not self.canFetchMore(parent):
            return
        self._reading = True
        turn, fetch, order, start = self._turn, self._fetch, self._order, len(self._rows)
        self._run(lambda: list(fetch(order, start, PAGE)), lambda rows: self._next(turn, rows))

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tone and alignment of a cell."""
        row = self.row(index)
        if row is None or not index.isValid():
            return None
        column = self.columns[index.column()]
        roles = Qt.ItemDataRole
        match role:
            case roles.DisplayRole | roles.AccessibleTextRole | roles.ToolTipRole:
                return column.text(row)
            case roles.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case roles.ForegroundRole | roles.DecorationRole | roles.FontRole if column.tone:
                return self._toned(column.tone(row), role)
        return None

    @staticmethod
    def _toned(tone: str, role: int) -> Any:
        if tone not in kit.TONE_ICONS:
            return None
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(getattr(theme.current().colours, tone))
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.pixmap(kit.TONE_ICONS[tone], tone, 16)
        font = QFont(theme.current().font())
        font.setBold(tone == "late")
        return font

    def entitle(self, titles: Mapping[str, str]) -> None:
        """Give the columns of these names other titles."""
        self.columns = tuple(
            replace(c, title=titles[c.name]) if c.name in titles else c for c in self.columns
        )
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles of columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].right
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask the query for another order."""
        if not 0 <= column < len(self.columns) or not self.columns[column].order:
            return
        down = "-" if order == Qt.SortOrder.DescendingOrder else ""
        wanted = down + self.columns[column].order
        if wanted != self._order:
            self._order = wanted
            self._go_to_top()
            self.reload()

    def _go_to_top(self) -> None:
        # A new order is read from the top; the rows known so far say nothing about it.
        self._rows = self._rows[:PAGE]


class ListTable(QWidget):
    """A table over a :class:`ListModel`, with an empty state that teaches.

    Signals:
        opened: a row was opened (double click or Enter); Emits: the row.
        picked: another row is current; Emits: the row or ``None``.
    """

    opened = Signal(object)
    picked = Signal(object)

    def __init__(
        self,
        model: ListModel,
        name: str,
        words: str,
        *,
        empty: QWidget | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        """Make the table.

        Args:
            model: where the rows come from.
            name: ``objectName``; columns are remembered under it.
            words: accessible name: what the list shows.
            empty: shown instead when there is no row (``kit.empty_state(…)``).
            preferences: where widths and order are remembered.
        """
        super().__init__()
        self.model = model
        self._preferences, self._name = preferences or Preferences(), name
        self.setObjectName(f"{name}_list")
        self.view = _Table()
        self.view.setObjectName(name)
        self.view.setAccessibleName(words)
        for side, header in (
            ("columns", self.view.horizontalHeader()),
            ("rows", self.view.verticalHeader()),
        ):
            header.setObjectName(f"{name}_{side}")
            header.setAccessibleName(words)
        self.view.setModel(model)
        self.view.opened.connect(self._open)
        self.view.doubleClicked.connect(self._open)
        self.view.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.picked.emit(model.row(now))
        )
        self.empty = empty or kit.empty_state(_("Nothing here yet"), "")
        self._layout = QStackedLayout()
        self._layout.addWidget(self.view)
        self._layout.addWidget(self.empty)
        self.setLayout(self._layout)
        self.setFocusProxy(self.view)
        self._remembered()
        header = self.view.horizontalHeader()
        header.sectionResized.connect(self._remember)
        header.sortIndicatorChanged.connect(self._remember)
        model.loaded.connect(self._shown)

    def current(self) -> Any:
        """The current row, or ``None``."""
        return self.model.row(self.view.currentIndex())

    def sort_by(self, order: str) -> None:
        """Order the rows; *order* as in :class:`Fetch`."""
        wanted = order.removeprefix("-")
        for number, column in enumerate(self.model.columns):
            if column.order and column.order == wanted:
                down = order.startswith("-")
                way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
                self.view.sortByColumn(number, way)
                return

    def _shown(self, count: int) -> None:
        self._layout.setCurrentWidget(self.view if count else self.empty)
        if count and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _open(self, index: QModelIndex) -> None:
        if (row := self.model.row(index)) is not None:
            self.opened.emit(row)

    def _remembered(self) -> None:
        kept = self._preferences.get(f"columns.{self._name}", {})
        header = self.view.horizontalHeader()
        char = self.fontMetrics().averageCharWidth()
        widths = kept.get("widths", {})
        for number, column in enumerate(self.model.columns):
            width = widths.get(column.name)
            usable = isinstance(width, int) and 24 <= width <= 4000
            # What has a tone stands beside an icon, and some of it in bold.
            beside = theme.current().px(18) + 4 + 2 * char if column.tone else 0
            first = max(char * column.chars + 24 + beside, header.sectionSizeHint(number))
            header.resizeSection(number, width if usable else first)
        order = kept.get("order") or self.model.order
        for number, column in enumerate(self.model.columns):
            if column.order and column.order == str(order).removeprefix("-"):
                down = str(order).startswith("-")
                way = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
                header.setSortIndicator(number, way)
        self.view.setSortingEnabled(True)

    def _remember(self, *_which: object) -> None:
        header = self.view.horizontalHeader()
        widths = {
            c.name: header.sectionSize(n)
            for n, c in enumerate(self.model.columns)
            if n < len(self.model.columns) - 1  # the last fills the rest
        }
        kept = {"widths": widths, "order": self.model.order}
        self._preferences.set(f"columns.{self._name}", kept)


class _Table(QTableView):
    """Whole rows, no grid, Enter opens, Tab leaves; Left and Right fold where there are groups.

    Signals:
        opened: Enter was pressed; Emits: the current index.
        folded: Left (true) or Right (false) was pressed while *folds*.
    """

    opened = Signal(QModelIndex)
    folded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.folds = False
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def _fit(self) -> None:
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.current().control_height)
        rows.setDefaultSectionSize(theme.current().px(40))

    def changeEvent(self, event: QEvent) -> None:
        """Fit the rows to a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES:
            self._fit()

    def keyPressEvent(self, event: QEvent) -> None:
        """Enter opens the current row; the arrows to the side fold and open its group."""
        if self.folds and event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.folded.emit(event.key() == Qt.Key.Key_Left)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
