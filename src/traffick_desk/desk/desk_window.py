"""The window of an unlocked desk with all its pages: what the composition root shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from traffick_desk.desk.dialogs import Dialogs
from traffick_desk.desk.editors.base import default_context
from traffick_desk.desk.frame import MainWindow
from traffick_desk.desk.hub_line import HubLine
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import all_pages
from traffick_desk.desk.pages.case_words import tip_words
from traffick_desk.desk.pages.printing import NoPrinter
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import _
from traffick_desk.papers.errors import PaperError
from traffick_desk.services import access, backup, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.queries import CountCases, SearchCases
from traffick_desk.services.roles import CASE_READ, may
from traffick_desk.store.errors import StoreError
from traffick_desk.sync.carriers import CarrierError
from traffick_desk.sync.errors import SyncError
from traffick_desk.vault.errors import VaultError

MOST_HITS = 8
EXPECTED: tuple[type[Exception], ...] = (
    ServiceError,
    StoreError,
    SyncError,
    CarrierError,
    VaultError,
    PaperError,
    NoPrinter,
    vaults.VaultExists,
    vaults.WeakPassword,
    access.WrongPassword,
    backup.NoBackupPlace,
    backup.BackupNotWritten,
)


class DeskWindow(MainWindow):
    """The main window over a real desk.

    Attributes:
        when_locked: what is to be done to the vault once it is locked; answers with words.

    Signals:
        look_wanted: text size or colours were changed in the preferences.
        language_wanted: Emits: the language.
        practice_wanted: the real vault is to be locked and practice opened.
    """

    look_wanted = Signal()
    language_wanted = Signal(str)
    practice_wanted = Signal()

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        *,
        pages: Sequence[type[Page]] | None = None,
        dialogs: Dialogs | None = None,
    ) -> None:
        """Build the window; :meth:`begin` starts what goes on behind it.

        Args:
            desk: an open desk.
            preferences: how the officer likes the desk.
            pages: all of them if ``None``.
            dialogs: real ones by default.
        """
        self.leaving = False
        self.when_locked: Callable[[], str] | None = None
        self._counting = self._count_again = False
        super().__init__(
            desk,
            all_pages() if pages is None else pages,
            search=self._search if may(desk.info.role, CASE_READ) else None,
            preferences=preferences,
            dialogs=dialogs,
            expected=EXPECTED,
            context=replace(default_context(desk.context.units), now=desk.context.now),
        )
        self.host.line = HubLine(self.host)
        for keys, page in ((Keys.NEW, "intake"), (Keys.TIP, "tip_new")):
            shortcut = QShortcut(QKeySequence(keys.keys), self)
            shortcut.activated.connect(lambda page=page: self.host.go(page))
        self.host.changed.connect(self._count_unsent)

    def build_page(self, kind: type[Page]) -> Page:
        """Listen to the pages that change the window itself."""
        page = super().build_page(kind)
        if page.name == "settings":
            page.look_wanted.connect(self.look_wanted)
            page.language_wanted.connect(self.language_wanted)
            page.minutes_wanted.connect(self.idle.set_minutes)
            page.officers.dismissing.connect(self._lock_for)
            page.practice_wanted.connect(self.practice_wanted)
        elif page.name == "sync":
            page.carried.connect(self.tell_carried)
        return page

    def commands(self) -> list[PageCommand]:
        """What the palette offers; the way to practice last."""
        if self.host.desk.info.practice:
            return super().commands()
        words = _("Practise on invented people (locks the real vault first)")
        return [*super().commands(), PageCommand(words, self.practice_wanted.emit, "help")]

    def _lock_for(self, work: Callable[[], str]) -> None:
        self.when_locked = work
        self.lock()

    def begin(self) -> None:
        """Count what was not sent, and make a backup if one is due."""
        self._count_unsent(frozenset())
        if self.host.line is not None:
            self.host.line.begin()
        desk = self.host.desk
        self.host.jobs.run(
            lambda: backup.backup(desk) if backup.due(desk) else None,
            failed=self._no_backup,
            owner=self,
            words=_("Making a backup…"),
        )

    def _no_backup(self, problem: Exception) -> None:
        if isinstance(problem, EXPECTED):
            self.messages.warn(*str(problem).split(". ", 1))
        else:
            self.host.fail(problem)

    def _count_unsent(self, _kinds: frozenset[str]) -> None:
        if not may(self.host.desk.info.role, CASE_READ):
            return
        self._count_again = True
        if not self._counting:
            self._count()

    def _count(self) -> None:
        # Many changes come together; one count after the last says it all.
        self._counting, self._count_again = True, False
        query = CountCases(CaseFilter(unsent=True, tips=True))
        self.host.ask(query, self._counted, owner=self, failed=self._not_counted)

    def _counted(self, number: int) -> None:
        self._counting = False
        self.set_unsent(number)
        if self._count_again:
            self._count()

    def _not_counted(self, problem: Exception) -> None:
        self._counting = False
        self.host.fail(problem)

    def _search(self, text: str, tell: Callable[[Sequence[PageCommand]], object]) -> None:
        def show(hits: Any) -> None:
            tell(
                [
                    PageCommand(
                        f"{hit.row.file_no}   {self._who(hit.row)}",
                        lambda case=hit.row.case_id: self.go("case", case_id=case),
                        "person",
                    )
                    for hit in hits
                ]
            )

        self.host.ask(SearchCases(text, MOST_HITS), show, owner=self)

    def _who(self, row: Any) -> str:
        if row.hidden:
            return _("restricted to named officers")
        return tip_words(row.tip) if row.tip else self.host.privacy.name(row.name)

    # -- coming and going --------------------------------------------------------------------

    def show_as_left(self) -> None:
        """Show the window as large as it was, or as large as the screen needs."""
        screen = QGuiApplication.primaryScreen().availableGeometry()
        size = self.host.preferences.get("window", [])
        fits = len(size) == 2 and all(isinstance(n, int) and n > 200 for n in size)
        if fits and size[0] < screen.width() and size[1] < screen.height():
            self.resize(*size)
            self.show()
        elif screen.width() <= 1440 or self.host.preferences.get("maximised", False):
            # An old screen of 1366 × 768 has no room to spare.
            self.showMaximized()
        else:
            self.show()

    def shut(self) -> None:
        """End the work, drop the keys, and take everything away that shows data."""
        self.host.preferences.set("maximised", self.isMaximized())
        if not self.isMaximized():
            self.host.preferences.set("window", [self.width(), self.height()])
        self.hide()
        self.host.close()

    def hand_over(self) -> Desk:
        """Give the open desk away, to be shown by another window."""
        self.hide()
        if self.host.line is not None:
            self.host.line.stop()
        self.host.jobs.stop()
        desk = self.host.desk
        desk.listeners.clear()
        return desk

    def closeEvent(self, event: QEvent) -> None:
        """Closing by hand ends the program; drafts are kept first."""
        if not self._locking:
            self.leaving = True
        super().closeEvent(event)
