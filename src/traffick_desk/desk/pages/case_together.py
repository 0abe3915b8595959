"""The section of a case about the others who were received at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.pages import case_lists as lists
from traffick_desk.desk.pages import together_panel as asking
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.together_words import elsewhere_words, member_words, relation_words
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _
from traffick_desk.services.groups_read import Group, Member
from traffick_desk.services.views import CaseView

HEADS = (N_("Person"), N_("Relation"), N_("File number, stage"))
# Of these one paper names all.
HAND_OVER = "noi-bo/bien-ban-tiep-nhan"


class TogetherSection(CaseSection):
    """Who was received together, what they are to each other, and what is done for all at once."""

    def more(self) -> None:
        """A table, what can be done with the chosen person, and what with all."""
        self._case_id = ""
        self.group: Group | None = None
        self._kept: Mapping[str, Any] | None = None
        self.empty = kit.label(
            _(
                "Received alone, as far as is written. A second person of the same arrival gets a "
                "case of her own; what they share need not be typed again."
            ),
            "muted",
            name="together_empty",
        )
        self.table = lists.SmallTable("together", _("Received together"), HEADS, shares=(4, 4, 3))
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.table.doubleClicked.connect(lambda _index: self.look())
        bind(self.table, "Return", self.look, children=False)
        self.elsewhere = kit.label(elsewhere_words(), name="together_elsewhere")
        self.code = kit.label("", "muted", name="together_code")
        self.open_button = kit.button(
            _("Open this person’s case"), "together_open", self.look, icon="cases"
        )
        self.relation_button = kit.button(
            _("Change the relation"), "together_relation", lambda: self._ask(asking.RELATION)
        )
        self.leave_button = kit.button(
            _("Take out of the group…"), "together_leave", lambda: self._ask(asking.LEAVE)
        )
        self.add_button = kit.button(
            _("Add one more person"), "together_add", self.add_person, icon="plus", role="primary"
        )
        self.tie_button = kit.button(
            _("Tie a case that there is…"), "together_tie", lambda: self._ask(asking.TIE)
        )
        self.give_button = kit.button(
            _("Give to several…"), "together_give", lambda: self._ask(asking.GIVE)
        )
        self.paper_button = kit.button(
            _("Paper for all"), "together_paper", self._paper, icon="print"
        )
        self.panel = asking.TogetherPanel(self.host)
        self.panel.edited.connect(self.edited)
        self.panel.closed.connect(self._left)
        of_one = kit.buttons(self.open_button, self.relation_button, self.leave_button)
        of_all = kit.buttons(self.add_button, self.tie_button, self.give_button, self.paper_button)
        self._of_one = kit.panel(of_one)
        for item in (self.empty, self.table, self.elsewhere, self._of_one, self.panel):
            self.column.addWidget(item)
        self.column.addWidget(kit.panel(of_all))
        self.column.addWidget(self.code)
        self.show_group(None)

    def show_case(self, case: CaseView) -> None:
        """Show *case*; its group comes by :meth:`show_group`."""
        super().show_case(case)
        self._case_id = case.row.case_id

    def show_group(self, group: Group | None) -> None:
        """Show who belongs together."""
        self.group = group
        members = group.members if group is not None else ()
        self.table.show_rows([self._row(m) for m in members])
        several = len(members) > 1
        self.empty.setHidden(group is not None)
        self.elsewhere.setVisible(group is not None and group.elsewhere)
        self._of_one.setVisible(bool(members))
        for button in (self.give_button, self.paper_button):
            button.setVisible(several)
        codes = ", ".join(group.codes) if group is not None else ""
        self.code.setText(_("Code of the group: {code}").format(code=codes))
        self.code.setVisible(bool(codes))
        self._choose()
        if self._kept is not None:
            # The draft came before the group did.
            kept, self._kept = self._kept, None
            self.panel.restore(kept, self._case_id, group)

    def _row(self, member: Member) -> tuple[tuple[str, ...], tuple[str, str], Member]:
        here = member.case_id == self._case_id
        words = member_words(self.host, member)
        relation = relation_words(self.host, self.group, member)
        if here:
            relation = f"{_('this case')}; {relation}" if relation else _("this case")
        stage = f"{member.file_no}\n{SMALL_LISTS['stage'].label(member.stage)}"
        return (words, relation, stage), ("chevron-right" if here else "person", "muted"), member

    def _choose(self) -> None:
        member = self.table.chosen()
        self.open_button.setEnabled(member is not None and member.case_id != self._case_id)
        several = self.group is not None and len(self.group.members) > 1
        self.relation_button.setEnabled(member is not None and several)
        self.leave_button.setEnabled(member is not None)

    # -- doing -----------------------------------------------------------------------------

    def look(self) -> None:
        """Open the case of the chosen person."""
        member = self.table.chosen()
        if member is not None and member.case_id != self._case_id:
            self.host.go("case", case_id=member.case_id, section="together")

    def add_person(self) -> None:
        """A new intake of somebody of the same reception."""
        self.host.go("intake", with_case=self._case_id)

    def _ask(self, mode: str) -> None:
        chosen = self.table.chosen() if mode in (asking.RELATION, asking.LEAVE) else None
        self.panel.open(mode, self._case_id, self.group, chosen)

    def _paper(self) -> None:
        self.host.go("paper", case_id=self._case_id, form=HAND_OVER, together=True)

    def _left(self) -> None:
        self.table.setFocus()
        self.edited.emit()

    def submit(self) -> None:
        """Ctrl+Enter: what is open."""
        if self.panel.is_open():
            self.panel.submit()
        else:
            super().submit()

    def open_first(self) -> None:
        """F2: the relation of the chosen person."""
        if self.relation_button.isEnabled():
            self._ask(asking.RELATION)

    def open_drafts(self) -> dict[str, Any]:
        """What is typed."""
        found = super().open_drafts()
        if typed := self.panel.draft():
            found["together"] = typed
        return found

    def restore(self, drafts: Mapping[str, Any]) -> None:
        """Open again what was being typed."""
        super().restore(drafts)
        if typed := drafts.get("together"):
            if self.group is None:
                self._kept = typed
            self.panel.restore(typed, self._case_id, self.group)
