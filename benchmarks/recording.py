"""The same rows without us: what a transaction writes is recorded and written again bare."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from traffick_desk.store import engine
from traffick_desk.store.journal import Journal
from traffick_desk.store.store import Store, Work

Written = list[tuple[str, Any, bool]]


class _Cursor:
    """A cursor that keeps every statement that writes, with its values."""

    def __init__(self, cursor: Any, written: Written) -> None:
        self._cursor, self._written = cursor, written
        self.fetchone, self.fetchall = cursor.fetchone, cursor.fetchall

    def execute(self, statement: str, values: Any = ()) -> Any:
        if not statement.startswith("SELECT"):
            self._written.append((statement, values, False))
        return self._cursor.execute(statement, values)

    def executemany(self, statement: str, rows: Any) -> Any:
        rows = list(rows)
        if rows:
            self._written.append((statement, rows, True))
        return self._cursor.executemany(statement, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


@contextmanager
def recorded() -> Iterator[Written]:
    """While this is open, what commands write is appended to the list."""
    written: Written = []
    plain = Work.__init__

    def begin(work: Work, store: Store, connection: Any) -> None:
        plain(work, store, connection)
        work.cursor = _Cursor(work.cursor, written)
        work.journal = Journal(work.cursor, store.registry, store.device)

    Work.__init__ = begin  # type: ignore[method-assign]
    try:
        yield written
    finally:
        Work.__init__ = plain  # type: ignore[method-assign]


class Bare:
    """A connection to a copy of the vault's file with the same settings, and nothing above it."""

    def __init__(self, path: Path, key: engine.KeySource) -> None:
        self._connection = engine.connect(path, key)

    def write(self, written: Written) -> float:
        """Write the rows in one transaction; seconds until they are durable."""
        cursor = self._connection.cursor()
        start = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        for statement, values, many in written:
            if many:
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values)
        cursor.execute("COMMIT")
        took = time.perf_counter() - start
        cursor.close()
        return took

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def rows_in(written: Written) -> int:
    """How many rows were written."""
    return sum(len(values) if many else 1 for _statement, values, many in written)
