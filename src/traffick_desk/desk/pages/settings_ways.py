"""Ways into the vault besides the password: the printed code tried, the province, an emergency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QFrame, QLineEdit, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.passwords import PasswordField
from traffick_desk.i18n import _
from traffick_desk.services import duress, province_help, recovery_trial


class _Card(QFrame):
    def __init__(self, host: Host, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "card")
        self.host = host

    def work(self, work: Callable[[], Any], done: Callable[[Any], object], words: str) -> None:
        """Do something that takes a key derivation."""
        self.setEnabled(False)

        def finished(answer: Any) -> None:
            self.setEnabled(True)
            done(answer)

        def failed(problem: Exception) -> None:
            self.setEnabled(True)
            self.host.fail(problem)

        self.host.jobs.run(work, done=finished, failed=failed, owner=self, write=True, words=words)


class TrialCard(_Card):
    """The printed code is tried: now, after it was made, and once a quarter."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, "settings_trial")
        self.state = kit.label("", name="trial_state")
        self.code = QLineEdit()
        self.code.setObjectName("trial_code")
        self.code.setAccessibleName(_("Recovery code"))
        self.code.setMaxLength(400)
        self.code.returnPressed.connect(self.try_code)
        label = kit.label(_("Recovery code"), "label", wrap=False)
        label.setBuddy(self.code)
        self.do = kit.button(_("Try the code"), "trial_do", self.try_code)
        self.setLayout(
            kit.vbox(
                kit.label(_("Try the printed code"), "heading"),
                kit.label(
                    _(
                        "Once a quarter: take the sheet out of its envelope and type the code. "
                        "Nothing is changed by it. So you know that it is there, can be read and "
                        "opens this vault."
                    ),
                    "muted",
                ),
                self.state,
                kit.vbox(label, self.code, gap=4),
                kit.hbox(self.do, None),
                margins=16,
                gap=12,
            )
        )

    def load(self) -> None:
        """Say when it is due."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: recovery_trial.state(desk), done=self._show, failed=self.host.fail, owner=self
        )

    def _show(self, state: str) -> None:
        words, tone = {
            recovery_trial.FINE: (_("It was tried or made within the last three months."), "ok"),
            recovery_trial.DUE: (_("It was not tried for three months."), "due"),
            recovery_trial.NEVER: (_("It was not tried yet."), "due"),
            recovery_trial.USED: (
                _("The vault was opened without a password: please make a new code."),
                "late",
            ),
        }[state]
        self.state.setText(words)
        kit.retone(self.state, tone)

    def try_code(self) -> None:
        """Open its slot as in earnest."""
        desk, code = self.host.desk, self.code.text().strip()
        if not code:
            self.code.setFocus()
            return

        def done(_nothing: object) -> None:
            self.code.clear()
            self.load()
            self.host.messages.tell(
                _("The printed code opens this vault."),
                _("Please put it back into its envelope and lock it away."),
            )

        self.work(lambda: recovery_trial.try_code(desk, code), done, _("Trying the code…"))


def _write(button: QAbstractButton, words: str) -> None:
    button.setText(words)
    button.setAccessibleName(words)


class _Folded(_Card):
    """A card whose change asks for the own password first."""

    def __init__(self, host: Host, name: str, title: str, text: str) -> None:
        super().__init__(host, name)
        self.state = kit.label("", name=f"{name}_state")
        self.open_button = kit.button(_("Change…"), f"{name}_open", lambda: self.unfold(on=True))
        self.password = PasswordField(_("Your password"), f"{name}_password")
        self.do = kit.button(_("Save"), f"{name}_do", self.change, role="primary")
        self.leave = kit.button(_("Cancel"), f"{name}_cancel", lambda: self.unfold(on=False))
        self.more = self.extra()
        rows = [w for w in (self.more, self.password) if w is not None]
        self.fields = kit.panel(kit.vbox(*rows, kit.hbox(self.do, self.leave, None), gap=12))
        self.buttons = kit.hbox(self.open_button, *self.others(), None)
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                kit.label(text, "muted"),
                self.state,
                self.buttons,
                self.fields,
                margins=16,
                gap=12,
            )
        )
        self.password.entered.connect(self.change)
        self.unfold(on=False)

    def extra(self) -> QWidget | None:
        """What else is asked."""
        return None

    def others(self) -> list[QWidget]:
        """More buttons."""
        return []

    def unfold(self, *, on: bool) -> None:
        """Show or hide the question; hiding forgets what was typed."""
        self.password.clear()
        self.fields.setVisible(on)
        self.open_button.setVisible(not on)
        if on:
            (self.more or self.password).setFocus()

    def change(self) -> None:
        """Do it."""
        raise NotImplementedError


class ProvinceCard(_Folded):
    """Whether the province can open this vault when everything is lost."""

    def __init__(self, host: Host) -> None:
        super().__init__(
            host,
            "settings_help",
            _("Help of the province"),
            _(
                "If all passwords and the printed code are lost, the province can open this vault "
                "for you: you write a request to a stick, and both compare ten words over the "
                "telephone. Without this, what nobody can open is lost for ever. The province gets "
                "no key by it and sees no case until you ask."
            ),
        )
        self._allowed = province_help.OFF

    def load(self) -> None:
        """Ask how it stands."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: (
                desk.ask(province_help.CanBeAllowed()),
                desk.ask(province_help.HelpAllowed()),
            ),
            done=lambda found: self._show(*found),
            failed=self.host.fail,
            owner=self,
        )

    def _show(self, possible: bool, allowed: str) -> None:
        self._allowed = allowed
        words, tone = {
            province_help.ON: (_("The province can help."), "ok"),
            province_help.OFF: (_("The province cannot help."), "due"),
            province_help.OTHER: (
                _("Only a desk of the province that this PC is not linked to any more can help."),
                "due",
            ),
        }[allowed]
        if not possible and allowed == province_help.OFF:
            words = _("This PC must be linked to the province first.")
        self.state.setText(words)
        kit.retone(self.state, tone)
        on = allowed == province_help.ON
        _write(self.open_button, _("Stop it…") if on else _("Let the province help…"))
        _write(self.do, _("Stop it") if on else _("Let the province help"))
        self.open_button.setEnabled(possible or on)

    def change(self) -> None:
        """Let it help, or stop it."""
        desk, password, on = self.host.desk, self.password.text(), self._allowed
        if not password:
            self.password.setFocus()
            return
        stop = on == province_help.ON
        change = province_help.forbid if stop else province_help.allow

        def done(_nothing: object) -> None:
            self.unfold(on=False)
            self.load()

        self.work(lambda: change(desk, password), done, _("Changing the vault file…"))


