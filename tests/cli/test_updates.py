"""Updates on the command line, with the real trying-out of the new version."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.updates_world import World
from traffick_desk import edition, i18n
from traffick_desk.cli import main

PASSWORD = "mười hai con mèo ngủ trưa"
Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the version tried is a shell script"
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", PASSWORD)

    def one(*arguments: object) -> tuple[int, str, str]:
        before = i18n.language()
        try:
            code = main([str(a) for a in arguments])
        finally:
            i18n.set_language(before)
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return one


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    found = World(tmp_path)
    found.install(edition.NUMBER)
    monkeypatch.setenv("TRAFFICK_DESK_HOME", str(found.home))
    monkeypatch.setattr(
        "traffick_desk.edition.publishers", lambda: (found.publisher.verify_key.raw,)
    )
    return found


def test_an_update_is_looked_at_applied_and_gone_back_from(
    run: Run,
    world: World,
    tmp_path: Path,
) -> None:
    vault = tmp_path / "kho"
    common = ("--vault", vault, "--login", "huong")
    run(
        "create", "--vault", vault, "--unit", "2025/06040", "--officer", "Hương", "--login", "huong"
    )
    code, out, _err = run("update", "apply", *common, world.stick)
    assert code == 1
    assert "không có bản cập nhật" in out
    world.update(2)
    code, out, _err = run("update", "look", *common, world.stick)
    assert code == 0
    assert "Phiên bản 1.2, từ nhà phát hành." in out
    code, out, err = run("update", "apply", *common, world.stick)
    assert (code, err) == (0, "")
    assert "1.2" in out
    assert (world.home / "current").read_text() == "2\n"
    assert run("update", "check")[0] == 0
    # This process is still the old one; the one before is what it would go back to.
    code, _out, err = run("update", "back", *common)
    assert (code, err) == (0, "")
    assert (world.home / "current").read_text() == f"{edition.NUMBER}\n"


def test_a_version_that_ends_badly_when_tried_is_not_taken(
    run: Run,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vault = tmp_path / "kho"
    run(
        "create", "--vault", vault, "--unit", "2025/06040", "--officer", "Hương", "--login", "huong"
    )
    monkeypatch.setattr("services.updates_world.START", "#!/bin/sh\nexit 9\n")
    world.update(2)
    code, _out, err = run("update", "apply", "--vault", vault, "--login", "huong", world.stick)
    assert code == 1
    assert "không chạy được trên máy này" in err
    assert world.names() == {"1"}


def test_this_copy_works_and_says_what_it_is_made_of(run: Run) -> None:
    code, out, err = run("--language", "en", "self-test")
    assert (code, err) == (0, "")
    assert "Encrypted vault: works" in out
    assert "DOES NOT" not in out
    code, out, _err = run("licences")
    assert code == 0
    assert "LGPL-3.0" in out


def test_the_source_tree_cannot_replace_itself(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TRAFFICK_DESK_HOME", raising=False)
    code, _out, err = run("update", "check")
    assert code == 1
    assert "bộ cài đặt" in err


def test_the_time_to_the_first_window_is_told_and_the_vault_stays_closed(tmp_path: Path) -> None:
    import os
    import subprocess

    vault = tmp_path / "kho"
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "TRAFFICK_DESK_LANGUAGE": "en",
        "TRAFFICK_DESK_CONFIG": str(tmp_path),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "traffick_desk", "self-test", "--start", "--vault", str(vault)],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = re.search(r"after ([0-9.]+) s; the processor worked ([0-9.]+) s", done.stdout)
    assert found, done.stdout
    wall, processor = float(found[1]), float(found[2])
    assert 0.05 < processor <= wall * (os.cpu_count() or 1) + 0.05
    assert not vault.exists()
