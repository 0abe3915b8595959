"""The province decides on what a commune requested: approve, or return with the reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.regime_list import Request
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.commands import DecideEntitlement

APPROVED, RETURNED = "approved", "returned"


class DecidePanel(QWidget):
    """The form for one decision.

    Signals:
        edited: something was typed.
        closed: decided, or left alone.
    """

    edited = Signal()
    closed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("decide")
        self._host = host
        self._request: Request | None = None
        self._title = kit.label("", "subheading", name="decide_title")
        self._asked = kit.label("", "muted", name="decide_asked")
        self._place = kit.vbox()
        self.form: RecordForm | None = None
        self.approve_button = kit.button(
            _("&Approve"), "decide_approve", self.approve, role="primary", icon="check"
        )
        self.return_button = kit.button(
            _("Return with the &reason"), "decide_return", self.give_back, icon="answer"
        )
        later = kit.button(_("Not now"), "decide_later", self.close_form, role="quiet")
        buttons = kit.FlowLayout(gap=8)
        for made in (self.approve_button, self.return_button, later):
            buttons.addWidget(made)
        self.setLayout(
            kit.vbox(
                kit.card(
                    self._title, self._asked, self._place, kit.panel(buttons), name="decide_card"
                )
            )
        )
        self.hide()

    def open(self, request: Request, regime: str) -> None:
        """Decide on *request*; *regime* is its label."""
        self._request = request
        self._title.setText(_("Decide: {regime}").format(regime=regime))
        reason = request.record.get("reason")
        self._asked.setText(f"{request.text} · {reason}" if reason else request.text)
        kit.clear(self._place)
        self.form = RecordForm(
            REGISTRY["entitlement_decision"],
            {},
            context=self._host.context,
            fields=("amount", "reason"),
            required=(),
            name="decide_form",
            keys=False,
        )
        self.form.suggest({"amount": request.record.get("amount")})
        self.form.edited.connect(lambda _name: self.edited.emit())
        self.form.box("reason").say(_("Needed when you return it: what is missing, what to do."))
        self._place.addWidget(self.form)
        self.show()
        go_to(self.form.editor("amount"))

    def approve(self) -> None:
        """Approve, with the amount if one is given."""
        self._decide(APPROVED)

    def give_back(self) -> None:
        """Return it; the reason must be there, so that the commune knows what to do."""
        if self.form is not None and not self.form.editor("reason").value():
            self.form.box("reason").say(
                _("Please give the reason, so that the commune knows what to do."), "late"
            )
            self.form.editor("reason").mark(problem=True)
            go_to(self.form.editor("reason"))
            return
        self._decide(RETURNED)

    def close_form(self) -> None:
        """Leave it undecided."""
        self._request = None
        self.form = None
        kit.clear(self._place)
        self.hide()
        self.closed.emit()

    def _decide(self, decision: str) -> None:
        if self.form is None or self._request is None or not self.form.check():
            return
        values = self.form.values()
        command = DecideEntitlement(
            self._request.record.id,
            decision,
            reason=values.get("reason", ""),
            amount=values.get("amount") if decision == APPROVED else None,
        )
        self._host.do(command, lambda _id: self._decided(decision), owner=self)

    def _decided(self, decision: str) -> None:
        self.close_form()
        self._host.messages.tell(
            _("Approved. The commune sees it with the next export.")
            if decision == APPROVED
            else _("Returned. The commune sees the reason with the next export.")
        )
