"""What a province says on top of the national rules. The figures are invented for the tests."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from law.shapes import watch_amendments
from traffick_desk.law import (
    Facts,
    PackError,
    amend,
    amended_changes,
    compare_amended,
    evaluate,
    load_pack,
    read_text,
)
from traffick_desk.law.amend_words import level_name

HEAD = """
kind: amendments
number: 3
made_on: 2026-11-21
instruments:
  - id: P-C120
    name: {vi: "Thông tư 120/2026/TT-BTC (bản giấy)", en: "Circular 120/2026/TT-BTC (on paper)"}
    title: {vi: "Mức chi", en: "Levels of spending"}
    issued: 2026-08-17
    valid: {from: 2026-10-01}
    status: current
    mark: T
    sources: [bản giấy Sở Tài chính gửi ngày 02/10/2026]
"""
CITE = "cite: [{instrument: P-C120, article: '5', clause: '1', sources: [bản giấy]}]"
MEAL = f"""
  - level: N-a-meal
    from: 2026-10-01
    amount: {{vnd: 70000}}
    {CITE}
    mark: T
"""


@pytest.fixture(autouse=True)
def _texts_fit_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    watch_amendments(monkeypatch)


def text(changes: str = "", rest: str = "") -> str:
    listed = f"changes:{changes}" if changes else ""
    return f"{HEAD}{listed}\n{dedent(rest)}"


def level(pack, name: str):
    return next(entry for entry in pack.levels if entry.id == name)


def in_facility(day: str) -> Facts:
    return Facts.from_json(
        {
            "as_of": day,
            "status": "victim",
            "identified_on": "2026-08-03",
            "citizenship": "VN",
            "trafficked_in": "VN",
            "location": "in_country",
            "birth": "1999-02-03",
            "stays": [{"from": "2026-08-01", "kind": "social_assistance"}],
        }
    )


def meal(pack, day: str):
    lines = evaluate(in_facility(day), pack).outcome("a").lines
    return next(line for line in lines if line.level.need == "meal")


def test_a_missing_amount_is_filled_from_its_day_on(pack) -> None:
    found = amend(pack, text(MEAL))
    assert found.unfit == ()
    before, on, after = (meal(found.pack, f"2026-{day}") for day in ("09-30", "10-01", "10-02"))
    assert before.amount is None
    assert before.not_found
    assert on.amount == after.amount == 70_000
    assert on.flags == ("amended",)
    assert [str(c) for c in on.level.cite] == ["Art. 5(1) Circular 120/2026/TT-BTC (on paper)"]
    assert on.total == 70_000 * on.quantity


def test_the_national_rules_stay_as_they_are(pack) -> None:
    before = pack.sha256, pack.levels, pack.version
    found = amend(pack, text(MEAL))
    assert (pack.sha256, pack.levels, pack.version) == before
    assert found.pack.version == f"{pack.version}+3"
    assert found.pack.sha256 != pack.sha256
    assert found.pack.sha256 == amend(load_pack(), text(MEAL)).pack.sha256
    assert found.pack.sha256 != amend(pack, text(MEAL).replace("70000", "70001")).pack.sha256


def test_an_amount_may_change_again_and_the_order_of_the_entries_does_not_matter(pack) -> None:
    later = MEAL.replace("2026-10-01", "2027-01-01").replace("70000", "80000")
    for changes in (MEAL + later, later + MEAL):
        found = amend(pack, text(changes))
        assert found.unfit == ()
        days = ("2026-09-30", "2026-12-31", "2027-01-01")
        assert [meal(found.pack, day).amount for day in days] == [None, 70_000, 80_000]
    assert level(found.pack, "N-a-meal@2026-10-01").valid.end == date(2026, 12, 31)


def test_a_level_that_ends_gives_nothing_from_that_day_on(pack) -> None:
    ends = f"""
  - end: O-HG-meal
    from: 2025-07-01
    {CITE}
"""
    found = amend(pack, text(ends))
    assert found.unfit == ()
    assert level(found.pack, "O-HG-meal").valid.end == date(2025, 6, 30)


def test_a_level_of_its_own(pack) -> None:
    own = f"""
  - add:
      id: P-clothes
      law: L53
      regime: a
      need: clothes
      label: {{vi: "Quần áo mùa đông", en: "Winter clothes"}}
      amount: {{vnd: 500000}}
      unit: once
      valid: {{from: 2026-11-01}}
      {CITE}
      mark: T
"""
    found = amend(pack, text(own))
    assert found.unfit == ()
    lines = evaluate(in_facility("2026-11-01"), found.pack).outcome("a").lines
    clothes = next(line for line in lines if line.level.id == "P-clothes")
    assert (clothes.total, clothes.amount_text) == (500_000, "500,000 ₫ (once)")
    lines = evaluate(in_facility("2026-10-31"), found.pack).outcome("a").lines
    assert not [line for line in lines if line.level.id == "P-clothes"]


def test_a_reference_amount_moves_what_is_worked_out_from_it(pack) -> None:
    value = f"""
  - parameter: sa-standard
    value:
      vnd: 600000
      valid: {{from: 2027-01-01}}
      {CITE}
      mark: T
