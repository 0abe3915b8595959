"""Sealing and opening one bundle; see ``docs/bundle-format.md``.

Nothing of a bundle is parsed before its signature over the raw bytes fits:
anyone can seal to a public key, so until then every byte is a stranger's.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from traffick_desk.sync.errors import BundleNewer, BundleRefused
from traffick_desk.sync.keys import DeviceKeys, key_id
from traffick_desk.sync.manifest import FORMAT, MAX_MANIFEST, MAX_RAW, Manifest
from traffick_desk.sync.parts import unpack
from traffick_desk.sync.wire import WireInvalid
from traffick_desk.vault import age
from traffick_desk.vault.errors import AgeError, BadSignature, NoMatch, TooLarge
from traffick_desk.vault.signing import SIGNATURE_SIZE, VerifyKey

MAGIC = b"TDBUNDLE"
ED25519 = 1
LABEL = "bundle"
SMALLEST = 16 * 1024
MAX_INNER = 56 * 1024 * 1024
MAX_FILE = MAX_INNER + 64 * 1024

_PREFIX = struct.Struct(">8sHBBI16s32s")
_BLOCK_SIZE = _PREFIX.size + SIGNATURE_SIZE
_RESERVED = bytes(16)

KeyOf = Callable[[bytes], VerifyKey | None]
"""Key id → verify key of an enrolled desk, or ``None``."""


class Reader(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to *size* bytes; empty at the end."""
        ...


class _Binary:
    """A source that is read once from its start: text armour has no place in a bundle."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        return self._source.read(size)

    def readline(self, size: int = -1, /) -> bytes:
        return self._source.readline(size)


@dataclass(frozen=True, slots=True)
class Inside:
    """A verified bundle.

    Attributes:
        digest: SHA-256 of the manifest; names the bundle in chains and receipts.
        signer: id of the key that signed it.
        plain: all bytes inside the age file, as they wait in the encrypted file.
    """

    manifest: Manifest
    digest: bytes
    signer: bytes
    plain: bytes

    def part(self, kind: str) -> list[bytes]:
        """The items of one part.

        Raises:
            BundleRefused: it does not agree with the manifest.
        """
        at = _BLOCK_SIZE + len(self.manifest.encode())
        for info in self.manifest.parts:
            if info.kind == kind:
                try:
                    return unpack(info, memoryview(self.plain)[at : at + info.size])
                except WireInvalid as error:
                    raise BundleRefused(f"part: {error}") from error
            at += info.size
        raise BundleRefused("part: missing")


def padded(size: int) -> int:
    """The size to which *size* is padded (Padmé, Nikitin et al. 2019, with a floor).

    At most 12 % is added, and a size tells little more than its order of magnitude.
    """
    if size <= SMALLEST:
        return SMALLEST
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def plain_bytes(manifest: Manifest, packed: Iterable[bytes], keys: DeviceKeys) -> bytes:
    """What stands inside the age file."""
    body = manifest.encode()
    sender = key_id(keys.signing.verify_key.raw)
    prefix = _PREFIX.pack(MAGIC, manifest.format, ED25519, 0, len(body), _RESERVED, sender)
    signature = keys.signing.sign(LABEL, prefix + body)
    inner = b"".join((prefix, signature, body, *packed))
    return inner + bytes(padded(len(inner)) - len(inner))


def seal(plain: bytes, recipient: str) -> bytes:
    """One binary age v1 file to the receiver's public key."""
    return age.encrypt(plain, [age.parse_recipient(recipient)])


def peek(
    source: BinaryIO, identities: Iterable[age.Identity], key_of: KeyOf
) -> tuple[Manifest, bytes]:
    """Manifest and digest of a bundle, without reading all of it.

    The signature was checked; whether the parts agree was not.

    Raises:
        BundleRefused, BundleNewer: as for :func:`open_bundle`.
    """
    try:
        opened = age.open_reader(_Binary(source), list(identities), limit=MAX_INNER)
        manifest, digest, _signer = _head(_Plain(opened), key_of)
    except AgeError as error:
        raise BundleRefused(_age_code(error)) from error
    return manifest, digest


def open_bundle(data: bytes, identities: Iterable[age.Identity], key_of: KeyOf) -> Inside:
    """Open a bundle and check everything that can be checked without knowing the link.

    Raises:
        BundleRefused: altered, cut off, of a stranger or for another desk; one text for all.
        BundleNewer: signed by an enrolled desk, in a format that this version does not read.
    """
    if len(data) > MAX_FILE:
        raise BundleRefused("file-size")
    try:
        plain = age.open_reader(
            _Binary(io.BytesIO(data)), list(identities), limit=MAX_INNER
        ).readall()
    except AgeError as error:
        raise BundleRefused(_age_code(error)) from error
    return read_plain(plain, key_of)


def read_plain(plain: bytes, key_of: KeyOf) -> Inside:
    """Check the inside of a bundle; as :func:`open_bundle`."""
    manifest, digest, signer = _head(io.BytesIO(plain), key_of)
    used = _BLOCK_SIZE + len(manifest.encode()) + sum(p.size for p in manifest.parts)
    if used > MAX_RAW + MAX_MANIFEST or len(plain) != padded(used) or any(plain[used:]):
        raise BundleRefused("padding")
    return Inside(manifest, digest, signer, plain)


def _head(source: Reader, key_of: KeyOf) -> tuple[Manifest, bytes, bytes]:
    block = _read(source, _BLOCK_SIZE)
    magic, number, algorithm, zero, size, reserved, sender = _PREFIX.unpack(block[: _PREFIX.size])
    if (magic, algorithm, zero, reserved) != (MAGIC, ED25519, 0, _RESERVED):
        raise BundleRefused("block")
    if not 0 < size <= MAX_MANIFEST:
        raise BundleRefused("manifest-size")
    key = key_of(bytes(sender))
    if key is None:
        raise BundleRefused("unknown-sender")
    body = _read(source, size)
    try:
        key.verify(LABEL, block[: _PREFIX.size] + body, block[_PREFIX.size :])
    except BadSignature as error:
        raise BundleRefused("signature") from error
    if number > FORMAT:
        raise BundleNewer("format")
    try:
        manifest = Manifest.decode(body)
        if number != manifest.format:
            raise WireInvalid("format")
    except WireInvalid as error:
        raise BundleRefused(f"manifest: {error}") from error
    return manifest, hashlib.sha256(body).digest(), bytes(sender)


def _read(source: Reader, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = source.read(size)
        if not part:
            raise BundleRefused("too-short")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Plain:
    """The plaintext of an age file as a :class:`Reader`."""

    def __init__(self, source: io.RawIOBase) -> None:
        self._source = source

    def read(self, size: int, /) -> bytes:
        return self._source.read(size) or b""


def _age_code(error: AgeError) -> str:
    if isinstance(error, NoMatch):
        return "not-for-this-desk"
    return "file-size" if isinstance(error, TooLarge) else "sealing"
