"""The name in the list of cases: what was searched for stands out in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from traffick_desk.desk import theme
from traffick_desk.domain.text import fold


def marked(name: str, typed: str) -> list[tuple[str, int]]:
    """The words of *name*, each with how many of its letters were typed.

    A word counts from its beginning, accents or not, as the search does.
    """
    wanted = fold(typed).split()
    found = []
    for word in name.split():
        plain = fold(word)
        best = max((len(w) for w in wanted if plain.startswith(w)), default=0)
        # Folding keeps the number of letters for Latin script; others are marked whole.
        found.append((word, best if len(plain) == len(word) else len(word) if best else 0))
    return found


class RowDelegate(QStyledItemDelegate):
    """Whole rows are chosen, so no single cell gets a frame."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """As usual, without the focus of the cell."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


class NameDelegate(RowDelegate):
    """Draws names; the letters that were typed get a soft ground and are underlined."""

    def __init__(self, parent: QWidget, typed: Callable[[], str]) -> None:
        super().__init__(parent)
        self._typed = typed

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw one name."""
        typed = self._typed().strip()
        name = index.data()
        if not typed or not isinstance(name, str) or not any(n for _w, n in marked(name, typed)):
            super().paint(painter, option, index)
            return
        opened = QStyleOptionViewItem(option)
        self.initStyleOption(opened, index)
        opened.text = ""
        style = opened.widget.style() if opened.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, opened, painter, opened.widget)
        self._words(painter, option.rect, marked(name, typed))

    @staticmethod
    def _words(painter: QPainter, rect: QRect, words: list[tuple[str, int]]) -> None:
        look = theme.current()
        font = look.font()
        metrics = QFontMetrics(font)
        painter.save()
        painter.setClipRect(rect)
        painter.setFont(font)
        x = rect.left() + look.px(8) + look.px(3)
        height = metrics.height()
        top = rect.center().y() - height // 2
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for word, count in words:
            width = metrics.horizontalAdvance(word)
            if count:
                part = metrics.horizontalAdvance(word[:count])
                painter.fillRect(QRect(x, top, part, height), QColor(look.colours.due_soft))
                painter.fillRect(
                    QRect(x, top + height - look.px(2), part, look.px(2)), QColor(look.colours.due)
                )
            painter.setPen(QColor(look.colours.text))
            painter.drawText(QRect(x, rect.top(), width + 2, rect.height()), align, word)
            x += width + metrics.horizontalAdvance(" ")
        painter.restore()
