from __future__ import annotations

from pathlib import Path

import pytest

from services.conftest import NOW, PASSWORD, Make, take_in
from traffick_desk.services import backup, exchange, vaults
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.queries import CountCases, OpenCase, RefreshCase
from traffick_desk.services.verify import verify
from traffick_desk.store.journal import Edit
from traffick_desk.vault.errors import UnlockRefused


@pytest.fixture
def second_place(tmp_path: Path) -> Path:
    place = tmp_path / "nơi sao lưu"
    place.mkdir()
    return place


def _link(commune, province, stick: Path) -> None:
    path, words = exchange.write_request(commune, stick)
    request = exchange.read_request(province, path)
    assert request.words == words
    exchange.install(
        commune, exchange.read_certificate(commune, exchange.accept(province, request, stick))
    )


def test_a_backup_opens_on_another_pc_with_all_that_was_in_it(
    make: Make, second_place: Path, tmp_path: Path
) -> None:
    desk = make(backup_folder=second_place)
    ids = take_in(desk, "E5", "E7")
    before = desk.ask(OpenCase(ids["E5"][0])).records
    copy = backup.backup(desk)
    restored = backup.restore(copy, tmp_path / "máy mới", "huong", PASSWORD)
    assert restored.ask(OpenCase(ids["E5"][0])).records == before
    assert verify(restored).intact
    restored.close()


def test_a_restored_vault_is_a_new_device_and_its_file_numbers_collide_with_none(
    make: Make, second_place: Path, tmp_path: Path
) -> None:
    desk = make(backup_folder=second_place)
    take_in(desk, "E5")
    copy = backup.backup(desk)
    lost = desk.ask(RefreshCase(take_in(desk, "E2")["E2"][0])).row.file_no
    restored = backup.restore(copy, tmp_path / "máy mới", "huong", PASSWORD)
    assert restored.info.device != desk.info.device
    new = restored.ask(RefreshCase(take_in(restored, "E3")["E3"][0])).row.file_no
    assert new != lost
    restored.close()


def test_what_the_lost_pc_never_sent_reaches_the_province_from_the_restored_one(
    make: Make, second_place: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    commune, province = make(backup_folder=second_place), make("province")
    _link(commune, province, stick)
    take_in(commune, "E5")
    exchange.export_bundles(commune, stick)
    exchange.import_bundles(province, stick)
    take_in(commune, "E7")  # in the backup, never sent
    copy = backup.backup(commune)
    commune.close()
    restored = backup.restore(copy, tmp_path / "máy mới", "huong", PASSWORD)
    _link(restored, province, stick)
    take_in(restored, "E9")
    exchange.export_bundles(restored, stick)
    exchange.import_bundles(province, stick)
    assert province.ask(CountCases()) == 3
    restored.close()


def test_a_backup_needs_the_password(make: Make, second_place: Path, tmp_path: Path) -> None:
    desk = make(backup_folder=second_place)
    copy = backup.backup(desk)
    with pytest.raises(UnlockRefused):
        backup.restore(copy, tmp_path / "x", "huong", "mật khẩu khác hẳn")
    assert not (tmp_path / "x").exists()


def test_a_place_that_is_gone_is_said_and_nothing_is_left(make: Make, tmp_path: Path) -> None:
    desk = make(backup_folder=tmp_path / "không cắm")
    assert not backup.due(desk)
    with pytest.raises(backup.NoBackupPlace):
        backup.backup(desk)


def test_a_backup_is_due_only_after_something_was_written(make: Make, second_place: Path) -> None:
    desk = make(backup_folder=second_place)
    case_id, person_id = take_in(desk, "E5")["E5"]
    assert backup.due(desk)
    backup.backup(desk)
    assert not backup.due(desk)
    desk.do(SaveRecords((Edit("person", person_id, {"phone": "0912 345 678"}),)))
    assert backup.due(desk)
    assert backup.made_at(desk) is not None
    assert case_id


def test_old_copies_are_thinned_and_foreign_files_stay(
    make: Make, second_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(backup_folder=second_place)
    for name, most in (("DAILY", 1), ("WEEKLY", 1), ("MONTHLY", 1), ("NEWEST", 2)):
        monkeypatch.setattr(backup.backup_copies, name, most)
    first = backup.backup(desk)
    (first.parent / "ghi chú.txt").write_text("giữ lại")
    for name in ("20200101-000000", "20200102-000000"):
        (first.parent / name).mkdir()
    backup.backup(desk, second_place) if not first.exists() else None
    desk.context.now = lambda: vaults.datetime(2027, 1, 1, tzinfo=NOW.tzinfo)
    newest = backup.backup(desk)
    left = backup.copies(second_place, desk.info.vault_id)
    assert left == [newest, first]
    assert (first.parent / "ghi chú.txt").exists()


def test_a_copy_that_cannot_be_written_leaves_the_earlier_ones(
    make: Make, second_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(backup_folder=second_place)
    first = backup.backup(desk)

    def refuse(*_args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backup.shutil, "copyfile", refuse)
    with pytest.raises(backup.BackupNotWritten):
        backup.backup(desk)
    assert list(first.parent.iterdir()) == [first]
