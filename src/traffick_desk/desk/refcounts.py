"""Keeps the interpreter alive under PySide6 6.12.0 on Python 3.10 and 3.11.

That build hands out ``None``, and at times ``True`` and ``False``, without
counting the reference, as is right only where they are immortal (Python 3.12,
PEP 683). On older Pythons every call of a Qt method that returns nothing takes
one reference away, and after some thousand calls the interpreter aborts:
"none_dealloc", "bool_dealloc". Measured: 500 calls of ``QLineEdit.setText`` take
500 references under 6.12.0 and none under 6.10.2, 6.11.0 and 6.11.1.
"""

from __future__ import annotations

import ctypes
import sys

# More calls than a program makes in years, far below the limit of the counter.
_PLENTY = 1 << 40
# What Python 3.12 made immortal and a C extension hands out by itself.
_LASTING: tuple[object, ...] = (None, True, False, NotImplemented, ..., (), 0, 1, -1)


def install() -> None:
    """Make them as good as immortal, once per process; nothing to do from Python 3.12 on."""
    if sys.version_info >= (3, 12) or sys.maxsize < _PLENTY:
        return
    for thing in _LASTING:
        if sys.getrefcount(thing) < _PLENTY // 2:
            # The counter is the first word of every object (CPython's object.h up to 3.11).
            ctypes.c_ssize_t.from_address(id(thing)).value += _PLENTY
