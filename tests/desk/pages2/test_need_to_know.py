"""Restricted cases and the log in the real window: the officer, her colleague, the chair, IT."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from desk.pages2 import world
from journey import press, type_into
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.pages.restriction import GlassDialog, RestrictDialog
from traffick_desk.desk.preferences import Preferences
from traffick_desk.services import vaults
from traffick_desk.services.officers import NewOfficer, add
from traffick_desk.services.queries import ListCases

HERS = "chín dòng sông chảy ra biển"
TEAM = (
    NewOfficer("Trần Thị Lan", "lan", HERS, "officer"),
    NewOfficer("Lò Văn Đào", "dao", HERS, "auditor"),
    NewOfficer("Vi Thị Mai", "mai", HERS, "clerk"),
    # Last: from then on letting officers in is her task.
    NewOfficer("Hoàng Văn Minh", "minh", HERS, "chair"),
)


@pytest.fixture
def sit(desk_app, qtbot, vault):
    """Seats one officer after the other before the same desk, with all pages."""
    path = vault("worked")
    desk = world.unlock(path)
    for one in TEAM:
        add(desk, world.PASSWORD, one)
    desk.close()
    windows = []

    def one(login: str, *answers) -> DeskWindow:
        if windows:
            windows[-1].shut()
        password = world.PASSWORD if login == world.LOGIN else HERS
        desk = vaults.unlock(path, login, password, world.now)
        window = DeskWindow(desk, Preferences(), dialogs=ScriptedDialogs(*answers))
        window.resize(1366, 768)
        windows.append(window)
        window.show()
        settle(qtbot, window)
        return window

    yield one
    for window in windows:
        window.shut()
        window.deleteLater()


def settle(qtbot, window) -> None:
    for _turn in range(4):
        qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=20_000)
        QApplication.processEvents()


def dialog(qtbot, window, kind):
    qtbot.waitUntil(lambda: window.findChild(kind) is not None)
    settle(qtbot, window)
    return window.findChild(kind)


def test_a_case_is_restricted_opened_with_a_reason_and_shown_to_the_chair(sit, qtbot):
    window = sit(world.LOGIN)
    row = window.host.desk.ask(ListCases())[0]
    window.go("case", case_id=row.case_id, section="frame")
    settle(qtbot, window)
    page = window.page
    press(page.findChild(object, "case_restrict"))
    asked = dialog(qtbot, window, RestrictDialog)
    ticks = {tick.text(): (tick.isChecked(), tick.isEnabled()) for tick in asked.ticks.values()}
    assert ticks == {
        "Hoàng Văn Minh: sees every case": (True, False),
        "Nguyễn Thị Hương (you)": (True, False),
        "Trần Thị Lan": (False, True),
    }
    type_into(asked.reason, "Người thân làm ở xã")
    press(asked.do)
    settle(qtbot, window)
    assert page.head.identity.text().endswith("restricted")

    window = sit("lan")
    window.go("cases")
    settle(qtbot, window)
    model = window.page.model
    number = model.find(lambda r: r.case_id == row.case_id)
    cells = [model.index(number, column).data() for column in range(model.columnCount())]
    assert cells[:5] == [row.file_no, "restricted to named officers", "", "", ""]
    window.palette_list.open()
    type_into(window.search_box, row.name)
    qtbot.wait(400)
    settle(qtbot, window)
    assert not [c for c in window.palette_list.offered() if row.file_no in c.words]
    window.palette_list.close_list()
    window.go("case", case_id=row.case_id)
    asked = dialog(qtbot, window, GlassDialog)
    assert window.page.case is None
    assert "Nguyễn Thị Hương" in asked.words.text()
    type_into(asked.reason, "vì cần")
    assert not asked.do.isEnabled()
    type_into(asked.reason, "Chị Hương nghỉ, em bé cần thuốc ngay")
    press(asked.do)
    settle(qtbot, window)
    assert window.page.name == "case"
    assert window.page.case.row.name == row.name

    window = sit("minh")
    window.go("today")
    settle(qtbot, window)
    model = window.page.model
    texts = [model.index(n).data() for n in range(model.rowCount())]
    told = [t for t in texts if "opened this restricted case" in t]
    assert len(told) == 1
    assert "em bé cần thuốc ngay" in told[0]
    line = next(n for n in range(model.rowCount()) if model.index(n).data() == told[0])
    window.page.act(model.item(model.index(line)))
    settle(qtbot, window)
    assert not [n for n in range(model.rowCount()) if "restricted" in model.index(n).data()]


def test_without_a_reason_it_stays_closed(sit, qtbot):
    window = sit(world.LOGIN)
    row = window.host.desk.ask(ListCases())[0]
    from traffick_desk.services.need_to_know import RestrictCase

    window.host.desk.do(RestrictCase(row.case_id, ()))
    window = sit("lan")
    window.go("case", case_id=row.case_id)
    dialog(qtbot, window, GlassDialog).reject()
    settle(qtbot, window)
    assert window.page.name == "cases"
    assert not window.messages.shown()


def test_the_auditor_reads_the_log_and_no_case(sit, qtbot, tmp_path):
    target = tmp_path / "log.csv"
    window = sit("dao", True, target)
    assert window.page.name == "log"
    assert "cases" not in window.pages
    assert "today" not in window.pages
    model = window.page.model
    assert model.rowCount() > 10
    page = window.page
    page.kind.setCurrentIndex(page.kind.findData("unlocked"))
    settle(qtbot, window)
    shown = {model.index(n, 2).data() for n in range(model.rowCount())}
    assert shown == {"unlocked the desk"}
    page.officer.setCurrentIndex(page.officer.findText("Lò Văn Đào"))
    settle(qtbot, window)
    assert {model.index(n, 1).data() for n in range(model.rowCount())} == {"Lò Văn Đào"}
    press(page.save_button)
    settle(qtbot, window)
    assert target.read_text("utf-8-sig").count("\n") == model.rowCount() + 1
    assert not [m for m in window.messages.shown() if "role" in m.accessibleName()]


def test_the_clerk_has_no_page_with_cases(sit, qtbot):
    window = sit("mai")
    assert not {"cases", "case", "today", "intake", "paper", "log", "same"} & set(window.pages)
    assert not window.messages.shown()


def test_settings_show_the_way_to_the_log_to_who_may_go_it(sit, qtbot):
    window = sit("minh")
    window.go("settings")
    settle(qtbot, window)
    assert not window.page.log.isHidden()
    press(window.page.log.button)
    settle(qtbot, window)
    assert window.page.name == "log"
    assert window.page.model.rowCount() > 5
    window = sit(world.LOGIN)
    window.go("settings")
    settle(qtbot, window)
    assert window.page.log.isHidden()
