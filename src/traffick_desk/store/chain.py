"""The chain of the changes made on this desk: where it stands, and whether it fits."""

from __future__ import annotations

from typing import Any

from traffick_desk.store.audit import Head
from traffick_desk.store.changes import CHAIN_START, link_chain
from traffick_desk.store.past import Past


def chain_head(cursor: Any, device: str) -> Head:
    """Where the chain of the own changes stands; number 0 before the first."""
    return Head(*Past(cursor).head(device))


def verify_chain(cursor: Any, device: str, known: Head | None = None) -> int | None:
    """Walk the own changes; the number of the first that does not fit, or ``None``.

    The chain proves only what its head, kept outside the file, proves (see ``audit``).

    Args:
        cursor: of a reader.
        device: this desk's device id.
        known: a head kept outside the file; a chain that does not contain it does not fit.
    """
    chain, expected = CHAIN_START, 1
    cursor.execute("SELECT seq, body, chain FROM journal WHERE device = ? ORDER BY seq", (device,))
    for seq, body, stored in cursor:
        if seq != expected or type(body) is not bytes:
            return expected
        chain = link_chain(chain, body)
        if chain != stored or (known is not None and seq == known.seq and chain != known.chain):
            return expected
        expected += 1
    return expected if known is not None and known.seq >= expected else None
