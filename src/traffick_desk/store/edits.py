"""What of an edit is worth a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from traffick_desk.store import choices
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.record_state import RecordState

if TYPE_CHECKING:
    from traffick_desk.store.journal import Edit


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value is not None}


def effective(state: RecordState, edit: Edit) -> dict[str, Any]:
    """The fields of an edit that differ from what is shown, or settle rival values."""
    fields: dict[str, Any] = {}
    for name, value in edit.values.items():
        if name == VOID:
            if settles_void(state, edit, value):
                fields[name] = value
        elif value != state.values.get(name) or len(edit.base.get(name, ())) > 1:
            fields[name] = value
    return fields


def settles_void(state: RecordState, edit: Edit, reason: str | None) -> bool:
    """Whether writing *reason* says something new: to void again settles what came late."""
    if reason != state.voided or len(edit.base.get(VOID, ())) > 1:
        return True
    seen = edit.base.keys() - edit.values.keys()
    return reason is not None and (choices.LATE in state.rivals or bool(seen))


def effective_whole(
    state: RecordState, edit: Edit, fetch: Callable[[str], Change]
) -> dict[str, Any]:
    """What an edit of a whole record writes; empty if nothing would change.

    The change holds the whole value: what the officer saw, those fields included
    that only newer versions know (I5), with her edits over it. What another desk
    wrote and she did not see stays out of it (I3).
    """
    fields: dict[str, Any] = {}
    values = dict(edit.values)
    if VOID in values:
        reason = values.pop(VOID)
        if settles_void(state, edit, reason):
            fields[VOID] = reason
    if not values:
        return fields
    shown = _written_by(fetch, state.shown_ref(WHOLE))
    base = edit.base.get(WHOLE)
    seen = shown
    if base is not None and state.shown_ref(WHOLE) not in base:
        changes = [fetch(ref) for ref in base]
        latest = max(changes, key=lambda c: c.order).ref if changes else None
        seen = _written_by(fetch, latest)
    whole = {**seen, **values}
    if given(whole) != given(shown) or (base is not None and len(base) > 1):
        fields.update(whole)
    return fields


def _written_by(fetch: Callable[[str], Change], ref: str | None) -> dict[str, Any]:
    """The whole value that a change wrote."""
    if ref is None:
        return {}
    return {n: v for n, v in fetch(ref).fields.items() if n != VOID}
