"""Backup, erasing, restore and salvage on a full disk."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from desk.pages2 import world
from faults import tasks
from faults.test_store_faults import small_disk  # noqa: F401 - a fixture
from traffick_desk import i18n
from traffick_desk.services import backup, backup_copies, erasing, restore, salvage, vaults
from traffick_desk.services.erasure import ErasureRequests
from traffick_desk.store.errors import StoreError


def test_on_a_full_disk_nothing_is_half_done(
    office: Path,
    tmp_path: Path,
    small_disk: Path | None,  # noqa: F811 - the fixture
) -> None:
    if small_disk is None:
        pytest.skip("this machine allows no mount")
    i18n.set_language("en")
    folder = small_disk / "office"
    shutil.copytree(office, folder)
    place, vault = folder / "place", folder / "vault"
    names = sorted(p.name for p in folder.iterdir())
    first = backup_copies.look_for([place])
    filler = small_disk / "filler"

    def after() -> str:
        return tasks.after_erasing(folder, print)

    def fill(leave: int) -> None:
        filler.unlink(missing_ok=True)
        free = shutil.disk_usage(small_disk).free
        filler.write_bytes(bytes(max(0, free - leave)))

    # Backup: there is not even room for the copy.
    fill(300_000)
    desk = vaults.unlock(vault, world.LOGIN, world.PASSWORD, world.now)
    with pytest.raises(backup.BackupPlaceFull):
        backup.backup(desk, place)
    # It looked as if there were, and there is not.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "_room", lambda *_a: 1_000_000)
        with pytest.raises(backup.BackupPlaceFull):
            backup.backup(desk, place)
    assert backup_copies.look_for([place]) == first
    assert [p for p in place.iterdir() if p.name.startswith(".")] == []
    # Erasing: all of it or nothing; what is left to sweep is swept once there is room.
    request = desk.ask(ErasureRequests())[0].id
    with contextlib.suppress(StoreError):
        erasing.erase(desk, request)
    desk.close()
    filler.unlink()
    state = after()
    # Restore and salvage: nothing is left, and the vault is as it was.
    fill(300_000)
    for attempt in (
        lambda: restore.restore(
            first[0].copy.path, vault, world.LOGIN, world.PASSWORD, replacing=True
        ),
        lambda: salvage.salvage(vault, world.LOGIN, world.PASSWORD, [place]),
    ):
        with pytest.raises((restore.NoRoom, StoreError, OSError)):
            attempt()
        assert sorted(p.name for p in folder.iterdir()) == names
    filler.unlink()
    assert after() == state
