"""Long names, long texts, page ends, and what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.measure import MM, baseline, find, flat, rows, rules, text
from traffick_desk import papers
from traffick_desk.papers import page as p
from traffick_desk.papers.fonts import REGULAR, faces
from traffick_desk.papers.lines import break_lines
from traffick_desk.papers.page import Piece, paginate
from traffick_desk.papers.values import Run

RECORD = "noi-bo/bien-ban-tiep-nhan"
LETTER = "D30/cong-van-bao-tiep-nhan"
RIGHT = 190 * MM


def nothing(canvas, y) -> None:
    return


def test_a_long_name_wraps_and_never_overflows(facts, look) -> None:
    name = " ".join(["Công Tằng Tôn Nữ Thị Hoàng Kim Phượng Nguyễn Đặng"] * 4)
    facts["person"]["name"] = facts["minors"][0]["name"] = name
    pages = look(papers.render(RECORD, facts))
    assert " ".join(flat(page) for page in pages).count("Phượng") == 12
    for page in pages:
        assert max(c["x1"] for c in page.chars if c["text"] != " ") <= RIGHT + 0.1


def test_a_word_longer_than_the_line_is_cut_and_nothing_of_it_is_lost(facts, look) -> None:
    facts["reception"]["condition"] = "ộ" * 1000
    pages = look(papers.render(RECORD, facts))
    assert sum(text(page).count("ộ") for page in pages) >= 1000
    for page in pages:
        assert max(c["x1"] for c in page.chars if c["text"] != " ") <= RIGHT + 0.1


@given(
    st.lists(st.text("aộW .,\u00a0\n", max_size=60), max_size=6),
    st.floats(30, 460),
    st.floats(0, 29),
)
def test_lines_fit_their_column_and_keep_every_letter(texts, width, first) -> None:
    runs = [Run(part, REGULAR) for part in texts]
    lines = break_lines(runs, width, 13, first=first)
    assert lines
    for line in lines:
        measured = sum(faces().width(part, face, 13) for face, part in line.spans)
        assert measured <= width - line.indent + 0.01 or len(line.text.strip()) <= 1
    joined = "".join(line.text for line in lines)
    squeezed = "".join(texts).replace(" ", "").replace("\n", "")
    assert joined.replace(" ", "") == squeezed


@given(
    st.lists(st.tuples(st.floats(1, 300), st.floats(0, 20), st.booleans()), min_size=1, max_size=60)
)
def test_every_piece_is_placed_once_in_order_and_within_the_page(rows_) -> None:
    pieces = [Piece(height, nothing, before, keep) for height, before, keep in rows_]
    pages = paginate(pieces, 500)
    placed = [item.piece for page in pages for item in page]
    assert [id(piece) for piece in placed] == [id(piece) for piece in pieces]
    for page in pages:
        assert page[-1].last
        y = p.TOP
        for item in page:
            assert item.y >= y - 1e-6
            y = item.y + item.piece.height
            assert y <= p.TOP + 500 + 1e-6


def test_a_table_over_pages_repeats_its_heading_and_closes_its_rules(facts, look) -> None:
    facts["minors"] = [
        {"name": f"Lý A {number}", "sex": "nam", "birth": 2015, "relation": "con"}
        for number in range(1, 61)
    ]
    pages = look(papers.render(RECORD, facts))
    with_rows = [page for page in pages if "Lý A " in text(page)]
    assert len(with_rows) >= 2
    for page in with_rows:
        assert text(page).count("Quan hệ") == 1
        table = [r for r in rules(page) if r["x1"] - r["x0"] == pytest.approx(160 * MM, abs=0.5)]
        lowest = min(baseline(line[0]) for line in rows(page) if "Lý A" in _joined(line))
        assert any(0 < lowest - r["y0"] < 12 for r in table)
    assert sum(text(page).count("Lý A ") for page in pages) == 60


def _joined(line) -> str:
    return "".join(char["text"] for char in line)


def test_a_row_higher_than_a_page_goes_on_on_the_next(facts, look) -> None:
    facts["minors"][0]["relation"] = "cháu " * 900
    pages = look(papers.render(RECORD, facts))
    assert sum(text(page).count("cháu") for page in pages) == 900


@pytest.mark.parametrize("lines", range(0, 48, 3))
def test_a_signature_always_has_two_lines_of_the_text_above_it(lines, facts, look) -> None:
    facts["reception"]["urgent_needs"] = "Cần giúp.\n" * lines + "Hết."
    page = look(papers.render(LETTER, facts))[-1]
    printed = text(page).splitlines()
    sign = next(i for i, line in enumerate(printed) if line.startswith("TM. ỦY BAN"))
    above = [line for line in printed[:sign] if line.strip() not in {"2", "3"}]
    assert len(above) >= 2
    assert "Đầu mối liên hệ" in " ".join(above)
    assert "Vàng Mí Sính" in printed


def test_missing_values_are_dotted_lines_and_never_unknown(facts, look) -> None:
    facts["person"]["phone"] = ""
    del facts["person"]["ethnicity"]
    page = look(papers.render(RECORD, facts))[0]
    for label in ("Điện thoại: ", "Dân tộc: "):
        line = find(page, label + "." * 8)
        assert line
    assert "không biết" not in flat(page)


def test_unknown_and_refused_are_printed_when_the_answer_was_given(facts, look) -> None:
    facts["person"]["phone"] = papers.Answer.UNKNOWN
    facts["person"]["ethnicity"] = papers.Answer.REFUSED
    facts["person"]["citizenship"] = papers.Answer.NOT_ASKED
    page = look(papers.render(RECORD, facts))[0]
    assert find(page, "Điện thoại: không biết")
    assert find(page, "Dân tộc: từ chối trả lời")
    assert find(page, "Quốc tịch: ........")


def test_no_minors_and_minors_not_yet_asked_about_are_not_the_same(facts, look) -> None:
    facts["minors"] = []
    assert "Không có" in flat(look(papers.render(RECORD, facts))[0])
    facts["minors"] = None
    joined = " ".join(flat(page) for page in look(papers.render(RECORD, facts)))
    assert "Không có" not in joined


def test_no_facts_at_all_still_give_a_paper(look) -> None:
    for form in papers.forms():
        assert look(papers.render(form.key, {}))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text_prints_or_is_refused_in_words(value) -> None:
    facts = {"person": {"name": value}, "reception": {"condition": value, "place": value}}
    try:
        pdf = papers.render(RECORD, facts)
    except papers.PaperError as error:
        refused = str(error)
    else:
        refused = ""
        assert papers.page_count(pdf) >= 1
    assert not refused or "Nothing was printed" in refused


@pytest.mark.parametrize("value", ["a" * 100_000, "lời khai " * 11_000, "Ấ\n" * 5_000])
def test_a_hundred_thousand_characters_page_properly(value, facts) -> None:
    facts["reception"]["condition"] = value
    assert papers.page_count(papers.render(RECORD, facts)) > 20


@pytest.mark.parametrize(
    ("path", "label"),
    [("person", "Full name"), ("officer", "Receiving officer"), ("unit", "Name of the body")],
)
def test_a_text_too_long_for_a_fixed_place_is_refused_by_name(path, label, facts) -> None:
    facts[path]["name"] = "Tên " * 5_000
    with pytest.raises(papers.TextTooLong) as caught:
        papers.render(RECORD, facts)
    assert caught.value.field == label


def test_a_code_group_too_wide_for_its_box_is_refused(facts) -> None:
    facts["recovery"]["code"] = "W" * 40
    with pytest.raises(papers.TextTooLong):
        papers.render("noi-bo/ma-khoi-phuc", facts)
