"""What this desk remembers of its hub, inside the encrypted file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from traffick_desk import __version__
from traffick_desk.sync.reports import ImportReport

if TYPE_CHECKING:
    from traffick_desk.store.store import Store

_ADDRESS = "hub:address"
_OUT = "hub:out"
_REFUSED = "hub:refused"
_OWES = "hub:owes"
_LOOKED = "hub:looked"
_TOLD = "hub:told"
_MET = "hub:met"
_LETTERED = "hub:lettered"


@dataclass(frozen=True, slots=True)
class Out:
    """A sealed bundle that is kept until its receiver confirmed it.

    Attributes:
        first: number of the first bundle of the same export; it carries everything that is not
            confirmed, so bundles before it are not needed any more.
        sent_at: when the hub had it whole; empty while it does not.
        lasting: it carries pieces of documents, which later bundles do not carry again.
    """

    peer: str
    number: int
    first: int
    name: str
    sha256: str
    sent_at: str = ""
    lasting: bool = False


def _get(cursor: Any, key: str) -> str:
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    return "" if row is None else str(row[0])


def _put(cursor: Any, key: str, value: str) -> None:
    if value:
        cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
    else:
        cursor.execute("DELETE FROM meta WHERE key = ?", (key,))


def address(cursor: Any) -> str:
    """Of the hub; empty if there is none."""
    return _get(cursor, _ADDRESS)


def set_address(cursor: Any, value: str) -> None:
    """Keep the address; another hub knows nothing of what the last one had."""
    if value == address(cursor):
        return
    _put(cursor, _ADDRESS, value)
    put_outs(cursor, [replace(out, sent_at="") for out in outs(cursor)])
    for key in (_LOOKED, _TOLD, _MET, _REFUSED, _LETTERED):
        _put(cursor, key, "")


def begin_anew(cursor: Any) -> None:
    """Another device from now on: of what the former one sent nothing is sent again."""
    for key in (_OUT, _OWES, _LOOKED, _TOLD, _MET, _REFUSED, _LETTERED):
        _put(cursor, key, "")


def outs(cursor: Any) -> list[Out]:
    """Bundles that are kept, by receiver and number."""
    found = json.loads(_get(cursor, _OUT) or "[]")
    return sorted((Out(**item) for item in found), key=lambda o: (o.peer, o.number))


def put_outs(cursor: Any, found: Iterable[Out]) -> None:
    """Keep exactly these."""
    items = [asdict(out) for out in found]
    _put(cursor, _OUT, json.dumps(items) if items else "")


def refused(cursor: Any) -> dict[str, str]:
    """Ids at the hub of what this version of the program could not take in: not fetched again."""
    found: dict[str, str] = json.loads(_get(cursor, _REFUSED) or "{}")
    return {name: code for name, code in found.items() if code.startswith(f"{__version__} ")}


def put_refused(cursor: Any, found: dict[str, str]) -> None:
    """Keep exactly these; values are codes."""
    kept = {n: c if " " in c else f"{__version__} {c}" for n, c in found.items()}
    _put(cursor, _REFUSED, json.dumps(kept) if kept else "")


def owes(cursor: Any) -> set[str]:
    """Desks that wait for the confirmation of what was taken in from them."""
    return set(json.loads(_get(cursor, _OWES) or "[]"))


def put_owes(cursor: Any, peers: set[str]) -> None:
    """Keep exactly these."""
    _put(cursor, _OWES, json.dumps(sorted(peers)) if peers else "")


def mark(cursor: Any) -> str:
    """Another when there may be something new to send, so that nothing is looked for in vain."""
    cursor.execute(
        "SELECT (SELECT coalesce(max(pos), 0) FROM journal), (SELECT count(*) FROM link), "
        "(SELECT coalesce(max(sent_pos), 0) || '/' || coalesce(sum(acked_pos), 0) FROM link)"
    )
    return ".".join(str(part) for part in cursor.fetchone())


def looked(cursor: Any) -> str:
    """The mark when everything was last looked through."""
    return _get(cursor, _LOOKED)


def put_looked(cursor: Any, value: str) -> None:
    """Remember the mark."""
    _put(cursor, _LOOKED, value)


def told(cursor: Any) -> str:
    """Which list of withdrawn desks the hub has."""
    return _get(cursor, _TOLD)


def put_told(cursor: Any, value: str) -> None:
    """Remember which."""
    _put(cursor, _TOLD, value)


def lettered(cursor: Any) -> str:
    """Which letters of succession the hub was shown."""
    return _get(cursor, _LETTERED)


def put_lettered(cursor: Any, value: str) -> None:
    """Remember which."""
    _put(cursor, _LETTERED, value)


def met_at(cursor: Any) -> str:
    """When the hub was last spoken with to the end; shown, decides nothing."""
    return _get(cursor, _MET)


def put_met_at(cursor: Any, at: str) -> None:
    """Remember when."""
    _put(cursor, _MET, at)


def sent_at(cursor: Any, peer: str, pos: int = 0) -> str:
    """When the hub had everything for *peer* up to position *pos* of the journal, or ""."""
    cursor.execute("SELECT number, pos FROM bundle_out WHERE device = ?", (peer,))
    reach = dict(cursor.fetchall())
    found = [
        o.sent_at for o in outs(cursor)
        if o.peer == peer and o.sent_at and reach.get(o.number, -1) >= pos
    ]  # fmt: skip
    return found[0] if pos and found else found[-1] if found else ""


def case_sent_at(cursor: Any, case_id: str) -> str:
    """When the hub had the newest change made here of a case, or ""."""
    cursor.execute("SELECT max(pos) FROM journal WHERE case_id = ? AND via IS NULL", (case_id,))
    row = cursor.fetchone()
    if row is None or row[0] is None:
        return ""
    found = (sent_at(cursor, peer, row[0]) for peer in sorted({o.peer for o in outs(cursor)}))
    return next((at for at in found if at), "")


def note_owed(store: Store, reports: Iterable[ImportReport]) -> None:
    """Remember who waits for a confirmation.

    A bundle without changes asks for none: otherwise two desks would confirm each other's
    confirmations for ever.
    """
    peers = {r.sender for r in reports if r.outcome == "applied" and r.new_changes}
    if peers:
        with store.work() as work:
            put_owes(work.cursor, owes(work.cursor) | peers)
