"""The vault looks after itself: each page is read now and then, a little at a time.

How far it came is kept in the vault, so a check of a large file goes on over days. When a page
does not fit, all of it is checked at once to be sure; then the vault is read only, so that nothing
is built on damage, until it is salvaged or a backup is restored.
"""

from __future__ import annotations

from dataclasses import dataclass

from traffick_desk.services.base import Desk
from traffick_desk.store.errors import StoreUnreadable

PAGES = 1024
"""Four megabytes: some ten milliseconds."""
_POSITION = "check:position"
_DONE = "check:done_on"


@dataclass(frozen=True, slots=True)
class Result:
    """How a check stands: whether all pages were looked at, and whether the file is sound."""

    done: bool
    sound: bool


def due(desk: Desk, days: int = 7) -> bool:
    """Whether the last full check is *days* old, or was never finished."""
    from datetime import date

    with desk.context.store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_DONE,))
        row = cursor.fetchone()
    if row is None:
        return True
    age = date.fromisoformat(desk.context.today) - date.fromisoformat(row[0])
    return abs(age.days) >= days


def go_on(desk: Desk, pages: int = PAGES) -> Result:
    """Look at the next *pages*; a page that does not fit makes the vault read only.

    Raises:
        StoreError, OSError: the disk cannot be read.
    """
    store = desk.context.store
    if store.damaged:
        return Result(done=True, sound=False)
    with store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_POSITION,))
        row = cursor.fetchone()
    checking = store.checking(int(row[0]) if row else 0)
    wrong, done = checking.step(pages)
    if wrong:
        # A page may be in the middle of being written; the whole check tells for certain.
        try:
            store.check()
        except StoreUnreadable:
            store.damaged = True
            return Result(done=True, sound=False)
    with store.work() as work:
        cursor = work.cursor
        position = "0" if done else str(checking.position)
        cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_POSITION, position))
        if done:
            cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_DONE, desk.context.today))
    return Result(done=done, sound=True)
