"""Practice from the command line: how far it is, anew, and nothing mixed with a real vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from traffick_desk import app, i18n
from traffick_desk.cli import main
from traffick_desk.services import lesson_progress, practice
from traffick_desk.vault.kdf import FLOOR

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def one(*arguments: object) -> tuple[int, str, str]:
        before = i18n.language()
        try:
            code = main([str(a) for a in arguments])
        finally:
            i18n.set_language(before)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err
        return code, seen.out, seen.err

    return one


def test_the_window_of_practice_is_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, bool]] = []

    def window(
        vault: object, _language: object = None, *, practising: bool = False, **_more: object
    ) -> int:
        asked.append((vault, practising))
        return 0

    monkeypatch.setattr(app, "run_window", window)
    assert run("practice", "--vault", tmp_path / "vault")[0] == 0
    assert asked == [(tmp_path / "vault", True)]
    assert app.main(["--practice", "--vault", str(tmp_path / "vault")]) == 0
    assert asked[1] == (tmp_path / "vault", True)


def test_lessons_are_told_before_and_after_practising(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    code, out, _err = run("practice", "--vault", vault, "--lessons")
    assert code == 0
    assert "LUYỆN TẬP – không phải dữ liệu thật" in out
    assert "0/5" in out
    assert list(tmp_path.iterdir()) == [], "telling makes nothing"
    place = practice.beside(vault)
    practice.make(place, kdf=FLOOR)
    desk = practice.open_commune(place)
    state = desk.do(lesson_progress.StartLesson("sang-loc"))
    shown = lesson_progress.Shown("case", "screening", state.case_id)
    desk.do(lesson_progress.TickOff("sang-loc", shown))
    desk.close()
    assert "1/5" in run("practice", "--vault", vault, "--lessons")[1]


def test_anew_asks_once_and_papers_are_marked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = tmp_path / "vault"
    assert run("practice", "--vault", vault, "--anew", "--yes")[0] == 0
    place = practice.beside(vault)
    desk = practice.open_commune(place)
    number = desk.do(lesson_progress.StartLesson("che-do")).file_no
    desk.close()
    monkeypatch.setattr("builtins.input", lambda _question: "không")
    code, out, _err = run("practice", "--vault", vault, "--anew")
    assert (code, "1/7" in out) == (0, False)

    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", practice.password(place))
    commune = place.commune
    paper = tmp_path / "giấy.pdf"
    code, out, err = run("paper", "--vault", commune, number, "noi-bo/bien-ban-tiep-nhan",
                         "--output", paper)  # fmt: skip
    assert (code, err) == (0, "")
    assert not paper.exists()
    assert (tmp_path / "LUYEN-TAP-giấy.pdf").read_bytes().startswith(b"%PDF")
    assert "LUYEN-TAP-giấy.pdf" in out

    backups = tmp_path / "backups"
    backups.mkdir()
    assert run("backup", "--vault", commune, backups)[0] == 0
    (copy,) = next(backups.iterdir()).iterdir()
    assert copy.parent.name.startswith("LUYEN-TAP-")
    code, _out, err = run("restore", copy, "--vault", vault, "--login", practice.LOGIN)
    assert code == 1
    assert "để riêng" in err
    assert not vault.exists()

    monkeypatch.setattr("builtins.input", lambda _question: "có")
    assert run("practice", "--vault", vault, "--anew")[0] == 0
    assert "0/7" in run("practice", "--vault", vault, "--lessons")[1]


def test_damaged_practice_is_said_in_words(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    assert run("practice", "--vault", vault, "--anew", "--yes")[0] == 0
    (practice.beside(vault).commune / "vault.db").write_bytes(b"x" * 9000)
    code, _out, err = run("practice", "--vault", vault, "--lessons")
    assert code == 1
    assert "luyện tập" in err
    assert run("practice", "--vault", vault, "--anew", "--yes")[0] == 0
    assert run("practice", "--vault", vault, "--lessons")[0] == 0


def test_no_real_vault_is_made_in_the_invented_commune(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", "mười hai con mèo ngủ trưa")
    for unit in ("2025/99001", "Suối Mẫu Ví Dụ"):
        code, _out, _err = run("create", "--vault", tmp_path / "vault", "--unit", unit,
                               "--officer", "A", "--login", "a")  # fmt: skip
        assert code == 1
        assert not (tmp_path / "vault").exists()
