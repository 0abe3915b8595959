"""What waits for a choice: rival values, and entries that whoever voided a record had not seen.

A change that voids a record names in its ``replaces`` the present values of *all* registers of the
record: what its officer had before her. An entry that is not among them was made without knowledge
of the voiding. It is kept under :data:`LATE` beside the reason, until an officer says which holds.
A function of the set of changes, as merging is (I2).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from traffick_desk.store.changes import VOID, Change

if TYPE_CHECKING:
    from traffick_desk.store.record_state import RecordState

LATE = "!late"
Rivals = Mapping[str, Mapping[str, list[Any]]]


def sees(
    state: RecordState, replaces: dict[str, tuple[str, ...]], base: Mapping[str, tuple[str, ...]]
) -> None:
    """Let a change that voids *state* say what its officer had before her: *base*, or all."""
    for register, heads in state.heads.items():
        if refs := base.get(register, heads):
            replaces.setdefault(register, tuple(sorted(refs)))


def mark_late(
    state: RecordState, change_of: Callable[[str], Change], written: Callable[[Change], Any]
) -> None:
    """Bring the entries that a voiding had not seen up to date.

    Args:
        state: of the record, after a change was applied.
        change_of: the change called so.
        written: what a change writes: register → value.
    """
    state.rivals.pop(LATE, None)
    if state.voided is None:
        return
    voids = [change_of(ref) for ref in state.heads.get(VOID, ())]
    # Of what was erased nothing but its place is left.
    voids = [c for c in voids if c.fields.get(VOID) is not None]
    # Programs before this rule name the voiding alone; what they had seen is not known.
    if not voids or any(c.replaces.keys() <= {VOID} for c in voids):
        return
    late: dict[str, dict[str, Any]] = {}
    for register, heads in state.heads.items():
        if register == VOID:
            continue
        for ref in heads:
            if not any(ref in c.replaces.get(register, ()) for c in voids):
                late.setdefault(ref, {})[register] = written(change_of(ref)).get(register)
    if not late:
        return
    rivals = {}
    for ref, values in late.items():
        change = change_of(ref)
        rivals[ref] = [change.stamp.millis, change.stamp.counter, change.officer, values]
    for change in voids:
        stamp = change.stamp
        rivals[change.ref] = [stamp.millis, stamp.counter, change.officer, change.fields[VOID]]
    state.rivals[LATE] = rivals


def waiting(rivals: Rivals, voided: str | None) -> tuple[str, ...]:
    """The registers of a record that need an officer's choice.

    The same value written twice needs none, nor do fields of a voided record, nor two reasons
    for voiding it.
    """
    return tuple(sorted(name for name, found in rivals.items() if _open(name, found, voided)))


def _open(register: str, found: Mapping[str, list[Any]], voided: str | None) -> bool:
    if register == LATE:
        return True
    if register == VOID:
        reasons = [rival[3] is None for rival in found.values()]
        return any(reasons) and not all(reasons)
    if voided is not None:
        return False
    return len({json.dumps(rival[3], sort_keys=True) for rival in found.values()}) > 1
