"""Killed at every step of taking a new version or of moving a vault to it: old or new, whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.updates_world import World
from store.desks import NEWER, key
from traffick_desk.services import updates
from traffick_desk.services.program_tree import misfits
from traffick_desk.store import schema
from traffick_desk.store.store import Store

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OLD = ROOT / "tests" / "store" / "fixtures" / "v0001.db"


class Updater:
    """The process that forks the ones to be killed."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "updater.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def run(self, *line: object) -> int:
        """Do one thing; the number of its steps, or 0 if it was killed."""
        self._process.stdin.write("\t".join(map(str, line)) + "\n")
        self._process.stdin.flush()
        steps = 0
        for answer in self._process.stdout:
            word, _blank, number = answer.strip().partition(" ")
            if word == "steps":
                steps = int(number)
            elif word == "dead":
                return steps
            else:
                raise AssertionError("what was to be killed ended by a fault; see its words")
        raise AssertionError("the process that forks has ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def updater() -> Iterator[Updater]:
    made = Updater()
    yield made
    made.close()


def take_at_every_step(updater: Updater, world: World, size: int) -> None:
    update = world.update(6, size=size)
    public = world.publisher.verify_key.raw.hex()
    before = world.base / "before"
    shutil.copytree(world.home, before)
    at, old, new = 0, 0, 0
    while True:
        at += 1
        shutil.rmtree(world.home)
        shutil.copytree(before, world.home)
        steps = updater.run("take", world.home, update, public, at)
        home = world.program().home
        assert home is not None
        number = home.current()
        assert number in (5, 6), at
        assert misfits(world.home / "versions" / str(number)) == [], at
        assert misfits(world.home / "versions" / "5") == [], "the old one is always there"
        old, new = old + (number == 5), new + (number == 6)
        if steps:
            break
        # And again, over what was left: it comes to the end, and nothing is left over.
        if at % 4 == 0:
            assert updater.run("take", world.home, update, public, 0)
            assert home.current() == 6
            assert world.names() == {"5", "6"}
    assert steps >= 10
    assert old > 5
    assert new >= 1


def test_taking_a_version_killed_at_every_step(updater: Updater, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.install()
    take_at_every_step(updater, world, 2_000_000)
    assert updates.damaged(world.program(6)) == []


def migrated(updater: Updater, folder: Path, every: int) -> int:
    """Kill at each *every*-th step; the number of kills."""
    file = folder / "vault.db"
    at, kills = 1, 0
    while True:
        for left in folder.glob("vault.db*"):
            left.unlink()
        shutil.copyfile(OLD, file)
        if updater.run("migrate", file, at):
            return kills
        kills += 1
        store = Store(file, key, NEWER, "c0")
        store.open()
        try:
            with store.read() as cursor:
                cursor.execute("SELECT version_num FROM alembic_version")
                assert cursor.fetchone() == (schema.HEAD,)
                cursor.execute("SELECT count(*) FROM journal")
                assert cursor.fetchone() == (17,)
                cursor.execute("SELECT count(*) FROM audit")
                assert cursor.fetchone() == (13,)
                cursor.execute("SELECT count(*) FROM case_row")
                assert cursor.fetchone() == (3,)
                cursor.execute("PRAGMA foreign_key_check")
                assert cursor.fetchall() == []
            store.check()
        finally:
            store.close()
        at += every


def test_a_vault_killed_while_it_is_moved_to_a_new_version(
    updater: Updater, tmp_path: Path
) -> None:
    assert migrated(updater, tmp_path, 61) >= 3


@pytest.mark.slow
def test_a_vault_killed_at_every_step_of_being_moved(updater: Updater, tmp_path: Path) -> None:
    assert migrated(updater, tmp_path, 1) >= 100
