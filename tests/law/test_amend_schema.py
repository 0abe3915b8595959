"""The published schema of amendments is what their reader does, with every value as it may be written."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import yaml

from law.shapes import AMENDMENTS, DOCS, Asked, Schema, Wrong
from traffick_desk.law import PackError, amend_read
from traffick_desk.law.reader import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from traffick_desk.law import Pack

RULES = Schema("rules-schema.json")
# Every key that a text may have, and every kind of level, amount and cap.
FULL = """
kind: amendments
number: 7
made_on: 2026-11-21
note: Mức chi mới
instruments:
  - id: P-1
    name: {vi: Nghị quyết 1, en: Resolution 1}
    title: {vi: Mức chi, en: Levels}
    issued: 2026-08-17
    valid: {from: 2026-10-01, to: 2030-12-31}
    status: current
    mark: T
    sources: [Công báo]
    note: {vi: x, en: y}
changes:
  - level: N-a-meal
    from: 2026-10-01
    amount: {vnd: 70000, at_least: true}
    unit: person-day
    cite: [{instrument: P-1, chapter: II, article: 5, clause: "1", point: a, sources: [x], last_checked: 2026-11-01}]
    mark: T
    note: {vi: x, en: y}
  - level: N-a-items
    from: 2026-10-01
    amount: {code: IN_KIND, rate: NF, set_by: P-1}
    cite: [{instrument: P-1, sources: [x]}]
    mark: T*
  - level: N-c
    from: 2026-10-01
    amount: {code: FORMULA, parameter: sa-standard, coefficient: "1.5", formula: {vi: x, en: y}}
    unit: person-month
    cite: [{instrument: P-1, sources: [x]}]
    mark: S
  - end: O-HG-meal
    from: 2025-07-01
    cite: [{instrument: P-1, sources: [x]}]
  - add:
      id: P-clothes
      law: L53
      regime: a
      need: clothes
      label: {vi: Quần áo, en: Clothes}
      amount: {vnd: 500000}
      unit: once
      cap: {days: 3, clock: CLK-07, extendable: true, note: {vi: x, en: y}}
      rows: [R1]
      review_rows: {R2: Q08}
      when: [stay]
      province: "2004/02"
      counted: false
      confirm: true
      valid: {from: 2026-11-01, to: 2027-10-31}
      cite: [{instrument: P-1, sources: [x]}]
      mark: I
      questions: [Q12]
      note: {vi: x, en: y}
  - add:
      id: P-old
      law: L66
      regime: helper
      need: clothes
      label: {vi: Quần áo, en: Clothes}
      amount: {code: NF, set_by: P-1}
      cap: {months: 3}
      valid: {from: 2020-11-01}
      cite: [{instrument: P-1, sources: [x]}]
      mark: NF
  - add:
      id: P-fare
      law: L53
      regime: b
      need: fare
      label: {vi: Tàu xe, en: Fare}
      amount: {code: FARE}
      cap: {times: 2}
      valid: {from: 2026-11-01}
      cite: [{instrument: P-1, sources: [x]}]
      mark: T
  - parameter: sa-standard
    value:
      vnd: 600000
      at_least: false
      valid: {from: 2027-01-01}
      cite: [{instrument: P-1, sources: [x]}]
      mark: T
      note: {vi: x, en: y}
years:
  - year: 2026
    complete: true
    holidays: [{day: 2026-09-02, label: {vi: x, en: y}, cite: [{instrument: P-1, sources: [x]}]}]
    working_days: [{day: 2026-08-22, cite: [{instrument: P-1, sources: [x]}]}]
forms:
  - {key: tinh/a, text: "Điều 1"}
