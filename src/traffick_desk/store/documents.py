"""Bytes of documents in the encrypted file: in pieces, found by the SHA-256 of all of them.

They lie beside the journal, which holds the digest alone: a rebuild of the tables (I1) does not
touch them, and no list or case reads them. The digest is not keyed: who can read the journal can
read the record with all it says, and the bytes themselves go to the same desks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import zstandard

from traffick_desk.store.errors import DocumentDamaged, DocumentElsewhere

PIECE = 256 * 1024
# The largest document: a desk with 4 GB of memory handles it whole.
MOST = 20 * 1024 * 1024
# Compressing has to save at least this part, or the bytes stay as they are (photos do).
_WORTH = 0.1
_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a document is here."""

    size: int
    have: int
    complete: bool


def digest_of(content: bytes) -> str:
    """The name under which *content* is kept."""
    return hashlib.sha256(content).hexdigest()


def pieces_of(size: int) -> int:
    """How many pieces a document of *size* bytes has."""
    return -(-size // PIECE)


def piece_size(size: int, number: int) -> int:
    """How many bytes piece *number* of a document of *size* bytes has; 0 if there is none."""
    return max(0, min(PIECE, size - number * PIECE)) if number >= 0 else 0


def keep(cursor: Any, content: bytes) -> str:
    """Keep *content*, unless it is here already; answers with its digest."""
    digest = digest_of(content)
    cursor.execute("SELECT complete FROM document_bytes WHERE digest = ?", (digest,))
    row = cursor.fetchone()
    if row is not None and row[0]:
        return digest
    cursor.execute("DELETE FROM document_piece WHERE digest = ?", (digest,))
    view = memoryview(content)
    helps = True
    for number in range(pieces_of(len(content))):
        body = bytes(view[number * PIECE : (number + 1) * PIECE])
        helps = _put(cursor, digest, number, body, pack=helps)
    cursor.execute("INSERT OR REPLACE INTO document_bytes VALUES (?, ?, 1)", (digest, len(content)))
    return digest


def _put(cursor: Any, digest: str, number: int, body: bytes, *, pack: bool) -> bool:
    """Write one piece; whether compressing it was worth it."""
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(body) if pack else body
    worth = len(packed) < len(body) * (1 - _WORTH)
    cursor.execute(
        "INSERT INTO document_piece (digest, number, packed, body) VALUES (?, ?, ?, ?)",
        (digest, number, int(worth), packed if worth else body),
    )
    return worth


def take_piece(cursor: Any, digest: str, size: int, number: int, body: bytes) -> bool:
    """Keep a piece that came from another desk; whether the document is complete with it.

    The caller has made sure that a record names *digest* and *size*.

    Raises:
        DocumentDamaged: the document is whole now and its digest is another; nothing of it is kept.
        ValueError: the piece is not one of such a document.
    """
    if len(body) != piece_size(size, number) or not body:
        raise ValueError(number)
    cursor.execute("SELECT size, complete FROM document_bytes WHERE digest = ?", (digest,))
    row = cursor.fetchone()
    if row is not None and row[1]:
        return True
    if row is not None and row[0] != size:
        forget(cursor, digest)
        row = None
    if row is None:
        cursor.execute("INSERT INTO document_bytes (digest, size) VALUES (?, ?)", (digest, size))
    cursor.execute("SELECT 1 FROM document_piece WHERE digest = ? AND number = ?", (digest, number))
    if cursor.fetchone() is None:
        _put(cursor, digest, number, body, pack=True)
    cursor.execute("SELECT count(*) FROM document_piece WHERE digest = ?", (digest,))
    if cursor.fetchone()[0] < pieces_of(size):
        return False
    if not _fits(cursor, digest, size):
        forget(cursor, digest)
        raise DocumentDamaged
    cursor.execute("UPDATE document_bytes SET complete = 1 WHERE digest = ?", (digest,))
    return True


def forget(cursor: Any, digest: str) -> None:
    """Drop what came of a document, as when it is not what its record says."""
    for table in ("document_piece", "document_bytes", "document_thumb"):
        cursor.execute(f"DELETE FROM {table} WHERE digest = ?", (digest,))


# Photos of activities that were removed, or whose activity was, and that nothing else names.
_REMOVED = """
    SELECT DISTINCT b.digest FROM document_bytes b JOIN r_activity_file f ON f.digest = b.digest
    LEFT JOIN r_activity a ON a.id = f.activity
    WHERE (f.voided IS NOT NULL OR (:both AND a.voided IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM main.r_document d WHERE d.digest = b.digest)
    AND NOT EXISTS (
        SELECT 1 FROM r_activity_file o LEFT JOIN r_activity p ON p.id = o.activity
        WHERE o.digest = b.digest AND o.voided IS NULL AND (NOT :both OR p.voided IS NULL))
"""


def removed(cursor: Any, *, with_activities: bool = False) -> list[str]:
    """Digests of photos of activities that are here and may not be any more.

    Args:
        cursor: of a reader.
        with_activities: also of those whose activity was voided.
    """
    cursor.execute(_REMOVED, {"both": int(with_activities)})
    return [digest for (digest,) in cursor.fetchall()]


def drop_removed(cursor: Any, *, with_activities: bool = False) -> None:
    """Drop their bytes.

    A record keeps its reason for ever (I4), a picture of a person who does not want it does not:
    the bytes were never in the journal.
    """
    for digest in removed(cursor, with_activities=with_activities):
        forget(cursor, digest)


def piece(cursor: Any, digest: str, number: int) -> bytes:
    """One piece as it was taken in.

    Raises:
        DocumentElsewhere: it is not here.
        DocumentDamaged: it cannot be unpacked.
    """
    cursor.execute(
        "SELECT packed, CAST(body AS BLOB) FROM document_piece WHERE digest = ? AND number = ?",
        (digest, number),
    )
    row = cursor.fetchone()
    if row is None:
        raise DocumentElsewhere
    return _unpacked(*row)


def _unpacked(packed: int, body: bytes) -> bytes:
    if not packed:
        return bytes(body)
    try:
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=PIECE)
    except zstandard.ZstdError as error:
        raise DocumentDamaged from error


