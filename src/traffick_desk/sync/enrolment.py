"""Enrolment: a desk asks, the province compares words over the telephone and signs.

Both files are public data. What protects them is that the two officers compare
ten words in each direction; a file swapped on the way gives other words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from traffick_desk.domain.practice import is_practice
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync import hub_state
from traffick_desk.sync.certificate import (
    MAX_CERTIFICATE,
    PUBLIC_KEYS,
    Certificate,
    Officer,
    Public,
    Step,
    learn,
)
from traffick_desk.sync.errors import (
    EnrolmentConflict,
    EnrolmentNewer,
    EnrolmentRefused,
    NotSetUp,
    OnlyProvince,
    PracticeMixed,
)
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.wire import MOMENT, Shape, WireInvalid, in_base64
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, VerifyKey

VERSION = 1
MAX_REQUEST = 16 * 1024
MAX_ANSWER = 4 * MAX_CERTIFICATE
_REQUEST = "traffick-desk/enrolment-request"
_ANSWER = "traffick-desk/enrolment-answer"
_LABEL = "enrolment-request"
_REQUEST_KEYS = ("kind", "version", "made_at", "signature", *PUBLIC_KEYS)
_ANSWER_KEYS = ("kind", "version", "certificate", "province")


@dataclass(frozen=True, slots=True)
class Request:
    """A desk that asks to be enrolled; ``desk.words()`` are to be compared by telephone."""

    desk: Public
    made_at: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The province's answer; ``province.desk.words()`` are to be compared by telephone."""

    certificate: Certificate
    province: Certificate


def register_own_device(
    cursor: Any, device: str, profile: str, unit: str, label: str, at: str
) -> DeviceKeys:
    """Make this desk's keys and its row; call once when a vault is made or was restored (I6).

    A province's desk certifies itself: it is the root that communes compare by telephone.
    In a restored vault the links of the former device end here: after enrolment each peer is
    sent everything again and hands back what the copy lacks.

    Args:
        cursor: of the open transaction.
        device: a new device id; a restored vault takes another one than before.
        profile: ``commune`` or ``province``.
        unit: administrative unit id.
        label: how other desks show this one.
        at: moment.
    """
    for table in ("link", "link_case", "bundle_in", "bundle_out"):
        cursor.execute(f"DELETE FROM {table}")
    hub_state.begin_anew(cursor)
    keys = DeviceKeys.generate(device)
    keys.save(cursor)
    desk = Public(device, profile, unit, label, keys.signing.verify_key.raw, keys.recipient)
    if profile == "province":
        serial = next_serial(cursor)
        learn(cursor, Certificate.sign(desk, serial, at, device, (), keys.signing))
    else:
        cursor.execute(
            "INSERT OR REPLACE INTO device (device, profile, unit, label, verify_key, recipient) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (device, profile, unit, label, desk.verify_key, desk.recipient),
        )
    return keys


def own_desk(cursor: Any, device: str) -> Public:
    """This desk's public data; for its fingerprint words, for example.

    Raises:
        NotSetUp: the vault has no keys yet.
    """
    return _desk(cursor, device)


def request_file(cursor: Any, device: str, at: str) -> bytes:
    """What this desk hands to the province.

    Raises:
        NotSetUp: the vault has no keys yet.
    """
    keys = DeviceKeys.load(cursor, device)
    members = {
        **_desk(cursor, device).as_json(),
        "kind": _REQUEST,
        "made_at": at,
        "version": VERSION,
    }
    signature = keys.signing.sign(_LABEL, dump_canonical(members))
    return dump_canonical({**members, "signature": signature.hex()})


def read_request(data: bytes) -> Request:
    """Read and check a request; enrols nobody yet.

    Raises:
        EnrolmentRefused, EnrolmentNewer: nothing was taken from it.
    """
    try:
        shape = Shape.read(data, _REQUEST_KEYS, MAX_REQUEST)
        shape.fixed("kind", _REQUEST)
        if shape.number("version", 1) > VERSION:
            raise EnrolmentNewer("request-version")
        desk = Public.of(shape)
        made_at = shape.match("made_at", MOMENT)
        signature = shape.octets("signature", SIGNATURE_SIZE)
    except WireInvalid as error:
        raise EnrolmentRefused(f"request: {error}") from error
    members = {**desk.as_json(), "kind": _REQUEST, "made_at": made_at, "version": VERSION}
    try:
        VerifyKey(desk.verify_key).verify(_LABEL, dump_canonical(members), signature)
    except BadSignature as error:
        raise EnrolmentRefused("request-signature") from error
    return Request(desk, made_at)


