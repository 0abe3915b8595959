"""Places on the earth: coordinates as people write them, and distances as the crow flies."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

# Viet Nam with its islands, and what lies just over the borders: further off is a slip.
SOUTH, NORTH, WEST, EAST = 6.0, 24.5, 101.0, 118.5


class NoPosition(ValueError):
    """The text is no pair of coordinates that can be meant."""


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and east (WGS 84)."""

    lat: float
    lon: float

    def text(self) -> str:
        """As it is stored: ``23.27870, 105.36270``; five places are one metre."""
        return f"{self.lat:.5f}, {self.lon:.5f}"


# 23.2787, 105.3627 · 23,2787; 105,3627 · 23°16'43.3"N 105°21'45.7"E · N 23.2787 E 105.3627
_NUMBER = r"(\d{1,3}(?:[.,]\d+)?)"
_PLAIN = re.compile(rf"{_NUMBER}°?\s*[;,\s]\s*{_NUMBER}°?")
_DEGREES = re.compile(
    r"(\d{1,3})°\s*(?:(\d{1,2})['′’]\s*(?:(\d{1,2}(?:[.,]\d+)?)(?:\"|″|”|''))?)?\s*([NEBĐ])"
)


def parse(text: str) -> Position:
    """The position that *text* names; the two numbers may stand in either order.

    Raises:
        NoPosition: it cannot be read, or lies far from Viet Nam.
    """
    numbers = _numbers(text.strip().upper())
    for lat, lon in (numbers, numbers[::-1]):
        if SOUTH <= lat <= NORTH and WEST <= lon <= EAST:
            return Position(round(lat, 5), round(lon, 5))
    raise NoPosition(text)


def _numbers(text: str) -> tuple[float, float]:
    found = _DEGREES.findall(text)
    if len(found) == 2:
        values = [
            float(d) + float(m or 0) / 60 + float((s or "0").replace(",", ".")) / 3600
            for d, m, s, _side in found
        ]
        return values[0], values[1]
    bare = re.sub(r"[NEBĐ]", " ", text).strip()
    match = _PLAIN.fullmatch(bare)
    if match is None:
        raise NoPosition(text)
    return float(match[1].replace(",", ".")), float(match[2].replace(",", "."))


def read(text: str | None) -> Position | None:
    """A stored position; ``None`` for what cannot be read, which another desk may have sent."""
    try:
        return parse(text) if text else None
    except NoPosition:
        return None


def distance_km(one: Position, other: Position) -> float:
    """Kilometres as the crow flies (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    dlat, dlon = lat2 - lat1, math.radians(other.lon - one.lon)
    h = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def shown_km(km: float) -> str:
    """``850 m``, ``3,4 km``, ``120 km``: no more figures than such a distance is worth."""
    if km < 0.95:
        return f"{max(round(km * 20) * 50, 50)} m"
    if km < 9.95:
        return f"{km:.1f} km".replace(".", ",")
    return f"{km:.0f} km"


def step_km(wanted: float) -> float:
    """The round distance (1, 2 or 5 and noughts) next below *wanted*, for a grid and its scale."""
    if wanted <= 0:
        raise ValueError(wanted)
    power = 10.0 ** math.floor(math.log10(wanted))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= wanted * (1 + 1e-9))


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat map around a middle: true distances near it, within 1 % for a province.

    Attributes:
        middle: what lies at (0, 0).
    """

    middle: Position

    def to_km(self, place: Position) -> tuple[float, float]:
        """Kilometres east and north of the middle."""
        degree = math.pi * EARTH_KM / 180
        east = (place.lon - self.middle.lon) * degree * math.cos(math.radians(self.middle.lat))
        return east, (place.lat - self.middle.lat) * degree

    def to_position(self, east: float, north: float) -> Position:
        """The place that lies so many kilometres east and north of the middle."""
        degree = math.pi * EARTH_KM / 180
        lon = east / (degree * math.cos(math.radians(self.middle.lat))) + self.middle.lon
        return Position(north / degree + self.middle.lat, lon)
