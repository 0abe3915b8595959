"""Papers: of a case, blank to fill in by hand, printed again, and the monthly list."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk
    from traffick_desk.services.papers import Issued


class NoSuchPaper(LookupError):
    """The case has no issued paper of that form."""

    def __str__(self) -> str:
        return _(
            "Nothing of the form {form} was printed for the case {number}, so there is nothing "
            "to print again."
        ).format(form=self.args[1], number=self.args[0])


class NoNumber(ValueError):
    """Only a blank form can do without a case."""

    def __str__(self) -> str:
        return _("Please give the file number of the case, or --blank for a blank form.")


class NoMonth(ValueError):
    """The month cannot be read."""

    def __str__(self) -> str:
        return _("Please write the month as 2026-10.")


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("paper", help=_("make a paper as PDF"))
    vault_options(parser)
    parser.add_argument("number", nargs="?", default="", help=_("file number"))
    parser.add_argument("form", help=_("key of the form; without --output the forms are listed"))
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--blank", action="store_true", help=_("to fill in by hand; no file number is needed")
    )
    way.add_argument(
        "--again", action="store_true", help=_("print the newest one again, marked as such")
    )
    parser.add_argument("--output", type=Path, help=_("PDF file; it is NOT encrypted"))
    parser.set_defaults(run=paper)

    parser = commands.add_parser("list-paper", help=_("monthly list for the chair as PDF"))
    vault_options(parser)
    parser.add_argument("--month", help=_("as 2026-10; the present month if none is given"))
    parser.add_argument("--with-names", action="store_true", help=_("print full names"))
    parser.add_argument(
        "--output", type=Path, required=True, help=_("PDF file; it is NOT encrypted")
    )
    parser.set_defaults(run=list_paper)


def paper(options: argparse.Namespace) -> int:
    """Make a paper, or list the forms."""
    from traffick_desk.services.papers import BlankPaper, Forms, IssuePaper

    with opened(options) as desk:
        if options.output is None:
            for form in desk.ask(Forms()):
                out(f"{form.key}\t{form.title}")
            return 0
        if options.blank:
            issued = desk.ask(BlankPaper(options.form))
        elif not options.number:
            raise NoNumber
        elif options.again:
            issued = _again(desk, options.number, options.form)
        else:
            issued = desk.do(IssuePaper(case_id(desk, options.number), options.form))
        output = _marked(desk, options.output)
    _write(output, issued)
    return 0


def _again(desk: Desk, number: str, form: str) -> Issued:
    from traffick_desk.services.papers import ReprintPaper, originals
    from traffick_desk.services.queries import RefreshCase

    case = desk.ask(RefreshCase(case_id(desk, number)))
    found = originals(case, form)
    if not found:
        raise NoSuchPaper(number, form)
    return desk.do(ReprintPaper(case.row.case_id, found[0].id))


def list_paper(options: argparse.Namespace) -> int:
    """The monthly list."""
    from traffick_desk.services.month import IssueMonthlyList, Month

    with opened(options) as desk:
        try:
            given = options.month
            month = Month.parse(given) if given else Month.of(desk.context.now().date())
        except ValueError as error:
            raise NoMonth from error
        issued = desk.do(IssueMonthlyList(month.year, month.month, with_names=options.with_names))
        output = _marked(desk, options.output)
    _write(output, issued)
    return 0


def _marked(desk: Desk, path: Path) -> Path:
    """Files of practice say so by their name."""
    return file_path(path) if desk.info.practice else path


def _write(path: Path, issued: Issued) -> None:
    path.write_bytes(issued.pdf)
    text = _("Written to {path}. This file is not encrypted: delete it when it is printed.")
    out(text.format(path=path))
    if issued.code:
        out(_("Code of the paper: {code}").format(code=issued.code))
    for fact in issued.missing:
        out(f"    {_('left blank')}: {fact.label}")
