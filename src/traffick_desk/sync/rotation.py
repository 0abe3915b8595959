"""New keys for a desk that goes on: asked for in its bundles, answered by a certificate.

Nobody reads words over the telephone for it: the key that the province knows signs the new one, and
the new one signs in return. So it helps against a key that has been in use for long, or a PC that
was out of sight; whoever *has* the key of a desk could ask as well, and such a desk is withdrawn.

The desk goes on signing with its former key until the certificate is here. The province seals to
the new one at once, which the desk can open already, and takes what the former key signed until
the first bundle that the new one signed: what was on its way is not lost, and later nothing counts
that the former key signs.
"""

from __future__ import annotations

import json
from typing import Any

from traffick_desk.store.changes import Change, dump_canonical
from traffick_desk.sync import enrolment
from traffick_desk.sync.certificate import (
    MAX_STEPS,
    RECIPIENT,
    Certificate,
    Public,
    Step,
    consent,
    learn,
)
from traffick_desk.sync.errors import EnrolmentConflict, EnrolmentRefused
from traffick_desk.sync.keys import DeviceKeys, key_id
from traffick_desk.vault.age import parse_recipient
from traffick_desk.vault.errors import BadSignature, RecipientRefused
from traffick_desk.vault.signing import KEY_SIZE, SIGNATURE_SIZE, VerifyKey

RECORD = "desk_key"
_LABEL = "new-key-proof"
_FORMER = "key-before:"


def begin(cursor: Any, device: str) -> dict[str, str]:
    """Make new keys that wait for the province; what the record :data:`RECORD` is to say.

    Asked again before the answer is here, the same keys go on waiting.

    Raises:
        NotSetUp: this desk is not enrolled.
        EnrolmentConflict: it is the province's own desk, whose key others hold its trust by; a new
            PC with the sheets is the way there.
    """
    own = Certificate.decode(enrolment.own_certificate(cursor, device))
    if own.issuer == device:
        raise EnrolmentConflict("own-device")
    keys = DeviceKeys.load(cursor, device)
    waiting = DeviceKeys.next(cursor, device)
    if waiting is None:
        waiting = DeviceKeys.generate(device)
        waiting.keep_as_next(cursor)
    new = waiting.signing.verify_key.raw
    said = {"device": device, "recipient": waiting.recipient, "verify_key": new.hex()}
    return {
        **said,
        "consent": consent(device, keys.signing, new).hex(),
        "proof": waiting.signing.sign(_LABEL, dump_canonical(said)).hex(),
    }


def waits(cursor: Any, device: str) -> bool:
    """Whether this desk waits for the province's answer."""
    return DeviceKeys.next(cursor, device) is not None


def answer(cursor: Any, device: str, change: Change, at: str) -> bool:
    """Province: certify the new keys that a desk asks for; whether it did.

    What is not in order is left alone: the desk goes on under the key that is known.

    Args:
        cursor: of the transaction.
        device: this desk.
        change: of type :data:`RECORD`, taken in.
        at: moment of the certificate.
    """
    known = enrolment.certified_by(cursor, device, change.device)
    if known is None or change.device == device:
        return False
    cursor.execute("SELECT revoked_on FROM device WHERE device = ?", (change.device,))
    if cursor.fetchone()[0] is not None or _former(cursor, change.device, settled=False):
        # One after the other: what the key before signed may still be under way.
        return False
    certificate = Certificate.decode(known)
    try:
        desk, step = _asked(certificate, change)
    except EnrolmentRefused:
        return False
    cursor.execute("SELECT 1 FROM device WHERE verify_key = ?", (desk.verify_key,))
    if cursor.fetchone() is not None or len(certificate.before) >= MAX_STEPS:
        return False
    keys = DeviceKeys.load(cursor, device)
    anew = Certificate.sign(
        desk, enrolment.next_serial(cursor), at, device, certificate.officers, keys.signing,
        (*certificate.before, step),
    )  # fmt: skip
    learn(cursor, anew)
    _note(cursor, desk.device, step.verify_key, 0)
    return True


