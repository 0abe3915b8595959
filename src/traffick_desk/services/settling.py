"""The change that settles values which desks wrote without knowledge of each other (I3)."""

from __future__ import annotations

from typing import Any

from traffick_desk.services.errors import NotHere
from traffick_desk.store.changes import VOID, WHOLE
from traffick_desk.store.choices import LATE
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import RecordState


def settling(state: RecordState, register: str, value: Any) -> Edit:
    """The edit that knows all values of *register* and writes *value* over them.

    Args:
        state: of the record as it is now.
        register: field name, ``"*"`` for a record that merges whole, ``"!void"``, or ``"!late"``
            for a record that was voided while another desk wrote to it.
        value: for ``"*"`` a mapping of all fields; for the last two the reason for voiding, or
            ``None``: the record holds.

    Raises:
        NotHere: nothing waits for a choice there.
    """
    if register == LATE:
        if LATE not in state.rivals:
            raise NotHere
        return Edit(state.type.name, state.id, {VOID: value}, {VOID: state.heads[VOID]})
    heads = state.heads.get(register, ())
    if len(heads) < 2:
        raise NotHere
    values = {register: value}
    if register == WHOLE:
        values = {f.name: value.get(f.name) for f in state.type.fields}
    return Edit(state.type.name, state.id, values, {register: heads})
