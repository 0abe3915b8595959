"""Contents that ask for more width the more they have do not use up the stack."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit


class Restless(QWidget):
    """As a form that stands in two columns: it asks for them only as long as it has no room."""

    def __init__(self) -> None:
        super().__init__()
        self._narrow = False
        inner = Columns(self)
        self.setLayout(kit.vbox(inner))


class Columns(QWidget):
    """Wide while its last width was below 600, narrow while it was above, high either way."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.laid_out = 0

    def minimumSizeHint(self) -> QSize:
        return QSize(668, 656) if self.width() < 600 else QSize(434, 800)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        _ = width
        return 836 if self.width() < 600 else 692

    def resizeEvent(self, event) -> None:
        self.laid_out += 1
        self.updateGeometry()
        super().resizeEvent(event)


def test_contents_that_never_settle_are_asked_a_few_times_only(desk_app, qtbot):
    content = Restless()
    area = kit.scroll(content)
    qtbot.addWidget(area)
    area.resize(576, 337)
    area.show()
    columns = content.findChild(Columns)
    for _turn in range(20):
        before = columns.laid_out
        desk_app.processEvents()
        # Unguarded, the first turn asks some ten thousand times and ends the process.
        assert columns.laid_out - before < 50


def test_contents_that_settle_have_their_height(desk_app, qtbot):
    words = kit.label("Một câu dài nói với cán bộ điều gì đã xảy ra và phải làm gì. " * 40)
    inner = kit.panel(kit.vbox(words))
    area = kit.scroll(inner)
    qtbot.addWidget(area)
    area.resize(400, 200)
    area.show()
    desk_app.processEvents()
    assert inner.height() >= inner.heightForWidth(inner.width())
    assert area.verticalScrollBar().maximum() == inner.height() - area.viewport().height()
    area.resize(900, 200)
    desk_app.processEvents()
    assert inner.width() == area.viewport().width()
