"""The log: who did what, hash-chained, written in the transaction of the act itself.

Entries hold no names and no free text: ids and codes only. The head of the
chain also lives outside the file (vault header, bundles), because an old page
put back into the file is not noticed by SQLCipher.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from traffick_desk.store.changes import dump_canonical

START = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    seq: int
    at: str
    officer: str
    action: str
    object: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: number and hash of its last entry."""

    seq: int
    chain: bytes


def head(cursor: Any) -> Head:
    """The present head; number 0 for an empty log."""
    cursor.execute("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1")
    row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else Head(0, START)


def append(cursor: Any, at: str, officer: str, action: str, obj: str, digest: bytes = b"") -> Head:
    """Add one entry and return the new head.

    Args:
        cursor: of the open transaction.
        at: moment.
        officer: id of the officer, "" before anyone unlocked.
        action: name of the command.
        obj: id of what it was done to.
        digest: SHA-256 of what was written, when something was.
    """
    last = head(cursor)
    seq = last.seq + 1
    chain = _link(last.chain, seq, at, officer, action, obj, digest)
    cursor.execute(
        "INSERT INTO audit (seq, at, officer, action, object, digest, chain) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, at, officer, action, obj, digest, chain),
    )
    return Head(seq, chain)


def first_mismatch(cursor: Any, known: Head | None = None) -> int | None:
    """Walk the whole log; the number of the first entry that does not fit, or ``None``.

    Args:
        cursor: of a reader.
        known: a head kept outside the file; a log that does not reach or contain it does not fit.
    """
    chain, expected = START, 1
    cursor.execute("SELECT seq, at, officer, action, object, digest, chain FROM audit ORDER BY seq")
    for seq, at, officer, action, obj, digest, stored in cursor:
        shaped = all(type(t) is str for t in (at, officer, action, obj)) and all(
            type(b) is bytes for b in (digest, stored)
        )
        if seq != expected or not shaped:
            return expected
        chain = _link(chain, seq, at, officer, action, obj, digest)
        if chain != stored:
            return expected
        if known is not None and seq == known.seq and chain != known.chain:
            return int(seq)
        expected += 1
    if known is not None and known.seq >= expected:
        return expected
    return None


def continues(chain: bytes, row: tuple[Any, ...]) -> bool:
    """Whether *row* (all columns of the log) is the entry after the one whose hash is *chain*."""
    seq, at, officer, action, obj, digest, stored = row
    shaped = all(type(t) is str for t in (at, officer, action, obj)) and all(
        isinstance(b, bytes) for b in (digest, stored)
    )
    return shaped and _link(chain, seq, at, officer, action, obj, digest) == stored


def _link(
    before: bytes, seq: int, at: str, officer: str, action: str, obj: str, digest: bytes
) -> bytes:
    body = dump_canonical(
        {"a": action, "d": digest.hex(), "n": seq, "o": officer, "t": at, "x": obj}
    )
    return hashlib.sha256(before + body).digest()
