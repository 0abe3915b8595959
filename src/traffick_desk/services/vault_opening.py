"""From an unlocked header to an open desk, and what is remembered when it is closed.

Nothing heavy is imported before somebody unlocks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk.domain.practice import is_practice
from traffick_desk.i18n import N_, _
from traffick_desk.services.vault_folder import DATABASE, REENCRYPTED, hold
from traffick_desk.vault import header as vault_header
from traffick_desk.vault.primitives import raw_key_pragma, subkey, wipe

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk, Heads
    from traffick_desk.store.audit import Head
    from traffick_desk.store.store import Store
    from traffick_desk.vault.slots import Unlocked

OLD_COPY = N_(
    "This data file is older than when the vault was last closed: it was put back from a copy, or "
    "pages were. What was entered since may be missing. Please stop entering data, lock the vault, "
    "and ask the province's IT desk; the log says what is missing."
)
OLD_PAGE = N_(
    "Parts of this data file are not what they were when the vault was last closed: somebody "
    "changed it from outside, or old pages were put back. Please stop entering data, lock the "
    "vault, and ask the province's IT desk before you trust officers and links."
)


def key_source(dek: bytearray) -> Callable[[], bytearray]:
    """Gives the raw key of the database, a fresh copy each time; see ``store.engine``."""

    def raw() -> bytearray:
        key = subkey(dek, "database")
        try:
            return raw_key_pragma(key)
        finally:
            wipe(key)

    return raw


def finish_key_change(path: Path, dek: bytearray) -> None:
    """Bring the data file to the key of the header, if that was interrupted.

    A new key is in force from the moment its header is written; a copy under the new key is on
    the disk before. A copy that the key does not open is from a change that never came so far.
    """
    from traffick_desk.store import copies

    fresh = path / REENCRYPTED
    if fresh.exists():
        if copies.opens(fresh, key_source(dek)):
            copies.take_place(fresh, path / DATABASE)
        else:
            copies.drop(fresh)


def open_desk(
    path: Path,
    header: vault_header.Header,
    unlocked: Unlocked,
    now: Callable[[], datetime] | None,
    change: Callable[[vault_header.Header], vault_header.Header] | None = None,
) -> Desk:
    """The desk of an unlocked header; *change* is made to the header once it is known to hold."""
    from traffick_desk import law
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.units import Units
    from traffick_desk.services import assess, ways
    from traffick_desk.services.base import Context, Desk, DeskInfo, clock
    from traffick_desk.services.roles import may_write
    from traffick_desk.services.rules import Rules, take_into_use
    from traffick_desk.store.store import Store

    dek = unlocked.dek
    lock = None
    store = None
    try:
        lock = hold(path)
        finish_key_change(path, dek)
        rules = Rules(law.load_pack())
        store = Store(
            path / DATABASE,
            key_source(dek),
            REGISTRY,
            header.device_id,
            assess.deadline_rows(rules, REGISTRY),
            may_write,
        )
        store.open(before_migration=lambda: _keep_before_migration(path, store))
        with store.read() as cursor:
            newest = ways.check(cursor, header, unlocked.slot_id)
            cursor.execute(
                "SELECT name, role FROM officer WHERE officer_id = ?", (unlocked.officer_id,)
            )
            name, role = cursor.fetchone() or ("", "")
        older = header.generation < newest
        if older:
            # By a way that is still in force; from here on it is the newest there is.
            header = vault_header.seal_header(replace(header, generation=newest), dek)
        if change is not None:
            header = change(header)
        if older or change is not None:
            vault_header.write_header(path / vault_header.FILE_NAME, header, dek)
        units = Units.load(practising=is_practice(header.unit))
        info = DeskInfo(
            vault_path=path,
            vault_id=header.vault_id,
            profile=header.profile,
            unit=header.unit,
            unit_name=units.full_name(header.unit),
            label=header.desk_label,
            device=header.device_id,
            officer_id=unlocked.officer_id,
            officer_name=name,
            role=role,
        )
    except BaseException:
        if store is not None:
            store.close()
        if lock is not None:
            lock.release()
        wipe(dek)
        raise

    def closing(heads: Heads) -> None:
        try:
            _remember(path, dek, heads)
        finally:
            wipe(dek)
            lock.release()

    desk = Desk(Context(info, store, units, rules, now or clock), on_close=closing)
    take_into_use(desk.context)
    desk.trouble = _misfit(header, store)
    _log_unlock(desk, header, older=older)
    return desk


def _misfit(header: vault_header.Header, store: Store) -> str:
    """What of the file does not fit what the header remembers of it, in words; "" if it fits.

    It costs a few rows; ``verify`` looks at everything.
    """
    from traffick_desk.services.verify import known_head
    from traffick_desk.store import audit

    with store.read() as cursor:
        for kept_head, question, names in (
            (header.audit_head, "SELECT chain FROM audit WHERE seq = ?", ()),
            (
                header.journal_head,
                "SELECT chain FROM journal WHERE seq = ? AND device = ?",
                (header.device_id,),
            ),
        ):
            known = known_head(kept_head)
            if known is None or not known.seq:
                continue
            cursor.execute(question, (known.seq, *names))
            row = cursor.fetchone()
            if row is None or bytes(row[0] or b"") != known.chain:
                return _(OLD_COPY)
        now = audit.head(cursor)
    known = known_head(header.audit_head)
    tables = (header.audit_head or {}).get("tables")
    # After a power cut the log is ahead of the header, and nothing is remembered of the tables.
    if known is not None and tables and now == known and store.small_tables().hex() != tables:
        return _(OLD_PAGE)
    return ""


def _log_unlock(desk: Desk, header: vault_header.Header, *, older: bool) -> None:
    from traffick_desk.services import duress, roster, tries, ways

    info, at = desk.info, desk.context.moment
    fresh = duress.ensure(info.vault_path, duress.params_of(header))
    with desk.context.store.work() as work:
        ways.note(work.cursor, header)
        if fresh:
            duress.forget(work.cursor)
        if older:
            work.log(at, info.officer_id, "vault.header-older", info.vault_id)
        settled = tries.settle(info.vault_path, work.cursor, info.device)
        desk.refused_before = settled.refused
        if settled.refused:
            work.log(at, "", "vault.refused", str(settled.refused))
        if not settled.whole:
            work.log(at, "", "vault.tries-changed", info.vault_id)
        desk.tries_whole = settled.whole
        # Somebody may have been shut out while the vault was locked.
        roster.bring_up(work, desk.context)
        work.log(at, info.officer_id, "vault.unlock", info.vault_id)


def _remember(path: Path, dek: bytearray, heads: Heads) -> None:
    """Keep where log and journal stand outside the file: an old page put back is found by it."""
    from traffick_desk.vault import slots

    file = path / vault_header.FILE_NAME
    header = vault_header.read_header(file)
    header = slots.with_heads(
        header,
        dek,
        journal_head=kept(heads.journal) or header.journal_head,
        audit_head=_with_tables(kept(heads.audit), heads.tables) or header.audit_head,
    )
    vault_header.write_header(file, header, dek)


def _with_tables(head: dict[str, object] | None, tables: bytes | None) -> dict[str, object] | None:
    # What the small tables were when the log stood there.
    return head if head is None or tables is None else {**head, "tables": tables.hex()}


def kept(head: Head | None) -> dict[str, object] | None:
    """A head as the header holds it."""
    return None if head is None else {"seq": head.seq, "chain": head.chain.hex()}


def _keep_before_migration(path: Path, store: object) -> None:
    from traffick_desk.store.store import Store

    if isinstance(store, Store):
        target = path / f"{DATABASE}.before"
        with contextlib.suppress(FileNotFoundError):
            target.unlink()
        store.backup(target)
