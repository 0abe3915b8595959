"""Every case in ``cases/*.yaml`` gives what it says; a lawyer can read and extend them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from traffick_desk.law import entitlements_json


class _AsText(yaml.SafeLoader):
    """YAML whose dates, yes, no and on stay texts, as they are in JSON."""


_AsText.yaml_implicit_resolvers = {
    key: [
        (tag, rule)
        for tag, rule in rules
        if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    ]
    for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_AsText.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))

CASES = [
    pytest.param(case, id=case["name"])
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.load(path.read_text("utf-8"), _AsText)
]
KNOWN = {
    "absent", "citations", "clocks", "flags", "law", "lines", "missing", "no_clock", "note",
    "questions", "reasons", "regime_notes", "reference", "regimes", "rows", "total", "usage",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], pack) -> None:
    expect = case["expect"]
    assert set(expect) <= KNOWN
    answer: Any = entitlements_json(case["facts"], pack)
    regimes = {entry["regime"]: entry for entry in answer["regimes"]}
    lines = {line["level"]: line for entry in answer["regimes"] for line in entry["lines"]}
    if "law" in expect:
        assert answer["law"]["id"] == expect["law"], answer["law"]["reason"]
    if "rows" in expect:
        assert answer["category"]["rows"] == expect["rows"]
    for letter, outcome in expect.get("regimes", {}).items():
        assert (letter, regimes[letter]["outcome"]) == (letter, outcome), regimes[letter]["reason"]
    for letter, flags in expect.get("flags", {}).items():
        assert (letter, regimes[letter]["flags"]) == (letter, flags)
    for letter, questions in expect.get("questions", {}).items():
        assert set(questions) <= set(regimes[letter]["questions"]), letter
        assert questions or not regimes[letter]["questions"], letter
    for letter, missing in expect.get("missing", {}).items():
        assert (letter, [m["fact"] for m in regimes[letter]["missing"]]) == (letter, missing)
    for letter, reason in expect.get("reasons", {}).items():
        assert regimes[letter]["reason"] == reason
    for letter, text in expect.get("regime_notes", {}).items():
        assert any(text in note for note in regimes[letter]["notes"])
    for letter, text in expect.get("citations", {}).items():
        assert text in [cite["text"] for cite in regimes[letter]["citations"]]
    for letter, usage in expect.get("usage", {}).items():
        assert {key: regimes[letter]["usage"][key] for key in usage} == usage
    for level, wanted in expect.get("lines", {}).items():
        assert {key: lines[level][key] for key in wanted} == wanted, level
    for level in expect.get("absent", []):
        assert level not in lines
    if "reference" in expect:
        found = {line["level"]: line["amount"] for line in answer["reference"]}
        assert found == expect["reference"]
    if "total" in expect:
        assert {key: answer["known_total"][key] for key in expect["total"]} == expect["total"]
    if "note" in expect:
        assert any(expect["note"] in note for note in answer["notes"]), answer["notes"]
    clocks = {clock["id"]: clock for clock in answer["clocks"]}
    for name, wanted in expect.get("clocks", {}).items():
        got = {"due": clocks[name]["due_at"], **clocks[name]}
        assert {key: got[key] for key in wanted} == wanted, name
    for name in expect.get("no_clock", []):
        assert name not in clocks
