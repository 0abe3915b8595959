"""Help of the province when passwords and the printed code are lost."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import confirmed, opened, out, password, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "province-help", help=_("open a vault with the province's help when everything is lost")
    )
    steps = parser.add_subparsers(metavar=_("STEP"), required=True)
    step = steps.add_parser("allow", help=_("commune: let the province help, or stop it"))
    vault_options(step)
    step.add_argument("--stop", action="store_true", help=_("the province helps no more"))
    step.set_defaults(run=allow)
    step = steps.add_parser("ask", help=_("commune, locked: write the request"))
    vault_options(step, login=False)
    step.add_argument("--login", required=True, help=_("name the officer unlocks with"))
    step.add_argument("--password-file", type=Path, help=_("file with the new password"))
    step.add_argument("folder", type=Path)
    step.set_defaults(run=ask)
    step = steps.add_parser("answer", help=_("province: check a request and write the answer"))
    vault_options(step)
    step.add_argument("file", type=Path)
    step.add_argument("folder", type=Path)
    step.add_argument("--yes", action="store_true", help=_("the words were compared by telephone"))
    step.set_defaults(run=answer)
    step = steps.add_parser("finish", help=_("commune, locked: open with the answer"))
    vault_options(step, login=False)
    step.add_argument("--password-file", type=Path, help=_("file with the new password"))
    step.add_argument("file", type=Path)
    step.set_defaults(run=finish)


def allow(options: argparse.Namespace) -> int:
    """Let the province help, or stop it."""
    from traffick_desk.services import province_help

    own = password(options)
    given = argparse.Namespace(**{**vars(options), "password_file": None, "own_password": own})
    with opened(given) as desk:
        (province_help.forbid if options.stop else province_help.allow)(desk, own)
    if options.stop:
        out(_("The province cannot open this vault any more."))
    else:
        out(_("The province can help now when passwords and the printed code are lost."))
    return 0


def ask(options: argparse.Namespace) -> int:
    """Write the request and show the words."""
    from traffick_desk.services import province_help

    made = province_help.ask(
        options.vault, options.login, password(options, _("New password: ")), options.folder
    )
    out(_("Written: {path}").format(path=made.path))
    out(_("Read these words to the province over the telephone: {words}").format(words=made.words))
    return 0


def answer(options: argparse.Namespace) -> int:
    """Check a request and write the answer."""
    from traffick_desk.services import province_help

    with opened(options) as desk:
        found = province_help.read_request(desk, options.file)
        out(f"{found.unit_name} {found.label} {found.login}".strip())
        out(
            _(
                "Call the commune on the number you know, speak with somebody you know, and let "
                "her read her words to you. Whoever gets the answer can open that vault."
            )
        )
        if not confirmed(options, found.words):
            out(_("Not answered. Nothing was opened."))
            return 1
        path = province_help.answer(desk, found, options.folder)
    out(_("Written: {path}").format(path=path))
    return 0


def finish(options: argparse.Namespace) -> int:
    """Open with the answer; the new password holds from now on."""
    from traffick_desk.services import province_help, tries

    secret = password(options, _("New password: "))
    desk = tries.guarded(
        options.vault, lambda: province_help.finish(options.vault, options.file, secret)
    )
    desk.close()
    out(_("The vault opens with the new password. Please make a new recovery code now."))
    return 0
