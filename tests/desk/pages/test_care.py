"""What follows a reception, as an officer would tell it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from desk.pages import world
from traffick_desk.services import queries

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def girl(officer):
    """The Cambodian girl of sixteen with her small child."""
    officer.ids = world.people(officer.desk, "E1", "E2", "E6")
    officer.go("case", case_id=officer.ids["E1"])
    return officer


@pytest.fixture
def woman(girl):
    """A stateless woman of about 36; of what follows her reception nothing is written yet."""
    girl.go("case", case_id=girl.ids["E6"])
    return girl


def view(officer):
    return officer.desk.ask(queries.RefreshCase(officer.page._case_id))


def part(officer, section, name):
    officer.page.list.choose(section)
    officer.wait()
    return officer.page.stack.section(section).parts[name][1]


def write(officer, section, name, **values):
    """Fill in a new record of a section and save it."""
    listed = part(officer, section, name)
    listed.add()
    for field, value in values.items():
        listed.form.editor(field).set_value(value)
        listed.form.editor(field).edited.emit()
    officer.press(f"{name}_submit")
    return listed


def said(widget) -> str:
    return "\n".join(w.text() for w in widget.findChildren(QLabel) if not w.isHidden())


def test_a_screening_advises_with_its_reasons_and_a_child_needs_no_means(girl):
    section = girl.page.stack.section("screening")
    assert section.card.isHidden()
    write(girl, "screening", "screening", a_moved="yes", p_labour="yes")
    words = said(section.card)
    assert "fits the definition of trafficking" in words
    assert "• Made to work, with little or no pay" in words
    assert "Under 18: the means do not matter." in words
    assert "19 questions were not asked." in words


def test_who_was_identified_already_is_not_sent_to_be_verified(girl):
    girl.go("case", case_id=girl.ids["E2"])
    section = girl.page.stack.section("screening")
    assert "has been identified as a victim already" in said(section.card)
    assert "ask for verification" not in said(section.card)


def test_for_a_grown_woman_the_means_are_asked_for(woman):
    section = woman.page.stack.section("screening")
    write(woman, "screening", "screening", a_moved="yes", p_labour="yes")
    assert "There are signs." in said(section.card)
    listed = part(woman, "screening", "screening")
    listed.view.setCurrentIndex(listed.model.index(0))
    listed.change()
    listed.form.editor("m_deceit").set_value("yes")
    listed.form.editor("m_deceit").edited.emit()
    woman.press("screening_submit")
    assert "fits the definition of trafficking" in said(section.card)


def test_the_questions_of_a_screening_stand_under_the_words_of_the_law(girl):
    listed = part(girl, "screening", "screening")
    listed.add()
    headings = [
        w.text() for w in listed.form.findChildren(QLabel) if w.objectName().endswith("_group")
    ]
    assert headings == ["The act", "The means", "The purpose", "Other signs"]


def test_the_law_gives_it_and_nobody_has_acted_until_someone_does(woman):
    section = woman.page.stack.section("needs")
    woman.wait()
    before = said(section.card)
    assert "c) " in before
    assert ", since 15/09/2025" in before
    write(woman, "needs", "plan_item", domain="law", what="Phiên dịch", regime="c", state="planned")
    assert "c) " not in said(section.card)
    write(woman, "money", "payment", regime="d", amount=100_000)
    assert "d) " not in said(section.card)
    panel = woman.page.regimes.list
    row = next(n for n in range(panel.model().rowCount()) if panel.model().line(n).code == "L53/đ")
    panel.setCurrentIndex(panel.model().index(row))
    woman.press("regime_request")
    assert "đ) " not in said(section.card)


def visit(officer, at, **scores):
    write(officer, "follow_up", "visit", at=at, kind="home", **scores)


def test_the_line_goes_through_the_visits_in_the_order_of_their_days(woman):
    chart = woman.page.stack.section("follow_up").chart
    assert chart.isHidden()
    visit(woman, "2026-10-05T09:00+07:00", safety="helped", work="danger")
    assert not chart.isHidden()
    assert chart.line.isHidden()  # one point is no line
    visit(woman, "2026-09-05T09:00+07:00", safety="hard", work="danger")
    visit(woman, "2026-11-05T09:00+07:00", safety="stable", work="able")
    assert not chart.line.isHidden()
    assert chart.line.accessibleName() == (
        "Mean of each visit: 05/09/2026: 1.5; 05/10/2026: 2.0; 05/11/2026: 4.5"
    )
    figures = [w.accessibleName() for w in chart.findChildren(QLabel) if w.accessibleName()]
    assert "Work and income, 05/11/2026: 4" in figures
    assert "Housing, 05/11/2026: not scored" in figures


def test_a_visit_is_written_with_the_keyboard_alone(woman, qtbot):
    """Counted: 35 keys for nine scores, how, danger, job and the next visit."""
    listed = part(woman, "follow_up", "visit")
    pressed = 0

    def key(which, modifiers=Qt.KeyboardModifier.NoModifier):
        nonlocal pressed
        pressed += 1
        qtbot.keyClick(QApplication.focusWidget(), which, modifiers)

    listed.view.setFocus()
    woman.page._edit()  # F2 opens the first form of a section
    pressed += 1
    assert listed.is_open()
    form = listed.form
    key(Qt.Key.Key_Return)  # now is already written
    key(Qt.Key.Key_1)  # at home
    key(Qt.Key.Key_Return)
    for digit in (4, 3, 4, 2, 5, 3, 3, 4, 4):
        key(getattr(Qt.Key, f"Key_{digit}"))
        key(Qt.Key.Key_Return)
    key(Qt.Key.Key_1)  # low
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)  # job: nothing new
    key(Qt.Key.Key_Return)  # loan
    form.editor("next_on").focusProxy().setFocus()
    for digit in "21022027":
        key(getattr(Qt.Key, f"Key_{digit}"))
    key(Qt.Key.Key_S, CTRL)
    woman.wait()
    (found,) = view(woman).of("visit")
    assert found.get("kind") == "home"
    assert [found.get(n) for n in ("safety", "mind", "papers")] == ["able", "hard", "stable"]
    assert (found.get("risk"), found.get("next_on")) == ("low", "2027-02-21")
    assert pressed <= 35


def test_a_score_says_what_its_digit_means(woman):
    listed = part(woman, "needs", "need")
    listed.add()
    editor = listed.form.editor("score")
    assert [b.text() for b in editor.row.buttons()] == ["1", "2", "3", "4", "5"]
    editor.row.buttons()[1].click()
    assert listed.form.box("score")._line.text() == "2 – hard, depends on others"
    assert editor.value() == "hard"
    assert all(len(b.accessibleName()) > 10 for b in editor.row.buttons())


def test_nobody_is_called_before_a_yes(woman):
    listed = part(woman, "protection", "contact")
    listed.add()
    listed.form.editor("name").set_value("Lý Văn Pao")
    woman.press("contact_submit")
    assert listed.is_open()  # whether he may be called must be answered
    listed.form.editor("may_call").set_value("no")
    woman.press("contact_submit")
    (contact,) = view(woman).of("contact")
    assert contact.get("may_call") == "no"


@pytest.mark.parametrize(
    ("section", "name", "values"),
    [
        ("evidence", "inquiry", {"to_body": "Công an tỉnh", "sent_on": "2026-11-20"}),
        ("evidence", "evidence", {"source": "rescuer", "what": "Biên bản giải cứu"}),
        ("protection", "risk", {"level": "high", "kinds": ["threats"]}),
        ("protection", "protection", {"measure": "shelter", "since": "2026-11-20"}),
        ("needs", "need", {"domain": "housing", "score": "hard"}),
        ("referrals", "referral", {"service": "medical", "to_body": "Trạm y tế xã"}),
        ("follow_up", "enrolment", {"programme": "poverty", "since": "2026-12-01"}),
        ("tasks", "task", {"what": "Gọi trường", "due": "2026-11-25"}),
    ],
)
def test_each_record_is_written_listed_changed_and_taken_back(girl, section, name, values):
    person = girl.page.case.persons[0].id
    listed = part(girl, section, name)
    listed.add()
    assert listed.form.editor("person").value() == person  # of two people the main one is proposed
    for field, value in values.items():
        listed.form.editor(field).set_value(value)
        listed.form.editor(field).edited.emit()
    girl.press(f"{name}_submit")
    (record,) = view(girl).of(name)
    assert {n: record.get(n) for n in values} == values
    assert listed.model.rowCount() == 1
    assert listed.model.index(0).data()
    girl.window.undo_bar.undo()
    girl.wait()
    assert view(girl).of(name) == ()
