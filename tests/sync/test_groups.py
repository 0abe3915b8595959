"""Cases that belong together travel one by one: nobody's name goes along with another's case."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import pytest

from sync.desks import UNIT_B, Country, Desk
from traffick_desk import law
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.services import base, groups
from traffick_desk.services.base import Context, DeskInfo, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.groups import Tie
from traffick_desk.services.groups_read import GroupOf
from traffick_desk.services.papers import IssuePaper
from traffick_desk.services.queries import ListCases
from traffick_desk.services.rules import Rules
from traffick_desk.store.journal import Edit
from traffick_desk.store.record_state import columns_sql
from traffick_desk.sync.bundle import open_bundle
from traffick_desk.sync.intake import known_keys

MOTHER, CHILD = "Lý Thị Mẩy", "Sùng A Páo"


@cache
def shared() -> tuple[Units, Rules]:
    return Units.load(), Rules(law.load_pack())


def seat(desk: Desk) -> base.Desk:
    """An officer before *desk*."""
    units, rules = shared()
    role = "lead" if desk.profile == "province" else "officer"
    info = DeskInfo(
        desk.path, desk.device, desk.profile, desk.unit, "", "", desk.device,
        f"officer-{desk.device}", "Nguyễn Thị Hương", role,
    )  # fmt: skip
    now = datetime(2026, 3, 2, 9, tzinfo=ICT)
    return base.Desk(Context(info, desk.store, units, rules, lambda: now))


def intake(name: str) -> tuple[Edit, ...]:
    return (
        Edit("case", new_id(), {"group_name": "Hữu Nghị 02/03"}),
        Edit("person", new_id(), {"role": "main", "name": name}),
        Edit("reception", new_id(), {"at": "2026-03-02T08:00+07:00", "place": "Đồn BP"}),
    )


def together(desk: base.Desk) -> tuple[str, str]:
    """A mother and her child, received by *desk*."""
    mother = desk.do(NewCase(intake(MOTHER)))
    child = desk.do(groups.NewCaseWith(intake(CHILD), Tie(mother, "child", "yes")))
    return mother, child


def everywhere(land: Country) -> list[bytes]:
    """Two rounds of bundles; answers with what the bundles for the second commune held."""
    seen: list[bytes] = []
    for _round in range(2):
        for commune in (land.a, land.b):
            commune.send(land.province)
            data = land.province.bundle(commune)
            if commune is land.b:
                seen.append(inside(commune, data))
            commune.take(data)
    return seen


def inside(desk: Desk, data: bytes) -> bytes:
    """All changes of a bundle, decrypted as its receiver does."""
    with desk.store.read() as cursor:
        opened = open_bundle(data, desk.keys.identities, known_keys(cursor, desk.device))
    return b"\n".join(opened.part("changes"))


def leaked(desk: Desk, name: str) -> bool:
    """Whether *name* stands anywhere in the file of a desk."""
    bodies = b"\n".join(bytes(b) for (b,) in desk.ask("SELECT body FROM journal"))
    return name in str(desk.dump()) or name.encode() in bodies


def ties(desk: Desk) -> list[tuple[Any, ...]]:
    return sorted(desk.ask(f"SELECT {columns_sql(REGISTRY['group_member'])} FROM r_group_member"))


@pytest.mark.parametrize("moved", ["mother", "child"])
def test_a_case_that_moves_takes_nobody_else_along(land: Country, moved: str) -> None:
    here = seat(land.a)
    cases = dict(zip(("mother", "child"), together(here), strict=True))
    names = {"mother": MOTHER, "child": CHILD}
    other = "child" if moved == "mother" else "mother"
    # A paper that names both was printed from both cases.
    for case in cases.values():
        here.do(
            IssuePaper(case, "noi-bo/bien-ban-tiep-nhan", together=tuple(c for c in cases.values()))
        )
    everywhere(land)
    seat(land.province).do(SaveRecords((Edit("case", cases[moved], {"unit": UNIT_B}),)))
    carried = everywhere(land)
    assert any(names[moved].encode() in part for part in carried)
    for part in carried:
        assert names[other].encode() not in part
        assert cases[other].encode() not in part
    assert land.b.cases() == {cases[moved]}
    assert not leaked(land.b, names[other])
    group = seat(land.b).ask(GroupOf(cases[moved]))
    assert group is not None
    assert [m.name for m in group.members] == [names[moved]]
    assert group.elsewhere
    assert seat(land.b).ask(ListCases())[0].grouped
    # Where it came from, the case that moved away is no longer shown beside the other.
    left = here.ask(GroupOf(cases[other]))
    assert left is not None
    assert [m.name for m in left.members] == [names[other]]
    assert left.elsewhere
    whole = seat(land.province).ask(GroupOf(cases[other]))
    assert whole is not None
    assert (len(whole.members), whole.elsewhere) == (2, False)


def test_two_communes_tied_by_the_province_learn_only_that_there_is_another(land: Country) -> None:
    first = seat(land.a).do(NewCase(intake(MOTHER)))
    second = seat(land.b).do(NewCase(intake(CHILD)))
    everywhere(land)
    seat(land.province).do(groups.JoinGroup(second, Tie(first, "child", "yes")))
    everywhere(land)
    for desk, case, foreign in ((land.a, first, CHILD), (land.b, second, MOTHER)):
        group = seat(desk).ask(GroupOf(case))
        assert group is not None
        assert len(group.members) == 1
        assert group.elsewhere
        assert not leaked(desk, foreign)
    (said,) = seat(land.b).ask(GroupOf(second)).member(second).relations
    assert (said.code, said.case_id, said.elsewhere) == ("child", "", True)


def test_two_desks_that_tie_at_once_agree_in_the_end(land: Country) -> None:
    here, province = seat(land.a), seat(land.province)
    mother, child = here.do(NewCase(intake(MOTHER))), here.do(NewCase(intake(CHILD)))
    aunt = here.do(NewCase(intake("Lý Thị Dở")))
    everywhere(land)
    here.do(groups.JoinGroup(child, Tie(mother, "child", "yes")))
    province.do(groups.JoinGroup(child, Tie(mother, "child", "yes")))
    province.do(groups.JoinGroup(aunt, Tie(mother, "sibling")))
    everywhere(land)
    found = [desk.ask(GroupOf(mother)) for desk in (here, province)]
    assert found[0] == found[1]
    assert {m.case_id for m in found[0].members} == {mother, child, aunt}
    assert [r.code for r in found[0].member(child).relations] == ["child"]  # said twice, shown once
    assert ties(land.a) == ties(land.province)
    assert not [row for row in here.ask(ListCases()) if row.conflicts]
    before = ties(land.a)
    land.a.store.rebuild()
    assert ties(land.a) == before


def test_another_relation_said_at_two_desks_waits_for_a_choice(land: Country) -> None:
    here, province = seat(land.a), seat(land.province)
    mother, child = together(here)
    everywhere(land)
    here.do(groups.ChangeRelation(child, Tie(mother, "relative", "yes")))
    province.do(groups.ChangeRelation(child, Tie(mother, "ward", "yes")))
    everywhere(land)
    for desk in (here, province):
        row = next(r for r in desk.ask(ListCases()) if r.case_id == child)
        assert row.conflicts == 1
    assert ties(land.a) == ties(land.province)


def test_taken_out_here_while_another_is_tied_there(land: Country) -> None:
    here, province = seat(land.a), seat(land.province)
    mother, child = together(here)
    aunt = here.do(NewCase(intake("Lý Thị Dở")))
    everywhere(land)
    here.do(groups.LeaveGroup(child, "Nhầm người"))
    province.do(groups.JoinGroup(aunt, Tie(child, "relative")))
    everywhere(land)
    for desk in (here, province):
        assert desk.ask(GroupOf(child)) is None
        group = desk.ask(GroupOf(mother))
        assert group is not None
        assert {m.case_id for m in group.members} == {mother, aunt}
        assert group.member(aunt).relations[0].case_id == ""
