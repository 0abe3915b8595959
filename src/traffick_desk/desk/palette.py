"""The search and command box of the top bar, and the list that opens below it (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.parsing import folded
from traffick_desk.i18n import _

SEARCH_AFTER_MS = 120
MOST_COMMANDS = 8
# (text, tell): looks for cases and calls tell with what it found, now or later.
CaseSearch = Callable[[str, Callable[[Sequence[PageCommand]], object]], object]


class Palette(QFrame):
    """A list over the window, below the box; the keyboard stays in the box."""

    def __init__(
        self,
        box: QLineEdit,
        window: QWidget,
        commands: Callable[[], list[PageCommand]],
        search: CaseSearch | None = None,
    ) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setProperty("role", "card")
        self._box, self._commands, self._search = box, commands, search
        self._cases: list[PageCommand] = []
        self._shown: list[PageCommand] = []
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(_("Commands and cases"))
        self.list.setProperty("role", "popup")
        self.list.setModel(self._model)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.clicked.connect(self._picked)
        self._empty = kit.label("", "muted", name="palette_empty")
        self.setLayout(kit.vbox(self.list, self._empty, margins=4, gap=4))
        self._wait = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._wait.timeout.connect(self._look_for_cases)
        box.textEdited.connect(self._typed)
        box.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Put the keyboard into the box and show all commands."""
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()
        self._typed(self._box.text())

    def close_list(self) -> None:
        """Hide the list and empty the box."""
        self._wait.stop()
        self.hide()
        self._box.clear()
        self._cases = []

    def offered(self) -> list[PageCommand]:
        """What the list shows."""
        return list(self._shown)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter takes, Esc closes."""
        if event.type() == QEvent.Type.FocusOut and not self.underMouse():
            self._wait.stop()
            self.hide()
        if event.type() == QEvent.Type.ShortcutOverride:
            # Esc belongs to the open list before it means "back" to the window.
            mine = event.key() == Qt.Key.Key_Escape and (
                not self.isHidden() or bool(self._box.text())
            )
            if mine:
                event.accept()
            return mine
        if event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                if self.isHidden():
                    self._typed(self._box.text())
                else:
                    self._move(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not self.isHidden():
                self._picked(self.list.currentIndex())
            case Qt.Key.Key_Escape if not self.isHidden() or self._box.text():
                self.close_list()
            case _:
                return False
        return True

    def _move(self, step: int) -> None:
        if count := self._model.rowCount():
            row = (self.list.currentIndex().row() + step) % count
            self.list.setCurrentIndex(self._model.index(row, 0))

    def _typed(self, typed: str) -> None:
        self._cases = []
        self._fill()
        if typed.strip() and self._search is not None:
            self._wait.start()
        else:
            self._wait.stop()

    def _look_for_cases(self) -> None:
        typed = self._box.text()

        def tell(found: Sequence[PageCommand]) -> None:
            # An answer to an earlier text comes too late.
            if self._box.text() == typed and not self.isHidden():
                self._cases = list(found)
                self._fill()

        if self._search is not None:
            self._search(typed, tell)

    def _fill(self) -> None:
        wanted = folded(self._box.text()).split()
        commands = [c for c in self._commands() if all(word in folded(c.words) for word in wanted)][
            :MOST_COMMANDS
        ]
        # Someone who types a name looks for a person; commands come first only while nothing is.
        self._shown = [*self._cases, *commands] if wanted else commands
        self._model.clear()
        for command in self._shown:
            words = f"{command.words}    {command.keys}" if command.keys else command.words
            item = QStandardItem(icons.icon(command.icon, "muted", 18), words)
            item.setData(command.words, Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self._empty.setText("" if self._shown else _("Nothing found. Try fewer letters."))
        self._empty.setVisible(not self._shown)
        self.list.setVisible(bool(self._shown))
        self._place()

    def _place(self) -> None:
        look = theme.current()
        rows = min(10, max(1, len(self._shown)))
        row = max(self.list.sizeHintForRow(0), look.control_height)
        # The list keeps room for its own padding and border.
        self.list.setFixedHeight(rows * row + look.px(12))
        window = self.parentWidget()
        width = min(window.width() - look.px(32), max(self._box.width(), look.px(560)))
        corner = self._box.mapTo(window, QPoint(0, self._box.height() + look.px(4)))
        self.adjustSize()
        height = self.layout().sizeHint().height()
        self.setGeometry(
            min(corner.x(), window.width() - width - look.px(16)), corner.y(), width, height
        )
        self.raise_()
        self.show()

    def _picked(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._shown):
            command = self._shown[index.row()]
            self.close_list()
            command.act()
