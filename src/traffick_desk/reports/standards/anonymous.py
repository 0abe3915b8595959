"""Files of single people in which nobody stands out: k-anonymity by withholding.

Every combination of the *quasi-identifiers*, what somebody outside may know of a person, is
shared by at least k rows. Where it is not, the least important of them is emptied, then the next;
who still stands out is left out. Every other value stands only where at least k rows of the same
combination have it. The order of rows follows from their values, not from the vault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from traffick_desk.reports.standards.files import Row


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A file in which nobody stands out.

    Attributes:
        rows: what may leave.
        left_out: how many rows could not be kept.
        emptied: how many values of quasi-identifiers were emptied.
    """

    rows: tuple[Row, ...]
    left_out: int
    emptied: int


def k_anonymous(rows: Sequence[Row], quasi: Sequence[str], k: int) -> Anonymous:
    """*rows* made k-anonymous over *quasi*, the least important of them last.

    Args:
        rows: texts by column.
        quasi: quasi-identifiers.
        k: at least so many rows share each combination.
    """
    waiting = [dict(row) for row in rows]
    kept: list[Row] = []
    emptied = 0
    for level in range(len(quasi) + 1):
        count = Counter(_key(row, quasi) for row in waiting)
        kept += [row for row in waiting if count[_key(row, quasi)] >= k]
        waiting = [row for row in waiting if count[_key(row, quasi)] < k]
        if level < len(quasi):
            name = quasi[-1 - level]
            emptied += sum(bool(row.pop(name, "")) for row in waiting)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in kept:
        groups.setdefault(_key(row, quasi), []).append(row)
    for group in groups.values():
        _rare_values(group, quasi, k)
    kept.sort(key=lambda row: sorted(row.items()))
    return Anonymous(tuple(kept), len(waiting), emptied)


def _key(row: Row, quasi: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in quasi)


def _rare_values(group: list[Row], quasi: Sequence[str], k: int) -> None:
    """Empty values that fewer than *k* rows of the group have; of several parts each apart."""
    others = {name for row in group for name in row} - set(quasi)
    for name in others:
        count = Counter(part for row in group for part in row.get(name, "").split(";") if part)
        for row in group:
            parts = [p for p in row.get(name, "").split(";") if p and count[p] >= k]
            if parts:
                row[name] = ";".join(parts)
            else:
                row.pop(name, None)


def least_group(rows: Sequence[Row], quasi: Sequence[str]) -> int:
    """How many rows share the rarest combination; 0 without rows."""
    return min(Counter(_key(row, quasi) for row in rows).values(), default=0)
