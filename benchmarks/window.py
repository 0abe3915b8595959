"""Acts of an officer in the real window: until it is done, and how long nothing could be typed."""

from __future__ import annotations

import json
from typing import Any

from benchmarks import filled
from benchmarks.measure import Row, Settings, child

LIMIT_MS = 100
_PLAY = """
import json, os, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, "scripts")
from PySide6.QtWidgets import QApplication
from acts import Acts
from benchmarks import filled
from journey import until
from traffick_desk import i18n
from traffick_desk.desk import theme
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.preferences import Preferences
i18n.set_language("vi")
app = QApplication(["traffick-desk"])
theme.apply(app, theme.chosen("light", 100))
path = Path(sys.argv[1])
desk = filled.open_desk(path)
with desk.context.store.read() as cursor:
    cursor.execute("SELECT case_id FROM case_row WHERE stage NOT IN ('tip', 'tip_settled') "
                   "ORDER BY case_id LIMIT 2 OFFSET 7")
    cases = tuple(row[0] for row in cursor.fetchall())
window = DeskWindow(desk, Preferences(path / "preferences.json"))
window.resize(1366, 768)
window.show()
until(lambda: window.host.jobs.running == 0, "the first screen")
found = {name: [a.done_ms, a.blocked_ms, a.blocked_cpu_ms] for name, a in Acts(window, cases).all()}
print(json.dumps(found))
window.close()
"""


def run(settings: Settings) -> list[Row]:
    """A fresh process for each size, so that *first time* is one."""
    sizes = settings.sizes[0], settings.sizes[-1]
    found = {size: _play(settings, size) for size in sizes}
    small, large = (found[size] for size in sizes)
    rows = [
        Row(
            f"{name}: done ({sizes[1]:,} cases)",
            "ms",
            large[name][0],
            small[name][0],
            f"itself at {sizes[0]:,}",
            detail={"blocked_ms": [small[name][1], large[name][1]]},
        )
        for name in large
    ]
    for size in sizes:
        worst, (_done, blocked, cpu) = max(found[size].items(), key=lambda item: item[1][1])
        rows.append(
            Row(
                f"longest stretch in which the window heard no key ({size:,} cases): {worst}",
                "ms",
                blocked,
                target=f"≤ {LIMIT_MS} ms",
                met=blocked <= LIMIT_MS,
                detail={
                    "cpu_ms": cpu,
                    "over": {n: a[1] for n, a in found[size].items() if a[1] > LIMIT_MS},
                },
            )
        )
    return rows


def _play(settings: Settings, size: int) -> dict[str, Any]:
    vault = filled.filled(settings, size)
    copy = vault.working_copy("window")
    played: dict[str, Any] = json.loads(child(_PLAY, str(copy)))
    return played