"""
    found = amend(pack, text(value))
    assert found.unfit == ()
    parameter = found.pack.parameters["sa-standard"]
    days = (date(2024, 6, 30), date(2026, 12, 31), date(2027, 1, 1))
    assert [parameter.on(day).vnd for day in days] == [360_000, 500_000, 600_000]


def test_the_holidays_of_a_year_make_it_complete(pack) -> None:
    year = f"""
    years:
      - year: 2026
        complete: true
        holidays:
          - {{day: 2026-09-02, label: {{vi: Quốc khánh, en: National Day}}, {CITE}}}
        working_days:
          - {{day: 2026-08-22, label: {{vi: Làm bù, en: Made up for}}, {CITE}}}
    """
    found = amend(pack, text(rest=year))
    assert found.unfit == ()
    calendar = found.pack.calendar
    assert 2026 in calendar.complete
    assert 2026 not in pack.calendar.complete
    assert not calendar.is_working(date(2026, 9, 2))
    assert calendar.is_working(date(2026, 8, 22))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (MEAL.replace("N-a-meal", "N-a-gone"), "“N-a-gone” is not defined in this pack"),
        (MEAL.replace("2026-10-01", "2025-06-30"), "“N-a-meal” is not in force on 30/06/2025"),
        (MEAL.replace(CITE, ""), "a citation (cite) is missing"),
        (MEAL.replace("vnd: 70000", "vnd: 0"), "a whole number of at least 1 is expected, not “0”"),
        (MEAL.replace("mark: T", "mark: NF"), "what was not found (NF) cannot have a number"),
        (MEAL.replace("mark: T", "mark: T\n    more: x"), "the key “more” is not known here"),
        ("\n  - {level: N-a-meal, end: N-a-meal}", "a change names exactly one of"),
        ((f"\n  - {{add: {{id: meal, law: L53, regime: a, need: x, label: {{vi: a, en: a}}, amount: "
         f"{{vnd: 1}}, unit: once, valid: {{from: 2026-01-01}}, {CITE}, mark: T}}}}"),
         "“meal”: what a province adds has an id that begins with P-"),
        ((f"\n  - {{add: {{id: P-m, law: L53, regime: a, need: meal, label: {{vi: a, en: a}}, amount: "
         f"{{vnd: 1}}, unit: once, valid: {{from: 2026-01-01}}, {CITE}, mark: T}}}}"),
         "the dates of “N-a-meal” and “P-m” overlap"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_left_out_and_keeps_no_other_from_working(
    pack, changes, problem
) -> None:
    good = MEAL.replace("N-a-meal", "N-c").replace("70000", "90000")
    found = amend(pack, text(good + changes))
    assert len(found.unfit) == 1
    assert problem in str(found.unfit[0])
    assert found.unfit[0].line > 16
    assert level(found.pack, "N-c@2026-10-01").amount.vnd == 90_000
    assert meal(found.pack, "2026-10-02").not_found


def test_a_newer_program_may_say_more(pack) -> None:
    found = amend(pack, text(MEAL, "dreams: [1, 2]"))
    assert [u.problem for u in found.unfit] == ["the key “dreams” is not known here"]
    assert meal(found.pack, "2026-10-01").amount == 70_000


@pytest.mark.parametrize(
    "bad",
    ["", "kind: pack", "kind: amendments\nnumber: 0\nmade_on: 2026-01-01", "a: [", "x" * 200_001],
)
def test_what_are_no_amendments_at_all_is_refused(pack, bad) -> None:
    with pytest.raises(PackError):
        amend(pack, bad)


def test_the_change_is_told_in_words_with_the_examples_it_moves(pack) -> None:
    found = compare_amended(pack, amend(pack, text(MEAL)))
    assert [str(change) for change in found.changes] == [
        "Instrument: Circular 120/2026/TT-BTC (on paper), Levels of spending",
        (
            "Law 53/2024/QH15 (a) Meals: level under Circular 120/2026/TT-BTC – amount not available"
            " → 70,000 ₫/person per day (from 01/10/2026; Art. 5(1) Circular 120/2026/TT-BTC (on "
            "paper))"
        ),
    ]
    moved = [text for text in map(str, found.results) if text.startswith("E1 ")]
    assert moved
    assert any("70,000 ₫/person per day" in text for text in moved)
    assert not [
        text for text in map(str, found.results) if text.startswith("E7 ")
    ]  # under the law of 2011


EVERYTHING = f"""{MEAL}
  - end: O-HG-meal
    from: 2025-07-01
    {CITE}
  - add:
      id: P-clothes
      law: L53
      regime: a
      need: clothes
      label: {{vi: "Quần áo", en: "Clothes"}}
      amount: {{vnd: 500000}}
      unit: once
      valid: {{from: 2026-11-01}}
      {CITE}
      mark: T
  - parameter: sa-standard
    value: {{vnd: 600000, valid: {{from: 2027-01-01}}, {CITE}, mark: T}}
