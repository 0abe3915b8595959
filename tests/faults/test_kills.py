"""Backup, restore, erasing, salvage, key change, lock, migration: killed at their steps."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults import tasks
from faults.forked import Forked
from services.test_salvage import pages_of, spoil
from traffick_desk.services import vaults

# Of each of the seven tasks: 105 in every run, 1,050 in the long campaign.
KILLS, MANY = 15, 150


@pytest.fixture(scope="module")
def forked(
    library: Path, office: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Forked]:
    folder = tmp_path_factory.mktemp("warm") / "office"
    shutil.copytree(office, folder)
    made = Forked(library, "faults.tasks", folder)
    yield made
    made.close()


def places(steps: str, number: int) -> list[int]:
    """That many steps: half of them names and syncs, on which it turns; each kind spread evenly."""

    def spread(of: list[int], most: int) -> list[int]:
        if len(of) <= most:
            return of
        return [of[round(n * (len(of) - 1) / (most - 1))] for n in range(most)]

    turning = [n for n, kind in enumerate(steps, 1) if kind != "w"]
    written = [n for n, kind in enumerate(steps, 1) if kind == "w"]
    chosen = spread(turning, (number + 1) // 2)
    return sorted(chosen + spread(written, number - len(chosen)))


def campaign(task: str, office: Path, forked: Forked, disk: Path, kills: int) -> Counter[str]:
    """Kill *task* at that many of its steps, spread over all; how often it was before and after."""
    start, turn = disk / "start", disk / "turn"
    shutil.copytree(office, start)
    if task == "salvage":
        # Damage in the second half: the file still opens, and not all of it can be read.
        file = start / "vault" / vaults.DATABASE
        pages = pages_of(file)
        spoil(file, random.Random(5).sample(range(pages // 2, pages), 6))

    def afresh() -> None:
        shutil.rmtree(turn, ignore_errors=True)
        shutil.copytree(start, turn)

    afresh()
    steps = forked.run(task, turn).steps
    assert {"w", "n", "s"} <= set(steps)
    assert forked.run(f"prove {task}", turn).said[-1] == "after"
    seen: Counter[str] = Counter()
    for number, at in enumerate(places(steps, kills)):
        afresh()
        killed = forked.run(task, turn, at)
        assert not killed.steps, "it was killed"
        *found, state = forked.run(f"prove {task}", turn).said
        seen[state] += 1
        assert set(killed.said) - {"locked"} <= set(found), "acknowledged and lost"
        if state == "before" and number % 5 == 0:
            # The same again, over what was left, comes to its end.
            forked.run(task, turn)
            assert forked.run(f"prove {task}", turn).said[-1] == "after"
    print(f"{task}: {seen.total()} kills within {len(steps)} steps: {dict(seen)}")
    return seen


@pytest.mark.parametrize("task", tasks.WORK)
def test_killed_at_its_steps_it_is_before_or_after(
    task: str, office: Path, forked: Forked, memory_disk: Path
) -> None:
    seen = campaign(task, office, forked, memory_disk, KILLS)
    assert seen.total() == KILLS
    assert set(seen) == ({"after"} if task == "migrate" else {"before", "after"})


@pytest.mark.slow
@pytest.mark.parametrize("task", tasks.WORK)
def test_killed_at_every_step_it_is_before_or_after(
    task: str, office: Path, forked: Forked, memory_disk: Path
) -> None:
    assert campaign(task, office, forked, memory_disk, MANY).total() >= MANY // 2
