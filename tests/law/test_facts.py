"""Facts: what is read, and that every bad value is refused with the name of its key."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from traffick_desk import i18n
from traffick_desk.law import Facts, FactsError, Status
from traffick_desk.law.facts import Birth

DAY = "2026-11-21"


def read(**obj):
    return Facts.from_json({"as_of": DAY, **obj})


@pytest.mark.parametrize(
    ("obj", "key"),
    [
        ([], ""),
        ({}, "as_of"),
        ({"as_of": 5}, "as_of"),
        ({"as_of": "2026-13-01"}, "as_of"),
        ({"as_of": "1899-12-31"}, "as_of"),
        ({"as_of": "0001-01-01T00:00+14:00"}, "as_of"),
        ({"as_of": DAY, "nonsense": 1}, "nonsense"),
        ({"as_of": DAY, "status": "saved"}, "status"),
        ({"as_of": DAY, "status": 5}, "status"),
        ({"as_of": DAY, "status": ["victim"]}, "status[0]"),
        ({"as_of": DAY, "status": [{"from": DAY}]}, "status[0].status"),
        ({"as_of": DAY, "status": [{"status": "victim", "since": DAY}]}, "status[0].since"),
        ({"as_of": DAY, "status": [{"status": "victim", "from": "2026"}]}, "status[0].from"),
        (
            {
                "as_of": DAY,
                "status": [
                    {"status": "in_process", "from": "2026-02-01"},
                    {"status": "victim", "from": "2026-01-01"},
                ],
            },
            "status",
        ),
        ({"as_of": DAY, "status": "in_process", "identified_on": DAY}, "identified_on"),
        (
            {
                "as_of": DAY,
                "status": [{"status": "victim", "from": "2026-01-01"}],
                "identified_on": DAY,
            },
            "identified_on",
        ),
        (
            {
                "as_of": DAY,
                "status": [{"status": "in_process", "from": "2026-05-01"}, {"status": "victim"}],
                "identified_on": "2026-01-01",
            },
            "identified_on",
        ),
        ({"as_of": DAY, "citizenship": "Viet Nam"}, "citizenship"),
        ({"as_of": DAY, "citizenship": "vn"}, "citizenship"),
        ({"as_of": DAY, "citizenship": " "}, "citizenship"),
        ({"as_of": DAY, "permanent_resident": "maybe"}, "permanent_resident"),
        ({"as_of": DAY, "trafficked_in": "KH"}, "trafficked_in"),
        ({"as_of": DAY, "location": "here"}, "location"),
        ({"as_of": DAY, "location": [{"from": DAY}]}, "location[0].where"),
        ({"as_of": DAY, "location": [{"where": "abroad", "x": 1}]}, "location[0].x"),
        ({"as_of": DAY, "birth": "21/11/2026"[:9]}, "birth"),
        ({"as_of": DAY, "birth": "abcd"}, "birth"),
        ({"as_of": DAY, "birth": {"age": 5}}, "birth"),
        ({"as_of": DAY, "birth": {"age": -1, "on": DAY}}, "birth.age"),
        ({"as_of": DAY, "birth": {"age": 200, "on": DAY}}, "birth"),
        ({"as_of": DAY, "birth": {"from": "2010-01-02", "to": "2010-01-01"}}, "birth"),
        ({"as_of": DAY, "birth": "2027-01-01"}, "birth"),
        ({"as_of": DAY, "birth": "2026-05-01", "status": "victim", "identified_on": "2026-04-01"}, "birth"),
        ({"as_of": DAY, "stays": {}}, "stays"),
        ({"as_of": DAY, "stays": [{}]}, "stays[0].from"),
        ({"as_of": DAY, "stays": [{"from": DAY, "to": "2026-11-20"}]}, "stays[0].to"),
        ({"as_of": DAY, "stays": [{"from": DAY, "kind": "hotel"}]}, "stays[0].kind"),
        ({"as_of": DAY, "stays": [{"from": DAY}] * 1001}, "stays"),
        ({"as_of": DAY, "travel_days": -1}, "travel_days"),
        ({"as_of": DAY, "travel_days": True}, "travel_days"),
        ({"as_of": DAY, "travel_days": 1.5}, "travel_days"),
        ({"as_of": DAY, "province": ""}, "province"),
        ({"as_of": DAY, "province": "x" * 501}, "province"),
        ({"as_of": DAY, "events": {"health_notified": "soon"}}, "events.health_notified"),
        ({"as_of": DAY, "events": []}, "events"),
        ({"as_of": DAY, "events": {str(n): None for n in range(1001)}}, "events"),
        ({"as_of": DAY, "accompanies": {"as_of": "2026-01-01"}}, "accompanies"),
        ({"as_of": DAY, "accompanies": {"accompanies": {}}}, "accompanies.accompanies"),
        ({"as_of": DAY, "accompanies": {"citizenship": "x"}}, "accompanies.citizenship"),
    ],
)  # fmt: skip
def test_refused(obj, key) -> None:
    with pytest.raises(FactsError) as caught:
        Facts.from_json(obj)
    assert caught.value.key == key
    assert str(caught.value).startswith("The facts were not read")


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
    assert read(identified_on="2026-01-01").status is Status.VICTIM
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
