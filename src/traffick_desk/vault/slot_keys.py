"""How one slot holds the vault's data key: what is wrapped, sealed, and bound to what.

Password or code → Argon2id → wraps a seed and the vault's anchor; the seed is a
hybrid key pair; to its public half the data key is sealed. The second step is
there so that the data key can be renewed without anybody's password.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace

from traffick_desk.vault.age import HybridIdentity, HybridRecipient, Identity, decrypt, encrypt
from traffick_desk.vault.errors import AgeError, HeaderTampered, RecoveryRefused
from traffick_desk.vault.header import FORMAT, PROVINCE, Header, Slot, kdf_object, verify_header
from traffick_desk.vault.kdf import FLOOR, SALT_SIZE, derive
from traffick_desk.vault.primitives import KEY_SIZE, open_once, same, seal_once, subkey, wipe
from traffick_desk.vault.strict_json import Json, canonical

_SLOT_INFO = b"traffick-desk/v1/slot\x00"
_SEALED_KIND = "traffick-desk vault key"


@dataclass(frozen=True, slots=True)
class SealedKey:
    """What a province slot holds: the data key, and of which vault, slot and epoch it is."""

    vault_id: str
    slot_id: str
    epoch: int
    dek: bytearray = field(repr=False)


def seal_key(key: SealedKey, recipient: HybridRecipient) -> bytes:
    """*key* as an age file to *recipient*: in a slot, or as the province's answer to a desk."""
    text: Json = {
        "kind": _SEALED_KIND,
        "vault_id": key.vault_id,
        "slot_id": key.slot_id,
        "epoch": key.epoch,
        "dek": key.dek.hex(),
    }
    return encrypt(canonical(text), [recipient])


def open_key(sealed: bytes, identities: list[Identity]) -> SealedKey:
    """Open what :func:`seal_key` sealed; the province does it with its recovery identity.

    Raises:
        RecoveryRefused: for another key, damaged, or not a sealed vault key.
    """
    try:
        value = json.loads(decrypt(sealed, identities, limit=4096))
        if value.pop("kind") != _SEALED_KIND:
            raise RecoveryRefused("kind")
        dek = bytearray.fromhex(value.pop("dek"))
        key = SealedKey(value["vault_id"], value["slot_id"], value["epoch"], dek)
    except (AgeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecoveryRefused("sealed key") from error
    if len(key.dek) != KEY_SIZE:
        raise RecoveryRefused("key size")
    return key


def _anchor_bound(header: Header) -> bytes:
    return canonical({"anchor": header.vault_id, "epoch": header.epoch})


def seal_anchor(header: Header, dek: bytearray, anchor: bytes | bytearray) -> bytes:
    """The vault's *anchor* sealed under *dek*, for the epoch of *header*."""
    key = subkey(dek, "anchor")
    try:
        return seal_once(key, anchor, _anchor_bound(header))
    finally:
        wipe(key)


def open_anchor(header: Header, dek: bytearray) -> bytearray:
    """The vault's anchor; :class:`HeaderTampered` if *dek* is not the key it was sealed with."""
    key = subkey(dek, "anchor")
    anchor = open_once(key, header.anchor, _anchor_bound(header))
    wipe(key)
    if anchor is None:
        raise HeaderTampered("anchor")
    return anchor


def _wrap_bound(header: Header, slot: Slot) -> bytes:
    return canonical(
        {
            "format": FORMAT,
            "vault_id": header.vault_id,
            "slot_id": slot.id,
            "kind": slot.kind,
            "officer_id": slot.officer_id,
            "login": slot.login,
            "kdf": kdf_object(slot),
        }
    )


def _seal_info(header: Header, slot: Slot) -> bytes:
    bound = {"vault_id": header.vault_id, "slot_id": slot.id, "epoch": header.epoch}
    return _SLOT_INFO + canonical(bound)


def seal_dek(header: Header, slot: Slot, dek: bytearray) -> Slot:
    """*slot* with *dek* sealed to its recipient, for the epoch of *header*."""
    recipient = HybridRecipient(slot.recipient)
    if slot.kind != PROVINCE:
        return replace(slot, sealed=recipient.seal(dek, _seal_info(header, slot)))
    key = SealedKey(header.vault_id, slot.id, header.epoch, bytearray(dek))
    try:
        return replace(slot, sealed=seal_key(key, recipient))
    finally:
        wipe(key.dek)


def _wrap(header: Header, dek: bytearray, slot: Slot, secret: bytearray) -> Slot:
    """*slot* (kind, ids, derivation given) with a new key pair under *secret*."""
    slot = replace(slot, salt=os.urandom(SALT_SIZE))
    seed = bytearray(os.urandom(KEY_SIZE))
    anchor = open_anchor(header, dek)
    payload = seed + anchor
    kek = derive(slot.kdf or FLOOR, slot.salt, secret)
    try:
        slot = replace(
            slot,
            recipient=HybridIdentity(seed).to_recipient().raw,
            wrapped=seal_once(kek, payload, _wrap_bound(header, slot)),
        )
        return seal_dek(header, slot, dek)
    finally:
        wipe(kek, seed, anchor, payload)


def with_secret(header: Header, dek: bytearray, slot: Slot, text: str) -> Slot:
    """*slot* (kind, ids, derivation given) with a new key pair under password or code *text*."""
    secret = bytearray(text.encode())
    try:
        return _wrap(header, dek, slot, secret)
    finally:
        wipe(secret)


def open_slot(header: Header, slot: Slot, text: str) -> bytearray | None:
    """The data key from *slot* with a password or code; None if that is wrong.

    Raises:
        HeaderTampered: the secret is right, but the header is not as it was left.
    """
    if slot.kdf is None:
        return None
    secret = bytearray(text.encode())
    kek = derive(slot.kdf, slot.salt, secret)
    payload = open_once(kek, slot.wrapped, _wrap_bound(header, slot))
    wipe(kek, secret)
    if payload is None:
        return None
    try:
        identity = HybridIdentity(payload[:KEY_SIZE])
        opened = identity.open(slot.sealed, _seal_info(header, slot))
        if (
            opened is None
            or len(opened) != KEY_SIZE
            or identity.to_recipient().raw != slot.recipient
        ):
            raise HeaderTampered("sealed key")
        dek = bytearray(opened)
        verify_header(header, dek)
        anchor = open_anchor(header, dek)
        if not same(anchor, payload[KEY_SIZE:]):
            # Whoever made this header had the officer's public key but never had the vault open.
            raise HeaderTampered("anchor of another vault")
        return dek
    finally:
        wipe(payload)
