"""*Today* of who does prevention work and sees no case: activities, stock, teams, tasks."""

from __future__ import annotations

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.i18n import N_, _
from traffick_desk.services.prevention.due import WorkToday
from traffick_desk.services.roles import CASE_READ, PREVENTION_READ, may


class WorkTodayPage(TodayPage):
    """The first page of a clerk."""

    name = "today_work"
    label = N_("Today")
    icon = "today"
    permission = PREVENTION_READ
    interests = frozenset({"drafts", "prevention", "directory"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.tip_button.hide()
        self.new_button.setText(_("New activity"))
        self.new_button.setToolTip(_("New activity"))
        self.stack.removeWidget(self.empty)
        self.empty = kit.empty_state(
            _("Nothing is due."),
            _(
                "Planned activities, tasks of the plan, materials that run out, teams to be "
                "trained and drafts will stand here, the most urgent first."
            ),
            "",
            icon="ok",
        )
        self.stack.addWidget(self.empty)

    @classmethod
    def open_to(cls, role: str) -> bool:
        """Only where there are no cases to be told of."""
        return may(role, PREVENTION_READ) and not may(role, CASE_READ)

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask what is due."""
        self.host.ask(WorkToday(), self._show, owner=self)

    def new_intake(self) -> None:
        """Write down an activity: persons are received by officers."""
        self.host.go("outreach_entry")

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [PageCommand(_("New activity"), self.new_intake, "plus")]
