"""Where an officer types what she looks for in a list."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit

from traffick_desk.desk import theme
from traffick_desk.desk.shortcuts import Keys

# Px at 100 % text size: a word can be read while other controls of the line need their room.
LEAST, WANTED = 150, 240
MOST_LETTERS = 200


class SearchField(QLineEdit):
    """A field with words in it that say what is looked through, and a way to empty it."""

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(Keys.FIND.words)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        self.setMaxLength(MOST_LETTERS)

    def sizeHint(self) -> QSize:
        """Room for a name, where nothing else decides."""
        return QSize(theme.current().px(WANTED), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a word, at any text size."""
        hint = super().minimumSizeHint()
        return QSize(max(hint.width(), theme.current().px(LEAST)), hint.height())
