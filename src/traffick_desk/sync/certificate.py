"""Certificates: the province says which keys, unit and officers a desk has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.errors import EnrolmentConflict, EnrolmentNewer, EnrolmentRefused
from traffick_desk.sync.wire import DEVICE, MOMENT, PROFILE, UNIT, Shape, WireInvalid
from traffick_desk.vault.age import parse_recipient
from traffick_desk.vault.errors import BadSignature, RecipientRefused
from traffick_desk.vault.signing import (
    KEY_SIZE,
    SIGNATURE_SIZE,
    SigningKey,
    VerifyKey,
    fingerprint_words,
)

VERSION = 2
PLAIN_VERSION = 1
MAX_CERTIFICATE = 64 * 1024
MAX_LABEL = 120
MAX_OFFICERS = 200
RECIPIENT = re.compile(r"age1[0-9a-z]{50,2500}")
ROLE = re.compile(r"[a-z][a-z_-]{0,31}")
OFFICER = re.compile(r"[0-9A-Za-z-]{1,64}")
MAX_STEPS = 64
_KIND = "traffick-desk/certificate"
_CONSENT = "new-key"
_LABEL = "certificate"


@dataclass(frozen=True, slots=True)
class Officer:
    """What the province lets an officer do at a desk. Ids only: names stay in the vault."""

    id: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Public:
    """The public data of a desk, as in its request and in its certificate.

    Attributes:
        verify_key: raw Ed25519 public key.
        recipient: age recipient to which bundles for the desk are sealed.
    """

    device: str
    profile: str
    unit: str
    label: str
    verify_key: bytes
    recipient: str

    def words(self) -> tuple[str, ...]:
        """Ten words to compare over the telephone.

        They cover everything but the label, so that the same desk always has the same words.
        """
        data = dump_canonical(
            {
                "device": self.device,
                "profile": self.profile,
                "recipient": self.recipient,
                "unit": self.unit,
                "verify_key": self.verify_key.hex(),
            }
        )
        return tuple(fingerprint_words(data))

    def as_json(self) -> dict[str, Any]:
        """The JSON members."""
        return {
            "device": self.device,
            "label": self.label,
            "profile": self.profile,
            "recipient": self.recipient,
            "unit": self.unit,
            "verify_key": self.verify_key.hex(),
        }

    @classmethod
    def of(cls, shape: Shape) -> Self:
        """From JSON; WireInvalid on anything that is not the public data of a desk."""
        recipient = shape.match("recipient", RECIPIENT)
        try:
            parse_recipient(recipient)
        except RecipientRefused as error:
            raise WireInvalid("recipient") from error
        return cls(
            device=shape.match("device", DEVICE),
            profile=shape.match("profile", PROFILE),
            unit=shape.match("unit", UNIT),
            label=shape.text("label", MAX_LABEL),
            verify_key=shape.octets("verify_key", KEY_SIZE),
            recipient=recipient,
        )


PUBLIC_KEYS = ("device", "label", "profile", "recipient", "unit", "verify_key")
_KEYS = ("kind", "version", "serial", "issued_at", "issuer", "officers", "signature", *PUBLIC_KEYS)
_STEP_KEYS = ("consent", "verify_key")


def consent(device: str, old: SigningKey, new: bytes) -> bytes:
    """The signature by which a desk's key says that the key *new* takes its place."""
    return old.sign(_CONSENT, _consented(device, new))


def _consented(device: str, new: bytes) -> bytes:
    return dump_canonical({"device": device, "verify_key": new.hex()})


