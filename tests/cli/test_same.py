"""The same person in two cases, from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.test_cli import Run, _create, run
from traffick_desk import resources

__all__ = ["run"]


def test_two_cases_are_tied_told_of_and_untied(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    people = resources.path("demo", "people.yaml")
    for _turn in range(2):  # everybody comes twice
        _code, out, _err = run("add", "--vault", vault, people, "--group", "worked")
    second = {line.split("\t")[1]: line.split("\t")[0] for line in out.splitlines()}["E2"]
    code, out, _err = run("possibly-same", "--vault", vault)
    pairs = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    first = next(one for one, other, *_why in pairs if other == second)
    assert "trùng họ tên" in next(p for p in pairs if p[1] == second)[3]

    code, _out, err = run("same", "--vault", vault, first, first, "--reason", "x")
    assert (code, "cùng một hồ sơ" in err) == (1, True)
    assert run("same", "--vault", vault, first, second, "--reason", "chị kể lại")[0] == 0
    told = run("show", "--vault", vault, first)[1]
    assert f"hồ sơ khác: {second}" in told
    assert "chị kể lại" in told
    assert second not in run("possibly-same", "--vault", vault)[1]
    wanted = ("same", "--vault", vault, second, first, "--undo", "--reason", "nhầm")
    assert run(*wanted)[0] == 0
    assert f"hồ sơ khác: {second}" not in run("show", "--vault", vault, first)[1]
    assert run(*wanted)[0] == 1
