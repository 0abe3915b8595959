"""A table of figures on screen, and the drawing beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QSizePolicy,
    QTableView,
    QWidget,
)

from traffick_desk import resources
from traffick_desk.desk import kit, theme
from traffick_desk.i18n import _
from traffick_desk.papers.drawing import Drawing, Fill, Stroke, Word
from traffick_desk.reports.figures import TOTAL, Figure, Table

_ACROSS = Qt.Orientation.Horizontal
_FINE = 4


class FigureModel(QAbstractTableModel):
    """The cells of one table; the first column holds the words of the rows."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self._heads: tuple[str, ...] = ()
        self._lines: list[tuple[str, str, tuple[Figure, ...]]] = []

    def show_table(self, table: Table | None) -> None:
        """Show another table."""
        self.beginResetModel()
        self.table = table
        self._heads = table.heads() if table else ()
        self._lines = [(h.code, h.label, f) for h, f in table.lines()] if table else []
        self.endResetModel()

    def place(self, index: QModelIndex) -> tuple[str, str]:
        """Codes of the row and column of a cell; the words of a row stand for its total."""
        if self.table is None or not index.isValid():
            return TOTAL, TOTAL
        columns = (TOTAL, *self.table.shown_columns())
        return self._lines[index.row()][0], columns[index.column()]

    def figure(self, index: QModelIndex) -> Figure | None:
        """The figure of a cell, ``None`` for the words of a row."""
        return self._lines[index.row()][2][index.column() - 1] if index.column() else None

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows, with the totals."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Columns, with the words of the rows."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Words of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._heads):
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Figure or words of a cell."""
        if not index.isValid():
            return None
        code, label, figures = self._lines[index.row()]
        roles = Qt.ItemDataRole
        match role:
            case roles.DisplayRole | roles.ToolTipRole:
                return figures[index.column() - 1].text() if index.column() else label
            case roles.AccessibleTextRole:
                if not index.column():
                    return label
                figure = figures[index.column() - 1]
                text = _("withheld") if figure.hidden else figure.text()
                return f"{label}, {self._heads[index.column()]}: {text}"
            case roles.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case roles.FontRole if code == TOTAL:
                font = QFont(theme.current().font())
                font.setBold(True)
                return font
            case roles.ForegroundRole if index.column():
                if not figures[index.column() - 1].value:
                    return QColor(theme.current().colours.muted)
        return None


class FigureView(QTableView):
    """The table; Enter or a double click opens the cases behind a figure."""

    def __init__(self, model: FigureModel, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(_("Table of figures"))
        self.setModel(model)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setObjectName(f"{name}_columns")
        header.setAccessibleName(_("Columns"))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._fit()

    def _fit(self) -> None:
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.current().control_height)

    def changeEvent(self, event: QEvent) -> None:
        """Fit the rows to a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES:
            self._fit()

    def fit_columns(self) -> None:
        """The words of the rows take what the figures leave."""
        count = self.model().columnCount()
        if not count:
            return
        metrics = self.fontMetrics()
        bold = QFont(self.font())
        bold.setBold(True)
        heads = QFontMetrics(bold)
        look = theme.current()

        def longest(column: int) -> int:
            texts = (str(self.model().index(r, column).data()) for r in range(rows))
            return max((heads.horizontalAdvance(t) for t in texts), default=0)

        rows = self.model().rowCount()
        titles = [str(self.model().headerData(c, _ACROSS)) for c in range(count)]
        words = [max((heads.horizontalAdvance(w) for w in t.split()), default=0) for t in titles]
        header = self.horizontalHeader()
        used = 0
        tall = metrics.height()
        for column in range(1, count):
            whole = heads.horizontalAdvance(titles[column])
            width = max(longest(column), words[column], min(whole, look.px(110))) + 24
            header.resizeSection(column, width)
            used += width
            room = QRect(0, 0, width - 18, 1000)
            wraps = Qt.TextFlag.TextWordWrap
            tall = max(tall, heads.boundingRect(room, wraps, titles[column]).height())
        first = max(self.viewport().width() - used, look.px(260))
        header.resizeSection(0, min(first, max(longest(0), words[0]) + 28))
        header.setFixedHeight(tall + 14)

    def keyPressEvent(self, event: QEvent) -> None:
        """Enter opens what is behind the current figure."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.doubleClicked.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


def paper_family() -> str:
    """The family of printed papers, so that words on screen are as wide as the drawing takes them.

    It is loaded once; the family of the desk stands in where it cannot be read.
    """
    app = QApplication.instance()
    if app.property("paperFamily") is None:
        names: list[str] = []
        for name in ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"):
            number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
            names += QFontDatabase.applicationFontFamilies(number)
        app.setProperty("paperFamily", names[0] if names else theme.current().font().family())
    return str(app.property("paperFamily"))


class OnScreen:
    """Draws a drawing with a QPainter. On a dark ground it stays black on white, as on paper."""

    def __init__(self, painter: QPainter) -> None:
        self._painter, self._family = painter, paper_family()

    def fill(self, shape: Fill) -> None:
        """See ``drawing.Painter``."""
        tone = round(shape.grey * 255)
        box = QRectF(shape.x, shape.y, shape.width, shape.height)
        self._painter.fillRect(box, QColor(tone, tone, tone))

    def stroke(self, shape: Stroke) -> None:
        """See ``drawing.Painter``."""
        pen = self._painter.pen()
        pen.setColor(QColor("black"))
        pen.setWidthF(shape.width)
        self._painter.setPen(pen)
        self._painter.drawLine(QPointF(shape.x1, shape.y1), QPointF(shape.x2, shape.y2))

    def word(self, shape: Word) -> None:
        """See ``drawing.Painter``."""
        font = QFont(self._family)
        # Twice as large and drawn at half the size: pixels of a font are whole numbers.
        font.setPixelSize(max(round(shape.size * _FINE), 1))
        font.setBold(shape.bold)
        self._painter.setFont(font)
        self._painter.setPen(QColor("black"))
        width = self._painter.fontMetrics().horizontalAdvance(shape.text) / _FINE
        shift = {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
        self._painter.save()
        self._painter.translate(shape.x - shift, shape.y)
        self._painter.scale(1 / _FINE, 1 / _FINE)
        self._painter.drawText(QPointF(0, 0), shape.text)
        self._painter.restore()


class ChartView(QWidget):
    """The chart of a table. Whoever cannot see it has the table beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("report_chart")
        self.drawing: Drawing | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Show another chart, or nothing."""
        self.drawing = drawing
        self.setVisible(drawing is not None)
        if drawing is not None:
            self.setAccessibleName(_("Chart: {title}").format(title=drawing.label))
            self.setFixedHeight(round(drawing.height * self._scale()) + 16)
        self.update()

    def _scale(self) -> float:
        return theme.current().px(100) / 100 * 1.3

    def sizeHint(self) -> QSize:
        """As wide as on paper."""
        return QSize(theme.current().px(600), self.height())

    def paintEvent(self, event: QEvent) -> None:  # noqa: ARG002
        """Draw it."""
        if self.drawing is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.rect(), QColor("white"))
        painter.translate(8, 8)
        scale = min(self._scale(), max((self.width() - 16) / self.drawing.width, 0.1))
        painter.scale(scale, scale)
        self.drawing.paint(OnScreen(painter))
        painter.end()