"""
REST = f"""
years:
  - {{year: 2026, complete: true, holidays: [{{day: 2026-09-02, {CITE}}}]}}
  - {{year: 2027, complete: false}}
forms:
  - {{key: tinh/a, text: "x"}}
"""


def test_every_kind_of_change_is_told_in_words(pack) -> None:
    amended = amend(pack, text(EVERYTHING, REST))
    assert amended.unfit == ()
    (_instrument, _meal, *rest) = (str(c) for c in amended_changes(amended))
    assert rest == [
        (
            "Law 66/2011/QH12 (a) Meals in a facility (Hà Giang), Hà Giang ends: 60,000 ₫/person "
            "per day is not given any more (from 01/07/2025; Art. 5(1) Circular 120/2026/TT-BTC "
            "(on paper))"
        ),
        (
            "New: Law 53/2024/QH15 (a) Clothes: 500,000 ₫ (once) (from 01/11/2026; Art. 5(1) "
            "Circular 120/2026/TT-BTC (on paper))"
        ),
        (
            "Social assistance standard level: 500,000 ₫ → 600,000 ₫ (from 01/01/2027; Art. 5(1) "
            "Circular 120/2026/TT-BTC (on paper))"
        ),
        "Calendar 2026, complete; holidays: 1, working days instead: 0",
        "Calendar 2027, not complete; holidays: 0, working days instead: 0",
        "Form: tinh/a",
    ]
    assert dict(amended.amendments.forms) == {"tinh/a": "x"}


def test_the_same_is_told_once_of_an_example_whatever_the_day(pack) -> None:
    told = [str(moved).partition(", on ") for moved in
            compare_amended(pack, amend(pack, text(EVERYTHING))).results]  # fmt: skip
    said = [(who, rest.partition(": ")[2]) for who, _on, rest in told]
    assert len(set(said)) == len(said) > 5


def test_a_reference_amount_before_all_known_ones_takes_the_place_of_those_after_it(pack) -> None:
    value = f"""
  - parameter: foster-meal
    value: {{vnd: 50000, valid: {{from: 2020-01-01}}, {CITE}, mark: T}}
"""
    amended = amend(pack, text(value))
    assert [v.vnd for v in amended.pack.parameters["foster-meal"].values] == [50_000]
    changed = str(amended_changes(amended)[-1])
    assert "nothing → 50,000 ₫" in changed


@pytest.mark.parametrize(
    ("changes", "rest", "problem"),
    [
        (f"\n  - {{parameter: sa-standard, value: {{vnd: 1, valid: {{}}, {CITE}, mark: T}}}}", "",
         "the key “from” is missing"),
        ((f"\n  - {{parameter: sa-standard, value: {{vnd: 1, valid: {{from: 2027-01-01, to: "
         f"2027-12-31}}, {CITE}, mark: T}}}}"), "", "holds until another is set"),
        (EVERYTHING.replace("valid: {from: 2026-11-01}", "valid: {}"), "",
         "the key “from” is missing"),
        (EVERYTHING.replace("unit: once", "unit: once\n      cap: {days: 3, clock: CLK-99}"), "",
         "the clock “CLK-99” does not exist"),
        ("", REST.replace("year: 2027", "year: 2026"), "the year 2026 is given twice"),
        ("", REST.replace('text: "x"', 'text: "x", more: y'), "the key “more” is not known here"),
    ],
)  # fmt: skip
def test_further_things_that_do_not_fit(pack, changes, rest, problem) -> None:
    (unfit,) = amend(pack, text(changes, rest)).unfit
    assert problem in str(unfit)


def test_a_bad_clock_in_one_level_keeps_no_other_level_from_working(pack) -> None:
    bad = EVERYTHING.replace("unit: once", "unit: once\n      cap: {days: 3, clock: CLK-99}")
    good = bad.replace("CLK-99", "CLK-07").replace("P-clothes", "P-shoes")
    good = good[good.index("  - add:") : good.index("  - parameter:")].replace(
        "need: clothes", "need: shoes"
    )
    found = amend(pack, text(bad + good))
    assert len(found.unfit) == 1
    assert level(found.pack, "P-shoes").cap.clock == "CLK-07"


def test_the_text_of_a_file_is_utf_8(tmp_path) -> None:
    file = tmp_path / "sửa.yaml"
    file.write_text(text(MEAL), "utf-8")
    assert read_text(file) == text(MEAL)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PackError):
        read_text(file)


def test_a_level_of_social_assistance_is_named_without_a_letter(pack) -> None:
    found = next(entry for entry in pack.levels if entry.regime == "SA")
    assert level_name(found, pack).startswith(f"{pack.instruments[found.law].name} (–) ")


def test_the_same_amendments_change_nothing_more(pack) -> None:
    once = amend(pack, text(MEAL))
    assert compare_amended(once.pack, once).results == ()