def certify(
    cursor: Any,
    device: str,
    request: Request,
    at: str,
    officers: tuple[Officer, ...] = (),
) -> bytes:
    """Sign a certificate after the words were compared, and open the link.

    Certifying the same desk again gives a newer certificate and keeps the link.

    Returns:
        The answer file for that desk.

    Raises:
        OnlyProvince: this is not a province's desk.
        EnrolmentConflict: the desk is known with other keys, was revoked, or is this desk.
        PracticeMixed: one of the two desks is of practice.
        NotSetUp: the vault has no keys yet.
    """
    own = _desk(cursor, device)
    if own.profile != "province":
        raise OnlyProvince("profile")
    desk = request.desk
    keep_apart(own.unit, desk.unit)
    if desk.device == device or desk.verify_key == own.verify_key:
        raise EnrolmentConflict("own-device")
    cursor.execute(
        "SELECT 1 FROM device WHERE device <> ? AND verify_key = ?", (desk.device, desk.verify_key)
    )
    if cursor.fetchone() is not None:
        raise EnrolmentConflict("key-of-another")
    cursor.execute(
        "SELECT 1 FROM device WHERE device = ? AND revoked_on IS NOT NULL", (desk.device,)
    )
    if cursor.fetchone() is not None:
        # A lost PC stays out for ever; the desk that replaces it has keys of its own.
        raise EnrolmentConflict("revoked")
    cursor.execute(
        "SELECT 1 FROM device WHERE device = ? AND verify_key <> ?", (desk.device, desk.verify_key)
    )
    if cursor.fetchone() is not None:
        # An old request, or not that desk: new keys are asked for in another way.
        raise EnrolmentConflict("keys")
    keys = DeviceKeys.load(cursor, device)
    before = _unit_of(cursor, desk.device)
    certificate = Certificate.sign(
        desk, next_serial(cursor), at, device, officers, keys.signing,
        steps_before(cursor, desk.device),
    )  # fmt: skip
    learn(cursor, certificate)
    cursor.execute("INSERT OR IGNORE INTO link (device) VALUES (?)", (desk.device,))
    if before is not None and before != desk.unit:
        # Another unit, other cases: what was not in scope before is owed from the start.
        cursor.execute("UPDATE link SET acked_pos = 0 WHERE device = ?", (desk.device,))
    return answer_file(certificate, _certificate(cursor, device))


def answer_file(certificate: Certificate, province: Certificate) -> bytes:
    """A desk's certificate with that of the province's desk that signed it."""
    return dump_canonical(
        {
            "certificate": in_base64(certificate.encode()),
            "kind": _ANSWER,
            "province": in_base64(province.encode()),
            "version": VERSION,
        }
    )


def read_answer(data: bytes, own: Public) -> Answer:
    """Read the province's answer for this desk; installs nothing yet.

    Raises:
        EnrolmentRefused, EnrolmentNewer: damaged, altered, or for another desk.
        PracticeMixed: one of the two desks is of practice.
    """
    try:
        shape = Shape.read(data, _ANSWER_KEYS, MAX_ANSWER)
        shape.fixed("kind", _ANSWER)
        if shape.number("version", 1) > VERSION:
            raise EnrolmentNewer("answer-version")
        certificate = Certificate.decode(shape.base64("certificate", 2 * MAX_CERTIFICATE))
        province = Certificate.decode(shape.base64("province", 2 * MAX_CERTIFICATE))
    except WireInvalid as error:
        raise EnrolmentRefused(f"answer: {error}") from error
    root = province.desk
    keep_apart(own.unit, root.unit)
    if root.profile != "province" or province.issuer != root.device:
        raise EnrolmentRefused("answer-root")
    province.verify(VerifyKey(root.verify_key))
    if certificate.issuer != root.device:
        raise EnrolmentRefused("answer-issuer")
    certificate.verify(VerifyKey(root.verify_key))
    if certificate.desk != own:
        raise EnrolmentRefused("answer-for-another")
    return Answer(certificate, province)


def root_file(cursor: Any, device: str) -> bytes:
    """The province's own certificate, for the hub that is to trust it.

    Raises:
        OnlyProvince: this is not a province's desk.
        NotSetUp: the vault has no keys yet.
    """
    certificate = _certificate(cursor, device) if _is_province(cursor, device) else None
    if certificate is None:
        raise OnlyProvince("profile")
    return certificate.encode()


def own_certificate(cursor: Any, device: str) -> bytes:
    """The certificate of this desk.

    Raises:
        NotSetUp: no province signed one yet.
    """
    return _certificate(cursor, device).encode()


