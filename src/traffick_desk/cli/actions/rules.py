"""The law without a vault: entitlements from facts, administrative units."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions import province_rules
from traffick_desk.cli.actions.common import out, out_json
from traffick_desk.i18n import _


class NotJson(ValueError):
    """The file is no JSON."""

    def __str__(self) -> str:
        return _("{file} is not JSON: {problem}. Nothing was computed.").format(
            file=self.args[0], problem=self.args[1]
        )


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "entitlements",
        help=_("what the law gives a person, from a file of facts"),
        description=_(
            "Reads the facts about one person (JSON, described in docs/facts-json.md) and prints "
            "which law governs, each support regime with its outcome, amount, cap, citation and "
            "reason, and the legal clocks. Needs no vault."
        ),
    )
    parser.add_argument(
        "facts", metavar="FACTS.json", help=_("file of facts; - for standard input")
    )
    parser.add_argument("--text", action="store_true", help=_("a readable summary instead of JSON"))
    parser.add_argument(
        "--timeline", action="store_true", help=_("what was due when, instead of one day")
    )
    parser.set_defaults(run=entitlements)

    _add_rules(commands)

    parser = commands.add_parser("units", help=_("find an administrative unit by name"))
    parser.add_argument("name", nargs="+", help=_("name as typed, with or without accents"))
    parser.add_argument("--old", action="store_true", help=_("units before July 2025"))
    parser.set_defaults(run=units)


def _add_rules(commands: Any) -> None:
    parser = commands.add_parser("rules", help=_("check, compare and sign the rules"))
    actions = parser.add_subparsers(metavar=_("ACTION"), required=True)
    action = actions.add_parser(
        "check", help=_("read a folder of rules strictly and say everything that is wrong")
    )
    action.add_argument(
        "folder",
        metavar=_("FOLDER"),
        type=Path,
        nargs="?",
        help=_("folder of rules; without it those of the program"),
    )
    action.set_defaults(run=check)
    action = actions.add_parser(
        "diff", help=_("what is different between two folders of rules, and for whom")
    )
    action.add_argument("old", metavar=_("OLD"), type=Path, help=_("folder of rules"))
    action.add_argument("new", metavar=_("NEW"), type=Path, help=_("folder of rules"))
    action.set_defaults(run=diff)
    province_rules.add(actions)


def check(options: argparse.Namespace) -> int:
    """Say what is wrong with a folder of rules; 1 if anything is."""
    from traffick_desk import law, resources

    found = law.check_folder(options.folder or resources.path("rules"))
    for problem in found.problems:
        out(f"{problem.file}:{problem.line or 1}: {problem.problem}")
    pack = found.pack
    if pack is None:
        return 1
    out(f"{pack.title}: {pack.id} {pack.version}")
    out(f"SHA-256 {pack.sha256}")
    rows = sum(len(matrix.rows) for matrix in pack.matrices.values())
    for count, name in (
        (len(pack.instruments), _("instruments")),
        (len(pack.matrices), _("tables of persons")),
        (rows, _("rows of the tables of persons")),
        (len(pack.levels), _("levels")),
        (len(pack.parameters), _("reference amounts")),
        (len(pack.clocks), _("clocks")),
        (len(pack.targets), _("targets")),
        (len(pack.provinces), _("provinces with levels of their own")),
        (len(pack.questions), _("open questions")),
        (len(pack.examples), _("worked examples")),
    ):
        out(f"{count:5}  {name}")
    return 0


def diff(options: argparse.Namespace) -> int:
    """Say what is different between two folders of rules."""
    from traffick_desk import law

    found = law.compare(options.old, options.new)
    for change in found.changes:
        out(str(change))
    if not found.changes:
        out(_("The rules are the same."))
        return 0
    out()
    out(_("Worked examples whose result changes:"))
    for moved in found.results or (_("none"),):
        out(f"  {moved}")
    return 0


def entitlements(options: argparse.Namespace) -> int:
    """Print what the law gives."""
    from traffick_desk import law
    from traffick_desk.services.base import clock

    name = options.facts
    text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotJson(name, str(error)) from error
    today = clock().date()
    if options.timeline:
        rules = law.load_pack()
        found = law.timeline(law.Facts.from_json(facts, today), rules)
        answer = law.timeline_json(found, rules)
    else:
        answer = law.entitlements_json(facts, today=today)
    if options.text:
        (over_time if options.timeline else summary)(answer)
    else:
        out_json(answer)
    return 0


def summary(answer: dict[str, Any]) -> None:
    """Write the answer so that a person reads it."""
    from traffick_desk.law.words import money

    law = answer["law"]
    out(f"{law['name']}: {law['reason']}" if law["name"] else law["reason"])
    out(answer["category"]["label"])
    for outcome in answer["regimes"]:
        cited = "; ".join(str(c["text"]) for c in outcome["citations"])
        out(f"{outcome['regime']}  {outcome['label']}: {outcome['outcome_text']} ({cited})")
        out(f"     {outcome['reason']}")
        for line in outcome["lines"]:
            total = f" = {money(line['total'])}" if line["total"] is not None else ""
            out(f"     - {line['label']}: {line['text']}{total}")
    out(f"{_('Known total')}: {answer['known_total']['text']}")
    for item in answer["clocks"]:
        out(f"{item['id']} {item['label']}: {item['state_text']} {item['due_at'] or ''}".rstrip())


def over_time(answer: dict[str, Any]) -> None:
    """Write a time line so that a person reads it."""
    from datetime import date

    from traffick_desk.law.words import money, spell

    for period in answer["periods"]:
        first, last = (spell(date.fromisoformat(period[key])) for key in ("from", "to"))
        name = period["law"]["name"] or period["law"]["reason"]
        out(f"{first} – {last}  {period['category']['label']}. {name}")
        for text in period["changes"]:
            out(f"  * {text}")
        if not period["due"]:
            out(f"  {_('Nothing is due under this law.')}")
        for outcome in period["due"]:
            out(f"  {outcome['regime']}  {outcome['label']}: {outcome['outcome_text']}")
            for line in outcome["lines"]:
                total = f" = {money(line['total'])}" if line["total"] is not None else ""
                why = f" ({line['reason']})" if line["reason"] else ""
                out(f"     - {line['label']}: {line['text']}{total}{why}")
        out()
    for count in answer["caps"]:
        used = count["usage"]
        days = _("{days} days used").format(days=used["days_used"]) if used else ""
        out(f"{', '.join(count['labels'])}: {days or count['text']}")
        if count["needs_review"]:
            out(f"  {_('Needs review')}: {count['text']}")
    for item in answer["questions"]:
        out(f"{item['id']}: {item['text']}")


def units(options: argparse.Namespace) -> int:
    """Print the units that fit."""
    from traffick_desk.domain.units import Units

    known = Units.load()
    found = known.search(
        " ".join(options.name), dataset="2004" if options.old else "2025", limit=20
    )
    for match in found:
        out(f"{match.id}\t{match.label}")
    return 0 if found else 1
