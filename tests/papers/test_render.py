"""What a paper is as a file: the same every time, without names, with its marks."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from papers.measure import find, flat, text
from traffick_desk import papers
from traffick_desk.papers import qr

RECORD = "noi-bo/bien-ban-tiep-nhan"
LETTER = "D30/cong-van-bao-tiep-nhan"
KEYS = [form.key for form in papers.forms()]


@pytest.mark.parametrize("key", KEYS)
def test_the_same_facts_give_the_same_bytes(key, facts) -> None:
    once = papers.render(key, facts, draft=True, copy=True, short_code="TD7K-3Q92")
    papers.render(LETTER, {"unit": {"name": "Một nơi khác Ấ Ẫ"}})
    assert papers.render(key, facts, draft=True, copy=True, short_code="TD7K-3Q92") == once


def test_the_bytes_do_not_depend_on_the_process(facts) -> None:
    program = (
        "import hashlib; from traffick_desk import papers;"
        "print(hashlib.sha256(papers.render('noi-bo/ma-khoi-phuc',{'unit':{'name':'Xã Ấ'}}))"
        ".hexdigest())"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**environment, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_importing_the_package_loads_no_drawing_library() -> None:
    program = (
        "import sys; import traffick_desk.papers as p; p.forms();"
        "print([m for m in ('reportlab','pypdfium2','PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("key", KEYS)
def test_the_metadata_name_the_form_and_nobody(key, facts, look) -> None:
    pdf = papers.render(key, facts)
    page = look(pdf)[0]
    info = page.pdf.metadata
    assert info["Title"] == papers.form(key).title.vi
    spoken = " ".join(str(value) for value in info.values())
    for name in ("Lý", "Mẩy", "Nhung", "TD-0007"):
        assert name not in spoken
    assert pdf.startswith(b"%PDF-1.4")
    assert b"/Lang (vi-VN)" in pdf


def test_drafts_are_marked_on_each_page(facts, look) -> None:
    for page in look(papers.render(RECORD, facts, draft=True)):
        tilted = [c for c in page.chars if abs(c["matrix"][1]) > 0.01]
        assert "".join(sorted(c["text"] for c in tilted)) == "".join(sorted("DỰ THẢO"))
        assert {c["non_stroking_color"] for c in tilted} == {(0.88,)}
        # Below the text: drawn first.
        assert page.chars[: len(tilted)] == tilted


def test_copies_are_marked_on_each_page_and_originals_are_not(facts, look) -> None:
    for page in look(papers.render(RECORD, facts, copy=True)):
        assert find(page, "BẢN IN LẠI")
    for page in look(papers.render(RECORD, facts)):
        assert "BẢN IN LẠI" not in text(page)
        assert "DỰ THẢO" not in text(page)


def test_the_short_code_stands_on_each_page_with_its_number(facts, look) -> None:
    pages = look(papers.render(RECORD, facts, short_code="TD7K-3Q92"))
    for number, page in enumerate(pages, 1):
        assert find(page, f"TD7K-3Q92  {number}/{len(pages)}")


def test_the_drawn_code_has_the_modules_of_the_matrix(facts) -> None:
    pdf = papers.render(LETTER, facts, short_code="TD7K-3Q92")
    image = papers.rasterise(pdf, dpi=600)
    matrix = qr.matrix("TD7K-3Q92")
    mm = 600 / 25.4
    left, top, step = (190 - 12) * mm, (297 - 5 - 12) * mm, 12 * mm / len(matrix)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            x, y = int(left + (column + 0.5) * step), int(top + (row + 0.5) * step)
            assert (image.pixels[(y * image.width + x) * 4] < 128) is dark


@pytest.mark.parametrize("code", ["", "td-7", "A" * 25, "Ấ1", "A B", "A\n"])
def test_a_short_code_of_other_characters_is_refused(code, facts) -> None:
    with pytest.raises(papers.BadShortCode):
        papers.render(LETTER, facts, short_code=code)


@pytest.mark.parametrize("key", KEYS)
def test_a_blank_form_names_the_unit_and_nothing_of_a_case(key, facts, look) -> None:
    joined = " ".join(flat(page) for page in look(papers.render(key, facts, blank=True)))
    # The boxes of a sheet with a key are numbered, to 24.
    age = () if key == "noi-bo/to-khoa" else ("16",)
    for value in ("Mẩy", "Nhung", "TD-0007", "Lý Văn", "20 giờ", "1.234.567", "4K7Q", *age):
        assert value not in joined.replace("162/2025", "")
    assert "......" in joined
    if key == LETTER:
        assert "KT. CHỦ TỊCH" in joined


def test_many_papers_come_in_one_file_each_with_its_own_page_numbers(facts, look) -> None:
    pages = look(papers.render_many([(RECORD, facts), (RECORD, facts), (LETTER, facts)]))
    assert len(pages) == 5
    assert [("2" in text(page).splitlines()[0][:2]) for page in pages].count(True) == 2


def test_one_bad_paper_among_many_makes_none(facts) -> None:
    bad = {**facts, "person": {"name": "王"}}
    with pytest.raises(papers.MissingGlyph):
        papers.render_many([(RECORD, facts), (RECORD, bad)])


def test_an_unknown_form_is_refused_in_words() -> None:
    with pytest.raises(papers.UnknownForm, match="Mẫu số 99"):
        papers.render("D162/Mẫu số 99", {})


@pytest.mark.parametrize("value", [1.5, b"x", object(), {"a": 1}])
def test_a_value_that_no_paper_can_print_is_refused_with_its_path(value, facts) -> None:
    facts["person"]["phone"] = value
    with pytest.raises(papers.BadFact, match=r"person\.phone"):
        papers.render(RECORD, facts)


def test_a_plain_value_where_a_mapping_belongs_is_refused(facts) -> None:
    facts["person"] = "Lý Thị Mẩy"
    with pytest.raises(papers.BadFact):
        papers.render(RECORD, facts)


def test_a_purpose_that_the_form_does_not_offer_is_refused(facts) -> None:
    facts["application"]["purposes"] = ["loan"]
    with pytest.raises(papers.BadFact):
        papers.render("D162/Mẫu số 07", facts)


def test_the_letter_leaves_the_name_out_unless_the_officer_chooses_it(facts, look) -> None:
    (page,) = look(papers.render(LETTER, facts))
    for private in ("Mẩy", "Lô Lô Chải", "bầm tím", "002310001234"):
        assert private not in flat(page)
    facts["letter"]["with_name"] = True
    assert "Lý Thị Mẩy" in flat(look(papers.render(LETTER, facts))[0])


def test_the_list_of_entitlements_has_amounts_and_no_name(facts, look) -> None:
    (page,) = look(papers.render("noi-bo/phieu-che-do", facts))
    joined = flat(page)
    assert "1.234.567" in joined
    assert joined.count("chưa có mức chi") >= 10
    assert "Mẩy" not in joined


def test_times_with_a_zone_are_told_by_the_clock_of_viet_nam(facts, look) -> None:
    facts["reception"]["at"] = datetime(2026, 2, 5, 20, 0, tzinfo=UTC)
    assert "hồi 03 giờ 00 phút, ngày 06 tháng 02" in flat(look(papers.render(RECORD, facts))[0])


def test_missing_facts_are_listed_with_their_labels(facts) -> None:
    paths = {fact.path for fact in papers.missing_facts(RECORD, facts)}
    assert paths == {"person.phone"}
    everything = {fact.path for fact in papers.missing_facts(RECORD, {})}
    assert {"person.name", "minors", "unit.name"} <= everything
    assert "unit.governing" not in everything


def test_pages_become_pixels(facts) -> None:
    pdf = papers.render(RECORD, facts)
    assert papers.page_count(pdf) == 2
    image = papers.rasterise(pdf, page=1, dpi=50)
    assert len(image.pixels) == image.width * image.height * 4
    assert abs(image.width - 210 / 25.4 * 50) <= 1
    assert image.pixels[:4] == b"\xff\xff\xff\xff"
    assert min(image.pixels) < 100
    assert image.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("page", [-1, 2])
def test_a_page_that_is_not_there_is_refused(page, facts) -> None:
    with pytest.raises(papers.UnreadablePaper):
        papers.rasterise(papers.render(RECORD, facts), page=page)


def test_bytes_that_are_no_pdf_are_refused() -> None:
    with pytest.raises(papers.UnreadablePaper):
        papers.page_count(b"not a PDF")
    with pytest.raises(ValueError, match="5"):
        papers.rasterise(b"", dpi=5)


def test_every_form_says_who_gets_it_why_and_whether_it_is_official() -> None:
    keys = [form.key for form in papers.forms()]
    assert len(set(keys)) == len(keys) >= 5
    for form in papers.forms():
        assert re.fullmatch(r"[\w-]+/[\w -]+", form.key)
        assert form.receivers
        assert form.signers
        for words in (form.title, form.about, form.source, form.privacy):
            assert words.vi != words.en
        for fact in papers.needed_facts(form.key):
            assert fact.label.vi
            assert fact.why.en
        # No form that came with the program is the official one: none was found.
        assert form.status is not papers.Status.OFFICIAL
