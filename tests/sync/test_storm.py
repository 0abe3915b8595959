"""Random work, and whatever befalls bundles, clocks and disks: all equal in the end, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory

import pytest

from faults.forked import Forker
from sync import storm

# A run that failed is done again alone with its seed: ``storm.run(SEED, STEPS)``.
SEEDS = 200
SOAK = int(os.environ.get("STORM_FIRST", "10000"))
RUNS = int(os.environ.get("STORM_RUNS", "10000"))
TOGETHER = 20


Ride = Callable[[int, int, int], None]


@pytest.fixture(scope="module")
def ride(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ride]:
    """Runs from a seed on, so many, of so many steps.

    Not for killing: in a forked process memory is not locked, which is most of what a run costs.
    """
    forker = Forker(tmp_path_factory.mktemp("forked"), "sync.storm", longest=1_800)
    with TemporaryDirectory(prefix="td-storm-", dir=storm.FAST) as folder:
        forker.run("sync.storm:prepare", folder)
        yield lambda first, number, steps: forker.run(
            "sync.storm:ride", folder, first, number, steps
        )
        forker.close()


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_all_agree_after_a_storm(ride: Ride, first: int) -> None:
    ride(first, TOGETHER, 12)


# What storms have found: a bundle that covers less than one before it, files that wait for a
# desk that was shut out, a part whose forerunners a later, smaller one seems to stand in for.
@pytest.mark.parametrize("seed", [18, 10_020, 10_068])
def test_what_a_storm_has_found_stays_mended(ride: Ride, seed: int) -> None:
    ride(seed, 1, 40)


@pytest.mark.slow
def test_all_agree_after_ten_thousand_storms(ride: Ride) -> None:
    # Many short ones: most faults show early. Every tenth lot goes on for longer.
    for lot, first in enumerate(range(SOAK, SOAK + RUNS, TOGETHER)):
        ride(first, TOGETHER, 12 if lot % 10 else 40)
