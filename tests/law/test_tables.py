"""Levels that contradict each other, and the bounds of what a table may say."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from law.test_loader import FILES, NODES, changed
from traffick_desk.law.loader import build
from traffick_desk.law.pack import Span
from traffick_desk.law.reader import Reader
from traffick_desk.law.tables import contradict

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@pytest.fixture(scope="module")
def one(pack):
    level = next(one for one in pack.levels if one.id == "N-c")
    return replace(level, rows=(), when=(), province=None, valid=Span(FIRST, LAST))


@pytest.mark.parametrize(
    ("these", "those", "both"),
    [
        ((), (), True),
        (("R1",), (), True),
        ((), ("R1",), True),
        (("R1", "R2"), ("R2", "R3"), True),
        (("R1",), ("R2",), False),
    ],
)
def test_levels_of_the_same_need_may_not_be_for_the_same_persons(one, these, those, both) -> None:
    other = replace(one, id="other")
    assert contradict(replace(one, rows=these), replace(other, rows=those)) is both


@pytest.mark.parametrize(
    "different",
    [
        {"law": "L66"},
        {"regime": "a"},
        {"need": "meal"},
        {"province": "2004/02"},
        {"when": ("stay",)},
        {"valid": Span(date(2026, 7, 1), None)},
        {"valid": Span(None, date(2025, 12, 31))},
    ],
)
def test_levels_of_another_need_place_or_time_do_not_contradict(one, different) -> None:
    assert contradict(one, replace(one, id="other"))
    assert not contradict(one, replace(one, id="other", **different))
    assert not contradict(replace(one, id="other", **different), one)


@pytest.mark.parametrize(
    "valid", [Span(), Span(LAST, None), Span(None, FIRST), Span(LAST, LAST), Span(FIRST, FIRST)]
)
def test_one_day_in_common_is_enough(one, valid) -> None:
    assert contradict(one, replace(one, id="other", valid=valid))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("targets.yaml", "month: 7\n    day: 30", "month: 1\n    day: 1"),
        ("targets.yaml", "percent: 90\n", "percent: 1\n"),
        ("levels-2024.yaml", "cap: {times: 1}", "cap: {days: 1}"),
        ("levels-2024.yaml", "cap: {times: 1}", "cap: {months: 1}"),
        ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: 1}"),
        ("clocks.yaml", "limit: {unit: d, value: 3}", "limit: {unit: d, value: 1}"),
        ("parameters.yaml", "vnd: 360000", "vnd: 1"),
        ("calendar.yaml", "year: 2025", "year: 1900"),
    ],
)
def test_the_smallest_that_a_table_may_say(file, old, new) -> None:
    build(changed(file, old, new))


def test_no_day_of_the_year_need_be_named() -> None:
    text = FILES["targets.yaml"]
    assert build(changed("targets.yaml", text[text.index("days:") :], "")).days == ()


def test_every_person_has_the_row_that_names_them() -> None:
    """What a row leaves open means any: counted out over all persons that there can be."""
    persons = list(
        itertools.product(
            ("victim", "in_process"),
            ("VN", "stateless", "foreign"),
            (True, False),
            ("VN", "elsewhere"),
            ("abroad", "in_country"),
        )
    )
    names = ("status", "citizenship", "permanent_resident", "trafficked_in", "location")
    pack = build({name: Reader(node, name) for name, node in NODES.items()})
    for matrix in pack.matrices.values():
        expected = {
            person: row.id
            for row in matrix.rows.values()
            for who in row.who
            for person in persons
            if all(
                getattr(who, name) in {None, has} for name, has in zip(names, person, strict=True)
            )
        }
        assert dict(matrix.index) == expected
        assert dict(matrix.accompanying) == {
            other: row.id for row in matrix.rows.values() for other in row.accompanies
        }
    assert len(pack.matrices["L53"].index) > 20
