from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.hubs import Running, running
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
