"""The window of an unlocked desk with all its pages: what the composition root shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut

from traffick_desk.desk.dialogs import Dialogs
from traffick_desk.desk.editors.base import default_context
from traffick_desk.desk.file_care import FileCare
from traffick_desk.desk.frame import MainWindow
from traffick_desk.desk.hub_line import HubLine
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import all_pages
from traffick_desk.desk.pages.case_words import tip_words
from traffick_desk.desk.pages.outreach_words import prevention_hits
from traffick_desk.desk.pages.printing import NoPrinter
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.reminders import remind_of_code, warn_of_tries
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import _
from traffick_desk.papers.errors import PaperError
from traffick_desk.services import access, backup, recovery_trial, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.directory.find import ListServices, ServiceFilter
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.prevention.lists import FindPrevention
from traffick_desk.services.queries import CountCases, SearchCases
from traffick_desk.services.roles import CASE_READ, DIRECTORY_READ, PREVENTION_READ, may
from traffick_desk.services.to_choose import CountChoices
from traffick_desk.store.errors import StoreError
from traffick_desk.sync.carriers import CarrierError
from traffick_desk.sync.errors import SyncError
from traffick_desk.vault.errors import VaultError

MOST_HITS = 8
MOST_SERVICES = 5
# How often it is looked whether a stick for backups is there and lacks something.
BACKUP_LOOK_MS = 10 * 60 * 1000
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
        capture_wanted: Emits: whether screenshots of the desk are blocked.
        restore_wanted: the vault is to be locked and a backup restored in its place.
    """

    look_wanted = Signal()
    language_wanted = Signal(str)
    practice_wanted = Signal()
    capture_wanted = Signal(bool)
    restore_wanted = Signal()

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
        self.care = FileCare(self.host, self._no_backup)
        self._copying = QTimer(self, interval=BACKUP_LOOK_MS)
        self._copying.timeout.connect(self._back_up_soon)
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
            page.capture_wanted.connect(self.capture_wanted)
            page.backup.restore_wanted.connect(self.restore_wanted)
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
        if trouble := getattr(self.host.desk, "trouble", ""):
            self.messages.warn(*trouble.split(". ", 1))
        if self.host.line is not None:
            self.host.line.begin()
        desk = self.host.desk
        if not desk.info.practice:
            warn_of_tries(self.host)
            self.host.jobs.run(
                lambda: recovery_trial.state(desk), done=self._remind, failed=self.host.fail,
                owner=self,
            )  # fmt: skip
        self.host.jobs.run(
            lambda: backup.automatic(desk, opened=True),
            failed=self._no_backup,
            owner=self,
            words=_("Making a backup…"),
        )

        self._copying.start()
        self.care.begin()

    def _back_up_soon(self) -> None:
        """While the desk is open: a new copy where enough was written since the last one."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: backup.automatic(desk), failed=self._no_backup, owner=self,
            words=_("Making a backup…"),
        )  # fmt: skip

    def _remind(self, state: str) -> None:
        if state != recovery_trial.FINE:
            remind_of_code(self.host, state)

    def _no_backup(self, problem: Exception) -> None:
        if isinstance(problem, EXPECTED):
            self.messages.warn(*str(problem).split(". ", 1))
        else:
            self.host.fail(problem)

    def _count_unsent(self, _kinds: frozenset[str]) -> None:
        if not may(self.host.desk.info.role, CASE_READ):
            self._count_choices()
            return
        self._count_again = True
        if not self._counting:
            self._count()

    def _count(self) -> None:
        # Many changes come together; one count after the last says it all.
        self._counting, self._count_again = True, False
        query = CountCases(CaseFilter(unsent=True, tips=True))
        self.host.ask(query, self._counted, owner=self, failed=self._not_counted)
        self._count_choices()

    def _count_choices(self) -> None:
        self.host.ask(CountChoices(), self.set_to_choose, owner=self)

    def _counted(self, number: int) -> None:
        self._counting = False
        self.set_unsent(number)
        if self._count_again:
            self._count()

    def _not_counted(self, problem: Exception) -> None:
        self._counting = False
        self.host.fail(problem)

    def _search(self, text: str, tell: Callable[[Sequence[PageCommand]], object]) -> None:
        role = self.host.desk.info.role
        found: list[PageCommand] = []

        def show(hits: Any) -> None:
            found.extend(
                PageCommand(
                    f"{hit.row.file_no}   {self._who(hit.row)}",
                    lambda case=hit.row.case_id: self.go("case", case_id=case),
                    "person",
                )
                for hit in hits
            )
            tell(found)
            if may(role, PREVENTION_READ):
                self.host.ask(FindPrevention(text), show_prevention, owner=self)
            if may(role, DIRECTORY_READ):
                wanted = ListServices(ServiceFilter(text=text), limit=MOST_SERVICES)
                self.host.ask(wanted, show_services, owner=self)

        def show_services(services: Any) -> None:
            found.extend(
                PageCommand(
                    "   ".join(part for part in (row.name, row.phone) if part),
                    lambda service=row.id: self.go("directory", service=service),
                    "directory",
                )
                for row in services.rows
            )
            tell(found)

        def show_prevention(hits: Any) -> None:
            found.extend(prevention_hits(hits, self.go))
            tell(found)

        if may(role, CASE_READ):
            self.host.ask(SearchCases(text, MOST_HITS), show, owner=self)
        else:
            show(())

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
