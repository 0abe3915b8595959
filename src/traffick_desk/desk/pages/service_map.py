"""The map of services: points, rings of equal distance and names of communes; no tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.pages.map_model import CLUSTER, ZOOM, MapModel, Mark, Point
from traffick_desk.domain.geo import Position, shown_km
from traffick_desk.i18n import _, ngettext

STEP = 60
# Half the cross of one's own place, px.
ARM = 9
# (south, west, north, east) → names of communes with their centres, nearest to the middle first.
Names = Callable[[Position, Position], Sequence[tuple[str, Position]]]


class ServiceMap(QWidget):
    """Draws a :class:`MapModel`; everything on it stands in the list beside it too.

    Arrows move, + and − zoom, 0 shows the nearest, Home goes to the origin; N and P go from point
    to point, Enter opens. The wheel zooms, dragging moves, a click chooses.

    Signals:
        chosen: a point was chosen here; Emits: its key.
        opened: a point was opened (double click, Enter); Emits: its key.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, names: Names | None = None) -> None:
        super().__init__()
        self.setObjectName("service_map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.model = MapModel()
        self.origin_words = ""
        self._names = names
        self._key: object = None
        self._grabbed: QPoint | None = None
        self._moved = False
        self._describe()

    def sizeHint(self) -> QSize:
        """Large enough to tell places apart."""
        look = theme.current()
        return QSize(look.px(420), look.px(320))

    def minimumSizeHint(self) -> QSize:
        """Smaller it is of no use."""
        look = theme.current()
        return QSize(look.px(220), look.px(160))

    # -- what is shown -----------------------------------------------------------------------

    def show_points(
        self, points: Sequence[Point], origin: Position | None, origin_words: str
    ) -> None:
        """Show *points*; distances are measured from *origin*."""
        self.model.show(points, origin)
        self.origin_words = origin_words
        if self._key not in {p.key for p in points}:
            self._key = None
        self._describe()
        self.update()

    def choose(self, key: object) -> None:
        """Mark the point called *key*, and move to it if it is out of sight."""
        self._key = key
        point = next((p for p in self.model.points if p.key == key), None)
        if point is not None:
            self.model.reveal(point.position, theme.current().px(40))
        self._describe()
        self.update()

    def _describe(self) -> None:
        count = len(self.model.points)
        words = ngettext(
            "Map with {n} place. The list beside it says the same.",
            "Map with {n} places. The list beside it says the same.",
            count,
        ).format(n=count)
        self.setAccessibleName(words)
        point = next((p for p in self.model.points if p.key == self._key), None)
        self.setAccessibleDescription(
            point.words
            if point
            else _("Arrows move, + and − zoom, 0 shows the nearest, N goes to the next place.")
        )

    # -- keyboard ----------------------------------------------------------------------------

    def keyPressEvent(self, event) -> None:
        """See the class."""
        model, step = self.model, theme.current().px(STEP)
        keys = Qt.Key
        match event.key():
            case keys.Key_Left:
                model.pan(-step, 0)
            case keys.Key_Right:
                model.pan(step, 0)
            case keys.Key_Up:
                model.pan(0, -step)
            case keys.Key_Down:
                model.pan(0, step)
            case keys.Key_Plus | keys.Key_Equal:
                model.zoom(ZOOM)
            case keys.Key_Minus:
                model.zoom(1 / ZOOM)
            case keys.Key_0:
                model.fit()
            case keys.Key_Home if model.origin is not None:
                model.go_to(model.origin)
            case keys.Key_N | keys.Key_P:
                self._next(1 if event.key() == keys.Key_N else -1)
            case keys.Key_Return | keys.Key_Enter if self._key is not None:
                self.opened.emit(self._key)
            case _:
                super().keyPressEvent(event)
                return
        self.update()

    def _next(self, by: int) -> None:
        order = [p.key for p in self.model.points]
        if not order:
            return
        place = order.index(self._key) + by if self._key in order else 0
        self.choose(order[place % len(order)])
        self.chosen.emit(self._key)

    # -- mouse -------------------------------------------------------------------------------

    def wheelEvent(self, event) -> None:
        """Zoom where the pointer is."""
        turn = event.angleDelta().y()
        if turn:
            at = event.position()
            self.model.zoom(ZOOM if turn > 0 else 1 / ZOOM, at.x(), at.y())
            self.update()
        event.accept()

    def mousePressEvent(self, event) -> None:
        """Grab the map."""
        self._grabbed, self._moved = event.position().toPoint(), False

    def mouseMoveEvent(self, event) -> None:
        """Drag it; or say what lies below the pointer."""
        at = event.position().toPoint()
        if self._grabbed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            by = self._grabbed - at
            if self._moved or by.manhattanLength() > 4:
                self._moved = True
                self._grabbed = at
                self.model.pan(by.x(), by.y())
                self.update()
            return
        mark = self._mark_at(at)
        self.setCursor(Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event) -> None:
        """Choose what was clicked; of several on one place each in its turn."""
        at = event.position().toPoint()
        if self._grabbed is not None and not self._moved and (mark := self._mark_at(at)):
            keys = [p.key for p in mark.points]
            following = (keys.index(self._key) + 1) % len(keys) if self._key in keys else 0
            self._key = keys[following]
            self._describe()
            self.chosen.emit(self._key)
            self.update()
        self._grabbed = None

    def mouseDoubleClickEvent(self, event) -> None:
        """Open a place, or come nearer."""
        if mark := self._mark_at(event.position().toPoint()):
            self.opened.emit(mark.points[0].key)
        else:
            self.model.zoom(ZOOM, event.position().x(), event.position().y())
            self.update()

    def _mark_at(self, at: QPoint) -> Mark | None:
        look = theme.current()
        return self.model.mark_at(at.x(), at.y(), look.px(16), look.px(CLUSTER))

    def event(self, event: QEvent) -> bool:
        """Names as tool tips."""
        if event.type() == QEvent.Type.ToolTip:
            mark = self._mark_at(event.pos())
            words = "\n".join(p.words for p in mark.points[:12]) if mark else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def resizeEvent(self, event) -> None:
        """The first size fits the view; later ones keep it."""
        first = event.oldSize().width() <= 0
        self.model.resize(self.width(), self.height())
        if first:
            self.model.fit()
        super().resizeEvent(event)

    # -- drawing -----------------------------------------------------------------------------

    def paintEvent(self, _event) -> None:
        """Draw ground, rings, names, places, scale."""
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = look.colours
        painter.fillRect(self.rect(), QColor(colours.raised))
        self._draw_rings(painter)
        self._draw_names(painter)
        self._draw_origin(painter)
        self._draw_marks(painter)
        self._draw_scale(painter)
        edge = QColor(colours.accent if self.hasFocus() else colours.edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(edge, look.px(2) if self.hasFocus() else 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if not self.model.points:
            words = _("Nothing that fits has a place on the map.")
            # Above the place in the middle, which has a name of its own, and over the rings.
            top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
            how = int(top | Qt.TextFlag.TextWordWrap)
            painter.setFont(look.font())
            room = self.rect().adjusted(16, 12, -16, -12)
            box = painter.boundingRect(room, how, words)
            painter.fillRect(box.adjusted(-6, -4, 6, 4), QColor(colours.raised))
            painter.setPen(QColor(colours.muted))
            painter.drawText(box, how, words)

    def _draw_rings(self, painter: QPainter) -> None:
        look, colours = theme.current(), theme.current().colours
        painter.setBrush(Qt.BrushStyle.NoBrush)
        small = QFont(look.font())
        painter.setFont(small)
        measure = QFontMetricsF(small)
        for x, y, radius, km in self.model.rings(look.px(90)):
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawEllipse(QPointF(x, y), radius, radius)
            text = shown_km(km)
            width, height = measure.horizontalAdvance(text) + 6, measure.height()
            box = QRectF(x + 4, y - radius - height / 2, width, height)
            if self.rect().contains(box.toRect()):
                painter.fillRect(box, QColor(colours.raised))
                painter.setPen(QColor(colours.muted))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_names(self, painter: QPainter) -> None:
        if self._names is None:
            return
        look, colours = theme.current(), theme.current().colours
        font = QFont(look.font())
        font.setItalic(True)
        painter.setFont(font)
        measure = QFontMetricsF(font)
        model = self.model
        taken: list[QRectF] = []
        origin = None if model.origin is None else model.at(model.origin)
        corners = model.place(0, model.height), model.place(model.width, 0)
        for words, place in self._names(*corners):
            x, y = model.at(place)
            if origin is not None and max(abs(x - origin[0]), abs(y - origin[1])) < look.px(ARM):
                # Under the cross that marks one's own place, not behind it.
                y += look.px(2 * ARM)
            width = measure.horizontalAdvance(words)
            box = QRectF(x - width / 2, y - measure.height() / 2, width, measure.height())
            # A name that would lie on another is left out; zooming in shows it.
            if any(box.intersects(other) for other in taken):
                continue
            taken.append(box.adjusted(-12, -8, 12, 8))
            painter.setPen(QColor(colours.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_origin(self, painter: QPainter) -> None:
        if self.model.origin is None:
            return
        look, colours = theme.current(), theme.current().colours
        x, y = self.model.at(self.model.origin)
        arm = look.px(ARM)
        painter.setPen(QPen(QColor(colours.text), look.px(2)))
        painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
        painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))

    def _draw_marks(self, painter: QPainter) -> None:
        look, colours = theme.current(), theme.current().colours
        bold = QFont(look.font())
        bold.setBold(True)
        painter.setFont(bold)
        chosen: tuple[Mark, Point] | None = None
        for mark in self.model.marks(look.px(CLUSTER)):
            here = next((p for p in mark.points if p.key == self._key), None)
            if here is not None:
                chosen = (mark, here)
                continue
            self._draw_mark(painter, mark, on=False)
        if chosen is not None:
            mark, point = chosen
            self._draw_mark(painter, mark, on=True)
            measure = QFontMetricsF(bold)
            text = measure.elidedText(point.words, Qt.TextElideMode.ElideRight, self.width() * 0.7)
            width = measure.horizontalAdvance(text) + look.px(12)
            left = min(max(mark.x - width / 2, 2), self.width() - width - 2)
            above = mark.y - look.px(14) - measure.height() - look.px(6)
            top = above if above > 2 else mark.y + look.px(14)
            box = QRectF(left, top, width, measure.height() + look.px(6))
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(QColor(colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_mark(self, painter: QPainter, mark: Mark, *, on: bool) -> None:
        look, colours = theme.current(), theme.current().colours
        several, exact = len(mark.points) > 1, all(p.exact for p in mark.points)
        radius = look.px(11 if several else 8 if on else 6)
        ground = QColor(colours.accent)
        painter.setPen(QPen(QColor(colours.raised if exact else colours.accent), look.px(2)))
        # A place of which only the commune is known is a ring, not a dot.
        painter.setBrush(ground if exact or several else QColor(colours.raised))
        painter.drawEllipse(QPointF(mark.x, mark.y), radius, radius)
        if on:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), look.px(2)))
            painter.drawEllipse(QPointF(mark.x, mark.y), radius + look.px(3), radius + look.px(3))
        if several:
            painter.setPen(QColor(colours.on_accent))
            box = QRectF(mark.x - radius, mark.y - radius, 2 * radius, 2 * radius)
            count = len(mark.points)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99+"
            )

    def _draw_scale(self, painter: QPainter) -> None:
        look, colours = theme.current(), theme.current().colours
        km = self.model.grid_km(look.px(120))
        length = km * self.model.scale
        left, bottom = look.px(12), self.height() - look.px(12)
        painter.setFont(look.font())
        measure = QFontMetricsF(look.font())
        text = shown_km(km)
        box = QRectF(left - 4, bottom - measure.height() - look.px(8),
                     max(length, measure.horizontalAdvance(text)) + 8,
                     measure.height() + look.px(12))  # fmt: skip
        painter.fillRect(box, QColor(colours.raised))
        painter.setPen(QPen(QColor(colours.text), look.px(2)))
        painter.drawLine(QPointF(left, bottom), QPointF(left + length, bottom))
        for end in (left, left + length):
            painter.drawLine(QPointF(end, bottom - look.px(4)), QPointF(end, bottom))
        painter.drawText(QPointF(left, bottom - look.px(6)), text)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in other colours and sizes."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES:
            self.update()
