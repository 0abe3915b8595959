"""Who is told that somebody opened a restricted case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traffick_desk.services.base import Context
from traffick_desk.services.roles import OVERSEERS
from traffick_desk.services.veiling import restricted


def looks_after(context: Context, cursor: Any, values: Mapping[str, Any]) -> bool:
    """Whether it is for this officer to look at: the chair; where there is none, who is named."""
    info = context.info
    if values.get("officer") == info.officer_id:
        return False
    if info.role in OVERSEERS:
        return True
    cursor.execute("SELECT role FROM officer")
    if any(role in OVERSEERS for (role,) in cursor.fetchall()):
        return False
    return info.officer_id in restricted(cursor).get(str(values.get("case")), frozenset())


@dataclass(frozen=True, slots=True)
class Broken:
    """Somebody opened a restricted case with a reason, and nobody who oversees has seen it yet."""

    glass_id: str
    case_id: str
    file_no: str
    name: str
    at: str
    reason: str


def unseen(context: Context, cursor: Any) -> tuple[Broken, ...]:
    """What this officer is to look at, the oldest first."""
    cursor.execute(
        'SELECT g.id, g."case", c.file_no, g.name, g.at, g.reason, g.officer FROM r_glass g '
        'JOIN case_row c ON c.case_id = g."case" '
        "WHERE g.seen_at IS NULL AND g.voided IS NULL ORDER BY g.at, g.id"
    )
    return tuple(
        Broken(glass_id, case, file_no, name or "", at or "", reason or "")
        for glass_id, case, file_no, name, at, reason, officer in cursor.fetchall()
        if looks_after(context, cursor, {"case": case, "officer": officer})
    )
