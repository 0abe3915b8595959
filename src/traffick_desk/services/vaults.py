"""Making, opening and closing a vault: one folder with a header and an encrypted file.

Importing this module is cheap, so that the unlock window appears at once; the
database library is loaded when someone unlocks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk.domain.practice import is_practice
from traffick_desk.i18n import _
from traffick_desk.services.vault_folder import (
    DATABASE,
    LOCK,
    PRACTICE,
    REENCRYPTED,
    PracticeApart,
    VaultExists,
    hold,
    keep_apart,
    restored,
    settle,
)
from traffick_desk.services.vault_opening import (
    finish_key_change,
    kept,
    key_source,
    open_desk,
)
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import selftest
from traffick_desk.vault.primitives import wipe

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk
    from traffick_desk.vault.kdf import KdfParams
    from traffick_desk.vault.slots import Unlocked

__all__ = [
    "DATABASE",
    "LOCK",
    "PRACTICE",
    "REENCRYPTED",
    "SCHEMA",
    "Created",
    "NewVault",
    "PracticeApart",
    "VaultExists",
    "VaultInfo",
    "WeakPassword",
    "create",
    "finish_key_change",
    "hold",
    "keep_apart",
    "kept",
    "key_source",
    "open_with_new_password",
    "peek",
    "read_checked",
    "restored",
    "settle",
    "unlock",
    "unlock_with_recovery",
]

# The oldest program that may open a vault of this program; raised only when old ones would do harm.
SCHEMA = 1


class WeakPassword(Exception):
    """The password is easier to guess than the vault allows."""

    def __init__(self, advice: str) -> None:
        super().__init__(advice)
        self.advice = advice

    def __str__(self) -> str:
        return " ".join([_("This password is too easy to guess."), self.advice]).strip()


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What a vault says of itself before it is unlocked."""

    path: Path
    vault_id: str
    profile: str
    unit: str
    label: str
    logins: tuple[str, ...]
    has_recovery: bool
    has_province: bool = False

    @property
    def practice(self) -> bool:
        """Whether it holds invented people only."""
        return is_practice(self.unit)


