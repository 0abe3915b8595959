"""Comparing entries: what agrees is told, order and normal form make no difference."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk.domain.person_keys import PersonFacts, keys, keys_to_ask, parts, sounds
from traffick_desk.services.same_person.likeness import (
    POINTS,
    POSSIBLE,
    likeness,
    name_likeness,
)
from traffick_desk.services.same_person.words import REASONS, reasons

NAMES = ("Đặng Thị Hoà", "Vàng Seo Mỷ", "Lý A", "សុខ ចិន្តា", "Maria dela Cruz", "Nguyễn Văn Văn")
BIRTHS = ("", "1999", "1999~", "1999-03", "1999-03-04", "1999-04-03", "2001-03-04", "x")


@st.composite
def facts(draw):
    names = draw(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=30)), max_size=3))
    number = st.one_of(st.sampled_from(("024199001234", "024199001235")), st.text(max_size=14))
    return PersonFacts(
        names=tuple(names),
        birth=draw(st.one_of(st.sampled_from(BIRTHS), st.text(max_size=10))),
        sex=draw(st.sampled_from(("", "female", "male", "odd"))),
        papers=tuple(draw(st.lists(st.tuples(st.sampled_from(("citizen_card", "")), number),
                                   max_size=2))),
        homes=tuple(draw(st.lists(st.tuples(*[st.sampled_from(("", "a", "b"))] * 3), max_size=2))),
        phones=tuple(draw(st.lists(st.text(max_size=12), max_size=2))),
        mothers=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
    )  # fmt: skip


@given(facts(), facts())
def test_any_two_entries_compare_alike_from_both_sides(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert set(likeness(one, other).reasons) <= set(REASONS) == set(POINTS)
    reasons(likeness(one, other))


@given(facts())
def test_an_entry_is_found_by_its_own_keys_in_any_normal_form(one):
    other = replace(one, names=tuple(unicodedata.normalize("NFD", n) for n in one.names))
    assert keys(one) == keys(other)
    assert set(keys(one)) <= set(keys_to_ask(other))
    assert likeness(one, one) == likeness(one, other) == likeness(other, other)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Đặng Thị Hoà", "Đặng Thị Hòa", "name_same"),
        ("Đặng Thị Hoà", "Đặng Hoà", "name_same"),
        ("Đặng Thị Hoà", "dang thi hoa", "name_accents"),
        ("Đặng Thị Hoà", "Đặng Thị Hoa", "name_accents"),
        ("Dang Thi Hoa", "Đặng Thị Hoa", "name_accents"),
        ("Lý Thị Mỹ", "Lí Thị Mĩ", "name_spelling"),
        ("Sùng Thị Xay", "Xùng Thị Say", "name_spelling"),
        ("A Mai", "Amai", "name_spelling"),
        ("Hoà Đặng Thị", "Đặng Thị Hoà", "name_order"),
        ("Nguyễn Thị Thu Hương", "Nguyễn Hương", "name_part_missing"),
        ("Nguyễn Thị Hương", "Nguyễn Thị Hươg", "name_one_like"),
        ("Nguyễn Thu Hương", "Nguyễn Thu Lan", "name_one_differs"),
        ("Nguyễn Thị Hương", "Trần Văn Bình", "name_differs"),
        ("Hương", "Nguyễn Thị Hương", "name_in_part"),
        ("", "Nguyễn Thị Hương", ""),
        ("…", "Nguyễn Thị Hương", ""),
    ],
)
def test_names_are_compared_as_vietnamese_names_are_written(one, other, found):
    assert name_likeness(one, other) == found == name_likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("1999-03-04", "1999-03-04", "birth_same"),
        ("1999-03-04", "1999-04-03", "birth_swapped"),
        ("1999-03-04", "2000-03-04", "birth_other_year"),
        ("1999-03-04", "1999-03-14", "birth_one_off"),
        ("1999-03-04", "1999-08-14", "birth_differs"),
        ("1999-03-04", "1985-08-14", "birth_far"),
        ("1999", "1999-03-04", "birth_year"),
        ("1999-03", "1999-03-04", "birth_month"),
        ("2000~", "1999-03-04", "birth_near"),
        ("1980~", "1999-03-04", "birth_far"),
    ],
)
def test_dates_of_birth_are_compared_with_what_people_get_wrong(one, other, found):
    how = likeness(PersonFacts(("Lan",), one), PersonFacts(("Lan",), other))
    assert found in how.reasons


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("024199001234", "024 199 001 234", "paper_same"),
        ("024199001234", "024199001235", "paper_digit"),
        ("024199001234", "24199001234", "paper_digit"),
        ("024199001234", "024190901234", "paper_digit"),
        ("024199001234", "036199777777", "paper_differs"),
    ],
)
def test_a_paper_says_more_than_a_name(one, other, found):
    left = PersonFacts(("Đặng Thị Hoà",), papers=(("citizen_card", one),))
    right = PersonFacts(("Somchai Vong",), papers=(("citizen_card", other),))
    how = likeness(left, right)
    assert found in how.reasons
    assert (how.points >= POSSIBLE) is (found != "paper_differs")
    if found != "paper_differs":
        assert set(keys(left)) & set(keys_to_ask(right))


def test_the_more_bear_a_name_the_less_it_says():
    one = PersonFacts(("Nguyễn Thị Hương",), "1999")
    few, many = likeness(one, one, 1), likeness(one, one, 500)
    assert few.points > likeness(one, one, 5).points > many.points


def test_what_everybody_bears_is_no_part_of_a_name():
    assert parts("Nguyễn Thị Vân") == ("nguyen", "van")
    assert parts("Nguyễn Văn Bình") == ("nguyen", "binh")
    assert parts("Thị") == ("thi",)
    assert sounds("Giàng Thị Xay") == sounds("Dàng Thị Say")
