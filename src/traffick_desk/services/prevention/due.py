"""What prevention work puts on *Today*: follow-up of inspections, tasks of plans, activities.

Who does this work and sees no case (a clerk) has a *Today* of her own: :class:`WorkToday`, which
also names materials that run out and teams without training.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from traffick_desk.domain.counts import NONE, Count
from traffick_desk.domain.text import fold
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import to_choose
from traffick_desk.services.base import Context, Query
from traffick_desk.services.directory import due as directory_due
from traffick_desk.services.prevention.drafts import OutreachDrafts
from traffick_desk.services.prevention.lists import unit_name
from traffick_desk.services.prevention.plans import Plans
from traffick_desk.services.prevention.totals import MATERIAL, entries, stock
from traffick_desk.services.prevention.training import Teams
from traffick_desk.services.roles import DIRECTORY_READ, PREVENTION_READ, may
from traffick_desk.services.views import TodayItem

ACTION = "prevention"
LIMIT = 200
_AHEAD = 7
_STOCK_DAYS = 730


def items(context: Context, cursor: Any, day: date, horizon: date, limit: int) -> list[TodayItem]:
    """Lines up to *horizon*, the earliest first; none for who may not read prevention."""
    if not may(context.info.role, PREVENTION_READ):
        return []
    found: list[tuple[str, str, str, str]] = []
    cursor.execute(
        "SELECT f.id, f.what, f.due, f.unit FROM r_finding f JOIN r_inspection i "
        "ON i.id = f.inspection WHERE f.voided IS NULL AND i.voided IS NULL "
        "AND f.done_on IS NULL AND f.due < ? ORDER BY f.due LIMIT ?",
        (f"{horizon.isoformat()}~", limit),
    )
    for record, what, due, unit in cursor.fetchall():
        words = _("Follow-up of an inspection: {what}").format(what=what)
        found.append((due, words, f"finding:{record}", unit))
    for plan in Plans().run(context, cursor):
        for task in plan.tasks:
            due = str(task.record.get("due") or "")
            if due and due <= horizon.isoformat() and task.state in {"late", "open", "unknown"}:
                words = _("Task of a plan: {what}").format(what=task.record.get("what"))
                where = f"plan_task:{task.record.id}"
                found.append((due, words, where, str(task.record.get("unit"))))
    for entry in entries(cursor, "", "state = 'planned'"):
        if entry.last <= horizon:
            words = _("Planned activity: {what}").format(what=entry.title)
            due = entry.last.isoformat()
            found.append((due, words, f"{entry.type}:{entry.id}", entry.unit))
    found.sort()
    return [
        TodayItem(_group(due, day), "", "", words, due, _whose(context, unit), ACTION, where)
        for due, words, where, unit in found[:limit]
    ]


@dataclass(frozen=True, slots=True)
class WorkToday(Query[tuple[TodayItem, ...]]):
    """What must be done now by who sees no case."""

    permission: ClassVar[str] = PREVENTION_READ

    def run(self, context: Context, cursor: Any) -> tuple[TodayItem, ...]:
        """See :class:`Query`."""
        day = date.fromisoformat(context.today)
        found = items(context, cursor, day, day + timedelta(days=_AHEAD), LIMIT)
        found += low_stock(context, cursor, day) + _untrained(context, cursor)
        found += to_choose.lines(context, cursor, LIMIT)
        if may(context.info.role, DIRECTORY_READ):
            found += directory_due.items(context, cursor)
        for draft in OutreachDrafts().run(context, cursor):
            found.append(
                TodayItem("draft", "", "", draft.title, draft.saved_at, "", "resume", draft.key)
            )
        return tuple(found)


def low_stock(context: Context, cursor: Any, day: date) -> list[TodayItem]:
    """Materials of this unit of which a tenth or less is left; those of two years.

    A stock that is not known, or only *at most*, is not said to be low unless it is none at all.
    """
    sums: dict[tuple[str, str], list[Count]] = {}
    first: dict[tuple[str, str], str] = {}
    for entry in entries(cursor, context.info.unit, "state = 'done'"):
        if entry.type != MATERIAL or (day - entry.last).days > _STOCK_DAYS:
            continue
        key = (entry.kind, fold(entry.title))
        had = sums.setdefault(key, [NONE, NONE, NONE])
        names = ("made", "received", "handed_out")
        sums[key] = [a + entry.counts.get(n, NONE) for a, n in zip(had, names, strict=True)]
        first[key] = f"{entry.title}\n{entry.id}"
    found = []
    for key, (made, received, handed_out) in sorted(sums.items()):
        left, at_most = stock(made, received, handed_out)
        came = made + received
        if not left.known or not came.number or left.number * 10 > came.number:
            continue
        if at_most and left.number:
            continue
        title, _line, record = first[key].partition("\n")
        words = _("Runs out: {what}, {n} left of {all}").format(
            what=title, n=left.number, all=came.number
        )
        found.append(TodayItem("stock", "", "", words, action=ACTION, key=f"material:{record}"))
    return found


def _untrained(context: Context, cursor: Any) -> list[TodayItem]:
    """Teams of this unit of which nobody was trained, or in which somebody is due."""
    found = []
    for team in Teams().run(context, cursor):
        if team.unit != context.info.unit or team.ended:
            continue
        if not team.members:
            words = _("Team without members: {team}").format(team=team.name)
        elif team.due:
            words = ngettext(
                "{team}: {n} member to be trained", "{team}: {n} members to be trained", team.due
            ).format(team=team.name, n=team.due)
        else:
            continue
        found.append(TodayItem("training", "", "", words, action="teams", key=team.id))
    return found


def _group(due: str, day: date) -> str:
    today = day.isoformat()
    return "late" if due < today else "today" if due == today else "soon"


def _whose(context: Context, unit: str) -> str:
    return "" if unit == context.info.unit else unit_name(context, unit)
