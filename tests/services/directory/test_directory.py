"""The directory: what can be kept, who may change what, what is found, what is due."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime

import pytest

from services.conftest import take_in
from traffick_desk.domain.geo import Position, distance_km
from traffick_desk.domain.values import ICT
from traffick_desk.services.directory import national, values
from traffick_desk.services.directory.entries import (
    CheckService,
    DropService,
    OpenService,
    SaveService,
    SetCheckMonths,
)
from traffick_desk.services.directory.find import (
    ListServices,
    NearestForCase,
    ServiceFilter,
    points,
)
from traffick_desk.services.directory.write import NotYours, fresh_id, write
from traffick_desk.services.errors import InvalidValues
from traffick_desk.store.journal import Edit

from .conftest import HEALTH, LEGAL, carry


def listed(desk, near="", **wanted):
    return desk.ask(ListServices(ServiceFilter(**wanted), near)).rows


def names(rows):
    return [row.name for row in rows]


def test_an_entry_is_kept_as_it_was_typed_with_times_and_coordinates_tidied(desk):
    made = desk.do(
        SaveService({**LEGAL, "opens": "7h30", "closes": "17", "position": "22.2547 106.4648"})
    )
    entry = desk.ask(OpenService(made))
    assert entry.get("opens") == "07:30"
    assert entry.get("closes") == "17:00"
    assert entry.get("position") == "22.25470, 106.46480"
    assert entry.get("unit") == desk.info.unit
    assert entry.get("status") == "active"
    assert entry.may_edit
    assert entry.due_on == "0000"  # nobody has checked it yet


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": None}, "name"),
        ({"kinds": None}, "kinds"),
        ({"opens": "morning"}, "opens"),
        ({"closes": "25:00"}, "closes"),
        ({"position": "48.85, 2.35"}, "position"),
        ({"age_from": 18, "age_to": 15}, "age_to"),
        ({"status": "ended"}, "status_reason"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_saved(desk, change, field):
    with pytest.raises(InvalidValues) as refused:
        desk.do(SaveService({**LEGAL, **change}))
    assert [name for _type, name, _text in refused.value.problems] == [field]
    assert names(listed(desk)) == [national.values()["name"]]


def test_an_old_fault_does_not_keep_other_fields_from_being_saved(desk):
    made = desk.do(SaveService(LEGAL))
    with desk.context.store.work() as work:  # another desk's program may let it pass
        write(desk.context, work, [Edit("service", made, {"opens": "sáng"})])
    desk.do(SaveService({"phone": "0205 999"}, made))
    assert desk.ask(OpenService(made)).get("phone") == "0205 999"
    with pytest.raises(InvalidValues):
        desk.do(SaveService({"opens": "chiều"}, made))


def test_the_hotline_is_there_from_the_start_and_cannot_be_changed(desk):
    rows = listed(desk)
    assert [(r.id, r.phone, r.due) for r in rows] == [(national.ID, "111", False)]
    entry = desk.ask(OpenService(national.ID))
    assert entry.shipped
    assert not entry.may_edit
    assert national.ID in [r.id for r in listed(desk, kinds=("hotline",))]
    assert national.ID not in [r.id for r in listed(desk, kinds=("medical",))]


def test_services_are_found_without_accents_by_kind_sex_age_and_child(desk):
    desk.do(SaveService(LEGAL))
    desk.do(SaveService({**HEALTH, "for_sex": "female", "age_from": 18, "with_child": "no"}))
    assert names(listed(desk, text="tro giup phap")) == [LEGAL["name"]]
    assert names(listed(desk, text="0205 3810")) == [LEGAL["name"]]
    assert names(listed(desk, kinds=("medical",))) == [HEALTH["name"]]
    assert names(listed(desk, kinds=("medical",), sex="male")) == []
    assert names(listed(desk, kinds=("medical",), sex="female", age=17)) == []
    assert names(listed(desk, kinds=("medical",), age=18)) == [HEALTH["name"]]
    assert names(listed(desk, kinds=("medical",), with_child=True)) == []


def test_what_is_closed_is_not_offered_but_still_listed_when_asked_for(desk):
    made = desk.do(SaveService(LEGAL))
    desk.do(SaveService({"status": "paused", "status_reason": "Đang sửa nhà"}, made))
    assert names(listed(desk, kinds=("legal_aid",))) == []
    assert names(listed(desk, kinds=("legal_aid",), closed=True)) == [LEGAL["name"]]
    desk.do(DropService(made, "Ghi nhầm"))
    assert names(listed(desk, kinds=("legal_aid",), closed=True)) == []
    desk.do(DropService(made, ""))
    assert names(listed(desk, kinds=("legal_aid",), closed=True)) == [LEGAL["name"]]


def test_the_nearest_stand_first_and_places_without_a_position_last(desk):
    for number, position in enumerate(("22.30, 106.50", "22.26, 106.47", None)):
        desk.do(SaveService({**LEGAL, "name": f"Nơi {number}", "position": position,
                             "place_unit": None, "organization": f"Bên {number}"}))  # fmt: skip
    rows = listed(desk, near="22.25, 106.46", kinds=("legal_aid",))
    assert names(rows) == ["Nơi 1", "Nơi 0", "Nơi 2"]
    here = Position(22.25, 106.46)
    assert rows[0].km == pytest.approx(distance_km(here, Position(22.26, 106.47)))
    assert rows[2].km is None


def test_without_coordinates_the_centre_of_the_unit_counts_and_is_said_so(desk):
    desk.do(SaveService({**LEGAL, "position": None}))
    [row] = listed(desk, kinds=("legal_aid",))
    assert row.position is not None
    assert not row.exact
    assert row.km == pytest.approx(0, abs=60)


def test_a_secret_place_is_on_no_map(desk):
    desk.do(SaveService({**LEGAL, "kinds": ["shelter"], "listing": "secret"}))
    rows = listed(desk, kinds=("shelter",))
    assert rows[0].position is not None
    assert points(rows) == []


def test_a_check_settles_what_is_due_for_six_months_or_as_the_province_says(desk, make):
    made = desk.do(SaveService(LEGAL))
    assert names(listed(desk, due=True)) == [LEGAL["name"]]
    desk.do(CheckService(made, "right"))
    entry = desk.ask(OpenService(made))
    assert (entry.checked_on, entry.due_on) == ("2026-11-21", "2027-05-21")
    assert listed(desk, due=True) == ()
    later = datetime(2027, 5, 22, 9, 0, tzinfo=ICT)
    desk.context.now = lambda: later
    assert names(listed(desk, due=True)) == [LEGAL["name"]]
    found = desk.ask(ListServices())
    assert (found.months, found.months_set) == (6, False)
    with pytest.raises(NotYours):
        desk.do(SetCheckMonths(3))
    province = make("province")
    province.do(SetCheckMonths(3))
    province.do(SetCheckMonths(4))
    found = province.ask(ListServices())
    assert (found.months, found.months_set) == (4, True)
    with pytest.raises(InvalidValues):
        province.do(SetCheckMonths(0))


def test_something_wrong_makes_an_entry_due_at_once_until_it_is_found_right(desk):
    made = desk.do(SaveService({**LEGAL, "verified_on": "2026-11-01"}))
    with pytest.raises(InvalidValues):
        desk.do(CheckService(made, "wrong"))
    desk.do(CheckService(made, "wrong", "Số máy đã đổi"))
    entry = desk.ask(OpenService(made))
    assert entry.trouble is not None
    assert entry.trouble.words == "Số máy đã đổi"
    [row] = listed(desk, due=True)
    assert row.trouble == "wrong"
    desk.do(CheckService(made, "right"))
    assert desk.ask(OpenService(made)).trouble is None
    assert listed(desk, due=True) == ()


def test_the_province_may_change_a_communes_entry_and_not_the_other_way_round(desk, make):
    province = make("province")
    made = province.do(SaveService(LEGAL))
    carry(province, desk)
    assert names(listed(desk, kinds=("legal_aid",))) == [LEGAL["name"]]
    assert not desk.ask(OpenService(made)).may_edit
    with pytest.raises(NotYours):
        desk.do(SaveService({"phone": "1"}, made))
    # What is wrong with it goes to the province as a record of the commune.
    remark = desk.do(CheckService(made, "gone", "Trung tâm đã chuyển đi"))
    assert remark.startswith(desk.info.unit)
    assert desk.ask(OpenService(made)).trouble.unit == desk.info.unit


def test_the_nearest_service_for_a_case_follows_her_needs_sex_and_age(desk):
    case, person = next(iter(take_in(desk, "LS1").values()))
    with desk.context.store.work() as work:
        for domain, score in (("law", "danger"), ("health", "stable"), ("work", "hard")):
            edit = Edit("need", f"n-{domain}", {"case": case, "person": person, "domain": domain,
                                                "score": score, "assessed_on": "2026-11-20"})  # fmt: skip
            work.journal.write(edit, "o", case)
            work.touched.add(case)
    desk.do(SaveService(LEGAL))
    desk.do(SaveService(HEALTH))
    desk.do(SaveService({**LEGAL, "name": "Chỉ cho nam giới", "for_sex": "male"}))
    near = desk.ask(NearestForCase(case, person))
    assert near.needs == ("law", "work")
    assert near.kinds == ("legal_aid", "job")
    assert near.sex == "female"
    assert names(near.found.rows) == [LEGAL["name"]]
    assert names(desk.ask(NearestForCase(case, person, ("medical",))).found.rows) == [
        HEALTH["name"]
    ]


def test_hours_and_conditions_in_words():
    five = ["mon", "tue", "wed", "thu", "fri"]
    assert values.hours({"days": five, "opens": "07:30", "closes": "17:00"}) in {
        "Monday–Friday, 07:30–17:00",
        "Thứ Hai–Thứ Sáu, 07:30–17:00",
    }
    assert values.hours({}) == ""
    assert "–" not in values.days_words(["mon", "tue", "fri"])
    assert values.whom({"for_sex": "any"}) == ""
    assert "17" in values.whom({"age_to": 17})


def test_questions_over_five_thousand_services_stay_quick(desk):
    with desk.context.store.work() as work:
        edits = [
            Edit("service", fresh_id(desk.context), {
                **LEGAL, "name": f"Điểm trợ giúp {n}", "organization": f"Bên {n % 40}",
                "kinds": ["legal_aid"] if n % 5 else ["medical"],
                "position": f"{21 + n % 97 / 50:.5f}, {106 + n % 89 / 50:.5f}", "status": "active",
            })
            for n in range(5_000)
        ]  # fmt: skip
        write(desk.context, work, edits)
    for wanted in (ServiceFilter(), ServiceFilter(text="tro giup 4321"),
                   ServiceFilter(kinds=("medical",), sex="female", age=20)):  # fmt: skip
        started = time.process_time()
        found = desk.ask(ListServices(wanted))
        assert found.rows
        assert time.process_time() - started < 1.0, wanted
    assert len(desk.ask(ListServices(replace(ServiceFilter(), kinds=("medical",)))).rows) == 1_000
