"""A mother and her two children are received at night, by one officer with cold hands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from journey import Officer, answer, link, press, type_into, until
from journeys.conftest import Sit
from journeys.test_whole_cases import makes_paper, view
from traffick_desk.services import groups
from traffick_desk.services.groups import Tie
from traffick_desk.services.groups_read import Group, GroupOf
from traffick_desk.services.queries import Drafts, Entitlements, ListCases

ELSEWHERE = "2025/06040"  # Thất Khê
MOTHER: Mapping[str, Any] = {
    "case": {"return_form": "handed_over"},
    "person": {
        "name": "Lý Thị Mẩy", "sex": "female", "birth": "1995-01-10", "citizenship": "VN",
        "languages": ["hmn"], "interpreter": "yes",
    },
    "reception": {
        "at": "2026-11-10T23:40+07:00",
        "place": "Đồn Biên phòng cửa khẩu Hữu Nghị",
        "from_body": "border_guard",
        "from_officer": "Đại úy Lò Văn Nam",
        "from_country": "CN",
        "condition": "Mệt, rét",
        "urgent": ["food", "shelter"],
        "support_from": "2026-11-10",
    },
    "status": [{"status": "in_process", "since": "2026-11-10", "trafficked_in": "abroad"}],
}  # fmt: skip
BOY: Mapping[str, Any] = {
    "person": {
        "name": "Sùng A Páo", "sex": "male", "birth": "2019-03-01", "citizenship": "VN"
    },
}  # fmt: skip
GIRL: Mapping[str, Any] = {
    "person": {
        "name": "Sùng Thị Chứ", "sex": "female", "birth": "2021~", "citizenship": "VN"
    },
}  # fmt: skip


def group(officer: Officer, case_id: str) -> Group:
    found = officer.desk.ask(GroupOf(case_id))
    assert found is not None
    return found


def names(officer: Officer, case_id: str) -> set[str]:
    return {m.name for m in group(officer, case_id).members}


def section(officer: Officer, case_id: str) -> Any:
    page = officer.go("case", case_id=case_id, section="together")
    officer.settle()
    return page.stack.section("together")


def family(officer: Officer) -> tuple[str, str, str]:
    mother = officer.receives(MOTHER)
    boy = officer.receives(BOY, with_case=mother, relation="child")
    girl = officer.receives(GIRL, with_case=mother, relation="child")
    return mother, boy, girl


def law(officer: Officer, case_id: str) -> Any:
    person = view(officer, case_id).persons[0].id
    return officer.desk.ask(Entitlements(case_id, person))


def test_a_mother_and_her_two_children_are_received_at_night(
    officer: Officer, tmp_path: Path
) -> None:
    papers = tmp_path / "giấy tờ"
    papers.mkdir()
    mother, boy, girl = family(officer)
    assert names(officer, girl) == {"Lý Thị Mẩy", "Sùng A Páo", "Sùng Thị Chứ"}

    # What they share was typed once; what is the mother's own is not the children's.
    for child in (boy, girl):
        found = view(officer, child)
        (received,) = found.of("reception")
        assert received.get("place") == "Đồn Biên phòng cửa khẩu Hữu Nghị"
        assert received.get("at") == "2026-11-10T23:40+07:00"
        assert received.get("support_from") == "2026-11-10"
        assert received.get("condition") is None
        assert received.get("urgent") is None
        assert found.case.get("return_form") == "handed_over"
        assert found.persons[0].get("languages") == ["hmn"]
        assert found.row.file_no != view(officer, mother).row.file_no
        # A small child comes along: the law for accompanying persons, without a status of its own.
        assert not found.of("status")
        assert str(law(officer, child).outcome("a").result) == "granted"
    assert {m.relations[0].accompanies for m in group(officer, boy).members if m.relations} == {
        "yes"
    }

    # Blankets for all at once, in each case; one key takes it back.
    part = section(officer, mother)
    press(part.give_button)
    answer(part.panel.form.editor("item"), "clothes")
    answer(part.panel.form.editor("quantity"), 1)
    press(part.panel.submit_button)
    until(lambda: not part.panel.is_open(), "the blankets")
    assert all(view(officer, case).of("given_item") for case in (mother, boy, girl))

    # One record of reception names all three.
    part = section(officer, mother)
    press(part.paper_button)
    officer.settle()
    text = makes_paper(officer, mother, "noi-bo/bien-ban-tiep-nhan", papers)
    for name in ("Lý Thị Mẩy", "Sùng A Páo", "Sùng Thị Chứ"):
        assert name in text
    codes = {view(officer, case).of("paper")[0].get("code") for case in (mother, boy, girl)}
    assert len(codes) == 1


def test_nothing_typed_too_much_typed_and_a_wrong_tie(officer: Officer) -> None:
    mother = officer.receives(MOTHER)

    # Empty: the name is asked for, nothing is saved, nothing is left behind.
    page = officer.go("intake", with_case=mother)
    officer.settle()
    press(page.more_button)
    officer.settle()
    assert officer.window.page is page
    assert page.list.current() == "identity"
    assert len(officer.desk.ask(ListCases())) == 1
    assert officer.desk.ask(Drafts()) == ()

    # Too much: a name as long as a page is told off and stays typed.
    name = page.section("identity").form_with("person", "name")
    name.editor("name").focusProxy().setMaxLength(100_000)
    type_into(name.editor("name").focusProxy(), "á" * 5_000)
    press(page.save_button)
    officer.settle()
    assert len(officer.desk.ask(ListCases())) == 1
    assert name.box("name").problem()
    page.ask_to_drop()
    officer.settle()

    # Wrong: somebody who only came the same night is tied as a child, and taken out again.
    woman = {**GIRL, "person": {"name": "Sokha", "sex": "female", "citizenship": "KH"}}
    other = officer.receives(woman, with_case=mother, relation="child")
    part = section(officer, mother)
    part.table.selectRow(1)
    press(part.relation_button)
    answer(part.panel.form.editor("relation"), "received")
    press(part.panel.submit_button)
    until(lambda: not part.panel.is_open(), "the relation")
    assert group(officer, mother).member(other).relations[0].code == "received"
    part = section(officer, mother)
    part.table.selectRow(1)
    press(part.leave_button)
    press(part.panel.submit_button)
    officer.settle()
    assert part.panel.is_open()  # a reason is needed
    type_into(part.panel.reason, "Chỉ đến cùng đêm, không quen biết")
    press(part.panel.submit_button)
    until(lambda: not part.panel.is_open(), "the reason")
    officer.settle()
    assert officer.desk.ask(GroupOf(other)) is None
    assert "Chỉ đến cùng đêm" in str(view(officer, other).records["group_member"])
    officer.window.host.undo.undo()
    officer.settle()
    assert names(officer, other) == {"Lý Thị Mẩy", "Sokha"}


def test_the_province_ties_an_aunt_while_the_commune_adds_a_child(sit: Sit, stick: Path) -> None:
    here, province = sit("commune"), sit("province")
    link(here, province, stick)
    mother = here.receives(MOTHER)
    aunt = here.receives({**MOTHER, "person": {"name": "Lý Thị Dở", "sex": "female"}})
    here.carries(stick, export=True)
    province.carries(stick, export=False)
    boy = here.receives(BOY, with_case=mother, relation="child")
    province.desk.do(groups.JoinGroup(aunt, Tie(mother, "sibling")))
    for sender, receiver in ((here, province), (province, here)):
        sender.carries(stick, export=True)
        receiver.carries(stick, export=False)
    everybody = {"Lý Thị Mẩy", "Lý Thị Dở", "Sùng A Páo"}
    for officer in (here, province):
        for case in (mother, aunt, boy):
            assert names(officer, case) == everybody
        assert not [row for row in officer.desk.ask(ListCases()) if row.conflicts]
    part = section(here, mother)
    assert part.table.rows.rowCount() == 3

    # She moves on: here only that there is another case is seen of her from now on.
    page = here.go("case", case_id=mother, section="frame")
    frame = page.stack.section("frame").parts["case"][1]
    frame.change()
    here._fill(frame.form, {"unit": ELSEWHERE})
    here._submit(frame)
    section(here, boy)
    shown = [w.text() for w in here.window.findChildren(QLabel) if w.isVisible()]
    assert not [text for text in shown if "Mẩy" in text]
    assert here.window.page.findChild(QWidget, "together_elsewhere").isVisible()
    assert names(here, boy) == {"Lý Thị Dở", "Sùng A Páo"}
    assert names(province, boy) == everybody


@pytest.mark.parametrize("times", [12])
def test_a_lorry_full_of_people_is_one_group(officer: Officer, times: int) -> None:
    first = officer.receives(MOTHER)
    page = officer.go("intake", with_case=first)
    for number in range(times):
        officer.settle()
        name = page.section("identity").form_with("person", "name")
        type_into(name.editor("name").focusProxy(), f"Người {number}")
        press(page.more_button)
        count = number + 2
        until(lambda count=count: len(officer.desk.ask(ListCases())) == count, "the case")
        officer.settle()
    assert len(group(officer, first).members) == times + 1
    part = section(officer, first)
    assert part.table.rows.rowCount() == times + 1
