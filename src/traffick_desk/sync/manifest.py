"""The manifest of a bundle: what it is, from whom to whom, and what it must contain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.store.audit import Head
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.wire import DEVICE, DIGEST_SIZE, MOMENT, Shape, WireInvalid

# Highest format that is read. Changes are written in format 1, documents need format 2.
FORMAT = 2
CHANGES_FORMAT, DOCUMENTS_FORMAT = 1, 2
MAX_MANIFEST = 64 * 1024
MAX_RECEIPTS = 64
MAX_RAW = 48 * 1024 * 1024
NO_DIGEST = bytes(DIGEST_SIZE)
PARTS = {
    CHANGES_FORMAT: ("certificates", "changes"),
    DOCUMENTS_FORMAT: ("certificates", "changes", "documents"),
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a bundle of the peer was taken in."""

    number: int
    digest: bytes
    at: str


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One compressed part.

    Attributes:
        items: how many length-prefixed items it holds.
        raw: its size in bytes once decompressed.
        size, sha256: size and digest of the compressed bytes as they stand in the file.
    """

    kind: str
    items: int
    raw: int
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Heads:
    """Where a desk's journal and log stand."""

    journal: Head
    audit: Head

    def as_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "audit": {"chain": self.audit.chain.hex(), "seq": self.audit.seq},
            "journal": {"chain": self.journal.chain.hex(), "seq": self.journal.seq},
        }

    @classmethod
    def of(cls, shape: Shape) -> Self:
        """From the JSON form."""
        return cls(_head(shape.shape("journal", _HEAD)), _head(shape.shape("audit", _HEAD)))


_HEAD = ("seq", "chain")
_HEADS = ("journal", "audit")
START = Heads(Head(0, NO_DIGEST), Head(0, NO_DIGEST))


def _head(shape: Shape) -> Head:
    return Head(shape.number("seq"), shape.octets("chain", DIGEST_SIZE))


@dataclass(frozen=True, slots=True)
class Manifest:
    """See ``docs/bundle-format.md`` for the meaning of each member.

    Attributes:
        after: the receiver must have taken in the bundle of this number (0: none) first; this
            bundle carries everything since.
        previous: digest of the manifest with the number before, 32 zero bytes for number 1.
        heads: of the sender, as of what this bundle covers.
        seen: of the receiver, as the sender last saw them.
        reads: highest format that the sender reads.
        format: of this bundle.
    """

    sender: str
    receiver: str
    number: int
    after: int
    previous: bytes
    made_at: str
    program: str
    schema: str
    heads: Heads
    seen: Heads
    receipts: tuple[Receipt, ...]
    parts: tuple[PartInfo, ...]
    reads: int = FORMAT
    format: int = CHANGES_FORMAT

    def encode(self) -> bytes:
        """The canonical bytes."""
        return dump_canonical(
            {
                "after": self.after,
                "format": self.format,
                "heads": self.heads.as_json(),
                "made_at": self.made_at,
                "number": self.number,
                "parts": [
                    {
                        "items": p.items,
                        "kind": p.kind,
                        "raw": p.raw,
                        "sha256": p.sha256.hex(),
                        "size": p.size,
                    }
                    for p in self.parts
                ],
                "previous": self.previous.hex(),
                "program": self.program,
                "reads": self.reads,
                "receipts": [
                    {"at": r.at, "digest": r.digest.hex(), "number": r.number}
                    for r in self.receipts
                ],
                "receiver": self.receiver,
                "schema": self.schema,
                "seen": self.seen.as_json(),
                "sender": self.sender,
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read canonical bytes.

        Raises:
            WireInvalid: not canonical or not of this shape.
        """
        shape = Shape.read(data, _KEYS, MAX_MANIFEST)
        most = max(len(names) for names in PARTS.values())
        parts = shape.shapes("parts", ("items", "kind", "raw", "sha256", "size"), most)
        manifest = cls(
            sender=shape.match("sender", DEVICE),
            receiver=shape.match("receiver", DEVICE),
            number=shape.number("number", 1),
            after=shape.number("after"),
            previous=shape.octets("previous", DIGEST_SIZE),
            made_at=shape.match("made_at", MOMENT),
            program=shape.text("program", 40),
            schema=shape.text("schema", 80),
            heads=Heads.of(shape.shape("heads", _HEADS)),
            seen=Heads.of(shape.shape("seen", _HEADS)),
            receipts=tuple(
                Receipt(
                    r.number("number", 1), r.octets("digest", DIGEST_SIZE), r.match("at", MOMENT)
                )
                for r in shape.shapes("receipts", ("number", "digest", "at"), MAX_RECEIPTS)
            ),
            parts=tuple(
                PartInfo(
                    p.text("kind", 20),
                    p.number("items"),
                    p.number("raw"),
                    p.number("size"),
                    p.octets("sha256", DIGEST_SIZE),
                )
                for p in parts
            ),
            reads=shape.number("reads", 1),
            format=shape.number("format", 1),
        )
        manifest._check()
        return manifest

    def _check(self) -> None:
        if tuple(p.kind for p in self.parts) != PARTS.get(self.format):
            raise WireInvalid("parts")
        # Documents come after the changes that name them, in a bundle of their own.
        if self.format == DOCUMENTS_FORMAT and self.parts[1].items:
            raise WireInvalid("changes beside documents")
        if any(p.raw > MAX_RAW or p.size > MAX_RAW for p in self.parts):
            raise WireInvalid("part size")
        if self.after >= self.number or (self.number == 1) != (self.previous == NO_DIGEST):
            raise WireInvalid("number")


_KEYS = (
    "after", "format", "heads", "made_at", "number", "parts", "previous", "program", "reads",
    "receipts", "receiver", "schema", "seen", "sender",
)  # fmt: skip
