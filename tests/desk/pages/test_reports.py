"""Reports as an officer uses them: choose, read, open the cases behind, save, freeze."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit

from desk.pages import world
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.report_cases import ReportCasesPage
from traffick_desk.desk.pages.report_paper import ReportPaperPage
from traffick_desk.desk.pages.report_sent import ReportsSentPage
from traffick_desk.desk.pages.report_standards import StandardsPage
from traffick_desk.desk.pages.reports import OWN, ReportsPage
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.statistics.builtin import TABLES
from traffick_desk.services.statistics.frozen import FreezeReport
from traffick_desk.services.statistics.release import Threshold, released_before
from traffick_desk.services.statistics.spec import Period, Scope
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
    assert page.titles.model().rowCount() == len(TABLES)
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
        assert len(released_before(cursor)) == len(TABLES) - 3
    book = openpyxl.load_workbook(target)
    assert len(book.sheetnames) == len(TABLES) + 1
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


def test_a_commune_reports_its_own_and_looks_at_everything(office):
    page = office.page
    assert page.scope.scope().unit == office.desk.info.unit
    choose(office, "report_kind", "victims")
    choose(office, "report_commune", "")
    assert page.scope.scope().unit == ""
    office.press("report_paper")
    office.wait()
    assert not office.page.freeze_button.isEnabled()


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


# --- what was sent, and files of standards ----------------------------------------------


def test_what_a_commune_sent_is_listed_at_its_province_and_opens_as_it_was(
    sit_down, commune, province
):
    ids = world.people(commune, *PEOPLE)
    year = Scope(Period.parse("2026"), commune.info.unit)
    commune.do(FreezeReport("victims", year, "Kính gửi tỉnh"))
    with province.context.store.work() as work:
        # As its certificate says.
        work.cursor.execute("UPDATE device SET unit = ? WHERE device = 'a1'", (commune.info.unit,))
    world.carry(commune, province)
    officer = sit_down(province, ReportsPage, ReportPaperPage, ReportsSentPage)
    officer.press("report_sent_go")
    page = officer.page
    assert page.name == "report_sent"
    officer.wait()
    assert page.chosen().unit == commune.info.unit
    # Whose figures these are is said: the province's, of what has arrived of that commune.
    assert commune.info.unit_name in page.changed.text()
    assert "→" not in page.changed.text()
    person = commune.ask(OpenCase(ids["E1"])).persons[0].id
    commune.do(SaveRecords((Edit("person", person, {"sex": "male"}),)))
    world.carry(commune, province)
    officer.wait()
    assert "→" in page.changed.text()
    officer.press("report_sent_open")
    assert officer.page.name == "report_paper"
    assert officer.child(QPlainTextEdit, "report_before").toPlainText() == "Kính gửi tỉnh"
    assert not officer.page.freeze_button.isEnabled()
    assert "→" in officer.child(QLabel, "report_corrections").text()


@pytest.fixture
def files(sit_down, province):
    world.people(province, *PEOPLE, "LS1")
    officer = sit_down(province, ReportsPage, StandardsPage)
    officer.press("report_standards_go")
    assert officer.page.name == "report_standards"
    choose(officer, "report_period", "..")
    return officer


def test_files_of_standards_are_written_checked_and_taken_in_from_the_window(files, tmp_path):
    page = files.page
    choose(files, "standard_kind", "identified")
    assert not page.write_button.isEnabled()
    page.receiver.setText("Sở Nội vụ")
    target = tmp_path / "ra.csv"
    files.dialogs.answers += [True, target]
    files.press("standard_write")
    assert target.exists()
    assert target.name in page.written.text()
    files.dialogs.answers.append(target)
    files.press("standard_check")
    assert "HTCDS 2.0" in page.verdict.text()
    assert page.take_button.isEnabled()
    before = len(files.desk.ask(cases()))
    files.dialogs.answers.append(True)
    files.press("standard_take")
    # They are here already: nobody comes twice.
    assert len(files.desk.ask(cases())) == before
    assert not page.take_button.isEnabled()
    for kind in ("deidentified", "research", "ictip"):
        choose(files, "standard_kind", kind)
        assert page._named.isHidden()
        out = tmp_path / f"{kind}.csv"
        files.dialogs.answers += [True, out]
        files.press("standard_write")
        assert out.read_bytes()


def test_a_file_that_is_not_valid_is_not_taken_in(files, tmp_path):
    bad = tmp_path / "sai.csv"
    bad.write_text("prs_Gender\nx\n", "utf-8")
    files.dialogs.answers.append(bad)
    files.press("standard_check")
    assert not files.page.take_button.isEnabled()
    assert files.page.found.text()
    files.page.take()
    missing = tmp_path / "không có.csv"
    files.dialogs.answers.append(missing)
    files.press("standard_check")
    assert not files.page.take_button.isEnabled()


def test_the_province_sets_the_threshold_in_the_window_and_a_commune_cannot(
    files, sit_down, commune
):
    page = files.page
    assert page.limit.text() == "11"
    page.limit.setText("7")
    files.dialogs.answers.append(True)
    files.press("standard_limit_set")
    assert files.desk.ask(Threshold()) == 7
    other = sit_down(commune, ReportsPage, StandardsPage)
    other.press("report_standards_go")
    assert other.page.limit_card.isHidden()
