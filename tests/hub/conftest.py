from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.hubs import ByHand, Running, running
from sync.desks import Country
from traffick_desk.hub import setup


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Every test of this suite reads English."""


@pytest.fixture
def place(tmp_path: Path) -> setup.Place:
    return setup.Place(tmp_path / "hub")


@pytest.fixture
def hub(place: setup.Place, land: Country) -> Iterator[Running]:
    """A hub of the province, listening."""
    with running(place, land) as one:
        yield one


@pytest.fixture(params=[setup.IN_FOLDER, setup.IN_DATABASE])
def either(request: pytest.FixtureRequest, place: setup.Place, land: Country) -> Iterator[Running]:
    """A hub that keeps bundles in a folder, and one that keeps them in its database."""
    with running(place, land, request.param) as one:
        yield one


@pytest.fixture
def a(either: Running, land: Country) -> ByHand:
    return either.by_hand(land.a).known()


@pytest.fixture
def p(either: Running, land: Country) -> ByHand:
    return either.by_hand(land.province).known()
