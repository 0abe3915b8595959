"""How long the start takes on this PC, from the beginning of the process to a painted window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk import process


@dataclass(frozen=True, slots=True)
class StartTime:
    """Seconds until the first window stood.

    Attributes:
        wall: what a person waited; with a launcher that became this process, that one too.
        processor: what this process worked.
    """

    wall: float
    processor: float


class FirstPaint(QObject):
    """Calls back once, after the first window of the application has painted."""

    def __init__(self, app: QApplication, then: Callable[[StartTime], object]) -> None:
        super().__init__(app)
        self._then: Callable[[StartTime], object] | None = then
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint event of a window; it goes on its way."""
        painting = event.type() == QEvent.Type.Paint
        if painting and isinstance(watched, QWidget) and watched.isWindow() and self._then:
            then, self._then = self._then, None
            QTimer.singleShot(0, self, lambda: then(StartTime(process.age(), time.process_time())))
        return False
