"""File numbers: one series per desk and year, so that two desks never give the same one.

Decree 30/2020 Art. 15 numbers papers per year from 01; file numbers follow the
same habit. A desk that is not the first of its commune has a letter.
"""

from __future__ import annotations

from typing import Any


def _next(cursor: Any, series: str) -> int:
    key = f"series:{series}"
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    number = int(row[0]) + 1 if row else 1
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(number)))
    return number


def desk_letter(cursor: Any) -> str:
    """The letter of this desk, "" for the first of its commune."""
    cursor.execute("SELECT value FROM meta WHERE key = 'desk_letter'")
    row = cursor.fetchone()
    return row[0] if row else ""


def file_number(cursor: Any, year: int) -> str:
    """The next file number, ``TD-0007/2026``; rolls back with its transaction."""
    return f"TD{desk_letter(cursor)}-{_next(cursor, f'case:{year}'):04d}/{year}"
