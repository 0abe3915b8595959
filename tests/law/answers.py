"""What the YAML cases expect, held against an answer; dated values of the rules, moved by a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from traffick_desk.law import Facts, Pack, entitlements_json, timeline
from traffick_desk.law.pack import Cap, Instrument, Level, Span

FOLDER = Path(__file__).parent
MOMENTS = {"before": -1, "on": 0, "after": 1}


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

KNOWN = {
    "absent", "caps", "citations", "clocks", "flags", "in_force", "law", "lines", "missing",
    "no_clock", "not_in_force", "note", "parameters", "present", "questions", "reasons",
    "reference", "regime_notes", "regimes", "rows", "time_line", "total", "usage",
}  # fmt: skip


def read(folder: str) -> list[dict[str, Any]]:
    """All entries of the YAML files in *folder*."""
    paths = sorted((FOLDER / folder).glob("*.yaml"))
    return [entry for path in paths for entry in yaml.load(path.read_text("utf-8"), _AsText)]


def filled(value: Any, day: str) -> Any:
    """*value* with the day in the place of ``DAY``."""
    if isinstance(value, dict):
        return {key: filled(item, day) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, day) for item in value]
    return day if value == "DAY" else value


def parts(entry: dict[str, Any]) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """The moments of an entry: name, day, facts, what is expected."""
    if "day" not in entry:
        return [("always", "", entry["facts"], entry["always"])]
    day = date.fromisoformat(entry["day"])
    return [
        (name, at, filled(entry["facts"], at), entry[name])
        for name, days in MOMENTS.items()
        for at in ((day + timedelta(days=days)).isoformat(),)
    ]


def filled_entries() -> Iterator[tuple[str, str, str, dict[str, Any], dict[str, Any]]]:
    """Every moment of every entry in ``days``, with the name of the entry first."""
    for entry in read("days"):
        for name, day, facts, expect in parts(entry):
            yield entry["name"], name, day, facts, expect


def check(facts: dict[str, Any], expect: dict[str, Any], pack: Pack, day: str = "") -> None:
    """Assert that the answer for *facts* is as *expect* says; *day* is that of the time line."""
    assert set(expect) <= KNOWN
    answer: Any = entitlements_json(facts, pack)
    _regimes(answer, expect)
    lines = {line["level"]: line for entry in answer["regimes"] for line in entry["lines"]}
    for level, wanted in expect.get("lines", {}).items():
        assert {key: lines[level][key] for key in wanted} == wanted, level
    for level in expect.get("present", []):
        assert level in lines
    for level in expect.get("absent", []):
        assert level not in lines
    reference = {line["level"]: line for line in answer["reference"]}
    for level, wanted in expect.get("caps", {}).items():
        cap = {**reference, **lines}[level]["cap"]
        assert {key: cap[key] for key in wanted} == wanted, level
    if "reference" in expect:
        found = {level: line["amount"] for level, line in reference.items()}
        assert found == expect["reference"]
    if "law" in expect:
        assert answer["law"]["id"] == expect["law"], answer["law"]["reason"]
    if "rows" in expect:
        assert answer["category"]["rows"] == expect["rows"]
    if "total" in expect:
        assert {key: answer["known_total"][key] for key in expect["total"]} == expect["total"]
    if "note" in expect:
        assert any(expect["note"] in note for note in answer["notes"]), answer["notes"]
    clocks = {clock["id"]: clock for clock in answer["clocks"]}
    for name, wanted in expect.get("clocks", {}).items():
        assert name in clocks
        got = {"due": clocks[name]["due_at"], **clocks[name]}
        assert {key: got[key] for key in wanted} == wanted, name
    for name in expect.get("no_clock", []):
        assert name not in clocks
    _rules(date.fromisoformat(day or facts["as_of"][:10]), expect, pack)
    if "time_line" in expect:
        period = timeline(Facts.from_json(facts), pack).on(date.fromisoformat(day))
        assert period is not None
        due = {line.level.id: str(line.result) for o in period.due for line in o.lines}
        for level, wanted in expect["time_line"].items():
            assert (level, due.get(level, "not_granted")) == (level, wanted)


def _regimes(answer: dict[str, Any], expect: dict[str, Any]) -> None:
    regimes = {entry["regime"]: entry for entry in answer["regimes"]}
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


def _rules(day: date, expect: dict[str, Any], pack: Pack) -> None:
    """What the rules themselves say of *day*, where no answer about a person shows it."""
    spans = dict(dated(pack))
    for name in expect.get("in_force", []):
        assert day in spans[name], name
    for name in expect.get("not_in_force", []):
        assert day not in spans[name], name
    for name, vnd in expect.get("parameters", {}).items():
        value = pack.parameters[name].on(day)
        assert (name, value and value.vnd) == (name, vnd)


# The dated values and the durations of a pack, and the same pack with one of them moved.


def dated(pack: Pack) -> Iterator[tuple[str, Span]]:
    """Every span of days in the rules by a name of its own."""
    for law, matrix in pack.matrices.items():
        yield f"matrix-{law}", matrix.valid
        if matrix.transition is not None:
            yield "transition", Span(matrix.transition.identified_before)
    for one in (*pack.instruments.values(), *pack.levels, *pack.clocks.values()):
        yield one.id, one.valid
    for other in (*pack.targets, *pack.days):
        yield other.id, other.valid
    for parameter in pack.parameters.values():
        for value in parameter.values:
            yield f"{parameter.id}/{value.vnd}", value.valid


def lasting(pack: Pack) -> Iterator[tuple[str, int]]:
    """Every length of time, and every number of times, that the rules limit."""
    for level in pack.levels:
        if level.cap is not None:
            yield level.id, level.cap.days or level.cap.months or level.cap.times or 0
    for rule in pack.clocks.values():
        if rule.value is not None:
            yield rule.id, rule.value


def _shifted(span: Span, edge: str, days: int) -> Span:
    step = timedelta(days=days)
    if edge == "from":
        assert span.start is not None
        return replace(span, start=span.start + step)
    assert span.end is not None
    return replace(span, end=span.end + step)


def _with_levels(pack: Pack, levels: dict[str, Level]) -> Pack:
    return replace(
        pack,
        levels=tuple(levels.get(x.id, x) for x in pack.levels),
        by_regime={
            key: tuple(levels.get(x.id, x) for x in group) for key, group in pack.by_regime.items()
        },
    )


def _with_instrument(pack: Pack, one: Instrument) -> Pack:
    setting = {
        x.id: replace(x, amount=replace(x.amount, set_by=one))
        for x in pack.levels
        if x.amount.set_by is not None and x.amount.set_by.id == one.id
    }
    return replace(_with_levels(pack, setting), instruments={**pack.instruments, one.id: one})


def moved(pack: Pack, name: str, edge: str, days: int) -> Pack:
    """*pack* with the first (``from``) or last (``to``) day of *name* moved by *days*."""

    def shift(value: Any) -> Any:
        return replace(value, valid=_shifted(value.valid, edge, days))

    levels = {level.id: level for level in pack.levels}
    if name == "transition":
        law, matrix = next((k, m) for k, m in pack.matrices.items() if m.transition is not None)
        assert matrix.transition is not None
        day = matrix.transition.identified_before + timedelta(days=days)
        new = replace(matrix, transition=replace(matrix.transition, identified_before=day))
        return replace(pack, matrices={**pack.matrices, law: new})
    if name.startswith("matrix-"):
        law = name.removeprefix("matrix-")
        return replace(pack, matrices={**pack.matrices, law: shift(pack.matrices[law])})
    if name in levels:
        return _with_levels(pack, {name: shift(levels[name])})
    if name in pack.clocks:
        return replace(pack, clocks={**pack.clocks, name: shift(pack.clocks[name])})
    if name in pack.instruments:
        return _with_instrument(pack, shift(pack.instruments[name]))
    if "/" in name:
        key, vnd = name.split("/")
        old = pack.parameters[key]
        values = tuple(shift(v) if v.vnd == int(vnd) else v for v in old.values)
        return replace(pack, parameters={**pack.parameters, key: replace(old, values=values)})
    return replace(
        pack,
        targets=tuple(shift(x) if x.id == name else x for x in pack.targets),
        days=tuple(shift(x) if x.id == name else x for x in pack.days),
    )


def lengthened(pack: Pack, name: str, by: int) -> Pack:
    """*pack* with the limit of the level or clock *name* longer by *by* of its own unit."""
    if name in pack.clocks:
        rule = pack.clocks[name]
        assert rule.value is not None
        return replace(pack, clocks={**pack.clocks, name: replace(rule, value=rule.value + by)})
    level = next(x for x in pack.levels if x.id == name)
    assert level.cap is not None
    return _with_levels(pack, {name: replace(level, cap=_longer(level.cap, by))})


def _longer(cap: Cap, by: int) -> Cap:
    if cap.days is not None:
        return replace(cap, days=cap.days + by)
    if cap.months is not None:
        return replace(cap, months=cap.months + by)
    assert cap.times is not None
    return replace(cap, times=cap.times + by)
