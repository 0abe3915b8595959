"""Officers of one desk: letting in, roles, and closing the way for one who leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.conftest import COMMUNE, NOW, PASSWORD, Make, take_in
from traffick_desk.services import backup, officers, vaults
from traffick_desk.services.access import WrongPassword
from traffick_desk.services.base import Desk
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.handover import OfficersInCharge
from traffick_desk.services.officers import NewOfficer, OfficersOfDesk, SetRole, add, dismiss
from traffick_desk.services.queries import ListCases, OpenCase, Today
from traffick_desk.services.roles import LEFT, OF_PROFILE, PERMISSIONS, ROLES
from traffick_desk.services.vaults import WeakPassword
from traffick_desk.services.verify import verify
from traffick_desk.store.copies import opens
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.errors import LoginTaken, UnlockRefused
from traffick_desk.vault.kdf import FLOOR as FAST

HERS = "chín dòng sông chảy ra biển"


def let_in(desk: Desk, name: str = "Lò Văn Đào", login: str = "dao", role: str = "officer") -> str:
    return add(desk, PASSWORD, NewOfficer(name, login, HERS, role))


def opened(path: Path, login: str = "huong", password: str = PASSWORD) -> Desk:
    return vaults.unlock(path, login, password, lambda: NOW)


def test_a_second_officer_opens_the_same_cases_with_her_own_password(make: Make) -> None:
    desk = make()
    cases = take_in(desk)
    let_in(desk)
    desk.close()
    hers = opened(desk.info.vault_path, "dao", HERS)
    assert hers.info.officer_name == "Lò Văn Đào"
    assert hers.info.role == "officer"
    assert len(hers.ask(ListCases())) == len(cases)
    assert "Lò Văn Đào" in hers.ask(OfficersInCharge()).names
    hers.close()


def test_a_clerk_opens_the_desk_and_no_case(make: Make) -> None:
    desk = make()
    case_id = next(iter(take_in(desk).values()))[0]
    let_in(desk, role="clerk")
    desk.close()
    clerk = opened(desk.info.vault_path, "dao", HERS)
    for query in (ListCases(), OpenCase(case_id), Today()):
        with pytest.raises(NotAllowed):
            clerk.ask(query)
    with pytest.raises(NotAllowed):
        add(clerk, HERS, NewOfficer("Một Người", "mot", HERS, "officer"))
    assert "Lò Văn Đào" not in clerk.info.role
    clerk.close()
    desk = opened(desk.info.vault_path)
    assert "Lò Văn Đào" not in desk.ask(OfficersInCharge()).names
    desk.close()


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewOfficer("Nguyễn Thị  Hương", "khac", HERS, "officer"), officers.OfficerKnown),
        (NewOfficer("Lò Văn Đào", "huong", HERS, "officer"), officers.OfficerKnown),
        (NewOfficer("Lò Văn Đào", "HUONG", HERS, "officer"), LoginTaken),
        (NewOfficer("  ", "dao", HERS, "officer"), officers.OfficerKnown),
        (NewOfficer("Lò Văn Đào", " ", HERS, "officer"), officers.OfficerKnown),
        (NewOfficer("Lò Văn Đào", "dao", "dao12345", "officer"), WeakPassword),
        (NewOfficer("Lò Văn Đào", "dao", HERS, "lead"), officers.RoleUnknown),
        (NewOfficer("Lò Văn Đào", "dao", HERS, LEFT), officers.RoleUnknown),
    ],
)
def test_what_cannot_be_let_in_changes_nothing(
    desk: Desk, new: NewOfficer, error: type[Exception]
) -> None:
    before = desk.ask(OfficersOfDesk())
    file = desk.info.vault_path / vault_header.FILE_NAME
    header = file.read_bytes()
    with pytest.raises(error):
        add(desk, PASSWORD, new)
    assert desk.ask(OfficersOfDesk()) == before
    assert file.read_bytes() == header


def test_a_wrong_password_of_her_own_lets_nobody_in(desk: Desk) -> None:
    with pytest.raises(WrongPassword):
        add(desk, HERS, NewOfficer("Lò Văn Đào", "dao", HERS, "officer"))
    assert len(desk.ask(OfficersOfDesk())) == 1


def test_a_header_that_cannot_be_written_leaves_no_officer_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(vault_header, "_put", full)
    with pytest.raises(vault_header.HeaderNotWritten):
        let_in(desk)
    assert len(desk.ask(OfficersOfDesk())) == 1


def test_once_there_is_a_chair_she_alone_looks_after_the_officers(make: Make) -> None:
    desk = make()
    chair = let_in(desk, "Bế Thị Chủ", "chu", "chair")
    with pytest.raises(NotAllowed):
        let_in(desk)
    with pytest.raises(NotAllowed):
        desk.do(SetRole(chair, "clerk"))
    desk.close()
    hers = opened(desk.info.vault_path, "chu", HERS)
    mine = next(o for o in hers.ask(OfficersOfDesk()) if o.login == "huong")
    hers.do(SetRole(mine.officer_id, "clerk"))
    with pytest.raises(officers.NotOneself):
        hers.do(SetRole(chair, "officer"))
    with pytest.raises(officers.RoleUnknown):
        hers.do(SetRole(mine.officer_id, "lead"))
    with pytest.raises(officers.OfficerUnknown):
        hers.do(SetRole("0" * 16, "clerk"))
    hers.close()
    desk = opened(desk.info.vault_path)
    assert desk.info.role == "clerk"
    desk.close()


def test_who_leaves_opens_nothing_and_everything_else_is_as_before(make: Make) -> None:
    desk = make()
    cases = take_in(desk)
    gone = let_in(desk)
    path, file = desk.info.vault_path, desk.info.vault_path / vault_header.FILE_NAME
    desk.close()
    # What she could have kept: her password, the header of that day, and the key itself.
    kept = path.parent / "kept"
    kept.mkdir()
    shutil.copyfile(file, kept / file.name)
    key = slots.unlock_with_password(vault_header.read_header(file), "dao", HERS).dek
    before = (path / vaults.DATABASE).read_bytes()

    officer = dismiss(path, "huong", PASSWORD, gone, lambda: NOW)

    assert officer.name == "Lò Văn Đào"
    assert not (path / vaults.REENCRYPTED).exists()
    with pytest.raises(UnlockRefused):
        opened(path, "dao", HERS)
    assert not opens(path / vaults.DATABASE, vaults.key_source(key))
    shutil.copyfile(kept / file.name, path / "vault.json.hers")
    for name in (file.name, f"{file.name}.old"):
        if (path / name).exists():
            with pytest.raises(UnlockRefused):
                slots.unlock_with_password(vault_header.read_header(path / name), "dao", HERS)
    # Not one page of the file before is in the file now.
    after = (path / vaults.DATABASE).read_bytes()
    pages = {before[at : at + 4096] for at in range(0, len(before), 4096)}
    assert not any(after[at : at + 4096] in pages for at in range(0, len(after), 4096))
    again = opened(path)
    assert len(again.ask(ListCases())) == len(cases)
    assert verify(again).intact
    left = next(o for o in again.ask(OfficersOfDesk()) if o.officer_id == gone)
    assert (left.role, left.name) == (LEFT, "Lò Văn Đào")
    assert "Lò Văn Đào" not in again.ask(OfficersInCharge()).names
    again.close()


def test_the_recovery_code_still_opens_after_somebody_left(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "coded"
    created = vaults.create(
        path,
        vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FAST),
        now=lambda: NOW,
    )
    gone = let_in(created.desk)
    created.desk.close()
    dismiss(path, "huong", PASSWORD, gone)
    fresh = "mưa phùn tháng giêng ướt áo"
    desk = vaults.unlock_with_recovery(path, created.recovery_code, "huong", fresh)
    assert desk.info.officer_name == "Nguyễn Thị Hương"
    desk.close()
    with pytest.raises(UnlockRefused):
        vaults.unlock_with_recovery(path, created.recovery_code, "dao", fresh)


def test_who_may_not_dismisses_nobody(make: Make) -> None:
    desk = make()
    chair = let_in(desk, "Bế Thị Chủ", "chu", "chair")
    own = desk.info.officer_id
    desk.close()
    path = desk.info.vault_path
    file = path / vault_header.FILE_NAME
    slots_before = vault_header.read_header(file).slots
    with pytest.raises(NotAllowed):
        dismiss(path, "huong", PASSWORD, chair)
    with pytest.raises(officers.NotOneself):
        dismiss(path, "chu", HERS, chair)
    with pytest.raises(officers.OfficerUnknown):
        dismiss(path, "chu", HERS, "f" * 16)
    with pytest.raises(UnlockRefused):
        dismiss(path, "chu", PASSWORD, own)
    assert vault_header.read_header(file).slots == slots_before
    dismiss(path, "chu", HERS, own)
    with pytest.raises(UnlockRefused):
        opened(path)
    opened(path, "chu", HERS).close()


def test_a_backup_made_before_opens_with_the_old_password_and_one_made_after_does_not(
    make: Make, tmp_path: Path
) -> None:
    desk = make()
    gone = let_in(desk)
    for name in ("earlier", "later"):
        (tmp_path / name).mkdir()
    before = backup.backup(desk, tmp_path / "earlier")
    desk.close()
    dismiss(desk.info.vault_path, "huong", PASSWORD, gone)
    desk = opened(desk.info.vault_path)
    after = backup.backup(desk, tmp_path / "later")
    desk.close()
    backup.restore(before, tmp_path / "old", "dao", HERS).close()
    with pytest.raises(UnlockRefused):
        backup.restore(after, tmp_path / "new", "dao", HERS)


def test_every_role_is_complete() -> None:
    for profile, roles in OF_PROFILE.items():
        assert set(roles) <= set(ROLES), profile
    assert not ROLES[LEFT]
    assert set().union(*ROLES.values()) == PERMISSIONS
