"""The published schema is what the loader does: same keys, same duties, same choices."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from traffick_desk import resources
from traffick_desk.law.loader import KINDS, build
from traffick_desk.law.reader import Reader, parse

SCHEMA: Any = json.loads(
    (Path(__file__).parents[2] / "docs" / "rules-schema.json").read_text("utf-8")
)
DEFS = SCHEMA["$defs"]
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
KEYWORDS = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "description", "enum",
    "items", "minItems", "minLength", "minimum", "oneOf", "pattern", "properties", "propertyNames",
    "required", "title", "type",
}  # fmt: skip
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}  # fmt: skip


def value_of(node: yaml.Node) -> Any:
    """A scalar as an editor reads it."""
    if isinstance(node, yaml.ScalarNode) and node.style not in {"'", '"'}:
        if node.value in {"true", "false"}:
            return node.value == "true"
        if re.fullmatch("0|-?[1-9][0-9]*", node.value):
            return int(node.value)
    return node.value


def resolved(schema: Any) -> tuple[str, Any]:
    name = ""
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = DEFS[name]
    return name, schema


class Wrong(Exception):
    pass


def validate(schema: Any, node: yaml.Node, seen: dict[int, tuple[str, Any]], where: str) -> None:
    """The part of JSON Schema that ours uses; notes in *seen* which schema each node has."""
    name, schema = resolved(schema)
    assert set(schema) <= KEYWORDS
    for word in ("oneOf", "anyOf"):
        if word in schema:
            fitting, problems = [], []
            for option in schema[word]:
                notes: dict[int, tuple[str, Any]] = {}
                try:
                    validate(option, node, notes, where)
                except Wrong as error:
                    problems.append(str(error))
                else:
                    fitting.append(notes)
            if not fitting or (word == "oneOf" and len(fitting) > 1):
                raise Wrong(f"{where}: {len(fitting)} fit: {problems}")
            seen.update(fitting[0])
            return
    seen[id(node)] = (name, schema)
    if isinstance(node, yaml.MappingNode):
        value: Any = {key.value: child for key, child in node.value}
    else:
        value = node.value if isinstance(node, yaml.SequenceNode) else value_of(node)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(
        isinstance(value, TYPES[t]) and not (isinstance(value, bool) and t != "boolean")
        for t in types
    ):
        raise Wrong(f"{where}: not {types}")
    if "enum" in schema and value not in schema["enum"]:
        raise Wrong(f"{where}: {value!r} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        raise Wrong(f"{where}: {value!r} is not {schema['const']}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            raise Wrong(f"{where}: too short")
        if "pattern" in schema and not re.search(schema["pattern"], value):
            raise Wrong(f"{where}: {value!r} does not fit {schema['pattern']}")
    elif isinstance(value, dict):
        for key in schema.get("required", ()):
            if key not in value:
                raise Wrong(f"{where}: {key} is missing")
        other = schema.get("additionalProperties", True)
        for key, child in value.items():
            if "propertyNames" in schema and key not in schema["propertyNames"]["enum"]:
                raise Wrong(f"{where}: {key} is no name here")
            option = schema.get("properties", {}).get(key, other)
            if option is False:
                raise Wrong(f"{where}: {key} is not known")
            if option is not True:
                validate(option, child, seen, f"{where}.{key}")
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            raise Wrong(f"{where}: too few")
        for at, child in enumerate(value):
            validate(schema["items"], child, seen, f"{where}[{at}]")
    elif not isinstance(value, bool) and value < schema.get("minimum", value):
        raise Wrong(f"{where}: {value} is too small")


@pytest.mark.parametrize("name", TEXTS)
def test_every_shipped_file_fits(name: str) -> None:
    validate(SCHEMA, parse(TEXTS[name], name).node, {}, name)


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
        validate(SCHEMA, parse(text.replace(old, new, 1), "x").node, {}, "x")


def test_there_is_a_schema_for_every_kind_of_file() -> None:
    assert {option["$ref"] for option in SCHEMA["oneOf"]} == {
        f"#/$defs/{kind}_file" for kind in KINDS
    }


def test_the_loader_asks_for_the_keys_and_choices_of_the_schema(monkeypatch) -> None:
    roots = {name: parse(text, name) for name, text in {**TEXTS, **MORE}.items()}
    seen: dict[int, tuple[str, Any]] = {}
    for name, root in roots.items():
        validate(SCHEMA, root.node, seen, name)
    asked: dict[str, set[str]] = defaultdict(set)
    needed: dict[str, set[str]] = defaultdict(set)
    offered: dict[str, set[str]] = defaultdict(set)
    choices: dict[str, set[str]] = {}
    find, get, choice = Reader.find, Reader.get, Reader.choice

    def on_find(self: Reader, key: str) -> Reader | None:
        asked[seen[id(self.node)][0]].add(key)
        return find(self, key)

    def on_get(self: Reader, key: str) -> Reader:
        needed[seen[id(self.node)][0]].add(key)
        return get(self, key)

    def on_choice(self: Reader, *allowed: str) -> str:
        schema = seen[id(self.node)][1]
        if "const" not in schema and schema.get("type") != "boolean":
            text = json.dumps(schema["enum"])
            choices[text] = set(schema["enum"])
            offered[text] |= set(allowed)
        elif "const" in schema:
            assert schema["const"] in allowed
        return choice(self, *allowed)

    monkeypatch.setattr(Reader, "find", on_find)
    monkeypatch.setattr(Reader, "get", on_get)
    monkeypatch.setattr(Reader, "choice", on_choice)
    build(roots)
    tables = {name: table for name, table in DEFS.items() if "properties" in table}
    assert {name: set(table["properties"]) for name, table in tables.items()} == {
        name: asked[name] for name in tables
    }
    assert {name: set(table["required"]) for name, table in tables.items()} == {
        # The loader finds a citation by itself, to name what is missing in its own words.
        name: needed[name] | ({"cite"} & asked[name])
        for name in tables
    }
    assert offered == choices
