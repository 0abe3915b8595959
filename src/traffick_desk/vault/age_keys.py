"""Recipients and identities of age v1: hybrid post-quantum, X25519, and passphrase (scrypt).

The hybrid ``mlkem768x25519`` is what desks use: a stick lost today must stay
closed when quantum computers exist. X25519 is there for the stock tools.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import TYPE_CHECKING, Protocol, Self

from traffick_desk.vault import bech32
from traffick_desk.vault.age_format import FILE_KEY_SIZE, Stanza, b64, unb64
from traffick_desk.vault.errors import HeaderInvalid, RecipientRefused
from traffick_desk.vault.primitives import TAG_SIZE, hkdf, open_once, seal_once, wipe

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import (
        MLKEM768X25519PrivateKey,
        MLKEM768X25519PublicKey,
        Suite,
    )

_BODY_SIZE = FILE_KEY_SIZE + TAG_SIZE
_SEED_SIZE = 32


class Recipient(Protocol):
    """To whom a file is sealed. ``label`` is what may stand in one file together."""

    label: str

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza from which the matching identity gets *file_key* back."""
        ...


class Identity(Protocol):
    """Who opens a file."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None if the stanza is for another; HeaderInvalid if it is malformed."""
        ...


def _from_text(text: str, prefix: str, size: int) -> bytes:
    try:
        found, data = bech32.decode(text.strip())
    except ValueError as error:
        raise RecipientRefused("bech32") from error
    if found != prefix or len(data) != size:
        raise RecipientRefused("another kind of key")
    return data


def _argument(stanza: Stanza, size: int) -> bytes:
    if len(stanza.args) != 2:
        raise HeaderInvalid("stanza arguments")
    share = unb64(stanza.args[1], size)
    if len(stanza.body) != _BODY_SIZE:
        raise HeaderInvalid("stanza body size")
    return share


# --- mlkem768x25519 ------------------------------------------------------------------------

_HYBRID = "mlkem768x25519"
_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
_MLKEM_PUBLIC = 1184
_MLKEM_ENC = 1088
_HYBRID_ENC = _MLKEM_ENC + 32


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class HybridRecipient:
    """The public half of a desk's exchange key, ``age1pq1…``."""

    label = "postquantum"
    SIZE = _MLKEM_PUBLIC + 32

    def __init__(self, raw: bytes) -> None:
        if len(raw) != self.SIZE:
            raise RecipientRefused("size")
        self.raw = bytes(raw)
        self._key = self._load()

    def _load(self) -> MLKEM768X25519PublicKey:
        from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
        from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

        try:
            return MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC:]),
            )
        except ValueError as error:
            raise RecipientRefused("not a key") from error

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Parse ``age1pq1…``; :class:`RecipientRefused` on anything else."""
        return cls(_from_text(text, "age1pq", cls.SIZE))

    def __str__(self) -> str:
        return bech32.encode("age1pq", self.raw)

    def __repr__(self) -> str:
        return f"<HybridRecipient {self.key_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridRecipient) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the raw key."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def seal(self, plaintext: bytes | bytearray, info: bytes) -> bytes:
        """HPKE SealBase: the encapsulated key (1120 bytes), then the ciphertext."""
        try:
            return _suite().encrypt(plaintext, self._key, info)
        except ValueError as error:
            raise RecipientRefused("low-order key") from error

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this recipient."""
        sealed = self.seal(file_key, _HYBRID_INFO)
        return Stanza((_HYBRID, b64(sealed[:_HYBRID_ENC])), sealed[_HYBRID_ENC:])


class HybridIdentity:
    """A desk's exchange key, ``AGE-SECRET-KEY-PQ-1…``: a seed of 32 bytes."""

    def __init__(self, seed: bytes | bytearray) -> None:
        if len(seed) != _SEED_SIZE:
            raise RecipientRefused("size")
        self.seed = bytes(seed)
        self._mlkem_key, self._x25519, self._key = self._expand()

    def _expand(self) -> tuple[object, X25519PrivateKey, MLKEM768X25519PrivateKey]:
        from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

        expanded = hashlib.shake_256(self.seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._public = (
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )
        return mlkem, x25519, MLKEM768X25519PrivateKey(mlkem, x25519)

    @classmethod
    def generate(cls) -> Self:
        """A new identity from the system's random source."""
        return cls(os.urandom(_SEED_SIZE))

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Parse ``AGE-SECRET-KEY-PQ-1…``; :class:`RecipientRefused` on anything else."""
        return cls(_from_text(text, "age-secret-key-pq-", _SEED_SIZE))

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-pq-", self.seed).upper()

    def __repr__(self) -> str:
        return f"<HybridIdentity of {self.to_recipient().key_id}>"

    def to_recipient(self) -> HybridRecipient:
        """The public half."""
        return HybridRecipient(self._public)

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """What :meth:`HybridRecipient.seal` sealed with *info*; None if anything differs."""
        from cryptography.exceptions import InvalidTag

        try:
            return _suite().decrypt(sealed, self._key, info)
        except (InvalidTag, ValueError):
            return None

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        if stanza.kind != _HYBRID:
            return None
        enc = _argument(stanza, _HYBRID_ENC)
        try:
            # HPKE reports a low-order point and a wrong tag alike; the format tells them apart.
            self._x25519.exchange(X25519PublicKey.from_public_bytes(enc[_MLKEM_ENC:]))
        except ValueError as error:
            raise HeaderInvalid("low-order share") from error
        return self.open(enc + stanza.body, _HYBRID_INFO)


# --- X25519 --------------------------------------------------------------------------------

_X25519 = "X25519"
_X25519_INFO = b"age-encryption.org/v1/X25519"


def _x25519_key(shared: bytes, share: bytes, recipient: bytes) -> bytearray:
    return hkdf(shared, salt=share + recipient, info=_X25519_INFO)


class X25519Recipient:
    """The public half of an X25519 key, ``age1…``."""

    label = ""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 32:
            raise RecipientRefused("size")
        self.raw = bytes(raw)

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Parse ``age1…``; :class:`RecipientRefused` on anything else."""
        return cls(_from_text(text, "age", 32))

    def __str__(self) -> str:
        return bech32.encode("age", self.raw)

    def __repr__(self) -> str:
        return f"<X25519Recipient {self}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, X25519Recipient) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this recipient."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import (
            X25519PrivateKey,
            X25519PublicKey,
        )

        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.raw))
        except ValueError as error:
            raise RecipientRefused("low-order key") from error
        key = _x25519_key(shared, share, self.raw)
        try:
            return Stanza((_X25519, b64(share)), seal_once(key, file_key, b""))
        finally:
            wipe(key)


