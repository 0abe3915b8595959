"""The vault itself: making it, checking it, opening the window."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, password, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("desk", help=_("open the window"))
    vault_options(parser, login=False)
    parser.set_defaults(run=window)

    parser = commands.add_parser(
        "open", help=_("open the window and show a bundle ready to import; as a double-click does")
    )
    vault_options(parser, login=False)
    parser.add_argument("file", type=Path, nargs="?", help=_("the bundle"))
    parser.set_defaults(run=window)

    parser = commands.add_parser("create", help=_("make a new vault"))
    vault_options(parser, login=False)
    parser.add_argument("--profile", choices=("commune", "province"), default="commune")
    parser.add_argument("--unit", required=True, help=_("name or id of the commune or province"))
    parser.add_argument("--officer", required=True, help=_("full name of the first officer"))
    parser.add_argument("--login", required=True, help=_("name the officer unlocks with"))
    parser.add_argument("--title", default="", help=_("post of the officer, as papers print it"))
    parser.add_argument("--label", default="", help=_("name of this PC, e.g. one-stop office"))
    parser.add_argument("--password-file", type=Path, help=_("file with the password"))
    parser.add_argument("--backup", type=Path, help=_("folder for backups"))
    parser.set_defaults(run=create)

    parser = commands.add_parser(
        "verify", help=_("read every page, walk the log and the journal: is all of it intact?")
    )
    vault_options(parser)
    parser.add_argument("--code", help=_("compare the log with the code of a printed list instead"))
    parser.set_defaults(run=verify)


def window(options: argparse.Namespace) -> int:
    """Open the window."""
    from traffick_desk.app import run_window

    return run_window(getattr(options, "vault", None), file=getattr(options, "file", None))


def create(options: argparse.Namespace) -> int:
    """Make a vault and print the recovery code once."""
    from traffick_desk.domain.units import Units
    from traffick_desk.services import vaults
    from traffick_desk.services.fixtures import units_id

    unit = units_id(Units.load(), options.unit, "--unit")
    new = vaults.NewVault(
        profile=options.profile,
        unit=unit,
        officer_name=options.officer,
        login=options.login,
        password=password(options, _("New password: ")),
        label=options.label,
        title=options.title,
        backup_folder=options.backup,
    )
    created = vaults.create(options.vault, new)
    try:
        out(_("The vault is at {path}.").format(path=options.vault))
        out(_("Recovery code, shown only now. Write it down and lock it away:"))
        out(f"    {created.recovery_code}")
    finally:
        created.desk.close()
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check the file, the log and the journal; the first thing that does not fit is named."""
    from traffick_desk.services.verify import compare
    from traffick_desk.services.verify import verify as run

    with opened(options) as desk:
        report = compare(desk, options.code) if options.code else run(desk)
    for line in report.lines:
        out(line)
    if not report.intact:
        text = _("The vault is NOT intact. Please keep it as it is and call for help.")
        print(text, file=sys.stderr)
    return 0 if report.intact else 1
