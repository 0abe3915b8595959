"""What the vault itself remembers of its backups; small, for *Today* asks it at each look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from traffick_desk.services import office

REMIND_DAYS = 7
REMIND_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Reminder:
    """That it is time for a backup.

    Attributes:
        days: since the last one, or since there is something to lose.
        changes: entries that are in no backup.
        place: whether a place was chosen.
    """

    days: int
    changes: int
    place: bool


def written(cursor: Any) -> int:
    """The position of the last change of the journal."""
    cursor.execute("SELECT coalesce(max(pos), 0) FROM journal")
    return int(cursor.fetchone()[0])


def erased_at(cursor: Any) -> int:
    """Number of the line of the log after which copies hold nothing that was erased; 0 if none."""
    cursor.execute("SELECT value FROM meta WHERE key = 'erasure:log'")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def made_at(cursor: Any) -> datetime | None:
    """When the newest backup was made."""
    cursor.execute("SELECT value FROM meta WHERE key = 'backup_at'")
    row = cursor.fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def reminder(cursor: Any, now: datetime) -> Reminder | None:
    """Whether it is time for a backup: after seven days, or fifty entries in none.

    Args:
        cursor: of a reader.
        now: the present moment.
    """
    cursor.execute("SELECT value FROM meta WHERE key = 'backup_pos'")
    row = cursor.fetchone()
    changes = written(cursor) - int(row[0] if row else 0)
    if changes <= 0:
        return None
    since = made_at(cursor)
    if since is None:
        cursor.execute("SELECT at FROM audit ORDER BY seq LIMIT 1")
        first = cursor.fetchone()
        since = datetime.fromisoformat(first[0]) if first else now
    days = (now - since).days
    if days < REMIND_DAYS and changes < REMIND_CHANGES:
        return None
    return Reminder(max(days, 0), changes, bool(office.read(cursor).get("backup_folder")))
