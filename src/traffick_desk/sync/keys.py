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
# Behind a device's id: keys that wait for the province, and those that it had before.
_NEXT = "+next"
_FORMER = "+"


def key_id(verify_key: bytes) -> bytes:
    """How a bundle names the key that signed it: SHA-256 of the raw Ed25519 public key."""
    return hashlib.sha256(verify_key).digest()


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """What this desk signs with and what opens bundles for it.

    Attributes:
        others: keys that it had before, or will have: bundles under way may be sealed to them.
    """

    device: str
    signing: SigningKey
    identity: HybridIdentity
    others: tuple[HybridIdentity, ...] = ()

    @classmethod
    def generate(cls, device: str) -> Self:
        """New keys from the system's random source."""
        return cls(device, SigningKey.generate(), HybridIdentity.generate())

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Everything that opens a bundle for this desk."""
        return (self.identity, *self.others)

    @property
    def recipient(self) -> str:
        """The public text to which others seal."""
        return str(self.identity.to_recipient())

    @property
    def recipients(self) -> tuple[str, ...]:
        """All public texts to which bundles that this desk opens may be sealed."""
        return (self.recipient, *(str(one.to_recipient()) for one in self.others))

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
        cursor.execute(
            "SELECT value FROM secret WHERE name GLOB ? ORDER BY name DESC",
            (f"{_EXCHANGE}/{device}{_FORMER}*",),
        )
        others = tuple(HybridIdentity(bytes(value)) for (value,) in cursor.fetchall())
        return cls(device, SigningKey(found[0]), HybridIdentity(found[1]), others)

    @classmethod
    def next(cls, cursor: Any, device: str) -> Self | None:
        """The keys that wait for the province's certificate, if there are any."""
        try:
            waiting = cls.load(cursor, device + _NEXT)
        except NotSetUp:
            return None
        return cls(device, waiting.signing, waiting.identity)

    def keep_as_next(self, cursor: Any) -> None:
        """Keep these keys until the province has signed them; bundles to them open already."""
        type(self)(self.device + _NEXT, self.signing, self.identity).save(cursor)

    def take_into_use(self, cursor: Any) -> None:
        """Let these keys, that waited, be this desk's; what the former ones open stays readable.

        The former signing key is gone for ever.
        """
        cursor.execute(
            "SELECT count(*) FROM secret WHERE name GLOB ?",
            (f"{_EXCHANGE}/{self.device}{_FORMER}[0-9]*",),
        )
        number = cursor.fetchone()[0] + 1
        cursor.execute(
            "UPDATE secret SET name = ? WHERE name = ?",
            (f"{_EXCHANGE}/{self.device}{_FORMER}{number}", f"{_EXCHANGE}/{self.device}"),
        )
        cursor.execute(
            "DELETE FROM secret WHERE name IN (?, ?)",
            (f"{_SIGNING}/{self.device}{_NEXT}", f"{_EXCHANGE}/{self.device}{_NEXT}"),
        )
        self.save(cursor)


def exchange_identities(cursor: Any) -> list[Identity]:
    """Every key this desk was ever sealed to: its own, former ones, of the PC it came from."""
    cursor.execute("SELECT value FROM secret WHERE name GLOB ? ORDER BY name", (f"{_EXCHANGE}/*",))
    return [HybridIdentity(bytes(row[0])) for row in cursor.fetchall()]
