"""Officers of a desk from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.test_cli import Run, _create, run

__all__ = ["run"]
HERS = "chín dòng sông chảy ra biển"


def test_an_officer_is_let_in_gets_a_role_and_is_shut_out(run: Run, tmp_path: Path) -> None:
    vault, first = tmp_path / "xã", tmp_path / "mật khẩu"
    first.write_text(f"{HERS}\n", "utf-8")
    _create(run, vault, "commune", "That Khe Lang Son")
    new = ("--as", "dao", "--new-password-file", first)
    wrong = run("officers", "add", "--vault", vault, "Lò Văn Đào", "--role", "lead", *new)
    assert wrong[0] == 1
    code, out, _err = run(
        "officers", "add", "--vault", vault, "Lò Văn Đào", "--role", "officer", *new
    )
    assert code == 0
    assert "Lò Văn Đào" in out
    own = run("officers", "list", "--vault", vault, "--login", "huong")[1]
    assert "dao" in own
    assert "chair" in own
    hers = ("--vault", vault, "--login", "dao", "--password-file", first)
    assert run("list", *hers)[0] == 0
    assert run("officers", "role", "--vault", vault, "--login", "huong", "dao", "clerk")[0] == 0
    assert run("list", *hers)[0] == 1, "a clerk sees no case"
    assert run("officers", "role", "--vault", vault, "--login", "huong", "ai", "clerk")[0] == 1
    code, out, _err = run("officers", "dismiss", "--vault", vault, "--login", "huong", "dao")
    assert code == 0
    assert "Lò Văn Đào" in out
    assert run("list", *hers)[0] == 1
    assert run("officers", "dismiss", "--vault", vault, "--login", "huong", "dao")[0] == 1
    assert run("verify", "--vault", vault, "--login", "huong")[0] == 0
