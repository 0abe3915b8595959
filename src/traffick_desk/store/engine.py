"""Opening the encrypted file: one writer, several readers, every setting read back.

The order of the settings and the two engines follow what was measured with
these libraries: a shared pool of writers ends in "database is locked", the
default pool class of SQLAlchemy crashes under threads, and a PRAGMA that is
misspelt or refused is silently ignored by SQLite. ``tests/store`` holds the
measurements as tests.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from traffick_desk.store.errors import (
    DiskFull,
    SettingRefused,
    StoreError,
    StoreUnreadable,
    StoreUnwritable,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

KeySource = Callable[[], bytearray]
"""Gives a fresh copy of the raw key as ``x'…64 hex digits…'``; the caller wipes it."""
Veil = Callable[[Any, bool], None]
"""Puts views before the tables, given a cursor and whether the connection is for reading."""

_RAW_KEY = re.compile(rb"x'[0-9a-f]{64}'")
READERS = 4
# Statements kept prepared take the small fast memory that SQLite has for each connection. Once
# it is full, each value bound is locked into memory by the system and wiped again, which makes
# rows four times as dear to write (docs/measurements.md); preparing anew is cheap against that.
KEPT_STATEMENTS = 0

# Set in this order and read back; (pragma, written, read back).
_SETTINGS: tuple[tuple[str, str, Any], ...] = (
    ("foreign_keys", "ON", 1),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("busy_timeout", "5000", 5000),
)


def connect(
    path: Path, key: KeySource, *, read_only: bool = False, veil: Veil | None = None
) -> sqlcipher.Connection:
    """Open one connection with all settings of the vault, and with the views of *veil*.

    Raises:
        StoreUnreadable: the key does not fit or the file is damaged.
        SettingRefused: a setting did not take effect.
        DiskFull, StoreUnwritable: the disk refused.
        ValueError: the key is not in the one form that SQLCipher takes as a raw key.
    """
    with translated():
        connection = _connect(path, key(), read_only=read_only)
        if veil is not None:
            try:
                veil(connection.cursor(), read_only)
            except BaseException:
                connection.close()
                raise
        return connection


def _connect(path: Path, raw: Any, *, read_only: bool) -> sqlcipher.Connection:
    connection = None
    try:
        if not isinstance(raw, bytearray) or _RAW_KEY.fullmatch(raw) is None:
            # SQLCipher takes any other form as a passphrase and opens another database.
            raise ValueError("not a raw key")
        connection = sqlcipher.connect(
            str(path),
            isolation_level=None,
            check_same_thread=False,
            cached_statements=KEPT_STATEMENTS,
        )
        connection.execute("PRAGMA cipher_log_level = NONE")
        _guard(connection)
        connection.set_key(raw)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for name, value, expected in _SETTINGS:
            connection.execute(f"PRAGMA {name} = {value}")
            if connection.execute(f"PRAGMA {name}").fetchone()[0] != expected:
                raise SettingRefused
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
        if not cipher or not cipher[0]:
            raise SettingRefused
        if read_only:
            connection.execute("PRAGMA query_only = ON")
            if connection.execute("PRAGMA query_only").fetchone()[0] != 1:
                raise SettingRefused
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    finally:
        if isinstance(raw, bytearray):
            raw[:] = bytes(len(raw))
    return connection


def _guard(connection: sqlcipher.Connection) -> None:
    """Have all that SQLite allocates in this process kept out of the page file, and wiped."""
    connection.execute("PRAGMA cipher_memory_security = ON")
    secured = connection.execute("PRAGMA cipher_memory_security").fetchone()
    if not secured or str(secured[0]) != "1":
        raise SettingRefused


def _engine(path: Path, key: KeySource, *, read_only: bool, veil: Veil | None = None) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key, read_only=read_only, veil=veil),
        poolclass=QueuePool,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        # The reader used last has the pages at hand.
        pool_use_lifo=True,
        pool_timeout=60,
        # Parameters are names of victims: they never enter an exception text or a log.
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


class Engines:
    """The writer and the readers of one file."""

    def __init__(self, path: Path, key: KeySource, veil: Veil | None = None) -> None:
        self.path = path
        self._writer = _engine(path, key, read_only=False)
        self._readers = _engine(path, key, read_only=True)
        # Of who does not see everything; what stands before their tables stays there.
        self._veiled_writer = _engine(path, key, read_only=False, veil=veil)
        self._veiled_readers = _engine(path, key, read_only=True, veil=veil)
        self._written = False

        @event.listens_for(self._writer, "connect")
        @event.listens_for(self._veiled_writer, "connect")
        def _opened(_connection: object, _record: object) -> None:
            self._written = True

    @contextmanager
    def write(self, *, veiled: bool = False) -> Iterator[Connection]:
        """One transaction: all of it is durable when this returns, or none of it.

        Args:
            veiled: through the connection in which the views are up. Who calls sees to it that
                nobody writes through the other meanwhile.

        Raises:
            DiskFull, StoreUnwritable, StoreUnreadable: nothing was changed.
        """
        writer = self._veiled_writer if veiled else self._writer
        with translated(), writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; a write through it is refused."""
        with translated(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A cursor of the driver over one consistent view: what :meth:`read` costs, saved.

        Questions come with each key typed; SQLAlchemy's own connection about doubles what
        the short ones cost.
        """
        with translated():
            raw = self._readers.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("BEGIN")
                yield cursor
                cursor.close()
            finally:
                raw.close()  # the pool ends the transaction

    @contextmanager
    def veiled(self) -> Iterator[tuple[Any, dict[Any, Any]]]:
        """A cursor of a reader in which the views are up, not within a transaction yet.

        Beside it what is remembered of this connection as long as it stands.
        """
        with translated():
            raw = self._veiled_readers.raw_connection()
            try:
                cursor = raw.cursor()
                yield cursor, raw.info
                cursor.close()
            finally:
                raw.close()  # the pool ends the transaction

    def set_on_writer(self, pragma: str, value: str) -> None:
        """Set a PRAGMA outside a transaction (inside one, SQLite ignores some silently).

        Raises:
            SettingRefused: it did not take effect.
        """
        with translated():
            raw = self._writer.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(f"PRAGMA {pragma} = {value}")
                if str(cursor.execute(f"PRAGMA {pragma}").fetchone()[0]) != value:
                    raise SettingRefused
                cursor.close()
            finally:
                raw.close()

    def settle(self) -> None:
        """Put what the write-ahead log holds into the file, as far as the disk lets it."""
        with contextlib.suppress(StoreError), translated():
            raw = self._writer.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
            finally:
                raw.close()

    def rewrite(self) -> None:
        """Write the file anew without free pages, and empty the write-ahead log.

        Raises:
            DiskFull, StoreUnwritable: the file is as it was; nothing of it is lost.
        """
        with translated():
            raw = self._writer.raw_connection()
            try:
                cursor = raw.cursor()
                # Words of what was deleted stay in the parts of the index until they are merged.
                cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('optimize')")
                cursor.execute("VACUUM")
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.close()
            finally:
                raw.close()
        if busy:
            raise StoreUnwritable

    def close(self) -> None:
        """Put the write-ahead log into the file and close every connection."""
        try:
            # A file that was never written through here is left as it is.
            if self._written:
                raw = self._writer.raw_connection()
                try:
                    cursor = raw.cursor()
                    cursor.execute("PRAGMA optimize")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    cursor.close()
                finally:
                    raw.close()
        except (DBAPIError, sqlcipher.Error, StoreError):
            # The log stays beside the file and is read at the next opening; nothing is lost.
            pass
        finally:
            self._written = False
            self._readers.dispose()
            self._veiled_readers.dispose()
            self._veiled_writer.dispose()
            self._writer.dispose()


_FULL = ("database or disk is full",)
_UNWRITABLE = ("disk i/o error", "readonly database", "unable to open database file")
_DAMAGED = (
    "malformed", "not a database", "file is encrypted", "vtable constructor failed",
    "corrupt",
    "hmac check failed",
)  # fmt: skip


@contextmanager
def translated() -> Iterator[None]:
    """Turn driver errors about disk and file into errors that speak to the officer."""
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        text = str(original).lower()
        found: type[StoreError] | None = None
        if any(t in text for t in _FULL):
            found = DiskFull
        elif any(t in text for t in _UNWRITABLE):
            found = StoreUnwritable
        elif any(t in text for t in _DAMAGED):
            found = StoreUnreadable
        if found is None:
            raise
        raise found from error
