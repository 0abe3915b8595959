"""The printed recovery code is tried once a quarter: a code nobody can find or read opens nothing.

Trying derives the key and opens the slot as in earnest, and changes nothing. The day is only for
the reminder.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from traffick_desk.services.base import Desk
from traffick_desk.vault import header as vault_header

QUARTER = timedelta(days=91)
FINE, DUE, NEVER, USED = "", "due", "never", "used"
_TRIED, _USED = "recovery:tried", "recovery:used"


def note_new(cursor: Any, at: str) -> None:
    """A code was made and shown: the quarter begins."""
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_TRIED, at))
    cursor.execute("DELETE FROM meta WHERE key = ?", (_USED,))


def note_used(cursor: Any, at: str) -> None:
    """The vault was opened without a password: its envelope is open, or its code is lost."""
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_USED, at))


def state(desk: Desk) -> str:
    """:data:`FINE`, or why the officer is asked: :data:`DUE`, :data:`NEVER`, :data:`USED`."""
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT key, value FROM meta WHERE key IN (?, ?)", (_TRIED, _USED))
        kept = dict(cursor.fetchall())
    if _USED in kept:
        return USED
    if _TRIED not in kept:
        return NEVER
    passed = desk.context.now() - datetime.fromisoformat(kept[_TRIED])
    return DUE if passed >= QUARTER else FINE


def try_code(desk: Desk, code: str) -> None:
    """Open the slot of the printed code as in earnest; takes about a second.

    Raises:
        RecoveryCodeMistyped, RecoveryCodeWrongLength, RecoveryRefused: in words.
    """
    from traffick_desk.vault import slots

    header = vault_header.read_header(desk.info.vault_path / vault_header.FILE_NAME)
    slots.unlock_with_recovery(header, code).wipe()
    with desk.context.store.work() as work:
        at = desk.context.moment
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_TRIED, at))
        work.log(at, desk.info.officer_id, "vault.recovery-tried", desk.info.vault_id)
