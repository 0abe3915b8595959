"""A new PC of the province takes the place of one that broke or was lost.

The old desk's signing key lies on three sheets (:mod:`traffick_desk.vault.shares`). With two of
them a *new* desk, with keys, id and numbers of its own (I6), signs a letter in the old one's name:
"what I was, this desk is". Communes trust the old key already, so the letter needs no telephone.
They end the link to the old desk, begin one to the new, send everything again, and hand back what
the old desk wrote of their cases after the last backup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_, _
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync import enrolment, lineage
from traffick_desk.sync.certificate import MAX_CERTIFICATE, Certificate, Public, learn
from traffick_desk.sync.errors import (
    EnrolmentConflict,
    EnrolmentNewer,
    EnrolmentRefused,
    OnlyProvince,
)
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import ImportReport
from traffick_desk.sync.wire import DEVICE, MOMENT, Shape, WireInvalid, in_base64
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, SigningKey, VerifyKey

if TYPE_CHECKING:
    from traffick_desk.store.store import Store

VERSION = 1
MAX_LETTER = 4 * MAX_CERTIFICATE
_KIND = "traffick-desk/succession"
_LABEL = "succession"
_KEYS = ("kind", "version", "made_at", "predecessor", "certificate", "root", "signature")
_LETTER = "succession-letter:"
# Certificates of the new desk count over all that the old one may have signed since the backup.
_SERIAL_STEP = 1_000_000
_DEVICE_SIZE = 8


@dataclass(frozen=True, slots=True)
class Letter:
    """The old desk's word that the new one takes its place.

    Attributes:
        certificate: of the new desk, signed by the old one.
        root: of the new desk, signed by itself: what it certifies with from now on.
    """

    predecessor: str
    made_at: str
    certificate: Certificate
    root: Certificate
    signature: bytes

    @property
    def desk(self) -> Public:
        """The new desk."""
        return self.certificate.desk

    def encode(self) -> bytes:
        """The canonical bytes."""
        return dump_canonical({**self._members(), "signature": self.signature.hex()})

    def _members(self) -> dict[str, Any]:
        return {
            "certificate": in_base64(self.certificate.encode()),
            "kind": _KIND,
            "made_at": self.made_at,
            "predecessor": self.predecessor,
            "root": in_base64(self.root.encode()),
            "version": VERSION,
        }

    @classmethod
    def sign(
        cls, predecessor: str, made_at: str, certificate: Certificate, root: Certificate,
        key: SigningKey,
    ) -> Letter:  # fmt: skip
        """Make and sign one with the old desk's key."""
        unsigned = cls(predecessor, made_at, certificate, root, b"")
        signature = key.sign(_LABEL, dump_canonical(unsigned._members()))
        return cls(predecessor, made_at, certificate, root, signature)

    @classmethod
    def decode(cls, data: bytes) -> Letter:
        """Read canonical bytes; says nothing about who signed.

        Raises:
            EnrolmentRefused, EnrolmentNewer: not a letter of this version.
        """
        try:
            shape = Shape.read(data, _KEYS, MAX_LETTER)
            shape.fixed("kind", _KIND)
            if shape.number("version", 1) > VERSION:
                raise EnrolmentNewer("succession-version")
            return cls(
                predecessor=shape.match("predecessor", DEVICE),
                made_at=shape.match("made_at", MOMENT),
                certificate=Certificate.decode(shape.base64("certificate", 2 * MAX_CERTIFICATE)),
                root=Certificate.decode(shape.base64("root", 2 * MAX_CERTIFICATE)),
                signature=shape.octets("signature", SIGNATURE_SIZE),
            )
        except WireInvalid as error:
            raise EnrolmentRefused(f"succession: {error}") from error

    def verify(self, key: VerifyKey) -> None:
        """Return if the holder of the old desk's *key* signed all of it.

        Raises:
            EnrolmentRefused: something does not fit.
        """
        new = self.certificate.desk
        try:
            key.verify(_LABEL, dump_canonical(self._members()), self.signature)
        except BadSignature as error:
            raise EnrolmentRefused("succession-signature") from error
        self.certificate.verify(key)
        self.root.verify(VerifyKey(new.verify_key))
        if (
            new.profile != "province"
            or new.device == self.predecessor
            or self.certificate.issuer != self.predecessor
            or self.root.issuer != new.device
            or self.root.desk != new
        ):
            raise EnrolmentRefused("succession-shape")


