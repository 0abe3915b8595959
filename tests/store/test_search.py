"""Search over all cases finds names as people type them, and never fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.desks import OFFICER, Desk
from traffick_desk.store import search
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

NAMES = {
    "k0": "Đặng Thị Hoà",
    "k1": "Dang Thi Hoa",
    "k2": "Đặng Thị Hóa",
    "k3": "Sok Sokha",
    "k4": "សុខ សុខា",
    "k5": "กินดี มีสุข",
    "k6": "ສົມສັກ ວົງສາ",
    "k7": "မောင်မောင်",
    "k8": "H'Hen Niê",
    "k9": "李小龙",
    "ka": "Nguyễn_Văn a_b",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("search"), "c0")
    with found.store.work() as work:
        for number, (case, name) in enumerate(NAMES.items()):
            for type_name, record_id, values in (
                ("case", case, {"file_no": f"TD-{number:04d}/2026"}),
                ("person", f"p{case}", {"case": case, "role": "main", "name": name}),
                ("person_name", f"n{case}", {"case": case, "name": f"Bí danh {number}"}),
                ("address", f"a{case}", {"case": case, "line": "Thôn Lũng Cú"}),
            ):
                work.journal.write(Edit(type_name, record_id, values), OFFICER, case)
    yield found
    found.close()


def find(desk, text, limit=50, offset=0):
    with desk.store.read() as cursor:
        return search.find(cursor, text, limit, offset)


def cases(desk, text):
    return {case for case, _exact in find(desk, text)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("dang thi", {"k0", "k1", "k2"}),
        ("DANG", {"k0", "k1", "k2"}),
        ("đặng thị hòa", {"k0", "k1", "k2"}),
        ("hoa dang", {"k0", "k1", "k2"}),
        ("sokh", {"k3"}),
        ("សុខ", {"k4"}),
        ("សុខា", {"k4"}),
        ("กิน", {"k5"}),
        ("มีสุข", {"k5"}),
        ("ສົມ", {"k6"}),
        ("မောင်", {"k7"}),
        ("h'hen", {"k8"}),
        ("hen nie", {"k8"}),
        ("李", {"k9"}),
        ("a_b", {"ka"}),
        ("nguyen van", {"ka"}),
        ("td-0003", {"k3"}),
        ("0003/2026", {"k3"}),
        ("bi danh 7", {"k7"}),
        ("lung cu", set(NAMES)),
        ("lung cu sokha", {"k3"}),
        ("nobody", set()),
        ("", set()),
        ("   ", set()),
        ("_-'\"*()", set()),
        ("dang AND thi OR NOT", set()),
        ('"dang"', {"k0", "k1", "k2"}),
        ("dang*", {"k0", "k1", "k2"}),
        ("folded:dang", set()),
        ("dang\0thi", {"k0", "k1", "k2"}),
    ],
)
def test_names_are_found_as_people_type_them(desk, text, wanted):
    assert cases(desk, text) == wanted
    with desk.store.read() as cursor:
        assert search.count(cursor, text) == len(wanted)


def test_exact_accents_come_first_and_either_place_of_the_tone_is_one(desk):
    for text in ("Đặng Thị Hoà", "đặng thị hòa"):
        found = find(desk, text)
        assert found[0] == ("k0", True)
        assert {case for case, exact in found[1:] if not exact} == {"k1", "k2"}
    assert find(desk, "đặng thị hóa")[0] == ("k2", True)
    assert find(desk, "dang thi hoa")[0] == ("k1", True)


def test_pages_follow_each_other_without_gaps_or_doubles(desk):
    whole = find(desk, "lung cu")
    assert len(whole) == len(NAMES)
    paged = [hit for offset in range(0, 12, 3) for hit in find(desk, "lung cu", 3, offset)]
    assert paged == whole
    accents = find(desk, "đặng")
    assert [h for o in range(3) for h in find(desk, "đặng", 1, o)] == accents
    assert find(desk, "đặng", 5, 50) == []


def test_every_word_of_every_name_finds_its_case(desk):
    for case, name in NAMES.items():
        for word in name.replace("_", " ").split():
            for length in range(1, len(word) + 1):
                assert case in cases(desk, word[:length]), word[:length]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_text_makes_the_search_fail(desk, text):
    for hit in find(desk, text):
        assert hit[0] in NAMES
    with desk.store.read() as cursor:
        search.count(cursor, text)


def test_a_pasted_page_does_not_make_the_search_fail(desk):
    for text in ("x " * 100_000, "đặng " * 5_000, "a" * 200_000, " ".join(map(str, range(9_999)))):
        find(desk, text)
    assert cases(desk, "đặng " * 5_000) == {"k0", "k1", "k2"}


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=["L", "M", "N", "P", "Zs"]), min_size=1, max_size=25))
def test_any_name_is_found_by_itself(other, text):
    with other.store.work() as work:
        edit = Edit("person", "p", {"case": "k", "role": "main", "name": text})
        work.journal.write(edit, OFFICER, "k")
    found = find(other, text)
    if search.tokens(text):
        assert found == [("k", True)]


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("other"), "c0")
    found.write("case", "k", {"opened_on": "2026-11-21"}, "k")
    yield found
    found.close()


def test_what_was_changed_or_voided_is_not_found_any_more(tmp_path):
    desk = Desk(tmp_path, "c0")
    desk.write("case", "k0", {"file_no": "TD-1"})
    desk.write("person", "a", {"case": "k0", "role": "main", "name": "Sokha"})
    desk.write("person_name", "n", {"case": "k0", "name": "Bống"})
    desk.write("person", "a", {"name": "Hoa"})
    assert cases(desk, "sokha") == set()
    assert cases(desk, "hoa bong") == {"k0"}
    desk.write("person_name", "n", {VOID: "trùng"})
    assert cases(desk, "bong") == set()
    desk.write("person", "a", {"name": None})
    assert cases(desk, "hoa") == set()
    assert cases(desk, "td") == {"k0"}
    desk.close()


def test_a_person_whose_case_has_not_arrived_is_found_once_it_has(tmp_path):
    desk = Desk(tmp_path, "c0")
    desk.write("person", "a", {"case": "k0", "role": "main", "name": "Sokha"})
    assert cases(desk, "sokha") == set()
    desk.write("case", "k0", {"file_no": "TD-1"})
    assert cases(desk, "sokha") == {"k0"}
    assert desk.rows("SELECT name, file_no FROM case_row") == [("Sokha", "TD-1")]
    desk.close()


def test_more_cases_than_one_statement_can_name_are_indexed(tmp_path):
    desk = Desk(tmp_path, "c0")
    with desk.store.work() as work:
        for number in range(1_200):
            case = f"k{number:04d}"
            work.journal.write(Edit("case", case, {"file_no": f"TD-{number:04d}"}), OFFICER, case)
            edit = Edit("person", f"p{number}", {"case": case, "role": "main", "name": "Hoa"})
            work.journal.write(edit, OFFICER, case)
    with desk.store.read() as cursor:
        assert search.count(cursor, "hoa") == 1_200
        assert len(search.find(cursor, "hoa", 2_000)) == 1_200
    before = desk.tables()
    desk.store.rebuild()
    assert desk.tables() == before
    assert cases(desk, "td-1199") == {"k1199"}
    desk.close()
