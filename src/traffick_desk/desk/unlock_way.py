"""What the other ways into a vault have in common: the printed code, and the province's help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.jobs import Jobs


class OtherWay(QWidget):
    """A page of the unlock window beside that of the password, with a notice of its own.

    Signals:
        done: Emits: the open desk.
        left: the officer goes back.
    """

    done = Signal(object)
    left = Signal()

    def __init__(self, jobs: Jobs, words: Callable[[Exception], str], name: str) -> None:
        """Begin it; *words* tell a problem, *name* begins the names of its parts."""
        super().__init__()
        self.setObjectName(f"{name}_page")
        self._jobs, self._words = jobs, words
        self.notice = kit.label("", tone="late", name=f"{name}_notice")
        self.notice.hide()

    def _say(self, text: str, tone: str = "late") -> None:
        self.notice.setText(text)
        kit.retone(self.notice, tone)
        self.notice.setVisible(bool(text))


def line_edit(name: str, words: str) -> tuple[QLineEdit, QWidget]:
    """A line to type into, and its label."""
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(words)
    line.setMaxLength(400)
    label = kit.label(words, "label", wrap=False)
    label.setBuddy(line)
    return line, label
