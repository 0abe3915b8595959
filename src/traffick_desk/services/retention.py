"""How long closed cases are kept: what the province decided, and which cases are past it.

No law that was read sets a period for the files of victims (law.md §10: not found), so there is
none until the province writes one down with its decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.errors import InvalidValues, NotAllowed
from traffick_desk.services.roles import CASE_READ, RULES
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

RULE = "retention_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """What the province decided."""

    months: int
    decision: str
    made_on: str


@dataclass(frozen=True, slots=True)
class Past:
    """A closed case that is past the period; *asked* when a demand to erase it waits."""

    case_id: str
    file_no: str
    unit: str
    closed_on: str
    since: str
    held: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class SetRetention(Command[str]):
    """Write down how long closed cases are kept, with the decision that says so.

    Raises:
        NotAllowed: not a desk of the province.
        InvalidValues: no decision, or no number of months.
    """

    permission: ClassVar[str] = RULES
    action: ClassVar[str] = "retention.set"
    changes: ClassVar[frozenset[str]] = frozenset({"rules", "erasures"})

    months: int
    decision: str
    made_on: str

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        if context.info.profile != "province":
            raise NotAllowed
        if not self.decision.strip():
            raise InvalidValues(((RULE, "decision", _("Please name the decision.")),))
        if not 1 <= self.months <= 1200:
            raise InvalidValues(((RULE, "months", _("Please give a number of months.")),))
        values = {
            "months": self.months,
            "decision": self.decision.strip(),
            "made_on": date.fromisoformat(self.made_on).isoformat(),
        }
        record = new_id()
        work.journal.write(Edit(RULE, record, values), context.info.officer_id, None)
        return record


def rule(cursor: Any) -> Rule | None:
    """The newest decision of the province; ``None`` where there is none."""
    cursor.execute(
        "SELECT months, decision, made_on FROM r_retention_rule WHERE voided IS NULL "
        "AND months IS NOT NULL ORDER BY made_on DESC, id DESC LIMIT 1"
    )
    row = cursor.fetchone()
    return None if row is None else Rule(int(row[0]), row[1] or "", row[2] or "")


@dataclass(frozen=True, slots=True)
class RetentionRule(Query[Rule | None]):
    """See :func:`rule`."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> Rule | None:  # noqa: ARG002
        """See :class:`Query`."""
        return rule(cursor)


@dataclass(frozen=True, slots=True)
class PastRetention(Query[tuple[Past, ...]]):
    """Closed cases past the period of the province, the longest first; none without a decision."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> tuple[Past, ...]:
        """See :class:`Query`."""
        known = rule(cursor)
        if known is None:
            return ()
        cursor.execute(
            "SELECT c.id, c.file_no, c.unit, c.closed_on, EXISTS (SELECT 1 FROM r_legal_hold h "
            'WHERE h."case" = c.id AND h.voided IS NULL AND h.until IS NULL), '
            'EXISTS (SELECT 1 FROM r_erasure_request q WHERE q."case" = c.id '
            "AND q.voided IS NULL) FROM r_case c "
            "WHERE c.stage = 'closed' AND c.closed_on IS NOT NULL AND c.voided IS NULL "
            "ORDER BY c.closed_on, c.id"
        )
        today = date.fromisoformat(context.today)
        found = []
        for case_id, file_no, unit, closed_on, held, asked in cursor.fetchall():
            until = months_after(date.fromisoformat(closed_on), known.months)
            if until < today:
                found.append(
                    Past(case_id, file_no or "", unit or "", closed_on, until.isoformat(),
                         bool(held), bool(asked))
                )  # fmt: skip
        return tuple(found)


def months_after(day: date, months: int) -> date:
    """The same day of the month, so many months later; the last one where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
