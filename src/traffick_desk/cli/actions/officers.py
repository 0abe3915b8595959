"""The officers of a desk: list, let in, change a role, shut out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, password, table, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("officers", help=_("who may open this vault, and as what"))
    tasks = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    task = tasks.add_parser("list", help=_("everybody who has or had a way in"))
    vault_options(task)
    task.set_defaults(run=show)

    task = tasks.add_parser("add", help=_("let another officer in"))
    vault_options(task)
    task.add_argument("name", help=_("full name, as papers print it"))
    task.add_argument("--as", dest="new_login", required=True, help=_("what she types to unlock"))
    task.add_argument("--role", required=True, help=_("role of the officer, see officers list"))
    task.add_argument("--title", default="", help=_("post of the officer, as papers print it"))
    task.add_argument("--new-password-file", type=Path, help=_("file with her first password"))
    task.set_defaults(run=let_in)

    task = tasks.add_parser("role", help=_("give an officer another role"))
    vault_options(task)
    task.add_argument("officer", help=_("what she types to unlock"))
    task.add_argument("role", help=_("role of the officer, see officers list"))
    task.set_defaults(run=role)

    task = tasks.add_parser("dismiss", help=_("close every way in for an officer, by a new key"))
    vault_options(task)
    task.add_argument("officer", help=_("what she types to unlock"))
    task.set_defaults(run=dismiss)


def show(options: argparse.Namespace) -> int:
    """List the officers and the roles that this desk has."""
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.services.officers import OfficersOfDesk, shown_role
    from traffick_desk.services.roles import OF_PROFILE

    with opened(options) as desk:
        found = desk.ask(OfficersOfDesk())
        roles = OF_PROFILE[desk.info.profile]
    table(
        [(o.login, o.name, shown_role(o.role), str(o.open_cases)) for o in found],
        (_("Unlocks as"), _("Full name"), _("Role"), _("Open cases")),
    )
    named = "; ".join(f"{code} ({SMALL_LISTS['role'].label(code)})" for code in roles)
    out(_("Roles of this desk: {roles}").format(roles=named))
    return 0


def let_in(options: argparse.Namespace) -> int:
    """Let another officer in."""
    from traffick_desk.services import officers

    own = password(options)
    with opened(_given(options, own)) as desk:
        first = argparse.Namespace(password_file=options.new_password_file)
        new = officers.NewOfficer(
            options.name,
            options.new_login,
            password(first, _("Her first password: ")),
            options.role,
            options.title,
        )
        officers.add(desk, own, new)
    out(_("{name} can open this vault now.").format(name=options.name))
    return 0


def role(options: argparse.Namespace) -> int:
    """Give an officer another role."""
    from traffick_desk.services.officers import SetRole, by_login

    with opened(options) as desk:
        officer = by_login(desk, options.officer)
        desk.do(SetRole(officer.officer_id, options.role))
    out(_("The role holds from the next unlocking on."))
    return 0


def dismiss(options: argparse.Namespace) -> int:
    """Close every way in for an officer."""
    from traffick_desk.services import officers

    own = password(options)
    with opened(_given(options, own)) as desk:
        gone = officers.by_login(desk, options.officer)
        login = next(o.login for o in desk.ask(officers.OfficersOfDesk()) if o.own)
    officers.dismiss(options.vault, login, own, gone.officer_id)
    out(officers.dismissed_words(gone))
    return 0


def _given(options: argparse.Namespace, own: str) -> argparse.Namespace:
    """The same options, with the password that was asked for once."""
    return argparse.Namespace(**{**vars(options), "password_file": None, "own_password": own})
