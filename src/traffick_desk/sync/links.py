"""The state of each link: numbers, heads, receipts, what is on the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from traffick_desk.store.audit import Head
from traffick_desk.store.changes import CHAIN_START, link_chain
from traffick_desk.sync import documents, hub_state
from traffick_desk.sync.errors import Forked, NoSuchPeer, VaultRestored
from traffick_desk.sync.manifest import (
    DOCUMENTS_FORMAT,
    MAX_RECEIPTS,
    NO_DIGEST,
    Heads,
    Manifest,
    Receipt,
)
from traffick_desk.sync.reports import LinkView
from traffick_desk.sync.scope import Party, owed, party

_HALTED = "sync-halted"


@dataclass(frozen=True, slots=True)
class Link:
    """One row of table ``link`` and who is at its other end."""

    peer: Party
    label: str
    recipient: str | None
    revoked: bool
    sent_number: int
    sent_digest: bytes
    acked_number: int
    acked_pos: int
    received_number: int
    seen: Heads
    reads: int = 1


def load(cursor: Any, device: str) -> Link:
    """The link to *device*.

    Raises:
        NoSuchPeer: there is none.
    """
    cursor.execute(
        "SELECT d.profile, d.unit, d.label, d.recipient, d.revoked_on, l.sent_number, "
        "l.sent_digest, l.acked_number, l.acked_pos, l.received_number, l.peer_seq, "
        "l.peer_chain, l.peer_audit_seq, l.peer_audit_chain, l.peer_reads "
        "FROM link l JOIN device d ON d.device = l.device WHERE l.device = ?",
        (device,),
    )
    row = cursor.fetchone()
    if row is None:
        raise NoSuchPeer("no-link")
    return Link(
        peer=Party(device, row[0], row[1]),
        label=row[2],
        recipient=row[3],
        revoked=row[4] is not None,
        sent_number=row[5],
        sent_digest=_digest(row[6]),
        acked_number=row[7],
        acked_pos=row[8],
        received_number=row[9],
        seen=Heads(Head(row[10], _digest(row[11])), Head(row[12], _digest(row[13]))),
        reads=row[14],
    )


def _digest(value: bytes | None) -> bytes:
    return NO_DIGEST if value is None else bytes(value)


def peers(cursor: Any) -> list[str]:
    """Device ids of all linked desks that were not revoked."""
    cursor.execute(
        "SELECT l.device FROM link l JOIN device d ON d.device = l.device "
        "WHERE d.revoked_on IS NULL ORDER BY d.profile DESC, d.label, l.device"
    )
    return [device for (device,) in cursor.fetchall()]


def views(cursor: Any, own_device: str) -> tuple[LinkView, ...]:
    """All links as a person sees them."""
    own = party(cursor, own_device)
    cursor.execute(
        "SELECT l.device, d.label, d.unit, l.acked_on, l.received_on, l.sent_pos, "
        "d.revoked_on IS NOT NULL, (SELECT count(*) FROM bundle_in b WHERE b.device = l.device "
        "AND b.waiting IS NOT NULL) FROM link l JOIN device d ON d.device = l.device "
        "ORDER BY d.profile DESC, d.label, l.device"
    )
    found = []
    for device, label, unit, acked_on, received_on, sent_pos, revoked, waiting in cursor.fetchall():
        unsent = carried = 0
        owing = (0, 0)
        if own is not None and not revoked:
            link = load(cursor, device)
            positions = owed(cursor, own, link.peer, link.acked_pos, link.acked_number).positions
            unsent = sum(1 for pos in positions if pos > sent_pos)
            carried = len(positions) - unsent
            if link.reads >= DOCUMENTS_FORMAT:
                owing = documents.summary(cursor, own, link.peer)
        found.append(
            LinkView(
                device, label, unit, unsent, carried, acked_on or "", received_on or "", waiting,
                bool(revoked), *owing, hub_state.sent_at(cursor, device) if carried else "",
            )
        )  # fmt: skip
    return tuple(found)


def case_states(cursor: Any, cases: Sequence[str]) -> dict[str, str]:
    """For each case where its newest change made here is: ``here``, ``carried``, ``received``.

    What other desks wrote does not count: they have it. A province's desk asks the commune of the
    case; what another commune confirmed says nothing about it.
    """
    cursor.execute(
        "SELECT d.profile, d.unit, max(l.acked_pos), max(l.sent_pos) FROM link l "
        "JOIN device d ON d.device = l.device GROUP BY d.profile, d.unit"
    )
    known = {(profile, unit): (acked, sent) for profile, unit, acked, sent in cursor.fetchall()}
    above = [found for (profile, _unit), found in known.items() if profile == "province"]
    upwards = (max(a for a, _s in above), max(s for _a, s in above)) if above else (0, 0)
    cursor.execute(
        "SELECT value, (SELECT unit FROM r_case WHERE id = value), "
        "coalesce((SELECT max(pos) FROM journal WHERE case_id = value AND via IS NULL), 0) "
        "FROM json_each(?)",
        (json.dumps(list(cases)),),
    )
    states = {}
    for case, unit, newest in cursor.fetchall():
        acked, sent = known.get(("commune", unit), upwards)
        states[case] = "received" if newest <= acked else "carried" if newest <= sent else "here"
    return states


def case_received_on(cursor: Any, case: str) -> str:
    """When the other side had the newest change made here of a case, or "".

    The day that the receipt of the first bundle that covers it states.
    """
    cursor.execute(
        "SELECT b.acked_at FROM bundle_out b JOIN device d ON d.device = b.device "
        "WHERE b.acked_at IS NOT NULL AND b.pos >= "
        "(SELECT max(pos) FROM journal WHERE case_id = :case AND via IS NULL) "
        "AND (d.profile = 'province' OR d.unit = (SELECT unit FROM r_case WHERE id = :case)) "
        "ORDER BY b.pos, b.number LIMIT 1",
        {"case": case},
    )
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def own_heads(cursor: Any, device: str, top: int) -> Heads:
    """Where this desk's journal, up to position *top*, and its log stand."""
    cursor.execute(
        "SELECT seq, chain FROM journal WHERE device = ? AND pos <= ? ORDER BY seq DESC LIMIT 1",
        (device, top),
    )
    row = cursor.fetchone()
    journal = Head(row[0], bytes(row[1])) if row else Head(0, NO_DIGEST)
    cursor.execute("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1")
    row = cursor.fetchone()
    return Heads(journal, Head(row[0], bytes(row[1])) if row else Head(0, NO_DIGEST))


