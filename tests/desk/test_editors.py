"""One editor for each kind of value, all keeping the same promises."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from desk.fakes import UNITS, Many, fake_context
from traffick_desk.desk.editors import Choice, for_field
from traffick_desk.desk.editors.base import Context, Editor
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.editors.lookup import Lookup
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field, Kind
from traffick_desk.domain.values import ICT

NOW = datetime(2026, 11, 21, 20, 40, tzinfo=ICT)
VALUES = {
    Kind.TEXT: "Đặng Thị Hoa",
    Kind.LONG_TEXT: "Mệt, lo lắng.\nCần nghỉ.",
    Kind.CODE: "female",
    Kind.CODES: ["food", "medical"],
    Kind.ANSWER: "not_asked",
    Kind.DATE: "2026-11-21",
    Kind.PARTIAL_DATE: "2009-05~",
    Kind.MOMENT: "2026-11-21T20:40+07:00",
    Kind.INTEGER: 1234,
    Kind.MONEY: 1_234_567,
    Kind.UNIT: "2025/01",
    Kind.REF: "2025/02",
}


def context() -> Context:
    base = fake_context()
    many = Many(UNITS)

    def source(field):
        return many if field.kind in {Kind.UNIT, Kind.REF} else base.source(field)

    return Context(source, lambda: NOW)


def field(kind: Kind, **more) -> Field:
    codes = {Kind.CODE: "sex", Kind.CODES: "urgent_need", Kind.ANSWER: "answer"}.get(kind, "")
    return Field("thing", kind, "Thing", codes=more.pop("codes", codes), **more)


@pytest.fixture
def make(desk_app, qtbot):
    def made(kind: Kind, **more) -> Editor:
        editor = for_field(field(kind, **more), context())
        qtbot.addWidget(editor)
        editor.show()
        return editor

    return made


def type_into(qtbot, editor, text):
    qtbot.keyClicks(editor.focusProxy(), text)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_value_comes_back_as_it_was_given(make, kind):
    editor = make(kind)
    assert editor.value() is None
    assert editor.is_empty()
    editor.set_value(VALUES[kind])
    assert editor.value() == VALUES[kind]
    assert not editor.problem()
    assert not editor.is_empty()
    editor.tidy()
    assert editor.value() == VALUES[kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_can_be_put_back(make, kind):
    editor = make(kind)
    editor.set_value(VALUES[kind])
    editor.set_value(None)
    assert editor.value() is None
    assert not editor.problem()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_draft_keeps_what_was_typed(make, kind):
    editor, other = make(kind), make(kind)
    editor.set_value(VALUES[kind])
    other.set_raw(editor.raw())
    assert other.value() == VALUES[kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_setting_is_not_editing(make, qtbot, kind):
    editor = make(kind)
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_value(VALUES[kind])


@pytest.mark.parametrize("kind", list(Kind))
def test_each_editor_has_a_place_for_the_keyboard_and_a_name(make, kind):
    editor = make(kind)
    assert editor.objectName() == "thing"
    assert editor.focusProxy() is not None
    assert editor.focusProxy().accessibleName()


def test_every_field_of_every_record_has_an_editor(desk_app, qtbot):
    for record_type in REGISTRY:
        for each in record_type:
            editor = for_field(each, context())
            qtbot.addWidget(editor)
            assert editor.value() is None, f"{record_type.name}.{each.name}"


def test_text_is_composed_when_left_and_not_before(make, qtbot):
    editor = make(Kind.TEXT)
    editor.input.setText("  Nguye\u0302\u0303n   Thi\u0323 Hoa ")
    assert editor.input.text().startswith("  ")
    assert editor.value() == "Nguyễn Thị Hoa"
    editor.leave()
    assert editor.input.text() == "Nguyễn Thị Hoa"


def test_an_input_method_that_composes_is_left_alone(make, qtbot):
    editor = make(Kind.DATE)
    with qtbot.assertNotEmitted(editor.edited):
        QApplication.sendEvent(editor.input, QInputMethodEvent("hôm qu", []))
    assert editor.input.text() == ""
    event = QInputMethodEvent()
    event.setCommitString("hôm qua")
    with qtbot.waitSignal(editor.edited):
        QApplication.sendEvent(editor.input, event)
    assert editor.value() == "2026-11-20"
    assert editor.input.text() == "hôm qua"


def test_hidden_characters_are_taken_out_and_it_is_said(make):
    editor = make(Kind.TEXT)
    editor.input.setText("0912\u202e345")
    assert editor.value() == "0912345"
    assert "Hidden" in editor.understood()
    editor.leave()
    assert editor.input.text() == "0912345"
    assert "Hidden" in editor.understood()
    editor.set_value("0912")
    assert not editor.understood()


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.LONG_TEXT])
def test_a_text_of_a_hundred_thousand_characters_is_refused_and_kept(make, kind):
    editor = make(kind)
    editor.set_raw("a" * 100_000)
    assert "100.000" in editor.problem()
    assert editor.value() is None
    assert len(editor.raw()) == 100_000


def test_tab_leaves_a_text_of_several_lines(make):
    assert make(Kind.LONG_TEXT).input.tabChangesFocus()


def test_a_long_text_grows_with_what_is_typed(make):
    editor = make(Kind.LONG_TEXT)
    before = editor.input.height()
    editor.set_value("\n".join(["dòng"] * 8))
    assert editor.input.height() > before
    editor.set_value("\n".join(["dòng"] * 80))
    assert editor.input.height() < 20 * before


def test_a_date_says_how_it_was_understood(make, qtbot):
    editor = make(Kind.DATE)
    type_into(qtbot, editor, "20112026")
    assert editor.understood() == "Friday, 20/11/2026 · yesterday"
    editor.leave()
    assert editor.input.text() == "20/11/2026"


def test_an_impossible_date_is_told_and_stays_to_be_mended(make, qtbot):
    editor = make(Kind.DATE)
    type_into(qtbot, editor, "31/02/2026")
    editor.leave()
    assert editor.value() is None
    assert "28 days" in editor.problem()
    assert editor.input.text() == "31/02/2026"


def test_a_birth_shows_the_age(desk_app, qtbot):
    editor = for_field(REGISTRY["person"]["birth"], context())
    qtbot.addWidget(editor)
    editor.input.setText("khoảng 2009")
    assert editor.value() == "2009~"
    assert "16 or 17" in editor.understood()
    editor.input.setText("2027")
    assert "future" in editor.problem()


def test_a_moment_needs_date_and_time(make, qtbot):
    editor = make(Kind.MOMENT)
    qtbot.keyClicks(editor.clock, "20h40")
    assert "date is missing" in editor.problem()
    qtbot.keyClicks(editor.day, "hom qua")
    assert editor.value() == "2026-11-20T20:40+07:00"
    editor.clock.clear()
    assert "time is missing" in editor.problem()
    assert editor.raw() == ["hom qua", ""]
    editor.now_button.click()
    assert editor.value() == "2026-11-21T20:40+07:00"


def test_money_is_read_and_grouped(make, qtbot):
    editor = make(Kind.MONEY, lowest=0)
    type_into(qtbot, editor, "1,5 trieu")
    assert editor.understood() == "1.500.000\u00a0₫"
    editor.leave()
    assert editor.input.text() == "1.500.000"
    editor.set_raw("-5")
    assert "At least 0" in editor.problem()


def test_an_answer_is_one_of_five_or_none(make, qtbot):
    editor = make(Kind.ANSWER)
    buttons = editor.row.buttons()
    assert len(buttons) == 5
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert editor.value() == "no"
    qtbot.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert editor.value() == "unknown"
    qtbot.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert editor.value() is None


def test_a_row_of_choices_is_one_stop_and_takes_arrows_and_digits(make, qtbot):
    editor = make(Kind.ANSWER)
    qtbot.addWidget(editor)
    stops = [b for b in editor.row.buttons() if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) == 1
    editor.activateWindow()
    editor.setFocus()
    here = editor.row.buttons()[0]
    qtbot.keyClick(here, Qt.Key.Key_Right)
    assert editor.row.focusProxy() is editor.row.buttons()[1]
    qtbot.keyClick(here, Qt.Key.Key_4)
    assert editor.value() == "not_asked"
    qtbot.keyClick(editor.row.buttons()[3], Qt.Key.Key_Return)
    assert editor.value() == "not_asked"


def test_several_codes_come_sorted(make, qtbot):
    editor = make(Kind.CODES)
    row: ToggleRow = editor.row
    for value in ("safety", "food"):
        next(b for b in row.buttons() if b.objectName().endswith(value)).click()
    assert editor.value() == ["food", "safety"]


def test_a_code_of_a_newer_version_is_kept(make):
    for kind, value in ((Kind.CODE, "neither"), (Kind.CODES, ["food", "new_need"])):
        editor = make(kind)
        editor.set_value(value)
        assert editor.value() == value
    combo = make(Kind.CODE, codes="education")
    combo.set_value("professor")
    assert combo.value() == "professor"


def test_the_wheel_changes_no_answer(make, qtbot, desk_app):
    editor = make(Kind.CODE, codes="education")
    assert editor.combo is not None
    editor.set_value("primary")

    class Wheel:
        ignored = False

        def ignore(self):
            self.ignored = True

    wheel = Wheel()
    editor.combo.wheelEvent(wheel)
    assert wheel.ignored
    assert editor.value() == "primary"


def test_a_unit_is_found_without_accents(make, qtbot):
    editor = make(Kind.UNIT)
    type_into(qtbot, editor, "lung cu")
    assert editor.value() is None
    assert "not one of the choices" in editor.problem()
    editor.leave()
    assert editor.value() == "2025/02"
    assert editor.lookup.text() == UNITS[1].label


def test_text_that_fits_several_choices_is_no_answer(make, qtbot):
    editor = make(Kind.UNIT)
    type_into(qtbot, editor, "xa")
    editor.leave()
    assert editor.value() is None
    assert editor.raw() == {"typed": "xa"}
    other = make(Kind.UNIT)
    other.set_raw(editor.raw())
    assert other.lookup.text() == "xa"


def test_changing_a_chosen_text_takes_the_choice_back(make, qtbot):
    editor = make(Kind.UNIT)
    editor.set_value("2025/01")
    editor.lookup.setFocus()
    editor.lookup.end(False)
    qtbot.keyClick(editor.lookup, Qt.Key.Key_Backspace)
    assert editor.value() is None


def test_the_first_of_the_offered_choices_is_taken_with_enter(desk_app, qtbot):
    lookup = Lookup(Many(UNITS))
    qtbot.addWidget(lookup)
    lookup.show()
    qtbot.keyClicks(lookup, "hoa binh")
    popup = lookup._completer.popup()
    assert popup.isVisible()
    with qtbot.waitSignal(lookup.chosen):
        qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lookup.text() == UNITS[2].label)
    assert lookup.value() == "2025/03"


def test_codes_of_a_long_list_are_chips(desk_app, qtbot):
    editor = for_field(REGISTRY["person"]["languages"], context())
    qtbot.addWidget(editor)
    editor.set_value(["2025/02", "2025/01"])
    assert editor.value() == ["2025/01", "2025/02"]
    assert editor.chips.count() == 2
    with qtbot.waitSignal(editor.edited):
        editor.chips.itemAt(0).widget().click()
    assert editor.value() == ["2025/02"]
    editor.lookup.setText("phuong hoa")
    editor.leave()
    assert editor.value() == ["2025/02", "2025/03"]


def test_pages_can_give_the_choices_of_a_reference(desk_app, qtbot):
    persons = [Choice("p1", "Đặng Thị Hoa"), Choice("p2", "Lý Văn Páo")]
    own = context().with_choices(accompanies=persons)
    editor = for_field(REGISTRY["person"]["accompanies"], own)
    qtbot.addWidget(editor)
    editor.lookup.setText("ly van pao")
    editor.leave()
    assert editor.value() == "p2"
