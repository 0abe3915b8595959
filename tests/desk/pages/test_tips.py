"""Tips, as an officer would tell it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desk.pages import world
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.cases import CasesPage
from traffick_desk.desk.pages.intake import IntakePage
from traffick_desk.desk.pages.intake_tip import name_in
from traffick_desk.desk.pages.tip_new import NewTipPage
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.services import queries, tips
from traffick_desk.services.tips_read import ListTips, TipsOf

PAGES = (TodayPage, CasesPage, IntakePage, NewTipPage, CasePage)
TOLD = {
    "channel": "phone",
    "urgency": "now",
    "about": "Hai cô gái bị đưa lên xe khách ra cửa khẩu",
    "persons": "Lò Thị Mỷ, khoảng 15 tuổi",
    "place": "Chợ Lũng Cú",
}
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def officer(sit_down, commune):
    return sit_down(commune, *PAGES)


@pytest.fixture
def called(officer):
    """A tip has been taken, and its page is open."""
    officer.tip = officer.desk.do(tips.NewTip({**TOLD, "teller": "Vàng A Páo"}))
    officer.go("case", case_id=officer.tip)
    return officer


def drafts(officer):
    return officer.desk.ask(queries.Drafts())


def known(officer, **more):
    return officer.desk.ask(ListTips(**more))


def tip(officer, case=""):
    case = case or officer.tip
    return officer.desk.ask(queries.RefreshCase(case)).of("tip")[0].values


def section(officer):
    return officer.page.stack.section("tip")


def words(officer, name):
    return officer.child(QLabel, name).text()


def keys(officer, text="", *special):
    """The keyboard alone: what has the focus gets it."""
    for character in text:
        QTest.keyClicks(QApplication.focusWidget(), character)
    for key in special:
        QTest.keyClick(QApplication.focusWidget(), *(key if isinstance(key, tuple) else (key,)))
    officer.wait()


def today(officer):
    officer.go("today")
    model = officer.page.model
    return [model.row(model.index(n)) for n in range(model.rowCount())]


def test_i_take_a_tip_by_keyboard_alone_while_the_caller_speaks(officer, qtbot):
    with qtbot.waitActive(officer.window):
        officer.window.activateWindow()
    officer.go("tip_new")
    keys(officer, "1", Qt.Key.Key_Return)
    assert "113" in words(officer, "tip_todo")
    keys(officer, "Hai co gai len xe khach", Qt.Key.Key_Tab)
    keys(officer, "Lo Thi My", Qt.Key.Key_Tab)
    keys(officer, "Cho Lung Cu", (Qt.Key.Key_Return, CTRL))
    (found,) = known(officer)
    values = found.record.values
    assert values["urgency"] == "now"
    assert values["about"] == "Hai co gai len xe khach"
    assert (values["persons"], values["place"]) == ("Lo Thi My", "Cho Lung Cu")
    assert (values["at"], values["channel"]) == ("2026-11-21T14:05+07:00", "phone")
    # The tip is shown at once, and asks to be passed on.
    assert officer.page.name == "case"
    assert "113" in words(officer, "tip_todo")
    assert officer.page.list.current() == "tip"
    assert drafts(officer) == ()


def test_what_the_caller_said_is_kept_when_the_power_goes(officer, sit_down):
    officer.go("tip_new")
    form = officer.page.form("about")
    officer.type(form, "about", "Hai cô gái")
    officer.until(lambda: len(drafts(officer)) == 1)
    officer.wait()
    officer.close()
    (draft,) = drafts(officer)
    assert "cô gái" not in draft.title
    again = sit_down(officer.desk, *PAGES)
    item = next(r for r in today(again) if getattr(r, "group", "") == "draft")
    again.page.act(item)
    again.wait()
    assert again.page.name == "tip_new"
    assert again.page.form("about").editor("about").value() == "Hai cô gái"
    assert drafts(again) != ()


def test_without_the_urgency_i_am_told_what_is_missing(officer):
    officer.go("tip_new")
    officer.press("tip_save")
    assert known(officer) == ()
    assert words(officer, "urgency_line").startswith("Please fill this in")


def test_who_wants_to_be_anonymous_is_not_asked_for_a_name(officer):
    page = officer.go("tip_new")
    form = page.form("anonymous")
    officer.type(form, "teller", "Vàng A Páo")
    form.editor("anonymous").set_value("yes")
    form.editor("anonymous").edited.emit()
    assert form.box("teller").isHidden()
    assert form.box("tell_back").isHidden()
    page.form("urgency").editor("urgency").set_value("later")
    officer.type(page.form("about"), "about", "Có người lạ rủ đi làm")
    officer.press("tip_save")
    (found,) = known(officer)
    assert "teller" not in found.record.values


def test_who_wants_to_be_anonymous_afterwards_is_not_named_any_more(called):
    part = section(called).parts["tip_told"][1]
    part.change()
    part.form.editor("anonymous").set_value("yes")
    part.form.editor("anonymous").edited.emit()
    called.press("tip_told_submit")
    assert tip(called)["anonymous"] == "yes"
    assert "teller" not in tip(called)


def test_a_tip_taken_by_mistake_comes_back_as_a_draft(officer):
    page = officer.go("tip_new")
    page.form("urgency").editor("urgency").set_value("soon")
    officer.type(page.form("about"), "about", "Có người lạ")
    officer.press("tip_save")
    officer.window.undo_bar.undo()
    officer.wait()
    assert known(officer, settled=True) == ()
    assert officer.page.name == "tip_new"
    assert officer.page.form("about").editor("about").value() == "Có người lạ"
    assert officer.notices() == []


def test_danger_to_life_stands_first_and_one_key_passes_it_on(called):
    rows = today(called)
    assert rows[0].text == "URGENT TIPS, NOT PASSED ON (1)"
    line = rows[1]
    assert line.case_id == called.tip
    assert "Mỷ" not in str(line)
    called.page.act(line)
    called.wait()
    part = section(called).parts["tip_passed"][1]
    assert part.form.editor("forwarded_at").value() == "2026-11-21T14:05+07:00"
    part.form.editor("forwarded_to").set_value("police")
    called.press("tip_passed_submit")
    assert tip(called)["forwarded_to"] == "police"
    assert words(called, "tip_urgency_words") == "Passed on"
    assert not any(getattr(r, "group", "") == "tip_urgent" for r in today(called))


def test_the_page_of_a_tip_asks_nothing_about_a_person(called):
    page = called.page
    sections = [line.key for line in page.list.lines.lines()]
    assert sections == ["conflicts", "tip", "tasks", "documents", "notes", "history"]
    assert page._column.isHidden()
    assert page.head.stages.isHidden()
    assert "Danger to life now" in page.head.identity.text()
    offered = " ".join(command.words for command in page.commands())
    assert "Identity" not in offered
    assert called.notices() == []


def test_from_a_tip_i_go_to_a_case_and_see_all_of_it_again(called):
    girl = world.people(called.desk, "E1")["E1"]
    called.go("case", case_id=girl)
    sections = [line.key for line in called.page.list.lines.lines()]
    assert "identity" in sections
    assert "tip" not in sections
    assert not called.page._column.isHidden()
    assert called.page.list.current() == "identity"
    called.go("case", case_id=called.tip)
    assert called.page.list.current() == "tip"


def test_a_task_of_a_tip_is_kept(called):
    called.page.list.choose("tasks")
    part = called.page.stack.section("tasks").parts["task"][1]
    part.add()
    called.type(part.form, "what", "Gọi trưởng bản")
    called.type(part.form, "due", "22/11/2026")
    called.press("task_submit")
    assert [r.text for r in today(called) if getattr(r, "group", "") == "soon"] == [
        "Task: Gọi trưởng bản"
    ]


def test_a_tip_becomes_a_case_with_what_was_told(called):
    called.press("tip_case")
    assert called.page.name == "intake"
    assert "xe khách" in words(called, "intake_tip_about")
    name = called.page.section("identity").form_with("person", "name")
    assert name.editor("name").value() == "Lò Thị Mỷ"
    called.page.list.choose("reception")
    assert "xe khách" in called.page.values("reception", "reception")["note"]
    called.press("intake_save")
    (row,) = called.desk.ask(queries.ListCases())
    assert row.name == "Lò Thị Mỷ"
    assert row.file_no.startswith("TD")
    (joined,) = called.desk.ask(TipsOf(row.case_id))
    assert joined.case_id == called.tip
    # The case shows the tip, and the tip leads to the case.
    called.page.list.choose("tip")
    assert not any("Vàng A Páo" in w.text() for w in section(called).findChildren(QLabel))
    called.press(f"open_{joined.number}")
    assert "became a case" in called.page.head.identity.text()
    assert section(called).look.text() == f"Open {row.file_no}"
    called.press("tip_case_open")
    assert called.page._case_id == row.case_id


def test_the_step_from_tip_to_case_is_taken_back_and_nothing_typed_is_lost(called):
    called.press("tip_case")
    name = called.page.section("identity").form_with("person", "name")
    called.type(name, "name", "Lò Thị Mỹ Hạnh")
    called.page.list.choose("reception")
    called.press("intake_save")
    called.window.undo_bar.undo()
    called.wait()
    assert called.desk.ask(queries.ListCases()) == ()
    assert tip(called)["outcome"] == "open"
    assert called.page.name == "intake"
    name = called.page.section("identity").form_with("person", "name")
    assert name.editor("name").value() == "Lò Thị Mỹ Hạnh"
    assert not called.page.tip.isHidden()
    called.press("intake_save")
    assert tip(called)["outcome"] == "case"


def test_a_begun_intake_of_a_tip_is_gone_on_with(called, sit_down):
    called.press("tip_case")
    name = called.page.section("identity").form_with("person", "name")
    called.type(name, "name", "Sùng Thị Mai")
    called.until(lambda: len(drafts(called)) == 1)
    called.wait()
    called.close()
    again = sit_down(called.desk, *PAGES)
    again.tip = called.tip
    again.go("case", case_id=again.tip)
    again.press("tip_case")
    name = again.page.section("identity").form_with("person", "name")
    assert name.editor("name").value() == "Sùng Thị Mai"


def test_an_intake_without_a_tip_says_nothing_of_one(called):
    called.press("tip_case")
    called.go("intake")
    assert called.page.tip.isHidden()
    name = called.page.section("identity").form_with("person", "name")
    assert name.editor("name").value() is None


def test_i_join_a_tip_to_a_case_by_keyboard(called, qtbot):
    girl = world.people(called.desk, "E5")["E5"]
    with qtbot.waitActive(called.window):
        called.window.activateWindow()
    called.press("tip_join")
    panel = section(called).panel
    keys(called, "vang thi do")
    called.until(lambda: panel.finder.model.rowCount() == 1)
    keys(called, "", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert tip(called)["joined"] == girl
    assert not panel.isVisible()
    called.window.undo_bar.undo()
    called.wait()
    assert tip(called)["outcome"] == "open"


def test_a_tip_is_never_joined_to_a_tip(called):
    called.desk.do(tips.NewTip({**TOLD, "persons": "Sùng Thị Mai"}))
    called.press("tip_join")
    panel = section(called).panel
    panel.finder.search.setText("sung thi mai")
    called.until(lambda: words(called, "settle_said") == "No case fits.")
    called.press("settle_submit")
    assert words(called, "settle_said") == "Please choose the case first."
    assert tip(called)["outcome"] == "open"


def test_i_close_a_tip_only_with_a_reason_and_can_open_it_again(called):
    called.press("tip_close")
    called.press("settle_submit")
    assert tip(called)["outcome"] == "open"
    panel = section(called).panel
    panel.form.editor("reason").set_value("other")
    called.press("settle_submit")
    assert "reason" in words(called, "reason_note_line")
    called.type(panel.form, "reason_note", "Trẻ con nghịch máy")
    called.press("settle_submit")
    assert tip(called)["outcome"] == "closed"
    assert words(called, "tip_urgency_words") == "Closed"
    called.press("tip_reopen")
    assert tip(called)["outcome"] == "open"


def test_a_half_written_reason_is_kept_when_the_power_goes(called, sit_down):
    called.press("tip_close")
    panel = section(called).panel
    called.type(panel.form, "reason_note", "Trẻ con nghịch máy")
    called.until(lambda: len(drafts(called)) == 1)
    called.wait()
    called.close()
    again = sit_down(called.desk, *PAGES)
    again.go("case", case_id=called.tip)
    panel = section(again).panel
    assert panel.isVisible()
    assert panel.form.editor("reason_note").value() == "Trẻ con nghịch máy"
    panel.form.editor("reason").set_value("other")
    again.press("settle_submit")
    assert drafts(again) == ()


def test_the_list_of_cases_shows_tips_only_when_i_ask_for_them(called):
    world.people(called.desk, "E1")
    page = called.go("cases")
    assert page.count.text() == "1 case"
    called.press("stage_tip")
    assert page.count.text() == "1 tip"
    row = [page.model.data(page.model.index(0, column)) for column in range(5)]
    assert row[1] == "Danger to life now · Chợ Lũng Cú"
    assert "not passed on yet" in row
    called.press("stage_all")
    page.search.setText("xe khach")
    page.read()
    called.wait()
    assert page.count.text() == "0 cases"


def test_the_province_sees_what_its_communes_did_not_pass_on(sit_down, province, commune):
    case = commune.do(tips.NewTip(TOLD))
    world.carry(commune, province)
    lead = sit_down(province, *PAGES)
    line = today(lead)[1]
    assert (line.case_id, line.action) == (case, "forward")
    assert "Đồng Văn" in line.detail
    lead.page.act(line)
    lead.wait()
    part = section(lead).parts["tip_passed"][1]
    part.form.editor("forwarded_to").set_value("border_guard")
    lead.press("tip_passed_submit")
    world.carry(province, commune)
    assert commune.ask(queries.RefreshCase(case)).of("tip")[0].get("forwarded_to") == "border_guard"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lò Thị Mỷ, khoảng 15 tuổi", "Lò Thị Mỷ"),
        ("Hai cô gái không rõ tên", ""),
        ("HAI NGƯỜI", ""),
        ("Mỷ", ""),
        ("", ""),
        ("Đặng Thị Hoa\nem gái", "Đặng Thị Hoa"),
    ],
)
def test_a_name_is_proposed_only_where_there_is_one(typed, name):
    assert name_in(typed) == name
