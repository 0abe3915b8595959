"""The monthly list and blank forms, as an officer would tell it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel

from desk.pages import world
from desk.pages.test_paper import printer_to
from traffick_desk import papers
from traffick_desk.services import queries
from traffick_desk.services.papers import MONTHLY


@pytest.fixture
def office(officer):
    world.people(officer.desk, "E5")
    officer.go("paper_office")
    return officer


def choose(office, key):
    page = office.page
    rows = range(page.model.rowCount())
    row = next(n for n in rows if page.model.line(n).id == key)
    page.forms.setCurrentIndex(page.model.index(row))
    office.wait()


def test_the_monthly_list_comes_first_and_is_drawn_from_memory(office):
    assert office.page.form_key() == MONTHLY
    assert office.page.pages.pages == 1
    assert not office.page.pages._image.pixmap().isNull()
    assert office.child(QAbstractButton, "office_print").isEnabled()


def test_another_month_and_names_are_another_list(office):
    seen = [office.page._pdf]
    office.child(QCheckBox, "with_names").click()
    office.wait()
    seen.append(office.page._pdf)
    office.page.month.setCurrentIndex(1)
    office.page.month.activated.emit(1)
    office.wait()
    seen.append(office.page._pdf)
    assert len(set(seen)) == 3
    assert office.page.month.itemText(0) == "11/2026"
    assert office.page.month.itemText(23) == "12/2024"


def test_i_print_the_list_and_no_case_is_changed(office, tmp_path):
    target = tmp_path / "list.pdf"
    office.page.choose_printer = printer_to(target)
    office.press("office_print")
    assert target.read_bytes().startswith(b"%PDF")
    (row,) = office.desk.ask(queries.ListCases())
    assert office.desk.ask(queries.RefreshCase(row.case_id)).of("paper") == ()
    assert any("Sent to the printer" in text for text in office.notices())


def test_the_list_is_saved_after_the_warning_a_blank_without(office, tmp_path):
    office.dialogs.answers = [None]
    office.press("office_save")
    assert list(tmp_path.glob("*.pdf")) == []
    office.dialogs.answers = [True, tmp_path / "list"]
    office.press("office_save")
    choose(office, "noi-bo/phieu-tham")
    office.dialogs.answers = [tmp_path / "blank"]
    office.press("office_save")
    assert sorted(p.name for p in tmp_path.glob("*.pdf")) == ["blank.pdf", "list.pdf"]
    assert office.page.file_name() == "noi-bo-phieu-tham.pdf"
    choose(office, MONTHLY)
    assert office.page.file_name() == "noi-bo-danh-sach-thang-2026-11.pdf"


def test_a_place_that_cannot_be_written_is_told_without_speaking_of_a_case(office, tmp_path):
    office.dialogs.answers = [True, tmp_path / "missing" / "x.pdf"]
    office.press("office_save")
    (told,) = [text for text in office.notices() if "could not be written" in text]
    assert "case" not in told


def test_every_form_of_a_case_is_there_as_a_blank(office):
    keys = [office.page.model.line(n).id for n in range(office.page.model.rowCount())]
    assert set(keys) == {f.key for f in papers.forms()} - {
        "noi-bo/ma-khoi-phuc", "noi-bo/to-khoa", "noi-bo/huong-dan-khoi-phuc", "noi-bo/giay-xac-nhan-xoa",
    }  # fmt: skip
    for key in keys:
        choose(office, key)
        assert office.page.pages.pages >= 1
        assert office.child(QCheckBox, "with_names").isVisible() is (key == MONTHLY)
        assert office.child(QLabel, "office_hint").text()


def test_a_case_that_changes_draws_the_list_again(office):
    before = office.page._pdf
    world.people(office.desk, "E2")
    office.wait()
    office.until(lambda: office.page._pdf != before)
