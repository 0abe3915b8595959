"""After a lock of some length the program begins anew: the memory that held data goes back.

Keys are wiped at the lock itself. Texts that were on the screen cannot be wiped from Python's
memory one by one; a process that ends gives all of it back at once. So an unlock window that
nobody touches is shown by a new process instead: soon, with a window standing the whole time
(``take_over``); where that cannot be, after twenty seconds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

# Untouched for so long, the window may be passed on. Who locked by hand and types at once is not
# interrupted.
AFTER_MS = 1_000
# With this window closed before the new one stands, what somebody types would go elsewhere; so it
# is done only where nobody sits.
ALONE_MS = 20_000
# Said to the new process: it shows its window without taking the keyboard from others.
# ``AT_ONCE``, or the name of the line by which it is to take over (``take_over``).
QUIET = "TRAFFICK_DESK_RENEWED"
AT_ONCE = "1"
_TOUCHED = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.InputMethod})


class Renewal(QObject):
    """Waits until a window before the desk was left alone long enough.

    Signals:
        wanted: begin anew.
        stopped: do not any more; the desk is open, or the program ends.
    """

    wanted = Signal()
    stopped = Signal()

    def __init__(self, parent: QObject | None = None, *, after: int = AFTER_MS) -> None:
        super().__init__(parent)
        self._after = after
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._over)
        self._free: Callable[[], bool] = lambda: False

    def watch(self, window: QObject, free: Callable[[], bool]) -> None:
        """Begin to wait; *free* tells whether nothing typed and no work would be lost."""
        self._free = free
        window.installEventFilter(self)
        self._wait.start(self._after)

    def again(self, after: int | None = None) -> None:
        """Wait once more, for *after* milliseconds or as long as at first."""
        self._wait.start(self._after if after is None else after)

    def stop(self) -> None:
        """Do not begin anew."""
        self._wait.stop()
        self.stopped.emit()

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
    environment = {**os.environ, QUIET: AT_ONCE}
    if sys.platform != "win32":
        os.execve(sys.executable, command(), environment)  # noqa: S606 - ourselves
    import subprocess

    subprocess.Popen(command(), env=environment, close_fds=True)  # noqa: S603 - ourselves
    return 0
