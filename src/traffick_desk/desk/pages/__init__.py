"""The pages of the desk, one module each."""

from __future__ import annotations

import ctypes
import sys

_PLENTY = 1 << 40


def keep_none_alive() -> None:
    """Give ``None`` so many references that losing some does no harm.

    WORKAROUND: PySide6 6.12.0 gives back one reference too many each time a model's
    ``data`` or another virtual method written in Python answers ``None`` (measured:
    some 800 for drawing a case once). Up to Python 3.11 the interpreter stops with
    "deallocating None" when the count comes to zero, after an hour or so of work.
    Python 3.12 made ``None`` immortal (PEP 683) and needs nothing.
    """
    if sys.version_info < (3, 12) and sys.getrefcount(None) < _PLENTY:
        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY


keep_none_alive()
