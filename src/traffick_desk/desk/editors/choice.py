"""Editors of choices: one code, several codes, and the five answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors.base import Choice, Context, Editor, FixedSource, Source
from traffick_desk.desk.editors.lookup import Lookup
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.spine import Field
from traffick_desk.i18n import _

SEGMENTS = 5


class ToggleRow(QWidget):
    """Buttons of which one (or several) can be pressed; a pressed one can be released.

    It is one stop for Tab; arrows move, Space presses, and the digits 1–9 the
    button of that number.

    Signals:
        toggled: the person changed what is pressed.
    """

    toggled = Signal()

    def __init__(
        self, choices: Sequence[Choice], name: str, words: str, *, several: bool = False
    ) -> None:
        super().__init__()
        self.setAccessibleName(words)
        self._several = several
        self._buttons: dict[str, kit.Button] = {}
        flow = kit.FlowLayout(gap=4)
        for choice in choices:
            made = kit.button(
                choice.label.replace("&", "&&"),
                f"{name}_{choice.value}",
                role="choice",
                accessible=f"{words}: {choice.label}",
            )
            made.setCheckable(True)
            made.clicked.connect(lambda _on=False, value=choice.value: self._pressed(value))
            made.installEventFilter(self)
            flow.addWidget(made)
            self._buttons[choice.value] = made
        self.setLayout(flow)
        self._one_stop()

    def buttons(self) -> list[kit.Button]:
        """All buttons in order."""
        return list(self._buttons.values())

    def pressed(self) -> list[str]:
        """The values whose buttons are pressed, in order."""
        return [v for v, b in self._buttons.items() if b.isChecked()]

    def press(self, values: Sequence[str]) -> None:
        """Press exactly the buttons of *values*."""
        for value, made in self._buttons.items():
            made.setChecked(value in values)
        self._one_stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and digits."""
        if event.type() == QEvent.Type.KeyPress and not event.modifiers():
            buttons = self.buttons()
            here = buttons.index(watched) if watched in buttons else 0
            step = {
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_Up: -1,
            }.get(event.key())
            if step:
                target = buttons[(here + step) % len(buttons)]
                self._one_stop(target)
                target.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            number = event.key() - Qt.Key.Key_1
            if 0 <= number < min(9, len(buttons)):
                buttons[number].click()
                return True
        return super().eventFilter(watched, event)

    def _pressed(self, value: str) -> None:
        if not self._several:
            for other, made in self._buttons.items():
                if other != value:
                    made.setChecked(False)
        self._one_stop(self._buttons[value])
        self.toggled.emit()

    def _one_stop(self, stop: kit.Button | None = None) -> None:
        buttons = self.buttons()
        if not buttons:
            return
        stop = stop or next((b for b in buttons if b.isChecked()), buttons[0])
        for made in buttons:
            made.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if made is stop else Qt.FocusPolicy.ClickFocus
            )
        self.setFocusProxy(stop)


class QuietCombo(QComboBox):
    """A combo box that the mouse wheel does not change by accident."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("problem", "false")
        self.setMaxVisibleItems(14)

    def wheelEvent(self, event) -> None:
        """Let the page scroll instead."""
        event.ignore()

    def keyPressEvent(self, event) -> None:
        """Enter is the form's: it goes to the next field."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)


class CodeEditor(Editor):
    """One code: buttons for a few, a list for some, completion while typing for many."""

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        source = context.source(field)
        choices = source.all()
        self.row = self.combo = self.lookup = None
        # A case may hold a code this version does not offer; it is shown and kept.
        self._unknown: str | None = None
        if choices is None:
            self._use_lookup(source)
        elif len(choices) <= SEGMENTS:
            self._use_row(choices)
        else:
            self._use_combo(choices)

    def _use_lookup(self, source: Source) -> None:
        self.lookup = Lookup(source)
        self.lookup.chosen.connect(self.edited)
        self.name_parts(self.lookup)
        self.setLayout(kit.hbox(self.lookup))
        self.chars = 30

    def _use_row(self, choices: Sequence[Choice]) -> None:
        self.row = ToggleRow(choices, self.field.name, self.field.shown_label())
        self.row.toggled.connect(self.edited)
        self.name_parts(*self.row.buttons())
        self.setFocusProxy(self.row)
        self.setLayout(kit.hbox(self.row))
        self.wide = sum(len(c.label) + 5 for c in choices) > 44

    def _use_combo(self, choices: Sequence[Choice]) -> None:
        self.combo = QuietCombo()
        self.combo.addItem(_("(not chosen)"), None)
        for choice in choices:
            self.combo.addItem(choice.label, choice.value)
        self.combo.activated.connect(lambda _index: self.edited.emit())
        self.combo.setMinimumContentsLength(12)
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.view().setObjectName(f"{self.field.name}_list")
        self.combo.view().setAccessibleName(self.field.shown_label())
        self.name_parts(self.combo)
        self.setLayout(kit.hbox(self.combo))
        self.chars = 30

    def value(self) -> str | None:
        """The code, or ``None``."""
        if self.lookup is not None:
            return self.lookup.value()
        if self.combo is not None:
            return self.combo.currentData()
        pressed = self.row.pressed()
        return pressed[0] if pressed else self._unknown

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        if self.lookup is not None:
            self.lookup.set_value(value)
        elif self.combo is not None:
            index = self.combo.findData(value) if value is not None else 0
            if index < 0:
                self.combo.addItem(value, value)
                index = self.combo.count() - 1
            self.combo.setCurrentIndex(index)
        else:
            self.row.press([value] if value else [])
            self._unknown = value if value and not self.row.pressed() else None

    def raw(self) -> Any:
        """The code, or the text typed to find one."""
        return self.lookup.raw() if self.lookup is not None else self.value()

    def set_raw(self, raw: Any) -> None:
        """Put back what was chosen or typed."""
        if self.lookup is not None:
            self.lookup.set_raw(raw)
        else:
            self.set_value(raw)

    def problem(self) -> str:
        """Typed text that is no choice."""
        return self.lookup.problem() if self.lookup is not None else ""

    def understood(self) -> str:
        """A code of a newer version is shown as it is."""
        return self._unknown or ""

    def tidy(self) -> None:
        """Take the only fitting choice."""
        if self.lookup is not None:
            self.lookup.settle()


