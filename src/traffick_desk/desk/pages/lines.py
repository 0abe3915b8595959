"""A model over a handful of lines, all in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject

L = TypeVar("L")
_ROOT = QModelIndex()


class LinesModel(QAbstractListModel, Generic[L]):
    """Lines in a given order; what each role shows is the subclass's."""

    def __init__(self, lines: Iterable[L] = (), parent: QObject | None = None) -> None:
        """Hold *lines*; without a *parent* the model outlives the widget it was made for."""
        super().__init__(parent)
        self._lines: list[L] = list(lines)

    def show_lines(self, lines: Iterable[L]) -> None:
        """Show *lines* instead."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> L:
        """The line in *row*."""
        return self._lines[row]

    def lines(self) -> tuple[L, ...]:
        """All lines."""
        return tuple(self._lines)

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)
