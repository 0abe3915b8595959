"""The ten words of a desk, big enough to be read out over the telephone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _

# So many words in a row: as many as are read out in one breath, or fewer where there is no room.
_ROW, _NARROW_ROW = 5, 2


class WordsGrid(QWidget):
    """Numbered words in rows of five, or of two where there is no room; read row by row."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.words: tuple[str, ...] = ()
        self._columns = 0
        self._cells: list[QWidget] = []
        self._grid = QGridLayout()
        kit.measures(self._grid, 0, 8)
        self.setLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_words(self, words: str) -> None:
        """Show other words, parted by dots as ``exchange.OwnWords`` gives them."""
        self.words = tuple(word.strip() for word in words.split("·"))
        kit.clear(self._grid)
        self._cells = []
        for number, word in enumerate(self.words, 1):
            place = kit.label(str(number), "muted", wrap=False)
            text = kit.label(word, "heading", wrap=False)
            cell = kit.hbox(place, text, None, margins=(12, 8, 12, 8))
            self._cells.append(kit.panel(cell, "word"))
        self._columns = 0
        self._place()
        self.setAccessibleName(_("Words: {words}").format(words=", ".join(self.words)))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any page."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QEvent) -> None:
        """Fit the rows to the width."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Words grow with the text size."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        if not self._cells:
            return
        widest = max(cell.sizeHint().width() for cell in self._cells)
        needed = _ROW * widest + (_ROW - 1) * self._grid.spacing()
        columns = _ROW if self.width() >= needed else _NARROW_ROW
        if columns == self._columns:
            return
        self._columns = columns
        for cell in self._cells:
            self._grid.removeWidget(cell)
        for number, cell in enumerate(self._cells):
            self._grid.addWidget(cell, number // columns, number % columns)
        for column in range(_ROW):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