def certified_by(cursor: Any, device: str, peer: str) -> bytes | None:
    """The certificate that *device* itself signed for *peer*, if it did."""
    cursor.execute("SELECT certificate FROM device WHERE device = ?", (peer,))
    row = cursor.fetchone()
    if row is None or row[0] is None or Certificate.decode(bytes(row[0])).issuer != device:
        return None
    return bytes(row[0])


def check_may_withdraw(own: Public, device: str) -> None:
    """Only a province shuts out desks, and never itself.

    Raises:
        OnlyProvince, EnrolmentConflict: it may not.
    """
    if own.profile != "province":
        raise OnlyProvince("profile")
    if device == own.device:
        raise EnrolmentConflict("own-device")


def certificates_in(data: bytes) -> tuple[Certificate, ...]:
    """The certificates of a file: a desk's and the province's, or one alone.

    Nothing is said about who signed them.

    Raises:
        EnrolmentRefused, EnrolmentNewer: there is none.
    """
    try:
        shape = Shape.read(data, _ANSWER_KEYS, MAX_ANSWER)
        shape.fixed("kind", _ANSWER)
        texts = [
            shape.base64("certificate", 2 * MAX_CERTIFICATE),
            shape.base64("province", 2 * MAX_CERTIFICATE),
        ]
    except WireInvalid:
        texts = [data]
    return tuple(Certificate.decode(text) for text in texts)


def install(cursor: Any, device: str, answer: Answer) -> None:
    """Take the certificate and open the link to the province, after the words were compared.

    Raises:
        EnrolmentConflict: this desk trusts another province's desk already.
    """
    root = answer.province.desk
    cursor.execute(
        "SELECT 1 FROM device WHERE profile = 'province' AND device NOT IN (?, ?) "
        "AND certificate IS NOT NULL AND revoked_on IS NULL",
        (root.device, device),
    )
    if cursor.fetchone() is not None:
        raise EnrolmentConflict("another-province")
    learn(cursor, answer.province)
    learn(cursor, answer.certificate)
    cursor.execute("INSERT OR IGNORE INTO link (device) VALUES (?)", (root.device,))


def keep_apart(unit: str, other: str) -> None:
    """Refuse when one of two units is of practice and the other is not.

    Raises:
        PracticeMixed: in words.
    """
    if is_practice(unit) != is_practice(other):
        raise PracticeMixed


def revoke(cursor: Any, device: str, on: str) -> None:
    """Withdraw a desk's access: from now on nothing of it is taken in and nothing sent to it."""
    cursor.execute(
        "UPDATE device SET revoked_on = ? WHERE device = ? AND revoked_on IS NULL", (on, device)
    )
    # What waits for an earlier bundle of it will never be taken in.
    cursor.execute("DELETE FROM bundle_in WHERE device = ? AND waiting IS NOT NULL", (device,))


def _desk(cursor: Any, device: str) -> Public:
    cursor.execute(
        "SELECT profile, unit, label, verify_key, recipient FROM device WHERE device = ?", (device,)
    )
    row = cursor.fetchone()
    if row is None or row[3] is None or row[4] is None:
        raise NotSetUp("no-device")
    return Public(device, row[0], row[1], row[2], bytes(row[3]), row[4])


def steps_before(cursor: Any, device: str) -> tuple[Step, ...]:
    """The keys that a desk had before; a certificate that is signed anew names them again."""
    cursor.execute("SELECT certificate FROM device WHERE device = ?", (device,))
    row = cursor.fetchone()
    return Certificate.decode(bytes(row[0])).before if row is not None and row[0] else ()


def _is_province(cursor: Any, device: str) -> bool:
    return _desk(cursor, device).profile == "province"


def _certificate(cursor: Any, device: str) -> Certificate:
    cursor.execute("SELECT certificate FROM device WHERE device = ?", (device,))
    row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotSetUp("no-certificate")
    return Certificate.decode(bytes(row[0]))


def _unit_of(cursor: Any, device: str) -> str | None:
    cursor.execute("SELECT unit FROM device WHERE device = ?", (device,))
    row = cursor.fetchone()
    return None if row is None else str(row[0])


def next_serial(cursor: Any) -> int:
    """The number of the next certificate that this desk signs."""
    cursor.execute("SELECT value FROM meta WHERE key = 'certificate-serial'")
    row = cursor.fetchone()
    serial = int(row[0]) + 1 if row else 1
    cursor.execute("INSERT OR REPLACE INTO meta VALUES ('certificate-serial', ?)", (str(serial),))
    return serial
