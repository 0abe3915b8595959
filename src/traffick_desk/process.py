"""What the process does for its own safety before it opens anything."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import sys

PR_SET_DUMPABLE = 4
_WINDOWS_QUIET = 0x0001 | 0x0002 | 0x8000
# What the vault's connections together have locked into memory with 50,000 cases, and room.
GUARDED = 64 << 20
# Neither bound is one that Windows enforces: the desk may grow, and give memory back.
_NO_HARD_BOUNDS = 0x0002 | 0x0008


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
        _let_memory_be_locked()
        # Windows' own error reporting would keep an image of our memory. The function is missing
        # where that service was taken out.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.wer.WerAddExcludedApplication(os.path.basename(sys.executable), False)  # noqa: PTH119
        return
    import resource

    # A limit set from outside may be one that cannot be lowered.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        _soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _let_memory_be_locked() -> bool:
    """Let what the vault keeps out of the page file be as much as it needs; whether Windows agreed.

    It lets a process lock no more than its smallest working set, some 200 KB unless it asks for
    more, and what does not fit is then left unlocked without a word.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        here = ctypes.c_void_p(kernel.GetCurrentProcess())
        least, most = ctypes.c_size_t(GUARDED), ctypes.c_size_t(16 * GUARDED)
        bounds = ctypes.c_uint32(_NO_HARD_BOUNDS)
        return bool(kernel.SetProcessWorkingSetSizeEx(here, least, most, bounds))
    return False


def age() -> float:
    """Seconds since this process began, what was done before Python ran included."""
    import time

    if sys.platform == "win32":
        began, *rest = (ctypes.c_uint64() for _ in range(4))
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        here = ctypes.c_void_p(kernel.GetCurrentProcess())
        times = [ctypes.byref(value) for value in (began, *rest)]
        if not kernel.GetProcessTimes(here, *times):
            raise ctypes.WinError()
        # Counted in tenths of microseconds from the year 1601.
        return time.time() - (began.value / 1e7 - 11_644_473_600)
    with open("/proc/self/stat", "rb") as stream:  # noqa: PTH123 - pathlib may not be loaded
        # The second field, in brackets, may hold blanks.
        ticks = int(stream.read().rpartition(b")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


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
