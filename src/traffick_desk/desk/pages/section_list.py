"""The list of sections at the left of a page, each with its state as an icon and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.pages.lines import LinesModel
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.desk.shortcuts import bind
from traffick_desk.i18n import N_, _

EMPTY, SOME, DONE, PROBLEM, CHOOSE = "empty", "some", "done", "problem", "choose"
# state → icon, palette role, words
STATES: Mapping[str, tuple[str, str, str]] = {
    EMPTY: ("", "", ""),
    SOME: ("edit", "accent", N_("begun")),
    DONE: ("ok", "ok", N_("filled in")),
    PROBLEM: ("late", "late", N_("needs a look")),
    CHOOSE: ("conflict", "due", N_("two values to choose from")),
}


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section: its key, its words, its state."""

    key: str
    title: str
    state: str = EMPTY


class SectionModel(LinesModel[SectionLine]):
    """The sections in order."""

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, icon and state of a section."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        icon, tone, words = STATES[line.state]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.title
            case Qt.ItemDataRole.DecorationRole:
                return _state_icon(icon, tone)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.title}: {_(words)}" if words else line.title
            case Qt.ItemDataRole.UserRole:
                return line.key
        return None

    def mark(self, states: Mapping[str, str]) -> None:
        """Set the states of the sections named; all others stay."""
        for row, line in enumerate(self._lines):
            state = states.get(line.key, line.state)
            if state != line.state:
                self._lines[row] = replace(line, state=state)
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, key: str) -> int:
        """The row of section *key*; -1 if there is none."""
        return next((n for n, line in enumerate(self._lines) if line.key == key), -1)

    def state_of(self, key: str) -> str:
        """The state of section *key*."""
        return next(line.state for line in self._lines if line.key == key)


class SectionPicker(QuietCombo):
    """The same sections as a drop-down list, where the text is large and the screen narrow."""

    def __init__(self, sections: SectionList) -> None:
        super().__init__()
        self.setObjectName("section_picker")
        self.setAccessibleName(_("Sections of the case"))
        self.setModel(sections.lines)
        self.activated.connect(lambda row: sections.setCurrentIndex(sections.lines.index(row)))
        sections.selectionModel().currentChanged.connect(
            lambda now, _before: self.setCurrentIndex(now.row())
        )
        self.setIconSize(icons.icon_size(18))
        self.hide()


def _state_icon(name: str, tone: str) -> QIcon:
    """The icon, the same when its line is chosen; blank ones keep the titles below each other."""
    if not name:
        blank = QPixmap(icons.icon_size(18))
        blank.fill(Qt.GlobalColor.transparent)
        return QIcon(blank)
    return icons.steady(name, tone)


class SectionList(QListView):
    """The sections to choose from; Ctrl+Page up and down go through them from anywhere.

    Signals:
        chosen: another section was chosen; Emits: its key.
    """

    chosen = Signal(str)

    def __init__(self, lines: Sequence[SectionLine], page: QWidget) -> None:
        super().__init__()
        self.setObjectName("sections")
        self.setAccessibleName(_("Sections of the case"))
        self.setProperty("role", "sections")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setItemDelegate(WrapDelegate(self))
        self.lines = SectionModel(lines, self)
        self.setModel(self.lines)
        self._measure()
        self.selectionModel().currentChanged.connect(self._moved)
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            bind(page, keys, lambda step=step: self.step(step))

    def current(self) -> str:
        """The key of the section shown."""
        return self.currentIndex().data(Qt.ItemDataRole.UserRole) or ""

    def choose(self, key: str) -> None:
        """Show section *key*."""
        row = self.lines.row_of(key)
        if row >= 0:
            self.setCurrentIndex(self.lines.index(row))

    def step(self, by: int) -> bool:
        """Go on or back; false at either end."""
        row = self.currentIndex().row() + by
        if not 0 <= row < self.lines.rowCount():
            return False
        self.setCurrentIndex(self.lines.index(row))
        return True

    def sizeHint(self) -> QSize:
        """As wide as the longest title, up to a limit; long ones take two lines."""
        metrics = self.fontMetrics()
        titles = [
            self.lines.index(row).data(Qt.ItemDataRole.DisplayRole)
            for row in range(self.lines.rowCount())
        ]
        widest = max((metrics.horizontalAdvance(t) for t in titles), default=0)
        look = theme.current()
        return QSize(min(widest + look.px(64), look.px(210)), super().sizeHint().height())

    def changeEvent(self, event) -> None:
        """Measure again for a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES and hasattr(self, "lines"):
            self._measure()

    def _measure(self) -> None:
        self.setIconSize(icons.icon_size(18))
        self.setFixedWidth(self.sizeHint().width())

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(Qt.ItemDataRole.UserRole))
