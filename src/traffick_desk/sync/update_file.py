"""An update of the program as one file: a signed manifest, then the packed files.

``TDUPDATE`` ‖ format (1 byte) ‖ length of the manifest (4 bytes, big end first) ‖ manifest
(canonical JSON) ‖ signature of the publisher (64 bytes, Ed25519 over the manifest) ‖ payload
(tar in zstd).

Nothing of the manifest is believed before the signature was checked with a key that was pinned when
this program was built, and nothing of the payload before its size and SHA-256 are those of the
manifest. The number grows with each release: an older one is refused by it, whatever its text says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from traffick_desk import edition
from traffick_desk.i18n import N_, _
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.wire import Shape, WireInvalid
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, SigningKey, VerifyKey

MAGIC = b"TDUPDATE\x01"
SUFFIX = ".tdupdate"
LABEL = "program-update"
MAX_MANIFEST = 64 * 1024
MAX_PAYLOAD = 400_000_000
MAX_UNPACKED = 1_000_000_000
MAX_FILES = 20_000
_KIND = "traffick-desk/update"
_STEP = 1 << 20
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}", re.ASCII)
_PLATFORM = re.compile(r"windows-x64|linux-x64")
_SCHEMA = re.compile(r"[0-9]{4}", re.ASCII)
_PRODUCT = re.compile(r"[a-z0-9-]{1,40}")
_KEYS = (
    "expires", "files", "kind", "made_on", "notes_en", "notes_vi", "number", "platform", "product",
    "schema", "sha256", "size", "unpacked", "version",
)  # fmt: skip


class UpdateError(Exception):
    """An update was not used; the version in use stays. ``str(error)`` is for people."""

    text = ""

    def __str__(self) -> str:
        return _(self.text)


class NotAnUpdate(UpdateError):
    """Not an update file, cut off, or changed."""

    text = N_(
        "This file is not a whole update: it was cut off or changed on the way. Nothing was "
        "changed; the version in use still works and your data is safe. Please ask the province "
        "for the file again."
    )


class NotFromPublisher(UpdateError):
    """The signature is not that of the publisher whose key was pinned."""

    text = N_(
        "This file does not come from the publisher of the program, so it is not used. Nothing "
        "was changed; the version in use still works. Please show the stick to the province."
    )


class NoPublisher(UpdateError):
    """The copy was built without a publisher's key."""

    text = N_(
        "This copy of the program was built without the key of a publisher, so it takes no "
        "updates from a stick. Nothing was changed. Please install new versions with the installer."
    )


class UpdateUnreadable(UpdateError):
    """The stick does not give the bytes."""

    text = N_(
        "The update cannot be read from the stick: it is broken or was pulled out. Nothing was "
        "changed; the version in use still works. Please plug it in again or take another stick."
    )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the publisher says of an update.

    Attributes:
        number: grows with each release.
        version: as people call it.
        made_on, expires: days, ISO 8601. After *expires* it is refused: who keeps a desk from newer
            versions cannot do so for ever with an old one.
        schema: the newest migration of the vault that this version knows.
        size, sha256: of the payload.
        unpacked, files: bytes and number of the files in it.
    """

    product: str
    number: int
    version: str
    platform: str
    made_on: str
    expires: str
    schema: str
    size: int
    sha256: bytes
    unpacked: int
    files: int
    notes_vi: str = ""
    notes_en: str = ""

    def encode(self) -> bytes:
        """The canonical bytes that are signed."""
        return dump_canonical(
            {
                "expires": self.expires,
                "files": self.files,
                "kind": _KIND,
                "made_on": self.made_on,
                "notes_en": self.notes_en,
                "notes_vi": self.notes_vi,
                "number": self.number,
                "platform": self.platform,
                "product": self.product,
                "schema": self.schema,
                "sha256": self.sha256.hex(),
                "size": self.size,
                "unpacked": self.unpacked,
                "version": self.version,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read signed bytes.

        Raises:
            NotAnUpdate: not of that form.
        """
        try:
            shape = Shape.read(data, _KEYS, MAX_MANIFEST)
            shape.fixed("kind", _KIND)
            found = cls(
                product=shape.match("product", _PRODUCT),
                number=shape.number("number", 1),
                version=shape.match("version", _VERSION),
                platform=shape.match("platform", _PLATFORM),
                made_on=shape.match("made_on", _DAY),
                expires=shape.match("expires", _DAY),
                schema=shape.match("schema", _SCHEMA),
                size=shape.number("size", 1),
                sha256=shape.octets("sha256", 32),
                unpacked=shape.number("unpacked", 1),
                files=shape.number("files", 1),
                notes_vi=shape.lines("notes_vi", 4000),
                notes_en=shape.lines("notes_en", 4000),
            )
        except WireInvalid as error:
            raise NotAnUpdate from error
        if found.size > MAX_PAYLOAD or found.unpacked > MAX_UNPACKED or found.files > MAX_FILES:
            raise NotAnUpdate
        # A number that a pointer file and its launcher can hold.
        if found.number > 999_999_999:
            raise NotAnUpdate
        return found


@dataclass(frozen=True, slots=True)
class Update:
    """An update file whose publisher was checked.

    Attributes:
        digest: SHA-256 of the signed manifest: names this very update, payload and all.
        offset: where the payload begins.
    """

    path: Path
    manifest: Manifest
    digest: bytes
    offset: int


def sign(manifest: Manifest, key: SigningKey) -> bytes:
    """What stands before the payload."""
    body = manifest.encode()
    return MAGIC + len(body).to_bytes(4, "big") + body + key.sign(LABEL, body)


