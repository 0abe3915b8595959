"""The encrypted file as a whole: checked, copied, encrypted anew, put in the place of another."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from traffick_desk.store.engine import KeySource, connect, translated
from traffick_desk.store.errors import DiskFull, StoreUnreadable, StoreUnwritable

PAGE = 4096


def backup(path: Path, key: KeySource, target: Path) -> None:
    """Copy the file at *path*, encrypted with the same key, and prove that the copy opens.

    The copy takes the place of *target* only once it is proven and on the disk.

    Raises:
        StoreError: the copy was not made; what was at *target* is still there.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with translated():
            drop(part)
            source = connect(path, key, read_only=True)
            try:
                copy = connect(part, key)
                try:
                    source.backup(copy)
                finally:
                    copy.close()
            finally:
                source.close()
        check(part, key)
        _to_disk(part)
        part.replace(target)
        _to_disk(target.parent)
    except OSError as error:
        raise (DiskFull if error.errno == errno.ENOSPC else StoreUnwritable) from error
    finally:
        drop(part)


def reencrypt(path: Path, key: KeySource, target: Path, fresh: KeySource) -> None:
    """Copy the file to *target* under another key, and prove that all of it is there.

    The file in use is not touched; who takes the copy into use sees to it that nothing is
    written meanwhile.

    Raises:
        StoreError: there is no copy.
    """
    backup(path, key, target)
    try:
        with translated():
            copy = connect(target, key)
            try:
                # In a write-ahead log each page would be written twice.
                copy.execute("PRAGMA journal_mode = DELETE")
                before = _counts(copy)
                raw = fresh()
                try:
                    copy.reset_key(raw)
                finally:
                    raw[:] = bytes(len(raw))
            finally:
                copy.close()
        check(target, fresh)
        with translated():
            copy = connect(target, fresh, read_only=True)
            try:
                same = _counts(copy) == before
            finally:
                copy.close()
        if not same:
            raise StoreUnreadable
        _to_disk(target)
        _to_disk(target.parent)
    except BaseException:
        drop(target)
        raise


def check(path: Path, key: KeySource) -> None:
    """Read every page and every index of a file.

    Raises:
        StoreUnreadable: something does not fit, or there is no file.
    """
    if not has_content(path):
        raise StoreUnreadable
    connection = connect(path, key, read_only=True)
    try:
        with translated():
            pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            logic = connection.execute("PRAGMA integrity_check").fetchall()
            strange = connection.execute("PRAGMA foreign_key_check").fetchall()
        if pages or strange or logic != [("ok",)]:
            raise StoreUnreadable
    finally:
        connection.close()


def opens(path: Path, key: KeySource) -> bool:
    """Whether the file at *path* is encrypted with *key*."""
    try:
        connect(path, key, read_only=True).close()
    except StoreUnreadable:
        return False
    return True


def take_place(fresh: Path, path: Path) -> None:
    """Put the file *fresh* in the place of *path*, for good; nobody has either open."""
    # Left over, its log would be played into the new file.
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.replace(path)
    _to_disk(path.parent)
    drop(fresh)


def _counts(connection: Any) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in tables.fetchall()
    }


def has_content(path: Path) -> bool:
    """Whether there is a file that can be a database."""
    # SQLite takes what is shorter than a page for a new, empty database.
    try:
        return path.stat().st_size >= PAGE
    except OSError:
        return False


def drop(path: Path) -> None:
    """Remove a database file with all that belongs to it, if it is there."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle of a folder to flush.
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
