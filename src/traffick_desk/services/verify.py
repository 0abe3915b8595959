"""Is all of it intact? Every page, the log, the journal, and the tables that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from traffick_desk.i18n import _
from traffick_desk.services.base import Desk
from traffick_desk.store import audit, documents, erasure
from traffick_desk.store.chain import verify_chain
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
        unproven = erasure.without_order(cursor)
        note(
            not unproven,
            _("Erased: every entry without its values has its order."),
            _("Erased: {n} entries have no values and no order is here.").format(n=len(unproven)),
        )
    if pages and broken is None:
        unlike = desk.context.store.unlike_journal()
        note(
            not unlike,
            _("Tables: they are what follows from the journal."),
            _("Tables: {n} are not what follows from the journal; an old page may have been put "
              "back.").format(n=len(unlike)),
        )  # fmt: skip
    if desk.trouble:
        note(False, "", desk.trouble)
    return Report(tuple(lines), intact)


def compare(desk: Desk, code: str) -> Report:
    """Compare the code of a printed monthly list with the log."""
    with desk.context.store.read() as cursor:
        found = audit.fits(cursor, code)
        walked = audit.first_mismatch(cursor)
    if found is None:
        return Report((_("This is no code of a log; it looks like 1234-7KQ2-M9RD-4T1X."),), False)
    if not found or walked is not None:
        text = _(
            "The log is NOT the one of which the code was printed: an entry up to there was "
            "changed or is missing."
        )
        return Report((text,), False)
    return Report((_("The log up to the printed code is unchanged."),), True)


def known_head(kept: Mapping[str, object] | None) -> audit.Head | None:
    """A head of a chain that the vault header keeps outside the file."""
    if not kept:
        return None
    return audit.Head(int(str(kept["seq"])), bytes.fromhex(str(kept["chain"])))