"""


def taken(text: str, pack: Pack) -> bool:
    """Whether the reader takes the whole text."""
    try:
        return not amend_read.read_amendments(text, pack).unfit
    except PackError:
        return False


def fits(text: str) -> bool:
    try:
        AMENDMENTS.validate(parse(text, "x").node)
    except (Wrong, PackError):
        return False
    return True


def test_every_key_and_value_fits(pack) -> None:
    assert taken(FULL, pack)
    AMENDMENTS.validate(parse(FULL, "x").node)


def test_the_documented_text_fits(pack) -> None:
    page = (DOCS / "amendments.md").read_text("utf-8")
    (block,) = (part.split("```")[0] for part in page.split("```yaml\n")[1:])
    text = block.replace("vnd: …", "vnd: 1")  # no figure is written that nobody read
    assert taken(text, pack)
    AMENDMENTS.validate(parse(text, "x").node)


def test_the_reader_asks_for_the_keys_and_choices_of_the_schema(pack, monkeypatch) -> None:
    root = parse(FULL, amend_read.FILE)
    asked = Asked(monkeypatch, AMENDMENTS.validate(root.node))
    monkeypatch.setattr(amend_read, "parse", lambda *_: root)
    assert not amend_read.read_amendments(FULL, pack).unfit
    tables = {name: table for name, table in AMENDMENTS.defs.items() if "properties" in table}
    # Read as a span that may be open, and refused afterwards when it is.
    later = {"since": {"to"}, "begun_span": set()}
    assert {name: set(table["properties"]) | later.get(name, set()) for name, table in
            tables.items()} == {name: asked.keys[name] for name in tables}  # fmt: skip
    assert {
        name: set(table["required"]) - ({"from"} if name in later else set())
        for name, table in tables.items()
    } == {name: asked.needed[name] | ({"cite"} & asked.keys[name]) for name in tables}
    assert asked.offered == asked.choices


def test_what_the_national_rules_have_too_is_the_same() -> None:
    def written(part: Any) -> Any:
        """Numbers and truth may stand in quotes, as the page of the province writes them."""
        if isinstance(part, list):
            return [written(one) for one in part]
        if not isinstance(part, dict):
            return part
        if part.get("type") == "integer":
            return {"$ref": f"#/$defs/{'year_number' if part['minimum'] > 1 else 'whole'}"}
        if part.get("type") == "boolean":
            return {"$ref": "#/$defs/flag"}
        return {key: written(one) for key, one in part.items()}

    def keys(name: str) -> Any:
        return AMENDMENTS.defs[name]["properties"]

    own = {"text", "instrument"}
    shared = AMENDMENTS.defs.keys() & RULES.defs.keys() - own
    assert shared >= {"words", "mark", "span", "citation", "amount", "cap", "year"}
    for name in shared:
        assert AMENDMENTS.defs[name] == written(RULES.defs[name]), name
    for name, of, different in (
        ("instrument", "instrument", {"id"}),
        ("added_level", "level", {"id", "valid", "law"}),
        ("set_value", "value", {"valid"}),
    ):
        national = written(RULES.defs[of])
        assert keys(name).keys() - {"law"} == national["properties"].keys()
        for key in keys(name).keys() - different:
            assert keys(name)[key] == national["properties"][key], (name, key)
        assert set(AMENDMENTS.defs[name]["required"]) - {"law"} == set(national["required"])


# Values in place of others: another kind of node, nothing, a word, numbers, a day.
OTHERS = (
    "[]",
    "[a]",
    "{}",
    "{a: b}",
    "''",
    "word",
    "0",
    "-5",
    "1.5",
    "'12'",
    "20261101",
    "2026-13-45",
)


def changed(node: Any) -> Iterator[Any]:
    """Every text that differs from that of *node* in one key or value, as tables and lists."""
    if isinstance(node, dict):
        yield {**node, "surprise": "x"}
        for key, value in node.items():
            yield {name: part for name, part in node.items() if name != key}
            for other in changed(value):
                yield {**node, key: other}
    elif isinstance(node, list):
        yield []
        for at, value in enumerate(node):
            for other in changed(value):
                yield [*node[:at], other, *node[at + 1 :]]
    for text in OTHERS:
        yield yaml.load(text, yaml.BaseLoader)


class Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """No references; what stood in the text stands there again."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# A text as it was written: in quotes only where it must be (a year, a clause as text).
Plain.add_representer(str, lambda dumper, value: dumper.represent_scalar(
    "tag:yaml.org,2002:str", value, style=None if value else "'"))  # fmt: skip


def test_what_the_schema_refuses_the_reader_refuses(pack) -> None:
    """Each key left out, each value another: what an editor underlines is never taken."""
    whole = yaml.load(FULL, yaml.BaseLoader)
    # One entry at a time, so that no other is read again and again.
    head = {key: whole[key] for key in ("kind", "number", "made_on", "note", "instruments")}
    texts = [{**head, "changes": [entry]} for entry in whole["changes"]]
    texts += [{**head, "years": whole["years"]}, {**head, "forms": whole["forms"]}]
    tried = refused = 0
    for content in texts:
        rest = {key: part for key, part in content.items() if key not in head}
        for one in [*changed(head)] if rest.keys() == {"forms"} else []:
            if isinstance(one, dict):
                tried += 1
                refused += _agree({**one, **rest}, pack)
        ((kind, entries),) = rest.items()
        for other in changed(copy.deepcopy(entries)):
            tried += 1
            refused += _agree({**head, kind: other}, pack)
    assert tried > 2000
    assert refused > 1500


def _agree(content: Any, pack: Pack) -> bool:
    text = yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False)
    if fits(text):
        return False
    assert not taken(text, pack), text
    return True
