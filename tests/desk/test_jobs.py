"""Work away from the window's thread ends well."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from PySide6.QtCore import QThreadPool

from traffick_desk.desk.jobs import Jobs


@pytest.fixture
def jobs(desk_app):
    made = Jobs()
    yield made
    made.stop()


def test_writes_keep_their_order(jobs, qtbot):
    order = []
    for number in range(30):
        jobs.run(lambda number=number: order.append(number), write=True)
    qtbot.waitUntil(lambda: jobs.running == 0)
    assert order == list(range(30))


def test_an_exception_comes_back_and_the_next_work_runs(jobs, qtbot):
    problems, results = [], []

    def bad():
        raise ValueError("no")

    jobs.run(bad, failed=problems.append, write=True)
    jobs.run(lambda: 5, done=results.append, write=True)
    qtbot.waitUntil(lambda: bool(results))
    assert str(problems[0]) == "no"


def test_busy_shows_only_for_work_that_takes_a_while(jobs, qtbot):
    gate = threading.Event()
    with qtbot.waitSignal(jobs.busy, check_params_cb=lambda on: on):
        jobs.run(lambda: gate.wait(10), words="Reading")
    with qtbot.waitSignal(jobs.telling) as told:
        pass
    assert told.args[1] == "Reading"
    with qtbot.waitSignal(jobs.busy, check_params_cb=lambda on: not on):
        gate.set()


def test_cancelled_work_tells_nothing(jobs, qtbot):
    started, results = threading.Event(), []

    def work(job):
        started.set()
        while True:
            job.report(1, 2)

    job = jobs.run(work, done=results.append, failed=results.append, with_job=True)
    assert started.wait(10)
    with qtbot.waitSignal(job.ended):
        job.cancel()
    assert results == []


def test_stopping_waits_and_drops_what_is_left(jobs, qtbot):
    gate, ran = threading.Event(), []

    def first():
        gate.wait(10)
        ran.append(1)

    jobs.run(first, write=True, done=ran.append)
    threading.Timer(0.05, gate.set).start()
    jobs.stop()
    assert ran == [1]
    jobs.run(lambda: ran.append(2))
    qtbot.wait(1)
    assert ran == [1]


def test_idle_is_told_after_the_last_result(jobs, qtbot):
    order = []
    jobs.run(lambda: 1, done=lambda _r: order.append("done"))
    jobs.when_idle(lambda: order.append("idle"))
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["done", "idle"]
    jobs.when_idle(lambda: order.append("at once"))
    assert order[-1] == "at once"


def test_threads_do_not_end_with_the_window_that_asked_for_them(desk_app, qtbot):
    """When Python lets go of a window nobody may wait: a thread needs the interpreter to end."""
    before = set(desk_app.findChildren(QThreadPool))
    jobs = Jobs()
    pools = set(desk_app.findChildren(QThreadPool)) - before
    assert len(pools) == 2
    assert not jobs.findChildren(QThreadPool)
    jobs.stop()
    qtbot.waitUntil(lambda: not any(shiboken6.isValid(pool) for pool in pools))
    jobs.stop()
