"""The real window over real vaults, with answers to dialogs given beforehand."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from desk.pages import world
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.frame import MainWindow
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.intake import IntakePage
from traffick_desk.desk.pages.paper import PaperPage
from traffick_desk.desk.pages.paper_office import OfficePaperPage
from traffick_desk.services.errors import ServiceError


class TodayPage(Page):
    name, label, icon = "today", "Today", "today"


class Officer:
    """Somebody before a window: what she does, and waiting until it has been done."""

    def __init__(self, qtbot, desk, *others):
        self.qtbot, self.desk = qtbot, desk
        self.dialogs = ScriptedDialogs()
        self.window = MainWindow(
            desk,
            others or (TodayPage, IntakePage, CasePage, PaperPage, OfficePaperPage),
            context=world.editors(),
            dialogs=self.dialogs,
            expected=(ServiceError,),
        )
        self.window.resize(1366, 768)
        self.window.show()
        self.wait()

    @property
    def page(self):
        return self.window.page

    def wait(self):
        """Until no work is under way and nothing more was asked for."""
        for _turn in range(4):
            self.qtbot.waitUntil(lambda: self.window.host.jobs.running == 0, timeout=10_000)
            QApplication.processEvents()

    def until(self, holds):
        self.qtbot.waitUntil(holds, timeout=10_000)

    def go(self, name, **arguments):
        self.window.go(name, **arguments)
        self.wait()
        return self.page

    def child(self, kind, name):
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name):
        """Press the button with this name."""
        button = self.child(QAbstractButton, name)
        assert button.isEnabled(), f"{name} cannot be pressed"
        button.click()
        self.wait()

    def type(self, form, field, text):
        """Type *text* into a field of *form* and leave it."""
        editor = form.editor(field)
        line = editor.focusProxy() or editor
        line.setFocus()
        if hasattr(line, "clear"):
            line.clear()
        # As an input method (Telex, UniKey) hands over letters that no key has.
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(line, event)
        editor.leave()

    def notices(self):
        """The first line of each message on screen."""
        shown = self.window.messages.shown()
        return [n.findChild(QLabel, "notice_what").text() for n in shown]

    def close(self):
        """As the power going: nothing is saved on the way out."""
        if not shiboken6.isValid(self.window):
            return
        self.window.host.jobs.stop()
        self.window.host.desk.listeners.clear()
        self.window._locking = True
        self.window.close()
        # At once: a later change of the look would draw what nobody sees again.
        shiboken6.delete(self.window)


@pytest.fixture
def commune(tmp_path):
    desk = world.make_desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def province(tmp_path):
    desk = world.make_desk(tmp_path, "province")
    yield desk
    desk.close()


@pytest.fixture
def sit_down(qtbot, desk_app):
    """Opens windows; closes them at the end."""
    made = []

    def open_window(desk, *pages):
        made.append(Officer(qtbot, desk, *pages))
        return made[-1]

    yield open_window
    for officer in made:
        officer.close()


@pytest.fixture
def officer(sit_down, commune):
    return sit_down(commune)
