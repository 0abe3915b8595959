"""Which changes a peer is owed: what it is entitled to see and has not confirmed.

| from | to | what |
|---|---|---|
| commune | province | everything made at desks of its own unit; what a former desk of the |
| | | province wrote, to the one that took its place |
| province | commune | cases of that unit; cases referred to it; what belongs to that unit or to |
| | | the province itself; what belongs to neither case nor unit and was made by the |
| | | province or that unit; of a case that moved away, the move alone; of an |
| | | erased case that it has or had, the order and what is left of the changes |
| province | province | everything |

A change is never carried back to the desk that made it or brought it. The cost
depends on the cases of the one commune and on the changes since, never on all
cases of the province.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from traffick_desk.domain.belonging import is_unit
from traffick_desk.store.changes import Change
from traffick_desk.sync import lineage


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a link."""

    device: str
    profile: str
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One change of the journal that is owed."""

    pos: int
    device: str
    case_id: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Owed:
    """What a peer is owed.

    Attributes:
        positions: of the journal, ascending.
        whole: cases and units whose whole history is among them because the peer has none of it.
        left: case → position of the change that moved it away from the peer.
        top: everything up to this position was considered.
    """

    positions: Sequence[int]
    whole: frozenset[str] = frozenset()
    left: tuple[tuple[str, int], ...] = ()
    top: int = 0


def party(cursor: Any, device: str) -> Party | None:
    """A device by id."""
    cursor.execute("SELECT device, profile, unit FROM device WHERE device = ?", (device,))
    row = cursor.fetchone()
    return None if row is None else Party(*row)


def owed(cursor: Any, own: Party, peer: Party, acked_pos: int, acked_number: int) -> Owed:
    """What *peer* is owed beyond what it confirmed."""
    cursor.execute("SELECT coalesce(max(pos), 0) FROM journal")
    top = int(cursor.fetchone()[0])
    if own.profile == "province" and peer.profile == "commune":
        return _for_commune(cursor, own, peer, acked_pos, acked_number, top)
    question = _OF_UNIT if own.profile == "commune" else _ALL
    names = {"pos": acked_pos, "peer": peer.device, "own": own.device, "unit": own.unit}
    # What the desk wrote whose place the peer took: its last backup may lack it.
    names["before"] = json.dumps(lineage.predecessors(cursor, peer.device))
    cursor.execute(question, names)
    return Owed([pos for (pos,) in cursor.fetchall()], top=top)


_ALL = """
    SELECT pos FROM journal WHERE pos > :pos AND device <> :peer AND via IS NOT :peer ORDER BY pos
"""
# The plus keeps SQLite from walking all that a device ever wrote by the index of devices: what is
# new lies at the end of the journal.
_OF_UNIT = """
    SELECT pos FROM journal WHERE pos > :pos AND device <> :peer AND via IS NOT :peer
    AND (+device = :own OR +device IN
         (SELECT device FROM device WHERE profile = 'commune' AND unit = :unit)
         OR +device IN (SELECT value FROM json_each(:before)))
    ORDER BY pos
"""
# Cases and units in scope, and whether no bundle that carried them whole was confirmed yet. With
# units too, so that what a commune wrote with a newer program than the province had, and the
# province passed over, is owed to the commune's other desks once the province knows it.
_IN_SCOPE = """
    WITH found (id, number) AS (
        SELECT c.id, l.number FROM r_case c
        LEFT JOIN link_case l ON l.device = :device AND l.case_id = c.id WHERE c.unit = :unit
        UNION
        SELECT case_id, number FROM link_case WHERE device = :device AND shared = 1
        UNION
        SELECT u.value, l.number FROM json_each(json_array(:unit, :own_unit)) u
        LEFT JOIN link_case l ON l.device = :device AND l.case_id = u.value
        UNION
        SELECT e."case", l.number FROM r_erasure e
        LEFT JOIN link_case l ON l.device = :device AND l.case_id = e."case"
        WHERE e.unit = :unit
        UNION
        SELECT l.case_id, l.number FROM link_case l JOIN r_erasure e ON e."case" = l.case_id
        WHERE l.device = :device
    ),
    scope (id, whole) AS (
        SELECT id, number IS NULL OR number > :acked_number FROM found
    )
"""
_WHOLE = _IN_SCOPE + "SELECT id FROM scope WHERE whole"
_OF_SCOPE = (
    _IN_SCOPE
    + """
    SELECT j.pos FROM scope CROSS JOIN journal j ON j.case_id = scope.id
    AND j.pos > iif(scope.whole, 0, :pos) WHERE j.device <> :device AND j.via IS NOT :device
    UNION
    SELECT pos FROM journal WHERE case_id IS NULL AND pos > :pos AND device <> :device
    AND via IS NOT :device AND +device IN
        (SELECT device FROM device WHERE profile = 'province' OR unit = :unit)
"""
)
_LEFT = """
    SELECT l.case_id, l.left_pos FROM link_case l JOIN r_case c ON c.id = l.case_id
    WHERE l.device = :device AND l.shared = 0 AND c.unit IS NOT :unit
