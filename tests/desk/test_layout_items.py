"""Nobody holds an item of a layout: Qt deletes it without telling; see ``kit.clear``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem

import traffick_desk
from traffick_desk.desk import kit
from traffick_desk.desk.messages import Messages

SOURCES = sorted((Path(traffick_desk.__file__).parent / "desk").rglob("*.py"))
# Asking a layout of Qt for one leaves Python holding it for as long as the layout lives.
ASKING = frozenset({"itemAt", "takeAt", "itemAtPosition", "replaceWidget"})


def held() -> list[QLayoutItem]:
    alive = shiboken6.getAllValidWrappers()
    return [x for x in alive if isinstance(x, QLayoutItem) and not isinstance(x, QLayout)]


def test_no_source_asks_a_layout_for_its_items():
    asked = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ASKING
    ]
    assert len(SOURCES) > 50
    assert not asked


def test_messages_that_come_and_go_leave_nothing_behind(desk_app, qtbot):
    bar = Messages()
    qtbot.addWidget(bar)
    before = len(held())
    for number in range(6):
        bar.warn(f"Lời nhắn {number}", "Dữ liệu an toàn.")
    assert [n.accessibleName()[:9] for n in bar.shown()] == ["Lời nhắn "] * 3
    assert bar.shown()[0].accessibleName().startswith("Lời nhắn 5")
    bar.clear()
    QApplication.processEvents()
    assert bar.shown() == []
    assert len(held()) <= before


def test_a_place_that_is_filled_again_and_again_leaves_nothing_behind(desk_app, qtbot):
    place, row = kit.vbox(), kit.FlowLayout()
    box = kit.panel(kit.vbox(place, row))
    qtbot.addWidget(box)
    box.show()
    before, layouts = len(held()), len(shiboken6.getAllValidWrappers())
    for turn in range(3):
        for number in range(4):
            place.addWidget(kit.panel(kit.hbox(kit.label(f"{turn}.{number}"), None)))
            row.addWidget(kit.button(f"Mục {number}", f"b{number}"))
        QApplication.processEvents()
        kit.clear(place)
        kit.clear(row)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert place.count() == row.count() == 0
    assert len(held()) <= before
    assert len(shiboken6.getAllValidWrappers()) <= layouts


def test_a_place_to_clear_holds_widgets_alone(desk_app, qtbot):
    place = kit.vbox(kit.hbox(kit.label("a"), None))
    box = kit.panel(place)
    qtbot.addWidget(box)
    with pytest.raises(TypeError):
        kit.clear(place)
