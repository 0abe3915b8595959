"""What every page of a paper has: the drawing in a thread, pages to turn, printing, saving."""

from __future__ import annotations

from collections.abc import Callable

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.page_view import PageView
from traffick_desk.desk.pages.paper_output import PaperOutput
from traffick_desk.desk.shortcuts import Keys, bind
from traffick_desk.i18n import _
from traffick_desk.services.papers import Issued


class PrintedPage(Page):
    """Shows a paper as it will be printed.

    What inherits lays out ``pages``, ``print_button`` and ``save_button``, says what printing and
    saving do, and calls :meth:`_draw` whenever the paper is another.

    Args:
        host: the window.
        prints, saves: names of the two buttons.
    """

    def __init__(self, host: Host, prints: str, saves: str) -> None:
        super().__init__(host)
        self.choose_printer: Callable[..., None] = printing.choose_printer
        self._output = PaperOutput(host, self)
        self._newest = Newest()
        self._pdf = b""
        self.print_button = kit.button(
            _("&Print"), prints, self.ask_printer, role="primary", icon="print"
        )
        self.save_button = kit.button(_("&Save as a file…"), saves, self.ask_to_save, icon="export")
        self.pages = PageView(host)
        for keys, act in (
            (Keys.PRINT.keys, self.ask_printer),
            ("PgUp", lambda: self.pages.turn(-1)),
            ("PgDown", lambda: self.pages.turn(1)),
            ("Ctrl++", self.pages.zoom_in),
            ("Ctrl+-", self.pages.zoom_out),
            ("Ctrl+0", self.pages.fit),
        ):
            bind(self, keys, act)
        for made in (self.print_button, self.save_button):
            made.setEnabled(False)

    def _enable(self, *, on: bool) -> None:
        for made in (self.print_button, self.save_button):
            made.setEnabled(on)

    def _forget(self) -> None:
        """Nothing of a paper stays in the window."""
        self._pdf = b""
        self.pages.clear()

    # -- preview ---------------------------------------------------------------------------

    def _draw(self, make: Callable[[], Issued]) -> None:
        """Make the paper in memory, in a thread, and show it; what was asked for before counts not.

        Args:
            make: makes it; called in the thread.
        """
        only = self._newest.begin()

        def work() -> tuple[Issued, int]:
            from traffick_desk import papers

            issued = make()
            return issued, papers.page_count(issued.pdf)

        self.host.jobs.run(
            work,
            done=only(lambda both: self._answer(*both)),
            failed=only(self._no_preview),
            owner=self,
            words=_("Drawing the paper…"),
        )

    def _answer(self, issued: Issued, count: int) -> None:
        self._pdf = issued.pdf
        self.pages.show_pdf(issued.pdf, count)
        self._enable(on=True)
        self._drawn(issued)

    def _no_preview(self, problem: Exception) -> None:
        self.pages.clear()
        self._enable(on=False)
        self._not_drawn(problem)

    def _drawn(self, issued: Issued) -> None:
        """The paper is shown."""

    def _not_drawn(self, problem: Exception) -> None:
        """It could not be made: say why."""
        self.host.fail(problem)

    # -- out -------------------------------------------------------------------------------

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        raise NotImplementedError

    def ask_to_save(self) -> None:
        """Save outside the vault."""
        raise NotImplementedError
