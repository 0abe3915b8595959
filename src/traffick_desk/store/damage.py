"""Checking a file piece by piece, and reading what can still be read of a damaged one.

SQLite stops at the first page it cannot trust. Here tables are read a row at a time, from the
front and, past a page that does not open, from behind: what lies between is what is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from traffick_desk.store import copies
from traffick_desk.store.engine import KeySource, connect, translated
from traffick_desk.store.errors import StoreError, StoreUnreadable

# What a vault cannot be made anew without, or what only this file has.
TABLES = (
    "journal", "audit", "device", "officer", "secret", "meta", "draft", "seen", "link",
    "link_case", "bundle_out", "bundle_in", "document_bytes", "document_piece", "document_sent",
    "document_asked",
)  # fmt: skip


@dataclass
class Read:
    """What was read of one table.

    Attributes:
        rows: how many.
        whole: whether all of it could be read.
    """

    rows: int = 0
    whole: bool = True


@dataclass
class Found:
    """What could be read of a file.

    Attributes:
        opens: whether it opens with the key at all.
        tables: name → what was read.
    """

    opens: bool = True
    tables: dict[str, Read] = field(default_factory=dict)


def quick(path: Path, key: KeySource) -> bool:
    """Whether the head of the file, its tables and their shape can be read: some milliseconds."""
    try:
        with translated():
            connection = connect(path, key, read_only=True)
            try:
                names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                for (name,) in names.fetchall():
                    if not name.startswith("search_fts"):
                        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
            finally:
                connection.close()
    except StoreError:
        return False
    return True


class Checking:
    """Reads every page of an encrypted file, a few at a time; can be stopped and taken up again.

    It reads the file beside the database library: each page's own code (HMAC) tells whether it is
    what was written. So nothing is held up, and a page changed by a save meanwhile is looked at
    again.
    """

    def __init__(self, path: Path, key: KeySource, start: int = 0) -> None:
        self._path, self._key = path, key
        self.position = start

    def step(self, pages: int = 256) -> tuple[list[int], bool]:
        """Look at the next *pages*; numbers (from 1) of those that do not fit, and whether done.

        Raises:
            OSError: the file cannot be read.
        """
        from traffick_desk.vault.pages import misfits

        raw = self._key()
        try:
            secret = bytes.fromhex(raw[2:66].decode("ascii"))
            wrong, count = misfits(self._path, secret, self.position, pages)
        finally:
            raw[:] = bytes(len(raw))
        self.position += count
        return wrong, count < pages


def sound_pages(path: Path, key: KeySource) -> dict[int, bytes]:
    """All pages that are what was written, in clear; see ``vault.pages.sound``.

    Raises:
        OSError: the file cannot be read.
    """
    from traffick_desk.vault.pages import sound

    raw = key()
    try:
        return sound(path, bytes.fromhex(raw[2:66].decode("ascii")))
    finally:
        raw[:] = bytes(len(raw))


def rows(connection: Any, table: str, read: Read) -> Iterator[tuple[Any, ...]]:
    """The rows of *table* that can be read, in no certain order; each once."""
    last = None
    try:
        cursor = connection.cursor()
        cursor.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid')
        while (row := cursor.fetchone()) is not None:
            last = row[0]
            read.rows += 1
            yield row[1:]
    except sqlcipher.DatabaseError:
        read.whole = False
        yield from _from_behind(connection, table, last, read)


def _from_behind(
    connection: Any, table: str, last: int | None, read: Read
) -> Iterator[tuple[Any, ...]]:
    """Rows after the page that does not open, read backwards until it comes again."""
    above = "" if last is None else f"WHERE rowid > {int(last)}"
    try:
        cursor = connection.cursor()
        cursor.execute(f'SELECT rowid, * FROM "{table}" {above} ORDER BY rowid DESC')
        while (row := cursor.fetchone()) is not None:
            read.rows += 1
            yield row[1:]
    except sqlcipher.DatabaseError:
        return


def columns(connection: Any, table: str) -> list[str]:
    """Names of the columns of *table*; none if its description cannot be read."""
    try:
        return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
    except sqlcipher.DatabaseError:
        return []


def open_damaged(path: Path, key: KeySource) -> Any:
    """A connection to what may be damaged, for reading alone.

    Raises:
        StoreUnreadable: not even the first page opens with the key.
    """
    if not copies.has_content(path):
        raise StoreUnreadable
    return connect(path, key, read_only=True)
