"""*Today*: what must be done now, put together from deadlines, drafts, conflicts and answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import assess, demands, glass, news, roster, to_choose, unsent
from traffick_desk.services.backup_state import reminder
from traffick_desk.services.base import Context
from traffick_desk.services.directory import due as directory_due
from traffick_desk.services.due import is_due, section_of, words_of
from traffick_desk.services.prevention import due as prevention_due
from traffick_desk.services.roles import DIRECTORY_READ, OFFICERS, may
from traffick_desk.services.tips_read import waiting
from traffick_desk.services.views import TodayItem

LIMIT = 200
# Communes that are named one by one.
_NAMED = 5


def items(context: Context, cursor: Any, day: date, horizon: date) -> tuple[TodayItem, ...]:
    """All lines of *Today* as of *day*, deadlines up to *horizon*."""
    lines = waiting(context, cursor, LIMIT) + _deadlines(context, cursor, day, horizon)
    lines += demands.lines(context, cursor, day)
    lines += _glasses(context, cursor) + _officers(context, cursor)
    if context.info.profile == "province":
        lines += _requests(context, cursor)
    else:
        lines += _answers(context, cursor)
    if may(context.info.role, DIRECTORY_READ):
        lines += directory_due.items(context, cursor)
    lines += news.lines(context, cursor)
    lines += prevention_due.items(context, cursor, day, horizon, LIMIT)
    return tuple(
        lines
        + _drafts(cursor)
        + _conflicts(cursor)
        + to_choose.lines(context, cursor, LIMIT)
        + _unsent(context, cursor)
        + _backup(context, cursor)
    )


def _deadlines(context: Context, cursor: Any, day: date, horizon: date) -> list[TodayItem]:
    told_apart = demands.tasks(cursor)
    cursor.execute(
        "SELECT d.case_id, c.file_no, d.clock, d.due, c.unit FROM deadline d "
        "JOIN case_row c USING (case_id) WHERE d.due < ? AND c.stage <> 'closed' "
        "ORDER BY d.due, c.file_no LIMIT ?",
        (f"{horizon.isoformat()}~", LIMIT),
    )
    lines: list[TodayItem] = []
    waiting: list[tuple[int, str]] = []
    for case_id, file_no, clock, due, _unit in cursor.fetchall():
        if clock in told_apart:
            continue
        due_day = due[:10]
        group = "late" if due_day < day.isoformat() else "soon"
        if due_day == day.isoformat():
            # "At once" has no later: it is overdue the next day, due the same day.
            group = "today"
        if is_due(clock):
            waiting.append((len(lines), clock))
            name, action, step = "", "open", section_of(clock)
        else:
            name, action, step = assess.clock_task(context, clock)
        lines.append(TodayItem(group, case_id, file_no, name, due, clock, action, step))
    for place, clock in waiting:
        lines[place] = replace(lines[place], text=words_of(cursor, clock))
    return lines


def _requests(context: Context, cursor: Any) -> list[TodayItem]:
    cursor.execute(
        'SELECT e."case", c.file_no, e.regime, e.requested_on, e.id, c.unit FROM r_entitlement e '
        'JOIN case_row c ON c.case_id = e."case" '
        "WHERE e.voided IS NULL AND NOT EXISTS (SELECT 1 FROM r_entitlement_decision d "
        "WHERE d.entitlement = e.id AND d.voided IS NULL) ORDER BY e.requested_on, e.id LIMIT ?",
        (LIMIT,),
    )
    return [
        TodayItem(
            "request",
            case,
            file_no,
            _("Decide: {regime}").format(regime=assess.regime_label(context, regime)),
            requested_on,
            context.units.full_name(unit) if unit else "",
            "decide",
            record_id,
        )
        for case, file_no, regime, requested_on, record_id, unit in cursor.fetchall()
    ]


def _answers(context: Context, cursor: Any) -> list[TodayItem]:
    cursor.execute(
        'SELECT d."case", c.file_no, d.decision, d.decided_on, d.id, e.regime, d.reason '
        "FROM r_entitlement_decision d "
        'JOIN case_row c ON c.case_id = d."case" JOIN r_entitlement e ON e.id = d.entitlement '
        # The ids alone stand in two small indexes; nearly all answers were seen long ago.
        "WHERE d.voided IS NULL AND d.id IN "
        "(SELECT id FROM r_entitlement_decision EXCEPT SELECT record_id FROM seen) "
        "ORDER BY d.decided_on DESC, d.id LIMIT ?",
        (LIMIT,),
    )
    lines = []
    for case, file_no, decision, on, record_id, regime, reason in cursor.fetchall():
        text = (
            _("Approved by the province: {regime}")
            if decision == "approved"
            else _("Returned by the province: {regime}")
        )
        shown = text.format(regime=assess.regime_label(context, regime))
        lines.append(
            TodayItem("answer", case, file_no, shown, on, reason or "", "answer", record_id)
        )
    return lines


def _drafts(cursor: Any) -> list[TodayItem]:
    cursor.execute(
        "SELECT d.key, d.case_id, d.title, d.saved_at, coalesce(c.file_no, '') FROM draft d "
        "LEFT JOIN case_row c USING (case_id) ORDER BY d.saved_at DESC LIMIT ?",
        (LIMIT,),
    )
    return [
        TodayItem("draft", case, file_no, title, saved_at, "", "resume", key)
        for key, case, title, saved_at, file_no in cursor.fetchall()
    ]


def _conflicts(cursor: Any) -> list[TodayItem]:
    cursor.execute(
        "SELECT case_id, file_no, conflicts FROM case_row WHERE conflicts > 0 "
        "ORDER BY file_no LIMIT ?",
        (LIMIT,),
    )
    return [
        TodayItem(
            "conflict",
            case,
            file_no,
            ngettext("{n} value to choose", "{n} values to choose", number).format(n=number),
        )
        for case, file_no, number in cursor.fetchall()
    ]


def _glasses(context: Context, cursor: Any) -> list[TodayItem]:
    return [
        TodayItem(
            "glass",
            one.case_id,
            one.file_no,
            _("{name} opened this restricted case").format(name=one.name),
            one.at,
            one.reason,
            "glass",
            one.glass_id,
        )
        for one in glass.unseen(context, cursor)
    ]


def _officers(context: Context, cursor: Any) -> list[TodayItem]:
    """At the province: desks whose officers wait to be confirmed."""
    if context.info.profile != "province" or not may(context.info.role, OFFICERS):
        return []
    found: dict[str, list[roster.Member]] = {}
    for member in roster.members(cursor):
        if member.waits and member.device != context.info.device:
            found.setdefault(member.device, []).append(member)
    lines = []
    for waiting_here in found.values():
        number, held = len(waiting_here), sum(member.held for member in waiting_here)
        unit = context.units.full_name(waiting_here[0].unit)
        text = ngettext(
            "{n} officer of {unit} waits to be confirmed",
            "{n} officers of {unit} wait to be confirmed",
            number,
        ).format(n=number, unit=unit)
        detail = ngettext(
            "{n} of their entries waits too", "{n} of their entries wait too", held
        ).format(n=held)
        lines.append(TodayItem("officers", "", "", text, "", detail if held else "", "officers"))
    return lines


def _unsent(context: Context, cursor: Any) -> list[TodayItem]:
    lines = _unsent_entries(cursor)
    if context.info.profile == "province":
        return _unsent_down(context, cursor) + lines
    number = unsent.cases(cursor)
    if not number:
        return lines
    if tips := _unsent_tips(cursor):
        text = _("Not sent yet: cases {cases}, tips {tips}").format(cases=number - tips, tips=tips)
    else:
        text = ngettext(
            "{n} case has not been sent yet", "{n} cases have not been sent yet", number
        ).format(n=number)
    return [TodayItem("unsent", "", "", text, action="export"), *lines]


def _unsent_down(context: Context, cursor: Any) -> list[TodayItem]:
    """What a province still has to send, commune by commune."""
    owed = unsent.by_commune(cursor)
    lines = []
    for unit, number in owed[:_NAMED]:
        text = ngettext(
            "{n} case of {unit} has news that was not sent there yet",
            "{n} cases of {unit} have news that was not sent there yet",
            number,
        ).format(n=number, unit=context.units.full_name(unit))
        lines.append(TodayItem("unsent", "", "", text, action="export"))
    if more := owed[_NAMED:]:
        text = ngettext(
            "{n} more commune waits for news of cases ({cases})",
            "{n} more communes wait for news of cases ({cases})",
            len(more),
        ).format(n=len(more), cases=sum(number for _unit, number in more))
        lines.append(TodayItem("unsent", "", "", text, action="export"))
    return lines


def _unsent_entries(cursor: Any) -> list[TodayItem]:
    """Records that belong to a unit and are in no bundle yet.

    Ids of cases begin with 0 for the next thousands of years, units with their year: the index of
    the journal is read where it holds units alone.
    """
    cursor.execute("SELECT max(sent_pos) FROM link")
    sent = cursor.fetchone()[0]
    if sent is None:
        return []
    cursor.execute(
        "SELECT count(DISTINCT json_extract(CAST(body AS TEXT), '$.i')) FROM journal "
        "WHERE pos > ? AND via IS NULL "
        "AND case_id BETWEEN '1' AND '9~' AND instr(case_id, '/') > 0",
        (sent,),
    )
    number = int(cursor.fetchone()[0])
    if not number:
        return []
    text = ngettext(
        "{n} entry of prevention, plans or the directory has not been sent yet",
        "{n} entries of prevention, plans or the directory have not been sent yet",
        number,
    ).format(n=number)
    return [TodayItem("unsent", "", "", text, action="export")]


def _backup(context: Context, cursor: Any) -> list[TodayItem]:
    if context.info.practice:
        return []
    found = reminder(cursor, context.now())
    if found is None:
        return []
    text = ngettext(
        "{n} entry is in no backup yet", "{n} entries are in no backup yet", found.changes
    ).format(n=found.changes)
    if not found.place:
        detail = _("Please choose a second place for backups, such as a stick.")
    elif found.days:
        detail = ngettext(
            "The last backup is {n} day old.", "The last backup is {n} days old.", found.days
        ).format(n=found.days)
    else:
        detail = ""
    return [TodayItem("backup", "", "", text, detail=detail, action="backup")]


def _unsent_tips(cursor: Any) -> int:
    cursor.execute(
        "SELECT count(*) FROM case_row c WHERE c.stage IN (SELECT value FROM json_each(?)) "
        "AND EXISTS ("
        "SELECT 1 FROM journal j WHERE j.case_id = c.case_id AND j.via IS NULL "
        "AND j.pos > (SELECT coalesce(max(sent_pos), 0) FROM link))",
        (json.dumps(TIP_STAGES),),
    )
    return int(cursor.fetchone()[0])
