"""Real vaults for the pages: made once, copied for each test, at one fixed moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import templates
from traffick_desk import i18n, resources
from traffick_desk.domain.values import ICT
from traffick_desk.services import exchange, fixtures, vaults
from traffick_desk.services.commands import NewCase
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "mười hai con mèo ngủ trưa"
COMMUNE = "2025/06040"  # Thất Khê, Lạng Sơn
PROVINCE = "2025/20"
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=ICT)
LOGIN = "huong"


def now() -> datetime:
    return NOW


def make(path: Path, profile: str = "commune"):
    """A new vault, open."""
    i18n.set_language("en")
    new = vaults.NewVault(
        profile,
        PROVINCE if profile == "province" else COMMUNE,
        "Nguyễn Thị Hương",
        LOGIN,
        PASSWORD,
        label="PC 1",
        kdf=FLOOR,
    )
    return templates.vault(path, new, now)


def unlock(path: Path):
    return vaults.unlock(path, LOGIN, PASSWORD, now)


def take_in(desk, group: str = "worked") -> list[str]:
    """People of the demonstration file; answers with the ids of their cases."""
    people = resources.path("demo", "people.yaml")
    groups = fixtures.read(people, desk.context.store.registry, desk.context.units)
    return [desk.do(NewCase(arrival.edits)) for arrival in groups[group]]


def link(commune, province, folder: Path) -> None:
    """Enrol the commune's desk, as both officers would."""
    request, _words = exchange.write_request(commune, folder)
    answer = exchange.accept(province, exchange.read_request(province, request), folder)
    exchange.install(commune, exchange.read_certificate(commune, answer))
