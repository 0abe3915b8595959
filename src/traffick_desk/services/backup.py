"""Backups: an encrypted copy in a second place and on a stick, proven by opening it.

A copy holds the header and the file as they are: it opens with the same
passwords. What is done with a copy is in ``restore``; how copies lie in a place
and which are thrown away, in ``backup_copies``.
"""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from traffick_desk import __version__
from traffick_desk.i18n import N_, _
from traffick_desk.services import backup_copies, backup_state, office, vaults
from traffick_desk.services.backup_copies import Copy, Note
from traffick_desk.services.base import Desk, DeskInfo
from traffick_desk.services.restore import restore
from traffick_desk.store import documents
from traffick_desk.store.errors import DiskFull, StoreError, StoreUnreadable
from traffick_desk.vault import header as vault_header

__all__ = ["backup", "restore"]

# While the desk is open: a new copy once so much was written, or so long ago.
SOON_CHANGES = 20
SOON = timedelta(hours=4)
_SPARE = 8 * 1024 * 1024
_one_at_a_time = threading.Lock()


class NoBackupPlace(Exception):
    """No second place was chosen, or it is not there now."""

    def __str__(self) -> str:
        return _(
            N_(
                "The place for backups was not found, so no backup was made. Your data is safe on "
                "this PC. Please plug the stick in, or choose another place in Settings."
            )
        )


class BackupNotWritten(Exception):
    """The second place did not take the copy."""

    def __str__(self) -> str:
        return _(
            N_(
                "The backup could not be written. Your data is safe on this PC and earlier backups "
                "are untouched. Please check the place for backups, then try again."
            )
        )


