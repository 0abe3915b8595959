"""Backups, restoring, salvage and erasing as an officer does them in the window."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt

from desk import walk
from desk.pages2 import world
from services.test_salvage import spoil
from traffick_desk.desk import theme
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.pages.erasure import ErasurePage
from traffick_desk.desk.pages.settings import SettingsPage
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
from traffick_desk.desk.restore_window import Copies, RestoreWindow
from traffick_desk.services import backup, officers, vaults
from traffick_desk.services.closing import CloseCase
from traffick_desk.services.erasure import Erasures, RequestErasure
from traffick_desk.services.queries import CountCases
from traffick_desk.vault.kdf import FLOOR

HERS = "chín dòng sông chảy ra biển"


class AtPlace(Copies):
    """Looks in one folder instead of at all sticks."""

    def __init__(self, vault, place) -> None:
        super().__init__(vault)
        self.place = place

    def look(self, chosen):
        return super().look(chosen or self.place)


@pytest.fixture
def copied(vault, tmp_path):
    """A vault with nine cases, and a place with a copy of it."""
    path, place = vault("worked"), tmp_path / "place"
    place.mkdir()
    desk = world.unlock(path)
    backup.backup(desk, place)
    desk.close()
    return path, place


@pytest.fixture
def program(desk_app, qtbot, tmp_path):
    made = []

    def start(path) -> Program:
        preferences = Preferences(tmp_path / "desk.json")
        for key, value in {"language": "en", "scheme": "light"}.items():
            preferences.set(key, value)
        one = Program(desk_app, path, preferences, kdf=FLOOR, now=world.now)
        one.ended.connect(lambda: setattr(one, "over", True))
        one.over = False
        made.append(one)
        one.start()
        return one

    yield start
    for one in made:
        if not one.over:
            one.close()
            qtbot.waitUntil(lambda one=one: one.over)


def at_place(one, place):
    """The restore window of the program, looking at *place*."""
    one.restoring.window._services = AtPlace(one.vault, place)
    one.restoring.window.look()
    return one.restoring.window


def test_on_a_new_pc_the_first_window_leads_back_to_work(program, copied, qtbot, tmp_path):
    _path, place = copied
    one = program(tmp_path / "new" / "vault")
    qtbot.mouseClick(one.wizard.restore_button, Qt.MouseButton.LeftButton)
    assert one.wizard is None
    window = at_place(one, place)
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=60_000)
    assert window.login.text() == world.LOGIN
    window.password.input.setText("wrong password entirely")
    window.restore()
    qtbot.waitUntil(lambda: window.do.isEnabled() and window.notice.text() != "", timeout=60_000)
    assert not (tmp_path / "new" / "vault").exists()
    window.password.input.setText(world.PASSWORD)
    window.restore()
    qtbot.waitUntil(lambda: one.window is not None, timeout=30_000)
    assert one.window.host.desk.ask(CountCases()) == 9
    said = [notice.accessibleName() for notice in one.window.messages.shown()]
    assert any("restored" in text for text in said)


def test_going_back_leaves_all_as_it_was(program, copied, qtbot):
    path, place = copied
    before = sorted(p.name for p in path.iterdir())
    one = program(path)
    one.unlock_window.findChild(object, "restore").click()
    window = at_place(one, place)
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=60_000)
    window.back.click()
    assert one.unlock_window is not None
    assert sorted(p.name for p in path.iterdir()) == before


def test_what_can_be_saved_is_saved_from_the_window(program, copied, qtbot):
    path, place = copied
    file = path / vaults.DATABASE
    pages = file.stat().st_size // 4096
    spoil(file, [1, *random.Random(2).sample(range(2, pages), 5)])
    one = program(path)
    one.unlock_window.findChild(object, "restore").click()
    window = at_place(one, place)
    window._chosen = place
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=60_000)
    window._chosen = place
    window.password.input.setText(world.PASSWORD)
    window.salvage()
    qtbot.waitUntil(lambda: one.window is not None, timeout=60_000)
    assert one.window.host.desk.ask(CountCases()) == 9


@pytest.mark.parametrize("percent", [100, 200])
def test_the_window_can_be_used_by_keyboard_and_screen_reader(desk_app, qtbot, copied, percent):
    path, place = copied
    theme.apply(desk_app, theme.chosen("light", percent))
    window = RestoreWindow(
        AtPlace(path, place), taken=True, judge=lambda *_a: None, words=str,
        dialogs=ScriptedDialogs(),
    )  # fmt: skip
    window.show()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=60_000)
    desk_app.processEvents()
    assert not walk.unnamed(window)
    assert not walk.clipped(window)
    assert not walk.sideways(window)
    assert not walk.mnemonics(window)
    assert len(walk.tab_trail(window)) >= 6
    walk.discard(window)


@pytest.fixture
def lead(desk_app, qtbot, vault):
    """The province's window before its lead; another officer asked for two erasures."""
    path = vault("province")
    desk = world.unlock(path)
    cases = world.take_in(desk)
    desk.do(CloseCase(cases[0], "reintegrated", "Done"))
    other = officers.NewOfficer("Trần Văn An", "an", HERS, "case_officer")
    officers.add(desk, world.PASSWORD, other)
    desk.close()
    desk = vaults.unlock(path, "an", HERS, world.now)
    for case, ground in ((cases[0], "person"), (cases[1], "authority")):
        desk.do(RequestErasure(case, ground, "As asked."))
    desk.close()
    window = DeskWindow(
        world.unlock(path),
        Preferences(),
        pages=(TodayPage, SettingsPage, ErasurePage),
        dialogs=ScriptedDialogs(True),
    )
    window.resize(1366, 768)
    window.show()
    yield window
    window.shut()
    window.deleteLater()


def settle(window, qtbot):
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=30_000)


def test_the_lead_sees_what_goes_and_erases_after_one_question(lead, qtbot):
    settle(lead, qtbot)
    lead.go("erasure")
    settle(lead, qtbot)
    page = lead.page
    assert page.model.rowCount() == 2
    assert "What goes" in page.preview.text()
    assert page.open_reason.isHidden()
    assert page.order_button.isEnabled()
    page.view.setCurrentIndex(page.model.index(1))
    settle(lead, qtbot)
    assert not page.open_reason.isHidden(), "an open case wants a reason"
    assert not page.order_button.isEnabled()
    page.view.setCurrentIndex(page.model.index(0))
    settle(lead, qtbot)
    page.ask_order()
    settle(lead, qtbot)
    assert len(lead.host.desk.ask(Erasures())) == 1
    assert page.model.rowCount() == 1
    assert page.done_model.rowCount() == 1
    assert page.print_button.isEnabled()
    assert not walk.unnamed(page)


def test_settings_lead_to_backups_and_erasing(lead, qtbot, tmp_path):
    settle(lead, qtbot)
    lead.go("settings", part="backup")
    settle(lead, qtbot)
    card = lead.page.backup
    assert not card.now_button.isEnabled()
    lead.host.dialogs.answers = [tmp_path]
    card.choose()
    settle(lead, qtbot)
    qtbot.waitUntil(lambda: "copy" in card.place.text(), timeout=30_000)
    assert card.now_button.isEnabled()
    lead.page.findChild(object, "settings_erasing").click()
    assert lead.page.name == "erasure"
