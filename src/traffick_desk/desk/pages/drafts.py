"""Keeping what is being typed: a draft is saved a moment after each pause, away from the window."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from traffick_desk.services.commands import DropDraft, SaveDraft

# A power cut may cost the last second at most; saving itself takes some of it.
PAUSE_MS = 600
# Who never pauses is saved all the same.
LONGEST_MS = 3_000


# Keys of drafts that belong to no case yet begin with the page that goes on with them.
TIP_DRAFT = "tip:"
SERVICE_DRAFT = "service:"


class DraftKeeper(QObject):
    """Saves one draft whenever the typing pauses.

    Args:
        host: the window.
        key: under which the draft is kept.
        case_id: its case, "" for a new one.
        title: words for the list of drafts; without a name, the screen is seen by others.
        payload: gives all that was typed as JSON; ``None`` when there is nothing worth keeping.

    Signals:
        kept: the draft is on the disk.
        failed: it could not be kept; Emits: the reason in words.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(
        self,
        host: Any,
        key: str,
        case_id: str,
        title: Callable[[], str],
        payload: Callable[[], Mapping[str, Any] | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host, self.key, self._case = host, key, case_id
        self._title, self._payload = title, payload
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._pause.timeout.connect(self.flush)
        self._longest.timeout.connect(self.flush)
        self._saved = ""
        self._stopped = False
        self.exists = False

    def touch(self) -> None:
        """Something was typed."""
        if self._stopped:
            return
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def waiting(self) -> bool:
        """Whether something typed is not on the disk yet."""
        return self._pause.isActive()

    def flush(self) -> None:
        """Save now, before the screen is left or locked."""
        self._pause.stop()
        self._longest.stop()
        if self._stopped:
            return
        payload = self._payload()
        if payload is None:
            return
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
        if text == self._saved:
            return
        self._host.do(
            SaveDraft(self.key, self._case, self._title(), payload),
            done=lambda _none: self._done(text),
            failed=self._not_done,
        )

    def stop(self) -> None:
        """Save nothing more: the draft has become a record, or was thrown away."""
        self._stopped = True
        self._pause.stop()
        self._longest.stop()

    def forget(self) -> None:
        """Nothing is being typed any more; a draft that is still kept is thrown away."""
        self._pause.stop()
        self._longest.stop()
        self._saved = ""
        if self.exists:
            self.exists = False
            self._host.do(DropDraft(self.key))

    def drop(self) -> None:
        """Throw the draft away."""
        self.stop()
        if self.exists:
            self._host.do(DropDraft(self.key))
            self.exists = False

    def _done(self, text: str) -> None:
        self._saved = text
        self.exists = True
        self.kept.emit()

    def _not_done(self, error: object) -> None:
        self.failed.emit(str(error))
