from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.conftest import COMMUNE, PASSWORD, Make, take_in
from traffick_desk.services import access, vaults
from traffick_desk.services.queries import CountCases
from traffick_desk.services.verify import verify
from traffick_desk.store.errors import StoreInUse, StoreUnreadable
from traffick_desk.vault.errors import (
    HeaderDamaged,
    HeaderMissing,
    HeaderNewer,
    RecoveryRefused,
    UnlockRefused,
)
from traffick_desk.vault.kdf import FLOOR


def _new(**more: object) -> vaults.NewVault:
    fields = {"profile": "commune", "unit": COMMUNE, "officer_name": "Nguyễn Thị Hương",
              "login": "huong", "password": PASSWORD, "kdf": FLOOR}  # fmt: skip
    return vaults.NewVault(**{**fields, **more})  # type: ignore[arg-type]


def test_the_recovery_code_opens_the_vault_and_gives_a_new_password(tmp_path: Path) -> None:
    path = tmp_path / "v"
    created = vaults.create(path, _new())
    created.desk.close()
    fresh = "năm chiếc lá rơi xuống sông"
    desk = vaults.unlock_with_recovery(path, created.recovery_code.lower(), "huong", fresh)
    desk.close()
    with pytest.raises(UnlockRefused):
        vaults.unlock(path, "huong", PASSWORD)
    vaults.unlock(path, "huong", fresh).close()


def test_unknown_officer_and_wrong_password_get_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "v"
    vaults.create(path, _new()).desk.close()
    with pytest.raises(UnlockRefused) as wrong:
        vaults.unlock(path, "huong", "sai mật khẩu rồi nhé")
    with pytest.raises(UnlockRefused) as unknown:
        vaults.unlock(path, "khong-co", PASSWORD)
    assert str(wrong.value) == str(unknown.value)


def test_a_weak_password_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(vaults.WeakPassword):
        vaults.create(tmp_path / "v", _new(password="huong12345678"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "ảnh.jpg").write_bytes(b"x")
    with pytest.raises(vaults.VaultExists):
        vaults.create(tmp_path / "v", _new())
    assert [p.name for p in (tmp_path / "v").iterdir()] == ["ảnh.jpg"]


def test_a_vault_that_failed_while_it_was_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError("the disk refused")

    monkeypatch.setattr("traffick_desk.vault.header.write_header", refuse)
    with pytest.raises(OSError, match="refused"):
        vaults.create(tmp_path / "v", _new())
    assert list(tmp_path.iterdir()) == []


def test_a_second_start_on_the_same_vault_is_refused_in_words(make: Make) -> None:
    desk = make()
    with pytest.raises(StoreInUse, match="đang mở"):
        vaults.unlock(desk.info.vault_path, "huong", PASSWORD)
    assert desk.ask(CountCases()) == 0


def test_a_vault_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "v"
    vaults.create(path, _new()).desk.close()
    header = path / "vault.json"
    header.write_bytes(header.read_bytes().replace(b'"format":1', b'"format":2'))
    before = (path / "vault.db").read_bytes()
    with pytest.raises(HeaderNewer):
        vaults.unlock(path, "huong", PASSWORD)
    assert (path / "vault.db").read_bytes() == before


def test_no_vault_and_a_damaged_header_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(HeaderMissing):
        vaults.peek(tmp_path)
    path = tmp_path / "v"
    vaults.create(path, _new()).desk.close()
    (path / "vault.json").write_bytes(b"{")
    with pytest.raises(HeaderDamaged):
        vaults.peek(path)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_a_damaged_data_file_is_never_replaced_by_an_empty_one(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "v"
    vaults.create(path, _new()).desk.close()
    database = path / "vault.db"
    whole = database.read_bytes()
    if damage == "missing":
        database.unlink()
    else:
        cut = {"empty": b"", "cut": whole[:5000], "other": bytes(len(whole))}[damage]
        database.write_bytes(cut)
    with pytest.raises(StoreUnreadable):
        vaults.unlock(path, "huong", PASSWORD)
    database.write_bytes(whole)
    vaults.unlock(path, "huong", PASSWORD).close()


def test_the_recovery_code_of_another_vault_opens_nothing(tmp_path: Path) -> None:
    one = vaults.create(tmp_path / "a", _new())
    other = vaults.create(tmp_path / "b", _new())
    one.desk.close()
    other.desk.close()
    with pytest.raises(RecoveryRefused):
        vaults.unlock_with_recovery(tmp_path / "a", other.recovery_code, "huong", PASSWORD + " x")


def test_an_old_data_file_put_back_is_found_by_the_head_in_the_header(make: Make) -> None:
    desk = make()
    path = desk.info.vault_path
    take_in(desk, "E5")
    desk.close()
    old = path.with_name("old.db")
    shutil.copy(path / "vault.db", old)
    again = vaults.unlock(path, "huong", PASSWORD)
    take_in(again, "E2")
    again.close()
    shutil.copy(old, path / "vault.db")
    back = vaults.unlock(path, "huong", PASSWORD)
    report = verify(back)
    back.close()
    assert not report.intact


def test_changes_cut_off_the_end_of_the_journal_are_found(make: Make) -> None:
    desk = make()
    path = desk.info.vault_path
    take_in(desk, "E5")
    desk.close()
    again = vaults.unlock(path, "huong", PASSWORD)
    assert verify(again).intact
    with again.context.store.work() as work:
        work.cursor.execute("DELETE FROM journal WHERE pos = (SELECT max(pos) FROM journal)")
    report = verify(again)
    assert not report.intact
    assert any(again.info.device not in line and "không khớp" in line for line in report.lines)
    again.close()


def test_a_changed_password_replaces_the_old_one(make: Make) -> None:
    desk = make()
    fresh = "bảy ngọn núi phủ đầy mây"
    with pytest.raises(access.WrongPassword):
        access.change_password(desk, "không phải đâu", fresh)
    access.change_password(desk, PASSWORD, fresh)
    desk.close()
    with pytest.raises(UnlockRefused):
        vaults.unlock(desk.info.vault_path, "huong", PASSWORD)
    vaults.unlock(desk.info.vault_path, "huong", fresh).close()


def test_a_closed_vault_holds_no_name_in_clear(make: Make) -> None:
    desk = make()
    take_in(desk)
    path = desk.info.vault_path
    desk.close()
    needles = [n for name in ("Đặng Thị Hoà", "Sokha", "Vàng Thị Dợ")
               for n in (name.encode(), name.encode("utf-16-le"))]  # fmt: skip
    for file in path.iterdir():
        data = file.read_bytes()
        assert not any(needle in data for needle in needles), file.name
