"""The officer leaves the PC, copies something, opens a dialog: what watches from outside."""

from __future__ import annotations

import ctypes
import shutil
import subprocess

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from desk import walk
from desk.fakes import PAGES, FakeDesk, fake_context
from traffick_desk.desk import clipboard, file_traces, session_bus, session_watch
from traffick_desk.desk.capture import CaptureGuard
from traffick_desk.desk.clipboard import ClipboardGuard
from traffick_desk.desk.dialogs import Confirm, DeskDialogs
from traffick_desk.desk.frame import MainWindow
from traffick_desk.desk.session_watch import SessionWatch

CTRL = Qt.KeyboardModifier.ControlModifier


# -- the session -----------------------------------------------------------------------------


@pytest.fixture
def bus():
    """A D-Bus of our own, where nobody else speaks."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("no D-Bus here")
    daemon = subprocess.Popen(
        [program, "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@pytest.fixture
def heard(qapp, bus):
    """A watch that listens there, and a way to speak as the system does."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    ours = QDBusConnection.connectToBus(bus, "ours")
    theirs = QDBusConnection.connectToBus(bus, "theirs")
    for service in (session_bus.LOGIND, "org.gnome.ScreenSaver"):
        assert theirs.registerService(service)
    watch = session_bus.SessionBus()
    watch.listen(ours, ours)
    # The bus answers in order: what was asked of it before is in force now.
    assert ours.interface().isServiceRegistered(session_bus.LOGIND).value()

    def say(path, interface, name, *values):
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(values))
        assert theirs.send(message)

    yield watch, say
    for name in ("ours", "theirs"):
        QDBusConnection.disconnectFromBus(name)


SLEEP = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep")
LOCKED = ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock")
SAVER = ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged")


@pytest.mark.parametrize("words", [(*SLEEP, True), LOCKED, (*SAVER, True)])
def test_sleep_and_a_locked_screen_are_heard_over_d_bus(heard, qtbot, words):
    watch, say = heard
    with qtbot.waitSignal(watch.left, timeout=5_000):
        say(*words)


def test_waking_up_says_nothing(heard, qtbot):
    watch, say = heard
    told = []
    watch.left.connect(lambda: told.append(1))
    say(*SLEEP, False)
    say(*SAVER, False)
    say(*LOCKED)  # after these, on the same connection
    qtbot.waitUntil(lambda: bool(told), timeout=5_000)
    assert told == [1]


@pytest.mark.parametrize("active", [True, False])
def test_another_user_takes_the_screen(heard, qtbot, active):
    watch, say = heard
    path, interface = LOCKED[0], LOCKED[1]
    asked, told = [], []
    watch.is_active = lambda session: asked.append(session) or active
    watch.left.connect(lambda: told.append(1))
    say(path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        interface, {"Active": active}, [])  # fmt: skip
    qtbot.waitUntil(lambda: bool(asked), timeout=5_000)
    assert asked == [path]
    assert bool(told) is not active


def test_a_session_that_does_not_answer_counts_as_having_the_screen(heard):
    watch, _say = heard
    assert watch.is_active("/org/freedesktop/login1/session/_99")


def test_time_that_nobody_counted_was_time_asleep(qapp, qtbot):
    watch = SessionWatch()
    now = [1000.0]
    watch._clock = lambda: now[0]
    watch._seen = 1000.0
    now[0] += 6
    with qtbot.assertNotEmitted(watch.left):
        watch.look_at_clock()
    now[0] += 3600
    with qtbot.waitSignal(watch.left):
        watch.look_at_clock()
    watch.end()


@pytest.mark.parametrize(
    ("message", "wparam", "leaves"),
    [
        (0x0218, 0x4, True),  # goes to sleep
        (0x0218, 0x12, False),  # wakes up
        (0x02B1, 0x7, True),  # locked
        (0x02B1, 0x8, False),  # unlocked
        (0x02B1, 0x2, True),  # another user
        (0x02B1, 0x4, True),  # remote session left
        (0x0100, 0x7, False),  # a key
    ],
)
def test_messages_of_windows_are_read_where_they_lie(qapp, message, wparam, leaves):
    told = []
    given = session_watch._Message(0, message, wparam, 0)
    reader = session_watch.WindowsFilter(lambda: told.append(1))
    answer = reader.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(given))
    assert answer == (False, 0)
    assert bool(told) is leaves
    reader.nativeEventFilter(b"xcb_generic_event_t", ctypes.addressof(given))
    assert len(told) == int(leaves)


