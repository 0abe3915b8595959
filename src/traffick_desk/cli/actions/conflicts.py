"""Two values for one thing: listing them, choosing, taking a choice back."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.common import opened, out, out_json, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk
    from traffick_desk.services.conflicts import Choice, Side


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("conflicts", help=_("values that wait for a choice"))
    vault_options(parser)
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=listing)

    parser = commands.add_parser("choose", help=_("choose one of several values"))
    vault_options(parser)
    parser.add_argument("choice", help=_("as conflicts shows it: TYPE/ID/FIELD"))
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--mine", action="store_true", help=_("what this desk wrote"))
    which.add_argument("--theirs", action="store_true", help=_("what the other desk wrote"))
    which.add_argument("--number", type=int, metavar="N", help=_("the value with this number"))
    which.add_argument("--value", help=_("another value instead of all"))
    which.add_argument("--undo", action="store_true", help=_("let it wait again, until it is sent"))
    parser.set_defaults(run=choose)


def _name(choice: Choice) -> str:
    return f"{choice.record.type}/{choice.record.id}/{choice.register}"


def listing(options: argparse.Namespace) -> int:
    """Show every choice with all its values."""
    from traffick_desk.services.to_choose import Choices

    with opened(options) as desk:
        found = desk.ask(Choices(10_000))
    if options.json:
        out_json(
            [
                {
                    "choice": _name(c),
                    "case": c.case_id,
                    "file_no": c.file_no,
                    "about": c.about,
                    "may_settle": c.may_settle,
                    "sides": [asdict(side) for side in c.sides],
                }
                for c in found
            ]
        )
        return 0
    for choice in found:
        out(f"{choice.file_no or choice.about}\t{_name(choice)}")
        for number, side in enumerate(choice.sides, 1):
            who = side.officer_name or side.desk or side.device
            before = f"\t{_('before')}: {_text(side.before)}" if side.known_before else ""
            out(f"    {number}  {_text(side.value)}\t{who}, {side.at}{before}")
    if not found:
        out(_("Nothing waits for a choice."))
    return 0


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or "–"
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def choose(options: argparse.Namespace) -> int:
    """Settle one choice, or take that back."""
    from traffick_desk.services.conflicts import LATE, TakeBackChoice
    from traffick_desk.services.errors import NotHere
    from traffick_desk.services.to_choose import settle_command

    # The id of what belongs to a unit has slashes in it.
    kind, _slash, rest = options.choice.partition("/")
    record, _slash, register = rest.rpartition("/")
    if not record:
        raise NotHere
    with opened(options) as desk:
        if options.undo:
            desk.do(TakeBackChoice(kind, record, register))
            out(_("The values wait for a choice again."))
            return 0
        choice = _find(desk, options.choice)
        if options.value is not None:
            field = desk.context.store.registry[kind].by_name.get(register)
            value: Any = options.value
            if field is None or field.kind.value in ("codes", "integer", "money"):
                value = json.loads(options.value)
        else:
            value = _side(options, choice).value
        if register == LATE and not isinstance(value, str):
            # To choose what was written meanwhile is to let the record hold.
            value = None
        desk.do(settle_command(desk.context.store.registry[kind], record, register, value))
    out(_("Chosen. The other value stays in the history."))
    return 0


def _find(desk: Desk, name: str) -> Choice:
    from traffick_desk.services.errors import NotHere
    from traffick_desk.services.to_choose import Choices

    for choice in desk.ask(Choices(10_000)):
        if _name(choice) == name:
            return choice
    raise NotHere


def _side(options: argparse.Namespace, choice: Choice) -> Side:
    from traffick_desk.services.errors import NotHere

    sides = list(choice.sides)
    if options.number is not None:
        sides = sides[options.number - 1 : options.number] if options.number > 0 else []
    else:
        sides = [s for s in sides if s.own == options.mine]
    if len(sides) != 1:
        raise NotHere
    return sides[0]
