"""Qt may be called for years without wearing out ``None``."""

from __future__ import annotations

import subprocess
import sys

COUNT = """
import sys
{guard}
from PySide6.QtCore import QObject
thing = QObject()
before = sys.getrefcount(None)
for _ in range(100_000):
    thing.setObjectName("name")
    thing.blockSignals(False)
    thing.isWidgetType()
print(sys.getrefcount(None) - before)
"""


def test_a_hundred_thousand_calls_do_not_end_the_program():
    code = COUNT.format(guard="import traffick_desk.desk")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "src"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
