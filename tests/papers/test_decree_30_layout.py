"""Decree 30/2020/NĐ-CP, Annex I, measured in the PDFs themselves (points; tolerance 0.3)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from papers.measure import MM, baseline, face, find, flat, middle, rows, rules, size, span
from traffick_desk import papers

LETTER = "D30/cong-van-bao-tiep-nhan"
RECORD = "noi-bo/bien-ban-tiep-nhan"
APPLICATION = "D162/Mẫu số 07"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT, RIGHT = 30 * MM, 190 * MM
near = pytest.approx


def close(value: float) -> object:
    return near(value, abs=0.3)


@pytest.fixture
def letter(facts, look):
    (page,) = look(papers.render(LETTER, facts))
    return page


@pytest.fixture
def record(facts, look):
    return look(papers.render(RECORD, facts))


def test_the_paper_is_a4_upright(letter) -> None:
    assert (letter.width, letter.height) == (close(210 * MM), close(297 * MM))


@pytest.mark.parametrize("key", [form.key for form in papers.forms()])
@pytest.mark.parametrize("blank", [False, True])
def test_nothing_of_the_body_stands_in_the_margins(key, blank, facts, look) -> None:
    for number, page in enumerate(look(papers.render(key, facts, blank=blank))):
        body = [c for c in page.chars if not (number and c["top"] < 20 * MM - 1)]
        assert min(c["x0"] for c in body) >= 30 * MM - 0.1
        assert max(c["x1"] for c in body if c["text"] != " ") <= 190 * MM + 0.1
        ascent = 0.891
        top = page.height - max(baseline(c) + ascent * c["size"] for c in body)
        assert top >= 20 * MM - 0.1
        assert min(baseline(c) - 0.216 * c["size"] for c in body) >= 20 * MM - 0.1


def test_country_and_motto_stand_at_the_right_in_bold(letter) -> None:
    nation, motto = find(letter, NATION), find(letter, MOTTO)
    assert (size(nation), face(nation)) == (13, "LiberationSerif-Bold")
    assert (size(motto), face(motto)) == (14, "LiberationSerif-Bold")
    assert middle(nation) == close(middle(motto))
    assert span(nation)[1] <= RIGHT
    # Single spacing between the two.
    assert baseline(nation[0]) - baseline(motto[0]) == near(13.5 * 1.149, abs=1)


def test_the_rule_below_the_motto_is_as_long_as_the_motto(letter) -> None:
    motto = find(letter, MOTTO)
    (rule,) = [r for r in rules(letter) if r["x0"] == close(span(motto)[0])]
    assert (rule["x0"], rule["x1"]) == (close(span(motto)[0]), close(span(motto)[1]))
    assert 0 < baseline(motto[0]) - rule["y0"] < 10


def test_the_body_is_bold_capitals_with_a_rule_of_a_third_to_a_half(letter) -> None:
    first, second = find(letter, "ỦY BAN NHÂN DÂN"), find(letter, "XÃ ĐỒNG VĂN")
    assert {size(first), size(second)} == {13}
    assert face(second) == "LiberationSerif-Bold"
    assert baseline(first[0]) > baseline(second[0])
    left, right = span(second)
    rule = next(r for r in rules(letter) if left < r["x0"] and r["x1"] < right)
    assert 1 / 3 <= (rule["x1"] - rule["x0"]) / (right - left) <= 1 / 2
    assert (rule["x0"] + rule["x1"]) / 2 == close(middle(second))


def test_the_governing_body_stands_above_and_is_not_bold(facts, look) -> None:
    facts["unit"]["governing"] = "Ủy ban nhân dân tỉnh Tuyên Quang"
    facts["unit"]["name"] = "Trung tâm Công tác xã hội"
    (page,) = look(papers.render(LETTER, facts))
    governing, issuer = find(page, "TỈNH TUYÊN QUANG"), find(page, "TRUNG TÂM")
    assert face(governing) == "LiberationSerif"
    assert face(issuer) == "LiberationSerif-Bold"
    assert baseline(governing[0]) > baseline(issuer[0])


def test_number_and_date_share_a_line_and_are_centred_in_their_columns(letter) -> None:
    number = find(letter, "Số: 05/UBND-VHXH")
    day = find(letter, "Đồng Văn, ngày 05 tháng 02 năm 2026")
    assert (size(number), face(number)) == (13, "LiberationSerif")
    assert (size(day), face(day)) == (14, "LiberationSerif-Italic")
    assert baseline(number[0]) == close(baseline(day[0]))
    assert middle(number) == close(middle(find(letter, "XÃ ĐỒNG VĂN")))
    assert middle(day) == close(middle(find(letter, NATION)))


def test_the_subject_of_a_letter_stands_six_points_below_the_number(letter) -> None:
    number, subject = find(letter, "Số: 05/UBND-VHXH"), find(letter, "V/v thông báo")
    assert (size(subject), face(subject)) == (13, "LiberationSerif")
    single = 13 * 1.149
    assert baseline(number[0]) - baseline(subject[0]) == close(single + 6)


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 9, 10), "ngày 10 tháng 9 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day, printed, facts, look) -> None:
    facts["letter"]["date"] = day
    (page,) = look(papers.render(LETTER, facts))
    assert find(page, f"Đồng Văn, {printed}")


@pytest.mark.parametrize(("number", "printed"), [(1, "01"), (9, "09"), (10, "10"), (123, "123")])
def test_numbers_below_ten_have_a_zero(number, printed, facts, look) -> None:
    facts["letter"]["number"] = number
    (page,) = look(papers.render(LETTER, facts))
    assert find(page, f"Số: {printed}/UBND-VHXH")


def test_type_and_subject_are_bold_centred_and_have_a_rule(record) -> None:
    page = record[0]
    kind, subject = find(page, "BIÊN BẢN"), find(page, "Tiếp nhận nạn nhân, người đang")
    assert (size(kind), size(subject)) == (14, 14)
    assert face(kind) == face(subject) == "LiberationSerif-Bold"
    assert middle(kind) == close((LEFT + RIGHT) / 2)
    last = find(page, "trong quá trình xác định là nạn nhân")
    left, right = span(last)
    rule = next(
        r for r in rules(page) if 0 < baseline(last[0]) - r["y0"] < 12 and r["x0"] > LEFT + 1
    )
    assert 1 / 3 <= (rule["x1"] - rule["x0"]) / (right - left) <= 1 / 2


def test_legal_bases_are_italic_and_end_with_semicolon_and_full_stop(record) -> None:
    lines = ["".join(c["text"] for c in line) for line in rows(record[0])]
    bases = [line for line in lines if line.startswith("Căn cứ")]
    assert len(bases) == 2
    assert face(find(record[0], "Căn cứ khoản")) == "LiberationSerif-Italic"
    joined = flat(record[0])
    assert "25 tháng 6 năm 2025); Căn cứ Nghị định" in joined
    assert "Luật Phòng, chống mua bán người. Hôm nay" in joined


def test_the_body_is_13_or_14_justified_with_a_first_line_indent_of_one_centimetre(letter) -> None:
    first = find(letter, "Thực hiện khoản")
    assert size(first) in {13, 14}
    assert first[0]["x0"] == close(LEFT + 10 * MM)
    paragraph = [line for line in rows(letter) if line[0]["x0"] < LEFT + 1 and size(line) == 14]
    full = [line for line in paragraph if span(line)[1] > RIGHT - 1]
    assert len(full) >= 4
    for line in full:
        assert span(line)[1] == close(RIGHT)


def test_lines_are_single_to_one_and_a_half_and_paragraphs_six_points_apart(letter) -> None:
    body = [
        baseline(line[0])
        for line in rows(letter)
        if size(line) == 14 and line[0]["x0"] < LEFT + 11 * MM and baseline(line[0]) < 610
    ]
    steps = [upper - lower for upper, lower in pairwise(body) if upper > lower]
    within = min(steps)
    assert 14 * 1.149 - 0.1 <= within <= 14 * 1.149 * 1.5
    between = sorted({round(step, 1) for step in steps})[1]
    assert between - within >= 6 - 0.1


def test_the_page_number_is_hidden_on_page_one_and_centred_in_the_top_margin(record) -> None:
    assert len(record) == 2
    assert all(c["top"] > 20 * MM - 3 for c in record[0].chars)
    (line,) = [line for line in rows(record[1]) if baseline(line[0]) > 297 * MM - 20 * MM]
    assert "".join(c["text"] for c in line) == "2"
    assert size(line) in {13, 14}
    assert face(line) == "LiberationSerif"
    assert middle(line) == close(105 * MM)


def test_recipients_are_set_in_12_and_11_and_end_with_the_archive(letter) -> None:
    head, last = find(letter, "Nơi nhận:"), find(letter, "- Lưu: VT")
    assert (size(head), face(head)) == (12, "LiberationSerif-BoldItalic")
    assert (size(last), face(last)) == (11, "LiberationSerif")
    assert find(letter, "- Như trên;")
    assert find(letter, "TD-0007/2026.")


def test_authority_and_post_are_bold_and_the_name_stands_below_with_room_to_sign(letter) -> None:
    lines = [find(letter, t) for t in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")]
    name = find(letter, "Vàng Mí Sính")
    for line in [*lines, name]:
        assert size(line) in {13, 14}
        assert face(line) == "LiberationSerif-Bold"
        assert middle(line) == close(middle(name))
    assert baseline(lines[2][0]) - baseline(name[0]) > 50


def test_the_circulation_note_is_boxed(record) -> None:
    note = find(record[0], "LƯU HÀNH NỘI BỘ")
    assert size(note) in {13, 14}
    (box,) = [r for r in record[0].rects if r["x0"] < note[0]["x0"] and r["x1"] > note[-1]["x1"]]
    assert box["y0"] < baseline(note[0]) < box["y1"]


def test_an_application_has_the_country_in_the_middle_and_says_what_it_is(facts, look) -> None:
    page = look(papers.render(APPLICATION, facts))[0]
    assert middle(find(page, NATION)) == close((LEFT + RIGHT) / 2)
    assert find(page, "Mẫu nội bộ thay thế, chờ mẫu ban hành kèm theo Nghị định")
    assert middle(find(page, "NGƯỜI LÀM ĐƠN")) > (LEFT + RIGHT) / 2
