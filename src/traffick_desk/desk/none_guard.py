"""Keeps the interpreter alive under PySide6 6.12.0 on Python 3.10 and 3.11.

That build hands out ``None``, ``True`` and ``False`` without counting the
reference, as is right only where they are immortal (Python 3.12, PEP 683). On
older Pythons every call of a Qt method that returns nothing takes one reference
away, and after some thousand calls the interpreter aborts: "none_dealloc",
"bool_dealloc". Measured: 500 calls of ``QLineEdit.setText`` take 500 references
under 6.12.0 and none under 6.10.2, 6.11.0 and 6.11.1.
``tests/desk/test_none_guard.py`` tells when this can go.
"""

from __future__ import annotations

import ctypes
import sys

# More calls than a program makes in years, far below the limit of the counter.
_PLENTY = 1 << 40


def install() -> None:
    """Make the three as good as immortal, once per process; from Python 3.12 on they are."""
    if sys.version_info >= (3, 12) or sys.maxsize < _PLENTY:
        return
    for single in (None, True, False):
        if sys.getrefcount(single) < _PLENTY // 2:
            # The counter is the first word of every object (CPython's object.h up to 3.11).
            ctypes.c_ssize_t.from_address(id(single)).value += _PLENTY
