"""The others on a paper that names several persons received together.

Such a paper is not kept for printing again: it would go with each of their cases to where only one
of them moves. That it was issued is noted in every case it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import speaking
from traffick_desk.services import paper_facts, reading
from traffick_desk.services.base import Context
from traffick_desk.services.errors import NotHere
from traffick_desk.services.groups_read import Group, Member, group_of
from traffick_desk.services.printed import Facts
from traffick_desk.services.views import CaseView


def facts(
    context: Context, cursor: Any, case: CaseView, known: Facts, others: Iterable[str]
) -> Facts:
    """What a paper of *case* says of those who came along.

    Args:
        context: of the query.
        cursor: of the query.
        case: the case that the paper is of.
        known: the facts of the case alone.
        others: cases whose persons are named too; of the same group.

    Raises:
        NotHere: one of them is no longer of the group, or at another desk.
    """
    group = group_of(context, cursor, case.row.case_id)
    wanted = [c for c in dict.fromkeys(others) if c != case.row.case_id]
    if group is None:
        if wanted:
            raise NotHere
        return {}
    if any(group.member(c) is None for c in wanted):
        raise NotHere
    with speaking("vi"):
        return _facts(context, cursor, case, known, group, wanted)


def _facts(
    context: Context, cursor: Any, case: CaseView, known: Facts, group: Group, wanted: list[str]
) -> Facts:
    own = case.row.case_id
    along = {m.case_id for m in group.members if _accompanies(m, own)}
    named = {own, *wanted}
    minors: list[Facts] = list(known.get("minors") or ())
    companions: list[Facts] = []
    for member in group.members:
        if member.case_id not in wanted:
            continue
        view = reading.open_case(context, cursor, member.case_id)
        person = view.persons[0] if view.persons else None
        line = paper_facts.person_facts(context, view, person) if person is not None else {}
        line |= {"relation": _relation(group, member, named), "file_no": member.file_no}
        (minors if member.case_id in along else companions).append(line)
    # Who comes along but is not named here leaves the lines open: "none" would be untrue.
    empty: list[Facts] | None = None if along - named else []
    return {"minors": minors or empty, "companions": companions}


def _accompanies(member: Member, case_id: str) -> bool:
    return any(r.case_id == case_id and r.accompanies == "yes" for r in member.relations)


def _relation(group: Group, member: Member, named: set[str]) -> str | None:
    """``Con của Lý Thị Mẩy``; nothing where the other is not on the paper."""
    words = []
    for said in member.relations:
        other = group.member(said.case_id)
        if said.code and other is not None and said.case_id in named:
            words.append(f"{SMALL_LISTS['group_relation'].label(said.code)} {other.name}")
    return "; ".join(words) or None
