"""What officers type is read as they meant it, or refused in words."""

from __future__ import annotations

import contextlib
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import i18n
from traffick_desk.desk import parsing
from traffick_desk.domain.values import PartialDate

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def english():
    i18n.set_language("en")
    yield
    i18n.set_language("vi")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("21112026", "2026-11-21"),
        ("20261121", "2026-11-21"),
        ("211126", "2026-11-21"),
        ("21/11/26", "2026-11-21"),
        ("21/11/2026", "2026-11-21"),
        ("21-11-2026", "2026-11-21"),
        ("21.11.2026", "2026-11-21"),
        ("21 11 2026", "2026-11-21"),
        ("2026-11-21", "2026-11-21"),
        ("1/2/26", "2026-02-01"),
        ("5/3", "2026-03-05"),
        ("0503", "2026-03-05"),
        ("ngày 21 tháng 11 năm 2026", "2026-11-21"),
        ("ngay 21 thang 11 nam 2026", "2026-11-21"),
        ("hôm nay", "2026-11-21"),
        ("HÔM QUA", "2026-11-20"),
        ("hom kia", "2026-11-19"),
        ("ngày mai", "2026-11-22"),
        ("yesterday", "2026-11-20"),
        ("3 ngày trước", "2026-11-18"),
        ("2 tuần nữa", "2026-12-05"),
        ("29/02/2024", "2024-02-29"),
        ("  21/11/2026  ", "2026-11-21"),
    ],
)
def test_dates_are_read_in_every_way_officers_write_them(typed, expected):
    assert parsing.parse_date(typed, TODAY).isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("30/02/2026", "28 days"),
        ("29/02/2025", "28 days"),
        ("31/04/2026", "30 days"),
        ("12/13/2026", "month 13"),
        ("00/11/2026", "no day 0"),
        ("2026", "day is needed"),
        ("11/2026", "day is needed"),
        ("khoảng 2009", "day is needed"),
        ("hello", "not understood"),
        ("21/11/20266", "not understood"),
        ("1/1/1", "not understood"),
        ("21/11/0026", "year 26"),
        ("٢١/١١/٢٠٢٦", "not understood"),
    ],
)
def test_what_is_no_date_is_refused_in_words(typed, word):
    with pytest.raises(parsing.NotUnderstood, match=word):
        parsing.parse_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2009", "2009"),
        ("khoảng 2009", "2009~"),
        ("khoang 2009", "2009~"),
        ("about 2009", "2009~"),
        ("~2009", "2009~"),
        ("2009~", "2009~"),
        ("2009?", "2009~"),
        ("11/2009", "2009-11"),
        ("112009", "2009-11"),
        ("2009-11", "2009-11"),
        ("tháng 11 năm 2009", "2009-11"),
        ("tháng 11/2009", "2009-11"),
        ("năm 2009", "2009"),
        ("khoảng tháng 5 năm 2009", "2009-05~"),
        ("21112009", "2009-11-21"),
        ("21/11/09", "2009-11-21"),
        ("21/11/26", "2026-11-21"),
        ("22/11/27", "1927-11-22"),
        ("21/11/85", "1985-11-21"),
        ("211185", "1985-11-21"),
        ("16 tuổi", "2010~"),
        ("khoảng 16 tuổi", "2010~"),
        ("16 years old", "2010~"),
        ("hôm qua", "2026-11-20"),
    ],
)
def test_dates_may_be_known_in_part(typed, expected):
    assert str(parsing.parse_partial(typed, TODAY)) == expected


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("22/11/2026", "future"),
        ("2027", "future"),
        ("ngày mai", "future"),
        ("21/11", "year is missing"),
        ("29/02/2009", "28 days"),
        ("200 tuổi", "1826"),
        ("1850", "not understood"),
        ("", "Nothing"),
    ],
)
def test_a_birth_cannot_be_impossible_or_in_the_future(typed, word):
    with pytest.raises(parsing.NotUnderstood, match=word):
        parsing.parse_partial(typed, TODAY)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_a_shown_date_is_read_back_as_itself(day):
    assert parsing.parse_date(parsing.show_date(day), TODAY) == day
    assert parsing.parse_partial(f"{day:%d%m%Y}", TODAY).earliest == day


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["year", "month", "day"]), st.booleans())
def test_a_shown_partial_date_is_read_back_as_itself(day, to, estimated):
    value = PartialDate(
        day.year, day.month if to != "year" else None, day.day if to == "day" else None, estimated
    )
    assert parsing.parse_partial(parsing.show_partial(str(value)), TODAY) == value


