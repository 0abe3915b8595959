"""Opening, adding, changing and removing the ways into a vault, and renewing its key.

Every function takes a header and gives a new one, sealed and checked; nothing is
written until :func:`traffick_desk.vault.header.write_header`. Who takes a header
that somebody else changed gets :class:`HeaderTampered`, never a laundered copy.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from traffick_desk.vault import recovery
from traffick_desk.vault.errors import (
    LastOfficer,
    LoginTaken,
    NoSuchSlot,
    RecoveryRefused,
    UnlockRefused,
)
from traffick_desk.vault.header import (
    OFFICER,
    PROVINCE,
    RECOVERY,
    Header,
    Slot,
    seal_header,
    verify_header,
)
from traffick_desk.vault.kdf import FLOOR, SALT_SIZE, KdfParams, derive
from traffick_desk.vault.passwords import normalise
from traffick_desk.vault.primitives import KEY_SIZE, wipe
from traffick_desk.vault.slot_keys import (
    SealedKey,
    open_anchor,
    open_key,
    open_slot,
    seal_anchor,
    seal_dek,
    seal_key,
    with_secret,
)

if TYPE_CHECKING:
    from traffick_desk.vault.age import HybridRecipient, Identity
    from traffick_desk.vault.strict_json import Json

__all__ = [
    "SealedKey",
    "Unlocked",
    "add_officer_slot",
    "add_province_slot",
    "add_recovery_slot",
    "change_password",
    "create_header",
    "normal_login",
    "open_key",
    "remove_slot",
    "reset_password",
    "rotate_key",
    "seal_key",
    "unlock_with_password",
    "unlock_with_recovery",
    "unlock_with_sealed",
    "with_desk",
    "with_heads",
]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An open vault: its data key and by whom (``officer_id`` is empty for recovery)."""

    dek: bytearray = field(repr=False)
    slot_id: str
    officer_id: str = ""

    def wipe(self) -> None:
        """Overwrite the data key."""
        wipe(self.dek)


