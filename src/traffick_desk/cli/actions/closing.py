"""The stage of a case: going on, closing, opening again; and giving cases to another officer."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
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
    parser.add_argument(
        "--from", dest="giver", help=_("all open cases of this officer; both confirm by password")
    )
    parser.add_argument(
        "--in-place", action="store_true",
        help=_("that officer is not here: who looks after the officers confirms instead"),
    )  # fmt: skip
    for name, words in (
        ("--giver-password-file", _("file with the password of who gives")),
        ("--taker-password-file", _("file with the password of who takes over")),
    ):
        parser.add_argument(name, type=Path, help=words)
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
    """Give cases to another officer; all of an officer's once both have confirmed it."""
    from traffick_desk.services import veiling
    from traffick_desk.services.handover import HandOver, OfficersInCharge

    if (options.giver is None) == (not options.number):
        out(_("Please name file numbers, or an officer with --from, and not both."))
        return 1
    with opened(options) as desk:
        if options.giver is None:
            cases = tuple(dict.fromkeys(case_id(desk, number) for number in options.number))
            count = len(desk.do(HandOver(cases, options.to)))
        else:
            count = len(_all_of(desk, options))
            if not count:
                out(_("There is no open case of that officer."))
        if options.giver is not None and desk.ask(OfficersInCharge()).left_out:
            out(_(veiling.LEFT_OUT))
    if not count:
        return 1
    text = ngettext("{n} case is now with {name}.", "{n} cases are now with {name}.", count)
    out(text.format(n=count, name=options.to))
    return 0


def _all_of(desk: Desk, options: argparse.Namespace) -> tuple[str, ...]:
    """All open cases of an officer, confirmed by her and by who takes over, as in the window."""
    from traffick_desk.services import leaving
    from traffick_desk.services.officers import OfficersOfDesk

    officers = desk.ask(OfficersOfDesk())
    taker = next((o for o in leaving.takers(officers) if o.name == options.to), None)
    if taker is None:
        raise leaving.NobodyToConfirm
    in_place = options.in_place or leaving.needs_in_place(officers, options.giver)
    first = next(o.name for o in officers if o.own) if in_place else options.giver
    secrets = (
        _secret(options.giver_password_file, first),
        _secret(options.taker_password_file, taker.name),
    )
    return leaving.hand_over(desk, options.giver, taker.officer_id, *secrets, in_place=in_place)


def _secret(file: Path | None, name: str) -> str:
    if file is not None:
        return file.read_text("utf-8").rstrip("\r\n")
    return getpass.getpass(_("Password of {name}: ").format(name=name))
