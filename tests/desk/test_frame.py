"""The main window: pages, palette, cover, lock, messages."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desk import walk
from desk.fakes import PAGES, CasePage, FakeDesk, fake_context
from traffick_desk.desk import shortcuts, theme
from traffick_desk.desk.dialogs import Confirm, DeskDialogs, ScriptedDialogs
from traffick_desk.desk.frame import MainWindow
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.preferences import Preferences


class Refused(Exception):
    """Written for people."""


@pytest.fixture
def window(desk_app, qtbot, tmp_path):
    made = MainWindow(
        FakeDesk(),
        PAGES,
        preferences=Preferences(tmp_path / "taste.json"),
        dialogs=ScriptedDialogs(),
        expected=(Refused,),
        context=fake_context(),
        search=lambda text, tell: tell(
            [PageCommand(f"TD-0007/2026 {text}", lambda: made.go("case"), "cases")]
        ),
    )
    made.resize(1280, 720)
    walk.activate(qtbot, made)
    yield made
    made.host.close()
    made._locking = True
    walk.discard(made)


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_only_pages_of_the_profile_are_there(window):
    assert set(window.pages) == {"today", "cases", "case"}
    assert set(window._nav) == {"today", "cases"}
    assert window.page.name == "today"


def test_what_comes_next_is_made_while_nobody_acts(window, qtbot, monkeypatch):
    monkeypatch.setattr(type(window.page), "ahead", ("case", "not_there"))
    window.go("today")
    assert window.pages.missing(("case", "not_there")) == ["case"]
    qtbot.waitUntil(lambda: not window.pages.missing(("case",)))
    assert window.page.name == "today"


def test_a_key_puts_off_what_is_made_ahead(window, qtbot, monkeypatch):
    monkeypatch.setattr(type(window.page), "ahead", ("case",))
    window.go("today")
    window._ahead.setInterval(60_000)
    window._ahead.start()
    qtbot.waitUntil(lambda: window._ahead.remainingTime() < 60_000)
    started = []
    monkeypatch.setattr(window._ahead, "start", lambda: started.append(1))
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert started


def test_the_title_carries_the_unit_and_no_name(window):
    window.go("case")
    assert window.windowTitle() == "traffick-desk — Xã Đồng Văn"


def test_control_and_a_digit_switch_pages_and_esc_goes_back(window, qtbot):
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert window.page.name == "cases"
    window.go("case")
    assert window.page.name == "case"
    assert window._nav["cases"].isChecked()
    press(qtbot, Qt.Key.Key_Escape)
    assert window.page.name == "cases"
    press(qtbot, Qt.Key.Key_1, CTRL)
    assert window.page.name == "today"


def test_f12_covers_at_once_and_nothing_gets_through(window, qtbot):
    window.go("case")
    field = window.page.form.editor("name").input
    field.setFocus()
    press(qtbot, Qt.Key.Key_F12)
    assert window.cover.on
    assert window.cover.geometry() == window.rect()
    qtbot.keyClicks(QApplication.focusWidget(), "abc")
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert field.text() == ""
    assert window.page.name == "case"
    press(qtbot, Qt.Key.Key_F12)
    assert not window.cover.on
    assert QApplication.focusWidget() is field
    press(qtbot, Qt.Key.Key_F12)
    press(qtbot, Qt.Key.Key_Escape)
    assert not window.cover.on


def test_the_cover_hides_open_dialogs_too(window, qtbot):
    DeskDialogs(window).confirm("Xuất?", "Dữ liệu sẽ rời khỏi máy này.", "Xuất", lambda: None)
    dialog = window.findChild(Confirm)
    assert dialog.isVisible()
    window.cover.put()
    assert not dialog.isVisible()
    window.cover.lift()
    assert dialog.isVisible()
    dialog.reject()


def test_the_palette_finds_commands_without_accents_and_cases(window, qtbot):
    press(qtbot, Qt.Key.Key_K, CTRL)
    assert QApplication.focusWidget() is window.search_box
    assert "Bắt đầu tiếp nhận" in [c.words for c in window.palette_list.offered()]
    qtbot.keyClicks(window.search_box, "bat dau")
    qtbot.waitUntil(
        lambda: (
            [c.words for c in window.palette_list.offered()]
            == ["TD-0007/2026 bat dau", "Bắt đầu tiếp nhận"]
        )
    )
    qtbot.keyClick(window.search_box, Qt.Key.Key_Down)
    qtbot.keyClick(window.search_box, Qt.Key.Key_Return)
    assert window.page.name == "case"
    assert window.palette_list.isHidden()
    assert window.search_box.text() == ""


def test_the_palette_says_when_nothing_fits_and_esc_closes_it(window, qtbot):
    window.palette_list._search = None
    press(qtbot, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.search_box, "zzz")
    assert not window.palette_list.offered()
    assert window.palette_list._empty.isVisible()
    qtbot.keyClick(window.search_box, Qt.Key.Key_Escape)
    assert window.palette_list.isHidden()
    assert window.page.name == "today"


def test_locking_keeps_drafts_waits_for_work_and_covers(window, qtbot):
    done = []
    window.host.do("save", done.append)
    with qtbot.waitSignal(window.locking):
        press(qtbot, Qt.Key.Key_L, CTRL)
        assert window.cover.on
    assert window.pages["today"].drafts_saved == 1
    assert done == ["save"]


def test_closing_the_window_locks_first(window, qtbot):
    with qtbot.waitSignal(window.locking):
        window.close()
    assert window.pages["today"].drafts_saved == 1


def test_an_idle_desk_locks(window, qtbot):
    with qtbot.waitSignal(window.locking):
        window.idle.idle.emit()


def test_every_key_keeps_the_desk_awake(window, qtbot):
    timer = window.idle._timer
    timer.start(50_000_000)
    before = timer.remainingTime()
    window.idle.set_minutes(1)
    assert timer.interval() == 60_000
    window.idle.set_minutes(900)
    assert timer.interval() == 30 * 60_000
    timer.stop()
    window.idle.eventFilter(window, QEvent(QEvent.Type.MouseMove))
    assert timer.isActive()
    assert before > 0


def test_what_is_saved_is_said_and_where(window, qtbot):
    with qtbot.waitSignal(window.host.saved):
        window.host.do("save")
    assert "on this computer" in window.status.saved.text()
    window.tell_carried(datetime(2026, 11, 21, 14, 5))
    assert window.status.saved.text() == "Written to the stick at 14:05 on 21/11/2026"
    window.set_unsent(3)
    assert window.unsent.text() == "Not sent yet: 3"
    window.set_unsent(0)
    assert window.unsent.isHidden()


def test_a_refusal_is_told_in_its_own_words(window, qtbot):
    window.host.desk.refuse = Refused("The stick is full.\nNothing was lost.")
    window.host.do("export")
    qtbot.waitUntil(lambda: bool(window.messages.shown()))
    assert "The stick is full." in window.messages.shown()[0].accessibleName()


def test_a_fault_of_the_program_is_told_without_a_traceback(window, qtbot):
    window.host.desk.refuse = KeyError("secret name Hoa")
    window.host.do("save")
    qtbot.waitUntil(lambda: bool(window.messages.shown()))
    words = window.messages.shown()[0].accessibleName()
    assert "fault in the program" in words
    assert "Hoa" not in words
    assert "Error" not in words


def test_at_most_three_messages_stay(window):
    for number in range(6):
        window.messages.warn(f"Message {number}")
    assert len(window.messages.shown()) == 3
    assert "5" in window.messages.shown()[0].accessibleName()


def test_undo_is_offered_and_taken(window, qtbot):
    undone = []
    window.undo_bar.offer("Address changed.", lambda: undone.append(1))
    assert window.undo_bar.isVisible()
    press(qtbot, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert undone == [1]
    assert window.undo_bar.isHidden()
    window.undo_bar.undo()
    assert undone == [1]


def test_the_privacy_view_masks_names_and_is_remembered(window):
    privacy = window.host.privacy
    assert privacy.name("Nguyễn Thị Hương") == "Nguyễn Thị Hương"
    window.mask.toggle()
    assert privacy.name("Nguyễn Thị Hương") == "N.T.H."
    assert window.host.preferences.get("privacy_view") is True


def test_a_page_hears_of_changes_while_it_is_shown(window, qtbot):
    seen = window.pages["today"].seen
    window.host.do("save")
    qtbot.waitUntil(lambda: frozenset({"cases"}) in seen)
    window.go("cases")
    count = len(seen)
    with qtbot.waitSignal(window.host.changed):
        window.host.do("save")
    assert len(seen) == count


def test_answers_come_in_the_windows_thread_and_work_runs_elsewhere(window, qtbot):
    import threading

    got = []
    window.host.ask(lambda: 7, lambda answer: got.append((answer, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(7, threading.main_thread())]
    assert threading.main_thread() not in window.host.desk.threads


def test_nothing_is_called_after_its_page_is_gone(window, qtbot):
    page, got = CasePage(window.host), []
    window.host.ask(lambda: 1, got.append, owner=page)
    page.deleteLater()
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: window.host.jobs.running == 0)
    assert got == []


def test_no_two_shortcuts_clash():
    keys = [QKeySequence(k.keys).toString() for k in shortcuts.Keys]
    keys += [f"Ctrl+{n}" for n in range(1, 10)] + ["Ctrl+Return", "F1"]
    assert len(set(keys)) == len(keys)
    assert all(k.words for k in shortcuts.Keys)


def test_preferences_survive_and_damage_is_no_drama(tmp_path):
    path = tmp_path / "deep" / "taste.json"
    Preferences(path).set("text_percent", 150)
    assert Preferences(path).get("text_percent") == 150
    path.write_text("{broken")
    assert Preferences(path).get("text_percent") == 100
    path.write_text('{"text_percent": "large", "scheme": 4}')
    assert Preferences(path).get("text_percent") == 100
    assert Preferences(path).get("scheme") == "system"


@pytest.mark.parametrize(("percent", "width"), [(100, 1366), (100, 800), (200, 1366)])
def test_the_window_can_be_used_by_keyboard_and_screen_reader(
    window, desk_app, qtbot, percent, width
):
    theme.apply(desk_app, theme.chosen("light", percent))
    window.resize(width, 768)
    window.set_unsent(3)
    window.messages.fail("What", "Safe", "Now", [("Again", lambda: None)])
    window.undo_bar.offer("Done.", lambda: None)
    for name in window.pages:
        window.go(name)
        desk_app.processEvents()
        assert not walk.unnamed(window)
        assert not walk.clipped(window)
        assert not walk.sideways(window)
        assert not walk.mnemonics(window)
        assert not walk.small(window, 32 * percent // 100)
    window.search_box.setFocus()
    trail = walk.tab_trail(window)
    assert "lock" in trail
    assert "nav_today" in trail
