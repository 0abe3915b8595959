"""Backup, restore, erasing, salvage, key change, lock, migration: killed at their steps."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from faults import tasks
from faults.forked import Death, Forker, Kill
from services.test_salvage import pages_of, spoil
from traffick_desk.services import vaults

# Of each of the seven tasks: 105 in every run, 1,050 in the long campaign.
KILLS, MANY = 15, 150


@pytest.fixture(scope="module")
def forker(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TD_OFFICE", str(office))
        made = Forker(tmp_path_factory.mktemp("forker"), "faults.warm")
    if not made.counts:
        made.close()
        pytest.skip("no C compiler: calls cannot be counted")
    yield made
    made.close()


def spread(of: Sequence[int], most: int) -> set[int]:
    """At most that many of them, evenly."""
    if len(of) <= most:
        return set(of)
    return {of[round(n * (len(of) - 1) / (most - 1))] for n in range(most)}


def ways(whole: Death, number: int) -> list[Kill]:
    """That many ways to die: half at names that come and go, on which it turns, half at any call.

    Every third one leaves half of a write behind.
    """
    turns = [int(said.split()[1]) for said in whole.said if said.startswith("turn ")]
    chosen = spread([n for n in turns if n <= whole.calls], (number + 1) // 2)
    rest = [n for n in range(1, whole.calls + 1) if n not in chosen]
    places = sorted(chosen | spread(rest, number - len(chosen)))
    kills = [Kill(at, torn=turn % 3 == 1) for turn, at in enumerate(places)]
    # Where there are fewer calls than ways: each of them with and without half of its write.
    kills += [Kill(kill.at, torn=not kill.torn) for kill in kills]
    return kills[:number]


def campaign(task: str, office: Path, forker: Forker, disk: Path, kills: int) -> Counter[str]:
    """Kill *task* in that many ways; how often it was before and after."""
    start, turn = disk / "start", disk / "turn"
    shutil.copytree(office, start)
    if task == "salvage":
        # Damage in the second half: the file still opens, and not all of it can be read.
        file = start / "vault" / vaults.DATABASE
        pages = pages_of(file)
        spoil(file, random.Random(5).sample(range(pages // 2, pages), 6))

    def do(kill: Kill | None = None) -> Death:
        return forker.run("faults.tasks:work", task, turn, kill=kill)

    def proven() -> tuple[str, ...]:
        return forker.run("faults.tasks:prove", task, turn).said

    def afresh() -> None:
        shutil.rmtree(turn, ignore_errors=True)
        shutil.copytree(start, turn)

    afresh()
    whole = do()
    assert whole.calls > 50
    assert proven()[-1] == "after"
    seen: Counter[str] = Counter()
    for number, kill in enumerate(ways(whole, kills)):
        afresh()
        died = do(kill)
        assert died.killed
        *found, state = proven()
        seen[state] += 1
        safe = {said for said in died.said if not said.startswith("turn ")}
        assert safe - {"locked"} <= set(found), "acknowledged and lost"
        if state == "before" and number % 5 == 0:
            # The same again, over what was left, comes to its end.
            do()
            assert proven()[-1] == "after"
    print(f"{task}: {seen.total()} kills within {whole.calls} calls: {dict(seen)}")
    return seen


@pytest.mark.parametrize("task", tasks.WORK)
def test_killed_at_its_steps_it_is_before_or_after(
    task: str, office: Path, forker: Forker, memory_disk: Path
) -> None:
    seen = campaign(task, office, forker, memory_disk, KILLS)
    assert seen.total() == KILLS
    assert set(seen) == ({"after"} if task == "migrate" else {"before", "after"})


@pytest.mark.slow
@pytest.mark.parametrize("task", tasks.WORK)
def test_killed_at_every_step_it_is_before_or_after(
    task: str, office: Path, forker: Forker, memory_disk: Path
) -> None:
    assert campaign(task, office, forker, memory_disk, MANY).total() == MANY
