"""What comes of a tip besides a new case: it is joined to a case, or closed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.asking import AskingPanel
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.tips import CloseTip, JoinTip, ReopenTip

JOIN, CLOSE = "join", "close"


class SettlePanel(AskingPanel):
    """The form that joins or closes one tip."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, "settle")
        self.setObjectName("settle")
        self._case = ""
        self.finder.accepted.connect(self.submit)
        self.fill(self.finder, self._place)

    def open(self, mode: str, case_id: str) -> None:
        """Ask for what *mode* needs: the case to join, or the reason for closing."""
        self._case, self.mode = case_id, mode
        joins = mode == JOIN
        self.entitle(
            _("To which case?") if joins else _("Why is the tip closed?"),
            _("Join to this case") if joins else _("Close the tip"),
        )
        kit.clear(self._place)
        self.finder.setVisible(joins)
        form = RecordForm(
            REGISTRY["tip"],
            {},
            context=self._host.context,
            fields=("reason_note",) if joins else ("reason", "reason_note"),
            required=() if joins else ("reason",),
            name="settle_form",
            keys=False,
        )
        self.show_form(form)
        if joins:
            self.finder.start()
        self.show()
        go_to(self.finder.search if joins else form.editor("reason"))

    def draft(self) -> dict[str, Any] | None:
        """What was typed, as JSON; ``None`` when there is nothing."""
        if self.form is None:
            return None
        typed, text = self.form.draft(), self.finder.search.text()
        return {"mode": self.mode, "typed": typed, "text": text} if typed or text else None

    def restore(self, draft: Mapping[str, Any], case_id: str) -> None:
        """Open again with what :meth:`draft` gave."""
        self.finder.search.setText(draft.get("text", ""))
        self.open(draft.get("mode", CLOSE), case_id)
        self.form.restore(draft.get("typed", {}))

    def submit(self) -> None:
        """Join or close."""
        if self.form is None or not self.form.check():
            return
        values = self.form.values()
        note = values.get("reason_note", "")
        if self.mode == CLOSE:
            command: Any = CloseTip(self._case, values.get("reason", ""), note)
            words = _("The tip is closed.")
        else:
            to_case = self.finder.chosen()
            if not to_case:
                return
            command = JoinTip(self._case, to_case, note)
            words = _("The tip is joined to the case.")
        case = self._case
        self._host.do(
            command, lambda _none: self._done(case, words), owner=self, failed=self._refused
        )

    def _done(self, case: str, words: str) -> None:
        self.close_form()
        self._host.undo.offer(words, lambda: self._host.do(ReopenTip(case)))

    def _refused(self, problem: Exception) -> None:
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _kind, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
                    go_to(self.form.editor(name))
            return
        self._host.fail(problem)
