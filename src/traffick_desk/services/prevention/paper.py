"""Papers of prevention: a sheet to sign, the report of an activity, the plan of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS
from traffick_desk.domain.counts import Count
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.validation import as_partial
from traffick_desk.i18n import speaking
from traffick_desk.services import paper_facts, unit_records
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.errors import NotHere
from traffick_desk.services.papers import Issued
from traffick_desk.services.prevention.lists import AttendanceOf, unit_name
from traffick_desk.services.prevention.totals import Entry, entries
from traffick_desk.services.printed import Facts
from traffick_desk.services.roles import PREVENTION_READ
from traffick_desk.services.views import RecordView
from traffick_desk.store.store import Work

SHEET = "noi-bo/danh-sach-du"
REPORT = "noi-bo/bao-cao-hoat-dong"
YEAR_PLAN = "D30/ke-hoach-phong-ngua"
OF_ACTIVITY = (SHEET, REPORT)


@dataclass(frozen=True, slots=True)
class PreviewOutreachPaper(Query[Issued]):
    """A draft, made in memory.

    Attributes:
        form: one of this module.
        activity: its id; "" for a blank sheet.
        year: of the plan.
    """

    permission: ClassVar[str] = PREVENTION_READ

    form: str
    activity: str = ""
    year: int = 0

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        return _render(context, cursor, self, draft=True)


@dataclass(frozen=True, slots=True)
class IssueOutreachPaper(Command[Issued]):
    """The paper to be printed or saved; that it was made stands in the log."""

    permission: ClassVar[str] = PREVENTION_READ
    action: ClassVar[str] = "paper.prevention"

    form: str
    activity: str = ""
    year: int = 0

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        return _render(context, work.cursor, self, draft=False)

    def target(self, result: Issued) -> str:  # noqa: ARG002 - it is of an activity or a year
        """See :class:`Command`."""
        return self.activity or str(self.year)


def _render(
    context: Context,
    cursor: Any,
    wanted: PreviewOutreachPaper | IssueOutreachPaper,
    *,
    draft: bool,
) -> Issued:
    if wanted.form in OF_ACTIVITY and not wanted.activity:
        facts = paper_facts.office_facts(context, cursor)
        return Issued(papers.render(wanted.form, facts, blank=True), "", ())
    with speaking("vi"):
        if wanted.form == YEAR_PLAN:
            facts = year_facts(context, cursor, wanted.year)
        elif wanted.form in OF_ACTIVITY:
            facts = activity_facts(context, cursor, wanted.activity)
        else:
            raise NotHere
    missing = papers.missing_facts(wanted.form, facts)
    return Issued(papers.render(wanted.form, facts, draft=draft), "", missing)


def activity_facts(context: Context, cursor: Any, activity: str) -> Facts:
    """What the sheet and the report print of an activity, in Vietnamese."""
    record = unit_records.record(context, cursor, "activity", activity)
    facts = paper_facts.office_facts(context, cursor)
    facts["activity"] = {
        "kind": SMALL_LISTS["activity_kind"].label(str(record.get("kind"))),
        "title": record.get("title"),
        "when": _when(record.get("since"), record.get("until")),
        "place": _place(context, record),
        "organiser": record.get("organiser"),
        "partners": record.get("partners"),
        "topics": _codes("activity_topic", record.get("topics")),
        "audience": "; ".join(
            text
            for text in (
                _codes("risk_group", record.get("risk_groups")),
                _codes("audience_level", record.get("levels")),
                _codes("audience_age", record.get("ages")),
            )
            if text
        ),
        "languages": _codes("language", record.get("languages")),
        "money": _money(record.get("cost"), record.get("fund")),
        "result": record.get("result"),
    }
    least = record.get("at_least") or ()
    labels = SMALL_LISTS["activity_count"]
    facts["numbers"] = [
        {"label": labels.label(n), "value": Count(int(v), n in least).shown()}
        for n in ACTIVITY_COUNTS
        if (v := record.get(n)) is not None
    ]
    names = AttendanceOf(activity).run(context, cursor)
    if names:
        facts["names"] = [
            {"name": one.name, "post": one.post or None, "body": one.body or None} for one in names
        ]
    return facts


def year_facts(context: Context, cursor: Any, year: int) -> Facts:
    """What the plan of *year* prints of what this unit planned, done by now or not."""
    facts = paper_facts.office_facts(context, cursor)
    mine = [
        e
        for e in entries(cursor, context.info.unit)
        if e.first.year == year and e.last.year == year and _was_planned(e)
    ]
    rows = {
        e.id: row
        for e in mine
        if (row := _row(context, e, unit_records.record(context, cursor, e.type, e.id)))
    }
    cost = sum(e.planned_cost.number for e in mine)
    unpriced = sum(e.planned_cost.unknown for e in mine)
    facts["plan"] = {
        "year": year,
        "based_on": _based_on(context, cursor, year),
        "total": len(mine),
        "cost": _dong(cost) if any(e.planned_cost.known for e in mine) else None,
        "unpriced": str(unpriced) if unpriced else None,
    }
    facts["work"] = [rows[e.id] for e in mine if e.campaign != "july"]
    facts["campaign"] = [rows[e.id] for e in mine if e.campaign == "july"]
    return facts


def _was_planned(entry: Entry) -> bool:
    """Whether an entry belongs into the plan: planned, or of a campaign and done since."""
    return entry.state == "planned" or bool(entry.campaign) or bool(entry.planned_cost.known)


def _row(context: Context, entry: Entry, record: RecordView) -> Mapping[str, Any]:
    kind = SMALL_LISTS[f"{entry.type}_kind"].label(entry.kind)
    planned = record.get("planned_persons" if entry.type == "activity" else "planned_number")
    many = ""
    if planned is not None:
        number = Count(int(planned)).shown()
        many = f"{number} người" if entry.type == "activity" else number
    times = record.get("times")
    if times and int(times) > 1:
        many = f"{times} cuộc" + (f", {many}" if many else "")
    return {
        "what": f"{kind}: {entry.title}",
        "when": _when(record.get("since"), record.get("until")),
        "where": _place(context, record) if entry.type == "activity" else None,
        "many": many or None,
        "money": _money(record.get("planned_cost"), record.get("fund")),
    }


def _based_on(context: Context, cursor: Any, year: int) -> str | None:
    """The plan of several years that holds this one, by its number and issuer."""
    found = unit_records.records(
        context,
        cursor,
        "plan",
        'voided IS NULL AND substr(since, 1, 4) <= ? AND substr("until", 1, 4) >= ?',
        str(year),
        str(year),
    )
    for plan in found:
        if plan.get("number"):
            issued = plan.get("issued_on")
            day = date.fromisoformat(str(issued)) if issued else None
            on = f" ngày {day.day:02d}/{day.month:02d}/{day.year}" if day else ""
            of = f" của {plan.get('issuer')}" if plan.get("issuer") else ""
            return f"Kế hoạch số {plan.get('number')}{on}{of}"
    return None


def _place(context: Context, record: RecordView) -> str | None:
    unit = record.get("place_unit")
    parts = [record.get("place"), unit_name(context, str(unit)) if unit else None]
    return ", ".join(str(p) for p in parts if p) or None


def _when(since: Any, until: Any) -> str | None:
    first, last = as_partial(since), as_partial(until)
    if first is None:
        return None
    return f"{first.shown()} – {last.shown()}" if last is not None else first.shown()


def _codes(name: str, codes: Any) -> str | None:
    listed = code_list(name)
    return ", ".join(listed.label(code) for code in codes) if codes else None


def _money(amount: Any, fund: Any) -> str | None:
    if amount is None:
        return None
    source = f" ({SMALL_LISTS['fund'].label(str(fund))})" if fund else ""
    return f"{_dong(int(amount))}{source}"


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")
