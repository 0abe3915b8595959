import pytest
from PySide6.QtWidgets import QPlainTextEdit, QCheckBox
from desk.pages import world
from desk.pages.test_reports import *  # noqa
from desk.pages.test_reports import PEOPLE, choose
from traffick_desk.desk.pages.reports import ReportsPage


def pick(officer, name, data):
    box = next(b for b in officer.page.findChildren(object, name))
    row = box.findData(data)
    box.setCurrentIndex(row)
    box.activated.emit(row)


@pytest.mark.parametrize("n", range(6))
def test_fail_counting(office, n):
    pick(office, "report_kind", "full")
    if n % 2:
        office.qtbot.wait(5 * n)
    assert False


@pytest.mark.parametrize("n", range(6))
def test_fail_paper(office, n):
    choose(office, "report_kind", "victims")
    office.window.go("report_paper")
    office.child(QPlainTextEdit, "report_before").setPlainText("Trong")
    office.page._later.stop(); office.page.preview()
    if n % 2:
        office.qtbot.wait(10 * n)
    assert False


@pytest.mark.parametrize("n", range(4))
def test_fail_freeze(office, n):
    choose(office, "report_kind", "victims")
    office.press("report_paper")
    office.page.freeze()
    if n % 2:
        office.qtbot.wait(3 * n)
    assert False


@pytest.mark.parametrize("n", range(4))
def test_fail_save(office, n, tmp_path):
    office.child(QCheckBox, "report_outside").click()
    office.dialogs.answers = [True, tmp_path / "x.xlsx"]
    office.page.ask_to_save()
    if n % 2:
        office.qtbot.wait(3 * n)
    assert False
