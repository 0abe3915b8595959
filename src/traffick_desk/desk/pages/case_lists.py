"""Tables of a case: its legal periods, what was printed, and its whole history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from traffick_desk.desk import icons, parsing, theme
from traffick_desk.desk.editors import Context
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_head import due_words
from traffick_desk.desk.pages.conflicts import writer_words
from traffick_desk.desk.pages.showing import nothing, shown
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _
from traffick_desk.law import Clock, State
from traffick_desk.services.views import HistoryItem, RecordView
from traffick_desk.store.changes import VOID

_ROOT = QModelIndex()
LOOKS = {
    State.OVERDUE: ("late", "late"),
    State.NEEDS_CALENDAR: ("warning", "due"),
    State.RUNNING: ("clock", "due"),
    State.NOT_STARTED: ("", ""),
    State.DONE: ("ok", "ok"),
}
Row = tuple[str, ...]


class RowsModel(QAbstractTableModel):
    """A small table of words, with an icon in the first column."""

    def __init__(self, heads: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._heads = heads
        self._rows: list[tuple[Row, tuple[str, str], Any]] = []

    def show_rows(self, rows: Sequence[tuple[Row, tuple[str, str], Any]]) -> None:
        """Show *rows*: words, (icon, tone), and the thing itself."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def thing(self, row: int) -> Any:
        """What stands behind a row."""
        return self._rows[row][2]

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = _ROOT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The words above a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self._heads[section])
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, icon and colour of a cell."""
        if not index.isValid():
            return None
        words, (icon, tone), _thing = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return words[index.column()]
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and icon:
                return icons.steady(icon, tone)
            case Qt.ItemDataRole.AccessibleTextRole:
                return words[index.column()]
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        return None


class SmallTable(QTableView):
    """A table as high as its rows; the page scrolls, not the table."""

    def __init__(
        self, name: str, words: str, heads: Sequence[str], *, shares: Sequence[int]
    ) -> None:
        """Make an empty table; *shares* are the widths of the columns against each other."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._shares = shares
        self.rows = RowsModel(heads, self)
        self.setModel(self.rows)
        self.setWordWrap(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setItemDelegate(WrapDelegate(self))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_rows(self, rows: Sequence[tuple[Row, tuple[str, str], Any]]) -> None:
        """Show *rows*."""
        at = self.currentIndex().row()
        self.rows.show_rows(rows)
        self.setVisible(bool(rows))
        if 0 <= at < len(rows):
            self.selectRow(at)
        self._fit()

    def chosen(self) -> Any:
        """What stands behind the chosen row, or ``None``."""
        index = self.currentIndex()
        return self.rows.thing(index.row()) if index.isValid() else None

    def _widths(self, room: int) -> list[int]:
        """By the shares, but no heading is cut as long as another column has more than it needs."""
        header = self.horizontalHeader()
        least = [header.sectionSizeHint(n) for n in range(len(self._shares))]
        widths = [room * share // sum(self._shares) for share in self._shares]
        lacking = sum(max(0, a - b) for a, b in zip(least, widths, strict=True))
        spare = sum(max(0, b - a) for a, b in zip(least, widths, strict=True))
        given = min(lacking, spare)
        if not given:
            return widths
        return [
            b + (a - b) * given // lacking if a > b else b - (b - a) * given // spare
            for a, b in zip(least, widths, strict=True)
        ]

    def resizeEvent(self, event) -> None:
        """Texts wrap differently: measure again."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def _fit(self) -> None:
        room = self.viewport().width()
        for column, width in enumerate(self._widths(room)[:-1]):
            self.setColumnWidth(column, width)
        self.resizeRowsToContents()
        height = sum(self.rowHeight(row) for row in range(self.rows.rowCount()))
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(height + head + 2 * self.frameWidth() + theme.current().px(2))


CLOCK_HEADS = (N_("Period"), N_("Until"), N_("State"))
PAPER_HEADS = (N_("Paper"), N_("Number"), N_("Printed or saved at"))
HISTORY_HEADS = (N_("When"), N_("Who"), N_("What"))


def clock_rows(
    clocks: Sequence[tuple[str, Clock]], today: date, name: Callable[[str], str]
) -> list[tuple[Row, tuple[str, str], Any]]:
    """Rows of the legal periods; *name* tells whom a period concerns, "" for the whole case."""
    rows = []
    for person, clock in clocks:
        label = str(clock.rule.label)
        whose = name(person)
        until = due_words(clock.due_at, today) if clock.started_at else ""
        state = clock.state.label
        if clock.stopped_at is not None:
            when = clock.stopped_at
            shown_day = f"{when:%H:%M %d/%m/%Y}" if hasattr(when, "hour") else f"{when:%d/%m/%Y}"
            state = f"{state} {shown_day}"
            if clock.late:
                state += " · " + _("late")
        words = (f"{label} ({whose})" if whose else label, until, state)
        rows.append((words, LOOKS[clock.state], (person, clock)))
    return rows


def paper_rows(
    papers: Sequence[RecordView], titles: Callable[[str], str]
) -> list[tuple[Row, tuple[str, str], Any]]:
    """Rows of the papers that were printed or saved, the newest first."""
    ordered = sorted(papers, key=lambda p: p.get("issued_at") or "", reverse=True)
    return [
        (
            (
                titles(p.get("form") or ""),
                p.get("number") or "",
                parsing.show_moment(p.get("issued_at")) if p.get("issued_at") else "",
            ),
            ("document", "muted"),
            p,
        )
        for p in ordered
    ]


# Which records belong together is seen elsewhere; what was packed is no reading matter.
_NOT_TOLD = frozenset(
    {"case", "person", "copy_of", "content", "toward", "digest", "belongs_to", "replaces"}
)


def history_rows(
    host: Host, items: Sequence[HistoryItem], context: Context
) -> list[tuple[Row, tuple[str, str], Any]]:
    """Rows of the history: when, who, and which values."""
    rows = []
    for item in items:
        record_type = REGISTRY.get(item.type)
        if record_type is None:
            what = _("Something that this version does not know yet")
        else:
            parts = []
            for name, value in item.fields.items():
                if name == VOID:
                    parts.append(
                        _("not valid: {reason}").format(reason=value) if value else _("valid again")
                    )
                elif name in record_type.by_name and name not in _NOT_TOLD:
                    field = record_type[name]
                    text = shown(field, value, context) or nothing()
                    parts.append(f"{field.shown_label()}: {text}")
            what = f"{record_type.shown_label()} – {'; '.join(parts)}"
        when = parsing.show_moment(item.at) if item.at else ""
        who = writer_words(host, item.officer, item.device, "")
        rows.append(((when, who, what), ("", ""), item))
    return rows