def secret_of(cursor: Any, device: str) -> bytes:
    """What the sheets hold: the signing key and the id of a province's desk.

    Raises:
        OnlyProvince: this is not a province's desk.
        NotSetUp: the vault has no keys yet.
    """
    if enrolment.own_desk(cursor, device).profile != "province":
        raise OnlyProvince("profile")
    return DeviceKeys.load(cursor, device).signing.raw + bytes.fromhex(device)


def take_over(cursor: Any, device: str, secret: bytes, at: str) -> Letter:
    """Let this province's desk take the place of the one whose key *secret* holds.

    Every desk that the old one had certified, as far as this vault knows, is certified anew and
    linked. The link to the old desk, if there is one, ends.

    Raises:
        OnlyProvince: this is not a province's desk.
        EnrolmentConflict: the key is this very desk's, or is not that of the old desk, or this
            desk took its place already.
        PracticeMixed: one of the two is of practice.
    """
    own = enrolment.own_desk(cursor, device)
    if own.profile != "province":
        raise OnlyProvince("profile")
    old_key, old = SigningKey(secret[:-_DEVICE_SIZE]), secret[-_DEVICE_SIZE:].hex()
    if old == device or old_key.verify_key.raw == own.verify_key:
        raise EnrolmentConflict("own-device")
    cursor.execute("SELECT verify_key, unit FROM device WHERE device = ?", (old,))
    row = cursor.fetchone()
    if row is not None:
        if row[0] is not None and bytes(row[0]) != old_key.verify_key.raw:
            raise EnrolmentConflict("keys")
        enrolment.keep_apart(own.unit, row[1])
    if lineage.successor(cursor, old) is not None:
        raise EnrolmentConflict("taken-over")
    keys = DeviceKeys.load(cursor, device)
    serial = _serial_after(cursor)
    root = Certificate.sign(own, next(serial), at, device, (), keys.signing)
    learn(cursor, root)
    cursor.execute(
        "INSERT INTO device (device, profile, unit, label, verify_key) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (device) DO UPDATE SET verify_key = excluded.verify_key",
        (old, "province", own.unit, "", old_key.verify_key.raw),
    )
    certificate = Certificate.sign(own, next(serial), at, old, (), old_key)
    letter = Letter.sign(old, at, certificate, root, old_key)
    lineage.record(cursor, old, device)
    cursor.execute("DELETE FROM link WHERE device = ?", (old,))
    cursor.execute("INSERT INTO meta VALUES (?, ?)", (_LETTER + old, letter.encode().hex()))
    cursor.execute(
        "SELECT certificate, revoked_on FROM device WHERE certificate IS NOT NULL "
        "AND device <> ? ORDER BY device",
        (device,),
    )
    for data, revoked in cursor.fetchall():
        known = Certificate.decode(bytes(data))
        if known.issuer == old:
            _certify_anew(cursor, known, keys, next(serial), at, link=revoked is None)
    _keep_serial(cursor, next(serial))
    return letter


def _certify_anew(
    cursor: Any, known: Certificate, keys: DeviceKeys, serial: int, at: str, *, link: bool
) -> None:
    anew = Certificate.sign(
        known.desk, serial, at, keys.device, known.officers, keys.signing, known.before
    )
    learn(cursor, anew)
    # The old desk itself wrote much of what communes have, but nobody speaks with it any more.
    if link and lineage.successor(cursor, known.desk.device) is None:
        cursor.execute("INSERT OR IGNORE INTO link (device) VALUES (?)", (known.desk.device,))


def _serial_after(cursor: Any) -> Any:
    cursor.execute("SELECT certificate FROM device WHERE certificate IS NOT NULL")
    highest = max((Certificate.decode(bytes(c)).serial for (c,) in cursor.fetchall()), default=0)
    serial = highest + _SERIAL_STEP
    while True:
        serial += 1
        yield serial


def _keep_serial(cursor: Any, serial: int) -> None:
    cursor.execute("INSERT OR REPLACE INTO meta VALUES ('certificate-serial', ?)", (str(serial),))


def letters(cursor: Any) -> tuple[bytes, ...]:
    """The letters by which this vault, or the one it was restored from, took over; oldest first."""
    cursor.execute(
        "SELECT value FROM meta WHERE key >= ? AND key < ?", (_LETTER, _LETTER[:-1] + ";")
    )
    found = [bytes.fromhex(value) for (value,) in cursor.fetchall()]
    return tuple(sorted(found, key=lambda data: Letter.decode(data).certificate.serial))