def receipts(cursor: Any, device: str) -> tuple[Receipt, ...]:
    """What this desk took in from a peer, newest first."""
    cursor.execute(
        "SELECT number, digest, received_at FROM bundle_in WHERE device = ? AND waiting IS NULL "
        "ORDER BY number DESC LIMIT ?",
        (device, MAX_RECEIPTS),
    )
    return tuple(Receipt(n, bytes(digest), at) for n, digest, at in cursor.fetchall())


def check_own_history(cursor: Any, device: str, manifest: Manifest) -> None:
    """What the peer saw of this desk must be this desk's own past.

    Raises:
        VaultRestored: this file is an older or another copy.
    """
    seen = manifest.seen
    for head, question in (
        (seen.journal, "SELECT chain FROM journal WHERE device = ? AND seq = ?"),
        (seen.audit, "SELECT chain FROM audit WHERE ? <> '' AND seq = ?"),
    ):
        if head.seq:
            cursor.execute(question, (device, head.seq))
            row = cursor.fetchone()
            if row is None or row[0] is None or bytes(row[0]) != head.chain:
                raise VaultRestored("heads")
    for receipt in manifest.receipts:
        cursor.execute(
            "SELECT digest FROM bundle_out WHERE device = ? AND number = ?",
            (manifest.sender, receipt.number),
        )
        row = cursor.fetchone()
        if row is None or bytes(row[0]) != receipt.digest:
            raise VaultRestored("receipt")


