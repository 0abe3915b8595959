"""What salvage takes from each place: a damaged file, its backups, bundles on sticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traffick_desk.i18n import _, ngettext
from traffick_desk.store import carve, damage, documents
from traffick_desk.store.changes import Change, ChangeInvalid, digest
from traffick_desk.store.errors import StoreError
from traffick_desk.store.store import Store

# Remembered by the file, but made anew or untrue in the salvaged one.
_NOT_KEPT = ("device", "spine", "stamp", "unknown_changes", "backup_pos", "backup_at", "check")
_PLAIN = ("device", "officer", "secret", "draft", "seen")


@dataclass
class Salvaged:
    """What was saved, from where, and what was not.

    Attributes:
        from_vault, from_backups, from_bundles: changes that each gave first.
        lost: device → numbers of its changes that are nowhere.
        differing: refs of changes of which two versions were found; the vault's own was kept.
        documents_lost: documents whose content is nowhere.
        log_lost: lines of the log that are missing or do not fit.
        torn: tables of the vault that could not be read to the end.
    """

    from_vault: int = 0
    from_backups: int = 0
    from_bundles: int = 0
    lost: dict[str, list[int]] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    documents_lost: int = 0
    log_lost: int = 0
    torn: list[str] = field(default_factory=list)
    had: set[str] = field(default_factory=set, repr=False)
    """Digests of documents whose content some file had."""

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.lost or self.differing or self.documents_lost or self.log_lost)

    def lines(self) -> list[str]:
        """The same in words."""
        found = [
            _("Saved: {vault} entries from the vault, {backups} from backups, {bundles} from "
              "bundles.").format(
                vault=self.from_vault, backups=self.from_backups, bundles=self.from_bundles)
        ]  # fmt: skip
        if self.whole:
            return [*found, _("Nothing is missing.")]
        number = sum(map(len, self.lost.values()))
        if number:
            found.append(
                ngettext(
                    "{n} entry is lost: please compare the cases of the last days with your "
                    "papers. What was sent before comes back from the province.",
                    "{n} entries are lost: please compare the cases of the last days with your "
                    "papers. What was sent before comes back from the province.",
                    number,
                ).format(n=number)
            )
        if self.differing:
            found.append(
                _("Of {n} entries two versions were found; that of the vault was kept.").format(
                    n=len(self.differing))
            )  # fmt: skip
        if self.documents_lost:
            found.append(
                ngettext(
                    "The content of {n} document is lost; the case still names it.",
                    "The content of {n} documents is lost; the cases still name them.",
                    self.documents_lost,
                ).format(n=self.documents_lost)
            )
        if self.log_lost:
            found.append(_("{n} lines of the log are lost.").format(n=self.log_lost))
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may give something."""

    file: Path
    key: Any
    own: bool


def gather(store: Store, source: Source, report: Salvaged, log: dict[int, tuple[Any, ...]]) -> bool:
    """Take in what one file still gives; whether it opened at all."""
    try:
        connection = damage.open_damaged(source.file, source.key)
    except StoreError:
        return _carve(store, source, report, log)
    torn = len(report.torn)
    try:
        with store.work() as work:
            for table in _PLAIN:
                _plain(work.cursor, connection, table, report if source.own else None)
            _meta(work.cursor, connection)
            new = _journal(work.cursor, connection, report, own=source.own)
            if source.own:
                report.from_vault += new
            else:
                report.from_backups += new
            _bytes(work.cursor, connection, report, own=source.own)
        found = damage.Read()
        for row in damage.rows(connection, "audit", found):
            if isinstance(row[0], int):
                log.setdefault(row[0], row)
        if source.own and not found.whole:
            report.torn.append("audit")
    finally:
        connection.close()
    if len(report.torn) > torn:
        # Rows beyond a page that leads to them are out of SQLite's reach, not out of ours.
        _carve(store, source, report, log)
    return True


def _carve(store: Store, source: Source, report: Salvaged, log: dict[int, tuple[Any, ...]]) -> bool:
    """Rows of a file read page by page, without its schema; whether there were any."""
    try:
        pages = damage.sound_pages(source.file, source.key)
    except OSError:
        return False
    found: dict[str, list[tuple[Any, ...]]] = {}
    for rowid, row in carve.rows(pages):
        if name := carve.table_of(row):
            numbered = name in ("audit", "journal", "document_piece")
            found.setdefault(name, []).append((rowid, *row[1:]) if numbered else row)
    with store.work() as work:
        cursor = work.cursor
        for name in ("device", "officer", "secret", "meta"):
            for row in found.get(name, ()):
                marks = ",".join("?" * len(row))
                cursor.execute(f'INSERT OR IGNORE INTO "{name}" VALUES ({marks})', row)
        new = _changes(cursor, found.get("journal", ()), report, damage.Read())
        if source.own:
            report.from_vault += new
        else:
            report.from_backups += new
        content = found.get("document_bytes", ()), found.get("document_piece", ())
        _content(cursor, *content, report)
    for row in found.get("audit", ()):
        log.setdefault(row[0], row)
    return bool(found.get("journal"))


