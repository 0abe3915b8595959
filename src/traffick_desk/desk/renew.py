"""After a lock of some length the program begins anew: the memory that held data goes back.

Keys are wiped at the lock itself. Texts that were on the screen cannot be wiped from Python's
memory one by one; a process that ends gives all of it back at once. So an unlock window that
nobody has touched for twenty seconds is shown by a new process instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

AFTER_MS = 20_000
# Said to the new process: it shows its window without taking the keyboard from others.
QUIET = "TRAFFICK_DESK_RENEWED"
_TOUCHED = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.InputMethod})


class Renewal(QObject):
    """Waits until a window before the desk was left alone long enough.

    Signals:
        wanted: begin anew.
    """

    wanted = Signal()

    def __init__(self, parent: QObject | None = None, *, after: int = AFTER_MS) -> None:
        super().__init__(parent)
        self._wait = QTimer(self, singleShot=True, interval=after)
        self._wait.timeout.connect(self._over)
        self._free: Callable[[], bool] = lambda: False

    def watch(self, window: QObject, free: Callable[[], bool]) -> None:
        """Begin to wait; *free* tells whether nothing typed and no work would be lost."""
        self._free = free
        window.installEventFilter(self)
        self._wait.start()

    def stop(self) -> None:
        """Do not begin anew."""
        self._wait.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Touched: wait from the start."""
        if event.type() in _TOUCHED and self._wait.isActive():
            self._wait.start()
        return False

    def _over(self) -> None:
        if self._free():
            self.wanted.emit()
        else:
            self._wait.start()


def command() -> list[str]:
    """How this program was started."""
    return [sys.executable, *sys.orig_argv[1:]]


def begin_anew() -> int:
    """Put a new process in the place of this one; returns only where the system cannot."""
    environment = {**os.environ, QUIET: "1"}
    if sys.platform != "win32":
        os.execve(sys.executable, command(), environment)  # noqa: S606 - ourselves
    import subprocess

    subprocess.Popen(command(), env=environment, close_fds=True)  # noqa: S603 - ourselves
    return 0
