"""New intake: the person, who came along, the reception, and what can wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.drafts import DraftKeeper
from traffick_desk.desk.pages.duplicates import KNOWN_BY, DuplicateHint, facts_typed
from traffick_desk.desk.pages.intake_parts import IntakeSection
from traffick_desk.desk.pages.intake_tip import TipNotice
from traffick_desk.desk.pages.plans import PLANS
from traffick_desk.desk.pages.record_list import Line
from traffick_desk.desk.pages.section_list import SectionLine, SectionList, SectionPicker
from traffick_desk.desk.pages.showing import person_words, time_of
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem, check_record
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import NewCase, SaveDraft
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.queries import Drafts, RefreshCase
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
_ONE_RECORD = ("account", "consent", "status")
_LISTS_OF_PERSON = (
    ("identity", "person_name"),
    ("papers", "identity_paper"),
    ("papers", "address"),
)


class IntakePage(Page):
    """Guides through a new intake; everything typed is kept as a draft."""

    name = "intake"
    label = N_("New intake")
    icon = "plus"
    in_navigation = False
    belongs_to = "cases"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.sections: dict[str, IntakeSection] = {}
        self._places: dict[str, QScrollArea] = {}
        self.keeper: DraftKeeper | None = None
        self._saving = self._pointing = False
        self._person_id = ""
        self._head = kit.label(_("New intake"), "title", name="intake_title")
        self._state = kit.label("", "muted", name="draft_state", wrap=False)
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
        self.drop_button = kit.button(
            _("&Discard draft…"), "intake_drop", self.ask_to_drop, role="quiet"
        )
        foot = kit.hbox(
            self.drop_button, None, self.back_button, self.next_button, self.save_button, gap=12
        )
        middle = kit.hbox(self.list, self.stack, gap=16)
        middle.setStretch(1, 1)
        self.picker = SectionPicker(self.list)
        head = kit.hbox(self._head, self.picker, None, self._state, gap=12)
        self.tip = TipNotice()
        body = kit.vbox(head, self.tip, middle, foot, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        self._compact = False
        for keys in SAVING:
            bind(self, keys, self._keep_or_save)
        bind(self, "F1", self._help)

    # -- coming and going ------------------------------------------------------------------

    def opened(self, draft: str = "", tip: str = "", **_more: Any) -> None:
        """Begin a new intake, or take up *draft* (its key); *tip*: the case of a tip behind it."""
        before = self.keeper
        draft = draft or (f"{OF_TIP}{tip}" if tip else "")
        if before is not None and before.key == draft:
            return
        self.save_drafts()
        self.start(draft or f"{PREFIX}{new_id()}")
        if draft.startswith(OF_TIP):
            self.tip.case_id = draft.removeprefix(OF_TIP)
            self.host.ask(RefreshCase(self.tip.case_id), self._show_tip, owner=self)
        if draft:
            self.host.ask(Drafts(), lambda found: self._resume(draft, found), owner=self)
        elif before is not None and before.exists:
            self.host.messages.tell(
                _("The intake you had begun is kept as a draft, on the page Today."),
                actions=((_("Go on with it"), lambda: self.host.go("intake", draft=before.key)),),
            )

    def start(self, key: str) -> None:
        """Show empty sections whose draft is kept under *key*."""
        while self.stack.count():
            old = self.stack.widget(0)
            self.stack.removeWidget(old)
            old.deleteLater()
        self.sections, self._places = {}, {}
        self.tip.clear()
        self._person_id = new_id()
        self.keeper = DraftKeeper(self.host, key, "", self._draft_title, self._payload, self)
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self._not_kept)
        self.hint = DuplicateHint(self.host)
        self.section("identity").layout().insertWidget(2, self.hint)
        self._saving = False
        self.save_button.setEnabled(True)
        self._state.setText(_("Nothing typed yet. What you type is kept by itself."))
        self._mark()
        self.list.setCurrentIndex(self.list.lines.index(-1))
        self.list.choose(PLANS[0].key)

    def _show_tip(self, case: CaseView) -> None:
        if case.row.case_id != self.tip.case_id:
            return
        self.tip.show_tip(case)
        person = self.tip.proposals.get("person", {})
        if self._payload() is None and person:
            self._suggest(self.section("identity"), "person", person)

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
        go = [
            PageCommand(_("Section: {title}").format(title=_(p.title)), self._go_to(p.key))
            for p in PLANS
        ]
        return [PageCommand(_("Open the case"), self.save, "check", "Ctrl+Enter"), *go]

    def _go_to(self, key: str) -> Any:
        return lambda: self.list.choose(key)

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
            self._places[key] = kit.scroll(made, f"{key}_scroll")
            self.stack.addWidget(self._places[key])
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
        elif key == "status" and not section.values("status"):
            at = self.values("reception", "reception").get("at")
            since = {"since": at[:10]} if at else {}
            self._suggest(section, "status", {"status": "in_process", **since})

    def _suggest(self, section: IntakeSection, record: str, values: Mapping[str, Any]) -> None:
        for _plan, form, conditions in section.forms:
            mine = {n: v for n, v in values.items() if n in form.names()}
            if _plan.record != record or not mine:
                continue
            form.suggest(mine)
            conditions.apply()
            name = next(iter(mine))
            form.box(name).say(_("Proposed; change it if it is not so."), "accent")
        self._mark()

    def _edited(self, record: str, name: str) -> None:  # noqa: ARG002
        self._state.setText(_("Keeping the draft…"))
        self.keeper.touch()
        self._mark()
        if record in KNOWN_BY:
            self._look_for_cases()

    def _look_for_cases(self) -> None:
        form = self.section("identity").form_with("person", "name")
        rows = {name: self.rows(key, name) for key, name in _LISTS_OF_PERSON}
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

    def _payload(self) -> dict[str, Any] | None:
        if all(section.is_empty() for section in self.sections.values()):
            return None
        typed = {
            key: section.draft() for key, section in self.sections.items() if not section.is_empty()
        }
        return {"section": self.list.current(), "sections": typed}

    def _draft_title(self) -> str:
        words = person_words(self.values("identity", "person"), self.host.context.now().date())
        return _("New intake: {person}").format(person=words)

    def _resume(self, key: str, drafts: Any) -> None:
        found = next((d for d in drafts if d.key == key), None)
        if found is None or self.keeper is None or self.keeper.key != key:
            return
        for plan in PLANS:
            if typed := found.payload.get("sections", {}).get(plan.key):
                self.section(plan.key).restore(typed)
        self.keeper.exists = True
        self._mark()
        self.list.choose(found.payload.get("section", PLANS[0].key))
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
            _("Everything typed in this intake is thrown away and cannot be brought back."),
            _("Discard draft"),
            self._dropped,
            danger=True,
        )

    def _dropped(self) -> None:
        self.keeper.drop()
        self.keeper = None
        self.start(f"{PREFIX}{new_id()}")
        self.host.go("today")

    # -- saving ----------------------------------------------------------------------------

    def _keep_or_save(self) -> None:
        opened = self.section().open_list()
        if opened is not None:
            opened.submit()
        else:
            self.save()

    def save(self) -> None:
        """Open the case, or go to what is missing."""
        if self._saving:
            return
        for key in [p.key for p in PLANS if p.key in {*self.sections, *_NEEDED}]:
            section = self.section(key)
            if not section.check():
                self._point_at(key)
                section.check()
                self._mark()
                return
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.stop()
        command: Any = NewCase(self.edits(), draft=self.keeper.key)
        back = None
        if tip := self.tip.case_id:
            command = TipBecomesCase(tip, self.edits(), draft=self.keeper.key)
            back = SaveDraft(self.keeper.key, "", self._draft_title(), self._payload() or {})
        self.host.do(
            command, lambda case: self._saved(case, tip, back), owner=self, failed=self._refused
        )

    def edits(self) -> tuple[Edit, ...]:
        """All that was typed, as records of one new case."""
        person = self._person_id
        reception = self.values("reception", "reception")
        opened_on = {"opened_on": reception["at"][:10]} if reception.get("at") else {}
        edits = [
            Edit("case", new_id(), {**self.values("reception", "case"), **opened_on}),
            Edit("person", person, {"role": "main", **self.values("identity", "person")}),
            Edit("reception", new_id(), reception),
        ]
        minors = self.rows("minors", "minor")
        edits += [Edit("person", m.id, {**m.values, "accompanies": person}) for m in minors]
        for section, record in _LISTS_OF_PERSON:
            rows = self.rows(section, record)
            edits += [Edit(record, r.id, {**r.values, "person": person}) for r in rows]
        given = self.rows("reception", "given_item")
        edits += [Edit("given_item", g.id, g.values) for g in given]
        for record in _ONE_RECORD:
            if values := self.values(record, record):
                edits.append(Edit(record, new_id(), {**values, "person": person}))
        return tuple(edits)

    def _check(self, record: str, record_id: str, values: Mapping[str, Any]) -> list[Problem]:
        """What does not fit between one record and the others typed so far."""
        own = record_id or (self._person_id if record == "person" else "")
        others = [
            (e.type, {"id": e.id, **e.values})
            for e in self.edits()
            if e.id != own and (record == "person" or e.type != record)
        ]
        person = {} if record in {"person", "reception", "case"} else {"person": self._person_id}
        return check_record(
            REGISTRY[record],
            {**person, **values, "id": own},
            others,
            today=self.host.context.now().date(),
        )

    def _saved(self, case_id: str, tip: str, back: SaveDraft | None) -> None:
        self.keeper = None
        self.start(f"{PREFIX}{new_id()}")
        self.host.messages.tell(_("The case is open. Everything is saved on this PC."))
        self.host.go("case", case_id=case_id)
        if back is not None:
            words = _("The tip has become a case.")
            self.host.undo.offer(words, lambda: self._take_back(tip, back))

    def _take_back(self, tip: str, back: SaveDraft) -> None:
        """The tip is open again, and what was typed is a draft again."""

        def taken(_none: object) -> None:
            self.host.do(back, lambda _done: self.host.go("intake", draft=back.key))

        # The page of the case must not ask for what is not there any more.
        self.host.go("today")
        self.host.do(TakeBackCase(tip), taken, owner=self)

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
            self._point_out(problem)

    def _point_at(self, key: str) -> None:
        """Show section *key* without going to its first field."""
        self._pointing = True
        self.list.choose(key)
        self._pointing = False

    def _point_out(self, refused: InvalidValues) -> None:
        """Say each problem beside its field and go to the first."""
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
            self.picker.setVisible(compact)
            kit.measures(self.layout(), 12 if compact else 24, 8 if compact else 12)
