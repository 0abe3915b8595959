"""A form asks gently, loses nothing, and can be filled in by keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desk import walk
from desk.fakes import fake_context
from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.domain.records import REGISTRY


@pytest.fixture
def form(desk_app, qtbot):
    made = RecordForm(REGISTRY["person"], {"name": "Hoa", "sex": "female"}, context=fake_context())
    qtbot.addWidget(made)
    made.resize(900, 1200)
    walk.activate(qtbot, made)
    return made


def test_only_what_was_changed_is_given(form):
    assert form.changes() == {}
    assert form.values() == {"name": "Hoa", "sex": "female"}
    form.editor("name").input.setText("Hoa Thị")
    form.editor("sex").set_value(None)
    assert form.changes() == {"name": "Hoa Thị", "sex": None}
    form.accept()
    assert form.changes() == {}


def test_the_page_is_never_asked_for_case_and_person(form):
    assert "case" not in form.names()


def test_what_is_needed_is_told_in_words_when_saving(form):
    form.editor("name").set_value(None)
    assert form.box("name").check()
    assert not form.check()
    assert "fill this in" in form.box("name")._line.text()
    assert set(form.problems(saving=True)) == {"role", "name"}


def test_a_problem_stands_beside_the_field_after_leaving_it(form, qtbot):
    birth = form.editor("birth")
    birth.setFocus()
    qtbot.keyClicks(birth.input, "31/02/2009")
    assert birth.input.property("problem") == "false"
    qtbot.keyClick(birth.input, Qt.Key.Key_Tab)
    assert "28 days" in form.box("birth")._line.text()
    assert birth.input.property("problem") == "true"
    assert "28 days" in birth.input.accessibleDescription()


def test_enter_goes_through_the_fields_and_ends(form, qtbot):
    form.editor("role").setFocus()
    visited = []
    with qtbot.waitSignal(form.finished):
        for _ in range(40):
            here = form._here()
            name = here.editor.field.name
            visited.append(name)
            if name == "note":
                form._next()
                break
            qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert visited == list(form.names())


def test_control_enter_asks_to_save_from_any_field(form, qtbot):
    for name in ("name", "note", "sex"):
        form.editor(name).setFocus()
        with qtbot.waitSignal(form.save_requested):
            qtbot.keyClick(
                QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
            )


def test_f1_explains_the_field(form, qtbot):
    form.editor("birth").setFocus()
    assert form.box("birth").help.isHidden()
    qtbot.keyClick(form.editor("birth").input, Qt.Key.Key_F1)
    assert not form.box("birth").help.isHidden()


def test_a_draft_keeps_even_what_was_not_understood(form, desk_app, qtbot):
    form.editor("birth").input.setText("khoảng năm con gà")
    form.editor("citizenship").lookup.setText("dong v")
    draft = form.draft()
    other = RecordForm(REGISTRY["person"], context=fake_context())
    qtbot.addWidget(other)
    other.restore({**draft, "of_a_newer_version": 1})
    assert other.editor("birth").input.text() == "khoảng năm con gà"
    assert other.editor("citizenship").lookup.text() == "dong v"
    assert "birth" in other.problems()
    assert other.is_changed()


def test_two_columns_where_there_is_room_and_one_where_not(form, qtbot):
    name, role = form.box("name"), form.box("accompanies")
    assert name.y() == role.y()
    form.resize(420, 2000)
    qtbot.waitUntil(lambda: form.box("name").y() != form.box("accompanies").y())


def test_fields_that_depend_on_an_answer_can_be_hidden(form):
    form.show_fields(["permanent_resident"], shown=False)
    assert form.box("permanent_resident").isHidden()
    form.show_fields(["permanent_resident"])
    assert not form.box("permanent_resident").isHidden()


@pytest.mark.parametrize(
    ("name", "percent"),
    [(t.name, 200) for t in REGISTRY] + [(n, 100) for n in ("person", "reception", "account")],
)
def test_every_record_can_be_edited_by_keyboard_and_screen_reader(desk_app, qtbot, name, percent):
    theme.apply(desk_app, theme.chosen("light", percent))
    form = RecordForm(REGISTRY[name], context=fake_context())
    area = kit.scroll(kit.panel(kit.vbox(form, None, margins=24)))
    qtbot.addWidget(area)
    area.resize(1000, 700)
    walk.activate(qtbot, area)
    assert not walk.unnamed(form)
    assert not walk.twice_named(form)
    assert not walk.clipped(form)
    assert not walk.sideways(area)
    assert not walk.small(form, 32 * percent // 100)
    first = next(iter(form.names()))
    form.editor(first).setFocus()
    trail = walk.tab_trail(area)
    assert len(trail) >= len(form.names())
