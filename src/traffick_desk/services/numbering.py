"""File numbers: one series per desk and year, so that two desks never give the same one.

Decree 30/2020 Art. 15 numbers papers per year from 01; file numbers follow the same
habit. Desks of one commune cannot ask each other, so each has a mark of its own, made
from its device number: ``TDK7Q-0007/2026``. A vault restored on another PC is another
device and has another mark.

The number of an outgoing paper itself comes from the register of the clerk (Art. 15(2)) and
is never given by the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

_SIGNS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels, so that no word arises; no 0, 1, I, O, which are read for one another."""
_LENGTH = 3


def _signs(device: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"desk mark:{device}".encode()).digest())
    found = ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        found += _SIGNS[rest]
    return found


def mark(device: str, others: Iterable[str] = ()) -> str:
    """The mark of a desk: three signs, more where a known desk would have the same.

    Two desks that know nothing of each other have the same with a chance of 1 in 21,952;
    once they have heard of each other they differ.
    """
    own = _signs(device)
    taken = [_signs(other) for other in others if other != device]
    length = _LENGTH
    while any(other[:length] == own[:length] for other in taken):
        length += 1
    return own[:length]


def _next(cursor: Any, series: str) -> int:
    key = f"series:{series}"
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    number = int(row[0]) + 1 if row else 1
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(number)))
    return number


def file_number(cursor: Any, device: str, unit: str, year: int) -> str:
    """The next file number; rolls back with its transaction.

    Args:
        cursor: of the open transaction.
        device: of this desk.
        unit: whose desks it shares the year with.
        year: in which the case was opened.
    """
    return _number(cursor, "TD", "case", device, unit, year)


def tip_number(cursor: Any, device: str, unit: str, year: int) -> str:
    """The next number of a tip, a series of its own (``TBK7Q-0003/2026``); else as above."""
    return _number(cursor, "TB", "tip", device, unit, year)


def _number(cursor: Any, head: str, series: str, device: str, unit: str, year: int) -> str:
    cursor.execute("SELECT device FROM device WHERE unit = ?", (unit,))
    own = mark(device, [row[0] for row in cursor.fetchall()])
    while True:
        made = f"{head}{own}-{_next(cursor, f'{series}:{year}'):04d}/{year}"
        cursor.execute("SELECT 1 FROM case_row WHERE file_no = ? LIMIT 1", (made,))
        if cursor.fetchone() is None:
            return made
