"""Lists of any length: pages through a query, order by the query, columns remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from traffick_desk.desk import kit
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.tables import Column, ListModel, ListTable

COLUMNS = (
    Column("file_no", "Số hồ sơ", lambda r: f"TD-{r:04d}", order="file_no"),
    Column("name", "Họ và tên", lambda r: f"N.T.H. {r}", order="name", chars=30),
    Column("due", "Hạn", lambda r: "quá hạn" if r % 5 == 0 else "", tone=lambda r: "late"),
    Column("amount", "Số tiền", str, right=True),
)


class Rows:
    def __init__(self, count: int) -> None:
        self.count, self.asked = count, []

    def __call__(self, order, offset, limit):
        self.asked.append((order, offset, limit))
        rows = range(self.count)
        if order.startswith("-"):
            rows = range(self.count - 1, -1, -1)
        return list(rows[offset : offset + limit])


@pytest.fixture
def table(desk_app, qtbot):
    def made(count, preferences=None):
        rows = Rows(count)
        model = ListModel(COLUMNS, rows)
        empty = kit.empty_state("Chưa có hồ sơ", "Bắt đầu bằng tiếp nhận mới.")
        widget = ListTable(model, "cases", "Hồ sơ", empty=empty, preferences=preferences)
        qtbot.addWidget(widget)
        widget.resize(900, 600)
        widget.show()
        model.reload()
        return widget, rows

    return made


def test_the_model_keeps_qts_rules(desk_app, qtmodeltester):
    model = ListModel(COLUMNS, Rows(250))
    model.reload()
    qtmodeltester.check(model, force_py=True)
    model.fetchMore(model.index(-1, -1))
    qtmodeltester.check(model, force_py=True)


def test_only_the_pages_looked_at_are_read(table):
    widget, rows = table(50_000)
    assert rows.asked == [("file_no", 0, 100)]
    assert widget.model.rowCount() == 100
    widget.view.scrollToBottom()
    assert rows.asked[-1] == ("file_no", 100, 100)
    assert widget.model.rowCount() == 200


def test_the_last_page_ends_it(table):
    widget, _rows = table(150)
    root = widget.view.rootIndex()
    widget.model.fetchMore(root)
    assert widget.model.rowCount() == 150
    assert not widget.model.canFetchMore(root)


def test_a_click_on_a_header_asks_the_query_for_another_order(table):
    widget, rows = table(300)
    widget.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert rows.asked[-1] == ("-file_no", 0, 100)
    assert widget.model.row(0) == 299
    asked = len(rows.asked)
    widget.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert len(rows.asked) == asked


def test_reading_again_keeps_as_many_rows(table):
    widget, rows = table(1000)
    widget.view.scrollToBottom()
    widget.model.reload()
    assert rows.asked[-1] == ("file_no", 0, 200)
    assert widget.model.rowCount() == 200


def test_an_empty_list_teaches(table):
    widget, _rows = table(0)
    assert widget.empty.isVisible()
    assert not widget.view.isVisible()


def test_enter_and_double_click_open_a_row(table, qtbot):
    widget, _rows = table(10)
    widget.view.setCurrentIndex(widget.model.index(3, 0))
    with qtbot.waitSignal(widget.opened) as opened:
        qtbot.keyClick(widget.view, Qt.Key.Key_Return)
    assert opened.args == [3]
    assert widget.current() == 3


def test_widths_and_order_are_remembered(table, tmp_path):
    taste = Preferences(tmp_path / "taste.json")
    widget, _rows = table(10, taste)
    widget.view.horizontalHeader().resizeSection(1, 333)
    widget.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    again, rows = table(10, Preferences(tmp_path / "taste.json"))
    assert again.view.horizontalHeader().sectionSize(1) == 333
    assert rows.asked[-1][0] == "-name"


def test_a_state_has_a_word_an_icon_and_a_colour(table):
    widget, _rows = table(10)
    index = widget.model.index(0, 2)
    assert index.data() == "quá hạn"
    assert index.data(Qt.ItemDataRole.DecorationRole) is not None
    assert index.data(Qt.ItemDataRole.ForegroundRole) is not None


def test_pages_are_read_in_a_thread_and_late_answers_are_dropped(desk_app, qtbot):
    jobs = Jobs()
    first, second = Rows(10), Rows(20)
    model = ListModel(COLUMNS, first, jobs)
    with qtbot.waitSignal(model.loaded) as loaded:
        model.reload()
        model.set_fetch(second)
    assert loaded.args == [20]
    qtbot.waitUntil(lambda: jobs.running == 0)
    assert model.rowCount() == 20
    jobs.stop()


def test_trouble_while_reading_is_told(desk_app, qtbot):
    jobs = Jobs()

    def broken(order, offset, limit):
        raise OSError("gone")

    model = ListModel(COLUMNS, broken, jobs)
    with qtbot.waitSignal(model.trouble):
        model.reload()
    jobs.stop()
