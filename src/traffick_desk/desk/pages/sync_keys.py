"""Commune: new keys for this PC, asked for once in years."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services.new_keys import AskForNewKeys, NewKeysWait
from traffick_desk.services.roles import ENROL, may


class KeysLine(QWidget):
    """A quiet button; while the province has not answered, a line that says so."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self.renew = kit.button(
            _("New keys for this PC…"), "keys_renew", self.ask, icon="lock", role="quiet"
        )
        self.wait = kit.label(
            _(
                "New keys for this PC are made. The next file asks the province for its "
                "certificate; they are used as soon as its answer is here. All goes on meanwhile."
            ),
            "muted",
            name="keys_wait",
        )
        self.wait.hide()
        self.setLayout(kit.vbox(kit.hbox(self.renew, None), self.wait, gap=4))

    def load(self, *, linked: bool) -> None:
        """Show how it stands; a PC that is not linked has nobody to ask."""
        self.setVisible(linked and may(self._host.desk.info.role, ENROL))
        if linked:
            self._host.ask(NewKeysWait(), self._show, owner=self)

    def _show(self, waits: bool) -> None:
        self.wait.setVisible(waits)
        self.renew.setVisible(not waits)

    def ask(self) -> None:
        """Say what it is for and what it is not for, then do it."""
        self._host.dialogs.confirm(
            _("New keys for this PC"),
            _(
                "Do this when this PC was out of sight or its keys are some years old. Nobody has "
                "to telephone: the keys in use vouch for the new ones, and the province answers by "
                "itself.\n\nIf somebody may have got hold of the keys or the password, this is not "
                "enough: please call the province, which shuts this PC out and links it anew."
            ),
            _("Make new keys"),
            lambda: self._host.do(AskForNewKeys(), self._asked, owner=self),
        )

    def _asked(self, _nothing: object) -> None:
        self._show(True)
