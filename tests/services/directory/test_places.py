"""Facilities and places: beds by day, what a desk sees, the children's house, who waits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conftest import take_in
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.places.occupancy import Span, by_day, most_taken, taken_on
from traffick_desk.services.places.read import PlacesOn
from traffick_desk.services.places.write import (
    DropPlace,
    EndWait,
    GivePlace,
    PlaceObjections,
    PlaceRefused,
    SavePlace,
    TellFree,
    WaitForPlace,
)
from traffick_desk.services.queries import RefreshCase

from .conftest import carry

DAY = date(2026, 11, 21)
DAYS = st.integers(-40, 40).map(lambda n: DAY + timedelta(days=n))
SPANS = st.lists(st.builds(Span, DAYS, st.none() | DAYS, st.integers(0, 4)), max_size=25)


def by_hand(spans, day):
    """Beds taken in the night that begins on *day*, night by night."""
    taken = 0
    for span in spans:
        nights = {span.since} if span.until == span.since else set()
        night = span.since
        while night <= day and (span.until is None or night < span.until):
            nights.add(night)
            night += timedelta(days=1)
        taken += span.beds * (day in nights)
    return taken


@given(SPANS, DAYS, st.integers(0, 30))
def test_counting_over_days_is_counting_by_hand(spans, first, length):
    last = first + timedelta(days=length)
    days = [first + timedelta(days=n) for n in range(length + 1)]
    counted = [by_hand(spans, day) for day in days]
    assert by_day(spans, first, last) == counted
    assert [taken_on(spans, day) for day in days] == counted
    assert most_taken(spans, first, last + timedelta(days=1)) == max(counted)


@pytest.fixture
def house(desk):
    """A facility with a room for women, one for mothers, and the children's house."""
    facility = desk.do(SavePlace("facility", {"name": "Cơ sở A", "kind": "social",
                                              "status": "active"}))  # fmt: skip
    rooms = {
        name: desk.do(SavePlace("room", {"facility": facility, "name": name, "status": "active",
                                         **more}))
        for name, more in (
            ("nữ", {"purpose": "general", "beds": 2, "for_sex": "female", "age_from": 16}),
            ("trẻ em", {"purpose": "children_house", "beds": 8}),
            ("nam", {"purpose": "general", "beds": 1, "for_sex": "male", "with_child": "no"}),
        )
    }  # fmt: skip
    return facility, rooms


def room_of(desk, room, day="2026-11-21"):
    found = desk.ask(PlacesOn(day)).room(room)
    assert found is not None
    return found[1]


def test_stays_and_beds_by_hand_take_beds_day_by_day(desk, house):
    _facility, rooms = house
    case, person = take_in(desk, "LS1")["LS1"]
    desk.do(GivePlace(case, person, rooms["nữ"], "2026-11-21", "2026-11-24", "1"))
    hold = desk.do(SavePlace("place_hold", {"room": rooms["nữ"], "why": "repair", "beds": 1,
                                            "since": "2026-11-23"}))  # fmt: skip
    free = {d: room_of(desk, rooms["nữ"], f"2026-11-{d}").free for d in (20, 21, 23, 24)}
    assert free == {20: 2, 21: 1, 23: 0, 24: 1}
    assert [one.bed for one in room_of(desk, rooms["nữ"]).lodgers] == ["1"]
    desk.do(DropPlace("place_hold", hold, "Sửa xong"))
    assert room_of(desk, rooms["nữ"], "2026-11-23").free == 1
    stay = desk.ask(RefreshCase(case)).of("stay")[-1]
    assert (stay.get("facility"), stay.get("room")) == ("Cơ sở A", rooms["nữ"])


