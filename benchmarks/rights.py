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
from benchmarks.measure import Row, Settings, median, seconds
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.need_to_know import SomeHidden
from traffick_desk.services.queries import ListCases
from traffick_desk.store.journal import Edit

HIDDEN = 50
NOBODY = "f" * 16
_WORDS = {
    "save": "save of a note",
    "scroll": "list, scroll",
    "scroll in groups": "list, in groups",
} | {kind: f"list, {kind}" for kind in ("sort", "filter", "group")}


def run(settings: Settings) -> list[Row]:
    """At the largest vault."""
    size = settings.sizes[-1]
    kept = filled.filled(settings, size)
    path = kept.working_copy("rights")
    times = max(2, settings.repeats // 5)
    desk = filled.open_desk(path)
    try:
        open_to_her = measured(desk, size, times) | {"save": _saves(desk, 3 * times)}
        _hide(desk)
        hidden = measured(desk, size, times) | {"save": _saves(desk, 3 * times)}
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


def _saves(desk: Desk, times: int) -> Times:
    """A note, durably saved, several times."""
    found = Times()
    case = next(row.case_id for row in desk.ask(ListCases(limit=200)) if not row.hidden)
    for number in range(times):
        values = {"case": case, "text": f"{number}", "at": desk.context.moment}
        command = SaveRecords((Edit("note", new_id(), values),))
        found.add([seconds(lambda c=command: desk.do(c)) * 1000], "note")  # type: ignore[misc]
    return found


def _row(kind: str, ours: Times, peer: Times, size: int) -> Row:
    return Row(
        f"{_WORDS.get(kind, kind)}, {HIDDEN} cases hidden ({size:,} cases)", "ms",
        median(ours.all), median(peer.all), "the same, nothing hidden",
        detail={"worst_ms": ours.worst, "slowest": ours.slowest},
    )  # fmt: skip


def _remake(desk: Desk) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    with desk.context.store.work() as work:
        desk.context.store.following.rebuild(work.cursor)
    return time.perf_counter() - wall, time.process_time() - processor
