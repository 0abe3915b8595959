"""Reading the log: who looked, changed, printed, exported, sent, unlocked."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _, ngettext


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "log", help=_("who did what at this desk: numbers of cases, nothing of what is in them")
    )
    vault_options(parser)
    parser.add_argument("--officer", default="", help=_("name, or what she types to unlock"))
    parser.add_argument(
        "--act",
        default="",
        choices=("looked", "changed", "printed", "exported", "sent", "unlocked", "failed"),
        help=_("kind of act"),
    )
    parser.add_argument("--case", default="", help=_("file number, or a part of one"))
    parser.add_argument("--since", default="", type=_day, help=_("first day, YYYY-MM-DD"))
    parser.add_argument("--until", default="", type=_day, help=_("last day, YYYY-MM-DD"))
    parser.add_argument("--limit", type=int, default=100, help=_("lines at most, newest first"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.add_argument("--output", type=Path, help=_("save all lines as .csv or .xlsx instead"))
    parser.set_defaults(run=show)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{day} is no day, YYYY-MM-DD").format(day=text)
        ) from error


def show(options: argparse.Namespace) -> int:
    """Show or save the lines that fit."""
    from dataclasses import asdict

    from traffick_desk.services.log import ExportLog, LogFilter, ReadLog

    wanted = LogFilter(options.officer, options.act, options.case, options.since, options.until)
    with opened(options) as desk:
        if options.output is not None:
            count = desk.do(ExportLog(options.output, wanted))
            out(
                ngettext(
                    "{n} line was saved to {file}, outside the vault.",
                    "{n} lines were saved to {file}, outside the vault.",
                    count,
                ).format(n=count, file=options.output.name)
            )
            return 0
        page = desk.ask(ReadLog(wanted, 0, options.limit))
    if options.json:
        out_json({"total": page.total, "lines": [asdict(line) for line in page.lines]})
        return 0
    table(
        [
            (str(n.number), n.at[:16].replace("T", " "), n.officer or "–", n.words,
             ", ".join(n.cases) or n.about)
            for n in page.lines
        ],
        (_("No."), _("When"), _("Officer"), _("What was done"), _("Concerning")),
    )  # fmt: skip
    out(_("{shown} of {total} lines").format(shown=len(page.lines), total=page.total))
    return 0
