"""Speaking with the hub behind the window: no question asked, no work held up.

It has threads of its own, so that an upload of an hour over a slow line is
nothing that locking the desk, or a save, would wait for. After a failure it
waits ever longer. Only spans of time count, never the clock of the PC (I9).
"""

from __future__ import annotations

import random
import time
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from traffick_desk.desk.jobs import Job, Jobs
from traffick_desk.services import hub

EVERY_S = 300
# After something was saved: soon, but not for every keystroke.
SOON_S = 20
FIRST_RETRY_S = 60
LONGEST_RETRY_S = 3600
_REPORT_EVERY_S = 0.2


class HubLine(QObject):
    """The conversation with the hub.

    Attributes:
        busy: a round is under way.
        words, done, total: how far it is.
        problem: why the last round failed, or ``None``.

    Signals:
        changed: any of these is other than before.
    """

    changed = Signal()

    def __init__(self, host: Any) -> None:
        super().__init__(host)
        self._host = host
        self._jobs = Jobs(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.go)
        self._job: Job | None = None
        self._view: hub.HubView | None = None
        self._failures = 0
        self._going = False
        self.words, self.done, self.total = "", 0, 0
        self.problem: Exception | None = None
        host.changed.connect(self._heard)

    @property
    def busy(self) -> bool:
        """Whether a round is under way."""
        return self._job is not None

    @property
    def view(self) -> hub.HubView | None:
        """The hub as last read, or ``None`` if that was not done yet."""
        return self._view

    @property
    def waits_s(self) -> float:
        """Seconds until the next round, 0 if none is planned."""
        return max(self._timer.remainingTime(), 0) / 1000

    def begin(self) -> None:
        """Look whether there is a hub, and speak with it from now on."""
        self._going = True
        self._look()

    def stop(self) -> None:
        """End for ever; a round under way is left at a safe place."""
        self._going = False
        self._timer.stop()
        self._jobs.stop()

    def go(self) -> None:
        """Begin a round now, if none is under way."""
        self._round(again=False)

    def go_again(self) -> None:
        """The same by hand: also what was refused before is looked at again."""
        self._failures = 0
        self._round(again=True)

    def _round(self, *, again: bool) -> None:
        desk = self._host.desk
        if not self._going or self._job is not None or not self._has_hub():
            return
        self._timer.stop()
        self.problem = None
        self.words, self.done, self.total = "", 0, 0

        def work(job: Job) -> Any:
            last = 0.0

            def progress(done: int, total: int, words: str) -> None:
                nonlocal last
                now = time.monotonic()
                if job.cancelled or now - last >= _REPORT_EVERY_S:
                    last = now
                    job.report(done, total, words)

            def alive() -> None:
                if job.cancelled:
                    job.report(0)

            return hub.exchange(desk, progress, again=again, alive=alive)

        job = self._jobs.run(work, done=self._done, failed=self._failed, owner=self, with_job=True)
        job.progressed.connect(self._progressed)
        self._job = job
        self.changed.emit()

    def _has_hub(self) -> bool:
        return self._view is not None and bool(self._view.address)

    def _progressed(self, done: int, total: int, words: str) -> None:
        self.done, self.total, self.words = done, total, words
        self.changed.emit()

    def _done(self, _report: Any) -> None:
        self._failures = 0
        self._over()

    def _failed(self, problem: Exception) -> None:
        self.problem = problem
        self._failures += 1
        self._over()

    def _over(self) -> None:
        self._job = None
        self._look()

    def _look(self) -> None:
        """Read how the hub stands, then plan the next round."""
        if self._going:
            desk = self._host.desk
            self._jobs.run(
                lambda: (desk.ask(hub.Hub()), hub.may_exchange(desk)),
                done=self._looked, failed=self._not_looked, owner=self,
            )  # fmt: skip

    def _not_looked(self, problem: Exception) -> None:
        self.problem = problem
        self.changed.emit()

    def _looked(self, answer: tuple[hub.HubView, bool]) -> None:
        before = self._view
        self._view, may = answer
        if may and self._has_hub() and self._job is None:
            fresh = before is None or before.address != self._view.address
            self._plan(1 if fresh else self._pause_s())
        self.changed.emit()

    def _pause_s(self) -> float:
        longest = EVERY_S
        if self._failures:
            longest = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (self._failures - 1))
        # All desks of a province must not come at the same second.
        return longest * random.uniform(0.7, 1.0)  # noqa: S311

    def _plan(self, seconds: float) -> None:
        self._timer.start(round(seconds * 1000))

    def _heard(self, kinds: frozenset[str]) -> None:
        if "links" in kinds and self._job is None:
            self._look()
        elif "cases" in kinds and self._has_hub() and self._job is None and not self._failures:
            left = self._timer.remainingTime()
            if left < 0 or left > SOON_S * 1000:
                self._plan(SOON_S)
