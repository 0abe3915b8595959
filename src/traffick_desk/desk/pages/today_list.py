"""The list of *Today*: a model of headings and lines, drawn by one delegate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.pages import today_words as words
from traffick_desk.i18n import _
from traffick_desk.services.today import LIMIT
from traffick_desk.services.views import TodayItem

NARROW = 700
"""Below this width (px at 100 %) a line takes its place and date under its words."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A group's heading and how many lines follow; *more* when there are more than are shown."""

    group: words.Group
    count: int
    more: bool = False

    @property
    def text(self) -> str:
        """``OVERDUE (1)``."""
        count = _("at least {n}").format(n=self.count) if self.more else str(self.count)
        return f"{_(self.group.label).upper()} ({count})"


class TodayModel(QAbstractListModel):
    """Headings and lines in the order in which they are worked off."""

    def __init__(
        self, pack: Any = None, profile: str = "commune", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.profile = profile
        self.today = date.min
        self.pack = pack
        self._rows: list[Heading | TodayItem] = []

    def show(self, items: Sequence[TodayItem], today: date) -> None:
        """Show *items* as of *today*; groups without a line are left out."""
        self.beginResetModel()
        self.today = today
        self._rows = []
        for group in words.GROUPS:
            lines = [i for i in items if i.group == group.name]
            if lines:
                self._rows += [Heading(group, len(lines), len(lines) >= LIMIT), *lines]
        self.endResetModel()

    def row(self, index: QModelIndex) -> Heading | TodayItem | None:
        """What stands at *index*."""
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def item(self, index: QModelIndex) -> TodayItem | None:
        """The line at *index*, or ``None`` for a heading."""
        row = self.row(index)
        return row if isinstance(row, TodayItem) else None

    def find(self, wanted: TodayItem | None) -> QModelIndex:
        """The line that stands for the same task as *wanted*, else the first line."""
        first = QModelIndex()
        for number, row in enumerate(self._rows):
            if isinstance(row, Heading):
                continue
            if not first.isValid():
                first = self.index(number)
            if wanted and _same(row) == _same(wanted):
                return self.index(number)
        return first

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Headings and lines."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """The keyboard skips headings."""
        if self.item(index) is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemNeverHasChildren

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people and for screen readers; drawing is the delegate's."""
        row = self.row(index)
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, Heading):
                return row.text
            return words.spoken(row, self.today, self.pack, self.action(row))
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, TodayItem):
            return self.todo(row)
        return None

    def action(self, item: TodayItem) -> str:
        """What this desk does about a line."""
        return words.own_action(item, self.profile)

    def todo(self, item: TodayItem) -> str:
        """The whole instruction behind a line."""
        rule = self.pack.clocks.get(item.detail) if self.pack is not None else None
        return str(rule.todo) if rule is not None else item.text


