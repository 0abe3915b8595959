"""Locking is quick and complete, whatever goes on: jobs, dialogs, sleep, long locks."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from desk.pages2 import world
from traffick_desk.desk.dialogs import Confirm
from traffick_desk.desk.frame import VEIL_AFTER_MS
from traffick_desk.desk.guards import Guards
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
from traffick_desk.desk.renew import Renewal
from traffick_desk.services import tries
from traffick_desk.services.queries import Drafts
from traffick_desk.vault.kdf import FLOOR

# What the officer waits for at most; how long a busy machine takes beyond it is not tested here.
LOCKED_WITHIN_MS = 2_000


@pytest.fixture
def program(desk_app, qtbot, vault, tmp_path):
    preferences = Preferences(tmp_path / "desk.json")
    preferences.set("language", "en")
    preferences.set("scheme", "light")
    one = Program(desk_app, vault("empty"), preferences, kdf=FLOOR, now=world.now)
    one.over = False
    one.ended.connect(lambda: setattr(one, "over", True))
    one.start()
    yield one
    if not one.over:
        one.close()
        qtbot.waitUntil(lambda: one.over, timeout=10_000)


def unlock(program, qtbot):
    program.unlock_window.password.input.setText(world.PASSWORD)
    program.unlock_window.try_password()
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    qtbot.waitUntil(lambda: program.window.host.jobs.running == 0, timeout=10_000)
    return program.window


def seen():
    return {w for w in QApplication.topLevelWidgets() if w.isVisible()}


@pytest.fixture
def visible():
    """Names of what is on the screen, but for what other tests left there."""
    before = seen()
    return lambda: {w.objectName() for w in seen() - before}


def test_a_job_that_cannot_be_broken_off_holds_up_nothing_that_is_seen(visible, program, qtbot):
    window = unlock(program, qtbot)
    desk = window.host.desk
    go_on, began = threading.Event(), threading.Event()

    def work():
        began.set()
        go_on.wait(30)

    window.host.jobs.run(work, write=True)
    began.wait(10)
    window.go("intake")
    line = next(w for w in window.page.findChildren(QLineEdit) if w.isVisible() and w.isEnabled())
    line.setFocus()
    qtbot.keyClicks(line, "Lo Thi Mai")
    window.host.dialogs.confirm("Discard?", "Text", "Discard", lambda: None)
    program.lock_now()
    assert window.cover.on, "at once"
    assert window.findChild(Confirm) is None or not window.findChild(Confirm).isVisible()
    assert VEIL_AFTER_MS < LOCKED_WITHIN_MS
    qtbot.waitUntil(lambda: visible() == {"locked_wait"}, timeout=20_000)
    assert not desk.closed
    go_on.set()
    qtbot.waitUntil(lambda: program.unlock_window is not None, timeout=10_000)
    assert desk.closed
    assert visible() == {"unlock_window"}
    again = unlock(program, qtbot)
    assert [d.payload for d in again.host.desk.ask(Drafts())], "what was typed is kept"


def test_a_job_that_can_stop_is_stopped(program, qtbot):
    window = unlock(program, qtbot)
    began = threading.Event()

    def work(job):
        began.set()
        while True:
            job.report(0)
            threading.Event().wait(0.01)

    window.host.jobs.run(work, write=True, with_job=True)
    began.wait(10)
    window.lock()
    qtbot.waitUntil(lambda: program.unlock_window is not None, timeout=10_000)


def test_the_system_says_that_the_officer_leaves(desk_app, program, qtbot, tmp_path):
    guards = Guards(desk_app, program.preferences)
    guards.left.connect(program.lock_now)
    unlock(program, qtbot)
    guards.session.left.emit()
    qtbot.waitUntil(lambda: program.unlock_window is not None, timeout=10_000)
    assert program.window is None
    guards.keep_temp_in(program.vault)
    held = guards._temp.path
    assert held.is_relative_to(program.vault)
    guards.drop_temp()
    assert not held.exists()
    assert list(held.parent.iterdir()) == [], "nothing is held below the vault"
    guards.keep_temp_in(program.vault)
    held = guards._temp.path
    guards.end()
    assert not held.exists()


def test_a_wrong_password_is_remembered_beyond_the_program(program, qtbot):
    for _ in range(3):
        tries.refuse(program.vault)
    program.start()
    window = program.unlock_window
    assert not window.open_button.isEnabled()
    assert "Please wait" in window.notice.text()
    assert "wrong" in window.notice.text().lower()


def test_an_unlock_window_left_alone_is_shown_by_a_new_process(program, qtbot, monkeypatch):
    window = unlock(program, qtbot)
    program.renewal = Renewal(program, after=30)
    window.lock()
    qtbot.waitUntil(lambda: program.unlock_window is not None, timeout=10_000)
    program.unlock_window.password.input.setText("half a passw")
    with qtbot.assertNotEmitted(program.renewal.wanted, wait=120):
        pass
    program.unlock_window.password.clear()
    with qtbot.waitSignal(program.renewal.wanted, timeout=5_000):
        pass
