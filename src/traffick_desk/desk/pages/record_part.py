"""One record of a case: read as words, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Context
from traffick_desk.desk.pages.conditions import hidden_fields
from traffick_desk.desk.pages.record_edit import RecordEdit
from traffick_desk.desk.pages.showing import shown
from traffick_desk.domain.spine import RecordType
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


class RecordPart(RecordEdit):
    """One record: read, or edited after “Change”. The page keeps it."""

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
        """Make the part; *title* is its heading, "" for none, the rest as in the base."""
        super().__init__(
            record_type,
            context,
            name=name,
            fields=fields,
            required=required,
            fixed=fixed,
            suggest=suggest,
        )
        self.setObjectName(f"{name}_part")
        self.record: RecordView | None = None
        self._facts = FactsView(name)
        self.change_button = kit.button("", f"{name}_change", self.change, icon="edit")
        head = [kit.label(title, "subheading", name=f"{name}_title")] if title else []
        self._read = kit.panel(kit.vbox(self._facts, kit.hbox(self.change_button, None), gap=12))
        self._edit = kit.panel(self.place)
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

    def edited_id(self) -> str:
        """See :class:`RecordEdit`."""
        return self.record.id if self.record else ""

    def change(self) -> None:
        """Open the form."""
        if self.form is not None:
            return
        self._open(self.record.values if self.record else {})
        if self.record is None:
            self.form.suggest(self._suggest())
            self.conditions.apply()
        self._first_field()

    def close_form(self) -> None:
        """Back to reading; what the form holds is not kept."""
        self._empty_place()
        self._edit.hide()
        self._read.show()
        self.change_button.setFocus()
        self.opened.emit(False)

    def draft(self) -> dict[str, Any] | None:
        """What the open form holds; ``None`` when it is closed or nothing was changed."""
        if self.form is None or not self.form.is_changed():
            return None
        return {"id": self.edited_id(), "typed": self.form.draft()}

    def restore(self, draft: Mapping[str, Any] | None) -> None:
        """Open the form with what :meth:`draft` gave."""
        if not draft:
            return
        if self.form is None:
            self._open(self.record.values if self.record else {})
        self.form.restore(draft.get("typed", {}))
        self.conditions.apply()

    def _open(self, values: Mapping[str, Any]) -> None:
        self._fill_place(values, _("Save"), _("Save (Ctrl+Enter)"))
        self._read.hide()
        self._edit.show()
        self.opened.emit(True)