class ScoreEditor(CodeEditor):
    """A score: the digits alone as buttons, and the words of the pressed one below."""

    def _use_row(self, choices: Sequence[Choice]) -> None:
        self._words = {choice.value: choice.label for choice in choices}
        digits = [Choice(c.value, c.label.partition(" ")[0]) for c in choices]
        super()._use_row(digits)
        self.wide = False
        for made, choice in zip(self.row.buttons(), choices, strict=True):
            made.setToolTip(choice.label)
            made.setAccessibleName(f"{self.field.shown_label()}: {choice.label}")

    def understood(self) -> str:
        """What the pressed digit means."""
        value = self.value()
        return self._words.get(value, value) if value else ""


class AnswerEditor(CodeEditor):
    """Yes, no, unknown, not asked, refused; and not answered yet, which is none of them."""

    wide = True

    def __init__(self, field: Field, context: Context) -> None:
        answers = SMALL_LISTS["answer"]
        choices = FixedSource([Choice(c, answers.label(c)) for c in answers.codes()])
        super().__init__(field, Context(lambda _field: choices, context.now))
        self.wide = True


class CodesEditor(Editor):
    """Several codes: buttons to press, or chips with a field to find more."""

    wide = True
    chars = 40

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self._source = context.source(field)
        choices = self._source.all()
        self.row: ToggleRow | None = None
        self._codes: list[str] = []
        if choices is not None:
            self.row = ToggleRow(choices, field.name, field.shown_label(), several=True)
            self.row.toggled.connect(self.edited)
            self.name_parts(*self.row.buttons())
            self.setFocusProxy(self.row)
            self.setLayout(kit.hbox(self.row))
            return
        self.lookup = Lookup(self._source)
        self.lookup.setPlaceholderText(_("Type to add…"))
        self.lookup.chosen.connect(self._add)
        self.name_parts(self.lookup)
        self.chips = kit.FlowLayout(gap=4)
        self._chip_box = kit.panel(self.chips)
        self._chip_box.hide()
        self.lookup.setMaximumWidth(self.width_for(40))
        self.setLayout(kit.vbox(self._chip_box, self.lookup, gap=4))

    def value(self) -> list[str] | None:
        """The codes, sorted, or ``None`` when there is none."""
        codes = self._codes
        if self.row is not None:
            codes = [*self.row.pressed(), *self._codes]
        return sorted(set(codes)) or None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        codes = list(value or ())
        if self.row is not None:
            self.row.press(codes)
            self._codes = [c for c in codes if c not in self.row.pressed()]
        else:
            self._codes = sorted(codes)
            self.lookup.set_value(None)
            self._draw()

    def raw(self) -> Any:
        """The codes."""
        return self.value()

    def problem(self) -> str:
        """Typed text that was not taken over."""
        return self.lookup.problem() if self.row is None else ""

    def tidy(self) -> None:
        """Take the only fitting choice."""
        if self.row is None:
            self.lookup.settle()

    def _add(self) -> None:
        code = self.lookup.value()
        if code is None:
            return
        self.lookup.set_value(None)
        if code not in self._codes:
            self._codes = sorted([*self._codes, code])
            self._draw()
        self.edited.emit()

    def _remove(self, code: str) -> None:
        self._codes = [c for c in self._codes if c != code]
        self._draw()
        self.lookup.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _draw(self) -> None:
        kit.clear(self.chips)
        for code in self._codes:
            words = self._source.label(code)
            chip = kit.button(
                words.replace("&", "&&"),
                f"{self.field.name}_chip_{code}",
                lambda code=code: self._remove(code),
                role="chip",
                icon="close",
                accessible=_("Remove {what}").format(what=words),
            )
            chip.setToolTip(_("Remove {what}").format(what=words))
            chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            self.chips.addWidget(chip)
        self._chip_box.setVisible(bool(self._codes))
