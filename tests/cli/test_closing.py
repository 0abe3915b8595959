"""Stage, closing and hand-over from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.test_cli import PASSWORD, Run, _create, run
from traffick_desk import resources

__all__ = ["run"]
HERS = "chín dòng sông chảy ra biển"


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


def test_all_cases_of_an_officer_change_hands_once_both_have_confirmed(
    run: Run, tmp_path: Path
) -> None:
    vault, hers, own = tmp_path / "xã", tmp_path / "của chị", tmp_path / "của tôi"
    hers.write_text(f"{HERS}\n", "utf-8")
    own.write_text(f"{PASSWORD}\n", "utf-8")
    _create(run, vault, "commune", "That Khe Lang Son")
    _code, out, _err = run(
        "add", "--vault", vault, resources.path("demo", "people.yaml"), "--group", "worked"
    )
    number = out.split("\t")[0]
    login = ("--vault", vault, "--login", "huong")
    all_of = ("hand-over", *login, "Lò Văn Nam", "--from", "Nguyễn Thị Hương")
    files = ("--giver-password-file", own, "--taker-password-file", hers)
    assert run(*all_of, *files)[0] == 1, "nobody of that name has a way in"
    new = ("--as", "nam", "--new-password-file", hers, "--role", "officer")
    assert run("officers", "add", *login, "Lò Văn Nam", *new)[0] == 0
    for wrong in ((own, own), (hers, hers)):
        both = ("--giver-password-file", wrong[0], "--taker-password-file", wrong[1])
        assert run(*all_of, *both)[0] == 1
        assert "Lò Văn Nam" not in run("show", *login, number)[1]
    code, out, _err = run(*all_of, *files)
    assert (code, "9" in out) == (0, True)
    assert "Lò Văn Nam" in run("show", *login, number)[1]
    assert run(*all_of, *files)[0] == 1, "she has none any more"
    both = ("hand-over", *login, "Lò Văn Nam", number, "--from", "Nguyễn Thị Hương")
    assert run(*both)[0] == 1, "one or the other"
    # One case, by its number, goes back without a ceremony.
    assert run("hand-over", *login, "Nguyễn Thị Hương", number)[0] == 0
    # She is not here: who looks after the officers confirms.
    back = ("hand-over", *login, "Nguyễn Thị Hương", "--from", "Lò Văn Nam", "--in-place")
    both = ("--giver-password-file", own, "--taker-password-file", own)
    assert run(*back, *both)[0] == 0
