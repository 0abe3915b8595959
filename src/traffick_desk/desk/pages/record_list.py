"""Records of one kind as a short list: add, change, take out, all in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors import Context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages.checking import Checker, Watch, no_check
from traffick_desk.desk.pages.conditions import Conditions, remark_on_age
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import summary
from traffick_desk.desk.pages.wrapping import WrapDelegate, steady_icon
from traffick_desk.domain.spine import RecordType
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import _

MOST_LINES = 6
_ROOT = QModelIndex()


def leave_keys_to_page(form: RecordForm) -> None:
    """F1 and Ctrl+Enter are the page's: of two owners of a key neither would get it."""
    for shortcut in form.findChildren(QShortcut):
        shortcut.setEnabled(False)


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the list.

    Attributes:
        text: how it reads; made from the values when empty.
        tone: of its icon, "" for none.
        voided: the reason when it was voided.
    """

    id: str
    values: Mapping[str, Any]
    heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    tone: str = ""
    voided: str = ""


class LineModel(QAbstractListModel):
    """The lines of a record list."""

    def __init__(self, words: Callable[[Line], str]) -> None:
        super().__init__()
        self._words = words
        self._lines: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show *lines*."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> Line:
        """The line in *row*."""
        return self._lines[row]

    def lines(self) -> tuple[Line, ...]:
        """All lines."""
        return tuple(self._lines)

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        """How many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and icon of a line."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                text = self._words(line)
                if not line.voided:
                    return text
                reason = _("Not valid: {reason}").format(reason=line.voided)
                return f"{text}\n{reason}"
            case Qt.ItemDataRole.DecorationRole:
                tone = "muted" if line.voided else line.tone
                icon = "void" if line.voided else kit.TONE_ICONS.get(tone, "")
                return steady_icon(icon, tone) if icon else None
            case Qt.ItemDataRole.UserRole:
                return line.id
        return None


