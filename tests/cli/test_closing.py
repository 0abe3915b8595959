"""Stage, closing and hand-over from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.test_cli import Run, _create, run
from traffick_desk import resources

__all__ = ["run"]


def test_a_case_goes_through_its_stages_is_closed_opened_again_and_given_away(
    run: Run, tmp_path: Path
) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    people = resources.path("demo", "people.yaml")
    _code, out, _err = run("add", "--vault", vault, people, "--group", "worked")
    number = {line.split("\t")[1]: line.split("\t")[0] for line in out.splitlines()}["E2"]

    code, _out, err = run("stage", "--vault", vault, number, "verification")
    assert code != 0
    assert "lý do" in err
    wanted = ("stage", "--vault", vault, number, "verification", "--reason", "lời khai mới")
    assert run(*wanted)[0] == 0
    code, out, _err = run("close", "--vault", vault, number, "other", "xong", "--on", "2026-03-10")
    assert code == 0
    assert "10/03/2027" in out
    assert run("reopen", "--vault", vault, number, "chị trở lại")[0] == 0
    wanted = ("hand-over", "--vault", vault, "Lò Văn Nam", "--from", "Nguyễn Thị Hương")
    code, out, _err = run(*wanted)
    assert (code, "9" in out) == (0, True)
    assert run(*wanted)[0] == 1
    assert "Lò Văn Nam" in run("show", "--vault", vault, number)[1]
