"""A delegate for words of several lines: the style sheet's padding takes part in the measuring."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from traffick_desk.desk import theme

# Left and right padding of an item in desk.qss, and a little for rounding.
PADDING = 20


class WrapDelegate(QStyledItemDelegate):
    """Items as high as their wrapped words, and never lower than a thing to click."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Measure within the width that is left for the words."""
        view = option.widget
        look = theme.current()
        if isinstance(view, QTableView):
            width = view.columnWidth(index.column())
        elif isinstance(view, QAbstractItemView):
            width = view.viewport().width()
        else:
            width = option.rect.width()
        option.rect.setWidth(max(width - look.px(PADDING), look.px(40)))
        option.rect.setHeight(10_000)
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), look.control_height))
