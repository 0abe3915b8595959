"""The rules of a province as they travel: its amendments, signed by its desk.

The signature is checked again each time the rules are taken into use, by the key that this desk
learned when it was linked. So nothing but the own province can change what the law gives here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.i18n import N_, _
from traffick_desk.law import amend_read
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.wire import DEVICE, MOMENT, UNIT, Shape, WireInvalid
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, SigningKey, VerifyKey

VERSION = 1
MAX_SIGNED = 900_000
_KIND = "traffick-desk/rules"
_LABEL = "rules"
_KEYS = ("issuer", "kind", "made_at", "number", "signature", "text", "unit", "version")


class RulesRefused(Exception):
    """Rules that are not signed by the own province; they are not used."""

    def __str__(self) -> str:
        return _(
            N_(
                "These rules are not signed by the desk of your province. They are not used; the "
                "rules that were in force before stay in force."
            )
        )


@dataclass(frozen=True, slots=True)
class SignedRules:
    """The amendments of a province with its signature.

    Attributes:
        issuer: device id of the province's desk that signed.
        unit: the province.
        number: as the text says; the highest counts.
        text: the amendments (YAML; ``law.amend``).
    """

    issuer: str
    unit: str
    number: int
    made_at: str
    text: str
    signature: bytes

    @classmethod
    def sign(
        cls, issuer: str, unit: str, number: int, made_at: str, text: str, key: SigningKey
    ) -> Self:
        """Make and sign one."""
        unsigned = cls(issuer, unit, number, made_at, text, b"")
        signature = key.sign(_LABEL, dump_canonical(unsigned._members()))
        return cls(issuer, unit, number, made_at, text, signature)

    def encode(self) -> str:
        """The canonical text."""
        return dump_canonical({**self._members(), "signature": self.signature.hex()}).decode()

    @classmethod
    def decode(cls, data: str) -> Self:
        """Read the canonical text; says nothing about who signed.

        Raises:
            RulesRefused: it is not of that form, or of a newer version.
        """
        try:
            shape = Shape.read(data.encode("utf-8", "surrogatepass"), _KEYS, MAX_SIGNED)
            shape.fixed("kind", _KIND)
            shape.fixed("version", VERSION)
            return cls(
                issuer=shape.match("issuer", DEVICE),
                unit=shape.match("unit", UNIT),
                number=shape.number("number", 1),
                made_at=shape.match("made_at", MOMENT),
                text=shape.lines("text", amend_read.MAX_TEXT),
                signature=shape.octets("signature", SIGNATURE_SIZE),
            )
        except WireInvalid as error:
            raise RulesRefused from error

    def verify(self, cursor: Any, province: str) -> None:
        """Return if a desk of *province* that this vault knows signed it.

        Raises:
            RulesRefused: someone else, nobody, or another province.
        """
        cursor.execute(
            "SELECT verify_key FROM device WHERE device = ? AND profile = 'province' AND unit = ?",
            (self.issuer, province),
        )
        row = cursor.fetchone()
        if row is None or row[0] is None or self.unit != province:
            raise RulesRefused
        try:
            VerifyKey(bytes(row[0])).verify(_LABEL, dump_canonical(self._members()), self.signature)
        except BadSignature as error:
            raise RulesRefused from error

    def _members(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "kind": _KIND,
            "made_at": self.made_at,
            "number": self.number,
            "text": self.text,
            "unit": self.unit,
            "version": VERSION,
        }
