"""Demands about personal data that wait: lines of *Today* with the day the law gives for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Context, Query
from traffick_desk.services.erasure import ErasureRequests
from traffick_desk.services.lawful_days import BY_RIGHT, DELETION, WITHDRAWAL, last_day
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, ERASE, may
from traffick_desk.services.views import TodayItem
from traffick_desk.services.withdrawal import untold

GROUP = "data"
BY_PAPER = N_(
    "This desk is not linked to the province. The province decides about erasing: print the "
    "demand and hand it over on paper; link the desk, so that its order reaches the case here."
)


def linked(cursor: Any, context: Context) -> bool:
    """Whether a demand written here reaches the province with the next bundle."""
    if context.info.profile == "province":
        return True
    cursor.execute(
        "SELECT 1 FROM link l JOIN device d ON d.device = l.device WHERE d.revoked_on IS NULL"
    )
    return cursor.fetchone() is not None


@dataclass(frozen=True, slots=True)
class GoesOn(Query[str]):
    """How a demand written here reaches who decides, in words; "" where that is this desk."""

    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> str:
        """See :class:`Query`."""
        if context.info.profile == "province":
            return ""
        if not linked(cursor, context):
            return _(BY_PAPER)
        return _(
            "The province's lead orders it. The demand goes there with the next bundle, and what "
            "is decided comes back the same way."
        )


def lines(context: Context, cursor: Any, day: date) -> list[TodayItem]:
    """What waits: demands to erase, and bodies to be told that consent was withdrawn."""
    found = []
    orders = may(context.info.role, ERASE) and context.info.profile == "province"
    by_paper = not linked(cursor, context)
    for one in ErasureRequests().run(context, cursor):
        due = last_day(context, DELETION, one.asked_on) if one.ground in BY_RIGHT else None
        ground = SMALL_LISTS["erasure_ground"].label(one.ground)
        text = _("Demand to erase the data: {ground}").format(ground=ground)
        if not orders and not by_paper:
            text = _("{what}. The province decides").format(what=text)
        action = "demand" if by_paper else "erasure"
        about = (one.case_id, one.file_no, text)
        found.append(_line(about, (due, DELETION), day, (action, one.id)))
    if may(context.info.role, CASE_WRITE):
        for told in untold(cursor):
            due = last_day(context, WITHDRAWAL, told.withdrawn_on)
            text = _("Consent withdrawn: tell {body}").format(body=told.body)
            about = (told.case_id, told.file_no, text)
            found.append(_line(about, (due, WITHDRAWAL), day, ("tell", told.referral_id)))
    return found


def tasks(cursor: Any) -> frozenset[str]:
    """Clocks of the tasks that stand in :func:`lines` already."""
    return frozenset(f"task:{one.task_id}" for one in untold(cursor))


def _line(
    about: tuple[str, str, str],
    until: tuple[date | None, str],
    day: date,
    does: tuple[str, str],
) -> TodayItem:
    due, clock = until
    if due is None:
        return TodayItem(GROUP, *about, "", "", *does)
    group = "late" if due < day else "today" if due == day else GROUP
    return TodayItem(group, *about, due.isoformat(), clock, *does)
