"""Is all of it intact? Every page, the log, the journal, and the tables that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from traffick_desk.i18n import _
from traffick_desk.services.base import Desk
from traffick_desk.store import audit, documents
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.store.journal import verify_chain
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
        header = vault_header.read_header(desk.info.vault_path / vault_header.FILE_NAME)
        misfit = audit.first_mismatch(cursor, known_head(header.audit_head))
        note(
            misfit is None,
            _("Log: {n} entries, none changed or missing.").format(n=audit.head(cursor).seq),
            _("Log: entry {n} does not fit.").format(n=misfit),
        )
        kept = known_head(header.journal_head) if header.journal_head else None
        broken = verify_chain(cursor, desk.info.device, kept)
        cursor.execute("SELECT count(*) FROM journal")
        note(
            broken is None,
            _("Journal: {n} changes, none changed or missing.").format(n=cursor.fetchone()[0]),
            _("Journal: change {ref} does not fit.").format(ref=broken),
        )
        wrong = documents.damaged(cursor)
        note(
            not wrong,
            _("Documents: {n}, the content of each is what was taken in.").format(
                n=documents.usage(cursor)[0]
            ),
            _("Documents: the content of {n} is not what was taken in.").format(n=len(wrong)),
        )
    return Report(tuple(lines), intact)


def known_head(kept: Mapping[str, object] | None) -> audit.Head | None:
    """A head of a chain that the vault header keeps outside the file."""
    if not kept:
        return None
    return audit.Head(int(str(kept["seq"])), bytes.fromhex(str(kept["chain"])))
