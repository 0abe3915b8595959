"""The ten words of a desk, big enough to be read out over the telephone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _

COLUMNS = 5


class WordsGrid(QWidget):
    """Numbered words in two rows of five; read row by row."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.words: tuple[str, ...] = ()
        self._grid = QGridLayout()
        kit.measures(self._grid, 0, 8)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.setLayout(self._grid)

    def show_words(self, words: str) -> None:
        """Show other words, parted by dots as ``exchange.OwnWords`` gives them."""
        self.words = tuple(word.strip() for word in words.split("·"))
        kit.clear(self._grid)
        for number, word in enumerate(self.words):
            place = kit.label(str(number + 1), "muted", wrap=False)
            text = kit.label(word, "heading", wrap=False)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
            cell = kit.panel(kit.hbox(place, text, None, margins=(12, 8, 12, 8)), "word")
            self._grid.addWidget(cell, number // COLUMNS, number % COLUMNS)
        self.setAccessibleName(_("Words: {words}").format(words=", ".join(self.words)))
