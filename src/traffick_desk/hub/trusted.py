"""Whom the hub trusts: provinces, the desks they certified, and whom they shut out or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from traffick_desk.hub.errors import NotAProvince, Refused
from traffick_desk.hub.tables import desk, letter, now, revoked, root
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.errors import SyncError
from traffick_desk.sync.hub_wire import Revocations
from traffick_desk.sync.succession import Letter
from traffick_desk.vault.signing import VerifyKey

if TYPE_CHECKING:
    from traffick_desk.hub.access import Caller


def trust(connection: Connection, certificate: Certificate) -> None:
    """Take the word of a province's desk, whose words were compared.

    Raises:
        NotAProvince: it is no self-signed certificate of a province's desk.
    """
    public = certificate.desk
    if public.profile != "province" or certificate.issuer != public.device:
        raise NotAProvince
    key = VerifyKey(public.verify_key)
    try:
        certificate.verify(key)
    except SyncError as error:
        raise NotAProvince from error
    connection.execute(
        insert(root).values(
            device=public.device,
            unit=public.unit,
            label=public.label,
            verify_key=public.verify_key,
            revocations=0,
        )
    )
    # So that communes can send before the province has called for the first time.
    learn(connection, certificate)


def learn(connection: Connection, certificate: Certificate) -> None:
    """Take a desk that a trusted province certified.

    Raises:
        Refused: 403 with ``certificate`` or ``revoked``.
    """
    public = certificate.desk
    issuer = connection.execute(
        select(root.c.verify_key).where(root.c.device == certificate.issuer)
    ).scalar()
    if issuer is None:
        raise Refused(403, "certificate")
    try:
        certificate.verify(VerifyKey(bytes(issuer)))
    except SyncError as error:
        raise Refused(403, "certificate") from error
    if letters_from(connection, certificate.issuer):
        # Not shut out: its province has a new PC, and what the old one signed counts no more.
        raise Refused(403, "succeeded")
    if _is_revoked(connection, public.device, certificate.issuer):
        raise Refused(403, "revoked")
    known = connection.execute(
        select(desk.c.verify_key, desk.c.serial, desk.c.root).where(desk.c.device == public.device)
    ).first()
    values: dict[str, Any] = {
        "profile": public.profile,
        "unit": public.unit,
        "label": public.label,
        "serial": certificate.serial,
    }
    if known is None:
        connection.execute(
            insert(desk).values(
                device=public.device,
                root=certificate.issuer,
                verify_key=public.verify_key,
                added_at=now(),
                **values,
            )
        )
        return
    key = bytes(known.verify_key)
    # One id never changes hands: new keys count if the key that is known gave its place to them.
    if known.root != certificate.issuer or (
        key != public.verify_key and not certificate.follows(key)
    ):
        raise Refused(403, "certificate")
    if certificate.serial > known.serial:
        connection.execute(
            update(desk)
            .where(desk.c.device == public.device)
            .values(verify_key=public.verify_key, **values)
        )


def introduce(connection: Connection, caller: Caller, data: bytes) -> None:
    """Take the certificate of another desk from the province that signed it.

    Raises:
        Refused: 403 with ``certificate``, ``revoked`` or ``succeeded``.
    """
    try:
        certificate = Certificate.decode(data)
    except SyncError as error:
        raise Refused(403, "certificate") from error
    if certificate.issuer != caller.device:
        raise Refused(403, "certificate")
    learn(connection, certificate)


def succeed(connection: Connection, given: Letter) -> bool:
    """Let a province's new PC take the place of one that this hub trusts; whether that is new.

    The desks of the old one are the new one's; the old one is refused from now on. What waits
    for the old one stays until it is too old: communes send it to the new one again.

    Raises:
        NotAProvince: the old desk is not trusted here, or did not sign the letter, or another
            one took its place.
    """
    old, new = given.predecessor, given.desk
    key = connection.execute(select(root.c.verify_key).where(root.c.device == old)).scalar()
    if key is None:
        raise NotAProvince
    try:
        given.verify(VerifyKey(bytes(key)))
    except SyncError as error:
        raise NotAProvince from error
    before = connection.execute(select(letter.c.new).where(letter.c.old == old)).scalar()
    if before is not None:
        # The first letter counts: the old key may be in other hands by now.
        if before != new.device:
            raise NotAProvince
        return False
    known = connection.execute(select(root.c.device).where(root.c.device == new.device)).first()
    if known is None:
        trust(connection, given.root)
    connection.execute(
        insert(letter).values(old=old, new=new.device, body=given.encode(), at=now())
    )
    connection.execute(
        update(desk).where(desk.c.root == old, desk.c.device != old).values(root=new.device)
    )
    revoke(connection, old, "province")
    return True


def letters_from(connection: Connection, device: str) -> list[bytes]:
    """The letters that lead from a province's desk to the one in its place now, in order."""
    found: list[bytes] = []
    seen = {device}
    while (
        row := connection.execute(
            select(letter.c.new, letter.c.body).where(letter.c.old == device)
        ).first()
    ) and row.new not in seen:
        found.append(bytes(row.body))
        device = row.new
        seen.add(device)
    return found


def take_revocations(connection: Connection, caller: Caller, data: bytes) -> int:
    """Shut out the desks of a list that a trusted province signed; how many are new.

    Raises:
        Refused: 403 with ``revocation``.
    """
    try:
        given = Revocations.decode(data)
        row = connection.execute(
            select(root.c.verify_key, root.c.revocations).where(root.c.device == given.issuer)
        ).first()
        if row is None or given.issuer != caller.root:
            raise Refused(403, "revocation")
        given.verify(VerifyKey(bytes(row.verify_key)))
    except SyncError as error:
        raise Refused(403, "revocation") from error
    if given.number < row.revocations:
        return 0
    connection.execute(
        update(root).where(root.c.device == given.issuer).values(revocations=given.number)
    )
    # A province speaks for its own desks only.
    return sum(
        revoke(connection, device, "province")
        for device in given.revoked
        if _is_of(connection, device, given.issuer)
    )


def revoke(connection: Connection, device: str, source: str) -> bool:
    """Shut out a desk for ever; whether that is new."""
    known = connection.execute(select(revoked.c.device).where(revoked.c.device == device)).first()
    if known is None:
        connection.execute(insert(revoked).values(device=device, at=now(), source=source))
    return known is None


def _is_revoked(connection: Connection, device: str, issuer: str) -> bool:
    found = connection.execute(
        select(revoked.c.device).where(revoked.c.device.in_((device, issuer))).limit(1)
    ).first()
    return found is not None


def _is_of(connection: Connection, device: str, issuer: str) -> bool:
    found = connection.execute(select(desk.c.root).where(desk.c.device == device)).scalar()
    return found in (None, issuer) and device != issuer
