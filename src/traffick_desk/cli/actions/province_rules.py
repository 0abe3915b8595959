"""The rules of a province: look, try, sign, take back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.law import Amended, Comparison


def add(actions: Any) -> None:
    """Describe the actions under ``rules``."""
    action = actions.add_parser(
        "amend",
        help=_("what a file of amendments would change in the rules of the program, and for whom"),
    )
    action.add_argument("file", metavar=_("FILE"), type=Path, help=_("file of amendments"))
    action.set_defaults(run=amend)

    action = actions.add_parser("show", help=_("the rules that the desk goes by"))
    vault_options(action)
    action.add_argument("--text", action="store_true", help=_("the signed text itself"))
    action.set_defaults(run=show)

    action = actions.add_parser(
        "sign", help=_("province: sign a file of amendments; it goes out with the next bundles")
    )
    vault_options(action)
    action.add_argument("file", metavar=_("FILE"), type=Path, help=_("file of amendments"))
    action.set_defaults(run=sign)

    action = actions.add_parser("withdraw", help=_("province: take signed rules back"))
    vault_options(action)
    action.add_argument("number", type=int, help=_("their number"))
    action.add_argument("reason", help=_("why"))
    action.set_defaults(run=withdraw)


def amend(options: argparse.Namespace) -> int:
    """Say what amendments change; 1 if something of them does not fit."""
    from traffick_desk import law

    national = law.load_pack()
    amended = law.amend(national, law.read_text(options.file))
    return _told(amended, law.compare_amended(national, amended))


def _told(amended: Amended, found: Comparison) -> int:
    from traffick_desk.services import rules

    for change in found.changes:
        out(str(change))
    out()
    out(_("Worked examples whose result changes:"))
    for moved in found.results or (_("none"),):
        out(f"  {moved}")
    _forms, wrong = rules.read_forms(amended.amendments.forms)
    for problem in (*map(str, amended.unfit), *wrong):
        out(problem)
    return 1 if amended.unfit or wrong else 0


def show(options: argparse.Namespace) -> int:
    """Say which rules are in force at the desk."""
    from traffick_desk.services.rules import RulesInForce

    with opened(options) as desk:
        view = desk.ask(RulesInForce())
    if options.text:
        out(view.text)
        return 0
    pack = view.pack
    out(f"{view.national.title}: {view.national.id} {view.national.version}")
    if view.number:
        out(
            _("Rules of the province number {number}, signed {at}").format(
                number=view.number, at=view.signed_at
            )
        )
        for change in view.changes:
            out(f"  {change}")
    else:
        out(_("The province has not signed any rules of its own."))
    for problem in view.unfit:
        out(problem)
    if view.refused:
        out(
            _("{n} newer text(s) that this desk cannot use; see the page “Rules”.").format(
                n=view.refused
            )
        )
    out(f"SHA-256 {pack.sha256}")
    return 0


def sign(options: argparse.Namespace) -> int:
    """Sign amendments at the desk of the province."""
    from traffick_desk import law
    from traffick_desk.services import rules

    text = law.read_text(options.file)
    with opened(options) as desk:
        amended, found = rules.preview(desk, text)
        rules.sign(desk, text)
    _told(amended, found)
    out(
        _(
            "Signed as number {number}. They are in force here and go out with the next bundles."
        ).format(number=amended.amendments.number)
    )
    return 0


def withdraw(options: argparse.Namespace) -> int:
    """Take signed rules back."""
    from traffick_desk.services import rules
    from traffick_desk.services.errors import NotHere

    with opened(options) as desk:
        texts = desk.ask(rules.RulesInForce()).texts
        found = next((t for t in texts if t.number == options.number and not t.withdrawn), None)
        if found is None:
            raise NotHere
        rules.withdraw(desk, found.id, options.reason)
    out(_("Taken back. The rules before are in force again."))
    return 0