# -- the clipboard ---------------------------------------------------------------------------


@pytest.fixture
def copies(qapp):
    board = QApplication.clipboard()
    board.clear()
    using = [True]
    guard = ClipboardGuard(board, lambda: using[0], after=50)
    yield guard, board, using
    board.dataChanged.disconnect(guard._changed)
    board.clear()


def test_a_copy_is_marked_and_leaves_by_itself(copies, qtbot):
    guard, board, _using = copies
    board.setText("TD-0001/2026")
    assert board.text() == "TD-0001/2026"
    assert set(clipboard.MARKS) <= set(board.mimeData().formats())
    qtbot.waitUntil(lambda: board.text() == "")
    assert not guard.waiting


def test_what_another_program_copied_stays(copies, qtbot):
    guard, board, using = copies
    board.setText("ours")
    using[0] = False
    other = QMimeData()
    other.setText("theirs")
    board.setMimeData(other)
    assert not guard.waiting
    assert not guard._wait.isActive()
    assert board.text() == "theirs"


# -- dialogs ---------------------------------------------------------------------------------


@pytest.fixture
def window(desk_app, qtbot):
    made = MainWindow(FakeDesk(), PAGES, context=fake_context())
    walk.activate(qtbot, made)
    yield made
    made.host.close()
    made._locking = True
    walk.discard(made)


def _ask(window):
    DeskDialogs(window).confirm("Xuất?", "Dữ liệu sẽ rời khỏi máy này.", "Xuất", lambda: None)
    dialog = window.findChild(Confirm)
    window.idle.watch(dialog.windowHandle())
    return dialog


def gone_of(dialog):
    gone = []
    dialog.destroyed.connect(lambda _dialog: gone.append(1))
    return gone


def test_ctrl_l_locks_from_within_a_dialog_and_closes_it(window, qtbot):
    dialog = _ask(window)
    gone = gone_of(dialog)
    with qtbot.waitSignal(window.locking):
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: bool(gone))
    assert window.cover.on


def test_f12_covers_from_within_a_dialog(window, qtbot):
    dialog = _ask(window)
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_F12)
    assert window.cover.on
    assert not dialog.isVisible()
    window.cover.lift()
    assert dialog.isVisible()
    dialog.reject()


def test_locking_a_covered_desk_closes_what_the_cover_hid(window, qtbot):
    dialog = _ask(window)
    window.cover.put()
    gone = gone_of(dialog)
    window.lock()
    qtbot.waitUntil(lambda: bool(gone))
    assert window.cover.on


def test_a_file_dialog_leaves_no_trace_in_the_settings(window, qtbot, tmp_path):
    before = QSettings(QSettings.Scope.UserScope, "QtProject").fileName()
    file_traces.redirect(tmp_path / "settings")
    try:
        (tmp_path / "bí mật.txt").write_text("x")
        chosen = []
        DeskDialogs(window).open_file("Chọn", "Text (*.txt)", chosen.append)
        dialog = window.findChild(QFileDialog)
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(tmp_path / "bí mật.txt"))
        gone = gone_of(dialog)
        dialog.accept()
        qtbot.waitUntil(lambda: bool(gone))
        assert chosen == [tmp_path / "bí mật.txt"]
        settings = QSettings(QSettings.Scope.UserScope, "QtProject")
        assert settings.fileName().startswith(str(tmp_path))
        kept = [key for key in settings.allKeys() if "history" in key or "last" in key.lower()]
        assert kept == []
        text = b"".join(p.read_bytes() for p in (tmp_path / "settings").rglob("*") if p.is_file())
        assert b"txt" not in text
        assert str(tmp_path).encode() not in text
    finally:
        from pathlib import Path

        file_traces.redirect(Path(before).parent)


# -- capture ---------------------------------------------------------------------------------


def test_every_window_that_comes_up_is_left_out_of_captures(qapp, qtbot):
    asked = []
    first = QWidget()
    qtbot.addWidget(first)
    first.show()
    guard = CaptureGuard(qapp, on=True, affinity=lambda handle, on: asked.append((handle, on)))
    assert (int(first.winId()), True) in asked
    second = QWidget()
    qtbot.addWidget(second)
    walk.activate(qtbot, second)
    qtbot.waitUntil(lambda: (int(second.winId()), True) in asked)
    asked.clear()
    guard.switch(False)
    assert {(int(first.winId()), False), (int(second.winId()), False)} <= set(asked)
    qapp.focusWindowChanged.disconnect(guard._watch)
