"""The order of windows: first run or unlock, then the desk, then locked again.

Only the unlock window is loaded at the start; everything else comes in while the
officer types her password.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk import i18n, process
from traffick_desk.desk import theme
from traffick_desk.desk.before_desk import (
    TroubleWindow,
    expected,
    gone,
    judge,
    loaded_ahead,
    when_closed,
    words,
)
from traffick_desk.desk.clipboard import ClipboardGuard
from traffick_desk.desk.locked_wait import LockedWait
from traffick_desk.desk.opened_file import OpenedFile
from traffick_desk.desk.practising import Practice
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.qt_texts import GettextTranslator, install
from traffick_desk.desk.renew import QUIET, Renewal
from traffick_desk.desk.restoring import Restoring
from traffick_desk.desk.take_over import Heir
from traffick_desk.desk.unlock import UnlockWindow
from traffick_desk.services import tries, vaults

if TYPE_CHECKING:
    from traffick_desk.desk.desk_window import DeskWindow
    from traffick_desk.desk.guards import Guards
    from traffick_desk.desk.wizard import Wizard
    from traffick_desk.services.base import Desk


# What no officer waits for begins when the first window stands.
AFTER_WINDOW_MS = 150


class Program(QObject):
    """One vault and the windows before it.

    Signals:
        ended: the last window was closed and every key is dropped.
    """

    ended = Signal()

    def __init__(
        self,
        app: QApplication,
        vault: Path,
        preferences: Preferences,
        *,
        kdf: Any = None,
        pages: Sequence[type] | None = None,
        now: Callable[[], datetime] | None = None,
        guards: Guards | None = None,
        heir: Heir | None = None,
    ) -> None:
        """Nothing is shown before :meth:`start`.

        Args:
            app: the application.
            vault: folder of the vault.
            preferences: how the officer likes the desk.
            kdf: parameters for a vault that the first run makes; calibrated if ``None``.
            pages: the pages of the desk; all of them if ``None``.
            now: the clock; the wall clock if ``None``.
            guards: watch over the desk from outside; none in tests.
            heir: holds the first unlock window until another process passes its own on.
        """
        super().__init__()
        self._now = now
        self._guards = guards
        self._heir = heir
        practising = False
        if vault.absolute().parent.name == vaults.PRACTICE:
            # Named by hand: a vault of practice is opened as practice, with its way back.
            vault = vault.absolute().parent.parent / "vault"
            practising = True
        self._app, self.vault, self.preferences = app, vault, preferences
        self._kdf, self._pages = kdf, pages
        self._translator: GettextTranslator | None = None
        self.window: DeskWindow | None = None
        self.unlock_window: UnlockWindow | None = None
        self.wizard: Wizard | None = None
        self.trouble: TroubleWindow | None = None
        self.restoring = Restoring(self)
        self.practice = Practice(self, now, kdf, on=practising)
        self._after: Callable[[], object] | None = None
        app.setQuitOnLastWindowClosed(False)
        self._waiting: LockedWait | None = None
        self.copies = ClipboardGuard(
            app.clipboard(),
            lambda: self.window is not None and app.activeWindow() is not None,
            self,
        )
        self.renewal = Renewal(self)
        self.opened = OpenedFile(self)
        if guards is not None:
            guards.left.connect(self.lock_now)
            self.ended.connect(guards.end)
        self.speak(self.preferences.get("language"))
        self.apply_look()

    # -- look and language -------------------------------------------------------------------

    def speak(self, language: str) -> None:
        """Switch to *language*; windows built from now on speak it."""
        i18n.set_language(language if language in i18n.LANGUAGES else "vi")
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
        self._translator = install(self._app)

    def apply_look(self) -> None:
        """Colours and text size as the preferences say."""
        look = theme.chosen(self.preferences.get("scheme"), self.preferences.get("text_percent"))
        if theme.current() != look or not self._app.styleSheet():
            theme.apply(self._app, look)

    # -- the order of windows ----------------------------------------------------------------

    def start(self) -> None:
        """Show the first window."""
        if self.practice.on:
            self.practice.begin()
            return
        if self._heir is None:
            # While another process has the vault before it, nothing is cleared away beside it.
            vaults.settle(self.vault)
        # Nothing temporary is made before, and what it loads would be waited for.
        QTimer.singleShot(AFTER_WINDOW_MS, self, self._keep_temp)
        if not self.vault.exists() or not any(self.vault.iterdir()):
            self._first_run()
            return
        self._locked()

    def _locked(self) -> None:
        try:
            info = vaults.peek(self.vault)
        except Exception as problem:
            if not expected(problem):
                raise
            self._tell_trouble(str(problem))
            return
        window = UnlockWindow(
            info,
            self._unlock,
            recover=lambda code, login, new: tries.guarded(
                self.vault,
                lambda: vaults.unlock_with_recovery(self.vault, code, login, new, self._now),
            ),
            judge=judge,
            preload=loaded_ahead,
            practise=self.practice.begin,
            restore=self.restoring.begin,
            expected=expected,
            wait=lambda: tries.wait(self.vault),
            province=self._province_help() if info.has_province else None,
        )
        window.unlocked.connect(self.show_desk)
        when_closed(window, self.gave_up)
        self.unlock_window = window
        self._bring_up(window)
        self.opened.show()

    def _bring_up(self, window: UnlockWindow) -> None:
        if self._heir is not None:
            heir, self._heir = self._heir, None
            heir.hold(window)
            return
        if os.environ.pop(QUIET, ""):
            # Begun anew behind the officer's back: the keyboard stays where it is.
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
            window.show()
            return
        window.show()
        window.activateWindow()

    def _unlock(self, login: str, password: str) -> Desk:
        from traffick_desk.services import duress

        return tries.guarded(
            self.vault, lambda: duress.unlock(self.vault, login, password, self._now)
        )

    def _province_help(self) -> Any:
        from traffick_desk.desk.unlock_help import HelpServices

        return HelpServices(self.vault, self._now)

    def _keep_temp(self) -> None:
        # While a backup is restored the vault's folder is moved: nothing of ours may be open there.
        if self._guards is not None and self.restoring.window is None:
            self._guards.keep_temp_in(self.vault)

    def drop_temp(self) -> None:
        """Close what is temporary in the vault's folder."""
        if self._guards is not None:
            self._guards.drop_temp()

    def _tell_trouble(self, text: str) -> None:
        self.trouble = TroubleWindow(text, self.restoring.begin)
        when_closed(self.trouble, self._trouble_closed)
        self.trouble.show()

    def _trouble_closed(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            self.end()

    def _first_run(self) -> None:
        from traffick_desk.desk.first_run import FirstRun
        from traffick_desk.desk.wizard import Wizard

        services = FirstRun(self.vault, self._kdf, judge)
        self.wizard = Wizard(services, self.preferences, words=words)
        self.wizard.finished.connect(self._wizard_done)
        self.wizard.left.connect(self.wizard.close)
        self.wizard.language_chosen.connect(self._wizard_speaks)
        self.wizard.practise_wanted.connect(self.practice.begin)
        self.wizard.restore_wanted.connect(self.restoring.begin)
        when_closed(self.wizard, self._wizard_closed)
        self.wizard.show()

    def _wizard_speaks(self, language: str) -> None:
        self.preferences.set("language", language)
        self.speak(language)
        self.wizard.retranslate()

    def _wizard_done(self, desk: Desk) -> None:
        wizard, self.wizard = self.wizard, None
        self.show_desk(desk)
        gone(wizard)

    def _wizard_closed(self) -> None:
        if self.wizard is None:
            return
        if self.wizard.desk is not None:
            self.wizard.desk.close()
        self.end()

    def gave_up(self) -> None:
        """The unlock window was closed: the program ends."""
        if self.unlock_window is not None:
            self.unlock_window = None
            self.end()

    def put_away(self) -> None:
        """Close the windows before a desk without ending the program."""
        self.renewal.stop()
        going = (self.unlock_window, self.wizard, self.trouble)
        self.unlock_window = self.wizard = self.trouble = None
        for window in going:
            gone(window)

    def _leave_by(self, after: Callable[[], object]) -> None:
        """Lock what is open, then go on with *after*."""
        if self.window is not None:
            self._after = after
            self.window.lock()

    # -- the desk ----------------------------------------------------------------------------

    def _window_of(self, desk: Desk) -> DeskWindow:
        if not desk.info.practice:
            from traffick_desk.desk.desk_window import DeskWindow

            window = DeskWindow(desk, self.preferences, pages=self._pages)
            window.practice_wanted.connect(lambda: self._leave_by(self.practice.begin))
            window.restore_wanted.connect(lambda: self._leave_by(self.restoring.begin))
            return window
        from traffick_desk.desk.practice_window import PracticeWindow

        # Opened from the real side it was opened under force; see the threat model.
        quiet = not self.practice.on
        marked = PracticeWindow(desk, self.preferences, pages=self._pages, quiet=quiet)
        marked.real_wanted.connect(lambda: self._leave_by(self.practice.leave))
        marked.anew_wanted.connect(lambda: self._leave_by(lambda: self.practice.begin(anew=True)))
        return marked

    def show_desk(self, desk: Desk, page: str = "") -> None:
        """Show the windows of an unlocked desk."""
        self.renewal.stop()
        self._keep_temp()
        window = self._window_of(desk)
        window.locking.connect(self._lock)
        window.veiled.connect(self._veiled)
        if self._guards is not None:
            window.capture_wanted.connect(self._guards.capture.switch)
        window.look_wanted.connect(self.apply_look)
        window.language_wanted.connect(self._speak_again)
        self.window = window
        if page:
            window.go(page)
        window.show_as_left()
        window.begin()
        self.opened.show()
        unlock, self.unlock_window = self.unlock_window, None
        gone(unlock)

    def _speak_again(self, language: str) -> None:
        """Build the window anew in another language; the desk stays open."""
        self.preferences.set("language", language)
        before = self.window
        for page in before.pages.built:
            page.save_drafts()

        def change() -> None:
            desk, shown = before.hand_over(), before.page.name
            self.speak(language)
            self.show_desk(desk, shown)
            before.deleteLater()

        before.host.jobs.when_idle(change)

    def lock_now(self) -> None:
        """The officer has left: lock what is open."""
        if self.window is not None:
            self.window.lock()

    def _veiled(self) -> None:
        self._waiting = LockedWait()
        self._waiting.show()

    def _lock(self) -> None:
        """Close everything that shows data, drop the keys, and ask for the password again."""
        window, self.window = self.window, None
        if window is None:
            return
        window.shut()
        self.copies.clear()
        for other in self._app.topLevelWidgets():
            if other is not window and other.isVisible():
                other.close()
        if self._waiting is not None:
            self._waiting.deleteLater()
            self._waiting = None
        leaving, work = window.leaving, window.when_locked
        after, self._after = self._after, None
        window.deleteLater()
        if leaving:
            self.end()
            return
        if after is not None:
            after()
        elif self.practice.on:
            self.practice.ask_password()
        else:
            self._locked()
        if work is not None and self.unlock_window is not None:
            self.unlock_window.first(work)
        QTimer.singleShot(0, self, process.release_memory)
        if self.unlock_window is not None and not self.practice.on:
            self.renewal.watch(self.unlock_window, self.left_alone)

    def left_alone(self) -> bool:
        """Whether nothing would be lost if another process showed the unlock window."""
        window = self.unlock_window
        return window is not None and window.untouched()

    def end(self) -> None:
        """No window is left: drop every key and end."""
        self.copies.clear()
        self.renewal.stop()
        self.unlock_window = self.window = self.wizard = self.practice.start = None
        self.ended.emit()
        # Give windows that delete themselves their turn before the application goes.
        QTimer.singleShot(0, self._app.quit)

    def shown(self) -> QWidget | None:
        """The window that stands now."""
        return (
            self.restoring.window or self.window or self._waiting or self.unlock_window
            or self.wizard or self.trouble or self.practice.start
        )  # fmt: skip

    def close(self) -> None:
        """Lock and end, whatever is shown; for the end of a session."""
        for window in (
            self.window, self.unlock_window, self.wizard, self.trouble, self.practice.start,
            self.restoring.window,
        ):  # fmt: skip
            if window is not None:
                window.close()
