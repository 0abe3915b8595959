"""A card that asks for one record of a unit: a team, a person, a plan, a finding, a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.unit_conflicts import ConflictsCard
from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.base import new_id
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

# (edits) → the command that saves them.
Save = Callable[[tuple[Edit, ...]], Any]


class UnitPanel(QFrame):
    """One form at a time; new records belong to the unit of this desk unless it is said.

    Signals:
        saved: a record was saved; Emits: its type and id.
        closed: saved, or left alone.
    """

    saved = Signal(str, str)
    closed = Signal()

    def __init__(self, host: Host, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_panel")
        self.setProperty("role", "card")
        self._host, self._name = host, name
        self.form: RecordForm | None = None
        self._record: RecordView | None = None
        self._type = ""
        self._save: Save | None = None
        self._fixed: dict[str, Any] = {}
        self._unit = ""
        self._place = kit.vbox()
        self._title = kit.label("", "subheading", name=f"{name}_title")
        self.conflicts = ConflictsCard(host)
        self.conflicts.settled.connect(self.close_form)
        self.submit_button = kit.button(
            _("&Save"), f"{name}_save", self.submit, role="primary", icon="check"
        )
        self.void_button = kit.button(_("Not valid…"), f"{name}_void", self.ask_void, role="quiet")
        cancel = kit.button(_("Cancel"), f"{name}_cancel", self.close_form)
        foot = kit.hbox(self.submit_button, cancel, None, self.void_button)
        self.setLayout(kit.vbox(self._title, self.conflicts, self._place, foot, margins=16, gap=12))
        self.hide()

    def open(
        self,
        type_name: str,
        title: str,
        save: Save,
        *,
        record: RecordView | None = None,
        suggest: Mapping[str, Any] | None = None,
        fixed: Mapping[str, Any] | None = None,
        unit: str = "",
        hide: Sequence[str] = (),
        **choices: Sequence[Choice],
    ) -> None:
        """Ask for a record.

        Args:
            type_name: of the record.
            title: above the form.
            save: makes the command that saves.
            record: the one to change; a new one if ``None``.
            suggest: proposals for a new one.
            fixed: values that are not asked.
            unit: to which a new one belongs; this desk's own if empty.
            hide: fields that are not asked.
            **choices: of reference fields.
        """
        kit.clear(self._place)
        self._type, self._save, self._record = type_name, save, record
        self._fixed, self._unit = dict(fixed or {}), unit or self._host.desk.info.unit
        self._title.setText(title)
        self.form = RecordForm(
            REGISTRY[type_name],
            record.values if record is not None else {},
            context=self._host.context.with_choices(**choices),
            hide=("unit", *self._fixed, *hide),
            name=f"{self._name}_form",
            keys=False,
        )
        if record is None and suggest:
            self.form.suggest(suggest)
        self.form.finished.connect(
            lambda: self.submit_button.setFocus(Qt.FocusReason.TabFocusReason)
        )
        self._place.addWidget(self.form)
        self.void_button.setVisible(record is not None)
        self.conflicts.show_record(record)
        self.show()
        go_to(self.form.editor(self.form.names()[0]))

    def close_form(self) -> None:
        """Leave everything as it is."""
        self.form = self._record = None
        kit.clear(self._place)
        self.hide()
        self.closed.emit()

    def submit(self) -> None:
        """Save what is filled in."""
        if self.form is None or not self.form.check():
            return
        changes = self.form.changes()
        if self._record is not None:
            if not changes:
                self.close_form()
                return
            edit = Edit(self._type, self._record.id, changes, self._record.heads)
        else:
            record = unit_record_id(self._unit, new_id())
            edit = Edit(self._type, record, {**self._fixed, **changes})
        before = self._record
        self._do(edit, before)

    def _do(self, edit: Edit, before: RecordView | None) -> None:
        save = self._save

        def done(_ids: object) -> None:
            self.close_form()
            self.saved.emit(edit.type, edit.id)
            if before is None:
                back = Edit(edit.type, edit.id, {VOID: _("taken back")})
            else:
                back = Edit(edit.type, edit.id, {n: before.get(n) for n in edit.values})
            self._host.undo.offer(_("Saved."), lambda: self._host.do(save((back,))))

        self._host.do(save((edit,)), done, owner=self, failed=self._refused)

    def _refused(self, problem: Exception) -> None:
        self._host.fail(problem)
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _kind, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
                    go_to(self.form.editor(name))

    def ask_void(self) -> None:
        """Mark the record as not valid; it can be taken back."""
        record, save = self._record, self._save
        if record is None:
            return

        def done(_ids: object) -> None:
            self.close_form()
            back = Edit(record.type, record.id, {VOID: None})
            self._host.undo.offer(_("Marked as not valid."), lambda: self._host.do(save((back,))))

        edit = Edit(record.type, record.id, {VOID: _("marked as not valid by the officer")})
        self._host.do(save((edit,)), done, owner=self)
