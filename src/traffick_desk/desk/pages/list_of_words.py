"""A short list of lines in words, as high as they are."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from traffick_desk.desk import theme


def words_list(page: QWidget, name: str, words: str) -> tuple[QStringListModel, QListView]:
    """A list of lines to choose from, and its model; *words* say what is in it."""
    model = QStringListModel(page)
    view = QListView()
    view.setObjectName(name)
    view.setAccessibleName(words)
    view.setModel(model)
    view.setWordWrap(True)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    return model, view


def fit(view: QListView, rows: int) -> None:
    """As high as its lines, within bounds; nothing when it is empty."""
    view.setVisible(bool(rows))
    shown = sum(view.sizeHintForRow(n) for n in range(min(rows, 6)))
    view.setFixedHeight(shown + theme.current().px(12))
