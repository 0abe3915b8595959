"""Notices that the officer leaves the PC: it sleeps, its screen is locked, another user comes.

Linux says so over D-Bus (logind, and the screen savers of GNOME and KDE); Windows in messages to
a window. Whatever the system does not tell is found by a clock: time that passed while nobody
counted was time asleep.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QObject, QTimer, Signal

# What Windows sends; from its headers winuser and wtsapi32.
WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
_PBT_APMSUSPEND = 0x0004
_AWAY = frozenset({0x2, 0x4, 0x6, 0x7})  # console or remote left, logged off, locked
_THIS_SESSION = 0

_TICK_MS = 5_000
_ASLEEP = 20.0


class _Message(ctypes.Structure):
    """``MSG`` of winuser.h."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint32),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
    )


def leaves(message: int, wparam: int) -> bool:
    """Whether a message of Windows says that the officer leaves."""
    if message == WM_POWERBROADCAST:
        return wparam == _PBT_APMSUSPEND
    return message == WM_WTSSESSION_CHANGE and wparam in _AWAY


class WindowsFilter(QAbstractNativeEventFilter):
    """Reads the messages of Windows; never swallows one."""

    def __init__(self, left: Callable[[], object]) -> None:
        super().__init__()
        self._left = left

    def nativeEventFilter(self, kind: Any, message: Any) -> tuple[bool, int]:
        """See Qt; *message* is the address of a ``MSG``."""
        if bytes(kind) in {b"windows_generic_MSG", b"windows_dispatcher_MSG"}:
            found = _Message.from_address(int(message))
            if leaves(found.message, found.wparam):
                self._left()
        return False, 0


class SessionWatch(QObject):
    """Tells that the officer leaves, once for each time.

    Signals:
        left: the PC goes to sleep, its screen is locked, or another user takes it.
    """

    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus: Any = None
        self._filter: WindowsFilter | None = None
        self._registered = 0
        self._clock: Callable[[], float] = time.time
        self._seen = self._clock()
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.look_at_clock)
        self._tick.start()

    def begin(self, app: Any, window: int = 0) -> None:
        """Listen to the system.

        Args:
            app: the application.
            window: handle of a window that lasts, to which Windows speaks.
        """
        if sys.platform == "win32":
            self._filter = WindowsFilter(self.left.emit)
            app.installNativeEventFilter(self._filter)
            if window and ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
                window, _THIS_SESSION
            ):
                self._registered = window
            return
        # Loaded only here: it takes a moment, and Windows has no use for it.
        from traffick_desk.desk.session_bus import SessionBus

        self._bus = SessionBus(self)
        self._bus.left.connect(self.left)
        self._bus.listen()

    def end(self) -> None:
        """Listen no more."""
        self._tick.stop()
        if self._registered:
            ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(self._registered)
            self._registered = 0

    # -- the clock ---------------------------------------------------------------------------

    def look_at_clock(self) -> None:
        """More time has passed than was counted: the PC was asleep (or its clock was set)."""
        now = self._clock()
        gap, self._seen = now - self._seen, now
        if gap > _TICK_MS / 1000 + _ASLEEP:
            self.left.emit()
