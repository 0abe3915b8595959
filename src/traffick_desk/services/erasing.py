"""Carrying an erasure through: order, copies in reach, proof by searching, certificate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import backup, backup_copies, backup_state, reading
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.erasure import Erased, Erasures, OrderErasure
from traffick_desk.services.erasure_preview import left_in_tables, words_of
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ
from traffick_desk.store.errors import StoreError

CERTIFICATE = "noi-bo/giay-xac-nhan-xoa"
_REPORT = "erasure:report:"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at after an erasure, and what came of it.

    Attributes:
        order_id: of the order.
        swept: whether free pages, search and write-ahead log are swept already.
        words: how many names and numbers were searched for.
        left: table in words → rows in which one is still found, mostly of other people.
        destroyed: copies from before that were destroyed.
        fresh: places that have a copy from after.
        missing: places that were not there; their copies are destroyed when they come.
    """

    order_id: str
    swept: bool
    words: int
    left: Mapping[str, int]
    destroyed: int
    fresh: tuple[str, ...]
    missing: tuple[str, ...]


def erase(desk: Desk, request_id: str, open_reason: str = "") -> Proof:
    """Order an erasure and see it through at this desk.

    Raises:
        ServiceError: nothing was erased.
        StoreError: the order may have been refused by the disk; nothing is half erased.
    """
    with desk.context.store.read() as cursor:
        cursor.execute('SELECT "case" FROM r_erasure_request WHERE id = ?', (request_id,))
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise NotHere
        words = words_of(reading.open_case(desk.context, cursor, row[0]))
    order_id = desk.do(OrderErasure(request_id, open_reason))
    return see_through(desk, order_id, words)


def see_through(desk: Desk, order_id: str, words: tuple[str, ...] = ()) -> Proof:
    """Renew the copies in reach, search what is left, and keep the figures for the certificate."""
    swept = desk.context.store.sweep()
    destroyed, fresh, missing = renew_copies(desk)
    with desk.context.store.read() as cursor:
        left = left_in_tables(desk.context, cursor, words) if words else {}
    proof = Proof(order_id, swept, len(words), left, destroyed, fresh, missing)
    with desk.context.store.work() as work:
        work.cursor.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            (f"{_REPORT}{order_id}", json.dumps(asdict(proof), ensure_ascii=False)),
        )
        work.log(desk.context.moment, desk.info.officer_id, "erasure.proof", order_id)
    return proof


def renew_copies(desk: Desk) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Make a new copy in each place that is there, and destroy the copies from before.

    Returns:
        How many were destroyed, the places that were renewed, the places that were not.
    """
    destroyed = 0
    fresh: list[str] = []
    missing: list[str] = []
    for place in backup.places(desk):
        if not place.there:
            missing.append(str(place.root))
            continue
        home = backup_copies.home(place.root, desk.info.vault_id, desk.info.unit)
        before = {copy.path for copy in _from_before(desk, home)}
        try:
            backup.backup(desk, place.root)
        except (backup.NoBackupPlace, backup.BackupNotWritten, StoreError):
            missing.append(str(place.root))
            continue
        still = {copy.path for copy in _from_before(desk, home)}
        destroyed += len(before - still)
        (missing if still else fresh).append(str(place.root))
    return destroyed, tuple(fresh), tuple(missing)


def _from_before(desk: Desk, home: Path) -> list[backup_copies.Copy]:
    with desk.context.store.read() as cursor:
        erased = backup_state.erased_at(cursor)
    return [c for c in backup_copies.in_home(home) if c.note is None or c.note.log < erased]


@dataclass(frozen=True, slots=True)
class ErasureProof(Query[Proof | None]):
    """What was proven after an erasure at this desk; ``None`` if it came from elsewhere."""

    permission: ClassVar[str] = CASE_READ

    order_id: str

    def run(self, context: Context, cursor: Any) -> Proof | None:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute("SELECT value FROM meta WHERE key = ?", (f"{_REPORT}{self.order_id}",))
        row = cursor.fetchone()
        if row is None:
            return None
        value: dict[str, Any] = json.loads(row[0])
        value |= {name: tuple(value[name]) for name in ("fresh", "missing")}
        return Proof(**value)


@dataclass(frozen=True, slots=True)
class ErasureCertificate(Query[bytes]):
    """The certificate of an erasure, as PDF; it can be printed as often as needed.

    Raises:
        NotHere: there is no such order here.
    """

    permission: ClassVar[str] = CASE_READ
    logged: ClassVar[str] = "erasure.certificate"

    order_id: str

    def run(self, context: Context, cursor: Any) -> bytes:
        """See :class:`Query`."""
        from traffick_desk import papers

        order = next((e for e in Erasures().run(context, cursor) if e.id == self.order_id), None)
        if order is None:
            raise NotHere
        proof = ErasureProof(self.order_id).run(context, cursor)
        return papers.render(CERTIFICATE, _facts(context, order, proof))

    def target(self) -> str:
        """The order."""
        return self.order_id


def _facts(context: Context, order: Erased, proof: Proof | None) -> dict[str, Any]:
    ground = SMALL_LISTS["erasure_ground"]
    facts: dict[str, Any] = {
        "unit": {"name": context.info.unit_name},
        "officer": {"name": context.info.officer_name},
        "erasure": {
            "file_no": order.file_no,
            "commune": context.units.full_name(order.unit) if order.unit else None,
            "ground": ground.label(order.ground) if order.ground in ground.codes() else None,
            "paper_no": order.paper_no or None,
            "ordered_on": date.fromisoformat(order.ordered_on) if order.ordered_on else None,
            "asked_by": order.asked_by or None,
            "ordered_by": order.ordered_by or None,
            "entries": order.entries,
            "documents": order.documents,
            "printed_on": context.now().date(),
        },
    }
    if proof is not None:
        facts["erasure"] |= {
            "copies": proof.destroyed,
            "fresh": "; ".join(proof.fresh) or None,
            "missing": "; ".join(proof.missing) or None,
            "searched": proof.words,
            "left": sum(proof.left.values()),
        }
    return facts


def words_for(proof: Proof) -> str:
    """What came of an erasure, for the officer."""
    lines = [_("The data of the case was erased at this desk.")]
    if not proof.swept:
        lines.append(
            _("Free pages are still to be swept; this is done at the next opening of the vault.")
        )
    if proof.destroyed:
        lines.append(
            ngettext(
                "{n} older backup was destroyed and a new one made.",
                "{n} older backups were destroyed and new ones made.",
                proof.destroyed,
            ).format(n=proof.destroyed)
        )
    if proof.missing:
        lines.append(
            _("Not there, so still with older backups: {places}. They are destroyed when the "
              "place is there again.").format(places="; ".join(proof.missing))
        )  # fmt: skip
    if proof.left:
        found = ", ".join(f"{table} ({n})" for table, n in proof.left.items())
        lines.append(
            _("A name or number of the case is also found elsewhere, perhaps of another person; "
              "please look: {found}.").format(found=found)
        )  # fmt: skip
    lines.append(_("Other desks that have the case erase it when they take in the next bundle."))
    return " ".join(lines)
