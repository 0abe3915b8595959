"""Records of one kind as a short list: add, change, take out, all in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.editors import Context
from traffick_desk.desk.pages.lines import LinesModel
from traffick_desk.desk.pages.record_edit import RecordEdit
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import summary
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.spine import RecordType
from traffick_desk.i18n import _

MOST_LINES = 6


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


class LineModel(LinesModel[Line]):
    """The lines of a record list."""

    def __init__(self, words: Callable[[Line], str], parent: QObject | None = None) -> None:
        super().__init__(parent=parent)
        self._words = words

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and icon of a line."""
        if not index.isValid():
            return None
        line = self.line(index.row())
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
                return icons.steady(icon, tone) if icon else None
            case Qt.ItemDataRole.UserRole:
                return line.id
        return None


class RecordList(RecordEdit):
    """A list of records with a form that opens below it.

    The list itself keeps nothing: the page hears of changes, keeps them and
    calls :meth:`show_lines`.

    Signals:
        removed: a record is to be taken out; Emits: its id, the reason ("" if none is asked).
    """

    removed = Signal(str, str)

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
        super().__init__(
            record_type,
            context,
            name=name or record_type.name,
            fields=fields,
            required=required,
            fixed=fixed,
            suggest=suggest,
            groups=groups,
        )
        self.setObjectName(f"{self.name}_records")
        self._line, self._reason, self.read_only = tuple(line or fields), reason, read_only
        self.editing = ""
        self.model = LineModel(self._words, self)
        self._build(title, add, empty)
        self.show_lines(())

    # -- building --------------------------------------------------------------------------

    def _build(self, title: str, add: str, empty: str) -> None:
        self.view = QListView()
        self.view.setObjectName(f"{self.name}_list")
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
        bind(self.view, "Return", self.change, children=False)
        bind(self.view, "Enter", self.change, children=False)
        bind(self.view, "Delete", self.ask_to_remove, children=False)
        self.empty = kit.label(empty, "muted", name=f"{self.name}_empty")
        self.add_button = kit.button(add, f"{self.name}_add", self.add, icon="plus")
        self.change_button = kit.button(
            _("Change"), f"{self.name}_change", self.change, icon="edit", role="quiet"
        )
        words = _("Not valid…") if self._reason else _("Take out")
        self.remove_button = kit.button(
            words, f"{self.name}_remove", self.ask_to_remove, icon="void", role="quiet"
        )
        flow = kit.FlowLayout(gap=8)
        for made in (self.add_button, self.change_button, self.remove_button):
            flow.addWidget(made)
        self._buttons = kit.panel(flow, name=f"{self.name}_buttons")
        self._ask = self._reason_row()
        self.card = kit.card(self.place, name=f"{self.name}_card")
        self.card.hide()
        head = kit.label(title, "subheading", name=f"{self.name}_title") if title else None
        parts = [head] if head else []
        self.setLayout(
            kit.vbox(*parts, self.empty, self.view, self._buttons, self._ask, self.card, gap=8)
        )

    def _reason_row(self) -> QWidget:
        self.reason = QLineEdit()
        self.reason.setObjectName(f"{self.name}_reason")
        words = _("Why is it not valid? It stays readable, with this reason.")
        self.reason.setAccessibleName(words)
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda text: self._void.setEnabled(bool(text.strip())))
        self.reason.returnPressed.connect(self._remove)
        self._void = kit.button(
            _("Mark as not valid"), f"{self.name}_void", self._remove, role="danger"
        )
        self._void.setEnabled(False)
        keep = kit.button(_("Keep"), f"{self.name}_keep", self._stop_asking)
        row = kit.panel(
            kit.vbox(kit.label(words, "label"), self.reason, kit.hbox(self._void, keep, None)),
            name=f"{self.name}_ask",
        )
        row.hide()
        return row

    # -- lines -----------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show *lines*; an open form stays open."""
        current = self.chosen()
        before = {line.id for line in self.model.lines()}
        come = [line for line in lines if line.id not in before]
        if before and len(come) == 1:
            # What was just written is what the officer goes on with: prints, answers, changes.
            current = come[0]
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

    def edited_id(self) -> str:
        """See :class:`RecordEdit`."""
        return self.editing

    def close_form(self) -> None:
        """Close the form without keeping what it holds."""
        self._clear()
        self._choose()
        self.opened.emit(False)
        (self.add_button if self.model.rowCount() == 0 else self.view).setFocus()

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
        self._fill_place(values, _("Save") if self._reason else _("Keep in the list"))
        self.card.show()
        self._buttons.hide()
        self.opened.emit(True)

    def _clear(self) -> None:
        self._empty_place()
        self.card.hide()
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
