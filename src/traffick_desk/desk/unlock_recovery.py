"""The way into a vault with the printed recovery code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.passwords import Judge, NewPassword
from traffick_desk.desk.unlock_way import OtherWay, line_edit
from traffick_desk.i18n import _


class RecoveryPage(OtherWay):
    """The printed recovery code, and a new password."""

    def __init__(
        self,
        jobs: Jobs,
        recover: Callable[[str, str, str], Any],
        judge: Judge,
        words: Callable[[Exception], str],
        more: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(jobs, words, "recovery")
        self._recover = recover
        self.code, code_label = line_edit("recovery_code", _("Recovery code"))
        self.login, login_label = line_edit("recovery_login", _("Officer"))
        self.new = NewPassword(jobs, judge, "new_password")
        self.open_button = kit.button(
            _("Open with the &code"), "recover", self.try_code, role="primary"
        )
        back = kit.button(_("Back"), "recovery_back", self.left.emit, role="quiet")
        lost = kit.button(
            _("The code is lost too"), "code_lost", more or self.left.emit, role="quiet"
        )
        lost.setVisible(more is not None)
        self.code.returnPressed.connect(self.login.setFocus)
        self.login.returnPressed.connect(self.new.setFocus)
        self.new.entered.connect(self.try_code)
        self.setLayout(
            kit.vbox(
                kit.label(_("Open with the recovery code"), "heading"),
                kit.label(
                    _(
                        "It was printed when the vault was made and is kept in a sealed "
                        "envelope. Capital and small letters, blanks and dashes do not matter."
                    ),
                    "muted",
                ),
                kit.vbox(code_label, self.code, gap=4),
                kit.vbox(login_label, self.login, gap=4),
                self.new,
                self.notice,
                kit.buttons(self.open_button, back, lost),
                None,
                gap=12,
            )
        )

    def try_code(self) -> None:
        """Unlock with what is typed."""
        code, login = self.code.text().strip(), self.login.text().strip()
        if not code or not login:
            self._say(_("Please type the recovery code and your officer name."))
            return
        if not self.new.ready():
            self._say(_("Please type a good new password, twice the same."))
            return
        password = self.new.password()
        self._say("")
        self.open_button.setEnabled(False)
        self._jobs.run(
            lambda: self._recover(code, login, password),
            done=self.done.emit,
            failed=self._refused,
        )

    def clear(self) -> None:
        """Forget what was typed."""
        self.code.clear()
        self.new.clear()

    def _refused(self, problem: Exception) -> None:
        self.open_button.setEnabled(True)
        self._say(self._words(problem))
        self.code.setFocus()
