from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

import templates
from traffick_desk import resources
from traffick_desk.domain.values import ICT
from traffick_desk.services import fixtures, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import NewCase
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "mười hai con mèo ngủ trưa"
COMMUNE = "2025/06040"  # Thất Khê, Lạng Sơn
PROVINCE = "2025/20"
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=ICT)

Make = Callable[..., Desk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes real vaults that know which moment it is."""
    made: list[Desk] = []

    def one(name: str = "commune", unit: str = "", **more: object) -> Desk:
        profile = "province" if name.startswith("province") else "commune"
        new = vaults.NewVault(
            profile,
            unit or (PROVINCE if profile == "province" else COMMUNE),
            "Nguyễn Thị Hương",
            "huong",
            PASSWORD,
            kdf=FLOOR,
            **more,  # type: ignore[arg-type]
        )
        desk = templates.vault(tmp_path / name, new, lambda: NOW)
        made.append(desk)
        return desk

    yield one
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make: Make) -> Desk:
    return make()


def take_in(desk: Desk, *wanted: str) -> dict[str, tuple[str, str]]:
    """People of the demonstration file → (case id, person id)."""
    groups = fixtures.read(
        resources.path("demo", "people.yaml"), desk.context.store.registry, desk.context.units
    )
    found = {}
    for arrivals in groups.values():
        for arrival in arrivals:
            if not wanted or arrival.id in wanted:
                found[arrival.id] = (desk.do(NewCase(arrival.edits)), arrival.person_id)
    return found
