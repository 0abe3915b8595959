"""Finding a case among many."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt

from desk.pages2 import world
from traffick_desk.desk.pages.case_model import PAGE, PagedModel
from traffick_desk.desk.pages.case_name import marked
from traffick_desk.desk.pages.case_source import CaseSource, FoundRow
from traffick_desk.desk.pages.case_words import born
from traffick_desk.desk.tables import Column
from traffick_desk.domain.text import name_sort_key
from traffick_desk.services.base import new_id
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.queries import CountCases
from traffick_desk.store.journal import Edit

MANY = 4_000
SURNAMES = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Đặng",
    "Đỗ",
    "Nông",
    "Vi",
    "Lương",
    "Triệu",
    "Lò",
    "Giàng",
]
GIVEN = [
    "Hương",
    "Hoa",
    "Hoà",
    "Hằng",
    "Hiền",
    "Đào",
    "Dung",
    "Đạt",
    "An",
    "Ánh",
    "Ân",
    "Ơn",
    "Oanh",
    "Ứng",
    "Uyên",
    "Vân",
    "Yến",
]
COLUMNS = [Column("n", "Number", str, "n"), Column("m", "More", str)]


@pytest.fixture(scope="session")
def big_vault(tmp_path_factory):
    """A real vault with four thousand cases, entered through the journal in one go."""
    path = tmp_path_factory.mktemp("big") / "vault"
    desk = world.make(path)
    chance = random.Random(7)
    officer = desk.context.info.officer_id
    with desk.context.store.work() as work:
        for number in range(MANY):
            case = new_id()
            name = f"{chance.choice(SURNAMES)} Thị {chance.choice(GIVEN)}"
            frame = {
                "file_no": f"TD-{number + 1:05d}/2026",
                "unit": world.COMMUNE,
                "opened_on": f"2026-{number % 11 + 1:02d}-{number % 28 + 1:02d}",
                "stage": chance.choice(("reception", "support", "closed")),
            }
            person = {"case": case, "role": "main", "name": name, "birth": "1994"}
            work.journal.write(Edit("case", case, frame), officer, case)
            work.journal.write(Edit("person", new_id(), person), officer, case)
    desk.close()
    return path


@pytest.fixture
def big(big_vault, show):
    desk = world.unlock(big_vault)
    shown = show(desk)
    shown.go("cases")
    return shown


def names(page, count=30) -> list[str]:
    return [page.model.data(page.model.index(n, 1)) for n in range(count)]


# --- the model alone ---------------------------------------------------------------------


class Rows:
    """Numbers, and what was asked of them."""

    def __init__(self, total):
        self.total, self.asked = total, []

    def fetch(self, order, offset, limit):
        self.asked.append((order, offset))
        return range(offset, min(offset + limit, self.total))


def made(rows: Rows, jobs=None) -> PagedModel:
    model = PagedModel(COLUMNS, rows.fetch, lambda: rows.total, jobs)
    model.reload()
    return model


def test_the_model_keeps_qts_contract(desk_app, qtmodeltester):
    qtmodeltester.check(made(Rows(250)))


def test_the_scroll_bar_is_right_from_the_start(desk_app):
    rows = Rows(10_000)
    assert made(rows).rowCount() == rows.total
    assert len(rows.asked) <= 2


def test_jumping_to_the_end_reads_the_last_page_and_none_between(desk_app, qtbot):
    rows = Rows(10_000)
    model = made(rows)
    rows.asked.clear()
    last = model.index(rows.total - 1, 0)
    assert model.data(last) == "…"
    qtbot.waitUntil(lambda: model.data(last) == str(rows.total - 1))
    assert rows.asked == [("n", rows.total - PAGE)]


def test_dragging_past_many_pages_reads_only_where_it_stopped(desk_app, qtbot):
    rows = Rows(10_000)
    model = made(rows)
    rows.asked.clear()
    for page in range(5, 60):
        model.data(model.index(page * PAGE, 0))
    qtbot.waitUntil(lambda: model.data(model.index(59 * PAGE, 0)) == str(59 * PAGE))
    assert len(rows.asked) <= 2


def test_pages_nobody_looks_at_are_let_go(desk_app, qtbot):
    rows = Rows(40_000)
    model = made(rows)
    for page in range(2, 200):
        index = model.index(page * PAGE, 0)
        model.data(index)
        qtbot.waitUntil(lambda index=index: model.data(index) != "…")
    assert len(model._pages) <= 80


def test_an_answer_to_an_earlier_filter_is_dropped(desk_app):
    late = []

    class Slow:
        def run(self, work, *, done, failed, owner):
            late.append(lambda: done(work()))

    model = PagedModel(COLUMNS, Rows(10).fetch, lambda: 10, Slow())
    model.reload()
    model.set_source(Rows(3).fetch, lambda: 3)
    for answer in reversed(late):
        answer()
    assert model.rowCount() == 3


def test_reading_again_keeps_the_place(desk_app, qtbot):
    rows = Rows(10_000)
    model = made(rows)
    far = model.index(7_000, 0)
    model.data(far)
    qtbot.waitUntil(lambda: model.data(far) == "7000")
    model.reload()
    assert model.data(model.index(7_000, 0)) == "7000"


def test_nothing_is_below_a_row_and_nothing_outside(desk_app):
    model = made(Rows(5))
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
    assert model.row(99) is None


# --- four thousand cases -------------------------------------------------------------------


def test_four_thousand_cases_are_there_at_once_and_scroll_to_the_end(big, qtbot):
    page = big.page
    assert page.model.rowCount() == MANY
    assert page.count.text() == "4.000 cases"
    page.table.view.scrollToBottom()
    last = page.model.index(MANY - 1, 0)
    qtbot.waitUntil(lambda: page.model.row(last) is not None)
    assert page.model.data(last).startswith("TD-")


def test_the_list_of_four_thousand_keeps_qts_contract(big, qtmodeltester):
    qtmodeltester.check(big.page.model)


def test_people_stand_in_vietnamese_order_by_given_name(big):
    shown = names(big.page, 100)
    assert shown == sorted(shown, key=name_sort_key)
    given = [name.split()[-1] for name in shown]
    assert set(given) <= {"An", "Ánh"}


def test_a_click_on_the_heading_turns_the_order_round(big, qtbot):
    page = big.page
    header = page.table.view.horizontalHeader()
    where = header.sectionViewportPosition(1) + 20
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, 10))
    big.settle()
    assert page.model.order == "-name"
    assert names(page, 1)[0].split()[-1] == "Yến"


def test_typing_without_accents_finds_and_the_right_accents_come_first(big, qtbot):
    page = big.page
    qtbot.keyClicks(page.search, "dao")
    page.read()
    big.settle()
    found = names(page, min(20, page.model.rowCount()))
    assert found
    assert all(name.split()[-1] == "Đào" for name in found)
    page.search.setText("Hoà")
    page.read()
    big.settle()
    given = [row.name.split()[-1] for row in page._source.fetch("name", 0, 500)]
    assert given[0] == "Hoà"
    assert given == sorted(given, key=lambda name: name != "Hoà")


def test_typing_searches_by_itself_after_a_moment(big, qtbot):
    page = big.page
    qtbot.keyClicks(page.search, "00042")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    assert page.model.data(page.model.index(0, 0)) == "TD-00042/2026"


def test_a_stage_narrows_the_list_and_adds_to_what_is_typed(big, qtbot):
    page = big.page
    qtbot.mouseClick(page.stages["closed"], Qt.MouseButton.LeftButton)
    big.settle()
    closed = page.model.rowCount()
    assert 0 < closed < MANY
    assert closed == big.desk.ask(CountCases(CaseFilter(stage="closed")))
    page.search.setText("Yến")
    page.read()
    big.settle()
    assert 0 < page.model.rowCount() < closed
    assert {page.model.row(n).stage for n in range(page.model.rowCount())} == {"closed"}


def test_escape_takes_the_search_away_before_it_leaves_the_page(big):
    page = big.page
    page.search.setText("Yến")
    page.read()
    big.window.back()
    big.settle()
    assert page.search.text() == ""
    assert page.model.rowCount() == MANY


# --- the page ----------------------------------------------------------------------------


def test_enter_opens_the_case(show, qtbot):
    shown = show()
    page = shown.go("cases")
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    assert shown.page.name == "case"
    assert shown.page.asked == [{"case_id": page.model.row(0).case_id}]


def test_the_privacy_view_shows_initials_only(show):
    shown = show()
    page = shown.go("cases")
    plain = names(page, 3)
    shown.window.host.privacy.switch(True)
    shown.settle()
    masked = names(page, 3)
    assert all(name.endswith(".") for name in masked)
    assert not set(plain) & set(masked)


def test_columns_are_remembered_in_the_vault_and_in_no_plain_file(show, tmp_path):
    from traffick_desk.desk.preferences import Preferences

    kept = Preferences(tmp_path / "desk.json")
    shown = show(preferences=kept)
    page = shown.go("cases")
    header = page.table.view.horizontalHeader()
    numbers = {c.name: n for n, c in enumerate(page.model.columns)}
    assert page.table.view.isColumnHidden(numbers["officer"])
    header.resizeSection(1, 333)
    page.columns.switch("officer")
    page.columns.switch("stage")
    header.moveSection(header.visualIndex(numbers["due"]), 0)
    page.table.sort_by("-birth")
    page.save_drafts()
    shown.settle()
    again = show(shown.desk).go("cases")
    header = again.table.view.horizontalHeader()
    assert header.sectionSize(1) == 333
    assert header.visualIndex(numbers["due"]) == 0
    assert not again.table.view.isColumnHidden(numbers["officer"])
    assert again.table.view.isColumnHidden(numbers["stage"])
    assert again.model.order == "-birth"
    assert kept.get("columns.cases") is None
    again.columns.reset()
    assert header.visualIndex(numbers["due"]) == numbers["due"]
    assert again.table.view.isColumnHidden(numbers["officer"])
    assert not again.table.view.isColumnHidden(numbers["stage"])


def test_an_empty_list_teaches(show):
    shown = show("empty")
    page = shown.go("cases")
    assert page.table.empty.isVisible()
    assert not page.table.view.isVisible()


def test_in_a_narrow_window_the_less_telling_columns_and_the_filters_step_back(show):
    shown = show()
    page = shown.go("cases")
    assert not page.filters.isVisible()
    assert not page.table.view.isColumnHidden(0)
    shown.window.resize(720, 600)
    shown.settle()
    hidden = [c.name for n, c in enumerate(page.model.columns) if page.table.view.isColumnHidden(n)]
    assert "stage" in hidden
    assert not {"file_no", "name", "due"} & set(hidden)
    assert page.filters.isVisible()
    assert not page.chips.isVisible()
    page.filters.click()
    assert page.chips.isVisible()


def test_the_province_filters_by_commune_typed_without_accents(show, vault, qtbot):
    shown = show("province")
    page = shown.go("cases")
    box = page.communes
    assert box.count() > 50
    completer = box.completer()
    completer.setCompletionPrefix("that khe")
    assert completer.completionCount() == 1
    box.setCurrentIndex(box.findData(world.COMMUNE))
    page.read()
    assert page._source.filter.unit == world.COMMUNE


def test_half_a_commune_chooses_nothing(show):
    page = show("province").go("cases")
    page.communes.setEditText("tha")
    page.communes.left()
    assert page.communes.currentText() == "All communes"


def test_a_new_case_appears_without_being_asked_for(show):
    shown = show("empty")
    page = shown.go("cases")
    world.take_in(shown.desk)
    shown.settle()
    assert page.model.rowCount() == 9
    assert page.table.view.isVisible()


# --- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("Đặng Thị Hoà", "dang t", [("Đặng", 4), ("Thị", 1), ("Hoà", 0)]),
        ("Đặng Thị Hoà", "HOA", [("Đặng", 0), ("Thị", 0), ("Hoà", 3)]),
        ("សុខ ចិន្តា", "សុ", [("សុខ", 2), ("ចិន្តា", 0)]),
        ("Lan", "", [("Lan", 0)]),
    ],
)
def test_what_was_typed_stands_out_in_the_name(name, typed, found):
    assert marked(name, typed) == found


@pytest.mark.parametrize(
    ("birth", "text"),
    [
        ("2009-11", "11/2009 (16–17)"),
        ("1994~", "~1994 (31–32)"),
        ("2000-10-05", "05/10/2000 (26)"),
        ("", "not known yet"),
        ("nonsense", "nonsense"),
    ],
)
def test_birth_and_age_are_told_as_far_as_they_are_known(desk_app, birth, text):
    class Row:
        tip = None
        hidden = False

    row = Row()
    row.birth = birth
    assert born(row, world.NOW.date()) == text


def test_a_source_with_text_asks_once_for_all_pages():
    asked = []

    class Hit:
        exact = True

        class row:
            stage, unit, conflicts, sync, tip = "support", "u", 0, "here", None

    def ask(query):
        asked.append(query)
        return [Hit] * 3

    source = CaseSource(ask, CaseFilter(text="x"))
    assert source.count() == 3
    assert len(source.fetch("name", 0, 2)) == 2
    assert isinstance(source.fetch("name", 2, 2)[0], FoundRow)
    assert len(asked) == 1
