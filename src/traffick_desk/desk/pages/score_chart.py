"""How a person's life went from visit to visit: a line, and the same as figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.domain.codes_care import SCORE_VALUES
from traffick_desk.domain.records.care import SCORED, VISIT
from traffick_desk.i18n import _, language
from traffick_desk.services.views import RecordView

LOWEST, HIGHEST = 1, 5
# So many visits fit beside each other; earlier ones are in the list of visits.
MOST = 8


@dataclass(frozen=True, slots=True)
class Point:
    """One visit: its day, the score of each domain that was scored."""

    day: date
    scores: dict[str, int]

    @property
    def mean(self) -> float:
        """The mean of what was scored."""
        return sum(self.scores.values()) / len(self.scores)

    @property
    def text(self) -> str:
        """The mean as it is written."""
        text = f"{self.mean:.1f}"
        return text.replace(".", ",") if language() == "vi" else text


def points(visits: Sequence[RecordView]) -> list[Point]:
    """The visits that scored anything, in the order of their days; the newest at the end."""
    found = []
    for visit in visits:
        scores = {n: SCORE_VALUES[c] for n in SCORED if (c := visit.get(n)) in SCORE_VALUES}
        if scores and visit.get("at"):
            found.append(Point(date.fromisoformat(visit.get("at")[:10]), scores))
    return sorted(found, key=lambda p: p.day)[-MOST:]


class ScoreLine(QWidget):
    """The mean of each visit as a line; readable without colours, told in words too."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("score_line")
        self._points: list[Point] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_points(self, found: list[Point]) -> None:
        """Draw *found*."""
        self._points = found
        told = "; ".join(f"{parsing.show_date(p.day)}: {p.text}" for p in found)
        self.setAccessibleName(_("Mean of each visit: {values}").format(values=told))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(theme.current().px(320), theme.current().px(150))

    def _spot(self, number: int, room: QRectF) -> QPointF:
        last = max(len(self._points) - 1, 1)
        share = (self._points[number].mean - LOWEST) / (HIGHEST - LOWEST)
        return QPointF(
            room.left() + room.width() * number / last, room.bottom() - room.height() * share
        )

    def paintEvent(self, _event: object) -> None:
        """Draw levels, line, points and their figures."""
        look = theme.current()
        colours = look.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font())
        metrics = QFontMetrics(look.font())
        line = metrics.height()
        room = QRectF(self.rect()).adjusted(look.px(48), line + 4, -look.px(40), -line - look.px(6))
        painter.setPen(QPen(QColor(colours.border), 1, Qt.PenStyle.DotLine))
        for level in range(LOWEST, HIGHEST + 1):
            y = room.bottom() - room.height() * (level - LOWEST) / (HIGHEST - LOWEST)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        painter.setPen(QColor(colours.muted))
        for level in range(LOWEST, HIGHEST + 1):
            y = room.bottom() - room.height() * (level - LOWEST) / (HIGHEST - LOWEST)
            painter.drawText(QPointF(look.px(8), y + line / 3), str(level))
        spots = [self._spot(n, room) for n in range(len(self._points))]
        painter.setPen(QPen(QColor(colours.accent), look.px(2)))
        painter.drawPolyline(spots)
        painter.setBrush(QColor(colours.accent))
        for spot, point in zip(spots, self._points, strict=True):
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawEllipse(spot, look.px(4), look.px(4))
            painter.setPen(QColor(colours.text))
            width = metrics.horizontalAdvance(point.text)
            painter.drawText(QPointF(spot.x() - width / 2, spot.y() - look.px(8)), point.text)
            day = f"{point.day:%d/%m}"
            width = metrics.horizontalAdvance(day)
            painter.setPen(QColor(colours.muted))
            painter.drawText(QPointF(spot.x() - width / 2, self.height() - look.px(4)), day)
        painter.end()


class ScoreChart(QWidget):
    """The line, and below it the figures of each matter; nothing before the first score."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("score_chart")
        self.line = ScoreLine()
        self._place = kit.vbox()
        self.setLayout(
            kit.vbox(
                kit.label(_("How it goes, from visit to visit"), "subheading"),
                self.line,
                self._place,
                gap=8,
            )
        )
        self.hide()

    def show_visits(self, visits: Sequence[RecordView]) -> None:
        """Show the scores of *visits*."""
        found = points(visits)
        self.setVisible(bool(found))
        # One point is no line.
        self.line.setVisible(len(found) > 1)
        self.line.show_points(found)
        kit.clear(self._place)
        if found:
            self._place.addWidget(_figures(found))


def _figures(found: list[Point]) -> QWidget:
    grid = QGridLayout()
    kit.measures(grid, 0, 8)
    for column, point in enumerate(found, 1):
        grid.addWidget(kit.label(f"{point.day:%d/%m/%y}", "muted", wrap=False), 0, column)
    for row, name in enumerate(SCORED, 1):
        label = VISIT[name].shown_label()
        grid.addWidget(kit.label(label, wrap=False), row, 0)
        for column, point in enumerate(found, 1):
            score = point.scores.get(name)
            cell = kit.label("–" if score is None else str(score), wrap=False)
            told = _("not scored") if score is None else str(score)
            cell.setAccessibleName(f"{label}, {parsing.show_date(point.day)}: {told}")
            grid.addWidget(cell, row, column)
    grid.setColumnStretch(len(found) + 1, 1)
    return kit.panel(grid, name="score_figures")
