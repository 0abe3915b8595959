"""The regimes of one person as a list: letter, what it is, whether it is given, what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from traffick_desk.desk import icons, kit, parsing, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.lines import LinesModel
from traffick_desk.desk.pages.wrapping import MOST_MEASURED
from traffick_desk.i18n import _
from traffick_desk.law import Assessment, Outcome, Result
from traffick_desk.services.assess import regime_label
from traffick_desk.services.views import CaseView, RecordView

# Result → icon, palette role. Not granted is no fault of anybody: no red.
LOOKS = {
    Result.GRANTED: ("ok", "ok"),
    Result.CASE_DEPENDENT: ("help", "accent"),
    Result.NOT_GRANTED: ("void", "muted"),
    Result.NEEDS_REVIEW: ("warning", "due"),
}
# Icon, palette role and words of each text of a line; the same with where it stands.
Texts = tuple[tuple[str, str, str], ...]
Boxes = list[tuple[str, str, str, QRect]]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of the province for one regime, and its answer."""

    record: RecordView
    decision: RecordView | None

    @property
    def state(self) -> str:
        """``requested``, ``approved`` or ``returned``."""
        return self.decision.get("decision", "requested") if self.decision else "requested"

    @property
    def text(self) -> str:
        """The state in words."""
        if self.decision is None:
            return _("requested on {date}").format(date=_day(self.record.get("requested_on")))
        day = _day(self.decision.get("decided_on"))
        if self.state == "approved":
            text = _("approved by the province on {date}").format(date=day)
            amount = self.decision.get("amount")
            return f"{text}: {parsing.show_money(amount)}" if amount is not None else text
        return _("returned: {reason}").format(reason=self.decision.get("reason") or "")

    @property
    def tone(self) -> str:
        """The palette role of the state."""
        return {"approved": "ok", "returned": "late"}.get(self.state, "accent")


def _day(value: str | None) -> str:
    return parsing.show_date(date.fromisoformat(value[:10])) if value else ""


def regime_words(host: Host, regime: str | None) -> str:
    """``L53/a`` in words; the letters mean other things under the law of 2011."""
    regime = regime or ""
    letter = regime.partition("/")[2]
    context = getattr(host.desk, "context", None)
    label = regime_label(context, regime) if context is not None else regime
    return f"{letter}) {label}" if letter else label


def requests(case: CaseView, person_id: str) -> dict[str, Request]:
    """Regime (``L53/a``) → the newest request for a person, with its decision."""
    decisions = {d.get("entitlement"): d for d in case.of("entitlement_decision")}
    found: dict[str, Request] = {}
    for record in sorted(
        case.of("entitlement", person_id), key=lambda r: (r.get("requested_on") or "", r.id)
    ):
        found[record.get("regime")] = Request(record, decisions.get(record.id))
    return found


@dataclass(frozen=True, slots=True)
class RegimeLine:
    """One regime as the list shows it."""

    code: str
    outcome: Outcome
    request: Request | None
    newer: str = ""

    @property
    def title(self) -> str:
        """Letter and label."""
        return f"{self.outcome.regime.letter}) {self.outcome.regime.label}"

    @property
    def result(self) -> str:
        """The result, and the amount or that it is not available."""
        text = self.outcome.result.label
        if self.outcome.result is Result.NOT_GRANTED:
            return text
        if any(line.not_found for line in self.outcome.lines):
            missing = _("amount not available")
            return f"{text} · {missing}"
        amounts = list(dict.fromkeys(line.amount_text for line in self.outcome.lines))
        return f"{text} · {amounts[0]}" if len(amounts) == 1 else text

    @property
    def words(self) -> str:
        """All of it, for a screen reader."""
        asked = self.request.text if self.request else ""
        parts = (self.title, self.result, asked, self.newer)
        return ". ".join(p for p in parts if p)


def regime_lines(
    found: Assessment, case: CaseView, person_id: str, newer: Mapping[str, str]
) -> list[RegimeLine]:
    """The regimes of the governing law with what was requested.

    *newer* holds by request what rules that came later say (``services.rules_effect``).
    """
    asked = requests(case, person_id)
    lines = []
    for outcome in found.outcomes:
        code = f"{outcome.regime.law}/{outcome.regime.letter}"
        request = asked.get(code)
        more = newer.get(request.record.id, "") if request is not None else ""
        lines.append(RegimeLine(code, outcome, request, more))
    return lines


