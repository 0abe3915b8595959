"""A record whose form opens in place: what a single record and a list of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages.checking import Checker, Watch, no_check
from traffick_desk.desk.pages.conditions import Conditions, remark_on_age
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.domain.spine import RecordType
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import _


class RecordEdit(QWidget):
    """Opens the form of a record and hands over what was changed; the page keeps it.

    Signals:
        submitted: a record was filled in; Emits: its id ("" for a new one), the changed values.
        edited: something was typed in the open form.
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
        required: Sequence[str] | None,
        fixed: Mapping[str, Any] | None,
        suggest: Callable[[], Mapping[str, Any]],
        groups: Mapping[str, str] | None = None,
    ) -> None:
        """Nothing is open yet.

        Args:
            record_type: of the records.
            context: choices and clock.
            name: of the record, for the names of its widgets.
            fields: what the form shows.
            required: fields that must be filled in; by default as the spine says.
            fixed: values of new records that the form does not show.
            suggest: gives proposals for a new record.
            groups: first field of a group of the form → its heading.
        """
        super().__init__()
        self.record_type, self.context, self.name = record_type, context, name
        self.fields, self._required = tuple(fields), required
        self._fixed, self._suggest = dict(fixed or {}), suggest
        self._groups = groups
        self.check: Checker = no_check
        # Fields that do not apply because of the rest of the case; the page sets it.
        self.unfit: Callable[[Mapping[str, Any]], set[str]] = lambda _values: set()
        self.form: RecordForm | None = None
        self.conditions: Conditions | None = None
        self._watch: Watch | None = None
        self.place = kit.vbox(gap=8)

    def edited_id(self) -> str:
        """The id of the record that the form edits, "" for a new one."""
        raise NotImplementedError

    def close_form(self) -> None:
        """Close the form without keeping what it holds."""
        raise NotImplementedError

    def is_open(self) -> bool:
        """Whether the form is open."""
        return self.form is not None

    def submit(self) -> bool:
        """Hand over what the open form holds; false while something in it cannot be.

        The owner answers with :meth:`close_form` or :meth:`refuse`.
        """
        if self.form is None:
            return True
        if self.conditions.problems(saving=True):
            self.form.check()
            return False
        record, changes = self.edited_id(), self.conditions.changes()
        if not changes:
            self.close_form()
            return True
        if impossible := self._watch.impossible():
            self.refuse(impossible)
            return False
        # The form stays open until the owner has kept what it holds.
        self.submitted.emit(record, changes if record else {**self._fixed, **changes})
        return True

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say beside the fields why what was handed over could not be kept."""
        if self.form is None:
            return
        for name in self.form.names():
            if name in problems:
                self.form.box(name).say(problems[name], "late")
                self.form.editor(name).mark(problem=True)
                go_to(self.form.editor(name))

    def _fill_place(self, values: Mapping[str, Any], words: str, tooltip: str = "") -> None:
        """Put the form and its two buttons into :attr:`place`; *words* are those of saving."""
        form = RecordForm(
            self.record_type,
            values,
            context=self.context,
            fields=self.fields,
            required=self._required,
            groups=self._groups,
            name=f"{self.name}_form",
            keys=False,
        )
        known = {**self._fixed, **values}
        beside = {name: v for name, v in known.items() if name not in form.names()}
        self.form, self.conditions = form, Conditions(form, beside, self.unfit)
        self._watch = Watch(form, lambda: {**known, **self.conditions.values()}, self._look)
        form.edited.connect(self._typed)
        save = kit.button(
            words, f"{self.name}_submit", self.submit, role="primary", tooltip=tooltip
        )
        stop = kit.button(_("Cancel"), f"{self.name}_cancel", self.close_form)
        form.finished.connect(lambda: save.setFocus(Qt.FocusReason.TabFocusReason))
        self.place.addWidget(form)
        self.place.addWidget(kit.panel(kit.hbox(save, stop, None)))

    def _empty_place(self) -> None:
        kit.clear(self.place)
        self.form = self.conditions = None

    def look(self) -> None:
        """Look at the whole form again, as when a field is left."""
        if self._watch is not None and self.form is not None:
            self._watch.look()

    def _first_field(self) -> None:
        first = next(n for n in self.form.names() if n not in self.conditions.hidden)
        go_to(self.form.editor(first))

    def _look(self, values: Mapping[str, Any]) -> list[Problem]:
        # Asked anew each time: the page sets another check whenever it shows the case again.
        return self.check(values)

    def _typed(self, name: str) -> None:
        if name == "birth":
            remark_on_age(self.form, self.context.now().date())
        self.edited.emit()
