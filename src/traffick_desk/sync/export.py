"""Making bundles: everything that a peer is owed, numbered and sealed.

The number of a bundle is durable before its first byte can leave, so a number
is never used for two contents, whatever happens to the carrier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traffick_desk import __version__
from traffick_desk.domain.belonging import is_unit
from traffick_desk.i18n import N_, _
from traffick_desk.store.store import Store, Work
from traffick_desk.sync import bundle, documents, links, rotation, scope
from traffick_desk.sync.carriers import Carrier
from traffick_desk.sync.documents import Piece
from traffick_desk.sync.errors import NotSetUp, PeerRevoked
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.manifest import CHANGES_FORMAT, DOCUMENTS_FORMAT, Manifest, PartInfo
from traffick_desk.sync.parts import pack
from traffick_desk.sync.reports import ExportReport, Progress, quiet

# Raw bytes of changes in one bundle: what a PC of 4 GB takes in without strain.
MOST_RAW = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """A sealed bundle that is numbered but on no carrier yet."""

    receiver: str
    receiver_label: str
    recipient: str
    number: int
    digest: bytes
    changes: int
    cases: int
    data: bytes
    documents: int = 0

    @property
    def sha256(self) -> str:
        """Of the sealed file, hex."""
        return hashlib.sha256(self.data).hexdigest()


def make_bundles(
    store: Store,
    peer: str,
    *,
    at: str,
    officer: str,
    progress: Progress = quiet,
    most_raw: int = MOST_RAW,
    most_documents: int = documents.AT_ONCE,
) -> tuple[Made, ...]:
    """Seal everything that *peer* is owed; mostly one bundle, more after a long silence.

    Documents follow the changes in bundles of their own, if the peer reads those. Safe to
    repeat: what the peer has not confirmed is in the next bundle again.

    Args:
        store: the open vault.
        peer: device id of the receiver.
        at: moment, shown to people.
        officer: id, for the log.
        progress: called as the work goes on.
        most_raw: raw bytes of changes after which another bundle begins.
        most_documents: bytes of documents at most, beyond those the peer asked for; 0 for none.

    Raises:
        NoSuchPeer, PeerRevoked, NotSetUp, VaultRestored: nothing was made.
        StoreError: nothing was made.
    """
    with store.work() as work:
        making = _Making(work, store.device, peer, at, officer)
        made = []
        parts = list(_split(work.cursor, making.owed.positions, most_raw))
        for index, positions in enumerate(parts):
            progress(index, len(parts), _(N_("Sealing the file")))
            made.append(making.make(positions, last=index == len(parts) - 1))
        for bundle_of in making.documents(most_documents):
            progress(len(made), 0, _(N_("Sealing documents")))
            made.append(bundle_of)
        return tuple(made)


def mark_carried(store: Store, made: Made, *, at: str) -> None:
    """Note that a carrier has the bundle, written and verified."""
    with store.work() as work:
        carried(work.cursor, made.receiver, made.number, at)


def carried(cursor: Any, receiver: str, number: int, at: str) -> None:
    """The same within a transaction."""
    cursor.execute(
        "UPDATE bundle_out SET carried_at = ? WHERE device = ? AND number = ?",
        (at, receiver, number),
    )
    cursor.execute(
        "UPDATE link SET sent_pos = max(sent_pos, (SELECT pos FROM bundle_out "
        "WHERE device = ? AND number = ?)) WHERE device = ?",
        (receiver, number, receiver),
    )


def export_to(
    store: Store,
    peer: str,
    carrier: Carrier,
    *,
    at: str,
    officer: str,
    progress: Progress = quiet,
    most_documents: int = documents.AT_ONCE,
) -> tuple[ExportReport, ...]:
    """Make the bundles for *peer* and put them on a carrier, each read back before it counts.

    Raises:
        SyncError, CarrierError, StoreError: what was written before counts, the rest does not;
            exporting again is always safe.
    """
    carrier.check()
    reports = []
    bundles = make_bundles(
        store, peer, at=at, officer=officer, progress=progress, most_documents=most_documents
    )
    for made in bundles:
        path = carrier.put(made.data, made.recipient, progress)
        mark_carried(store, made, at=at)
        reports.append(
            ExportReport(
                path=str(path),
                receiver=made.receiver,
                receiver_label=made.receiver_label,
                number=made.number,
                changes=made.changes,
                cases=made.cases,
                size=len(made.data),
                sha256=made.sha256,
                documents=made.documents,
            )
        )
    return tuple(reports)


def _split(cursor: Any, positions: Any, most: int) -> Iterator[list[int]]:
    """Cut *positions* into runs of at most *most* bytes; at least one run, perhaps empty."""
    run: list[int] = []
    size = 0
    for row in scope.rows(cursor, positions):
        if run and size + len(row.body) > most:
            yield run
            run, size = [], 0
        run.append(row.pos)
        size += len(row.body)
    yield run


def _runs(pieces: list[Piece]) -> list[list[Piece]]:
    """Cut *pieces* into what fits one bundle each."""
    runs: list[list[Piece]] = []
    size = documents.IN_ONE
    for piece in pieces:
        if size + piece.length > documents.IN_ONE:
            runs.append([])
            size = 0
        runs[-1].append(piece)
        size += piece.length
    return runs


class _Making:
    """One export within its transaction."""

    def __init__(self, work: Work, device: str, peer: str, at: str, officer: str) -> None:
        self._work = work
        self._cursor = work.cursor
        self._at = at
        self._officer = officer
        links.check_not_halted(work.cursor, device)
        self._keys = DeviceKeys.load(work.cursor, device)
        self._link = links.load(work.cursor, peer)
        own = scope.party(work.cursor, device)
        if own is None or self._link.recipient is None:
            raise NotSetUp("no-device")
        if self._link.revoked:
            raise PeerRevoked("revoked")
        self._recipient = self._link.recipient
        self._own = own
        self.owed = scope.owed(
            work.cursor, own, self._link.peer, self._link.acked_pos, self._link.acked_number
        )
        self._receipts = links.receipts(work.cursor, peer)
        self._after = self._link.acked_number
        self._number = self._link.sent_number
        self._previous = self._link.sent_digest
        work.cursor.execute("SELECT value FROM meta WHERE key = 'spine'")
        row = work.cursor.fetchone()
        self._schema = str(row[0]) if row else ""

    def make(self, positions: list[int], *, last: bool) -> Made:
        """One bundle; *last* of them covers everything that was considered."""
        covered = self.owed.top if last else max(self._link.acked_pos, positions[-1])
        rows = list(scope.rows(self._cursor, positions))
        devices = {row.device for row in rows} | {self._keys.device}
        cases = {row.case_id for row in rows if row.case_id and not is_unit(row.case_id)}
        parts = (
            pack("certificates", self._certificates(devices)),
            pack("changes", (row.body for row in rows)),
        )
        made = self._seal(parts, covered, CHANGES_FORMAT, changes=len(rows), cases=len(cases))
        if last:
            scope.record_given(
                self._cursor, self._link.peer.device, self.owed, self._number,
                in_parts=self._after != self._link.acked_number,
            )  # fmt: skip
        self._after = self._number
        return made

    def documents(self, most: int) -> Iterator[Made]:
        """The documents that the peer is owed, and what this desk asks it for.

        Each of these bundles builds on the last one with changes, not on each other: one that
        is lost keeps no other one waiting.
        """
        if self._link.reads < DOCUMENTS_FORMAT:
            return
        peer = self._link.peer
        asks = documents.questions(self._cursor, self._own, peer)
        pieces = documents.chosen(*documents.owed(self._cursor, self._own, peer), most)
        for run in _runs(pieces) or ([[]] if asks else []):
            parts = (
                pack("certificates", self._certificates({self._keys.device})),
                pack("changes", ()),
                pack("documents", documents.items(self._cursor, run, asks)),
            )
            named = len({piece.digest for piece in run})
            made = self._seal(parts, self.owed.top, DOCUMENTS_FORMAT, named=named)
            documents.record_sent(self._cursor, peer.device, run, made.number)
            yield made
            asks = []

    def _seal(
        self,
        parts: tuple[tuple[PartInfo, bytes], ...],
        covered: int,
        number_of_format: int,
        *,
        changes: int = 0,
        cases: int = 0,
        named: int = 0,
    ) -> Made:
        peer = self._link.peer.device
        self._number += 1
        manifest = Manifest(
            sender=self._keys.device,
            receiver=peer,
            number=self._number,
            after=self._after,
            previous=self._previous,
            made_at=self._at,
            program=__version__,
            schema=self._schema,
            heads=links.own_heads(self._cursor, self._keys.device, covered),
            seen=self._link.seen,
            receipts=self._receipts,
            parts=tuple(info for info, _packed in parts),
            format=number_of_format,
        )
        digest = hashlib.sha256(manifest.encode()).digest()
        plain = bundle.plain_bytes(manifest, (packed for _info, packed in parts), self._keys)
        self._record(digest, covered, changes)
        self._previous = digest
        return Made(
            peer, self._link.label, self._recipient, self._number, digest, changes, cases,
            bundle.seal(plain, self._recipient), named,
        )  # fmt: skip

    def _certificates(self, devices: set[str]) -> Iterator[bytes]:
        if rotation.is_new(self._cursor, self._link.peer.device):
            # The answer to a desk that asked for new keys.
            devices = devices | {self._link.peer.device}
        for device in sorted(devices):
            self._cursor.execute("SELECT certificate FROM device WHERE device = ?", (device,))
            row = self._cursor.fetchone()
            if row is not None and row[0] is not None:
                yield bytes(row[0])

    def _record(self, digest: bytes, covered: int, changes: int) -> None:
        peer = self._link.peer.device
        self._cursor.execute(
            "INSERT INTO bundle_out (device, number, pos, digest, made_at, changes) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (peer, self._number, covered, digest, self._at, changes),
        )
        self._cursor.execute(
            "UPDATE link SET sent_number = ?, sent_digest = ? WHERE device = ?",
            (self._number, digest, peer),
        )
        self._work.log(self._at, self._officer, "bundle-export", f"{peer}.{self._number}", digest)
