"""The one place where carriers touch the file system, so that tests can make it fail anywhere."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path
from typing import BinaryIO


class Disk:
    """The real file system. Errors are the system's ``OSError``."""

    def create(self, path: Path) -> BinaryIO:
        """A new file for writing; ``FileExistsError`` if the name is taken. Unbuffered."""
        return path.open("xb", buffering=0)

    def open(self, path: Path) -> BinaryIO:
        """A file for reading."""
        return path.open("rb")

    def write(self, stream: BinaryIO, data: memoryview) -> int:
        """Write some of *data*; how much."""
        return stream.write(data)

    def read(self, stream: BinaryIO, size: int) -> bytes:
        """Up to *size* bytes."""
        return stream.read(size)

    def sync(self, stream: BinaryIO) -> None:
        """Return when the bytes are on the medium."""
        os.fsync(stream.fileno())

    def forget(self, stream: BinaryIO) -> None:
        """Drop the file from memory where the system can, so that reading asks the medium."""
        if hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file its final name."""
        source.rename(target)

    def sync_folder(self, path: Path) -> None:
        """Make names durable; Windows does that by itself."""
        if os.name == "posix":
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            except OSError as error:
                # Some FAT drivers cannot sync a folder; the file itself is on the medium.
                if error.errno not in _NO_FOLDER_SYNC:
                    raise
            finally:
                os.close(descriptor)

    def make_folder(self, path: Path) -> None:
        """Make a folder if it is not there; its parent must be."""
        path.mkdir(exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file; nothing happens if it is not there."""
        path.unlink(missing_ok=True)

    def names(self, folder: Path) -> list[str]:
        """Names in a folder, sorted; none if it is not there."""
        try:
            return sorted(entry.name for entry in folder.iterdir())
        except FileNotFoundError:
            return []

    def is_folder(self, path: Path) -> bool:
        """Whether *path* is a folder that is there."""
        return path.is_dir()

    def exists(self, path: Path) -> bool:
        """Whether there is anything at *path*."""
        return path.exists()

    def size(self, path: Path) -> int:
        """Bytes of a file."""
        return path.stat().st_size

    def free(self, path: Path) -> int:
        """Bytes that can still be written; very many if the driver does not say."""
        usage = shutil.disk_usage(path)
        # Some drivers answer 0 of 0: then writing itself tells.
        return usage.free if usage.total else 1 << 62

    def pause(self, seconds: float) -> None:
        """Wait before trying again."""
        time.sleep(seconds)


_NO_FOLDER_SYNC = (22, 38, 95)  # EINVAL, ENOSYS, EOPNOTSUPP
