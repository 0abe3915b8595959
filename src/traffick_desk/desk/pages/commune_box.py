"""The communes of a province to choose from, found by typing without accents."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter

from traffick_desk.desk import theme
from traffick_desk.desk.parsing import folded
from traffick_desk.i18n import _


class _FoldingCompleter(QCompleter):
    """Completes without accents: the typed text is folded, the folded names are in UserRole."""

    def splitPath(self, path: str) -> list[str]:
        """What is looked for."""
        return [folded(path)]


class CommuneBox(QComboBox):
    """All communes of a province, or one of them.

    Signals:
        wanted: another one was chosen.
    """

    wanted = Signal()

    def __init__(self, units: Any, unit: str) -> None:
        """Offer the communes of the province of *unit*."""
        super().__init__()
        self.setObjectName("cases_commune")
        self.setAccessibleName(_("Commune"))
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItem(_("All communes"), "")
        for one in units.communes(units.province_of(unit).id):
            self.addItem(units.title(one), one.id)
        for number in range(self.count()):
            self.setItemData(number, folded(self.itemText(number)), Qt.ItemDataRole.UserRole + 1)
        completer = _FoldingCompleter(self.model(), self)
        completer.setCompletionRole(Qt.ItemDataRole.UserRole + 1)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.popup().setProperty("role", "popup")
        self.setCompleter(completer)
        self.lineEdit().setPlaceholderText(_("All communes"))
        self.setMinimumWidth(theme.current().px(220))
        self.activated.connect(lambda _index: self.wanted.emit())
        self.lineEdit().editingFinished.connect(self.left)

    def left(self) -> None:
        """Half a name chooses nothing; show what is chosen."""
        if self.currentText().strip():
            self.setEditText(self.itemText(self.currentIndex()))
        elif self.currentData():
            self.setCurrentIndex(0)
            self.wanted.emit()