@dataclass(frozen=True, slots=True)
class NewVault:
    """What the first run asks.

    Attributes:
        profile: ``commune`` or ``province``.
        unit: id of the commune or province.
        backup_folder: second place for backups, or ``None``.
        kdf: parameters of the key derivation; calibrated on this PC if ``None``.
    """

    profile: str
    unit: str
    officer_name: str
    login: str
    password: str
    label: str = ""
    title: str = ""
    role: str = ""
    backup_folder: Path | None = None
    kdf: KdfParams | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new vault, open, and the recovery code that is shown only now."""

    desk: Desk
    recovery_code: str


def peek(path: Path) -> VaultInfo:
    """What the header of the vault in folder *path* says; nothing of it is secret.

    Raises:
        HeaderMissing, HeaderUnreadable, HeaderDamaged, HeaderNewer: in words.
    """
    settle(path)
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    return VaultInfo(
        path,
        header.vault_id,
        header.profile,
        header.unit,
        header.desk_label,
        tuple(slot.login for slot in header.of_kind(vault_header.OFFICER)),
        bool(header.of_kind(vault_header.RECOVERY)),
        bool(header.of_kind(vault_header.PROVINCE)) and not is_practice(header.unit),
    )


def create(path: Path, new: NewVault, now: Callable[[], datetime] | None = None) -> Created:
    """Make a vault in folder *path* and open it; after a failure nothing is left behind.

    Raises:
        VaultExists: the folder is not empty.
        PracticeApart: a real vault in the folder of practice, or one of practice elsewhere.
        WeakPassword: the password is too easy to guess.
        VaultError, StoreError: in words.
    """
    from traffick_desk.vault import kdf, passwords, slots

    selftest.once()
    keep_apart(path, new.unit)
    if path.exists() and any(path.iterdir()):
        raise VaultExists
    strength = passwords.strength(new.password, (new.login, new.officer_name, new.label))
    if not strength.acceptable:
        raise WeakPassword(" ".join(strength.advice))
    params = new.kdf or kdf.calibrate()
    header, dek = slots.create_header(
        profile=new.profile,
        unit=new.unit,
        desk_label=new.label or _("PC 1"),
        device_id=os.urandom(8).hex(),
        schema_min=SCHEMA,
    )
    officer_id = os.urandom(8).hex()
    header = slots.add_officer_slot(header, dek, officer_id, new.login, new.password, params)
    header, code = slots.add_recovery_slot(header, dek, params)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made beside and moved in whole: a power cut leaves no half vault.
    making = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    making.mkdir(mode=0o700)
    try:
        _first_tables(making, header, dek, new, officer_id, now)
        vault_header.write_header(making / vault_header.FILE_NAME, header, dek)
        if path.exists():
            path.rmdir()
        making.replace(path)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        wipe(dek)
        raise
    unlocked = slots.Unlocked(dek, header.slots[0].id, officer_id)
    return Created(open_desk(path, header, unlocked, now), code)


def unlock(
    path: Path, login: str, password: str, now: Callable[[], datetime] | None = None
) -> Desk:
    """Open the vault in folder *path* as an officer.

    Raises:
        UnlockRefused: unknown officer or wrong password; which of them cannot be told.
        HeaderMissing, HeaderDamaged, HeaderNewer, HeaderTampered: in words.
        StoreInUse, StoreUnreadable, StoreNewer: in words.
    """
    from traffick_desk.vault import slots

    header = read_checked(path)
    return open_desk(path, header, slots.unlock_with_password(header, login, password), now)


def read_checked(path: Path) -> vault_header.Header:
    """The header of the vault in folder *path*, once the cryptography has passed its test.

    Raises:
        HeaderMissing, HeaderDamaged, HeaderNewer, SelfTestFailed: in words.
    """
    selftest.once()
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    vault_header.check_schema(header, SCHEMA)
    return header


def unlock_with_recovery(
    path: Path,
    code: str,
    login: str,
    new_password: str,
    now: Callable[[], datetime] | None = None,
) -> Desk:
    """Open the vault with the printed code and give the officer *login* a new password.

    Raises:
        RecoveryCodeMistyped, RecoveryCodeWrongLength, RecoveryRefused: in words.
        UnlockRefused: there is no such officer.
        WeakPassword: the new password is too easy to guess.
    """
    from traffick_desk.vault import slots

    header = read_checked(path)
    unlocked = slots.unlock_with_recovery(header, code)
    return open_with_new_password(path, header, unlocked, login, new_password, now)


def open_with_new_password(
    path: Path,
    header: vault_header.Header,
    unlocked: Unlocked,
    login: str,
    new_password: str,
    now: Callable[[], datetime] | None = None,
) -> Desk:
    """Give the officer *login* a new password in a vault that was opened another way.

    Raises:
        UnlockRefused: there is no such officer.
        WeakPassword: the new password is too easy to guess.
        HeaderRolledBack: the other way is closed since, and an older vault file stands here.
    """
    from traffick_desk.services import recovery_trial
    from traffick_desk.vault import kdf, passwords, slots
    from traffick_desk.vault.errors import UnlockRefused

    try:
        name = slots.normal_login(login)
        slot = next((s for s in header.of_kind(vault_header.OFFICER) if s.login == name), None)
        if slot is None:
            raise UnlockRefused("login")
        strength = passwords.strength(new_password, (login,))
        if not strength.acceptable:
            raise WeakPassword(" ".join(strength.advice))
        params = slot.kdf or kdf.calibrate()
    except BaseException:
        unlocked.wipe()
        raise
    officer_id = slot.officer_id

    def renew(found: vault_header.Header) -> vault_header.Header:
        return slots.reset_password(found, unlocked.dek, officer_id, new_password, params)

    unlocked = slots.Unlocked(unlocked.dek, unlocked.slot_id, officer_id)
    desk = open_desk(path, header, unlocked, now, renew)
    with desk.context.store.work() as work:
        # The envelope of the code is open now, or the code is lost: a new one is due.
        recovery_trial.note_used(work.cursor, desk.context.moment)
    return desk


def _first_tables(
    folder: Path,
    header: vault_header.Header,
    dek: bytearray,
    new: NewVault,
    officer_id: str,
    now: Callable[[], datetime] | None,
) -> None:
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.values import moment
    from traffick_desk.services import recovery_trial
    from traffick_desk.services.base import clock
    from traffick_desk.store.store import Store
    from traffick_desk.sync import enrolment

    store = Store(folder / DATABASE, key_source(dek), REGISTRY, header.device_id)
    store.open(create=True)
    try:
        with store.work() as work:
            at = moment((now or clock)())
            role = new.role or ("lead" if new.profile == "province" else "officer")
            cursor = work.cursor
            cursor.execute("INSERT INTO meta VALUES ('device', ?)", (header.device_id,))
            recovery_trial.note_new(cursor, at)
            cursor.execute(
                "INSERT INTO officer VALUES (?, ?, ?, ?, ?)",
                (officer_id, new.login, new.officer_name, new.title, role),
            )
            if new.backup_folder is not None:
                cursor.execute(
                    "INSERT INTO meta VALUES ('office:backup_folder', ?)", (str(new.backup_folder),)
                )
            enrolment.register_own_device(
                cursor, header.device_id, new.profile, new.unit, header.desk_label, at
            )
    finally:
        store.close()
