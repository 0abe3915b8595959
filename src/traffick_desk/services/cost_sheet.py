"""Adding up what many persons cost: a line for each regime, and what makes it *at least*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from traffick_desk.law import Costs, Item, Kind, Part, Total
from traffick_desk.services import assess
from traffick_desk.services.base import Context


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests, or approved requests: how many, and their amounts.

    Attributes:
        without: how many of them have no amount; they make the sum *at least*.
    """

    number: int = 0
    amount: int = 0
    without: int = 0

    @property
    def total(self) -> Total:
        """The sum of the amounts."""
        return Total(self.amount, self.without > 0, ())

    def plus(self, amount: int | None) -> Asked:
        """With one more."""
        return Asked(self.number + 1, self.amount + (amount or 0), self.without + (amount is None))


@dataclass(frozen=True, slots=True)
class Entry:
    """One cost of several persons: *item* tells what it is, the figures are those of all.

    Attributes:
        quantity: ``None`` where it is not known for one of them.
        total: đồng; ``None`` for what is not summed.
    """

    item: Item
    persons: int
    quantity: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One regime, or all of them: what the rules give, what was requested and approved."""

    regime: str
    label: str
    persons: int
    due: Total
    if_approved: Total
    not_applied: Total
    requested: Asked
    approved: Asked
    entries: tuple[Entry, ...]

    @property
    def known(self) -> Total:
        """Due and if approved together."""
        one, two = self.due, self.if_approved
        return Total(one.amount + two.amount, one.at_least or two.at_least, ())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The regimes in the order of the law, and *all* of them together."""

    regimes: tuple[Line, ...]
    all: Line


@dataclass(frozen=True, slots=True)
class Request:
    """One requested regime with the newest decision on it."""

    person: str
    regime: str
    requested_on: str
    amount: int | None
    decision: str | None
    decided_on: str | None
    approved: int | None


@dataclass(slots=True)
class _Group:
    """The same cost of several persons."""

    item: Item
    persons: int = 0
    quantity: int | None = 0
    total: int | None = 0

    def take(self, item: Item) -> None:
        known = self.quantity is not None and item.quantity is not None
        self.quantity = (self.quantity or 0) + (item.quantity or 0) if known else None
        self.total = None if item.total is None else (self.total or 0) + item.total
        self.persons += 1
        first, last = min(self.item.first, item.first), max(self.item.last, item.last)
        self.item = replace(self.item, first=first, last=last)


@dataclass(slots=True)
class Sums:
    """Adds up costs and requests; keeps no person.

    Attributes:
        left_out: persons who could not be counted, so that no total can be whole.
    """

    groups: dict[tuple[object, ...], _Group] = field(default_factory=dict)
    at_least: set[tuple[str, Part]] = field(default_factory=set)
    persons: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    requested: dict[str, Asked] = field(default_factory=lambda: defaultdict(Asked))
    approved: dict[str, Asked] = field(default_factory=lambda: defaultdict(Asked))
    left_out: int = 0

    def add(self, costs: Costs) -> None:
        """The costs of one more person."""
        regimes = set()
        for item in costs.items:
            code = _code(item)
            regimes.add(code)
            if item.at_least:
                self.at_least.add((code, item.part))
            group = self.groups.get(item.key)
            if group is None:
                group = self.groups[item.key] = _Group(item)
            group.take(item)
        for code in regimes:
            self.persons[code] += 1
        self.persons[""] += bool(regimes)

    def ask(self, requests: Iterable[Request], first: date, last: date) -> bool:
        """Count what was requested and approved in the period; whether there was anything."""
        days = first.isoformat(), last.isoformat()
        found = False
        for request in requests:
            if days[0] <= (request.requested_on or "") <= days[1]:
                self._ask(self.requested, request.regime, request.amount)
                found = True
            decided = days[0] <= (request.decided_on or "") <= days[1]
            if decided and request.decision == "approved":
                self._ask(self.approved, request.regime, request.approved)
                found = True
        return found

    @staticmethod
    def _ask(sums: dict[str, Asked], regime: str, amount: int | None) -> None:
        for code in (regime, ""):
            sums[code] = sums[code].plus(amount)

    def sheet(self, context: Context) -> Sheet:
        """All regimes of both laws that have anything, and their sum."""
        present = {
            *(_code(group.item) for group in self.groups.values()),
            *self.requested,
            *self.approved,
        } - {""}
        matrices = context.pack.matrices.values()
        order = [f"{matrix.law}/{letter}" for matrix in matrices for letter in matrix.regimes]
        codes = [code for code in order if code in present]
        codes += sorted(present.difference(order))
        lines = [self._line(code, assess.regime_label(context, code)) for code in codes]
        return Sheet(tuple(lines), self.all())

    def all(self) -> Line:
        """All regimes together."""
        return self._line("", "")

    def _line(self, code: str, label: str) -> Line:
        groups = [g for g in self.groups.values() if code in ("", _code(g.item))]
        groups.sort(key=lambda g: (_ORDER[g.item.kind], str(g.item.name), g.item.first))

        def total(part: Part) -> Total:
            amount = sum(g.total or 0 for g in groups if g.item.part is part)
            open_ones = any(p is part and code in ("", c) for c, p in self.at_least)
            left_out = not code and self.left_out > 0 and part is not Part.NOT_APPLIED
            return Total(amount, open_ones or left_out, ())

        return Line(
            regime=code,
            label=label,
            persons=self.persons.get(code, 0),
            due=total(Part.DUE),
            if_approved=total(Part.IF_APPROVED),
            not_applied=total(Part.NOT_APPLIED),
            requested=self.requested.get(code, Asked()),
            approved=self.approved.get(code, Asked()),
            entries=tuple(Entry(g.item, g.persons, g.quantity, g.total) for g in groups)
            if code
            else (),
        )


_ORDER = {kind: at for at, kind in enumerate(Kind)}


def _code(item: Item) -> str:
    return f"{item.regime.law}/{item.regime.letter}"