@given(st.text(max_size=40))
def test_no_text_makes_the_readers_fail(typed):
    for read in (
        lambda: parsing.parse_date(typed, TODAY),
        lambda: parsing.parse_partial(typed, TODAY),
        lambda: parsing.parse_time(typed, time(12)),
        lambda: parsing.parse_integer(typed),
        lambda: parsing.parse_money(typed),
    ):
        with contextlib.suppress(parsing.NotUnderstood):
            read()


@given(st.text(alphabet="0123456789/.-~ ", max_size=14))
def test_no_digits_make_the_readers_fail(typed):
    test_no_text_makes_the_readers_fail.hypothesis.inner_test(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20:40", "20:40"),
        ("2040", "20:40"),
        ("840", "08:40"),
        ("20h40", "20:40"),
        ("20h", "20:00"),
        ("20", "20:00"),
        ("8 giờ 30", "08:30"),
        ("8 giờ 30 phút", "08:30"),
        ("8g30", "08:30"),
        ("8 giờ tối", "20:00"),
        ("8:15 pm", "20:15"),
        ("7 sáng", "07:00"),
        ("1 giờ đêm", "01:00"),
        ("11 giờ đêm", "23:00"),
        ("12:30 trưa", "12:30"),
        ("bây giờ", "12:34"),
    ],
)
def test_times_are_read_in_every_way_officers_write_them(typed, expected):
    assert f"{parsing.parse_time(typed, time(12, 34)):%H:%M}" == expected


@pytest.mark.parametrize("typed", ["25:00", "20:60", "2460", "tối", "", "12345", "8 giờ 61"])
def test_what_no_clock_shows_is_refused(typed):
    with pytest.raises(parsing.NotUnderstood):
        parsing.parse_time(typed, time(12))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1234567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1.234.567 ₫", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567 đồng", 1_234_567),
        ("500k", 500_000),
        ("500 nghìn", 500_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("1tr5", 1_500_000),
        ("2 tỷ", 2_000_000_000),
        ("-5.000", -5_000),
    ],
)
def test_amounts_are_whole_dong(typed, expected):
    assert parsing.parse_money(typed) == expected


@pytest.mark.parametrize("typed", ["1.23", "12.34.567", "1,5", "abc", "1e5", "--5", "9" * 30])
def test_what_is_no_amount_is_refused_rather_than_guessed(typed):
    with pytest.raises(parsing.NotUnderstood):
        parsing.parse_money(typed)


@given(st.integers(-(10**12), 10**12))
def test_a_shown_amount_is_read_back_as_itself(amount):
    assert parsing.parse_money(parsing.show_money(amount)) == amount
    assert parsing.parse_integer(parsing.show_integer(amount)) == amount


def test_texts_are_kept_composed_and_without_hidden_characters():
    assert parsing.clean_line("  Nguye\u0302\u0303n   Thi\u0323 \u202eHoa ") == "Nguyễn Thị Hoa"
    assert parsing.hides_something("0912\u202e345")
    assert not parsing.hides_something("Nguye\u0302\u0303n \u00a0 Hoa")
    assert "2" in parsing.problem_of_text("abc", 2)
    assert parsing.problem_of_text("a\ue000", 20)
    assert not parsing.problem_of_text("Đặng Thị Hoa", 20)


def test_what_was_understood_is_said():
    assert parsing.explain_date(date(2026, 11, 20), TODAY) == "Friday, 20/11/2026 · yesterday"
    assert "in 2 days" in parsing.explain_date(date(2026, 11, 23), TODAY)
    value = PartialDate.parse("2009")
    assert parsing.explain_partial(value, TODAY, age=True) == "year 2009 · 16 or 17 years old"
    value = PartialDate.parse("2008~")
    assert "may be under 18" in parsing.explain_partial(value, TODAY, age=True)


def test_moments_are_shown_in_viet_nam_time():
    assert parsing.show_moment("2026-11-21T20:40+07:00") == "21/11/2026 20:40"
    assert parsing.show_moment("2026-11-21T13:40+00:00") == "21/11/2026 20:40"


@pytest.mark.parametrize(("low", "high", "bad"), [(1, None, 0), (None, 60, 61), (1, 60, -3)])
def test_bounds_are_said_in_words(low, high, bad):
    assert parsing.check_bounds(bad, low, high)
    assert not parsing.check_bounds(5, low, high)
