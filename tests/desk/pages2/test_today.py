"""What an officer sees first."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from desk.pages2 import world
from traffick_desk import i18n
from traffick_desk.desk.pages import today_words as words
from traffick_desk.desk.pages.today_list import Heading, TodayModel
from traffick_desk.services.commands import SaveDraft
from traffick_desk.services.queries import ListCases
from traffick_desk.services.views import TodayItem

DAY = date(2026, 11, 21)


def item(group="late", **more) -> TodayItem:
    given = {"case_id": "c1", "file_no": "TD-0001/2026", "text": "Notify", "due": "2026-11-20"}
    return TodayItem(group, **{**given, **more})


@pytest.fixture
def model(desk_app) -> TodayModel:
    return TodayModel()


def rows(model):
    return [model.row(model.index(n)) for n in range(model.rowCount())]


def test_the_most_urgent_stands_first_whatever_the_order_of_the_answer(model, qtmodeltester):
    model.show([item("unsent"), item("soon"), item("late"), item("today")], DAY)
    headings = [row.group.name for row in rows(model) if isinstance(row, Heading)]
    assert headings == ["late", "today", "soon", "unsent"]
    qtmodeltester.check(model)


def test_a_heading_counts_its_lines_and_says_when_there_are_more(model):
    model.show([item()], DAY)
    assert rows(model)[0].text == "OVERDUE (1)"
    model.show([item(key=str(n)) for n in range(200)], DAY)
    assert rows(model)[0].text == "OVERDUE (at least 200)"


def test_the_keyboard_skips_headings(show, qtbot):
    page = show().go("today")
    seen = []
    for _press in range(page.model.rowCount() + 2):
        seen.append(page.model.item(page.view.currentIndex()))
        page.view.setFocus()
        qtbot.keyClick(page.view, Qt.Key.Key_Down)
    assert None not in seen
    lines = [r for r in rows(page.model) if isinstance(r, TodayItem)]
    assert set(seen) == set(lines)


def test_no_name_of_a_person_stands_on_the_page(show):
    shown = show()
    page = shown.go("today")
    names = [row.name for row in shown.desk.ask(ListCases())]
    texts = [page.model.data(page.model.index(n)) for n in range(page.model.rowCount())]
    assert names
    assert not [name for name in names for text in texts if name in text]


@pytest.mark.parametrize(
    ("due", "text"),
    [
        ("2026-11-20", "1 day late"),
        ("2026-11-11", "10 days late"),
        ("2026-08-21", "3 months late"),
        ("2022-11-21", "4 years late"),
        ("2026-11-21", "today"),
        ("2026-11-22", "1 day left"),
        ("2026-11-23T08:00+07:00", "2 days left"),
    ],
)
def test_a_deadline_says_how_far_it_is(desk_app, due, text):
    assert words.distance(due, DAY) == text


def test_vietnamese_says_it_as_people_write_it(desk_app):
    i18n.set_language("vi")
    assert words.heading(DAY) == "Hôm nay, thứ Bảy 21/11/2026"
    assert words.distance("2026-11-20", DAY) == "trễ 1 ngày"
    assert words.distance("2026-11-23", DAY) == "còn 2 ngày"


def test_a_moment_counts_for_the_day_it_has_in_viet_nam():
    assert words.day_of("2026-11-21T18:30+00:00") == date(2026, 11, 22)


def test_the_article_stands_below_what_is_to_be_done(show):
    page = show().go("today")
    late = next(r for r in rows(page.model) if isinstance(r, TodayItem) and r.group == "late")
    assert "Art. " in words.subtitle(late, page.model.pack)


def test_a_day_without_work_teaches_what_comes_here(show):
    page = show("empty").go("today")
    assert page.stack.currentWidget() is page.empty
    assert not page.view.isVisible()


def test_a_draft_is_taken_up_again_with_enter(show, qtbot):
    shown = show("empty")
    shown.desk.do(SaveDraft("intake:1", "", "New intake", {}))
    page = shown.go("today")
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert shown.page.name == "intake"
    assert shown.page.asked == [{"draft": "intake:1"}]


def test_a_click_on_the_button_acts_and_a_click_beside_it_only_chooses(show, qtbot):
    shown = show()
    page = shown.go("today")
    index = page.model.find(None)
    asked = []
    page.view.acted.connect(asked.append)
    line = page.view.visualRect(index)
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert asked == []
    button = page.view.button_rect(index)
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=button.center())
    assert asked == [page.model.item(index)]


@pytest.mark.parametrize(
    ("line", "page", "arguments"),
    [
        (item(action="letter"), "paper", {"case_id": "c1", "form": "D30/cong-van-bao-tiep-nhan"}),
        (item(action="step", key="x"), "case", {"case_id": "c1", "step": "x"}),
        (item("answer", action="answer", key="d"), "case", {"case_id": "c1", "seen": "d"}),
        (item("request", action="decide", key="e"), "case", {"case_id": "c1", "entitlement": "e"}),
        (item("unsent", case_id="", action="export"), "sync", {}),
        (item("conflict"), "case", {"case_id": "c1"}),
    ],
)
def test_each_button_leads_where_the_work_is(show, line, page, arguments):
    shown = show("empty")
    today = shown.go("today")
    today.act(line)
    assert shown.page.name == page
    if arguments:
        assert shown.page.asked == [arguments]


def test_the_letter_is_the_communes_and_the_province_only_looks(desk_app):
    assert words.own_action(item(action="letter"), "commune") == "letter"
    assert words.own_action(item(action="letter"), "province") == "open"


def test_the_list_follows_what_is_done_and_stays_where_it_was(show):
    shown = show("empty")
    page = shown.go("today")
    world.take_in(shown.desk)
    shown.settle()
    lines = [r for r in rows(page.model) if isinstance(r, TodayItem)]
    assert {"late", "unsent"} <= {line.group for line in lines}
    page.view.setCurrentIndex(page.model.index(page.model.rowCount() - 1))
    before = page.model.item(page.view.currentIndex())
    shown.desk.do(SaveDraft("intake:1", "", "New intake", {}))
    shown.settle()
    assert page.model.item(page.view.currentIndex()).action == before.action


@pytest.mark.parametrize("width", [1366, 760])
def test_nothing_is_drawn_outside_its_line(show, width):
    shown = show()
    shown.window.resize(width, 700)
    page = shown.go("today")
    index = page.model.find(None)
    line = page.view.visualRect(index)
    at = page.view._delegate.places(line)
    for name in ("icon", "file_no", "text", "below", "when", "button"):
        part = getattr(at, name)
        assert line.contains(part), name
    assert not at.text.intersects(at.button)
    assert not at.when.intersects(at.button)
