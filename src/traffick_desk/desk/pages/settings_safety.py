"""Password and recovery code."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.passwords import NewPassword, PasswordField
from traffick_desk.i18n import _
from traffick_desk.services import access


def judge(password: str, context: tuple[str, ...]) -> Any:
    """How strong a password is."""
    from traffick_desk.vault import passwords

    return passwords.strength(password, context)


class Card(QFrame):
    """A white box of the settings."""

    def __init__(self, host: Host, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "card")
        self.host = host


class PasswordCard(Card):
    """A new password for the officer at this desk; folded until it is wanted."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, "settings_password")
        self.open_button = kit.button(
            _("Change the password…"), "password_change", lambda: self.unfold(on=True)
        )
        self.old = PasswordField(_("Present password"), "old_password")
        self.new = NewPassword(host.jobs, judge, "settings_new_password")
        info = host.desk.info
        self.new.set_context(
            getattr(info, "officer_name", ""), getattr(info, "label", ""), info.unit_name
        )
        self.do = kit.button(_("Change the password"), "password_do", self.change, role="primary")
        leave = kit.button(_("Cancel"), "password_cancel", lambda: self.unfold(on=False))
        self.fields = kit.panel(
            kit.vbox(self.old, self.new, kit.hbox(self.do, leave, None), gap=12)
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("Password"), "heading"),
                kit.hbox(self.open_button, None),
                self.fields,
                margins=16,
                gap=12,
            )
        )
        self.new.changed.connect(self._enable)
        self.old.edited.connect(self._enable)
        self.old.entered.connect(self.new.setFocus)
        self.new.entered.connect(self.change)
        self.unfold(on=False)

    def unfold(self, *, on: bool) -> None:
        """Show or hide the fields; hiding forgets what was typed."""
        self.old.clear()
        self.new.clear()
        self.fields.setVisible(on)
        self.open_button.setVisible(not on)
        self._enable()
        if on:
            self.old.setFocus()

    def _enable(self) -> None:
        self.do.setEnabled(bool(self.old.text()) and self.new.ready())

    def change(self) -> None:
        """Change it; the key derivation takes about a second."""
        if not self.do.isEnabled():
            return
        desk, old, new = self.host.desk, self.old.text(), self.new.password()
        self.do.setEnabled(False)

        def done(_nothing: object) -> None:
            self.unfold(on=False)
            self.host.messages.tell(
                _("The password was changed."),
                _("Backups made before still open with the old one."),
            )

        def failed(problem: Exception) -> None:
            self._enable()
            self.host.fail(problem)

        self.host.jobs.run(
            lambda: access.change_password(desk, old, new), done=done, failed=failed,
            owner=self, write=True, words=_("Changing the password…"),
        )  # fmt: skip


class RecoveryCard(Card):
    """A new recovery code, when the sheet is lost or was never printed.

    Signals:
        finished: the new code is locked away; it is tried next.
    """

    finished = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__(host, "settings_recovery")
        self._code = ""
        self.open_button = kit.button(
            _("Make a new recovery code…"), "recovery_new", lambda: self.unfold(on=True)
        )
        self.password = PasswordField(_("Present password"), "recovery_password")
        self.do = kit.button(_("Make the code"), "recovery_do", self.make, role="primary")
        leave = kit.button(_("Cancel"), "recovery_cancel", lambda: self.unfold(on=False))
        self.fields = kit.panel(kit.vbox(self.password, kit.hbox(self.do, leave, None), gap=12))
        self.code = kit.label("", "code", name="new_code")
        print_button = kit.button(
            _("Print the code"), "recovery_print", self.print, role="primary", icon="print"
        )
        done = kit.button(_("It is printed"), "recovery_done", self._put_away)
        self.shown = kit.panel(
            kit.vbox(
                kit.label(
                    _(
                        "The code is shown only now. Print it or write it down, try it below, put "
                        "it into an envelope and lock it away. The code before opens nothing any "
                        "more."
                    )
                ),
                self.code,
                kit.hbox(print_button, done, None),
                gap=12,
            )
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("Recovery code"), "heading"),
                kit.label(
                    _(
                        "Opens the vault when a password was forgotten. "
                        "Make a new one if it is lost."
                    ),
                    "muted",
                ),
                kit.hbox(self.open_button, None),
                self.fields,
                self.shown,
                margins=16,
                gap=12,
            )
        )
        self.password.edited.connect(lambda: self.do.setEnabled(bool(self.password.text())))
        self.password.entered.connect(self.make)
        self.unfold(on=False)

    def unfold(self, *, on: bool) -> None:
        """Show or hide the question for the password; a code on the screen is forgotten."""
        self.password.clear()
        self._code = ""
        self.code.clear()
        self.shown.hide()
        self.fields.setVisible(on)
        self.open_button.setVisible(not on)
        self.do.setEnabled(False)
        if on:
            self.password.setFocus()

    def _put_away(self) -> None:
        self.unfold(on=False)
        self.finished.emit()

    def make(self) -> None:
        """Make it and show it."""
        if not self.do.isEnabled():
            return
        desk, password = self.host.desk, self.password.text()
        self.do.setEnabled(False)

        def done(code: str) -> None:
            self.unfold(on=False)
            self._code = code
            self.code.setText(code)
            self.open_button.hide()
            self.shown.show()

        def failed(problem: Exception) -> None:
            self.do.setEnabled(True)
            self.host.fail(problem)

        self.host.jobs.run(
            lambda: access.renew_recovery_code(desk, password), done=done, failed=failed,
            owner=self, write=True, words=_("Making the code…"),
        )  # fmt: skip

    def print(self) -> None:
        """Print the sheet; it is drawn in memory."""
        from traffick_desk.desk.recovery_sheet import print_sheet

        print_sheet(self.host.desk, self._code, self.window(), self.host.fail)
