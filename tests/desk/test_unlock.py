"""Unlocking: quick to appear, patient, and silent about who exists."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desk import walk
from traffick_desk.desk import theme
from traffick_desk.desk.unlock import DELAYS, UnlockWindow

HEAVY = ("sqlalchemy", "sqlcipher3", "reportlab", "alembic", "zxcvbn", "yaml", "PIL")
REFUSED = "Officer or password is not right."
VAULT = SimpleNamespace(label="Xã Đồng Văn", logins=("huong.nt",), has_recovery=True)
STRONG = SimpleNamespace(score=4, acceptable=True, warning="", advice=())
WEAK = SimpleNamespace(score=1, acceptable=False, warning="Common.", advice=("Longer.",))


class Refused(Exception):
    """Written for people."""


def unlock(login, password):
    if (login, password) == ("huong.nt", "right"):
        return "desk"
    raise Refused(REFUSED)


def recover(code, login, password):
    if code == "GOOD":
        return "desk"
    raise Refused("The code is not right.")


@pytest.fixture
def window(desk_app, qtbot):
    made = UnlockWindow(
        VAULT,
        unlock,
        recover=recover,
        judge=lambda password, _context: STRONG if len(password) > 11 else WEAK,
        expected=lambda problem: isinstance(problem, Refused),
    )
    walk.activate(qtbot, made)
    yield made
    walk.discard(made)


def test_the_password_is_asked_first_when_there_is_one_officer(window):
    assert window.login.text() == "huong.nt"
    assert window.password.input.hasFocus()


def test_enter_unlocks_and_forgets_the_password(window, qtbot):
    qtbot.keyClicks(window.password.input, "right")
    with qtbot.waitSignal(window.unlocked) as opened:
        qtbot.keyClick(window.password.input, Qt.Key.Key_Return)
    assert opened.args == ["desk"]
    assert window.password.text() == ""


@pytest.mark.parametrize("login", ["huong.nt", "nobody"])
def test_unknown_officer_and_wrong_password_look_the_same(window, qtbot, login):
    window.login.setText(login)
    window.password.input.setText("wrong")
    window.try_password()
    qtbot.waitUntil(lambda: bool(window.notice.text()))
    assert window.notice.text() == REFUSED
    assert window.open_button.isEnabled()


def test_each_refusal_makes_the_next_try_wait_longer(window):
    waits = []
    for _ in range(len(DELAYS) + 2):
        window._refused(Refused(REFUSED))
        waits.append(window._wait)
        window._tick.stop()
    assert waits == [*DELAYS, DELAYS[-1], DELAYS[-1]]
    assert not window.open_button.isEnabled()
    assert "5 minutes" in window.notice.text()
    for _ in range(DELAYS[-1] - 30):
        window._count_down()
    assert "30 seconds" in window.notice.text()
    for _ in range(30):
        window._count_down()
    assert window.open_button.isEnabled()
    assert window.notice.text() == REFUSED


def test_while_waiting_nothing_is_tried(window, qtbot):
    window._refused(Refused(REFUSED))
    window._refused(Refused(REFUSED))
    window.password.input.setText("right")
    with qtbot.assertNotEmitted(window.unlocked, wait=50):
        window.try_password()


def test_a_fault_is_told_without_its_details(window):
    window._refused(RuntimeError("key 1234"))
    assert "1234" not in window.notice.text()
    assert "not changed" in window.notice.text()


def test_the_password_can_be_looked_at(window, qtbot):
    window.password.eye.click()
    assert window.password.input.echoMode() == QLineEdit.EchoMode.Normal
    assert window.password.eye.accessibleName() == "Hide the password"
    window.password.clear()
    assert window.password.input.echoMode() == QLineEdit.EchoMode.Password


def test_caps_lock_and_input_method_are_pointed_out(window, qtbot):
    qtbot.keyClicks(window.password.input, "abc")
    assert window.password.warning() == ""
    window.password.input.clear()
    qtbot.keyClick(window.password.input, "A")
    assert "Caps Lock" in window.password.warning()
    window.password.input.setText("")
    window.password.input.setText("mật")
    assert "input method" in window.password.warning()


def test_a_lost_password_needs_the_code_and_a_good_new_one(window, qtbot):
    window.show_recovery()
    page = window._recovery
    page.code.setText("BAD")
    page.new.first.input.setText("short")
    page.try_code()
    assert "good new password" in page.notice.text()
    page.new.first.input.setText("quite a long one")
    page.new.second.input.setText("quite a long one")
    qtbot.waitUntil(page.new.ready)
    page.try_code()
    qtbot.waitUntil(lambda: page.notice.text() == "The code is not right.")
    page.code.setText("GOOD")
    with qtbot.waitSignal(window.unlocked):
        page.try_code()
    assert page.code.text() == ""
    assert page.new.password() == ""


def test_without_recovery_slot_there_is_no_way_there(desk_app, qtbot):
    made = UnlockWindow(SimpleNamespace(label="", logins=(), has_recovery=False), unlock)
    qtbot.addWidget(made)
    made.show()
    assert made.findChild(object, "lost").isHidden()
    assert made.login.hasFocus() or not made.isActiveWindow()


@pytest.mark.parametrize("percent", [100, 200])
def test_the_window_can_be_used_by_keyboard_and_screen_reader(window, desk_app, qtbot, percent):
    theme.apply(desk_app, theme.chosen("light", percent))
    for page in (window.show_password, window.show_recovery):
        page()
        desk_app.processEvents()
        assert not walk.unnamed(window)
        assert not walk.clipped(window)
        assert not walk.sideways(window)
        assert not walk.mnemonics(window)
        assert not walk.small(window, 32 * percent // 100)
        assert len(walk.tab_trail(window)) >= 4


def test_the_window_appears_before_anything_heavy_is_loaded():
    code = f"""
import json, sys
from PySide6.QtWidgets import QApplication
from traffick_desk.desk import qt_texts, theme
from traffick_desk.desk.unlock import UnlockWindow
from traffick_desk.services import vaults
from types import SimpleNamespace
app = QApplication(["t", "-platform", "offscreen"])
theme.apply(app, theme.chosen("light"))
qt_texts.install(app)
vault = SimpleNamespace(label="x", logins=("a",), has_recovery=True)
window = UnlockWindow(vault, lambda *a: None)
window.show()
app.processEvents()
heavy = {HEAVY!r}
names = set(sys.modules)
print(json.dumps(sorted(n for n in names if n.split(".")[0] in heavy or "PrintSupport" in n)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": "src"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_the_wait_goes_on_after_the_program_was_started_again(desk_app, qtbot):
    asked = []
    made = UnlockWindow(VAULT, lambda *given: asked.append(given), wait=lambda: 120)
    qtbot.addWidget(made)
    made.show()
    made.password.input.setText("right")
    made.try_password()
    assert not made.open_button.isEnabled()
    assert "2 minutes" in made.notice.text()
    assert asked == []
