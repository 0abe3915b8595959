"""The part of JSON Schema that the published schemas use, upon YAML as an editor reads it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from traffick_desk.law import amend_read
from traffick_desk.law.reader import Reader, parse

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parents[2] / "docs"
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


class Wrong(Exception):
    """What does not fit, and where."""


class Schema:
    """A published schema."""

    def __init__(self, name: str) -> None:
        self.whole: Any = json.loads((DOCS / name).read_text("utf-8"))
        self.defs: dict[str, Any] = self.whole["$defs"]

    def validate(self, node: yaml.Node, where: str = "") -> dict[int, tuple[str, Any]]:
        """Which part of the schema each node has (by its id).

        Raises:
            Wrong: it does not fit.
        """
        seen: dict[int, tuple[str, Any]] = {}
        _validate(self.defs, self.whole, node, seen, where)
        return seen


def _resolved(defs: Any, schema: Any) -> tuple[str, Any]:
    name = ""
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = defs[name]
    return name, schema


def _validate(
    defs: Any, schema: Any, node: yaml.Node, seen: dict[int, tuple[str, Any]], where: str
) -> None:
    name, schema = _resolved(defs, schema)
    assert set(schema) <= KEYWORDS
    for word in ("oneOf", "anyOf"):
        if word in schema:
            fitting, problems = [], []
            for option in schema[word]:
                notes: dict[int, tuple[str, Any]] = {}
                try:
                    _validate(defs, option, node, notes, where)
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
                _validate(defs, option, child, seen, f"{where}.{key}")
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            raise Wrong(f"{where}: too few")
        for at, child in enumerate(value):
            _validate(defs, schema["items"], child, seen, f"{where}[{at}]")
    elif not isinstance(value, bool) and value < schema.get("minimum", value):
        raise Wrong(f"{where}: {value} is too small")


class Asked:
    """What the reader asked of the nodes of a text, by the part of the schema that each has."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seen: dict[int, tuple[str, Any]]) -> None:
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.needed: dict[str, set[str]] = defaultdict(set)
        self.offered: dict[str, set[str]] = defaultdict(set)
        self.choices: dict[str, set[str]] = {}
        find, get, choice = Reader.find, Reader.get, Reader.choice

        def on_find(reader: Reader, key: str) -> Reader | None:
            self.keys[seen[id(reader.node)][0]].add(key)
            return find(reader, key)

        def on_get(reader: Reader, key: str) -> Reader:
            self.needed[seen[id(reader.node)][0]].add(key)
            return get(reader, key)

        def on_choice(reader: Reader, *allowed: str) -> str:
            schema = seen[id(reader.node)][1]
            if "const" in schema:
                assert schema["const"] in allowed
            elif schema.get("type") != "boolean":
                listed = {value for value in schema["enum"] if isinstance(value, str)}
                text = json.dumps(sorted(listed))
                self.choices[text] = listed
                self.offered[text] |= set(allowed)
            return choice(reader, *allowed)

        monkeypatch.setattr(Reader, "find", on_find)
        monkeypatch.setattr(Reader, "get", on_get)
        monkeypatch.setattr(Reader, "choice", on_choice)


AMENDMENTS = Schema("amendments-schema.json")


def watch_amendments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text of amendments that the reader takes as a whole must fit the schema."""
    read = amend_read.read_amendments

    def on_read(text: str, pack: Any) -> Any:
        found = read(text, pack)
        if not found.unfit:
            AMENDMENTS.validate(parse(text, "amendments").node)
        return found

    monkeypatch.setattr(amend_read, "read_amendments", on_read)
