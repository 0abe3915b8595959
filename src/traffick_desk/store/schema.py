"""Bringing the tables of a file to this version of the program.

Fixed tables move by alembic; it is imported only when there is work to do.
Record tables follow from the spine: missing tables and columns are added and,
where the journal holds changes that an older version did not know (I5), the
tables are made anew from it. So are the derived tables, from the list of cases on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from traffick_desk.domain.spine import Registry
from traffick_desk.store.errors import StoreNewer, StoreUnreadable
from traffick_desk.store.tables import derived, fingerprint, record_tables, table_name

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from traffick_desk.store.engine import Engines

HEAD = "0002"
KNOWN = ("0001", "0002")


def version(connection: Connection) -> str | None:
    """The migration the file is at; ``None`` for an empty file."""
    found = connection.exec_driver_sql(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchone()
    if found is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def bring_up(
    engines: Engines,
    registry: Registry,
    rebuild: Callable[[Any], None],
    before_migration: Callable[[], None] | None = None,
    *,
    create: bool = False,
) -> None:
    """Make or update all tables; does nothing when they are up to date.

    Args:
        engines: of the file.
        registry: the record types of this version.
        rebuild: makes the record tables anew, given a cursor of the open transaction.
        before_migration: called before an existing file is changed (to back it up).
        create: whether a file without tables is a new one; otherwise something is lost.

    Raises:
        StoreUnreadable: the file holds no tables; nothing was changed.
        StoreNewer: the file is of a newer version; nothing was changed.
    """
    with engines.read() as connection:
        current = version(connection)
        if current is None and not create:
            raise StoreUnreadable
        if current is not None and current not in KNOWN:
            raise StoreNewer
        described = (
            connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'spine'").scalar()
            if current
            else None
        )
    if current == HEAD and described == fingerprint(registry):
        return
    if current is not None and before_migration is not None:
        before_migration()
    # Batch migrations rebuild tables; with foreign keys on they could cascade and delete.
    engines.set_on_writer("foreign_keys", "0")
    try:
        with engines.write() as connection:
            if current != HEAD:
                _migrate(connection)
            if described != fingerprint(registry):
                _follow_spine(connection, registry, rebuild)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone() is not None:
                raise StoreUnreadable
    finally:
        engines.set_on_writer("foreign_keys", "1")


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "traffick_desk:store/migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _follow_spine(
    connection: Connection, registry: Registry, rebuild: Callable[[Any], None]
) -> None:
    inspector = inspect(connection)
    existing = set(inspector.get_table_names())
    wanted = record_tables(registry)
    for record_type in registry:
        name = table_name(record_type.name)
        if name not in existing:
            continue
        have = [c["name"] for c in inspector.get_columns(name)]
        if have != [c.name for c in wanted.tables[name].columns]:
            # The rows follow from the journal: another shape is another table.
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
            existing.discard(name)
    wanted.create_all(connection, checkfirst=True)
    # Of tables that stayed as they are an index may be new.
    made = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'")
    known = {name for (name,) in made}
    for table in wanted.sorted_tables:
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if index.name not in known:
                index.create(connection)
    for table in derived.sorted_tables:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
    derived.create_all(connection)
    cursor = connection.connection.cursor()
    cursor.execute("SELECT 1 FROM journal LIMIT 1")
    if cursor.fetchone() is not None:
        rebuild(cursor)
    cursor.execute("INSERT OR REPLACE INTO meta VALUES ('spine', ?)", (fingerprint(registry),))
    cursor.close()
