"""Administrative units: complete, dated, linked, found."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk import i18n, resources
from traffick_desk.domain import text
from traffick_desk.domain.units import UnitDataError, Units, UnknownUnitError


@pytest.fixture(scope="module")
def units():
    return Units.load()


def ids(found):
    return [unit.id for unit in found]


def first(units, typed, **options):
    found = units.search(typed, **options)
    return found[0].label if found else None


# --- completeness


def test_all_34_provinces_and_3321_communes_are_there(units):
    provinces = units.provinces()
    assert len(provinces) == 34
    communes = [c for p in provinces for c in units.communes(p.id)]
    assert len(communes) == 3321
    assert Counter(c.kind for c in communes) == {"xa": 2599, "phuong": 709, "dac-khu": 13}
    assert Counter(p.kind for p in provinces) == {"tinh": 25, "thanh-pho": 9}
    assert all(re.fullmatch(r"2025/\d\d", p.id) for p in provinces)
    assert all(re.fullmatch(r"2025/\d{5}", c.id) for c in communes)


def test_the_old_63_provinces_with_districts_and_communes_are_there(units):
    provinces = units.provinces("2004")
    districts = [d for p in provinces for d in units.districts(p.id)]
    communes = [c for p in provinces for c in units.communes(p.id)]
    assert (len(provinces), len(districts), len(communes)) == (63, 696, 10035)
    assert all(re.fullmatch(r"2004/\d{3}", d.id) for d in districts)
    assert len(units) == 34 + 3321 + 63 + 696 + 10035


def test_every_code_is_unique_and_every_name_is_clean(units):
    assert len(set(units._ids)) == len(units)
    for unit_id in units._ids:
        unit = units.get(unit_id)
        for name in (unit.name, *unit.aliases):
            assert name == text.clean(name) == unicodedata.normalize("NFC", name) != ""
            assert "'" not in name
        assert unit.kind in units.kinds


def test_positions_lie_in_viet_nam_and_near_their_province(units):
    missing = 0
    for province in units.provinces():
        assert 8 < province.lat < 24
        assert 102 < province.lon < 110
        for commune in units.communes(province.id):
            if commune.lat is None:
                missing += 1
                continue
            # The special zones of Hoàng Sa and Trường Sa lie far out at sea.
            assert 6 < commune.lat < 23.5
            assert 102 < commune.lon < 116
            if commune.kind != "dac-khu":
                assert abs(commune.lat - province.lat) + abs(commune.lon - province.lon) < 4
    assert missing == 8


def test_the_list_loads_from_the_package_and_says_when_it_is_damaged(tmp_path):
    assert resources.path("units", "units.json").stat().st_size < 1_500_000
    for content in ("", "{}", "[]", '{"meta":{"as_of":"x"}}'):
        broken = tmp_path / "units.json"
        broken.write_text(content, "utf-8")
        with pytest.raises(UnitDataError):
            Units.load(broken)
    with pytest.raises(UnitDataError):
        Units.load(tmp_path / "absent.json")


# --- names and dates


@pytest.mark.parametrize(
    ("unit_id", "full_name"),
    [
        ("2025/00721", "Xã Đồng Văn, tỉnh Tuyên Quang"),
        ("2025/20", "Tỉnh Lạng Sơn"),
        ("2025/22736", "Đặc khu Trường Sa, tỉnh Khánh Hòa"),
        ("2025/26740", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("2025/00004", "Phường Ba Đình, thành phố Hà Nội"),
        ("2004/00721", "Thị trấn Đồng Văn, huyện Đồng Văn, tỉnh Hà Giang"),
        ("2004/28252", "Phường 4, thành phố Mỹ Tho, tỉnh Tiền Giang"),
        ("2004/26740", "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"),
        ("2004/318", "Huyện Bạch Long Vĩ, thành phố Hải Phòng"),
    ],
)
def test_full_names_read_like_addresses(units, unit_id, full_name):
    assert units.full_name(unit_id) == full_name


def test_a_commune_that_became_a_ward_has_both_forms_with_their_days(units):
    before = units.get("2025/07294", on=date(2026, 9, 19))
    after = units.get("2025/07294", on=date(2026, 9, 20))
    assert (before.kind, before.valid_to) == ("xa", date(2026, 9, 19))
    assert (after.kind, after.decision) == ("phuong", "388/NQ-UBTVQH16")
    assert units.get("2025/07294") == after
    assert before.decision == "1658/NQ-UBTVQH15"
    assert units.history("2025/07294") == (before, after)
    assert units.full_name("2025/07294", on=date(2026, 9, 1)) == "Xã Bố Hạ, tỉnh Bắc Ninh"
    assert units.full_name("2025/07294") == "Phường Bố Hạ, thành phố Bắc Ninh"


def test_exactly_the_changes_of_2026_are_there(units):
    changed = [i for i in units._ids if i.startswith("2025") and len(units.history(i)) > 1]
    assert Counter(units.get(i).decision for i in changed) == {
        "30/2026/QH16": 1,
        "36/2026/QH16": 1,
        "39/2026/QH16": 1,
        "237/NQ-UBTVQH16": 10,
        "388/NQ-UBTVQH16": 12,
    }
    assert units.get("2025/75", on=date(2026, 4, 29)).kind == "tinh"
    assert units.get("2025/75", on=date(2026, 4, 30)).kind == "thanh-pho"


def test_forms_follow_each_other_without_gap_or_overlap(units):
    for unit_id in units._ids:
        forms = units.history(unit_id)
        for earlier, later in pairwise(forms):
            assert (later.valid_from - earlier.valid_to).days == 1


def test_the_reform_day_parts_old_from_new(units):
    last, reform = date(2025, 6, 30), date(2025, 7, 1)
    for old, new in [("2004/02", "2025/08"), ("2004/00721", "2025/00721")]:
        assert units.in_force(old, last)
        assert not units.in_force(old, reform)
        assert units.in_force(new, reform)
        assert not units.in_force(new, last)
    assert units.in_force("2004/46", date(2010, 1, 1))


def test_hue_was_thua_thien_hue_until_the_end_of_2024(units):
    assert units.full_name("2004/46", on=date(2024, 12, 31)) == "Tỉnh Thừa Thiên Huế"
    assert units.full_name("2004/46", on=date(2025, 1, 1)) == "Thành phố Huế"
    assert "Thừa Thiên Huế" in units.get("2004/46").aliases


@pytest.mark.parametrize("wrong", ["", "2025", "2025/99", "99", "2004/99999", "'; --", None, 8])
def test_an_unknown_unit_is_refused_by_name(units, wrong):
    assert wrong not in units
    for ask in (units.get, units.full_name, units.new_for_old, units.communes, units.province_of):
        with pytest.raises(UnknownUnitError):
            ask(wrong)
    with pytest.raises(UnknownUnitError):
        units.search("ha", within=wrong or "x")


def test_the_refusal_speaks_both_languages():
    try:
        i18n.set_language("en")
        assert "No data was changed" in str(UnknownUnitError("x"))
    finally:
        i18n.set_language("vi")
    assert "Dữ liệu không thay đổi" in str(UnknownUnitError("x"))


# --- lists


def test_provinces_are_in_the_order_of_the_alphabet(units):
    names = [province.name for province in units.provinces()]
    assert names[:5] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ"]
    assert names.index("Đà Nẵng") < names.index("Đắk Lắk") < names.index("Gia Lai")


def test_numbered_wards_are_in_the_order_of_their_numbers(units):
    numbers = [c.name for c in units.communes("2004/774") if c.name.isdigit()]
    assert numbers == sorted(numbers, key=int)
    assert len(numbers) > 9


def test_communes_of_a_district_and_of_its_province_agree(units):
    of_districts = {c.id for d in units.districts("2004/02") for c in units.communes(d.id)}
    assert of_districts == {c.id for c in units.communes("2004/02")}
    assert units.districts("2025/08") == ()
    assert units.communes("2025/00721") == ()
    assert units.province_of("2004/00721").name == "Hà Giang"
    assert units.province_of("2025/08").id == "2025/08"


# --- what became of what


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2004/02", "2025/08"),  # Hà Giang → Tuyên Quang
        ("2004/58", "2025/56"),  # Ninh Thuận → Khánh Hòa
        ("2004/52", "2025/52"),  # Bình Định → Gia Lai
        ("2004/64", "2025/52"),  # Gia Lai
        ("2004/20", "2025/20"),  # Lạng Sơn
        ("2004/46", "2025/46"),  # Huế
    ],
)
def test_old_provinces_lead_to_their_successor(units, old, new):
    assert ids(units.new_for_old(old)) == [new]
    assert old in ids(units.old_for_new(new))


def test_the_34_provinces_came_from_all_63(units):
    befores = [old.id for new in units.provinces() for old in units.old_for_new(new.id)]
    assert sorted(befores) == sorted(ids(units.provinces("2004")))


def test_every_old_unit_leads_somewhere_and_stays_in_its_province(units):
    links = 0
    for province in units.provinces("2004"):
        (successor,) = units.new_for_old(province.id)
        for unit in (*units.districts(province.id), *units.communes(province.id)):
            targets = units.new_for_old(unit.id)
            assert targets, unit
            assert {target.parent for target in targets} == {successor.id}
            links += len(targets) if unit.level == "commune" else 0
    # 10,571 links of the conversion table, five of them from island districts.
    assert links == 10571 - 5


def test_every_new_commune_came_from_somewhere(units):
    for province in units.provinces():
        for commune in units.communes(province.id):
            befores = units.old_for_new(commune.id)
            assert befores, commune
            assert all(commune.id in ids(units.new_for_old(old.id)) for old in befores)


def test_a_divided_commune_offers_every_part(units):
    assert set(ids(units.new_for_old("2004/00055"))) == {"2025/00070", "2025/00004"}
    divided = [i for i in units._ids if i.startswith("2004") and len(i) == 10]
    assert sum(len(units.new_for_old(i)) > 1 for i in divided) == 442


def test_namesakes_in_other_districts_do_not_mix(units):
    # Phường 4 of Mỹ Tho is not in Cao Lãnh, nor Tân Thạnh of Thới Lai in that of Long Phú.
    assert [unit.name for unit in units.new_for_old("2004/28252")] == ["Đạo Thạnh"]
    assert [unit.name for unit in units.new_for_old("2004/31268")] == ["Trường Thành"]
    assert [unit.name for unit in units.new_for_old("2004/31666")] == ["Tân Thạnh"]


def test_an_island_district_became_a_special_zone(units):
    (zone,) = units.new_for_old("2004/318")
    assert (zone.name, zone.kind) == ("Bạch Long Vĩ", "dac-khu")
    assert ids(units.old_for_new(zone.id)) == ["2004/318"]


def test_a_district_leads_to_all_communes_it_went_into(units):
    names = {unit.name for unit in units.new_for_old("2004/026")}
    assert {"Đồng Văn", "Lũng Cú", "Phố Bảng", "Sà Phìn"} <= names


def test_a_unit_of_today_is_its_own_answer(units):
    assert ids(units.new_for_old("2025/00721")) == ["2025/00721"]
    assert units.old_for_new("2004/00721") == ()


# --- search


@pytest.mark.parametrize(
    "typed",
    [
        "đồng văn tuyên quang",
        "dong van tuyen quang",
        "Xã Đồng Văn, tỉnh Tuyên Quang",
        "xa dong van tinh tuyen quang",
        "x. đồng văn, t. tuyên quang",
        "DONG VAN  TUYEN",
        "dong va tuy qua",
        unicodedata.normalize("NFD", "Đồng Văn Tuyên Quang"),
    ],
)
def test_a_commune_is_found_however_it_is_typed(units, typed):
    assert first(units, typed, dataset="2025") == "Xã Đồng Văn, tỉnh Tuyên Quang"


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("lang son", "Tỉnh Lạng Sơn"),
        ("khánh hoà", "Tỉnh Khánh Hòa"),
        ("KHANH HÒA", "Tỉnh Khánh Hòa"),
        ("tp hcm", "Thành phố Hồ Chí Minh"),
        ("tinh ho chi minh", "Thành phố Hồ Chí Minh"),
        ("sai gon", "Phường Sài Gòn, Thành phố Hồ Chí Minh"),
        ("thua thien hue", "Thành phố Huế"),
        ("ea h'leo", "Xã Ea H’Leo, tỉnh Đắk Lắk"),
        ("ea h’leo", "Xã Ea H’Leo, tỉnh Đắk Lắk"),
        ("hleo", "Xã Ea H’Leo, tỉnh Đắk Lắk"),
        ("truong sa", "Đặc khu Trường Sa, tỉnh Khánh Hòa"),
        ("thuan hoà tuyen quang", "Xã Thuận Hòa, tỉnh Tuyên Quang"),
        ("hà giang 1", "Phường Hà Giang 1, tỉnh Tuyên Quang"),
    ],
)
def test_units_of_today_are_found(units, typed, label):
    assert first(units, typed, dataset="2025") == label


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("ha giang", "Tỉnh Hà Giang"),
        ("ninh thuan", "Tỉnh Ninh Thuận"),
        ("q1 hcm", "Quận 1, Thành phố Hồ Chí Minh"),
        ("quận 1", "Quận 1, Thành phố Hồ Chí Minh"),
        ("p.4 my tho", "Phường 4, thành phố Mỹ Tho, tỉnh Tiền Giang"),
        ("quan son", "Huyện Quan Sơn, tỉnh Thanh Hóa"),
        ("phan rang thap cham", "Thành phố Phan Rang - Tháp Chàm, tỉnh Ninh Thuận"),
        ("thị trấn đồng văn hà giang", "Thị trấn Đồng Văn, huyện Đồng Văn, tỉnh Hà Giang"),
    ],
)
def test_old_units_are_found(units, typed, label):
    assert first(units, typed, dataset="2004") == label


def test_accents_that_were_typed_decide_the_order(units):
    # Hoà Bình, Hòa Bình and Hoa Bình fold alike; only the last has no tone.
    names = [units.get(m.id).name for m in units.search("hòa bình", dataset="2025", limit=4)]
    assert set(names) == {"Hòa Bình"}
    long = units.search("hạ long", dataset="2025", limit=3)
    assert units.get(long[0].id).name == "Hạ Long"
    assert first(units, "phú thọ", dataset="2025") == "Tỉnh Phú Thọ"


def test_half_typed_accents_still_find(units):
    for typed in ("Đồ", "Đồn", "Đồng", "Đồng V", "Đồng Vă"):
        assert "2025/00721" in ids(units.search(typed, dataset="2025", level="commune", limit=200))


def test_a_former_name_finds_the_unit_that_took_it_over(units):
    (found,) = units.search("nguyễn trung trực", within="2004/01")
    assert (found.id, found.via) == ("2004/00004", "nguyentrungtruc")


def test_an_alias_says_by_which_name_it_was_found(units):
    found = units.search("thừa thiên huế", dataset="2025")[0]
    assert (found.id, found.via) == ("2025/46", "Thừa Thiên Huế")


def test_search_can_be_narrowed(units):
    assert {m.id[:5] for m in units.search("tan", dataset="2004")} == {"2004/"}
    assert {units.get(m.id).level for m in units.search("ha", level="district")} == {"district"}
    inside = units.search("tan", within="2025/91", limit=50)
    assert inside
    assert {units.province_of(m.id).id for m in inside} == {"2025/91"}
    assert units.search("dong van", dataset="2025", within="2025/91") == []
    assert len(units.search("t", limit=7)) == 7
    assert units.search("t", limit=0) == []


@pytest.mark.parametrize("typed", ["", "  ", "!!!", "’", "qqqq", "្", "\u202e", "xin chao the gioi"])
def test_nothing_fits_nothing(units, typed):
    assert units.search(typed) == []


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text(alphabet="dông văn thpxq'.’,1 -", max_size=25)))
def test_no_text_breaks_the_search(units, typed):
    found = units.search(typed)
    assert len(found) <= 20
    assert len({m.id for m in found}) == len(found)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_unit_is_found_by_its_full_name_with_and_without_accents(units, data):
    unit_id = data.draw(st.sampled_from(units._ids))
    full = units.full_name(unit_id)
    for typed in (full, text.fold(full), unicodedata.normalize("NFD", full), full.lower()):
        assert unit_id in [m.id for m in units.search(typed, limit=10)], typed