def test_never_in_the_childrens_house_but_with_a_reason_that_is_kept(desk, house):
    _facility, rooms = house
    case, person = take_in(desk, "LS1")["LS1"]
    found = desk.ask(PlaceObjections(person, rooms["trẻ em"], "2026-11-21"))
    assert [o.code for o in found] == ["children_house"]
    with pytest.raises(PlaceRefused):
        desk.do(GivePlace(case, person, rooms["trẻ em"]))
    assert not any(s.get("room") for s in desk.ask(RefreshCase(case)).of("stay"))
    desk.do(GivePlace(case, person, rooms["trẻ em"], reason="Đêm nay không còn nơi nào khác"))
    stay = next(s for s in desk.ask(RefreshCase(case)).of("stay") if s.get("room"))
    assert stay.get("room_reason") == "Đêm nay không còn nơi nào khác"


def test_sex_age_child_and_a_taken_bed_speak_against_a_room(desk, house):
    _facility, rooms = house
    people = take_in(desk, "LS1", "LS2", "LS3", "LS4")
    (case, person), (other_case, other) = people["LS1"], people["LS2"]
    codes = {
        name: {o.code for o in desk.ask(PlaceObjections(person, room, "2026-11-21"))}
        for name, room in rooms.items()
    }
    assert codes["nữ"] == set()
    assert codes["nam"] == {"sex"}
    girl = desk.ask(PlaceObjections(people["LS3"][1], rooms["nam"], "2026-11-21"))
    assert {o.code for o in girl} == {"sex", "child"}
    desk.do(GivePlace(case, person, rooms["nữ"], "2026-11-21", bed="1"))
    found = desk.ask(PlaceObjections(other, rooms["nữ"], "2026-11-20", "2026-11-21", "1"))
    assert found == ()  # she leaves on the day on which the other comes
    found = desk.ask(PlaceObjections(other, rooms["nữ"], "2026-11-20", bed="1"))
    assert [o.code for o in found] == ["bed"]
    desk.do(GivePlace(other_case, other, rooms["nữ"], "2026-12-01"))
    found = desk.ask(PlaceObjections(people["LS4"][1], rooms["nữ"], "2026-11-21"))
    assert "full" in {o.code for o in found}
    found = desk.ask(PlaceObjections(people["LS4"][1], rooms["nữ"], "2026-11-21", "2026-12-01"))
    assert "full" not in {o.code for o in found}


def test_a_closed_room_has_no_free_bed(desk, house):
    facility, rooms = house
    desk.do(SavePlace("facility", {"status": "paused", "status_reason": "Sửa"}, facility))
    assert room_of(desk, rooms["nữ"]).free == 0
    _case, person = take_in(desk, "LS1")["LS1"]
    found = desk.ask(PlaceObjections(person, rooms["nữ"], "2026-11-21"))
    assert [o.code for o in found] == ["closed"]


def test_a_bed_ends_the_waiting_and_the_most_urgent_wait_first(desk, house):
    facility, rooms = house
    people = take_in(desk, "LS1", "LS2")
    desk.do(WaitForPlace(*people["LS1"], "later"))
    desk.do(WaitForPlace(*people["LS2"], "tonight", facility))
    waiting = desk.ask(PlacesOn()).waiting
    assert [w.urgency for w in waiting] == ["tonight", "later"]
    desk.do(GivePlace(*people["LS2"], rooms["nữ"]))
    assert [w.person_id for w in desk.ask(PlacesOn()).waiting] == [people["LS1"][1]]
    desk.do(EndWait(waiting[1].id))
    assert desk.ask(PlacesOn()).waiting == ()
    with pytest.raises(NotHere):
        desk.do(WaitForPlace(people["LS1"][0], people["LS2"][1]))


