"""The vault header ``vault.json``: who can open the vault, authenticated by the vault's own key.

One canonical form (sorted keys, no spaces, no floats, at most 64 KiB): a file that
differs from it by one byte is refused before any key is tried. Importing this
module loads no cryptography, so that the unlock window can be drawn first.

A genuine older file put back in place is not noticed here: its MAC is right. It is
noticed when the vault is opened (``services.ways``), and by comparing the chain heads
with the database and with what the province has seen.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from traffick_desk.vault.errors import (
    HeaderDamaged,
    HeaderFull,
    HeaderMissing,
    HeaderNewer,
    HeaderNotWritten,
    HeaderTampered,
    HeaderUnreadable,
    KdfOutOfRange,
)
from traffick_desk.vault.kdf import SALT_SIZE, KdfParams
from traffick_desk.vault.primitives import Buffer, mac, same, subkey, wipe
from traffick_desk.vault.strict_json import Fields, Json, canonical, parse, refuse

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
KIND = "traffick-desk vault"
CIPHER = "sqlcipher-4"
MAX_SIZE = 64 * 1024
FILE_NAME = "vault.json"
PROFILES = ("commune", "province")
OFFICER, RECOVERY, PROVINCE = "officer", "recovery", "province"
RECIPIENT_SIZE = 1216
WRAPPED_SIZE = 80  # seed 32, anchor 32, tag 16
ANCHOR_SIZE = 48  # anchor 32, tag 16

_ID = re.compile(r"[0-9a-f]{16}")
_VAULT_ID = re.compile(r"[0-9a-f]{32}")
_UNIT = re.compile(r"[0-9]{4}/[0-9]{2,5}")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to open the vault.

    ``recipient`` is a hybrid public key to which the data key is ``sealed``; the seed of its
    secret half is ``wrapped`` under a key derived from a password or recovery code, or is held
    by the province. So the data key can be renewed for all slots by whoever has the vault
    open, without knowing the others' passwords.
    """

    kind: str
    id: str
    recipient: bytes
    sealed: bytes
    officer_id: str = ""
    login: str = ""
    kdf: KdfParams | None = None
    salt: bytes = b""
    wrapped: bytes = b""


@dataclass(frozen=True, slots=True)
class Header:
    """What ``vault.json`` says. ``mac`` covers all the rest under a sub-key of the data key.

    ``epoch`` counts data keys, ``generation`` counts changes; ``anchor`` is a secret common to
    all slots of this vault, sealed under the data key: it proves to who unlocks that the data
    key was put there by someone who could open the vault, not by someone who replaced the file.
    """

    vault_id: str
    profile: str
    unit: str
    desk_label: str
    device_id: str
    schema_min: int
    anchor: bytes
    slots: tuple[Slot, ...] = ()
    journal_head: Json | None = None
    audit_head: Json | None = None
    epoch: int = 1
    generation: int = 0
    mac: bytes = b""

    def slot(self, slot_id: str) -> Slot | None:
        """The slot with this id."""
        return next((s for s in self.slots if s.id == slot_id), None)

    def officer(self, officer_id: str) -> Slot | None:
        """The slot of this officer."""
        return next(
            (s for s in self.slots if s.kind == OFFICER and s.officer_id == officer_id), None
        )

    def of_kind(self, kind: str) -> tuple[Slot, ...]:
        """All slots of one kind."""
        return tuple(s for s in self.slots if s.kind == kind)


# --- writing -------------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _slot_object(slot: Slot) -> Json:
    out: Json = {
        "kind": slot.kind,
        "id": slot.id,
        "recipient": _b64(slot.recipient),
        "sealed": _b64(slot.sealed),
    }
    if slot.kind == OFFICER:
        out |= {"officer_id": slot.officer_id, "login": slot.login}
    if slot.kdf is not None:
        out |= {"kdf": kdf_object(slot), "wrapped": _b64(slot.wrapped)}
    return out


def kdf_object(slot: Slot) -> Json:
    """The key derivation of *slot* as it stands in the file and in what the wrap is bound to."""
    if slot.kdf is None:
        raise ValueError("a slot without key derivation")
    return {
        "name": "argon2id",
        "memory_kib": slot.kdf.memory_kib,
        "iterations": slot.kdf.iterations,
        "lanes": slot.kdf.lanes,
        "salt": _b64(slot.salt),
    }


def slot_print(slot: Slot) -> str:
    """A digest of one way in; it is another as soon as password, code or key are."""
    return hashlib.sha256(canonical(_slot_object(slot))).hexdigest()


def _object(header: Header) -> Json:
    return {
        "kind": KIND,
        "format": FORMAT,
        "cipher": CIPHER,
        "vault_id": header.vault_id,
        "profile": header.profile,
        "unit": header.unit,
        "desk_label": header.desk_label,
        "device_id": header.device_id,
        "schema_min": header.schema_min,
        "epoch": header.epoch,
        "generation": header.generation,
        "anchor": _b64(header.anchor),
        "journal_head": header.journal_head,
        "audit_head": header.audit_head,
        "slots": [_slot_object(slot) for slot in header.slots],
    }


def encode(header: Header) -> bytes:
    """The bytes of the file, MAC included.

    Raises:
        HeaderFull: more than 64 KiB.
    """
    data = canonical(_object(header) | {"mac": header.mac.hex()})
    if len(data) > MAX_SIZE:
        raise HeaderFull(f"{len(data)} bytes")
    return data


# --- the MAC -------------------------------------------------------------------------------


