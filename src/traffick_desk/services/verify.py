"""Is all of it intact? Every page, the log, the journal, and the tables that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from traffick_desk.i18n import _
from traffick_desk.services.base import Desk
from traffick_desk.store import audit
from traffick_desk.store.changes import CHAIN_START, link_chain
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.vault import header as vault_header


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, in words, and whether all of it fits."""

    lines: tuple[str, ...]
    intact: bool


def verify(desk: Desk) -> Report:
    """Check everything that can be checked; the first misfit of each kind is named."""
    lines: list[str] = []
    intact = True

    def note(good: bool, fine: str, bad: str) -> None:
        nonlocal intact
        lines.append(fine if good else bad)
        intact = intact and good

    try:
        desk.context.store.check()
        pages = True
    except StoreUnreadable:
        pages = False
    note(pages, _("Data file: every page and index is intact."), _("Data file: damaged."))
    with desk.context.store.read() as cursor:
        known = _known_head(desk)
        misfit = audit.first_mismatch(cursor, known)
        note(
            misfit is None,
            _("Log: {n} entries, none changed or missing.").format(n=audit.head(cursor).seq),
            _("Log: entry {n} does not fit.").format(n=misfit),
        )
        ref = _first_broken(cursor, desk.info.device)
        cursor.execute("SELECT count(*) FROM journal")
        note(
            ref is None,
            _("Journal: {n} changes, none changed or missing.").format(n=cursor.fetchone()[0]),
            _("Journal: change {ref} does not fit.").format(ref=ref),
        )
    return Report(tuple(lines), intact)


def _known_head(desk: Desk) -> audit.Head | None:
    """The head of the log that the vault header keeps outside the file."""
    header = vault_header.read_header(desk.info.vault_path / vault_header.FILE_NAME)
    kept = header.audit_head
    if not kept:
        return None
    return audit.Head(int(str(kept["seq"])), bytes.fromhex(str(kept["chain"])))


def _first_broken(cursor: Any, device: str) -> str | None:
    """The first change of this desk that is missing or not where the hash chain has it."""
    chain, expected = CHAIN_START, 1
    cursor.execute("SELECT seq, body, chain FROM journal WHERE device = ? ORDER BY seq", (device,))
    for seq, body, stored in cursor:
        chain = link_chain(chain, bytes(body))
        if seq != expected or stored is None or chain != bytes(stored):
            return f"{device}.{expected}"
        expected += 1
    return None
