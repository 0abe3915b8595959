"""The slip of a follow-up visit and the monthly list, measured."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from papers.measure import MM, face, find, flat, rows, rules, size, text
from traffick_desk import papers
from traffick_desk.papers import formfile
from traffick_desk.papers.forms import Grid

VISIT = "noi-bo/phieu-tham"
MONTH = "noi-bo/danh-sach-thang"


def case(number: int, **more) -> dict:
    return {
        "case": [f"TDK7Q-{number:04d}/2026", "Hỗ trợ", "mở ngày 02/03/2026"],
        "done": ["02/11: Đã báo Sở Y tế"], "due": ["QUÁ HẠN 20/11/2026: Thông báo"], "waiting": [],
        **more,
    }  # fmt: skip


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("with_name", [False, True])
def test_the_slip_is_one_page_however_it_is_printed(blank, with_name, facts, look) -> None:
    facts["letter"]["with_name"] = with_name
    facts["visit"] = {"last_on": date(2026, 8, 21)}
    (page,) = look(papers.render(VISIT, facts, blank=blank, short_code="4821-9073-5566"))
    assert ("Lý Thị Mẩy" in flat(page)) is (with_name and not blank)
    for private in ("Lô Lô Chải", "002310001234", "bầm tím", "mua bán", "nạn nhân"):
        assert private not in flat(page).lower()


def test_the_slip_asks_about_every_part_of_life_with_room_to_write(facts, look) -> None:
    (page,) = look(papers.render(VISIT, facts))
    (grid,) = [p.block for p in formfile.find(VISIT).parts if isinstance(p.block, Grid)]
    words = ("An toàn", "Chỗ ở", "Sức khỏe", "Tinh thần", "Giấy tờ", "Học hành", "Việc làm",
             "Vay vốn", "Gia đình", "Làng xóm", "Điều đáng lo", "Nguyện vọng")  # fmt: skip
    assert len(grid.rows) == len(words)
    for word in words:
        head = find(page, word)
        assert (face(head), size(head)) == ("LiberationSerif-Bold", 11)
    assert text(page).count("□") == 2 * 11 + 2
    lines = [r for r in rules(page) if r["x1"] - r["x0"] == pytest.approx(160 * MM, abs=0.5)]
    tops = sorted({round(r["top"], 1) for r in lines})
    heights = [b - a for a, b in itertools.pairwise(tops)][1:]
    # Two lines of writing by hand: 9 mm and more.
    assert min(heights) >= 9 * MM
    for word in ("Lần thăm sau", "Đồng ý cho thăm tiếp"):
        assert find(page, word)


def test_a_long_wish_on_the_slip_goes_on_and_is_not_lost(facts, look) -> None:
    facts["visit"] = {"wishes": ["muốn học may " * 60], "todo": ["hỏi trường " * 60]}
    pages = look(papers.render(VISIT, facts))
    joined = " ".join(flat(page) for page in pages)
    assert joined.count("học may") == 60
    assert joined.count("hỏi trường") == 60


@pytest.mark.parametrize("count", [0, 1, 200])
def test_the_list_holds_none_one_and_two_hundred_cases(count, facts, look) -> None:
    facts["rows"] = [case(number) for number in range(1, count + 1)]
    facts["month"] = {"name": "11 năm 2026", "total": count, "opened": 0, "closed": 0}
    pages = look(papers.render(MONTH, facts))
    joined = " ".join(flat(page) for page in pages)
    assert ("Không có hồ sơ nào trong tháng" in joined) is (count == 0)
    for number in range(1, count + 1):
        assert f"TDK7Q-{number:04d}/2026" in joined
    with_rows = [page for page in pages if "TDK7Q-" in text(page)]
    assert len(with_rows) >= (count + 24) // 25
    for page in with_rows:
        assert flat(page).count("Số hồ sơ, giai đoạn") == 1
    assert "Tháng 11 năm 2026" in flat(pages[0])
    assert "LƯU HÀNH NỘI BỘ" in flat(pages[0])
    assert "CÁN BỘ LẬP DANH SÁCH" in flat(pages[-1])
    assert "KT. CHỦ TỊCH" in flat(pages[-1])


def test_a_case_of_which_much_is_to_be_told_goes_over_the_page_end(facts, look) -> None:
    done = [f"{n:02d}/11: Đã làm việc số {n}" for n in range(1, 29)] * 4
    facts["rows"] = [case(1, done=done), case(2)]
    pages = look(papers.render(MONTH, facts))
    assert sum(flat(page).count("Đã làm việc số") for page in pages) == len(done)
    assert max(c["x1"] for page in pages for c in page.chars if c["text"] != " ") <= 190 * MM + 0.1


def test_the_blank_list_leaves_rows_to_write_in(facts, look) -> None:
    (page,) = look(papers.render(MONTH, facts, blank=True))
    lines = [r for r in rules(page) if r["x1"] - r["x0"] == pytest.approx(160 * MM, abs=0.5)]
    assert len({round(r["top"]) for r in lines}) >= 13
    assert [line for line in rows(page) if "TT" in "".join(c["text"] for c in line)]
