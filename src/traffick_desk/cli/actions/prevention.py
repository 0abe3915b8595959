"""Prevention work: listed, taken in from a spreadsheet, added up; training, plans, money."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.counts import Count
from traffick_desk.i18n import _, ngettext


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "prevention",
        help=_("communication, training, volunteer teams, plans, money"),
        description=_("Work against trafficking that belongs to no case."),
    )
    inner = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    one = _command(inner, "list", list_all, _("list activities and materials"))
    one.add_argument("--year", type=int, default=0, help=_("only of this year"))
    one.add_argument("--kind", default="", help=_("only of this kind"))
    one.add_argument("--state", default="", help=_("planned, done or not_done"))
    one.add_argument("--search", default="", help=_("only those that this finds"))
    one = _command(inner, "add", add_sheet, _("take in activities from a spreadsheet"))
    one.add_argument("file", type=Path, help=_("workbook (.xlsx) or text with columns (.csv)"))
    one.add_argument("--sheet", default="", help=_("sheet of the workbook"))
    one.add_argument("--year", type=int, default=0, help=_("year where no column says when"))
    one.add_argument("--dry-run", action="store_true", help=_("only show what would be done"))
    one = _command(inner, "attendance", attendance, _("take in an attendance list"))
    one.add_argument("activity", help=_("id of the activity, as list --json shows it"))
    one.add_argument("file", type=Path, help=_("workbook (.xlsx) or text with columns (.csv)"))
    one = _command(inner, "totals", totals, _("add up what was done in a period"))
    one.add_argument("--from", dest="since", type=date.fromisoformat, required=True,
                     metavar="YYYY-MM-DD", help=_("first day"))  # fmt: skip
    one.add_argument("--to", dest="until", type=date.fromisoformat, required=True,
                     metavar="YYYY-MM-DD", help=_("last day"))  # fmt: skip
    one.add_argument("--by", default="", choices=("", "unit", "year", "line", "campaign", "fund"),
                     help=_("grouped by"))  # fmt: skip
    one.add_argument("--unit", default="", help=_("only of this commune or province"))
    one = _command(inner, "training", training, _("who was trained, who is due again"))
    one.add_argument("--due", action="store_true", help=_("only who is due"))
    _command(inner, "plans", plans, _("plans with their targets"))
    one = _command(inner, "money", money, _("planned, approved and paid in a year"))
    one.add_argument("year", type=int)


def _command(inner: Any, name: str, run: Any, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = inner.add_parser(name, help=words, description=words)
    vault_options(parser)
    parser.add_argument("--json", action="store_true", help=_("write JSON"))
    parser.set_defaults(run=run)
    return parser


def _kind(type_name: str, code: str) -> str:
    return SMALL_LISTS[f"{type_name}_kind"].label(code)


def list_all(options: argparse.Namespace) -> int:
    """Show the list."""
    from traffick_desk.services.prevention.lists import OutreachFilter, OutreachList

    wanted = OutreachFilter(options.search, options.year, options.kind, state=options.state)
    with opened(options) as desk:
        page = desk.ask(OutreachList(wanted, limit=1_000_000))
    if options.json:
        out_json([asdict(row) for row in page.rows])
        return 0
    rows: list[tuple[str, ...]] = []
    for row in page.rows:
        entry = row.entry
        names = ACTIVITY_COUNTS if entry.type == "activity" else MATERIAL_COUNTS
        counted = "; ".join(
            f"{SMALL_LISTS[f'{entry.type}_count'].label(n)}: {entry.counts[n].shown()}"
            for n in names
            if entry.counts[n].known
        )
        rows.append(
            (
                _days(entry.first, entry.last), _kind(entry.type, entry.kind),
                SMALL_LISTS["activity_state"].label(entry.state), entry.title, counted,
            )
        )  # fmt: skip
    table(rows, (_("When"), _("Kind"), _("State"), _("What"), _("Numbers")))
    return 0


def _days(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d/%m/%Y}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"


def add_sheet(options: argparse.Namespace) -> int:
    """Take activities and materials in from a file."""
    from traffick_desk.services.prevention import sheet
    from traffick_desk.services.register import read

    with opened(options) as desk:
        found = read(options.file, options.sheet)
        looked = desk.ask(sheet.LookAtSheet(found, options.year))
        names = desk.context.store.registry
        for heading, target in zip(looked.headings, looked.targets, strict=True):
            out(f"{heading or '–'}\t{_target_label(names, target)}")
        for row in looked.rows:
            for problem in row.problems:
                head = looked.headings[problem.column] if problem.column >= 0 else ""
                out(f"{row.number}\t{head}: {problem.text}")
        for state, words in sheet.STATES.items():
            if looked.count(state):
                out(f"{looked.count(state):>7}  {_(words)}")
        if options.dry_run:
            out(_("Nothing was written."))
            return 0
        taken = desk.do(sheet.TakeInSheet(looked))
    count = len(taken.records)
    out(ngettext("{n} entry was written.", "{n} entries were written.", count).format(n=count))
    return 0


def _target_label(registry: Any, target: str) -> str:
    if not target:
        return _("Not taken in")
    for name in ("activity", "material"):
        if target in registry[name].by_name:
            return str(registry[name][target].shown_label())
    return _("Quantity")


def attendance(options: argparse.Namespace) -> int:
    """Take an attendance list in from a file."""
    from traffick_desk.services.prevention.commands import AddAttendance
    from traffick_desk.services.prevention.people import people
    from traffick_desk.services.register import read

    with opened(options) as desk:
        done = desk.do(AddAttendance(options.activity, people(read(options.file))))
    if options.json:
        out_json({"added": done.added, "already": done.already, "new_staff": done.new_staff})
        return 0
    words = _("Added: {added}. On the list before: {already}. New people: {new}.")
    out(words.format(added=done.added, already=done.already, new=done.new_staff))
    return 0


def totals(options: argparse.Namespace) -> int:
    """Add up a period."""
    from traffick_desk.services.prevention.totals import PreventionTotals

    with opened(options) as desk:
        found = desk.ask(PreventionTotals(options.since, options.until, options.unit, options.by))
    if options.json:
        out_json(asdict(found))
        return 0
    rows: list[tuple[str, ...]] = []
    for line in found.lines:
        cost = line.cost.shown() if line.cost.known else ""
        for name, count in line.counts.items():
            if count.known:
                label = SMALL_LISTS[f"{line.type}_count"].label(name)
                rows.append((line.group, _kind(line.type, line.kind), label, count.shown(), cost))
                cost = ""
    table(rows, (_("Group"), _("Kind"), _("Number"), _("Total"), _("Cost")))
    for count_of, words in (
        (len(found.beyond), _("Only partly in this period, not counted: {n}")),
        (len(found.within), _("Counted in another entry already: {n}")),
        (len(found.twice), _("Perhaps counted twice: {n}")),
        (len(found.planned), _("Planned, not carried out yet: {n}")),
    ):
        if count_of:
            out(words.format(n=count_of))
    return 0


def training(options: argparse.Namespace) -> int:
    """Show who was trained and who is due."""
    from traffick_desk.services.prevention.training import Training

    with opened(options) as desk:
        people = desk.ask(Training(due_only=options.due))
    if options.json:
        out_json([asdict(person) for person in people])
        return 0
    rows: list[tuple[str, ...]] = []
    for person in people:
        last = f"{person.trained[0].day:%d/%m/%Y}" if person.trained else ""
        due = "; ".join(due_words(one) for one in person.due)
        rows.append((person.name, person.body, person.post, last, due))
    table(rows, (_("Name"), _("Office"), _("Post"), _("Last training"), _("Due")))
    return 0


def due_words(due: Any) -> str:
    """Why a training is due."""
    match due.why:
        case "new_post":
            return _("in a new post")
        case "period":
            return SMALL_LISTS["activity_topic"].label(due.topic)
        case _ if due.topic:
            return _("{topic}: never").format(topic=SMALL_LISTS["activity_topic"].label(due.topic))
        case _:
            return _("never trained")


def plans(options: argparse.Namespace) -> int:
    """Show plans and how far their tasks are."""
    from traffick_desk.services.prevention.plans import Plans

    with opened(options) as desk:
        found = desk.ask(Plans())
    if options.json:
        out_json([asdict(plan) for plan in found])
        return 0
    states = {
        "done": _("reached"), "late": _("late"), "open": _("open"), "unknown": _("not told"),
    }  # fmt: skip
    for plan in found:
        out(f"{plan.record.get('number') or '–'}  {plan.record.get('title')}")
        rows: list[tuple[str, ...]] = []
        for task in plan.tasks:
            target, value = task.record.get("target"), task.measured.value
            sign = "%" if task.record.get("target_unit") == "percent" else ""
            reached = "–" if value is None else Count(value, task.measured.at_least).shown() + sign
            rows.append(
                (
                    str(task.record.get("number") or ""), str(task.record.get("what")),
                    "" if target is None else f"{target}{sign}", reached, states[task.state],
                )
            )  # fmt: skip
        table(rows, (_("No."), _("Task"), _("Target"), _("Reached"), _("State")))
        out()
    return 0


def money(options: argparse.Namespace) -> int:
    """Show planned, approved and paid money of a year."""
    from traffick_desk.services.prevention.budget import Money

    with opened(options) as desk:
        found = desk.ask(Money(options.year))
    if options.json:
        out_json(asdict(found))
        return 0
    rows: list[tuple[str, ...]] = []
    for line in (*found.lines, found.total):
        purpose = SMALL_LISTS["budget_purpose"].label(line.purpose) if line.purpose else _("Total")
        fund = SMALL_LISTS["fund"].label(line.fund) if line.fund else ""
        amounts = (line.planned, line.approved, line.paid, line.forecast, line.left)
        rows.append((purpose, fund, *("–" if a is None else _money(a) for a in amounts)))
    head = (_("Purpose"), _("Source"), _("Planned"), _("Approved"), _("Paid"), _("Forecast"),
            _("Left"))  # fmt: skip
    table(rows, head)
    return 0


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
