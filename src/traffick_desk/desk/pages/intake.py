"""New intake: the person, who came along, the reception, and what can wait."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.pages.draft_page import DraftPage
from traffick_desk.desk.pages.duplicates import KNOWN_BY, DuplicateHint, facts_typed
from traffick_desk.desk.pages.intake_group import SHARED, GroupNotice
from traffick_desk.desk.pages.intake_parts import IntakeSection
from traffick_desk.desk.pages.intake_records import LISTS_OF_PERSON, edits_of, problems_of
from traffick_desk.desk.pages.intake_tip import TipNotice
from traffick_desk.desk.pages.plans import PLANS
from traffick_desk.desk.pages.record_list import Line
from traffick_desk.desk.pages.section_list import SectionLine, SectionList, SectionPicker
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.domain.validation import Problem
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import NewCase, SaveDraft
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.groups import NewCaseWith
from traffick_desk.services.queries import RefreshCase
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.services.tips import TakeBackCase, TipBecomesCase
from traffick_desk.services.views import CaseView
from traffick_desk.store.journal import Edit

PREFIX = "intake:"
# Of an intake that a tip led to: the id of the tip's case follows.
OF_TIP = f"{PREFIX}tip:"
# Below this width, in px at 100 % text size, the list of sections folds.
NARROW = 820
# Sections that hold what the law or the next step needs.
_NEEDED = frozenset({"identity", "reception"})


class IntakePage(DraftPage):
    """Guides through a new intake; everything typed is kept as a draft."""

    name = "intake"
    label = N_("New intake")
    icon = "plus"
    permission = CASE_WRITE
    belongs_to = "cases"
    prefix = PREFIX
    names = "intake"
    kept_words = N_("The intake you had begun is kept as a draft, on the page Today.")
    lost_words = N_("Everything typed in this intake is thrown away and cannot be brought back.")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.sections: dict[str, IntakeSection] = {}
        self._places: dict[str, QScrollArea] = {}
        self._pointing = False
        self._person_id = ""
        self._head = kit.label(_("New intake"), "title", name="intake_title")
        self.list = SectionList([SectionLine(p.key, _(p.title)) for p in PLANS], self)
        self.list.chosen.connect(self._show)
        self.stack = QStackedWidget()
        self.stack.setObjectName("intake_stack")
        self.back_button = kit.button(_("&Back"), "intake_back", lambda: self.list.step(-1))
        self.next_button = kit.button(_("&Next section"), "intake_next", lambda: self.list.step(1))
        self.save_button = kit.button(
            _("&Open the case"),
            "intake_save",
            self.save,
            role="primary",
            icon="check",
            tooltip=_("Save all of it as a case (Ctrl+Enter)"),
        )
        self.more_button = kit.button(
            _("Open, and one &more person"),
            "intake_more",
            lambda: self.save(more=True),
            icon="persons",
            tooltip=_("Save it, and take in somebody of the same reception"),
        )
        foot = kit.hbox(
            self.drop_button,
            None,
            self.back_button,
            self.next_button,
            self.more_button,
            self.save_button,
            gap=12,
        )
        middle = kit.hbox(self.list, self.stack, gap=16)
        middle.setStretch(1, 1)
        self.picker = SectionPicker(self.list)
        head = kit.hbox(self._head, self.picker, self._state, gap=12)
        self.tip = TipNotice()
        self.group = GroupNotice(host)
        self.group.edited.connect(self._related)
        self.group.kin.connect(lambda: self._take_over("person"))
        self.group.alone.connect(self.touched)
        body = kit.vbox(head, self.tip, self.group, middle, foot, gap=12)
        body.setStretch(3, 1)
        self.set_body(body, scrolls=False)
        self._compact = False
        for keys in SAVING:
            bind(self, keys, self._keep_or_save)
        bind(self, "F1", self._help)

    # -- coming and going ------------------------------------------------------------------

    def opened(self, draft: str = "", tip: str = "", *, with_case: str = "", **_more: Any) -> None:
        """Begin a new intake, or take up *draft* (its key).

        *tip* is the case of a tip behind it, *with_case* of somebody received together.
        """
        draft = draft or (f"{OF_TIP}{tip}" if tip else "")
        before = self.keeper
        super().opened(draft)
        if draft.startswith(OF_TIP) and self.keeper is not before:
            self.tip.case_id = draft.removeprefix(OF_TIP)
            self.host.ask(RefreshCase(self.tip.case_id), self._show_tip, owner=self)
        elif with_case and not draft:
            self._begin_with(with_case)

    def lay_out(self) -> None:
        """Show empty sections."""
        while self.stack.count():
            old = self.stack.widget(0)
            self.stack.removeWidget(old)
            old.deleteLater()
        self.sections, self._places = {}, {}
        self.tip.clear()
        self.group.clear()
        self._blank: dict[str, Any] | None = None
        self._person_id = new_id()
        self.hint = DuplicateHint(self.host)
        self.section("identity").layout().insertWidget(2, self.hint)
        self._mark()
        self.list.setCurrentIndex(self.list.lines.index(-1))
        self.list.choose(PLANS[0].key)

    def _show_tip(self, case: CaseView) -> None:
        if case.row.case_id != self.tip.case_id:
            return
        self.tip.show_tip(case)
        person = self.tip.proposals.get("person", {})
        if self.typed() is None and person:
            self._suggest(self.section("identity"), "person", person)

    def _begin_with(self, case_id: str, *, fresh: bool = True) -> None:
        # After the birth: of it follows whether a child comes along.
        self.section("identity").layout().insertWidget(3, self.group.begin(case_id))
        self.host.ask(
            RefreshCase(case_id),
            lambda case: self._show_group(case, fresh=fresh),
            owner=self,
            failed=self._without_group,
        )

    def _show_group(self, case: CaseView, *, fresh: bool) -> None:
        if case.row.case_id == self.group.case_id and self.keeper is not None:
            begun = self.typed() is not None
            self.group.show_case(case)
            for record in SHARED if fresh else ():
                self._take_over(record)
            self.section("reception").visited = True
            self._blank = None if begun else self._all_typed()

    def _without_group(self, problem: Exception) -> None:
        """The other case is not here any more: what was typed can be saved alone."""
        self.group.clear()
        self.host.fail(problem)

    def _take_over(self, record: str) -> None:
        """Fill in what the group shares, where nothing else is written."""
        section = self.section("identity" if record == "person" else "reception")
        self.group.fill(section, record)
        self._mark()

    def _related(self) -> None:
        self.touched()
        birth = self.values("identity", "person").get("birth")
        self.group.looks_after(birth, self.host.context.now().date())

    def commands(self) -> list[PageCommand]:
        """What the palette offers here."""
        go = [
            PageCommand(
                _("Section: {title}").format(title=_(p.title)), partial(self.list.choose, p.key)
            )
            for p in PLANS
        ]
        more = _("Open, and one more person")
        return [
            PageCommand(_("Open the case"), self.save, "check", "Ctrl+Enter"),
            PageCommand(more, lambda: self.save(more=True), "persons"),
            *go,
        ]

    # -- sections --------------------------------------------------------------------------

    def section(self, key: str = "") -> IntakeSection:
        """A section, the one on screen by default; made when it is first needed."""
        key = key or self.list.current()
        if key not in self.sections:
            plan = next(p for p in PLANS if p.key == key)
            made = self.sections[key] = IntakeSection(plan, self.host.context, self._check)
            made.edited.connect(self._edited)
            made.setMaximumWidth(theme.current().px(920))
            kit.measures(made.layout(), (4, 0, 16, 8), 16)
            place = self._places[key] = kit.scroll(None, f"{key}_scroll")
            self.stack.addWidget(place)
            kit.fill_scroll(place, made)
        return self.sections[key]

    def values(self, key: str, record: str) -> dict[str, Any]:
        """What was typed for a record in a section; nothing where nobody has looked yet."""
        return self.sections[key].values(record) if key in self.sections else {}

    def rows(self, key: str, name: str) -> list[Line]:
        """The records of a list of a section."""
        return self.sections[key].rows(name) if key in self.sections else []

    def _show(self, key: str) -> None:
        if self.keeper is None:
            return
        section = self.section(key)
        self.stack.setCurrentWidget(self._places[key])
        row = self.list.currentIndex().row()
        self.back_button.setEnabled(row > 0)
        self.next_button.setEnabled(row < len(PLANS) - 1)
        if not section.visited:
            section.visited = True
            self._propose(key)
        # The list keeps the focus while the arrows go through it, and a field that needs
        # a look is not left again at once.
        if not self.list.hasFocus() and not self._pointing:
            QTimer.singleShot(0, section, lambda: self._enter(key))

    def _enter(self, key: str) -> None:
        if self.list.current() == key:
            self.section(key).first_field()

    def _propose(self, key: str) -> None:
        section = self.sections[key]
        if key == "reception" and not section.values("reception"):
            told = self.tip.proposals.get("reception", {})
            self._suggest(section, "reception", {"at": moment(self.host.context.now()), **told})
        elif key == "status" and not section.values("status") and not self.group.comes_along():
            at = self.values("reception", "reception").get("at")
            since = {"since": at[:10]} if at else {}
            self._suggest(section, "status", {"status": "in_process", **since})

    def _suggest(self, section: IntakeSection, record: str, values: Mapping[str, Any]) -> None:
        section.suggest(record, values)
        self._mark()

    def _edited(self, record: str, name: str) -> None:
        self.touched()
        self._mark()
        if record in KNOWN_BY:
            self._look_for_cases()
        if record == "person" and name == "birth":
            self._related()

    def _look_for_cases(self) -> None:
        form = self.section("identity").form_with("person", "name")
        rows = {name: self.rows(key, name) for key, name in LISTS_OF_PERSON}
        section = self.section()
        if not section.isAncestorOf(self.hint):
            # It stands where something was just typed.
            section.layout().insertWidget(2, self.hint)
        person = self.values("identity", "person")
        self.hint.look_for(facts_typed(person, form.editor("name").raw() or "", rows))

    def _mark(self) -> None:
        self.list.lines.mark({key: s.state() for key, s in self.sections.items()})

    def _help(self) -> None:
        self.section().head.toggle()

    # -- drafts ----------------------------------------------------------------------------

    def typed(self) -> dict[str, Any] | None:
        """What was typed, by section, and which section is shown."""
        found = self._all_typed()
        if self._blank is not None and found is not None:
            same = found["sections"] == self._blank["sections"] and found["with"]["typed"] == {}
            return None if same else found
        return found

    def _all_typed(self) -> dict[str, Any] | None:
        if all(section.is_empty() for section in self.sections.values()):
            return None
        typed = {
            key: section.draft() for key, section in self.sections.items() if not section.is_empty()
        }
        found = {"section": self.list.current(), "sections": typed}
        return found | ({"with": self.group.draft()} if self.group.case_id else {})

    def draft_title(self) -> str:
        """Sex and age."""
        words = person_words(self.values("identity", "person"), self.host.context.now().date())
        return _("New intake: {person}").format(person=words)

    def restore(self, payload: Mapping[str, Any]) -> None:
        """Put back what was typed."""
        for plan in PLANS:
            if typed := payload.get("sections", {}).get(plan.key):
                self.section(plan.key).restore(typed)
        if before := payload.get("with"):
            self._begin_with(before.get("case", ""), fresh=False)
            self.group.restore(before.get("typed", {}))
        self._mark()
        self.list.choose(payload.get("section", PLANS[0].key))

    # -- saving ----------------------------------------------------------------------------

    def _keep_or_save(self) -> None:
        opened = self.section().open_list()
        if opened is not None:
            opened.submit()
        else:
            self.save()

    def save(self, *, more: bool = False) -> None:
        """Open the case, or go to what is missing; *more*: then take in one more of the group."""
        if self._saving:
            return
        for key in [p.key for p in PLANS if p.key in {*self.sections, *_NEEDED}]:
            section = self.section(key)
            if not section.check():
                self._point_at(key)
                section.check()
                self._mark()
                return
        tie = self.group.tie()
        back, tip = self.begin_saving(), self.tip.case_id
        command: Any = NewCase(self.edits(), draft=back.key)
        if tip:
            command = TipBecomesCase(tip, self.edits(), draft=back.key)
        elif tie is not None:
            command = NewCaseWith(self.edits(), tie, draft=back.key)
        self.host.do(
            command,
            lambda case: self._saved(case, tip, back, more=more),
            owner=self,
            failed=self.refused,
        )

    def edits(self) -> tuple[Edit, ...]:
        """All that was typed, as records of one new case."""
        return edits_of(self._person_id, self)

    def _check(self, record: str, record_id: str, values: Mapping[str, Any]) -> list[Problem]:
        """What does not fit between one record and the others typed so far."""
        today = self.host.context.now().date()
        return problems_of(self.edits(), self._person_id, record, record_id, values, today)

    def _saved(self, case_id: str, tip: str, back: SaveDraft, *, more: bool) -> None:
        # All are said to be something to the one who was received first.
        first = self.group.case_id or case_id
        self.afresh()
        self.host.messages.tell(_("The case is open. Everything is saved on this PC."))
        if more:
            self.host.go("intake", with_case=first)
        else:
            self.host.go("case", case_id=case_id)
        if tip:
            words = _("The tip has become a case.")
            self.host.undo.offer(words, lambda: self.take_back(TakeBackCase(tip), back))

    def _point_at(self, key: str) -> None:
        """Show section *key* without going to its first field."""
        self._pointing = True
        self.list.choose(key)
        self._pointing = False

    def point_out(self, refused: InvalidValues) -> None:
        """Say each problem beside its field and go to the first."""
        self.group.point_out(refused)
        found = [
            (key, form, name, text)
            for record, name, text in refused.problems
            for key, section in self.sections.items()
            if (form := section.form_with(record, name)) is not None
        ]
        for key, form, name, text in reversed(found):
            self._point_at(key)
            self.sections[key].show_problems(form, {name: text})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """With large text on a small screen the sections become a drop-down list."""
        super().resizeEvent(event)
        compact = self.width() < theme.current().px(NARROW)
        if compact != self._compact:
            self._compact = compact
            self.list.setHidden(compact)
            self._head.setHidden(compact)
            self.tip.set_compact(compact)
            self.group.set_compact(compact)
            self.picker.setVisible(compact)
            self.back_button.setHidden(compact)
            kit.measures(self.layout(), 12 if compact else 24, 8 if compact else 12)
