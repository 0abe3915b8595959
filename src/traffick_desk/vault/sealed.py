"""Small things sealed under a sub-key of the vault: drafts, settings, one backup's key.

Not for sending: bundles are age files, so that the receiver needs no shared key.
"""

from __future__ import annotations

import os

from traffick_desk.vault.errors import SealBroken
from traffick_desk.vault.primitives import KEY_SIZE, Buffer, hkdf, open_once, seal_once, wipe

_MAGIC = b"TDS1"
_SALT_SIZE = 32


def _message_key(key: Buffer, salt: bytes) -> bytearray:
    if len(key) != KEY_SIZE:
        raise ValueError("a key has 32 bytes")
    return hkdf(key, salt=salt, info=b"traffick-desk/v1/sealed")


def seal(key: Buffer, plaintext: Buffer, *, context: bytes) -> bytes:
    """*plaintext* sealed under *key* and bound to *context* (what it is and whose).

    Each message gets its own key from a random salt of 32 bytes, so that no number of messages
    under one sub-key is too many.
    """
    salt = os.urandom(_SALT_SIZE)
    message_key = _message_key(key, salt)
    try:
        return _MAGIC + salt + seal_once(message_key, plaintext, _MAGIC + context)
    finally:
        wipe(message_key)


def unseal(key: Buffer, sealed: bytes, *, context: bytes) -> bytearray:
    """What :func:`seal` sealed under the same *key* and *context*.

    Raises:
        SealBroken: changed, cut off, of another vault or for another purpose.
    """
    salt = sealed[len(_MAGIC) : len(_MAGIC) + _SALT_SIZE]
    if not sealed.startswith(_MAGIC) or len(salt) != _SALT_SIZE:
        raise SealBroken("form")
    message_key = _message_key(key, salt)
    try:
        out = open_once(message_key, sealed[len(_MAGIC) + _SALT_SIZE :], _MAGIC + context)
    finally:
        wipe(message_key)
    if out is None:
        raise SealBroken("tag")
    return out
