"""What a province still has to send: each commune is asked for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import templates
from desk.pages2 import world
from traffick_desk.services import exchange, unsent, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.queries import CountCases, Today
from traffick_desk.store.journal import Edit
from traffick_desk.sync.carriers import Carrier
from traffick_desk.sync.export import export_to
from traffick_desk.vault.kdf import FLOOR

OTHER = "2025/05977"


def other_commune(path: Path) -> Desk:
    new = vaults.NewVault("commune", OTHER, "Lò Văn An", "an", world.PASSWORD, label="PC 2",
                          kdf=FLOOR)  # fmt: skip
    return templates.vault(path, new, world.now)


def brought(commune: Desk, province: Desk, folder: Path) -> list[str]:
    folder.mkdir()
    world.link(commune, province, folder)
    cases = world.take_in(commune)[:2]
    exchange.export_bundles(commune, folder)
    exchange.import_bundles(province, folder)
    return cases


def write(province: Desk, case: str) -> None:
    with province.context.store.work() as work:
        edit = Edit("case", case, {"officer": "Trần Văn Bình"})
        work.journal.write(edit, province.info.officer_id, case)


def lines(province: Desk) -> list[str]:
    return [line.text for line in province.ask(Today()) if line.group == "unsent"]


@pytest.mark.usefixtures("english")
def test_news_for_one_commune_is_owed_although_another_got_its_bundle(tmp_path: Path) -> None:
    province = world.make(tmp_path / "province", "province")
    commune, other = world.make(tmp_path / "commune"), other_commune(tmp_path / "other")
    mine = brought(commune, province, tmp_path / "stick")
    hers = brought(other, province, tmp_path / "another")
    try:
        assert lines(province) == []
        write(province, mine[0])
        write(province, mine[1])
        write(province, hers[0])
        names = [province.context.units.full_name(u) for u in (world.COMMUNE, OTHER)]
        assert lines(province) == [
            f"2 cases of {names[0]} have news that was not sent there yet",
            f"1 case of {names[1]} has news that was not sent there yet",
        ]
        assert province.ask(CountCases(CaseFilter(unsent=True))) == 3
        # The newest bundle, to the one, says nothing of the other.
        with province.context.store.read() as cursor:
            cursor.execute("SELECT device FROM device WHERE unit = ?", (OTHER,))
            (device,) = cursor.fetchone()
        export_to(province.context.store, device, Carrier(tmp_path / "another"),
                  at=province.context.moment, officer="o")  # fmt: skip
        assert lines(province) == [f"2 cases of {names[0]} have news that was not sent there yet"]
        assert province.ask(CountCases(CaseFilter(unsent=True))) == 2
        exchange.export_bundles(province, tmp_path / "stick")
        assert lines(province) == []
        with province.context.store.read() as cursor:
            assert unsent.by_commune(cursor) == []
    finally:
        for desk in (province, commune, other):
            desk.close()
