"""The stage of a case: going on, closing, opening again; and giving cases to another officer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.i18n import _, ngettext

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("stage", help=_("put a case into another stage"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("stage", choices=("reception", "verification", "support", "reintegration"))
    parser.add_argument("--reason", default="", help=_("needed to go back or past a stage"))
    parser.set_defaults(run=stage)

    parser = commands.add_parser("close", help=_("close a case; shows what is still open"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("code", help=_("kind of closing, e.g. reintegrated"))
    parser.add_argument("reason", help=_("why, in words"))
    parser.add_argument("--on", default="", help=_("day, YYYY-MM-DD; today by default"))
    parser.set_defaults(run=close)

    parser = commands.add_parser("reopen", help=_("open a closed case again"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("reason", help=_("why, in words"))
    parser.set_defaults(run=reopen)

    parser = commands.add_parser(
        "hand-over", help=_("give cases, or all open ones of an officer, to another officer")
    )
    vault_options(parser)
    parser.add_argument("to", help=_("name of who takes over"))
    parser.add_argument("number", nargs="*", help=_("file number"))
    parser.add_argument("--from", dest="giver", help=_("all open cases of this officer"))
    parser.set_defaults(run=hand_over)


def stage(options: argparse.Namespace) -> int:
    """Change the stage."""
    from traffick_desk.services.closing import ChangeStage

    with opened(options) as desk:
        desk.do(ChangeStage(case_id(desk, options.number), options.stage, options.reason))
    return 0


def close(options: argparse.Namespace) -> int:
    """Tell what is open, close the case, and tell until when its file goes to the archive."""
    from traffick_desk.services.closing import CloseCase, Closing

    with opened(options) as desk:
        case = case_id(desk, options.number)
        for item in desk.ask(Closing(case)).items:
            out(f"{item.due or ''}\t{item.whole}")
        desk.do(CloseCase(case, options.code, options.reason, options.on))
        found = desk.ask(Closing(case))
        if found.archive_by is not None:
            text = _("Closed. The file goes to the archive by {day} ({law}).")
            out(text.format(day=f"{found.archive_by:%d/%m/%Y}", law=found.archive_law))
    return 0


def reopen(options: argparse.Namespace) -> int:
    """Open a closed case again."""
    from traffick_desk.services.closing import ReopenCase

    with opened(options) as desk:
        desk.do(ReopenCase(case_id(desk, options.number), options.reason))
    return 0


def hand_over(options: argparse.Namespace) -> int:
    """Give cases to another officer."""
    from traffick_desk.services.handover import HandOver

    with opened(options) as desk:
        cases = [case_id(desk, number) for number in options.number]
        if options.giver is not None:
            cases += _all_of(desk, options.giver)
        if not cases:
            out(_("No case was named, and there is no open case of that officer."))
            return 1
        given = desk.do(HandOver(tuple(dict.fromkeys(cases)), options.to))
    count = len(given)
    text = ngettext("{n} case is now with {name}.", "{n} cases are now with {name}.", count)
    out(text.format(n=count, name=options.to))
    return 0


def _all_of(desk: Desk, name: str) -> list[str]:
    from traffick_desk.services.handover import OfficersInCharge

    found = desk.ask(OfficersInCharge()).in_charge
    return [case for one in found if one.name == name for case in one.cases]
