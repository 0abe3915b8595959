"""Signatures (Ed25519, RFC 8032) with a label for each use, and fingerprints to read aloud.

A signature made for one purpose never fits another: what is signed is
``context ‖ length of label ‖ label ‖ message``.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import Self

from traffick_desk import resources
from traffick_desk.vault.errors import BadSignature

KEY_SIZE = 32
SIGNATURE_SIZE = 64
FINGERPRINT_WORDS = 10
_CONTEXT = b"traffick-desk/v1/signature\x00"
_FINGERPRINT = b"traffick-desk/v1/fingerprint\x00"


def _bound(label: str, message: bytes) -> bytes:
    name = label.encode("ascii")
    if not 1 <= len(name) <= 255:
        raise ValueError("a label has 1 to 255 ASCII characters")
    return _CONTEXT + bytes([len(name)]) + name + message


def key_id(public: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of a raw public key: a name, not a proof."""
    return hashlib.sha256(public).hexdigest()[:16]


class VerifyKey:
    """The public half of a desk's signing key."""

    def __init__(self, raw: bytes) -> None:
        """Take 32 raw bytes; ValueError on another size."""
        if len(raw) != KEY_SIZE:
            raise ValueError("an Ed25519 public key has 32 bytes")
        self.raw = bytes(raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifyKey) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<VerifyKey {self.key_id}>"

    @property
    def key_id(self) -> str:
        """See :func:`key_id`."""
        return key_id(self.raw)

    def verify(self, label: str, message: bytes, signature: bytes) -> None:
        """Return if *signature* was made over *message* under *label* by the other half.

        Raises:
            BadSignature: it was not, or it is absent or of a wrong size: all fail alike.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(self.raw)
            key.verify(signature, _bound(label, message))
        except (InvalidSignature, ValueError) as error:
            raise BadSignature(f"label {label}") from error


class SigningKey:
    """A desk's signing key: a seed of 32 bytes."""

    def __init__(self, raw: bytes | bytearray) -> None:
        """Take the 32-byte seed; ValueError on another size."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if len(raw) != KEY_SIZE:
            raise ValueError("an Ed25519 seed has 32 bytes")
        self.raw = bytes(raw)
        self._key = Ed25519PrivateKey.from_private_bytes(self.raw)
        self.verify_key = VerifyKey(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """A new key from the system's random source."""
        return cls(os.urandom(KEY_SIZE))

    def __repr__(self) -> str:
        return f"<SigningKey {self.key_id}>"

    @property
    def key_id(self) -> str:
        """The id of the public half."""
        return self.verify_key.key_id

    def sign(self, label: str, message: bytes) -> bytes:
        """64 bytes that only :meth:`VerifyKey.verify` with the same label and message takes."""
        return self._key.sign(_bound(label, message))


@cache
def _words() -> tuple[str, ...]:
    text = resources.path("words", "fingerprint.txt").read_text(encoding="utf-8")
    words = tuple(line for line in text.splitlines() if line and not line.startswith("#"))
    if len(words) != 256:
        raise ValueError("the fingerprint list must have 256 words")
    return words


def fingerprint_words(data: bytes) -> list[str]:
    """Ten Vietnamese words for *data* (a public key, a certificate), to compare over the telephone.

    Ten words of 8 bits are 80 bits of SHA-256. Who wants to slip in another key has to find
    one with the same ten words for a given desk; 2⁸⁰ keys are out of reach, where the 2⁶⁴ of
    eight words would no longer be for a state. Each word has two syllables and differs from
    every other in at least two sounds even when tones are lost and the accents of north and
    south are mixed (s/x, tr/ch, d/gi/r/v, l/n): single syllables get confused on a bad line.
    """
    digest = hashlib.sha256(_FINGERPRINT + data).digest()
    return [_words()[byte] for byte in digest[:FINGERPRINT_WORDS]]
