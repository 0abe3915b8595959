"""What prevention work puts on *Today*: follow-up of inspections, tasks of plans, activities."""

from __future__ import annotations

from datetime import date
from typing import Any

from traffick_desk.i18n import _
from traffick_desk.services.base import Context
from traffick_desk.services.prevention.lists import unit_name
from traffick_desk.services.prevention.plans import Plans
from traffick_desk.services.prevention.totals import entries
from traffick_desk.services.roles import PREVENTION_READ, may
from traffick_desk.services.views import TodayItem

ACTION = "prevention"


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
    for entry in entries(cursor):
        if entry.state == "planned" and entry.last <= horizon:
            words = _("Planned activity: {what}").format(what=entry.title)
            due = entry.last.isoformat()
            found.append((due, words, f"{entry.type}:{entry.id}", entry.unit))
    found.sort()
    return [
        TodayItem(_group(due, day), "", "", words, due, _whose(context, unit), ACTION, where)
        for due, words, where, unit in found[:limit]
    ]


def _group(due: str, day: date) -> str:
    today = day.isoformat()
    return "late" if due < today else "today" if due == today else "soon"


def _whose(context: Context, unit: str) -> str:
    return "" if unit == context.info.unit else unit_name(context, unit)
