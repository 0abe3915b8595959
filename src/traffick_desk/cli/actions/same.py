"""The same person in two cases: who it may be, tying two cases and taking that back."""

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
    parser = commands.add_parser("same", help=_("say that two cases are of one person"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("other", help=_("file number of the other case"))
    parser.add_argument("--reason", required=True, help=_("why, in words"))
    parser.add_argument("--undo", action="store_true", help=_("they are of two persons after all"))
    parser.set_defaults(run=same)

    parser = commands.add_parser("possibly-same", help=_("cases that may be of one person"))
    vault_options(parser)
    parser.set_defaults(run=possibly_same)


def same(options: argparse.Namespace) -> int:
    """Tie two cases, or untie them."""
    from traffick_desk.services.same_person.ties import TieCases, UntieCases, tie_of

    with opened(options) as desk:
        cases = case_id(desk, options.number), case_id(desk, options.other)
        if options.undo:
            desk.do(UntieCases(cases[0], tie_of(*cases), options.reason))
            out(_("The cases are of two persons now."))
        else:
            desk.do(TieCases(*cases, reason=options.reason))
            out(_("The two cases are of the same person now."))
    return 0


def possibly_same(options: argparse.Namespace) -> int:
    """Compare all cases, then name the pairs, the likeliest first."""
    from traffick_desk.services.same_person import words
    from traffick_desk.services.same_person.pairs import PossiblySame, look_through

    with opened(options) as desk:
        while look_through(desk):
            pass
        found = desk.ask(PossiblySame(put_off=True)).pairs
    for pair in found:
        how = pair.other.likeness
        out(
            f"{pair.one.row.file_no}\t{pair.other.row.file_no}\t{words.level(how)}\t"
            f"{words.reasons(how)}"
        )
    return 0 if found else 1


def told(desk: Desk, case: str) -> list[str]:
    """What `show` says about other cases of the person."""
    from traffick_desk.services.same_person.ties import OtherCases

    lines = []
    for other in desk.ask(OtherCases(case)):
        if not other.case_id:
            text = _("Another commune has a case that the province says is of the same person")
            lines.append(f"{text}.")
            continue
        text = _("The same person has another case: {file}, opened {opened}, closed {closed}.")
        lines.append(
            text.format(
                file=other.file_no, opened=other.opened_on, closed=other.closed_on or _("not yet")
            )
        )
        days = other.stays.days
        if days:
            text = ngettext(
                "{n} day of stay there is to be counted by hand.",
                "{n} days of stay there are to be counted by hand.",
                days,
            )
            lines.append("    " + text.format(n=days))
    return lines
