"""Looks after the data file while the desk is open: a few pages now and then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services import self_check

PAUSE_MS = 2_000
"""Between two looks of four megabytes each: a vault of 100 MB takes a minute."""


class FileCare(QObject):
    """Reads the file piece by piece when its last full check is a week old.

    It works in the threads for reading and rests between pieces; broken off by a lock, it goes on
    where it was at the next unlocking.
    """

    def __init__(self, host: Host, refused: Callable[[Exception], object]) -> None:
        super().__init__(host)
        self._host, self._refused = host, refused
        self._again = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._again.timeout.connect(self._look)

    def begin(self) -> None:
        """Begin if it is time."""
        desk = self._host.desk
        self._host.jobs.run(
            lambda: self_check.due(desk),
            done=lambda due: self._again.start() if due else None,
            failed=self._refused,
            owner=self,
        )

    def _look(self) -> None:
        desk = self._host.desk
        self._host.jobs.run(
            lambda: self_check.go_on(desk), done=self._looked, failed=self._refused, owner=self
        )

    def _looked(self, result: self_check.Result) -> None:
        if not result.sound:
            self._host.messages.warn(
                _("The data file is damaged; nothing is written to it any more."),
                _(
                    "What can be read is still shown. Lock the vault now, choose “Restore from a "
                    "backup…” and there “Save what can be saved”, with every stick that holds "
                    "backups plugged in."
                ),
            )
        elif not result.done:
            self._again.start()
