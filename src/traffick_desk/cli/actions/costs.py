"""What support costs over a period: a table to read, or JSON."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _, ngettext

if TYPE_CHECKING:
    from traffick_desk.services.cost_sheet import Asked, Entry, Line, Sheet
    from traffick_desk.services.costs import CaseCosts, PeriodCosts


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "costs",
        help=_("what support costs over a period, known and not known"),
        description=_(
            "Adds up what the rules give over a period, beside what was requested and approved. "
            "Amounts that are not available make a total “at least”; they are listed with the "
            "instrument that sets them and never counted as 0."
        ),
    )
    vault_options(parser)
    for name, text in (("from", _("first day")), ("to", _("last day"))):
        parser.add_argument(
            f"--{name}", dest=f"{name}_day", type=date.fromisoformat, required=True,
            metavar="YYYY-MM-DD", help=text,
        )  # fmt: skip
    parser.add_argument(
        "--forecast", action="store_true", help=_("count beyond today, as if nothing changed")
    )
    parser.add_argument("--case", metavar=_("FILE_NO"), help=_("only this case, person by person"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=costs)


def costs(options: argparse.Namespace) -> int:
    """Print what support costs."""
    from traffick_desk.services.costs import CostsOfCase, CostsOfPeriod

    period = options.from_day, options.to_day
    with opened(options) as desk:
        if options.case:
            case = case_id(desk, options.case)
            found = desk.ask(CostsOfCase(case, *period, forecast=options.forecast))
            _show_case(found, as_json=options.json)
        else:
            whole = desk.ask(CostsOfPeriod(*period, forecast=options.forecast))
            province = desk.info.profile == "province"
            _show_period(whole, as_json=options.json, by_unit=province)
    return 0


def _show_case(found: CaseCosts, *, as_json: bool) -> None:
    from traffick_desk import law

    if as_json:
        out_json(
            {
                "file_no": found.file_no,
                "persons": [
                    {"id": p.person_id, "name": p.name, **law.costs_json(p.costs)}
                    for p in found.persons
                ],
                **_sheet_json(found.sheet),
                "unread": list(found.unread),
            }
        )
        return
    out(found.file_no)
    for person in found.persons:
        until = person.costs.until
        out()
        out(f"{person.name}: {person.costs.known.text} ({_until(until)})")
        for item in person.costs.items:
            total = law.money(item.total) if item.total is not None else item.kind.label
            days = law.spell(item.first)
            if item.last != item.first:
                days = f"{days} – {law.spell(item.last)}"
            parts = [item.regime.letter, str(item.name), days, _each(item), total]
            if item.part is not law.Part.DUE:
                parts.append(item.part.label)
            if item.kind is law.Kind.NOT_FOUND and item.set_by is not None:
                parts.append(str(item.set_by.name))
            if item.reason is not None:
                parts.append(str(item.reason))
            out("  " + " · ".join(part for part in parts if part))
    out()
    _show_sheet(found.sheet)
    _unread(found.unread)


def _each(item: Any) -> str:
    """What one costs and how many: ``60,000 ₫/person per day × 40``."""
    if item.amount is None:
        return ""
    text = str(item.line.amount_text)
    return text if item.quantity in (None, 1) else f"{text} × {item.quantity}"


def _until(day: date) -> str:
    from traffick_desk.law import spell

    return _("counted to {day}").format(day=spell(day))


def _show_period(found: PeriodCosts, *, as_json: bool, by_unit: bool) -> None:
    from traffick_desk.law import spell

    if as_json:
        out_json(
            {
                "from": found.first,
                "to": found.last,
                "as_of": found.as_of,
                "forecast": found.forecast,
                "cases": found.cases,
                **_sheet_json(found.sheet),
                "units": [
                    {"unit": u.unit, "name": u.name, "cases": u.cases, **_line_json(u.all)}
                    for u in found.units
                ],
                "unread": list(found.unread),
            }
        )
        return
    words = _("{first} – {last}, forecast as of {day}") if found.forecast else "{first} – {last}"
    days = {"first": found.first, "last": found.last, "day": found.as_of}
    out(words.format(**{name: spell(day) for name, day in days.items()}))
    if not found.forecast and found.as_of < found.last:
        out(_until(found.as_of))
    cases = ngettext("{n} case", "{n} cases", found.cases).format(n=found.cases)
    people = found.sheet.all.persons
    out(f"{cases}, " + ngettext("{n} person", "{n} persons", people).format(n=people))
    out()
    _show_sheet(found.sheet)
    if by_unit and found.units:
        out()
        table(
            [(u.name, str(u.cases), *_cells(u.all)) for u in found.units],
            (_("Commune"), _("Number of cases"), *_heads()),
        )
    _unread(found.unread)


def _unread(names: tuple[str, ...]) -> None:
    if names:
        text = _("Left out, because records contradict each other: {names}")
        out(text.format(names=", ".join(names)))


def _show_sheet(sheet: Sheet) -> None:
    rows = []
    for line in sheet.regimes:
        governing, _slash, letter = line.regime.partition("/")
        rows.append((governing, f"{letter}) {line.label}", *_cells(line)))
    rows.append(("", _("All"), *_cells(sheet.all)))
    table(rows, (_("Law"), _("Support regime"), *_heads()))
    if sheet.all.not_applied.amount or sheet.all.not_applied.at_least:
        text = _("Not applied for yet, on top of it: {amount}")
        out(text.format(amount=sheet.all.not_applied.text))
    _show_entries(_("Not known, on top of the totals:"), sheet, unknown=True)
    _show_entries(_("Without a sum:"), sheet, unknown=False)


def _show_entries(title: str, sheet: Sheet, *, unknown: bool) -> None:
    from traffick_desk.law import OPEN, Kind

    found = [
        (line, entry)
        for line in sheet.regimes
        for entry in line.entries
        if entry.item.kind is not Kind.COUNTED and (entry.item.kind in OPEN) is unknown
    ]
    if found:
        out()
        out(title)
    for line, entry in found:
        out(f"  {line.regime.partition('/')[2]}) {_entry_words(entry)}")


def _entry_words(entry: Entry) -> str:
    from traffick_desk.law import Kind, Part, number

    item = entry.item
    unit = item.line.unit if item.line else None
    # "one, once" for each person says nothing more.
    counted = unit is not None and entry.quantity not in (None, entry.persons)
    parts = [
        str(item.name),
        ngettext("{n} person", "{n} persons", entry.persons).format(n=number(entry.persons)),
        f"{number(entry.quantity or 0)} × {unit}" if counted else "",
        item.kind.label,
        item.part.label if item.part is not Part.DUE else "",
        str(item.set_by.name) if item.kind is Kind.NOT_FOUND and item.set_by else "",
    ]
    return " · ".join(part for part in parts if part)


def _heads() -> tuple[str, ...]:
    return (_("Number of persons"), _("Granted"), _("If approved"), _("Requested"), _("Approved"))


def _cells(line: Line) -> tuple[str, ...]:
    from traffick_desk.law import Part

    parts = {entry.item.part for entry in line.entries} if line.regime else set(Part)
    due = line.due.text if Part.DUE in parts else "–"
    if_approved = line.if_approved.text if Part.IF_APPROVED in parts else "–"
    return (str(line.persons), due, if_approved, _asked(line.requested), _asked(line.approved))


def _asked(asked: Asked) -> str:
    return f"{asked.number}: {asked.total.text}" if asked.number else "–"


def _sheet_json(sheet: Sheet) -> dict[str, Any]:
    return {
        **_line_json(sheet.all),
        "regimes": [
            {
                "regime": line.regime,
                "label": line.label,
                **_line_json(line),
                "items": [_entry_json(entry) for entry in line.entries],
            }
            for line in sheet.regimes
        ],
    }


def _line_json(line: Line) -> dict[str, Any]:
    from traffick_desk.law import total_json

    return {
        "people": line.persons,
        "known": total_json(line.known),
        "due": total_json(line.due),
        "if_approved": total_json(line.if_approved),
        "not_applied": total_json(line.not_applied),
        "requested": {"number": line.requested.number, **total_json(line.requested.total)},
        "approved": {"number": line.approved.number, **total_json(line.approved.total)},
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    from traffick_desk.law import item_json

    figures = {"people": entry.persons, "quantity": entry.quantity, "total": entry.total}
    return {**item_json(entry.item), "reason": None, **figures}
