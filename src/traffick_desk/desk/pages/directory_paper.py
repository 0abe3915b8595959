"""Papers of the directory: the card of one service, and the list for the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.page_view import PageView
from traffick_desk.desk.pages.paper import plain_name
from traffick_desk.desk.pages.paper_output import PaperOutput
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import N_, _
from traffick_desk.services.directory.papers import ServicePaper, WallPaper
from traffick_desk.services.papers import SERVICE_CARD, WALL_LIST, Issued
from traffick_desk.services.roles import DIRECTORY_READ


class DirectoryPaperPage(Page):
    """Shows, prints and saves one of the two papers."""

    permission = DIRECTORY_READ
    name = "directory_paper"
    label = N_("Papers of the directory")
    icon = "print"
    in_navigation = False
    belongs_to = "directory"
    interests = frozenset({"directory", "office"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.choose_printer: Callable[..., None] = printing.choose_printer
        self._output = PaperOutput(host, self)
        self._service = ""
        self._asked = 0
        self._title = kit.label("", "heading", name="directory_paper_title", wrap=False)
        self._note = kit.label("", "muted", name="directory_paper_note")
        self.print_button = kit.button(
            _("&Print"), "directory_paper_print", self.ask_printer, role="primary", icon="print"
        )
        self.save_button = kit.button(
            _("&Save as a file…"), "directory_paper_save", self.ask_to_save, icon="export"
        )
        self.pages = PageView(host)
        head = kit.hbox(self._title, None, self.save_button, self.print_button, gap=12)
        body = kit.vbox(head, self._note, self.pages, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        for keys, act in (
            (Keys.PRINT.keys, self.ask_printer),
            ("PgUp", lambda: self.pages.turn(-1)),
            ("PgDown", lambda: self.pages.turn(1)),
            ("Ctrl++", self.pages.zoom_in),
            ("Ctrl+-", self.pages.zoom_out),
            ("Ctrl+0", self.pages.fit),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._enable(on=False)

    def opened(self, service: str = "", **_more: Any) -> None:
        """Show the card of *service*, or the list for the wall."""
        self._service = service
        self.pages.clear()
        self.preview()

    def refresh(self, changed: frozenset[str]) -> None:
        """Entries changed: draw again."""
        _ = changed
        self.preview()

    @property
    def form_key(self) -> str:
        """Which paper it is."""
        return SERVICE_CARD if self._service else WALL_LIST

    def _enable(self, *, on: bool) -> None:
        for made in (self.print_button, self.save_button):
            made.setEnabled(on)

    def _make(self) -> Callable[[], Issued]:
        desk = self.host.desk
        if self._service:
            card = ServicePaper(self._service)
            return lambda: desk.ask(card)
        return lambda: desk.ask(WallPaper())

    def preview(self) -> None:
        """Draw the paper in memory, in a thread."""
        from traffick_desk import papers

        self._asked += 1
        ticket, make = self._asked, self._make()
        info = papers.form(self.form_key)
        self._title.setText(str(info.title))
        self._note.setText(_("Privacy: {note}").format(note=info.privacy))

        def work() -> tuple[bytes, int]:
            pdf = make().pdf
            return pdf, papers.page_count(pdf)

        self.host.jobs.run(
            work,
            done=lambda made: self._answer(ticket, *made),
            failed=lambda problem: self._failed(ticket, problem),
            owner=self,
            words=_("Drawing the paper…"),
        )

    def _answer(self, ticket: int, pdf: bytes, count: int) -> None:
        if ticket == self._asked:
            self.pages.show_pdf(pdf, count)
            self._enable(on=True)

    def _failed(self, ticket: int, problem: Exception) -> None:
        if ticket == self._asked:
            self.pages.clear()
            self._enable(on=False)
            self.host.fail(problem)

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if self.print_button.isEnabled():
            self._output.ask_printer(self.choose_printer, self._make(), noted=False)

    def ask_to_save(self) -> None:
        """Both papers are made to be given away: no warning."""
        if self.save_button.isEnabled():
            name = plain_name(self.form_key)
            self._output.choose_place(name, self._make(), noted=False)
