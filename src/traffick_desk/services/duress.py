"""A second password, given under force: it opens practice, and the real vault stays shut.

Whether an officer has one cannot be told from the disk: each vault has the file ``vault.aux`` of
the same size, where records that nobody set are random bytes. A record is what Argon2id makes of
login and password; who guesses it learns nothing about the real password. What practice shows and
why is in the threat model.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_
from traffick_desk.services import access
from traffick_desk.services.errors import ServiceError
from traffick_desk.vault import header as vault_header
from traffick_desk.vault.errors import KdfOutOfRange
from traffick_desk.vault.kdf import FLOOR, SALT_SIZE, KdfParams, derive
from traffick_desk.vault.primitives import mac, same, wipe

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk

FILE = "vault.aux"
SHORTEST = 8
_RECORDS, _SIZE = 16, 32
_HEAD = struct.Struct("<III16s")
_WHOLE = _HEAD.size + _RECORDS * _SIZE


class DuressRefused(ServiceError):
    """The password for an emergency cannot be this one."""

    text = N_(
        "The password for an emergency must have eight characters or more and be another than your "
        "own. Nothing was changed. Please choose another one."
    )


class NoRoomForDuress(ServiceError):
    """All records are in use."""

    text = N_(
        "No more officers of this desk can have a password for an emergency. Nothing was changed."
    )


def ensure(vault: Path, params: KdfParams) -> bool:
    """Make the file if it is not there, so that its being there tells nothing; whether it was made.

    A restored vault comes without it: what officers had set is gone then, see :func:`forget`.
    """
    if (vault / FILE).exists():
        return False
    head = _HEAD.pack(params.memory_kib, params.iterations, params.lanes, os.urandom(SALT_SIZE))
    _write(vault, head + os.urandom(_RECORDS * _SIZE))
    return True


def forget(cursor: Any) -> None:
    """No officer has one: the file is new."""
    cursor.execute("DELETE FROM meta WHERE key GLOB 'aux:*'")


def _read(vault: Path) -> bytes | None:
    with suppress(OSError):
        data = (vault / FILE).read_bytes()
        if len(data) == _WHOLE:
            return data
    return None


def _write(vault: Path, data: bytes) -> None:
    temporary = vault / f"{FILE}.tmp"
    with suppress(OSError):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(vault / FILE)


def _tag(data: bytes, login: str, password: str) -> bytes | None:
    from traffick_desk.vault.passwords import normalise
    from traffick_desk.vault.slots import normal_login

    memory, passes, lanes, salt = _HEAD.unpack(data[: _HEAD.size])
    try:
        params = KdfParams(memory, passes, lanes)
    except KdfOutOfRange:
        return None
    secret = bytearray(f"{normal_login(login)}\0{normalise(password)}".encode())
    key = derive(params, salt, secret)
    try:
        return mac(key, b"traffick-desk/v1/aux")
    finally:
        wipe(key, secret)


def matches(vault: Path, login: str, password: str) -> bool:
    """Whether this is an officer's password for an emergency; takes one key derivation."""
    data = _read(vault)
    tag = None if data is None else _tag(data, login, password)
    if data is None or tag is None:
        return False
    found = False
    for number in range(_RECORDS):
        found |= same(_record(data, number), tag)
    return found


def _record(data: bytes, number: int) -> bytes:
    at = _HEAD.size + number * _SIZE
    return data[at : at + _SIZE]


def unlock(
    vault: Path, login: str, password: str, now: Callable[[], datetime] | None = None
) -> Desk:
    """Open the vault, or practice if *password* is the one for an emergency.

    Raises:
        UnlockRefused: it is neither.
        VaultError, StoreError: in words.
    """
    from traffick_desk.services import practice, vaults
    from traffick_desk.vault.errors import UnlockRefused

    try:
        return vaults.unlock(vault, login, password, now)
    except UnlockRefused:
        if not matches(vault, login, password):
            raise
    place = practice.beside(vault)
    if not practice.is_made(place):
        practice.make(place, now)
    return practice.open_commune(place, now)


def is_set(desk: Desk) -> bool:
    """Whether the officer at this desk has one."""
    return _number(desk) is not None


def _key(desk: Desk) -> str:
    return f"aux:{desk.info.officer_id}"


def _number(desk: Desk) -> int | None:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_key(desk),))
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def set_password(desk: Desk, own: str, emergency: str) -> None:
    """Give the officer at this desk a password for an emergency; practice is made if need be.

    Raises:
        DuressRefused: too short, or her own.
        WrongPassword: *own* is not hers.
        NoRoomForDuress: sixteen officers have one.
    """
    from traffick_desk.services import practice

    if len(emergency) < SHORTEST or emergency == own:
        raise DuressRefused
    opened = access.with_password(desk, own)
    opened.unlocked.wipe()
    vault = desk.info.vault_path
    ensure(vault, opened.slot.kdf or FLOOR)
    data = _read(vault)
    tag = None if data is None else _tag(data, opened.slot.login, emergency)
    if data is None or tag is None:
        # Damaged: made anew, with what others set gone; better than none.
        (vault / FILE).unlink(missing_ok=True)
        ensure(vault, opened.slot.kdf or FLOOR)
        data = (vault / FILE).read_bytes()
        tag = _tag(data, opened.slot.login, emergency) or b""
    number = _number(desk)
    if number is None:
        number = _free(desk)
    if not practice.is_made(place := practice.beside(vault)):
        practice.make(place, desk.context.now)
    _put(desk, data, number, tag)
    with desk.context.store.work() as work:
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_key(desk), str(number)))
        work.log(desk.context.moment, desk.info.officer_id, "vault.aux", desk.info.vault_id)


def remove(desk: Desk) -> None:
    """The officer at this desk has none any more."""
    number, data = _number(desk), _read(desk.info.vault_path)
    if number is None:
        return
    if data is not None:
        _put(desk, data, number, os.urandom(_SIZE))
    with desk.context.store.work() as work:
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (_key(desk),))
        work.log(desk.context.moment, desk.info.officer_id, "vault.aux", desk.info.vault_id)


def _free(desk: Desk) -> int:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT value FROM meta WHERE key GLOB 'aux:*'")
        taken = {int(row[0]) for row in cursor.fetchall()}
    free = [number for number in range(_RECORDS) if number not in taken]
    if not free:
        raise NoRoomForDuress
    return secrets.choice(free)


def _put(desk: Desk, data: bytes, number: int, tag: bytes) -> None:
    at = _HEAD.size + number * _SIZE
    _write(desk.info.vault_path, data[:at] + tag + data[at + _SIZE :])


def params_of(header: vault_header.Header) -> KdfParams:
    """What guessing a password of this vault costs: a record must not tell itself by less."""
    found = [slot.kdf for slot in header.of_kind(vault_header.OFFICER) if slot.kdf]
    return max(found, key=lambda kdf: kdf.cost, default=FLOOR)
