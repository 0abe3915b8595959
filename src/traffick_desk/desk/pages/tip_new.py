"""New tip: filled in during a telephone call, by keyboard, in the order in which people tell."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.case_plans_tip import NEW_TIP
from traffick_desk.desk.pages.case_tip import UrgencyNotice
from traffick_desk.desk.pages.drafts import TIP_DRAFT, DraftKeeper
from traffick_desk.desk.pages.intake_parts import IntakeSection
from traffick_desk.desk.pages.showing import time_of
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import check_record
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import SaveDraft
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.queries import Drafts
from traffick_desk.services.tips import NewTip, TakeBackTip


class NewTipPage(Page):
    """Takes one tip; everything typed is kept as a draft."""

    name = "tip_new"
    label = N_("New tip")
    icon = "phone"
    in_navigation = False
    belongs_to = "cases"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.keeper: DraftKeeper | None = None
        self.section: IntakeSection | None = None
        self._saving = False
        self._blank: dict[str, Any] = {}
        self._state = kit.label("", "muted", name="tip_draft_state", wrap=False)
        self._place = kit.vbox()
        self.save_button = kit.button(
            _("&Save the tip"),
            "tip_save",
            self.save,
            role="primary",
            icon="check",
            tooltip=_("Save the tip (Ctrl+Enter)"),
        )
        self.drop_button = kit.button(
            _("&Discard draft…"), "tip_drop", self.ask_to_drop, role="quiet"
        )
        foot = kit.hbox(self.drop_button, None, self._state, self.save_button, gap=12)
        inner = kit.panel(self._place, name="tip_new_body")
        inner.setMaximumWidth(theme.current().px(920))
        self.area = kit.scroll(inner, "tip_new_scroll")
        body = kit.vbox(self.area, foot, gap=12)
        body.setStretch(0, 1)
        self.set_body(body, scrolls=False)
        for keys in SAVING:
            bind(self, keys, self.save)
        bind(self, "F1", self._help)

    # -- coming and going ------------------------------------------------------------------

    def opened(self, draft: str = "", **_more: Any) -> None:
        """Begin a new tip, or take up *draft* (its key)."""
        before = self.keeper
        if before is not None and before.key == draft:
            return
        self.save_drafts()
        self.start(draft or f"{TIP_DRAFT}{new_id()}")
        if draft:
            self.host.ask(Drafts(), lambda found: self._resume(draft, found), owner=self)
        elif before is not None and before.exists:
            self.host.messages.tell(
                _("The tip you had begun is kept as a draft, on the page Today."),
                actions=((_("Go on with it"), lambda: self.host.go("tip_new", draft=before.key)),),
            )

    def start(self, key: str) -> None:
        """Show an empty form whose draft is kept under *key*."""
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
        self.keeper = DraftKeeper(self.host, key, "", self._draft_title, self._payload, self)
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self._not_kept)
        self._saving = False
        self.save_button.setEnabled(True)
        self._state.setText(_("Nothing typed yet. What you type is kept by itself."))
        self.setFocusProxy(row)
        row.setFocus()

    def form(self, field: str) -> Any:
        """The form that asks *field*."""
        return self.section.form_with("tip", field)

    def save_drafts(self) -> None:
        """Keep what is typed, now."""
        if self.keeper is not None:
            self.keeper.flush()

    def back(self) -> bool:
        """Esc: what is typed is kept, and the page left."""
        self.save_drafts()
        return False

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
        self._state.setText(_("Keeping the draft…"))
        self.keeper.touch()

    def _show_urgency(self) -> None:
        urgency = self.section.values("tip").get("urgency")
        if urgency:
            self.notice.show_urgency(urgency)
        self.notice.setVisible(bool(urgency))

    def _check(self, _record: str, _id: str, values: Any) -> Any:
        return check_record(REGISTRY["tip"], values, today=self.host.context.now().date())

    def _payload(self) -> dict[str, Any] | None:
        typed = self.section.draft()
        return None if typed == self._blank else typed

    def _draft_title(self) -> str:
        urgency = self.section.values("tip").get("urgency")
        words = SMALL_LISTS["tip_urgency"].label(urgency) if urgency else ""
        return _("New tip: {urgency}").format(urgency=words) if words else _("New tip")

    def _resume(self, key: str, drafts: Any) -> None:
        found = next((d for d in drafts if d.key == key), None)
        if found is None or self.keeper is None or self.keeper.key != key:
            return
        self.section.restore(found.payload)
        self._show_urgency()
        self.keeper.exists = True
        self._state.setText(
            _("Draft of {time}, as you left it.").format(time=time_of(found.saved_at))
        )

    def _kept(self) -> None:
        now = self.host.context.now()
        self._state.setText(_("Draft kept at {time} on this PC").format(time=now.strftime("%H:%M")))

    def _not_kept(self, reason: str) -> None:
        self._state.setText(_("The draft could not be kept. {reason}").format(reason=reason))

    def ask_to_drop(self) -> None:
        """Throw away what was typed, after a question: it cannot be taken back."""
        if self._payload() is None:
            self._dropped()
            return
        self.host.dialogs.confirm(
            _("Discard this draft?"),
            _("Everything typed about this tip is thrown away and cannot be brought back."),
            _("Discard draft"),
            self._dropped,
            danger=True,
        )

    def _dropped(self) -> None:
        self.keeper.drop()
        self.keeper = None
        self.start(f"{TIP_DRAFT}{new_id()}")
        self.host.go("today")

    # -- saving ----------------------------------------------------------------------------

    def save(self) -> None:
        """Save the tip, or go to what is missing."""
        if self._saving or not self.section.check():
            return
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.stop()
        key, typed, title = self.keeper.key, self.section.draft(), self._draft_title()
        back = SaveDraft(key, "", title, typed)
        self.host.do(
            NewTip(self.section.values("tip"), key),
            lambda case: self._saved(case, back),
            owner=self,
            failed=self._refused,
        )

    def _saved(self, case_id: str, back: SaveDraft) -> None:
        self.keeper = None
        self.start(f"{TIP_DRAFT}{new_id()}")
        self.host.go("case", case_id=case_id)
        self.host.undo.offer(_("The tip is saved."), lambda: self._take_back(case_id, back))

    def _take_back(self, case_id: str, back: SaveDraft) -> None:
        """What was typed comes back as a draft, to be corrected and saved again."""

        def taken(_none: object) -> None:
            self.host.do(back, lambda _done: self.host.go("tip_new", draft=back.key))

        # The page of the tip must not ask for what is not there any more.
        self.host.go("today")
        self.host.do(TakeBackTip(case_id), taken, owner=self)

    def _refused(self, problem: Exception) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        key, exists = self.keeper.key, self.keeper.exists
        self.keeper = DraftKeeper(self.host, key, "", self._draft_title, self._payload, self)
        self.keeper.exists = exists
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self._not_kept)
        self.keeper.flush()
        self.host.fail(problem)
        if isinstance(problem, InvalidValues):
            for _kind, name, text in reversed(problem.problems):
                if (form := self.section.form_with("tip", name)) is not None:
                    self.section.show_problems(form, {name: text})
