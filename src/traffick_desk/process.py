"""What the process does for its own safety before it opens anything."""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import os
import sys
import traceback

PR_SET_DUMPABLE = 4
_WINDOWS_QUIET = 0x0001 | 0x0002 | 0x8000


def harden() -> None:
    """Files only for this user, no core dumps, no debugger, no report to the system.

    Each step that a system lacks is left out: none of them is what keeps the data
    closed, and a desk that does not start would help nobody.
    """
    os.umask(0o077)
    faulthandler.disable()
    if sys.platform == "win32":
        # Nothing is loaded from the folder we were started in (a USB stick, say), and no
        # system dialog offers to send memory away.
        ctypes.windll.kernel32.SetDllDirectoryW("")
        ctypes.windll.kernel32.SetErrorMode(_WINDOWS_QUIET)
        return
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        logging.getLogger(__name__).warning("core dumps could not be switched off")
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def places(error: BaseException) -> list[str]:
    """Where an exception came from: file, line and function of each step, nothing else.

    Values and the text of the exception are left out: they may hold a person's name.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]


def _short(filename: str) -> str:
    """The path from the package on: the folders above it may hold the officer's name."""
    parts = filename.replace("\\", "/").split("/")
    for anchor in ("traffick_desk", "site-packages"):
        if anchor in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(anchor) - 1 :])
    return parts[-1]


class PlacesFormatter(logging.Formatter):
    """Log lines without the texts of exceptions, which may hold personal data."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Class and places only."""
        error = ei[1] if isinstance(ei, tuple) else None
        if not isinstance(error, BaseException):
            return ""
        return "\n".join([type(error).__name__, *(f"  {p}" for p in places(error))])


def log_to_stderr() -> None:
    """Send warnings and worse to standard error, without personal data."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlacesFormatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