@dataclass(frozen=True, slots=True)
class Step:
    """A key that a desk had before, and its signature over the one that came next."""

    verify_key: bytes
    consent: bytes

    def leads_to(self, device: str, new: bytes) -> bool:
        """Whether the holder of this key gave its place to *new*."""
        try:
            VerifyKey(self.verify_key).verify(_CONSENT, _consented(device, new), self.consent)
        except BadSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Certificate:
    """A desk's public data, signed by the province.

    Attributes:
        serial: rises with each certificate of the issuer; the highest of a desk counts.
        issuer: device id of the province's desk; the desk itself for the province's own.
        before: the keys that the desk had before, the oldest first.
    """

    desk: Public
    serial: int
    issued_at: str
    issuer: str
    officers: tuple[Officer, ...]
    signature: bytes
    before: tuple[Step, ...] = ()

    @classmethod
    def sign(
        cls,
        desk: Public,
        serial: int,
        issued_at: str,
        issuer: str,
        officers: tuple[Officer, ...],
        key: SigningKey,
        before: tuple[Step, ...] = (),
    ) -> Self:
        """Make and sign one."""
        unsigned = cls(desk, serial, issued_at, issuer, officers, b"", before)
        signature = key.sign(_LABEL, dump_canonical(unsigned._members()))
        return cls(desk, serial, issued_at, issuer, officers, signature, before)

    def follows(self, key: bytes) -> bool:
        """Whether *key* was this desk's before and gave its place, step by step, to this one."""
        keys = [step.verify_key for step in self.before]
        if key not in keys:
            return False
        first = keys.index(key)
        after = [*keys[first + 1 :], self.desk.verify_key]
        return all(
            step.leads_to(self.desk.device, new)
            for step, new in zip(self.before[first:], after, strict=True)
        )

    def encode(self) -> bytes:
        """The canonical bytes."""
        return dump_canonical({**self._members(), "signature": self.signature.hex()})

    def verify(self, key: VerifyKey) -> None:
        """Return if the holder of *key* signed it.

        Raises:
            EnrolmentRefused: someone else, or nobody.
        """
        try:
            key.verify(_LABEL, dump_canonical(self._members()), self.signature)
        except BadSignature as error:
            raise EnrolmentRefused("certificate-signature") from error

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read canonical bytes; says nothing about who signed.

        Raises:
            EnrolmentRefused, EnrolmentNewer: not a certificate of this version.
        """
        try:
            shape, stepped = _shape(data)
            shape.fixed("kind", _KIND)
            if shape.number("version", 1) > VERSION:
                raise EnrolmentNewer("certificate-version")
            shape.fixed("version", VERSION if stepped else PLAIN_VERSION)
            before = shape.shapes("before", _STEP_KEYS, MAX_STEPS) if stepped else []
            if stepped and not before:
                raise WireInvalid("before")
            return cls(
                desk=Public.of(shape),
                serial=shape.number("serial", 1),
                issued_at=shape.match("issued_at", MOMENT),
                issuer=shape.match("issuer", DEVICE),
                officers=tuple(
                    Officer(o.match("id", OFFICER), o.texts("roles", ROLE, 20))
                    for o in shape.shapes("officers", ("id", "roles"), MAX_OFFICERS)
                ),
                signature=shape.octets("signature", SIGNATURE_SIZE),
                before=tuple(
                    Step(s.octets("verify_key", KEY_SIZE), s.octets("consent", SIGNATURE_SIZE))
                    for s in before
                ),
            )
        except WireInvalid as error:
            raise EnrolmentRefused(f"certificate: {error}") from error

    def _members(self) -> dict[str, Any]:
        steps = [
            {"consent": step.consent.hex(), "verify_key": step.verify_key.hex()}
            for step in self.before
        ]
        return {
            **self.desk.as_json(),
            **({"before": steps} if steps else {}),
            "issued_at": self.issued_at,
            "issuer": self.issuer,
            "kind": _KIND,
            "officers": [{"id": o.id, "roles": list(o.roles)} for o in self.officers],
            "serial": self.serial,
            # Programs of before read the first version; only a desk with new keys needs the second.
            "version": VERSION if steps else PLAIN_VERSION,
        }


def _shape(data: bytes) -> tuple[Shape, bool]:
    """The object, and whether it names keys of before."""
    try:
        return Shape.read(data, _KEYS, MAX_CERTIFICATE), False
    except WireInvalid:
        return Shape.read(data, (*_KEYS, "before"), MAX_CERTIFICATE), True


def learn(cursor: Any, certificate: Certificate) -> bool:
    """Remember the desk of a certificate whose signature was checked.

    An older certificate than the one known changes nothing. Keys of a known desk change only if
    the key that is known here gave its place to the new one.

    Returns:
        Whether the table of devices changed.

    Raises:
        EnrolmentConflict: the desk is known with other keys.
    """
    desk = certificate.desk
    cursor.execute(
        "SELECT verify_key, recipient, certificate FROM device WHERE device = ?", (desk.device,)
    )
    row = cursor.fetchone()
    if row is not None and row[0] is not None:
        known = Certificate.decode(bytes(row[2])) if row[2] is not None else None
        if bytes(row[0]) != desk.verify_key:
            if known is not None and known.follows(desk.verify_key):
                return False
            if not certificate.follows(bytes(row[0])):
                raise EnrolmentConflict("keys")
        # Of a desk whose place another one took the key alone may be known.
        elif row[1] not in (None, desk.recipient):
            raise EnrolmentConflict("keys")
        if known is not None and known.serial >= certificate.serial:
            return False
    cursor.execute(
        "INSERT INTO device (device, profile, unit, label, verify_key, recipient, certificate) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET profile = "
        "excluded.profile, unit = excluded.unit, label = excluded.label, verify_key = "
        "excluded.verify_key, recipient = excluded.recipient, certificate = excluded.certificate",
        (
            desk.device, desk.profile, desk.unit, desk.label, desk.verify_key, desk.recipient,
            certificate.encode(),
        ),
    )  # fmt: skip
    return True
