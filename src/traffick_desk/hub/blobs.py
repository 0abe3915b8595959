"""Where the bytes of bundles lie: files in a folder, or rows of the database.

Bytes are durable before the table of bundles says that they are held, so a hub
that is killed at any moment holds at least what it confirmed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import Connection, bindparam, delete, insert, select

from traffick_desk.hub.database import Database
from traffick_desk.hub.tables import chunk

_STEP = 256 * 1024
# Put together once: that takes SQLAlchemy longer than the database needs to answer.
_KEEP = insert(chunk)
_PART = (
    select(chunk.c.start, chunk.c.data)
    .where(chunk.c.bundle == bindparam("name"), chunk.c.start <= bindparam("at"))
    .order_by(chunk.c.start.desc())
    .limit(1)
)


class Blobs(Protocol):
    """A place for bytes."""

    def append(self, name: str, start: int, data: bytes, *, last: bool) -> None:
        """Put *data* at *start* and return when it is on the medium; *last*: it is sealed next.

        Raises:
            FileNotFoundError: what was before *start* is lost.
        """

    def record(self, connection: Connection, name: str, start: int, data: bytes) -> None:
        """The same within the transaction that notes it."""

    def parts(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from *start* up to *end*."""

    def seal(self, name: str) -> None:
        """Complete: nothing is added any more."""

    def forget(self, connection: Connection, name: str) -> None:
        """Remove what belongs to *name* in the transaction."""

    def remove(self, name: str) -> None:
        """Remove what is outside of any transaction."""

    def free(self) -> int | None:
        """Bytes that can still be written, if that is known."""


def keep_whole(connection: Connection, name: str, data: bytes) -> None:
    """Keep all bytes of a small bundle within the transaction that notes it.

    One write to the medium instead of three, and no file that a killed hub could leave behind.
    """
    connection.execute(_KEEP, {"bundle": name, "start": 0, "data": data})


class DatabaseBlobs:
    """Rows of the database: what several hubs on several machines share with least care."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, name: str, start: int, data: bytes, *, last: bool) -> None:
        """See :class:`Blobs`."""

    def record(self, connection: Connection, name: str, start: int, data: bytes) -> None:
        """See :class:`Blobs`."""
        connection.execute(_KEEP, {"bundle": name, "start": start, "data": data})

    def parts(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """See :class:`Blobs`."""
        at = start
        while at < end:
            # A transaction for each row: a slow reader must not hold a connection.
            with self._database.read() as connection:
                row = connection.execute(_PART, {"name": name, "at": at}).first()
            if row is None:
                return
            part = bytes(row.data)[at - row.start : end - row.start]
            if not part:
                return
            at += len(part)
            yield part

    def seal(self, name: str) -> None:
        """See :class:`Blobs`."""

    def forget(self, connection: Connection, name: str) -> None:
        """See :class:`Blobs`."""
        connection.execute(delete(chunk).where(chunk.c.bundle == name))

    def remove(self, name: str) -> None:
        """See :class:`Blobs`."""

    def free(self) -> int | None:
        """See :class:`Blobs`."""
        return None


class FolderBlobs(DatabaseBlobs):
    """One file a bundle; a folder that several hubs share must be one file system to them all.

    What came whole with one request lies in the database even so (:func:`keep_whole`).
    """

    def __init__(self, folder: Path, database: Database) -> None:
        super().__init__(database)
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, name: str, start: int, data: bytes, *, last: bool) -> None:
        """See :class:`Blobs`."""
        descriptor, new = self._writable(name, create=start == 0)
        try:
            # What a killed hub wrote without confirming is behind ``start`` and is written over.
            os.lseek(descriptor, start, os.SEEK_SET)
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new and not last:
            _sync(self._part(name).parent)

    def _writable(self, name: str, *, create: bool) -> tuple[int, bool]:
        """The file of *name*, and whether it is a new one.

        A hub that was killed after sealing left the whole under its final name; beginning another
        beside it would put a hole in its place.

        Raises:
            FileNotFoundError: there is none and it is not to be made: its bytes were lost.
        """
        flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
        part = self._part(name)
        for path in (part, self._whole(name), part):
            with contextlib.suppress(FileNotFoundError):
                return os.open(path, flags), False
        if not create:
            raise FileNotFoundError(part.name)
        if not part.parent.exists():
            part.parent.mkdir(exist_ok=True)
            _sync(self._folder)
        return os.open(part, flags | os.O_CREAT, 0o600), True

    def record(self, connection: Connection, name: str, start: int, data: bytes) -> None:
        """See :class:`Blobs`."""

    def parts(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """See :class:`Blobs`."""
        stream = self._opened(name)
        if stream is None:
            yield from super().parts(name, start, end)
            return
        with stream:
            stream.seek(start)
            left = end - start
            while left > 0 and (part := stream.read(min(_STEP, left))):
                left -= len(part)
                yield part

    def _opened(self, name: str) -> BinaryIO | None:
        # It may be sealed or taken at this very moment.
        for path in (self._whole(name), self._part(name), self._whole(name)):
            with contextlib.suppress(FileNotFoundError):
                return path.open("rb")
        return None

    def seal(self, name: str) -> None:
        """See :class:`Blobs`."""
        part = self._part(name)
        with contextlib.suppress(FileNotFoundError):
            part.replace(self._whole(name))
            _sync(part.parent)

    def remove(self, name: str) -> None:
        """See :class:`Blobs`."""
        self._part(name).unlink(missing_ok=True)
        self._whole(name).unlink(missing_ok=True)

    def free(self) -> int | None:
        """See :class:`Blobs`."""
        return shutil.disk_usage(self._folder).free

    def _part(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.part"

    def _whole(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.age"


def digest(blobs: Blobs, name: str, size: int, more: bytes = b"") -> str:
    """SHA-256 (hex) of the first *size* bytes and *more*; of fewer if there are fewer."""
    found = hashlib.sha256()
    for part in blobs.parts(name, 0, size):
        found.update(part)
    found.update(more)
    return found.hexdigest()


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
