"""Documents between desks: which pieces a peer is owed, what it asked for, taking pieces in.

A piece is sent once: it is on its way as soon as a carrier has its bundle, and owed again if none
ever had. It counts as there when the peer names the bundle that carried it in a receipt; when a
receipt names a later bundle and not that one, the piece is owed again. Whatever still goes wrong
is healed by asking: a desk that has the record and not the bytes says so, and all pieces are owed
anew.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from traffick_desk.store import documents
from traffick_desk.store.errors import DocumentDamaged
from traffick_desk.sync import scope
from traffick_desk.sync.manifest import MAX_RECEIPTS, Manifest
from traffick_desk.sync.scope import Party

# Raw bytes of pieces in one bundle: a line that breaks repeats no more than that.
IN_ONE = 8 * 1024 * 1024
# What one export gives a peer, so that making it takes little memory; the rest comes next time.
AT_ONCE = 64 * 1024 * 1024
_PIECE, _ASK = 1, 2
_HEAD = struct.Struct(">B32s")
_PLACE = struct.Struct(">QI")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a document that is owed."""

    digest: str
    size: int
    number: int

    @property
    def length(self) -> int:
        """Its bytes."""
        return documents.piece_size(self.size, self.number)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a bundle brought of documents.

    Attributes:
        complete: documents that are whole now and were not before.
        refused: pieces that fit no record, and documents that are not what their record says.
    """

    complete: int = 0
    refused: int = 0


# What names bytes, and the case or unit it belongs to. Photos of an activity that were removed name
# nothing any more: their bytes go nowhere and are not taken in again.
_NAMED = """
    (SELECT id, digest, size, voided, "case" AS owner FROM r_document
     UNION ALL
     SELECT id, digest, size, voided, unit FROM r_activity_file WHERE voided IS NULL)
"""
# Documents of which a peer may have the bytes, oldest first; and whether unasked, too.
_SCOPE = """
    SELECT d.digest, min(d.id) AS first, max(d.voided IS NULL) AS valid, b.size,
    max({unasked}) AS unasked
    FROM {named} d JOIN document_bytes b ON b.digest = d.digest AND b.complete
    WHERE {which} GROUP BY d.digest
"""
# Pieces that are on their way or there: a bundle that was numbered and never left carried nothing.
_GONE = """
    FROM document_sent s LEFT JOIN bundle_out o ON o.device = s.device AND o.number = s.number
    WHERE s.device = :peer AND (s.there OR o.carried_at IS NOT NULL)
"""
_EVERY = "1"
_OF_COMMUNE = """
    d.owner IN (SELECT id FROM r_case WHERE unit = :unit UNION SELECT :unit
                UNION SELECT case_id FROM link_case WHERE device = :peer AND shared = 1)
"""
# Photos of the province's own activities go to a commune that asks: all of them to all communes
# would fill sticks with what few look at.
_ASKED_BY_COMMUNE = f"({_OF_COMMUNE} OR d.owner = :own_unit)"


def _which(own: Party, peer: Party, *, asked: bool = True) -> str:
    """SQL for what *peer* may have the bytes of: if it asks, or without."""
    if own.profile != "province" or peer.profile != "commune":
        return _EVERY
    return _ASKED_BY_COMMUNE if asked else _OF_COMMUNE


def _names(own: Party, peer: Party) -> dict[str, str]:
    return {"peer": peer.device, "unit": peer.unit, "own_unit": own.unit}


def owed(cursor: Any, own: Party, peer: Party) -> tuple[list[Piece], list[Piece]]:
    """Pieces that *peer* asked for, and all others it is owed; oldest documents first."""
    unasked = _which(own, peer, asked=False)
    cursor.execute(
        f"WITH found AS ({_SCOPE.format(named=_NAMED, which=_which(own, peer), unasked=unasked)}) "
        "SELECT f.digest, f.size, f.unasked, a.digest IS NOT NULL, (SELECT count(*) "
        f"{_GONE} AND s.digest = f.digest) AS sent FROM found f "
        "LEFT JOIN document_asked a ON a.device = :peer AND a.digest = f.digest "
        "WHERE f.valid OR a.digest IS NOT NULL ORDER BY f.first",
        _names(own, peer),
    )
    asked: list[Piece] = []
    others: list[Piece] = []
    for digest, size, goes_unasked, wanted, sent in cursor.fetchall():
        count = documents.pieces_of(size)
        # What was begun because it was asked for is brought to its end.
        if sent >= count or not (goes_unasked or wanted or sent):
            continue
        cursor.execute(
            f"SELECT s.piece {_GONE} AND s.digest = :digest",
            {"peer": peer.device, "digest": digest},
        )
        gone = {number for (number,) in cursor.fetchall()}
        pieces = [Piece(digest, size, n) for n in range(count) if n not in gone]
        (asked if wanted else others).extend(pieces)
    return asked, others


def summary(cursor: Any, own: Party, peer: Party) -> tuple[int, int]:
    """How many documents *peer* is owed, and the bytes of the pieces."""
    asked, others = owed(cursor, own, peer)
    pieces = [*asked, *others]
    return len({p.digest for p in pieces}), sum(p.length for p in pieces)


def chosen(asked: list[Piece], others: list[Piece], most: int) -> list[Piece]:
    """What one export takes: all that was asked for, then whole documents as far as *most* goes.

    A document that is larger than all of *most* is begun; its other pieces follow later.
    """
    taken: list[Piece] = []
    used = 0
    for piece in asked:
        if used + piece.length > AT_ONCE:
            return taken
        taken.append(piece)
        used += piece.length
    for piece in others:
        if used + piece.length > min(most, AT_ONCE):
            break
        taken.append(piece)
        used += piece.length
    return taken


def questions(cursor: Any, own: Party, peer: Party) -> list[str]:
    """Digests of documents that this desk asks *peer* for."""
    # A commune has nothing of what is the province's own: it is not asked for that.
    which = _which(own, peer, asked=False)
    cursor.execute(
        f"SELECT DISTINCT a.digest FROM document_asked a JOIN {_NAMED} d ON d.digest = a.digest "
        f"WHERE a.device = '' AND ({which}) ORDER BY a.digest",
        _names(own, peer),
    )
    return [digest for (digest,) in cursor.fetchall()]


def items(cursor: Any, pieces: Iterable[Piece], asks: Iterable[str] = ()) -> Iterator[bytes]:
    """The items of a bundle's part ``documents``."""
    for digest in asks:
        yield _HEAD.pack(_ASK, bytes.fromhex(digest))
    for piece in pieces:
        head = _HEAD.pack(_PIECE, bytes.fromhex(piece.digest))
        body = documents.piece(cursor, piece.digest, piece.number)
        yield head + _PLACE.pack(piece.size, piece.number) + body


