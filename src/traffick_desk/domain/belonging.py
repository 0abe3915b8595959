"""To whom a record belongs: to a case, or to an administrative unit.

A change names it in one place (``Change.case``): the id of a case, or the id of a unit, which has
a slash in it (``2025/05977``). The id of a record of a unit begins with that unit
(``2025/05977/0197…``), so that what it belongs to is told by each change alone, in whatever order
changes arrive (I2), and nobody can bring a record of another unit under the own name (I7).

What a province keeps to itself and its own desks stands on its *closed shelf*
(``2025/20/kept``): of the shelf no commune is ever owed anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CLOSED = "/kept"


def is_unit(belongs_to: str | None) -> bool:
    """Whether what a change belongs to is a unit, and not a case or nothing."""
    return belongs_to is not None and "/" in belongs_to


def unit_of(record_id: str) -> str:
    """The unit a record belongs to; empty for what belongs to none."""
    return record_id.rpartition("/")[0]


def closed_shelf(unit: str) -> str:
    """What a record of *unit* belongs to that goes to the unit's own desks and nowhere else."""
    return f"{unit}{_CLOSED}"


def named_unit(belongs_to: str) -> str:
    """The unit that the record itself names, whether it stands on a closed shelf or not."""
    return belongs_to.removesuffix(_CLOSED)


def unit_record_id(unit: str, random: str) -> str:
    """The id of a new record of *unit*; *random* is a fresh id."""
    return f"{unit}/{random}"


def may_write_of_unit(profile: str | None, own_unit: str | None, unit: str) -> bool:
    """Whether a desk may write what belongs to *unit*: the unit's own desks, and the province."""
    return bool(unit) and (profile == "province" or (profile == "commune" and own_unit == unit))


def is_of_desk(record_id: str, device: str) -> bool:
    """Whether a record that a desk writes of itself is that desk's (``RecordType.of_desk``)."""
    return record_id.partition(".")[0] == device


def is_consistent(record_id: str, belongs_to: str | None, fields: Mapping[str, Any]) -> bool:
    """Whether id, what the change says it belongs to, and the field ``unit`` name one unit."""
    unit = unit_of(record_id)
    named = named_unit(unit)
    return bool(unit) and belongs_to == unit and fields.get("unit", named) == named
