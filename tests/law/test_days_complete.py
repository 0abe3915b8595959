"""The entries in ``days/*.yaml`` leave no limit of the rules out: each, moved by one, is noticed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from law.answers import check, dated, lasting, lengthened, moved, parts, read
from traffick_desk.law import Pack, load_pack
from traffick_desk.law.conditions import CONDITIONS

ENTRIES = read("days")
PACK = load_pack()
LIMITS = [
    *((name, "from") for name, span in dated(PACK) if span.start is not None),
    *((name, "to") for name, span in dated(PACK) if span.end is not None),
    *((name, "limit") for name, _value in lasting(PACK)),
]
AGES = [*sorted(name for name in CONDITIONS if re.search(r"_\d+$", name)), "accompanying"]


def holds(entry: dict[str, Any], pack: Pack) -> bool:
    """Whether the entry is right under *pack*."""
    try:
        for _name, day, facts, expect in parts(entry):
            check(facts, expect, pack, day)
    except (AssertionError, KeyError, TypeError):
        return False
    return True


def of(name: str, what: str) -> list[dict[str, Any]]:
    """The entries about a limit."""
    return [entry for entry in ENTRIES if entry.get("of", {}).get(name) == what]


@pytest.mark.parametrize(("name", "what"), LIMITS, ids=[f"{name} {what}" for name, what in LIMITS])
def test_a_limit_moved_by_one_either_way_is_noticed(pack, name: str, what: str) -> None:
    entries = of(name, what)
    assert entries, f"no entry in days/*.yaml says of: {{{name}: {what}}}"
    for by in (-1, 1):
        other = lengthened(pack, name, by) if what == "limit" else moved(pack, name, what, by)
        assert not all(holds(entry, other) for entry in entries), by


@pytest.mark.parametrize("name", AGES)
def test_a_birth_moved_by_one_day_either_way_is_noticed(pack, name: str) -> None:
    entries = of(name, "age")
    assert entries, f"no entry in days/*.yaml says of: {{{name}: age}}"
    for by in (-1, 1):
        noticed = False
        for entry in entries:
            born = date.fromisoformat(entry["facts"]["birth"]) + timedelta(days=by)
            facts = {**entry["facts"], "birth": born.isoformat()}
            noticed |= not holds({**entry, "facts": facts}, pack)
        assert noticed, by


def test_an_entry_names_only_limits_that_there_are() -> None:
    known = {*LIMITS, *((name, "age") for name in AGES)}
    assert {item for entry in ENTRIES for item in entry.get("of", {}).items()} <= known


def test_what_has_a_date_has_a_name_of_its_own(pack) -> None:
    names = [name for name, _span in dated(pack)]
    assert len(names) == len(set(names))


def test_an_entry_turns_on_its_day() -> None:
    for entry in ENTRIES:
        if "day" in entry:
            turns = entry["before"] != entry["on"] or entry["on"] != entry["after"]
            assert turns, entry["name"]
