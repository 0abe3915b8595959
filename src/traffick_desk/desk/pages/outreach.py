"""*Prevention*: activities and materials, teams and training, plans and inspections, money."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.fitting_row import FittingRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.outreach_list import OutreachTable
from traffick_desk.desk.pages.outreach_money import MoneyTab
from traffick_desk.desk.pages.outreach_plans import PlansTab
from traffick_desk.desk.pages.outreach_teams import TeamsTab
from traffick_desk.desk.shortcuts import Keys, bind
from traffick_desk.i18n import N_, _
from traffick_desk.services.roles import PREVENTION_READ

ACTIVITIES, TEAMS, PLANS, MONEY = "activities", "teams", "plans", "money"
_TABS = {
    ACTIVITIES: N_("Activities"),
    TEAMS: N_("Teams and training"),
    PLANS: N_("Plans and inspections"),
    MONEY: N_("Money"),
}


class PreventionPage(Page):
    """Four parts, one at a time; what a role may not write is shown without buttons."""

    name = "prevention"
    label = N_("Prevention")
    icon = "persons"
    interests = frozenset({"prevention", "cases"})
    permission = PREVENTION_READ

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.tabs = ToggleRow(
            [Choice(name, _(words)) for name, words in _TABS.items()],
            "prevention_tab",
            _("What to show"),
        )
        self.tabs.toggled.connect(self._tabbed)
        self.list = OutreachTable(host, self.new_activity)
        self.list.opened.connect(self._open)
        self.teams = TeamsTab(host)
        self.plans = PlansTab(host)
        self.plans.behind.connect(self.show_behind)
        self.money = MoneyTab(host)
        self._parts: dict[str, QWidget] = {
            ACTIVITIES: self.list, TEAMS: self.teams, PLANS: self.plans, MONEY: self.money,
        }  # fmt: skip
        self.stack = QStackedWidget()
        for name, part in self._parts.items():
            shown = part if name == ACTIVITIES else kit.scroll(part, f"{name}_scroll")
            self.stack.addWidget(shown)
        self.new_button = kit.button(
            _("Write down an activity"), "prevention_new", self.new_activity, role="primary",
            icon="plus", tooltip=f"{_('Write down an activity')} ({Keys.ACTIVITY.shown})",
        )  # fmt: skip
        self.plan_button = kit.button(
            _("Plan an activity"), "prevention_plan", self.plan_activity, icon="clock"
        )
        self.take_button = kit.button(
            _("Take in a table…"), "prevention_take", lambda: host.go("outreach_import"),
            icon="import",
        )  # fmt: skip
        self.print_button = kit.button(
            _("Plan of the year…"), "prevention_print", lambda: host.go("outreach_paper"),
            icon="print",
        )  # fmt: skip
        title = kit.label(self.title(), "title", name="prevention_title", wrap=False)
        self.acts = FittingRow(
            "prevention_acts", self.print_button, self.take_button, self.plan_button,
            keep=(self.new_button,), right=True,
        )  # fmt: skip
        head = kit.hbox(title, None, self.acts)
        body = kit.vbox(head, self.tabs, self.stack, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        self.tabs.press([ACTIVITIES])
        bind(self, Keys.ACTIVITY.keys, self.new_activity)
        bind(self, Keys.FIND.keys, self._find)
        self.setFocusProxy(self.list)

    # -- coming and going ------------------------------------------------------------------

    def opened(
        self, tab: str = "", ids: tuple[str, ...] = (), what: str = "", **_more: Any
    ) -> None:
        """Show a part; *ids* are the entries behind a figure."""
        if tab in self._parts:
            self.show_tab(tab)
        if ids:
            self.show_behind(ids, what)
        self.refresh(frozenset())

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Read the part that is shown."""
        self._parts[self.tab()].read()

    def tab(self) -> str:
        """The part that is shown."""
        pressed = self.tabs.pressed()
        return pressed[0] if pressed else ACTIVITIES

    def show_tab(self, name: str) -> None:
        """Show another part."""
        self.tabs.press([name])
        self.stack.setCurrentIndex(list(self._parts).index(name))
        for button in (self.take_button, self.plan_button, self.new_button):
            self.acts.offer(button, name == ACTIVITIES)

    def _tabbed(self) -> None:
        # A tab that is pressed again stays: there is always one.
        self.show_tab(self.tab())
        self.refresh(frozenset())

    def show_behind(self, ids: tuple[str, ...], what: str) -> None:
        """Show the entries behind a figure."""
        self.show_tab(ACTIVITIES)
        self.list.show_only(ids, what)

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        found = [
            PageCommand(
                _("Write down an activity"), self.new_activity, "plus", Keys.ACTIVITY.shown
            ),
            PageCommand(_("Write down a material"), self.new_material, "plus"),
            PageCommand(_("Plan an activity"), self.plan_activity, "clock"),
            PageCommand(_("Take in a table…"), lambda: self.host.go("outreach_import"), "import"),
        ]
        for name, words in _TABS.items():
            words_of = _("Prevention: {part}").format(part=_(words))
            found.append(PageCommand(words_of, lambda n=name: self.opened(tab=n), "persons"))
        return found

    def _find(self) -> None:
        self.show_tab(ACTIVITIES)
        self.list.search.setFocus()

    # -- one button each ---------------------------------------------------------------------

    def new_activity(self) -> None:
        """Write down what was done."""
        self.host.go("outreach_entry")

    def new_material(self) -> None:
        """Write down a material."""
        self.host.go("outreach_entry", type_name="material")

    def plan_activity(self) -> None:
        """Write down what is to be done."""
        self.host.go("outreach_entry", suggest={"state": "planned", "campaign": "year"})

    def _open(self, type_name: str, record: str) -> None:
        self.host.go("outreach_entry", type_name=type_name, record=record)
