"""*Today*: what must I do now? The first page, with one button for each line."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import today_words as words
from traffick_desk.desk.pages.drafts import SERVICE_DRAFT, TIP_DRAFT
from traffick_desk.desk.pages.today_list import TodayModel, TodayView
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import N_, _
from traffick_desk.services.due import is_due
from traffick_desk.services.need_to_know import SeenGlass
from traffick_desk.services.news import Looked
from traffick_desk.services.paper_record import DEMAND, TELL
from traffick_desk.services.prevention.drafts import DRAFT as OUTREACH_DRAFT
from traffick_desk.services.queries import Today
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.views import TodayItem


class TodayPage(Page):
    """Overdue, today, soon, drafts, values to choose, answers, what was not sent."""

    name = "today"
    label = N_("Today")
    icon = "today"
    permission = CASE_READ
    interests = frozenset({"cases", "drafts", "erasures", "links", "news", "prevention"})
    ahead = ("case",)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        pack = getattr(getattr(host.desk, "context", None), "pack", None)
        self.model = TodayModel(pack, host.desk.info.profile, self)
        self.view = TodayView(self.model)
        self.view.acted.connect(self.act)
        self.view.opened.connect(self.open_case)
        self._title = kit.label("", "title", name="today_title")
        self.new_button = kit.button(
            _("New intake"),
            "today_new",
            self.new_intake,
            role="primary",
            icon="plus",
            tooltip=f"{_('New intake')} ({Keys.NEW.shown})",
        )
        self.tip_button = kit.button(
            _("New tip"),
            "today_tip",
            lambda: self.host.go("tip_new"),
            icon="phone",
            tooltip=f"{_('New tip')} ({Keys.TIP.shown})",
        )
        head = kit.hbox(self._title, self.tip_button, self.new_button)
        head.setStretch(0, 1)
        self.empty = kit.empty_state(
            _("Nothing is due."),
            _(
                "Deadlines of the law, drafts, answers of the province and cases that have not "
                "been sent yet will stand here, the most urgent first."
            ),
            _("Press Ctrl+N when a person is brought to you, Ctrl+T when somebody tells of one."),
            icon="ok",
        )
        self.stack = QStackedWidget()
        self.stack.setObjectName("today_stack")
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        body = kit.vbox(head, self.stack)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.view)

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask what is due."""
        self.host.ask(Today(), self._show, owner=self)

    def _show(self, items: tuple[TodayItem, ...]) -> None:
        today = self.host.context.now().date()
        kept = self.model.item(self.view.currentIndex())
        self._title.setText(words.heading(today))
        self.model.show(items, today)
        self.stack.setCurrentWidget(self.view if items else self.empty)
        self.view.setCurrentIndex(self.model.find(kept))

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        tip = PageCommand(Keys.TIP.words, lambda: self.host.go("tip_new"), "phone", Keys.TIP.shown)
        return [PageCommand(Keys.NEW.words, self.new_intake, "plus", Keys.NEW.shown), tip]

    def new_intake(self) -> None:
        """Begin a new intake."""
        self.host.go("intake")

    # -- one button each ---------------------------------------------------------------------

    def act(self, item: TodayItem) -> None:
        """Do what the button of a line says."""
        match self.model.action(item):
            case "letter":
                from traffick_desk.desk.pages.case import LETTER

                self.host.go("paper", case_id=item.case_id, form=LETTER)
            case "step":
                self.open_case(item, step=item.key)
            case "resume" if item.case_id:
                self.host.go("case", case_id=item.case_id, draft=item.key)
            case "resume" if item.key.startswith(TIP_DRAFT):
                self.host.go("tip_new", draft=item.key)
            case "resume" if item.key.startswith(OUTREACH_DRAFT):
                self.host.go("outreach_entry", draft=item.key)
            case "resume" if item.key.startswith(SERVICE_DRAFT):
                self.host.go("service", draft=item.key)
            case "resume":
                self.host.go("intake", draft=item.key)
            case "check":
                self.host.go("directory", due=True)
            case "service":
                self.host.go("directory", text=item.key)
            case "forward":
                self.open_case(item, section="tip", forward=True)
            case "answer":
                self.open_case(item, seen=item.key)
            case "decide":
                self.open_case(item, entitlement=item.key)
            case "came" | "compare":
                self._look(item)
            case "erasure":
                self.host.go("erasure", request=item.key)
            case "demand":
                self._paper(item, DEMAND)
            case "tell":
                self._paper(item, TELL)
            case "glass":
                self.host.do(SeenGlass(item.key), owner=self)
            case "export" | "officers":
                self.host.go("sync")
            case "prevention":
                type_name, _colon, record = item.key.partition(":")
                if type_name in {"activity", "material"}:
                    self.host.go("outreach_entry", type_name=type_name, record=record)
                else:
                    self.host.go("prevention", tab="plans")
            case "choose":
                self.host.go("conflicts", entry=item.key)
            case "teams":
                self.host.go("prevention", tab="teams")
            case "backup":
                self.host.go("settings", part="backup")
            case "open" if is_due(item.detail):
                self.open_case(item, section=item.key)
            case _:
                self.open_case(item)

    def _paper(self, item: TodayItem, form: str) -> None:
        self.host.go("paper", case_id=item.case_id, form=form, record_id=item.key)

    def _look(self, item: TodayItem) -> None:
        """What came was looked at: its line goes."""
        self.host.do(Looked(item.key))
        if item.action == "compare":
            self.host.go("same")
        elif item.case_id:
            self.open_case(item)
        else:
            self.host.go("cases")

    def open_case(self, item: TodayItem, **more: Any) -> None:
        """Open the case of a line; a line about many cases does what its button says."""
        if item.case_id:
            self.host.go("case", case_id=item.case_id, **more)
        else:
            self.act(item)
