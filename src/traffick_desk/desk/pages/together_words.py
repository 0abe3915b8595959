"""How people received together are named, and what one is to another."""

from __future__ import annotations

from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.groups_read import Group, Member, Relation


def elsewhere_words() -> str:
    """All that is said of a case that this desk must not see."""
    return _("A case of this group is at another desk.")


def member_words(host: Host, member: Member) -> str:
    """Name, sex and age."""
    name = host.privacy.name(member.name or _("without a name"))
    who = person_words({"sex": member.sex, "birth": member.birth}, host.context.now().date())
    return f"{name} · {who}"


def relation_words(host: Host, group: Group, member: Member) -> str:
    """What a person is to the others of the group."""
    return "; ".join(_one(host, group, said) for said in member.relations)


def _one(host: Host, group: Group, said: Relation) -> str:
    words = SMALL_LISTS["group_relation"].label(said.code) if said.code else _("Belongs to")
    other = group.member(said.case_id)
    if other is not None:
        whom = host.privacy.name(other.name or _("without a name"))
    elif said.elsewhere:
        whom = _("a person at another desk")
    else:
        whom = _("a person who is not in the group any more")
    text = f"{words} {whom}"
    if said.accompanies == "yes":
        text = _("{relation}, under 18, comes along").format(relation=text)
    return text


def together_words(group: Group | None) -> str:
    """For the head of a case: with how many others she was received."""
    if group is None:
        return ""
    count = len(group.members) - 1
    if count < 1:
        return _("in a group") if group.elsewhere else ""
    return ngettext("with {n} other", "with {n} others", count).format(n=count)
