"""Notices that nobody has touched the desk for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Starts over with every key and mouse move.

    Signals:
        touched: a key was pressed or the mouse moved.
        idle: nothing was touched for the whole time.
        lock_pressed: Ctrl+L in a dialog, which keeps the window's own keys from working.
        blank_pressed: F12 likewise.
    """

    touched = Signal()
    idle = Signal()
    lock_pressed = Signal()
    blank_pressed = Signal()

    def __init__(self, app: QGuiApplication, minutes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self.set_minutes(minutes)
        # Windows are watched and not the application: a filter in Python on every
        # event of every widget would be felt.
        self._windows: set[int] = set()
        app.focusWindowChanged.connect(self.watch)
        for window in app.topLevelWindows():
            self.watch(window)

    def watch(self, window: QWindow | None) -> None:
        """Watch one more window."""
        # PySide6 6.12 now and then hands out the wrapper of a dead object of another class that
        # stood at the same address; such a window is watched when it comes into focus again.
        if isinstance(window, QWindow) and id(window) not in self._windows:
            self._windows.add(id(window))
            window.installEventFilter(self)

    def set_minutes(self, minutes: int) -> None:
        """Wait this long, 1 to 30 minutes."""
        self._timer.start(min(30, max(1, minutes)) * 60_000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start over; in dialogs, look for the two keys that must always work."""
        if event.type() not in _SIGNS_OF_LIFE:
            return False
        self._timer.start()
        self.touched.emit()
        if event.type() != QEvent.Type.KeyPress or not isinstance(watched, QWindow):
            return False
        if watched.transientParent() is None:
            return False  # the window itself, with its own shortcuts
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_L and control:
            self.lock_pressed.emit()
        elif event.key() == Qt.Key.Key_F12 and not event.modifiers():
            self.blank_pressed.emit()
        else:
            return False
        return True
