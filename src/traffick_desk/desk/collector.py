"""Cycles of garbage are collected in the window's thread only.

Python runs its cycle collector in whatever thread happens to allocate. In a
thread of the pool it would destroy widgets there, while the window's thread
holds Qt's locks and waits for the interpreter: both stand still for ever. So
the automatic collector is off while work runs in threads, and a timer of the
window's thread does what it would have done.
"""

from __future__ import annotations

import gc
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 250


class Collector(QObject):
    """Collects in the thread it lives in, by Python's own thresholds; see the module.

    While any is at work, Python does not collect by itself.
    """

    _at_work: ClassVar[set[int]] = set()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect)
        self._at_work.add(id(self))
        gc.disable()
        self._timer.start()

    def end(self) -> None:
        """Give the work back to Python, if no other collector is at it."""
        self._timer.stop()
        self._at_work.discard(id(self))
        if not self._at_work:
            gc.enable()


def collect() -> None:
    """Collect the oldest generation that is due."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
