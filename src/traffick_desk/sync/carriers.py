"""Putting bundles on sticks and shared folders, and finding one's own there.

A bundle counts only when it was read back from the medium under its final name
and every byte was right. Nothing on the carrier is ever overwritten, and its
names say nothing about who sends or to whom.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, ClassVar

from traffick_desk.domain.practice import FILE_MARK, file_name
from traffick_desk.i18n import N_, _
from traffick_desk.sync.bundle import MAX_FILE
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.errors import PRACTICE_FOLDER
from traffick_desk.sync.reports import Progress, quiet

FOLDER = "TD-BUNDLES"
_STEP = 256 * 1024
_MARGIN = 64 * 1024
_RETRIES = 5
_NAME = re.compile(rf"(?:{FILE_MARK}-)?td-([0-9a-f]{{8}})-[0-9a-f]{{24}}\.age", re.IGNORECASE)
_TEMPORARY = "-{tag}.tmp"


class State(StrEnum):
    """How a carrier stands."""

    NONE = "none"
    FULL = "full"
    READ_ONLY = "read-only"
    PULLED_OUT = "pulled-out"
    FAULTY = "faulty"
    BUSY = "busy"
    READY = "ready"
    WRITTEN = "written-and-verified"


class CarrierError(Exception):
    """A carrier did not do its work; the vault is untouched and exporting again is safe."""

    state: ClassVar[State]
    text: ClassVar[str]

    def __str__(self) -> str:
        return _(self.text)


class NoCarrier(CarrierError):
    """There is no such folder or stick."""

    state = State.NONE
    text = N_(
        "The USB stick or folder was not found, so nothing was written. Your data is safe on this "
        "PC. Please plug the stick in and try again."
    )


class CarrierFull(CarrierError):
    """No room."""

    state = State.FULL
    text = N_(
        "There is not enough room on the USB stick or folder, so the file was not written. Your "
        "data is safe on this PC. Please make room or take another stick, then export again."
    )


class CarrierReadOnly(CarrierError):
    """Writing is not allowed."""

    state = State.READ_ONLY
    text = N_(
        "The USB stick or folder is write-protected, so the file was not written. Your data is "
        "safe on this PC. Please unlock the stick or take another, then export again."
    )


class CarrierPulledOut(CarrierError):
    """It went away in the middle."""

    state = State.PULLED_OUT
    text = N_(
        "The USB stick was pulled out or the connection was lost before the file was complete. "
        "Your data is safe on this PC. Please plug the stick in again and export again."
    )


class CarrierFaulty(CarrierError):
    """What was read back is not what was written."""

    state = State.FAULTY
    text = N_(
        "The USB stick did not give back what was written to it: it is broken or pretends to be "
        "larger than it is. Your data is safe on this PC. Please take another stick."
    )


class CarrierBusy(CarrierError):
    """Another program holds the file."""

    state = State.BUSY
    text = N_(
        "Another program, perhaps the virus scanner, holds the file on the USB stick, so it was "
        "not finished. Your data is safe on this PC. Please wait a moment and export again."
    )


class FileTooLarge(CarrierError):
    """Larger than any bundle."""

    state = State.READY
    text = N_(
        "This file is larger than any file of this program, so it was not opened. Nothing here "
        "was changed. Please choose another file."
    )


class FileUnreadable(CarrierError):
    """The system does not let the file be read."""

    state = State.FAULTY
    text = N_(
        "This file cannot be read from the USB stick or folder. Nothing here was changed. Please "
        "plug the stick in again, or ask the sender to export to another stick."
    )


def folder_name(*, practice: bool) -> str:
    """The folder of bundles on a stick."""
    return PRACTICE_FOLDER if practice else FOLDER


def is_marked(name: str) -> bool:
    """Whether a file says by its name that it comes from practice."""
    return name.upper().startswith(FILE_MARK)


def prefix(recipient: str) -> str:
    """What the names of bundles for one desk begin with: it says nothing to who lacks the key."""
    return "td-" + hashlib.sha256(recipient.encode("ascii")).hexdigest()[:8]


def name_of(data: bytes, recipient: str) -> str:
    """The name of a bundle's file: the same bytes always have the same name."""
    return f"{prefix(recipient)}-{hashlib.sha256(data).hexdigest()[:24]}.age"


