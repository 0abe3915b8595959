"""Help of the province from the command line."""

from __future__ import annotations

from pathlib import Path

from cli.test_cli import Run, _create, run

__all__ = ["run"]
FRESH = "năm chiếc lá rơi xuống sông"


def test_a_commune_that_lost_everything_opens_its_vault_again(run: Run, tmp_path: Path) -> None:
    commune, province, usb = tmp_path / "xã", tmp_path / "tỉnh", tmp_path / "usb"
    new = tmp_path / "mật khẩu"
    new.write_text(f"{FRESH}\n", "utf-8")
    usb.mkdir()
    _create(run, commune, "commune", "That Khe Lang Son")
    _create(run, province, "province", "Lang Son")
    assert run("province-help", "allow", "--vault", commune)[0] == 1, "not linked yet"
    assert run("enrol", "request", "--vault", commune, usb)[0] == 0
    (request,) = usb.rglob("*.tdrequest")
    assert run("enrol", "accept", "--vault", province, request, usb, "--yes")[0] == 0
    (certificate,) = usb.rglob("*.tdcert")
    assert run("enrol", "install", "--vault", commune, certificate, "--yes")[0] == 0
    asking = ("province-help", "ask", "--vault", commune, "--login", "huong",
              "--password-file", new, usb)  # fmt: skip
    assert run(*asking)[0] == 1, "nobody allowed it"
    assert run("province-help", "allow", "--vault", commune)[0] == 0
    code, said, _err = run(*asking)
    assert code == 0
    (request,) = usb.rglob("*.tdhelp")
    words = said.splitlines()[-1].split(": ", 1)[1]
    code, shown, _err = run("province-help", "answer", "--vault", province, request, usb, "--yes")
    assert code == 0
    assert words in shown
    (answer,) = usb.rglob("*.tdhelped")
    finish = ("province-help", "finish", "--vault", commune)
    assert run(*finish, answer)[0] == 1, "the old password is not the one chosen with the request"
    assert run(*finish, "--password-file", new, answer)[0] == 0
    assert run("verify", "--vault", commune)[0] == 1, "the old password is gone"
    assert run("verify", "--vault", commune, "--password-file", new)[0] == 0
    assert (
        run("province-help", "allow", "--vault", commune, "--password-file", new, "--stop")[0] == 0
    )
