"""People received together: tie cases, take one out, tell who belongs to whom."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk
    from traffick_desk.services.groups import Tie
    from traffick_desk.services.groups_read import Group


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("tie", help=_("say that two people were received together"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    tie_options(parser, required=True)
    parser.set_defaults(run=tie)

    parser = commands.add_parser("untie", help=_("take a case out of its group, with the reason"))
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.add_argument("--reason", required=True, help=_("why the person does not belong to it"))
    parser.set_defaults(run=untie)


def tie_options(parser: Any, *, required: bool = False) -> None:
    """With whom somebody was received, and what she is to that person."""
    from traffick_desk.domain.codes import SMALL_LISTS

    relations = SMALL_LISTS["group_relation"].codes()
    parser.add_argument(
        "--with",
        dest="with_case",
        default="",
        required=required,
        metavar=_("CASE"),
        help=_("file number of the person received together"),
    )
    parser.add_argument(
        "--relation",
        choices=relations,
        default="received",
        metavar=_("RELATION"),
        help=_("what the person is to the other: {codes}").format(codes=", ".join(relations)),
    )
    parser.add_argument(
        "--comes-along",
        action="store_true",
        help=_("under 18, comes along with the other; the law for accompanying persons applies"),
    )


def tie_of(desk: Desk, options: argparse.Namespace) -> Tie | None:
    """What the options of :func:`tie_options` say; ``None`` without ``--with``."""
    from traffick_desk.services.groups import Tie

    if not options.with_case:
        return None
    other = case_id(desk, options.with_case)
    return Tie(other, options.relation, "yes" if options.comes_along else "")


def tie(options: argparse.Namespace) -> int:
    """Tie two cases that there are."""
    from traffick_desk.services.groups import JoinGroup
    from traffick_desk.services.groups_read import GroupOf

    with opened(options) as desk:
        case, wanted = case_id(desk, options.number), tie_of(desk, options)
        if wanted is not None:
            desk.do(JoinGroup(case, wanted))
            tell(desk.ask(GroupOf(case)))
    return 0


def untie(options: argparse.Namespace) -> int:
    """Take a case out of its group."""
    from traffick_desk.services.groups import LeaveGroup

    with opened(options) as desk:
        desk.do(LeaveGroup(case_id(desk, options.number), options.reason))
        out(_("The person does not belong to the group any more."))
    return 0


def tell(group: Group | None) -> None:
    """Print who was received together, as far as this desk may see it."""
    from traffick_desk.domain.lists import code_list

    if group is None:
        return
    out(_("Received together ({code})").format(code=", ".join(group.codes)))
    for member in group.members:
        said = [member.file_no, member.name, code_list("stage").label(member.stage)]
        for relation in member.relations:
            other = group.member(relation.case_id)
            label = code_list("group_relation").label(relation.code) if relation.code else "–"
            said.append(f"{label} {other.file_no}" if other is not None else f"{label} …")
        out("    " + "\t".join(said))
    if group.elsewhere:
        out("    " + _("A case of this group is at another desk."))
