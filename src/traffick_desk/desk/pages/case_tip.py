"""The section of a tip: what to do at once, to whom it was passed on, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.pages.aids_tip import AT_ONCE
from traffick_desk.desk.pages.case_plans_tip import SHOWN_IN_CASE
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.case_words import tip_state
from traffick_desk.desk.pages.record_list import RecordList
from traffick_desk.desk.pages.record_part import FactsView, RecordPart
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.tip_hand_down import HandDownPanel
from traffick_desk.desk.pages.tip_settle import CLOSE, JOIN, SettlePanel
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.values import moment
from traffick_desk.i18n import _
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.tips import OF_THE_TELLER, ForwardTip, ReopenTip
from traffick_desk.services.tips_read import FileNumber, TipView
from traffick_desk.services.views import CaseView
from traffick_desk.store.journal import Edit

_BY_TELEPHONE = ("forwarded_to", "forwarded_at", "forwarded_by")


class UrgencyNotice(QFrame):
    """How urgent a tip is, and what is to be done at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tip_at_once")
        self.setProperty("role", "notice")
        self.icon = kit.IconLabel("info", "accent", 20)
        self.what = kit.label("", "label", name="tip_urgency_words")
        self.todo = kit.label("", name="tip_todo")
        row = kit.hbox(self.icon, kit.vbox(self.what, self.todo, gap=2), gap=12)
        row.setStretch(1, 1)
        self.column = kit.vbox(row, margins=12, gap=8)
        self.setLayout(self.column)

    def show_urgency(self, urgency: str, state: str = "") -> None:
        """Show what *urgency* asks; *state* says how far the tip is."""
        todo, tone = AT_ONCE.get(urgency, ("", ""))
        words = SMALL_LISTS["tip_urgency"].label(urgency)
        self.what.setText(f"{words} – {state}" if state else words)
        self.todo.setText(_(todo))
        self.icon.set_icon({"late": "late", "due": "clock"}.get(tone, "info"), tone or "accent")
        kit.retone(self, tone)
        self.setAccessibleName(f"{self.what.text()}. {self.todo.text()}")

    def quiet(self, words: str) -> None:
        """Nothing is urgent any more; *words* say why."""
        self.what.setText(words)
        self.todo.setText("")
        self.icon.set_icon("ok", "ok")
        kit.retone(self, "")
        self.setAccessibleName(words)