class BackupPlaceFull(BackupNotWritten):
    """There is no room for a copy.

    Attributes:
        needed, free: bytes; *free* is -1 when it is not known.
    """

    def __init__(self, needed: int, free: int = -1) -> None:
        super().__init__(needed, free)
        self.needed, self.free = needed, free

    def __str__(self) -> str:
        text = _(
            "The place for backups is full, so no backup was made. Your data is safe on this PC "
            "and earlier backups are untouched. Please make room there ({needed} MB are needed), "
            "or choose another place in Settings."
        )
        return text.format(needed=-(-self.needed // 1_000_000))


@dataclass(frozen=True, slots=True)
class Place:
    """A place for backups.

    Attributes:
        root: the folder or stick.
        stick: whether it was found because it was named for this, not because it was chosen.
        there: whether it is there now.
        copies: how many copies of this vault are in it.
        newest: the newest of them.
    """

    root: Path
    stick: bool
    there: bool
    copies: int = 0
    newest: Copy | None = None


def place(desk: Desk) -> Path | None:
    """The second place the officer chose."""
    with desk.context.store.read() as cursor:
        text = office.read(cursor).get("backup_folder", "")
    return Path(text) if text else None


def places(desk: Desk) -> tuple[Place, ...]:
    """The chosen place, there or not, and every stick that was named and is there."""
    found: dict[Path, Place] = {}
    if (chosen := place(desk)) is not None:
        found[chosen.absolute()] = _look(desk.info, chosen, stick=False)
    for root in _sticks():
        home = backup_copies.home(root, desk.info.vault_id, desk.info.unit)
        if root.absolute() not in found and backup_copies.marked(home, desk.info.vault_id):
            found[root.absolute()] = _look(desk.info, root, stick=True)
    return tuple(found.values())


def _sticks() -> tuple[Path, ...]:
    from traffick_desk.sync.sticks import sticks

    return tuple(stick.path for stick in sticks() if stick.writable)


def _look(info: DeskInfo, root: Path, *, stick: bool) -> Place:
    if not root.is_dir():
        return Place(root, stick, there=False)
    copies = backup_copies.in_home(backup_copies.home(root, info.vault_id, info.unit))
    return Place(root, stick, True, len(copies), copies[0] if copies else None)


def name_stick(desk: Desk, root: Path) -> None:
    """Name a stick for backups: from now on it gets a copy whenever it is plugged in.

    Raises:
        NoBackupPlace, BackupNotWritten: it is not there, or refuses to be written.
    """
    if not root.is_dir():
        raise NoBackupPlace
    home = backup_copies.home(root, desk.info.vault_id, desk.info.unit)
    try:
        backup_copies.mark(home, desk.info.vault_id)
    except OSError as error:
        raise BackupNotWritten from error


def backup(desk: Desk, folder: Path | None = None) -> Path:
    """Write a copy of the vault to *folder*, or to the chosen place; answers with its path.

    The copy is opened and checked page by page before it counts; then copies that no day, week or
    month needs any more are removed, and every copy made before data was erased.

    Raises:
        NoBackupPlace, BackupNotWritten, StoreError: earlier copies are untouched.
    """
    root = folder or place(desk)
    if root is None or not root.is_dir():
        raise NoBackupPlace
    with _one_at_a_time:
        return _write(desk, root)


def automatic(desk: Desk, *, opened: bool = False) -> tuple[Path, ...]:
    """Back up wherever something is missing; the copies that were made.

    Args:
        desk: an open desk.
        opened: whether it was just unlocked: then any change is reason enough.

    Raises:
        BackupNotWritten, StoreError: one of the places refused; the others have their copy.
    """
    made = []
    refused: Exception | None = None
    for one in places(desk):
        if not one.there or not _wanted(desk, one, opened=opened):
            continue
        try:
            made.append(backup(desk, one.root))
        except (NoBackupPlace, BackupNotWritten, StoreError) as error:
            refused = refused or error
    if refused is not None:
        raise refused
    return tuple(made)


def due(desk: Desk) -> bool:
    """Whether a place is there that lacks something that was written."""
    return any(one.there and _wanted(desk, one, opened=True) for one in places(desk))


def _wanted(desk: Desk, one: Place, *, opened: bool) -> bool:
    if one.newest is None or one.newest.note is None:
        return True
    note = one.newest.note
    with desk.context.store.read() as cursor:
        written = backup_state.written(cursor) - note.changes
    other = note.ways != backup_copies.ways_in(_header(desk.info))
    if opened or other:
        return written != 0 or other
    at = one.newest.made_at
    old = at is None or abs(desk.context.now() - at) >= SOON
    return written != 0 and (written >= SOON_CHANGES or old)


def _header(info: DeskInfo) -> vault_header.Header:
    return vault_header.read_header(info.vault_path / vault_header.FILE_NAME)


def _write(desk: Desk, root: Path) -> Path:
    home = backup_copies.home(root, desk.info.vault_id, desk.info.unit)
    needed = _room(desk, home)
    name = _free_name(home, desk.context.now())
    making = home / f".{name}.{os.urandom(3).hex()}"
    try:
        making.mkdir(parents=True)
        _fill(desk, making)
        making.replace(home / name)
        _sync_folder(home)
    except DiskFull as error:
        shutil.rmtree(making, ignore_errors=True)
        raise BackupPlaceFull(needed) from error
    except StoreUnreadable as error:
        shutil.rmtree(making, ignore_errors=True)
        # Which of the two is damaged makes all the difference to the officer.
        desk.context.store.check()
        raise BackupNotWritten from error
    except (OSError, StoreError) as error:
        shutil.rmtree(making, ignore_errors=True)
        raise BackupNotWritten from error
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    with desk.context.store.work() as work:
        cursor = work.cursor
        note = backup_copies.read_note(home / name)
        pos = note.changes if note is not None else 0
        cursor.execute("INSERT OR REPLACE INTO meta VALUES ('backup_pos', ?)", (str(pos),))
        cursor.execute(
            "INSERT OR REPLACE INTO meta VALUES ('backup_at', ?)", (desk.context.moment,)
        )
        work.log(desk.context.moment, desk.info.officer_id, "vault.backup", desk.info.vault_id)
    thin(desk, home)
    return home / name


def _free_name(home: Path, at: datetime) -> str:
    # A clock that was put back may give a second twice.
    while (home / (name := at.strftime("%Y%m%d-%H%M%S"))).exists():
        at += timedelta(seconds=1)
    return name


def _fill(desk: Desk, making: Path) -> None:
    """Put file, header and note into the folder of a copy, each on the disk and proven."""
    file = making / vaults.DATABASE
    desk.context.store.backup(file)
    source = desk.info.vault_path / vault_header.FILE_NAME
    shutil.copyfile(source, making / vault_header.FILE_NAME)
    header = vault_header.read_header(making / vault_header.FILE_NAME)
    log, changes, count = desk.context.store.look_into(file, _numbers)
    note = Note(
        vault=header.vault_id,
        log=log,
        changes=changes,
        documents=count,
        size=file.stat().st_size,
        sha256=backup_copies.digest_of(file),
        ways=backup_copies.ways_in(header),
        made_at=desk.context.moment,
        program=__version__,
    )
    backup_copies.write_note(making, note)
    _sync(making)


def _numbers(cursor: Any) -> tuple[int, int, int]:
    cursor.execute("SELECT coalesce(max(seq), 0) FROM audit")
    log = int(cursor.fetchone()[0])
    return log, backup_state.written(cursor), documents.usage(cursor)[0]


def _room(desk: Desk, home: Path) -> int:
    """Make room for a copy from copies that nothing needs; how much it takes.

    Raises:
        BackupPlaceFull: there is not enough.
    """
    needed = (desk.info.vault_path / vaults.DATABASE).stat().st_size + _SPARE
    _drop_half_made(home)
    for attempt in range(2):
        try:
            free = shutil.disk_usage(home if home.is_dir() else home.parent).free
        except OSError:
            return needed  # the place says it itself
        if free >= needed:
            break
        if attempt == 0:
            thin(desk, home)
        else:
            raise BackupPlaceFull(needed, free)
    return needed


def _drop_half_made(home: Path) -> None:
    """Remove what a power cut left of a copy that was never finished."""
    try:
        left = [p for p in home.iterdir() if p.name.startswith(".2") and p.is_dir()]
    except OSError:
        return
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)


def thin(desk: Desk, home: Path) -> int:
    """Remove copies that nothing needs and those made before data was erased; how many."""
    copies = backup_copies.in_home(home)
    with desk.context.store.read() as cursor:
        erased = backup_state.erased_at(cursor)
    gone = [c for c in copies if c.note is None or c.note.log < erased] if erased else []
    # Nothing is erased from the only place that still has anything at all.
    gone = gone if any(c not in gone for c in copies) else []
    gone += backup_copies.too_many([c for c in copies if c not in gone])
    for copy in gone:
        shutil.rmtree(copy.path, ignore_errors=True)
    return len(gone)


def copies(root: Path, vault_id: str) -> list[Path]:
    """The copies of a real vault under *root*, the newest first."""
    return [c.path for c in backup_copies.in_home(backup_copies.home(root, vault_id, ""))]


def sound(copy: Copy) -> bool | None:
    """Whether the file of a copy is byte for byte what was written; ``None`` without a note."""
    if copy.note is None:
        return None
    try:
        return backup_copies.digest_of(copy.path / vaults.DATABASE) == copy.note.sha256
    except OSError:
        return False


def _sync(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    from traffick_desk.sync.disk import Disk

    Disk().sync_folder(folder)


def made_at(desk: Desk) -> datetime | None:
    """When the newest backup was made."""
    with desk.context.store.read() as cursor:
        return backup_state.made_at(cursor)
