"""People received together, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.test_cli import Run, _create, run

__all__ = ["run"]

PEOPLE = """
mother:
  - id: M
    person: {name: Lý Thị Mẩy, sex: female, birth: "1995", citizenship: VN}
    reception: {at: "2026-11-20T21:00+07:00"}
    status: [{status: victim, since: "2026-11-20", trafficked_in: abroad}]
children:
  - id: C1
    person: {name: Sùng A Páo, sex: male, birth: 2019-03-01, citizenship: VN}
    reception: {at: "2026-11-20T21:00+07:00"}
  - id: C2
    person: {name: Sùng Thị Chứ, sex: female, birth: "2021", citizenship: VN}
    reception: {at: "2026-11-20T21:00+07:00"}
other:
  - id: O
    person: {name: Sokha}
    reception: {at: "2026-11-20T21:00+07:00"}
"""


@pytest.fixture
def vault(run: Run, tmp_path: Path) -> Path:
    _create(run, tmp_path / "xã", "commune", "Thất Khê, Lạng Sơn")
    (tmp_path / "people.yaml").write_text(PEOPLE, "utf-8")
    return tmp_path / "xã"


def taken_in(run: Run, vault: Path, group: str, *more: str) -> list[str]:
    file = vault.parent / "people.yaml"
    code, out, err = run("add", "--vault", vault, file, "--group", group, *more)
    assert (code, err) == (0, "")
    return [line.split("\t")[0] for line in out.splitlines()]


def test_children_are_taken_in_with_their_mother(run: Run, vault: Path) -> None:
    (mother,) = taken_in(run, vault, "mother")
    children = taken_in(
        run, vault, "children", "--with", mother, "--relation", "child", "--comes-along"
    )
    assert len(children) == 2
    code, out, _err = run("--language", "en", "show", "--vault", vault, children[0])
    assert code == 0
    assert f"Child of {mother}" in out
    assert "Lý Thị Mẩy" in out
    found = json.loads(run("show", "--vault", vault, children[0], "--json")[1])
    assert [m["file_no"] for m in found["together"]["members"]] == [mother, *children]
    law = found["entitlements"][0]
    assert law["law"]["id"] == "L53"
    assert "18" in law["category"]["label"]
    alone = taken_in(run, vault, "other")[0]
    assert json.loads(run("show", "--vault", vault, alone, "--json")[1])["together"] is None


def test_cases_are_tied_and_taken_out_again(run: Run, vault: Path) -> None:
    (mother,), (other,) = taken_in(run, vault, "mother"), taken_in(run, vault, "other")
    tie = ("tie", "--vault", vault, other, "--with", mother, "--relation", "travels")
    code, out, err = run("--language", "en", *tie)
    assert (code, err) == (0, "")
    assert f"Travels with {mother}" in out
    code, _out, err = run("--language", "en", *tie)
    assert code != 0
    assert "together already" in err
    code, out, err = run("untie", "--vault", vault, other, "--reason", "Không cùng đoàn")
    assert (code, err) == (0, "")
    assert json.loads(run("show", "--vault", vault, other, "--json")[1])["together"] is None
    assert "Travels" not in run("--language", "en", "show", "--vault", vault, other)[1]
    assert run("untie", "--vault", vault, other, "--reason", "Không cùng đoàn")[0] != 0


@pytest.mark.parametrize("wrong", ["TD-9999/2026", ""])
def test_with_whom_must_be_known_before_anything_is_taken_in(
    run: Run,
    vault: Path,
    wrong: str,
) -> None:
    file = vault.parent / "people.yaml"
    code, _out, err = run("--language", "en", "tie", "--vault", vault, "TD-1", "--with", wrong)
    assert code != 0
    if wrong:
        code, out, err = run("--language", "en", "add", "--vault", vault, file, "--with", wrong)
        assert code != 0
        assert out == ""
        assert "No case has the file number" in err
    assert json.loads(run("list", "--vault", vault, "--json")[1]) == []