def read(path: Path, publishers: Sequence[bytes], disk: Disk | None = None) -> Update:
    """Read and check what stands before the payload; the payload itself is not looked at.

    Raises:
        NoPublisher, NotFromPublisher, NotAnUpdate, UpdateUnreadable: in words.
    """
    if not publishers:
        raise NoPublisher
    real = disk or Disk()
    try:
        with real.open(path) as stream:
            head = _exactly(real, stream, len(MAGIC) + 4)
            if head is None or not head.startswith(MAGIC):
                raise NotAnUpdate
            length = int.from_bytes(head[-4:], "big")
            if not 0 < length <= MAX_MANIFEST:
                raise NotAnUpdate
            body = _exactly(real, stream, length)
            signature = _exactly(real, stream, SIGNATURE_SIZE)
    except OSError as error:
        raise UpdateUnreadable from error
    if body is None or signature is None:
        raise NotAnUpdate
    if not any(_signed(VerifyKey(key), body, signature) for key in publishers):
        raise NotFromPublisher
    offset = len(head) + length + SIGNATURE_SIZE
    return Update(path, Manifest.decode(body), hashlib.sha256(body).digest(), offset)


def _signed(key: VerifyKey, body: bytes, signature: bytes) -> bool:
    try:
        key.verify(LABEL, body, signature)
    except BadSignature:
        return False
    return True


def _exactly(disk: Disk, stream: BinaryIO, size: int) -> bytes | None:
    parts = []
    while size > 0:
        part = disk.read(stream, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def copy_payload(
    update: Update,
    target: BinaryIO | None,
    progress: Callable[[int], None] = lambda _done: None,
    disk: Disk | None = None,
) -> None:
    """Read the payload to its end, to *target* if there is one, and check size and digest.

    Raises:
        NotAnUpdate: it is not what the publisher signed; *target* must be thrown away.
        UpdateUnreadable: the stick did not give it.
        OSError: *target* could not be written.
    """
    real = disk or Disk()
    wanted = update.manifest
    digest = hashlib.sha256()
    done = 0
    try:
        stream = real.open(update.path)
    except OSError as error:
        raise UpdateUnreadable from error
    with stream:
        try:
            stream.seek(update.offset)
        except OSError as error:
            raise UpdateUnreadable from error
        while True:
            try:
                part = real.read(stream, _STEP)
            except OSError as error:
                raise UpdateUnreadable from error
            if not part:
                break
            done += len(part)
            if done > wanted.size:
                raise NotAnUpdate
            digest.update(part)
            if target is not None:
                target.write(part)
            progress(done)
    if done != wanted.size or digest.digest() != wanted.sha256:
        raise NotAnUpdate


def pack(tree: Path, target: BinaryIO, level: int = 19) -> tuple[int, bytes, int, int]:
    """Pack the files of *tree*; the same files give the same bytes.

    Returns:
        Size and SHA-256 of the payload, bytes and number of the files.
    """
    import tarfile

    import zstandard

    files = sorted(p for p in tree.rglob("*") if p.is_file() or p.is_symlink())
    begin = target.tell()
    unpacked = 0
    packer = zstandard.ZstdCompressor(level=level, write_checksum=True, threads=0)
    with (
        packer.stream_writer(target, closefd=False) as out,
        tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in files:
            if path.is_symlink():
                raise ValueError(f"{path.name}: an update holds no links")
            info = tarfile.TarInfo(path.relative_to(tree).as_posix())
            info.size = path.stat().st_size
            info.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            unpacked += info.size
            with path.open("rb") as stream:
                tar.addfile(info, stream)
    size = target.tell() - begin
    target.seek(begin)
    digest = hashlib.file_digest(cast("Any", target), "sha256").digest()
    return size, digest, unpacked, len(files)


def made(
    tree: Path,
    target: Path,
    key: SigningKey,
    about: dict[str, Any],
    *,
    made_on: str,
    expires: str,
    notes: tuple[str, str] = ("", ""),
    level: int = 19,
) -> Manifest:
    """Make the update file *target* out of a built *tree* (``installer/publish.py``)."""
    import os
    import tempfile

    with tempfile.TemporaryFile(dir=target.parent) as payload:
        size, digest, unpacked, files = pack(tree, payload, level)
        manifest = Manifest(
            product=about["product"],
            number=about["number"],
            version=about["version"],
            platform=about["platform"],
            made_on=made_on,
            expires=expires,
            schema=about["schema"],
            size=size,
            sha256=digest,
            unpacked=unpacked,
            files=files,
            notes_vi=notes[0],
            notes_en=notes[1],
        )
        temporary = target.with_name(target.name + ".tmp")
        payload.seek(0)
        with temporary.open("wb") as out:
            out.write(sign(manifest, key))
            while part := payload.read(_STEP):
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
    temporary.replace(target)
    return manifest


def fits(manifest: Manifest, platform: str) -> bool:
    """Whether an update is one of this product for this kind of PC."""
    return manifest.product == edition.PRODUCT and manifest.platform == platform


def name(manifest: Manifest) -> str:
    """The name of the file on a stick: ASCII, it says nothing about anybody."""
    return f"{manifest.product}-{manifest.version}-{manifest.platform}{SUFFIX}"


def candidates(folders: Iterable[Path], disk: Disk | None = None) -> list[Path]:
    """Files that call themselves updates in the given folders, by name."""
    real = disk or Disk()
    found = []
    for folder in folders:
        try:
            names = real.names(folder) if real.is_folder(folder) else []
        except OSError as error:
            raise UpdateUnreadable from error
        found += [folder / n for n in names if n.lower().endswith(SUFFIX)]
    return found
