"""A new key for the vault, killed at every step: before or after, never between."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.pages2 import world
from traffick_desk import i18n
from traffick_desk.services import vaults
from traffick_desk.services.officers import NewOfficer, OfficersOfDesk, add, dismiss
from traffick_desk.services.queries import ListCases
from traffick_desk.services.roles import LEFT
from traffick_desk.services.verify import verify
from traffick_desk.vault.errors import UnlockRefused

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HERS = "chín dòng sông chảy ra biển"


@dataclass
class Two:
    """A vault that two officers open, and the id of the one who leaves."""

    folder: Path
    gone: str
    cases: int


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    folder = tmp_path_factory.mktemp("two") / "vault"
    desk = world.make(folder)
    cases = len(world.take_in(desk))
    gone = add(desk, world.PASSWORD, NewOfficer("Lò Văn Đào", "dao", HERS, "officer"))
    desk.close()
    i18n.set_language("vi")
    return Two(folder, gone, cases)


class Dismisser:
    """The process that forks the ones to be killed."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "dismisser.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, folder: Path, gone: str, at: int = 0, after: float | None = None) -> int:
        """Dismiss, killed at step *at* or *after* so many seconds; the steps if it was not."""
        line = "\t".join([str(folder), world.LOGIN, world.PASSWORD, gone, str(at)])
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        steps = 0
        for answer in self._process.stdout:
            word, _blank, number = answer.strip().partition(" ")
            if word == "pid" and after is not None:
                threading.Timer(after, _kill, (int(number),)).start()
            elif word == "steps":
                steps = int(number)
            elif word == "dead":
                return steps
        raise AssertionError("the process that forks has ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def dismisser() -> Iterator[Dismisser]:
    made = Dismisser()
    yield made
    made.close()


def _copy(two: Two, tmp_path: Path, name: object) -> Path:
    folder = tmp_path / str(name)
    shutil.copytree(two.folder, folder)
    return folder


def _whole(folder: Path, two: Two) -> bool:
    """Prove that nothing is lost; whether she who leaves still has a way in."""
    desk = vaults.unlock(folder, world.LOGIN, world.PASSWORD, world.now)
    assert len(desk.ask(ListCases())) == two.cases
    report = verify(desk)
    assert report.intact, report.lines
    officers = {o.login: o.role for o in desk.ask(OfficersOfDesk())}
    assert len(officers) == 2
    desk.close()
    assert not (folder / vaults.REENCRYPTED).exists(), "opening has finished what was begun"
    try:
        vaults.unlock(folder, "dao", HERS, world.now).close()
        opens = True
    except UnlockRefused:
        opens = False
    assert (officers["dao"] == LEFT) is not opens, "role and way in go together"
    return opens


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.slow, id="each")])
def test_killed_at_every_step_it_is_before_or_after(
    two: Two, dismisser: Dismisser, tmp_path: Path, every: int
) -> None:
    steps = dismisser.run(_copy(two, tmp_path, "whole"), two.gone)
    assert steps > 10
    assert not _whole(tmp_path / "whole", two)
    before = after = 0
    for at in sorted({1, steps, *range(2, steps, every)}):
        folder = _copy(two, tmp_path, at)
        dismisser.run(folder, two.gone, at)
        if _whole(folder, two):
            before += 1
            last = folder
        else:
            after += 1
    assert before
    assert after
    # The same command, given again, comes to its end.
    dismiss(last, world.LOGIN, world.PASSWORD, two.gone, world.now)
    assert not _whole(last, two)


@pytest.mark.slow
def test_killed_at_any_moment_it_is_before_or_after(
    two: Two, dismisser: Dismisser, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    for turn in range(1_000):
        folder = _copy(two, tmp_path, turn)
        dismisser.run(folder, two.gone, after=chance.random() * 1.2)
        _whole(folder, two)
        shutil.rmtree(folder)
