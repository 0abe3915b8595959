"""The unlock window. It is there at once: it loads neither the store nor papers nor printing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QProgressBar, QStackedWidget, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.passwords import Judge, PasswordField
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.tries import DELAYS

if TYPE_CHECKING:
    from traffick_desk.desk.unlock_help import HelpPage
    from traffick_desk.desk.unlock_recovery import RecoveryPage

PRELOAD_AFTER_MS = 150


class VaultLike(Protocol):
    """What a vault says of itself before it is unlocked (``services.vaults.VaultInfo``)."""

    label: str
    logins: tuple[str, ...]
    has_recovery: bool


class UnlockWindow(QWidget):
    """Asks for officer and password, or for the recovery code.

    Signals:
        unlocked: Emits: the open desk.
    """

    unlocked = Signal(object)

    def __init__(
        self,
        vault: VaultLike,
        unlock: Callable[[str, str], Any],
        *,
        recover: Callable[[str, str, str], Any] | None = None,
        judge: Judge | None = None,
        preload: Callable[[], object] | None = None,
        practise: Callable[[], object] | None = None,
        restore: Callable[[], object] | None = None,
        expected: Callable[[Exception], bool] = lambda _problem: True,
        wait: Callable[[], int] | None = None,
        province: Any = None,
    ) -> None:
        """Build the window.

        Args:
            vault: what to say about the vault.
            unlock: (login, password) → desk; runs in a thread, may take a second.
            recover: (code, login, new password) → desk; likewise.
            judge: tells how strong a new password is.
            preload: loads what comes after, in a thread, while the officer types.
            practise: leaves the vault locked and opens practice.
            restore: leaves the vault locked and opens the window for restoring a backup.
            expected: whether an exception's text is written for people.
            wait: how many seconds are left to wait after wrong passwords, earlier runs of the
                program counted in; counted here alone if ``None``.
            province: what :class:`~traffick_desk.desk.unlock_help.HelpPage` needs, if the
                province can help.
        """
        super().__init__()
        self.setObjectName("unlock_window")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setWindowTitle("traffick-desk")
        self._vault, self._unlock, self._recover = vault, unlock, recover
        self._judge, self._expected, self._practise = judge, expected, practise
        self._restore = restore
        self.jobs = Jobs(self)
        self._refusals = 0
        self._left = wait
        self._refusal = ""
        self._wait = 0
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count_down)
        self._stack = QStackedWidget()
        self._stack.setObjectName("unlock_pages")
        self._stack.addWidget(self._password_page())
        self._recovery: RecoveryPage | None = None
        self._province = province
        self._help: HelpPage | None = None
        card = QFrame()
        card.setObjectName("unlock_card")
        card.setProperty("role", "card")
        card.setLayout(kit.vbox(self._stack, margins=24))
        look = theme.current()
        card.setMaximumWidth(look.px(480))
        row = kit.hbox(None, card, None)
        row.setStretch(1, 10)
        column = kit.vbox(None, row, None, margins=16)
        column.setStretch(1, 10)
        inner = kit.panel(column)
        self.setLayout(kit.vbox(kit.scroll(inner, "unlock_scroll")))
        self.resize(kit.fitting(560, 540))
        if preload is not None:
            QTimer.singleShot(PRELOAD_AFTER_MS, self, lambda: self.jobs.run(preload))

    def _password_page(self) -> QWidget:
        self.login = QLineEdit()
        self.login.setObjectName("login")
        self.login.setAccessibleName(_("Officer"))
        self.login.setMaxLength(200)
        label = kit.label(_("Officer"), "label", wrap=False)
        label.setBuddy(self.login)
        self.password = PasswordField(_("Password"), "password")
        self.notice = kit.label("", tone="late", name="unlock_notice")
        self.notice.hide()
        self.busy = QProgressBar()
        self.busy.setObjectName("unlock_busy")
        self.busy.setAccessibleName(_("Opening the vault"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.hide()
        self.jobs.busy.connect(self._show_busy)
        self.open_button = kit.button(_("&Unlock"), "unlock", self.try_password, role="primary")
        lost = kit.button(_("Password lost?"), "lost", self.show_recovery, role="quiet")
        lost.setVisible(self._recover is not None and self._vault.has_recovery)
        practise = kit.button(
            _("Practise first"), "practise", self._leave_to_practise, role="quiet"
        )
        practise.setVisible(self._practise is not None)
        restore = kit.button(
            _("Restore from a backup…"), "restore", self._leave_to_restore, role="quiet"
        )
        restore.setVisible(self._restore is not None)
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.entered.connect(self.try_password)
        if len(self._vault.logins) == 1:
            self.login.setText(self._vault.logins[0])
        return kit.panel(
            kit.vbox(
                kit.label(self._vault.label or "traffick-desk", "title", name="unlock_label"),
                kit.label(
                    _("The data on this computer is encrypted. Only your password opens it."),
                    "muted",
                    name="unlock_intro",
                ),
                kit.vbox(label, self.login, gap=4),
                self.password,
                self.notice,
                self.busy,
                kit.buttons(self.open_button, lost, practise, restore),
                None,
                gap=16,
            ),
            name="password_page",
        )

    def showEvent(self, event: Any) -> None:
        """The keyboard goes to the first thing that is missing."""
        super().showEvent(event)
        (self.password if self.login.text() else self.login).setFocus()
        if self._left is not None and not self._wait and (left := self._left()):
            self._refusal = _("Wrong passwords were given here. Your data is safe.")
            self._begin_wait(left)

    # -- password --------------------------------------------------------------------------

    def try_password(self) -> None:
        """Unlock with what is typed."""
        login, password = self.login.text().strip(), self.password.text()
        if self._wait or not self.open_button.isEnabled():
            return
        if not login or not password:
            self._say(_("Please type your officer name and your password."))
            (self.password if login else self.login).setFocus()
            return
        self._say("")
        self._working(True)
        self.jobs.run(
            lambda: self._unlock(login, password), done=self._opened, failed=self._refused
        )

    def _leave_to_practise(self) -> None:
        # While the vault is being opened it is too late: nobody would close it again.
        if self._practise is not None and self.login.isEnabled():
            self._practise()

    def _leave_to_restore(self) -> None:
        if self._restore is not None and self.login.isEnabled():
            self._restore()

    def first(self, work: Callable[[], str]) -> None:
        """Do something to the locked vault before anybody can open it, and say how it went."""
        self._say(_("The vault gets a new key. Please do not switch off the PC."), "")
        self._working(True)
        self.jobs.run(work, done=self._came_first, failed=self._failed_first)

    def announce(self, words: str, tone: str = "accent") -> None:
        """Say something that happened outside, unless the officer has to read something else."""
        if not self._wait and self.open_button.isEnabled():
            self._say(words, tone)

    def _came_first(self, words: str) -> None:
        self._working(False)
        self._say(words, "ok")
        self.password.setFocus()

    def _failed_first(self, problem: Exception) -> None:
        self._working(False)
        self._say(self._words(problem))
        self.password.setFocus()

    def _opened(self, desk: Any) -> None:
        self.password.clear()
        if self._recovery is not None:
            self._recovery.clear()
        self._refusals = 0
        self._working(False)
        self.unlocked.emit(desk)

    def _refused(self, problem: Exception) -> None:
        self._working(False)
        self._refusals += 1
        self._say(self._words(problem))
        self.password.input.selectAll()
        self.password.setFocus()
        counted = DELAYS[min(self._refusals, len(DELAYS)) - 1]
        self._refusal = self.notice.text()
        self._begin_wait(counted if self._left is None else self._left())

    def _begin_wait(self, seconds: int) -> None:
        self._wait = seconds
        if seconds:
            self.open_button.setEnabled(False)
            self._tick.start()
            self._write_wait()

    def _words(self, problem: Exception) -> str:
        if self._expected(problem):
            return str(problem)
        return _(
            "The vault could not be opened, because of a fault in the program. "
            "Your data was not changed. Start the program again; if it happens again, "
            "tell the province's desk."
        )

    def _count_down(self) -> None:
        self._wait -= 1
        if self._wait > 0:
            self._write_wait()
            return
        self._tick.stop()
        self._wait = 0
        self._say(self._refusal)
        self.open_button.setEnabled(True)

    def _write_wait(self) -> None:
        if self._wait > 90:
            minutes = -(-self._wait // 60)
            wait = ngettext(
                "Please wait {count} minute.", "Please wait {count} minutes.", minutes
            ).format(count=minutes)
        else:
            wait = ngettext(
                "Please wait {count} second.", "Please wait {count} seconds.", self._wait
            ).format(count=self._wait)
        self._say(f"{self._refusal} {wait}")

    def _say(self, text: str, tone: str = "late") -> None:
        self.notice.setText(text)
        kit.retone(self.notice, tone)
        self.notice.setVisible(bool(text))

    def _working(self, on: bool) -> None:
        self.open_button.setEnabled(not on)
        for widget in (self.login, self.password):
            widget.setEnabled(not on)
        if not on:
            self.busy.hide()

    def _show_busy(self, on: bool) -> None:
        # Loading ahead is nobody's business; only what the officer waits for is shown.
        self.busy.setVisible(on and not self.login.isEnabled())

    def untouched(self) -> bool:
        """Whether nothing typed and no work would be lost with this window."""
        # What is told here (that an officer was shut out, say) has to be read first.
        typed = self.password.text() or self.notice.text() or self._stack.currentIndex() != 0
        return not typed and not self._wait and self.jobs.running == 0

    # -- recovery --------------------------------------------------------------------------

    def show_recovery(self) -> None:
        """Go to the page for the recovery code."""
        from traffick_desk.desk.unlock_recovery import RecoveryPage

        if self._recovery is None and self._recover is not None and self._judge is not None:
            self._recovery = RecoveryPage(
                self.jobs,
                self._recover,
                self._judge,
                self._words,
                more=self.show_help if self._province is not None else None,
            )
            self._recovery.done.connect(self._opened)
            self._recovery.left.connect(self.show_password)
            self._stack.addWidget(self._recovery)
        if self._recovery is not None:
            self._recovery.login.setText(self.login.text())
            self._stack.setCurrentWidget(self._recovery)
            self._recovery.code.setFocus()

    def show_help(self) -> None:
        """Go to the page for the province's help."""
        from traffick_desk.desk.unlock_help import HelpPage

        if self._help is None:
            self._help = HelpPage(self.jobs, self._province, self._judge, self._words)
            self._help.done.connect(self._opened)
            self._help.left.connect(self.show_recovery)
            self._stack.addWidget(self._help)
        self._help.open_for(self.login.text())
        self._stack.setCurrentWidget(self._help)

    def show_password(self) -> None:
        """Go back to the password."""
        self._stack.setCurrentIndex(0)
        self.password.setFocus()

    def closeEvent(self, event: Any) -> None:
        """Wait for a key derivation under way, then close."""
        self.jobs.stop()
        super().closeEvent(event)
