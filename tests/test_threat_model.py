"""Every promise of the threat model names the tests that prove it, and these tests exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "docs" / "threat-model.md"


def promises() -> list[tuple[str, str]]:
    """Who attacks, and what is said to prove the promise against each."""
    found = []
    for line in MODEL.read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| who |"):
            cells = line.removeprefix("| ").removesuffix(" |").split(" | ")
            assert len(cells) == 4, line[:80]
            found.append((cells[0], cells[3]))
    return found


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def unproven(proof: str) -> list[str]:
    """What is wrong with a proof: files and tests that are not there, or that none is named."""
    wrong: list[str] = []
    file, named = "", 0
    for word in re.findall(r"`([^`]+)`", proof):
        if word.startswith("tests/"):
            file = word
            if not file.endswith(".py") or not (ROOT / file).is_file():
                wrong.append(f"no such file: {word}")
                file = ""
        elif file:
            named += 1
            if word not in named_in(file):
                wrong.append(f"no such test in {file}: {word}")
        else:
            wrong.append(f"of which file? {word}")
    return wrong if named else [*wrong, "no test is named"]


def test_there_is_a_promise_against_each_attacker_of_the_plan() -> None:
    attackers = " ".join(who for who, _proof in promises())
    for wanted in (
        "thief of the PC", "finder of a stick", "curious colleague", "hostile or damaged bundle",
        "compromised hub", "dismissed officer", "power cut",
    ):  # fmt: skip
        assert wanted in attackers, wanted


@pytest.mark.parametrize(("who", "proof"), promises(), ids=lambda text: text[:40])
def test_each_promise_is_proven_by_tests_that_exist(who: str, proof: str) -> None:
    assert unproven(proof) == [], who


def test_what_is_not_there_is_noticed() -> None:
    assert unproven("`tests/vault`")
    assert unproven("`tests/vault/test_slots.py`")
    assert unproven("`tests/vault/test_slots.py`: `test_that_nobody_wrote`")
    assert unproven("same")
    good = "`tests/vault/test_slots.py`: `test_the_last_officer_cannot_be_removed`"
    assert unproven(good) == []
