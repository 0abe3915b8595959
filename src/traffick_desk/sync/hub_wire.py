"""What desks and the hub say to each other: names, limits, and what a signature covers.

Shared by the desk's client (``sync.hub_talk``) and the hub itself
(``traffick_desk.hub``). ``docs/hub.md`` describes it byte by byte.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.bundle import MAX_FILE
from traffick_desk.sync.errors import EnrolmentRefused
from traffick_desk.sync.wire import DEVICE, MOMENT, Shape, WireInvalid, in_base64
from traffick_desk.vault.errors import BadSignature
from traffick_desk.vault.signing import SIGNATURE_SIZE, SigningKey, VerifyKey

PROTOCOL = 1
TUS = "1.0.0"
WHOLE = "creation-with-upload"
# Our own: of a piece that was cut the hub keeps the slices that came whole.
SLICED = "td-slices"
TUS_EXTENSIONS = f"creation,{WHOLE},checksum,termination,{SLICED}"
CHUNK_TYPE = "application/offset+octet-stream"
# The largest body of one request. Small enough to be held in memory and checked whole.
MAX_CHUNK = 1024 * 1024
# What may come with the request that begins an upload.
MAX_WHOLE = 128 * 1024
# A piece may be signed slice by slice: of one that is cut what came before counts.
SLICE = 4096
MOST_SLICES = 64
_SLICE_DIGEST = 16
MAX_BUNDLE = MAX_FILE
MAX_LIST = 500

DESK = "td-desk"
NONCE = "td-nonce"
COUNT = "td-count"
SIGNATURE = "td-signature"
SLICES = "td-slices"
# Headers that change what a request means; absent ones are signed as absent.
COVERED = ("range", "upload-length", "upload-metadata", "upload-offset")

_LABEL = "hub-request"
_REVOCATION = "traffick-desk/revocation"
_REVOCATION_LABEL = "revocation"
_REVOCATION_KEYS = ("kind", "version", "issuer", "number", "made_at", "revoked", "signature")
MAX_REVOCATION = 512 * 1024
_MAX_REVOKED = 5000
MAX_LETTERS = 1024 * 1024
_MOST_LETTERS = 20
_BASE64 = re.compile(r"[0-9A-Za-z+/]{1,400000}={0,2}")
SHA256 = re.compile(r"[0-9a-f]{64}")
TOKEN = re.compile(r"[0-9A-Za-z_-]{1,200}")
_URL_SAFE = re.compile(r"[0-9A-Za-z_-]+")
BUNDLE_ID = re.compile(r"[0-9a-f]{32}")


def b64(data: bytes) -> str:
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str, size: int) -> bytes:
    """The *size* bytes that :func:`b64` wrote as *text*.

    Raises:
        WireInvalid: anything else.
    """
    if len(text) > 2 * size or _URL_SAFE.fullmatch(text) is None:
        raise WireInvalid("base64")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise WireInvalid("base64") from error
    if len(data) != size or b64(data) != text:
        raise WireInvalid("base64")
    return data


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as its signature covers it.

    Attributes:
        host: the host, and the port if it is not the usual one, that the desk means to speak to.
        target: path within the hub and query, as sent.
        nonce: what the hub gave out; it is the hub's own, so no clock has to be right.
        count: rises with each request under one nonce, so that none can be played again.
    """

    method: str
    host: str
    target: str
    device: str
    nonce: str
    count: int
    headers: Mapping[str, str]
    body: bytes

    def _message(self) -> bytes:
        lines = [
            str(PROTOCOL),
            self.method,
            self.host.lower(),
            self.target,
            self.device,
            self.nonce,
            str(self.count),
            *(f"{name}:{self.headers.get(name, '')}" for name in COVERED),
            self._body(),
        ]
        return "\n".join(lines).encode("utf-8")

    def _body(self) -> str:
        """What stands for the body: its digest, or those of its slices, which are checked apart."""
        if SLICES in self.headers:
            return f"{SLICES}:{self.headers[SLICES]}"
        return hashlib.sha256(self.body).hexdigest()

    def sign(self, key: SigningKey) -> str:
        """The value of the signature's header."""
        return b64(key.sign(_LABEL, self._message()))

    def verify(self, key: VerifyKey, signature: str) -> None:
        """Return if *signature* is that of *key*.

        Raises:
            BadSignature: it is not, or is none at all.
        """
        try:
            raw = unb64(signature, SIGNATURE_SIZE)
        except WireInvalid as error:
            raise BadSignature("hub-request") from error
        key.verify(_LABEL, self._message(), raw)


def encode_letters(letters: Iterable[bytes]) -> bytes:
    """Letters of succession, in their order, as they travel."""
    return dump_canonical({"letters": [in_base64(data) for data in letters]})