def _asked(certificate: Certificate, change: Change) -> tuple[Public, Step]:
    """What a change asks for, both signatures checked.

    Raises:
        EnrolmentRefused: it is not in order.
    """
    known, values = certificate.desk, change.fields
    try:
        said = {name: values[name] for name in ("device", "recipient", "verify_key")}
        new, proof, agreed = (
            bytes.fromhex(values[name]) for name in ("verify_key", "proof", "consent")
        )
        parse_recipient(said["recipient"])
    except (KeyError, TypeError, ValueError, RecipientRefused) as error:
        raise EnrolmentRefused("new-key") from error
    step = Step(known.verify_key, agreed)
    if (
        said["device"] != change.device
        or new == known.verify_key
        or len(new) != KEY_SIZE
        or len(proof) != SIGNATURE_SIZE
        or RECIPIENT.fullmatch(said["recipient"]) is None
        or not step.leads_to(known.device, new)
    ):
        raise EnrolmentRefused("new-key")
    try:
        VerifyKey(new).verify(_LABEL, dump_canonical(said), proof)
    except BadSignature as error:
        raise EnrolmentRefused("new-key") from error
    public = Public(
        known.device, known.profile, known.unit, known.label, new, said["recipient"]
    )  # fmt: skip
    return public, step


def take(cursor: Any, device: str, certificate: Certificate) -> None:
    """At the desk itself: take its new keys into use, now that they are certified.

    To be called for a certificate of this very desk, before it is learnt.

    Raises:
        EnrolmentConflict: it names keys that this desk does not have.
    """
    keys = DeviceKeys.load(cursor, device)
    named = certificate.desk.verify_key, certificate.desk.recipient
    if named == (keys.signing.verify_key.raw, keys.recipient):
        return
    if certificate.follows(keys.signing.verify_key.raw):
        waiting = DeviceKeys.next(cursor, device)
        if waiting is not None and named == (waiting.signing.verify_key.raw, waiting.recipient):
            waiting.take_into_use(cursor)
            return
    elif Certificate.decode(enrolment.own_certificate(cursor, device)).follows(named[0]):
        # An older one, from before the last change of keys.
        return
    raise EnrolmentConflict("keys")


# -- at the province, while both keys count ------------------------------------------------------


def former_keys(cursor: Any) -> list[bytes]:
    """The keys that desks had before; which of their bundles count :func:`may_sign` says."""
    cursor.execute(
        "SELECT value FROM meta WHERE key >= ? AND key < ?", (_FORMER, _FORMER[:-1] + ";")
    )
    return [bytes.fromhex(json.loads(value)["key"]) for (value,) in cursor.fetchall()]


def may_sign(cursor: Any, device: str, signer: bytes, number: int, current: bytes | None) -> bool:
    """Whether bundle *number* of a desk counts with the signature of the key called *signer*.

    The first bundle with the current key's signature ends the time of the one before.
    """
    former = _former(cursor, device)
    if current is not None and key_id(current) == signer:
        if former is not None and (not former[1] or number < former[1]):
            _note(cursor, device, former[0], number)
        return True
    return (
        former is not None
        and key_id(former[0]) == signer
        and (not former[1] or number < former[1])
    )  # fmt: skip


def is_new(cursor: Any, device: str) -> bool:
    """Whether a desk has shown by nothing yet that its new certificate arrived."""
    return _former(cursor, device, settled=False) is not None


def _former(cursor: Any, device: str, *, settled: bool = True) -> tuple[bytes, int] | None:
    """The key before and from which bundle on it counts no more, 0 while that is open."""
    cursor.execute("SELECT value FROM meta WHERE key = ?", (_FORMER + device,))
    row = cursor.fetchone()
    if row is None:
        return None
    found = json.loads(row[0])
    if found["until"] and not settled:
        return None
    return bytes.fromhex(found["key"]), int(found["until"])


def _note(cursor: Any, device: str, key: bytes, until: int) -> None:
    value = json.dumps({"key": key.hex(), "until": until})
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_FORMER + device, value))
