"""From a double-click to the page that takes a bundle in, whatever window is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from traffick_desk.i18n import _
from traffick_desk.services import opened
from traffick_desk.services.roles import EXCHANGE, may

if TYPE_CHECKING:
    from traffick_desk.desk.program import Program


class OpenedFile(QObject):
    """Keeps what was clicked until a desk is open to show it; the last click counts.

    The path is kept in memory only, is written into no log, and is forgotten once it was shown or
    refused.
    """

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._path: Path | None = None

    def wanted(self, path: str) -> None:
        """Come forward, and show *path* if there is one."""
        self._come_forward()
        if path:
            self._path = Path(path)
            self.show()

    def show(self) -> None:
        """Show what was clicked, as far as the window that stands allows."""
        program, path = self._program, self._path
        if path is None:
            return
        if program.window is not None:
            window, self._path = program.window, None
            host = window.host
            if not may(host.desk.info.role, EXCHANGE):
                window.messages.warn(
                    _("Your role does not take bundles in. Nothing was changed."),
                    _("Please ask the officer who carries the stick."),
                )
                return
            if host.desk.info.practice and not program.practice.on:
                # Opened under force: nothing may speak of another desk, as taking it in would.
                window.messages.warn(
                    _("The file that was opened is not for this desk. Nothing was changed.")
                )
                return
            host.jobs.run(
                lambda: opened.judge(path), done=lambda found: host.go("sync", bundle=found),
                failed=host.fail, owner=window,
            )  # fmt: skip
        elif program.unlock_window is not None:
            unlock = program.unlock_window
            self._ask(unlock, path, unlock.announce)

    def _ask(self, unlock: Any, path: Path, say: Callable[[str, str], object]) -> None:
        def refused(problem: Exception) -> None:
            self._path = None
            say(str(problem), "late")

        unlock.jobs.run(
            lambda: opened.judge(path),
            done=lambda _found: say(
                _("The bundle that was opened is shown once you have unlocked the desk."), "accent"
            ),
            failed=refused,
            owner=unlock,
        )

    def _come_forward(self) -> None:
        shown = QApplication.activeModalWidget() or self._program.shown()
        if shown is None:
            return
        if shown.isMinimized():
            shown.showNormal()
        shown.show()
        shown.activateWindow()