class X25519Identity:
    """An X25519 secret key, ``AGE-SECRET-KEY-1…``."""

    def __init__(self, secret: bytes | bytearray) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        if len(secret) != 32:
            raise RecipientRefused("size")
        self.secret = bytes(secret)
        self._key = X25519PrivateKey.from_private_bytes(self.secret)
        self._public = self._key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """A new identity from the system's random source."""
        return cls(os.urandom(32))

    @classmethod
    def from_string(cls, text: str) -> Self:
        """Parse ``AGE-SECRET-KEY-1…``; :class:`RecipientRefused` on anything else."""
        return cls(_from_text(text, "age-secret-key-", 32))

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-", self.secret).upper()

    def __repr__(self) -> str:
        return f"<X25519Identity of {self.to_recipient()}>"

    def to_recipient(self) -> X25519Recipient:
        """The public half."""
        return X25519Recipient(self._public)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        if stanza.kind != _X25519:
            return None
        share = _argument(stanza, 32)
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError as error:
            raise HeaderInvalid("low-order share") from error
        key = _x25519_key(shared, share, self._public)
        file_key = open_once(key, stanza.body, b"")
        wipe(key)
        return None if file_key is None else bytes(file_key)


# --- scrypt --------------------------------------------------------------------------------

_SCRYPT = "scrypt"
_SCRYPT_SALT = b"age-encryption.org/v1/scrypt"
_WORK = re.compile(r"[1-9][0-9]?")
DEFAULT_WORK_FACTOR = 18  # 256 MiB, about a second; what the age tools write
MAX_WORK_FACTOR = 20  # 1 GiB: a hostile file must not hang a PC of 4 GB


def _scrypt_key(passphrase: str, salt: bytes, work_factor: int) -> bytearray:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    out = bytearray(32)
    scrypt = Scrypt(_SCRYPT_SALT + salt, 32, 2**work_factor, 8, 1)
    scrypt.derive_into(unicodedata.normalize("NFC", passphrase).encode(), out)
    return out


class ScryptRecipient:
    """A passphrase; such a file has no other recipient."""

    label = _SCRYPT

    def __init__(self, passphrase: str, work_factor: int = DEFAULT_WORK_FACTOR) -> None:
        if not passphrase or not 1 <= work_factor <= MAX_WORK_FACTOR:
            raise RecipientRefused("passphrase or work factor")
        self._passphrase = passphrase
        self._work_factor = work_factor

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza for this passphrase."""
        salt = os.urandom(16)
        key = _scrypt_key(self._passphrase, salt, self._work_factor)
        try:
            args = (_SCRYPT, b64(salt), str(self._work_factor))
            return Stanza(args, seal_once(key, file_key, b""))
        finally:
            wipe(key)


class ScryptIdentity:
    """A passphrase that opens; refuses work above *max_work_factor* (log2 of scrypt's N)."""

    def __init__(self, passphrase: str, max_work_factor: int = MAX_WORK_FACTOR) -> None:
        self._passphrase = passphrase
        self._max = max_work_factor

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """See :class:`Identity`."""
        if stanza.kind != _SCRYPT:
            return None
        if len(stanza.args) != 3 or not _WORK.fullmatch(stanza.args[2]):
            raise HeaderInvalid("scrypt arguments")
        salt = unb64(stanza.args[1], 16)
        if int(stanza.args[2]) > self._max or len(stanza.body) != _BODY_SIZE:
            raise HeaderInvalid("scrypt work or body")
        key = _scrypt_key(self._passphrase, salt, int(stanza.args[2]))
        file_key = open_once(key, stanza.body, b"")
        wipe(key)
        return None if file_key is None else bytes(file_key)