def test_communes_learn_numbers_and_nobodys_name_from_the_province(desk, make):
    province = make("province")
    facility = province.do(SavePlace("facility", {"name": "Cơ sở tỉnh", "kind": "victim",
                                                  "status": "active"}))  # fmt: skip
    room = province.do(SavePlace("room", {"facility": facility, "name": "P1", "beds": 3,
                                          "purpose": "general", "status": "active"}))  # fmt: skip
    case, person = take_in(province, "LS1")["LS1"]
    province.do(GivePlace(case, person, room))
    province.do(SavePlace("place_hold", {"room": room, "why": "others", "beds": 1,
                                         "since": "2026-11-01"}))  # fmt: skip
    assert province.do(TellFree()) == 1
    with province.context.store.read() as cursor:
        cursor.execute("SELECT body FROM journal WHERE case_id LIKE '%/%'")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
    with desk.context.store.work() as work:
        work.journal.take_in(bodies)
    seen = room_of(desk, room)
    assert (seen.taken, seen.told, seen.free, seen.lodgers) == (1, 1, 1, ())
    later = room_of(desk, room, "2026-12-05")
    assert later.told is None  # a number of two weeks ago says nothing
    # What a commune knows of others counts at the commune alone: the province sees their cases.
    desk.do(SavePlace("place_hold", {"room": room, "why": "others", "beds": 1,
                                     "since": "2026-11-21"}))  # fmt: skip
    desk.do(SavePlace("place_hold", {"room": room, "why": "reserved", "beds": 1,
                                     "since": "2026-11-21"}))  # fmt: skip
    assert room_of(desk, room).taken == 3
    carry(desk, province)
    assert room_of(province, room).taken == 3


def test_the_standard_is_the_provinces_and_is_compared_with_what_was_counted(desk, make):
    province = make("province")
    facility = province.do(SavePlace("facility", {"name": "Cơ sở", "kind": "social",
                                                  "status": "active"}))  # fmt: skip
    province.do(SavePlace("room", {"facility": facility, "name": "P1", "beds": 3,
                                   "purpose": "general", "status": "active"}))  # fmt: skip
    line = province.do(SavePlace("standard_item", {"kind": "equipment", "what": "Chăn",
                                                   "quantity": 2, "per": "bed"}))  # fmt: skip
    [found] = province.ask(PlacesOn()).facilities
    assert [(s.needed, s.has, s.missing) for s in found.standard] == [(6, None, None)]
    for count, day in ((4, "2026-11-20"), (5, "2026-11-21")):
        province.do(SavePlace("facility_item", {"facility": facility, "standard": line,
                                                "quantity": count, "counted_on": day}))  # fmt: skip
    [found] = province.ask(PlacesOn()).facilities
    assert [(s.needed, s.has, s.missing) for s in found.standard] == [(6, 5, 1)]
    with pytest.raises(Exception):  # noqa: B017 - no desk of a commune may set a standard
        desk.do(SavePlace("standard_item", {"kind": "staff", "what": "Y tá", "quantity": 1,
                                            "per": "facility"}))  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "values", "field"),
    [
        ("facility", {"kind": "social"}, "name"),
        ("room", {"name": "P", "purpose": "general", "beds": 1, "age_from": 9, "age_to": 3},
         "age_to"),
        ("place_hold", {"why": "repair", "beds": 1, "since": "2026-11-21",
                        "until": "2026-11-01"}, "until"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(desk, house, type_name, values, field):
    facility, rooms = house
    more = {"facility": facility} if type_name == "room" else {"room": rooms["nữ"]}
    given = {"status": "active", **values} if type_name != "place_hold" else values
    if type_name != "facility":
        given |= more
    with pytest.raises(InvalidValues) as refused:
        desk.do(SavePlace(type_name, given))
    assert field in {name for _type, name, _text in refused.value.problems}


def test_ten_facilities_with_a_thousand_beds_are_read_quickly(desk):
    import time

    for n in range(10):
        facility = desk.do(SavePlace("facility", {"name": f"Cơ sở {n}", "kind": "social",
                                                  "status": "active"}))  # fmt: skip
        for r in range(5):
            desk.do(SavePlace("room", {"facility": facility, "name": f"P{r}", "beds": 20,
                                       "purpose": "general", "status": "active"}))  # fmt: skip
    started = time.process_time()
    assert sum(f.free for f in desk.ask(PlacesOn()).facilities) == 1_000
    assert time.process_time() - started < 0.5
