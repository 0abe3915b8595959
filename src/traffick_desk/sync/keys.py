"""The keys of this desk, kept in the encrypted file and nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.sync.errors import NotSetUp
from traffick_desk.vault.age import HybridIdentity, Identity
from traffick_desk.vault.signing import SigningKey

_SIGNING = "signing-key"
_EXCHANGE = "exchange-key"


def key_id(verify_key: bytes) -> bytes:
    """How a bundle names the key that signed it: SHA-256 of the raw Ed25519 public key."""
    return hashlib.sha256(verify_key).digest()


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """What this desk signs with and what opens bundles for it."""

    device: str
    signing: SigningKey
    identity: HybridIdentity

    @classmethod
    def generate(cls, device: str) -> Self:
        """New keys from the system's random source."""
        return cls(device, SigningKey.generate(), HybridIdentity.generate())

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Everything that opens a bundle for this desk."""
        return (self.identity,)

    @property
    def recipient(self) -> str:
        """The public text to which others seal."""
        return str(self.identity.to_recipient())

    def save(self, cursor: Any) -> None:
        """Keep them in the encrypted file, in place of any before them."""
        cursor.executemany(
            "INSERT OR REPLACE INTO secret (name, value) VALUES (?, ?)",
            [
                (f"{_SIGNING}/{self.device}", self.signing.raw),
                (f"{_EXCHANGE}/{self.device}", self.identity.seed),
            ],
        )

    @classmethod
    def load(cls, cursor: Any, device: str) -> Self:
        """The keys of *device*.

        Raises:
            NotSetUp: there are none.
        """
        found = []
        for name in (_SIGNING, _EXCHANGE):
            cursor.execute("SELECT value FROM secret WHERE name = ?", (f"{name}/{device}",))
            row = cursor.fetchone()
            if row is None:
                raise NotSetUp("no-keys")
            found.append(bytes(row[0]))
        return cls(device, SigningKey(found[0]), HybridIdentity(found[1]))


def exchange_identities(cursor: Any) -> list[Identity]:
    """Every key this desk was ever sealed to: its own, and of the PC it was restored from."""
    cursor.execute("SELECT value FROM secret WHERE name GLOB ? ORDER BY name", (f"{_EXCHANGE}/*",))
    return [HybridIdentity(bytes(row[0])) for row in cursor.fetchall()]
