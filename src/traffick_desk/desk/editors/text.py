"""Editors of text and numbers: one line, several lines, whole numbers, amounts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.base import Context, Editor
from traffick_desk.domain.spine import Field
from traffick_desk.i18n import _

# Longer pastes are told off in words instead of being cut without a word.
PASTE_LIMIT = 200_000


def hidden_note() -> str:
    """Said below a field whose text held characters that cannot be seen."""
    return _("Hidden characters were taken out. Please read the text once more.")


class LineEditor(Editor):
    """Common ground of editors that are one line of typed text."""

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input = QLineEdit()
        self.input.setMaxLength(PASTE_LIMIT)
        self.input.setProperty("problem", "false")
        self.input.setMinimumWidth(self.width_for(min(self.chars, 12)))
        self.input.textEdited.connect(lambda _text: self.edited.emit())
        self.name_parts(self.input)
        self.setLayout(kit.hbox(self.input))

    def raw(self) -> Any:
        """The text as typed."""
        return self.input.text()

    def set_raw(self, raw: Any) -> None:
        """Show the text as typed."""
        self.input.setText(raw or "")

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes; the text can still be selected."""
        self.input.setReadOnly(on)


class TextEditor(LineEditor):
    """One line of text, cleaned when left and never while an input method composes."""

    def __init__(self, field: Field, context: Context) -> None:
        self.chars = 14 if field.max_length <= 40 else 24 if field.max_length <= 80 else 40
        super().__init__(field, context)
        # What stood here before it was tidied; dropped with the next key.
        self._typed = ""
        self.input.textEdited.connect(self._forget)

    def value(self) -> str | None:
        """The text, or ``None`` when empty or refused."""
        text = parsing.clean_line(self.input.text())
        return text if text and not self.problem() else None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self._typed = ""
        self.input.setText(value or "")
        self.input.setCursorPosition(0)

    def _forget(self, _text: str) -> None:
        self._typed = ""

    def problem(self) -> str:
        """Too long, or with characters that no paper can show."""
        return parsing.problem_of_text(parsing.clean_line(self.input.text()), self.field.max_length)

    def understood(self) -> str:
        """That something was taken out of a pasted text."""
        return hidden_note() if parsing.hides_something(self._typed or self.raw()) else ""

    def tidy(self) -> None:
        """NFC, visible characters, single blanks."""
        typed = self.input.text()
        clean = parsing.clean_line(typed)
        if clean != typed and not self.problem():
            self._typed = typed
            self.input.setText(clean)


class LongTextEditor(Editor):
    """Several lines; Tab leaves, and the field grows with its text up to twelve lines."""

    chars = 40
    wide = True
    least_lines, most_lines = 3, 12

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input = QPlainTextEdit()
        self.input.setTabChangesFocus(True)
        self.input.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.input.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.input.setProperty("problem", "false")
        self._setting = False
        self._typed = ""
        self.input.textChanged.connect(self._changed)
        self.input.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.name_parts(self.input)
        self.setLayout(kit.hbox(self.input))
        self._grow()

    def value(self) -> str | None:
        """The text, or ``None`` when empty or refused."""
        text = parsing.clean_text(self.input.toPlainText())
        return text if text and not self.problem() else None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self._setting = True
        self._typed = ""
        self.input.setPlainText(value or "")
        self._setting = False

    def raw(self) -> Any:
        """The text as typed."""
        return self.input.toPlainText()

    def problem(self) -> str:
        """Too long, or with characters that no paper can show."""
        return parsing.problem_of_text(
            parsing.clean_text(self.input.toPlainText()), self.field.max_length
        )

    def tidy(self) -> None:
        """NFC, visible characters; the cursor does not matter, the field was left."""
        typed = self.input.toPlainText()
        clean = parsing.clean_text(typed)
        if clean != typed and not self.problem():
            self.set_value(clean)
            self._typed = typed

    def understood(self) -> str:
        """That something was taken out of a pasted text."""
        return hidden_note() if parsing.hides_something(self._typed or self.raw()) else ""

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes; the text can still be selected."""
        self.input.setReadOnly(on)

    def _changed(self) -> None:
        if not self._setting:
            self._typed = ""
            self.edited.emit()

    def _grow(self, *_size: object) -> None:
        lines = round(self.input.document().size().height())
        lines = max(self.least_lines, min(self.most_lines, lines))
        spacing = self.input.fontMetrics().lineSpacing()
        margin = round(self.input.document().documentMargin())
        self.input.setFixedHeight(lines * spacing + 2 * margin + 2 * kit.theme.current().px(6))

    def changeEvent(self, event) -> None:
        """Fit the height to the new text size."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES and hasattr(self, "input"):
            self._grow()


class IntegerEditor(LineEditor):
    """A whole number within bounds."""

    chars = 8

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.input.setMaximumWidth(self.width_for(self.chars + 4))
        self.layout().addStretch(1)

    def value(self) -> int | None:
        """The number, or ``None`` when empty or not understood."""
        number, problem = self._read()
        return None if problem else number

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self.input.setText("" if value is None else self.shown(value))

    def problem(self) -> str:
        """Not a number, or out of bounds."""
        return self._read()[1]

    def tidy(self) -> None:
        """Group the digits."""
        number, problem = self._read()
        if number is not None and not problem:
            self.set_value(number)

    def shown(self, number: int) -> str:
        """The number as it stands in the field."""
        return parsing.show_integer(number)

    def parsed(self, text: str) -> int:
        """The number in *text*."""
        return parsing.parse_integer(text)

    def _read(self) -> tuple[int | None, str]:
        text = self.input.text()
        if not text.strip():
            return None, ""
        try:
            number = self.parsed(text)
        except parsing.NotUnderstood as problem:
            return None, str(problem)
        return number, parsing.check_bounds(number, self.field.lowest, self.field.highest)


class MoneyEditor(IntegerEditor):
    """An amount in whole đồng: ``1.234.567``, ``500k``, ``1,5 triệu``."""

    chars = 16

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input.setInputMethodHints(Qt.InputMethodHint.ImhNone)
        self.input.setAlignment(Qt.AlignmentFlag.AlignRight)
        sign = QLabel("₫")
        sign.setProperty("role", "muted")
        self.layout().insertWidget(1, sign)

    def parsed(self, text: str) -> int:
        """The amount in *text*."""
        return parsing.parse_money(text)

    def understood(self) -> str:
        """The amount, grouped."""
        number, problem = self._read()
        typed = self.input.text()
        if number is None or problem or parsing.show_integer(number) == typed:
            return ""
        return parsing.show_money(number)
