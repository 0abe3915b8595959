"""A short list of cases in a notice: something to look at, never a statement."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.shortcuts import bind


class HintList(QFrame):
    """A heading, a few lines, and buttons that act on the chosen line.

    Signals:
        opened: the chosen line is to be looked at; Emits: its id.
    """

    opened = Signal(str)

    def __init__(self, name: str, title: str, words: str, tone: str = "due") -> None:
        """Make the notice, empty and hidden.

        Args:
            name: ``objectName``; that of the list ends in ``_list``.
            title: heading.
            words: accessible name of the list.
            tone: of the notice.
        """
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "notice")
        self.setProperty("tone", tone)
        self.model = LineModel(lambda line: line.text, self)
        self.view = QListView()
        self.view.setObjectName(f"{name}_list")
        self.view.setAccessibleName(words)
        self.view.setModel(self.model)
        self.view.setWordWrap(True)
        self.view.setTabKeyNavigation(False)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.doubleClicked.connect(lambda _index: self.open_chosen())
        bind(self.view, "Return", self.open_chosen, children=False)
        self.title = kit.label(title, "label")
        self._buttons = kit.hbox(None)
        self.setLayout(kit.vbox(self.title, self.view, self._buttons, margins=12, gap=8))
        self.hide()

    def add(self, *buttons: QWidget) -> None:
        """Put buttons below the list."""
        for place, button in enumerate(buttons):
            self._buttons.insertWidget(place, button)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; without any the notice hides."""
        chosen = self.chosen()
        self.model.show_lines(list(lines))
        rows = sum(self.view.sizeHintForRow(n) for n in range(self.model.rowCount()))
        self.view.setFixedHeight(min(rows, theme.current().px(220)) + theme.current().px(12))
        place = next((n for n, line in enumerate(lines) if line.id == chosen), 0)
        if lines:
            self.view.setCurrentIndex(self.model.index(place, 0))
        self.setVisible(bool(lines))

    def chosen(self) -> str:
        """The id of the chosen line, of the first if none is; "" without lines."""
        if not self.model.rowCount():
            return ""
        row = self.view.currentIndex().row() if self.view.currentIndex().isValid() else 0
        return self.model.line(row).id

    def open_chosen(self) -> None:
        """Look at the chosen one."""
        if found := self.chosen():
            self.opened.emit(found)
