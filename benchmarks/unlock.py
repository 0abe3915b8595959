"""From the derived key to the list of cases on the screen's desk: what grows with the cases."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

from benchmarks import filled
from benchmarks.measure import Row, Settings, child, median
from traffick_desk.services.queries import CountCases, ListCases, Today

_COLD = """
import sys, time
from pathlib import Path
from benchmarks import filled
header, unlocked = filled.keys(Path(sys.argv[1]))
start = time.perf_counter()
from benchmarks import unlock
desk, _parts = unlock.unlock_and_list(Path(sys.argv[1]), header, unlocked)
print(time.perf_counter() - start)
desk.close()
"""


def unlock_and_list(path: Path, header: Any, unlocked: Any) -> tuple[Any, dict[str, float]]:
    """Open the file, then ask what the first screen asks; seconds of each part."""
    parts = {}
    mark = time.perf_counter()

    def part(name: str) -> None:
        nonlocal mark
        now = time.perf_counter()
        parts[name], mark = now - mark, now

    desk = filled.desk_with_keys(path, header, unlocked)
    part("open")
    rows = desk.ask(ListCases())
    part("list")
    count = desk.ask(CountCases())
    part("count")
    desk.ask(Today())
    part("today")
    if count < len(rows) or not rows:
        raise RuntimeError(count)
    return desk, parts


def run(settings: Settings) -> list[Row]:
    """Sizes turn by turn, in one process that has its modules (the desk loads them meanwhile)."""
    vaults_of = {size: filled.filled(settings, size) for size in settings.sizes}
    copies = {size: v.working_copy("unlock") for size, v in vaults_of.items()}
    times: dict[int, list[float]] = {size: [] for size in copies}
    parts: dict[int, list[dict[str, float]]] = {size: [] for size in copies}
    for turn in range(settings.repeats):
        for size, path in copies.items():
            header, unlocked = filled.keys(path)
            start = time.perf_counter()
            desk, took = unlock_and_list(path, header, unlocked)
            total = time.perf_counter() - start
            desk.close()
            if turn:
                times[size].append(total)
                parts[size].append(took)
    smallest, largest = min(copies), max(copies)
    middle = {size: median(t) for size, t in times.items()}
    rows = [
        Row(
            f"unlock → list of {size:,} cases, without key derivation",
            "ms",
            middle[size] * 1000,
            None if size == smallest else middle[smallest] * 1000,
            "" if size == smallest else f"itself at {smallest:,}",
            "≤ 0.3 s and ≤ 1.3×" if size == largest else "",
            middle[size] <= 0.3 and middle[size] <= 1.3 * middle[smallest]
            if size == largest
            else None,
            {n: median([p[n] for p in parts[size]]) * 1000 for n in parts[size][0]},
        )
        for size in copies
    ]
    rows.append(_unsent(copies[largest], largest, settings))
    cold = [float(child(_COLD, str(copies[largest]))) for _turn in range(3)]
    rows.append(
        Row(
            f"the same in a fresh process, modules loaded within ({largest:,} cases)",
            "ms",
            median(cold) * 1000,
        )
    )
    for path in copies.values():
        shutil.rmtree(path)
    return rows


def _unsent(path: Path, size: int, settings: Settings) -> Row:
    """The worst day: nothing was ever sent."""
    desk = filled.open_desk(path)
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE link SET sent_pos = 0, acked_pos = 0")
    desk.close()
    times = []
    detail: dict[str, float] = {}
    for _turn in range(max(settings.repeats // 2, 2)):
        header, unlocked = filled.keys(path)
        start = time.perf_counter()
        desk, detail = unlock_and_list(path, header, unlocked)
        times.append(time.perf_counter() - start)
        desk.close()
    shown = json.loads(json.dumps({k: v * 1000 for k, v in detail.items()}))
    return Row(
        f"the same when nothing was ever sent ({size:,} cases)",
        "ms",
        median(times) * 1000,
        detail=shown,
    )
