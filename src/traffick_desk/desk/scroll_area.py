"""The area that every page, section and dialog scrolls in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from traffick_desk.desk import theme

# How deep a scroll area may ask its contents within their own change of size, and how often later.
_DEEPEST = 3
_MOST_LATER = 5


class Scroll(QScrollArea):
    """Follows the keyboard: what has the focus is on screen."""

    def __init__(self) -> None:
        super().__init__()
        self._within = self._later = 0
        QApplication.instance().focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let contents settle whose smallest width depends on the width that they have.

        A form in two columns asks for more width than the same form in one. The base class asks
        before the contents have answered to a new size, gives them another one, asks again, and
        so on within itself until the stack is used up. What comes too deep is asked once more
        after the contents have laid themselves out, a few times at most.
        """
        if event.type() != QEvent.Type.Resize or watched is not self.widget():
            return super().eventFilter(watched, event)
        if self._within < _DEEPEST:
            self._within += 1
            try:
                return super().eventFilter(watched, event)
            finally:
                self._within -= 1
        if self._later < _MOST_LATER:
            self._later += 1
            QTimer.singleShot(0, self, self._ask_again)
        return False

    def _ask_again(self) -> None:
        before = self._later
        QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))
        if self._later == before:
            self._later = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A new size of the area: contents may settle anew."""
        self._later = 0
        super().resizeEvent(event)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isVisible() and self.isAncestorOf(now):
            margin = theme.current().px(24)
            self.ensureWidgetVisible(now, 0, margin)
