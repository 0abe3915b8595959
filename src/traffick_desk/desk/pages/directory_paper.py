"""Papers of the directory: the card of one service, and the list for the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.paper import plain_name
from traffick_desk.desk.pages.printed_page import PrintedPage
from traffick_desk.i18n import N_, _
from traffick_desk.services.directory.papers import ServicePaper, WallPaper
from traffick_desk.services.papers import SERVICE_CARD, WALL_LIST, Issued
from traffick_desk.services.roles import DIRECTORY_READ


class DirectoryPaperPage(PrintedPage):
    """Shows, prints and saves one of the two papers."""

    permission = DIRECTORY_READ
    name = "directory_paper"
    label = N_("Papers of the directory")
    icon = "print"
    in_navigation = False
    belongs_to = "directory"
    interests = frozenset({"directory", "office"})

    def __init__(self, host: Host) -> None:
        super().__init__(host, "directory_paper_print", "directory_paper_save")
        self._service = ""
        self._title = kit.label("", "heading", name="directory_paper_title", fills=True)
        self._note = kit.label("", "muted", name="directory_paper_note")
        head = kit.hbox(self._title, self.save_button, self.print_button, gap=12)
        body = kit.vbox(head, self._note, self.pages, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)

    def opened(self, service: str = "", **_more: Any) -> None:
        """Show the card of *service*, or the list for the wall."""
        self._service = service
        self._forget()
        self.preview()

    def refresh(self, changed: frozenset[str]) -> None:
        """Entries changed: draw again."""
        _ = changed
        self.preview()

    @property
    def form_key(self) -> str:
        """Which paper it is."""
        return SERVICE_CARD if self._service else WALL_LIST

    def _make(self) -> Callable[[], Issued]:
        desk = self.host.desk
        if self._service:
            card = ServicePaper(self._service)
            return lambda: desk.ask(card)
        return lambda: desk.ask(WallPaper())

    def preview(self) -> None:
        """Draw the paper in memory, in a thread."""
        from traffick_desk import papers

        info = papers.form(self.form_key)
        self._title.setText(str(info.title))
        self._note.setText(_("Privacy: {note}").format(note=info.privacy))
        self._draw(self._make())

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if self.print_button.isEnabled():
            self._output.ask_printer(self.choose_printer, self._make(), noted=False)

    def ask_to_save(self) -> None:
        """Both papers are made to be given away: no warning."""
        if self.save_button.isEnabled():
            name = plain_name(self.form_key)
            self._output.choose_place(name, self._make(), noted=False)
