"""A locked desk that asks the province for its key: what is kept until the answer comes.

The answer is sealed to a key pair made for this one request. Its secret half waits in the vault's
folder, perhaps for days, wrapped under the *new* password that the officer chooses when she asks:
who takes the PC and the answer together still has to guess that password.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from traffick_desk.vault.age import HybridIdentity
from traffick_desk.vault.errors import HeaderDamaged, KdfOutOfRange
from traffick_desk.vault.kdf import SALT_SIZE, KdfParams, derive
from traffick_desk.vault.passwords import normalise
from traffick_desk.vault.primitives import KEY_SIZE, TAG_SIZE, open_once, seal_once, wipe
from traffick_desk.vault.strict_json import Fields, Json, canonical, parse

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "vault.help"
_KIND = "traffick-desk pending help"
_MAX = 16 * 1024


@dataclass(frozen=True, slots=True)
class Pending:
    """One request that waits for its answer.

    Attributes:
        slot_id: the province's slot of the vault.
        login: who asked; she gets the new password.
        recipient: to which the province seals its answer.
    """

    vault_id: str
    slot_id: str
    login: str
    made_at: str
    recipient: str
    kdf: KdfParams
    salt: bytes
    wrapped: bytes = b""


def _object(pending: Pending) -> Json:
    import base64

    return {
        "kind": _KIND,
        "vault_id": pending.vault_id,
        "slot_id": pending.slot_id,
        "login": pending.login,
        "made_at": pending.made_at,
        "recipient": pending.recipient,
        "memory_kib": pending.kdf.memory_kib,
        "iterations": pending.kdf.iterations,
        "lanes": pending.kdf.lanes,
        "salt": base64.b64encode(pending.salt).decode(),
    }


def begin(
    vault_id: str, slot_id: str, login: str, made_at: str, password: str, kdf: KdfParams
) -> Pending:
    """A new key pair under the new *password*; takes the time of one key derivation."""
    identity = HybridIdentity.generate()
    pending = Pending(
        vault_id,
        slot_id,
        unicodedata.normalize("NFC", login),
        made_at,
        str(identity.to_recipient()),
        kdf,
        os.urandom(SALT_SIZE),
    )
    kek = _kek(pending, password)
    try:
        wrapped = seal_once(kek, identity.seed, canonical(_object(pending)))
    finally:
        wipe(kek)
    return replace(pending, wrapped=wrapped)


def _kek(pending: Pending, password: str) -> bytearray:
    secret = bytearray(normalise(password).encode())
    try:
        return derive(pending.kdf, pending.salt, secret)
    finally:
        wipe(secret)


def identity_of(pending: Pending, password: str) -> HybridIdentity | None:
    """What opens the answer; None if *password* is not the one chosen with the request."""
    kek = _kek(pending, password)
    seed = open_once(kek, pending.wrapped, canonical(_object(pending)))
    wipe(kek)
    if seed is None:
        return None
    try:
        return HybridIdentity(seed)
    finally:
        wipe(seed)


def encode(pending: Pending) -> bytes:
    """The bytes of the file."""
    return canonical(_object(pending) | {"wrapped": pending.wrapped.hex()})


def read(folder: Path) -> Pending | None:
    """The request that waits in a vault's *folder*; one that is damaged counts as none."""
    try:
        with (folder / FILE_NAME).open("rb") as stream:
            given = Fields(parse(stream.read(_MAX)))
        given.one_of("kind", _KIND)
        found = Pending(
            given.text("vault_id"),
            given.text("slot_id"),
            given.text("login"),
            given.text("made_at"),
            given.text("recipient", longest=4000),
            KdfParams(
                given.number("memory_kib"), given.number("iterations"), given.number("lanes")
            ),
            given.data("salt", SALT_SIZE),
            given.hex("wrapped", KEY_SIZE + TAG_SIZE),
        )
        given.end()
    except (OSError, HeaderDamaged, KdfOutOfRange):
        return None
    return found
