"""Writing records that belong to a unit: own ones, or any for the province."""

from __future__ import annotations

from collections.abc import Iterable

from traffick_desk.i18n import N_
from traffick_desk.services import unit_records
from traffick_desk.services.base import Context
from traffick_desk.services.errors import NotAllowed
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

TYPES = frozenset(
    {
        "service", "service_remark", "directory_rule", "facility", "room", "place_hold",
        "place_count", "standard_item", "facility_item",
    }
)  # fmt: skip


class NotYours(NotAllowed):
    """The entry belongs to another unit."""

    text = N_(
        "This entry belongs to another unit, which alone can change it. Nothing was changed. "
        "Please write down what is wrong with “Check the entry”: its owner is told."
    )


def fresh_id(context: Context, unit: str = "") -> str:
    """The id of a new record of *unit*, of the own unit if it is empty."""
    return unit_records.new_record_id(context, unit)


def write(context: Context, work: Work, edits: Iterable[Edit]) -> None:
    """Write *edits*; each names its unit by its id.

    Raises:
        NotYours: a record belongs to a unit that this desk does not write for.
        InvalidValues: a value cannot be; nothing is written.
    """
    edits = tuple(edits)
    if not all(unit_records.may_write(context, edit.id) for edit in edits):
        raise NotYours
    unit_records.write(context, work, edits, TYPES)