def record_sent(cursor: Any, peer: str, pieces: Iterable[Piece], number: int) -> None:
    """Note that bundle *number* carries *pieces*; what was asked for is answered by it."""
    cursor.executemany(
        "INSERT OR REPLACE INTO document_sent (device, digest, piece, number) VALUES (?, ?, ?, ?)",
        [(peer, p.digest, p.number, number) for p in pieces],
    )
    cursor.executemany(
        "DELETE FROM document_asked WHERE device = ? AND digest = ?",
        sorted({(peer, p.digest) for p in pieces}),
    )


def take_receipts(cursor: Any, peer: str, manifest: Manifest) -> None:
    """What the peer names is there; what it passes over is owed again."""
    named = sorted(receipt.number for receipt in manifest.receipts)
    if not named:
        return
    cursor.execute(
        "SELECT DISTINCT number FROM document_sent WHERE device = ? AND NOT there AND number > 0",
        (peer,),
    )
    # The list holds the newest: of what lies before it nothing can be told.
    first = named[0] if len(named) >= MAX_RECEIPTS else 0
    for (number,) in cursor.fetchall():
        if number in named:
            cursor.execute(
                "UPDATE document_sent SET there = 1 WHERE device = ? AND number = ?", (peer, number)
            )
        elif first <= number < named[-1]:
            cursor.execute(
                "DELETE FROM document_sent WHERE device = ? AND number = ?", (peer, number)
            )


def take_in(cursor: Any, own: Party, sender: Party, found: Iterable[bytes], at: str) -> Brought:
    """Take in the items of a bundle; what does not fit is left out and counted."""
    complete = refused = 0
    for item in found:
        kind, rest = item[:1], item[_HEAD.size :]
        digest = item[1 : _HEAD.size].hex()
        if kind == bytes((_ASK,)) and len(item) == _HEAD.size:
            _asked(cursor, own, sender, digest, at)
        elif kind == bytes((_PIECE,)) and len(rest) > _PLACE.size:
            size, number = _PLACE.unpack_from(rest)
            outcome = _piece(cursor, sender, digest, size, number, rest[_PLACE.size :])
            complete += outcome == "complete"
            refused += outcome == "refused"
        else:
            refused += 1
    return Brought(complete, refused)


def _asked(cursor: Any, own: Party, sender: Party, digest: str, at: str) -> None:
    cursor.execute(
        f"SELECT 1 FROM {_NAMED} d WHERE d.digest = :digest AND ({_which(own, sender)})",
        {"digest": digest, **_names(own, sender)},
    )
    # A desk cannot fish for documents of cases that are not its own.
    if cursor.fetchone() is None:
        return
    cursor.execute(
        "INSERT OR REPLACE INTO document_asked VALUES (?, ?, ?)", (sender.device, digest, at)
    )
    cursor.execute(
        "DELETE FROM document_sent WHERE device = ? AND digest = ?", (sender.device, digest)
    )


def _piece(cursor: Any, sender: Party, digest: str, size: int, number: int, body: bytes) -> str:
    if not 0 < size <= documents.MOST or not _named(cursor, sender, digest, size):
        return "refused"
    before = documents.states(cursor, [digest]).get(digest)
    try:
        whole = documents.take_piece(cursor, digest, size, number, body)
    except (ValueError, DocumentDamaged):
        return "refused"
    # The peer has it: it is not carried back.
    cursor.execute(
        "INSERT OR REPLACE INTO document_sent (device, digest, piece, number, there) "
        "VALUES (?, ?, ?, 0, 1)",
        (sender.device, digest, number),
    )
    if not whole:
        return ""
    cursor.execute("DELETE FROM document_asked WHERE device = '' AND digest = ?", (digest,))
    return "" if before is not None and before.complete else "complete"


def _named(cursor: Any, sender: Party, digest: str, size: int) -> bool:
    """Whether a record that the sender may write names these bytes."""
    cursor.execute(
        f"SELECT DISTINCT owner FROM {_NAMED} WHERE digest = ? AND size = ?", (digest, size)
    )
    cases = [case for (case,) in cursor.fetchall()]
    if sender.profile == "province":
        return bool(cases)
    return bool(scope.may_write(cursor, sender, filter(None, cases)))
