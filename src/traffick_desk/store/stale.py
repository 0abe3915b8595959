"""What has to be made anew because of the records that were touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from traffick_desk.store.changes import VOID, WHOLE

# Registers that bear on every field: a record merged whole, voided, or moved to another case.
_ALL = frozenset({WHOLE, VOID, "case"})


@dataclass(slots=True)
class Stale:
    """What follows from the records and may have to be made anew.

    Attributes:
        changed: case → record type → registers that changed in it.
        searched: cases of which the search may find something else.
        rivals: cases in which a touched record has or had rival values.
        of_units: type and id of the touched records that belong to a unit.
    """

    changed: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    searched: set[str] = field(default_factory=set)
    rivals: set[str] = field(default_factory=set)
    of_units: set[tuple[str, str]] = field(default_factory=set)

    def add(
        self,
        cases: Iterable[str],
        type_name: str,
        written: Iterable[str],
        *,
        searched: bool,
        rivals: bool,
    ) -> None:
        """Note a change of these registers of a record."""
        for case in cases:
            self.changed.setdefault(case, {}).setdefault(type_name, set()).update(written)
            if searched:
                self.searched.add(case)
            if rivals:
                self.rivals.add(case)

    def touching(self, wanted: Mapping[str, frozenset[str]]) -> set[str]:
        """Cases in which one of these fields (record type → fields) may show another value."""
        return {
            case
            for case, types in self.changed.items()
            if any(
                name in wanted and not (wanted[name] | _ALL).isdisjoint(registers)
                for name, registers in types.items()
            )
        }
