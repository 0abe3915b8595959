"""Making a working vault out of a copy: on a new PC, or in place of a damaged one.

A restored vault is a new device (I6): the numbers that the lost PC may still
have given are never used twice, and the province links it anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from traffick_desk.i18n import N_, _
from traffick_desk.services import backup_copies, vaults
from traffick_desk.services.base import Desk, clock
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.vault import header as vault_header


class NoCopyHere(Exception):
    """The folder holds no copy of a vault."""

    def __str__(self) -> str:
        return _(
            N_(
                "There is no backup in this folder. Nothing was changed. Please choose the stick "
                "or folder where backups are kept."
            )
        )


class CopyDamaged(Exception):
    """The copy cannot be used."""

    def __str__(self) -> str:
        return _(
            N_(
                "This backup is damaged and cannot be restored. Nothing was changed. Please take "
                "the backup that was made before it, or one from another place."
            )
        )


class NoRoom(Exception):
    """The disk of this PC has no room for the restored vault."""

    def __str__(self) -> str:
        return _(
            N_(
                "The disk of this PC has no room for the restored vault. Nothing was changed, and "
                "the backup is as it was. Please make room on the disk, then try again."
            )
        )


def newest_in(folder: Path) -> Path:
    """The copy that is meant by *folder*: itself, or the newest one in it.

    Raises:
        NoCopyHere: it is none and holds none.
    """
    if (folder / vault_header.FILE_NAME).is_file() and (folder / vaults.DATABASE).is_file():
        return folder
    found = backup_copies.look_for([folder])
    if not found:
        # What is there by name but has lost its header is said to be damaged when it is opened.
        if (folder / vaults.DATABASE).is_file():
            return folder
        raise NoCopyHere
    return found[0].copy.path


def restore(copy: Path, path: Path, login: str, password: str, *, replacing: bool = False) -> Desk:
    """Make a working vault in folder *path* out of a copy, and open it.

    The desk gets a new device id and new keys; its link to the province is made anew.

    Args:
        copy: folder of the copy.
        path: where the vault is to be.
        login: of an officer who could open the vault when the copy was made.
        password: hers at that time.
        replacing: whether a vault in *path* is put aside, under another name beside it.

    Raises:
        VaultExists: the folder is not empty.
        PracticeApart: practice and real data would come into one place.
        CopyDamaged, NoRoom: nothing is left.
        UnlockRefused, HeaderMissing, HeaderDamaged, StoreError: in words; nothing is left.
    """
    from traffick_desk.vault import slots

    _make(
        copy,
        path,
        lambda header: slots.unlock_with_password(header, login, password),
        replacing=replacing,
    )
    return vaults.unlock(path, login, password)


def restore_with_code(
    copy: Path, path: Path, code: str, login: str, new_password: str, *, replacing: bool = False
) -> Desk:
    """The same with the printed recovery code; the officer *login* gets a new password.

    Raises:
        RecoveryCodeMistyped, RecoveryCodeWrongLength, RecoveryRefused, WeakPassword: in words.
        And what :func:`restore` raises.
    """
    from traffick_desk.vault import passwords, slots

    strength = passwords.strength(new_password, (login,))
    if not strength.acceptable:
        raise vaults.WeakPassword(" ".join(strength.advice))
    _make(
        copy,
        path,
        lambda header: slots.unlock_with_recovery(header, code),
        replacing=replacing,
    )
    return vaults.unlock_with_recovery(path, code, login, new_password)


def _make(
    copy: Path,
    path: Path,
    open_header: Callable[[vault_header.Header], Any],
    *,
    replacing: bool,
) -> None:
    """Put a restored vault into *path*; interrupted anywhere, what was there before is there."""
    from traffick_desk.vault import slots

    vaults.settle(path)
    taken = path.exists() and any(path.iterdir())
    if taken and not replacing:
        raise vaults.VaultExists
    header = vault_header.read_header(copy / vault_header.FILE_NAME)
    vault_header.check_schema(header, vaults.SCHEMA)
    vaults.keep_apart(path, header.unit)
    unlocked = open_header(header)
    if taken:
        # Nobody may be writing in what is about to be put aside.
        vaults.hold(path).release()
    making = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _room(copy, path.parent)
        making.mkdir(mode=0o700)
        for name in (vaults.DATABASE, vault_header.FILE_NAME):
            shutil.copyfile(copy / name, making / name)
        header = slots.with_desk(header, unlocked.dek, device_id=os.urandom(8).hex())
        # The new device's chain of changes begins anew; the log goes on.
        header = slots.with_heads(
            header, unlocked.dek, journal_head=None, audit_head=header.audit_head
        )
        vault_header.write_header(making / vault_header.FILE_NAME, header, unlocked.dek)
        # The header before it is of the lost PC.
        vault_header.previous_path(making / vault_header.FILE_NAME).unlink(missing_ok=True)
        _become_new(making, header, unlocked)
        to_disk(making)
        take_place(making, path, taken=taken)
    except BaseException as error:
        shutil.rmtree(making, ignore_errors=True)
        if isinstance(error, StoreUnreadable):
            raise CopyDamaged from error
        raise
    finally:
        unlocked.wipe()


def take_place(making: Path, path: Path, *, taken: bool) -> None:
    """Put the finished vault where it belongs; see ``vaults.settle`` for what is cut short."""
    if not taken:
        if path.exists():
            path.rmdir()
        making.replace(path)
    else:
        waiting = vaults.restored(path)
        making.replace(waiting)
        stamp = clock().strftime("%Y%m%d-%H%M%S")
        aside = path.with_name(f"{path.name}.{stamp}.{os.urandom(2).hex()}")
        path.replace(aside)
        waiting.replace(path)
    _sync_folder(path.parent)


def _room(copy: Path, folder: Path) -> None:
    needed = (copy / vaults.DATABASE).stat().st_size * 2
    if shutil.disk_usage(folder).free < needed:
        raise NoRoom


def _become_new(folder: Path, header: vault_header.Header, unlocked: Any) -> None:
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.values import moment
    from traffick_desk.store import copies
    from traffick_desk.store.store import Store
    from traffick_desk.sync import enrolment

    key = vaults.key_source(unlocked.dek)
    # Every page is read before anything is built on it.
    copies.check(folder / vaults.DATABASE, key)
    store = Store(folder / vaults.DATABASE, key, REGISTRY, header.device_id)
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


def to_disk(folder: Path) -> None:
    """Put every file of a folder, and their names, on the disk."""
    for file in folder.iterdir():
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    from traffick_desk.sync.disk import Disk

    Disk().sync_folder(folder)
