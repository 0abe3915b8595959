"""What was due when: the days that cut the time, what they change, and caps over all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk.law import Facts, Result, evaluate, load_pack, timeline, timeline_json
from traffick_desk.law.changes import cuts, first_day
from traffick_desk.law.pack import Span

PACK = load_pack()
VICTIM = {
    "status": "victim",
    "identified_on": "2026-01-20",
    "citizenship": "VN",
    "location": "in_country",
}


def run(as_of: str = "2026-11-21", pack=PACK, **facts):
    return timeline(Facts.from_json({"as_of": as_of, **facts}), pack)


def starts(found) -> list[str]:
    return [period.start.isoformat() for period in found.periods]


def letters(period) -> str:
    return "".join(outcome.regime.letter for outcome in period.due)


def line(found, day: str, level: str):
    period = found.on(date.fromisoformat(day))
    return next((x for o in period.due for x in o.lines if x.level.id == level), None)


def words(found, day: str) -> list[str]:
    (period,) = (p for p in found.periods if p.start.isoformat() == day)
    return [str(text) for text in period.changes]


def test_the_wrongly_suspected_had_seven_regimes_until_the_negative_result() -> None:
    found = run(
        status=[
            {"status": "in_process", "from": "2026-10-05"},
            {"status": "not_victim", "from": "2026-10-15"},
        ],
        citizenship="VN",
        location="in_country",
    )
    assert starts(found) == ["2026-10-05", "2026-10-15"]
    assert [letters(period) for period in found.periods] == ["abcdđeg", ""]
    assert words(found, "2026-10-05") == ["From this day on: person being identified as a victim."]
    assert words(found, "2026-10-15")[:2] == [
        "From this day on: not a victim.",
        "No longer due: Essential needs.",
    ]
    assert found.periods[0].days == 10


def test_the_law_of_each_time_and_identification() -> None:
    found = run(
        "2025-09-30",
        status=[
            {"status": "in_process", "from": "2025-06-20"},
            {"status": "victim", "from": "2025-08-01"},
        ],
        citizenship="VN",
        location="in_country",
        birth="1990",
    )
    assert [(p.start.isoformat(), p.assessment.law.law, letters(p)) for p in found.periods] == [
        ("2025-06-20", "L66", "a"),
        ("2025-07-01", "L53", "abcdđeg"),
        ("2025-08-01", "L53", "abcdđegik"),
    ]
    assert words(found, "2025-07-01")[0].startswith(
        "No identification as a victim before 01/07/2025"
    )
    assert words(found, "2025-08-01")[0] == "From this day on: victim."
    assert "Now due: Initial hardship allowance, loan (granted)." in words(found, "2025-08-01")


def test_coming_home_brings_the_rest() -> None:
    found = run(
        status=[{"status": "in_process", "from": "2026-10-10"}],
        citizenship="VN",
        location=[
            {"where": "abroad", "from": "2019-01-01"},
            {"where": "in_country", "from": "2026-11-01"},
        ],
    )
    assert starts(found) == ["2026-10-10", "2026-11-01"]
    assert [letters(p) for p in found.periods] == ["abcd", "abcdđeg"]
    assert words(found, "2026-11-01")[0] == "The person is in the country."


def test_the_place_alone_begins_the_time_when_nothing_else_has_a_date() -> None:
    found = run(
        status="in_process", citizenship="VN", location=[{"where": "abroad", "from": "2026-11-01"}]
    )
    assert starts(found) == ["2026-11-01"]
    assert words(found, "2026-11-01") == ["The person is abroad."]


def test_without_any_date_there_is_only_the_day_itself() -> None:
    found = run(status="in_process", citizenship="VN", location="in_country")
    assert starts(found) == ["2026-11-21"]
    assert found.periods[0].changes == ()
    assert found.on(date(2026, 11, 20)) is None


def test_turning_18_asks_for_review_from_the_birthday_on() -> None:
    found = run(**VICTIM, birth="2008-06-15", studying="yes", stays=[])
    assert words(found, "2026-06-15") == [
        "The person turns 18.",
        "Schooling: granted → needs review.",
    ]
    assert found.on(date(2026, 6, 15)).due[7].questions[0] == "Q09"


def test_an_uncertain_birth_changes_twice() -> None:
    found = run(**VICTIM, birth={"from": "2008-05-01", "to": "2008-07-31"})
    assert words(found, "2026-05-01")[0] == "From this day on the person may be 18."
    assert words(found, "2026-07-31")[0] == "The person is certainly 18."


def test_130_days_in_a_facility_ten_of_them_without_a_decision() -> None:
    found = run(
        **VICTIM,
        birth="2010",
        stays=[{"from": "2026-01-20", "to": "2026-05-29", "facility": "Mái ấm"}],
    )
    assert starts(found)[:3] == ["2026-01-20", "2026-05-20", "2026-05-30"]
    assert words(found, "2026-01-20")[1:] == [
        "Support with essential needs begins.",
        "A stay begins: Mái ấm.",
    ]
    assert words(found, "2026-05-20") == [
        "The days from 20/01/2026 to 19/05/2026 are covered; an extension decision is needed for those after.",
        "Meals: granted → needs review.",
        "Temporary accommodation: granted → needs review.",
    ]
    assert words(found, "2026-05-30")[0] == "The stay ended on 29/05/2026: Mái ấm."
    assert line(found, "2026-05-19", "N-a-meal").quantity == 120
    assert line(found, "2026-05-20", "N-a-meal").result is Result.NEEDS_REVIEW
    assert str(line(found, "2026-05-20", "N-a-meal").reason) == words(found, "2026-05-20")[0]
    assert line(found, "2026-05-29", "N-a-room") is not None
    assert line(found, "2026-05-30", "N-a-room") is None
    (days,) = (c for c in found.counts if c.limit.usage)
    assert [level.id for level in days.levels] == ["N-a-meal", "N-a-room"]
    assert (days.limit.usage.used, days.limit.usage.undecided, days.needs_review) == (130, 10, True)
    assert days.limit.questions == ()


@pytest.mark.parametrize(
    ("until", "review"), [("2026-05-28", True), ("2026-05-29", False), ("2026-03-01", True)]
)
def test_an_extension_decision_moves_the_last_day(until: str, review: bool) -> None:
    found = run(
        **VICTIM, stays=[{"from": "2026-01-20", "to": "2026-05-29", "extended_until": until}]
    )
    (days,) = (c for c in found.counts if c.limit.usage)
    assert days.limit.certain == max(date(2026, 5, 19), date.fromisoformat(until))
    assert days.needs_review is review
    assert days.limit.ends is False


def test_the_last_covered_day_is_not_over() -> None:
    stays = [{"from": "2026-01-20"}]
    for as_of, review in (("2026-05-19", False), ("2026-05-20", True)):
        found = run(as_of, **VICTIM, stays=stays)
        assert found.counts[0].needs_review is review
        assert (starts(found)[-1] == "2026-05-20") is review


@pytest.mark.parametrize(
    "facts",
    [
        {"stays": [{"from": "2026-01-20", "to": "2026-02-20"}, {"from": "2026-03-01", "to": "2026-06-30"}]},
        {"status": [{"status": "in_process", "from": "2026-01-01"}, {"status": "victim", "from": "2026-01-25"}],
         "identified_on": "2026-01-25", "stays": [{"from": "2026-01-20", "to": "2026-06-30"}]},
    ],
    ids=["gaps", "phases"],
)  # fmt: skip
def test_how_several_phases_count_is_an_open_question(facts) -> None:
    found = run(**{**VICTIM, **facts})
    assert "Q10" in line(found, "2026-06-01", "N-a-meal").questions
    assert found.counts[0].limit.questions == ("Q10",)
    assert "Q10" in [q["id"] for q in timeline_json(found, PACK)["questions"]]


def test_the_three_months_of_2011_end() -> None:
    old = {**VICTIM, "identified_on": "2024-11-20", "poor_household": "yes"}
    found = run("2025-06-30", **old, stays=[{"from": "2024-11-20", "to": "2025-05-01"}])
    assert words(found, "2025-02-20") == [
        "The time from 20/11/2024 ended on 19/02/2025.",
        "No longer due: Meals in a facility.",
    ]
    assert line(found, "2025-02-19", "O-meal") is not None
    assert line(found, "2025-02-20", "O-meal") is None
    assert any(count.limit.ends and not count.needs_review for count in found.counts)
    gaps = run(
        "2025-06-30",
        **old,
        stays=[
            {"from": "2024-11-20", "to": "2024-12-01"},
            {"from": "2025-01-01", "to": "2025-05-01"},
        ],
    )
    assert line(gaps, "2025-02-20", "O-meal").result is Result.NEEDS_REVIEW
    assert words(gaps, "2025-02-20")[0] == (
        "Counted from 20/11/2024 the time ended on 19/02/2025; the texts do not settle how several "
        "phases count."
    )


def test_school_years_are_certain_for_a_year_and_then_an_open_question() -> None:
    found = run("2027-06-30", **VICTIM, birth="2012", studying="yes", stays=[])
    assert line(found, "2027-01-19", "N-h-fee").result is Result.GRANTED
    after = line(found, "2027-01-20", "N-h-fee")
    assert (after.result, after.questions) == (Result.NEEDS_REVIEW, ("Q21",))
    assert after.missing == ("events.supported_school_years_ended",)
    (school,) = found.counts
    assert (school.needs_review, school.limit.questions) == (True, ("Q21",))


def test_school_years_with_a_known_end_end() -> None:
    found = run(
        "2027-06-30", **VICTIM, birth="2012", studying="yes", stays=[],
        events={"supported_school_years_ended": "2027-05-31"},
    )  # fmt: skip
    assert line(found, "2027-05-31", "N-h-fee").result is Result.GRANTED
    assert line(found, "2027-06-01", "N-h-fee") is None
    # An event of the future is not known yet.
    early = run("2027-03-01", **VICTIM, birth="2012", studying="yes", stays=[],
                events={"supported_school_years_ended": "2027-05-31"})  # fmt: skip
    assert line(early, "2027-03-01", "N-h-fee").result is Result.NEEDS_REVIEW


def test_school_years_from_an_unknown_day_are_not_certain_at_all() -> None:
    found = run(status="victim", citizenship="VN", birth="2012", studying="yes", stays=[{"from": "2026-01-20"}],
                identified_on=None)  # fmt: skip
    assert found.periods[0].assessment.law.law is None
    assert all(outcome.result is Result.NEEDS_REVIEW for outcome in found.periods[0].due)
    assert "identified_on" in [m["fact"] for m in timeline_json(found, PACK)["missing"]]


def test_late_application_under_the_law_of_2011() -> None:
    found = run(
        "2026-11-21", status="victim", identified_on="2024-11-20", citizenship="VN", location="in_country",
        poor_household="yes", stays=[], province="Khánh Hòa", travel_days=1,
        events={"old_application_received": "2026-11-21"},
    )  # fmt: skip
    assert starts(found) == ["2024-11-20", "2025-11-21", "2026-11-21"]
    assert (
        words(found, "2025-11-21")[0]
        == "The time to apply under the law of 2011 ended on 20/11/2025."
    )
    assert letters(found.periods[0]).endswith("e")
    assert "e" not in letters(found.periods[-1])
    assert words(found, "2026-11-21")[0] == "The application under the law of 2011 was received."


def test_the_child_follows_the_adult() -> None:
    found = run(
        birth="2020", location="in_country",
        accompanies={"status": [{"status": "in_process", "from": "2026-10-05"}, {"status": "victim", "from": "2026-11-01"}],
                     "citizenship": "VN", "location": [{"where": "abroad"}, {"where": "in_country", "from": "2026-10-20"}]},
    )  # fmt: skip
    assert starts(found) == ["2026-10-05", "2026-10-20", "2026-11-01"]
    assert words(found, "2026-11-01")[0] == "The person accompanied: From this day on: victim."
    assert [p.assessment.rows[0].id for p in found.periods] == ["R5", "R7", "R3"]


def test_a_death_is_a_change() -> None:
    found = run(**VICTIM, stays=[], events={"death_concluded": "2026-11-02"})
    assert words(found, "2026-11-02") == ["The death was established."]


def test_what_comes_after_the_day_is_left_out() -> None:
    base = {"status": [{"status": "in_process", "from": "2026-10-05"}], "citizenship": "VN"}
    later = run(
        status=[*base["status"], {"status": "victim", "from": "2026-12-01"}],
        citizenship="VN",
        stays=[{"from": "2026-12-24"}],
        location=[{"where": "in_country", "from": "2026-12-31"}],
        essential_needs_start="2026-12-24",
    )
    assert starts(later) == ["2026-10-05"]
    assert letters(later.periods[0]) == letters(run(**base, stays=[]).periods[0])


def test_a_stay_without_a_name() -> None:
    found = run(**VICTIM, stays=[{"from": "2026-10-05", "to": "2026-10-06"}])
    assert words(found, "2026-10-05")[1] == "A stay in a facility begins."
    assert words(found, "2026-10-07")[0] == "The stay in a facility ended on 06/10/2026."


def test_levels_that_change_begin_a_period_of_their_own() -> None:
    meal = next(level for level in PACK.levels if level.id == "N-a-meal")
    cheap = replace(meal, valid=Span(meal.valid.start, date(2026, 3, 31)))
    dear = replace(meal, id="N-a-meal-2", valid=Span(date(2026, 4, 1), date.max))
    levels = tuple(x for x in PACK.levels if x is not meal)
    grouped = {
        **PACK.by_regime,
        ("L53", "a"): (cheap, dear, *(x for x in PACK.by_regime["L53", "a"] if x is not meal)),
    }
    found = run(
        "2026-05-01", replace(PACK, levels=(*levels, cheap, dear), by_regime=grouped), **VICTIM
    )
    assert words(found, "2026-04-01") == ["Now due: Meals (granted).", "No longer due: Meals."]


def test_dates_of_rules_that_change_nothing_do_not_cut() -> None:
    facts = Facts.from_json({"as_of": "2026-11-21", **VICTIM, "identified_on": "2012-01-20"})
    whole = timeline(facts, PACK)
    assert len(cuts(facts, first_day(facts), PACK)) > len(whole.periods)


def test_the_json_form(pack) -> None:
    found = run(
        **VICTIM, birth="2010", studying="yes", stays=[{"from": "2026-01-20", "to": "2026-05-29"}]
    )
    answer = timeline_json(found, pack)
    assert answer["from"] == "2026-01-20"
    assert answer["periods"][0]["due"][0]["usage"]["days_used"] == 120
    assert answer["caps"][0]["usage"]["days_used"] == 130
    assert answer["caps"][1]["usage"] is None
    assert answer["caps"][1]["certain_to"] == "2027-01-19"
    days, years = answer["caps"]
    assert (days["cap"]["days"], days["levels"]) == (120, ["N-a-meal", "N-a-room"])
    assert (years["cap"]["times"], years["levels"]) == (2, ["N-h-fee", "N-h-books"])
    assert (days["ends"], years["ends"]) == (False, False)
    assert [m["fact"] for m in years["missing"]] == ["events.supported_school_years_ended"]


def test_school_years_are_for_review_after_the_last_certain_day() -> None:
    for as_of, review in (("2027-01-19", False), ("2027-01-20", True)):
        found = run(as_of, **VICTIM, birth="2012", studying="yes", stays=[])
        (years,) = found.counts
        assert (years.needs_review, years.limit.cap.times) == (review, 2)
    ended = run(
        "2027-06-30", **VICTIM, birth="2012", studying="yes", stays=[],
        events={"supported_school_years_ended": "2027-05-31"},
    )  # fmt: skip
    (years,) = ended.counts
    assert (years.limit.cap.times, years.limit.ends, years.needs_review) == (2, True, False)
    assert str(years.limit.reason) == "The last school year with support ended on 31/05/2027."


def test_one_school_year_of_2011_is_certain_on_no_day() -> None:
    found = run(
        "2025-06-30", **{**VICTIM, "identified_on": "2024-11-20"}, poor_household="yes",
        studying="yes", stays=[],
    )  # fmt: skip
    (year,) = (c for c in found.counts if c.levels[0].id == "O-school")
    assert year.limit.certain is None
    assert year.needs_review


def test_a_change_on_the_last_covered_day_does_not_end_support() -> None:
    found = run(**{**VICTIM, "location": [{"where": "in_country"}, {"where": "in_country", "from": "2026-05-19"}]},
                stays=[{"from": "2026-01-20"}])  # fmt: skip
    assert "2026-05-19" in starts(found)
    assert line(found, "2026-05-19", "N-a-meal").result is Result.GRANTED
    assert line(found, "2026-05-20", "N-a-meal").result is Result.NEEDS_REVIEW


def test_an_extension_decision_holds_for_every_stay() -> None:
    found = run(
        **VICTIM,
        stays=[
            {"from": "2026-01-20", "to": "2026-06-10"},
            {"from": "2026-06-20", "to": "2026-06-30", "extended_until": "2026-06-30"},
        ],
    )
    spent = found.on(date(2026, 6, 5)).due[0].usage
    assert (spent.over > 0, spent.undecided) == (True, 0)


def test_before_identification_the_levels_are_those_of_each_day() -> None:
    found = run(
        "2020-03-01", citizenship="VN", stays=[{"from": "2019-12-01"}],
        status=[{"status": "in_process", "from": "2019-12-01"}, {"status": "victim", "from": "2020-02-01"}],
    )  # fmt: skip
    assert line(found, "2019-12-15", "O-meal-2013") is not None
    assert line(found, "2019-12-15", "O-meal") is None
    assert line(found, "2020-01-15", "O-meal") is not None


@pytest.mark.parametrize(("second", "doubt"), [("2026-03-02", False), ("2026-03-03", True)])
def test_stays_without_a_day_between_are_one_phase(second: str, doubt: bool) -> None:
    found = run(**VICTIM, stays=[{"from": "2026-01-20", "to": "2026-03-01"}, {"from": second}])
    assert found.counts[0].limit.questions == (("Q10",) if doubt else ())


def test_support_before_the_first_stay_counts_from_its_first_day() -> None:
    found = run(**VICTIM, stays=[], essential_needs_start="2026-02-01")
    assert starts(found)[:3] == ["2026-01-20", "2026-02-01", "2026-06-01"]
    assert found.on(date(2026, 1, 31)).due[0].usage is None
    assert found.on(date(2026, 2, 1)).due[0].usage.start == date(2026, 2, 1)


def test_the_adult_may_have_stayed_too() -> None:
    stay = [{"from": "2026-10-10", "to": "2026-10-20"}]
    found = run(
        birth="2020", stays=stay,
        accompanies={"status": [{"status": "victim", "from": "2026-10-05"}], "citizenship": "VN",
                     "stays": [{"from": "2026-10-01"}, *stay]},
    )  # fmt: skip
    assert starts(found) == ["2026-10-05", "2026-10-10", "2026-10-21"]
    inner = found.on(date(2026, 10, 10)).assessment.facts.accompanies.stays
    assert [(s.start.day, s.end.day) for s in inner] == [(10, 20), (10, 20)]


DAYS = st.dates(date(2018, 1, 1), date(2026, 11, 21))


@st.composite
def people(draw):
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=3)))
    states = draw(
        st.sampled_from(
            [["in_process"], ["in_process", "victim"], ["victim"], ["in_process", "not_victim"]]
        )
    )
    stays = [
        {
            "from": start.isoformat(),
            "to": (start + timedelta(days=draw(st.integers(0, 200)))).isoformat(),
        }
        for start in draw(st.lists(DAYS, max_size=3))
    ]
    return {
        "as_of": "2026-11-21",
        "status": [{"status": s, "from": d.isoformat()} for s, d in zip(states, days, strict=False)],
        "citizenship": draw(st.sampled_from(["VN", "KH", "stateless", "unknown"])),
        "location": draw(st.sampled_from(["in_country", "abroad", "unknown"])),
        "trafficked_in": draw(st.sampled_from(["VN", "unknown"])),
        "birth": draw(st.sampled_from(["1990", "2006-04", "2010-02-28", "unknown"])) if days[0].year > 2010 else None,
        "stays": draw(st.sampled_from([stays, None])),
        "studying": draw(st.sampled_from(["yes", "unknown"])),
        "poor_household": "yes",
        "province": draw(st.sampled_from(["Hà Giang", "unknown"])),
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(people())
def test_periods_leave_no_day_out_and_say_why_they_begin(obj) -> None:
    facts = Facts.from_json(obj)
    found = timeline(facts, PACK)
    assert found.periods[0].start == first_day(facts)
    assert found.periods[-1].end == facts.as_of
    for one, two in zip(found.periods, found.periods[1:], strict=False):
        assert one.end + timedelta(days=1) == two.start
        assert two.changes, "every cut says why"
    assert found.assessment == evaluate(facts, PACK)
    for period in found.periods:
        assert all(o.result is not Result.NOT_GRANTED for o in period.due)
        assert all(x.result is not Result.NOT_GRANTED for o in period.due for x in o.lines)
    timeline_json(found, PACK)


@settings(max_examples=60, deadline=None)
@given(people(), DAYS)
def test_a_period_says_of_its_days_what_the_law_says_of_that_day(obj, day) -> None:
    found = timeline(Facts.from_json(obj), PACK)
    period = found.on(day)
    if period is None:
        assert day < found.periods[0].start
        return
    history = [entry for entry in obj["status"] if entry["from"] <= day.isoformat()]
    alone = evaluate(
        Facts.from_json({**obj, "as_of": day.isoformat(), "status": history, "stays": None}), PACK
    )
    if period.due:  # a law under which nothing is due either makes no difference
        assert period.assessment.law.law == alone.law.law
    assert [row.id for row in period.assessment.rows] == [row.id for row in alone.rows]


def test_a_stay_of_one_day_is_one_day() -> None:
    found = run(**VICTIM, stays=[{"from": "2026-10-05", "to": "2026-10-05"}])
    assert starts(found)[-2:] == ["2026-10-05", "2026-10-06"]
    assert line(found, "2026-10-05", "N-a-meal").quantity == 1
    assert line(found, "2026-10-05", "N-a-room") is not None
    assert line(found, "2026-10-06", "N-a-room") is None
