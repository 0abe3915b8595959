"""From starting the program to its unlock window on the screen, against a bare Qt window.

Where ``make installer-linux`` has left a built tree, the installed program is measured too, against
the source tree in the developer's environment: both tell their own wall and processor time.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import filled
from benchmarks.measure import ROOT, Row, Settings, child, interleaved, median, seconds

# Both end the process when a window has painted; the parent measures from before it began.
_HOOK = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.isWindow():
            QTimer.singleShot(0, lambda: (print("painted", flush=True), os._exit(0)))
        return False
"""
_BARE = (
    _HOOK
    + """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(["bare"])
hook = Painted()
app.installEventFilter(hook)
window = QLabel("traffick-desk")
window.resize(400, 300)
window.show()
app.exec()
"""
)
_OURS = (
    _HOOK
    + """
from pathlib import Path
from traffick_desk import app
make = app.make_application
hook = Painted()
def hooked(*arguments):
    made = make(*arguments)
    made.installEventFilter(hook)
    return made
app.make_application = hooked
app.run_window(Path(sys.argv[1]), "vi")
"""
)
_LOADED = """
import sys
import traffick_desk.app, traffick_desk.desk.program
heavy = ("reportlab", "alembic", "PySide6.QtPrintSupport", "sqlalchemy", "sqlcipher3")
print(" ".join(name for name in heavy if name in sys.modules))
"""


def run(settings: Settings) -> list[Row]:
    """Fresh processes, turn by turn; file caches warm, as on every start but the day's first."""
    vault = filled.filled(settings, settings.sizes[0]).path
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TRAFFICK_DESK_CONFIG": folder, "HOME": folder}

        def ours() -> float:
            return seconds(lambda: child(_OURS, str(vault), environment=environment))

        def bare() -> float:
            return seconds(lambda: child(_BARE, environment=environment))

        ours(), bare()
        mine, theirs = interleaved(ours, bare, settings.repeats)
        loaded = child("print(end='-');" + _LOADED, environment=environment).lstrip("-").split()
        installed = _installed(settings, vault, environment)
    middle, peer = median(mine) * 1000, median(theirs) * 1000
    return [
        *installed,
        Row(
            "start to unlock window",
            "ms",
            middle,
            peer,
            "bare PySide6 window",
            "≤ 1.5×",
            middle <= 1.5 * peer,
            {"fastest": min(mine) * 1000, "peer_fastest": min(theirs) * 1000, "loaded": loaded,
             "platform": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        )
    ]  # fmt: skip


def _installed(settings: Settings, vault: Path, environment: dict[str, str]) -> list[Row]:
    launcher = ROOT / "build" / "linux" / "traffick-desk" / "traffick-desk"
    if not launcher.exists():
        settings.say("  no built tree (make installer-linux): the installed start is not measured")
        return []
    whole = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    commands = {
        "ours": [str(launcher)],
        "peer": [sys.executable, "-m", "traffick_desk"],
    }
    found: dict[str, list[list[float]]] = {name: [] for name in commands}
    for turn in range(settings.repeats + 1):
        for name, command in commands.items():
            done = subprocess.run(
                [*command, "self-test", "--start", "--vault", str(vault)],
                env=whole, check=True, capture_output=True, text=True,
            )  # fmt: skip
            seconds_told = [float(figure) for figure in re.findall(r"\d+\.\d+", done.stdout)]
            if turn:  # the first warms the file caches
                found[name].append(seconds_told)
    rows = []
    for place, what in enumerate(("wall", "processor")):
        ours, peer = (median([one[place] for one in found[name]]) * 1000 for name in commands)
        rows.append(
            Row(
                f"start of the installed tree to unlock window, {what} time", "ms", ours, peer,
                "the same from the virtual environment", "≤ 1.5×", ours <= 1.5 * peer,
            )
        )  # fmt: skip
    return rows
