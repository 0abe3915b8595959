"""The documented format is the real one: its examples are run, its keys and events are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from traffick_desk.law import Facts, FactsError, entitlements_json, timeline, timeline_json
from traffick_desk.law.caps import SCHOOL_ENDED

PAGE = (Path(__file__).parents[2] / "docs" / "facts-json.md").read_text("utf-8")
FACTS, ANSWER, REGIME, CLOCK = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
)


def test_the_example_gives_the_documented_answer(pack) -> None:
    answer: Any = json.loads(json.dumps(entitlements_json(FACTS, pack)))
    assert {key: answer[key] for key in ANSWER} == ANSWER
    assert set(answer) - set(ANSWER) == {"pack", "regimes", "reference", "clocks", "trace"}
    assert REGIME in answer["regimes"]
    assert CLOCK in answer["clocks"]


def test_every_key_of_the_facts_is_documented() -> None:
    try:
        entitlements_json({"as_of": "2026-11-21", "?": 1})
    except FactsError as error:
        known = error.problem.split("known here: ")[1].split(", ")
    assert known == sorted(
        re.findall(r"^\| `(\w+)` \| ", PAGE.split("### Events")[0], re.MULTILINE)
    )


def test_every_event_is_documented(pack) -> None:
    page = PAGE.split("### Events")[1].split("## Answer")[0]
    named = set(re.findall(r"`(\w+)`", page))
    dated_facts = {"essential_needs_start", "identified_on"}
    used = {
        name
        for rule in pack.clocks.values()
        for name in (rule.start, rule.stop, rule.unless, rule.only_if)
        if name
    }
    assert named == (used - dated_facts) | {SCHOOL_ENDED}


def test_every_key_of_the_time_line_is_documented(pack) -> None:
    answer: Any = timeline_json(timeline(Facts.from_json(FACTS), pack), pack)
    page = PAGE.split("## Time line")[1].split("## Example")[0]
    named = set(re.findall(r"`(\w+)`", page))
    assert set(answer) <= named
    assert set(answer["periods"][0]) <= named
    assert set(answer["caps"][0]) <= named
    regime = answer["periods"][0]["due"][0]
    assert set(regime) == set(REGIME) - {"trace"}
