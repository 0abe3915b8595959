"""Facts: what is read, and that every bad value is refused with the name of its key."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from traffick_desk import i18n
from traffick_desk.law import Facts, FactsError, Status
from traffick_desk.law.facts import Birth, LocationSince, StatusSince, Stay

DAY = "2026-11-21"


def read(**obj):
    return Facts.from_json({"as_of": DAY, **obj})


@pytest.mark.parametrize(
    ("obj", "key", "problem"),
    [
        ([], "", "an object with keys and values is expected"),
        ({}, "as_of", "the day for which the answer holds is missing"),
        ({"as_of": 5}, "as_of", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ({"as_of": "2026-13-01"}, "as_of", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ({"as_of": "1899-12-31"}, "as_of", "a year from 1900 to 2199 is expected"),
        ({"as_of": "0001-01-01T00:00+14:00"}, "as_of", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ({"as_of": DAY, "nonsense": 1}, "nonsense", "this key is not known; known here: accompanies, as_of, birth, citizenship, essential_needs_start, events, health_insurance, identified_on, location, permanent_resident, poor_household, province, ref, status, stays, studying, trafficked_in, travel_days"),
        ({"as_of": DAY, "status": "saved"}, "status", "one of these is expected: in_process, victim, not_victim"),
        ({"as_of": DAY, "status": 5}, "status", "a list of at most 1000 entries is expected"),
        ({"as_of": DAY, "status": ["victim"]}, "status[0]", "an object with keys and values is expected"),
        ({"as_of": DAY, "status": [{"from": DAY}]}, "status[0].status", "the status is missing"),
        ({"as_of": DAY, "status": [{"status": "victim", "since": DAY}]}, "status[0].since", "this key is not known; known here: from, status"),
        ({"as_of": DAY, "status": [{"status": "victim", "from": "2026"}]}, "status[0].from", "a date written YYYY-MM-DD is expected"),
        (
            {
                "as_of": DAY,
                "status": [
                    {"status": "in_process", "from": "2026-02-01"},
                    {"status": "victim", "from": "2026-01-01"},
                ],
            },
            "status", "the dates are not in order of time",
        ),
        ({"as_of": DAY, "status": "in_process", "identified_on": DAY}, "identified_on", "“status” says that the person was not identified"),
        (
            {
                "as_of": DAY,
                "status": [{"status": "victim", "from": "2026-01-01"}],
                "identified_on": DAY,
            },
            "identified_on", "“status” gives another day of identification",
        ),
        (
            {
                "as_of": DAY,
                "status": [{"status": "in_process", "from": "2026-05-01"}, {"status": "victim"}],
                "identified_on": "2026-01-01",
            },
            "identified_on", "the dates are not in order of time",
        ),
        ({"as_of": DAY, "citizenship": "Viet Nam"}, "citizenship", "two capital letters (VN, KH …), stateless or unknown are expected"),
        ({"as_of": DAY, "citizenship": "vn"}, "citizenship", "two capital letters (VN, KH …), stateless or unknown are expected"),
        ({"as_of": DAY, "citizenship": " "}, "citizenship", "a text of 1 to 500 characters is expected"),
        ({"as_of": DAY, "permanent_resident": "maybe"}, "permanent_resident", "yes, no or unknown is expected"),
        ({"as_of": DAY, "trafficked_in": "KH"}, "trafficked_in", "one of these is expected: VN, elsewhere"),
        ({"as_of": DAY, "location": "here"}, "location", "one of these is expected: abroad, in_country"),
        ({"as_of": DAY, "location": [{"from": DAY}]}, "location[0].where", "the place is missing"),
        ({"as_of": DAY, "location": [{"where": "abroad", "x": 1}]}, "location[0].x", "this key is not known; known here: from, where"),
        ({"as_of": DAY, "birth": "21/11/2026"[:9]}, "birth", "a date, a month (YYYY-MM) or a year (YYYY) is expected"),
        ({"as_of": DAY, "birth": "abcd"}, "birth", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ({"as_of": DAY, "birth": {"age": 5}}, "birth", "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"as_of": DAY, "birth": {"age": -1, "on": DAY}}, "birth.age", "a whole number from 0 to 10,000 is expected"),
        ({"as_of": DAY, "birth": {"age": 200, "on": DAY}}, "birth", "the age is too high"),
        ({"as_of": DAY, "birth": {"from": "2010-01-02", "to": "2010-01-01"}}, "birth", "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"as_of": DAY, "birth": "2027-01-01"}, "birth", "the date of birth is after the as-of day"),
        ({"as_of": DAY, "birth": "2026-05-01", "status": "victim", "identified_on": "2026-04-01"}, "birth", "the date of birth is after a day in “status”"),
        ({"as_of": DAY, "stays": {}}, "stays", "a list of at most 1000 entries is expected"),
        ({"as_of": DAY, "stays": [{}]}, "stays[0].from", "the first day is missing"),
        ({"as_of": DAY, "stays": [{"from": DAY, "to": "2026-11-20"}]}, "stays[0].to", "the last day is before the first"),
        ({"as_of": DAY, "stays": [{"from": DAY, "kind": "hotel"}]}, "stays[0].kind", "one of these is expected: social_assistance, victim_support, foster, shelter, other"),
        ({"as_of": DAY, "stays": [{"from": DAY}] * 1001}, "stays", "a list of at most 1000 entries is expected"),
        ({"as_of": DAY, "travel_days": -1}, "travel_days", "a whole number from 0 to 10,000 is expected"),
        ({"as_of": DAY, "travel_days": True}, "travel_days", "a whole number from 0 to 10,000 is expected"),
        ({"as_of": DAY, "travel_days": 1.5}, "travel_days", "a whole number from 0 to 10,000 is expected"),
        ({"as_of": DAY, "province": ""}, "province", "a text of 1 to 500 characters is expected"),
        ({"as_of": DAY, "province": "x" * 501}, "province", "a text of 1 to 500 characters is expected"),
        ({"as_of": DAY, "events": {"health_notified": "soon"}}, "events.health_notified", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ({"as_of": DAY, "events": []}, "events", "an object with keys and values is expected"),
        ({"as_of": DAY, "events": {str(n): None for n in range(1001)}}, "events", "a list of at most 1000 entries is expected"),
        ({"as_of": DAY, "accompanies": {"as_of": "2026-01-01"}}, "accompanies", "its “as_of” must be that of the whole, or be left out"),
        ({"as_of": DAY, "accompanies": {"accompanies": {}}}, "accompanies.accompanies", "this key is not known; known here: as_of, birth, citizenship, essential_needs_start, events, health_insurance, identified_on, location, permanent_resident, poor_household, province, ref, status, stays, studying, trafficked_in, travel_days"),
        ({"as_of": DAY, "accompanies": {"citizenship": "x"}}, "accompanies.citizenship", "two capital letters (VN, KH …), stateless or unknown are expected"),
    ],
)  # fmt: skip
def test_refused(obj, key, problem) -> None:
    with pytest.raises(FactsError) as caught:
        Facts.from_json(obj)
    assert (caught.value.key, caught.value.problem) == (key, problem)
    named = f". “{key}”: {problem}" if key else f": {problem}"
    assert str(caught.value) == f"The facts were not read{named}"


def test_refused_in_vietnamese() -> None:
    i18n.set_language("vi")
    with pytest.raises(
        FactsError, match=r"Không đọc được thông tin. “citizenship”: cần hai chữ in hoa"
    ):
        read(citizenship="x")


@pytest.mark.parametrize(
    ("birth", "earliest", "latest"),
    [
        ("2010-05-01", date(2010, 5, 1), date(2010, 5, 1)),
        ("2010-02", date(2010, 2, 1), date(2010, 2, 28)),
        ("2010-12", date(2010, 12, 1), date(2010, 12, 31)),
        ("2010", date(2010, 1, 1), date(2010, 12, 31)),
        ({"age": 16, "on": "2026-10-12"}, date(2009, 10, 13), date(2010, 10, 12)),
        ({"age": 16, "on": "2026-10-12", "plus_minus": 2}, date(2007, 10, 13), date(2012, 10, 12)),
        ({"age": 1, "on": "2026-10-12", "plus_minus": 3}, date(2021, 10, 13), date(2026, 10, 12)),
        ({"age": 17, "on": "2024-02-29"}, date(2006, 3, 1), date(2007, 2, 28)),
        ({"from": "2008-01-01", "to": "2009-06-30"}, date(2008, 1, 1), date(2009, 6, 30)),
    ],
)
def test_birth(birth, earliest, latest) -> None:
    assert read(birth=birth).birth == Birth(earliest, latest)


def test_a_time_with_zone_becomes_that_of_viet_nam() -> None:
    facts = Facts.from_json({"as_of": "2026-11-20T18:30:00Z"})
    assert facts.as_of == date(2026, 11, 21)
    assert facts.as_of_time == datetime.fromisoformat("2026-11-21T01:30")


def test_unknown_in_any_spelling_stays_unknown() -> None:
    facts = read(
        citizenship="unknown",
        poor_household=None,
        stays=None,
        birth="unknown",
        events={"health_notified": None},
    )
    assert facts == read()
    assert facts.stays is None


def test_today_stands_in_for_the_day() -> None:
    assert Facts.from_json({}, date(2026, 1, 2)).as_of == date(2026, 1, 2)


def test_the_day_of_identification_fills_the_history() -> None:
    alone = read(identified_on="2026-01-01")
    assert (alone.status, alone.identified_on) == (Status.VICTIM, date(2026, 1, 1))
    history = [{"status": "in_process", "from": "2025-12-01"}, {"status": "victim"}]
    facts = read(status=history, identified_on="2026-01-01")
    assert facts.identified_on == date(2026, 1, 1)
    assert facts.identified_not_before == date(2026, 1, 1)


def test_the_status_follows_the_day() -> None:
    history = [
        {"status": "in_process", "from": "2026-09-01"},
        {"status": "not_victim", "from": "2026-10-15"},
    ]
    for day, status in (
        ("2026-08-31", None),
        ("2026-09-01", Status.IN_PROCESS),
        ("2026-10-14", Status.IN_PROCESS),
        ("2026-10-15", Status.NOT_VICTIM),
    ):
        facts = Facts.from_json({"as_of": day, "status": history})
        assert facts.status is status
    assert facts.identified_not_before == date(2026, 10, 15)


def test_labels_are_words() -> None:
    assert [s.label for s in Status] == [
        "person being identified as a victim",
        "victim",
        "not a victim",
    ]


def test_the_place_follows_the_day() -> None:
    history = [{"where": "abroad"}, {"where": "in_country", "from": "2026-11-22"}]
    assert read(location=history).location == "abroad"
    assert Facts.from_json({"as_of": "2026-11-22", "location": history}).location == "in_country"


FULL = {
    "as_of": "2026-11-21T08:30",
    "ref": " case 7 ",
    "status": [{"status": "in_process", "from": "2026-01-05"}, {"status": "victim", "from": "2026-02-01"}],
    "identified_on": "2026-02-01",
    "citizenship": "KH",
    "permanent_resident": "yes",
    "trafficked_in": "elsewhere",
    "location": [{"where": "abroad"}, {"where": "in_country", "from": "2026-01-05"}],
    "birth": "2001-03-04",
    "stays": [
        {"from": "2026-01-06", "to": "2026-01-06"},
        {"from": "2026-02-01", "to": "2026-05-31", "extended_until": "2026-06-30", "facility": "Nhà tạm lánh", "kind": "foster"},
    ],
    "essential_needs_start": "2026-01-07",
    "poor_household": True,
    "health_insurance": False,
    "studying": "no",
    "province": "2004/02",
    "travel_days": 3,
    "accompanies": {"status": "victim", "identified_on": "2026-01-02", "location": "abroad", "birth": "1980"},
    "events": {"health_notified": "2026-01-08T09:05", "commune_received": "2026-01-05"},
}  # fmt: skip


def test_every_fact_comes_to_its_place() -> None:
    facts = Facts.from_json(FULL)
    day = date.fromisoformat
    assert facts == Facts(
        as_of=day("2026-11-21"),
        as_of_time=datetime.fromisoformat("2026-11-21T08:30"),
        ref="case 7",
        statuses=(
            StatusSince(Status.IN_PROCESS, day("2026-01-05")),
            StatusSince(Status.VICTIM, day("2026-02-01")),
        ),
        citizenship="KH",
        permanent_resident=True,
        trafficked_in="elsewhere",
        locations=(LocationSince("abroad"), LocationSince("in_country", day("2026-01-05"))),
        birth=Birth(day("2001-03-04"), day("2001-03-04")),
        stays=(
            Stay(day("2026-01-06"), day("2026-01-06")),
            Stay(day("2026-02-01"), day("2026-05-31"), day("2026-06-30"), "Nhà tạm lánh", "foster"),
        ),
        essential_needs_start=day("2026-01-07"),
        poor_household=True,
        health_insurance=False,
        studying=False,
        province="2004/02",
        travel_days=3,
        accompanies=Facts(
            as_of=day("2026-11-21"),
            statuses=(StatusSince(Status.VICTIM, day("2026-01-02")),),
            locations=(LocationSince("abroad"),),
            birth=Birth(day("1980-01-01"), day("1980-12-31")),
        ),
        events={
            "health_notified": datetime.fromisoformat("2026-01-08T09:05"),
            "commune_received": day("2026-01-05"),
        },
    )


@pytest.mark.parametrize("key", [key for key in FULL if key not in {"as_of", "status", "identified_on"}])  # fmt: skip
@pytest.mark.parametrize("value", [None, "unknown"])
def test_each_fact_may_be_unknown(key, value) -> None:
    assert Facts.from_json({**FULL, key: value}) == Facts.from_json(
        {name: known for name, known in FULL.items() if name != key}
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("province", "x" * 500),
        ("travel_days", 0),
        ("travel_days", 10_000),
        ("stays", [{"from": DAY}] * 1000),
        ("events", {str(n): None for n in range(1000)}),
        ("birth", "1900-01-01"),
        ("birth", DAY),
        ("citizenship", "stateless"),
        ("birth", {"age": 124, "on": "2026-01-01", "plus_minus": 1}),
        ("birth", {"from": "2001-01-01", "to": "2001-01-01"}),
        ("accompanies", {"as_of": DAY}),
    ],
)
def test_what_is_just_allowed(key, value) -> None:
    assert read(**{key: value}) is not None


@pytest.mark.parametrize(
    ("birth", "problem"),
    [
        ({"age": 125, "on": "2026-01-01"}, None),
        ({"age": 126, "on": "2026-01-01"}, "the age is too high"),
        ({"age": 124, "on": "2026-01-01", "plus_minus": 2}, "the age is too high"),
        ({"age": 5, "on": DAY, "from": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"age": 5, "on": DAY, "to": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"age": 5, "from": DAY, "to": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"on": DAY, "from": DAY, "to": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"from": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"on": DAY}, "either “age” and “on” are expected, or “from” and “to” in order of time"),
        ({"age": 5, "on": DAY, "years": 3}, "this key is not known; known here: age, from, on, plus_minus, to"),
        ("2026-13-01", "a date (YYYY-MM-DD) or a date with time (YYYY-MM-DDTHH:MM) is expected"),
        ("2026-1", "a date, a month (YYYY-MM) or a year (YYYY) is expected"),
    ],
)  # fmt: skip
def test_an_age_or_a_span(birth, problem) -> None:
    if problem is None:
        assert read(birth=birth).birth is not None
        return
    with pytest.raises(FactsError) as caught:
        read(birth=birth)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"status": [{"status": "in_process", "from": "2026-05-10"}]}, "status"),
        ({"stays": [{"from": "2026-06-01"}, {"from": "2026-05-10"}]}, "stays"),
        ({"essential_needs_start": "2026-05-10"}, "essential_needs_start"),
    ],
)
def test_nobody_is_born_after_what_happened_to_them(more, key) -> None:
    assert read(birth="2026-05-10", **more).birth is not None
    with pytest.raises(FactsError) as caught:
        read(birth="2026-05-11", **more)
    assert caught.value.key == "birth"
    assert caught.value.problem == f"the date of birth is after a day in “{key}”"


@pytest.mark.parametrize(
    ("obj", "key", "problem"),
    [
        ({"as_of": "2200-01-01"}, "as_of", "a year from 1900 to 2199 is expected"),
        ({"as_of": DAY, "identified_on": "2026-05-01T10:00"}, "identified_on", "a date written YYYY-MM-DD is expected"),
        ({"as_of": DAY, "identified_on": 20260501}, "identified_on", "a date written YYYY-MM-DD is expected"),
        ({"as_of": DAY, "stays": [{"from": DAY, "x": 1}]}, "stays[0].x", "this key is not known; known here: extended_until, facility, from, kind, to"),
        ({"as_of": DAY, "stays": [{"from": DAY}, 5]}, "stays[1]", "an object with keys and values is expected"),
        ({"as_of": DAY, "location": [{"where": "abroad"}, {"from": DAY}]}, "location[1].where", "the place is missing"),
        ({"as_of": DAY, "location": [{"where": "abroad", "from": DAY}, {"where": "in_country", "from": "2026-01-01"}]}, "location", "the dates are not in order of time"),
        ({"as_of": DAY, "status": [{"status": "victim"}, {"from": DAY}]}, "status[1].status", "the status is missing"),
        ({"as_of": DAY, "citizenship": "VNM"}, "citizenship", "two capital letters (VN, KH …), stateless or unknown are expected"),
        ({"as_of": DAY, "citizenship": "ĐĐ"}, "citizenship", "two capital letters (VN, KH …), stateless or unknown are expected"),
        ({"as_of": DAY, "travel_days": 10_001}, "travel_days", "a whole number from 0 to 10,000 is expected"),
        ({"as_of": DAY, "accompanies": {"as_of": DAY, "status": "in_process", "identified_on": DAY}}, "accompanies.identified_on", "“status” says that the person was not identified"),
    ],
)  # fmt: skip
def test_refused_further(obj, key, problem) -> None:
    test_refused(obj, key, problem)


def test_the_last_day_that_can_be() -> None:
    assert Facts.from_json({"as_of": "2199-12-31"}).as_of == date(2199, 12, 31)
    assert Facts.from_json({"as_of": "1900-01-01"}).as_of == date(1900, 1, 1)
    born = Facts.from_json({"as_of": DAY, "birth": {"age": 0, "on": "2024-02-29"}}).birth
    assert born == Birth(date(2023, 3, 1), date(2024, 2, 29))
