"""An older vault file put back: refused where it would open a closed way, taken where not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.conftest import COMMUNE, NOW, PASSWORD
from traffick_desk.services import access, officers, vaults
from traffick_desk.services.verify import verify
from traffick_desk.vault import header as vault_header
from traffick_desk.vault.errors import HeaderRolledBack, UnlockRefused
from traffick_desk.vault.kdf import FLOOR

FRESH = "năm chiếc lá rơi xuống sông"


@pytest.fixture
def vault(tmp_path: Path) -> tuple[Path, str]:
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    created = vaults.create(tmp_path / "v", new, lambda: NOW)
    created.desk.close()
    shutil.copyfile(_file(tmp_path / "v"), tmp_path / "before.json")
    return tmp_path / "v", created.recovery_code


def _file(path: Path) -> Path:
    return path / vault_header.FILE_NAME


def _put_back(path: Path) -> None:
    shutil.copyfile(path.parent / "before.json", _file(path))


def test_the_old_password_does_not_come_back_with_the_old_file(vault: tuple[Path, str]) -> None:
    path, code = vault
    desk = vaults.unlock(path, "huong", PASSWORD)
    access.change_password(desk, PASSWORD, FRESH)
    desk.close()
    _put_back(path)
    with pytest.raises(HeaderRolledBack):
        vaults.unlock(path, "huong", PASSWORD)
    # The printed code is still in force, so nobody is locked out for good.
    vaults.unlock_with_recovery(path, code, "huong", "bảy con cá bơi ngược dòng").close()
    vaults.unlock(path, "huong", "bảy con cá bơi ngược dòng").close()


def test_the_old_recovery_code_does_not_come_back_either(vault: tuple[Path, str]) -> None:
    path, code = vault
    desk = vaults.unlock(path, "huong", PASSWORD)
    access.renew_recovery_code(desk, PASSWORD)
    desk.close()
    _put_back(path)
    before = _file(path).read_bytes()
    with pytest.raises(HeaderRolledBack):
        vaults.unlock_with_recovery(path, code, "huong", FRESH)
    assert _file(path).read_bytes() == before
    vaults.unlock(path, "huong", PASSWORD).close()


def test_an_older_file_that_opens_a_way_in_force_is_taken_and_noted(
    vault: tuple[Path, str],
) -> None:
    path, _code = vault
    desk = vaults.unlock(path, "huong", PASSWORD)
    officers.add(desk, PASSWORD, officers.NewOfficer("Lò Văn Tám", "tam", FRESH, "officer"))
    desk.close()
    vaults.unlock(path, "tam", FRESH).close()
    newest = vault_header.read_header(_file(path)).generation
    _put_back(path)
    desk = vaults.unlock(path, "huong", PASSWORD)
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM audit WHERE action = 'vault.header-older'")
        assert cursor.fetchone()[0] == 1
    assert verify(desk).intact
    desk.close()
    assert vault_header.read_header(_file(path)).generation > newest
    with pytest.raises(UnlockRefused):
        vaults.unlock(path, "tam", FRESH)
    vaults.unlock(path, "huong", PASSWORD).close()
