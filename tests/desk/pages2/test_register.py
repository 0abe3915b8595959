"""Taking in an old register, and saving a list, as an officer does it in the window."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog

from desk.pages2 import world
from services.register import messy
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.preferences import Preferences
from traffick_desk.services.queries import CountCases


@pytest.fixture
def sit(desk_app, qtbot, vault):
    """The window with all pages over a copy of a template."""
    made = []

    def one(name, *answers):
        desk = world.unlock(vault(name))
        window = DeskWindow(desk, Preferences(), dialogs=ScriptedDialogs(*answers))
        window.resize(1366, 768)
        window.show()
        made.append(window)
        settle(qtbot, window)
        return window

    yield one
    for window in made:
        window.shut()
        window.deleteLater()


def settle(qtbot, window):
    for _turn in range(3):
        qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=60_000)
        qtbot.wait(1)


def test_three_steps_take_in_a_messy_register_and_a_second_time_nothing(sit, qtbot, tmp_path):
    path = messy.workbook(tmp_path / "so.xlsx", 60)
    window = sit("empty", path, path)
    desk = window.host.desk
    window.go("cases")
    settle(qtbot, window)
    qtbot.mouseClick(window.page.findChild(object, "cases_register"), Qt.MouseButton.LeftButton)
    page = window.page
    assert page.name == "register"
    assert not page.next_button.isEnabled()

    page.choose_button.click()
    settle(qtbot, window)
    assert "so.xlsx: 63 rows" in page.found.text()
    page.next_button.click()
    assert page.columns.mapping().targets[1] == "person.name"
    page.columns.choose(1, "")
    assert not page.next_button.isEnabled()
    assert page.columns.trouble.isVisible()
    page.columns.choose(1, "person.name")
    page.next_button.click()
    settle(qtbot, window)
    assert desk.ask(CountCases()) == 0
    QAbstractItemModelTester(page.rows.model)
    assert page.next_button.text() == "&Take in 60 rows"

    page.rows.list.view.setCurrentIndex(page.rows.model.index(1, 0))
    page.rows.decide_button.click()  # leave this row out
    assert page.next_button.text() == "&Take in 59 rows"
    page.rows.decide_button.click()
    page.next_button.click()
    settle(qtbot, window)
    assert desk.ask(CountCases()) == 60
    assert page.said.text() == "60 cases were opened."
    assert page.next_button.text() == "&To the list of cases"

    window.go("cases")
    window.go("register")
    page.step_back()
    page.step_back()
    page.choose_button.click()
    settle(qtbot, window)
    page.next_button.click()
    page.next_button.click()
    settle(qtbot, window)
    assert page.rows.chips["known"].text() == "Taken in before (60)"
    page.next_button.click()
    assert window.page.name == "cases"
    assert desk.ask(CountCases()) == 60


def test_by_keyboard_alone(sit, qtbot, tmp_path):
    window = sit("empty", messy.workbook(tmp_path / "so.xlsx", 5))
    window.go("register")
    page = window.page
    for widget in ("choose_button", "next_button", "next_button", "next_button"):
        button = getattr(page, widget)
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Return)
        settle(qtbot, window)
    assert window.host.desk.ask(CountCases()) == 5
    assert page.back()  # Esc
    assert page.stack.currentIndex() == 1


def test_stopping_in_the_middle_keeps_what_is_whole(sit, qtbot, tmp_path):
    window = sit("empty")
    window.go("register")
    page = window.page
    page.read(messy.workbook(tmp_path / "so.xlsx", 200))
    settle(qtbot, window)
    page.step_on()
    page.step_on()
    settle(qtbot, window)
    page.step_on()
    qtbot.waitUntil(lambda: page.busy.progress.value() > 0, timeout=20_000)
    page.busy.stop_button.click()
    settle(qtbot, window)
    count = window.host.desk.ask(CountCases())
    assert 0 < count < 199
    assert f"{count} cases were opened. Stopped." in page.said.text()
    page.step_on()
    settle(qtbot, window)
    assert window.host.desk.ask(CountCases()) == 199


def test_a_twin_waits_until_the_officer_says_so(sit, qtbot, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Họ và tên", "Ngày sinh"])
    book.active.append(["VANG THI DO", "04/04/2004"])
    book.save(tmp_path / "so.xlsx")
    window = sit("worked")
    before = window.host.desk.ask(CountCases())
    window.go("register")
    page = window.page
    page.read(tmp_path / "so.xlsx")
    settle(qtbot, window)
    page.step_on()
    page.step_on()
    settle(qtbot, window)
    assert page.next_button.text() == "&To the list of cases"
    page.rows.list.view.setCurrentIndex(page.rows.model.index(0, 0))
    assert "There is a case already" in page.rows.detail.text()
    assert page.rows.case_button.isVisible()
    page.rows.decide()
    page.step_on()
    settle(qtbot, window)
    assert window.host.desk.ask(CountCases()) == before + 1


def test_a_file_that_is_no_table_is_said_in_words_and_the_page_goes_on(sit, qtbot, tmp_path):
    bad = tmp_path / "so.xlsx"
    bad.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    window = sit("empty")
    window.go("register")
    window.page.read(bad)
    settle(qtbot, window)
    said = [notice.accessibleName() for notice in window.messages.shown()]
    assert any(".xls" in text for text in said)
    assert window.page.choose_button.isEnabled()


def test_examples_and_names_are_hidden_in_the_privacy_view(sit, qtbot, tmp_path):
    window = sit("empty")
    window.go("register")
    page = window.page
    page.read(messy.workbook(tmp_path / "so.xlsx", 5))
    settle(qtbot, window)
    page.step_on()
    window.host.privacy.switch(True)
    texts = [label.text() for label in page.columns.findChildren(type(page.said))]
    assert not any("ĐẶNG" in text for text in texts)
    page.step_on()
    settle(qtbot, window)
    model = page.rows.model
    shown = [str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(5)]
    assert not any("Đặng" in text for text in shown)


def test_the_list_is_saved_without_names_unless_they_are_chosen_and_confirmed(sit, qtbot, tmp_path):
    plain, named = tmp_path / "a.xlsx", tmp_path / "b.csv"
    window = sit("worked", True, plain, False, True, named)
    window.go("cases")
    settle(qtbot, window)
    window.page.search.setText("vang thi do")
    window.page.findChild(object, "cases_export").click()
    settle(qtbot, window)
    page = window.page
    assert page.count.text() == "1 case"
    page.save_button.click()
    settle(qtbot, window)
    assert "Vàng" not in str([[c.value for c in r] for r in openpyxl.load_workbook(plain).active])

    page.boxes["person.name"].setChecked(True)
    assert "Full name" in page.warning.text()
    page.save_button.click()  # thinks better of it
    settle(qtbot, window)
    assert not named.exists()
    page.save_button.click()
    settle(qtbot, window)
    assert "Vàng Thị Dợ" in named.read_text("utf-8-sig")
    assert not window.findChildren(QDialog)

    window.go("cases")
    window.go("list_export")
    settle(qtbot, window)
    assert not page.boxes["person.name"].isChecked()  # never remembered
