"""The band across every window of practice: a colour and words, never only a colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _


def sentence() -> str:
    """What the band, the title and the lists say."""
    return _("PRACTICE – not real data")


def marked_title(title: str) -> str:
    """The title of a window with the mark before it."""
    return f"{sentence()} — {title}"


class PracticeBand(QWidget):
    """The band; *buttons* stand at its right end."""

    def __init__(self, *buttons: tuple[str, str, Callable[[], object]]) -> None:
        """Build it.

        Args:
            *buttons: words, object name, and what each does.
        """
        super().__init__()
        self.setObjectName("practice_band")
        self.setProperty("role", "practice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.words = kit.label(sentence(), "label", name="practice_words")
        self.setAccessibleName(sentence())
        made = [kit.button(words, name, act) for words, name, act in buttons]
        row = kit.hbox(self.words, *made, margins=(16, 4, 16, 4))
        row.setStretch(0, 1)
        self.setLayout(row)
