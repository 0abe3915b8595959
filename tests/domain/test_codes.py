"""Code lists kept as data: countries, languages, peoples."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import i18n
from traffick_desk.domain import codelists

LISTS = [codelists.countries, codelists.languages, codelists.ethnicities]


@pytest.fixture(autouse=True)
def vietnamese():
    i18n.set_language("vi")
    yield
    i18n.set_language("vi")


def test_the_lists_are_complete():
    assert len(codelists.countries().codes()) == 249
    assert len(codelists.ethnicities().codes()) == 55
    assert all(len(code) == 3 for code in codelists.languages().codes())
    assert {"tyz", "nut", "mtq", "blt", "twh", "hmn", "ium", "khm", "lao"} <= set(
        codelists.languages().codes()
    )


def test_the_54_peoples_have_the_codes_of_1979():
    peoples = codelists.ethnicities()
    assert peoples.codes() == tuple(f"{number:02}" for number in range(1, 56))
    names = {"01": "Kinh", "04": "Hoa", "06": "Mường", "08": "Mông", "54": "Rơ Măm"}
    assert {code: peoples.label(code) for code in names} == names
    assert peoples.label("55") == "Người nước ngoài"
    assert peoples.label("55", "en") == "Foreigner"


@pytest.mark.parametrize("make", LISTS)
def test_every_entry_has_clean_names_in_both_languages(make):
    for entry in make().entries.values():
        for name in (*entry.names.values(), *entry.aliases):
            assert name == unicodedata.normalize("NFC", name).strip() != ""
        assert set(entry.names) == set(i18n.LANGUAGES)


def test_every_language_has_a_code_for_coarser_standards():
    entries = codelists.languages().entries
    assert {len(entry.iso639_2) for entry in entries.values()} == {3}
    assert entries["tyz"].iso639_2 == "tai"
    assert entries["vie"].iso639_2 == "vie"
    assert entries["mww"].iso639_2 == "hmn"


def test_labels_follow_the_language_of_the_program():
    countries = codelists.countries()
    assert countries.label("KH") == "Campuchia"
    i18n.set_language("en")
    assert countries.label("KH") == "Cambodia"
    assert countries.label("KH", "vi") == "Campuchia"


def test_the_rest_is_in_the_order_of_the_language_after_the_likely_ones():
    countries = codelists.countries()
    assert countries.codes()[:4] == ("VN", "CN", "LA", "KH")
    vietnamese = [countries.label(code) for code in countries.codes()]
    assert vietnamese.index("Đan Mạch") < vietnamese.index("Đức") < vietnamese.index("Ghana")
    i18n.set_language("en")
    english = [countries.label(code) for code in countries.codes()]
    assert english.index("Denmark") < english.index("Germany") < english.index("Ghana")


def test_an_unknown_code_is_shown_as_it_is():
    assert codelists.countries().label("XX") == "XX"
    assert "XX" not in codelists.countries()
    assert "VN" in codelists.countries()


@pytest.mark.parametrize(
    ("make", "typed", "code"),
    [
        (codelists.countries, "viet", "VN"),
        (codelists.countries, "mien dien", "MM"),
        (codelists.countries, "Mỹ", "US"),
        (codelists.countries, "cam-pu-chia", "KH"),
        (codelists.countries, "trung quoc", "CN"),
        (codelists.countries, "china", "CN"),
        (codelists.languages, "h'mong", "hmn"),
        (codelists.languages, "thái đen", "blt"),
        (codelists.languages, "tieng anh", "eng"),
        (codelists.languages, "vietnamese", "vie"),
        (codelists.ethnicities, "meo", "08"),
        (codelists.ethnicities, "H’Mông", "08"),
        (codelists.ethnicities, "thổ", "24"),
        (codelists.ethnicities, "tho", "24"),
        (codelists.ethnicities, "ede", "12"),
        (codelists.ethnicities, "van kieu", "23"),
        (codelists.ethnicities, unicodedata.normalize("NFD", "Ê Đê"), "12"),
        (codelists.ethnicities, "nuoc ngoai", "55"),
    ],
)
def test_the_wanted_entry_comes_first(make, typed, code):
    assert make().search(typed)[0] == code


def test_nothing_typed_gives_the_head_of_the_list():
    assert codelists.countries().search("", limit=2) == ["VN", "CN"]
    assert codelists.countries().search("zzzz") == []


@given(st.text(max_size=20))
def test_no_text_breaks_the_search(typed):
    for make in LISTS:
        found = make().search(typed, limit=5)
        assert len(found) <= 5
        assert set(found) <= set(make().codes())


@given(st.data())
def test_every_entry_is_found_by_its_name(data):
    entries = data.draw(st.sampled_from(LISTS))().entries
    entry = data.draw(st.sampled_from(list(entries.values())))
    name = data.draw(st.sampled_from([*entry.names.values(), *entry.aliases]))
    language = next(m() for m in LISTS if m().entries is entries)
    assert entry.code in language.search(name, limit=10)


@pytest.mark.parametrize("content", ["", "[]", '{"entries":[{"code":"VN","vi":"Việt Nam"}]}'])
def test_a_damaged_list_is_a_fault_of_the_installation(tmp_path, content):
    file = tmp_path / "broken.json"
    file.write_text(content, "utf-8")
    with pytest.raises(codelists.CodeListDataError):
        codelists.CodeList("broken", file).codes()
