"""The officers of a desk in Settings: letting in, a role, closing the way for one who leaves."""

from __future__ import annotations

import pytest

from desk.pages2 import world
from journey import Officer, press, type_into, until
from traffick_desk import i18n
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
from traffick_desk.services import vaults
from traffick_desk.services.officers import NewOfficer, OfficersOfDesk, add
from traffick_desk.services.roles import LEFT
from traffick_desk.vault.errors import UnlockRefused

HERS = "chín dòng sông chảy ra biển"
DAO = NewOfficer("Lò Văn Đào", "dao", HERS, "officer")


@pytest.fixture
def settings(show):
    def one(*others: NewOfficer):
        shown = show("empty")
        for other in others:
            add(shown.desk, world.PASSWORD, other)
        shown.go("settings")
        shown.settle()
        return shown

    return one


def rows(card) -> list[tuple[str, ...]]:
    model = card.table.model()
    return [
        tuple(model.index(r, c).data() for c in range(model.columnCount()))
        for r in range(model.rowCount())
    ]


def choose(card, name: str) -> None:
    card.table.selectRow(next(n for n, row in enumerate(rows(card)) if row[0].startswith(name)))


def test_an_officer_is_let_in_and_opens_the_desk(settings, qtbot):
    shown = settings()
    card = shown.page.officers
    press(card.add_button)
    assert not card.do.isEnabled()
    type_into(card.name, "Lò Văn Đào")
    type_into(card.login, "dao")
    card.role.setCurrentIndex(card.role.findData("clerk"))
    for field in (card.new.first, card.new.second):
        type_into(field.input, HERS)
    type_into(card.own.input, world.PASSWORD)
    qtbot.waitUntil(card.do.isEnabled)
    press(card.do)
    shown.settle()
    assert rows(card) == [
        ("Lò Văn Đào", "dao", "Clerk without case access", ""),
        ("Nguyễn Thị Hương (you)", "huong", "Commune officer", ""),
    ]
    assert card.fields.isHidden()
    assert not card.own.text()
    path = shown.desk.info.vault_path
    shown.window.host.close()
    desk = vaults.unlock(path, "dao", HERS, world.now)
    assert desk.info.role == "clerk"
    desk.close()


def test_a_wrong_own_password_is_told_and_what_was_typed_stays(settings, qtbot):
    shown = settings()
    card = shown.page.officers
    press(card.add_button)
    type_into(card.name, "Lò Văn Đào")
    type_into(card.login, "dao")
    for field in (card.new.first, card.new.second):
        type_into(field.input, HERS)
    type_into(card.own.input, "không phải đâu")
    qtbot.waitUntil(card.do.isEnabled)
    press(card.do)
    shown.settle()
    assert card.name.text() == "Lò Văn Đào"
    assert len(shown.desk.ask(OfficersOfDesk())) == 1
    assert card.do.isEnabled()


def test_a_role_is_changed(settings):
    shown = settings(DAO)
    card = shown.page.officers
    choose(card, "Lò Văn Đào")
    press(card.role_button)
    card.role.setCurrentIndex(card.role.findData("chair"))
    press(card.do)
    shown.settle()
    assert rows(card)[0][2] == "Commune chair"
    assert not card.add_button.isEnabled(), "the chair looks after the officers from now on"


def test_nothing_unfolded_stays_for_another_officer(settings):
    shown = settings(DAO)
    card = shown.page.officers
    choose(card, "Nguyễn")
    assert not card.dismiss_button.isEnabled(), "nobody shuts herself out"
    assert not card.role_button.isEnabled()
    choose(card, "Lò Văn Đào")
    press(card.dismiss_button)
    type_into(card.own.input, world.PASSWORD)
    assert "Lò Văn Đào" in card.words.text()
    choose(card, "Nguyễn")
    assert card.fields.isHidden()
    assert not card.own.text()


@pytest.fixture
def officer(qapp, vault, tmp_path):
    path = vault("worked")
    desk = world.unlock(path)
    add(desk, world.PASSWORD, DAO)
    desk.close()
    program = Program(qapp, path, Preferences(tmp_path / "p.json"), now=world.now)
    program.speak("en")
    made = Officer(program, world.PASSWORD)
    yield made
    if made.window is not None:
        made.locks()
    program.close()
    qapp.processEvents()
    i18n.set_language("vi")


@pytest.mark.parametrize("password", [world.PASSWORD, "không phải đâu"])
def test_the_way_is_closed_for_one_who_leaves(officer, password):
    officer.program.start()
    type_into(officer.program.unlock_window.login, "huong")
    type_into(officer.program.unlock_window.password.input, world.PASSWORD)
    press(officer.program.unlock_window.open_button)
    until(lambda: officer.window is not None, "the desk")
    officer.settle()
    card = officer.go("settings").officers
    choose(card, "Lò Văn Đào")
    press(card.dismiss_button)
    type_into(card.own.input, password)
    press(card.do)
    until(lambda: officer.window is None, "the lock")
    window = officer.program.unlock_window
    until(window.open_button.isEnabled, "the new key")
    path = officer.program.vault
    if password == world.PASSWORD:
        assert "cannot open this vault any more" in window.notice.text()
        with pytest.raises(UnlockRefused):
            vaults.unlock(path, "dao", HERS)
    else:
        assert "cannot open" not in window.notice.text()
        vaults.unlock(path, "dao", HERS, world.now).close()
    desk = world.unlock(path)
    gone = next(o for o in desk.ask(OfficersOfDesk()) if o.login == "dao")
    assert (gone.role == LEFT) is (password == world.PASSWORD)
    desk.close()
