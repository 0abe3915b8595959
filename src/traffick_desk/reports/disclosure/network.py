"""Cell suppression on a table with totals, as a circulation in a network.

A table by one or two things with its totals is a network: each sum that a reader can do is a
node, each cell an arc, and the figures are a circulation. What a reader can find out of the
withheld cells is how far the flow through each can be changed along cycles of withheld arcs.
That is exact for whole numbers, and needs no linear programming. The method of finding what else
to withhold follows Kelly, Golden and Assad (1992) and the interval audit of Fischetti and Salazar
(2001): the cheapest cycle through each small cell, until each is uncertain enough.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

Node = Hashable
_MUCH = 1 << 50
LEAST = 1
"""A withheld figure is known to be at least so much: a 0 is never withheld."""


@dataclass(slots=True)
class Arc:
    """One cell.

    Attributes:
        tail, head: nodes; more of the cell is more flow from tail to head.
        value: the true figure.
        hidden: withheld.
        small: must be protected.
        known: was shown before, so withholding it hides nothing.
    """

    tail: Node
    head: Node
    value: int
    hidden: bool = False
    small: bool = False
    known: bool = False

    def room(self, *, up: bool) -> int:
        """How much the figure could be more, or less, as far as its own bounds go."""
        return _MUCH if up else max(self.value - LEAST, 0)


class _Flow:
    """Greatest flow between two nodes over withheld arcs, with one arc left out."""

    def __init__(self, arcs: Iterable[Arc], without: Arc) -> None:
        self._room: dict[Node, dict[Node, int]] = {}
        for arc in arcs:
            if arc.hidden and arc is not without:
                self._put(arc.tail, arc.head, arc.room(up=True))
                self._put(arc.head, arc.tail, arc.room(up=False))

    def _put(self, tail: Node, head: Node, room: int) -> None:
        self._room.setdefault(tail, {}).setdefault(head, 0)
        self._room.setdefault(head, {}).setdefault(tail, 0)
        self._room[tail][head] += room

    def greatest(self, source: Node, sink: Node, enough: int) -> int:
        total = 0
        while total < enough:
            path = self._path(source, sink)
            if path is None:
                return total
            room = min(self._room[a][b] for a, b in path)
            room = min(room, enough - total)
            for a, b in path:
                self._room[a][b] -= room
                self._room[b][a] += room
            total += room
        return total

    def _path(self, source: Node, sink: Node) -> list[tuple[Node, Node]] | None:
        before: dict[Node, Node] = {source: source}
        queue = deque([source])
        while queue:
            node = queue.popleft()
            for other, room in self._room.get(node, {}).items():
                if room > 0 and other not in before:
                    before[other] = node
                    if other == sink:
                        return self._back(before, source, sink)
                    queue.append(other)
        return None

    @staticmethod
    def _back(before: dict[Node, Node], source: Node, node: Node) -> list[tuple[Node, Node]]:
        path = []
        while node != source:
            path.append((before[node], node))
            node = before[node]
        return path


def bounds(arcs: Sequence[Arc], arc: Arc) -> tuple[int, int | None]:
    """Least and greatest value of a withheld cell for who knows everything that is shown.

    The greatest is ``None`` if nothing limits it.
    """
    up = _Flow(arcs, arc).greatest(arc.head, arc.tail, _MUCH // 4)
    down = _Flow(arcs, arc).greatest(arc.tail, arc.head, arc.room(up=False))
    return arc.value - down, None if up >= _MUCH // 4 else arc.value + up


def uncertain(arcs: Sequence[Arc], arc: Arc, threshold: int) -> bool:
    """Whether a small withheld cell is protected: its upper bound lies *threshold* − 1 above it."""
    need = threshold - 1
    return _Flow(arcs, arc).greatest(arc.head, arc.tail, need) >= need


def protect(arcs: Sequence[Arc], threshold: int) -> bool:
    """Withhold more cells until every small one is uncertain.

    Returns:
        Whether that could be done; if not, nothing of the table may be shown.
    """
    small = sorted((a for a in arcs if a.small), key=lambda a: -a.value)
    for arc in small:
        arc.hidden = True
    for arc in small:
        while not uncertain(arcs, arc, threshold):
            cycle = _cheapest(arcs, arc, threshold - 1)
            if cycle is None:
                return False
            for more in cycle:
                more.hidden = True
    # What was withheld for one may not weaken another: more withheld cells only widen bounds.
    return True


def _cheapest(arcs: Sequence[Arc], arc: Arc, need: int) -> list[Arc] | None:
    """The shown cells of least sum that, withheld, let *arc* be so much more."""
    for least in (need, 1):
        found = _path_of_arcs(arcs, arc, least)
        if found:
            return found
    return None


def _path_of_arcs(arcs: Sequence[Arc], arc: Arc, least: int) -> list[Arc] | None:
    ways: dict[Node, list[tuple[Node, int, Arc]]] = {}
    for other in arcs:
        # A 0 that is not shown would be the only thing that could be 0: it is never withheld.
        if other is arc or (not other.hidden and (other.known or other.value < LEAST)):
            continue
        cost = 0 if other.hidden else other.value + 1
        ways.setdefault(other.tail, []).append((other.head, cost, other))
        if other.room(up=False) >= least:
            ways.setdefault(other.head, []).append((other.tail, cost, other))
    return _shortest(ways, arc.head, arc.tail)


def _shortest(
    ways: dict[Node, list[tuple[Node, int, Arc]]], source: Node, sink: Node
) -> list[Arc] | None:
    best: dict[Node, int] = {source: 0}
    came: dict[Node, tuple[Node, Arc]] = {}
    order, queue = 0, [(0, 0, source)]
    done: set[Node] = set()
    while queue:
        cost, _order, node = heapq.heappop(queue)
        if node in done:
            continue
        done.add(node)
        if node == sink:
            path = []
            while node != source:
                node, arc = came[node]
                path.append(arc)
            shown = [a for a in path if not a.hidden]
            return shown or None
        for other, more, arc in ways.get(node, ()):
            if cost + more < best.get(other, _MUCH):
                best[other] = cost + more
                came[other] = (node, arc)
                order += 1
                heapq.heappush(queue, (cost + more, order, other))
    return None
