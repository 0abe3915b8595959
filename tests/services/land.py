"""A province and two communes with real vaults, linked, and the stick between them."""

from __future__ import annotations

from pathlib import Path

from services.conftest import Make
from services.test_rules import link
from traffick_desk.services import exchange
from traffick_desk.services.base import Desk

OTHER = "2025/06001"


class Land:
    """A province and two communes with vaults, linked, and a stick between them."""

    def __init__(self, make: Make, folder: Path) -> None:
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.province, self.commune = make("province"), make("commune")
        self.other = make("other", unit=OTHER)
        for commune in (self.commune, self.other):
            link(self.province, commune, self.stick)

    def send(self, sender: Desk, *receivers: Desk) -> None:
        exchange.export_bundles(sender, self.stick)
        for receiver in receivers:
            for report in exchange.import_bundles(receiver, self.stick):
                assert report.outcome in {"applied", "already"}, report
        for path in self.stick.rglob("*.age"):
            path.unlink()
