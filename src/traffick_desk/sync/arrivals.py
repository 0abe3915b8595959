"""The changes in a bundle, one by one: whether their sender may bring them."""

from __future__ import annotations

from collections.abc import Sequence

from traffick_desk.domain.belonging import is_unit
from traffick_desk.i18n import N_, _
from traffick_desk.store.changes import Change, link_chain
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name
from traffick_desk.sync import lineage, rotation, scope
from traffick_desk.sync.errors import Forked, NotEntitled, VaultRestored
from traffick_desk.sync.links import Link
from traffick_desk.sync.manifest import NO_DIGEST, Manifest
from traffick_desk.sync.reports import Progress


class Gap(Exception):
    """The bundle builds on one that neither was taken in nor is covered by what was."""


class Arrivals:
    """Looks at each change before it takes effect: who made it, for whom, in which order.

    Args:
        work: the transaction.
        link: to the desk that brought them.
        manifest: of the bundle.
        total: number of changes in it.
        progress: called as the work goes on.

    Attributes:
        handed_back: changes of a former desk of the province that this one had lost.
        new_keys: requests of desks for new keys among them.
    """

    def __init__(
        self, work: Work, link: Link, manifest: Manifest, total: int, progress: Progress
    ) -> None:
        self._registry = work.store.registry
        self._cursor = work.cursor
        self._link = link
        self._manifest = manifest
        self._progress = progress
        self._sender = link.peer
        self._own = work.store.device
        self._in_reach = self._units()
        self._total = total
        self._done = 0
        self._parties: dict[str, scope.Party | None] = {}
        self._cases: dict[str, bool] = {}
        head = link.seen.journal
        self._seq, self._chain = head.seq, head.chain if head.seq else NO_DIGEST
        self._cursor.execute(
            "SELECT coalesce(max(seq), 0) FROM journal WHERE device = ?", (self._own,)
        )
        self._own_seq = int(self._cursor.fetchone()[0])
        self._former = lineage.predecessors(self._cursor, self._own)
        # The first bundles to a desk that took another's place bring the whole past, of cases
        # too that moved away since: it may know nothing of them.
        self._anew = bool(self._former) and link.acked_number == 0
        self.handed_back = 0
        self.new_keys: list[Change] = []

    def ahead(self, changes: Sequence[Change]) -> None:
        """Ask for many at once what each will be asked for."""
        if self._sender.profile == "commune":
            self._look_up(set().union(*map(_cases_named, changes)))

    def __call__(self, change: Change, body: bytes) -> None:
        """Refuse by raising."""
        self._done += 1
        if self._done % 500 == 0:
            self._progress(self._done, self._total, _(N_("Taking entries in")))
        if change.device == self._own and change.seq > self._own_seq:
            raise VaultRestored("own-change")
        if change.type == "case" and change.case != change.id:
            raise NotEntitled("case-id")
        self._author(change)
        if change.type == rotation.RECORD:
            self.new_keys.append(change)
        if (
            self._in_reach is not None
            and is_unit(change.case)
            and change.case not in self._in_reach
        ):
            raise NotEntitled("unit")
        if self._sender.profile == "commune":
            self._case(change)
            self._follow(change, body)

    def finish(self) -> None:
        """After the last change: a commune's own history must reach the head it states.

        Raises:
            Forked: it does not.
        """
        head = self._manifest.heads.journal
        seen = self._link.seen.journal.seq
        if self._sender.profile != "commune" or (head.seq <= seen and self._seq == seen):
            return
        if head.seq != self._seq or head.chain != self._chain:
            raise Forked("chain")

    def _author(self, change: Change) -> None:
        if change.device not in self._parties:
            self._parties[change.device] = scope.party(self._cursor, change.device)
        author = self._parties[change.device]
        if author is None:
            raise NotEntitled("author-unknown")
        if self._sender.profile != "commune":
            return
        if change.device in self._former:
            self._count_handed_back(change)
        elif author.profile != "commune" or author.unit != self._sender.unit:
            raise NotEntitled("author-unit")

    def _count_handed_back(self, change: Change) -> None:
        self._cursor.execute(
            "SELECT 1 FROM journal WHERE device = ? AND seq = ?", (change.device, change.seq)
        )
        self.handed_back += self._cursor.fetchone() is None

    def _units(self) -> frozenset[str] | None:
        """Units whose records may be in a bundle, ``None`` for all of them.

        A commune's desk never takes in another commune's.
        """
        own = scope.party(self._cursor, self._own)
        if self._sender.profile == "commune":
            return frozenset({self._sender.unit})
        if own is not None and own.profile == "commune":
            return frozenset({own.unit, self._sender.unit})
        return None

    def _case(self, change: Change) -> None:
        meant = self._cases_meant(change)
        self._look_up(meant)
        if not self._anew and not all(self._cases[case] for case in meant):
            raise NotEntitled("case-unit")

    def _look_up(self, cases: set[str]) -> None:
        if asked := {case for case in cases if case not in self._cases}:
            hers = scope.may_write(self._cursor, self._sender, asked)
            self._cases.update((case, case in hers) for case in asked)

    def _cases_meant(self, change: Change) -> set[str]:
        """The case a change names, that its record is moved into, and, if it names none, is in."""
        meant = _cases_named(change)
        known = self._registry.get(change.type)
        if change.case is None and known is not None and known.case_key == "case":
            self._cursor.execute(
                f'SELECT "case" FROM {table_name(known.name)} WHERE id = ?', (change.id,)
            )
            meant.update(case for (case,) in self._cursor.fetchall() if case)
        return meant

    def _builds_on_taken(self) -> bool:
        """Whether the very bundle that this one builds on was taken in."""
        after = self._manifest.after
        self._cursor.execute(
            "SELECT 1 FROM bundle_in WHERE device = ? AND number = ? AND waiting IS NULL",
            (self._sender.device, after),
        )
        return after == 0 or self._cursor.fetchone() is not None

    def _follow(self, change: Change, body: bytes) -> None:
        if change.device != self._sender.device or change.seq <= self._seq:
            return
        if change.seq != self._seq + 1:
            if not self._builds_on_taken():
                raise Gap
            raise Forked("chain")
        self._seq, self._chain = change.seq, link_chain(self._chain, body)


def _cases_named(change: Change) -> set[str]:
    moved = change.fields.get("case")
    return {case for case in (change.case, moved) if isinstance(case, str)}
