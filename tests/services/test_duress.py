"""The password for an emergency opens practice; nobody can tell whether there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.conftest import NOW, PASSWORD, Make
from traffick_desk.services import access, backup, duress, practice, vaults
from traffick_desk.vault.errors import UnlockRefused

EMERGENCY = "trời mưa"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Practice, made once."""
    place = practice.Place(tmp_path_factory.mktemp("practice") / vaults.PRACTICE)
    practice.make(place, lambda: NOW)
    return place.root


@pytest.fixture
def desk(make: Make, made: Path):
    import shutil

    one = make()
    shutil.copytree(made, practice.beside(one.info.vault_path).root)
    return one


def test_it_opens_practice_and_the_real_vault_stays_shut(desk) -> None:
    path = desk.info.vault_path
    assert not duress.is_set(desk)
    duress.set_password(desk, PASSWORD, EMERGENCY)
    assert duress.is_set(desk)
    desk.close()
    before = (path / "vault.json").read_bytes(), (path / vaults.DATABASE).read_bytes()
    opened = duress.unlock(path, " HUONG ", EMERGENCY, lambda: NOW)
    assert opened.info.practice
    opened.close()
    assert before == ((path / "vault.json").read_bytes(), (path / vaults.DATABASE).read_bytes())
    real = duress.unlock(path, "huong", PASSWORD, lambda: NOW)
    assert not real.info.practice
    real.close()
    for login, password in (("huong", "trời nắng"), ("lan", EMERGENCY), ("huong", "")):
        with pytest.raises(UnlockRefused):
            duress.unlock(path, login, password)


def test_what_was_removed_opens_nothing(desk) -> None:
    duress.set_password(desk, PASSWORD, EMERGENCY)
    duress.set_password(desk, PASSWORD, "trời nắng")
    path = desk.info.vault_path
    assert not duress.matches(path, "huong", EMERGENCY), "one is enough"
    assert duress.matches(path, "huong", "trời nắng")
    duress.remove(desk)
    assert not duress.is_set(desk)
    assert not duress.matches(path, "huong", "trời nắng")


@pytest.mark.parametrize("emergency", [PASSWORD, "ngắn", ""])
def test_it_is_neither_short_nor_the_own_one(desk, emergency: str) -> None:
    with pytest.raises(duress.DuressRefused):
        duress.set_password(desk, PASSWORD, emergency)


def test_it_needs_the_own_password(desk) -> None:
    with pytest.raises(access.WrongPassword):
        duress.set_password(desk, "sai mật khẩu rồi nhé", EMERGENCY)


def test_every_vault_has_the_same_file_whether_it_is_set_or_not(desk, make: Make) -> None:
    """Same name, size, head and mode; and the records look random: no byte value stands out."""
    other = make("commune-2")
    duress.set_password(desk, PASSWORD, EMERGENCY)
    files = [d.info.vault_path / duress.FILE for d in (desk, other)]
    with_one, without = (f.read_bytes() for f in files)
    assert len(with_one) == len(without) == duress._WHOLE
    assert with_one[:12] == without[:12], "what a guess costs"
    assert files[0].stat().st_mode == files[1].stat().st_mode
    names = [sorted(p.name for p in d.info.vault_path.iterdir()) for d in (desk, other)]
    assert names[0] == names[1]
    assert min(len(set(data[28:])) for data in (with_one, without)) > 180


@pytest.mark.parametrize("content", [b"", b"x" * 284, b"\xff" * 540])
def test_a_damaged_file_opens_nothing_and_can_be_set_anew(desk, content: bytes) -> None:
    path = desk.info.vault_path
    (path / duress.FILE).write_bytes(content)
    assert not duress.matches(path, "huong", EMERGENCY)
    duress.set_password(desk, PASSWORD, EMERGENCY)
    assert duress.matches(path, "huong", EMERGENCY)


def test_a_restored_vault_does_not_claim_to_have_one(desk, tmp_path: Path) -> None:
    duress.set_password(desk, PASSWORD, EMERGENCY)
    (tmp_path / "place").mkdir()
    copy = backup.backup(desk, tmp_path / "place")
    restored = backup.restore(copy, tmp_path / "new", "huong", PASSWORD)
    try:
        assert not duress.is_set(restored)
    finally:
        restored.close()
