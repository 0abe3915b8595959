"""A locked window passes to a new process: a window stands the whole time, nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from traffick_desk.desk.take_over import Heir, Passing

PLACE = QRect(40, 60, 420, 300)


class Window(QWidget):
    """What stands before a desk, as far as passing it on goes."""

    def __init__(self):
        super().__init__()
        self.password = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.password)

    def untouched(self):
        return not self.password.text()


class Pair:
    """Both sides over a real line, in one process; which of the two windows stand, at each step."""

    def __init__(self, qtbot):
        self.qtbot = qtbot
        self.old, self.new = Window(), Window()
        self.told = []
        self.heir = None
        self.passing = Passing(start=self.start)
        for name in ("passed", "postponed", "failed"):
            getattr(self.passing, name).connect(lambda n=name: self.told.append(n))
        for window in (self.old, self.new):
            qtbot.addWidget(window)
        self.old.setGeometry(PLACE)
        self.old.show()

    def start(self, name):
        self.heir = Heir(name, self.passing)
        for told in ("taken", "ended"):
            getattr(self.heir, told).connect(lambda n=told: self.told.append(n))
        self.heir.hold(self.new)
        return True

    def offer(self):
        self.passing.offer(self.old, self.old.untouched)

    def until(self, *told):
        self.qtbot.waitUntil(lambda: self.told == list(told), timeout=5_000)


@pytest.fixture
def pair(desk_app, qtbot):
    one = Pair(qtbot)
    yield one
    one.passing.end()


def test_left_alone_the_new_window_stands_before_the_old_one_goes(pair):
    stood = []
    pair.passing.passed.connect(
        lambda: stood.append((pair.old.isVisible(), pair.new.isVisible(), list(pair.told)))
    )
    pair.offer()
    assert not pair.new.isVisible(), "unseen until it is told"
    assert pair.heir.begin()
    pair.until("passed", "taken")
    ((old, new, told),) = stood
    assert old
    assert new
    assert "taken" not in told, "what only one can have is let go of before the other is told"
    assert pair.new.geometry() == PLACE


def test_what_is_typed_while_the_new_process_starts_stays(pair):
    pair.offer()
    pair.old.password.setText("half a passw")
    assert pair.heir.begin()
    pair.until("postponed")
    assert not pair.new.isVisible()
    pair.old.password.clear()
    pair.offer()
    pair.until("postponed", "passed", "taken")


def test_what_is_typed_while_the_new_window_comes_up_stays_too(pair, monkeypatch):
    pair.offer()
    show = pair.new.show

    def shown():
        show()
        pair.old.password.setText("h")

    monkeypatch.setattr(pair.new, "show", shown)
    assert pair.heir.begin()
    pair.until("postponed")
    pair.qtbot.waitUntil(lambda: not pair.new.isVisible(), timeout=5_000)
    assert pair.old.isVisible()
    assert pair.old.password.text() == "h"
    monkeypatch.undo()
    pair.old.password.clear()
    pair.offer()
    pair.until("postponed", "passed", "taken")
    assert pair.new.isVisible()


def test_unlocked_meanwhile_the_new_process_ends(pair):
    pair.offer()
    pair.old.password.setText("half a passw")
    assert pair.heir.begin()
    pair.until("postponed")
    pair.passing.end()
    pair.until("postponed", "ended")
    assert not pair.new.isVisible()
    # At the next lock another one comes.
    pair.told.clear()
    pair.old.password.clear()
    pair.offer()
    assert pair.heir.begin()
    pair.until("passed", "taken")


def test_a_new_process_that_does_not_come_or_goes_is_told(pair):
    pair.passing._late.setInterval(20)
    pair.offer()
    pair.until("failed")
    assert not pair.heir.begin(), "too late: nobody is there any more"
    pair.told.clear()
    pair.passing._late.setInterval(20_000)
    pair.offer()
    pair.old.password.setText("half a passw")
    assert pair.heir.begin()
    pair.until("postponed")
    pair.heir._line._socket.abort()
    pair.qtbot.waitUntil(lambda: "failed" in pair.told, timeout=5_000)
    assert pair.old.isVisible()


def test_a_process_that_cannot_be_begun_is_told(desk_app, qtbot):
    passing = Passing(start=lambda _name: False)
    window = Window()
    qtbot.addWidget(window)
    with qtbot.waitSignal(passing.failed, timeout=1_000):
        passing.offer(window, window.untouched)


def test_the_old_process_dies_while_the_new_window_stands(pair, monkeypatch):
    monkeypatch.setattr(Heir, "_painted", lambda _self: None)
    pair.offer()
    assert pair.heir.begin()
    pair.qtbot.waitUntil(pair.new.isVisible, timeout=5_000)
    pair.passing._line._socket.abort()
    pair.qtbot.waitUntil(lambda: "taken" in pair.told, timeout=5_000)
    assert pair.new.isVisible(), "it is the only one"


def test_nobody_else_gets_a_word_in(pair):
    pair.offer()
    pair.old.password.setText("half a passw")
    name = pair.heir._name
    assert pair.heir.begin()
    pair.until("postponed")
    stranger = QLocalSocket()
    stranger.connectToServer(name)
    stranger.waitForConnected(1_000)
    stranger.write(b"shown\n")
    stranger.flush()
    pair.qtbot.waitUntil(
        lambda: stranger.state() == QLocalSocket.LocalSocketState.UnconnectedState, timeout=5_000
    )
    pair.old.password.clear()
    pair.offer()
    pair.until("postponed", "passed", "taken")
