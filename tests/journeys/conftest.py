from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from journey import Officer
from traffick_desk import i18n

PASSWORD = "ruộng bậc thang mùa lúa chín"
COMMUNE, PROVINCE = "2025/06184", "2025/20"  # Đồng Đăng, Lạng Sơn

Sit = Callable[..., Officer]
# The offscreen platform says what it cannot do; that is no fault of the program.
OFFSCREEN = "This plugin does not support .*"


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN, extend=True))


@pytest.fixture
def sit(qapp, tmp_path: Path) -> Iterator[Sit]:
    """Seats an officer before a desk of her own, after its first run."""
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.vault.kdf import FLOOR

    language = i18n.language()
    seated: list[Officer] = []

    def one(profile: str = "commune", unit: str = "") -> Officer:
        folder = tmp_path / f"{profile}-{len(seated)}"
        program = Program(qapp, folder, Preferences(folder.with_suffix(".json")), kdf=FLOOR)
        officer = Officer(program, PASSWORD)
        unit = unit or (COMMUNE if profile == "commune" else PROVINCE)
        officer.begins(profile=profile, unit=unit, name="Nguyễn Thị Hương")
        seated.append(officer)
        return officer

    yield one
    for officer in seated:
        if officer.window is not None:
            officer.locks()
        officer.program.deleteLater()
    qapp.processEvents()
    qapp.setStyleSheet("")
    i18n.set_language(language)


@pytest.fixture
def officer(sit: Sit) -> Officer:
    return sit()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder
