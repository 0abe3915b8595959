"""Tells for how long the window's thread did not come back to its event loop.

A timer beats every few milliseconds. What lies between two beats is one stretch in which nothing
could be drawn and no key was heard. The processor time of the thread is told beside the clock's: on
a busy machine the clock also counts what other programs took.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 4


@dataclass
class Act:
    """What one act of the officer did to the window.

    Attributes:
        done_ms: from the act until what was asked for stands there.
        blocked_ms, blocked_cpu_ms: the longest stretch without a beat, by the clock and by the
            processor time of the window's thread.
    """

    done_ms: float = 0.0
    blocked_ms: float = 0.0
    blocked_cpu_ms: float = 0.0


class Heartbeat(QObject):
    """Beats in the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act: Act | None = None
        self._wall = self._cpu = 0.0
        self._timer = QTimer(self, interval=EVERY_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def during(self) -> Iterator[Act]:
        """Watch one act; the caller does it and lets the program run until it is done."""
        self._act = act = Act()
        began = self._mark()
        self._timer.start()
        try:
            yield act
        finally:
            self._beat()
            self._timer.stop()
            self._act = None
            act.done_ms = (time.perf_counter() - began) * 1000

    def _mark(self) -> float:
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        return self._wall

    def _beat(self) -> None:
        if self._act is None:
            return
        wall, cpu = self._wall, self._cpu
        self._mark()
        self._act.blocked_ms = max(self._act.blocked_ms, (self._wall - wall) * 1000)
        self._act.blocked_cpu_ms = max(self._act.blocked_cpu_ms, (self._cpu - cpu) * 1000)
