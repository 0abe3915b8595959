"""Money in one view: planned, approved, paid, and what is still to come, by purpose and source.

Budgets are entered; what is paid follows from the payments in cases and from what activities and
materials cost. Support of victims is shown per regime only to who may read cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.services.base import Context, Query
from traffick_desk.services.prevention import totals
from traffick_desk.services.roles import CASE_READ, PREVENTION_READ, may

SUPPORT = "support"


@dataclass(slots=True)
class MoneyLine:
    """One purpose and source, in đồng; ``None`` is *not known*, never 0.

    Attributes:
        planned, approved: of the budgets.
        paid: so far.
        committed: approved for persons and not paid yet, or planned activities still to come.
        unknown: how many payments, approvals or entries name no amount.
    """

    purpose: str
    fund: str
    planned: int | None = None
    approved: int | None = None
    paid: int = 0
    committed: int = 0
    unknown: int = 0

    @property
    def forecast(self) -> int:
        """What will have been spent when all that is committed is paid."""
        return self.paid + self.committed

    @property
    def left(self) -> int | None:
        """What of the approved (or else planned) money would be left; ``None`` without either."""
        limit = self.approved if self.approved is not None else self.planned
        return None if limit is None else limit - self.forecast


@dataclass(slots=True)
class RegimeLine:
    """Support of victims by regime (code of list ``regime``)."""

    regime: str
    approved: int = 0
    paid: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class MoneyView:
    """Money of a year.

    Attributes:
        lines: by purpose and source; sources of money not told stand under ``""``.
        regimes: support per regime; empty for who may not read cases.
        hidden: payments to victims are left out because the role does not see cases.
    """

    year: int
    lines: tuple[MoneyLine, ...]
    regimes: tuple[RegimeLine, ...] = ()
    hidden: bool = False
    years: tuple[int, ...] = field(default=())

    @property
    def total(self) -> MoneyLine:
        """The sum over all lines; planned and approved of those that have one."""
        total = MoneyLine("", "")
        for line in self.lines:
            total.paid += line.paid
            total.committed += line.committed
            total.unknown += line.unknown
            if line.planned is not None:
                total.planned = (total.planned or 0) + line.planned
            if line.approved is not None:
                total.approved = (total.approved or 0) + line.approved
        return total


@dataclass(frozen=True, slots=True)
class Money(Query[MoneyView]):
    """Budgets against what was spent in *year*.

    Attributes:
        unit: whose; "" for all that this desk has.
    """

    permission: ClassVar[str] = PREVENTION_READ

    year: int
    unit: str = ""

    def run(self, context: Context, cursor: Any) -> MoneyView:
        """See :class:`Query`."""
        lines: dict[tuple[str, str], MoneyLine] = {}

        def line(purpose: str, fund: str | None) -> MoneyLine:
            key = (purpose, fund or "")
            return lines.setdefault(key, MoneyLine(*key))

        cursor.execute(
            "SELECT purpose, fund, planned, approved FROM r_budget WHERE voided IS NULL "
            "AND year = ? AND (? = '' OR unit = ?)",
            (self.year, self.unit, self.unit),
        )
        for purpose, fund, planned, approved in cursor.fetchall():
            one = line(purpose or "other", fund)
            if planned is not None:
                one.planned = (one.planned or 0) + planned
            if approved is not None:
                one.approved = (one.approved or 0) + approved
        self._prevention(cursor, line)
        sees = may(context.info.role, CASE_READ)
        regimes = self._support(cursor, line) if sees else ()
        return MoneyView(
            self.year, tuple(sorted(lines.values(), key=_order)), regimes, not sees,
            _years(cursor, self.year),
        )  # fmt: skip

    def _prevention(self, cursor: Any, line: Any) -> None:
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        found = totals.entries(cursor, self.unit)
        done = {e.id for e in found if e.state == "done"}
        for entry in found:
            if entry.first < first or entry.last > last or entry.part_of in done:
                continue
            purpose = (
                "training"
                if entry.line == "training" or (entry.kind == "class" and not entry.line)
                else "communication"
            )
            one = line(purpose, entry.fund) if _has_money(entry) else None
            if one is None:
                continue
            if entry.state == "done":
                one.paid += entry.cost.number
                one.unknown += entry.cost.unknown
            elif entry.state == "planned":
                one.committed += entry.planned_cost.number

    def _support(self, cursor: Any, line: Any) -> tuple[RegimeLine, ...]:
        span = (f"{self.year}-01-01", f"{self.year}-12-31", self.unit, self.unit)
        regimes: dict[str, RegimeLine] = {}

        def regime(code: str) -> RegimeLine:
            return regimes.setdefault(code, RegimeLine(code))

        cursor.execute(
            'SELECT p.regime, p.fund, p.amount FROM r_payment p JOIN r_case c ON c.id = p."case" '
            "WHERE p.voided IS NULL AND p.paid_on BETWEEN ? AND ? AND (? = '' OR c.unit = ?)",
            span,
        )
        for code, fund, amount in cursor.fetchall():
            one = line(SUPPORT, fund)
            one.paid += amount or 0
            one.unknown += amount is None
            regime(code or "").paid += amount or 0
        cursor.execute(
            "SELECT e.regime, d.amount, (SELECT coalesce(sum(p.amount), 0) FROM r_payment p "
            "WHERE p.entitlement = e.id AND p.voided IS NULL), (SELECT count(*) FROM r_payment p "
            "WHERE p.entitlement = e.id AND p.voided IS NULL) "
            "FROM r_entitlement_decision d JOIN r_entitlement e ON e.id = d.entitlement "
            'JOIN r_case c ON c.id = e."case" WHERE d.voided IS NULL AND e.voided IS NULL '
            "AND d.decision = 'approved' AND d.decided_on BETWEEN ? AND ? "
            "AND (? = '' OR c.unit = ?)",
            span,
        )
        for law_regime, amount, paid, payments in cursor.fetchall():
            code = str(law_regime or "").rpartition("/")[2]
            one = regime(code)
            one.approved += amount or 0
            if amount is None:
                one.unknown += 1
                line(SUPPORT, "").unknown += payments == 0
            elif amount > paid:
                line(SUPPORT, "").committed += amount - paid
        codes = SMALL_LISTS["regime"].codes()
        return tuple(
            sorted(
                regimes.values(),
                key=lambda r: (codes.index(r.regime) if r.regime in codes else 99, r.regime),
            )
        )


def _has_money(entry: totals.Entry) -> bool:
    return bool(entry.cost.known or entry.planned_cost.known or entry.fund)


def _order(line: MoneyLine) -> tuple[int, str]:
    codes: Mapping[str, int] = {
        code: place for place, code in enumerate(SMALL_LISTS["budget_purpose"].codes())
    }
    return (codes.get(line.purpose, 99), line.fund or "~")


def _years(cursor: Any, year: int) -> tuple[int, ...]:
    cursor.execute("SELECT DISTINCT year FROM r_budget WHERE voided IS NULL AND year IS NOT NULL")
    return tuple(sorted({int(y) for (y,) in cursor.fetchall()} | {year}, reverse=True))
