"""People received together: each has a case, ties hold them, and nobody is dragged along."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.conftest import COMMUNE, take_in
from traffick_desk import i18n
from traffick_desk.services import groups
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.groups import Tie
from traffick_desk.services.groups_read import Group, GroupOf
from traffick_desk.services.queries import (
    Clocks,
    CountCases,
    Entitlements,
    History,
    ListCases,
    OpenCase,
    SearchCases,
)
from traffick_desk.services.referrals import SharedFacts
from traffick_desk.services.tips import NewTip
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

ELSEWHERE = "2025/06001"


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


def intake(name: str, at: str = "2026-11-20T21:00+07:00", **person: Any) -> tuple[Edit, ...]:
    return (
        Edit("case", new_id(), {}),
        Edit("person", new_id(), {"role": "main", "name": name, **person}),
        Edit("reception", new_id(), {"at": at}),
    )


@pytest.fixture
def mother(desk: Desk) -> str:
    return desk.do(NewCase(intake("Lý Thị Mẩy", sex="female", birth="1995", citizenship="VN")))


def child_of(desk: Desk, mother: str, name: str = "Sùng A Páo", **more: Any) -> str:
    values = {"sex": "male", "birth": "2019-03-01", "citizenship": "VN", **more}
    return desk.do(groups.NewCaseWith(intake(name, **values), Tie(mother, "child", "yes")))


def group(desk: Desk, case: str) -> Group:
    found = desk.ask(GroupOf(case))
    assert found is not None
    return found


def names(desk: Desk, case: str) -> list[str]:
    return [m.name for m in group(desk, case).members]


def actions(desk: Desk) -> list[str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action FROM audit ORDER BY seq")
        return [action for (action,) in cursor.fetchall()]


def write(desk: Desk, record: str, case: str, **values: Any) -> None:
    desk.do(SaveRecords((Edit(record, new_id(), {"case": case, **values}),)))


def person(desk: Desk, case: str) -> str:
    return desk.ask(OpenCase(case)).persons[0].id


def test_who_came_alone_is_in_no_group(desk, mother) -> None:
    assert desk.ask(GroupOf(mother)) is None
    assert not desk.ask(ListCases())[0].grouped


def test_a_mother_and_two_children_have_three_cases_and_one_group(desk, mother) -> None:
    first = child_of(desk, mother)
    second = child_of(desk, first and mother, "Sùng Thị Chứ", sex="female", birth="2021")
    assert desk.ask(CountCases()) == 3
    for case in (mother, first, second):
        assert names(desk, case) == ["Lý Thị Mẩy", "Sùng A Páo", "Sùng Thị Chứ"]
        assert not group(desk, case).elsewhere
    said = group(desk, mother).member(first).relations
    assert [(r.code, r.case_id, r.accompanies) for r in said] == [("child", mother, "yes")]
    assert group(desk, first).member(mother).relations == ()
    assert all(row.grouped for row in desk.ask(ListCases()))
    numbers = {row.file_no for row in desk.ask(ListCases())}
    assert len(numbers) == 3


def test_nothing_of_the_others_is_written_into_a_case(desk, mother) -> None:
    child = child_of(desk, mother)
    for case, other in ((mother, "Páo"), (child, "Mẩy")):
        told = str(desk.ask(History(case)))
        assert other not in told
        assert (mother if case == child else child) not in told


def test_the_code_of_the_group_finds_all_of_it(desk, mother) -> None:
    child_of(desk, mother)
    take_in(desk, "E1")
    (code,) = group(desk, mother).codes
    assert {hit.row.name for hit in desk.ask(SearchCases(code.lower()))} == {
        "Lý Thị Mẩy",
        "Sùng A Páo",
    }


def test_a_child_who_comes_along_gets_what_the_law_gives_it_through_her_mother(
    desk, mother
) -> None:
    child = child_of(desk, mother)
    before = desk.ask(Entitlements(child, person(desk, child), date(2026, 11, 21)))
    assert before.law.law is None  # nothing is known of the mother yet
    write(
        desk, "status", mother, person=person(desk, mother), status="victim", since="2026-11-20",
        trafficked_in="abroad",
    )  # fmt: skip
    found = desk.ask(Entitlements(child, person(desk, child), date(2026, 11, 21)))
    assert found.law.law == "L53"
    assert str(found.outcome("a").result) == "granted"
    assert "accompan" in str(found.category)
    # Without the tie the same child is nobody whom the law names.
    (back,) = desk.do(groups.ChangeRelation(child, Tie(mother, "child", "no")))
    alone = desk.ask(Entitlements(child, person(desk, child), date(2026, 11, 21)))
    assert alone.law.law is None
    desk.do(SaveRecords((back,)))
    again = desk.ask(Entitlements(child, person(desk, child), date(2026, 11, 21)))
    assert str(again.outcome("a").result) == "granted"
    desk.do(groups.LeaveGroup(mother, "Nhầm người"))
    left = desk.ask(Entitlements(child, person(desk, child), date(2026, 11, 21)))
    assert left.law.law is None


def test_the_periods_of_a_child_follow_the_law_of_whom_it_accompanies(desk) -> None:
    day = "2026-11-20T09:00+07:00"
    mother = desk.do(NewCase(intake("Lý Thị Mẩy", day, sex="female", citizenship="VN")))
    edits = intake("Sùng A Páo", day, birth="2019-03-01")
    child = desk.do(groups.NewCaseWith(edits, Tie(mother, "child", "yes")))

    def running(case: str) -> set[str]:
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT clock FROM deadline WHERE case_id = ?", (case,))
            return {clock for (clock,) in cursor.fetchall()}

    def told(case: str) -> set[str]:
        found = desk.ask(Clocks(case, date(2199, 12, 31)))
        return {c.rule.id for _p, c in found if c.stopped_at is None and c.started_at and c.due_at}

    new_law = running(child)
    assert new_law == told(child) != set()
    values = {"status": "victim", "since": "2024-03-05", "trafficked_in": "abroad"}
    write(desk, "status", mother, person=person(desk, mother), **values)
    assert running(child) == told(child)
    assert running(child) != new_law
    tables = running(child)
    desk.context.store.rebuild()
    assert running(child) == tables
    desk.do(groups.LeaveGroup(mother, "Nhầm người"))
    assert running(child) == told(child) == new_law


def test_a_case_is_tied_taken_out_and_tied_again(desk, mother) -> None:
    sister = desk.do(NewCase(intake("Lý Thị Dở")))
    records = desk.do(groups.JoinGroup(sister, Tie(mother, "sibling")))
    assert len(records) == 2  # the first tie makes the group of both
    with pytest.raises(groups.AlreadyTogether):
        desk.do(groups.JoinGroup(mother, Tie(sister, "sibling")))
    with pytest.raises(InvalidValues):
        desk.do(groups.LeaveGroup(sister, "  "))
    out = desk.do(groups.LeaveGroup(sister, "Không cùng đoàn"))
    assert desk.ask(GroupOf(sister)) is None
    assert names(desk, mother) == ["Lý Thị Mẩy"]
    assert not group(desk, mother).elsewhere
    assert not any(row.grouped for row in desk.ask(ListCases()))
    with pytest.raises(groups.NotTogether):
        desk.do(groups.LeaveGroup(sister, "Không cùng đoàn"))
    desk.do(groups.RestoreRecords("group_member", out))
    assert names(desk, mother) == ["Lý Thị Mẩy", "Lý Thị Dở"]
    desk.do(groups.TakeBackRecords("group_member", records))
    assert desk.ask(GroupOf(mother)) is None
    voided = [i.fields[VOID] for i in desk.ask(History(sister)) if VOID in i.fields]
    assert "Không cùng đoàn" in voided
    assert {"group.join", "group.leave", "records.restore"} <= set(actions(desk))


def test_what_cannot_be_tied_is_refused_and_nothing_is_written(desk, mother) -> None:
    tip = desk.do(NewTip({"channel": "phone", "urgency": "now", "about": "Xe khách"}))
    for wrong in (tip, new_id(), ""):
        with pytest.raises(NotHere):
            desk.do(groups.JoinGroup(mother, Tie(wrong)))
        with pytest.raises(NotHere):
            desk.do(groups.JoinGroup(wrong, Tie(mother)))
        with pytest.raises(NotHere):
            desk.do(groups.NewCaseWith(intake("Dợ"), Tie(wrong)))
    with pytest.raises(groups.SameCase):
        desk.do(groups.JoinGroup(mother, Tie(mother)))
    with pytest.raises(InvalidValues):
        desk.do(groups.NewCaseWith(intake("Dợ"), Tie(mother, "cousin of a friend")))
    assert desk.ask(CountCases()) == 1
    assert desk.ask(GroupOf(mother)) is None


def test_another_relation_is_said_and_taken_back(desk, mother) -> None:
    child = child_of(desk, mother)
    aunt = desk.do(groups.NewCaseWith(intake("Lý Thị Dở"), Tie(mother, "sibling")))
    back = desk.do(groups.ChangeRelation(child, Tie(aunt, "ward", "yes")))
    (said,) = group(desk, mother).member(child).relations
    assert (said.code, said.case_id) == ("ward", aunt)
    desk.do(SaveRecords(back))
    (said,) = group(desk, mother).member(child).relations
    assert (said.code, said.case_id) == ("child", mother)
    alone = desk.do(NewCase(intake("Sokha")))
    with pytest.raises(groups.NotTogether):
        desk.do(groups.ChangeRelation(alone, Tie(mother, "sibling")))
    with pytest.raises(groups.SameCase):
        desk.do(groups.ChangeRelation(child, Tie(child, "sibling")))


def test_two_groups_become_one_when_somebody_belongs_to_both(desk, mother) -> None:
    child = child_of(desk, mother)
    aunt = desk.do(NewCase(intake("Lý Thị Dở")))
    cousin = child_of(desk, aunt, "Vàng A Chá")
    desk.do(groups.JoinGroup(aunt, Tie(mother, "sibling")))
    for case in (mother, child, aunt, cousin):
        assert set(names(desk, case)) == {"Lý Thị Mẩy", "Sùng A Páo", "Lý Thị Dở", "Vàng A Chá"}
    assert len(group(desk, cousin).codes) == 2


def test_a_case_taken_back_is_no_longer_of_the_group(desk, mother) -> None:
    child = child_of(desk, mother)
    desk.do(SaveRecords((Edit("case", child, {VOID: "Trùng"}),)))
    assert names(desk, mother) == ["Lý Thị Mẩy"]


def test_all_are_given_the_same_at_once_and_it_can_be_taken_back(desk, mother) -> None:
    child = child_of(desk, mother)
    values = {"item": "meal", "quantity": 2, "given_on": "2026-11-20"}
    records = desk.do(groups.GiveToAll((mother, child, mother), values))
    assert len(records) == 2
    for case in (mother, child):
        (given,) = desk.ask(OpenCase(case)).of("given_item")
        assert (given.get("quantity"), given.get("person")) == (2, person(desk, case))
    desk.do(groups.TakeBackRecords("given_item", records))
    assert not desk.ask(OpenCase(mother)).of("given_item")
    for cases, wrong in (((), values), ((mother,), {}), ((mother,), {**values, "quantity": 0})):
        with pytest.raises(InvalidValues):
            desk.do(groups.GiveToAll(cases, wrong))
    with pytest.raises(NotHere):
        desk.do(groups.GiveToAll((mother, new_id()), values))
    assert not desk.ask(OpenCase(mother)).of("given_item")


def test_a_referral_of_the_mother_does_not_say_that_no_child_comes_along(desk, mother) -> None:
    def told() -> str:
        (line,) = desk.ask(SharedFacts(mother, person(desk, mother), ("minors",)))
        return str(line.value)

    assert told() == "none"
    child_of(desk, mother)
    assert told() == ""


def test_of_a_case_that_moved_away_the_commune_sees_only_that_there_is_one(desk, mother) -> None:
    child = child_of(desk, mother)
    aunt = desk.do(groups.NewCaseWith(intake("Lý Thị Dở"), Tie(mother, "sibling")))
    desk.do(SaveRecords((Edit("case", mother, {"unit": ELSEWHERE}),)))
    found = group(desk, child)
    assert [m.case_id for m in found.members] == [child, aunt]
    assert found.elsewhere
    assert "Mẩy" not in str(found)
    assert mother not in str(found)
    (said,) = found.member(child).relations
    assert (said.code, said.case_id, said.elsewhere) == ("child", "", True)
    with pytest.raises(groups.AtAnotherDesk):
        desk.do(groups.JoinGroup(desk.do(NewCase(intake("Sokha"))), Tie(mother)))
    with pytest.raises(groups.AtAnotherDesk):
        desk.do(groups.GiveToAll((child, mother), {"item": "meal"}))


def test_who_may_not_read_cases_learns_of_no_group(desk, mother) -> None:
    child = child_of(desk, mother)
    object.__setattr__(desk.context.info, "role", "clerk")
    with pytest.raises(NotAllowed):
        desk.ask(GroupOf(child))
    with pytest.raises(NotAllowed):
        desk.do(groups.LeaveGroup(child, "x"))


def test_a_hundred_rescued_at_once_are_one_group(desk, mother) -> None:
    for number in range(99):
        edits = intake(f"Người {number}")
        desk.do(groups.NewCaseWith(edits, Tie(mother, "received")))
    assert len(group(desk, mother).members) == 100
    assert desk.info.unit == COMMUNE
