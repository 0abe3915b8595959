"""Work in the window's thread that is long as a whole, done a piece at a time.

Between two pieces keys are heard and the window is drawn. Whoever needs all of it finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer


class InTurns(QObject):
    """Does pieces of work one after the other, one for each turn of the event loop.

    It ends with its parent: pieces that were not done by then are not done any more.
    """

    def __init__(self, pieces: Iterable[Callable[[], object]], parent: QObject) -> None:
        """Begin with the next turn; the pieces are done in their order."""
        super().__init__(parent)
        self._pieces = list(pieces)
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._one)
        if self._pieces:
            self._next.start()

    def finish(self) -> None:
        """Do at once what is left. A piece may call this; it is not done twice."""
        while self._pieces:
            self._one()

    @property
    def done(self) -> bool:
        """Whether no piece is left; the last one may still be under way."""
        return not self._pieces

    def _one(self) -> None:
        piece = self._pieces.pop(0)
        if not self._pieces:
            self._next.stop()
        piece()
