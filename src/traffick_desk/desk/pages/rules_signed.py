"""What the province has signed so far; the province can take the newest back."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QFrame, QLineEdit

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.law.words import spell
from traffick_desk.services import rules

MOST = 8


class SignedCard(QFrame):
    """The signed texts, the newest first."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("rules_signed")
        self.setProperty("role", "card")
        self._host = host
        self._id = ""
        self._lines = kit.vbox(gap=4)
        self.reason = QLineEdit()
        self.reason.setObjectName("rules_reason")
        self.reason.setAccessibleName(_("Why the newest text is taken back"))
        self.reason.setPlaceholderText(self.reason.accessibleName())
        self.reason.setMaxLength(300)
        self.reason.textChanged.connect(self._ready)
        self.withdraw_button = kit.button(
            _("Take the newest back"), "rules_withdraw", self.ask_to_withdraw, role="danger"
        )
        row = kit.hbox(self.reason, self.withdraw_button)
        row.setStretch(0, 1)
        self._foot = kit.panel(row)
        self.setLayout(kit.vbox(self._lines, self._foot, margins=16))

    def show_view(self, view: rules.RulesView) -> None:
        """Show what was signed."""
        kit.clear(self._lines)
        for text in view.texts[:MOST]:
            line = _("Number {number}, {day}: {note}").format(
                number=text.number,
                day=spell(date.fromisoformat(text.made_on)),
                note=text.note or _("(no words)"),
            )
            if text.used:
                line = f"{line} · {_('in force')}"
            if text.withdrawn:
                why = _("taken back: {reason}").format(reason=text.withdrawn)
                line = f"{line} · {why}"
            self._lines.addWidget(kit.label(line, "label" if text.used else ""))
        newest = next((text for text in view.texts if text.used), None)
        self._id = newest.id if newest is not None else ""
        self._foot.setVisible(view.may_sign and newest is not None)
        self._ready()

    def _ready(self) -> None:
        self.withdraw_button.setEnabled(bool(self._id and self.reason.text().strip()))

    def ask_to_withdraw(self) -> None:
        """Ask once more: the communes go by what was before."""
        self._host.dialogs.confirm(
            _("Take the newest rules back?"),
            _("The rules before hold again, in the communes when they take in the next bundle."),
            _("Take back"),
            self._withdraw,
            danger=True,
        )

    def _withdraw(self) -> None:
        desk, record, reason = self._host.desk, self._id, self.reason.text().strip()

        def done(_nothing: None) -> None:
            self.reason.clear()
            self._host.messages.tell(_("Taken back. The rules before are in force again."))

        self._host.jobs.run(
            lambda: rules.withdraw(desk, record, reason),
            done=done,
            failed=self._host.fail,
            owner=self,
            words=_("Saving…"),
            write=True,
        )
