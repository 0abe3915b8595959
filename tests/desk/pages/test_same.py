"""The same person again, in the window: found, tied, untied, and what is told of the other case."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from desk.pages import world
from desk.pages.conftest import Officer, TodayPage
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.same import SamePage
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.queries import RefreshCase
from traffick_desk.services.same_person.ties import OtherCases, TieCases
from traffick_desk.store.journal import Edit


@pytest.fixture
def officer(desk_app, qtbot, tmp_path):
    desk = world.make_desk(tmp_path)
    made = Officer(qtbot, desk, TodayPage, CasePage, SamePage)
    yield made
    made.close()
    desk.close()


def enter(desk, name, birth="1999-03-04"):
    values = {"role": "main", "name": name, "birth": birth, "sex": "female"}
    return desk.do(NewCase((Edit("case", new_id(), {}), Edit("person", new_id(), values))))


def dialog(name: str) -> QDialog:
    return next(w for w in QApplication.topLevelWidgets() if w.objectName() == name
                and w.isVisible())  # fmt: skip


def test_a_case_page_asks_about_an_older_case_and_ties_it(officer):
    one, two = enter(officer.desk, "Vàng Thị Xay"), enter(officer.desk, "Vàng Xay")
    page = officer.go("case", case_id=two)
    officer.until(page.same.maybe.isVisible)
    text = page.same.maybe.model.line(0).text
    assert "likely: " in text
    assert "same date of birth" in text
    page.same.tie()
    asked = dialog("tie")
    assert not asked.do.isEnabled()
    asked.grounds["person_says"].setChecked(True)
    asked.do.click()
    officer.wait()
    assert page.same.tied.isVisible()
    assert not page.same.maybe.isVisible()
    assert officer.desk.ask(OtherCases(two))[0].case_id == one
    officer.window.host.undo.undo()
    officer.wait()
    assert officer.desk.ask(OtherCases(two)) == ()


def test_the_other_case_tells_its_days_and_opens(officer):
    one, two = enter(officer.desk, "Vàng Thị Xay"), enter(officer.desk, "Vàng Xay")
    person = officer.desk.ask(RefreshCase(one)).persons[0].id
    stay = {"case": one, "person": person, "kind": "social", "since": "2026-01-01",
            "until": "2026-01-10"}  # fmt: skip
    officer.desk.do(SaveRecords((Edit("stay", new_id(), stay),)))
    officer.desk.do(TieCases(one, two, ("known",), "chị kể"))
    page = officer.go("case", case_id=two)
    officer.until(page.same.tied.isVisible)
    text = page.same.tied.model.line(0).text
    assert "counted by hand: 10 days (01/01/2026 – 10/01/2026)" in text
    assert "chị kể" in text
    page.same.tied.open_chosen()
    officer.wait()
    assert page.case.row.case_id == one
    page.same.untie()
    asked = dialog("untie")
    assert not asked.do.isEnabled()
    asked.reason.setText("giấy của người khác")
    asked.do.click()
    officer.wait()
    assert officer.desk.ask(OtherCases(one)) == ()
    officer.window.host.undo.undo()
    officer.wait()
    assert officer.desk.ask(OtherCases(one))[0].note == "chị kể"


def test_the_privacy_view_masks_the_names_of_what_was_found(officer):
    enter(officer.desk, "Vàng Thị Xay")
    two = enter(officer.desk, "Vàng Xay")
    page = officer.go("case", case_id=two)
    officer.until(page.same.maybe.isVisible)
    assert "Vàng Thị Xay" in page.same.maybe.model.line(0).text
    officer.window.host.privacy.switch(True)
    assert "Vàng" not in page.same.maybe.model.line(0).text
    pairs = officer.go("same")
    officer.until(lambda: pairs.count.text() == "1 pair")
    assert "Vàng" not in pairs.model.line(0).text


def test_somebody_else_is_remembered_and_taken_back(officer):
    enter(officer.desk, "Vàng Thị Xay")
    two = enter(officer.desk, "Vàng Xay")
    page = officer.go("case", case_id=two)
    officer.until(page.same.maybe.isVisible)
    page.same._say("other")
    officer.wait()
    assert not page.same.maybe.isVisible()
    officer.window.host.undo.undo()
    officer.wait()
    assert page.same.maybe.isVisible()


def test_a_case_is_named_by_its_number(officer):
    one, two = enter(officer.desk, "Vàng Thị Xay"), enter(officer.desk, "Trần Lan", "1980")
    number = officer.desk.ask(RefreshCase(one)).row.file_no
    page = officer.go("case", case_id=two)
    page.same.tie_another()
    asked = dialog("tie")
    asked.reason.setText("chị nói")
    asked.number.setText("nothing")
    officer.wait()
    lines = asked.words.text().split("\n")
    assert lines[0].endswith(" · Trần Lan")
    assert lines[1:] == ["No other case has this number."]
    assert not asked.do.isEnabled()
    asked.number.setText(number)
    officer.until(asked.do.isEnabled)
    asked.do.click()
    officer.wait()
    assert officer.desk.ask(OtherCases(two))[0].case_id == one


def test_the_page_of_pairs_compares_while_it_is_shown(officer):
    one = enter(officer.desk, "Vàng Thị Xay")
    two = enter(officer.desk, "Vàng Thị Xay")
    enter(officer.desk, "Trần Văn Bình", "1980-01-01")
    page = officer.go("same")
    officer.until(lambda: page.count.text() == "1 pair")
    pair = page.current()
    assert {pair.one.row.case_id, pair.other.row.case_id} == {one, two}
    page.say("later")
    officer.until(lambda: page.count.text() == "0 pairs · 1 put off")
    assert not page.buttons[0].isEnabled()
    page.put_off.setChecked(True)
    officer.until(lambda: page.count.text() == "1 pair · 1 put off")
    page.say("other")
    officer.until(lambda: page.count.text() == "0 pairs")
    officer.window.host.undo.undo()
    officer.until(lambda: page.count.text() == "1 pair · 1 put off")
    page.tie()
    asked = dialog("tie")
    asked.grounds["papers"].setChecked(True)
    asked.do.click()
    officer.until(lambda: page.count.text() == "0 pairs")
    assert officer.desk.ask(OtherCases(one))[0].case_id == two


def test_a_commune_that_may_not_see_the_other_case_is_told_only_that_there_is_one(officer):
    one = enter(officer.desk, "Vàng Thị Xay")
    tie = {"case": one, "tie": "0" * 32, "said_on": "2026-11-20", "said_by": "Sở Y tế"}
    officer.desk.do(SaveRecords((Edit("same_person", new_id(), tie),)))
    page = officer.go("case", case_id=one)
    officer.until(page.same.tied.isVisible)
    assert page.same.tied.model.line(0).text == (
        "Another commune has a case that the province says is of the same person "
        "(said on 20/11/2026 by Sở Y tế)."
    )
    page.same.tied.open_chosen()
    officer.wait()
    assert page.case.row.case_id == one
