"""New tip: filled in during a telephone call, by keyboard, in the order in which people tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.pages.case_plans_tip import NEW_TIP
from traffick_desk.desk.pages.case_tip import UrgencyNotice
from traffick_desk.desk.pages.draft_page import DraftPage
from traffick_desk.desk.pages.drafts import TIP_DRAFT
from traffick_desk.desk.pages.intake_parts import IntakeSection
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import check_record
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_, _
from traffick_desk.services.commands import SaveDraft
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.services.tips import NewTip, TakeBackTip


class NewTipPage(DraftPage):
    """Takes one tip; everything typed is kept as a draft."""

    name = "tip_new"
    label = N_("New tip")
    icon = "phone"
    permission = CASE_WRITE
    belongs_to = "cases"
    prefix = TIP_DRAFT
    names = "tip"
    kept_words = N_("The tip you had begun is kept as a draft, on the page Today.")
    lost_words = N_("Everything typed about this tip is thrown away and cannot be brought back.")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.section: IntakeSection | None = None
        self._blank: dict[str, Any] = {}
        self._place = kit.vbox()
        self.save_button = kit.button(
            _("&Save the tip"),
            "tip_save",
            self.save,
            role="primary",
            icon="check",
            tooltip=_("Save the tip (Ctrl+Enter)"),
        )
        foot = kit.hbox(self.drop_button, self._state, self.save_button, gap=12)
        inner = kit.panel(self._place, name="tip_new_body")
        inner.setMaximumWidth(theme.current().px(920))
        self.area = kit.scroll(inner, "tip_new_scroll")
        body = kit.vbox(self.area, foot, gap=12)
        body.setStretch(0, 1)
        self.set_body(body, scrolls=False)
        for keys in SAVING:
            bind(self, keys, self.save)
        bind(self, "F1", self._help)

    # -- the form --------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Show an empty form; the moment and the telephone are proposed."""
        kit.clear(self._place)
        made = self.section = IntakeSection(NEW_TIP, self.host.context, self._check)
        self.notice = UrgencyNotice()
        self.notice.hide()
        # Below the buttons of the urgency, which are the second thing after the heading.
        made.layout().insertWidget(2, self.notice)
        row = self.form("urgency").editor("urgency").row
        for button in row.buttons():
            kit.retone(button, "true", "large")
        made.edited.connect(self._edited)
        kit.measures(made.layout(), (4, 0, 16, 8), 16)
        self._place.addWidget(made)
        self.form("at").suggest({"at": moment(self.host.context.now()), "channel": "phone"})
        words = _("Proposed; change it if it is not so.")
        for name in ("at", "channel"):
            self.form(name).box(name).say(words, "accent")
        self._blank = made.draft()
        self.setFocusProxy(row)
        row.setFocus()

    def form(self, field: str) -> Any:
        """The form that asks *field*."""
        return self.section.form_with("tip", field)

    def commands(self) -> list[PageCommand]:
        """What the palette offers here."""
        return [PageCommand(_("Save the tip"), self.save, "check", "Ctrl+Enter")]

    def _help(self) -> None:
        self.section.head.toggle()

    # -- typing ----------------------------------------------------------------------------

    def _edited(self, _record: str, name: str) -> None:
        if name == "urgency":
            self._show_urgency()
            # With large text what is to be done at once would stand below the window.
            QTimer.singleShot(0, self.notice, lambda: self.area.ensureWidgetVisible(self.notice))
        self.touched()

    def _show_urgency(self) -> None:
        urgency = self.section.values("tip").get("urgency")
        if urgency:
            self.notice.show_urgency(urgency)
        self.notice.setVisible(bool(urgency))

    def _check(self, _record: str, _id: str, values: Any) -> Any:
        return check_record(REGISTRY["tip"], values, today=self.host.context.now().date())

    def typed(self) -> dict[str, Any] | None:
        """What was typed; what is only proposed is not worth keeping."""
        typed = self.section.draft()
        return None if typed == self._blank else typed

    def draft_title(self) -> str:
        """How urgent it is, without a name."""
        urgency = self.section.values("tip").get("urgency")
        words = SMALL_LISTS["tip_urgency"].label(urgency) if urgency else ""
        return _("New tip: {urgency}").format(urgency=words) if words else _("New tip")

    def restore(self, payload: Mapping[str, Any]) -> None:
        """Put back what was typed."""
        self.section.restore(payload)
        self._show_urgency()

    # -- saving ----------------------------------------------------------------------------

    def save(self) -> None:
        """Save the tip, or go to what is missing."""
        if self._saving or not self.section.check():
            return
        back = self.begin_saving()
        self.host.do(
            NewTip(self.section.values("tip"), back.key),
            lambda case: self._saved(case, back),
            owner=self,
            failed=self.refused,
        )

    def _saved(self, case_id: str, back: SaveDraft) -> None:
        self.afresh()
        self.host.go("case", case_id=case_id)
        undo = TakeBackTip(case_id)
        self.host.undo.offer(_("The tip is saved."), lambda: self.take_back(undo, back))

    def point_out(self, refused: InvalidValues) -> None:
        """Say each problem beside its field and go to the first."""
        for _kind, name, text in reversed(refused.problems):
            if (form := self.section.form_with("tip", name)) is not None:
                self.section.show_problems(form, {name: text})