class RecordList(QWidget):
    """A list of records with a form that opens below it.

    The list itself keeps nothing: the page hears of changes, keeps them and
    calls :meth:`show_lines`.

    Signals:
        submitted: a record was filled in; Emits: its id ("" for a new one), the changed values.
        removed: a record is to be taken out; Emits: its id, the reason ("" if none is asked).
        edited: something was typed in the open form.
        opened: the form was opened or closed; Emits: whether it is open.
    """

    submitted = Signal(str, object)
    removed = Signal(str, str)
    edited = Signal()
    opened = Signal(bool)

    def __init__(
        self,
        record_type: RecordType,
        context: Context,
        *,
        title: str,
        add: str,
        fields: Sequence[str],
        line: Sequence[str] = (),
        fixed: Mapping[str, Any] | None = None,
        required: Sequence[str] | None = None,
        suggest: Callable[[], Mapping[str, Any]] = dict,
        empty: str = "",
        reason: bool = False,
        read_only: bool = False,
        groups: Mapping[str, str] | None = None,
        name: str = "",
    ) -> None:
        """Make the list.

        Args:
            record_type: of the records.
            context: choices and clock.
            title: heading above the list, "" for none.
            add: words of the button that adds one.
            fields: what the form shows.
            line: fields that make the text of a line; by default those of the form.
            fixed: values of new records that the form does not show.
            required: fields that must be filled in; by default as the spine says.
            suggest: gives proposals for a new record.
            empty: what stands there while the list is empty.
            reason: whether taking out needs a reason (a saved record is voided, never deleted).
            read_only: show without changing.
            groups: first field of a group of the form → its heading.
            name: ``objectName``.
        """
        super().__init__()
        self.record_type, self.context = record_type, context
        self._name = name or record_type.name
        self.setObjectName(f"{self._name}_records")
        self._fields, self._fixed, self._required = tuple(fields), dict(fixed or {}), required
        self._line, self._suggest, self._reason = tuple(line or fields), suggest, reason
        self.read_only, self._groups = read_only, groups
        self.check: Checker = no_check
        self.form: RecordForm | None = None
        self.conditions: Conditions | None = None
        self._watch: Watch | None = None
        self.editing = ""
        self.model = LineModel(self._words)
        self._build(title, add, empty)
        self.show_lines(())

    # -- building --------------------------------------------------------------------------

    def _build(self, title: str, add: str, empty: str) -> None:
        self.view = QListView()
        self.view.setObjectName(f"{self._name}_list")
        self.view.setAccessibleName(title or self.record_type.shown_label())
        self.view.setModel(self.model)
        self.view.setWordWrap(True)
        self.view.setItemDelegate(WrapDelegate(self.view))
        self.view.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.doubleClicked.connect(lambda _index: self.change())
        self.view.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self._key("Return", self.change)
        self._key("Enter", self.change)
        self._key("Delete", self.ask_to_remove)
        self.empty = kit.label(empty, "muted", name=f"{self._name}_empty")
        self.add_button = kit.button(add, f"{self._name}_add", self.add, icon="plus")
        self.change_button = kit.button(
            _("Change"), f"{self._name}_change", self.change, icon="edit", role="quiet"
        )
        words = _("Not valid…") if self._reason else _("Take out")
        self.remove_button = kit.button(
            words, f"{self._name}_remove", self.ask_to_remove, icon="void", role="quiet"
        )
        flow = kit.FlowLayout(gap=8)
        for made in (self.add_button, self.change_button, self.remove_button):
            flow.addWidget(made)
        self._buttons = kit.panel(flow, name=f"{self._name}_buttons")
        self._ask = self._reason_row()
        self._place = kit.vbox(gap=8)
        self.card = kit.card(self._place, name=f"{self._name}_card")
        self.card.hide()
        head = kit.label(title, "subheading", name=f"{self._name}_title") if title else None
        parts = [head] if head else []
        self.setLayout(
            kit.vbox(*parts, self.empty, self.view, self._buttons, self._ask, self.card, gap=8)
        )

    def _reason_row(self) -> QWidget:
        self.reason = QLineEdit()
        self.reason.setObjectName(f"{self._name}_reason")
        words = _("Why is it not valid? It stays readable, with this reason.")
        self.reason.setAccessibleName(words)
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda text: self._void.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self._remove)
        self._void = kit.button(
            _("Mark as not valid"), f"{self._name}_void", self._remove, role="danger"
        )
        self._void.setEnabled(False)
        keep = kit.button(_("Keep"), f"{self._name}_keep", self._stop_asking)
        row = kit.panel(
            kit.vbox(kit.label(words, "label"), self.reason, kit.hbox(self._void, keep, None)),
            name=f"{self._name}_ask",
        )
        row.hide()
        return row

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(act)

    # -- lines -----------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show *lines*; an open form stays open."""
        current = self.chosen()
        self.model.show_lines(lines)
        self.view.setVisible(bool(lines))
        self.empty.setVisible(not lines and bool(self.empty.text()))
        for row, line in enumerate(lines):
            if current is not None and line.id == current.id:
                self.view.setCurrentIndex(self.model.index(row))
        self._fit()
        self._choose()

    def chosen(self) -> Line | None:
        """The line that is chosen; the only line when there is one."""
        index = self.view.currentIndex()
        if index.isValid():
            return self.model.line(index.row())
        return self.model.line(0) if self.model.rowCount() == 1 else None

    def _words(self, line: Line) -> str:
        text = line.text or summary(self.record_type, line.values, self.context, self._line)
        return text or self.record_type.shown_label()

    def _choose(self) -> None:
        line = self.chosen()
        usable = line is not None and not line.voided and not self.read_only
        for made in (self.change_button, self.remove_button):
            made.setVisible(usable)
        self.add_button.setVisible(not self.read_only)
        self._buttons.setVisible(self.form is None and not self.read_only)

    def _fit(self) -> None:
        rows = min(self.model.rowCount(), MOST_LINES)
        heights = [self.view.sizeHintForRow(row) for row in range(rows)]
        frame = 2 * self.view.frameWidth() + theme.current().px(8)
        self.view.setFixedHeight(max(sum(heights), theme.current().control_height) + frame)

    def resizeEvent(self, event) -> None:
        """Long lines wrap: measure again."""
        super().resizeEvent(event)
        self._fit()

    # -- the form --------------------------------------------------------------------------

    def add(self, values: Mapping[str, Any] | None = None) -> None:
        """Open the form for a new record."""
        self._open("", {})
        self.form.suggest({**self._suggest(), **(values or {})})
        self.conditions.apply()
        self._first_field()

    def change(self) -> None:
        """Open the form for the chosen record."""
        line = self.chosen()
        if line is None or line.voided or self.read_only:
            return
        self._open(line.id, line.values)
        self._first_field()

    def is_open(self) -> bool:
        """Whether a form is open."""
        return self.form is not None

    def close_form(self) -> None:
        """Close the form without keeping what it holds."""
        self._clear()
        self._choose()
        self.opened.emit(False)
        (self.add_button if self.model.rowCount() == 0 else self.view).setFocus()

    def submit(self) -> bool:
        """Hand over what the open form holds; false while something in it cannot be.

        The owner answers with :meth:`close_form` or :meth:`refuse`.
        """
        if self.form is None:
            return True
        if self.conditions.problems(saving=True):
            self.form.check()
            return False
        record, changes = self.editing, self.conditions.changes()
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

    def draft(self) -> dict[str, Any] | None:
        """What the open form holds, for a draft; ``None`` when it is closed."""
        if self.form is None:
            return None
        return {"id": self.editing, "typed": self.form.draft()}

    def restore(self, draft: Mapping[str, Any] | None) -> None:
        """Open the form again with what :meth:`draft` gave."""
        if not draft:
            return
        lines = {line.id: line for line in self.model.lines()}
        record = draft.get("id", "")
        if record and record not in lines:
            record = ""
        self._open(record, lines[record].values if record else {})
        self.form.restore(draft.get("typed", {}))
        self.conditions.apply()

    def _open(self, record: str, values: Mapping[str, Any]) -> None:
        self._clear()
        self._stop_asking()
        self.editing = record
        form = RecordForm(
            self.record_type,
            values,
            context=self.context,
            fields=self._fields,
            required=self._required,
            groups=self._groups,
            name=f"{self._name}_form",
        )
        self.form, self.conditions = form, Conditions(form, self._fixed)
        leave_keys_to_page(form)
        known = {**self._fixed, **values}
        self._watch = Watch(form, lambda: {**known, **self.conditions.values()}, self._look)
        form.edited.connect(self._typed)
        words = _("Keep in the list") if not self._reason else _("Save")
        keep = kit.button(words, f"{self._name}_submit", self.submit, role="primary")
        stop = kit.button(_("Cancel"), f"{self._name}_cancel", self.close_form)
        form.finished.connect(lambda: keep.setFocus(Qt.FocusReason.TabFocusReason))
        self._place.addWidget(form)
        self._place.addWidget(kit.panel(kit.hbox(keep, stop, None)))
        self.card.show()
        self._buttons.hide()
        self.opened.emit(True)

    def _look(self, values: Mapping[str, Any]) -> list[Problem]:
        return self.check(values)

    def _typed(self, name: str) -> None:
        if name == "birth":
            remark_on_age(self.form, self.context.now().date())
        self.edited.emit()

    def _first_field(self) -> None:
        first = next(n for n in self.form.names() if n not in self.conditions.hidden)
        go_to(self.form.editor(first))

    def _clear(self) -> None:
        kit.clear(self._place)
        self.card.hide()
        self.form = self.conditions = None
        self.editing = ""

    # -- taking out ------------------------------------------------------------------------

    def ask_to_remove(self) -> None:
        """Ask for the reason, or take out at once where none is needed."""
        line = self.chosen()
        if line is None or line.voided or self.read_only:
            return
        if not self._reason:
            self.removed.emit(line.id, "")
            return
        self._ask.show()
        go_to(self.reason)

    def _remove(self) -> None:
        line, reason = self.chosen(), self.reason.text().strip()
        if line is None or not reason:
            return
        self._stop_asking()
        self.removed.emit(line.id, reason)

    def _stop_asking(self) -> None:
        self.reason.clear()
        self._ask.hide()