def _same(item: TodayItem) -> tuple[str, str, str, str]:
    return item.case_id, item.action, item.key, item.text


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of one line stand."""

    icon: QRect
    file_no: QRect
    text: QRect
    below: QRect
    when: QRect
    date: QRect
    button: QRect


class TodayDelegate(QStyledItemDelegate):
    """Draws a heading, or a line: icon, file number, what to do, by when, one button."""

    def __init__(self, model: TodayModel, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._model, self._view = model, parent
        self.hovered = QModelIndex()

    # -- measures ----------------------------------------------------------------------------

    @staticmethod
    def _fonts() -> tuple[QFont, QFont]:
        look = theme.current()
        return look.font(), look.font(bold=True)

    def _narrow(self) -> bool:
        return self._view.viewport().width() < theme.current().px(NARROW)

    def sizeHint(self, _option: Any, index: QModelIndex) -> QSize:
        """A heading is lower than a line; a narrow page makes lines higher."""
        look = theme.current()
        height = self._line_height()
        if self._model.item(index) is None:
            return QSize(0, height + look.px(20))
        lines = 3 if self._narrow() else 2
        least = look.control_height + look.px(16)
        return QSize(0, max(lines * height + look.px(20), least))

    def _line_height(self) -> int:
        return round(QFontMetrics(self._fonts()[1]).height() * 1.25)

    def _button_width(self) -> int:
        metrics = QFontMetrics(self._fonts()[1])
        return (
            max(metrics.horizontalAdvance(words.verb(a)) for a in words._VERBS)  # noqa: SLF001
            + theme.current().px(28)
        )

    def places(self, rect: QRect) -> _Places:
        """Where the parts of a line in *rect* stand."""
        look = theme.current()
        px = look.px
        plain, bold = self._fonts()
        line = self._line_height()
        inner = rect.adjusted(px(12), px(8), -px(12), -px(8))
        icon = QRect(inner.left(), inner.top() + (line - px(20)) // 2 + px(2), px(20), px(20))
        width = self._button_width()
        tall = look.control_height
        button = QRect(inner.right() - width + 1, inner.center().y() - tall // 2 + 1, width, tall)
        left = icon.right() + px(12)
        if self._narrow():
            right = button.left() - px(12)
            row = [
                QRect(left, inner.top() + px(2) + n * line, right - left, line) for n in range(3)
            ]
            half = QFontMetrics(bold).horizontalAdvance("TDWWW-0000/2026 ") + px(4)
            file_no = QRect(row[0].left(), row[0].top(), half, line)
            when = QRect(row[0].left() + half, row[0].top(), row[0].width() - half, line)
            return _Places(icon, file_no, row[1], row[2], when, QRect(), button)
        file_width = QFontMetrics(bold).horizontalAdvance("TDWWW-0000/2026") + px(16)
        when_width = max(
            QFontMetrics(bold).horizontalAdvance(words.distance("2199-01-01", date(2196, 9, 1))),
            QFontMetrics(plain).horizontalAdvance("88/88/8888"),
            QFontMetrics(plain).horizontalAdvance(_("saved at {time}").format(time="88:88")),
        ) + px(16)
        top = inner.top() + px(2)
        when_left = button.left() - px(16) - when_width
        text_left = left + file_width
        text_width = when_left - px(16) - text_left
        return _Places(
            icon,
            QRect(left, top, file_width, line),
            QRect(text_left, top, text_width, line),
            QRect(text_left, top + line, text_width, line),
            QRect(when_left, top, when_width, line),
            QRect(when_left, top + line, when_width, line),
            button,
        )

    # -- drawing -----------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: Any, index: QModelIndex) -> None:
        """Draw one heading or line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = self._model.row(index)
        if isinstance(row, Heading):
            self._heading(painter, option.rect, row)
        elif row is not None:
            current = bool(option.state & QStyle.StateFlag.State_Selected)
            self._line(painter, option.rect, row, index, current=current)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, row: Heading) -> None:
        colours = theme.current().colours
        painter.setFont(self._fonts()[1])
        painter.setPen(QColor(getattr(colours, row.group.tone)))
        inner = rect.adjusted(theme.current().px(12), 0, 0, -theme.current().px(4))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, row.text)

    def _line(
        self, painter: QPainter, rect: QRect, item: TodayItem, index: QModelIndex, *, current: bool
    ) -> None:
        look = theme.current()
        colours = look.colours
        plain, bold = self._fonts()
        hovered = index == self.hovered
        card = rect.adjusted(1, look.px(2), -1, -look.px(2))
        painter.setBrush(QColor(colours.accent_soft if current or hovered else colours.raised))
        focus = current and self._view.hasFocus()
        painter.setPen(QPen(QColor(colours.accent if focus else colours.border), 2 if focus else 1))
        painter.drawRoundedRect(card, look.px(8), look.px(8))
        at = self.places(rect)
        group = next(g for g in words.GROUPS if g.name == item.group)
        text, sign = at.text, at.icon
        if not item.file_no and not item.due:
            sign = sign.translated(0, rect.center().y() - sign.center().y())
        painter.drawPixmap(sign, icons.pixmap(group.icon, group.tone, 20))
        if item.file_no:
            self._text(painter, at.file_no, item.file_no, bold, colours.text)
        if not item.file_no and not self._narrow():
            # A line about no single case begins where the file number would.
            text = text.adjusted(at.file_no.left() - text.left(), 0, 0, 0)
        below = words.subtitle(item, self._model.pack)
        if not below and not item.due and at.date.isValid():
            text = text.adjusted(0, 0, 0, at.below.height())
        self._text(painter, text, item.text, plain, colours.text)
        self._text(painter, at.below, below, plain, colours.muted)
        far, day = words.when(item, self._model.today)
        tone = words.tone(item)
        if at.date.isValid():
            self._text(painter, at.when, far, bold, getattr(colours, tone))
            self._text(painter, at.date, day, plain, colours.muted)
        else:
            joined = " · ".join(part for part in (far, day) if part)
            self._text(painter, at.when, joined, bold, getattr(colours, tone))
        self._button(painter, at.button, words.verb(self._model.action(item)), current=current)

    @staticmethod
    def _text(painter: QPainter, rect: QRect, text: str, font: QFont, colour: str) -> None:
        if not text or rect.width() <= 0:
            return
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _button(self, painter: QPainter, rect: QRect, text: str, *, current: bool) -> None:
        look = theme.current()
        colours = look.colours
        painter.setBrush(QColor(colours.accent if current else colours.raised))
        painter.setPen(QPen(QColor(colours.accent if current else colours.edge), 1))
        painter.drawRoundedRect(rect, look.px(6), look.px(6))
        painter.setFont(self._fonts()[1] if current else self._fonts()[0])
        painter.setPen(QColor(colours.on_accent if current else colours.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class TodayView(QListView):
    """Up and Down move, Enter or a click on the button does, a double click opens the case.

    Signals:
        acted: the button of a line; Emits: the :class:`TodayItem`.
        opened: a line itself; Emits: the :class:`TodayItem`.
    """

    acted = Signal(object)
    opened = Signal(object)

    def __init__(self, model: TodayModel) -> None:
        super().__init__()
        self.setObjectName("today_list")
        self.setProperty("role", "bare")
        self.setAccessibleName(_("What is to be done today"))
        self.setModel(model)
        self._model = model
        self._delegate = TodayDelegate(model, self)
        self.setItemDelegate(self._delegate)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setStyleSheet("QListView { background: transparent; border: none; }")

    def button_rect(self, index: QModelIndex) -> QRect:
        """Where the button of a line is, in the viewport."""
        return self._delegate.places(self.visualRect(index)).button

    def changeEvent(self, event: QEvent) -> None:
        """Lines grow with the text."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES:
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: Any) -> None:
        """Enter does what the button says."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if item := self._model.item(self.currentIndex()):
                self.acted.emit(item)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: Any) -> None:
        """The button is pressed."""
        super().mouseReleaseEvent(event)
        index, item = self._at(event.position().toPoint())
        if (
            item is not None
            and event.button() == Qt.MouseButton.LeftButton
            and self.button_rect(index).contains(event.position().toPoint())
        ):
            self.acted.emit(item)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """The line is opened; on the button a second click is no second order."""
        index, item = self._at(event.position().toPoint())
        if item is not None and not self.button_rect(index).contains(event.position().toPoint()):
            self.opened.emit(item)

    def mouseMoveEvent(self, event: Any) -> None:
        """Show where the mouse is."""
        super().mouseMoveEvent(event)
        index, item = self._at(event.position().toPoint())
        over = item is not None and self.button_rect(index).contains(event.position().toPoint())
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        )
        if index != self._delegate.hovered:
            self._delegate.hovered = index
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is gone."""
        self._delegate.hovered = QModelIndex()
        self.viewport().update()
        super().leaveEvent(event)

    def _at(self, where: QPoint) -> tuple[QModelIndex, TodayItem | None]:
        index = self.indexAt(where)
        return index, self._model.item(index)
