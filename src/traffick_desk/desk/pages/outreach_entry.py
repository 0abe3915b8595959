"""One activity or material: written down in under two minutes, with its attendance list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import outreach_words as words
from traffick_desk.desk.pages.drafts import DraftKeeper
from traffick_desk.desk.pages.outreach_files import FilesCard
from traffick_desk.desk.pages.outreach_form import OutreachForm
from traffick_desk.desk.pages.outreach_names import NamesCard
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.unit_conflicts import ConflictsCard
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.domain.belonging import unit_of, unit_record_id
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import check_record
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import new_id
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.prevention.commands import (
    SavePrevention,
)
from traffick_desk.services.prevention.drafts import (
    DRAFT,
    DropOutreachDraft,
    OutreachDrafts,
    SaveOutreachDraft,
)
from traffick_desk.services.prevention.lists import UnitRecord, UnitRecords
from traffick_desk.services.roles import PREVENTION_READ
from traffick_desk.services.views import Draft, RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

ACTIVITY, MATERIAL = "activity", "material"


class OutreachEntryPage(Page):
    """Asks for the first fields; the rest unfolds. Ctrl+Enter saves."""

    name = "outreach_entry"
    label = N_("Activity or material")
    icon = "note"
    in_navigation = False
    belongs_to = "prevention"
    permission = PREVENTION_READ
    interests = frozenset({"documents"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.form: OutreachForm | None = None
        self._type, self._id = ACTIVITY, ""
        self._record: RecordView | None = None
        self._to_names = False
        self._choices: dict[str, list[Choice]] = {}
        self._title = kit.label("", "title", name="outreach_title", wrap=False)
        self.keeper: DraftKeeper | None = None
        self._blank: dict[str, Any] = {"form": None}
        self._begun_key = ""
        self._begun_words = kit.label("", name="outreach_begun", wrap=False)
        self._begun = kit.panel(
            kit.hbox(
                self._begun_words,
                kit.button(
                    _("Go on with it"), "outreach_resume",
                    lambda: self.opened(draft=self._begun_key),
                ),
                kit.button(_("Discard draft"), "outreach_discard", self._drop_begun, role="quiet"),
                None,
            )
        )  # fmt: skip
        self._begun.hide()
        self._whose = kit.label("", "muted", name="outreach_whose", wrap=False)
        self.switch = kit.button("", "outreach_switch", self._switch, role="quiet")
        self.more_button = kit.button(_("&More fields"), "outreach_more", self.show_more)
        self.stock = kit.label("", name="outreach_stock")
        self.said = kit.label("", "muted", name="outreach_said")
        self._place = kit.vbox()
        self.names = NamesCard(host)
        self.files = FilesCard(host)
        self.conflicts = ConflictsCard(host)
        self.conflicts.settled.connect(lambda: self.opened(self._type, self._id))
        inner = kit.panel(
            kit.vbox(
                self.conflicts, kit.panel(self._place), self.stock, self.said,
                kit.hbox(self.more_button, None), self.names, self.files, None, gap=12,
            ),
            name="outreach_body",
        )  # fmt: skip
        inner.setMaximumWidth(theme.current().px(960))
        self.area = kit.scroll(inner, "outreach_scroll")
        self.save_button = kit.button(
            _("&Save"), "outreach_save", self.save, role="primary", icon="check",
            tooltip=_("Save (Ctrl+Enter)"),
        )  # fmt: skip
        self.again_button = kit.button(
            _("Save and write the ne&xt"), "outreach_again", lambda: self.save(again=True)
        )
        self.print_button = kit.button(
            _("&Print…"), "outreach_print", self.print_paper, icon="print"
        )
        self.void_button = kit.button(_("Not valid…"), "outreach_void", self.ask_void, role="quiet")
        foot = kit.hbox(
            self.void_button, None, self.print_button, self.again_button, self.save_button, gap=12
        )
        head = kit.hbox(self._title, self._whose, None, self.switch)
        body = kit.vbox(head, self._begun, self.area, foot, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        for keys in SAVING:
            bind(self, keys, self.save)

    # -- coming and going ------------------------------------------------------------------

    def opened(
        self,
        type_name: str = ACTIVITY,
        record: str = "",
        suggest: Mapping[str, Any] | None = None,
        *,
        names: bool = False,
        draft: str = "",
        **_more: Any,
    ) -> None:
        """Show *record* (its list of *names* first), or an empty form of *type_name*."""
        self.save_drafts()
        self.keeper = None
        self._begun.hide()
        if draft:
            self.host.ask(OutreachDrafts(), lambda found: self._resume(draft, found), owner=self)
            return
        self._to_names = names
        self._type, self._id, self._record = type_name, record, None
        self._suggest = dict(suggest or {})
        self._read_choices(lambda: self._open(record))

    def _read_choices(self, then: Any) -> None:
        """Tasks, activities and entries of several years, to refer to."""

        def tasks(found: tuple[RecordView, ...]) -> None:
            self._choices["task"] = [
                Choice(t.id, f"{t.get('number') or ''} {t.get('what') or ''}".strip())
                for t in found
            ]
            self.host.ask(UnitRecords(self._type), others, owner=self)

        def others(found: tuple[RecordView, ...]) -> None:
            wide = [r for r in found if r.get("until") and r.id != self._id]
            self._choices["part_of"] = [_choice(r) for r in wide]
            if self._type == ACTIVITY:
                then()
            else:
                self.host.ask(UnitRecords(ACTIVITY), activities, owner=self)

        def activities(found: tuple[RecordView, ...]) -> None:
            self._choices["activity"] = [_choice(r) for r in reversed(found)]
            then()

        self.host.ask(UnitRecords("plan_task"), tasks, owner=self)

    def _open(self, record: str) -> None:
        if record:
            self.host.ask(UnitRecord(self._type, record), self._show, owner=self)
        else:
            self._lay_out({}, all_fields=False)
            today = self.host.context.now().date()
            first = {"since": today.isoformat(), "state": "done", **self._suggest}
            self.form.suggest(first)
            self.form.show_fields(("not_done_reason",), shown=False) if (
                "not_done_reason" in self.form.names()
            ) else None
            self._title.setText(_("New activity") if self._type == ACTIVITY else _("New material"))
            self._frame()
            go_to(self.form.editor("kind"))
            self._keep(f"{DRAFT}{new_id()}")
            self._blank = self._typed()
            self.host.ask(OutreachDrafts(), self._offer, owner=self)

    def _show(self, record: RecordView) -> None:
        self._record = record
        self._lay_out(record.values, all_fields=True)
        kind = SMALL_LISTS[f"{self._type}_kind"].label(str(record.get("kind") or ""))
        self._title.setText(kind)
        self._frame()
        self.conflicts.show_record(record)
        go_to(self.names.paste if self._to_names else self.form.editor("kind"))

    def refresh(self, changed: frozenset[str]) -> None:
        """Photos may have come; what is being written is not touched."""
        if changed & self.interests:
            self.files.read()

    def _frame(self) -> None:
        there = self._record is not None
        self.setFocusProxy(self.form)
        self.switch.setVisible(not there)
        self.switch.setText(
            _("Material instead: leaflet, panel…") if self._type == ACTIVITY
            else _("Activity instead: class, talk…")
        )  # fmt: skip
        self.again_button.setVisible(not there)
        self.void_button.setVisible(there)
        self.print_button.setVisible(there and self._type == ACTIVITY)
        unit = unit_of(self._id) if there else self.host.desk.info.unit
        own = unit == self.host.desk.info.unit
        whose = "" if own else self.host.context.source(REGISTRY["activity"]["unit"]).label(unit)
        self._whose.setText(whose)
        may = own or self.host.desk.info.profile == "province"
        self.form.set_read_only(not may)
        self.save_button.setEnabled(may)
        self.void_button.setEnabled(may)
        if not there:
            self.conflicts.show_record(None)
        activity = self._id if there and self._type == ACTIVITY else ""
        self.names.show_for(activity, may=may)
        self.files.show_for(activity, may=may)
        self.said.setText(
            "" if may else _("This belongs to another office; it is shown, not changed here.")
        )
        self._look()

    def _lay_out(self, values: Mapping[str, Any], *, all_fields: bool) -> None:
        kit.clear(self._place)
        context = self.host.context.with_choices(**self._choices)
        self.form = OutreachForm(self._type, values, context, all_fields=all_fields)
        self.form.edited.connect(lambda _name: self._edited())
        self.form.finished.connect(self.save_button.setFocus)
        self._place.addWidget(self.form)
        self.more_button.setVisible(not all_fields)

    # -- drafts ----------------------------------------------------------------------------

    def _keep(self, key: str, *, exists: bool = False) -> None:
        self.keeper = DraftKeeper(
            self.host, key, "", self._draft_title, self._worth, self,
            save=SaveOutreachDraft, drop=DropOutreachDraft,
        )  # fmt: skip
        self.keeper.exists = exists

    def _typed(self) -> dict[str, Any]:
        full = "note" in self.form.names()
        return {"type": self._type, "more": full, "form": self.form.draft()}

    def _worth(self) -> dict[str, Any] | None:
        typed = self._typed()
        return None if typed["form"] == self._blank["form"] else typed

    def _draft_title(self) -> str:
        words = _("New activity") if self._type == ACTIVITY else _("New material")
        title = str(self.form.draft().get("title") or "")
        return f"{words}: {title}" if title else words

    def save_drafts(self) -> None:
        """Keep what is typed, now."""
        if self.keeper is not None:
            self.keeper.flush()

    def back(self) -> bool:
        """Esc: what is typed is kept, and the page left."""
        self.save_drafts()
        return False

    def _offer(self, found: tuple[Draft, ...]) -> None:
        """Say that there is something begun; the newest."""
        if found and self.keeper is not None and found[0].key != self.keeper.key:
            draft = found[0]
            self._begun_words.setText(_("Begun and not saved: {what}").format(what=draft.title))
            self._begun_key = draft.key
            self._begun.show()

    def _drop_begun(self) -> None:
        self._begun.hide()
        self.host.do(DropOutreachDraft(self._begun_key))

    def _resume(self, key: str, found: tuple[Draft, ...]) -> None:
        draft = next((d for d in found if d.key == key), None)
        if draft is None:
            self.opened()
            return
        self._type, self._id, self._record = str(draft.payload["type"]), "", None
        self._suggest = {}

        def lay_out() -> None:
            self._lay_out({}, all_fields=bool(draft.payload.get("more")))
            self._blank = {"form": None}
            self.form.restore(draft.payload["form"])
            self._title.setText(self._draft_title().partition(":")[0])
            self._frame()
            self._keep(key, exists=True)
            go_to(self.form.editor("title"))

        self._read_choices(lay_out)

    def show_more(self) -> None:
        """Unfold the other fields; what is typed stays."""
        typed = self.form.draft()
        before = self._record.values if self._record is not None else {}
        self._lay_out(before, all_fields=True)
        self.form.restore(typed)
        self._frame()
        go_to(self.form.editor("line" if self._type == ACTIVITY else "until"))

    def _switch(self) -> None:
        self.opened(MATERIAL if self._type == ACTIVITY else ACTIVITY, suggest=self._suggest)

    def commands(self) -> list[PageCommand]:
        """What the palette offers here."""
        return [PageCommand(_("Save"), self.save, "check", "Ctrl+Enter")]

    # -- while typing ----------------------------------------------------------------------

    def _edited(self) -> None:
        if self.keeper is not None:
            self.keeper.touch()
        self._look()

    def _look(self) -> None:
        """What follows from the fields: the stock, the reason, women and men against all."""
        values = self.form.values()
        if "not_done_reason" in self.form.names():
            hidden = self.form.box("not_done_reason").isHidden()
            wanted = values.get("state") != "not_done"
            if hidden != wanted:
                self.form.show_fields(("not_done_reason",), shown=not wanted)
        text = ""
        if self._type == MATERIAL:
            text = words.in_stock(
                values.get("made"), values.get("received"), values.get("handed_out"),
                set(values.get("at_least", ())),
            )  # fmt: skip
        elif (persons := values.get("persons")) is not None:
            sexes = (values.get("women") or 0) + (values.get("men") or 0)
            if sexes > persons and "persons" not in values.get("at_least", ()):
                text = _("Women and men together are {n}, more than the persons.").format(n=sexes)
        self.stock.setText(text)
        self.stock.setVisible(bool(text))

    # -- saving ----------------------------------------------------------------------------

    def save(self, *, again: bool = False) -> None:
        """Save, or go to what is missing."""
        if self.form is None or not self.save_button.isEnabled() or not self.form.check():
            return
        values = self.form.values()
        today = self.host.context.now().date()
        wrong = [p for p in check_record(REGISTRY[self._type], values, today=today) if p.impossible]
        if wrong:
            self._point_out({p.field: p.text for p in wrong})
            return
        self.save_button.setEnabled(False)
        changes = self.form.changes()
        if self._record is not None:
            edit = Edit(self._type, self._id, changes, self._record.heads)
        else:
            record = unit_record_id(self.host.desk.info.unit, new_id())
            edit = Edit(self._type, record, changes)
        before = self._record
        if before is not None and not changes:
            self.save_button.setEnabled(True)
            self.host.go("prevention")
            return
        self.host.do(
            SavePrevention((edit,)),
            lambda _ids: self._saved(edit, before, again=again),
            owner=self,
            failed=self._refused,
        )

    def _saved(self, edit: Edit, before: RecordView | None, *, again: bool) -> None:
        if self.keeper is not None:
            self.keeper.drop()
            self.keeper = None
        if before is None:
            back = Edit(edit.type, edit.id, {VOID: _("taken back")})
        else:
            back = Edit(edit.type, edit.id, {n: before.get(n) for n in edit.values})
        self.host.undo.offer(
            _("The entry is saved."), lambda: self.host.do(SavePrevention((back,)))
        )
        if again:
            kept = {n: v for n, v in edit.values.items() if n in {"since", "state", "place_unit"}}
            self.opened(self._type, suggest=kept)
        elif before is None and self._type == ACTIVITY:
            # The names of those who came are asked at once, while the sheet lies here.
            self.host.go("outreach_entry", type_name=self._type, record=edit.id, names=True)
        else:
            self.host.go("prevention")

    def _refused(self, problem: Exception) -> None:
        self.save_button.setEnabled(True)
        self.host.fail(problem)
        if isinstance(problem, InvalidValues):
            self._point_out({name: text for _kind, name, text in problem.problems})

    def _point_out(self, problems: Mapping[str, str]) -> None:
        if any(n not in self.form.names() for n in problems):
            self.show_more()
        for name, text in reversed(problems.items()):
            if name in self.form.names():
                self.form.box(name).say(text, "late")
                go_to(self.form.editor(name))

    def ask_void(self) -> None:
        """Mark the entry as not valid; it can be taken back."""
        edit = Edit(self._type, self._id, {VOID: _("marked as not valid by the officer")})
        back = SavePrevention((Edit(self._type, self._id, {VOID: None}),))

        def done(_ids: object) -> None:
            self.host.undo.offer(_("Marked as not valid."), lambda: self.host.do(back))
            self.host.go("prevention")

        self.host.do(SavePrevention((edit,)), done, owner=self)

    def print_paper(self) -> None:
        """To the papers of this activity."""
        self.host.go("outreach_paper", activity=self._id)


def _choice(record: RecordView) -> Choice:
    from traffick_desk.domain.validation import as_partial

    first = as_partial(record.get("since"))
    last = as_partial(record.get("until")) or first
    span = words.when(first.earliest, last.latest) if first and last else ""
    return Choice(record.id, str(record.get("title") or ""), span)
