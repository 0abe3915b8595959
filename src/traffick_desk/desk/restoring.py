"""The way from a backup, or from what could be saved, back to a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from traffick_desk.desk.before_desk import gone, judge, when_closed, words
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.desk.program import Program
    from traffick_desk.desk.restore_window import RestoreWindow
    from traffick_desk.services.base import Desk


class Restoring(QObject):
    """Shows the window that restores a backup, and what comes after it."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self.window: RestoreWindow | None = None

    def begin(self) -> None:
        """Open the window that restores a backup; the windows before the desk go away."""
        from traffick_desk.desk.restore_window import Copies, RestoreWindow

        program = self._program
        # The folder may be put aside whole, which Windows refuses while a file in it is open.
        program.drop_temp()
        taken = program.vault.exists() and any(program.vault.iterdir())
        window = RestoreWindow(Copies(program.vault), taken=taken, judge=judge, words=words)
        window.restored.connect(self._restored)
        window.salvaged.connect(self._salvaged)
        window.left.connect(self._left)
        when_closed(window, self._closed)
        self.window = window
        window.show()
        window.activateWindow()
        program.put_away()

    def _restored(self, desk: Desk) -> None:
        self._came_back(desk, _("The vault was restored and checked."), "")

    def _salvaged(self, desk: Desk, found: str) -> None:
        self._came_back(desk, _("What could be saved was saved."), found)

    def _came_back(self, desk: Desk, what: str, found: str) -> None:
        window, self.window = self.window, None
        self._program.show_desk(desk)
        next_step = _(
            "This PC counts as a new one: please link it to the province again, on the page Sync."
        )
        self._program.window.messages.tell(what, f"{found} {next_step}".strip())
        gone(window)

    def _left(self) -> None:
        window, self.window = self.window, None
        self._program.start()
        gone(window)

    def _closed(self) -> None:
        if self.window is not None:
            self.window = None
            self._program.end()
