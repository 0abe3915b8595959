"""Resident memory with the list of 50,000 cases open; KeePassXC for scale."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time

import psutil

from benchmarks import filled
from benchmarks.measure import Row, Settings, child

_OURS = """
import sys
from pathlib import Path
import psutil
from PySide6.QtCore import QTimer
from traffick_desk import app as composition
from benchmarks import filled
app = composition.make_application()
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
program = Program(app, Path(sys.argv[1]), Preferences(composition.preferences_file()))
figures = []
def shown():
    figures.append(psutil.Process().memory_info().rss)
    print(*figures, flush=True)
    program.window.close()
    QTimer.singleShot(2000, app.quit)
def unlocked():
    program.show_desk(filled.open_desk(Path(sys.argv[1])), sys.argv[2])
    QTimer.singleShot(4000, shown)
QTimer.singleShot(0, unlocked)
app.exec()
"""
_LIMIT = 150


def run(settings: Settings) -> list[Row]:
    """The real window on the offscreen platform, after it has come to rest."""
    vault = filled.filled(settings, settings.sizes[-1])
    path = vault.working_copy("memory")
    with tempfile.TemporaryDirectory() as folder:
        environment = {"TRAFFICK_DESK_CONFIG": folder, "HOME": folder}
        mine = int(child(_OURS, str(path), "cases", environment=environment)) / 2**20
    shutil.rmtree(path)
    scale = _keepassxc(settings)
    return [
        Row(
            f"resident memory, list of {vault.cases:,} cases open",
            "MiB",
            mine,
            scale,
            "KeePassXC, window open" if scale else "",
            f"≤ {_LIMIT} MiB",
            mine <= _LIMIT,
        )
    ]


def _keepassxc(settings: Settings) -> float | None:
    program = shutil.which("keepassxc")
    if program is None:
        settings.say("  !!! KeePassXC is not installed (apt-get install keepassxc): no peer")
        return None
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home}
        environment |= {"QT_QPA_PLATFORM": "offscreen"}
        running = subprocess.Popen(
            [program],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(6)
            if running.poll() is not None:
                settings.say("  !!! KeePassXC did not stay open: no peer")
                return None
            return psutil.Process(running.pid).memory_info().rss / 2**20
        finally:
            running.terminate()
            running.wait(10)
