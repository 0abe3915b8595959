"""Bundles that no honest desk makes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace

from sync.desks import AT, Desk
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.changes import Change, Stamp
from traffick_desk.sync.bundle import plain_bytes, seal
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.manifest import NO_DIGEST, START, Manifest
from traffick_desk.sync.parts import pack

assert "case" in REGISTRY


def change(device: str, seq: int, case: str, **options: object) -> Change:
    values = {
        "officer": "o",
        "type": "case",
        "id": case,
        "case": case,
        "fields": {"file_no": "X"},
        "replaces": {},
    } | options
    return Change(device=device, seq=seq, stamp=Stamp(1, seq), **values)


def manifest(sender: str, receiver: str, **options: object) -> Manifest:
    values = {
        "number": 1,
        "after": 0,
        "previous": NO_DIGEST,
        "made_at": AT,
        "program": "0",
        "schema": "",
        "heads": START,
        "seen": START,
        "receipts": (),
        "parts": (),
    } | options
    return Manifest(sender=sender, receiver=receiver, **values)


def craft(
    keys: DeviceKeys,
    receiver: Desk,
    bodies: Iterable[bytes] = (),
    certificates: Iterable[bytes] = (),
    *,
    twist: Callable[[Manifest], Manifest] = lambda m: m,
    **options: object,
) -> bytes:
    """A well-sealed and well-signed bundle with whatever inside."""
    (one, packed_one), (two, packed_two) = (
        pack("certificates", certificates),
        pack("changes", bodies),
    )
    values = {"parts": (one, two)} | options
    made = twist(manifest(keys.device, receiver.device, **values))
    return seal(plain_bytes(made, (packed_one, packed_two), keys), receiver.keys.recipient)


def as_device(keys: DeviceKeys, device: str) -> DeviceKeys:
    return replace(keys, device=device)


def digest(made: Manifest) -> bytes:
    return hashlib.sha256(made.encode()).digest()
