"""Reading tips: those that wait to be passed on, all of them, and those joined to a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP
from traffick_desk.i18n import _
from traffick_desk.services import reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.views import RecordView, TodayItem
from traffick_desk.store.record_state import columns_sql, state_from_row

URGENT = ("now", "soon")
_BY_URGENCY = "CASE t.urgency WHEN 'now' THEN 0 WHEN 'soon' THEN 1 ELSE 2 END"

# In a question about ``case_row``.
TIPS_BY_URGENCY = (
    f'(SELECT min({_BY_URGENCY}) FROM r_tip t WHERE t."case" = case_id AND t.voided IS NULL)'
)


@dataclass(frozen=True, slots=True)
class TipView:
    """One tip.

    Attributes:
        case_id: of the case that holds it.
        number: of the tip, ``TBK7Q-0003/2026``.
        unit: the commune (or province) that took it.
        stage: ``tip`` or ``tip_settled``.
    """

    case_id: str
    number: str
    unit: str
    stage: str
    record: RecordView


def waiting(context: Context, cursor: Any, limit: int) -> list[TodayItem]:
    """Open tips that nobody passed on, danger to life first, then the oldest."""
    cursor.execute(
        'SELECT t."case", c.file_no, t.urgency, t.channel, t.at, t.id, c.unit FROM r_tip t '
        "JOIN case_row c ON c.case_id = t.\"case\" WHERE t.outcome = 'open' "
        "AND coalesce(t.forwarded_at, t.forwarded_to) IS NULL AND t.voided IS NULL "
        f"AND c.stage = ? ORDER BY {_BY_URGENCY}, t.at, t.id LIMIT ?",
        (TIP, limit),
    )
    lines = []
    for case, number, urgency, channel, at, record, unit in cursor.fetchall():
        told = SMALL_LISTS["tip_channel"].label(channel or "")
        place = context.units.full_name(unit) if unit in context.units else unit
        province = context.info.profile == "province"
        lines.append(
            TodayItem(
                "tip_urgent" if urgency in URGENT else "tip",
                case,
                number,
                _("Pass the tip on: {urgency}").format(
                    urgency=SMALL_LISTS["tip_urgency"].label(urgency or "")
                ),
                at or "",
                f"{told} · {place}" if province else told,
                "forward",
                record,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class ListTips(Query[tuple[TipView, ...]]):
    """Tips, those in danger first, then the newest.

    Attributes:
        settled: those too that became a case, were joined to one or were closed.
        number: only the tip of this number.
    """

    permission: ClassVar[str] = CASE_READ

    settled: bool = False
    number: str = ""
    limit: int = 1_000

    def run(self, context: Context, cursor: Any) -> tuple[TipView, ...]:
        """See :class:`Query`."""
        parts, values = ["t.voided IS NULL"], []
        if not self.settled and not self.number:
            parts.append("t.outcome = 'open'")
        if self.number:
            parts.append("c.file_no = ?")
            values.append(self.number)
        where = f"{' AND '.join(parts)} ORDER BY {_BY_URGENCY}, t.at DESC, t.id DESC LIMIT ?"
        return _tips(context, cursor, where, (*values, self.limit))


@dataclass(frozen=True, slots=True)
class TipsOf(Query[tuple[TipView, ...]]):
    """The tips that a case came of or that were joined to it, the oldest first."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> tuple[TipView, ...]:
        """See :class:`Query`."""
        where = "t.joined = ? AND t.voided IS NULL ORDER BY t.at, t.id"
        return _tips(context, cursor, where, (self.case_id,))


@dataclass(frozen=True, slots=True)
class FileNumber(Query[str]):
    """The file number of a case, or "" when this desk does not have it."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> str:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute("SELECT file_no FROM case_row WHERE case_id = ?", (self.case_id,))
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def _tips(
    context: Context, cursor: Any, where: str, values: tuple[object, ...]
) -> tuple[TipView, ...]:
    record_type = context.store.registry["tip"]
    columns = ", ".join(f"t.{name}" for name in columns_sql(record_type).split(", "))
    cursor.execute(
        f"SELECT c.case_id, c.file_no, c.unit, c.stage, {columns} FROM r_tip t "
        f'JOIN case_row c ON c.case_id = t."case" WHERE {where}',
        values,
    )
    return tuple(
        TipView(case, number, unit, stage, reading.view(state_from_row(record_type, row)))
        for case, number, unit, stage, *row in cursor.fetchall()
    )
