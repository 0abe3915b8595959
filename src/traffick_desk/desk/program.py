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
from traffick_desk.desk import kit, theme
from traffick_desk.desk.clipboard import ClipboardGuard
from traffick_desk.desk.locked_wait import LockedWait
from traffick_desk.desk.opened_file import OpenedFile
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.qt_texts import GettextTranslator, install
from traffick_desk.desk.renew import QUIET, Renewal
from traffick_desk.desk.take_over import Heir
from traffick_desk.desk.unlock import UnlockWindow
from traffick_desk.i18n import _
from traffick_desk.services import tries, vaults

if TYPE_CHECKING:
    from traffick_desk.desk.desk_window import DeskWindow
    from traffick_desk.desk.guards import Guards
    from traffick_desk.desk.practice_start import PracticeStart, PracticeUnlock
    from traffick_desk.desk.restore_window import RestoreWindow
    from traffick_desk.desk.wizard import Wizard
    from traffick_desk.services.base import Desk


# What no officer waits for begins when the first window stands.
AFTER_WINDOW_MS = 150


class TroubleWindow(QWidget):
    """The vault cannot be opened at all: what is wrong, is the data safe, what now."""

    def __init__(self, text: str, restore: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setObjectName("trouble_window")
        self.setProperty("role", "page")
        self.setWindowTitle("traffick-desk")
        shut = kit.button(_("Close"), "trouble_close", self.close, role="primary")
        card = kit.card(
            kit.label(_("The vault does not open"), "heading"),
            kit.label(text, name="trouble_text"),
            kit.hbox(None, self._restore_button(restore), shut),
            margins=24,
            gap=16,
        )
        self.setLayout(kit.vbox(None, card, None, margins=24))
        self.resize(theme.current().px(560), theme.current().px(320))

    @staticmethod
    def _restore_button(restore: Callable[[], object] | None) -> QWidget:
        found = kit.button(_("Restore from a backup…"), "trouble_restore", restore)
        found.setVisible(restore is not None)
        return found


def loaded_ahead() -> None:
    """Load what comes after unlocking, in a thread, while the officer types."""
    import traffick_desk.desk.desk_window
    import traffick_desk.law
    from traffick_desk.desk.pages import all_pages

    all_pages()
    import traffick_desk.store.store  # noqa: F401 - loading it is the point


def expected(problem: Exception) -> bool:
    """Whether the text of *problem* is written for people."""
    return type(problem).__module__.startswith("traffick_desk.") and not isinstance(
        problem, AssertionError
    )


def judge(password: str, context: tuple[str, ...]) -> Any:
    """How strong a password is."""
    from traffick_desk.vault import passwords

    return passwords.strength(password, context)


class Program(QObject):
    """One vault and the windows before it.

    Signals:
        ended: the last window was closed and every key is dropped.
    """

    ended = Signal()
    # Which of the two sides is shown; nothing is ever open on both.
    practising = False

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
        if vault.absolute().parent.name == vaults.PRACTICE:
            # Named by hand: a vault of practice is opened as practice, with its way back.
            vault = vault.absolute().parent.parent / "vault"
            self.practising = True
        self._app, self.vault, self.preferences = app, vault, preferences
        self._kdf, self._pages = kdf, pages
        self._translator: GettextTranslator | None = None
        self.window: DeskWindow | None = None
        self.unlock_window: UnlockWindow | None = None
        self.wizard: Wizard | None = None
        self.trouble: TroubleWindow | None = None
        self.practice_start: PracticeStart | None = None
        self.restore_window: RestoreWindow | None = None
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
        if self.practising:
            self.practise()
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
            practise=self.practise,
            restore=self.restore,
            expected=expected,
            wait=lambda: tries.wait(self.vault),
            province=self._province_help() if info.has_province else None,
        )
        window.unlocked.connect(self.show_desk)
        _when_closed(window, self._gave_up)
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
        if self._guards is not None and self.restore_window is None:
            self._guards.keep_temp_in(self.vault)

    def _tell_trouble(self, text: str) -> None:
        self.trouble = TroubleWindow(text, self.restore)
        _when_closed(self.trouble, self._trouble_closed)
        self.trouble.show()

    def _trouble_closed(self) -> None:
        if self.trouble is not None:
            self.trouble = None
            self._end()

    # -- restoring ---------------------------------------------------------------------------

    def restore(self) -> None:
        """Open the window that restores a backup; the windows before the desk go away."""
        from traffick_desk.desk.restore_window import Copies, RestoreWindow

        if self._guards is not None:
            # The folder may be put aside whole, which Windows refuses while a file in it is open.
            self._guards.drop_temp()
        taken = self.vault.exists() and any(self.vault.iterdir())
        window = RestoreWindow(Copies(self.vault), taken=taken, judge=judge, words=self._words)
        window.restored.connect(self._restored)
        window.salvaged.connect(self._salvaged)
        window.left.connect(self._restore_left)
        _when_closed(window, self._restore_closed)
        self.restore_window = window
        window.show()
        window.activateWindow()
        self._put_away()

    def _restored(self, desk: Desk) -> None:
        self._came_back(desk, _("The vault was restored and checked."), "")

    def _salvaged(self, desk: Desk, words: str) -> None:
        self._came_back(desk, _("What could be saved was saved."), words)

    def _came_back(self, desk: Desk, what: str, words: str) -> None:
        window, self.restore_window = self.restore_window, None
        self.show_desk(desk)
        next_step = _(
            "This PC counts as a new one: please link it to the province again, on the page Sync."
        )
        self.window.messages.tell(what, f"{words} {next_step}".strip())
        if window is not None:
            window.close()
            window.deleteLater()

    def _restore_left(self) -> None:
        window, self.restore_window = self.restore_window, None
        self.start()
        if window is not None:
            window.close()
            window.deleteLater()

    def _restore_closed(self) -> None:
        if self.restore_window is not None:
            self.restore_window = None
            self._end()

    def _first_run(self) -> None:
        from traffick_desk.desk.first_run import FirstRun
        from traffick_desk.desk.wizard import Wizard

        services = FirstRun(self.vault, self._kdf, judge)
        self.wizard = Wizard(services, self.preferences, words=self._words)
        self.wizard.finished.connect(self._wizard_done)
        self.wizard.left.connect(self.wizard.close)
        self.wizard.language_chosen.connect(self._wizard_speaks)
        self.wizard.practise_wanted.connect(self.practise)
        self.wizard.restore_wanted.connect(self.restore)
        _when_closed(self.wizard, self._wizard_closed)
        self.wizard.show()

    def _words(self, problem: Exception) -> str:
        if expected(problem):
            return str(problem)
        return _(
            "This did not work, because of a fault in the program. Nothing was made. Please try "
            "once more, or choose another folder."
        )

    def _wizard_speaks(self, language: str) -> None:
        self.preferences.set("language", language)
        self.speak(language)
        self.wizard.retranslate()

    def _wizard_done(self, desk: Desk) -> None:
        wizard, self.wizard = self.wizard, None
        self.show_desk(desk)
        wizard.close()
        wizard.deleteLater()

    def _wizard_closed(self) -> None:
        if self.wizard is None:
            return
        if self.wizard.desk is not None:
            self.wizard.desk.close()
        self._end()

    def _gave_up(self) -> None:
        if self.unlock_window is not None:
            self.unlock_window = None
            self._end()

    # -- practice ----------------------------------------------------------------------------

    def practise(self, *, anew: bool = False) -> None:
        """Open practice, made if need be; the windows before the real desk go away."""
        from traffick_desk.desk.practice_start import PracticeStart, place_of

        self.practising = True
        window = PracticeStart(place_of(self.vault), self._now, self._words, self._kdf)
        window.opened.connect(self._practice_opened)
        window.left.connect(self.go_to_real)
        _when_closed(window, self._practice_gave_up)
        self.practice_start = window
        window.show()
        window.activateWindow()
        self._put_away()
        window.begin(anew=anew)

    def _put_away(self) -> None:
        """Close the windows before a desk without ending the program."""
        self.renewal.stop()
        going = (self.unlock_window, self.wizard, self.trouble)
        self.unlock_window = self.wizard = self.trouble = None
        for window in going:
            if window is not None:
                window.close()
                window.deleteLater()

    def _practice_opened(self, desk: Desk) -> None:
        window, self.practice_start = self.practice_start, None
        self.show_desk(desk)
        if window is not None:
            window.close()
            window.deleteLater()

    def _practice_gave_up(self) -> None:
        if self.practice_start is not None:
            self.practice_start = None
            self._end()

    def go_to_real(self) -> None:
        """Leave practice for the real desk: its first run, or its unlock window."""
        start, self.practice_start = self.practice_start, None
        unlock = self.unlock_window
        self.unlock_window = None
        self.practising = False
        self.start()
        for window in (start, unlock):
            if window is not None:
                window.close()
                window.deleteLater()

    def _practice_locked(self) -> None:
        from traffick_desk.desk.practice_start import PracticeUnlock, place_of

        place = place_of(self.vault)
        try:
            info = vaults.peek(place.commune)
        except Exception as problem:
            if not expected(problem):
                raise
            # Gone or damaged meanwhile; the start says so and offers to begin anew.
            self.practise()
            return
        window: PracticeUnlock = PracticeUnlock(info, place, self._now, expected)
        window.unlocked.connect(self.show_desk)
        window.left.connect(self.go_to_real)
        _when_closed(window, self._gave_up)
        self.unlock_window = window
        window.show()
        window.activateWindow()

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
            window.practice_wanted.connect(lambda: self._leave_by(self.practise))
            window.restore_wanted.connect(lambda: self._leave_by(self.restore))
            return window
        from traffick_desk.desk.practice_window import PracticeWindow

        # Opened from the real side it was opened under force; see the threat model.
        quiet = not self.practising
        marked = PracticeWindow(desk, self.preferences, pages=self._pages, quiet=quiet)
        marked.real_wanted.connect(lambda: self._leave_by(self.go_to_real))
        marked.anew_wanted.connect(lambda: self._leave_by(lambda: self.practise(anew=True)))
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
        if unlock is not None:
            unlock.close()
            unlock.deleteLater()

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
            self._end()
            return
        if after is not None:
            after()
        elif self.practising:
            self._practice_locked()
        else:
            self._locked()
        if work is not None and self.unlock_window is not None:
            self.unlock_window.first(work)
        QTimer.singleShot(0, self, process.release_memory)
        if self.unlock_window is not None and not self.practising:
            self.renewal.watch(self.unlock_window, self.left_alone)

    def left_alone(self) -> bool:
        """Whether nothing would be lost if another process showed the unlock window."""
        window = self.unlock_window
        return window is not None and window.untouched()

    def _end(self) -> None:
        self.copies.clear()
        self.renewal.stop()
        self.unlock_window = self.window = self.wizard = self.practice_start = None
        self.ended.emit()
        # Give windows that delete themselves their turn before the application goes.
        QTimer.singleShot(0, self._app.quit)

    def shown(self) -> QWidget | None:
        """The window that stands now."""
        return (
            self.restore_window or self.window or self._waiting or self.unlock_window
            or self.wizard or self.trouble or self.practice_start
        )  # fmt: skip

    def close(self) -> None:
        """Lock and end, whatever is shown; for the end of a session."""
        for window in (
            self.window, self.unlock_window, self.wizard, self.trouble, self.practice_start,
            self.restore_window,
        ):  # fmt: skip
            if window is not None:
                window.close()


class _Closing(QObject):
    """Tells that a window was closed."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: Any) -> bool:
        """Wait for the close event; it goes on its way."""
        if event.type() == event.Type.Close:
            QTimer.singleShot(0, self._then)
        return False


def _when_closed(window: QWidget, then: Callable[[], object]) -> None:
    _Closing(window, then)
