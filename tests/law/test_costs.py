"""What a person costs: the cases of ``costs/cases.yaml``, and what holds for any facts and periods."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from law.answers import _AsText
from law.test_amend import CITE, HEAD
from law.test_timeline import people
from traffick_desk.law import (
    OPEN,
    Facts,
    Kind,
    Part,
    amend,
    costs,
    costs_json,
    evaluate,
    load_pack,
    total_of,
)

PACK = load_pack()
CASES = [
    pytest.param(case, id=case["name"])
    for case in yaml.load((Path(__file__).parent / "costs" / "cases.yaml").read_text("utf-8"), _AsText)
]  # fmt: skip
KNOWN = {"absent", "due", "if_approved", "items", "known", "not_applied", "part_of_month", "review", "until"}  # fmt: skip


def changed(entries: list[dict[str, Any]], pack=PACK):
    """The national rules with amounts that a province fills in."""
    lines = [HEAD, "changes:"]
    for entry in entries:
        if "level" in entry:
            head = (
                f"level: {entry['level']}, from: {entry['from']}, amount: {{vnd: {entry['vnd']}}}"
            )
        else:
            name, need = entry["add"], entry.get("need", entry["add"].lower())
            amount = entry.get("amount") or f"{{vnd: {entry['vnd']}}}"
            when = f"when: [{', '.join(entry['when'])}], " if "when" in entry else ""
            head = (
                f"add: {{id: {name}, law: L53, regime: {entry['regime']}, need: {need}, label: {{vi: {name}, "
                f"en: {name}}}, amount: {amount}, unit: {entry['unit']}, {when}"
                f"valid: {{from: {entry['from']}}}, {CITE}, mark: T}}"
            )
        lines.append(f"  - {{{head}, {CITE}, mark: T}}" if "level" in entry else f"  - {{{head}}}")
    found = amend(pack, "\n".join(lines))
    assert found.unfit == ()
    return found.pack


def words(total: dict[str, Any]) -> str:
    return f"at least {total['amount']}" if total["at_least"] else str(total["amount"])


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    expect = case["expect"]
    assert set(expect) <= KNOWN
    pack = changed(case["rules"]) if "rules" in case else PACK
    first, last = map(date.fromisoformat, case["period"].split(".."))
    found = costs(
        Facts.from_json(case["facts"]),
        pack,
        first,
        last,
        forecast=case.get("forecast") == "yes",
        approved=case.get("approved", ()),
    )
    answer: Any = costs_json(found)
    for key in ("due", "if_approved", "known", "not_applied"):
        if key in expect:
            assert (key, words(answer[key])) == (key, str(expect[key]))
    if "until" in expect:
        assert answer["until"] == expect["until"]
    partial = {
        item["level"]: item for item in answer["items"]
        if item["level"] == "P-care" and item["kind"] == Kind.NUMBER_UNKNOWN
    }  # fmt: skip
    review = {i["level"]: i for i in answer["items"] if i["kind"] == Kind.REVIEW}
    certain = {
        i["level"]: i
        for i in answer["items"]
        if i["kind"] != Kind.REVIEW and i not in partial.values()
    }
    for level, wanted in expect.get("items", {}).items():
        item = certain.get(level) or review[level]
        assert {key: item[key] for key in wanted} == wanted, level
    if expect.get("items") == {}:
        assert answer["items"] == []
    if "review" in expect:
        for level, wanted in expect["review"].items():
            assert {key: review[level][key] for key in wanted} == wanted, level
        assert expect["review"] or not [name for name in review if name.startswith("N-a-meal")]
    for level in expect.get("absent", ()):
        assert level not in certain, certain[level]
    if "part_of_month" in expect:
        (item,) = partial.values()
        assert {key: item[key] for key in ("from", "to")} == expect["part_of_month"]
        assert item["total"] is None


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    facts = Facts.from_json({"as_of": "2026-11-21"})
    with pytest.raises(ValueError, match="2026"):
        costs(facts, PACK, date(2026, 2, 1), date(2026, 1, 31))


def test_a_request_counts_as_the_application_where_none_is_recorded() -> None:
    obj = {"as_of": "2026-11-21", "status": "victim", "identified_on": "2026-03-02", "citizenship": "VN",
           "location": "in_country", "birth": "1999", "stays": []}  # fmt: skip
    year = date(2026, 1, 1), date(2026, 12, 31)

    def allowance(**more):
        found = costs(Facts.from_json(obj), PACK, *year, **more)
        return [i.first.isoformat() for i in found.items if i.line.level.id == "N-k-allow"]

    assert allowance() == ["2026-03-02"]
    assert allowance(begun={"L53/k": date(2026, 9, 1)}) == ["2026-09-01"]
    assert allowance(begun={"L53/i": date(2026, 9, 1)}) == ["2026-03-02"]


def test_every_kind_and_part_has_its_words() -> None:
    assert len({kind.label for kind in Kind}) == len(Kind)
    assert len({part.label for part in Part}) == len(Part)


FILLED = changed(
    [
        {"level": "N-a-meal", "from": "2025-07-01", "vnd": 70_000},
        {"level": "N-a-meal", "from": "2026-03-15", "vnd": 80_000},
        {"level": "N-k-allow", "from": "2026-01-01", "vnd": 5_000_000},
        {"level": "N-g", "from": "2026-01-01", "vnd": 200_000},
        {"add": "P-care", "regime": "a", "unit": "person-month", "from": "2025-07-01", "vnd": 2_000_000,
         "when": ["stay"]},
    ]
)  # fmt: skip
DAYS = st.dates(date(2018, 1, 1), date(2027, 6, 30))


@settings(max_examples=80, deadline=None)
@given(people(), st.lists(DAYS, min_size=3, max_size=3), st.booleans())
def test_two_adjoining_periods_cost_what_both_cost_together(obj, days, forecast) -> None:
    first, middle, last = sorted(days)
    facts = Facts.from_json(obj)

    def counted(start: date, end: date) -> dict[str, int]:
        if start > end:
            return {}
        found = costs(facts, FILLED, start, end, forecast=forecast)
        sums: dict[str, int] = {}
        for item in found.items:
            if item.total is not None and item.part is not Part.NOT_APPLIED:
                key = f"{item.line.level.id} {item.part}"
                sums[key] = sums.get(key, 0) + item.total
        return sums

    one, two = counted(first, middle), counted(middle + timedelta(days=1), last)
    both = {key: one.get(key, 0) + two.get(key, 0) for key in one | two}
    assert counted(first, last) == both


@settings(max_examples=80, deadline=None)
@given(people(), st.lists(DAYS, min_size=4, max_size=4))
def test_costs_never_shrink_when_a_period_grows_and_stay_at_least(obj, days) -> None:
    outer, first, last, end = sorted(days)
    facts = Facts.from_json(obj)
    small, large = costs(facts, FILLED, first, last), costs(facts, FILLED, outer, end)
    for one, two in ((small.due, large.due), (small.if_approved, large.if_approved)):
        assert one.amount <= two.amount
    assert large.known.at_least or not small.known.at_least


@settings(max_examples=80, deadline=None)
@given(people(), st.lists(DAYS, min_size=2, max_size=2), st.booleans())
def test_only_known_numbers_are_summed_and_the_rest_is_named(obj, days, forecast) -> None:
    found = costs(Facts.from_json(obj), PACK, *sorted(days), forecast=forecast)
    for item in found.items:
        assert found.first <= item.first <= item.last <= found.until
        assert (item.total is not None) == (item.kind is Kind.COUNTED)
        assert str(item.name)
        if item.kind in OPEN:
            assert total_of([item]).at_least
        if item.kind is Kind.NOT_FOUND and item.line is not None:
            assert item.set_by is not None
    assert found.known.amount == found.due.amount + found.if_approved.amount
    costs_json(found)


@settings(max_examples=60, deadline=None)
@given(people())
def test_the_costs_of_a_day_are_nothing_that_the_law_does_not_give_on_it(obj) -> None:
    facts = Facts.from_json(obj)
    day = facts.as_of
    given_ = {
        line.level.id
        for outcome in evaluate(facts, PACK).outcomes
        for line in outcome.lines
        if line.result != "not_granted"
    }
    for item in costs(facts, PACK, day, day).items:
        assert item.line is None or item.line.level.id in given_
