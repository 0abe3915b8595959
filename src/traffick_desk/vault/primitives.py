"""The few primitives that the vault is built from, over buffers that can be wiped.

``cryptography`` is imported inside the functions: the unlock window is drawn
before the first of them runs.
"""

from __future__ import annotations

import hashlib
import hmac
import re

Buffer = bytes | bytearray | memoryview
KEY_SIZE = 32
TAG_SIZE = 16

_HEX = b"0123456789abcdef"
_RAW_KEY = re.compile(rb"x'[0-9a-f]{64}'")
_LABEL = re.compile(r"[a-z][a-z0-9-]{0,31}")
# Every key that is used with this nonce encrypts one message and no other.
_ONCE = bytes(12)
_DIGEST = 32
# More than a derivation frees.
_FREED = 32


def wipe(*buffers: bytearray | None) -> None:
    """Overwrite each buffer with zeros; Python's own copies, if any, stay out of reach."""
    for buffer in buffers:
        if buffer is not None:
            buffer[:] = bytes(len(buffer))


def hkdf(
    key: Buffer, *, info: bytes, salt: bytes | None = None, length: int = KEY_SIZE
) -> bytearray:
    """HKDF-SHA-256 (RFC 5869) into a buffer that the caller can wipe."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    out = bytearray(length)
    HKDF(SHA256(), length, salt, info).derive_into(key, out)
    _overwrite_freed()
    return out


def _overwrite_freed() -> None:
    """Let nothing of a derivation stand in memory that Python has freed and not given away again.

    The library makes its digests as ``bytes`` before it copies them out, the key itself among
    them. What Python frees last it gives away first, so new ones of the same size stand there.
    """
    _fresh = [bytes(bytearray(_DIGEST)) for _one in range(_FREED)]


def subkey(dek: Buffer, label: str) -> bytearray:
    """The sub-key of the vault's data key for one purpose, e.g. "database" or "drafts".

    Raises:
        ValueError: *dek* is not 32 bytes, or *label* is not a short lower-case word.
    """
    if len(dek) != KEY_SIZE or not _LABEL.fullmatch(label):
        raise ValueError("sub-key of a wrong key or label")
    return hkdf(dek, info=b"traffick-desk/v1/subkey/" + label.encode())


def mac(key: Buffer, message: Buffer) -> bytes:
    """HMAC-SHA-256 of *message*, 32 bytes."""
    return hmac.digest(key, message, hashlib.sha256)


def same(left: Buffer, right: Buffer) -> bool:
    """Whether two secrets are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(bytes(left), bytes(right))


def seal_once(key: Buffer, plaintext: Buffer, aad: bytes) -> bytes:
    """ChaCha20-Poly1305 under a key that seals this one message and no other, ever."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key).encrypt(_ONCE, plaintext, aad)


def open_once(key: Buffer, sealed: Buffer, aad: bytes) -> bytearray | None:
    """What :func:`seal_once` sealed, in a buffer that can be wiped; None if anything differs."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if len(sealed) < TAG_SIZE:
        return None
    out = bytearray(len(sealed) - TAG_SIZE)
    try:
        ChaCha20Poly1305(key).decrypt_into(_ONCE, sealed, aad, out)
    except InvalidTag:
        return None
    return out


def raw_key_pragma(key: Buffer) -> bytearray:
    """The key as ``x'…64 hex digits…'``, the one form that SQLCipher takes as a raw key.

    Anything else is silently taken as a passphrase, so the result is checked. No immutable
    copy of the key is made on the way; the caller wipes the result.

    Raises:
        ValueError: *key* is not exactly 32 bytes.
        TypeError: *key* is text.
    """
    raw = memoryview(key)
    if raw.nbytes != KEY_SIZE:
        raise ValueError("a raw key is 32 bytes")
    out = bytearray(b"x'")
    for byte in raw:
        out.append(_HEX[byte >> 4])
        out.append(_HEX[byte & 15])
    out += b"'"
    if not _RAW_KEY.fullmatch(out):
        wipe(out)
        raise ValueError("a raw key is 32 bytes")
    return out
