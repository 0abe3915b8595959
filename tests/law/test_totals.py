"""The sum of what is known: what makes it *at least*, and what comes on top at real cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from law.answers import read
from traffick_desk.law import Facts, entitlements_json, evaluate
from traffick_desk.law.levels import sum_up

E7 = next(case for case in read("cases") if case["name"].startswith("E7 Hoàng"))["facts"]


def total(pack, change) -> tuple[int, bool, list[str]]:
    """The total of E7 (6,300,000, fare and training on top) with each line put through *change*."""
    outcomes = tuple(
        replace(outcome, lines=tuple(change(line) for line in outcome.lines))
        for outcome in evaluate(Facts.from_json(E7), pack).outcomes
    )
    found = sum_up(outcomes, pack)
    return found.amount, found.at_least, [line.level.id for line in found.plus]


def test_all_known(pack) -> None:
    assert total(pack, lambda line: line) == (6_300_000, False, ["O-fare", "O-training"])


@pytest.mark.parametrize("which", ["O-HG-meal", "O-HG-road", "O-HG-allow"])
def test_one_level_that_is_a_minimum_makes_the_sum_a_minimum(pack, which: str) -> None:
    def change(line):
        amount = replace(line.level.amount, at_least=line.level.id == which)
        return replace(line, level=replace(line.level, amount=amount))

    assert total(pack, change)[:2] == (6_300_000, True)


@pytest.mark.parametrize("which", ["O-HG-meal", "O-HG-allow"])
def test_one_level_that_the_province_may_have_raised_makes_it_a_minimum(pack, which: str) -> None:
    def change(line):
        return replace(line, missing=("province",) if line.level.id == which else ())

    assert total(pack, change)[:2] == (6_300_000, True)


def test_a_formula_without_a_number_comes_on_top_and_makes_it_a_minimum(pack) -> None:
    facts = {**E7, "province": "Lạng Sơn"}
    found = sum_up(evaluate(Facts.from_json(facts), pack).outcomes, pack)
    assert found.at_least
    assert "O-meal" in [line.level.id for line in found.plus]
    only = tuple(
        replace(outcome, lines=tuple(x for x in outcome.lines if x.level.id == "O-meal"))
        for outcome in evaluate(Facts.from_json(facts), pack).outcomes
        if outcome.regime.letter == "a"
    )
    assert sum_up(only, pack).at_least


def test_what_was_not_found_is_not_said_to_come_on_top(pack) -> None:
    facts = {"as_of": "2026-11-21", "status": "victim", "identified_on": "2026-03-02", "citizenship": "VN"}  # fmt: skip
    answer: Any = entitlements_json(facts, pack)
    assert (answer["known_total"]["at_least"], answer["known_total"]["plus"]) == (True, [])


def test_social_assistance_is_shown_beside_without_a_sum(pack) -> None:
    facts = {**E7, "stays": [{"from": "2022-05-10", "kind": "foster"}], "birth": "1998-01-01"}
    answer: Any = entitlements_json(facts, pack)
    lines = {line["level"]: line for line in answer["reference"]}
    assert set(lines) == {"SA-fac≥4", "SA-foster", "SA-trans"}
    for line in lines.values():
        assert line["outcome"] == "case_dependent"
        assert (line["quantity"], line["total"]) == (None, None)
        assert line["flags"][-1] == "reference"


def test_an_answer_names_the_rules_it_was_reached_under(pack) -> None:
    answer: Any = entitlements_json(E7, pack)
    assert answer["pack"] == {"id": pack.id, "version": pack.version, "sha256": pack.sha256}
