"""The program's own large lists and administrative units, as sources of choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from traffick_desk.desk.editors.base import Choice


def large_list(name: str) -> Any:
    """The large code list *name* (countries, languages, ethnic groups)."""
    from traffick_desk.domain import codelists

    return codelists.large(name)


class UnitSource:
    """Administrative units in force, or with *old* those before July 2025."""

    def __init__(self, *, old: bool = False) -> None:
        self._old = old

    def all(self) -> Sequence[Choice] | None:
        """Too many to show."""
        return None

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Units that fit *text*."""
        from traffick_desk.domain import units

        return [
            Choice(u.id, units.full_name(u.id))
            for u in units.search(text, old=self._old, limit=limit)
        ]

    def label(self, value: str) -> str:
        """The full name of a unit."""
        from traffick_desk.domain import units

        return units.full_name(value)
