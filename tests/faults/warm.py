"""Imported by the process that forks: loads and remembers what each round would have to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from desk.pages2 import world
from faults import quick, tasks
from traffick_desk.services.erasure import ErasureRequests

quick.begin()
with TemporaryDirectory() as made:
    office = Path(made) / "office"
    shutil.copytree(os.environ["TD_OFFICE"], office)
    for login, password in ((tasks.OTHER, tasks.HERS), (world.LOGIN, world.PASSWORD)):
        desk = tasks.unlock(office, login, password)
        desk.ask(ErasureRequests())
        desk.close()
    tasks.after_migrating(office, str)