class TipSection(CaseSection):
    """The tip itself."""

    def more(self) -> None:
        """The notice stands above what is known, the ways to settle the tip with it."""
        self._case_id = self._tip = self._joined = ""
        self._values: Mapping[str, Any] = {}
        self.notice = UrgencyNotice()
        self.called = kit.button(
            _("Police called by &telephone"), "tip_called", self.call_police, icon="phone"
        )
        self.pass_on = kit.button(
            _("&Pass on"), "tip_pass_on", self.forward, icon="export", role="primary"
        )
        self.becomes = kit.button(_("&Open as a case"), "tip_case", self._open_case, icon="plus")
        self.down = kit.button(
            _("Hand to a co&mmune…"), "tip_hand_down", self._hand_down, icon="export"
        )
        self.joins = kit.button(_("&Join to a case…"), "tip_join", lambda: self._settle(JOIN))
        self.closes = kit.button(_("&Close the tip…"), "tip_close", lambda: self._settle(CLOSE))
        self.look = kit.button("", "tip_case_open", self._look, icon="cases")
        self.reopen = kit.button(_("Open the tip &again"), "tip_reopen", self._reopen, icon="undo")
        ways = (
            self.pass_on,
            self.called,
            self.down,
            self.becomes,
            self.joins,
            self.closes,
            self.look,
            self.reopen,
        )
        self.panel = SettlePanel(self.host)
        self.panel.edited.connect(self.edited)
        self.panel.closed.connect(self._left)
        self.notice.column.addWidget(kit.panel(kit.buttons(*ways)))
        self._of_province = self.host.desk.info.profile == "province"
        self.hand_down: HandDownPanel | None = None
        self.column.insertWidget(1, self.notice)
        self.column.insertWidget(2, self.panel)

    def _watch(self, record: str, part: RecordPart | RecordList) -> None:
        part.submitted.connect(
            lambda record_id, changes: self.writer.save(
                part, record, record_id, self._forgetting(changes)
            )
        )
        part.edited.connect(self.edited)
        part.opened.connect(lambda _open: self.edited.emit())

    def _forgetting(self, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """Who wishes to be anonymous after all is not named any more."""
        if changes.get("anonymous") != "yes":
            return changes
        return {**changes, **{name: None for name in OF_THE_TELLER if self._values.get(name)}}

    def show_case(self, case: CaseView) -> None:
        """Show the tip and what can come of it."""
        super().show_case(case)
        self._case_id = case.row.case_id
        found = case.of("tip")
        if not found:
            return
        self._tip = found[0].id
        values = self._values = found[0].values
        opened = case.row.stage == TIP
        passed_on = bool(values.get("forwarded_to") or values.get("forwarded_at"))
        state = tip_state(case.row.tip)
        if opened and not passed_on:
            self.notice.show_urgency(values.get("urgency", ""), state)
        else:
            self.notice.quiet(state[:1].upper() + state[1:])
        for button in (self.pass_on, self.called):
            button.setVisible(opened and not passed_on)
        for button in (self.becomes, self.joins, self.closes):
            button.setVisible(opened)
        self.down.setVisible(opened and self._of_province)
        if self.hand_down is not None and not opened:
            self.hand_down.hide()
        self._joined = str(values.get("joined") or "")
        self.reopen.setVisible(not opened and values.get("outcome") != "case")
        self.look.hide()
        if self._joined and not opened:
            self.host.ask(FileNumber(self._joined), self._show_case_number, owner=self)

    def forward(self) -> None:
        """Write down to whom the tip is passed on, now."""
        part = self.parts["tip_passed"][1]
        if not isinstance(part, RecordPart):
            return
        opened = part.is_open()
        part.change()
        if not opened and not part.form.editor("forwarded_at").value():
            part.form.suggest({"forwarded_at": moment(self.host.context.now())})
        go_to(part.form.editor("forwarded_to"))

    def call_police(self) -> None:
        """The police were called just now: one key, as the officer has no hand free for a form."""
        tip, before = self._tip, {name: self._values.get(name) for name in _BY_TELEPHONE}
        back = SaveRecords((Edit("tip", tip, before),))
        self.host.do(
            ForwardTip(self._case_id, "police", by="phone"),
            lambda _none: self.host.undo.offer(
                _("Noted: the police were called."), lambda: self.host.do(back)
            ),
            owner=self,
        )

    def submit(self) -> None:
        """Ctrl+Enter: what is open."""
        if self.panel.is_open():
            self.panel.submit()
        else:
            super().submit()

    def open_drafts(self) -> dict[str, Any]:
        """What is typed, the reason for closing too."""
        found = super().open_drafts()
        if typed := self.panel.draft():
            found["settle"] = typed
        return found

    def restore(self, drafts: Mapping[str, Any]) -> None:
        """Open again what was being typed."""
        super().restore(drafts)
        if typed := drafts.get("settle"):
            self.panel.restore(typed, self._case_id)

    # -- ways ------------------------------------------------------------------------------

    def _open_case(self) -> None:
        self.host.go("intake", tip=self._case_id)

    def _settle(self, mode: str) -> None:
        self.panel.open(mode, self._case_id)

    def _hand_down(self) -> None:
        if self.hand_down is None:
            self.hand_down = HandDownPanel(self.host)
            self.column.insertWidget(2, self.hand_down)
        self.hand_down.open(self._case_id)

    def _left(self) -> None:
        self.closes.setFocus()
        self.edited.emit()

    def _look(self) -> None:
        self.host.go("case", case_id=self._joined)

    def _reopen(self) -> None:
        self.host.do(ReopenTip(self._case_id))

    def _show_case_number(self, number: str) -> None:
        self.look.setVisible(bool(number))
        words = _("Open {number}").format(number=number)
        self.look.setText(words)
        self.look.setAccessibleName(words)


class JoinedTips(CaseSection):
    """The tips that a case came of, or that were joined to it. Who told is not shown here."""

    def more(self) -> None:
        """One card for each tip."""
        self.place = kit.vbox(gap=12)
        self.column.addLayout(self.place)

    def show_tips(self, tips: Sequence[TipView]) -> None:
        """Show *tips*."""
        kit.clear(self.place)
        for tip in tips:
            facts = FactsView(f"tip_{tip.number}")
            fields = [name for name in SHOWN_IN_CASE if tip.record.get(name)]
            facts.show_values(REGISTRY["tip"], fields, tip.record.values, self.context)
            look = kit.button(
                _("Open {number}").format(number=tip.number),
                f"open_{tip.number}",
                lambda case=tip.case_id: self.host.go("case", case_id=case),
            )
            title = kit.label(_("Tip {number}").format(number=tip.number), "subheading")
            self.place.addWidget(kit.card(title, facts, kit.hbox(look, None)))
