"""Updates of the program, and whether this copy works."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.cli.start import tell_start
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("self-test", help=_("does this copy work on this PC?"))
    parser.add_argument(
        "--start", action="store_true",
        help=_("only tell how long the first window takes on this PC; it opens and closes itself"),
    )  # fmt: skip
    vault_options(parser, login=False)
    parser.set_defaults(run=self_test)

    parser = commands.add_parser("update", help=_("new versions of the program from a stick"))
    steps = parser.add_subparsers(metavar=_("STEP"), required=True)
    step = steps.add_parser("look", help=_("what is on the stick, and may it be used here?"))
    vault_options(step)
    step.add_argument("place", type=Path, help=_("stick, folder, or the update file"))
    step.set_defaults(run=look)
    step = steps.add_parser("apply", help=_("back the vault up, then take the new version"))
    vault_options(step)
    step.add_argument("place", type=Path, help=_("stick, folder, or the update file"))
    step.set_defaults(run=apply)
    step = steps.add_parser("back", help=_("take the version before into use again"))
    vault_options(step)
    step.set_defaults(run=back)
    step = steps.add_parser("release", help=_("province: give an update to its communes"))
    vault_options(step)
    step.add_argument("file", type=Path, help=_("the update file"))
    step.add_argument("folder", type=Path, help=_("stick that goes to the communes"))
    step.add_argument("--unit", action="append", default=[], help=_("only this commune (id)"))
    step.set_defaults(run=release)
    step = steps.add_parser("check", help=_("are the program's own files as they were delivered?"))
    step.set_defaults(run=check)

    parser = commands.add_parser(
        "licences", help=_("what the program is made of, and its licences")
    )
    parser.set_defaults(run=licences)


def self_test(options: argparse.Namespace) -> int:
    """Try every part, the window included; 1 if one does not work."""
    if options.start:
        return tell_start(options.vault)
    from traffick_desk.services import self_test as tests

    parts = tests.self_test(((_("Window"), _window),))
    out(tests.about())
    for part in parts:
        state = _("works") if part.works else _("DOES NOT WORK")
        out(f"{part.name}: {state} {part.problem}".rstrip())
    return 0 if all(part.works for part in parts) else 1


def _window() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from traffick_desk import app

    app.try_window()


def look(options: argparse.Namespace) -> int:
    """Tell what is on the stick."""
    from traffick_desk.services import updates

    with opened(options) as desk:
        offers = updates.look(desk, options.place)
    for offer in offers:
        out(f"{offer.path.name}: {offer.words}")
        if offer.notes:
            out(offer.notes)
    if not offers:
        out(_("There is no update here."))
    return 0


def apply(options: argparse.Namespace) -> int:
    """Take the newest update that may be used."""
    from traffick_desk.services import updates

    with opened(options) as desk:
        offers = updates.look(desk, options.place)
        if not offers:
            out(_("There is no update here."))
            return 1
        done = updates.apply(desk, offers[0])
    out(_("The copy of the vault is at {path}.").format(path=done.copy))
    out(
        _("Version {version} is ready. It begins when the program is started again.").format(
            version=done.version
        )
    )
    return 0


def back(options: argparse.Namespace) -> int:
    """Go back one version."""
    from traffick_desk.services import updates

    with opened(options) as desk:
        before = updates.go_back(desk)
    out(
        _("Version {version} is in use again when the program is started again.").format(
            version=before.version
        )
    )
    return 0


def release(options: argparse.Namespace) -> int:
    """Province: sign for its desks and put both on a stick."""
    from traffick_desk.services import updates

    with opened(options) as desk:
        offer = updates.judge(desk, options.file, updates.Program())
        path = updates.release(desk, offer, options.folder, units=tuple(options.unit))
    out(_("Written and read back: {path}").format(path=path))
    return 0


def check(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command gets them
    """Compare the installed files with their list."""
    from traffick_desk.services import updates

    wrong = updates.damaged()
    for name in wrong[:20]:
        out(_("Missing or changed: {file}").format(file=name))
    if wrong:
        out(_("Please install the program again; your data is safe."))
        return 1
    out(_("Every file of the program is as it was delivered."))
    return 0


def licences(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command gets them
    """Print the page of licences."""
    from traffick_desk.services.licences import text

    out(text())
    return 0
