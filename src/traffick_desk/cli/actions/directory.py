"""The directory of services: list, nearest, import, export, check; papers of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.directory.find import Found, ServiceFilter
    from traffick_desk.services.directory.prepared import Prepared


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "directory", help=_("directory of services: list, nearest, import, export, check")
    )
    actions = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    one = _parser(actions, "list", _("services that fit, the nearest first"), list_services)
    _filters(one)
    one.add_argument("--closed", action="store_true", help=_("closed ones too"))
    one.add_argument("--due", action="store_true", help=_("only what is to be checked"))

    one = _parser(actions, "near", _("services nearest to a place, or for a case"), near)
    one.add_argument(
        "place", help=_("file number of a case, commune, or coordinates: 23.2787, 105.3627")
    )
    _filters(one)

    one = _parser(actions, "show", _("everything known of a service"), show)
    one.add_argument("id", help=_("number of the entry"))
    one.add_argument("--json", action="store_true", help=_("as JSON"))

    one = _parser(actions, "import", _("take in .xlsx, .csv or HSDS .json"), take_in)
    one.add_argument("file", type=Path, help=_("file"))
    one.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))

    one = _parser(actions, "export", _("write .xlsx, .csv or HSDS .json"), export)
    one.add_argument("file", type=Path, help=_("file"))
    one.add_argument("--public", action="store_true", help=_("only what may hang on the wall"))

    one = _parser(actions, "check", _("write down that an entry was checked"), check)
    one.add_argument("id", help=_("number of the entry"))
    one.add_argument("finding", choices=_codes("service_finding"))
    one.add_argument("words", nargs="?", default="", help=_("what is wrong"))

    one = _parser(actions, "months", _("province: after how many months to check again"), months)
    one.add_argument("months", type=int, help=_("months"))

    one = _parser(actions, "paper", _("card of a service, or the list for the wall"), paper)
    one.add_argument("id", nargs="?", default="", help=_("number of the entry"))
    one.add_argument("--output", type=Path, required=True, help=_("PDF file"))


def _parser(actions: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words)
    vault_options(parser)
    parser.set_defaults(run=run)
    return parser


def _codes(name: str) -> tuple[str, ...]:
    from traffick_desk.domain.codes import SMALL_LISTS

    return SMALL_LISTS[name].codes()


def _filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--text", default="", help=_("words to search for"))
    parser.add_argument(
        "--kind", action="append", default=[], choices=_codes("directory_service"),
        help=_("what it helps with; can be given several times"),
    )  # fmt: skip
    parser.add_argument("--sex", default="", choices=("female", "male"), help=_("for whom"))
    parser.add_argument("--age", type=int, help=_("for this age"))
    parser.add_argument("--with-child", action="store_true", help=_("takes a parent with a child"))
    parser.add_argument("--limit", type=int, default=100, help=_("at most so many"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))


def _filter(options: argparse.Namespace) -> ServiceFilter:
    from traffick_desk.services.directory.find import ServiceFilter

    return ServiceFilter(
        options.text,
        tuple(options.kind),
        options.sex,
        options.age,
        options.with_child,
        getattr(options, "closed", False),
        getattr(options, "due", False),
    )


def _write(found: Found, *, as_json: bool) -> None:
    from traffick_desk.domain.geo import shown_km
    from traffick_desk.services.directory import values

    if as_json:
        out_json(
            [
                {
                    "id": r.id, "name": r.name, "organization": r.organization,
                    "kinds": list(r.kinds), "phone": r.phone, "address": r.address,
                    "km": None if r.km is None else round(r.km, 3), "exact": r.exact,
                    "status": r.status, "checked_on": r.checked_on, "due": r.due,
                }
                for r in found.rows
            ]
        )  # fmt: skip
        return
    rows: list[tuple[str, ...]] = [
        (
            r.id,
            ("" if r.exact or r.km is None else "~ ") + ("" if r.km is None else shown_km(r.km)),
            r.name if len(r.name) <= 50 else f"{r.name[:49]}…",
            r.phone,
            values.kinds(r.kinds),
            r.checked_on,
        )
        for r in found.rows
    ]
    table(
        rows,
        (_("Number"), _("Distance"), _("Service"), _("Telephone"), _("Helps with"), _("Checked")),
    )


def list_services(options: argparse.Namespace) -> int:
    """List services."""
    from traffick_desk.services.directory.find import ListServices

    with opened(options) as desk:
        found = desk.ask(ListServices(_filter(options), limit=options.limit))
    _write(found, as_json=options.json)
    return 0


class NoSuchPlace(LookupError):
    """Neither a case, nor a unit, nor coordinates."""

    def __str__(self) -> str:
        return _(
            "“{place}” is no file number, no commune or province, and no coordinates in or near "
            "Viet Nam. Nothing was changed."
        ).format(place=self.args[0])


def near(options: argparse.Namespace) -> int:
    """List the nearest services."""
    from traffick_desk.domain import geo
    from traffick_desk.services.directory.find import ListServices, NearestForCase

    place = str(options.place)
    with opened(options) as desk:
        units = desk.context.units
        where = place if place in units or geo.read(place) else ""
        if not where and "/" not in place:
            matches = units.search(place, dataset="2025", limit=1)
            where = matches[0].id if matches else ""
        if where:
            found = desk.ask(ListServices(_filter(options), where, options.limit))
        elif "/" in place:
            case = case_id(desk, place)
            query = NearestForCase(case, kinds=tuple(options.kind), limit=options.limit)
            found = desk.ask(query).found
        else:
            raise NoSuchPlace(place)
    if not options.json:
        out(_("As the crow flies from {place}").format(place=found.origin_words))
    _write(found, as_json=options.json)
    return 0


def show(options: argparse.Namespace) -> int:
    """Show a service."""
    from traffick_desk.services.directory.entries import OpenService
    from traffick_desk.services.printed import words

    with opened(options) as desk:
        entry = desk.ask(OpenService(options.id))
        registry, units = desk.context.store.registry, desk.context.units
    if options.json:
        out_json({"id": entry.id, **entry.record.values})
        return 0
    for field in registry["service"]:
        value = entry.get(field.name)
        if value not in (None, "", []):
            out(f"{field.shown_label()}: {words(field, value, units)}")
    return 0


def _say(prepared: Prepared) -> None:
    for problem in prepared.problems:
        text = _("row {row}, {column}: {text}").format(
            row=problem.row, column=problem.column, text=problem.text
        )
        print(text, file=sys.stderr)
    for heading in prepared.ignored:
        print(_("not taken in: column {heading}").format(heading=heading), file=sys.stderr)


def take_in(options: argparse.Namespace) -> int:
    """Take a file in; exit code 1 when a row was left out."""
    from traffick_desk.services.directory import exchange
    from traffick_desk.services.directory.prepared import CHANGED, NEW, SAME, WRONG, TakeServices

    with opened(options) as desk:
        prepared = exchange.read(desk, options.file)
        _say(prepared)
        new, changed = prepared.count(NEW), prepared.count(CHANGED)
        if not options.dry_run:
            new, changed = desk.do(TakeServices(prepared.entries))
    out(
        _("new: {new}, changed: {changed}, the same: {same}, left out: {wrong}").format(
            new=new, changed=changed, same=prepared.count(SAME), wrong=prepared.count(WRONG)
        )
    )
    return 1 if prepared.count(WRONG) else 0


def export(options: argparse.Namespace) -> int:
    """Write the directory to a file."""
    from traffick_desk.services.directory import exchange

    with opened(options) as desk:
        count = exchange.save(desk, options.file, public=options.public)
    out(_("Written: {n}. The file is not encrypted.").format(n=count))
    return 0


def check(options: argparse.Namespace) -> int:
    """Write down what was found."""
    from traffick_desk.services.directory.entries import CheckService

    with opened(options) as desk:
        desk.do(CheckService(options.id, options.finding, options.words))
    out(_("Written down. Whoever owns the entry sees it."))
    return 0


def months(options: argparse.Namespace) -> int:
    """Set after how many months entries are checked again."""
    from traffick_desk.services.directory.entries import SetCheckMonths

    with opened(options) as desk:
        desk.do(SetCheckMonths(options.months))
    out(_("Set. It goes to every commune with the next bundle."))
    return 0


def paper(options: argparse.Namespace) -> int:
    """Write a paper of the directory as PDF."""
    from traffick_desk.services.directory.papers import ServicePaper, WallPaper

    with opened(options) as desk:
        made = desk.ask(ServicePaper(options.id) if options.id else WallPaper())
    options.output.write_bytes(made.pdf)
    out(str(options.output))
    return 0
