"""Backup, restore, erasing and salvage, killed at their steps and on a full disk."""

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
from pathlib import Path

import pytest

from desk.pages2 import world
from faults.test_store_faults import small_disk  # noqa: F401 - a fixture
from services.test_salvage import spoil
from traffick_desk import i18n
from traffick_desk.services import (
    backup,
    backup_copies,
    erasing,
    officers,
    restore,
    salvage,
    vaults,
)
from traffick_desk.services.closing import CloseCase
from traffick_desk.services.erasure import ErasureRequests, RequestErasure
from traffick_desk.services.queries import CountCases
from traffick_desk.services.verify import verify
from traffick_desk.store.errors import StoreError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HERS = "chín dòng sông chảy ra biển"
TASKS = ("backup", "restore", "erase", "salvage")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province's vault with nine cases, a demand to erase one, and a backup in a place."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "place").mkdir()
    desk = world.make(folder / "vault", "province")
    cases = world.take_in(desk)
    desk.do(CloseCase(cases[0], "reintegrated", "Xong"))
    other = officers.NewOfficer("Trần Văn An", "an", HERS, "case_officer")
    officers.add(desk, world.PASSWORD, other)
    desk.close()
    desk = vaults.unlock(folder / "vault", "an", HERS, world.now)
    desk.do(RequestErasure(cases[0], "person", "Yêu cầu"))
    backup.backup(desk, folder / "place")
    desk.close()
    i18n.set_language("vi")
    return folder


class Keeper:
    """The process that forks the ones to be killed."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "keeper.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, task: str, folder: Path, at: int = 0, after: float | None = None) -> int:
        """Do *task*, killed at step *at* or *after* so many seconds; the steps if it was not."""
        self._process.stdin.write(f"{task}\t{folder}\t{at}\n")
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


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    made = Keeper()
    yield made
    made.close()


def copied(office: Path, task: str, target: Path) -> Path:
    shutil.copytree(office, target)
    if task == "salvage":
        # Damage in the second half: the file still opens, and not all of it can be read.
        file = target / "vault" / vaults.DATABASE
        pages = file.stat().st_size // 4096
        spoil(file, random.Random(5).sample(range(pages // 2, pages), 6))
    return target


def prove(task: str, folder: Path) -> str:
    """What the folder holds is the old state or the new one, whole; answers with which."""
    vault, place = folder / "vault", folder / "place"
    vaults.peek(vault)  # finishes an exchange that was cut short
    asides = [p for p in folder.iterdir() if p.name.startswith("vault.")]
    assert not vaults.restored(vault).exists()
    assert len(asides) <= 1
    for copy in backup_copies.look_for([place]):
        assert backup.sound(copy.copy), "a copy is whole or is none"
    if task == "salvage" and not asides:
        return "before"
    desk = vaults.unlock(vault, world.LOGIN, world.PASSWORD, world.now)
    try:
        report = verify(desk)
        assert report.intact, report.lines
        gone = 9 - desk.ask(CountCases())
        waiting = len(desk.ask(ErasureRequests()))
        assert (gone, waiting) in {(0, 1), (1, 0)}
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT count(*) FROM meta WHERE key = 'erasure:sweep'")
            assert cursor.fetchone()[0] == 0, "opening has swept what was erased"
        if task == "erase":
            return "after" if gone else "before"
        assert not gone
        return "after" if asides or len(backup_copies.look_for([place])) > 1 else "before"
    finally:
        desk.close()


@pytest.mark.parametrize("task", TASKS)
def test_killed_at_its_steps_it_is_before_or_after(
    task: str, office: Path, keeper: Keeper, tmp_path: Path
) -> None:
    steps = keeper.run(task, copied(office, task, tmp_path / "whole"))
    assert steps > 5
    assert prove(task, tmp_path / "whole") == "after"
    # A few in every run, spread over all steps; all of them in the long campaign.
    for at in sorted({1, steps // 3, 2 * steps // 3, steps}):
        folder = copied(office, task, tmp_path / str(at))
        keeper.run(task, folder, at)
        if prove(task, folder) == "before":
            # The same again comes to its end.
            keeper.run(task, folder)
            assert prove(task, folder) == "after"
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_killed_at_every_step_and_at_any_moment(
    task: str, office: Path, keeper: Keeper, tmp_path: Path
) -> None:
    steps = keeper.run(task, copied(office, task, tmp_path / "whole"))
    chance = random.Random(20261128)
    seen: dict[str, int] = {}
    for turn in range(250):
        folder = copied(office, task, tmp_path / "turn")
        if turn < steps:
            keeper.run(task, folder, turn + 1)
        else:
            keeper.run(task, folder, after=chance.random() * 2)
        state = prove(task, folder)
        seen[state] = seen.get(state, 0) + 1
        shutil.rmtree(folder)
    assert set(seen) == {"before", "after"}


def test_on_a_full_disk_nothing_is_half_done(
    office: Path,
    tmp_path: Path,
    small_disk: Path | None,  # noqa: F811 - the fixture
) -> None:
    if small_disk is None:
        pytest.skip("this machine allows no mount")
    i18n.set_language("en")
    folder = small_disk / "office"
    shutil.copytree(office, folder)
    place, vault = folder / "place", folder / "vault"
    first = backup_copies.look_for([place])
    filler = small_disk / "filler"

    def fill(leave: int) -> None:
        filler.unlink(missing_ok=True)
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(bytes(max(0, free - leave)))

    # Backup: there is not even room for the copy.
    fill(300_000)
    desk = vaults.unlock(vault, world.LOGIN, world.PASSWORD, world.now)
    with pytest.raises(backup.BackupPlaceFull):
        backup.backup(desk, place)
    # It looked as if there were, and there is not.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "_room", lambda *_a: 1_000_000)
        with pytest.raises(backup.BackupPlaceFull):
            backup.backup(desk, place)
    assert backup_copies.look_for([place]) == first
    assert [p for p in place.iterdir() if p.name.startswith(".")] == []
    # Erasing: all of it or nothing; what is left to sweep is swept once there is room.
    request = desk.ask(ErasureRequests())[0].id
    with contextlib.suppress(StoreError):
        erasing.erase(desk, request)
    desk.close()
    filler.unlink()
    state = prove("erase", folder)
    assert state in {"before", "after"}
    # Restore and salvage: nothing is left, and the vault is as it was.
    fill(300_000)
    for attempt in (
        lambda: restore.restore(
            first[0].copy.path, vault, world.LOGIN, world.PASSWORD, replacing=True
        ),
        lambda: salvage.salvage(vault, world.LOGIN, world.PASSWORD, [place]),
    ):
        with pytest.raises((restore.NoRoom, StoreError, OSError)):
            attempt()
        assert sorted(p.name for p in folder.iterdir()) == ["place", "vault"]
    filler.unlink()
    assert prove("erase", folder) == state
