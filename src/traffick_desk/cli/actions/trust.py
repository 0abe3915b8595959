"""The province's key on three sheets, and a new PC in the place of a lost one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "trust", help=_("the province's key on three sheets; a new PC in the place of a lost one")
    )
    steps = parser.add_subparsers(metavar=_("STEP"), required=True)

    step = steps.add_parser("sheets", help=_("province: make three sheets, of which two suffice"))
    vault_options(step)
    step.add_argument("folder", type=Path, nargs="?", help=_("write three PDF files there"))
    step.set_defaults(run=sheets)

    step = steps.add_parser(
        "take-over", help=_("province: let this PC take the place of the lost one")
    )
    vault_options(step)
    step.add_argument(
        "--sheet", type=Path, action="append", default=[], metavar="FILE",
        help=_("file with a typed sheet, twice; otherwise both are asked for"),
    )  # fmt: skip
    step.set_defaults(run=take_over)

    step = steps.add_parser("follow", help=_("follow the letter of the province's new PC"))
    vault_options(step)
    step.add_argument("file", type=Path)
    step.set_defaults(run=follow)

    step = steps.add_parser(
        "adopt", help=_("province without a backup: link the desks that ask to go on")
    )
    vault_options(step)
    step.add_argument("folder", type=Path)
    step.add_argument("--yes", action="store_true", help=_("accept all of them"))
    step.set_defaults(run=adopt)


def sheets(options: argparse.Namespace) -> int:
    """Make the sheets: shown once, or written as PDF to be printed."""
    from traffick_desk.services import trust

    with opened(options) as desk:
        made = desk.do(trust.MakeSheets())
        if options.folder is not None:
            options.folder.mkdir(parents=True, exist_ok=True)
        for sheet in made:
            if options.folder is not None:
                path = options.folder / f"to-khoa-{sheet.number}.pdf"
                path.write_bytes(trust.sheet_pdf(desk, sheet))
                out(_("Written: {path}").format(path=path))
                continue
            out(_("Sheet {number} of 3").format(number=sheet.number))
            for row in sheet.rows:
                out(f"    {row}")
    out(
        _(
            "Give each sheet to another person, to be kept in another place; any two are enough. "
            "Delete files once they are printed."
        )
    )
    return 0


def take_over(options: argparse.Namespace) -> int:
    """Take the place of the lost PC."""
    from traffick_desk.services import trust

    typed = [path.read_text("utf-8") for path in options.sheet]
    with opened(options) as desk:
        while len(typed) < 2:
            out(_("Type a sheet, then an empty line:"))
            lines = []
            for line in sys.stdin:
                if not line.strip():
                    break
                lines.append(line)
            typed.append("".join(lines))
            trust.check_sheet(typed[-1])
        trust.take_over(desk, typed)
    out(
        _(
            "This PC has taken the place of the lost one. Export now: communes follow when they "
            "import. Then make new sheets and destroy the old ones."
        )
    )
    return 0


def follow(options: argparse.Namespace) -> int:
    """Follow one letter."""
    from traffick_desk.services import trust

    with opened(options) as desk:
        report = trust.follow_file(desk, options.file)
    out(report.message if report else _("That was done before. Nothing was changed."))
    return 0


def adopt(options: argparse.Namespace) -> int:
    """Link the desks that ask to go on."""
    from traffick_desk.services import trust

    with opened(options) as desk:
        asked = trust.going_on(desk, options.folder)
        for one in asked:
            out(f"{one.unit_name} {one.label}\t{one.device}\t{one.words}")
        if not asked:
            out(_("No desk asks to go on here."))
            return 0
        if not options.yes and input(_("Link them all? Type yes: ")).strip() not in (
            "yes",
            "có",
            "co",
        ):
            out(_("Not accepted. Nothing was changed."))
            return 1
        for one in asked:
            trust.adopt(desk, one)
    out(_("They are linked. Please import again: what they sent is taken in now."))
    return 0
