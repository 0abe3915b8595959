"""Reports as an officer uses them: choose, read, open the cases behind, save, freeze."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit

from desk.pages import world
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.report_cases import ReportCasesPage
from traffick_desk.desk.pages.report_paper import ReportPaperPage
from traffick_desk.desk.pages.reports import OWN, ReportsPage
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.statistics.release import released_before
from traffick_desk.store.journal import Edit

PEOPLE = ("E1", "E2", "E3", "E5")


@pytest.fixture
def office(sit_down, commune):
    world.people(commune, *PEOPLE)
    officer = sit_down(commune, ReportsPage, ReportPaperPage, ReportCasesPage, CasePage)
    choose(officer, "report_period", "..")
    return officer


def choose(officer, name, data):
    box = next(b for b in officer.page.findChildren(object, name))
    row = box.findData(data)
    assert row >= 0, data
    box.setCurrentIndex(row)
    box.activated.emit(row)
    officer.wait()


def test_the_full_report_shows_every_table_with_its_notes(office):
    page = office.page
    assert page.titles.model().rowCount() == 21
    assert page.table.total.value == len(office.desk.ask(cases()))
    assert office.child(QLabel, "report_notes").text()
    assert page.chart.drawing is not None
    assert page.chart.accessibleName().endswith(page.table.title)


def cases():
    from traffick_desk.services.queries import ListCases

    return ListCases()


def test_a_figure_opens_the_cases_behind_it(office):
    page = office.page
    last = page.figures.index(page.figures.rowCount() - 1, page.figures.columnCount() - 1)
    total = page.figures.figure(last).value
    page.view.doubleClicked.emit(last)
    office.wait()
    assert office.page.name == "report_cases"
    assert office.page.model.rowCount() == total
    office.page.table.opened.emit(office.page.model.row(0))
    office.wait()
    assert office.page.name == "case"


def test_an_own_table_is_put_together_from_the_described_fields(office):
    choose(office, "report_kind", OWN)
    choose(office, "builder_rows", "person.literacy")
    choose(office, "builder_columns", "age_group")
    choose(office, "builder_by", "person.sex")
    choose(office, "builder_only", "female")
    page = office.page
    assert page.table.row_title
    women = [r for r in office.desk.ask(cases()) if r.sex == "female"]
    assert page.table.total.value == len(women) > 0


def test_what_leaves_for_others_is_controlled_and_remembered(office, tmp_path):
    target = tmp_path / "out.xlsx"
    office.child(QCheckBox, "report_outside").click()
    office.wait()
    assert office.page.table.total.hidden
    office.dialogs.answers = [True, target]
    office.press("report_save")
    with office.desk.context.store.read() as cursor:
        assert len(released_before(cursor)) == 21
    book = openpyxl.load_workbook(target)
    assert len(book.sheetnames) == 22
    cells = [c.value for row in book.worksheets[1].iter_rows(min_row=4) for c in row]
    assert "…" in cells


def test_a_report_is_written_frozen_and_shows_what_changed_since(office):
    choose(office, "report_kind", "victims")
    office.press("report_paper")
    page = office.page
    assert page.name == "report_paper"
    office.child(QPlainTextEdit, "report_before").setPlainText("Trong kỳ, xã đã tiếp nhận.")
    office.until(lambda: not page._later.isActive())
    office.wait()
    assert page.pages.pages >= 2
    office.dialogs.answers = [True]
    office.press("report_freeze")
    office.wait()
    assert page.edition is not None
    assert page.edition.before == "Trong kỳ, xã đã tiếp nhận."
    assert page.before.isReadOnly()
    case = office.desk.ask(cases())[0]
    with office.desk.context.store.read() as cursor:
        cursor.execute('SELECT id, sex FROM r_person WHERE "case" = ? AND role = \'main\'',
                       (case.case_id,))  # fmt: skip
        person, sex = cursor.fetchone()
    other = "male" if sex == "female" else "female"
    office.desk.do(SaveRecords((Edit("person", person, {"sex": other}),)))
    office.wait()
    page._another()
    office.wait()
    text = office.child(QLabel, "report_corrections").text()
    assert "→" in text
    assert not page.freeze_button.isEnabled()


def test_an_auditor_sees_figures_but_no_cases(sit_down, commune):
    from dataclasses import replace

    world.people(commune, *PEOPLE)
    commune.context.info = replace(commune.context.info, role="auditor")
    officer = sit_down(commune, ReportsPage, ReportCasesPage)
    choose(officer, "report_period", "..")
    page = officer.page
    assert page.table.total.hidden
    assert not page.outside.isEnabled()
    assert not page.save_button.isVisible()
    page.view.doubleClicked.emit(page.figures.index(0, 1))
    officer.wait()
    assert officer.page.name == "reports"
