"""One offscreen QApplication in the desk's look; every test starts in English at 100 %."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from traffick_desk import i18n

# The offscreen platform says what it cannot do; that is no fault of the program.
OFFSCREEN = "This plugin does not support .*"


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN, extend=True))


@pytest.fixture(scope="session")
def qapp_args():
    return ["traffick-desk", "-platform", "offscreen"]


@pytest.fixture
def desk_app(qapp):
    """The application in the light theme at 100 %, in English."""
    from traffick_desk.desk import theme

    i18n.set_language("en")
    if qapp.property("deskTheme") != theme.chosen("light", 100):
        theme.apply(qapp, theme.chosen("light", 100))
    yield qapp
    i18n.set_language("vi")
