"""Approved, paid, and what is still to be paid: per request and per regime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from traffick_desk.services.views import CaseView, RecordView

# Letters of the law of 2011 → those of the list in which payments and plans are written down.
# Its letter đ is schooling or vocational training: which of both only the officer knows.
_SINCE_2011: Mapping[str, tuple[str, ...]] = {
    "a": ("a", "e"),
    "b": ("b",),
    "c": ("g",),
    "d": ("đ", "d"),
    "đ": ("h", "i"),
    "e": ("k",),
}


def codes_of(law: str, letter: str) -> tuple[str, ...]:
    """The codes of list ``regime`` that mean letter *letter* of *law*; the usual one first."""
    return _SINCE_2011.get(letter, ()) if law == "L66" else (letter,)


@dataclass(frozen=True, slots=True)
class Approved:
    """One approved request.

    Attributes:
        regime: law and letter, ``L53/k``.
        amount: what was approved, ``None`` if the decision names no amount (never 0 for it).
        paid: what was paid on it so far.
    """

    entitlement: str
    person: str
    regime: str
    amount: int | None
    decided_on: str
    paid: int
    payments: int

    @property
    def left(self) -> int | None:
        """What is still to be paid; ``None`` if that cannot be told."""
        return None if self.amount is None else max(self.amount - self.paid, 0)

    @property
    def open(self) -> bool:
        """Whether a payment is still to be made."""
        return self.payments == 0 if self.amount is None else self.paid < self.amount

    @property
    def code(self) -> str:
        """The code of list ``regime`` for a payment; "" where the officer must choose."""
        found = codes_of(*self.regime.split("/", 1)) if "/" in self.regime else ()
        return found[0] if found and self.regime != "L66/đ" else ""


def approved(case: CaseView) -> tuple[Approved, ...]:
    """All approved requests of a case with what was paid on them, the oldest decision first.

    A payment counts for the request it names; one that names none counts for the
    requests of the same person and regime, the oldest first, up to their amounts.
    """
    decisions = {d.get("entitlement"): d for d in case.of("entitlement_decision")}
    requests = [
        (r, decisions[r.id])
        for r in case.of("entitlement")
        if r.id in decisions and decisions[r.id].get("decision") == "approved"
    ]
    requests.sort(key=lambda pair: (str(pair[1].get("decided_on")), pair[0].id))
    known = {request.id for request, _decision in requests}
    named: dict[str, list[int]] = {}
    loose: list[tuple[str, str, int]] = []
    for payment in case.of("payment"):
        amount = int(payment.get("amount") or 0)
        if payment.get("entitlement") in known:
            named.setdefault(str(payment.get("entitlement")), []).append(amount)
        else:
            loose.append((str(payment.get("person")), str(payment.get("regime")), amount))
    return tuple(_with_paid(r, d, named.get(r.id, []), loose) for r, d in requests)


def _with_paid(
    request: RecordView, decision: RecordView, own: list[int], loose: list[tuple[str, str, int]]
) -> Approved:
    regime, person = str(request.get("regime")), str(request.get("person"))
    amount = decision.get("amount")
    paid, count = sum(own), len(own)
    codes = codes_of(*regime.split("/", 1)) if "/" in regime else ()
    for place, (who, code, rest) in enumerate(loose):
        if who != person or code not in codes:
            continue
        taken = rest if amount is None else min(rest, max(int(amount) - paid, 0))
        if taken:
            paid, count = paid + taken, count + 1
            # What is left over does for a later request.
            loose[place] = (who, code, rest - taken)
    return Approved(
        request.id, person, regime, amount, str(decision.get("decided_on") or ""), paid, count
    )


def unpaid(case: CaseView) -> tuple[Approved, ...]:
    """The approved requests on which a payment is still to be made."""
    return tuple(a for a in approved(case) if a.open)


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of one regime; *unknown* counts approvals that name no amount."""

    regime: str
    approved: int
    paid: int
    unknown: int


def totals(case: CaseView) -> tuple[Total, ...]:
    """Per code of list ``regime``: what was approved and what was paid, in the order of the law."""
    given: dict[str, int] = {}
    paid: dict[str, int] = {}
    unknown: dict[str, int] = {}
    by_id = {a.entitlement: a for a in approved(case)}
    for item in by_id.values():
        code = item.code or item.regime
        given[code] = given.get(code, 0) + (item.amount or 0)
        unknown[code] = unknown.get(code, 0) + (item.amount is None)
    for payment in case.of("payment"):
        own = by_id.get(str(payment.get("entitlement")))
        code = (own.code or own.regime) if own else str(payment.get("regime"))
        paid[code] = paid.get(code, 0) + int(payment.get("amount") or 0)
    order = "abcdđeghik"
    codes = sorted({*given, *paid}, key=lambda c: (order.find(c) if c in order else 99, c))
    return tuple(Total(c, given.get(c, 0), paid.get(c, 0), unknown.get(c, 0)) for c in codes)


def receipt(case: CaseView, payment: RecordView, label: str, name: str) -> dict[str, Any]:
    """What a receipt prints of a payment: amount, for what, on what ground, who received.

    Args:
        case: of the payment.
        payment: the payment.
        label: of its regime, in the words of the paper.
        name: of the person; who received in place of the person is named beside.
    """
    found: dict[str, Any] = {"amount": payment.get("amount"), "content": label}
    if payment.get("paid_on"):
        found["at"] = date.fromisoformat(payment.get("paid_on"))
    own = next((a for a in approved(case) if a.entitlement == payment.get("entitlement")), None)
    if own is not None and own.decided_on:
        found["basis"] = f"Duyệt ngày {date.fromisoformat(own.decided_on):%d/%m/%Y}"
    receiver = payment.get("received_by")
    if receiver and receiver != name:
        found["behalf"] = receiver
    return found
