"""Taking bundles in: opened and checked first, then one transaction, or nothing.

A bundle carries everything since the bundle it builds on, so lost, doubled and
reordered ones are harmless. Only one that builds on a bundle not seen yet waits,
inside the encrypted file.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from traffick_desk.i18n import N_, _
from traffick_desk.store.changes import ChangeInvalid
from traffick_desk.store.journal import Taken
from traffick_desk.store.journal_errors import Equivocation
from traffick_desk.store.store import Store, Work
from traffick_desk.sync import documents, links, rotation, scope
from traffick_desk.sync.arrivals import Arrivals, Gap
from traffick_desk.sync.bundle import Inside, KeyOf, open_bundle, read_plain
from traffick_desk.sync.certificate import Certificate, learn
from traffick_desk.sync.errors import (
    BundleNewer,
    BundleRefused,
    EnrolmentConflict,
    EnrolmentNewer,
    Forked,
    NoSuchPeer,
    SenderRevoked,
    SyncError,
    VaultRestored,
)
from traffick_desk.sync.keys import DeviceKeys, key_id
from traffick_desk.sync.manifest import DOCUMENTS_FORMAT, Manifest
from traffick_desk.sync.reports import ImportReport, Progress, quiet
from traffick_desk.vault.signing import VerifyKey

# Waiting bundles kept per peer. More are not needed: any later bundle stands in for them.
MOST_WAITING = 128 * 1024 * 1024

WAITING = N_(
    "An earlier file from that desk is missing. This one is kept safe in the vault and takes "
    "effect as soon as the earlier one is imported."
)
NOT_KEPT = N_(
    "An earlier file from that desk is missing. Please keep this file and import it again after "
    "the earlier one. Nothing here was changed."
)
ALREADY = N_("This file was imported before. Nothing here was changed.")
NOTHING_NEW = N_("This is an older file; everything in it is here already.")


def import_bundle(
    store: Store,
    data: bytes,
    *,
    at: str,
    officer: str,
    file: str = "",
    progress: Progress = quiet,
) -> ImportReport:
    """Take one bundle in, or say why not; a refused one changes nothing.

    Args:
        store: the open vault.
        data: the file.
        at: moment, shown to people and stated in the receipt.
        officer: id, for the log.
        file: name to report.
        progress: called as the work goes on.

    Raises:
        NotSetUp: this vault has no keys.
        StoreError: the disk failed; nothing was changed.
    """
    with store.read() as cursor:
        keys = DeviceKeys.load(cursor, store.device)
        known = known_keys(cursor, store.device)
    try:
        inside = open_bundle(data, keys.identities, known)
    except SyncError as error:
        return ImportReport(file, "refused", str(error), code=error.code)
    with _collecting_later():
        report = _take(store, inside, at, officer, file, progress)
        if report.outcome in ("applied", "already"):
            report = _release(store, inside.manifest.sender, known, at, officer, report)
    return report


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without the search for cycles: changes make none, and it looks at all of them each time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def known_keys(cursor: Any, own_device: str) -> KeyOf:
    """Verify keys of all enrolled desks, revoked ones included: their signature still says who."""
    cursor.execute(
        "SELECT verify_key FROM device WHERE verify_key IS NOT NULL AND device <> ?", (own_device,)
    )
    keys = [bytes(key) for (key,) in cursor.fetchall()] + rotation.former_keys(cursor)
    found = {key_id(key): key for key in keys}

    def key_of(name: bytes) -> VerifyKey | None:
        raw = found.get(name)
        return None if raw is None else VerifyKey(raw)

    return key_of


def is_known(cursor: Any, manifest: Manifest, digest: bytes) -> bool:
    """Whether exactly this bundle was taken in before: old files on a stick cost nothing."""
    cursor.execute(
        "SELECT digest FROM bundle_in WHERE device = ? AND number = ?",
        (manifest.sender, manifest.number),
    )
    row = cursor.fetchone()
    return row is not None and bytes(row[0]) == digest


def _take(
    store: Store, inside: Inside, at: str, officer: str, file: str, progress: Progress
) -> ImportReport:
    manifest = inside.manifest
    report = ImportReport(
        file, "refused", sender=manifest.sender, number=manifest.number, made_at=manifest.made_at
    )
    try:
        try:
            with store.work() as work:
                report = _Taking(work, inside, at, officer, progress).run(report)
        except Gap:
            # A later bundle that covered less was taken in; this one builds on another.
            with store.work() as work:
                report = _Taking(work, inside, at, officer, progress, wait=True).run(report)
    except VaultRestored as error:
        with store.work() as work:
            peer = scope.party(work.cursor, manifest.sender)
            # One commune's word must not silence the province.
            if peer is not None and peer.profile == "province":
                links.halt(work.cursor, store.device)
        return replace(report, message=str(error), code=error.code)
    except SyncError as error:
        return replace(report, message=str(error), code=error.code)
    except Equivocation as error:
        return replace(report, message=str(error), code="equivocation")
    except ChangeInvalid:
        return replace(report, message=str(BundleRefused()), code="change")
    if not (report.new_cases or report.changed_cases):
        return report
    with store.read() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(conflicts), 0) FROM case_row "
            "WHERE case_id IN (SELECT value FROM json_each(?))",
            (json.dumps([*report.new_cases, *report.changed_cases]),),
        )
        return replace(report, conflicts=int(cursor.fetchone()[0]))


def _release(
    store: Store, sender: str, known: KeyOf, at: str, officer: str, report: ImportReport
) -> ImportReport:
    """Let bundles that waited take effect, each in its own transaction."""
    passed = 0
    while True:
        with store.read() as cursor:
            received = links.load(cursor, sender).received_number
            cursor.execute(
                "SELECT number, waiting FROM bundle_in "
                "WHERE device = ? AND waiting IS NOT NULL AND number > ? ORDER BY number LIMIT 1",
                (sender, passed),
            )
            row = cursor.fetchone()
        if row is None:
            return report
        released: ImportReport | None = None
        try:
            inside = read_plain(bytes(row[1]), known)
            if inside.manifest.after > received:
                return report
            released = _take(store, inside, at, officer, report.file, quiet)
        except SyncError:
            # It was verified before it waited; only a changed trust ends here.
            released = None
        if released is not None and released.outcome == "waiting":
            passed = row[0]
            continue
        passed = 0
        if released is None or released.outcome == "refused":
            with store.work() as work:
                work.cursor.execute(
                    "DELETE FROM bundle_in WHERE device = ? AND number = ?", (sender, row[0])
                )
            continue
        new_cases = {*report.new_cases, *released.new_cases}
        report = replace(
            report,
            outcome="applied",
            message="",
            new_changes=report.new_changes + released.new_changes,
            new_cases=tuple(sorted(new_cases)),
            changed_cases=tuple(
                sorted({*report.changed_cases, *released.changed_cases} - new_cases)
            ),
            decisions=report.decisions + released.decisions,
            rules=report.rules + released.rules,
            entries=report.entries + released.entries,
            conflicts=max(report.conflicts, released.conflicts),
            receipts=report.receipts + released.receipts,
            released=report.released + 1,
            documents=report.documents + released.documents,
            refused_documents=report.refused_documents + released.refused_documents,
            handed_back=report.handed_back + released.handed_back,
        )


@dataclass
class _Taking:
    """One bundle within its transaction."""

    work: Work
    inside: Inside
    at: str
    officer: str
    progress: Progress
    wait: bool = False
    link: links.Link = field(init=False)
    own: str = field(init=False)

    def run(self, report: ImportReport) -> ImportReport:
        """Check what only the link knows, then let it take effect."""
        cursor, manifest = self.work.cursor, self.inside.manifest
        self.own = self.work.store.device
        if manifest.receiver != self.own:
            raise BundleRefused("receiver")
        try:
            self.link = links.load(cursor, manifest.sender)
        except NoSuchPeer as error:
            raise BundleRefused("no-link") from error
        self._check_signer()
        report = replace(report, sender_label=self.link.label)
        if self.link.revoked:
            raise SenderRevoked("revoked")
        links.check_not_halted(cursor, self.own)
        links.check_own_history(cursor, self.own, manifest)
        links.check_peer_history(cursor, self.link, manifest, self.inside.digest)
        waiting = self.wait or manifest.after > self.link.received_number
        if is_known(cursor, manifest, self.inside.digest) and (waiting or not self._waits()):
            outcome, text = ("waiting", WAITING) if waiting else ("already", ALREADY)
            return replace(report, outcome=outcome, message=_(text), code=outcome)
        bodies = self.inside.part("changes")
        self._learn(self.inside.part("certificates"))
        if waiting:
            return self._wait(report)
        return self._apply(report, bodies)

    def _check_signer(self) -> None:
        """The key that signed must be the key of the desk that the manifest names."""
        self.work.cursor.execute(
            "SELECT verify_key FROM device WHERE device = ?", (self.link.peer.device,)
        )
        stored = self.work.cursor.fetchone()[0]
        current = bytes(stored) if stored is not None else None
        manifest, signer = self.inside.manifest, self.inside.signer
        if not rotation.may_sign(
            self.work.cursor, manifest.sender, signer, manifest.number, current
        ):
            raise BundleRefused("sender")

    def _waits(self) -> bool:
        manifest = self.inside.manifest
        self.work.cursor.execute(
            "SELECT 1 FROM bundle_in WHERE device = ? AND number = ? AND waiting IS NOT NULL",
            (manifest.sender, manifest.number),
        )
        return self.work.cursor.fetchone() is not None

    def _wait(self, report: ImportReport) -> ImportReport:
        cursor, manifest = self.work.cursor, self.inside.manifest
        cursor.execute(
            "SELECT coalesce(sum(length(waiting)), 0) FROM bundle_in WHERE device = ?",
            (manifest.sender,),
        )
        if cursor.fetchone()[0] + len(self.inside.plain) > MOST_WAITING:
            return replace(report, outcome="waiting", message=_(NOT_KEPT), code="waiting-not-kept")
        cursor.execute(
            "INSERT INTO bundle_in (device, number, digest, previous, received_at, waiting) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                manifest.sender, manifest.number, self.inside.digest, manifest.previous, self.at,
                self.inside.plain,
            ),
        )  # fmt: skip
        self._log("bundle-wait")
        return replace(report, outcome="waiting", message=_(WAITING), code="waiting")

    def _apply(self, report: ImportReport, bodies: list[bytes]) -> ImportReport:
        cursor, manifest = self.work.cursor, self.inside.manifest
        check = Arrivals(self.work, self.link, manifest, len(bodies), self.progress)
        taken = self.work.journal.take_in(bodies, manifest.sender, check)
        check.finish()
        for change in check.new_keys:
            if rotation.answer(cursor, self.own, change, self.at):
                self.work.log(self.at, self.officer, "key.certify", change.device)
        new_cases, changed = self._split_cases(taken)
        if self.link.peer.profile == "commune":
            scope.record_brought(cursor, manifest.sender, taken.cases)
        brought = self._documents()
        confirmed = links.take_receipts(cursor, self.link, manifest)
        links.record_received(cursor, self.link, manifest, self.inside.digest, self.at)
        self._log("bundle-import")
        older = (
            manifest.number < self.link.received_number and not taken.new and not brought.complete
        )
        registry = self.work.store.registry
        decisions = sum(
            count
            for name, count in taken.types.items()
            if (known := registry.get(name)) is not None
            and known.in_case
            and "commune" not in known.writers
        )
        return replace(
            report,
            outcome="already" if older else "applied",
            message=_(NOTHING_NEW) if older else "",
            code="older" if older else "",
            new_changes=taken.new,
            new_cases=new_cases,
            changed_cases=changed,
            decisions=decisions,
            rules=taken.types.get("rule_pack", 0),
            entries=sum(
                count
                for name, count in taken.types.items()
                if (known := registry.get(name)) is not None and known.of_unit
            ),
            receipts=confirmed,
            documents=brought.complete,
            refused_documents=brought.refused,
            handed_back=check.handed_back,
        )

    def _documents(self) -> documents.Brought:
        """Take in pieces of documents: a bundle that holds any holds no changes."""
        own = scope.party(self.work.cursor, self.own)
        if self.inside.manifest.format < DOCUMENTS_FORMAT or own is None:
            return documents.Brought()
        found = self.inside.part("documents")
        return documents.take_in(self.work.cursor, own, self.link.peer, found, self.at)

    def _split_cases(self, taken: Taken) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The cases touched: those that were not here before, and the others."""
        # Record tables are written when the transaction ends: this asks for the state before.
        self.work.cursor.execute(
            "SELECT id FROM r_case WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(taken.cases)),),
        )
        here = {case for (case,) in self.work.cursor.fetchall()}
        return tuple(sorted(taken.cases - here)), tuple(sorted(here))

    def _learn(self, certificates: list[bytes]) -> None:
        """Take in the certificates of desks whose changes are inside."""
        cursor = self.work.cursor
        changed = False
        for data in certificates:
            try:
                certificate = Certificate.decode(data)
                cursor.execute(
                    "SELECT verify_key FROM device WHERE device = ? AND profile = 'province' "
                    "AND revoked_on IS NULL",
                    (certificate.issuer,),
                )
                row = cursor.fetchone()
                if row is None or row[0] is None:
                    raise BundleRefused("certificate-issuer")
                certificate.verify(VerifyKey(bytes(row[0])))
                if certificate.desk.device == self.own:
                    rotation.take(cursor, self.own, certificate)
                changed |= learn(cursor, certificate)
            except EnrolmentConflict as error:
                raise Forked("device-keys") from error
            except EnrolmentNewer as error:
                raise BundleNewer("certificate") from error
            except SyncError as error:
                raise BundleRefused(f"certificate: {error.code}") from error
        if changed:
            self.work.journal.reload_devices()

    def _log(self, action: str) -> None:
        manifest = self.inside.manifest
        self.work.log(
            self.at, self.officer, action, f"{manifest.sender}.{manifest.number}",
            self.inside.digest,
        )  # fmt: skip
