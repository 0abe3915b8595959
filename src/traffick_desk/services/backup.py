"""Backups: an encrypted copy in a second place, proven by opening it; and restoring one.

A copy holds the header and the file as they are: it opens with the same
passwords. A restored vault is a new device (I6): the numbers that the lost PC
may still have given are never used twice, and the province links it anew.
"""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from traffick_desk.domain.practice import file_name
from traffick_desk.i18n import N_, _
from traffick_desk.services import office, vaults
from traffick_desk.services.base import Desk, DeskInfo, clock
from traffick_desk.vault import header as vault_header

KEEP = 10
_NAME = re.compile(r"\d{8}-\d{6}")


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


def place(desk: Desk) -> Path | None:
    """The second place the officer chose."""
    with desk.context.store.read() as cursor:
        text = office.read(cursor).get("backup_folder", "")
    return Path(text) if text else None


def backup(desk: Desk, folder: Path | None = None) -> Path:
    """Write a copy of the vault to *folder*, or to the chosen place; answers with its path.

    The copy is opened and checked page by page before it counts; the newest
    :data:`KEEP` copies stay.

    Raises:
        NoBackupPlace, BackupNotWritten, StoreError: earlier copies are untouched.
    """
    root = folder or place(desk)
    if root is None or not root.is_dir():
        raise NoBackupPlace
    home = _home(root, desk.info)
    name = desk.context.now().strftime("%Y%m%d-%H%M%S")
    making = home / f".{name}.{os.urandom(3).hex()}"
    try:
        making.mkdir(parents=True)
        desk.context.store.backup(making / vaults.DATABASE)
        source = desk.info.vault_path / vault_header.FILE_NAME
        shutil.copyfile(source, making / vault_header.FILE_NAME)
        vault_header.read_header(making / vault_header.FILE_NAME)
        _sync(making)
        making.replace(home / name)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise BackupNotWritten from error
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    for old in _copies(home)[KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
    with desk.context.store.work() as work:
        cursor = work.cursor
        cursor.execute("INSERT OR REPLACE INTO meta VALUES ('backup_pos', ?)", (str(_pos(cursor)),))
        cursor.execute(
            "INSERT OR REPLACE INTO meta VALUES ('backup_at', ?)", (desk.context.moment,)
        )
        work.log(desk.context.moment, desk.info.officer_id, "vault.backup", desk.info.vault_id)
    return home / name


def due(desk: Desk) -> bool:
    """Whether something was written since the last backup and the place for it is there."""
    root = place(desk)
    if root is None or not root.is_dir():
        return False
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key = 'backup_pos'")
        row = cursor.fetchone()
        return _pos(cursor) > int(row[0] if row else 0)


def copies(root: Path, vault_id: str) -> list[Path]:
    """The copies of a vault under *root*, the newest first."""
    return _copies(root / f"td-{vault_id[:8]}")


def _home(root: Path, info: DeskInfo) -> Path:
    name = f"td-{info.vault_id[:8]}"
    return root / (file_name(name) if info.practice else name)


def _copies(home: Path) -> list[Path]:
    if not home.is_dir():
        return []
    return sorted((p for p in home.iterdir() if _NAME.fullmatch(p.name)), reverse=True)


def restore(copy: Path, path: Path, login: str, password: str) -> Desk:
    """Make a working vault in folder *path* out of a copy, and open it.

    The desk gets a new device id and new keys; its link to the province is made anew.

    Raises:
        VaultExists: the folder is not empty.
        PracticeApart: practice and real data would come into one place.
        UnlockRefused, HeaderMissing, HeaderDamaged, StoreUnreadable: in words; nothing is left.
    """
    from traffick_desk.vault import slots

    if path.exists() and any(path.iterdir()):
        raise vaults.VaultExists
    header = vault_header.read_header(copy / vault_header.FILE_NAME)
    vaults.keep_apart(path, header.unit)
    unlocked = slots.unlock_with_password(header, login, password)
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    making.mkdir(mode=0o700)
    try:
        for name in (vaults.DATABASE, vault_header.FILE_NAME):
            shutil.copyfile(copy / name, making / name)
        header = slots.with_desk(header, unlocked.dek, device_id=os.urandom(8).hex())
        # The new device's chain of changes begins anew; the log goes on.
        header = slots.with_heads(
            header, unlocked.dek, journal_head=None, audit_head=header.audit_head
        )
        vault_header.write_header(making / vault_header.FILE_NAME, header, unlocked.dek)
        _become_new(making, header, unlocked)
        _sync(making)
        if path.exists():
            path.rmdir()
        making.replace(path)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    finally:
        unlocked.wipe()
    return vaults.unlock(path, login, password)


def _become_new(folder: Path, header: vault_header.Header, unlocked: Any) -> None:
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.values import moment
    from traffick_desk.store.store import Store
    from traffick_desk.sync import enrolment

    store = Store(
        folder / vaults.DATABASE, vaults.key_source(unlocked.dek), REGISTRY, header.device_id
    )
    store.open()
    try:
        with store.work() as work:
            at = moment(clock())
            cursor = work.cursor
            # Its file numbers follow from the new device (``numbering``).
            cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (header.device_id,))
            # Its links begin again: the peers may hold bundles that this copy knows nothing of.
            for table in ("link", "link_case", "bundle_out", "bundle_in", "document_sent"):
                cursor.execute(f"DELETE FROM {table}")
            enrolment.register_own_device(
                cursor, header.device_id, header.profile, header.unit, header.desk_label, at
            )
            work.log(at, unlocked.officer_id, "vault.restore", header.vault_id)
    finally:
        store.close()


def _pos(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(pos), 0) FROM journal")
    return int(cursor.fetchone()[0])


def _sync(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())


def made_at(desk: Desk) -> datetime | None:
    """When the newest backup was made."""
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key = 'backup_at'")
        row = cursor.fetchone()
    return datetime.fromisoformat(row[0]) if row else None
