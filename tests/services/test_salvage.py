"""A damaged vault is rebuilt from what can be read, and what could not be saved is said."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

import templates
from services.conftest import COMMUNE, NOW, PASSWORD, Make, take_in
from services.test_backup import _link
from traffick_desk.services import backup, exchange, salvage, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.queries import CountCases, OpenCase
from traffick_desk.services.verify import verify
from traffick_desk.store import damage, documents
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.vault.errors import UnlockRefused
from traffick_desk.vault.kdf import FLOOR

PAGE = 4096


def spoil(file: Path, pages: list[int]) -> None:
    """Turn some bytes of these pages (from 1) over."""
    with file.open("r+b") as stream:
        for number in pages:
            stream.seek((number - 1) * PAGE + 700)
            found = stream.read(64)
            stream.seek((number - 1) * PAGE + 700)
            stream.write(bytes(byte ^ 0xFF for byte in found))


def pages_of(file: Path) -> int:
    return file.stat().st_size // PAGE


def refs(desk: Desk) -> set[str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT device || '.' || seq FROM journal")
        return {ref for (ref,) in cursor.fetchall()}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Folder of a closed vault with nine people and a document, and its changes; made once."""
    path = tmp_path_factory.mktemp("original") / "vault"
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    desk = templates.vault(path, new, lambda: NOW)
    ids = take_in(desk)
    with desk.context.store.work() as work:
        documents.keep(work.cursor, random.Random(1).randbytes(300_000))
    assert len(ids) > 5
    found = refs(desk)
    desk.close()
    return path, found


@pytest.fixture
def filled(original: tuple[Path, set[str]], tmp_path: Path) -> tuple[Path, set[str], Path]:
    """A copy of it, its changes, and a place for backups."""
    place = tmp_path / "place"
    place.mkdir()
    shutil.copytree(original[0], tmp_path / "vault")
    return tmp_path / "vault", original[1], place


def test_with_a_backup_nothing_is_lost_whatever_page_is_damaged(
    filled: tuple[Path, set[str], Path], tmp_path: Path
) -> None:
    path, changes, place = filled
    desk = vaults.unlock(path, "huong", PASSWORD)
    backup.backup(desk, place)
    desk.close()
    chance = random.Random(20261128)
    count = pages_of(path / vaults.DATABASE)
    for turn in range(3):
        folder = tmp_path / f"v{turn}"
        shutil.copytree(path, folder)
        # The first page at one turn: then the file does not open at all.
        hurt = [1] if turn == 0 else chance.sample(range(2, count), 12)
        spoil(folder / vaults.DATABASE, hurt)
        saved, report = salvage.salvage(folder, "huong", PASSWORD, [place])
        assert refs(saved) == changes
        assert not report.lost
        assert not report.documents_lost
        checked = verify(saved)
        assert checked.intact, checked.lines
        saved.close()
        assert [p for p in tmp_path.iterdir() if p.name.startswith(f"v{turn}.")]


def test_without_a_backup_what_can_be_read_is_saved_and_the_rest_is_counted(
    filled: tuple[Path, set[str], Path], tmp_path: Path
) -> None:
    path, changes, _place = filled
    chance = random.Random(7)
    count = pages_of(path / vaults.DATABASE)
    partly = 0
    for turn in range(3):
        folder = tmp_path / f"w{turn}"
        shutil.copytree(path, folder)
        spoil(folder / vaults.DATABASE, chance.sample(range(2, count), 8))
        saved, report = salvage.salvage(folder, "huong", PASSWORD)
        left = refs(saved)
        assert left <= changes
        missing = changes - left
        assert {f"{d}.{n}" for d, gone in report.lost.items() for n in gone} == missing
        assert report.from_vault == len(left)
        assert report.whole or len(report.lines()) > 1
        # What is left is sound and can be worked with.
        saved.context.store.check()
        take_in(saved, "E5")
        saved.close()
        partly += bool(missing)
    assert partly, "else nothing was tested"