def _pieces(cursor: Any, digest: str) -> Iterator[bytes]:
    cursor.execute(
        "SELECT packed, CAST(body AS BLOB) FROM document_piece WHERE digest = ? ORDER BY number",
        (digest,),
    )
    while (row := cursor.fetchone()) is not None:
        yield _unpacked(*row)


def read(cursor: Any, digest: str) -> bytes:
    """The whole document.

    Raises:
        DocumentElsewhere: it is not here, or not all of it.
        DocumentDamaged: it is not what was taken in.
    """
    held = states(cursor, [digest]).get(digest)
    if held is None or not held.complete:
        raise DocumentElsewhere
    content = b"".join(_pieces(cursor, digest))
    if digest_of(content) != digest:
        raise DocumentDamaged
    return content


def _fits(cursor: Any, digest: str, size: int) -> bool:
    found, length = hashlib.sha256(), 0
    try:
        for body in _pieces(cursor, digest):
            found.update(body)
            length += len(body)
    except DocumentDamaged:
        return False
    return found.hexdigest() == digest and length == size


def states(cursor: Any, digests: Iterable[str]) -> dict[str, Held]:
    """For each of *digests* of which anything is here, how much; the bytes are not read."""
    cursor.execute(
        "SELECT b.digest, b.size, b.complete, "
        "(SELECT count(*) FROM document_piece p WHERE p.digest = b.digest) "
        "FROM document_bytes b WHERE b.digest IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(digests))),),
    )
    return {
        digest: Held(size, size if complete else min(size, count * PIECE), bool(complete))
        for digest, size, complete, count in cursor.fetchall()
    }


def usage(cursor: Any) -> tuple[int, int]:
    """How many documents are here, and the bytes of all of them."""
    cursor.execute("SELECT count(*), coalesce(sum(size), 0) FROM document_bytes WHERE complete")
    count, size = cursor.fetchone()
    return int(count), int(size)


def damaged(cursor: Any) -> list[str]:
    """The digests of all documents here that are not what was taken in; reads all bytes."""
    cursor.execute("SELECT digest, size FROM document_bytes WHERE complete ORDER BY digest")
    return [digest for digest, size in cursor.fetchall() if not _fits(cursor, digest, size)]


def keep_thumb(cursor: Any, digest: str, picture: bytes) -> None:
    """Keep the small picture of a document for lists."""
    cursor.execute("INSERT OR REPLACE INTO document_thumb VALUES (?, ?)", (digest, picture))


def thumb(cursor: Any, digest: str) -> bytes:
    """The small picture of a document; empty if there is none."""
    cursor.execute("SELECT picture FROM document_thumb WHERE digest = ?", (digest,))
    row = cursor.fetchone()
    return bytes(row[0]) if row else b""