def _mac(header: Header, dek: Buffer) -> bytes:
    key = subkey(dek, "header")
    try:
        return mac(key, canonical(_object(header)))
    finally:
        wipe(key)


def verify_header(header: Header, dek: Buffer) -> None:
    """Raise :class:`HeaderTampered` unless *header* was sealed with *dek* as it stands."""
    if not same(header.mac, _mac(header, dek)):
        raise HeaderTampered("MAC")


def seal_header(header: Header, dek: Buffer) -> Header:
    """*header* as the next generation, with its MAC; it is checked as if it were read.

    Raises:
        HeaderFull: no room left.
        HeaderDamaged: a field that the file cannot hold, e.g. a float in a chain head.
    """
    header = replace(header, generation=header.generation + 1)
    header = replace(header, mac=_mac(header, dek))
    if decode(encode(header)) != header:
        raise HeaderDamaged("not representable")
    return header


# --- strict reading ------------------------------------------------------------------------


def _read_slot(value: object) -> Slot:
    given = Fields(value)
    kind = given.one_of("kind", OFFICER, RECOVERY, PROVINCE)
    slot = Slot(
        kind=kind,
        id=given.text("id", _ID),
        recipient=given.data("recipient", RECIPIENT_SIZE),
        sealed=given.data("sealed"),
    )
    if kind == OFFICER:
        slot = replace(slot, officer_id=given.text("officer_id", _NAME), login=given.text("login"))
    if kind != PROVINCE:
        kdf = given.nested("kdf")
        kdf.one_of("name", "argon2id")
        try:
            params = KdfParams(
                kdf.number("memory_kib"), kdf.number("iterations"), kdf.number("lanes")
            )
        except KdfOutOfRange as error:
            raise HeaderDamaged("key derivation out of range") from error
        salt = kdf.data("salt", SALT_SIZE)
        kdf.end()
        slot = replace(slot, kdf=params, salt=salt, wrapped=given.data("wrapped", WRAPPED_SIZE))
    given.end()
    return slot


def decode(data: bytes) -> Header:
    """Read the bytes of a vault file. Whether they are authentic shows only after unlocking.

    Raises:
        HeaderNewer: written by a later format of this program.
        HeaderDamaged: anything that :func:`encode` could not have written.
    """
    if len(data) > MAX_SIZE:
        refuse("too large")
    given = Fields(parse(data))
    given.one_of("kind", KIND)
    version = given.number("format", low=1)
    if version > FORMAT:
        raise HeaderNewer(f"format {version}")
    given.one_of("cipher", CIPHER)
    header = Header(
        vault_id=given.text("vault_id", _VAULT_ID),
        profile=given.one_of("profile", *PROFILES),
        unit=given.text("unit", _UNIT),
        desk_label=given.text("desk_label"),
        device_id=given.text("device_id", _NAME),
        schema_min=given.number("schema_min"),
        anchor=given.data("anchor", ANCHOR_SIZE),
        slots=tuple(_read_slot(slot) for slot in given.list("slots")),
        journal_head=given.free("journal_head"),
        audit_head=given.free("audit_head"),
        epoch=given.number("epoch", low=1),
        generation=given.number("generation", low=1),
        mac=given.hex("mac", 32),
    )
    given.end()
    for name in ("id", "login", "officer_id"):
        seen = [getattr(s, name) for s in header.slots if name == "id" or s.kind == OFFICER]
        if len(set(seen)) != len(seen):
            refuse(f"two slots with one {name}")
    return header


def check_schema(header: Header, schema: int) -> None:
    """Raise :class:`HeaderNewer` if the vault needs a later program than one of *schema*."""
    if schema < header.schema_min:
        raise HeaderNewer(f"schema {header.schema_min}")


# --- the file ------------------------------------------------------------------------------


def previous_path(path: Path) -> Path:
    """Where the header before the present one is kept."""
    return path.with_name(path.name + ".old")


def read_header(path: Path) -> Header:
    """Read the vault file at *path*.

    Raises:
        HeaderMissing, HeaderUnreadable, HeaderDamaged, HeaderNewer: as their names say.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_SIZE + 1)
    except FileNotFoundError as error:
        raise HeaderMissing(path.name) from error
    except OSError as error:
        raise HeaderUnreadable(type(error).__name__) from error
    return decode(data)


def write_header(path: Path, header: Header, dek: Buffer) -> None:
    """Replace the vault file: after a power cut there is the old one or the new one, whole.

    The previous file stays as ``vault.json.old``, unless it had a slot that the new one has not:
    a changed password or a removed officer must not open the vault through the old copy.

    Raises:
        HeaderTampered: *header* was not sealed with *dek*.
        HeaderNewer: a newer program has written the file meanwhile; it stays.
        HeaderNotWritten: the disk refused; the present file is untouched.
    """
    verify_header(header, dek)
    if not header.slots:
        raise ValueError("a header that nobody could open")
    data = encode(header)
    try:
        before = _previous(path)
        if before is not None and set(before.slots) <= set(header.slots):
            _put(previous_path(path), encode(before))
            _put(path, data)
        else:
            _put(path, data)
            if previous_path(path).exists():
                _put(previous_path(path), data)
    except OSError as error:
        raise HeaderNotWritten(type(error).__name__) from error


def _previous(path: Path) -> Header | None:
    with contextlib.suppress(HeaderMissing, HeaderDamaged):
        return read_header(path)
    return None


def _read_back(path: Path, data: bytes) -> None:
    if path.read_bytes() != data:
        raise OSError("read back differs")


def _put(path: Path, data: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _read_back(temporary, data)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened; the replace is durable itself
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
