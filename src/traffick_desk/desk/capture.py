"""Windows of the desk are left out of screenshots, recordings and shared screens.

Only Windows can; and it can be switched off, because remote help and some screen readers see
through the same hole.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

_NONE = 0x00
_EXCLUDE = 0x11
# Windows before 10.2004 knows only a black rectangle.
_MONITOR = 0x01


def can_block() -> bool:
    """Whether this system can."""
    return sys.platform == "win32"


def set_affinity(handle: int, *, on: bool) -> bool:
    """Ask Windows for one window; whether it agreed."""
    call = ctypes.windll.user32.SetWindowDisplayAffinity
    if not on:
        return bool(call(handle, _NONE))
    return bool(call(handle, _EXCLUDE)) or bool(call(handle, _MONITOR))


class CaptureGuard(QObject):
    """Blocks capture of every window that comes up, dialogs too, while it is on."""

    def __init__(
        self,
        app: QGuiApplication,
        *,
        on: bool,
        affinity: Callable[..., Any] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Begin.

        Args:
            app: the application.
            on: whether capture is blocked.
            affinity: asks the system; where it cannot, nothing is done.
            parent: ends with it.
        """
        super().__init__(parent)
        self._app, self._on = app, on
        self._affinity = affinity or (set_affinity if can_block() else None)
        self._windows: dict[int, QWindow] = {}
        if self._affinity is not None:
            app.focusWindowChanged.connect(self._watch)
            self.switch(on)

    @property
    def on(self) -> bool:
        """Whether capture is blocked."""
        return self._on

    def switch(self, on: bool) -> None:
        """Block capture of all windows, or allow it again."""
        self._on = on
        if self._affinity is not None:
            for window in self._app.topLevelWindows():
                self._watch(window)
                self._apply(window)

    def _watch(self, window: QWindow | None) -> None:
        if isinstance(window, QWindow) and id(window) not in self._windows:
            self._windows[id(window)] = window
            window.installEventFilter(self)
            self._apply(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window shown again has another handle."""
        if event.type() == QEvent.Type.Expose and isinstance(watched, QWindow):
            self._apply(watched)
        return False

    def _apply(self, window: QWindow) -> None:
        if window.isVisible():
            self._affinity(int(window.winId()), on=self._on)
