"""The hub's database: SQLite in its folder, or PostgreSQL with any number of hubs before it."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from traffick_desk.hub.errors import HubNewer

HEAD = "0002"
KNOWN = ("0001", "0002")
# The same number in every hub: only one of them moves the tables.
_MIGRATING = 0x7464_6875
_SETTINGS = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("busy_timeout", "10000", 10000),
)
# Put together once.
_SOFT = text("SET LOCAL synchronous_commit TO OFF")

T = TypeVar("T")


class _Job:
    """One piece of work among those of a shared transaction."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False

    def run(self, connection: Connection) -> None:
        """Do it; what it refuses leaves nothing of it, and nothing else undone."""
        try:
            with connection.begin_nested():
                self.result = self._work(connection)
        except Exception as error:  # noqa: BLE001 - raised again by who waits
            self.error = error


class Database:
    """Short transactions; safe from any thread.

    Args:
        url: of SQLAlchemy, ``sqlite:///…`` or ``postgresql+psycopg://…``.
        connections: at most this many at once.
    """

    def __init__(self, url: str, connections: int = 8) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # SQLite has one writer: waiting here is fair, waiting inside SQLite is not.
        self._writing: Any = threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        self._jobs: deque[_Job] = deque()
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True}
        if parsed.get_driver_name() == "psycopg":
            # A hub behind a pooler of connections cannot keep prepared statements.
            options["connect_args"] = {"prepare_threshold": None, "connect_timeout": 10}
        self.engine = create_engine(
            parsed, poolclass=QueuePool, pool_size=connections, max_overflow=0, **options
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set)
            event.listen(self.engine, "begin", _begin)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that may write.

        Args:
            durable: it outlives a power cut. Otherwise it outlives only the end of this process,
                and no other transaction sees less of it.
        """
        with self._writing, self._transaction(durable=durable) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, durable: bool) -> Iterator[Connection]:
        with self.engine.connect() as plain:
            connection = plain.execution_options(td_soft=not durable)
            with connection.begin():
                if not durable and not self.is_sqlite:
                    connection.execute(_SOFT)
                yield connection

    def together(self, work: Callable[[Connection], T]) -> T:
        """Do *work* in a durable transaction, in SQLite shared with all that waits for one.

        The medium is the slow part: what came while one transaction was written to it shares the
        next. PostgreSQL does the same by itself.
        """
        if not self.is_sqlite:
            with self.write() as connection:
                return work(connection)
        job = _Job(work)
        self._jobs.append(job)
        with self._writing:
            if not job.done:
                self._do_together()
        if job.error is not None:
            raise job.error
        return cast("T", job.result)

    def _do_together(self) -> None:
        jobs = []
        while self._jobs:
            jobs.append(self._jobs.popleft())
        try:
            with self._transaction(durable=True) as connection:
                for job in jobs:
                    job.run(connection)
        except BaseException as error:
            for job in jobs:
                job.error = job.error or error
            raise
        finally:
            for job in jobs:
                job.done = True

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; in SQLite it waits for no writer."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(td_reads=True)
            with connection.begin():
                yield connection

    def bring_up(self) -> None:
        """Make or update the tables; one hub does it, others wait for it.

        Raises:
            HubNewer: they are of a newer version; nothing was changed.
        """
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            version = _version(connection)
            if version is not None and version not in KNOWN:
                raise HubNewer
            if version != HEAD:
                _migrate(connection)

    def is_up(self) -> bool:
        """Whether the tables are those of this version."""
        with self.read() as connection:
            return _version(connection) == HEAD

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _set(connection: Any, _record: object) -> None:
    # Python's own handling of transactions begins them too late; ``_begin`` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value, expected in _SETTINGS:
        cursor.execute(f"PRAGMA {name} = {value}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise RuntimeError(f"SQLite refused {name}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # Past SQLAlchemy: three statements of every transaction have nothing to be put together.
    plain: Any = connection.connection.driver_connection
    if options.get("td_reads"):
        plain.execute("BEGIN")
        return
    level = "NORMAL" if options.get("td_soft") else "FULL"
    if connection.info.get("td_level") != level:
        plain.execute(f"PRAGMA synchronous = {level}")
        connection.info["td_level"] = level
    plain.execute("BEGIN IMMEDIATE")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "traffick_desk:hub/migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