def test_what_the_province_sent_comes_back_from_the_stick(make: Make, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    commune, province = make("commune"), make("province")
    _link(commune, province, stick)
    take_in(commune, "E5")
    old = backup.backup(commune, stick)
    exchange.export_bundles(commune, stick)
    exchange.import_bundles(province, stick)
    from traffick_desk.services.commands import SaveRecords
    from traffick_desk.store.journal import Edit

    with province.context.store.read() as cursor:
        cursor.execute("SELECT id FROM r_case")
        case = cursor.fetchone()[0]
    note = {"case": case, "text": "Từ tỉnh", "at": "2026-11-21T21:00+07:00"}
    province.do(SaveRecords((Edit("note", "n" * 32, note),)))
    exchange.export_bundles(province, stick)
    exchange.import_bundles(commune, stick)
    path = commune.info.vault_path
    commune.close()
    spoil(path / vaults.DATABASE, list(range(1, pages_of(path / vaults.DATABASE) + 1)))
    saved, report = salvage.salvage(path, "huong", PASSWORD, [stick])
    assert report.from_vault == 0
    assert report.from_bundles >= 1
    assert [n.get("text") for n in saved.ask(OpenCase(case)).of("note")].count("Từ tỉnh") == 1
    saved.close()
    assert old.exists()


def test_nothing_readable_anywhere_changes_nothing(
    filled: tuple[Path, set[str], Path], tmp_path: Path
) -> None:
    path, _changes, _place = filled
    with pytest.raises(UnlockRefused):
        salvage.salvage(path, "huong", "sai mật khẩu hoàn toàn")
    spoil(path / vaults.DATABASE, list(range(1, pages_of(path / vaults.DATABASE) + 1)))
    before = {p.name: p.read_bytes() for p in path.iterdir()}
    with pytest.raises(salvage.NothingToSalvage):
        salvage.salvage(path, "huong", PASSWORD)
    assert {p.name: p.read_bytes() for p in path.iterdir()} == before
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".")] == []


def test_a_salvaged_vault_is_a_new_device(filled: tuple[Path, set[str], Path]) -> None:
    path, changes, _place = filled
    before = vaults.unlock(path, "huong", PASSWORD)
    device, cases = before.info.device, before.ask(CountCases())
    before.close()
    saved, report = salvage.salvage(path, "huong", PASSWORD)
    assert report.whole, report.lines()
    assert saved.info.device != device
    assert saved.ask(CountCases()) == cases
    assert refs(saved) == changes
    saved.close()


# --- looking ---------------------------------------------------------------------------------


def test_a_check_in_pieces_names_every_damaged_page_and_can_be_taken_up_again(
    filled: tuple[Path, set[str], Path],
) -> None:
    path, _changes, _place = filled
    desk = vaults.unlock(path, "huong", PASSWORD)
    file = path / vaults.DATABASE
    checking = desk.context.store.checking()
    wrong, done = checking.step(40)
    assert (wrong, done, checking.position) == ([], False, 40)
    desk.close()
    hurt = sorted(random.Random(3).sample(range(41, pages_of(file)), 5))
    spoil(file, hurt)
    desk_key = vaults.key_source(_dek(path))
    again = damage.Checking(file, desk_key, checking.position)
    found: list[int] = []
    done = False
    while not done:
        wrong, done = again.step(50)
        found += wrong
    assert found == hurt


def _dek(path: Path) -> bytearray:
    from traffick_desk.vault import header as vault_header
    from traffick_desk.vault import slots

    header = vault_header.read_header(path / vault_header.FILE_NAME)
    return slots.unlock_with_password(header, "huong", PASSWORD).dek


def test_a_damaged_vault_can_be_read_and_not_written(filled: tuple[Path, set[str], Path]) -> None:
    from traffick_desk.services import self_check
    from traffick_desk.store.errors import StoreDamaged

    path, _changes, _place = filled
    desk = vaults.unlock(path, "huong", PASSWORD)
    cases = desk.ask(CountCases())
    # The last pages are of documents: the cases can still be read.
    desk.context.store.close()
    spoil(path / vaults.DATABASE, [pages_of(path / vaults.DATABASE) - 3])
    result = None
    while result is None or not result.done:
        result = self_check.go_on(desk, pages=500)
    assert not result.sound
    assert desk.ask(CountCases()) == cases
    with pytest.raises(StoreDamaged):
        take_in(desk, "E5")
    desk.close()


def test_a_file_that_cannot_be_begun_is_told_before_anything_is_built_on_it(
    filled: tuple[Path, set[str], Path],
) -> None:
    path, _changes, _place = filled
    spoil(path / vaults.DATABASE, [1])
    with pytest.raises(StoreUnreadable):
        vaults.unlock(path, "huong", PASSWORD)
    assert not damage.quick(path / vaults.DATABASE, vaults.key_source(_dek(path)))
