"""Lists of words: lines that wrap as the style sheet pads them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from traffick_desk.desk import theme

# Left and right padding of an item in desk.qss, and a little for rounding.
PADDING = 20
MOST_MEASURED = 500


class WrapDelegate(QStyledItemDelegate):
    """Items as high as their wrapped words, and never lower than a thing to click."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._measured: dict[tuple[str, bool, int, str, theme.Theme], QSize] = {}

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
        role = Qt.ItemDataRole
        words, icon = index.data(role.DisplayRole), bool(index.data(role.DecorationRole))
        key = words, icon, width, option.font.key(), look
        if key in self._measured:
            # A view asks again for every line whenever anything around it moves.
            return QSize(self._measured[key])
        option.rect.setWidth(max(width - look.px(PADDING), look.px(40)))
        option.rect.setHeight(10_000)
        size = super().sizeHint(option, index)
        size.setHeight(max(size.height(), look.control_height))
        # Before it is first shown a view has not yet the padding of the style sheet.
        if view is not None and view.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            if len(self._measured) > MOST_MEASURED:
                self._measured.clear()
            self._measured[key] = QSize(size)
        return size
