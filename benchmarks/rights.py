"""What need-to-know and rights cost: lists from which cases are hidden, and tables made anew.

When the province ends what had taken effect, all tables follow anew from the journal within that
transaction; the time is that of :meth:`Store.remake`.
"""

from __future__ import annotations

import random
import shutil
import time

from benchmarks import filled
from benchmarks.lists import Times, measured
from benchmarks.measure import Row, Settings, median
from traffick_desk.services.base import Desk
from traffick_desk.services.need_to_know import SomeHidden
from traffick_desk.store.journal import Edit

HIDDEN = 50
NOBODY = "f" * 16


def run(settings: Settings) -> list[Row]:
    """At the largest vault."""
    size = settings.sizes[-1]
    kept = filled.filled(settings, size)
    path = kept.working_copy("rights")
    times = max(2, settings.repeats // 5)
    desk = filled.open_desk(path)
    try:
        open_to_her = measured(desk, size, times)
        _hide(desk)
        hidden = measured(desk, size, times)
        rows = [_row(kind, hidden[kind], open_to_her[kind], size) for kind in hidden]
        wall, processor = _remake(desk)
    finally:
        desk.close()
        shutil.rmtree(path)
    return [
        *rows,
        Row(
            f"all tables made anew in one transaction ({size:,} cases)", "s", wall,
            detail={"processor_s": processor},
        ),
    ]  # fmt: skip


def _hide(desk: Desk) -> None:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT case_id FROM case_row ORDER BY case_id")
        cases = [case for (case,) in cursor.fetchall()]
    with desk.context.store.work() as work:
        for number, case in enumerate(random.Random(5).sample(cases, HIDDEN)):
            values = {"case": case, "officers": NOBODY, "at": desk.context.moment}
            edit = Edit("restriction", f"{number:032x}", values)
            work.journal.write(edit, desk.info.officer_id, case)
    if not desk.ask(SomeHidden()):
        raise AssertionError("nothing is hidden")


def _row(kind: str, ours: Times, peer: Times, size: int) -> Row:
    return Row(
        f"list, {kind}, {HIDDEN} cases hidden ({size:,} cases)", "ms",
        median(ours.all), median(peer.all), "the same, nothing hidden",
        detail={"worst_ms": ours.worst, "slowest": ours.slowest},
    )  # fmt: skip


def _remake(desk: Desk) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    with desk.context.store.work() as work:
        desk.context.store.remake(work.cursor)
    return time.perf_counter() - wall, time.process_time() - processor
