"""One record of a case: read as words, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages.checking import Checker, Watch, no_check
from traffick_desk.desk.pages.conditions import Conditions, hidden_fields, remark_on_age
from traffick_desk.desk.pages.record_list import leave_keys_to_page
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import shown
from traffick_desk.domain.spine import RecordType
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import _
from traffick_desk.services.views import RecordView


class FactsView(QWidget):
    """The values of a record in words; what is not known is named in one quiet line."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_facts")
        self._grid = QGridLayout()
        kit.measures(self._grid, 0, 6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(16)
        self.setLayout(self._grid)

    def show_values(
        self,
        record_type: RecordType,
        fields: Sequence[str],
        values: Mapping[str, Any],
        context: Context,
        conflicts: Sequence[str] = (),
    ) -> None:
        """Show *values*; fields with rival values say so."""
        kit.clear(self._grid)
        missing = []
        row = 0
        for name in fields:
            field = record_type[name]
            text = shown(field, values.get(name), context)
            if not text and name not in conflicts:
                missing.append(field.shown_label())
                continue
            label = kit.label(field.shown_label(), "muted", name=f"{name}_name")
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            value = kit.label(text, name=f"{name}_value")
            value.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(f"{field.shown_label()}: {text}")
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(value, row, 1)
            if name in conflicts:
                self._grid.addWidget(kit.badge(_("two values"), "due"), row, 2)
            row += 1
        if missing:
            text = _("Not known yet: {fields}").format(fields=", ".join(missing))
            self._grid.addWidget(kit.label(text, "muted", name="missing_facts"), row, 0, 1, 3)


class RecordPart(QWidget):
    """One record: read, or edited after “Change”. The page keeps it.

    Signals:
        submitted: Emits: the record's id ("" for a new one), the changed values.
        edited: something was typed.
        opened: the form was opened or closed; Emits: whether it is open.
    """

    submitted = Signal(str, object)
    edited = Signal()
    opened = Signal(bool)

    def __init__(
        self,
        record_type: RecordType,
        context: Context,
        *,
        name: str,
        fields: Sequence[str],
        title: str = "",
        required: Sequence[str] = (),
        fixed: Mapping[str, Any] | None = None,
        suggest: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        """Make the part; the arguments are those of :class:`RecordList`."""
        super().__init__()
        self.record_type, self.context, self.fields = record_type, context, tuple(fields)
        self.name = name
        self.setObjectName(f"{name}_part")
        self._required, self._fixed, self._suggest = required, dict(fixed or {}), suggest
        self.record: RecordView | None = None
        self.check: Checker = no_check
        self.form: RecordForm | None = None
        self._watch: Watch | None = None
        self.conditions: Conditions | None = None
        self._facts = FactsView(name)
        self.change_button = kit.button("", f"{name}_change", self.change, icon="edit")
        head = [kit.label(title, "subheading", name=f"{name}_title")] if title else []
        self._read = kit.panel(kit.vbox(self._facts, kit.hbox(self.change_button, None), gap=12))
        self._place = kit.vbox(gap=8)
        self._edit = kit.panel(self._place)
        self._edit.hide()
        self.setLayout(kit.vbox(kit.card(*head, self._read, self._edit, name=f"{name}_card")))
        self.show_record(None)

    def show_record(self, record: RecordView | None) -> None:
        """Show *record* (``None``: not written yet); an open form stays as it is."""
        self.record = record
        values = record.values if record else {}
        conflicts = tuple(record.conflicts) if record else ()
        unfit = hidden_fields(self.record_type.name, {**self._fixed, **values})
        fields = [n for n in self.fields if n not in unfit or values.get(n)]
        self._facts.show_values(self.record_type, fields, values, self.context, conflicts)
        words = _("Change (F2)") if record else _("Write it down (F2)")
        self.change_button.setText(words)
        self.change_button.setAccessibleName(words)

    def is_open(self) -> bool:
        """Whether the form is open."""
        return self.form is not None

    def change(self) -> None:
        """Open the form."""
        if self.form is not None:
            return
        self._open(self.record.values if self.record else {})
        if self.record is None:
            self.form.suggest(self._suggest())
            self.conditions.apply()
        first = next(n for n in self.form.names() if n not in self.conditions.hidden)
        go_to(self.form.editor(first))

    def submit(self) -> bool:
        """Hand over the changes; false while something cannot be saved."""
        if self.form is None:
            return True
        if self.conditions.problems(saving=True):
            self.form.check()
            return False
        changes = self.conditions.changes()
        if not changes:
            self.close_form()
            return True
        if impossible := self._watch.impossible():
            self.refuse(impossible)
            return False
        record = self.record.id if self.record else ""
        self.submitted.emit(record, changes if record else {**self._fixed, **changes})
        return True

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say beside the fields why they could not be saved."""
        if self.form is None:
            return
        for name in self.form.names():
            if name in problems:
                self.form.box(name).say(problems[name], "late")
                self.form.editor(name).mark(problem=True)
                go_to(self.form.editor(name))

    def close_form(self) -> None:
        """Back to reading; what the form holds is not kept."""
        kit.clear(self._place)
        self.form = self.conditions = None
        self._edit.hide()
        self._read.show()
        self.change_button.setFocus()
        self.opened.emit(False)

    def draft(self) -> dict[str, Any] | None:
        """What the open form holds; ``None`` when it is closed or nothing was changed."""
        if self.form is None or not self.form.is_changed():
            return None
        return {"id": self.record.id if self.record else "", "typed": self.form.draft()}

    def restore(self, draft: Mapping[str, Any] | None) -> None:
        """Open the form with what :meth:`draft` gave."""
        if not draft:
            return
        if self.form is None:
            self._open(self.record.values if self.record else {})
        self.form.restore(draft.get("typed", {}))
        self.conditions.apply()

    def _open(self, values: Mapping[str, Any]) -> None:
        form = RecordForm(
            self.record_type,
            values,
            context=self.context,
            fields=self.fields,
            required=self._required,
            name=f"{self.name}_form",
        )
        leave_keys_to_page(form)
        self.form, self.conditions = form, Conditions(form, self._fixed)
        known = {**self._fixed, **values}
        self._watch = Watch(form, lambda: {**known, **self.conditions.values()}, self._look)
        form.edited.connect(self._typed)
        save = kit.button(
            _("Save"),
            f"{self.name}_submit",
            self.submit,
            role="primary",
            tooltip=_("Save (Ctrl+Enter)"),
        )
        stop = kit.button(_("Cancel"), f"{self.name}_cancel", self.close_form)
        form.finished.connect(lambda: save.setFocus(Qt.FocusReason.TabFocusReason))
        self._place.addWidget(form)
        self._place.addWidget(kit.panel(kit.hbox(save, stop, None)))
        self._read.hide()
        self._edit.show()
        self.opened.emit(True)

    def _look(self, values: Mapping[str, Any]) -> list[Problem]:
        return self.check(values)

    def _typed(self, name: str) -> None:
        if name == "birth":
            remark_on_age(self.form, self.context.now().date())
        self.edited.emit()
