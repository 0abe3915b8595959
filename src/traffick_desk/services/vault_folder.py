"""The folder of a vault: what lies in it, who holds it, and what must not mix."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk.domain.practice import is_practice
from traffick_desk.i18n import N_, _

if TYPE_CHECKING:
    from filelock import FileLock

DATABASE = "vault.db"
# The same under a new key, until it takes the place of the other.
REENCRYPTED = f"{DATABASE}.new"
LOCK = "vault.lock"
# A restored vault that is whole and waits to take the place of the one that is there.
RESTORED = "restored"
PRACTICE = "luyen-tap"
"""The folder beside a real vault that holds the vaults of practice."""
# While practice is being made, its folder has a name of its own.
_PRACTICE_FOLDER = re.compile(rf"{PRACTICE}|\.{PRACTICE}\.[0-9a-f]{{8}}")


class VaultExists(Exception):
    """The folder holds something already."""

    def __str__(self) -> str:
        return _(
            N_(
                "There is already something in this folder, so no vault was made there. "
                "Nothing was changed. Please choose an empty folder."
            )
        )


class PracticeApart(Exception):
    """Practice and real data would come into one place."""

    def __str__(self) -> str:
        return _(
            N_(
                "Practice and real data are kept apart, so nothing was made here and nothing was "
                "changed. A vault of practice lies in the folder of practice alone, and a real "
                "vault never does. Please choose another folder."
            )
        )


def restored(path: Path) -> Path:
    """Where a restored vault waits that is to take the place of *path*."""
    return path.with_name(f".{path.name}.{RESTORED}")


def settle(path: Path) -> None:
    """Finish an exchange of the vault for a restored one, if that was interrupted.

    From the moment the old folder has another name the restored one counts; before, the old one
    does, and what was being restored is thrown away.
    """
    waiting = restored(path)
    if waiting.is_dir():
        if path.exists() and any(path.iterdir()):
            shutil.rmtree(waiting, ignore_errors=True)
            return
        if path.exists():
            path.rmdir()
        waiting.replace(path)


def keep_apart(path: Path, unit: str) -> None:
    """Refuse a vault of *unit* in folder *path* where practice and real data would mix.

    Raises:
        PracticeApart: in words.
    """
    if is_practice(unit) != (_PRACTICE_FOLDER.fullmatch(path.absolute().parent.name) is not None):
        raise PracticeApart


def hold(path: Path) -> FileLock:
    """The lock of a vault, taken.

    Raises:
        StoreInUse: another process has the vault open.
    """
    from filelock import FileLock, Timeout

    from traffick_desk.store.errors import StoreInUse

    lock = FileLock(path / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreInUse from error
    return lock
