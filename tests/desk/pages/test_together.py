"""People received together, as an officer would tell it: each has a case, ties hold them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

from desk.pages import world
from traffick_desk.services import groups, queries
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.groups import Tie
from traffick_desk.services.groups_read import GroupOf
from traffick_desk.store.journal import Edit


def intake_edits(name, **person):
    reception = {
        "at": "2026-11-20T21:00+07:00",
        "place": "Đồn BP Lũng Cú",
        "from_body": "border_guard",
        "from_officer": "Thiếu tá Lò Văn Nam",
        "support_from": "2026-11-20",
        "condition": "Mệt",
        "urgent": ["food"],
    }
    return (
        Edit("case", new_id(), {"return_form": "handed_over", "group_name": "Lũng Cú 20/11"}),
        Edit("person", new_id(), {"role": "main", "name": name, **person}),
        Edit("reception", new_id(), reception),
    )


@pytest.fixture
def mother(officer):
    edits = intake_edits(
        "Lý Thị Mẩy", sex="female", birth="1995", languages=["hmn"], interpreter="yes", phone="0912"
    )
    return officer.desk.do(NewCase(edits))


@pytest.fixture
def child(officer, mother):
    edits = intake_edits("Sùng A Páo", sex="male", birth="2019-03-01")
    return officer.desk.do(groups.NewCaseWith(edits, Tie(mother, "child", "yes")))


def cases(officer):
    return officer.desk.ask(queries.ListCases(order="opened_on"))


def view(officer, case_id):
    return officer.desk.ask(queries.OpenCase(case_id))


def group(officer, case_id):
    return officer.desk.ask(GroupOf(case_id))


def form(officer, section, record, field):
    return officer.page.section(section).form_with(record, field)


def relate(officer, relation):
    officer.page.group.form.editor("relation").set_value(relation)
    officer.page.group.form.editor("relation").edited.emit()
    officer.wait()


def together(officer, case_id):
    page = officer.go("case", case_id=case_id, section="together")
    return page.stack.section("together")


def drafts(officer):
    return officer.desk.ask(queries.Drafts())


# -- intake ---------------------------------------------------------------------------------------


def test_the_next_of_the_group_begins_with_what_they_share_and_nothing_of_the_person(
    officer, mother
):
    page = officer.go("intake", with_case=mother)
    said = officer.child(QLabel, "intake_group_title").text()
    assert view(officer, mother).row.file_no in said
    assert "Mẩy" not in said
    shared = page.section("reception").values("reception")
    assert shared["place"] == "Đồn BP Lũng Cú"
    assert shared["from_officer"] == "Thiếu tá Lò Văn Nam"
    assert shared["at"] == "2026-11-20T21:00+07:00"
    assert shared["support_from"] == "2026-11-20"
    assert not {"condition", "urgent", "note"} & set(shared)
    assert page.section("reception").values("case")["return_form"] == "handed_over"
    assert page.values("identity", "person") == {}
    place = form(officer, "reception", "reception", "place")
    assert "Taken over from" in place.findChild(QLabel, "place_line").text()
    # Nothing was typed yet, so there is nothing to keep.
    assert page.typed() is None
    assert drafts(officer) == ()


def test_of_a_family_the_language_is_taken_over_and_a_small_child_comes_along(officer, mother):
    page = officer.go("intake", with_case=mother)
    officer.type(form(officer, "identity", "person", "birth"), "birth", "2019")
    relate(officer, "received")
    assert "languages" not in page.values("identity", "person")
    assert not page.group.comes_along()
    relate(officer, "child")
    spoken = page.values("identity", "person")
    assert (spoken["languages"], spoken["interpreter"]) == (["hmn"], "yes")
    assert "phone" not in spoken
    assert page.group.comes_along()
    page.list.choose("status")
    # Who only comes along is not made a person being identified.
    assert page.values("status", "status") == {}


def test_an_adult_sister_does_not_come_along(officer, mother):
    page = officer.go("intake", with_case=mother)
    officer.type(form(officer, "identity", "person", "birth"), "birth", "1999")
    relate(officer, "sibling")
    assert not page.group.comes_along()


def test_i_open_a_case_and_go_on_with_one_more_of_the_group(officer):
    officer.go("intake")
    officer.type(form(officer, "identity", "person", "name"), "name", "Lý Thị Mẩy")
    officer.page.list.choose("reception")
    officer.type(form(officer, "reception", "reception", "place"), "place", "Đồn BP Lũng Cú")
    officer.press("intake_more")
    assert officer.page.name == "intake"
    (mother,) = cases(officer)
    assert officer.page.group.case_id == mother.case_id
    for name in ("Sùng A Páo", "Sùng Thị Chứ"):
        assert form(officer, "identity", "person", "name").editor("name").value() is None
        relate(officer, "child")
        officer.type(form(officer, "identity", "person", "name"), "name", name)
        officer.press("intake_more")
    # All are something to the one who came first, not to the one before.
    found = group(officer, mother.case_id)
    assert [m.name for m in found.members] == ["Lý Thị Mẩy", "Sùng A Páo", "Sùng Thị Chứ"]
    assert {r.case_id for m in found.members for r in m.relations} == {mother.case_id}
    assert {r.code for m in found.members for r in m.relations} == {"child"}
    places = {view(officer, m.case_id).of("reception")[0].get("place") for m in found.members}
    assert places == {"Đồn BP Lũng Cú"}
    assert drafts(officer) == ()


def test_the_draft_of_one_more_keeps_with_whom_when_the_power_goes(officer, mother, sit_down):
    officer.go("intake", with_case=mother)
    officer.type(form(officer, "identity", "person", "name"), "name", "Sùng A Páo")
    relate(officer, "child")
    place = form(officer, "reception", "reception", "place")
    officer.type(place, "place", "Trạm y tế")
    officer.until(lambda: len(drafts(officer)) == 1)
    officer.wait()
    officer.page.save_drafts()
    officer.wait()
    officer.close()
    (draft,) = drafts(officer)
    assert "Sùng" not in draft.title
    again = sit_down(officer.desk)
    again.go("intake", draft=draft.key)
    again.wait()
    assert again.page.group.tie() == Tie(mother, "child", "")
    assert again.page.values("reception", "reception")["place"] == "Trạm y tế"
    again.press("intake_save")
    assert again.page.name == "case"
    assert len(group(again, mother).members) == 2


def test_not_together_after_all(officer, mother):
    officer.go("intake", with_case=mother)
    officer.type(form(officer, "identity", "person", "name"), "name", "Sokha")
    officer.press("intake_group_alone")
    officer.press("intake_save")
    assert len(cases(officer)) == 2
    assert group(officer, mother) is None


def test_when_the_other_case_has_moved_away_nothing_typed_is_lost(officer, mother):
    officer.go("intake", with_case=mother)
    officer.type(form(officer, "identity", "person", "name"), "name", "Sùng A Páo")
    officer.desk.do(SaveRecords((Edit("case", mother, {"unit": "2025/06001"}),)))
    officer.wait()
    officer.press("intake_save")
    assert officer.page.name == "intake"
    assert any("another commune" in text for text in officer.notices())
    assert len(cases(officer)) == 1
    assert form(officer, "identity", "person", "name").editor("name").value() == "Sùng A Páo"
    officer.press("intake_group_alone")
    officer.press("intake_save")
    assert officer.page.name == "case"


# -- the case -------------------------------------------------------------------------------------


def test_the_head_and_the_section_tell_who_came_along(officer, mother, child):
    section = together(officer, mother)
    assert officer.child(QLabel, "case_identity").text().endswith("with 1 other")
    words = [section.table.rows._rows[n][0] for n in range(2)]
    assert words[0][0].startswith("Lý Thị Mẩy")
    assert words[0][1] == "this case"
    assert words[1][0] == "Sùng A Páo · male, 7 years old"
    assert words[1][1] == "Child of Lý Thị Mẩy, under 18, comes along"
    assert words[1][2] == f"{view(officer, child).row.file_no}\nReception"
    assert section.elsewhere.isHidden()
    section.table.selectRow(1)
    officer.press("together_open")
    assert officer.page.case.row.case_id == child
    assert officer.page.list.current() == "together"


def test_names_are_masked_in_the_privacy_view(officer, mother, child):
    officer.window.host.privacy.switch(True)
    section = together(officer, mother)
    said = str([section.table.rows._rows[n][0] for n in range(2)])
    assert "Páo" not in said
    assert "Mẩy" not in said


def test_from_the_case_i_add_one_more_person(officer, mother):
    together(officer, mother)
    officer.press("together_add")
    assert officer.page.name == "intake"
    assert officer.page.group.case_id == mother


def test_the_palette_adds_one_more_person_too(officer, mother):
    officer.go("case", case_id=mother)
    (command,) = [c for c in officer.page.commands() if "one more person" in c.words]
    command.act()
    officer.wait()
    assert officer.page.group.case_id == mother


def test_i_tie_a_case_that_there_is_and_undo_it(officer, mother):
    sister = officer.desk.do(NewCase(intake_edits("Lý Thị Dở", birth="1999")))
    section = together(officer, mother)
    officer.press("together_tie")
    section.panel.finder.search.setText("ly thi")
    officer.until(lambda: section.panel.finder.model.rowCount() > 0)
    found = section.panel.finder.model
    # The case itself is not offered.
    assert [found.line(n).id for n in range(found.rowCount())] == [sister]
    officer.press("together_submit")
    assert group(officer, mother) is None  # what she is to the other was not said yet
    section.panel.form.editor("relation").set_value("sibling")
    officer.press("together_submit")
    assert {m.case_id for m in group(officer, mother).members} == {mother, sister}
    assert section.table.rows.rowCount() == 2
    officer.window.host.undo.undo()
    officer.wait()
    assert group(officer, mother) is None
    assert not section.empty.isHidden()


def test_without_a_case_chosen_nothing_is_tied(officer, mother):
    section = together(officer, mother)
    officer.press("together_tie")
    section.panel.form.editor("relation").set_value("sibling")
    section.panel.finder.search.setText("nobody is called so")
    officer.press("together_submit")
    assert officer.child(QLabel, "together_said").text()
    assert group(officer, mother) is None


def test_somebody_is_taken_out_with_a_reason_and_put_back(officer, mother, child):
    section = together(officer, mother)
    section.table.selectRow(1)
    officer.press("together_leave")
    officer.press("together_submit")
    assert "reason" in officer.child(QLabel, "together_refused").text()
    section.panel.reason.setText("Không phải con của chị")
    officer.press("together_submit")
    assert group(officer, child) is None
    assert section.table.rows.rowCount() == 1
    officer.window.host.undo.undo()
    officer.wait()
    assert len(group(officer, child).members) == 2


def test_another_relation_is_said(officer, mother, child):
    section = together(officer, mother)
    section.table.selectRow(1)
    officer.press("together_relation")
    panel = section.panel
    assert panel.form.values() == {"relation": "child", "toward": mother, "accompanies": "yes"}
    panel.form.editor("relation").set_value("ward")
    officer.press("together_submit")
    (said,) = group(officer, mother).member(child).relations
    assert said.code == "ward"
    assert "In the care of Lý Thị Mẩy" in section.table.rows._rows[1][0][1]


def test_i_give_the_same_to_those_whom_i_choose(officer, mother, child):
    edits = intake_edits("Sùng Thị Chứ", birth="2021")
    baby = officer.desk.do(groups.NewCaseWith(edits, Tie(mother, "child", "yes")))
    section = together(officer, mother)
    officer.press("together_give")
    numbers = {m.case_id: m.file_no for m in section.group.members}
    officer.child(QCheckBox, f"together_to_{numbers[baby]}").setChecked(False)
    assert "2 persons" in officer.child(QPushButton, "together_submit").text()
    section.panel.form.editor("item").set_value("meal")
    section.panel.form.editor("quantity").set_value(3)
    officer.press("together_submit")
    assert [g.get("quantity") for g in view(officer, mother).of("given_item")] == [3]
    assert [g.get("quantity") for g in view(officer, child).of("given_item")] == [3]
    assert not view(officer, baby).of("given_item")
    officer.window.host.undo.undo()
    officer.wait()
    assert not view(officer, mother).of("given_item")


def test_to_nobody_nothing_can_be_given(officer, mother, child):
    section = together(officer, mother)
    officer.press("together_give")
    for box in section.panel.boxes.values():
        box.setChecked(False)
    assert not section.panel.submit_button.isEnabled()


def test_what_i_was_typing_about_the_group_is_kept(officer, mother, child, sit_down):
    section = together(officer, mother)
    section.table.selectRow(1)
    officer.press("together_leave")
    section.panel.reason.setText("Chưa chắc")
    officer.until(lambda: len(drafts(officer)) == 1)
    officer.wait()
    officer.page.save_drafts()
    officer.wait()
    officer.close()
    again = sit_down(officer.desk)
    page = again.go("case", case_id=mother)
    again.wait()
    panel = page.stack.section("together").panel
    assert panel.is_open()
    assert panel.reason.text() == "Chưa chắc"


def test_of_a_case_at_another_commune_the_officer_sees_only_that_there_is_one(
    officer, mother, child
):
    officer.desk.do(SaveRecords((Edit("case", mother, {"unit": "2025/06001"}),)))
    section = together(officer, child)
    assert not section.elsewhere.isHidden()
    assert section.elsewhere.text() == "A case of this group is at another desk."
    said = str([section.table.rows._rows[n][0] for n in range(section.table.rows.rowCount())])
    assert "Mẩy" not in said
    assert "Child of a person at another desk" in said
    for widget in officer.window.findChildren(QLabel):
        assert "Mẩy" not in widget.text()


def test_a_conflict_about_the_relation_is_shown_in_words(officer, province, mother, child):
    world.carry(officer.desk, province)
    officer.desk.do(groups.ChangeRelation(child, Tie(mother, "relative", "yes")))
    province.do(groups.ChangeRelation(child, Tie(mother, "ward", "yes")))
    world.carry(province, officer.desk)
    officer.go("case", case_id=child)
    officer.page.list.choose("conflicts")
    officer.wait()
    texts = " ".join(w.text() for w in officer.page.findChildren(QLabel))
    assert "Another relative of" in texts
    assert "In the care of" in texts


# -- papers and the list --------------------------------------------------------------------------


def test_one_paper_names_all_and_is_noted_in_each_case(officer, mother, child):
    together(officer, mother)
    officer.press("together_paper")
    page = officer.page
    officer.until(page.print_button.isEnabled)
    assert page.together.mode == "all"
    command = page._issue()
    issued = command()
    assert issued.pdf.startswith(b"%PDF")
    for case in (mother, child):
        (paper,) = view(officer, case).of("paper")
        assert paper.get("code") == issued.code
        # Kept, it would go with one case to where the other must not be known.
        assert paper.get("content") is None
    officer.wait()


def test_one_paper_of_each(officer, mother, child):
    officer.go("paper", case_id=mother, form="noi-bo/phieu-dong-y")
    page = officer.page
    officer.until(page.print_button.isEnabled)
    box = page.together.box
    assert box.findData("all") == -1  # a consent is each person's own
    box.setCurrentIndex(box.findData("each"))
    box.activated.emit(box.currentIndex())
    officer.wait()
    page._issue()()
    codes = {view(officer, case).of("paper")[0].get("code") for case in (mother, child)}
    assert len(codes) == 2
    officer.wait()


def test_who_came_alone_is_not_asked_for_whom_a_paper_is(officer, mother):
    officer.go("paper", case_id=mother)
    assert officer.page.together.isHidden()
