"""Work away from the window's thread: results come back as calls in the window's thread.

Writes run one after the other in the order in which they were asked for; reads
run beside them. Nothing shows for 0.2 s, then a busy sign, after 1 s the words.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, QTimer, Signal

from traffick_desk.desk.collector import Collector

BUSY_AFTER_MS = 200
WORDS_AFTER_MS = 1000
# How long a finished job is kept by the window's thread: until the thread that did it has let go
# of everything. What the work refers to may be widgets, and they must not end elsewhere.
KEEP_MS = 1000
# How long a thread may keep the interpreter while the window's thread waits for it. Each call into
# Qt gives it up; with Python's own 5 ms a busy thread of the pool makes the window wait that often.
INTERPRETER_S = 0.0005


class Cancelled(Exception):
    """Raised by :meth:`Job.report` once the person has cancelled."""


class Job(QObject):
    """One piece of work under way.

    Signals:
        done: the result is here.
        failed: an exception was raised.
        progressed: (done, total, words); total is 0 when it is not known.
        ended: always last, after ``done`` or ``failed`` or a cancel.
    """

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int, str)
    ended = Signal()

    def __init__(self, words: str, *, can_cancel: bool) -> None:
        super().__init__()
        self.words = words
        self.can_cancel = can_cancel
        self.work: Callable[[], Any] | None = None
        self.relay: _Relay | None = None
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report; its result is dropped."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._cancelled.is_set()

    def let_go(self) -> None:
        """Forget what was done and who was told, so that no page outlives its use."""
        self.work = self.relay = None

    def report(self, done: int, total: int = 0, words: str = "") -> None:
        """Tell how far the work is; for the worker thread.

        Raises:
            Cancelled: the person has cancelled.
        """
        if self.cancelled:
            raise Cancelled
        self.progressed.emit(done, total, words)


class _Task(QRunnable):
    def __init__(self, job: Job, finish: Callable[[], None]) -> None:
        super().__init__()
        self._job, self._finish = job, finish

    def run(self) -> None:
        """Do the work in a thread of the pool."""
        try:
            if self._job.cancelled:
                return
            result = self._job.work()
        except Cancelled:
            pass
        except Exception as problem:  # noqa: BLE001 - handed to the window, which tells it apart
            if not self._job.cancelled:
                self._job.failed.emit(problem)
        else:
            if not self._job.cancelled:
                self._job.done.emit(result)
        finally:
            self._finish()


def _pool(threads: int) -> QThreadPool:
    """Threads that belong to the application.

    Were they to end with their window when Python lets go of it, the window's thread would wait
    for them without giving up the interpreter, which they need to end.
    """
    pool = QThreadPool(QCoreApplication.instance())
    pool.setMaxThreadCount(threads)
    return pool


class Jobs(QObject):
    """Runs work and knows what is under way.

    Signals:
        busy: True 0.2 s after work began, False when none is left.
        telling: the words of work that has taken a second, with progress: (job, text, done, total).
        idle: no work is left.
    """

    busy = Signal(bool)
    telling = Signal(object, str, int, int)
    idle = Signal()
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(INTERPRETER_S)
        self._reads, self._writes = _pool(3), _pool(1)
        self._running: list[Job] = []
        self._stopped = False
        self._collector = Collector(self)
        self._ended.connect(self._forget, Qt.ConnectionType.QueuedConnection)
        self._soon = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._soon.timeout.connect(lambda: self.busy.emit(True))
        self._later = QTimer(self, singleShot=True, interval=WORDS_AFTER_MS)
        self._later.timeout.connect(self._tell)

    def run(
        self,
        work: Callable[..., Any],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        owner: QObject | None = None,
        words: str = "",
        write: bool = False,
        with_job: bool = False,
    ) -> Job:
        """Run *work* in a thread.

        Args:
            work: called without arguments, or with the :class:`Job` if *with_job*.
            done: called with the result, in the window's thread.
            failed: called with the exception, in the window's thread.
            owner: when it has been deleted, nothing is called any more.
            words: what is going on, shown after a second.
            write: keep the order among writes.
            with_job: *work* reports progress and can be cancelled.
        """
        job = Job(words, can_cancel=with_job)
        if self._stopped:
            return job

        def call(answer: Callable[[Any], object] | None, value: Any) -> None:
            wanted = answer is not None and not self._stopped and not job.cancelled
            if wanted and (owner is None or shiboken6.isValid(owner)):
                answer(value)

        # The receiver is a QObject of this thread, so the calls are queued to it.
        relay = _Relay(call, done, failed, job)
        job.relay = relay
        job.done.connect(relay.on_done, Qt.ConnectionType.QueuedConnection)
        job.failed.connect(relay.on_failed, Qt.ConnectionType.QueuedConnection)
        job.progressed.connect(relay.on_progress, Qt.ConnectionType.QueuedConnection)
        relay.progress.connect(self._progressed)
        self._running.append(job)
        if len(self._running) == 1:
            self._soon.start()
            self._later.start()
        pool = self._writes if write else self._reads
        job.work = (lambda: work(job)) if with_job else work
        pool.start(_Task(job, lambda: self._ended.emit(job)))
        return job

    @property
    def running(self) -> int:
        """How many pieces of work are under way."""
        return len(self._running)

    def when_idle(self, then: Callable[[], object]) -> None:
        """Call *then* once nothing is under way (now, if nothing is)."""
        if not self._running:
            then()
            return

        def once() -> None:
            self.idle.disconnect(once)
            then()

        self.idle.connect(once)

    def cancel_what_can(self) -> None:
        """Ask all work that can stop safely to stop."""
        for job in self._running:
            if job.can_cancel:
                job.cancel()

    def stop(self) -> None:
        """Take no more work, cancel what can be cancelled, and wait for the rest."""
        self._stopped = True
        self.cancel_what_can()
        if shiboken6.isValid(self._reads):
            self._reads.clear()
            for pool in (self._reads, self._writes):
                pool.waitForDone()
                pool.deleteLater()
        self._collector.end()
        self._soon.stop()
        self._later.stop()

    def _forget(self, job: Job) -> None:
        if job in self._running:
            self._running.remove(job)
        QTimer.singleShot(KEEP_MS, self, lambda: job.let_go())  # noqa: PLW0108 - keeps the job
        job.ended.emit()
        if not self._running:
            self._soon.stop()
            self._later.stop()
            self.busy.emit(False)
            self.idle.emit()

    def _tell(self) -> None:
        for job in self._running:
            if job.words:
                self.telling.emit(job, job.words, 0, 0)
                return

    def _progressed(self, job: Job, done: int, total: int, words: str) -> None:
        if not self._later.isActive() and job in self._running:
            self.telling.emit(job, words or job.words, done, total)


class _Relay(QObject):
    progress = Signal(object, int, int, str)

    def __init__(self, call: Any, done: Any, failed: Any, job: Job) -> None:
        super().__init__()
        self._call, self._done, self._failed, self._job = call, done, failed, job

    def on_done(self, result: object) -> None:
        self._call(self._done, result)

    def on_failed(self, problem: object) -> None:
        self._call(self._failed, problem)

    def on_progress(self, done: int, total: int, words: str) -> None:
        self.progress.emit(self._job, done, total, words)
