"""Issued papers: their code, finding the case by it, printing again, and blank forms."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.conftest import NOW, Make, take_in
from services.test_backup import _link
from traffick_desk import i18n, papers
from traffick_desk.domain.lists import code_list
from traffick_desk.services import exchange
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.errors import NotHere
from traffick_desk.services.papers import (
    BlankPaper,
    IssuePaper,
    PreviewPaper,
    ReprintPaper,
    code_typed,
    originals,
)
from traffick_desk.services.queries import (
    CaseFilter,
    History,
    ListCases,
    NextSteps,
    OpenCase,
    SearchCases,
)
from traffick_desk.store.journal import Edit

RECORD = "noi-bo/bien-ban-tiep-nhan"
CODE = re.compile(r"\d{4}-\d{4}-\d{4}")


def read(pdf: bytes) -> list[str]:
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(pdf)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


@pytest.fixture
def case(desk: Desk) -> tuple[Desk, str, str]:
    return desk, *take_in(desk, "E5")["E5"]


def test_every_page_of_an_issued_paper_has_its_code_and_a_draft_has_none(case) -> None:
    desk, case_id, _person = case
    issued = desk.do(IssuePaper(case_id, RECORD))
    assert CODE.fullmatch(issued.code)
    pages = read(issued.pdf)
    assert len(pages) == 2
    for number, page in enumerate(pages, 1):
        assert re.search(rf"{issued.code}\s+{number}/2", page)
    assert not [p for p in read(desk.ask(PreviewPaper(case_id, RECORD)).pdf) if CODE.search(p)]
    (record,) = desk.ask(OpenCase(case_id)).of("paper")
    assert record.get("code") == issued.code


@pytest.mark.parametrize("form", ["{}", "{} ", "plain", "spaces", "points"])
def test_the_code_finds_the_case_however_it_is_typed(case, form) -> None:
    desk, case_id, _person = case
    take_in(desk, "E2")
    code = desk.do(IssuePaper(case_id, RECORD)).code
    ways = {"plain": code.replace("-", ""), "spaces": code.replace("-", "  "),
            "points": code.replace("-", ".")}  # fmt: skip
    typed = ways.get(form, form.format(code))
    assert [hit.row.case_id for hit in desk.ask(SearchCases(typed))] == [case_id]
    assert [row.case_id for row in desk.ask(ListCases(CaseFilter(text=typed)))] == [case_id]


def test_a_code_is_nothing_but_chance(case) -> None:
    desk, case_id, _person = case
    codes = {desk.do(IssuePaper(case_id, "noi-bo/the-quyen")).code for _ in range(20)}
    assert len(codes) == 20
    digits = "".join(sorted("".join(codes)))
    assert len(set(digits) - {"-"}) == 10
    number = desk.ask(OpenCase(case_id)).row.file_no
    assert not [c for c in codes if c in number or number in c]


def test_the_code_finds_the_case_at_the_province_too(make: Make, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    commune, province = make(), make("province")
    _link(commune, province, stick)
    case_id, _person = take_in(commune, "E5")["E5"]
    code = commune.do(IssuePaper(case_id, RECORD)).code
    exchange.export_bundles(commune, stick)
    exchange.import_bundles(province, stick)
    assert [hit.row.case_id for hit in province.ask(SearchCases(code))] == [case_id]
    first = province.ask(OpenCase(case_id)).of("paper")[0]
    again = province.do(ReprintPaper(case_id, first.id))
    assert again.code == code


@pytest.mark.parametrize("typed", ["", "0007", "Lý Thị", "12345678901", "1234-5678-901x"])
def test_what_is_no_code_is_searched_as_it_is(typed) -> None:
    assert code_typed(typed) == typed


# -- printing again ----------------------------------------------------------------------------


def test_a_paper_printed_again_is_the_same_and_marked_on_each_page(case) -> None:
    desk, case_id, person = case
    extra = {"letter": {"number": "12", "phone": "0205 111"}}
    letter = "D30/cong-van-bao-tiep-nhan"
    first = desk.do(IssuePaper(case_id, letter, person, extra))
    desk.do(SaveRecords((Edit("person", person, {"name": "Tên Khác"}),)))
    again = desk.do(ReprintPaper(case_id, first.paper_id))
    one, two = read(first.pdf), read(again.pdf)
    for before, after in zip(one, two, strict=True):
        assert "BẢN IN LẠI" in after
        assert "BẢN IN LẠI" not in before
        assert re.sub(r"\s|BẢN IN LẠI", "", after) == re.sub(r"\s", "", before)
    assert again.code == first.code


def test_printing_again_is_noted_and_the_copy_is_no_original(case) -> None:
    desk, case_id, person = case
    first = desk.do(IssuePaper(case_id, RECORD, person))
    again = desk.do(ReprintPaper(case_id, first.paper_id))
    view = desk.ask(OpenCase(case_id))
    records = {r.id: r for r in view.of("paper")}
    assert records[again.paper_id].get("copy_of") == first.paper_id
    assert not records[again.paper_id].get("content")
    assert [r.id for r in originals(view, RECORD)] == [first.paper_id]
    assert originals(view, "noi-bo/the-quyen") == ()
    with pytest.raises(papers.NotKept):
        desk.do(ReprintPaper(case_id, again.paper_id))
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action FROM audit ORDER BY seq DESC LIMIT 5")
        assert "paper.reprint" in [row[0] for row in cursor.fetchall()]


def test_a_paper_that_names_nobody_is_about_the_main_person(case) -> None:
    desk, case_id, person = case
    desk.do(IssuePaper(case_id, RECORD))
    view = desk.ask(OpenCase(case_id))
    child = next(p.id for p in view.persons if p.id != person)
    assert len(originals(view, RECORD)) == len(originals(view, RECORD, person)) == 1
    assert originals(view, RECORD, child) == ()
    desk.do(IssuePaper(case_id, RECORD, child))
    assert len(originals(desk.ask(OpenCase(case_id)), RECORD, child)) == 1


def test_an_address_that_must_not_be_printed_any_more_is_not_printed_again(case) -> None:
    desk, case_id, person = case
    address = new_id()
    kind = code_list("address_kind").codes()[0]
    values = {"case": case_id, "person": person, "kind": kind, "line": "Thôn Bí Mật",
              "unit": desk.info.unit}  # fmt: skip
    for known in desk.ask(OpenCase(case_id)).of("address", person):
        desk.do(SaveRecords((Edit("address", known.id, {"do_not_print": "yes"}),)))
    desk.do(SaveRecords((Edit("address", address, values),)))
    first = desk.do(IssuePaper(case_id, RECORD, person))
    assert "Bí Mật" in " ".join(read(first.pdf))
    assert desk.do(ReprintPaper(case_id, first.paper_id)).pdf
    desk.do(SaveRecords((Edit("address", address, {"do_not_print": "yes"}),)))
    with pytest.raises(papers.NoLongerPrinted):
        desk.do(ReprintPaper(case_id, first.paper_id))


def test_a_paper_that_is_not_of_the_case_is_refused(case) -> None:
    desk, case_id, _person = case
    with pytest.raises(NotHere):
        desk.do(ReprintPaper(case_id, new_id()))


def test_a_paper_from_before_is_found_but_not_printed_again(case) -> None:
    desk, case_id, _person = case
    old = new_id()
    values = {"case": case_id, "form": RECORD, "issued_at": "2026-11-20T08:00+07:00"}
    desk.do(SaveRecords((Edit("paper", old, values),)))
    with pytest.raises(papers.NotKept):
        desk.do(ReprintPaper(case_id, old))


# -- blank forms -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [form.key for form in papers.forms()])
def test_every_form_can_be_had_blank_with_no_case_at_all(desk: Desk, key: str) -> None:
    issued = desk.ask(BlankPaper(key))
    text = " ".join(read(issued.pdf))
    assert "DỰ THẢO" not in text.replace("\r\n", "")
    assert not CODE.search(text)
    assert "Nguyễn Thị Hương" not in text
    assert "......" in text
    assert issued.missing == ()


def test_what_was_written_by_hand_is_entered_later_with_the_day_on_which_it_happened(
    desk: Desk,
) -> None:
    happened = NOW - timedelta(days=3)
    at = happened.isoformat(timespec="minutes")
    person = new_id()
    case_id = desk.do(
        NewCase(
            (
                Edit("case", new_id(), {"opened_on": happened.date().isoformat()}),
                Edit("person", person, {"role": "main", "name": "Lý Thị Mẩy", "birth": "2001"}),
                Edit("reception", new_id(), {"at": at}),
            )
        )
    )
    given = {"case": case_id, "person": person, "item": "clothes",
             "given_on": happened.date().isoformat()}  # fmt: skip
    desk.do(SaveRecords((Edit("given_item", new_id(), given),)))
    view = desk.ask(OpenCase(case_id))
    assert view.of("reception")[0].get("at") == at
    assert view.row.opened_on == happened.date().isoformat()
    # The journal keeps by itself when it was entered.
    entered = {datetime.fromisoformat(item.at).date() for item in desk.ask(History(case_id))}
    assert entered != {happened.date()}
    assert happened.date() not in entered
    # The periods of the law run from the day on which it happened.
    (notice,) = [s for s in desk.ask(NextSteps(case_id)) if s.clock == "CLK-02"]
    assert str(notice.due)[:10] == happened.date().isoformat()


# -- both languages of the desk ----------------------------------------------------------------


def test_a_paper_is_vietnamese_whatever_the_desk_speaks(case) -> None:
    desk, case_id, person = case
    before = i18n.language()
    try:
        i18n.set_language("vi")
        vietnamese = [desk.ask(PreviewPaper(case_id, f.key, person)).pdf for f in papers.forms()]
        i18n.set_language("en")
        english = [desk.ask(PreviewPaper(case_id, f.key, person)).pdf for f in papers.forms()]
    finally:
        i18n.set_language(before)
    assert vietnamese == english
