"""Dialogs, only before what leaves the machine or cannot be undone; their buttons are verbs.

Nothing here blocks: the answer comes to a callback. Tests put a
:class:`ScriptedDialogs` in place and give the answers beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from traffick_desk.desk import file_traces, kit, theme
from traffick_desk.i18n import _


class Dialogs(Protocol):
    """What pages ask of dialogs. *then* is not called when the person cancels."""

    def confirm(
        self, title: str, text: str, verb: str, then: Callable[[], object], *, danger: bool = False
    ) -> None:
        """Ask before something final; *verb* is written on the button that does it."""

    def folder(self, title: str, then: Callable[[Path], object]) -> None:
        """Let the person choose a folder."""

    def open_file(self, title: str, kinds: str, then: Callable[[Path], object]) -> None:
        """Let the person choose a file; *kinds* as ``Bundles (*.tdb)``."""

    def save_file(self, title: str, name: str, kinds: str, then: Callable[[Path], object]) -> None:
        """Let the person choose where to write a file."""


class Confirm(QDialog):
    """One question with two verbs."""

    def __init__(
        self, parent: QWidget | None, title: str, text: str, verb: str, *, danger: bool
    ) -> None:
        super().__init__(parent)
        self.setObjectName("confirm")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.do = kit.button(
            verb, "confirm_do", self.accept, role="danger" if danger else "primary"
        )
        self.keep = kit.button(_("Cancel"), "confirm_cancel", self.reject)
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                kit.label(text, name="confirm_text"),
                kit.hbox(None, self.keep, self.do),
                margins=24,
                gap=16,
            )
        )
        self.setMinimumWidth(theme.current().px(420))
        # What is final is not one absent-minded Enter away.
        (self.keep if danger else self.do).setFocus()


class DeskDialogs:
    """The real dialogs, over a window."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def confirm(
        self, title: str, text: str, verb: str, then: Callable[[], object], *, danger: bool = False
    ) -> None:
        """See :class:`Dialogs`."""
        dialog = Confirm(self._parent, title, text, verb, danger=danger)
        dialog.accepted.connect(lambda: then())  # noqa: PLW0108 - keeps then alive
        dialog.open()

    def folder(self, title: str, then: Callable[[Path], object]) -> None:
        """See :class:`Dialogs`."""
        dialog = QFileDialog(self._parent, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, then)

    def open_file(self, title: str, kinds: str, then: Callable[[Path], object]) -> None:
        """See :class:`Dialogs`."""
        dialog = QFileDialog(self._parent, title, "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog, then)

    def save_file(self, title: str, name: str, kinds: str, then: Callable[[Path], object]) -> None:
        """See :class:`Dialogs`."""
        dialog = QFileDialog(self._parent, title, name, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._open(dialog, then)

    @staticmethod
    def _open(dialog: QFileDialog, then: Callable[[Path], object]) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)) if chosen else None)
        dialog.destroyed.connect(lambda _gone: file_traces.forget())
        dialog.open()


class ScriptedDialogs:
    """For tests: answers given beforehand, questions remembered.

    Attributes:
        answers: for each question in turn True or a path, or ``None`` to cancel.
        asked: the titles of the questions.
    """

    def __init__(self, *answers: bool | Path | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def _answer(self, title: str) -> bool | Path | None:
        self.asked.append(title)
        return self.answers.pop(0)

    def confirm(
        self,
        title: str,
        text: str,  # noqa: ARG002
        verb: str,  # noqa: ARG002
        then: Callable[[], object],
        *,
        danger: bool = False,  # noqa: ARG002
    ) -> None:
        """See :class:`Dialogs`."""
        if self._answer(title):
            then()

    def folder(self, title: str, then: Callable[[Path], object]) -> None:
        """See :class:`Dialogs`."""
        if isinstance(path := self._answer(title), Path):
            then(path)

    def open_file(self, title: str, kinds: str, then: Callable[[Path], object]) -> None:  # noqa: ARG002
        """See :class:`Dialogs`."""
        self.folder(title, then)

    def save_file(
        self,
        title: str,
        name: str,  # noqa: ARG002
        kinds: str,  # noqa: ARG002
        then: Callable[[Path], object],
    ) -> None:
        """See :class:`Dialogs`."""
        self.folder(title, then)
