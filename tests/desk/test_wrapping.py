"""Lines of lists are measured once for each width, font and look."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QListView

from traffick_desk.desk.pages.wrapping import WrapDelegate

WORDS = "Việc đã làm và thời hạn của từng giai đoạn"


def test_what_was_measured_holds_only_for_its_width_and_font(desk_app, qtbot):
    view = QListView()
    qtbot.addWidget(view)
    view.setWordWrap(True)
    view.setModel(QStringListModel([WORDS], view))
    view.setItemDelegate(WrapDelegate(view))
    view.resize(220, 300)
    view.show()

    def height() -> int:
        return view.sizeHintForIndex(view.model().index(0)).height()

    once = height()
    view.resize(120, 300)
    assert height() > once
    view.resize(220, 300)
    assert height() == once
    view.setStyleSheet("QListView { font-size: 22pt; }")
    assert height() > once
    view.setStyleSheet("")
    assert height() == once
