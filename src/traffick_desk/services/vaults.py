"""Making, opening and closing a vault: one folder with a header and an encrypted file.

Importing this module is cheap, so that the unlock window appears at once; the
database library is loaded when someone unlocks.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk.domain.practice import is_practice
from traffick_desk.i18n import N_, _
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import selftest
from traffick_desk.vault.primitives import raw_key_pragma, subkey, wipe

if TYPE_CHECKING:
    from filelock import FileLock

    from traffick_desk.services.base import Desk, Heads
    from traffick_desk.store.audit import Head
    from traffick_desk.vault.kdf import KdfParams
    from traffick_desk.vault.slots import Unlocked

DATABASE = "vault.db"
# The same under a new key, until it takes the place of the other.
REENCRYPTED = f"{DATABASE}.new"
LOCK = "vault.lock"
# A restored vault that is whole and waits to take the place of the one that is there.
RESTORED = "restored"
# The oldest program that may open a vault of this program; raised only when old ones would do harm.
SCHEMA = 1
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


def keep_apart(path: Path, unit: str) -> None:
    """Refuse a vault of *unit* in folder *path* where practice and real data would mix.

    Raises:
        PracticeApart: in words.
    """
    if is_practice(unit) != (_PRACTICE_FOLDER.fullmatch(path.absolute().parent.name) is not None):
        raise PracticeApart


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
    return Created(_open(path, header, unlocked, now), code)


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
    return _open(path, header, slots.unlock_with_password(header, login, password), now)


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
    desk = _open(path, header, unlocked, now, renew)
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


def key_source(dek: bytearray) -> Callable[[], bytearray]:
    """Gives the raw key of the database, a fresh copy each time; see ``store.engine``."""

    def raw() -> bytearray:
        key = subkey(dek, "database")
        try:
            return raw_key_pragma(key)
        finally:
            wipe(key)

    return raw


def finish_key_change(path: Path, dek: bytearray) -> None:
    """Bring the data file to the key of the header, if that was interrupted.

    A new key is in force from the moment its header is written; a copy under the new key is on
    the disk before. A copy that the key does not open is from a change that never came so far.
    """
    from traffick_desk.store import store

    fresh = path / REENCRYPTED
    if fresh.exists():
        if store.opens(fresh, key_source(dek)):
            store.take_place(fresh, path / DATABASE)
        else:
            store.drop(fresh)


def hold(path: Path) -> FileLock:
    """The lock of a vault, taken.

    Raises:
        StoreInUse: another process has the vault open.
    """
    return _lock(path)


def _lock(path: Path) -> FileLock:
    from filelock import FileLock, Timeout

    from traffick_desk.store.errors import StoreInUse

    lock = FileLock(path / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreInUse from error
    return lock


def _open(
    path: Path,
    header: vault_header.Header,
    unlocked: Unlocked,
    now: Callable[[], datetime] | None,
    change: Callable[[vault_header.Header], vault_header.Header] | None = None,
) -> Desk:
    """The desk of an unlocked header; *change* is made to the header once it is known to hold."""
    from traffick_desk import law
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.units import Units
    from traffick_desk.services import assess, ways
    from traffick_desk.services.base import Context, Desk, DeskInfo, clock
    from traffick_desk.services.rules import Rules, take_into_use
    from traffick_desk.store.store import Store

    dek = unlocked.dek
    lock = None
    store = None
    try:
        lock = _lock(path)
        finish_key_change(path, dek)
        rules = Rules(law.load_pack())
        store = Store(
            path / DATABASE,
            key_source(dek),
            REGISTRY,
            header.device_id,
            assess.deadline_rows(rules, REGISTRY),
        )
        store.open(before_migration=lambda: _keep_before_migration(path, store))
        with store.read() as cursor:
            newest = ways.check(cursor, header, unlocked.slot_id)
            cursor.execute(
                "SELECT name, role FROM officer WHERE officer_id = ?", (unlocked.officer_id,)
            )
            name, role = cursor.fetchone() or ("", "")
        older = header.generation < newest
        if older:
            # By a way that is still in force; from here on it is the newest there is.
            header = vault_header.seal_header(replace(header, generation=newest), dek)
        if change is not None:
            header = change(header)
        if older or change is not None:
            vault_header.write_header(path / vault_header.FILE_NAME, header, dek)
        units = Units.load(practising=is_practice(header.unit))
        info = DeskInfo(
            vault_path=path,
            vault_id=header.vault_id,
            profile=header.profile,
            unit=header.unit,
            unit_name=units.full_name(header.unit),
            label=header.desk_label,
            device=header.device_id,
            officer_id=unlocked.officer_id,
            officer_name=name,
            role=role,
        )
    except BaseException:
        if store is not None:
            store.close()
        if lock is not None:
            lock.release()
        wipe(dek)
        raise

    def closing(heads: Heads) -> None:
        try:
            _remember(path, dek, heads)
        finally:
            wipe(dek)
            lock.release()

    desk = Desk(Context(info, store, units, rules, now or clock), on_close=closing)
    take_into_use(desk.context)
    _log_unlock(desk, header, older=older)
    return desk


def _log_unlock(desk: Desk, header: vault_header.Header, *, older: bool) -> None:
    from traffick_desk.services import duress, tries, ways

    info, at = desk.info, desk.context.moment
    fresh = duress.ensure(info.vault_path, duress.params_of(header))
    with desk.context.store.work() as work:
        ways.note(work.cursor, header)
        if fresh:
            duress.forget(work.cursor)
        if older:
            work.log(at, info.officer_id, "vault.header-older", info.vault_id)
        settled = tries.settle(info.vault_path, work.cursor, info.device)
        desk.refused_before = settled.refused
        if settled.refused:
            work.log(at, "", "vault.refused", str(settled.refused))
        if not settled.whole:
            work.log(at, "", "vault.tries-changed", info.vault_id)
        desk.tries_whole = settled.whole
        work.log(at, info.officer_id, "vault.unlock", info.vault_id)


def _remember(path: Path, dek: bytearray, heads: Heads) -> None:
    """Keep where log and journal stand outside the file: an old page put back is found by it."""
    from traffick_desk.vault import slots

    file = path / vault_header.FILE_NAME
    header = vault_header.read_header(file)
    header = slots.with_heads(
        header,
        dek,
        journal_head=kept(heads.journal) or header.journal_head,
        audit_head=kept(heads.audit) or header.audit_head,
    )
    vault_header.write_header(file, header, dek)


def kept(head: Head | None) -> dict[str, object] | None:
    """A head as the header holds it."""
    return None if head is None else {"seq": head.seq, "chain": head.chain.hex()}


def _keep_before_migration(path: Path, store: object) -> None:
    from traffick_desk.store.store import Store

    if isinstance(store, Store):
        target = path / f"{DATABASE}.before"
        with contextlib.suppress(FileNotFoundError):
            target.unlink()
        store.backup(target)
