"""The published schema is what the loader does: same keys, same duties, same choices."""

from __future__ import annotations

from typing import Any

import pytest

from law.shapes import Asked, Schema, Wrong
from traffick_desk import resources
from traffick_desk.law.loader import KINDS, build
from traffick_desk.law.reader import parse

SCHEMA = Schema("rules-schema.json")
TEXTS = {
    path.name: path.read_text("utf-8") for path in sorted(resources.path("rules").glob("*.yaml"))
}
# The shipped calendar has no holidays and the shipped targets no other case; these fill the gaps.
MORE = {
    "calendar.yaml": TEXTS["calendar.yaml"].replace(
        "{year: 2025, complete: false}",
        "{year: 2025, complete: true, holidays: [{day: 2025-09-02, label: {vi: x, en: x}, "
        "cite: [{instrument: L53, sources: [x]}]}]}",
    )
}


@pytest.mark.parametrize("name", TEXTS)
def test_every_shipped_file_fits(name: str) -> None:
    SCHEMA.validate(parse(TEXTS[name], name).node, name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("need: guard", "need: guard\n    surprise: 1"),
        ("    need: abroad\n", ""),
        ("amount: {vnd: 60000}", "amount: {vnd: 0}"),
        ("amount: {vnd: 60000}", "amount: {vnd: many}"),
        ("valid: {from: 2013-04-15, to: 2019-12-31}", "valid: {from: 15/04/2013}"),
        ("mark: NF", "mark: X"),
        ("when: [abroad]", "when: [rich]"),
        ("cite: [{instrument: NQ15HG, sources: [S54]}]", "cite: []"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(old: str, new: str) -> None:
    text = TEXTS["levels-2011.yaml"]
    assert old in text
    with pytest.raises(Wrong):
        SCHEMA.validate(parse(text.replace(old, new, 1), "x").node)


def test_there_is_a_schema_for_every_kind_of_file() -> None:
    assert {option["$ref"] for option in SCHEMA.whole["oneOf"]} == {
        f"#/$defs/{kind}_file" for kind in KINDS
    }


def test_the_loader_asks_for_the_keys_and_choices_of_the_schema(monkeypatch) -> None:
    roots = {name: parse(text, name) for name, text in {**TEXTS, **MORE}.items()}
    seen: dict[int, tuple[str, Any]] = {}
    for name, root in roots.items():
        seen |= SCHEMA.validate(root.node, name)
    asked = Asked(monkeypatch, seen)
    build(roots)
    tables = {name: table for name, table in SCHEMA.defs.items() if "properties" in table}
    assert {name: set(table["properties"]) for name, table in tables.items()} == {
        name: asked.keys[name] for name in tables
    }
    assert {name: set(table["required"]) for name, table in tables.items()} == {
        # The loader finds a citation by itself, to name what is missing in its own words.
        name: asked.needed[name] | ({"cite"} & asked.keys[name])
        for name in tables
    }
    assert asked.offered == asked.choices
