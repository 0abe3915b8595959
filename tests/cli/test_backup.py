"""Backups, salvage and erasing without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.pages2 import world
from services.test_salvage import spoil
from traffick_desk import i18n
from traffick_desk.cli.main import main
from traffick_desk.services import vaults
from traffick_desk.services.closing import CloseCase


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", world.PASSWORD)
    before = i18n.language()

    def one(*arguments: object, good: bool = True) -> str:
        code = main(["--language", "en", *map(str, arguments)])
        said = capsys.readouterr()
        assert (code == 0) is good, said
        return said.out + said.err

    yield one
    i18n.set_language(before)


@pytest.fixture
def vault(tmp_path) -> Path:
    desk = world.make(tmp_path / "vault")
    cases = world.take_in(desk)
    desk.do(CloseCase(cases[0], "reintegrated", "Done"))
    desk.close()
    return tmp_path / "vault"


def test_copies_are_made_listed_checked_and_restored(run, vault, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    run("backup", "--vault", vault, stick, "--stick")
    assert "as written" in run("backups", stick, "--check")
    new = tmp_path / "new"
    assert "new PC" in run("restore", stick, "--vault", new, "--login", "huong")
    run("restore", stick, "--vault", new, "--login", "huong", good=False)
    run("restore", stick, "--vault", new, "--login", "huong", "--replace")
    assert len([p for p in tmp_path.iterdir() if p.name.startswith("new.")]) == 1
    (file,) = stick.glob("td-*/*/vault.db")
    spoil(file, [3])
    assert "DAMAGED" in run("backups", stick, "--check", good=False)
    assert "no backup" in run("restore", tmp_path / "vault2", "--vault", new, good=False)


def test_a_damaged_vault_is_salvaged_and_says_what_is_missing(run, vault, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    run("backup", "--vault", vault, stick)
    spoil(vault / vaults.DATABASE, [1])
    run("verify", "--vault", vault, good=False)
    assert "Nothing is missing" in run("salvage", "--vault", vault, "--login", "huong", stick)
    assert "NOT" not in run("verify", "--vault", vault)


def test_a_demand_is_previewed_and_written_down(run, vault):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("traffick_desk.services.base.clock", world.now)
        number = run("list", "--vault", vault).split("\n")[1].split()[0]
    assert "Person" in run("erasure", "preview", "--vault", vault, number)
    assert "person" in run("erasure", "grounds")
    said = run("erasure", "request", "--vault", vault, number, "--ground", "person",
               "--reason", "As asked")  # fmt: skip
    assert "province" in said
    assert number in run("erasure", "list", "--vault", vault)
    demand = said.split()[1]
    run("erasure", "order", "--vault", vault, demand, good=False)
    run("erasure", "hold", "--vault", vault, number, "--body", "Công an tỉnh")
    assert "Công an tỉnh" in run("erasure", "preview", "--vault", vault, number)
    run("erasure", "unhold", "--vault", vault, number)
    assert "not decided" in run("erasure", "keep", "--vault", vault)


def test_the_guide_is_written(run, vault, tmp_path):
    run("restore-guide", "--vault", vault, "--output", tmp_path / "guide.pdf")
    assert (tmp_path / "guide.pdf").read_bytes().startswith(b"%PDF")
