"""One encrypted file, opened: units of work for commands, readers for queries."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from traffick_desk.domain.spine import Registry
from traffick_desk.domain.values import ICT, moment
from traffick_desk.store import audit, copies, documents, erasure, schema, unit_text, veil
from traffick_desk.store.engine import Engines, KeySource, connect, translated
from traffick_desk.store.errors import StoreDamaged, StoreError, StoreUnreadable
from traffick_desk.store.following import DeadlineRows, Following, small_tables
from traffick_desk.store.journal import Journal
from traffick_desk.store.past import journal_top
from traffick_desk.store.rights import Judge

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from traffick_desk.store.damage import Checking

T = TypeVar("T")

SQLITE_MAGIC = b"SQLite format 3\0"


class Work:
    """One transaction of a command. Everything in it becomes durable together, or nothing does.

    Attributes:
        hidden: the cases whose content is not there within :meth:`veiled`.
        touched: cases of which all that follows is made anew.
        audit_head: where the log stands after the last line that was added.
        plain: once it is finished: nothing took effect but what was written here, in the cases of
            the journal.
        top: once it is finished, where something is hidden: the last place in the journal.
    """

    def __init__(self, store: Store, connection: Connection) -> None:
        self.connection = connection
        self.cursor: Any = connection.connection.cursor()
        self.store = store
        self.hidden: frozenset[str] = frozenset()
        self.journal = Journal(self.cursor, store.registry, store.device, store.judge)
        self.touched: set[str] = set()
        self.audit_head: audit.Head | None = None
        self.plain = False
        self.top = 0

    @contextmanager
    def veiled(self) -> Iterator[None]:
        """Meanwhile the content of the hidden cases is not there."""
        with veil.hiding(self.cursor, self.hidden):
            yield

    def log(self, at: str, officer: str, action: str, obj: str, digest: bytes = b"") -> None:
        """Add a line to the log of what was done."""
        self.audit_head = audit.append(self.cursor, at, officer, action, obj, digest)

    def redate(self) -> None:
        """Compute all deadlines anew, as after a change of the rules about time limits."""
        self.store.following.redate(self.cursor)

    def finish(self) -> None:
        """Write the journal and bring search, deadlines and list up to date."""
        self.journal.flush()
        self.plain = not (self.journal.told or self.journal.erased_now)
        if self.hidden:
            self.top = journal_top(self.cursor)
        ended = self.journal.settle()
        unit_text.update(self.cursor, self.store.registry, self.journal.stale.of_units)
        if ended or self.journal.must_rebuild:
            self.store.following.rebuild(self.cursor)
        elif self.touched:
            self.store.following.project(self.cursor, self.journal.cases | self.touched)
        elif self.journal.cases:
            self.store.following.project(self.cursor, self.journal.cases, self.journal.stale)
        if any(name == "activity_file" for name, _id in self.journal.stale.of_units):
            documents.drop_removed(self.cursor)
        self._log_erasures()

    @property
    def erased(self) -> bool:
        """Whether data was erased, so that the file must be swept."""
        return bool(self.journal.erased_now)

    def _log_erasures(self) -> None:
        at = moment(datetime.now(ICT))
        for case, officer in sorted(self.journal.erased_now.items()):
            self.log(at, officer, "case.erased", case)
        if self.erased and self.audit_head is not None:
            # Copies whose log ends before this line still hold the data.
            self.cursor.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                (erasure.LOG, str(self.audit_head.seq)),
            )


class Store:
    """The encrypted file of a vault.

    Args:
        path: of the database file.
        key: gives the raw key; see ``engine.KeySource``.
        registry: record types of this version.
        device: this desk's device id.
        deadlines: computes the deadlines of cases from their records.
        judge: which role may write what (I7); by profile and unit alone without it.
    """

    def __init__(
        self,
        path: Path,
        key: KeySource,
        registry: Registry,
        device: str,
        deadlines: DeadlineRows | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.judge = judge
        self.following = Following(registry, deadlines, judge, device)
        self.path = path
        self.registry = registry
        self.device = device
        self._key = key
        self._writing = threading.Lock()
        # Set when a page of the file does not fit: nothing is built on damage.
        self.damaged = False
        self._engines = Engines(path, key, self._veil)
        # Something was hidden from who gave the last command.
        self._hiding = False

    def open(
        self, before_migration: Callable[[], None] | None = None, *, create: bool = False
    ) -> None:
        """Check the file and bring its tables to this version.

        Args:
            before_migration: called before an existing file is changed (to back it up).
            create: make a new file. Otherwise a missing, empty or cut file is as bad as a
                damaged one (I10): SQLite would quietly begin a new vault in its place.

        Raises:
            StoreUnreadable, StoreNewer, StoreError: nothing was changed.
        """
        if not create and not copies.has_content(self.path):
            raise StoreUnreadable
        schema.bring_up(
            self._engines, self.registry, self.following.rebuild, before_migration, create=create
        )
        with self.path.open("rb") as stream:
            if stream.read(16) == SQLITE_MAGIC:
                raise StoreUnreadable
        if not create:
            if copies.has_content(self.path.with_name(f"{self.path.name}-wal")):
                # A power cut in the middle of a checkpoint leaves pages in the file half written
                # whose whole content is in the log; looking at the file alone they seem damaged.
                self._engines.settle()
            self._drop_removed()
            self.sweep()

    @contextmanager
    def work(self, hidden: Callable[[Any], AbstractSet[str]] | None = None) -> Iterator[Work]:
        """A transaction for one command; commands of other threads wait.

        Args:
            hidden: asked within the transaction for the cases whose content is not there while
                the command runs (:meth:`Work.veiled`); everything is there without it.

        Raises:
            StoreDamaged: the file was found damaged; it can be read only.
        """
        if self.damaged:
            raise StoreDamaged
        with self._writing:
            with self._begun(hidden) as work:
                yield work
                work.finish()
            if work.erased:
                self._sweep()

    @contextmanager
    def _begun(self, hidden: Callable[[Any], AbstractSet[str]] | None) -> Iterator[Work]:
        """A transaction on the connection it belongs to; told by what was hidden the last time."""
        if hidden is not None and not self._hiding:
            with self._engines.write() as connection:
                work = Work(self, connection)
                if not hidden(work.cursor):
                    yield work
                    return
            # Nothing was written; it begins anew where the views are up.
        veiled = hidden is not None
        with self._engines.write(veiled=veiled) as connection:
            work = Work(self, connection)
            if hidden is not None:
                work.hidden = frozenset(hidden(work.cursor))
                self._hiding = bool(work.hidden)
            yield work

    def _veil(self, cursor: Any, reading: bool) -> None:
        veil.put_up(cursor, self.registry, reading=reading)

    def _drop_removed(self) -> None:
        """Drop photos whose activity was voided: until now that could be taken back."""
        if "activity_file" not in self.registry:
            return
        with self.read() as cursor:
            if not documents.removed(cursor, with_activities=True):
                return
        with self.work() as work:
            documents.drop_removed(work.cursor, with_activities=True)

    def sweep(self) -> bool:
        """Take what was erased out of free pages, the search index and the write-ahead log.

        Returns:
            Whether nothing is left to be swept; else it is done at the next opening.
        """
        with self._writing:
            return self._sweep()

    def _sweep(self) -> bool:
        with self.read() as cursor:
            cursor.execute("SELECT 1 FROM meta WHERE key = ?", (erasure.SWEEP,))
            if cursor.fetchone() is None:
                return True
        copies.drop(self.path.with_name(f"{self.path.name}.before"))
        try:
            self._engines.rewrite()
        except StoreError:
            # The erasing itself is durable; a full disk must not make it look undone.
            return False
        with self._engines.write() as connection:
            connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (erasure.SWEEP,))
        return True

    @contextmanager
    def read(self) -> Iterator[Any]:
        """A cursor over one consistent state; it cannot write."""
        with self._engines.cursor() as cursor:
            yield cursor

    @contextmanager
    def read_veiled(self, hidden: Callable[[Any], AbstractSet[str]]) -> Iterator[Any]:
        """As :meth:`read`, but the content of the cases that *hidden* answers with is not there.

        It is asked within the same state that is read.
        """
        with self._engines.veiled() as (cursor, known):
            cursor.execute("BEGIN")
            while (cases := hidden(cursor)) != known.get("hidden", frozenset()):
                # Outside the transaction, which is rolled back.
                cursor.execute("ROLLBACK")
                veil.keep_hidden(cursor, cases)
                known["hidden"] = frozenset(cases)
                cursor.execute("BEGIN")
            yield cursor

    def rebuild(self) -> None:
        """Make all record tables anew from the journal (I1)."""
        with self._writing, self._engines.write() as connection:
            cursor = connection.connection.cursor()
            self.following.rebuild(cursor)
            cursor.close()

    def unlike_journal(self) -> list[str]:
        """Record tables that are not what follows from the journal (I1); makes nothing anew.

        An old page put back into a table is found by this, whatever its rows say.
        """
        with self._writing, self._engines.write() as connection:
            cursor = connection.connection.cursor()
            found = self.following.unlike_journal(cursor)
            cursor.close()
            connection.rollback()
        return found

    def small_tables(self) -> bytes:
        """One digest of what follows from nothing else: officers, desks, links, keys, settings."""
        with self.read() as cursor:
            return small_tables(cursor)

    def backup(self, target: Path) -> None:
        """Copy the file; see :func:`~traffick_desk.store.copies.backup`.

        Raises:
            StoreError: the copy was not made; what was at *target* is still there.
        """
        copies.backup(self.path, self._key, target)

    def reencrypt(self, target: Path, fresh: KeySource) -> None:
        """Copy the file under another key; see :func:`~traffick_desk.store.copies.reencrypt`.

        Raises:
            StoreError: there is no copy.
        """
        copies.reencrypt(self.path, self._key, target, fresh)

    def look_into(self, path: Path, question: Callable[[Any], T]) -> T:
        """Answer *question* from a copy of this file, given a cursor that cannot write.

        Raises:
            StoreError: it does not open with the key of this file.
        """
        with translated():
            connection = connect(path, self._key, read_only=True)
            try:
                return question(connection.cursor())
            finally:
                connection.close()

    def checking(self, start: int = 0) -> Checking:
        """A check of all pages in pieces, from page *start* (from 0) on."""
        from traffick_desk.store.damage import Checking

        return Checking(self.path, self._key, start)

    def check(self) -> None:
        """Read every page and every index.

        Raises:
            StoreUnreadable: something does not fit.
        """
        try:
            copies.check(self.path, self._key)
        except StoreUnreadable:
            # The library looks at the file beside the log: while pages are being put into it,
            # one may be half there. With the log emptied the answer is certain.
            with self._writing:
                self._engines.settle()
                copies.check(self.path, self._key)

    def close(self) -> None:
        """Close all connections; waits for a running command."""
        with self._writing:
            self._engines.close()
