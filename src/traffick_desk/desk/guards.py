"""What watches over the desk from outside its windows: one object, made where all is wired."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk.desk import file_traces
from traffick_desk.desk.capture import CaptureGuard
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.session_watch import SessionWatch


class Guards(QObject):
    """The session of the system, capture of the screen, temporary files and traces.

    Signals:
        left: the officer leaves the PC, as the system says.
    """

    left = Signal()

    def __init__(self, app: QApplication, preferences: Preferences) -> None:
        super().__init__()
        self._app = app
        self._temp: Any = None
        self.capture = CaptureGuard(app, on=preferences.get("block_capture"), parent=self)
        self.session = SessionWatch(self)
        self.session.left.connect(self.left)
        # Windows speaks to a window, and ours come and go.
        self._ear = QWidget()
        self._ear.setObjectName("ear")

    def begin(self) -> None:
        """Listen; after the first window is shown, for it takes a moment."""
        file_traces.forget()
        handle = int(self._ear.winId()) if sys.platform == "win32" else 0
        self.session.begin(self._app, handle)

    def keep_temp_in(self, vault: Path) -> None:
        """Everything temporary goes below the vault from now on, if the vault is there."""
        if self._temp is None and vault.is_dir():
            from traffick_desk.services.private_temp import PrivateTemp

            self._temp = PrivateTemp(vault)
            file_traces.redirect(self._temp.path)

    def end(self) -> None:
        """Listen no more and throw away what is temporary."""
        self.session.end()
        file_traces.forget()
        if self._temp is not None:
            self._temp.end()
            self._temp = None
