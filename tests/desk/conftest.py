"""One offscreen QApplication in the desk's look; every test starts in English at 100 %."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from traffick_desk import i18n


@pytest.fixture(scope="session")
def qapp_args():
    return ["traffick-desk", "-platform", "offscreen"]


@pytest.fixture
def desk_app(qapp):
    """The application in the light theme at 100 %, in English."""
    from traffick_desk.desk import theme

    i18n.set_language("en")
    theme.apply(qapp, theme.chosen("light", 100))
    yield qapp
    theme.apply(qapp, theme.chosen("light", 100))
    i18n.set_language("vi")
