"""The province's word that its desks are to take an update: beside the update, on the same stick.

It names the update by the SHA-256 of the publisher's signed manifest, so it fits no other; it is
checked with the key that this desk learned when it was linked. A stick that somebody else put a
genuine update on is therefore not enough: the province decides when its communes change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.update_file import NotAnUpdate
from traffick_desk.sync.wire import DEVICE, MOMENT, UNIT, Shape, WireInvalid
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, SigningKey, VerifyKey

SUFFIX = ".tdrelease"
LABEL = "program-release"
MAX_SIZE = 64 * 1024
MAX_UNITS = 500
_KIND = "traffick-desk/release"
_KEYS = ("issuer", "kind", "made_at", "number", "signature", "unit", "units", "update")


@dataclass(frozen=True, slots=True)
class Release:
    """The statement of a province.

    Attributes:
        issuer: device id of the desk that signed; *unit* is its province.
        number: of the update, so that a list can be sorted without it.
        update: SHA-256 of the publisher's manifest.
        units: the communes it is for; none means all of the province.
    """

    issuer: str
    unit: str
    number: int
    update: bytes
    made_at: str
    units: tuple[str, ...] = ()
    signature: bytes = b""

    @classmethod
    def sign(
        cls,
        key: SigningKey,
        issuer: str,
        unit: str,
        number: int,
        update: bytes,
        made_at: str,
        units: tuple[str, ...] = (),
    ) -> Self:
        """Make and sign one."""
        plain = cls(issuer, unit, number, update, made_at, units)
        signature = key.sign(LABEL, dump_canonical(plain._members()))
        return cls(issuer, unit, number, update, made_at, units, signature)

    def encode(self) -> bytes:
        """The bytes of the file."""
        return dump_canonical({**self._members(), "signature": self.signature.hex()})

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the bytes; says nothing about who signed.

        Raises:
            NotAnUpdate: not of that form.
        """
        try:
            shape = Shape.read(data, _KEYS, MAX_SIZE)
            shape.fixed("kind", _KIND)
            return cls(
                issuer=shape.match("issuer", DEVICE),
                unit=shape.match("unit", UNIT),
                number=shape.number("number", 1),
                update=shape.octets("update", 32),
                made_at=shape.match("made_at", MOMENT),
                units=shape.texts("units", UNIT, MAX_UNITS),
                signature=shape.octets("signature", SIGNATURE_SIZE),
            )
        except WireInvalid as error:
            raise NotAnUpdate from error

    def is_of(self, cursor: Any, province: str, own: str) -> bool:
        """Whether a desk of *province* that this vault knows signed it for the unit *own*."""
        cursor.execute(
            "SELECT verify_key FROM device "
            "WHERE device = ? AND profile = 'province' AND unit = ? AND revoked_on IS NULL",
            (self.issuer, province),
        )
        row = cursor.fetchone()
        if row is None or row[0] is None or self.unit != province:
            return False
        if self.units and own not in self.units and own != province:
            return False
        try:
            VerifyKey(bytes(row[0])).verify(LABEL, dump_canonical(self._members()), self.signature)
        except BadSignature:
            return False
        return True

    def _members(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "kind": _KIND,
            "made_at": self.made_at,
            "number": self.number,
            "unit": self.unit,
            "units": list(self.units),
            "update": self.update.hex(),
        }


def beside(update: Path, issuer: str) -> Path:
    """Where a province's desk puts its word about *update*."""
    mark = hashlib.sha256(issuer.encode()).hexdigest()[:8]
    return update.with_name(f"{update.stem}.{mark}{SUFFIX}")


def all_beside(update: Path) -> list[Release]:
    """Every readable statement beside *update*; what cannot be read is none."""
    found = []
    for path in sorted(update.parent.glob("*" + SUFFIX)):
        if not path.name.startswith(update.stem + "."):
            continue
        try:
            if path.stat().st_size <= MAX_SIZE:
                found.append(Release.decode(path.read_bytes()))
        except (OSError, NotAnUpdate):
            continue
    return found
