"""Every sentence of every answer to the cases is translated and complete.

An officer reads the reasons; a sentence that lost its translation, or the day or name that belongs
into it, would be noticed by nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from law.answers import filled_entries, read
from traffick_desk import i18n
from traffick_desk.law import Facts, Words, clocks, evaluate, timeline
from traffick_desk.law.assessment import Line, Step
from traffick_desk.law.pack import Citation, Level, Matrix, Regime, Row
from traffick_desk.law.words import FACT_LABELS

RULES = (Citation, Level, Matrix, Regime, Row, Facts)  # data with texts of their own
CASES = {
    **{case["name"]: case["facts"] for case in read("cases")},
    **{
        f"{name}: {at}": facts
        for name, at, _day, facts, _expect in filled_entries()
        if at != "before"
    },
}
TIME_LINES = {
    **{name: facts for name, facts in CASES.items() if re.match(r"E\d ", name)},
    **{
        f"{name}: {at}": facts
        for name, at, _day, facts, expect in filled_entries()
        if "time_line" in expect and at == "after"
    },
}


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


def proofread(thing: object, name: str) -> int:
    """Assert that each sentence of *thing* is whole; how many there are."""
    known = i18n._translations()._catalog
    found = list(sentences(thing, {}))
    for words in found:
        assert words.template in known, name
        names = set(re.findall(r"{(\w+)}", words.template))
        assert names <= {key for key, _value in words.args}, name
        text = str(words)
        assert text, name
        assert "None" not in text, name
        assert "{" not in text, name
    return len(found)


def test_the_sentences_of_every_answer(pack) -> None:
    i18n.set_language("vi")
    for name, facts in CASES.items():
        found = evaluate(Facts.from_json(facts), pack)
        assert proofread(found, name)
        for step in steps(found):
            for fact in step.facts:
                key = fact.removeprefix("accompanies.")
                assert key in {"as_of", *FACT_LABELS} or key.startswith("events."), name


def test_the_sentences_of_time_lines(pack) -> None:
    i18n.set_language("vi")
    for name, facts in TIME_LINES.items():
        found = timeline(Facts.from_json(facts), pack)
        assert proofread([found.periods, found.counts], name)
        for period in found.periods[1:]:
            assert proofread(list(period.changes), name)


def test_a_clock_has_all_that_a_list_of_deadlines_shows(pack) -> None:
    for name, facts in CASES.items():
        for clock in clocks(Facts.from_json(facts), pack):
            assert isinstance(clock.late, bool), name
            assert isinstance(clock.extended, bool), name
            assert (clock.started_at is None) == (clock.state == "not_started"), name
            assert (clock.stopped_at is not None) == (clock.state == "done"), name
            assert not clock.late or clock.state == "done", name
            assert not clock.extended or clock.rule.extended_by, name