def _plain(cursor: Any, connection: Any, table: str, report: Salvaged | None) -> None:
    names = damage.columns(connection, table)
    cursor.execute(f'PRAGMA table_info("{table}")')
    wanted = [row[1] for row in cursor.fetchall()]
    read = damage.Read()
    for row in damage.rows(connection, table, read):
        values = dict(zip(names, row, strict=False))
        if all(name in values for name in wanted):
            cursor.execute(
                f'INSERT OR IGNORE INTO "{table}" VALUES ({",".join("?" * len(wanted))})',
                [values[name] for name in wanted],
            )
    if report is not None and not read.whole:
        report.torn.append(table)


def _meta(cursor: Any, connection: Any) -> None:
    for key, value in damage.rows(connection, "meta", damage.Read()):
        if isinstance(key, str) and not key.startswith(_NOT_KEPT):
            cursor.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))


def _journal(cursor: Any, connection: Any, report: Salvaged, *, own: bool) -> int:
    """Changes that are not there yet; their order matters to nothing (I2)."""
    read = damage.Read()
    new = _changes(cursor, damage.rows(connection, "journal", read), report, read)
    if own and not read.whole:
        report.torn.append("journal")
    return new


def _changes(
    cursor: Any, rows: Iterable[tuple[Any, ...]], report: Salvaged, read: damage.Read
) -> int:
    new = 0
    for _pos, device, seq, case_id, via, body, chain in rows:
        try:
            change = Change.decode(bytes(body))
        except (ChangeInvalid, TypeError):
            read.whole = False
            continue
        if (change.device, change.seq) != (device, seq):
            read.whole = False
            continue
        cursor.execute(
            "INSERT OR IGNORE INTO journal (device, seq, case_id, via, body, chain) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (device, seq, case_id, via, bytes(body), chain),
        )
        if cursor.rowcount:
            new += 1
            continue
        cursor.execute("SELECT body FROM journal WHERE device = ? AND seq = ?", (device, seq))
        if digest(bytes(cursor.fetchone()[0])) != digest(bytes(body)):
            report.differing.append(change.ref)
    return new


def _bytes(cursor: Any, connection: Any, report: Salvaged, *, own: bool) -> None:
    read = damage.Read()
    heads = list(damage.rows(connection, "document_bytes", read))
    _content(cursor, heads, damage.rows(connection, "document_piece", read), report)
    if own and not read.whole:
        report.torn.append("documents")


def _content(
    cursor: Any,
    heads: Iterable[tuple[Any, ...]],
    pieces: Iterable[tuple[Any, ...]],
    report: Salvaged,
) -> None:
    """Documents of which nothing sound is there yet; those that do not fit are left out."""
    cursor.execute("SELECT digest FROM document_bytes")
    known = {name for (name,) in cursor.fetchall()}
    for name, size, complete in heads:
        if complete:
            report.had.add(name)
        if name not in known:
            cursor.execute(
                "INSERT OR IGNORE INTO document_bytes VALUES (?, ?, ?)", (name, size, complete)
            )
    for _pos, name, number, packed, body in pieces:
        if name not in known:
            cursor.execute(
                "INSERT OR IGNORE INTO document_piece (digest, number, packed, body) "
                "VALUES (?, ?, ?, ?)",
                (name, number, packed, bytes(body)),
            )
    for name in documents.damaged(cursor):
        documents.forget(cursor, name)


def from_bundles(store: Store, device: str, folders: list[Path], unit: str) -> int:
    """Changes in bundles that were sealed to this desk and still lie on a stick."""
    from traffick_desk.domain.practice import is_practice
    from traffick_desk.store.journal_errors import Equivocation
    from traffick_desk.sync.bundle import open_bundle
    from traffick_desk.sync.carriers import Carrier, CarrierError
    from traffick_desk.sync.errors import SyncError
    from traffick_desk.sync.intake import known_keys
    from traffick_desk.sync.keys import DeviceKeys

    with store.read() as cursor:
        try:
            keys = DeviceKeys.load(cursor, device)
        except SyncError:
            return 0
        known = known_keys(cursor, device)
    new = 0
    for folder in folders:
        carrier = Carrier(folder, practice=is_practice(unit))
        try:
            paths = carrier.bundles(*keys.recipients)
        except (CarrierError, OSError):
            continue
        for path in paths:
            try:
                inside = open_bundle(carrier.get(path), keys.identities, known)
                with store.work() as work:
                    taken = work.journal.take_in(inside.part("changes"), inside.manifest.sender)
                new += taken.new
            except (SyncError, CarrierError, OSError, Equivocation, ChangeInvalid):
                continue
    return new
