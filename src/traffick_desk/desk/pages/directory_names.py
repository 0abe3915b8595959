"""Names of communes and provinces for the ground of a map, from their centres."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from traffick_desk.domain.geo import Position
from traffick_desk.domain.units import NEW

# Wider than this (degrees) the names of communes would only hide each other.
WIDE = 2.5
MOST = 250


class UnitNames:
    """Gives the names that lie in a view, the nearest to its middle first."""

    def __init__(self, units: Any) -> None:
        self._units = units

    @cached_property
    def _provinces(self) -> list[tuple[str, Position]]:
        found = self._units.provinces(NEW)
        return [(u.name, Position(u.lat, u.lon)) for u in found if u.lat is not None]

    @cached_property
    def _communes(self) -> list[tuple[str, Position]]:
        return [
            (u.name, Position(u.lat, u.lon))
            for province in self._units.provinces(NEW)
            for u in self._units.communes(province.id)
            if u.lat is not None
        ]

    def __call__(self, low: Position, high: Position) -> Sequence[tuple[str, Position]]:
        """Names between the lower left and the upper right corner."""
        wide = high.lon - low.lon > WIDE
        middle = ((low.lat + high.lat) / 2, (low.lon + high.lon) / 2)
        found = [
            (name, place)
            for name, place in (self._provinces if wide else self._communes)
            if low.lat <= place.lat <= high.lat and low.lon <= place.lon <= high.lon
        ]
        found.sort(key=lambda f: (f[1].lat - middle[0]) ** 2 + (f[1].lon - middle[1]) ** 2)
        return found[:MOST]
