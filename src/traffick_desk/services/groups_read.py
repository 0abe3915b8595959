"""Reading who was received together: what a desk may see of the other cases, and what it may not.

A group is what hangs together by codes: two desks that tied the same cases without knowing of each
other made two codes, and both count. A commune sees the persons of its own cases; of all others it
learns that there is one, as it would from the code alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.services.base import Context, Query
from traffick_desk.services.roles import CASE_READ

_MEMBERS = """
    SELECT m.id, m."case", m.code, m.toward, m.relation, m.accompanies, m.voided IS NOT NULL,
        w.file_no, w.name, w.sex, w.birth, w.stage, w.unit
    FROM r_group_member m LEFT JOIN case_row w ON w.case_id = m."case"
    WHERE m.code IN (SELECT value FROM json_each(?)) ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a person is to another.

    Attributes:
        id: of the record that says so, in the case of the first.
        code: of list ``group_relation``, or "".
        case_id: of the other; "" when it is at another desk or not in the group any more.
        elsewhere: the other's case is at another desk.
        accompanies: code of list ``answer``, or "".
    """

    id: str
    code: str
    case_id: str
    elsewhere: bool
    accompanies: str


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a group, as the list of cases shows her."""

    case_id: str
    file_no: str
    name: str
    sex: str
    birth: str
    stage: str
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Who was received together with the person of one case.

    Attributes:
        codes: of the group; more than one where two desks tied it at once.
        members: the persons whose cases this desk may see, that of the case asked for among them.
        elsewhere: a case of the group is at another desk.
    """

    codes: tuple[str, ...]
    members: tuple[Member, ...]
    elsewhere: bool

    def member(self, case_id: str) -> Member | None:
        """The person of a case."""
        return next((m for m in self.members if m.case_id == case_id), None)


@dataclass(frozen=True, slots=True)
class GroupOf(Query[Group | None]):
    """The group of a case; ``None`` when its person was received alone."""

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> Group | None:
        """See :class:`Query`."""
        return group_of(context, cursor, self.case_id)


def may_see(context: Context, unit: str | None) -> bool:
    """Whether this desk may see the person of a case of *unit* because it is tied to another."""
    return context.info.profile == "province" or unit == context.info.unit


def group_of(context: Context, cursor: Any, case_id: str) -> Group | None:
    """See :class:`GroupOf`."""
    codes = _codes(cursor, [case_id])
    if not codes:
        return None
    while True:
        rows = _rows(cursor, codes)
        # A case that moved away still holds together those who stayed.
        found = codes | _codes(cursor, {row[1] for row in rows if not row[6] and row[7]})
        if found == codes:
            break
        codes = found
    here = {row[1] for row in rows if not row[6] and _shown(context, case_id, row)}
    case_by_member = {row[0]: row[1] for row in rows if not row[6]}
    known = {row[0] for row in rows}
    relations: dict[str, list[Relation]] = {}
    lines: dict[str, tuple[str, str, str, str, str]] = {}
    elsewhere = len({row[1] for row in rows}) == 1
    for member, case, _code, toward, relation, accompanies, voided, *line in rows:
        if voided:
            continue
        if case not in here:
            elsewhere = elsewhere or line[0] is not None
            continue
        file_no, name, sex, birth, stage = (str(value or "") for value in line[:5])
        lines[case] = (file_no, name, sex, birth, stage)
        other = case_by_member.get(toward, "")
        away = bool(toward) and (toward not in known or bool(other and other not in here))
        elsewhere = elsewhere or away
        if relation or toward:
            said = Relation(member, relation or "", "" if away else other, away, accompanies or "")
            before = [(r.code, r.case_id) for r in relations.get(case, ())]
            if (said.code, said.case_id) not in before:
                relations.setdefault(case, []).append(said)
    members = tuple(
        Member(case, *line, relations=tuple(relations.get(case, ())))
        for case, line in lines.items()
    )
    return Group(tuple(sorted(codes)), members, elsewhere)


def _shown(context: Context, case_id: str, row: tuple[Any, ...]) -> bool:
    file_no, stage, unit = row[7], row[11], row[12]
    if file_no is None or stage in TIP_STAGES:
        return False
    return row[1] == case_id or may_see(context, unit)


def _codes(cursor: Any, cases: Iterable[str]) -> set[str]:
    cursor.execute(
        'SELECT DISTINCT code FROM r_group_member WHERE "case" IN '
        "(SELECT value FROM json_each(?)) AND voided IS NULL AND code IS NOT NULL",
        (json.dumps(sorted(cases)),),
    )
    return {code for (code,) in cursor.fetchall()}


def _rows(cursor: Any, codes: Iterable[str]) -> list[tuple[Any, ...]]:
    cursor.execute(_MEMBERS, (json.dumps(sorted(codes)),))
    return [tuple(row) for row in cursor.fetchall()]


def grouped(cursor: Any, cases: list[str]) -> set[str]:
    """Those of *cases* whose person was received together with somebody."""
    cursor.execute(
        'SELECT DISTINCT m."case" FROM r_group_member m '
        'WHERE m."case" IN (SELECT value FROM json_each(?)) AND m.voided IS NULL '
        "AND (EXISTS (SELECT 1 FROM r_group_member o WHERE o.code = m.code "
        'AND o."case" <> m."case" AND o.voided IS NULL) '
        "OR NOT EXISTS (SELECT 1 FROM r_group_member o WHERE o.code = m.code "
        'AND o."case" <> m."case"))',
        (json.dumps(cases),),
    )
    return {case for (case,) in cursor.fetchall()}
