"""The real window over real vaults."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.pages2 import world
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.cases import CasesPage
from traffick_desk.desk.pages.rules import RulesPage
from traffick_desk.desk.pages.settings import SettingsPage
from traffick_desk.desk.pages.sync import SyncPage
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.desk.preferences import Preferences


@pytest.fixture(scope="session")
def templates(tmp_path_factory) -> Path:
    """Vaults that tests copy: empty, with the nine worked persons, and a province's."""
    base = tmp_path_factory.mktemp("vaults")
    for name, profile in (("empty", "commune"), ("worked", "commune"), ("province", "province")):
        desk = world.make(base / name, profile)
        if name == "worked":
            world.take_in(desk)
        desk.close()
    return base


@pytest.fixture
def vault(templates, tmp_path):
    """Gives the folder of a fresh copy of a template."""

    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(templates / name, target)
        return target

    return copy


class _Elsewhere(Page):
    """Stands for a page of somebody else, and remembers how it was asked for."""

    in_navigation = False

    def __init__(self, host):
        super().__init__(host)
        self.asked = []

    def opened(self, **arguments):
        self.asked.append(arguments)


class Case(_Elsewhere):
    name, label = "case", "Case"


class Intake(_Elsewhere):
    name, label = "intake", "New intake"


class Paper(_Elsewhere):
    name, label = "paper", "Paper"


PAGES = (TodayPage, CasesPage, SyncPage, RulesPage, SettingsPage, Case, Intake, Paper)


@dataclass
class Shown:
    """A desk and its window."""

    window: DeskWindow
    qtbot: object

    @property
    def desk(self):
        return self.window.host.desk

    @property
    def page(self):
        return self.window.page

    def settle(self) -> None:
        """Wait until no work is left."""
        jobs = self.window.host.jobs
        self.qtbot.waitUntil(lambda: jobs.running == 0, timeout=20_000)

    def go(self, name: str, **arguments):
        self.window.go(name, **arguments)
        self.settle()
        return self.window.page

    def find(self, name: str):
        from PySide6.QtWidgets import QWidget

        return self.window.findChild(QWidget, name)

    def messages(self) -> list[str]:
        return [notice.accessibleName() for notice in self.window.messages.shown()]


@pytest.fixture
def show(desk_app, qtbot, vault):
    """Shows the window over a copy of a template, or over an open desk."""
    made = []

    def one(name="worked", *answers, preferences=None, pages=PAGES) -> Shown:
        desk = world.unlock(vault(name)) if isinstance(name, str) else name
        window = DeskWindow(
            desk, preferences or Preferences(), pages=pages, dialogs=ScriptedDialogs(*answers)
        )
        window.resize(1366, 768)
        made.append(window)
        shown = Shown(window, qtbot)
        window.show()
        shown.settle()
        return shown

    yield one
    for window in made:
        window.shut()
        window.deleteLater()


def pytest_collection_modifyitems(items) -> None:
    """The offscreen platform warns of what it lacks whenever a least size changes."""
    for item in items:
        if "pages2" in str(item.path):
            mark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
            item.add_marker(mark)
