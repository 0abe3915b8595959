"""One round with the hub: fetch and take in what waits, send what is owed, tidy up.

A sealed bundle stays beside the vault until its receiver confirmed it. It is
sealed to the receiver, exactly as on a stick. Whatever is cut, at the desk, on
the line or at the hub, the next round goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from traffick_desk.store.store import Store
from traffick_desk.sync import enrolment, export, hub_state, lineage, links, succession
from traffick_desk.sync.carriers import Carrier, CarrierError, read_file
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.errors import PeerRevoked, SyncError
from traffick_desk.sync.hub_client import HubClient, Waiting
from traffick_desk.sync.hub_errors import HubNoReceiver, HubShutOut, HubUnknownDesk
from traffick_desk.sync.hub_state import Out
from traffick_desk.sync.hub_talk import Gone
from traffick_desk.sync.hub_wire import Revocations
from traffick_desk.sync.intake import import_bundle
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import ExportReport, ImportReport, Progress, quiet


@dataclass(frozen=True, slots=True)
class HubReport:
    """What one round brought and took."""

    sent: tuple[ExportReport, ...] = ()
    taken: tuple[ImportReport, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything here is other than before."""
        return bool(
            self.sent or any(r.outcome == "applied" or r.code == "succession" for r in self.taken)
        )


