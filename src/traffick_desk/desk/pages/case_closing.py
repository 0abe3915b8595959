"""Stage and closing: going on, back or past a stage with a reason, closing, opening again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages import case_lists as lists
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.checking import Checker, checker_of
from traffick_desk.desk.pages.hand_over import HandOverDialog
from traffick_desk.desk.pages.record_part import FactsView
from traffick_desk.desk.pages.restriction import RestrictDialog
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.closing import (
    CLOSED,
    STAGES,
    ChangeStage,
    CloseCase,
    Closing,
    ClosingView,
    Moved,
    ReopenCase,
    UndoStage,
    goes_back,
    needs_reason,
    skipped,
)
from traffick_desk.services.consent import covering
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.paper_record import CLOSING
from traffick_desk.services.views import CaseView

OPEN_HEADS = (N_("Still open"), N_("By"))
_CLOSING = ("closed_code", "closed_reason", "closed_on")
_FIELDS = ("stage", "stage_reason", *_CLOSING)
STAGE_DRAFT = "stage_form"


class FrameSection(CaseSection):
    """The stage, what is open before closing, and the frame of the case."""

    def more(self) -> None:
        """The stage stands above the frame, what is open below it."""
        self.case: CaseView | None = None
        self.form: RecordForm | None = None
        self.found: ClosingView | None = None
        self._facts = FactsView("stage")
        self.archive = kit.label("", name="archive_by")
        self.change_button = kit.button(
            _("Change the sta&ge…"), "stage_change", lambda: self.propose(""), icon="edit"
        )
        self.close_button = kit.button(
            _("&Close the case…"), "case_close", lambda: self.propose(CLOSED), icon="check"
        )
        self.reopen_button = kit.button(
            _("Open it a&gain…"), "case_reopen", lambda: self.propose("support"), icon="undo"
        )
        self.record_button = kit.button(
            _("Closing recor&d"),
            "closing_record",
            lambda: self.paper_wanted.emit(CLOSING, "", ""),
            icon="print",
        )
        self.hand_button = kit.button(
            _("&Hand over to another officer…"), "case_hand_over", self.hand_over, icon="person"
        )
        self.restrict_button = kit.button(
            _("Who may loo&k into it…"), "case_restrict", self.restrict, icon="lock"
        )
        self._buttons = kit.panel(
            kit.buttons(
                self.change_button,
                self.close_button,
                self.reopen_button,
                self.record_button,
                self.hand_button,
                self.restrict_button,
            )
        )
        self.hint = kit.label("", "label", name="stage_hint")
        self._place = kit.vbox()
        self.do_button = kit.button("", "stage_do", self.apply, role="primary")
        self._form_row = kit.panel(
            kit.vbox(
                self.hint,
                self._place,
                kit.hbox(self.do_button, kit.button(_("Cancel"), "stage_cancel", self.stop), None),
                gap=12,
            )
        )
        self._form_row.hide()
        self.card = kit.card(
            self._facts, self.archive, self._buttons, self._form_row, name="stage_card"
        )
        self.column.insertWidget(1, self.card)
        self._open_head = kit.label("", "subheading", name="closing_open")
        self._open_note = kit.label(
            _("None of it keeps you from closing. A double click or Enter leads there."), "muted"
        )
        self.table = lists.SmallTable("open_items", _("Still open"), OPEN_HEADS, shares=(5, 2))
        self.table.activated.connect(lambda _index: self._go())
        block = kit.vbox(self._open_head, self.table, self._open_note)
        self.column.insertWidget(2, kit.panel(block, name="open_block"))

    # -- showing ---------------------------------------------------------------------------

    def show_case(self, case: CaseView) -> None:
        """Show the stage, and ask what is open."""
        self.case = case
        super().show_case(case)
        self.parts["case"][1].check = self._check(case)
        closed = case.row.stage == CLOSED
        names = ["stage"] + [n for n in ("stage_reason", *_CLOSING) if case.case.get(n)]
        conflicts = [n for n in _FIELDS if n in case.case.conflicts]
        self._facts.show_values(
            REGISTRY["case"],
            [*names, *(n for n in conflicts if n not in names)],
            case.case.values,
            self.context,
            conflicts,
        )
        for button in (self.change_button, self.close_button):
            button.setHidden(closed)
        self.reopen_button.setHidden(not closed)
        self.record_button.setHidden(not closed)
        self.archive.setHidden(not closed)
        case_id = case.row.case_id
        self.host.ask(Closing(case_id), lambda found: self._answer(case_id, found), owner=self)

    def _check(self, case: CaseView) -> Checker:
        """A case that moves takes everything along: that is sharing, and needs consent."""
        part = self.parts["case"][1]
        plain = checker_of(case, "case", part.edited_id, self.host.context.now)

        def check(values: Mapping[str, Any]) -> list[Problem]:
            found = plain(values)
            covers = covering(case, self.main_id, "commune")
            if values.get("unit") != case.case.get("unit") and not covers.covered:
                found.append(Problem("unit", "consent", covers.text, impossible=False))
            return found

        return check

    def _answer(self, case_id: str, found: ClosingView) -> None:
        if self.case is None or self.case.row.case_id != case_id:
            return
        self.found = found
        today = self.host.context.now().date()
        rows = []
        for item in found.items:
            by = ""
            if item.due is not None:
                day = parsing.show_date(item.due)
                by = f"{day} ({parsing.distance(item.due, today)})"
            mark = ("late", "late") if item.late else ("clock", "due")
            rows.append(((item.whole, by), mark, item))
        self.table.show_rows(rows)
        count = len(rows)
        text = ngettext("{n} thing is still open", "{n} things are still open", count)
        self._open_head.setText(text.format(n=count) if count else _("Nothing is open."))
        self._open_note.setVisible(bool(rows))
        self._say_archive()
        self._fit_form()

    def _say_archive(self) -> None:
        found = self.found
        if found is None or found.archive_by is None:
            self.archive.setText("")
            return
        text = _("The file goes to the archive by {day} ({law}).")
        day = parsing.show_date(found.archive_by)
        self.archive.setText(text.format(day=day, law=found.archive_law))

    def _go(self) -> None:
        item = self.table.chosen()
        if item is not None:
            self.section_wanted.emit(item.section)

    # -- changing the stage ----------------------------------------------------------------

    def propose(self, stage: str) -> None:
        """Open the form with *stage* chosen; the next one if none is named."""
        if self.case is None:
            return
        now = self.case.row.stage
        if not stage:
            place = STAGES.index(now) if now in STAGES else -1
            stage = STAGES[min(place + 1, len(STAGES) - 1)]
        if stage == now:
            return
        self._open_form({"stage": stage})
        after = "closed_code" if stage == CLOSED else "stage"
        go_to(self.form.editor("stage_reason" if self._needs_reason() else after))

    def _open_form(self, typed: Mapping[str, Any]) -> None:
        kit.clear(self._place)
        self.form = RecordForm(
            REGISTRY["case"],
            {},
            context=self.context,
            fields=_FIELDS,
            required=(),
            name="stage_form",
            keys=False,
        )
        self.form.suggest({"closed_on": self.host.context.now().date().isoformat()})
        self.form.restore(typed)
        self.form.edited.connect(self._typed)
        self.form.finished.connect(self.do_button.setFocus)
        self._place.addWidget(self.form)
        self._buttons.hide()
        self._form_row.show()
        self._fit_form()
        self.edited.emit()

    def _typed(self, name: str) -> None:
        if name == "stage":
            self._fit_form()
        self.edited.emit()

    def _target(self) -> str:
        return str(self.form.editor("stage").value() or "") if self.form is not None else ""

    def _needs_reason(self) -> bool:
        return self.case is not None and needs_reason(self.case.row.stage, self._target())

    def _fit_form(self) -> None:
        if self.form is None or self.case is None:
            return
        now, target = self.case.row.stage, self._target()
        closing = target == CLOSED and now != CLOSED
        self.form.show_fields(_CLOSING, shown=closing)
        self.form.show_fields(("stage_reason",), shown=self._needs_reason())
        words = SMALL_LISTS["stage"]
        passed = ", ".join(words.label(s) for s in skipped(now, target))
        if closing:
            count = len(self.found.items) if self.found else 0
            hint = ngettext(
                "{n} thing is still open; see below.",
                "{n} things are still open; see below.",
                count,
            ).format(n=count)
            hint = hint if count else ""
            if self.found is not None and self.found.archive_by is not None:
                day = parsing.show_date(self.found.archive_by)
                text = _("After closing the file goes to the archive, by {day} if closed today.")
                hint = f"{hint} {text.format(day=day)}".strip()
        elif now == CLOSED and target != now:
            hint = _("The case is opened again. Why?")
        elif goes_back(now, target):
            hint = _("The case goes back. Why?")
        elif passed:
            hint = _("This leaves out: {stages}. Why?").format(stages=passed)
        else:
            hint = ""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        verb = _("Change the stage")
        verb = _("Close the case") if closing else _("Open it again") if now == CLOSED else verb
        self.do_button.setText(verb)
        self.do_button.setAccessibleName(verb)
        self.do_button.setEnabled(bool(target) and target != now)

    def stop(self) -> None:
        """Leave the stage as it is."""
        kit.clear(self._place)
        self.form = None
        self._form_row.hide()
        self._buttons.show()
        # The keyboard stays in the section, whichever of the buttons there are now.
        self.hand_button.setFocus()
        self.edited.emit()

    def apply(self) -> None:
        """Change the stage, close the case or open it again."""
        if self.form is None or self.case is None or not self.form.check():
            return
        case_id, now, target = self.case.row.case_id, self.case.row.stage, self._target()
        values = self.form.values()
        if not target or target == now:
            return
        reason = str(values.get("stage_reason") or "") if self._needs_reason() else ""
        if target == CLOSED:
            words, code = values.get("closed_reason") or "", values.get("closed_code") or ""
            command = CloseCase(case_id, code, words, values.get("closed_on") or "")
        elif now == CLOSED:
            command = ReopenCase(case_id, reason, target)
        else:
            command = ChangeStage(case_id, target, reason)
        self.host.do(command, self._done, owner=self, failed=self._refused)

    def _done(self, moved: Moved) -> None:
        target = self._target()
        self.stop()
        text = {
            CLOSED: _("The case is closed."),
        }.get(target, _("Stage: {stage}").format(stage=SMALL_LISTS["stage"].label(target)))
        self.host.undo.offer(text, lambda: self.host.do(UndoStage(moved)))
        if target == CLOSED:
            host, case_id = self.host, moved.case_id
            # The message may outlive this page.
            self.host.messages.tell(
                _("The case is closed. Print the closing record now?"),
                actions=(
                    (
                        _("Closing record"),
                        lambda: host.go("paper", case_id=case_id, form=CLOSING),
                    ),
                ),
            )

    def _refused(self, problem: Exception) -> None:
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _type, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
                    self.form.editor(name).mark(problem=True)
                    go_to(self.form.editor(name))
            return
        self.host.fail(problem)

    # -- drafts and keys -------------------------------------------------------------------

    def submit(self) -> None:
        """Ctrl+Enter: the stage when its form is open, else as every section."""
        if self.form is not None:
            self.apply()
        else:
            super().submit()

    def open_drafts(self) -> dict[str, Any]:
        """What the open forms hold, that of the stage too."""
        found = super().open_drafts()
        if self.form is not None:
            found[STAGE_DRAFT] = self.form.draft()
        return found

    def restore(self, drafts: Mapping[str, Any]) -> None:
        """Open the forms again with what they held."""
        super().restore(drafts)
        if drafts.get(STAGE_DRAFT):
            self._open_form(drafts[STAGE_DRAFT])

    # -- another officer -------------------------------------------------------------------

    def restrict(self) -> None:
        """Say which officers may look into the case."""
        if self.case is not None:
            RestrictDialog(self.window(), self.host, self.case.row.case_id).open()

    def hand_over(self) -> None:
        """Give this case to another officer."""
        if self.case is not None:
            HandOverDialog(self.window(), self.host, case=self.case).open()
