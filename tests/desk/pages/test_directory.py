"""The directory in the window: found for a case, referred to, the slip printed; checked, taken in."""

from __future__ import annotations

import pytest
import shiboken6
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from desk.pages import world
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.pages import all_pages
from traffick_desk.desk.preferences import Preferences
from traffick_desk.domain.geo import Position
from traffick_desk.services.directory import exchange
from traffick_desk.services.directory.entries import CheckService, OpenService, SaveService
from traffick_desk.services.directory.find import ListServices
from traffick_desk.services.places.write import SavePlace
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.today import items

HOME = world.UNITS.get(world.DONG_VAN)


def service(name, kinds, north=0.0, east=0.0, **more):
    place = Position(HOME.lat + north, HOME.lon + east)
    return {"name": name, "organization": "Sở Tư pháp", "kinds": kinds, "phone": "0219 3866 111",
            "address": "Số 6", "place_unit": world.DONG_VAN, "position": place.text(),
            "listing": "public", **more}  # fmt: skip


@pytest.fixture
def stocked(commune):
    ids = {
        name: commune.do(SaveService(service(name, kinds, north)))
        for name, kinds, north in (
            ("Trợ giúp pháp lý xa", ["legal_aid"], 0.2),
            ("Trợ giúp pháp lý gần", ["legal_aid"], 0.05),
            ("Trạm Y tế", ["medical"], 0.01),
        )
    }
    return commune, ids


@pytest.fixture
def officer(sit_down, stocked):
    return sit_down(stocked[0], *all_pages())


def names(page):
    return [page.model.row(n).name for n in range(page.model.rowCount())]


