"""The way into practice and back: what is shown before its desk, and when that was locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from traffick_desk.desk.before_desk import expected, gone, when_closed, words
from traffick_desk.services import vaults

if TYPE_CHECKING:
    from traffick_desk.desk.practice_start import PracticeStart
    from traffick_desk.desk.program import Program
    from traffick_desk.services.base import Desk


class Practice(QObject):
    """Which of the two sides is shown; nothing is ever open on both."""

    def __init__(
        self, program: Program, now: Callable[[], datetime] | None, kdf: Any, *, on: bool
    ) -> None:
        super().__init__(program)
        self._program, self._now, self._kdf = program, now, kdf
        self.on = on
        self.start: PracticeStart | None = None

    def begin(self, *, anew: bool = False) -> None:
        """Open practice, made if need be; the windows before the real desk go away."""
        from traffick_desk.desk.practice_start import PracticeStart, place_of

        self.on = True
        window = PracticeStart(place_of(self._program.vault), self._now, words, self._kdf)
        window.opened.connect(self._opened)
        window.left.connect(self.leave)
        when_closed(window, self._gave_up)
        self.start = window
        window.show()
        window.activateWindow()
        self._program.put_away()
        window.begin(anew=anew)

    def _opened(self, desk: Desk) -> None:
        window, self.start = self.start, None
        self._program.show_desk(desk)
        gone(window)

    def _gave_up(self) -> None:
        if self.start is not None:
            self.start = None
            self._program.end()

    def leave(self) -> None:
        """Go to the real desk: its first run, or its unlock window."""
        program = self._program
        start, self.start = self.start, None
        unlock, program.unlock_window = program.unlock_window, None
        self.on = False
        program.start()
        gone(start)
        gone(unlock)

    def ask_password(self) -> None:
        """Show the unlock window of practice, after its desk was locked."""
        from traffick_desk.desk.practice_start import PracticeUnlock, place_of

        program = self._program
        place = place_of(program.vault)
        try:
            info = vaults.peek(place.commune)
        except Exception as problem:
            if not expected(problem):
                raise
            # Gone or damaged meanwhile; the start says so and offers to begin anew.
            self.begin()
            return
        window: PracticeUnlock = PracticeUnlock(info, place, self._now, expected)
        window.unlocked.connect(program.show_desk)
        window.left.connect(self.leave)
        when_closed(window, program.gave_up)
        program.unlock_window = window
        window.show()
        window.activateWindow()