def decode_letters(data: bytes) -> tuple[bytes, ...]:
    """What :func:`encode_letters` wrote, at least one.

    Raises:
        EnrolmentRefused: it is something else.
    """
    try:
        shape = Shape.read(data, ("letters",), MAX_LETTERS)
        found = tuple(
            base64.b64decode(text) for text in shape.texts("letters", _BASE64, _MOST_LETTERS)
        )
    except (WireInvalid, ValueError) as error:
        raise EnrolmentRefused("letters") from error
    if not found:
        raise EnrolmentRefused("letters")
    return found


def slices_of(body: bytes) -> list[bytes]:
    """*body* cut into slices, the last one as long as is left."""
    return [body[at : at + SLICE] for at in range(0, len(body), SLICE)]


def _slice_digest(part: bytes) -> bytes:
    return hashlib.sha256(part).digest()[:_SLICE_DIGEST]


def slices(body: bytes) -> str:
    """The value of the header of a piece that is signed slice by slice: a digest of each.

    128 bits of SHA-256: nobody but the sender could look for two slices of one digest, and the
    digest of the whole bundle would tell.
    """
    return b64(b"".join(_slice_digest(part) for part in slices_of(body)))


def whole_slices(announced: str, body: bytes, size: int) -> bytes:
    """The beginning of *body* that is as it was signed, slice by slice.

    Args:
        announced: the value of the header.
        body: what came; all of it, or what came before the line was cut.
        size: of all of it.

    Raises:
        WireInvalid: the header does not fit a body of that size.
    """
    number = -(-size // SLICE)
    if not 0 < number <= MOST_SLICES:
        raise WireInvalid("slices")
    digests = unb64(announced, number * _SLICE_DIGEST)
    good = 0
    for place, part in enumerate(slices_of(body)):
        full = min(SLICE, size - place * SLICE)
        expected = digests[place * _SLICE_DIGEST :][:_SLICE_DIGEST]
        if len(part) != full or _slice_digest(part) != expected:
            break
        good += len(part)
    return body[:good]


def metadata(values: Mapping[str, str]) -> str:
    """The value of tus' ``Upload-Metadata``."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode('ascii')}"
        for name, value in values.items()
    )


def read_metadata(text: str) -> dict[str, str]:
    """What :func:`metadata` wrote.

    Raises:
        WireInvalid: it is not of that form.
    """
    found: dict[str, str] = {}
    for part in text.split(","):
        name, _blank, value = part.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError as error:
            raise WireInvalid("metadata") from error
    return found


def checksum(data: bytes) -> str:
    """The value of tus' ``Upload-Checksum``."""
    return "sha256 " + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii")


def read_checksum(text: str) -> bytes:
    """The digest in a checksum; empty if it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


@dataclass(frozen=True, slots=True)
class Revocations:
    """The desks that a province shut out, signed by it.

    Attributes:
        number: rises with each list; the highest counts. A desk once shut out stays out.
    """

    issuer: str
    number: int
    made_at: str
    revoked: tuple[str, ...]
    signature: bytes

    @classmethod
    def sign(
        cls, issuer: str, number: int, made_at: str, revoked: Iterable[str], key: SigningKey
    ) -> Self:
        """A list signed by the province's key."""
        bare = cls(issuer, number, made_at, tuple(sorted(revoked)), b"")
        signature = key.sign(_REVOCATION_LABEL, dump_canonical(bare._members()))
        return cls(bare.issuer, bare.number, bare.made_at, bare.revoked, signature)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a list; the signature is not checked here.

        Raises:
            EnrolmentRefused: it is not one of this version.
        """
        try:
            shape = Shape.read(data, _REVOCATION_KEYS, MAX_REVOCATION)
            shape.fixed("kind", _REVOCATION)
            shape.fixed("version", 1)
            return cls(
                shape.match("issuer", DEVICE),
                shape.number("number", 1),
                shape.match("made_at", MOMENT),
                shape.texts("revoked", DEVICE, _MAX_REVOKED),
                shape.octets("signature", SIGNATURE_SIZE),
            )
        except WireInvalid as error:
            raise EnrolmentRefused(f"revocation: {error}") from error

    def encode(self) -> bytes:
        """Canonical JSON."""
        return dump_canonical({**self._members(), "signature": self.signature.hex()})

    def verify(self, key: VerifyKey) -> None:
        """Return if the list is that of *key*.

        Raises:
            EnrolmentRefused: it is not.
        """
        try:
            key.verify(_REVOCATION_LABEL, dump_canonical(self._members()), self.signature)
        except BadSignature as error:
            raise EnrolmentRefused("revocation-signature") from error

    def _members(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "kind": _REVOCATION,
            "made_at": self.made_at,
            "number": self.number,
            "revoked": list(self.revoked),
            "version": 1,
        }