class EmergencyCard(_Folded):
    """The password that opens practice, for when somebody forces the officer to unlock."""

    def __init__(self, host: Host) -> None:
        super().__init__(
            host,
            "settings_emergency",
            _("Password for an emergency"),
            _(
                "If somebody forces you to unlock, type this password instead of your own: "
                "practice with its invented people opens, and the real data stays encrypted. "
                "Nothing on the screen leads from there to the real desk. Nobody can see from the "
                "files whether you have such a password."
            ),
        )

    def extra(self) -> QWidget:
        """The password itself."""
        self.emergency = PasswordField(_("Password for an emergency"), "emergency_password")
        self.emergency.new = True
        return self.emergency

    def others(self) -> list[QWidget]:
        """The way to have none."""
        self.drop = kit.button(_("Remove it"), "emergency_remove", self.remove)
        return [self.drop]

    def unfold(self, *, on: bool) -> None:
        """Forget this password too."""
        self.emergency.clear()
        super().unfold(on=on)

    def load(self) -> None:
        """Ask whether there is one."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: duress.is_set(desk), done=self._show, failed=self.host.fail, owner=self
        )

    def _show(self, there: bool) -> None:
        self.state.setText(_("You have one.") if there else _("You have none."))
        _write(self.open_button, _("Choose another…") if there else _("Choose one…"))
        _write(self.do, _("Take this password"))
        self.drop.setVisible(there)

    def change(self) -> None:
        """Set it; practice is made if it was never used."""
        desk, own, emergency = self.host.desk, self.password.text(), self.emergency.text()
        if not own or not emergency:
            (self.emergency if not emergency else self.password).setFocus()
            return

        def done(_nothing: object) -> None:
            self.unfold(on=False)
            self.load()
            self.host.messages.tell(
                _("The password for an emergency is set."),
                _("Try it once: lock the desk and unlock with it. Lock again to come back."),
            )

        self.work(lambda: duress.set_password(desk, own, emergency), done, _("Preparing practice…"))

    def remove(self) -> None:
        """Have none any more."""
        desk = self.host.desk
        self.work(lambda: duress.remove(desk), lambda _none: self.load(), _("Saving…"))