def apply(cursor: Any, device: str, letter: Letter, on: str) -> bool:
    """Follow a letter at another desk of the province; whether anything changed.

    Raises:
        EnrolmentRefused: not signed by the desk that this one trusts.
        EnrolmentConflict: the old desk was withdrawn, or another one took its place.
        PracticeMixed: one of the two is of practice.
    """
    own, new, old = enrolment.own_desk(cursor, device), letter.desk, letter.predecessor
    if new.device == device:
        return False
    enrolment.keep_apart(own.unit, new.unit)
    cursor.execute(
        "SELECT verify_key, revoked_on FROM device WHERE device = ? AND profile = 'province' "
        "AND verify_key IS NOT NULL",
        (old,),
    )
    row = cursor.fetchone()
    if row is None:
        raise EnrolmentRefused("succession-unknown")
    letter.verify(VerifyKey(bytes(row[0])))
    before = lineage.successor(cursor, old)
    if before is not None:
        if before != new.device:
            raise EnrolmentConflict("another-province")
        return False
    if row[1] is not None:
        raise EnrolmentConflict("revoked")
    learn(cursor, letter.certificate)
    learn(cursor, letter.root)
    cursor.execute("INSERT OR IGNORE INTO link (device) VALUES (?)", (new.device,))
    enrolment.revoke(cursor, old, on)
    lineage.record(cursor, old, new.device)
    return True


def adoption_file(cursor: Any, device: str) -> bytes:
    """By what this desk asks a successor without backup to go on: its certificate, and whose it is.

    Raises:
        NotSetUp: it has none.
    """
    own = Certificate.decode(enrolment.own_certificate(cursor, device))
    return enrolment.answer_file(
        own, Certificate.decode(enrolment.own_certificate(cursor, own.issuer))
    )


def adopt(cursor: Any, device: str, answer: bytes, at: str) -> Public:
    """Link a desk that this one does not know, by the certificate that the old desk gave it.

    For a province that has the sheets but no backup. Who asks is shown to an officer first.

    Raises:
        EnrolmentRefused, EnrolmentNewer: the certificate is not of a desk that this one succeeds.
        EnrolmentConflict: the desk was withdrawn, or is known with other keys.
    """
    given = read_adoption(cursor, device, answer)
    keys, desk = DeviceKeys.load(cursor, device), given[0].desk
    cursor.execute(
        "SELECT 1 FROM device WHERE device = ? AND revoked_on IS NOT NULL", (desk.device,)
    )
    if cursor.fetchone() is not None:
        raise EnrolmentConflict("revoked")
    serial = _serial_after(cursor)
    for certificate in reversed(given):
        _certify_anew(cursor, certificate, keys, next(serial), at, link=certificate is given[0])
    _keep_serial(cursor, next(serial))
    return desk


def read_adoption(cursor: Any, device: str, answer: bytes) -> tuple[Certificate, ...]:
    """The certificate of a desk that asks to go on, and that of the old desk.

    Raises:
        EnrolmentRefused, EnrolmentNewer: see :func:`adopt`.
        OnlyProvince: this is not a province's desk.
    """
    own = enrolment.own_desk(cursor, device)
    if own.profile != "province":
        raise OnlyProvince("profile")
    given = enrolment.certificates_in(answer)
    old = given[0].issuer
    if len(given) != 2 or given[1].desk.device != old or lineage.successor(cursor, old) is None:
        raise EnrolmentRefused("adoption")
    cursor.execute("SELECT verify_key FROM device WHERE device = ?", (old,))
    key = VerifyKey(bytes(cursor.fetchone()[0]))
    for certificate in given:
        certificate.verify(key)
    enrolment.keep_apart(own.unit, given[0].desk.unit)
    return given


FOLLOWED = N_(
    "The province has a new PC. From now on this desk exchanges with it; everything is sent there "
    "once more with the next export. Nothing was lost."
)


def follow(
    store: Store, data: bytes, *, name: str, at: str, on: str, officer: str
) -> ImportReport | None:
    """Follow one letter in a transaction of its own; ``None`` if nothing is other than before.

    Args:
        store: the open vault.
        data: the letter.
        name: to report, of the file or what stands for it.
        at: moment, for the log.
        on: day on which the old desk's access ends, shown.
        officer: id, for the log.

    Raises:
        EnrolmentRefused, EnrolmentNewer, EnrolmentConflict, PracticeMixed: nothing was changed.
    """
    letter = Letter.decode(data)
    with store.work() as work:
        if not apply(work.cursor, store.device, letter, on):
            return None
        work.log(at, officer, "enrol.follow", letter.desk.device)
    return ImportReport(
        name, "already", _(FOLLOWED), letter.desk.device, letter.desk.label,
        made_at=letter.made_at, code="succession",
    )  # fmt: skip
