"""The ways into a vault, as officers use them in the window."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from desk import walk
from desk.pages2 import world
from desk.pages2.test_lock import unlock
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.pages.settings import SettingsPage
from traffick_desk.desk.pages.sync import SyncPage
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
from traffick_desk.services import duress, practice, province_help, tries, vaults
from traffick_desk.vault.kdf import FLOOR

FRESH = "năm chiếc lá rơi xuống sông"
EMERGENCY = "trời mưa"


@pytest.fixture(scope="session")
def linked(tmp_path_factory):
    """A commune that let its province help, both locked."""
    base = tmp_path_factory.mktemp("linked")
    (base / "usb").mkdir()
    commune, province = world.make(base / "commune"), world.make(base / "province", "province")
    world.link(commune, province, base / "usb")
    province_help.allow(commune, world.PASSWORD)
    commune.close()
    province.close()
    return base


@pytest.fixture
def start(desk_app, qtbot, tmp_path):
    made = []

    def one(path):
        preferences = Preferences(tmp_path / "desk.json")
        preferences.set("language", "en")
        preferences.set("scheme", "light")
        program = Program(desk_app, path, preferences, kdf=FLOOR, now=world.now)
        program.over = False
        program.ended.connect(lambda: setattr(program, "over", True))
        made.append(program)
        program.start()
        return program

    yield one
    for program in made:
        if not program.over:
            program.close()
            qtbot.waitUntil(lambda program=program: program.over, timeout=10_000)


def press(widget, name):
    button = widget.findChild(QAbstractButton, name)
    assert button.isEnabled(), name
    button.click()


def test_everything_is_lost_and_the_province_helps(linked, start, qtbot, tmp_path):
    shutil.copytree(linked / "commune", tmp_path / "commune")
    shutil.copytree(linked / "province", tmp_path / "province")
    stick = tmp_path / "usb"
    stick.mkdir()
    program = start(tmp_path / "commune")
    window = program.unlock_window
    press(window, "lost")
    press(window, "code_lost")
    page = window._help
    qtbot.waitUntil(lambda: window.jobs.running == 0)
    page._dialogs = ScriptedDialogs(stick)
    page.login.setText("huong")
    page.new.first.input.setText(FRESH)
    page.new.second.input.setText(FRESH)
    qtbot.waitUntil(page.new.ready)
    press(page, "help_ask")
    qtbot.waitUntil(lambda: bool(page.grid.words), timeout=20_000)
    words = page.grid.words
    assert len(words) == 10
    assert "waits" in page.waiting_text.text()
    assert page.new.password() == ""
    assert not walk.unnamed(window)
    program.close()
    qtbot.waitUntil(lambda: program.over)

    # The province's desk, days later.
    desk = world.unlock(tmp_path / "province")
    try:
        from traffick_desk.desk.desk_window import DeskWindow

        province = DeskWindow(desk, Preferences(), pages=(SyncPage,), dialogs=ScriptedDialogs())
        walk.activate(qtbot, province)
        sync = province.page
        sync.choose(stick)
        press(sync, "help_find")
        qtbot.waitUntil(lambda: not sync.help.compare.isHidden(), timeout=10_000)
        assert sync.help.compare.grid.words == words
        assert "huong" in sync.help.compare.who.text()
        press(sync, "help_same")
        qtbot.waitUntil(lambda: bool(list(stick.rglob("*.tdhelped"))), timeout=10_000)
        qtbot.waitUntil(lambda: province.host.jobs.running == 0)
        province.host.jobs.stop()
        province._locking = True
        walk.discard(province)
    finally:
        desk.close()

    # The commune again.
    (answer,) = stick.rglob("*.tdhelped")
    program = start(tmp_path / "commune")
    window = program.unlock_window
    press(window, "lost")
    press(window, "code_lost")
    page = window._help
    qtbot.waitUntil(lambda: page.grid.words == words, timeout=10_000)
    page._dialogs = ScriptedDialogs(answer, answer)
    page.password.input.setText("another password")
    press(page, "help_finish")
    qtbot.waitUntil(lambda: "not the new password" in page.notice.text(), timeout=20_000)
    page.password.input.setText(FRESH)
    press(page, "help_finish")
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    qtbot.waitUntil(lambda: program.window.host.jobs.running == 0, timeout=10_000)
    told = [n.findChild(QLabel, "notice_what").text() for n in program.window.messages.shown()]
    assert any("recovery code" in text for text in told), told


def test_under_force_practice_opens_and_nothing_leads_to_the_real_desk(start, qtbot, vault):
    path = vault("worked")
    desk = world.unlock(path)
    duress.set_password(desk, world.PASSWORD, EMERGENCY)
    desk.close()
    program = start(path)
    looked = program.unlock_window.windowTitle(), program.unlock_window.size()
    program.unlock_window.password.input.setText(EMERGENCY)
    program.unlock_window.try_password()
    qtbot.waitUntil(lambda: program.window is not None, timeout=30_000)
    window = program.window
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
    assert window.host.desk.info.practice
    assert window.findChild(QAbstractButton, "practice_leave") is None
    shown = " ".join(
        [w.text() for w in (*window.findChildren(QLabel), *window.findChildren(QAbstractButton))]
        + [command.words for command in window.commands()]
    )
    assert "real desk" not in shown
    assert "real vault" not in shown
    assert tries.wait(path) == 0, "no refusal was noted"
    window.lock()
    qtbot.waitUntil(lambda: program.unlock_window is not None, timeout=10_000)
    assert (program.unlock_window.windowTitle(), program.unlock_window.size()) == looked
    assert not program.unlock_window.password.text(), "nothing is filled in"
    assert unlock(program, qtbot).host.desk.info.vault_id == vaults.peek(path).vault_id
    assert practice.is_made(practice.beside(path))


@pytest.fixture
def settings(qtbot, desk_app, vault):
    from traffick_desk.desk.desk_window import DeskWindow

    desk = world.unlock(vault("empty"))
    window = DeskWindow(desk, Preferences(), pages=(SettingsPage,), dialogs=ScriptedDialogs())
    walk.activate(qtbot, window)
    window.page.refresh(frozenset())
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
    yield window
    window.host.jobs.stop()
    window._locking = True
    walk.discard(window)
    desk.close()


def test_an_unlinked_desk_cannot_let_the_province_help(settings):
    card = settings.page.help
    assert card.state.text() == "This PC must be linked to the province first."
    assert not card.open_button.isEnabled()


def test_a_linked_desk_lets_the_province_help_and_stops_it(linked, qtbot, desk_app, tmp_path):
    from traffick_desk.desk.desk_window import DeskWindow

    shutil.copytree(linked / "commune", tmp_path / "commune")
    desk = world.unlock(tmp_path / "commune")
    window = DeskWindow(desk, Preferences(), pages=(SettingsPage,), dialogs=ScriptedDialogs())
    walk.activate(qtbot, window)
    card = window.page.help
    try:
        for button, said in (("Stop it…", "cannot help"), ("Let the province help…", "can help")):
            qtbot.waitUntil(lambda button=button: card.open_button.text() == button, timeout=10_000)
            card.open_button.click()
            card.password.input.setText(world.PASSWORD)
            press(card, "settings_help_do")
            qtbot.waitUntil(lambda said=said: said in card.state.text(), timeout=20_000)
            assert card.password.text() == ""
        assert desk.ask(province_help.HelpAllowed()) == province_help.ON
    finally:
        qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
        window.host.jobs.stop()
        window._locking = True
        walk.discard(window)
        desk.close()


def test_a_wrong_code_is_told_and_stays_to_be_mended(settings, qtbot):
    card = settings.page.trial
    card.code.setText("0000-0000-0000-0000-0000-0000-0000")
    press(card, "trial_do")
    qtbot.waitUntil(lambda: bool(settings.messages.shown()), timeout=20_000)
    assert card.code.text().startswith("0000")
    assert card.isEnabled()


def test_an_emergency_password_is_refused_in_words_when_it_is_short(settings, qtbot):
    card = settings.page.emergency
    assert card.state.text() == "You have none."
    card.open_button.click()
    card.emergency.input.setText("abc")
    card.password.input.setText(world.PASSWORD)
    press(card, "settings_emergency_do")
    qtbot.waitUntil(lambda: bool(settings.messages.shown()), timeout=20_000)
    text = settings.messages.shown()[0].findChild(QLabel, "notice_what").text()
    assert "eight characters" in text
