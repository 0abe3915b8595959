"""Versions of the program side by side, and the pointer that says which one is in use.

``<home>/versions/<n>/``   one whole version each, never changed once it stands
``<home>/current``         the number in use; the launcher reads it
``<home>/previous``        the number before it, to go back to
``<home>/highest``         the highest number that ever was in use here

A version is made beside under a name with a dot, proven, made durable and moved in whole; then the
pointer is replaced in one step. So a power cut or a kill at any moment leaves the old version or
the new one in use, and both whole.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from traffick_desk import edition
from traffick_desk.i18n import N_
from traffick_desk.services import program_tree
from traffick_desk.services.program_tree import About
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.update_file import Manifest, UpdateError

T = TypeVar("T")

_POINTER = re.compile(rb"([0-9]{1,9})\r?\n?")
_RETRIES = 8


class NotInstalled(UpdateError):
    """This copy runs from somewhere that no launcher looks after."""

    text = N_(
        "This copy of the program was not put here by its installer, so it cannot replace itself. "
        "Nothing was changed. Please use the installer."
    )


class NoRights(UpdateError):
    """The folder of the program cannot be written."""

    text = N_(
        "The program was installed by an administrator, and you may not change its folder. Nothing "
        "was changed; the version in use still works. Please give the stick to who looks after "
        "this PC."
    )


class NoRoom(UpdateError):
    """The disk is full."""

    text = N_(
        "There is not enough room on this PC's disk for the new version. Nothing was changed; the "
        "version in use still works and your data is safe. Please make room, then try again."
    )


class Held(UpdateError):
    """Another program holds a file for longer than we wait."""

    text = N_(
        "Another program, perhaps the virus scanner, holds a file of the new version, so it was "
        "not taken into use. The version in use still works. Please try again in some minutes."
    )


class DoesNotRun(UpdateError):
    """The new version was tried and did not run on this PC."""

    text = N_(
        "The new version was tried on this PC and does not run here, so it was removed again. The "
        "version in use still works and your data is safe. Please tell the province."
    )


class NothingBefore(UpdateError):
    """There is no earlier version to go back to."""

    text = N_("There is no earlier version on this PC to go back to. Nothing was changed.")


class EarlierDamaged(UpdateError):
    """Files of the earlier version are missing or changed."""

    text = N_(
        "The earlier version on this PC has files that are missing or changed, so it is not used "
        "again. Nothing was changed; the version in use still works and your data is safe."
    )


@dataclass(frozen=True)
class ProgramHome:
    """The folder of an installed program.

    Attributes:
        base: where a package put the program, if that is another folder, which only root changes:
            its version counts as one of these, and is never removed.
        try_out: runs a version in its folder before it is taken into use; answers whether it works.
    """

    path: Path
    base: Path | None = None
    platform: str = field(default_factory=edition.platform)
    disk: Disk = field(default_factory=Disk)
    try_out: Callable[[Path], bool] = program_tree.runs

    @classmethod
    def here(cls) -> ProgramHome | None:
        """The one that this process was started from, if its launcher started it."""
        path = edition.home()
        base = edition.base()
        return cls(path, base if base != path else None) if path is not None else None

    # -- what there is ---------------------------------------------------------------------

    def folder(self, number: int) -> Path:
        """Where a version lies, or would lie."""
        own = self._own(number)
        if self.base is not None and not own.exists():
            packaged = self.base / "versions" / str(number)
            if packaged.exists():
                return packaged
        return own

    def _own(self, number: int) -> Path:
        return self.path / "versions" / str(number)

    def current(self) -> int:
        """The number in use; 0 if it is not known."""
        packaged = _pointer(self.base) if self.base is not None else 0
        # As the launcher does: what a package brought later than all that was in use here wins.
        if packaged > self._pointer("highest"):
            return packaged
        return self._pointer("current") or packaged

    def highest(self) -> int:
        """The highest number that ever was in use here."""
        return max(self._pointer("highest"), self.current())

    def about(self, number: int) -> About | None:
        """What version *number* says of itself, if it stands here whole as far as can be seen."""
        folder = self.folder(number)
        if number < 1 or not program_tree.is_whole(folder):
            return None
        return program_tree.about(folder)

    def before(self) -> About | None:
        """The version to go back to."""
        number = self._pointer("previous")
        return self.about(number) if number != self.current() else None

    def check(self, number: int) -> list[str]:
        """Files of a version that are missing or changed, e.g. by a virus scanner.

        Raises:
            NotAnUpdate: the list of its files cannot be read.
        """
        return program_tree.misfits(self.folder(number))

    # -- a new version -----------------------------------------------------------------------

    def require_writable(self, needed: int = 0) -> None:
        """Return if a version of *needed* bytes can be put here.

        Raises:
            NoRights, NoRoom: in words.
        """
        versions = self.path / "versions"
        probe = self.path / f".try-{os.getpid()}"
        with in_words():
            versions.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
            if needed and self.disk.free(versions) < needed:
                raise NoRoom

    def clear(self, running: int) -> None:
        """Remove what a broken-off update left, and versions that nothing points to.

        Args:
            running: the version of this process, which may be neither the one that begins at the
                next start nor the one before it.
        """
        keep = {str(n) for n in (self.current(), self._pointer("previous"), running)}
        with contextlib.suppress(OSError):
            for entry in list((self.path / "versions").iterdir()):
                if entry.name in keep or not self.current():
                    continue
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)
                else:
                    entry.unlink()

    def download(self, number: int) -> Path:
        """Where the payload of a version is kept while it is checked."""
        return self.path / "versions" / f".{number}.part"

    def put(self, manifest: Manifest, payload: Path, progress: Callable[[int], None]) -> None:
        """Unpack a checked payload beside, prove it, try it and move it in whole.

        Raises:
            NotAnUpdate: what was packed is not what the manifest says.
            DoesNotRun, NoRoom, NoRights, Held: in words; nothing of it stays.
        """
        making = self.path / "versions" / f".{manifest.number}.new"
        shutil.rmtree(making, ignore_errors=True)
        try:
            with in_words():
                program_tree.unpack(payload, making, manifest, progress)
            program_tree.prove(making, manifest, self._patiently)
            if not self.try_out(making):
                raise DoesNotRun
            with in_words():
                program_tree.make_durable(making)
                target = self._own(manifest.number)
                if target.exists():
                    shutil.rmtree(target)
                self._patiently(lambda: making.replace(target))
                self.disk.sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise

    def use(self, number: int) -> None:
        """Take version *number* into use at the next start; the one before stays.

        Raises:
            NoRights, NoRoom, Held: the version in use stays in use.
        """
        now = self.current()
        with in_words():
            if now and now != number:
                self._point("previous", now)
            self._point("highest", max(self.highest(), number))
            self._point("current", number)

    def _pointer(self, name: str) -> int:
        return _pointer(self.path, name)

    def _point(self, name: str, number: int) -> None:
        target = self.path / name
        temporary = self.path / f"{name}.new"
        with temporary.open("wb") as stream:
            stream.write(f"{number}\n".encode("ascii"))
            stream.flush()
            os.fsync(stream.fileno())
        self._patiently(lambda: temporary.replace(target))
        self.disk.sync_folder(self.path)

    def _patiently(self, act: Callable[[], T]) -> T:
        """Virus scanners hold new files for some seconds on Windows."""
        for attempt in range(_RETRIES - 1):
            with contextlib.suppress(PermissionError):
                return act()
            self.disk.pause(0.05 * 2**attempt)
        try:
            return act()
        except PermissionError:
            raise Held from None


def _pointer(folder: Path, name: str = "current") -> int:
    try:
        data = (folder / name).read_bytes()
    except OSError:
        return 0
    found = _POINTER.fullmatch(data)
    return int(found[1]) if found else 0


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Say in words what the disk of this PC refused."""
    import errno

    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if full or getattr(error, "winerror", None) in (39, 112):
            raise NoRoom from error
        if getattr(error, "winerror", None) in (32, 33):
            raise Held from error
        raise NoRights from error
