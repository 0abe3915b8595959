"""Every sentence of every answer to the cases is translated and complete.

An officer reads the reasons; a sentence that lost its translation, or the day or name that belongs
into it, would be noticed by nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from law.answers import filled_entries, read
from traffick_desk import i18n
from traffick_desk.law import Facts, Words, clocks, evaluate, timeline
from traffick_desk.law.assessment import Line, Step
from traffick_desk.law.pack import Citation, Level, Matrix, Regime, Row
from traffick_desk.law.words import FACT_LABELS

RULES = (Citation, Level, Matrix, Regime, Row, Facts)  # data with texts of their own
CASES = [
    *(pytest.param(case["facts"], id=case["name"]) for case in read("cases")),
    *(
        pytest.param(facts, id=f"{name}: {at}")
        for name, at, _day, facts, _expect in filled_entries()
        if at != "before"
    ),
]
TIME_LINES = [
    *(
        pytest.param(case["facts"], id=case["name"])
        for case in read("cases")
        if re.match(r"E\d ", case["name"])
    ),
    *(
        pytest.param(facts, id=f"{name}: {at}")
        for name, at, _day, facts, expect in filled_entries()
        if "time_line" in expect and at == "after"
    ),
]


def sentences(thing: object, seen: dict[int, object]) -> Iterator[Words]:
    """The words in *thing*, in whatever it holds, and in their own arguments, each once."""
    if id(thing) in seen or isinstance(thing, (str, *RULES)):
        return
    seen[id(thing)] = thing
    if isinstance(thing, Words):
        yield thing
        yield from sentences([value for _name, value in thing.args], seen)
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            yield from sentences(part, seen)
    elif is_dataclass(thing):
        for field in fields(thing):
            value = getattr(thing, field.name)
            if field.name in {"reason", "words", "category"} and not isinstance(thing, Line):
                assert value is not None, f"{type(thing).__name__} says nothing"
            yield from sentences(value, seen)


def steps(thing: object) -> Iterator[Step]:
    """The steps of the explanation."""
    for outcome in thing.outcomes:
        yield from outcome.trace
    yield from thing.trace


def proofread(thing: object) -> int:
    """Assert that each sentence of *thing* is whole; how many there are."""
    known = i18n._translations()._catalog
    found = list(sentences(thing, {}))
    for words in found:
        assert words.template in known
        names = set(re.findall(r"{(\w+)}", words.template))
        assert names <= {name for name, _value in words.args}, words.template
        text = str(words)
        assert text
        assert "None" not in text
        assert "{" not in text
    return len(found)


@pytest.mark.parametrize("facts", CASES)
def test_the_sentences_of_an_answer(facts: dict[str, Any], pack) -> None:
    i18n.set_language("vi")
    found = evaluate(Facts.from_json(facts), pack)
    assert proofread(found)
    for step in steps(found):
        for fact in step.facts:
            name = fact.removeprefix("accompanies.")
            assert name in {"as_of", *FACT_LABELS} or name.startswith("events.")


@pytest.mark.parametrize("facts", TIME_LINES)
def test_the_sentences_of_a_time_line(facts: dict[str, Any], pack) -> None:
    i18n.set_language("vi")
    found = timeline(Facts.from_json(facts), pack)
    assert proofread([found.periods, found.counts])
    for period in found.periods[1:]:
        assert proofread(list(period.changes))


@pytest.mark.parametrize("facts", CASES)
def test_a_clock_has_all_that_a_list_of_deadlines_shows(facts: dict[str, Any], pack) -> None:
    for clock in clocks(Facts.from_json(facts), pack):
        assert isinstance(clock.late, bool)
        assert isinstance(clock.extended, bool)
        assert (clock.started_at is None) == (clock.state == "not_started")
        assert (clock.stopped_at is not None) == (clock.state == "done")
        assert not clock.late or clock.state == "done"
        assert not clock.extended or clock.rule.extended_by
