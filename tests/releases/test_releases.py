"""What earlier releases left on disks opens with this one, and nothing in it is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from desk.pages2 import world
from releases.make import counts
from traffick_desk import edition
from traffick_desk.services import exchange, vaults
from traffick_desk.services.queries import CountCases, ListCases
from traffick_desk.services.verify import verify
from traffick_desk.store.errors import StoreNewer
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.errors import HeaderNewer

RELEASES = sorted(p for p in Path(__file__).parent.glob("v*") if p.is_dir())
LATEST = RELEASES[-1]


@pytest.fixture
def here(tmp_path: Path):
    def copy(release: Path) -> Path:
        target = tmp_path / release.name
        shutil.copytree(release, target)
        return target

    return copy


@pytest.mark.parametrize("release", RELEASES, ids=lambda p: p.name)
def test_a_release_opens_and_goes_on(here, release: Path) -> None:
    base = here(release)
    about = json.loads((base / "about.json").read_text())
    assert about["number"] <= edition.NUMBER
    commune, province = world.unlock(base / "commune"), world.unlock(base / "province")
    try:
        for desk, kept in ((commune, about["commune"]), (province, about["province"])):
            # Unlocking may add lines to the log, nothing may take one away.
            now = counts(desk)
            assert now.pop("audit") >= kept.pop("audit")
            assert now == kept
            assert verify(desk).intact
            with desk.context.store.read() as cursor:
                cursor.execute("PRAGMA foreign_key_check")
                assert cursor.fetchall() == []
        assert commune.ask(CountCases()) == about["cases"]
        assert len(commune.ask(ListCases())) == about["cases"]
        # The bundle that the province wrote then is taken in now, and one of now goes back.
        reports = exchange.import_bundles(commune, base / "stick")
        assert [r.outcome for r in reports] == ["applied"]
        cases = world.take_in(commune, "worked")
        exchange.export_bundles(commune, base / "stick")
        reports = exchange.import_bundles(province, base / "stick")
        assert "applied" in {r.outcome for r in reports}
        assert "refused" not in {r.outcome for r in reports}
        assert province.ask(CountCases()) == about["cases"] + len(cases)
    finally:
        commune.close()
        province.close()


def test_a_vault_of_a_newer_program_is_refused_in_words_and_untouched(here) -> None:
    path = here(LATEST) / "commune"
    desk = world.unlock(path)
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE alembic_version SET version_num = '0999'")
    desk.close()
    before = (path / vaults.DATABASE).read_bytes()
    with pytest.raises(StoreNewer) as told:
        world.unlock(path)
    assert "phiên bản mới hơn" in str(told.value)
    assert (path / vaults.DATABASE).read_bytes() == before


def test_a_header_that_asks_for_a_newer_program_is_refused_before_any_key_is_made(here) -> None:
    path = here(LATEST) / "commune" / vault_header.FILE_NAME
    header = vault_header.read_header(path)
    unlocked = slots.unlock_with_password(header, world.LOGIN, world.PASSWORD)
    from dataclasses import replace

    newer = vault_header.seal_header(replace(header, schema_min=99), unlocked.dek)
    vault_header.write_header(path, newer, unlocked.dek)
    with pytest.raises(HeaderNewer) as told:
        world.unlock(path.parent)
    assert "phiên bản mới hơn" in str(told.value)