def normal_login(login: str) -> str:
    """One spelling of a login: NFC, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", login).casefold().split())


# --- making --------------------------------------------------------------------------------


def create_header(
    *,
    profile: str,
    unit: str,
    desk_label: str,
    device_id: str,
    schema_min: int,
) -> tuple[Header, bytearray]:
    """A new vault without slots, and its random data key of 32 bytes; add an officer next.

    Args:
        profile: ``commune`` or ``province``.
        unit: official code of the administrative unit.
        desk_label: how people call this desk.
        device_id: the id under which this desk's changes go into the journal.
        schema_min: the oldest program schema that may open the vault.
    """
    dek = bytearray(os.urandom(KEY_SIZE))
    header = Header(
        vault_id=os.urandom(16).hex(),
        profile=profile,
        unit=unit,
        desk_label=unicodedata.normalize("NFC", desk_label),
        device_id=device_id,
        schema_min=schema_min,
        anchor=b"",
    )
    header = replace(header, anchor=seal_anchor(header, dek, os.urandom(KEY_SIZE)))
    return seal_header(header, dek), dek


def _new_id(header: Header) -> str:
    while header.slot(slot_id := os.urandom(8).hex()):
        pass
    return slot_id


def _with_slots(header: Header, dek: bytearray, slots: tuple[Slot, ...]) -> Header:
    return seal_header(replace(header, slots=slots), dek)


def add_officer_slot(
    header: Header,
    dek: bytearray,
    officer_id: str,
    login: str,
    password: str,
    params: KdfParams = FLOOR,
) -> Header:
    """Let an officer in by *login* and *password* (its strength is the caller's to check).

    Raises:
        LoginTaken: the login or the officer has a slot.
        HeaderFull: no room left.
    """
    verify_header(header, dek)
    name = normal_login(login)
    if not name or not password:
        raise ValueError("a login and a password are needed")
    if any(
        s.kind == OFFICER and (s.login == name or s.officer_id == officer_id) for s in header.slots
    ):
        raise LoginTaken("login or officer")
    empty = Slot(OFFICER, _new_id(header), b"", b"", officer_id, name, params)
    slot = with_secret(header, dek, empty, normalise(password))
    return _with_slots(header, dek, (*header.slots, slot))


def add_recovery_slot(
    header: Header, dek: bytearray, params: KdfParams = FLOOR
) -> tuple[Header, str]:
    """A printed recovery code as one more way in: the header, and the code, shown only now."""
    verify_header(header, dek)
    code = recovery.generate()
    empty = Slot(RECOVERY, _new_id(header), b"", b"", kdf=params)
    slot = with_secret(header, dek, empty, recovery.parse(code))
    return _with_slots(header, dek, (*header.slots, slot)), code


def add_province_slot(header: Header, dek: bytearray, recipient: HybridRecipient) -> Header:
    """Seal the data key to the province's recovery key, as an age file that stock tools open."""
    verify_header(header, dek)
    empty = Slot(PROVINCE, _new_id(header), recipient.raw, b"")
    return _with_slots(header, dek, (*header.slots, seal_dek(header, empty, dek)))


# --- opening -------------------------------------------------------------------------------


def unlock_with_password(header: Header, login: str, password: str) -> Unlocked:
    """Open the vault as an officer. Takes the time of one key derivation, whoever asks.

    Raises:
        UnlockRefused: unknown login or wrong password; which of them cannot be told.
        HeaderTampered: password right, header changed outside the program.
    """
    name = normal_login(login)
    officers = header.of_kind(OFFICER)
    slot = next((s for s in officers if s.login == name), None)
    if slot is None:
        # The same work as for a known login, thrown away.
        heaviest = max((s.kdf for s in officers if s.kdf), key=lambda k: k.cost, default=FLOOR)
        wipe(derive(heaviest, os.urandom(SALT_SIZE), bytearray(normalise(password).encode())))
        raise UnlockRefused("login or password")
    dek = open_slot(header, slot, normalise(password))
    if dek is None:
        raise UnlockRefused("login or password")
    return Unlocked(dek, slot.id, slot.officer_id)


def unlock_with_recovery(header: Header, code: str) -> Unlocked:
    """Open the vault with the printed code, typed loosely.

    Raises:
        RecoveryCodeMistyped, RecoveryCodeWrongLength: found without trying any key.
        RecoveryRefused: well typed, but not of this vault or no longer valid.
        HeaderTampered: code right, header changed outside the program.
    """
    text = recovery.parse(code)
    for slot in header.of_kind(RECOVERY):
        dek = open_slot(header, slot, text)
        if dek is not None:
            return Unlocked(dek, slot.id)
    raise RecoveryRefused("no recovery slot fits")


# --- by way of the province ----------------------------------------------------------------


def unlock_with_sealed(header: Header, sealed: bytes, identities: list[Identity]) -> Unlocked:
    """Open the vault with the province's answer, sealed to this desk's request.

    Raises:
        RecoveryRefused: not for this desk, vault, or the key now in force.
        HeaderTampered: the answer is right, but the header was changed outside the program.
    """
    key = open_key(sealed, identities)
    slot = header.slot(key.slot_id)
    if slot is None or slot.kind != PROVINCE or key.vault_id != header.vault_id:
        raise RecoveryRefused("another vault")
    if key.epoch != header.epoch:
        raise RecoveryRefused("another epoch")
    verify_header(header, key.dek)
    return Unlocked(key.dek, slot.id)


# --- changing ------------------------------------------------------------------------------


def change_password(
    header: Header, login: str, old: str, new: str, params: KdfParams = FLOOR
) -> tuple[Header, Unlocked]:
    """Replace an officer's own password; the header and the opened vault.

    Raises:
        UnlockRefused: *old* is wrong.
    """
    unlocked = unlock_with_password(header, login, old)
    return reset_password(header, unlocked.dek, unlocked.officer_id, new, params), unlocked


def reset_password(
    header: Header, dek: bytearray, officer_id: str, new: str, params: KdfParams = FLOOR
) -> Header:
    """Give an officer a new password in an open vault (after recovery, for example).

    Raises:
        NoSuchSlot: the officer has none.
    """
    verify_header(header, dek)
    slot = header.officer(officer_id)
    if slot is None:
        raise NoSuchSlot("officer")
    if not new:
        raise ValueError("a password is needed")
    fresh = with_secret(header, dek, replace(slot, kdf=params), normalise(new))
    return _with_slots(header, dek, tuple(fresh if s.id == slot.id else s for s in header.slots))


def _without(header: Header, slot_ids: frozenset[str]) -> tuple[Slot, ...]:
    if any(header.slot(slot_id) is None for slot_id in slot_ids):
        raise NoSuchSlot("slot")
    left = tuple(s for s in header.slots if s.id not in slot_ids)
    if header.of_kind(OFFICER) and not any(s.kind == OFFICER for s in left):
        raise LastOfficer("last officer")
    return left


def remove_slot(header: Header, dek: bytearray, slot_id: str) -> Header:
    """Take a way in away, without renewing the data key.

    Enough for a lost recovery sheet that nobody used. Someone who had the vault *open* may have
    kept its key: for a dismissed officer use :func:`rotate_key`.

    Raises:
        NoSuchSlot, LastOfficer: as their names say.
    """
    verify_header(header, dek)
    return _with_slots(header, dek, _without(header, frozenset({slot_id})))


def rotate_key(
    header: Header, dek: bytearray, *, remove: frozenset[str] = frozenset()
) -> tuple[Header, bytearray]:
    """A new data key, sealed to every slot but those in *remove*: no password is needed for it.

    The caller re-encrypts a copy of the database under the new key, verifies it, and only then
    swaps both files; until then the old header and key stay in force. Old backups stay
    readable with the old key.

    Raises:
        NoSuchSlot, LastOfficer: as their names say.
    """
    verify_header(header, dek)
    slots = _without(header, remove)
    anchor = open_anchor(header, dek)
    fresh = bytearray(os.urandom(KEY_SIZE))
    try:
        header = replace(header, epoch=header.epoch + 1)
        header = replace(header, anchor=seal_anchor(header, fresh, anchor))
    finally:
        wipe(anchor)
    sealed = tuple(seal_dek(header, slot, fresh) for slot in slots)
    return _with_slots(header, fresh, sealed), fresh


def with_heads(
    header: Header, dek: bytearray, *, journal_head: Json | None, audit_head: Json | None
) -> Header:
    """The header with the chain heads that the store keeps outside the database."""
    verify_header(header, dek)
    return seal_header(replace(header, journal_head=journal_head, audit_head=audit_head), dek)


def with_desk(
    header: Header,
    dek: bytearray,
    *,
    unit: str | None = None,
    desk_label: str | None = None,
    device_id: str | None = None,
    schema_min: int | None = None,
) -> Header:
    """The header with other facts of the desk (a restored vault is a new device, for example)."""
    verify_header(header, dek)
    return seal_header(
        replace(
            header,
            unit=header.unit if unit is None else unit,
            desk_label=header.desk_label if desk_label is None else desk_label,
            device_id=header.device_id if device_id is None else device_id,
            schema_min=header.schema_min if schema_min is None else schema_min,
        ),
        dek,
    )
