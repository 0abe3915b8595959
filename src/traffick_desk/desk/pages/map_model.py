"""What a map shows and where: a flat view that moves and zooms, without tiles and without Qt."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from traffick_desk.domain.geo import Flat, Position, step_km

# Kilometres across the shorter side: a hamlet, and the country with its islands.
CLOSEST, WIDEST = 0.4, 2_500.0
ZOOM = 1.5
# Points nearer to each other than this (px at 100 %) are drawn as one with their number.
CLUSTER = 18
FIRST_KM = 40.0


@dataclass(frozen=True, slots=True)
class Point:
    """Something on the map.

    Attributes:
        key: tells it from others.
        position: where it is.
        words: its name.
        exact: the place was entered; otherwise it is only known in which unit it lies.
    """

    key: Hashable
    position: Position
    words: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """One or several points drawn at one place, in px from the upper left corner."""

    x: float
    y: float
    points: tuple[Point, ...]


@dataclass
class MapModel:
    """A view on points around an origin.

    Attributes:
        width, height: of the view, px.
        points: what is shown.
        origin: from where distances are measured.
        scale: px for a kilometre.
    """

    width: float = 400
    height: float = 300
    points: tuple[Point, ...] = ()
    origin: Position | None = None
    scale: float = 8
    _flat: Flat = field(default=Flat(Position(21.0, 105.8)))
    # What lies in the middle of the view, km east and north of the flat map's middle.
    _middle: tuple[float, float] = (0.0, 0.0)

    def show(self, points: Sequence[Point], origin: Position | None) -> None:
        """Show other points; the view is fitted to them when the origin is another one."""
        moved = origin != self.origin or not self.points
        self.points, self.origin = tuple(points), origin
        if moved:
            first = origin or (points[0].position if points else self._flat.middle)
            self._flat, self._middle = Flat(first), (0.0, 0.0)
            self.fit()

    def resize(self, width: float, height: float) -> None:
        """The view is of another size; its middle and scale stay."""
        self.width, self.height = max(width, 1), max(height, 1)
        self._bound()

    # -- moving ------------------------------------------------------------------------------

    def fit(self, most: int = 25) -> None:
        """Show the origin and the nearest points; from far points the view would show nothing."""
        places = [self._flat.to_km(p.position) for p in self.points]
        if self.origin is not None:
            home = self._flat.to_km(self.origin)
            places.sort(key=lambda p: (p[0] - home[0]) ** 2 + (p[1] - home[1]) ** 2)
            places = [home, *places[:most]]
        if not places:
            self._middle = (0.0, 0.0)
            self.scale = min(self.width, self.height) / FIRST_KM
            return
        left, right = min(p[0] for p in places), max(p[0] for p in places)
        low, high = min(p[1] for p in places), max(p[1] for p in places)
        self._middle = ((left + right) / 2, (low + high) / 2)
        wide, tall = max(right - left, 2.0) * 1.2, max(high - low, 2.0) * 1.2
        self.scale = min(self.width / wide, self.height / tall)
        self._bound()

    def pan(self, dx: float, dy: float) -> None:
        """Move what is seen by so many px to the right and down."""
        self._middle = (self._middle[0] + dx / self.scale, self._middle[1] - dy / self.scale)

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Come nearer (*factor* over 1) or go back; what lies at (x, y) stays there."""
        x, y = self.width / 2 if x is None else x, self.height / 2 if y is None else y
        before = self._km_at(x, y)
        self.scale *= factor
        self._bound()
        after = self._km_at(x, y)
        self._middle = (
            self._middle[0] + before[0] - after[0],
            self._middle[1] + before[1] - after[1],
        )

    def go_to(self, place: Position) -> None:
        """Put *place* in the middle."""
        self._middle = self._flat.to_km(place)

    def reveal(self, place: Position, margin: float = 40) -> None:
        """Move only if *place* is not well within the view."""
        x, y = self.at(place)
        if not (margin <= x <= self.width - margin and margin <= y <= self.height - margin):
            self.go_to(place)

    def _bound(self) -> None:
        short = min(self.width, self.height)
        self.scale = min(max(self.scale, short / WIDEST), short / CLOSEST)

    # -- places ------------------------------------------------------------------------------

    def _km_at(self, x: float, y: float) -> tuple[float, float]:
        east = self._middle[0] + (x - self.width / 2) / self.scale
        return east, self._middle[1] - (y - self.height / 2) / self.scale

    def at(self, place: Position) -> tuple[float, float]:
        """Where *place* is drawn, px."""
        east, north = self._flat.to_km(place)
        return (
            (east - self._middle[0]) * self.scale + self.width / 2,
            (self._middle[1] - north) * self.scale + self.height / 2,
        )

    def place(self, x: float, y: float) -> Position:
        """The place drawn at (x, y)."""
        return self._flat.to_position(*self._km_at(x, y))

    def marks(self, cluster: float = CLUSTER) -> list[Mark]:
        """What is drawn: points within the view, those that would lie on each other as one."""
        cells: dict[tuple[int, int], list[tuple[float, float, Point]]] = {}
        for point in self.points:
            x, y = self.at(point.position)
            if -cluster <= x <= self.width + cluster and -cluster <= y <= self.height + cluster:
                cells.setdefault((int(x // cluster), int(y // cluster)), []).append((x, y, point))
        marks = []
        for found in cells.values():
            n = len(found)
            marks.append(
                Mark(
                    sum(x for x, _y, _p in found) / n,
                    sum(y for _x, y, _p in found) / n,
                    tuple(p for _x, _y, p in found),
                )
            )
        return marks

    def mark_at(
        self, x: float, y: float, reach: float = 16, cluster: float = CLUSTER
    ) -> Mark | None:
        """The nearest mark within *reach* px of (x, y)."""
        near = [(m, (m.x - x) ** 2 + (m.y - y) ** 2) for m in self.marks(cluster)]
        near = [(m, d) for m, d in near if d <= reach**2]
        return min(near, key=lambda found: found[1])[0] if near else None

    # -- grid --------------------------------------------------------------------------------

    def grid_km(self, apart: float = 90) -> float:
        """A round number of kilometres whose lines lie at most *apart* px from each other."""
        return step_km(apart / self.scale)

    def rings(self, apart: float = 90) -> list[tuple[float, float, float, float]]:
        """Circles of equal distance around the origin: x, y, radius (px), kilometres.

        Only those that pass through the view.
        """
        if self.origin is None:
            return []
        x, y = self.at(self.origin)
        step = self.grid_km(apart)
        dx = max(0.0, -x, x - self.width)
        dy = max(0.0, -y, y - self.height)
        nearest = (dx * dx + dy * dy) ** 0.5
        fx, fy = max(abs(x), abs(x - self.width)), max(abs(y), abs(y - self.height))
        farthest = (fx * fx + fy * fy) ** 0.5
        first = max(1, int(nearest / self.scale / step))
        last = int(farthest / self.scale / step) + 1
        return [
            (x, y, n * step * self.scale, n * step)
            for n in range(first, min(last, first + 40) + 1)
            if nearest <= n * step * self.scale <= farthest
        ]
