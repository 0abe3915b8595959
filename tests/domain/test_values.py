"""Partial dates, ages and moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk.domain.values import ICT, PartialDate, full_years, moment, parse_moment

days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(days)
    parts = draw(st.sampled_from([(None, None), (day.month, None), (day.month, day.day)]))
    return PartialDate(day.year, *parts, estimated=draw(st.booleans()))


@given(partial_dates())
def test_a_partial_date_is_read_back_from_its_text(known):
    assert PartialDate.parse(str(known)) == known


@given(partial_dates())
def test_the_range_of_a_partial_date_holds_its_known_parts(known):
    assert known.earliest <= known.latest
    for day in (known.earliest, known.latest):
        assert day.year == known.year
        assert known.month in (None, day.month)
        assert known.day in (None, day.day)
    before = known.earliest - timedelta(days=1) if known.earliest > date.min else None
    if before is not None and known.day is None:
        # One day earlier no longer fits: the range is not too narrow.
        assert before.year != known.year or (known.month is not None and before.month < known.month)


@given(st.text(max_size=14))
def test_any_text_is_a_partial_date_in_its_only_form_or_refused(text):
    try:
        known = PartialDate.parse(text)
    except ValueError:
        return
    assert str(known) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "2009-2", "2009-02-30", "2009-13", "2009-00", "2009-05-00", "0000", "209",
        "20090503", "2009-05-3",
        " 2009", "2009\n", "2009~~", "~2009", "２００９", "2009-05-03T10:00", "-2009", "2009/05",
    ],
)  # fmt: skip
def test_what_is_no_partial_date_is_refused(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_a_day_without_a_month_is_no_date():
    with pytest.raises(ValueError):
        PartialDate(2009, None, 3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2009-11-21", "21/11/2009"),
        ("2009-11", "11/2009"),
        ("2009", "2009"),
        ("2009~", "~2009"),
        ("2009-05-03~", "~03/05/2009"),
    ],
)
def test_a_partial_date_is_shown_as_officers_write_it(text, shown):
    assert PartialDate.parse(text).shown() == shown


def test_only_a_known_day_is_exact():
    assert PartialDate.parse("2009-11-21").exact
    assert not PartialDate.parse("2009-11-21~").exact
    assert not PartialDate.parse("2009-11").exact


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 21), date(2026, 11, 20), 17),
        (date(2008, 11, 21), date(2026, 11, 21), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
    ],
)
def test_an_age_is_reached_on_the_birthday(born, day, age):
    assert full_years(born, day) == age


@given(partial_dates(), days)
def test_the_true_age_is_always_within_the_range_of_ages(known, day):
    youngest, oldest = known.ages_on(day)
    assert 0 <= youngest <= oldest
    assert oldest - youngest <= 1
    for born in (known.earliest, known.latest):
        assert youngest <= max(0, full_years(born, day)) <= oldest


def test_a_child_known_only_by_year_may_be_on_either_side_of_eighteen():
    assert PartialDate.parse("2008").ages_on(date(2026, 6, 1)) == (17, 18)


def test_a_moment_is_written_in_viet_nams_time():
    assert moment(datetime(2026, 11, 21, 13, 40, 59, tzinfo=UTC)) == "2026-11-21T20:40+07:00"
    assert moment(datetime(2026, 12, 31, 18, 0, tzinfo=UTC)) == "2027-01-01T01:00+07:00"


@given(st.datetimes(timezones=st.sampled_from([UTC, ICT, timezone(timedelta(hours=-12))])))
def test_moments_compare_as_texts(when):
    try:
        text = moment(when)
    except ValueError:
        # The last and first hours of the calendar have no day in Viet Nam.
        assert when.year in (1, 9999)
        return
    assert moment(parse_moment(text)) == text
    assert parse_moment(text) <= when < parse_moment(text) + timedelta(minutes=1)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        moment(datetime(2026, 11, 21, 20, 40))
    with pytest.raises(ValueError):
        parse_moment("2026-11-21T20:40")
    with pytest.raises(ValueError):
        parse_moment("21/11/2026")


@pytest.mark.parametrize(
    "extreme", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone.max)]
)
def test_a_moment_outside_the_calendar_is_a_value_error(extreme):
    with pytest.raises(ValueError):
        moment(extreme)
