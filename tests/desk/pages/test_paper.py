"""Papers, as an officer would tell it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QLabel

from desk.pages import world
from traffick_desk.desk.pages import printing
from traffick_desk.services import queries
from traffick_desk.services.numbering import mark

LETTER = "D30/cong-van-bao-tiep-nhan"


@pytest.fixture
def paper(officer):
    ids = world.people(officer.desk, "E5")
    officer.case_id = ids["E5"]
    officer.go("paper", case_id=officer.case_id, form=LETTER)
    return officer


def issued(officer):
    return officer.desk.ask(queries.RefreshCase(officer.case_id)).of("paper")


def test_i_see_the_letter_from_memory_and_what_is_missing(paper):
    assert paper.page.pages.pages == 1
    assert not paper.page.pages._image.pixmap().isNull()
    assert (
        "telephone" in paper.child(QLabel, "paper_missing").text().lower()
        or paper.child(QLabel, "paper_missing").text()
    )
    assert issued(paper) == ()


def test_what_i_type_is_on_the_paper(paper):
    before = paper.page._pdf
    paper.type(paper.page.form, "letter_number", "12")
    paper.page.preview()
    paper.wait()
    assert paper.page._pdf != before
    assert paper.page.extra()["letter"]["number"] == "12"


def test_i_look_closer_and_back(paper):
    wide = paper.page.pages._image.pixmap().width()
    paper.press("zoom_in")
    paper.press("zoom_in")
    assert paper.page.pages._image.pixmap().width() > wide
    paper.press("zoom_fit")
    assert paper.page.pages._image.pixmap().width() == wide


def test_the_application_of_two_pages_is_turned_by_key(paper):
    pages = paper.page.pages
    number = pages.pages
    pages.turn(1)
    paper.wait()
    assert pages._page == (1 if number > 1 else 0)


def test_i_print_and_it_is_noted_in_the_case(paper, tmp_path):
    target = tmp_path / "printed.pdf"

    def choose(_parent, then):
        printer = printing.prepared(QPrinter(QPrinter.PrinterMode.HighResolution))
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        paper.title = printer.docName()
        then(printer)

    paper.page.choose_printer = choose
    paper.type(paper.page.form, "letter_number", "12")
    paper.press("paper_print")
    (record,) = issued(paper)
    assert (record.get("form"), record.get("number")) == (LETTER, "12")
    assert target.read_bytes().startswith(b"%PDF")
    assert "Vàng" not in paper.title
    assert "E5" not in paper.title


def test_without_a_printer_i_am_told_what_to_do(paper):
    def nobody(_parent, _then):
        raise printing.NoPrinter

    paper.page.choose_printer = nobody
    paper.press("paper_print")
    assert issued(paper) == ()
    assert any("No printer" in text for text in paper.notices())


def test_nothing_leaves_the_vault_when_i_think_better_of_it(paper, tmp_path):
    paper.dialogs.answers = [None]
    paper.press("paper_save")
    assert list(tmp_path.glob("*.pdf")) == []
    assert issued(paper) == ()


def test_i_save_a_file_after_the_warning(paper, tmp_path):
    target = tmp_path / "out" / "cong-van"
    target.parent.mkdir()
    paper.dialogs.answers = [True, target]
    paper.press("paper_save")
    assert target.with_name("cong-van.pdf").read_bytes().startswith(b"%PDF")
    assert [p.name for p in target.parent.iterdir()] == ["cong-van.pdf"]
    assert len(issued(paper)) == 1


def test_the_proposed_file_name_says_nothing_about_anybody(paper):
    assert (
        paper.page.file_name() == f"td{mark('a1').lower()}-0001-2026-d30-cong-van-bao-tiep-nhan.pdf"
    )


def test_a_place_that_cannot_be_written_is_told_in_words(paper, tmp_path):
    paper.dialogs.answers = [True, tmp_path / "missing" / "x.pdf"]
    paper.press("paper_save")
    assert any("could not be written" in text for text in paper.notices())
    assert list(tmp_path.glob("**/*.part")) == []


def test_every_form_of_the_list_can_be_drawn(paper):
    for row in range(paper.page.model.rowCount()):
        paper.page.forms.setCurrentIndex(paper.page.model.index(row))
        paper.wait()
        assert paper.page.pages.pages >= 1
        assert paper.child(QAbstractButton, "paper_print").isEnabled()


def test_printing_is_loaded_only_to_print():
    code = (
        "import sys; import traffick_desk.desk.pages.paper; "
        "print([m for m in ('PySide6.QtPrintSupport', 'reportlab', 'pypdfium2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def printer_to(target):
    def choose(_parent, then):
        printer = printing.prepared(QPrinter(QPrinter.PrinterMode.HighResolution))
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        then(printer)

    return choose


def test_what_was_printed_i_can_print_again_and_see_its_code(paper, tmp_path):
    again = paper.child(QAbstractButton, "paper_again")
    assert not again.isVisible()
    paper.page.choose_printer = printer_to(tmp_path / "printed.pdf")
    paper.press("paper_print")
    (record,) = issued(paper)
    assert again.isVisible()
    assert record.get("code") in paper.child(QLabel, "paper_printed").text()
    paper.press("paper_again")
    copies = [r for r in issued(paper) if r.get("copy_of")]
    assert [r.get("copy_of") for r in copies] == [record.id]
    # Another form has not been printed: nothing of it can be printed again.
    paper.page.forms.setCurrentIndex(paper.page.model.index(0))
    paper.wait()
    assert paper.page.form_key() != LETTER
    assert not again.isVisible()


def test_the_code_typed_into_the_search_finds_the_case(paper, tmp_path):
    paper.page.choose_printer = printer_to(tmp_path / "printed.pdf")
    paper.press("paper_print")
    code = issued(paper)[0].get("code")
    found = paper.desk.ask(queries.SearchCases(code.replace("-", "")))
    assert [hit.row.case_id for hit in found] == [paper.case_id]


def test_from_a_paper_i_come_to_its_blank_form(paper):
    paper.press("paper_blank")
    assert paper.page.name == "paper_office"
    assert paper.page.form_key() == LETTER
    assert paper.page.pages.pages == 1
    assert issued(paper) == ()
