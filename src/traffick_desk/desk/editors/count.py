"""The editor of a count that may be *at least*: “563”, “hơn 1.000”, “150+”."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from traffick_desk.desk import parsing
from traffick_desk.desk.editors.base import Context
from traffick_desk.desk.editors.text import IntegerEditor
from traffick_desk.domain import counts
from traffick_desk.domain.spine import Field
from traffick_desk.i18n import _


class CountEditor(IntegerEditor):
    """A whole number, and whether it is a least number."""

    chars = 16

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input.setInputMethodHints(Qt.InputMethodHint.ImhNone)

    def at_least(self) -> bool:
        """Whether what is typed is a least number."""
        found = counts.parse(self.input.text())
        return found is not None and found[1]

    def set_count(self, value: int | None, *, at_least: bool) -> None:
        """Show a number with its flag."""
        self.input.setText("" if value is None else counts.typed(value, at_least))

    def shown(self, number: int) -> str:
        """The number as it stands in the field, with the flag of what is typed."""
        return counts.typed(number, self.at_least())

    def set_value(self, value: Any) -> None:
        """Show *value*; it is exact unless :meth:`set_count` says otherwise."""
        self.set_count(value, at_least=False)

    def tidy(self) -> None:
        """Group the digits, in the words of the desk."""
        found = counts.parse(self.input.text())
        if found is not None and not self.problem():
            self.set_count(found[0], at_least=found[1])

    def understood(self) -> str:
        """That the number is a least one."""
        found = counts.parse(self.input.text())
        if found is None or not found[1]:
            return ""
        words = _("Kept as {count}; sums over it say at least, too.")
        return words.format(count=counts.typed(*found))

    def _read(self) -> tuple[int | None, str]:
        text = self.input.text()
        if not text.strip():
            return None, ""
        found = counts.parse(text)
        if found is None:
            return None, _("This is no number. Write for example 563, or more than 1,000.")
        return found[0], parsing.check_bounds(found[0], self.field.lowest, self.field.highest)
