"""Which desk of the province took the place of which (see :mod:`traffick_desk.sync.succession`)."""

from __future__ import annotations

from typing import Any

_BEFORE = "predecessor:"


def record(cursor: Any, old: str, new: str) -> None:
    """Note that *new* took the place of *old*."""
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_BEFORE + old, new))


def successor(cursor: Any, old: str) -> str | None:
    """The desk that took the place of *old*."""
    cursor.execute("SELECT value FROM meta WHERE key = ?", (_BEFORE + old,))
    row = cursor.fetchone()
    return None if row is None else str(row[0])


def heir(cursor: Any, device: str) -> str:
    """The desk in the place of *device* now; itself, if none took it."""
    seen = {device}
    while (after := successor(cursor, device)) is not None and after not in seen:
        device = after
        seen.add(after)
    return device


def predecessors(cursor: Any, new: str) -> list[str]:
    """The desks whose place *new* took, directly or one after the other."""
    cursor.execute(
        "SELECT key, value FROM meta WHERE key >= ? AND key < ?", (_BEFORE, _BEFORE[:-1] + ";")
    )
    before = {key.removeprefix(_BEFORE): value for key, value in cursor.fetchall()}
    found: list[str] = []
    wanted = {new}
    while more := {old for old, to in before.items() if to in wanted} - set(found):
        found += sorted(more)
        wanted |= more
    return found
