"""Province: hands a tip to one of its communes."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.commune_box import CommuneBox
from traffick_desk.i18n import _
from traffick_desk.services.tips_down import HandDownTip


class HandDownPanel(QFrame):
    """Which commune is to deal with the tip; asked, because it leaves the desk with who told it."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("hand_down")
        self.setProperty("role", "card")
        self._host, self._case = host, ""
        self.communes = CommuneBox(host.desk.context.units, host.desk.info.unit)
        self.communes.setObjectName("hand_down_commune")
        self.communes.setItemText(0, "")
        self.communes.lineEdit().setPlaceholderText(_("Commune"))
        self.communes.wanted.connect(self._enable)
        self.give = kit.button(
            _("Hand to this commune"), "hand_down_give", self.submit, role="primary", icon="export"
        )
        back = kit.button(_("Cancel"), "hand_down_cancel", self.hide, role="quiet")
        self.setLayout(
            kit.vbox(
                kit.label(_("Which commune deals with the tip?"), "subheading"),
                kit.label(
                    _(
                        "The tip goes there with the next export, with its whole history and who "
                        "told it. It stays open until the commune settles it."
                    ),
                    "muted",
                ),
                kit.hbox(self.communes, self.give, back, None),
                margins=16,
                gap=8,
            )
        )
        self.hide()

    def open(self, case_id: str) -> None:
        """Ask which commune."""
        self._case = case_id
        self.communes.setCurrentIndex(0)
        self._enable()
        self.show()
        self.communes.setFocus()

    def submit(self) -> None:
        """Hand it over."""
        unit, name = self.communes.currentData(), self.communes.currentText()
        if not unit:
            return

        def done(linked: bool) -> None:
            self.hide()
            what = _("Handed to {commune}.").format(commune=name)
            if linked:
                self._host.messages.tell(what, _("It goes there with the next export."))
            else:
                self._host.messages.warn(
                    what,
                    _(
                        "No PC of this commune is linked yet. The tip is safe here and goes there "
                        "once one is; until then please tell them by telephone."
                    ),
                )

        self._host.do(HandDownTip(self._case, unit), done, owner=self)

    def _enable(self) -> None:
        self.give.setEnabled(bool(self.communes.currentData()))