"""


def _for_commune(
    cursor: Any, own: Party, peer: Party, acked_pos: int, acked_number: int, top: int
) -> Owed:
    names = {
        "own_unit": own.unit,
        "device": peer.device,
        "unit": peer.unit,
        "pos": acked_pos,
        "acked_number": acked_number,
    }
    cursor.execute(_WHOLE, names)
    whole = frozenset(case for (case,) in cursor.fetchall())
    cursor.execute(_OF_SCOPE, names)
    positions = {pos for (pos,) in cursor.fetchall()}
    left = []
    cursor.execute(_LEFT, names)
    for case, left_pos in cursor.fetchall():
        pos = _move_of(cursor, case, peer, acked_pos) if left_pos is None else left_pos
        left.append((case, pos))
        if pos > acked_pos:
            positions.add(pos)
    return Owed(sorted(positions), whole, tuple(left), top)


def _move_of(cursor: Any, case: str, peer: Party, acked_pos: int) -> int:
    """Where the journal first moves a case out of the peer's unit; 0 if it does not say."""
    cursor.execute(
        "SELECT pos, device, body FROM journal WHERE case_id = ? AND pos > ? ORDER BY pos",
        (case, acked_pos),
    )
    for pos, device, body in cursor.fetchall():
        change = Change.decode(bytes(body))
        unit = change.fields.get("unit") if change.type == "case" else None
        if unit is not None and unit != peer.unit:
            return 0 if device == peer.device else int(pos)
    return 0


def rows(cursor: Any, positions: Sequence[int], size: int = 500) -> Iterator[Row]:
    """The changes at *positions*, in their order."""
    for start in range(0, len(positions), size):
        cursor.execute(
            "SELECT pos, device, case_id, body FROM journal WHERE pos IN "
            "(SELECT value FROM json_each(?)) ORDER BY pos",
            (json.dumps(positions[start : start + size]),),
        )
        for pos, device, case_id, body in cursor.fetchall():
            yield Row(pos, device, case_id, bytes(body))


def record_given(
    cursor: Any, peer: str, what: Owed, number: int, *, in_parts: bool = False
) -> None:
    """Note that bundle *number* carries *what*.

    A case keeps the number of the first bundle that carried it whole: once that one or a
    later one is confirmed, only what is new of the case is owed. Of bundles *in_parts* the
    earlier of a later row do not stand in for those before: the last of this row counts.
    """
    kept = "excluded.number" if in_parts else "coalesce(number, excluded.number)"
    cursor.executemany(
        "INSERT INTO link_case (device, case_id, number) VALUES (?, ?, ?) "
        f"ON CONFLICT (device, case_id) DO UPDATE SET left_pos = NULL, number = {kept}",
        [(peer, case, number) for case in sorted(what.whole)],
    )
    cursor.executemany(
        "UPDATE link_case SET left_pos = ?, number = NULL WHERE device = ? AND case_id = ?",
        [(pos, peer, case) for case, pos in what.left],
    )


def record_brought(cursor: Any, sender: str, cases: Iterable[str]) -> None:
    """Note the cases that a commune's desk itself brought; what others wrote of them is owed."""
    cursor.executemany(
        "INSERT OR IGNORE INTO link_case (device, case_id) VALUES (?, ?)",
        [(sender, case) for case in sorted(cases)],
    )


def share_case(cursor: Any, peer: str, case: str) -> None:
    """Refer a case to a desk of another commune: it gets the whole history and what follows."""
    cursor.execute(
        "INSERT INTO link_case (device, case_id, shared) VALUES (?, ?, 1) "
        "ON CONFLICT (device, case_id) DO UPDATE SET shared = 1, number = NULL",
        (peer, case),
    )


def unshare_case(cursor: Any, peer: str, case: str) -> None:
    """End a referral: nothing more of the case is sent to that desk."""
    cursor.execute(
        "UPDATE link_case SET shared = 0, number = NULL, left_pos = 0 "
        "WHERE device = ? AND case_id = ?",
        (peer, case),
    )


def may_write(cursor: Any, sender: Party, cases: Iterable[str]) -> set[str]:
    """Those of *cases* of which a commune's desk may bring changes.

    It may for cases new to the province, of its unit, or that it or another desk of its unit has
    or had: a restored PC sends again what the one before it wrote of a case that moved away. And
    for what belongs to its unit.
    """
    given = set(cases)
    units = {case for case in given if is_unit(case)}
    wanted = sorted(given - units)
    cursor.execute(
        "WITH wanted (id) AS (SELECT value FROM json_each(:cases)) "
        "SELECT c.id, c.unit IS :unit FROM wanted w JOIN r_case c ON c.id = w.id UNION ALL "
        "SELECT l.case_id, 1 FROM wanted w CROSS JOIN link_case l "
        "ON l.device = :device AND l.case_id = w.id UNION ALL "
        "SELECT id, 1 FROM wanted WHERE EXISTS "
        "(SELECT 1 FROM journal j JOIN device d ON d.device = j.device "
        "WHERE j.case_id = wanted.id AND d.profile = 'commune' AND d.unit = :unit)",
        {"cases": json.dumps(wanted), "unit": sender.unit, "device": sender.device},
    )
    known: set[str] = set()
    hers: set[str] = set()
    for case, is_hers in cursor.fetchall():
        (hers if is_hers else known).add(case)
    return {c for c in wanted if c in hers or c not in known} | (units & {sender.unit})
