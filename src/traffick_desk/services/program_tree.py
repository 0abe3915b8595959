"""One version of the program in its folder: what it says of itself, its files, and unpacking it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from traffick_desk import edition
from traffick_desk.sync.update_file import Manifest, NotAnUpdate

# A virus scanner looks at each of some thousand new files when they are first used.
_TEST_SECONDS = 600
_ABOUT, _FILES = "program.json", "files.json"


@dataclass(frozen=True, slots=True)
class About:
    """What a version that stands in its folder says of itself."""

    number: int
    version: str
    platform: str
    schema: str


def starter(folder: Path) -> list[str]:
    """How the version in *folder* is started with arguments."""
    if sys.platform == "win32":
        return [str(folder / "runtime" / "python.exe"), "-X", "utf8", "-m", "traffick_desk"]
    return [str(folder / "traffick-desk")]


def runs(folder: Path) -> bool:
    """Whether the version in *folder* runs on this PC and can do what matters."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "_PYI"))}
    flags = 0x08000000 if sys.platform == "win32" else 0  # no console window
    try:
        done = subprocess.run(  # noqa: S603 - the very files that were checked a moment ago
            [*starter(folder), "self-test"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TEST_SECONDS,
            check=False,
            env=environment,
            creationflags=flags,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def is_whole(folder: Path) -> bool:
    """Whether the list of its files, which is written last, is there."""
    return (folder / _FILES).is_file()


def about(folder: Path) -> About | None:
    """What the version in *folder* says of itself; ``None`` if another program, or unreadable."""
    try:
        found = json.loads((folder / _ABOUT).read_text("utf-8"))
        if found["product"] != edition.PRODUCT:
            return None
        return About(
            int(found["number"]), str(found["version"]), str(found["platform"]),
            str(found["schema"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None


def misfits(
    folder: Path, patiently: Callable[[Callable[[], bytes]], bytes] = lambda act: act()
) -> list[str]:
    """Files below *folder* that are not as ``files.json`` there says.

    Args:
        folder: of one version.
        patiently: calls its argument, as often as it takes while another program holds the file.

    Raises:
        NotAnUpdate: that list cannot be read.
    """
    try:
        listed: dict[str, str] = json.loads((folder / _FILES).read_text("utf-8"))
        wrong = []
        for name, wanted in listed.items():
            path = folder / inside(name)
            try:
                same = patiently(partial(_digest, path)).hex() == wanted
            except OSError:
                same = False
            if not same:
                wrong.append(name)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise NotAnUpdate from error
    return wrong


def _digest(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def inside(name: str) -> Path:
    """The path of a member, if it stays below its folder on every system.

    Raises:
        NotAnUpdate: it would not.
    """
    path = PurePosixPath(name)
    odd = path.is_absolute() or any(
        part in ("", ".", "..")
        or re.search(r'[\\:*?"<>|\x00-\x1f]', part)
        or part.endswith((" ", "."))
        for part in name.split("/")
    )
    if odd or not name:
        raise NotAnUpdate
    return Path(*path.parts)


def unpack(
    payload: Path, target: Path, manifest: Manifest, progress: Callable[[int], None]
) -> None:
    """Unpack a checked payload into the new folder *target*.

    Raises:
        NotAnUpdate: it holds something else than the manifest says, or would leave the folder.
        OSError: of this PC's disk.
    """
    import zstandard

    target.mkdir()
    done = files = 0
    seen: set[str] = set()
    try:
        with (
            payload.open("rb") as packed,
            zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(packed) as plain,
            tarfile.open(fileobj=cast("IO[bytes]", _Plain(plain)), mode="r|") as tar,
        ):
            for member in tar:
                files += 1
                done += member.size
                if not member.isreg() or member.name.casefold() in seen:
                    raise NotAnUpdate
                if files > manifest.files or done > manifest.unpacked:
                    raise NotAnUpdate
                seen.add(member.name.casefold())
                path = target / inside(member.name)
                path.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(member)
                if source is None:
                    raise NotAnUpdate
                with path.open("xb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
                path.chmod(0o755 if member.mode & 0o100 else 0o644)
                progress(done)
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise NotAnUpdate from error
    if files != manifest.files or done != manifest.unpacked:
        raise NotAnUpdate


class _Plain:
    """``tarfile`` asks for whole blocks; a packed stream may give less at a time."""

    def __init__(self, stream: Any) -> None:
        self._stream: IO[bytes] = stream

    def read(self, size: int) -> bytes:
        parts = []
        while size > 0 and (part := self._stream.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def prove(
    folder: Path, manifest: Manifest, patiently: Callable[[Callable[[], bytes]], bytes]
) -> None:
    """Return if every file is there as listed, and it is the version of the manifest.

    What *patiently* is: :func:`misfits`.

    Raises:
        NotAnUpdate: otherwise.
    """
    found = about(folder)
    wanted = About(manifest.number, manifest.version, manifest.platform, manifest.schema)
    if found != wanted or misfits(folder, patiently):
        raise NotAnUpdate


def make_durable(folder: Path) -> None:
    """Return once everything below *folder* is on the disk."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
