"""Lists of words: lines that wrap as the style sheet pads them, icons that keep their colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from traffick_desk.desk import icons, theme

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


def steady_icon(name: str, tone: str) -> QIcon:
    """An icon that keeps its colour when its line is chosen: the ground stays a soft one."""
    found = icons.icon(name, tone, 18)
    found.addPixmap(icons.pixmap(name, tone, 18), QIcon.Mode.Selected)
    return found
