"""Qt's file dialogs remember where one was, in the user's settings; here they remember nothing.

Names of folders and sticks say who one is and whom one works with. What Windows itself remembers
of its own dialog lies with Windows; see the threat model.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSettings

_KEYS = ("history", "lastVisited", "shortcuts")


def redirect(folder: Path | None) -> None:
    """Let settings that Qt writes by itself go to *folder*, which is thrown away at the end."""
    if folder is None or sys.platform == "win32":
        return  # there they are in the registry; :func:`forget` empties them
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))


def forget() -> None:
    """Take out what Qt's dialog remembered; after each dialog."""
    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept = [key for key in _KEYS if settings.contains(f"FileDialog/{key}")]
    for key in kept:
        settings.remove(f"FileDialog/{key}")
    if kept:
        settings.sync()