class HubRound:
    """One round.

    Args:
        store: the open vault.
        folder: where sealed bundles wait; made if it is not there.
        client: speaks with the hub.
        now: the moment, as it is stored; shown, decides nothing.
        officer: id, for the log.
        again: also fetch again what was refused before, and look for anything to send.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        client: HubClient,
        *,
        now: Callable[[], str],
        officer: str,
        progress: Progress = quiet,
        again: bool = False,
    ) -> None:
        self._store = store
        self._folder = folder
        self._client = client
        self._now = now
        self._officer = officer
        self._progress = progress
        self._again = again
        self._carrier = Carrier(folder, tag=store.device[:8])

    def run(self) -> HubReport:
        """Do it.

        Raises:
            SyncError, CarrierError, StoreError: in words; what was done before stays done.
        """
        self._folder.mkdir(exist_ok=True)
        self._clear()
        hub = self._client.meet()
        self._tell_letters(hub)
        self._tell_revoked(hub)
        taken = tuple(self._receive())
        self._settle()
        sent = tuple(self._send())
        with self._store.work() as work:
            hub_state.put_met_at(work.cursor, self._now())
        return HubReport(sent, taken)

    def _clear(self) -> None:
        """Remove sealed files that nothing points to: the desk ended between two steps."""
        with self._store.read() as cursor:
            wanted = {out.name for out in hub_state.outs(cursor)}
        if self._carrier.folder.is_dir():
            for path in self._carrier.folder.glob("td-*.age"):
                if path.name not in wanted:
                    path.unlink(missing_ok=True)

    # -- receiving ---------------------------------------------------------------------------

    def _receive(self) -> Iterator[ImportReport]:
        try:
            waiting = self._client.waiting()
        except (HubUnknownDesk, HubShutOut):
            # The hub may be one that has followed a new PC of the province already.
            yield from self._follow()
            raise
        if self._client.root:
            yield from self._follow()
        with self._store.read() as cursor:
            refused = {} if self._again else hub_state.refused(cursor)
            linked = set(links.peers(cursor))
        before = dict(refused)
        refused = {w.id: refused[w.id] for w in waiting if w.id in refused}
        for item in waiting:
            if item.id in refused or item.sender not in linked:
                continue
            report = self._take(item)
            if report is None:
                continue
            yield report
            if report.outcome == "refused":
                refused[item.id] = report.code or "refused"
            else:
                self._client.done(item.id)
            self._part(item).unlink(missing_ok=True)
        if refused != before or self._again:
            with self._store.work() as work:
                hub_state.put_refused(work.cursor, refused)
        self._drop_parts({w.id for w in waiting})

    def _follow(self) -> Iterator[ImportReport]:
        """Follow the letters of a new PC of the province, if the hub goes by another than we."""
        with self._store.read() as cursor:
            own = enrolment.own_desk(cursor, self._store.device)
            root = Certificate.decode(enrolment.own_certificate(cursor, own.device)).issuer
            followed = lineage.heir(cursor, root)
        if followed in (self._client.root, own.device):
            return
        for data in self._client.letters(followed):
            try:
                report = succession.follow(
                    self._store, data, name=self._client.hub_id[:8], at=self._now(),
                    on=self._now()[:10], officer=self._officer,
                )  # fmt: skip
            except SyncError as error:
                # What the hub says counts for nothing; only the old desk's signature does.
                yield ImportReport(
                    self._client.hub_id[:8], "refused", str(error), code=error.code
                )  # fmt: skip
                return
            if report is not None:
                yield report

    def _part(self, item: Waiting) -> Path:
        return self._folder / f"{item.id}.in"

    def _drop_parts(self, wanted: set[str]) -> None:
        for path in self._folder.glob("*.in"):
            if path.stem not in wanted:
                path.unlink(missing_ok=True)

    def _take(self, item: Waiting) -> ImportReport | None:
        path = self._part(item)
        try:
            if not self._client.get(item, path, self._progress):
                # Not what the hub said it was; fetched anew in the next round.
                return None
        except Gone:
            path.unlink(missing_ok=True)
            return None
        report = import_bundle(
            self._store, read_file(path), at=self._now(), officer=self._officer,
            file=f"{item.id[:8]}…", progress=self._progress,
        )  # fmt: skip
        if report.outcome == "applied":
            hub_state.note_owed(self._store, (report,))
        return report

    # -- sending -----------------------------------------------------------------------------

    def _settle(self) -> None:
        """Let go of what was confirmed or replaced; send again what the hub has lost."""
        with self._store.read() as cursor:
            outs = hub_state.outs(cursor)
            peers = set(links.peers(cursor))
            acked = {o.peer: links.load(cursor, o.peer).acked_number for o in outs
                     if o.peer in peers}  # fmt: skip
        if not outs:
            return
        known = self._client.sent() if any(o.sent_at for o in outs) else {}
        newest: dict[str, int] = {}
        for out in outs:
            if out.sent_at:
                newest[out.peer] = max(newest.get(out.peer, 0), out.first)
        kept: list[Out] = []
        for out in outs:
            at_hub = known.get((out.peer, out.sha256))
            over = out.number <= acked.get(out.peer, out.number)
            replaced = out.number < newest.get(out.peer, 0) and not out.lasting
            if over or replaced:
                if at_hub is not None and at_hub[1] in ("open", "waiting"):
                    self._client.done(at_hub[0])
                self._file(out).unlink(missing_ok=True)
            elif out.sent_at and at_hub is None:
                kept.append(replace(out, sent_at=""))
            else:
                kept.append(out)
        if kept != outs:
            with self._store.work() as work:
                hub_state.put_outs(work.cursor, kept)

    def _send(self) -> Iterator[ExportReport]:
        yield from self._send_kept()
        for peer in self._owed():
            self._seal(peer)
            yield from self._send_kept()
            self._settle()

    def _owed(self) -> list[str]:
        with self._store.read() as cursor:
            mark = hub_state.mark(cursor)
            owes = hub_state.owes(cursor)
            if mark == hub_state.looked(cursor) and not self._again and not owes:
                return []
            # One at a time: what is written meanwhile goes with the next.
            busy = {out.peer for out in hub_state.outs(cursor) if not out.sent_at}
            found = [
                view.device
                for view in links.views(cursor, self._store.device)
                if not view.revoked and (view.unsent or view.documents or view.device in owes)
            ]
        with self._store.work() as work:
            # What is written meanwhile gives another mark.
            hub_state.put_looked(work.cursor, "" if found else mark)
        return [peer for peer in found if peer not in busy]

    def _seal(self, peer: str) -> None:
        try:
            made = export.make_bundles(
                self._store, peer, at=self._now(), officer=self._officer, progress=self._progress
            )
        except PeerRevoked:
            return
        new = []
        for one in made:
            path = self._carrier.put(one.data, one.recipient, self._progress)
            new.append(
                Out(
                    peer, one.number, made[0].number, path.name, one.sha256,
                    lasting=one.documents > 0,
                )
            )  # fmt: skip
        with self._store.work() as work:
            hub_state.put_outs(work.cursor, [*hub_state.outs(work.cursor), *new])

    def _send_kept(self) -> Iterator[ExportReport]:
        with self._store.read() as cursor:
            outs = [o for o in hub_state.outs(cursor) if not o.sent_at]
            peers = {p: links.load(cursor, p) for p in links.peers(cursor)}
        for out in outs:
            link = peers.get(out.peer)
            try:
                data = read_file(self._file(out)) if link is not None else b""
            except CarrierError:
                data = b""
            if not data or link is None:
                # The file was lost: what it carried is not confirmed, so the next one has it.
                self._forget(out)
                continue
            try:
                self._put(data, out.peer)
            except HubNoReceiver:
                # It has not called at the hub yet; others must not wait for it.
                continue
            yield self._sent(out, link.label, data)

    def _sent(self, out: Out, label: str, data: bytes) -> ExportReport:
        with self._store.work() as work:
            cursor, at = work.cursor, self._now()
            export.carried(cursor, out.peer, out.number, at)
            hub_state.put_outs(
                cursor,
                [replace(o, sent_at=at) if o == out else o for o in hub_state.outs(cursor)],
            )
            hub_state.put_owes(cursor, hub_state.owes(cursor) - {out.peer})
            cursor.execute(
                "SELECT changes FROM bundle_out WHERE device = ? AND number = ?",
                (out.peer, out.number),
            )
            row = cursor.fetchone()
        return ExportReport(
            "", out.peer, label, out.number, row[0] if row else 0, 0, len(data), out.sha256
        )

    def _forget(self, out: Out) -> None:
        with self._store.work() as work:
            kept = [o for o in hub_state.outs(work.cursor) if o != out]
            hub_state.put_outs(work.cursor, kept)
            hub_state.put_looked(work.cursor, "")
            hub_state.put_owes(work.cursor, hub_state.owes(work.cursor) | {out.peer})

    def _file(self, out: Out) -> Path:
        return self._carrier.folder / out.name

    # -- a new PC of the province ------------------------------------------------------------

    def _tell_letters(self, hub: str) -> None:
        """A new PC of the province shows by which letters it took the place of others."""
        with self._store.read() as cursor:
            letters = succession.letters(cursor)
            mark = f"{hub}.{len(letters)}"
            if not letters or hub_state.lettered(cursor) == mark:
                return
        if not self._client.hand_letters(letters):
            return
        with self._store.work() as work:
            hub_state.put_lettered(work.cursor, mark)

    def _put(self, data: bytes, peer: str) -> None:
        """Hand a bundle over; a province introduces a desk that has not called there yet."""
        try:
            self._client.put(data, peer, self._progress)
        except HubNoReceiver:
            with self._store.read() as cursor:
                found = enrolment.certified_by(cursor, self._store.device, peer)
            if found is None:
                raise
            try:
                self._client.introduce(found)
            except (HubUnknownDesk, HubShutOut):
                # The hub shut the receiver out; this desk itself was heard a moment ago.
                raise HubNoReceiver("receiver") from None
            self._client.put(data, peer, self._progress)

    # -- withdrawn desks ---------------------------------------------------------------------

    def _tell_revoked(self, hub: str) -> None:
        """The province tells the hub whom it withdrew; the list only grows."""
        with self._store.read() as cursor:
            cursor.execute("SELECT profile FROM device WHERE device = ?", (self._store.device,))
            row = cursor.fetchone()
            cursor.execute("SELECT device FROM device WHERE revoked_on IS NOT NULL")
            revoked = [device for (device,) in cursor.fetchall()]
            mark = f"{hub}.{len(revoked)}"
            if row is None or row[0] != "province" or not revoked or hub_state.told(cursor) == mark:
                return
            keys = DeviceKeys.load(cursor, self._store.device)
        made = Revocations.sign(keys.device, len(revoked), self._now(), revoked, keys.signing)
        self._client.revoke(made)
        with self._store.work() as work:
            hub_state.put_told(work.cursor, mark)
