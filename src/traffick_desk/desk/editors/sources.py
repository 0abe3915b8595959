"""The program's own large lists and administrative units, as sources of choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from traffick_desk.desk.editors.base import Choice

if TYPE_CHECKING:
    from traffick_desk.domain.units import Dataset, Units


def large_list(name: str) -> Any:
    """The code list *name* of the spine; citizenships offer *stateless* and *unknown* too."""
    from traffick_desk.domain.lists import code_list

    return code_list(name)


def own_units() -> Units:
    """The packaged units, for windows that have no unlocked desk to ask."""
    from traffick_desk.domain.units import Units

    return Units.load()


class UnitSource:
    """Administrative units in force, or with *old* those before July 2025.

    Args:
        units: gives the units; called with the first search, for reading them takes 30 ms.
        old: look among the old units, which have districts.
        level: only provinces or only communes (``domain.units.PROVINCE``, ``COMMUNE``).
    """

    def __init__(
        self, units: Callable[[], Units] = own_units, *, old: bool = False, level: Any = None
    ) -> None:
        self._units, self._old, self._level = units, old, level

    def all(self) -> Sequence[Choice] | None:
        """Too many to show."""
        return None

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Units that fit *text*, former names included."""
        found = self._units().search(text, dataset=self._dataset(), level=self._level, limit=limit)
        # Former names come without accents and blanks; only other spellings can be shown.
        return [Choice(m.id, m.label, m.via if m.via != m.via.lower() else "") for m in found]

    def label(self, value: str) -> str:
        """The full name of a unit; an id this version does not know stays as it is."""
        units = self._units()
        return units.full_name(value) if value in units else value

    def _dataset(self) -> Dataset:
        from traffick_desk.domain.units import NEW, OLD

        return OLD if self._old else NEW
