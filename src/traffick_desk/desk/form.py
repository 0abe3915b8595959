"""A form for one record: labels above fields, two columns at most, problems beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QSizePolicy, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors import Context, Editor, default_context, for_field
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.spine import Field, RecordType
from traffick_desk.i18n import _

# The page knows these; the officer is never asked.
KNOWN_BY_THE_PAGE = ("case", "person")


# A label of more letters may take two lines, where the text is large.
LONG_LABEL = 28


class FieldBox(QWidget):
    """One field: label, help on demand, editor, and a line that explains or objects."""

    def __init__(self, editor: Editor, *, required: bool | None = None) -> None:
        super().__init__()
        self.editor = editor
        field = editor.field
        self.required = field.required if required is None else required
        self.setObjectName(f"{field.name}_box")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        long = len(field.shown_label()) > LONG_LABEL
        words = kit.label(
            field.shown_label(), "label", name=f"{field.name}_label", wrap=long, fills=long
        )
        words.setBuddy(editor.focusProxy() or editor)
        head: list[Any] = [words]
        if self.required:
            head.append(kit.label(_("required"), "muted", wrap=False))
        self.help = kit.label(field.shown_help(), "muted", name=f"{field.name}_help")
        self.help.hide()
        if field.help:
            self.help_button = kit.IconButton(
                "help",
                _("What is meant by “{field}”? (F1)").format(field=field.shown_label()),
                f"{field.name}_help_button",
                role="help",
            )
            # F1 does the same; Tab goes from field to field without this stop.
            self.help_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.help_button.setParent(self)
            self.help_button.clicked.connect(self.toggle_help)
        self._icon = kit.IconLabel("late", "late", 16)
        self._line = kit.label("", "muted", name=f"{field.name}_line")
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._foot = kit.panel(kit.hbox(self._icon, self._line, gap=4))
        self._foot.layout().setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self._foot.hide()
        self._head = head[-1]
        # The help button is as high as any control but the label's line is not: it lies over
        # the margin above and the gap below, so that labels of one row stay level.
        # A long label fills its line, so the help button needs a place kept beside it.
        rest = () if long else (None,)
        room = 32 if long and field.help else 0
        self.setLayout(
            kit.vbox(
                kit.hbox(*head, *rest, gap=8, margins=(0, 0, room, 0)),
                self.help,
                editor,
                self._foot,
                margins=(0, 6, 0, 0),
                gap=4,
            )
        )
        editor.left.connect(self.check)
        editor.edited.connect(self._while_typing)

    def resizeEvent(self, event) -> None:
        """Keep the help button behind the label."""
        super().resizeEvent(event)
        if self.editor.field.help:
            self.layout().activate()
            button = self.help_button
            button.adjustSize()
            label = self._head.geometry()
            words = self._head.fontMetrics().horizontalAdvance(self._head.text())
            right = min(label.right(), label.left() + words)
            button.move(right + 4, label.center().y() - button.height() // 2)
            button.raise_()

    def toggle_help(self) -> None:
        """Show or hide why the field is asked and how to answer."""
        if self.editor.field.help:
            self.help.setVisible(self.help.isHidden())

    def problem(self, *, saving: bool = False) -> str:
        """Why the field cannot be saved; an empty required field only when *saving*."""
        found = self.editor.problem()
        if not found and saving and self.required and self.editor.value() in (None, ""):
            return _("Please fill this in; it is needed for the next step.")
        return found

    def check(self, *, saving: bool = False) -> bool:
        """Show what is wrong, or how the value was understood; true when it can be saved."""
        problem = self.problem(saving=saving)
        self.say(problem or self.editor.understood(), "late" if problem else "")
        self.editor.mark(problem=bool(problem))
        return not problem

    def say(self, text: str, tone: str = "") -> None:
        """Write *text* below the field; tones as of labels."""
        icon = kit.TONE_ICONS.get(tone, "")
        self._icon.setVisible(bool(icon))
        if icon:
            self._icon.set_icon(icon, tone)
        self._line.setText(text)
        kit.retone(self._line, tone)
        self._foot.setVisible(bool(text))
        proxy = self.editor.focusProxy()
        if proxy is not None:
            proxy.setAccessibleDescription(text or self.editor.field.shown_help())

    def _while_typing(self) -> None:
        # While typing only good news: objections come when the field is left.
        understood = "" if self.editor.problem() else self.editor.understood()
        self.say(understood)
        self.editor.mark(problem=False)


class RecordForm(QWidget):
    """All fields of one record, or those named.

    Enter goes to the next field, Ctrl+Enter asks to save, F1 shows the help of
    the field. Saving itself is the page's: ``if form.check(): save(form.changes())``.

    Signals:
        edited: a field was changed by the person; Emits: the field's name.
        save_requested: Ctrl+Enter was pressed.
        finished: Enter was pressed in the last field.
    """

    edited = Signal(str)
    save_requested = Signal()
    finished = Signal()

    def __init__(
        self,
        record_type: RecordType,
        values: Mapping[str, Any] | None = None,
        *,
        context: Context | None = None,
        fields: Iterable[str] | None = None,
        hide: Iterable[str] = (),
        required: Iterable[str] | None = None,
        groups: Mapping[str, str] | None = None,
        name: str = "",
        keys: bool = True,
    ) -> None:
        """Make the form.

        Args:
            record_type: what is edited.
            values: the present values in their JSON form.
            context: where choices and the clock come from.
            fields: names of the fields to show, in this order; all by default.
            hide: names not to show; ``case`` and ``person`` never are.
            required: names that must be filled in; by default as the spine says.
            groups: name of the first field of a group → heading above it.
            name: ``objectName``; the name of the record type by default.
            keys: whether F1 and Ctrl+Enter are the form's. A page that has them itself says
                no: of two owners of a key neither would get it.
        """
        super().__init__()
        self.record_type = record_type
        self.setObjectName(name or record_type.name)
        self.context = context or default_context()
        unseen = {*KNOWN_BY_THE_PAGE, *hide}
        names = [f.name for f in record_type] if fields is None else list(fields)
        must = None if required is None else set(required)
        self._boxes: dict[str, FieldBox] = {}
        for field in (record_type[n] for n in names if n not in unseen or fields is not None):
            self._add(field, None if must is None else field.name in must)
        self._headings = {
            n: kit.label(words, "subheading", name=f"{n}_group")
            for n, words in (groups or {}).items()
        }
        self._grid = QGridLayout()
        kit.measures(self._grid, 0, 12)
        self._columns = 0
        self.setLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._arrange(2)
        self._before: dict[str, Any] = {}
        self.set_values(values or {})
        if keys:
            self._keys()

    def _add(self, field: Field, required: bool | None) -> None:
        box = FieldBox(for_field(field, self.context), required=required)
        box.editor.edited.connect(lambda name=field.name: self.edited.emit(name))
        self._boxes[field.name] = box

    def _keys(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self.save_requested.emit),
            ("Ctrl+Enter", self.save_requested.emit),
            ("F1", self._help_here),
        ):
            bind(self, keys, act)

    # -- values ----------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """All values that are filled in and understood."""
        found = {n: b.editor.value() for n, b in self._boxes.items()}
        return {n: v for n, v in found.items() if v is not None}

    def changes(self) -> dict[str, Any]:
        """What differs from the values before; ``None`` clears a field. Fit for an ``Edit``."""
        after = {n: b.editor.value() for n, b in self._boxes.items()}
        return {n: v for n, v in after.items() if v != self._before.get(n)}

    def is_changed(self) -> bool:
        """Whether anything was typed that is not saved, understood or not."""
        return bool(self.changes()) or bool(self.problems())

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show *values* and take them as what was before."""
        self._before = {n: values.get(n) for n in self._boxes}
        for name, box in self._boxes.items():
            box.editor.set_value(values.get(name))
            box.check()

    def suggest(self, values: Mapping[str, Any]) -> None:
        """Fill in proposals; they count as changes."""
        for name, value in values.items():
            if name in self._boxes:
                self._boxes[name].editor.set_value(value)
                self._boxes[name].check()

    def accept(self) -> None:
        """Take what is shown as what was before: it has been saved."""
        self._before = {n: b.editor.value() for n, b in self._boxes.items()}

    def draft(self) -> dict[str, Any]:
        """All that was typed, understood or not, as JSON for a draft."""
        return {n: raw for n, b in self._boxes.items() if (raw := b.editor.raw()) not in ("", None)}

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Put back what :meth:`draft` gave; fields this version does not know are left out."""
        for name, box in self._boxes.items():
            if name in draft:
                box.editor.set_raw(draft[name])
                box.check()

    # -- checking --------------------------------------------------------------------------

    def problems(self, *, saving: bool = False) -> dict[str, str]:
        """Field name → why it cannot be saved."""
        found = {n: b.problem(saving=saving) for n, b in self._boxes.items()}
        return {n: p for n, p in found.items() if p}

    def check(self) -> bool:
        """Show all problems and go to the first; true when the form can be saved."""
        for box in self._boxes.values():
            box.editor.tidy()
        good = [box.check(saving=True) for box in self._boxes.values()]
        if all(good):
            return True
        first = list(self._boxes.values())[good.index(False)]
        first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    # -- parts -----------------------------------------------------------------------------

    def editor(self, name: str) -> Editor:
        """The editor of field *name*."""
        return self._boxes[name].editor

    def box(self, name: str) -> FieldBox:
        """The box of field *name*, to say something below it or to hide it."""
        return self._boxes[name]

    def names(self) -> tuple[str, ...]:
        """The names of the fields shown, in order."""
        return tuple(self._boxes)

    def show_fields(self, names: Iterable[str], *, shown: bool = True) -> None:
        """Show or hide fields that depend on another answer."""
        for name in names:
            self._boxes[name].setVisible(shown)
        self._columns = 0
        self._fit()

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes."""
        for box in self._boxes.values():
            box.editor.set_read_only(on)

    # -- keys and layout -------------------------------------------------------------------

    def keyPressEvent(self, event) -> None:
        """Enter goes to the next field."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._next()
            return
        super().keyPressEvent(event)

    def _here(self) -> FieldBox | None:
        widget: QWidget | None = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if isinstance(widget, FieldBox):
                return widget
            widget = widget.parentWidget()
        return None

    def _next(self) -> None:
        shown = [b for b in self._boxes.values() if not b.isHidden()]
        here = self._here()
        index = shown.index(here) + 1 if here in shown else 0
        if here is not None:
            here.editor.leave()
        if index < len(shown):
            shown[index].editor.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()

    def _help_here(self) -> None:
        if (here := self._here()) is not None:
            here.toggle_help()

    def resizeEvent(self, event) -> None:
        """One column where two do not fit."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event) -> None:
        """Fit again to a new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES and hasattr(self, "_before"):
            self._fit()

    def _fit(self) -> None:
        column = self.fontMetrics().averageCharWidth() * 30 + theme.current().px(32)
        columns = 2 if self.width() >= 2 * column + self._grid.spacing() else 1
        if columns != self._columns:
            self._arrange(columns)

    def _arrange(self, columns: int) -> None:
        self._columns = columns
        for widget in (*self._headings.values(), *self._boxes.values()):
            self._grid.removeWidget(widget)
        row = column = 0
        for name, box in self._boxes.items():
            if (heading := self._headings.get(name)) is not None:
                row, column = row + bool(column), 0
                self._grid.addWidget(heading, row, 0, 1, columns)
                row += 1
            if box.isHidden() and box.parentWidget() is self:
                continue
            wide = box.editor.wide or columns == 1
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(
                box, row, column, 1, columns if wide else 1, Qt.AlignmentFlag.AlignTop
            )
            column = 0 if wide else column + 1
            if wide or column >= columns:
                row, column = row + 1, 0
        for index in range(2):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
        for index in range(self._grid.rowCount()):
            self._grid.setRowStretch(index, 0)
        self._grid.setRowStretch(row + 1, 1)