def check_peer_history(cursor: Any, link: Link, manifest: Manifest, digest: bytes) -> None:
    """A bundle must agree with its neighbours and with what was seen of the peer before.

    Raises:
        Forked: the peer tells another history than before.
    """
    cursor.execute(
        "SELECT number, digest, previous FROM bundle_in WHERE device = ? AND number IN (?, ?, ?)",
        (link.peer.device, manifest.number - 1, manifest.number, manifest.number + 1),
    )
    for number, known, previous in cursor.fetchall():
        if (
            (number == manifest.number and bytes(known) != digest)
            or (number < manifest.number and bytes(known) != manifest.previous)
            or (number > manifest.number and bytes(previous) != digest)
        ):
            raise Forked("bundle")
    newer = manifest.number > link.received_number
    now, before = manifest.heads.audit, link.seen.audit
    if now.seq == before.seq:
        if now.chain != before.chain:
            raise Forked("head")
    elif newer != (now.seq > before.seq):
        raise Forked("head")
    # The journal may stand further back in a later bundle: what an earlier one carried whole is
    # cut into several once there is too much of it. It must then be the same past.
    now, before = manifest.heads.journal, link.seen.journal
    if now.seq == before.seq:
        if now.chain != before.chain:
            raise Forked("head")
    elif now.seq < before.seq and not _passed(cursor, link.peer, now):
        raise Forked("head")


def _passed(cursor: Any, peer: Party, head: Head) -> bool:
    """Whether a peer's journal stood at *head* once, as far as this desk can tell.

    A commune brings all its changes, so that its chain can be walked again; of a province's
    desk others have a part alone.
    """
    if peer.profile != "commune" or not head.seq:
        return head.seq > 0 or head.chain == NO_DIGEST
    chain, seq = CHAIN_START, 0
    cursor.execute(
        "SELECT body FROM journal WHERE device = ? AND seq <= ? ORDER BY seq",
        (peer.device, head.seq),
    )
    for (body,) in cursor:
        chain, seq = link_chain(chain, bytes(body)), seq + 1
    return seq == head.seq and chain == head.chain


def take_receipts(cursor: Any, link: Link, manifest: Manifest) -> int:
    """Note what the peer confirmed; the number of bundles newly confirmed."""
    confirmed = 0
    documents.take_receipts(cursor, link.peer.device, manifest)
    for receipt in manifest.receipts:
        # Each bundle carries all since the one it builds on, so those before are settled too.
        cursor.execute(
            "UPDATE bundle_out SET acked_at = ? "
            "WHERE device = ? AND number <= ? AND acked_at IS NULL",
            (receipt.at, link.peer.device, receipt.number),
        )
        confirmed += cursor.rowcount
    newest = max(manifest.receipts, key=lambda r: r.number, default=None)
    if newest is not None and newest.number > link.acked_number:
        cursor.execute(
            "UPDATE link SET acked_number = :number, acked_on = :at, "
            "acked_pos = max(acked_pos, b.pos), sent_pos = max(sent_pos, b.pos) "
            "FROM bundle_out b WHERE link.device = :device "
            "AND b.device = :device AND b.number = :number",
            {"number": newest.number, "at": newest.at, "device": link.peer.device},
        )
    return confirmed


def record_received(cursor: Any, link: Link, manifest: Manifest, digest: bytes, at: str) -> None:
    """Note that a bundle was taken in."""
    cursor.execute(
        "INSERT OR REPLACE INTO bundle_in (device, number, digest, previous, received_at, waiting) "
        "VALUES (?, ?, ?, ?, ?, NULL)",
        (manifest.sender, manifest.number, digest, manifest.previous, at),
    )
    heads = manifest.heads
    if manifest.number > link.received_number:
        cursor.execute(
            "UPDATE link SET received_number = ?, received_digest = ?, received_on = ?, "
            "peer_audit_seq = ?, peer_audit_chain = ?, peer_reads = ? WHERE device = ?",
            (
                manifest.number, digest, at, heads.audit.seq, heads.audit.chain, manifest.reads,
                manifest.sender,
            ),
        )  # fmt: skip
    if heads.journal.seq > link.seen.journal.seq:
        cursor.execute(
            "UPDATE link SET peer_seq = ?, peer_chain = ? WHERE device = ?",
            (heads.journal.seq, heads.journal.chain, manifest.sender),
        )


def halt(cursor: Any, device: str) -> None:
    """Remember that this vault is an older copy; it sends nothing until it is enrolled anew."""
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_HALTED, device))


def check_not_halted(cursor: Any, device: str) -> None:
    """Refuse to speak for a device whose newer history is elsewhere.

    Raises:
        VaultRestored: :func:`halt` was called for this device.
    """
    cursor.execute("SELECT 1 FROM meta WHERE key = ? AND value = ?", (_HALTED, device))
    if cursor.fetchone() is not None:
        raise VaultRestored("halted")
