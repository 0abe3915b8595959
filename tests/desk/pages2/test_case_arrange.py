"""Filtering, grouping and saving the list of cases, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from desk.pages2 import world
from traffick_desk.desk.pages.case_groups import GroupedSource, GroupRow
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.services.base import new_id
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.case_lists import GroupedCases, ListSettings
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.queries import ListCases
from traffick_desk.store.journal import Edit


@pytest.fixture
def page(show):
    shown = show()
    rows = shown.desk.ask(ListCases())
    shown.desk.do(SaveRecords((Edit("case", rows[0].case_id, {"officer": "Lò Văn Nam"}),)))
    page = shown.go("cases")
    page.shown = shown
    return page


def lines(page) -> list[str]:
    """Each line: of a group its words, of a case its name."""
    rows = [page.model.row(n) for n in range(page.model.rowCount())]
    return [r.words if isinstance(r, GroupRow) else r.name for r in rows]


def action(menu: QMenu, words: str):
    menu.aboutToShow.emit()
    for one in menu.actions():
        if one.text().replace("&", "") == words:
            return one
        if one.menu() is not None:
            for inner in one.menu().actions():
                if inner.text().replace("&", "") == words:
                    return inner
    raise AssertionError(words)


def dialog(name: str) -> QDialog:
    return next(w for w in QApplication.topLevelWidgets() if w.objectName() == name
                and w.isVisible())  # fmt: skip


# -- filters ---------------------------------------------------------------------------------


def test_a_filter_chosen_in_the_menu_becomes_a_chip_that_takes_it_away(page):
    every = page.model.rowCount()
    action(page.more.menu, "Lò Văn Nam").trigger()
    page.shown.settle()
    assert page.model.rowCount() == 1
    assert page.more.chips["officer"].text() == "In charge: Lò Văn Nam"
    assert page.more.chips["officer"].isVisible()
    page.more.chips["officer"].click()
    page.shown.settle()
    assert page.model.rowCount() == every
    assert not page.more.isVisible()


def test_my_cases_and_under_18_are_one_step_away(page):
    action(page.more.menu, "My cases").trigger()
    action(page.more.menu, "Under 18").trigger()
    page.shown.settle()
    wanted = CaseFilter(officer="Nguyễn Thị Hương", minor=True)
    assert page._source.filter == wanted
    assert page.model.rowCount() == len(page.shown.desk.ask(ListCases(wanted)))
    assert action(page.more.menu, "My cases").isChecked()
    action(page.more.menu, "Take all filters away").trigger()
    page.shown.settle()
    assert page._source.filter == CaseFilter()


def test_received_between_two_days(page, qtbot):
    page.more.ask_between()
    asked = dialog("between")
    assert not asked.do.isEnabled()
    asked.first.input.setText("1/1/2026")
    asked.last.input.setText("1/1/2025")
    assert not asked.do.isEnabled()
    assert asked.words.text() == "The first day is after the last."
    asked.last.input.setText("31/12/2026")
    asked.do.click()
    page.shown.settle()
    wanted = CaseFilter(since="2026-01-01", until="2026-12-31")
    assert page._source.filter == wanted
    assert page.more.chips["received"].text() == "Received 01/01/2026 to 31/12/2026"
    assert 0 < page.model.rowCount() == len(page.shown.desk.ask(ListCases(wanted)))


# -- groups ----------------------------------------------------------------------------------


def test_a_grouped_list_behaves_as_models_should(page, qtmodeltester):
    page.group_by("stage")
    page.shown.settle()
    qtmodeltester.check(page.model)
    page.fold_all(True)
    page.shown.settle()
    qtmodeltester.check(page.model)


def test_groups_stand_above_their_cases_and_fold_by_the_keyboard(page, qtbot):
    page.group_by("stage")
    page.shown.settle()
    groups = page.shown.desk.ask(GroupedCases("stage"))
    assert page.model.rowCount() == len(groups) + sum(g.count for g in groups)
    assert page.count.text() == f"{sum(g.count for g in groups)} cases"
    assert lines(page)[0].endswith(f": {groups[0].count} cases")
    view = page.table.view
    view.setFocus()
    view.setCurrentIndex(page.model.index(1, 1))  # a case of the first group
    qtbot.keyClick(view, Qt.Key.Key_Left)
    page.shown.settle()
    assert isinstance(page.model.row(1), GroupRow)
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Qt.Key.Key_Right)
    page.shown.settle()
    assert not isinstance(page.model.row(1), GroupRow)
    qtbot.keyClick(view, Qt.Key.Key_Return)  # on the line of a group
    page.shown.settle()
    assert isinstance(page.model.row(1), GroupRow)
    page.fold_all(True)
    page.shown.settle()
    assert page.model.rowCount() == len(groups)
    page.group_by("")
    page.shown.settle()
    assert page.model.rowCount() == sum(g.count for g in groups)


def test_a_line_of_a_group_is_read_out_and_drawn_across(page):
    page.group_by("officer")
    page.shown.settle()
    for column in range(page.model.columnCount()):
        index = page.model.index(0, column)
        words = page.model.data(index, Qt.ItemDataRole.AccessibleTextRole)
        assert words == "Lò Văn Nam: 1 case, open"
    assert not page.table.view.grab().isNull()


def test_groups_follow_filters_search_and_new_cases(page):
    page.group_by("officer")
    page.search.setText("lan")
    page.read()
    page.shown.settle()
    assert sum(not isinstance(page.model.row(n), GroupRow) for n in range(page.model.rowCount())) \
        == len(page.shown.desk.ask(ListCases(CaseFilter(text="lan"))))  # fmt: skip
    page.search.clear()
    page.read()
    page.shown.settle()
    before = page.model.rowCount()
    world.take_in(page.shown.desk)
    page.shown.settle()
    assert page.model.rowCount() == before + 9


def test_an_empty_list_can_be_grouped(show):
    shown = show("empty")
    page = shown.go("cases")
    page.group_by("month")
    shown.settle()
    assert page.model.rowCount() == 0
    page.fold_all(True)
    page._fold_group(True)
    shown.settle()


def test_many_groups_come_folded_and_any_line_is_read_alone():
    asked = []

    class Group:
        def __init__(self, key, lines):
            self.key, self.lines, self.count = key, lines, len(lines)

    groups = (Group("a", range(300)), Group("b", range(300, 1_000)))

    def ask(query):
        asked.append(query)
        return groups if isinstance(query, GroupedCases) else tuple(query.lines)

    source = GroupedSource(ask, CaseFilter(), "stage", str.upper)
    assert source.fetch("name", 0, 100) == [
        GroupRow("a", "A", 300, True),
        GroupRow("b", "B", 700, True),
    ]
    assert (source.count(), source.cases()) == (2, 1_000)
    opened = source.fold("b", False)
    assert opened.count() == 702
    assert opened.fetch("name", 1, 3) == [GroupRow("b", "B", 700, False), 300, 301]
    assert opened.fetch("name", 700, 100) == [998, 999]
    assert (opened.row_of("b"), opened.group_at(600)) == (1, "b")
    assert sum(isinstance(q, GroupedCases) for q in asked) == 1


# -- saved lists -----------------------------------------------------------------------------


@pytest.mark.qt_log_ignore("does not support", extend=True)  # of the offscreen platform: popups
def test_a_list_is_saved_under_a_name_and_opened_again_by_one_key(page):
    action(page.more.menu, "Under 18").trigger()
    page.stages["support"].click()
    page.group_by("officer")
    page.table.sort_by("-birth")
    page.shown.settle()
    shown = lines(page)
    page.saved.ask_name()
    asked = dialog("list_name")
    assert not asked.do.isEnabled()
    asked.input.setText("Trẻ em")
    asked.do.click()
    page.shown.settle()
    page.more.clear()
    page.stages[""].click()
    page.group_by("")
    page.table.sort_by("name")
    page.shown.settle()
    wanted = QKeySequence(Keys.LISTS.keys)
    (key,) = [s for s in page.findChildren(QShortcut) if s.key() == wanted]
    key.activated.emit()
    assert page.saved.menu.isVisible()
    page.saved.menu.hide()
    action(page.saved.menu, "1  Trẻ em").trigger()
    page.shown.settle()
    assert lines(page) == shown
    assert page.model.order == "-birth"
    assert page.stages["support"].isChecked()
    assert page.more.chips["minor"].isVisible()


def test_a_saved_list_is_deleted_and_brought_back(page):
    page.saved.save("Của tôi")
    page.shown.settle()
    (saved,) = page.saved.lists
    page.saved.drop(saved)
    page.shown.settle()
    assert page.shown.desk.ask(ListSettings()).lists == ()
    page.host.undo.undo()
    page.shown.settle()
    assert page.saved.lists == (saved,)


def test_a_case_that_comes_in_meanwhile_leaves_the_fold_as_it_is(page):
    page.group_by("stage")
    page.shown.settle()
    page.fold_all(True)
    page.shown.settle()
    folded = page.model.rowCount()
    person = Edit("person", new_id(), {"role": "main", "name": "Lan"})
    page.shown.desk.do(NewCase((Edit("case", new_id(), {"stage": "support"}), person)))
    page.shown.settle()
    assert page.model.rowCount() == folded


def test_widths_that_nobody_drew_are_not_remembered(page, qtbot):
    window, header = page.window(), page.table.view.horizontalHeader()
    page.columns.flush()
    window.resize(900, 700)
    page.shown.settle()
    window.resize(1366, 768)
    page.shown.settle()
    assert not page.columns._soon.isActive()
    header.resizeSection(page.columns._names.index("file_no"), 260)
    assert page.columns._soon.isActive()


def test_what_was_left_is_fitted_to_the_window(page):
    page.columns.keep()
    page.shown.settle()
    page.window().resize(760, 700)
    page.shown.settle()
    hidden = [page.table.view.isColumnHidden(n) for n in range(page.model.columnCount())]
    page._as_left(page.shown.desk.ask(ListSettings()))
    after = [page.table.view.isColumnHidden(n) for n in range(page.model.columnCount())]
    assert after == hidden
    assert any(hidden)
