"""Rebuilding a damaged vault from everything that can still be read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import out, password, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "salvage", help=_("rebuild a damaged vault from journal, backups and bundles")
    )
    vault_options(parser)
    parser.add_argument(
        "places", type=Path, nargs="*", help=_("folders with backups or bundles; all sticks too")
    )
    parser.set_defaults(run=salvage)


def salvage(options: argparse.Namespace) -> int:
    """Rebuild it, and say what could not be saved."""
    from traffick_desk.services.salvage import salvage as run
    from traffick_desk.sync.sticks import sticks

    login = options.login or input(_("Officer: "))
    places = [*options.places, *(stick.path for stick in sticks())]
    desk, report = run(options.vault, login, password(options), places)
    desk.close()
    for line in report.lines():
        out(line)
    out(_("The damaged vault was put aside beside the new one. Please do not delete it yet."))
    out(_("It counts as a new PC: please link it to the province again."))
    return 0 if report.whole else 1