@dataclass(frozen=True)
class Carrier:
    """A stick or folder.

    Attributes:
        place: the stick's root or the folder.
        tag: 8 hex digits that mark this desk's unfinished files, so that those of another desk
            writing to the same folder are left alone.
        practice: a folder and names of its own, which no real desk looks into, nor the other way.
    """

    place: Path
    tag: str = "00000000"
    disk: Disk = field(default_factory=Disk)
    practice: bool = False

    @property
    def folder(self) -> Path:
        """Where bundles lie."""
        wanted = folder_name(practice=self.practice)
        return self.place if self.place.name.upper() == wanted else self.place / wanted

    def holds_other_kind(self) -> bool:
        """Whether bundles of practice lie here and this desk is a real one, or the reverse."""
        other = self.place / folder_name(practice=not self.practice)
        places = [other] if self.place.name.upper() != other.name else [self.place]
        with self._in_words():
            return any(
                self.disk.is_folder(p) and any(_NAME.fullmatch(n) for n in self.disk.names(p))
                for p in places
            )

    def name(self, plain: str) -> str:
        """The name of a file of this desk on the carrier."""
        return file_name(plain) if self.practice else plain

    def check(self) -> None:
        """Whether there is a carrier at all.

        Raises:
            NoCarrier: there is not.
        """
        if not self.disk.is_folder(self.place):
            raise NoCarrier

    def put(self, data: bytes, recipient: str, progress: Progress = quiet) -> Path:
        """Write one bundle and read it back.

        Returns:
            Its path, once every byte was read back right from the medium.

        Raises:
            CarrierError: it is not there under its final name, or could not be proven.
        """
        self.check()
        wanted = hashlib.sha256(data).digest()
        target = self.folder / self.name(name_of(data, recipient))
        temporary = target.with_name(target.stem + _TEMPORARY.format(tag=self.tag))
        with self._in_words():
            self.disk.make_folder(self.folder)
            self._clean()
            if self.disk.exists(target):
                self._verify(target, wanted, len(data), progress)
                return target
            if self.disk.free(self.folder) < len(data) + _MARGIN:
                raise CarrierFull
        try:
            with self._in_words():
                self._write(temporary, data, progress)
                self._verify(temporary, wanted, len(data), progress)
                self._retry(lambda: self.disk.rename(temporary, target))
                self.disk.sync_folder(self.folder)
        except BaseException:
            self._try_remove(temporary)
            raise
        with self._in_words():
            self._verify(target, wanted, len(data), progress)
        return target

    def bundles(self, *recipients: str) -> tuple[Path, ...]:
        """Files on the carrier that are meant for one of *recipients*, by name.

        Raises:
            CarrierError: the carrier is not there or cannot be read.
        """
        self.check()
        with self._in_words():
            mine = {prefix(recipient)[3:] for recipient in recipients}
            found = []
            for name in self.disk.names(self.folder):
                match = _NAME.fullmatch(name)
                if match is None or is_marked(name) != self.practice:
                    continue
                if match.group(1).lower() in mine:
                    found.append(self.folder / name)
            return tuple(found)

    def get(self, path: Path) -> bytes:
        """The bytes of a file that may be a bundle; names may have been changed by hand.

        Raises:
            CarrierError: it is too large, or cannot be read.
        """
        return read_file(path, self.disk)

    def _write(self, path: Path, data: bytes, progress: Progress) -> None:
        view = memoryview(data)
        done = 0
        with self.disk.create(path) as stream:
            while done < len(view):
                progress(done, len(view), _(N_("Writing")))
                written = self.disk.write(stream, view[done : done + _STEP])
                if not written:
                    raise OSError(errno.ENOSPC, "nothing was written")
                done += written
            self.disk.sync(stream)

    def _verify(self, path: Path, wanted: bytes, size: int, progress: Progress) -> None:
        """Read a file back from the medium.

        Raises:
            CarrierFaulty: it is not what was written.
        """
        digest = hashlib.sha256()
        done = 0
        with self.disk.open(path) as stream:
            self.disk.forget(stream)
            for part in _parts(self.disk, stream):
                digest.update(part)
                done += len(part)
                progress(min(done, size), size, _(N_("Reading back to be sure")))
                if done > size:
                    break
        if done != size or digest.digest() != wanted:
            raise CarrierFaulty

    def _clean(self) -> None:
        """Remove what this desk left unfinished on an earlier try."""
        ending = _TEMPORARY.format(tag=self.tag)
        for name in self.disk.names(self.folder):
            if name.startswith(self.name("td-")) and name.lower().endswith(ending):
                self._try_remove(self.folder / name)

    def _try_remove(self, path: Path) -> None:
        try:
            self.disk.remove(path)
        except OSError:
            # The stick may be gone; the next export to it cleans up.
            return

    def _retry(self, act: Callable[[], None]) -> None:
        """Virus scanners hold new files for a moment on Windows: try again, not for ever."""
        for attempt in range(_RETRIES):
            try:
                act()
            except PermissionError:
                if attempt == _RETRIES - 1:
                    raise CarrierBusy from None
                self.disk.pause(0.01 * 2**attempt)
            else:
                return

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except CarrierError:
            raise
        except OSError as error:
            raise self._meaning(error) from error

    def _meaning(self, error: OSError) -> CarrierError:
        code, windows = error.errno, getattr(error, "winerror", None)
        if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or windows in (39, 112):
            return CarrierFull()
        if code == errno.EROFS or windows == 19:
            return CarrierReadOnly()
        try:
            there = self.disk.is_folder(self.place)
        except OSError:
            there = False
        if not there or code in (errno.EIO, errno.ENXIO, errno.ENODEV, errno.ENOTCONN):
            return CarrierPulledOut()
        if code in (errno.EACCES, errno.EPERM):
            return CarrierReadOnly()
        return CarrierPulledOut()


def read_file(path: Path, disk: Disk | None = None) -> bytes:
    """The bytes of a file that may be a bundle.

    Raises:
        FileTooLarge, FileUnreadable: nothing of it was used.
    """
    real = disk or Disk()
    parts = []
    total = 0
    try:
        if real.size(path) > MAX_FILE:
            raise FileTooLarge
        with real.open(path) as stream:
            for part in _parts(real, stream):
                total += len(part)
                if total > MAX_FILE:
                    raise FileTooLarge
                parts.append(part)
    except OSError as error:
        raise FileUnreadable from error
    return b"".join(parts)


def _parts(disk: Disk, stream: BinaryIO) -> Iterator[bytes]:
    while part := disk.read(stream, _STEP):
        yield part
