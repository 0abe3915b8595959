"""Export of 100 changes: it must cost what is new, not what is there."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import filled
from benchmarks.measure import Row, Settings, median
from traffick_desk.services.base import Desk
from traffick_desk.store.journal import Edit
from traffick_desk.sync.carriers import Carrier
from traffick_desk.sync.export import export_to


def run(settings: Settings) -> list[Row]:
    """The smallest and the largest vault turn by turn: seal, write to a folder, read back."""
    sizes = (200, 1_000) if settings.quick else (1_000, 100_000)
    copies = {s: filled.filled(settings, s).working_copy("export") for s in sizes}
    desks = {size: filled.open_desk(path) for size, path in copies.items()}
    times: dict[int, list[float]] = {size: [] for size in sizes}
    try:
        for size, desk in desks.items():
            _hundred_changes(desk, random.Random(size))
        for turn in range(settings.repeats + 1):
            for size in sizes if turn % 2 else sizes[::-1]:
                with tempfile.TemporaryDirectory() as folder:
                    start = time.perf_counter()
                    reports = export_to(
                        desks[size].context.store,
                        filled.PROVINCE,
                        Carrier(Path(folder)),
                        at=desks[size].context.moment,
                        officer=desks[size].info.officer_id,
                    )
                    took = time.perf_counter() - start
                if [r.changes for r in reports] != [100]:
                    raise RuntimeError(reports)
                if turn:
                    times[size].append(took * 1000)
    finally:
        for desk in desks.values():
            desk.close()
        for path in copies.values():
            shutil.rmtree(path)
    small, large = median(times[sizes[0]]), median(times[sizes[1]])
    return [
        Row(
            f"export of 100 changes at {sizes[1]:,} cases",
            "ms",
            large,
            small,
            f"itself at {sizes[0]:,}",
            "≤ 1.3×",
            large <= 1.3 * small,
        )
    ]


def _hundred_changes(desk: Desk, chance: random.Random) -> None:
    """All before is confirmed by the province; an edit of each of a hundred cases is not."""
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE link SET sent_pos = p, acked_pos = p FROM "
                            "(SELECT max(pos) AS p FROM journal)")  # fmt: skip
        work.cursor.execute('SELECT id, "case" FROM r_person ORDER BY id')
        for person, case in chance.sample(work.cursor.fetchall(), 100):
            text = "Đã hẹn gặp lại sau hai tuần cùng cán bộ y tế."
            work.journal.write(Edit("person", person, {"note": text}), desk.info.officer_id, case)
