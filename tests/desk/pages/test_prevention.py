"""*Prevention* in the window: what reports say is typed in and comes back; the clerk does it all."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit

from desk.pages import world
from services import documents_world as pictures
from traffick_desk import i18n
from traffick_desk.desk.pages.outreach import PreventionPage
from traffick_desk.desk.pages.outreach_entry import OutreachEntryPage
from traffick_desk.desk.pages.outreach_files import ActivityFilePage
from traffick_desk.desk.pages.outreach_import import OutreachImportPage
from traffick_desk.desk.pages.outreach_paper import OutreachPaperPage
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.desk.pages.today_work import WorkTodayPage
from traffick_desk.domain.counts import Count
from traffick_desk.services.documents import prepare
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.prevention.commands import SavePrevention
from traffick_desk.services.prevention.drafts import OutreachDrafts
from traffick_desk.services.prevention.due import WorkToday
from traffick_desk.services.prevention.files import (
    ActivityFiles,
    AddActivityFile,
    OpenActivityFile,
)
from traffick_desk.services.prevention.lists import (
    OutreachList,
    UnitRecord,
    UnitRecords,
)
from traffick_desk.services.prevention.totals import PreventionTotals
from traffick_desk.services.prevention.training import Training
from traffick_desk.services.queries import Today
from traffick_desk.services.unit_records import new_record_id
from traffick_desk.store import documents
from traffick_desk.store.journal import Edit

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
PAGES = (PreventionPage, OutreachEntryPage, OutreachImportPage, OutreachPaperPage)


@pytest.fixture(autouse=True)
def vietnamese(desk_app):
    before = i18n.language()
    i18n.set_language("vi")
    yield
    i18n.set_language(before)


def write(officer, type_name="activity", *, kind, **fields):
    """Write one entry down as an officer does: kind, title, day, numbers, Ctrl+Enter."""
    officer.go("outreach_entry", type_name=type_name)
    page = officer.page
    officer.until(lambda: page.form is not None and page.form.isVisible())
    page.form.editor("kind").set_value(kind)
    for name, text in fields.items():
        if name not in page.form.names():
            page.show_more()
        if text == "":
            continue
        officer.type(page.form, name, text)
    page.save()
    officer.wait()


def totals(desk, first, last):
    return desk.ask(PreventionTotals(date(first, 1, 1), date(last, 12, 31)))


def shoot(officer, name):
    if folder := os.environ.get("PREVENTION_SHOTS"):
        officer.wait()
        officer.window.grab().save(f"{folder}/{name}.png")


def test_the_figures_of_lang_son_typed_in_come_back(sit_down, province):
    officer = sit_down(province, *PAGES)
    shoot(officer, "empty")
    write(officer, kind="conference", title="Truyền thông và tập huấn nghiệp vụ", since="2017",
          times="6", persons="563")  # fmt: skip
    write(officer, "material", kind="leaflet", title="Tờ rơi", since="2017", made="3704",
          handed_out="3.704", handed_to="11 phòng cấp huyện")  # fmt: skip
    write(officer, kind="talk", title="Cử báo cáo viên tập huấn ở 4 huyện", since="2017",
          attendances="hơn 1.000")  # fmt: skip
    found = totals(province, 2017, 2017)
    assert found.line("conference")["times"] == Count(6)
    assert found.line("conference")["persons"] == Count(563)
    assert found.line("leaflet")["handed_out"] == Count(3704)
    assert found.line("talk")["attendances"] == Count(1000, at_least=True)
    page = officer.go("prevention")
    officer.until(lambda: page.list.model.rowCount() == 3)
    page.list.year.setCurrentIndex(page.list.year.findData(2017))
    officer.wait()
    assert "ít nhất 1.000" in page.list.sums.text()
    shoot(officer, "list")
    row = page.list.model.find(lambda r: r.entry.kind == "talk")
    officer.go("outreach_entry", type_name="activity", record=page.list.model.row(row).entry.id)
    officer.until(lambda: officer.page.form is not None and "line" in officer.page.form.names())
    assert officer.page.form.editor("attendances").input.text() == "ít nhất 1.000"
    assert not officer.page.form.changes()
    shoot(officer, "entry")


def test_at_least_can_be_taken_away_again(sit_down, province):
    officer = sit_down(province, *PAGES)
    write(officer, kind="workshop", title="Hội thảo", since="2023", persons="hơn 860")
    (record,) = province.ask(UnitRecords("activity"))
    assert record.get("at_least") == ["persons"]
    officer.go("outreach_entry", type_name="activity", record=record.id)
    officer.until(lambda: officer.page.form is not None and "line" in officer.page.form.names())
    officer.type(officer.page.form, "persons", "870")
    officer.page.save()
    officer.wait()
    (record,) = province.ask(UnitRecords("activity"))
    assert (record.get("persons"), record.get("at_least")) == (870, None)
    officer.window.undo_bar.undo()
    officer.wait()
    (record,) = province.ask(UnitRecords("activity"))
    assert (record.get("persons"), record.get("at_least")) == (860, ["persons"])


def test_names_are_pasted_onto_the_list_and_taken_off(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    write(officer, kind="class", title="Tập huấn đội tình nguyện", since="20/11/2026")
    page = officer.page
    officer.until(page.names.isVisible)
    paste = officer.child(QPlainTextEdit, "outreach_paste")
    paste.setPlainText("1. Vàng Thị Dợ; Công chức; UBND xã\nLò Văn Nam\n")
    assert "2" in page.names.add_button.text()
    officer.press("outreach_names_add")
    officer.until(lambda: page.names.table.rows.rowCount() == 2)
    shoot(officer, "names")
    page.names.table.selectRow(0)
    officer.press("outreach_names_remove")
    officer.until(lambda: page.names.table.rows.rowCount() == 1)
    assert sum(bool(p.trained) for p in commune.ask(Training())) == 1
    officer.window.undo_bar.undo()
    officer.wait()
    assert sum(bool(p.trained) for p in commune.ask(Training())) == 2


def test_a_number_that_is_none_is_said_beside_its_field(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    write(officer, kind="talk", title="Nói chuyện", since="2026", persons="rất đông")
    assert commune.ask(OutreachList()).total == 0
    assert officer.page.form.problems().keys() == {"persons"}


def test_everything_is_done_by_keyboard(sit_down, commune, qtbot):
    officer = sit_down(commune, *PAGES)
    officer.go("prevention")
    qtbot.keyClick(officer.page, Qt.Key.Key_A, CONTROL_SHIFT)
    officer.wait()
    page = officer.page
    officer.until(lambda: page.name == "outreach_entry" and page.form is not None)
    page.form.editor("kind").set_value("broadcast")
    officer.type(page.form, "title", "Phát thanh 30/7")
    qtbot.keyClick(page.form.editor("title").focusProxy(), Qt.Key.Key_Return,
                   Qt.KeyboardModifier.ControlModifier)  # fmt: skip
    officer.wait()
    assert commune.ask(OutreachList()).total == 1


def test_a_plan_its_task_and_the_money_of_the_year(sit_down, province):
    officer = sit_down(province, *PAGES)
    write(officer, kind="class", title="Lớp", since="05/2026", line="training", cost="12 triệu")
    page = officer.go("prevention", tab="plans")
    officer.press("plan_new")
    form = page.plans.panel.form
    for name, text in (("title", "Kế hoạch 794"), ("since", "01/01/2021"), ("until", "31/12/2025")):
        officer.type(form, name, text)
    page.plans.panel.submit()
    officer.wait()
    officer.until(lambda: page.plans.plan() is not None)
    officer.press("task_new")
    form = page.plans.panel.form
    officer.type(form, "what", "100 % nạn nhân được hưởng chế độ")
    form.editor("measure").set_value("received")
    form.editor("target_unit").set_value("percent")
    officer.type(form, "target", "100")
    officer.type(form, "due", "31/12/2025")
    page.plans.panel.submit()
    officer.wait()
    officer.until(lambda: page.plans.tasks.rows.rowCount() == 1)
    assert page.plans.tasks.rows.thing(0).state == "late"
    officer.press("inspection_new")
    officer.type(page.plans.panel.form, "subject", "Việc thực hiện chế độ")
    page.plans.panel.submit()
    officer.wait()
    officer.until(lambda: page.plans.findings.rows.rowCount() == 1)
    page.plans.findings.selectRow(0)
    officer.press("finding_new")
    officer.type(page.plans.panel.form, "what", "Thiếu sổ theo dõi")
    officer.type(page.plans.panel.form, "due", "01/11/2026")
    page.plans.panel.submit()
    officer.wait()
    officer.until(lambda: page.plans.findings.rows.rowCount() == 2)
    shoot(officer, "plans")
    page = officer.go("prevention", tab="money")
    officer.press("budget_new")
    form = page.money.panel.form
    form.editor("purpose").set_value("training")
    form.editor("fund").set_value("province")
    officer.type(form, "approved", "10 triệu")
    page.money.panel.submit()
    officer.wait()
    officer.until(lambda: page.money.lines.rows.rowCount() >= 2)
    shoot(officer, "money")
    page = officer.go("prevention", tab="teams")
    officer.press("team_new")
    officer.type(page.teams.panel.form, "name", "Đội Đồng Văn")
    page.teams.panel.submit()
    officer.wait()
    officer.until(lambda: page.teams.teams.rows.rowCount() == 1)
    shoot(officer, "teams")


def test_a_table_is_pasted_looked_at_and_taken_in(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    page = officer.go("outreach_import")
    page.paste.setPlainText(
        "Hình thức\tNội dung\tThời gian\tSố người\tSố lượng\n"
        "Nói chuyện\tNgày 30/7\t30/07/2026\thơn 120\t\n"
        "Tờ rơi\tTờ rơi tiếng Mông\t2026\t\t500\n"
        "Dạ hội\tkhông rõ\t2026\t\t\n"
    )
    officer.press("outreach_look")
    officer.until(lambda: page.rows.rows.rowCount() == 3)
    shoot(officer, "import")
    assert "2" in page.take_button.text()
    assert commune.ask(OutreachList()).total == 0
    officer.press("outreach_take")
    assert commune.ask(OutreachList()).total == 2
    assert officer.page.name == "prevention"
    officer.window.undo_bar.undo()
    officer.wait()
    assert commune.ask(OutreachList()).total == 0


def test_two_values_are_chosen_between_in_the_entry(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    record = f"{commune.info.unit}/0197a3f2-8d5c-7a31-9be4-0d6f1f0a2b3c"
    first = {"kind": "talk", "title": "một", "since": "2026", "state": "done"}
    commune.do(SavePrevention((Edit("activity", record, first),)))
    base = commune.ask(UnitRecord("activity", record)).heads
    for title in ("hai", "ba"):
        commune.do(SavePrevention((Edit("activity", record, {"title": title}, base),)))
    assert any("Hai giá trị" in i.text for i in commune.ask(Today()) if i.group == "conflict")
    page = officer.go("outreach_entry", type_name="activity", record=record)
    officer.until(page.conflicts.isVisible)
    said = [w.text() for w in page.conflicts.findChildren(QLabel)]
    # Both values, who wrote each, and over what.
    assert {"hai", "ba"} <= set(said)
    assert said.count("trước đó: một") == 2
    assert sum(commune.info.officer_name in text for text in said) == 2
    buttons = page.conflicts.findChildren(QAbstractButton)
    next(b for b in buttons if b.accessibleName().endswith(": hai")).click()
    officer.wait()
    assert commune.ask(UnitRecord("activity", record)).get("title") == "hai"
    assert not commune.ask(UnitRecord("activity", record)).conflicts


def test_the_papers_of_an_activity_and_of_the_year(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    write(officer, kind="class", title="Tập huấn đội tình nguyện", since="20/11/2026",
          place="Nhà văn hóa")  # fmt: skip
    (record,) = commune.ask(UnitRecords("activity"))
    page = officer.go("outreach_paper", activity=record.id)
    officer.until(page.print_button.isEnabled)
    assert page.model.rowCount() == 2
    page.forms.setCurrentIndex(page.model.index(1))
    officer.wait()
    officer.until(page.print_button.isEnabled)
    page = officer.go("outreach_paper")
    officer.until(page.print_button.isEnabled)
    shoot(officer, "paper")
    assert page.model.rowCount() == 3
    assert page.month.currentData() == 2026


def test_what_is_typed_is_kept_and_gone_on_with(sit_down, commune):
    officer = sit_down(commune, *PAGES)
    page = officer.go("outreach_entry")
    officer.until(lambda: page.form is not None)
    page.form.editor("kind").set_value("talk")
    officer.type(page.form, "title", "Nói chuyện dở dang")
    officer.type(page.form, "persons", "hơn 100")
    page.back()
    officer.wait()
    (draft,) = commune.ask(OutreachDrafts())
    assert "dở dang" in draft.title
    officer.close()
    again = sit_down(commune, *PAGES)
    page = again.go("outreach_entry")
    again.until(page._begun.isVisible)
    again.press("outreach_resume")
    again.until(lambda: page.form.editor("title").value() == "Nói chuyện dở dang")
    page.save()
    again.wait()
    assert commune.ask(OutreachDrafts()) == ()
    (record,) = commune.ask(UnitRecords("activity"))
    assert (record.get("kind"), record.get("persons")) == ("talk", 100)
    assert record.get("at_least") == ["persons"]


# --- photos, and the day of a clerk -----------------------------------------------------


def test_a_photo_of_an_activity_is_kept_looked_at_and_removed_for_good(sit_down, commune, tmp_path):
    activity = new_record_id(commune.context)
    values = {"kind": "talk", "title": "Nói chuyện", "since": "2026-07-30", "state": "done"}
    commune.do(SavePrevention((Edit("activity", activity, values),)))
    officer = sit_down(commune, PreventionPage, OutreachEntryPage, ActivityFilePage)
    page = officer.go("outreach_entry", type_name="activity", record=activity)
    card = page.files
    photo = tmp_path / "anh.jpg"
    photo.write_bytes(pictures.jpeg())
    officer.dialogs.answers.append(photo)
    officer.press("outreach_file_add")
    officer.press("activity_file_submit")
    # Whether somebody can be recognised is asked; nothing was kept without an answer.
    assert commune.ask(ActivityFiles(activity)) == ()
    card.form.form.editor("faces").set_value("nobody")
    card.form.form.editor("faces").edited.emit()
    officer.press("activity_file_submit")
    [view] = commune.ask(ActivityFiles(activity))
    officer.wait()
    assert card.list.rows.has_picture(view)
    card.list.setCurrentIndex(card.list.rows.index(0))
    officer.press("outreach_file_look")
    assert officer.page.name == "outreach_file"
    officer.page.leave()
    officer.wait()
    assert officer.page.name == "outreach_entry"
    card.list.setCurrentIndex(card.list.rows.index(0))
    officer.dialogs.answers.append(True)
    officer.press("outreach_file_remove")
    assert commune.ask(ActivityFiles(activity)) == ()
    with commune.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM document_piece")
        assert cursor.fetchone() == (0,)


def test_a_photo_of_the_province_is_asked_for_and_looked_at_once_it_has_come(
    sit_down, commune, province
):
    activity = new_record_id(province.context)
    values = {"kind": "talk", "title": "Nói chuyện", "since": "2026-07-30", "state": "done"}
    province.do(SavePrevention((Edit("activity", activity, values),)))
    found = prepare.prepare(prepare.look_at(pictures.jpeg(), "a.jpg"), clean=True, shrink=False)
    said = {"kind": "photo", "faces": "nobody"}
    record = province.do(AddActivityFile(activity, found, said))
    world.carry(province, commune)
    officer = sit_down(commune, PreventionPage, OutreachEntryPage, ActivityFilePage)
    page = officer.go("outreach_entry", type_name="activity", record=activity)
    card = page.files
    officer.until(lambda: card.list.rows.rowCount() == 1)
    assert not card.look_button.isEnabled()
    officer.press("outreach_file_ask")
    officer.until(lambda: not card.ask_button.isEnabled())
    assert "đã yêu cầu gửi" in card.list.rows.index(0).data()
    # How the bytes come with a bundle: tests/services/test_prevention_files.py.
    with commune.context.store.work() as work:
        documents.keep(work.cursor, found.content)
    for listener in tuple(commune.listeners):
        listener(frozenset({"documents"}))
    officer.until(card.look_button.isEnabled)
    assert card.ask_button.isHidden()
    card.list.setCurrentIndex(card.list.rows.index(0))
    officer.press("outreach_file_look")
    assert officer.page.name == "outreach_file"
    assert commune.ask(OpenActivityFile(activity, record)).media == "jpeg"


def test_a_clerk_has_a_today_of_her_own_and_an_officer_has_not(sit_down, commune):
    own = {"unit": commune.info.unit}
    plan = {**own, "title": "Tờ rơi", "state": "done", "since": "2026-05"}
    team = new_record_id(commune.context)
    edits = (
        Edit("activity", new_record_id(commune.context),
             {**own, "kind": "talk", "title": "Hội nghị", "since": "2026-11-20",
              "state": "planned"}),
        Edit("material", new_record_id(commune.context),
             {**plan, "kind": "leaflet", "made": 1000, "handed_out": 950}),
        Edit("material", new_record_id(commune.context),
             {**plan, "title": "Pa nô", "kind": "leaflet", "made": 100, "handed_out": 10}),
        Edit("volunteer_team", team, {**own, "name": "Đội thôn Mới"}),
        Edit("staff", new_record_id(commune.context),
             {**own, "name": "Vàng Mí Say", "team": team, "role": "volunteer"}),
    )  # fmt: skip
    commune.do(SavePrevention(edits))
    assert not WorkTodayPage.open_to("officer")
    commune.context.info = replace(commune.context.info, role="clerk")
    officer = sit_down(commune, TodayPage, WorkTodayPage, PreventionPage, OutreachEntryPage)
    page = officer.go("today_work")
    groups = {item.group for item in commune.ask(WorkToday())}
    assert groups == {"late", "stock", "training"}
    low = [i.text for i in commune.ask(WorkToday()) if i.group == "stock"]
    assert len(low) == 1
    assert "50" in low[0]
    assert "Tờ rơi" in low[0]
    item = next(i for i in commune.ask(WorkToday()) if i.group == "training")
    page.act(item)
    officer.wait()
    assert officer.page.name == "prevention"
    with pytest.raises(NotAllowed):
        commune.ask(Today())
