"""A folder for what the program and its libraries put down for a moment: inside the vault's folder.

Nothing of the desk writes there on purpose; printing and other people's libraries may. Each
process has a folder of its own, for nobody else to read, and holds a lock on it: whatever a
process left that ended without cleaning up is thrown away at the next start.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

NAME = "tam"
_LOCK = ".lock"
_VARIABLES = ("TMPDIR", "TEMP", "TMP")


class PrivateTemp:
    """The folder of this process; everything that asks for a temporary place gets it."""

    def __init__(self, vault: Path) -> None:
        """Throw away what is left from before, and make it.

        A disk that refuses leaves the system's own place in use: a desk that does not start
        would help nobody.
        """
        self._before = {name: os.environ.get(name) for name in _VARIABLES}
        self.path: Path | None = None
        self._lock: FileLock | None = None
        root = vault.absolute() / NAME
        try:
            root.mkdir(mode=0o700, exist_ok=True)
            clean(root)
            path = root / os.urandom(8).hex()
            path.mkdir(mode=0o700)
            self._lock = FileLock(path / _LOCK, timeout=0, thread_local=False)
            self._lock.acquire()
        except (OSError, Timeout):
            return
        self.path = path
        for name in _VARIABLES:
            os.environ[name] = str(path)
        tempfile.tempdir = str(path)
        atexit.register(self.end)

    def end(self) -> None:
        """Throw it away and put back what was before."""
        if self.path is None:
            return
        path, self.path = self.path, None
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        tempfile.tempdir = None
        if self._lock is not None:
            self._lock.release()
        shutil.rmtree(path, ignore_errors=True)
        atexit.unregister(self.end)


def clean(root: Path) -> None:
    """Throw away the folders below *root* that no living process holds."""
    for left in root.iterdir():
        if not left.is_dir() or left.is_symlink():
            left.unlink(missing_ok=True)
            continue
        lock = FileLock(left / _LOCK, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            continue
        lock.release()
        shutil.rmtree(left, ignore_errors=True)
