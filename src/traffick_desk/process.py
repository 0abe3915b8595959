"""What the process does for its own safety before it opens anything."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import sys

PR_SET_DUMPABLE = 4
_M_PERTURB, _WIPED = -6, 0xA5
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
        # Windows' own error reporting would keep an image of our memory. The function is missing
        # where that service was taken out.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.wer.WerAddExcludedApplication(os.path.basename(sys.executable), False)  # noqa: PTH119
        return
    import resource

    # A limit set from outside may be one that cannot be lowered.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        with contextlib.suppress(AttributeError):  # not the C library of GNU
            # What is freed is overwritten: texts of widgets and of the database go with them.
            library.mallopt(_M_PERTURB, _WIPED)


def release_memory() -> None:
    """Give what is free back to the system, where it is wiped; after a lock, for what was shown.

    Python keeps freed memory for itself with what was in it. This lets go of whole free pages
    only: see the threat model for what stays.
    """
    import gc

    gc.collect()
    if sys.platform.startswith("linux"):
        with contextlib.suppress(AttributeError):  # not the C library of GNU
            ctypes.CDLL(None).malloc_trim(0)
