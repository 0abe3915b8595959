"""What of an edit is worth a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from traffick_desk.store import choices
from traffick_desk.store.changes import VOID
from traffick_desk.store.merge import RecordState

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
