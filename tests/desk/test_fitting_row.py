"""Buttons that have no room stand in a menu; none is cut, none is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from desk import walk
from traffick_desk.desk import kit, theme
from traffick_desk.desk.fitting_row import FittingRow

NAMES = ("one", "two", "three")


@pytest.fixture
def row(desk_app, qtbot):
    said = []
    items = [
        kit.button(f"Button number {name}", name, lambda name=name: said.append(name))
        for name in NAMES
    ]
    stays = kit.button("Stays", "stays", lambda: said.append("stays"), role="primary")
    made = FittingRow("row", *items, keep=(stays,))
    made.said, made.items, made.stays = said, items, stays
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    walk.activate(qtbot, made)
    yield made
    walk.discard(made)


def shown(row):
    return [b.objectName() for b in (*row.items, row.more, row.stays) if b.isVisible()]


def test_with_room_all_stand_side_by_side_and_no_menu(row):
    assert shown(row) == [*NAMES, "stays"]


@pytest.mark.parametrize("left", range(3))
def test_what_has_no_room_is_in_the_menu_and_works_from_there(row, qtbot, left):
    row.resize(row._size([*row.items[:left], row.more, row.stays]).width(), row.height())
    assert shown(row) == [*NAMES[:left], "row_more", "stays"]
    assert not walk.clipped(row)
    qtbot.mouseClick(row.more, Qt.MouseButton.LeftButton)
    menu = row.findChild(QMenu)
    assert [a.text() for a in menu.actions()] == [b.text() for b in row.items[left:]]
    menu.actions()[-1].trigger()
    menu.close()
    assert row.said == ["three"]


def test_it_may_be_as_narrow_as_what_stays(row):
    row.resize(row.minimumSizeHint())
    assert shown(row) == ["row_more", "stays"]
    assert not walk.clipped(row)


def test_what_is_not_offered_stands_nowhere(row):
    row.offer(row.items[1], False)
    assert shown(row) == ["one", "three", "stays"]
    row.resize(row.minimumSizeHint())
    row.more.click()
    menu = row.findChild(QMenu)
    assert [a.text() for a in menu.actions()] == ["Button number one", "Button number three"]
    menu.close()
    row.offer(row.items[1], True)
    row.resize(row.sizeHint())
    assert shown(row) == [*NAMES, "stays"]


def test_larger_text_moves_buttons_into_the_menu(row, desk_app, qtbot):
    row.setFixedWidth(row.sizeHint().width())
    theme.apply(desk_app, theme.chosen("light", 200))
    qtbot.waitUntil(row.more.isVisible)
    assert not walk.clipped(row)
