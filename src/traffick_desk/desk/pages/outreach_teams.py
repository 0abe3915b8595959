"""Volunteer teams, staff, and who must be trained again."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import outreach_words as words
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.unit_panel import UnitPanel
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.prevention.commands import SavePrevention
from traffick_desk.services.prevention.lists import UnitRecord, UnitRecords
from traffick_desk.services.prevention.training import Person, Team, Teams, Training
from traffick_desk.services.views import RecordView

MOST_SHOWN = 200


class TeamsTab(QWidget):
    """Two tables: teams and people. One form at a time."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("prevention_teams")
        self._host = host
        self._teams: tuple[Team, ...] = ()
        self.panel = UnitPanel(host, "team")
        self.teams = SmallTable(
            "teams_table",
            _("Volunteer social-work teams"),
            (_("Team"), _("Commune"), _("Members"), _("Trained"), _("Due"), _("Last training")),
            shares=(5, 4, 2, 2, 2, 3),
        )
        self.people = SmallTable(
            "people_table",
            _("Staff and volunteers"),
            (_("Full name"), _("Post, office"), _("Team"), _("Trained in"), _("Due")),
            shares=(3, 4, 3, 5, 4),
        )
        self.teams.doubleClicked.connect(lambda _index: self.change_team())
        self.people.doubleClicked.connect(lambda _index: self.change_person())
        self.only_due = QCheckBox(_("Only who must be trained"))
        self.only_due.setObjectName("people_due")
        self.only_due.toggled.connect(lambda _on: self.read())
        self.said = kit.label("", "muted", name="people_said")
        new_team = kit.button(_("New &team"), "team_new", self.new_team, icon="plus")
        edit_team = kit.button(_("&Open"), "team_open", self.change_team)
        new_person = kit.button(_("New &person"), "person_new", self.new_person, icon="plus")
        edit_person = kit.button(_("O&pen"), "person_open", self.change_person)
        self.rule_button = kit.button(
            _("Who must be trained again…"), "training_rule", self.rules, icon="clock"
        )
        self.rule_button.setVisible(host.desk.info.profile == "province")
        self.rules_said = kit.label("", "muted", name="training_rules")
        self.empty = kit.label(
            _(
                "No team and no staff yet. A team has a name and a commune; its members come from "
                "attendance lists by themselves, or are written down here."
            ),
            "muted",
        )
        self.setLayout(
            kit.vbox(
                self.panel,
                kit.card(
                    kit.label(_("Volunteer social-work teams"), "heading"),
                    self.teams,
                    self.empty,
                    kit.hbox(new_team, edit_team, None),
                    gap=12,
                ),
                kit.card(
                    kit.hbox(
                        kit.label(_("Staff and volunteers"), "heading", wrap=False), None,
                        self.only_due,
                    ),
                    self.rules_said,
                    self.people,
                    self.said,
                    kit.hbox(new_person, edit_person, None, self.rule_button),
                    gap=12,
                ),
                None,
                gap=16,
            )
        )  # fmt: skip
        self.setFocusProxy(self.people)

    def read(self) -> None:
        """Read teams and people."""
        self._host.ask(Teams(), self._show_teams, owner=self)
        self._host.ask(Training(due_only=self.only_due.isChecked()), self._show, owner=self)
        self._host.ask(UnitRecords("training_rule"), self._show_rules, owner=self)

    def _show_teams(self, found: tuple[Team, ...]) -> None:
        self._teams = found
        rows = []
        for team in found:
            look = ("void", "muted") if team.ended else ("warning", "due") if team.due else ("", "")
            last = parsing.show_date(team.last) if team.last else ""
            cells = (team.name, team.unit_name, str(team.members), str(team.trained),
                     str(team.due or ""), last)  # fmt: skip
            rows.append((cells, look, team))
        self.teams.show_rows(rows)
        self.empty.setVisible(not found)

    def _show(self, found: tuple[Person, ...]) -> None:
        rows = []
        for one in found[:MOST_SHOWN]:
            look = ("void", "muted") if one.left else ("warning", "due") if one.due else ("", "")
            trained = "; ".join(
                f"{parsing.show_date(t.day)} {self._topics(t.topics) or t.title}"
                for t in one.trained[:3]
            )
            where = ", ".join(p for p in (one.post, one.body) if p)
            due = "; ".join(words.due(d) for d in one.due)
            cells = (self._host.privacy.name(one.name), where, one.team_name, trained,
                     _("Has left") if one.left else due)  # fmt: skip
            rows.append((cells, look, one))
        self.people.show_rows(rows)
        due_count = sum(bool(one.due) for one in found)
        text = ngettext("{n} person", "{n} persons", len(found)).format(n=len(found))
        if due_count:
            text += " · " + _("to be trained: {n}").format(n=due_count)
        if len(found) > MOST_SHOWN:
            text += " · " + _("the first {n} are shown").format(n=MOST_SHOWN)
        self.said.setText(text)

    @staticmethod
    def _topics(codes: tuple[str, ...]) -> str:
        listed = SMALL_LISTS["activity_topic"]
        return ", ".join(listed.label(code) for code in codes)

    def _show_rules(self, found: tuple[RecordView, ...]) -> None:
        listed = SMALL_LISTS["activity_topic"]
        parts = [
            _("{topic}: every {n} months").format(
                topic=listed.label(str(r.get("topic"))), n=r.get("months")
            )
            for r in found
        ]
        self._rules = found
        self.rules_said.setText(
            _("Again: {rules}").format(rules="; ".join(parts)) if parts
            else _("The province has not said after how long somebody must be trained again.")
        )  # fmt: skip

    _rules: tuple[RecordView, ...] = ()

    # -- forms -------------------------------------------------------------------------------

    def _open(self, type_name: str, title: str, **more: Any) -> None:
        teams = [Choice(t.id, t.name, t.unit_name) for t in self._teams if not t.ended]
        self.panel.open(type_name, title, SavePrevention, team=teams, **more)

    def new_team(self) -> None:
        """Write down a team."""
        self._open("volunteer_team", _("New volunteer team"))

    def new_person(self) -> None:
        """Write down somebody; of the chosen team, if one is."""
        chosen: Team | None = self.teams.chosen()
        suggest = {"role": "volunteer", "team": chosen.id} if chosen is not None else {}
        self._open("staff", _("New member of staff or volunteer"), suggest=suggest)

    def change_team(self) -> None:
        """Change the chosen team."""
        chosen: Team | None = self.teams.chosen()
        if chosen is not None:
            self._ask("volunteer_team", chosen.id, chosen.name)

    def change_person(self) -> None:
        """Change the chosen person."""
        chosen: Person | None = self.people.chosen()
        if chosen is not None:
            self._ask("staff", chosen.id, self._host.privacy.name(chosen.name))

    def _ask(self, type_name: str, record: str, title: str) -> None:
        self._host.ask(
            UnitRecord(type_name, record),
            lambda found: self._open(type_name, title, record=found),
            owner=self,
        )

    def rules(self) -> None:
        """Say after how many months somebody must be trained again."""
        first = next(iter(self._rules), None)
        known = {str(r.get("topic")) for r in self._rules}
        topics = [c for c in SMALL_LISTS["activity_topic"].codes() if c not in known]
        if first is not None and not topics:
            self._open("training_rule", _("Who must be trained again"), record=first)
            return
        suggest = {"topic": topics[0], "months": 24} if first is None else {"months": 24}
        self._open("training_rule", _("Who must be trained again"), suggest=suggest)
