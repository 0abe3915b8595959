"""A panel within a section that asks one thing at a time; no dialog for what can be undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_finder import CaseFinder
from traffick_desk.i18n import _


class AskingPanel(QFrame):
    """A title, what is asked, and two buttons. Subclasses say what is asked in which mode.

    Signals:
        edited: something was typed.
        closed: done, or left alone.
    """

    edited = Signal()
    closed = Signal()

    def __init__(self, host: Host, names: str) -> None:
        """Make it hidden; *names* begins the names of its parts."""
        super().__init__()
        self.setProperty("role", "card")
        self._host, self.mode = host, ""
        self.form: RecordForm | None = None
        self._place = kit.vbox()
        self._title = kit.label("", "subheading", name=f"{names}_title")
        self.finder = CaseFinder(host, names)
        self.finder.edited.connect(self.edited)
        self.submit_button = kit.button("", f"{names}_submit", self.submit, role="primary")
        self._cancel = kit.button(_("Cancel"), f"{names}_cancel", self.close_form)
        self.hide()

    def fill(self, *parts: QWidget | QLayout) -> None:
        """Lay out *parts* between the title and the buttons."""
        buttons = kit.hbox(self.submit_button, self._cancel, None)
        self.setLayout(kit.vbox(self._title, *parts, buttons, margins=16, gap=8))

    def entitle(self, title: str, verb: str) -> None:
        """What is asked, and the word on the button that does it."""
        self._title.setText(title)
        self.submit_button.setText(verb)
        self.submit_button.setAccessibleName(verb)

    def show_form(self, form: RecordForm) -> None:
        """Ask for what *form* holds."""
        self.form = form
        form.edited.connect(lambda _name: self.edited.emit())
        form.finished.connect(self.submit_button.setFocus)
        self._place.addWidget(form)

    def is_open(self) -> bool:
        """Whether something is asked."""
        return bool(self.mode)

    def submit(self) -> None:
        """Do what was asked."""
        raise NotImplementedError

    def close_form(self) -> None:
        """Leave everything as it is."""
        self.mode, self.form = "", None
        kit.clear(self._place)
        self.finder.clear()
        self.hide()
        self.closed.emit()
