"""Cases: list, search, show, take in from a file, decisions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk


class NoSuchCase(LookupError):
    """No case has that file number."""

    def __str__(self) -> str:
        return _("No case has the file number {number}.").format(number=self.args[0])


def add(commands: Any) -> None:
    """Describe the commands."""
    from traffick_desk.cli.actions import groups

    parser = commands.add_parser("list", help=_("list the cases"))
    vault_options(parser)
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=list_cases)

    parser = commands.add_parser("search", help=_("find cases; accents are not needed"))
    vault_options(parser)
    parser.add_argument("text", nargs="+")
    parser.set_defaults(run=search)

    parser = commands.add_parser("today", help=_("what must be done now"))
    vault_options(parser)
    parser.set_defaults(run=today)

    parser = commands.add_parser("show", help=_("show one case and what the law gives"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=show)

    parser = commands.add_parser("add", help=_("take in people from a file"))
    vault_options(parser)
    parser.add_argument("file", type=Path, help=_("file of people, as resources/demo/people.yaml"))
    parser.add_argument("--group", action="append", help=_("only this group of the file"))
    groups.tie_options(parser)
    parser.set_defaults(run=add_people)

    parser = commands.add_parser("request", help=_("ask the province for a support regime"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("regime", help=_("law and letter, e.g. L53/k"))
    parser.set_defaults(run=request)

    parser = commands.add_parser("decide", help=_("approve or return a request (province)"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("regime", help=_("law and letter, e.g. L53/k"))
    parser.add_argument("decision", choices=("approved", "returned"))
    parser.add_argument("--reason", default="", help=_("needed to return a request"))
    parser.add_argument("--amount", type=int, help=_("approved amount in đồng"))
    parser.set_defaults(run=decide)


def case_id(desk: Desk, number: str) -> str:
    """The id of the case with a file number.

    Raises:
        NoSuchCase: there is none.
    """
    from traffick_desk.services.case_filter import CaseFilter
    from traffick_desk.services.queries import ListCases

    for row in desk.ask(ListCases(CaseFilter(text=number, tips=True), limit=1_000)):
        if row.file_no == number:
            return row.case_id
    raise NoSuchCase(number)


def list_cases(options: argparse.Namespace) -> int:
    """List all cases."""
    from dataclasses import asdict

    from traffick_desk.domain.lists import code_list
    from traffick_desk.services.queries import CountCases, ListCases

    with opened(options) as desk:
        rows = desk.ask(ListCases(limit=desk.ask(CountCases()) or 1))
    if options.json:
        out_json([asdict(r) for r in rows])
        return 0
    table(
        [
            (
                r.file_no,
                r.name,
                r.birth,
                code_list("victim_status").label(r.status) if r.status else "",
                code_list("stage").label(r.stage),
                r.due,
            )
            for r in rows
        ],
        (_("File number"), _("Full name"), _("Born"), _("Status"), _("Stage"), _("Due")),
    )
    return 0


def search(options: argparse.Namespace) -> int:
    """Find cases."""
    from traffick_desk.services.queries import SearchCases

    with opened(options) as desk:
        hits = desk.ask(SearchCases(" ".join(options.text)))
    for hit in hits:
        out(f"{hit.row.file_no}\t{hit.row.name}\t{hit.row.birth}")
    return 0 if hits else 1


def today(options: argparse.Namespace) -> int:
    """What must be done now."""
    from traffick_desk.services.queries import Today

    with opened(options) as desk:
        for item in desk.ask(Today()):
            out(f"{item.group}\t{item.due}\t{item.file_no}\t{item.text}\t{item.detail}".rstrip())
    return 0


def show(options: argparse.Namespace) -> int:
    """Show one case."""
    from dataclasses import asdict

    from traffick_desk import law
    from traffick_desk.cli.actions import same
    from traffick_desk.cli.actions.groups import tell
    from traffick_desk.cli.actions.rules import summary
    from traffick_desk.domain.spine import Kind
    from traffick_desk.services.groups_read import GroupOf
    from traffick_desk.services.printed import words
    from traffick_desk.services.queries import Clocks, Entitlements, OpenCase

    with opened(options) as desk:
        case = desk.ask(OpenCase(case_id(desk, options.number)))
        answers = []
        for person in case.persons:
            found = desk.ask(Entitlements(case.row.case_id, person.id))
            answer = law.to_json(found, desk.context.pack)
            running = [
                c for p, c in desk.ask(Clocks(case.row.case_id)) if p == person.id
            ]  # fmt: skip
            answer["clocks"] = law.clocks_json(running)
            answers.append((person, answer))
        group = desk.ask(GroupOf(case.row.case_id))
        registry = desk.context.store.registry
        if options.json:
            out_json(
                {
                    "records": {
                        name: [{"id": r.id, **r.values} for r in records]
                        for name, records in case.records.items()
                        if records
                    },
                    "entitlements": [answer for _person, answer in answers],
                    "together": None if group is None else asdict(group),
                    "same_person": same.told(desk, case.row.case_id),
                }
            )
            return 0
        for name, records in case.records.items():
            if name == "group_member":
                continue  # told below, with the others of the group
            for record in records:
                out(f"{registry[name].shown_label()}")
                for field in registry[name]:
                    if (name, field.name) == ("paper", "content"):
                        continue  # packed, for printing again
                    if field.kind is not Kind.REF and field.name in record.values:
                        text = words(field, record.values[field.name], desk.context.units)
                        out(f"    {field.shown_label()}: {text}")
        tell(group)
        for line in same.told(desk, case.row.case_id):
            out(line)
        for person, answer in answers:
            out()
            out(str(person.get("name", "")))
            summary(answer)
    return 0


def add_people(options: argparse.Namespace) -> int:
    """Take in people from a file; each case is one transaction."""
    from traffick_desk.cli.actions.groups import tie_of
    from traffick_desk.services import fixtures
    from traffick_desk.services.commands import NewCase
    from traffick_desk.services.groups import NewCaseWith
    from traffick_desk.services.queries import RefreshCase

    with opened(options) as desk:
        tie = tie_of(desk, options)
        groups = fixtures.read(options.file, desk.context.store.registry, desk.context.units)
        for name, arrivals in groups.items():
            if options.group and name not in options.group:
                continue
            for arrival in arrivals:
                edits = arrival.edits
                made = desk.do(NewCaseWith(edits, tie) if tie is not None else NewCase(edits))
                out(f"{desk.ask(RefreshCase(made)).row.file_no}\t{arrival.id}")
    return 0


def request(options: argparse.Namespace) -> int:
    """Ask for a regime for the main person."""
    from traffick_desk.services.commands import RequestEntitlement
    from traffick_desk.services.queries import OpenCase

    with opened(options) as desk:
        case = desk.ask(OpenCase(case_id(desk, options.number)))
        desk.do(RequestEntitlement(case.row.case_id, case.persons[0].id, options.regime))
        out(_("Requested. It goes to the province with the next bundle."))
    return 0


def decide(options: argparse.Namespace) -> int:
    """Approve or return a request."""
    from traffick_desk.services.commands import DecideEntitlement
    from traffick_desk.services.queries import OpenCase

    with opened(options) as desk:
        case = desk.ask(OpenCase(case_id(desk, options.number)))
        wanted = [e for e in case.of("entitlement") if e.get("regime") == options.regime]
        if not wanted:
            raise NoSuchCase(f"{options.number} {options.regime}")
        desk.do(DecideEntitlement(wanted[-1].id, options.decision, options.reason, options.amount))
        out(_("Decided. The commune sees it with the next bundle."))
    return 0