class RegimeModel(LinesModel[RegimeLine]):
    """The regimes in the order of the law."""

    def row_of(self, code: str) -> int:
        """The row of a regime; -1 if it is not there."""
        return next((n for n, line in enumerate(self._lines) if line.code == code), -1)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a line; the delegate draws its parts."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.title
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return line.words
            case Qt.ItemDataRole.UserRole:
                return line
        return None


class RegimeDelegate(QStyledItemDelegate):
    """Draws title, result with icon and word, and the state of the request."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._laid: dict[tuple[Texts, int, theme.Theme], Boxes] = {}

    def _texts(self, line: RegimeLine) -> list[tuple[str, str, str]]:
        icon, tone = LOOKS[line.outcome.result]
        rows = [("", "text", line.title), (icon, tone, line.result)]
        if line.request is not None:
            rows.append(("answer", line.request.tone, line.request.text))
        if line.newer:
            rows.append(("law", "due", line.newer))
        return rows

    @staticmethod
    def _metrics(*, bold: bool) -> QFontMetrics:
        return QFontMetrics(theme.current().font(bold=bold))

    def _width(self, option: QStyleOptionViewItem) -> int:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else 0
        return max(width, theme.current().px(160))

    def _boxes(self, line: RegimeLine, width: int) -> Boxes:
        key = tuple(self._texts(line)), width, theme.current()
        if key not in self._laid:
            if len(self._laid) > MOST_MEASURED:
                self._laid.clear()
            self._laid[key] = self._lay(*key)
        return self._laid[key]

    def _lay(self, texts: Texts, width: int, look: theme.Theme) -> Boxes:
        margin, gap = look.px(8), look.px(2)
        y = margin // 2 + gap
        boxes = []
        for number, (icon, tone, text) in enumerate(texts):
            left = margin + (look.px(22) if icon else 0)
            room = QRect(0, 0, width - left - margin, 10_000)
            flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value
            height = self._metrics(bold=number == 0).boundingRect(room, flags, text).height()
            boxes.append((icon, tone, text, QRect(left, y, room.width(), height)))
            y += height + gap
        return boxes

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """As high as its wrapped texts."""
        width = self._width(option)
        last = self._boxes(index.data(Qt.ItemDataRole.UserRole), width)[-1][3]
        return QSize(width, last.bottom() + theme.current().px(8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw one regime."""
        look = theme.current()
        colours = look.colours
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.accent_soft))
            bar = QRect(option.rect.topLeft(), QSize(look.px(3), option.rect.height()))
            painter.fillRect(bar, QColor(colours.accent))
        painter.setPen(QColor(colours.border))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        line = index.data(Qt.ItemDataRole.UserRole)
        for number, (icon, tone, text, box) in enumerate(self._boxes(line, option.rect.width())):
            here = box.translated(option.rect.topLeft())
            if icon:
                size = look.px(16)
                top = here.top() + (option.fontMetrics.height() - size) // 2
                spot = QRect(option.rect.left() + look.px(8), top, size, size)
                painter.drawPixmap(spot, icons.pixmap(icon, tone, 16))
            painter.setFont(look.font(bold=number == 0))
            painter.setPen(QColor(getattr(colours, tone)))
            painter.drawText(here, Qt.TextFlag.TextWordWrap.value, text)
        painter.restore()


class RegimeList(QListView):
    """The list of regimes; the whole column scrolls, not the list."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("regimes")
        self.setAccessibleName(_("Support regimes"))
        self.setModel(RegimeModel(parent=self))
        self.setItemDelegate(RegimeDelegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)

    def show_lines(self, lines: Sequence[RegimeLine]) -> None:
        """Show *lines*; the chosen regime stays chosen."""
        before = self.chosen()
        self.model().show_lines(lines)
        row = self.model().row_of(before.code) if before else -1
        self.setCurrentIndex(self.model().index(max(row, 0)))
        self.fit()

    def chosen(self) -> RegimeLine | None:
        """The chosen regime."""
        index = self.currentIndex()
        return self.model().line(index.row()) if index.isValid() else None

    def fit(self) -> None:
        """Be as high as all lines."""
        self.doItemsLayout()
        rows = sum(self.sizeHintForRow(n) for n in range(self.model().rowCount()))
        self.setFixedHeight(max(rows, kit.theme.current().control_height) + 2 * self.frameWidth())

    def resizeEvent(self, event) -> None:
        """Texts wrap differently: measure again."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()
