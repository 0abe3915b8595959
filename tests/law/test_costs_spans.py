"""First and last days of costs: support that ends, months in a facility, a period of one day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from law.test_amend import CITE, text
from traffick_desk.law import Facts, amend
from traffick_desk.law.cost_items import Kind
from traffick_desk.law.costs import costs

if TYPE_CHECKING:
    from traffick_desk.law import Pack
    from traffick_desk.law.cost_items import Item

DAY = date.fromisoformat
VICTIM = {
    "as_of": "2026-11-21",
    "status": "victim",
    "identified_on": "2026-01-05",
    "citizenship": "VN",
    "essential_needs_start": "2026-01-05",
}
STAYS = [{"from": "2026-01-10", "to": "2026-04-20"}, {"from": "2026-06-01", "facility": "A"}]
ENDED = {"essential_needs_end": "2026-06-30"}


def level(name: str, vnd: int, unit: str, more: str = "") -> str:
    return f"""
  - add: {{id: P-{name}, law: L53, regime: a, need: {name}, label: {{vi: a, en: a}}, amount: {{vnd: {vnd}}},
      unit: {unit}, {more} valid: {{from: 2026-01-01}}, {CITE}, mark: T}}"""


@pytest.fixture(scope="module")
def own(pack) -> Pack:
    """With a level for each month in a facility, one for each month, and one that is given once."""
    added = level("inside", 100, "person-month", "when: [stay],") + level(
        "month", 7, "person-month"
    )
    found = amend(pack, text(added + level("shoes", 50, "once")))
    assert found.unfit == ()
    return found.pack


def items(pack: Pack, more: dict[str, Any], first: str = "2026-01-01", last: str = "2026-11-21") -> tuple[Item, ...]:  # fmt: skip
    return costs(Facts.from_json({**VICTIM, **more}), pack, DAY(first), DAY(last)).items


def spans(found: tuple[Item, ...], name: str) -> list[tuple[str, str, str, int | None]]:
    return [
        (one.kind.value, str(one.first), str(one.last), one.quantity)
        for one in found
        if one.line and one.line.level.id == name
    ]


@pytest.mark.parametrize(
    ("events", "last"),
    [
        ({}, "2026-05-04"),  # 120 days, the first is day 1
        ({"essential_needs_end": "2026-03-20"}, "2026-03-20"),
        ({"essential_needs_end": "2026-05-03T10:00"}, "2026-05-03"),
        ({"essential_needs_end": "2026-06-01"}, "2026-05-04"),
        ({"case_closed": "2026-02-01"}, "2026-02-01"),
    ],
)
def test_meals_of_one_whose_stays_are_not_known_end_with_the_support(pack, events, last) -> None:
    found = items(pack, {"events": events})
    assert spans(found, "N-a-meal") == [("amount_not_found", "2026-01-05", last, None)]


def test_each_complete_month_in_a_facility_counts(own) -> None:
    found = items(own, {"stays": STAYS, "events": ENDED})
    assert spans(found, "P-inside") == [
        ("counted", "2026-01-10", "2026-06-30", 4),  # three from 10/01, one from 01/06
        ("number_unknown", "2026-04-10", "2026-04-20", None),
    ]
    assert spans(found, "P-month") == [("counted", "2026-01-05", "2026-11-04", 10)]
    # A stay that has its last day keeps it when support ends later; an open one ends then.
    assert spans(found, "N-a-room") == [("in_kind", "2026-01-10", "2026-04-20", 101)]
    assert spans(found, "N-b-stay") == [("amount_not_found", "2026-01-10", "2026-06-30", None)]


def test_a_month_that_is_cut_short_by_closing_is_not_a_month(own) -> None:
    found = items(own, {"stays": STAYS, "events": {"case_closed": "2026-03-15"}})
    assert spans(found, "P-inside") == [
        ("counted", "2026-01-10", "2026-03-09", 2),
        ("number_unknown", "2026-03-10", "2026-03-15", None),
    ]
    assert spans(found, "P-month") == [
        ("counted", "2026-01-05", "2026-03-04", 2),
        ("number_unknown", "2026-03-05", "2026-03-15", None),
    ]
    # Of a month that is over on the very day, nothing is left.
    found = items(own, {"events": {"case_closed": "2026-03-04"}})
    assert spans(found, "P-month") == [("counted", "2026-01-05", "2026-03-04", 2)]
    found = items(own, {"events": {"case_closed": "2026-03-05"}})
    assert spans(found, "P-month")[1:] == [("number_unknown", "2026-03-05", "2026-03-05", None)]


@pytest.mark.parametrize(
    ("day", "shoes", "meal"),
    [
        ("2026-01-04", [], []),
        ("2026-01-05", [("counted", "2026-01-05", "2026-01-05", 1)], []),
        ("2026-01-06", [], []),
        ("2026-01-10", [], [("amount_not_found", "2026-01-10", "2026-01-10", 1)]),
        ("2026-04-20", [], [("amount_not_found", "2026-04-20", "2026-04-20", 1)]),
        ("2026-04-21", [], []),
    ],
)
def test_a_period_of_one_day(own, day, shoes, meal) -> None:
    found = items(own, {"stays": STAYS, "events": ENDED}, day, day)
    assert spans(found, "P-shoes") == shoes
    assert spans(found, "N-a-meal") == meal


def test_a_stay_of_one_day_within_a_month(own) -> None:
    found = items(own, {"stays": [{"from": "2026-02-01", "to": "2026-02-01"}]})
    assert spans(found, "P-inside") == [("number_unknown", "2026-02-01", "2026-02-01", None)]
    assert spans(found, "N-a-meal") == [("amount_not_found", "2026-02-01", "2026-02-01", 1)]


def test_only_what_needs_review_says_why(own, pack) -> None:
    found = items(own, {"events": {"case_closed": "2026-05-15"}})
    reasons = {one.line.level.id: str(one.reason) for one in found if one.line and one.reason}
    assert reasons["P-inside"].startswith("Given only while the person stays in a facility; i")
    for known in (VICTIM, *({**VICTIM, "citizenship": name} for name in ("KH", "stateless"))):
        for example in (Facts.from_json(known), *(one.facts for one in pack.examples)):
            for one in costs(example, own, DAY("2022-01-01"), DAY("2026-12-31")).items:
                assert (one.reason is not None) is (one.kind is Kind.REVIEW), one


def test_where_no_law_can_be_told_every_regime_needs_review(pack) -> None:
    facts = Facts.from_json({"as_of": "2026-11-21", "citizenship": "VN", "status": "victim",
                             "events": {"commune_received": "2026-11-01"}})  # fmt: skip
    found = costs(facts, pack, DAY("2026-11-10"), DAY("2026-11-21")).items
    assert found
    assert {(one.line, one.kind, str(one.first), str(one.last)) for one in found} == {
        (None, Kind.REVIEW, "2026-11-10", "2026-11-21")
    }
    assert all(str(one.reason).startswith("The date of identification is missing") for one in found)
    assert costs(facts, pack, DAY("2026-01-01"), DAY("2026-10-31")).items == ()


@pytest.mark.parametrize(
    ("first", "counted"),
    [
        ("2026-02-04", [("counted", "2026-02-04", "2026-03-04", 2)]),
        ("2026-02-05", [("counted", "2026-02-05", "2026-03-04", 1)]),
        ("2026-03-04", [("counted", "2026-03-04", "2026-03-04", 1)]),
        ("2026-03-05", []),
    ],
)
def test_a_month_belongs_to_the_period_in_which_it_is_complete(own, first, counted) -> None:
    rest = [("number_unknown", max(first, "2026-03-05"), "2026-03-15", None)]
    closed = {"events": {"case_closed": "2026-03-15"}}
    assert spans(items(own, closed, first), "P-month") == counted + rest
    assert spans(items(own, closed, "2026-03-15"), "P-month") == [
        ("number_unknown", "2026-03-15", "2026-03-15", None)
    ]
    assert items(own, closed, "2026-03-16") == ()


def test_without_a_forecast_nothing_after_the_day_itself_is_counted(own) -> None:
    facts, first, last = Facts.from_json(VICTIM), DAY("2026-01-01"), DAY("2027-12-31")
    assert costs(facts, own, first, last).until == DAY("2026-11-21")
    assert costs(facts, own, first, last).forecast is False
    assert costs(facts, own, first, last, forecast=True).until == last
    closed = Facts.from_json({**VICTIM, "events": {"case_closed": "2026-02-01"}})
    later = costs(closed, own, DAY("2026-03-01"), last, forecast=True)
    assert (later.forecast, later.until, later.items) == (True, DAY("2026-02-01"), ())


def test_an_amount_by_formula_without_a_number_is_named(pack) -> None:
    stays = [{"from": "2022-03-01", "to": "2022-03-10"}]
    facts = {"as_of": "2023-01-01", "status": "victim", "identified_on": "2022-02-01", "citizenship": "VN", "stays": stays}  # fmt: skip
    found = costs(Facts.from_json(facts), pack, DAY("2022-01-01"), DAY("2022-12-31")).items
    assert spans(found, "O-meal") == [("formula", "2022-03-01", "2022-03-10", 10)]
