"""Making a sound vault out of a damaged one: from its journal, its backups, and bundles on sticks.

All tables follow from the journal (I1), so what counts is to gather as many of its changes as can
be read anywhere. What is gathered is put into a new file beside, proven, and takes the place of
the damaged one, which is put aside and not touched. The vault is a new device afterwards (I6):
numbers that are lost may have been sent already.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from traffick_desk.i18n import N_, _
from traffick_desk.services import backup_copies, restore, vaults
from traffick_desk.services.base import Desk, clock
from traffick_desk.services.salvage_sources import Salvaged, Source, from_bundles, gather
from traffick_desk.services.verify import known_head
from traffick_desk.store import audit
from traffick_desk.store.store import Store
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.errors import VaultError


class NothingToSalvage(Exception):
    """Neither the vault nor a backup could be opened."""

    def __str__(self) -> str:
        return _(
            N_(
                "Neither the vault nor any backup could be read, so nothing could be saved. "
                "Nothing was changed. Please plug in every stick with backups and try again, and "
                "do not throw this PC away: tell the province's IT desk."
            )
        )


def salvage(
    path: Path, login: str, password: str, places: Iterable[Path] = ()
) -> tuple[Desk, Salvaged]:
    """Rebuild the vault in folder *path* and open it; the damaged one is put aside.

    Args:
        path: folder of the damaged vault.
        login: of an officer.
        password: hers.
        places: folders and sticks where backups and bundles may be.

    Raises:
        UnlockRefused: wrong password; nothing was changed.
        NothingToSalvage: in words; nothing was changed.
        StoreError, VaultError, OSError: nothing was changed.
    """
    vaults.settle(path)
    vaults.hold(path).release()
    folders = list(places)
    copies = [found.copy for found in backup_copies.look_for(folders)]
    header = _header(path, [copy.path for copy in copies])
    unlocked = slots.unlock_with_password(header, login, password)
    key = vaults.key_source(unlocked.dek)
    making = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    sources = [Source(path / vaults.DATABASE, key, own=True)]
    keys = [unlocked]
    try:
        for copy in copies:
            opened = _opened(copy.path, header.vault_id, login, password)
            if opened is not None:
                keys.append(opened)
                source = vaults.key_source(opened.dek)
                sources.append(Source(copy.path / vaults.DATABASE, source, own=False))
        making.mkdir(mode=0o700)
        report = _make(making, header, unlocked, sources, folders)
        restore.take_place(making, path, taken=True)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    finally:
        for one in keys:
            one.wipe()
    return vaults.unlock(path, login, password), report


def _header(path: Path, copies: list[Path]) -> vault_header.Header:
    """The header of the vault; the one before it, or that of a backup, where it is damaged."""
    file = path / vault_header.FILE_NAME
    first: Exception | None = None
    for one in (file, vault_header.previous_path(file), *(c / file.name for c in copies)):
        try:
            return vault_header.read_header(one)
        except (VaultError, OSError) as error:
            first = first or error
    raise NothingToSalvage from first


def _opened(copy: Path, vault_id: str, login: str, password: str) -> slots.Unlocked | None:
    """The key of a backup of the same vault, if the password opens it."""
    try:
        header = vault_header.read_header(copy / vault_header.FILE_NAME)
        if header.vault_id != vault_id:
            return None
        return slots.unlock_with_password(header, login, password)
    except (VaultError, OSError):
        return None


def _make(
    making: Path,
    header: vault_header.Header,
    unlocked: slots.Unlocked,
    sources: list[Source],
    folders: list[Path],
) -> Salvaged:
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.domain.values import moment
    from traffick_desk.sync import enrolment

    before = header.device_id
    header = slots.with_desk(header, unlocked.dek, device_id=os.urandom(8).hex())
    store = Store(
        making / vaults.DATABASE, vaults.key_source(unlocked.dek), REGISTRY, header.device_id
    )
    store.open(create=True)
    report = Salvaged()
    log: dict[int, tuple[Any, ...]] = {}
    opened = 0
    try:
        for source in sources:
            opened += gather(store, source, report, log)
        if not opened:
            raise NothingToSalvage
        _keep_log(store, log, header, report)
        store.rebuild()
        report.from_bundles = from_bundles(store, before, folders, header.unit)
        with store.read() as cursor:
            _missing(cursor, header, before, report)
        at = moment(clock())
        with store.work() as work:
            cursor = work.cursor
            cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (header.device_id,))
            enrolment.register_own_device(
                cursor, header.device_id, header.profile, header.unit, header.desk_label, at
            )
            work.log(at, unlocked.officer_id, "vault.salvage", header.vault_id)
            head = work.audit_head
        store.check()
    finally:
        store.close()
    header = slots.with_heads(header, unlocked.dek, journal_head=None, audit_head=vaults.kept(head))
    vault_header.write_header(making / vault_header.FILE_NAME, header, unlocked.dek)
    restore.to_disk(making)
    return report


def _keep_log(
    store: Store,
    log: dict[int, tuple[Any, ...]],
    header: vault_header.Header,
    report: Salvaged,
) -> None:
    """Keep the log as far as its chain fits; what follows a gap proves nothing."""
    with store.work() as work:
        cursor = work.cursor
        cursor.execute("SELECT count(*) FROM audit")
        number = int(cursor.fetchone()[0])
        chain = audit.START
        while (row := log.get(number + 1)) is not None:
            if not audit.continues(chain, row):
                break
            cursor.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            chain, number = bytes(row[6]), number + 1
    known = known_head(header.audit_head)
    top = max([known.seq if known else 0, number, *log])
    report.log_lost = top - number


def _missing(cursor: Any, header: vault_header.Header, device: str, report: Salvaged) -> None:
    """Numbers that must have been given out and are nowhere, and documents without content."""
    cursor.execute("SELECT substr(name, 13) FROM secret WHERE name LIKE 'signing-key/%'")
    own = {name for (name,) in cursor.fetchall()} | {device}
    if header.profile == "province":
        cursor.execute("SELECT device FROM device WHERE profile = 'commune'")
        own |= {name for (name,) in cursor.fetchall()}
    known = known_head(header.journal_head)
    for name in sorted(own):
        cursor.execute("SELECT seq FROM journal WHERE device = ? ORDER BY seq", (name,))
        have = {seq for (seq,) in cursor.fetchall()}
        top = max([*have, known.seq if known and name == device else 0], default=0)
        if gone := [seq for seq in range(1, top + 1) if seq not in have]:
            report.lost[name] = gone
    cursor.execute("SELECT digest FROM document_bytes WHERE complete")
    report.documents_lost = len(report.had - {name for (name,) in cursor.fetchall()})
