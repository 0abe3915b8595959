"""One cost of a person, to which total it belongs, and what a total says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _
from traffick_desk.law.assessment import Total

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from traffick_desk.law.assessment import Line
    from traffick_desk.law.pack import Instrument, Regime
    from traffick_desk.law.words import Text, Words


class Kind(StrEnum):
    """What is known of one cost."""

    COUNTED = "counted"
    NOT_FOUND = "amount_not_found"
    NUMBER_UNKNOWN = "number_unknown"
    FORMULA = "formula"
    REVIEW = "needs_review"
    REAL_COST = "real_cost"
    IN_KIND = "in_kind"
    FREE = "free"

    @property
    def label(self) -> str:
        """The kind in words."""
        return _(_KINDS[self])


_KINDS = {
    Kind.COUNTED: N_("known"),
    Kind.NOT_FOUND: N_("amount not available"),
    Kind.NUMBER_UNKNOWN: N_("how many is not known"),
    Kind.FORMULA: N_("by formula"),
    Kind.REVIEW: N_("needs review"),
    Kind.REAL_COST: N_("at real cost"),
    Kind.IN_KIND: N_("in kind"),
    Kind.FREE: N_("free of charge"),
}
OPEN = frozenset({Kind.NOT_FOUND, Kind.NUMBER_UNKNOWN, Kind.FORMULA, Kind.REVIEW})
"""What makes a total *at least*."""


class Part(StrEnum):
    """To which total a cost belongs."""

    DUE = "due"
    IF_APPROVED = "if_approved"  # the law gives it “depending on the case”
    NOT_APPLIED = "not_applied"  # of a forecast: fell due before, and nobody applied for it yet

    @property
    def label(self) -> str:
        """The part in words."""
        return _(_PARTS[self])


_PARTS = {
    Part.DUE: N_("granted"),
    Part.IF_APPROVED: N_("if approved"),
    Part.NOT_APPLIED: N_("not applied for yet"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One cost of a person within a period.

    Attributes:
        line: the amount as the evaluator answered; ``None`` where a whole regime has none.
        first, last: the days of the period that it concerns; for what is given once, one day.
        quantity: days, months, times; ``None`` where it is not known.
        reason: why it needs review.
    """

    regime: Regime
    line: Line | None
    part: Part
    kind: Kind
    first: date
    last: date
    quantity: int | None
    reason: Words | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What two costs share that can be told as one."""
        level = self.line.level.id if self.line else ""
        amount = self.line.amount if self.line else None
        return self.regime.law, self.regime.letter, level, self.part, self.kind, amount

    @property
    def amount(self) -> int | None:
        """Đồng for each, where that is a number."""
        return self.line.amount if self.line else None

    @property
    def total(self) -> int | None:
        """Đồng in all; ``None`` for whatever is not summed."""
        if self.kind is not Kind.COUNTED or self.amount is None or self.quantity is None:
            return None
        return self.amount * self.quantity

    @property
    def at_least(self) -> bool:
        """Whether a total over it is *at least*."""
        if self.kind is not Kind.COUNTED or self.line is None:
            return self.kind in OPEN
        return self.line.level.amount.at_least or "province" in self.line.missing

    @property
    def name(self) -> Text:
        """What it is for."""
        return self.line.level.label if self.line else self.regime.label

    @property
    def set_by(self) -> Instrument | None:
        """The instrument that sets the amount; for one that was not found, the one to look in."""
        if self.line is None:
            return None
        level = self.line.level
        return level.amount.set_by or (level.cite[0].instrument if level.cite else None)


def total_of(items: Iterable[Item]) -> Total:
    """The sum of what is known in *items*; ``at_least`` when a part is not."""
    amount, at_least = 0, False
    for item in items:
        amount += item.total or 0
        at_least |= item.at_least
    return Total(amount, at_least, ())


@dataclass(frozen=True, slots=True)
class Costs:
    """What is known of the costs of one person from *first* to *last*, both counted.

    Attributes:
        until: the last day that was counted: *last*, the as-of day or the day of closing.
        items: in the order of the law; those of one regime together.
    """

    first: date
    last: date
    until: date
    forecast: bool
    items: tuple[Item, ...]

    @property
    def due(self) -> Total:
        """What is granted."""
        return self.total(Part.DUE)

    @property
    def if_approved(self) -> Total:
        """What the law gives “depending on the case”."""
        return self.total(Part.IF_APPROVED)

    @property
    def not_applied(self) -> Total:
        """What fell due before a forecast begins and nobody applied for."""
        return self.total(Part.NOT_APPLIED)

    @property
    def known(self) -> Total:
        """Both together: what may have to be paid, as far as it is known."""
        return self.total(Part.DUE, Part.IF_APPROVED)

    def total(self, *parts: Part) -> Total:
        """The sum of some parts."""
        return total_of(item for item in self.items if item.part in parts)
