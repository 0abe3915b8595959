"""Widgets never end in a thread of the pool."""

from __future__ import annotations

import gc
import threading
from typing import ClassVar

from traffick_desk.desk.collector import Collector
from traffick_desk.desk.jobs import Jobs


class Cycle:
    ended_in: ClassVar[list[threading.Thread]] = []

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        Cycle.ended_in.append(threading.current_thread())


def test_cycles_end_in_the_thread_of_the_window_though_threads_allocate(qtbot):
    jobs = Jobs()
    Cycle.ended_in.clear()

    def allocate():
        for _ in range(200):
            Cycle()
        return [[n] for n in range(50_000)]

    results = []
    for _ in range(4):
        jobs.run(allocate, done=results.append)
    qtbot.waitUntil(lambda: len(results) == 4)
    qtbot.waitUntil(lambda: len(Cycle.ended_in) >= 800 or bool(gc.collect()))
    assert set(Cycle.ended_in) == {threading.main_thread()}
    others = len(Collector._at_work) - 1
    jobs.stop()
    assert gc.isenabled() is (others == 0)


def test_what_the_work_refers_to_ends_in_the_thread_of_the_window(qtbot):
    jobs = Jobs()
    ended: list[threading.Thread] = []

    class Thing:
        def __del__(self) -> None:
            ended.append(threading.current_thread())

    def start():
        thing = Thing()
        jobs.run(lambda: id(thing))

    start()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]
    jobs.stop()