def test_the_nearest_legal_aid_is_found_for_a_case_referred_to_and_the_slip_printed(
    officer, stocked
):
    commune, ids = stocked
    case = world.people(commune, "LS3")["LS3"]
    officer.go("case", case_id=case)
    QTest.keyClick(officer.page, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    officer.wait()
    page = officer.page
    assert page.name == "directory"
    page.kind.setCurrentIndex(page.kind.findData("legal_aid"))
    page.kind.activated.emit(page.kind.currentIndex())
    officer.wait()
    assert names(page) == ["Trợ giúp pháp lý gần", "Trợ giúp pháp lý xa"]
    officer.press("service_refer")
    assert officer.page.name == "case"
    section = officer.page.stack.section("referrals")
    form = section.list.form
    assert form.editor("service").value() == "legal_aid"
    assert form.editor("to_body").value() == "Trợ giúp pháp lý gần (Sở Tư pháp)"
    section.submit()
    officer.wait()
    [referral] = commune.ask(OpenCase(case)).of("referral")
    assert referral.get("entry") == ids["Trợ giúp pháp lý gần"]
    assert "0219 3866 111" in referral.get("entry_words")
    # The entry changes afterwards; what was chosen stays as it was.
    commune.do(SaveService({"phone": "0219 1"}, ids["Trợ giúp pháp lý gần"]))
    officer.wait()
    again = commune.ask(OpenCase(case)).of("referral")[0]
    assert "0219 3866 111" in again.get("entry_words")
    shown = officer.child(QLabel, "referral_entry").text()
    assert "0219 3866 111" in shown


def test_another_receiver_typed_by_hand_lets_go_of_the_entry(officer, stocked):
    commune, ids = stocked
    case = world.people(commune, "LS3")["LS3"]
    officer.go("case", case_id=case, section="referrals", refer=ids["Trạm Y tế"])
    section = officer.page.stack.section("referrals")
    officer.type(section.list.form, "to_body", "Bệnh viện khác")
    section.submit()
    officer.wait()
    [referral] = commune.ask(OpenCase(case)).of("referral")
    assert referral.get("to_body") == "Bệnh viện khác"
    assert referral.get("entry") is None
    assert referral.get("entry_words") is None


def test_a_service_is_chosen_by_typing_without_accents(officer, stocked):
    commune, _ids = stocked
    case = world.people(commune, "LS3")["LS3"]
    officer.go("case", case_id=case, section="referrals")
    section = officer.page.stack.section("referrals")
    section.list.add()
    officer.wait()
    line = section.lookup.line
    line.setText("tram y")
    line.settle()
    officer.wait()
    assert section.list.form.editor("to_body").value() == "Trạm Y tế (Sở Tư pháp)"
    assert section.list.form.editor("service").value() == "medical"


def test_list_and_map_say_the_same_and_the_keyboard_moves_between_places(officer, stocked):
    page = officer.go("directory")
    assert [p.key for p in page.map.model.points] == [
        r.id for r in page._rows if r.position is not None
    ]
    page.map.setFocus()
    QTest.keyClick(page.map, Qt.Key.Key_N)
    officer.wait()
    first = page.table.current().id
    QTest.keyClick(page.map, Qt.Key.Key_N)
    officer.wait()
    assert page.table.current().id != first
    scale = page.map.model.scale
    QTest.keyClick(page.map, Qt.Key.Key_Plus)
    assert page.map.model.scale > scale
    QTest.keyClick(page.map, Qt.Key.Key_0)
    assert page.map.model.scale == pytest.approx(scale, rel=0.5)
    assert not page.map.grab().isNull()


def test_a_new_service_is_typed_saved_and_taken_back(officer, stocked):
    page = officer.go("service")
    for name, text in (("name", "Hội Phụ nữ xã"), ("organization", "Hội Liên hiệp Phụ nữ")):
        officer.type(page.form, name, text)
    page.save()
    officer.wait()
    assert officer.page.name == "service"  # it is not said what it helps with
    page.form.suggest({"kinds": ["community"]})
    officer.type(page.form, "opens", "8h sáng")
    page.save()
    officer.wait()
    assert officer.page.name == "service"
    officer.type(page.form, "opens", "8h")
    page.save()
    officer.wait()
    assert officer.page.name == "directory"
    assert "Hội Phụ nữ xã" in names(officer.page)
    officer.window.undo_bar.undo()
    officer.wait()
    assert "Hội Phụ nữ xã" not in names(officer.page)


def test_a_check_is_written_down_beside_the_entry(officer, stocked):
    commune, ids = stocked
    page = officer.go("directory", service=ids["Trạm Y tế"])
    officer.press("service_check")
    officer.press("service_finding_wrong")
    officer.press("service_check_save")
    assert page.card._problem.isVisibleTo(page)
    page.card.note.setText("Số máy sai")
    officer.press("service_check_save")
    assert commune.ask(OpenService(ids["Trạm Y tế"])).trouble.words == "Số máy sai"
    officer.press("service_check")
    officer.press("service_check_save")
    assert commune.ask(OpenService(ids["Trạm Y tế"])).trouble is None


def test_today_names_what_is_to_be_checked_and_leads_there(officer, stocked):
    commune, ids = stocked
    commune.do(CheckService(ids["Trạm Y tế"], "right"))
    day = commune.context.now().date()
    with commune.context.store.read() as cursor:
        lines = [i for i in items(commune.context, cursor, day, day) if i.group == "directory"]
    assert [(i.action, i.text.split()[0]) for i in lines] == [("check", "2")]
    officer.go("today").act(lines[0])
    officer.wait()
    assert officer.page.name == "directory"
    assert len(names(officer.page)) == 2


def test_a_table_is_seen_before_it_is_taken_in(officer, stocked, tmp_path):
    path = tmp_path / "bang.xlsx"
    book = Workbook()
    book.active.append(["name", "organization", "kinds"])
    book.active.append(["Trường nội trú", "Sở Giáo dục", "Học văn hóa"])
    book.active.append(["Bên sai", "Sở", "không có việc này"])
    book.save(path)
    page = officer.go("directory_import", file=str(path))
    assert page.prepared.count("new") == 1
    assert page.prepared.count("wrong") == 1
    assert page.model.row(0)[0] == 3  # what has to be mended stands first
    officer.press("directory_take")
    assert officer.page.name == "directory"
    assert "Trường nội trú" in names(officer.page)


def test_the_directory_is_saved_after_a_warning(officer, stocked, tmp_path):
    target = tmp_path / "danh-ba.json"
    page = officer.go("directory")
    officer.dialogs.answers += [True, target]
    page.save()
    officer.wait()
    assert exchange.read(stocked[0], target).count("same") == 3


def test_the_papers_of_the_directory_are_drawn(officer, stocked):
    _commune, ids = stocked
    page = officer.go("directory_paper", service=ids["Trạm Y tế"])
    officer.until(lambda: page.pages.pages == 1)
    page = officer.go("directory_paper")
    officer.until(page.print_button.isEnabled)
    assert page.pages.pages >= 1


def test_who_may_only_read_is_offered_no_change(sit_down, stocked):
    from dataclasses import replace

    commune, _ids = stocked
    commune.context.info = replace(commune.context.info, role="it")
    officer = sit_down(commune, *[p for p in all_pages() if p.name in {"directory", "service"}])
    page = officer.go("directory")
    assert not page.new_button.isEnabled()
    assert len(commune.ask(ListServices()).rows) == 4


# --- facilities -------------------------------------------------------------------------


def test_a_person_is_given_a_place_and_the_childrens_house_asks_for_a_reason(officer, stocked):
    commune, _ids = stocked
    case = world.people(commune, "LS1")["LS1"]
    facility = commune.do(SavePlace("facility", {"name": "Cơ sở A", "kind": "social",
                                                 "status": "active"}))  # fmt: skip
    for name, purpose in (("A1", "general"), ("B trẻ em", "children_house")):
        commune.do(SavePlace("room", {"facility": facility, "name": name, "purpose": purpose,
                                      "beds": 2, "status": "active"}))  # fmt: skip
    page = officer.go("facilities", case_id=case)
    page.rooms.selectRow(1)
    officer.wait()
    assert not page.bar.against.isHidden()
    officer.press("place_give")
    assert officer.page.name == "facilities"
    assert not any(s.get("room") for s in commune.ask(OpenCase(case)).of("stay"))
    page.rooms.selectRow(0)
    officer.wait()
    assert page.bar.against.isHidden()
    officer.type(page.bar.form, "bed", "2")
    page.bar.form.editor("until").set_value("2026-12-20")
    officer.press("place_give")
    assert officer.page.name == "case"
    [stay] = [s for s in commune.ask(OpenCase(case)).of("stay") if s.get("room")]
    assert stay.get("facility") == "Cơ sở A"
    assert (stay.get("bed"), stay.get("until")) == ("2", "2026-12-20")
    page = officer.go("facilities")
    assert page.free.text().startswith("1 ")


def test_a_facility_and_its_room_are_entered_in_the_window(officer, stocked):
    page = officer.go("facilities")
    assert not page.empty.isHidden()
    officer.press("facility_new")
    officer.type(page.form, "name", "Nhà B")
    page.save()
    officer.wait()
    page.rooms.selectRow(0)
    officer.press("room_new")
    officer.type(page.form, "name", "P1")
    officer.type(page.form, "beds", "4")
    page.save()
    officer.wait()
    [row] = [page.rooms.rows.thing(n)[1] for n in range(page.rooms.rows.rowCount())]
    assert (row.beds, row.free) == (4, 4)
    officer.press("hold_new")
    officer.type(page.form, "beds", "3")
    page.save()
    officer.wait()
    assert page.free.text().startswith("1 ")


def test_the_palette_finds_services_by_name_and_telephone(qtbot, desk_app, stocked):
    commune, ids = stocked
    window = DeskWindow(commune, Preferences(), dialogs=ScriptedDialogs())
    told = []
    window._search("tram y te", told.append)
    qtbot.waitUntil(lambda: bool(told and told[-1]), timeout=10_000)
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
    [command] = [c for c in told[-1] if "Trạm Y tế" in c.words]
    command.act()
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=10_000)
    assert window.page.name == "directory"
    qtbot.waitUntil(lambda: window.page.table.current() is not None, timeout=10_000)
    assert window.page.table.current().id == ids["Trạm Y tế"]
    window.host.jobs.stop()
    window.host.desk.listeners.clear()
    window._locking = True
    window.close()
    shiboken6.delete(window)


def test_two_values_of_a_service_are_chosen_between_with_who_wrote_them(officer, stocked):
    commune, ids = stocked
    one = ids["Trạm Y tế"]
    base = commune.ask(OpenService(one)).record.heads
    for phone in ("0219 3866 222", "0219 3866 333"):
        commune.do(SaveService({"phone": phone}, one, base))
    assert len(commune.ask(OpenService(one)).record.conflicts["phone"]) == 2
    page = officer.go("service", service=one)
    officer.until(page.conflicts.isVisible)
    said = [w.text() for w in page.conflicts.findChildren(QLabel)]
    assert {"0219 3866 222", "0219 3866 333"} <= set(said)
    assert sum("0219 3866 111" in text for text in said) == 2
    buttons = page.conflicts.findChildren(QAbstractButton)
    next(b for b in buttons if b.accessibleName().endswith(": 0219 3866 222")).click()
    officer.wait()
    entry = commune.ask(OpenService(one))
    assert entry.get("phone") == "0219 3866 222"
    assert not entry.record.conflicts
    assert not page.conflicts.isVisible()
    assert page.form.editor("phone").value() == "0219 3866 222"
