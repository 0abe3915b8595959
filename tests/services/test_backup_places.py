"""Where backups lie, which stay, when they are made, and how a vault comes back from them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conftest import NOW, PASSWORD, Make, take_in
from traffick_desk.domain.values import ICT
from traffick_desk.services import access, backup, backup_copies, restore, vaults
from traffick_desk.services.backup_copies import Copy, Note, too_many
from traffick_desk.services.queries import CountCases, Today
from traffick_desk.store.errors import StoreInUse
from traffick_desk.vault import recovery
from traffick_desk.vault.errors import RecoveryRefused

BLANK = Note("0" * 32, 0, 0, 0, 1, "0" * 64, "0" * 16, "2026-11-21T21:00+07:00", "0")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    place = tmp_path / "nơi sao lưu"
    place.mkdir()
    return place


# --- which copies stay ---------------------------------------------------------------------


def _copy(at: datetime, log: int) -> Copy:
    return Copy(Path(at.strftime("%Y%m%d-%H%M%S")), replace(BLANK, log=log))


def _kept(copies: list[Copy]) -> list[Copy]:
    gone = too_many(copies)
    return [copy for copy in copies if copy not in gone]


def test_twelve_days_ten_weeks_and_nine_months_are_kept() -> None:
    start = datetime(2026, 11, 21, 21, 0, tzinfo=ICT)
    copies = [_copy(start - timedelta(hours=6 * n), 5_000 - n) for n in range(4 * 500)]
    kept = _kept(copies)
    days = {c.path.name[:8] for c in kept}
    assert kept[:3] == copies[:3]
    assert {(start - timedelta(days=n)).strftime("%Y%m%d") for n in range(12)} <= days
    weeks = {c.made_at.isocalendar()[:2] for c in kept}
    assert {(start - timedelta(weeks=n)).isocalendar()[:2] for n in range(10)} <= weeks
    assert len({c.path.name[:6] for c in kept}) == 9
    assert len(kept) <= 3 + 12 + 10 + 9


@given(st.lists(st.integers(-4_000, 4_000), min_size=1, max_size=60))
def test_the_newest_three_stay_and_nothing_is_lost_by_thinning_twice(days: list[int]) -> None:
    # The clock goes as it likes; the log alone says which copy is newer.
    at = datetime(2026, 11, 21, tzinfo=ICT)
    copies = [_copy(at + timedelta(days=day, seconds=n), 1_000 - n) for n, day in enumerate(days)]
    kept = _kept(copies)
    assert kept[:3] == copies[:3]
    assert _kept(kept) == kept


# --- when ------------------------------------------------------------------------------------


def test_each_place_gets_its_copy_and_none_when_nothing_was_written(
    make: Make, second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    desk = make(backup_folder=second)
    take_in(desk, "E5")
    monkeypatch.setattr(backup, "_sticks", lambda: (stick,))
    assert [p.root for p in backup.places(desk)] == [second], "a stick nobody named is left alone"
    backup.name_stick(desk, stick)
    made = backup.automatic(desk, opened=True)
    assert [p.parent.parent for p in made] == [second, stick]
    assert backup.automatic(desk, opened=True) == ()
    assert not backup.due(desk)
    take_in(desk, "E7")
    assert len(backup.automatic(desk, opened=True)) == 2


def test_while_working_a_copy_comes_after_many_entries_or_four_hours(
    make: Make, second: Path
) -> None:
    desk = make(backup_folder=second)
    take_in(desk, "E5")
    backup.backup(desk)
    take_in(desk, "E2")
    written = backup.places(desk)[0].newest.note.changes
    with desk.context.store.read() as cursor:
        more = backup.backup_state.written(cursor) - written
    assert (len(backup.automatic(desk)) == 1) == (more >= backup.SOON_CHANGES)
    backup.automatic(desk, opened=True)
    assert backup.automatic(desk) == ()
    take_in(desk, "E3")
    desk.context.now = lambda: NOW + timedelta(hours=5)
    assert len(backup.automatic(desk)) == 1


def test_a_new_password_is_a_reason_for_a_new_copy(make: Make, second: Path) -> None:
    desk = make(backup_folder=second)
    backup.backup(desk)
    assert not backup.due(desk)
    access.change_password(desk, PASSWORD, "chín dòng sông chảy ra biển")
    assert backup.due(desk)


def test_a_full_place_is_said_with_the_room_it_takes_and_earlier_copies_stay(
    make: Make, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make(backup_folder=second)
    first = backup.backup(desk)
    usage = type(shutil.disk_usage(second))
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _p: usage(10**9, 10**9 - 5, 5))
    with pytest.raises(backup.BackupPlaceFull, match="MB"):
        backup.backup(desk)
    assert list(first.parent.iterdir()) == [first]


def test_one_place_that_refuses_does_not_keep_the_other_from_its_copy(
    make: Make, second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "usb"
    stick.mkdir()
    desk = make(backup_folder=second)
    backup.name_stick(desk, stick)
    monkeypatch.setattr(backup, "_sticks", lambda: (stick,))
    (second / f"td-{desk.info.vault_id[:8]}").write_text("a file where the folder should be")
    take_in(desk, "E5")
    with pytest.raises(backup.BackupNotWritten):
        backup.automatic(desk, opened=True)
    assert len(backup.copies(stick, desk.info.vault_id)) == 1


def test_today_reminds_after_fifty_entries_or_seven_days_and_not_before(
    make: Make, second: Path
) -> None:
    desk = make()

    def lines() -> list[str]:
        day = desk.context.now().date()
        return [i.text for i in desk.ask(Today(day)) if i.group == "backup"]

    assert lines() == []
    take_in(desk)
    assert len(lines()) == 1, "nine people are more than fifty entries"
    backup.backup(desk, second)
    assert lines() == []
    take_in(desk, "E5")
    assert lines() == []
    desk.context.now = lambda: NOW + timedelta(days=7)
    assert len(lines()) == 1


# --- coming back -----------------------------------------------------------------------------


def test_copies_are_found_on_a_stick_without_a_password(make: Make, second: Path) -> None:
    desk = make(backup_folder=second, label="Một cửa")
    take_in(desk, "E5")
    copy = backup.backup(desk)
    (found,) = backup_copies.look_for([second])
    assert (found.copy.path, found.label, found.logins) == (copy, "Một cửa", ("huong",))
    assert found.has_recovery
    assert backup.sound(found.copy)
    with (copy / vaults.DATABASE).open("r+b") as stream:
        stream.seek(5_000)
        stream.write(b"\0" * 16)
    assert backup.sound(found.copy) is False
    assert restore.newest_in(second) == copy
    with pytest.raises(restore.NoCopyHere):
        restore.newest_in(copy.parent.parent.parent / "empty")


def test_a_damaged_copy_is_refused_and_nothing_is_left(
    make: Make, second: Path, tmp_path: Path
) -> None:
    desk = make(backup_folder=second)
    take_in(desk, "E5")
    copy = backup.backup(desk)
    size = (copy / vaults.DATABASE).stat().st_size
    with (copy / vaults.DATABASE).open("r+b") as stream:
        stream.seek(size - 2_000)
        stream.write(b"\xff" * 16)
    with pytest.raises(restore.CopyDamaged):
        restore.restore(copy, tmp_path / "new" / "vault", "huong", PASSWORD)
    assert list((tmp_path / "new").iterdir()) == []


def test_the_recovery_code_restores_and_sets_a_new_password(
    make: Make, second: Path, tmp_path: Path
) -> None:
    desk = make(backup_folder=second)
    code = access.renew_recovery_code(desk, PASSWORD)
    take_in(desk, "E5")
    copy = backup.backup(desk)
    new = "chín dòng sông chảy ra biển"
    with pytest.raises(RecoveryRefused):
        restore.restore_with_code(copy, tmp_path / "x", recovery.generate(), "huong", new)
    restored = restore.restore_with_code(copy, tmp_path / "x", code, "huong", new)
    assert restored.ask(CountCases()) == 1
    restored.close()
    vaults.unlock(tmp_path / "x", "huong", new).close()


def test_restoring_over_a_vault_puts_it_aside_whole(
    make: Make, second: Path, tmp_path: Path
) -> None:
    desk = make("commune", backup_folder=second)
    take_in(desk, "E5")
    copy = backup.backup(desk)
    take_in(desk, "E7")
    path = desk.info.vault_path
    with pytest.raises(vaults.VaultExists):
        restore.restore(copy, path, "huong", PASSWORD)
    with pytest.raises(StoreInUse):
        restore.restore(copy, path, "huong", PASSWORD, replacing=True)
    desk.close()
    restored = restore.restore(copy, path, "huong", PASSWORD, replacing=True)
    assert restored.ask(CountCases()) == 1
    restored.close()
    (aside,) = [p for p in tmp_path.iterdir() if p.name.startswith("commune.")]
    before = vaults.unlock(aside, "huong", PASSWORD)
    assert before.ask(CountCases()) == 2
    before.close()


@pytest.mark.parametrize("moved", [False, True])
def test_an_exchange_cut_short_is_before_or_after(
    make: Make, tmp_path: Path, *, moved: bool
) -> None:
    old, new = make("old"), make("new")
    take_in(new, "E5")
    for desk in (old, new):
        desk.close()
    path = tmp_path / "old"
    (tmp_path / "new").replace(vaults.restored(path))
    if moved:
        path.replace(tmp_path / "aside")
    vaults.peek(path)
    assert not vaults.restored(path).exists()
    desk = vaults.unlock(path, "huong", PASSWORD)
    assert desk.ask(CountCases()) == int(moved)
    desk.close()
