"""Clocks: units, states, weekends, holidays, month ends, years whose holidays nobody entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from traffick_desk.law import Facts, State, clocks
from traffick_desk.law.clocks import due_at
from traffick_desk.law.pack import Calendar, add_months

WEEKEND = frozenset({5, 6})


def with_calendar(pack, *, holidays=(), working=(), complete=(2025, 2026, 2027)):
    calendar = Calendar(WEEKEND, frozenset(holidays), frozenset(working), frozenset(complete))
    return replace(pack, calendar=calendar)


def run(pack, events, as_of="2026-11-21", **facts):
    obj = {"as_of": as_of, "status": "in_process", "citizenship": "VN", "events": events, **facts}
    return {clock.rule.id: clock for clock in clocks(Facts.from_json(obj), pack)}


def test_without_events_the_usual_clocks_wait(pack) -> None:
    found = run(pack, {})
    assert set(found) == {"CLK-02", "CLK-03", "CLK-04", "CLK-07", "CLK-08"}
    assert {clock.state for clock in found.values()} == {State.NOT_STARTED}


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2026-11-18T23:00", State.RUNNING),
        ("2026-11-18", State.RUNNING),
        ("2026-11-19", State.OVERDUE),
    ],
)
def test_at_once_is_late_from_the_next_day(pack, as_of, state) -> None:
    found = run(pack, {"report_received_by_other_body": "2026-11-18T15:00"}, as_of)
    assert found["CLK-01"].state is state
    assert found["CLK-01"].due_at == datetime.fromisoformat("2026-11-18T15:00")


def test_at_once_done_the_next_day_was_late(pack) -> None:
    events = {"report_received_by_other_body": "2026-11-18", "commune_received": "2026-11-19T07:00"}
    assert run(pack, events)["CLK-01"].late
    assert run(pack, events)["CLK-01"].state is State.DONE


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2026-11-20", State.RUNNING),
        ("2026-11-21T23:59", State.RUNNING),
        ("2026-11-22T00:00", State.OVERDUE),
    ],
)
def test_three_days_count_from_the_next_day_and_end_with_the_third(pack, as_of, state) -> None:
    clock = run(pack, {"health_notified": "2026-11-18T15:30"}, as_of)["CLK-04"]
    assert clock.due_at == date(2026, 11, 21)
    assert clock.state is state
    assert "starts_next_day" in clock.flags


def test_nine_working_days_over_weekends(pack) -> None:
    full = with_calendar(pack)
    clock = run(full, {"application_07_received": "2026-11-09"}, "2026-11-20")["CLK-08"]
    assert (clock.due_at, clock.state, clock.incomplete_years) == (
        date(2026, 11, 20),
        State.RUNNING,
        (),
    )
    assert clock.flags == ("starts_next_day", "Q20")
    late = run(full, {"application_07_received": "2026-11-09"}, "2026-11-21")["CLK-08"]
    assert late.state is State.OVERDUE


def test_received_on_a_saturday(pack) -> None:
    clock = run(with_calendar(pack), {"application_07_received": "2026-11-07"})["CLK-08"]
    assert clock.due_at == date(2026, 11, 19)


def test_a_holiday_and_a_swapped_day_move_the_limit(pack) -> None:
    events = {"application_07_received": "2026-11-09"}
    holiday = with_calendar(pack, holidays=[date(2026, 11, 12)])
    assert run(holiday, events)["CLK-08"].due_at == date(2026, 11, 23)
    swapped = with_calendar(pack, holidays=[date(2026, 11, 12)], working=[date(2026, 11, 14)])
    assert run(swapped, events)["CLK-08"].due_at == date(2026, 11, 20)


def test_over_the_end_of_the_year_both_years_must_be_complete(pack) -> None:
    events = {"application_07_received": "2026-12-28"}
    half = with_calendar(pack, complete=[2026])
    assert run(half, events, "2026-12-30")["CLK-08"].incomplete_years == (2027,)
    assert run(half, events, "2026-12-30")["CLK-08"].due_at == date(2027, 1, 8)
    assert run(with_calendar(pack), events, "2026-12-30")["CLK-08"].incomplete_years == ()


def test_an_incomplete_year_never_makes_a_clock_overdue(pack) -> None:
    events = {"application_07_received": "2026-11-09"}
    assert run(pack, events, "2026-11-20")["CLK-08"].state is State.RUNNING
    assert run(pack, events, "2026-11-21")["CLK-08"].state is State.NEEDS_CALENDAR
    done = run(pack, {**events, "application_07_decided": "2026-11-23"})["CLK-08"]
    assert (done.state, done.late) == (State.DONE, False)
    full = run(with_calendar(pack), {**events, "application_07_decided": "2026-11-23"})["CLK-08"]
    assert full.late


def test_a_limit_that_was_not_found_runs_without_end(pack) -> None:
    clock = run(pack, {"initial_verification_done": "2020-01-01"})
    assert "CLK-05" not in clock, "the law of the clock was not in force"
    clock = run(pack, {"initial_verification_done": "2025-08-01"})["CLK-05"]
    assert (clock.state, clock.due_at) == (State.RUNNING, None)
    done = run(
        pack, {"initial_verification_done": "2025-08-01", "verification_answered": "2026-08-01"}
    )["CLK-05"]
    assert (done.state, done.late) == (State.DONE, False)


@pytest.mark.parametrize(
    ("started", "due", "as_of", "state"),
    [
        (
            "2026-11-18T15:00",
            datetime.fromisoformat("2026-11-21T15:00"),
            "2026-11-21T15:00",
            State.RUNNING,
        ),
        (
            "2026-11-18T15:00",
            datetime.fromisoformat("2026-11-21T15:00"),
            "2026-11-21T15:01",
            State.OVERDUE,
        ),
        (
            "2026-11-18T15:00",
            datetime.fromisoformat("2026-11-21T15:00"),
            "2026-11-21",
            State.RUNNING,
        ),
        ("2026-11-18", date(2026, 11, 21), "2026-11-21T23:59", State.RUNNING),
        ("2026-11-18", date(2026, 11, 21), "2026-11-22", State.OVERDUE),
    ],
)
def test_hours(pack, started, due, as_of, state) -> None:
    clock = run(pack, {"breach_found": started}, as_of)["CLK-19"]
    assert (clock.due_at, clock.state) == (due, state)


def test_a_complex_dossier_has_five_days_and_a_simple_one_three(pack) -> None:
    simple = run(pack, {"fund_dossier_complete": "2026-11-16"})
    assert simple["CLK-10"].due_at == date(2026, 11, 19)
    assert "CLK-10-complex" not in simple
    hard = run(pack, {"fund_dossier_complete": "2026-11-16", "fund_complex": "2026-11-17"})
    assert hard["CLK-10-complex"].due_at == date(2026, 11, 23)
    assert "CLK-10" not in hard


def test_months_and_years_go_by_the_calendar(pack) -> None:
    assert run(pack, {"case_closed": "2024-02-29"})["CLK-18"].due_at == date(2025, 2, 28)
    assert run(pack, {"urgent_admission": "2026-11-30"})["CLK-15"].due_at == date(2027, 2, 27)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 11, 1), 1, date(2026, 12, 1)),
    ],
)
def test_adding_months(day, months, result) -> None:
    assert add_months(day, months) == result


def test_support_of_120_days_starts_with_the_first_stay(pack) -> None:
    clock = run(
        pack, {}, stays=[{"from": "2026-11-01"}, {"from": "2026-10-01", "to": "2026-10-05"}]
    )
    assert clock["CLK-07"].due_at == date(2027, 1, 28)
    assert not clock["CLK-07"].extended


def test_an_extension_that_ends_sooner_changes_nothing(pack) -> None:
    stays = [{"from": "2026-10-01", "extended_until": "2026-12-01"}]
    clock = run(pack, {}, stays=stays)["CLK-07"]
    assert (clock.due_at, clock.extended) == (date(2027, 1, 28), False)


def test_an_extension_moves_the_end(pack) -> None:
    stays = [{"from": "2026-10-01", "extended_until": "2027-03-01"}]
    clock = run(pack, {}, stays=stays)["CLK-07"]
    assert (clock.due_at, clock.extended) == (date(2027, 3, 1), True)


def test_the_law_of_2011_has_its_own_clocks(pack) -> None:
    facts = Facts.from_json(
        {
            "as_of": "2026-11-21",
            "status": "victim",
            "identified_on": "2024-11-20",
            "stays": [{"from": "2024-11-20"}],
        }
    )
    found = {clock.rule.id: clock for clock in clocks(facts, pack)}
    assert set(found) == {"OLD-02", "OLD-04b"}
    assert found["OLD-02"].state is State.OVERDUE
    assert found["OLD-04b"].due_at == date(2025, 2, 19)


def test_the_accompanying_child_is_under_the_clocks_of_the_adult(pack) -> None:
    facts = Facts.from_json(
        {
            "as_of": "2026-11-21",
            "accompanies": {"status": "victim", "identified_on": "2024-11-20"},
            "stays": [{"from": "2024-11-20"}],
        }
    )
    assert [clock.rule.id for clock in clocks(facts, pack)] == ["OLD-04b"]


def test_the_moment_can_be_given(pack) -> None:
    facts = Facts.from_json(
        {"as_of": "2026-11-18", "status": "in_process", "events": {"health_notified": "2026-11-18"}}
    )
    states = {c.rule.id: c.state for c in clocks(facts, pack, date(2026, 12, 1))}
    assert states["CLK-04"] is State.OVERDUE


def test_days_before_2020_in_a_facility(pack) -> None:
    rule = pack.clocks["OLD-04a"]
    assert due_at(rule, date(2019, 3, 1), pack) == (date(2019, 4, 29), ())


def test_support_of_one_found_not_to_be_a_victim_ended_on_that_day(pack) -> None:
    history = [
        {"status": "in_process", "from": "2026-01-01"},
        {"status": "not_victim", "from": "2026-02-01"},
    ]
    found = run(pack, {}, status=history, stays=[{"from": "2026-01-01"}])
    assert set(found) == {"CLK-07"}
    assert found["CLK-07"].stopped_at == date(2026, 2, 1)
    undated = run(pack, {}, status="not_victim", stays=[{"from": "2026-01-01"}])
    assert undated["CLK-07"].state is State.OVERDUE


def test_support_goes_on_while_one_stay_is_open(pack) -> None:
    stays = [{"from": "2026-01-01", "to": "2026-01-05"}, {"from": "2026-02-01"}]
    assert run(pack, {}, stays=stays)["CLK-07"].state is State.OVERDUE
