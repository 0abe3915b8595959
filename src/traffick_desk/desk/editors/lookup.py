"""Finding one choice out of many while typing, with or without accents."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.base import Choice, Context, Editor, Source
from traffick_desk.domain.spine import Field
from traffick_desk.i18n import _


class Lookup(QLineEdit):
    """A line that offers choices for what is typed.

    Leaving it with text that fits exactly one choice takes that choice; other
    text stays, as a problem in words, and is never taken for an answer.

    Signals:
        chosen: the person chose something, or emptied the line.
    """

    chosen = Signal()

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._value: str | None = None
        self._offered: list[Choice] = []
        self.setProperty("problem", "false")
        self.setPlaceholderText(_("Type to search…"))
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        # The source has filtered already, and knows about accents.
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(10)
        popup = self._completer.popup()
        popup.setProperty("role", "popup")
        popup.setObjectName("choices")
        popup.setAccessibleName(_("Choices"))
        self._completer.setWidget(self)
        self._completer.activated[str].connect(self._taken)
        self.textEdited.connect(self._typed)

    def set_source(self, source: Source) -> None:
        """Offer other choices from now on; what was chosen is dropped."""
        self._source = source
        self.set_value(None)

    def value(self) -> str | None:
        """The chosen value, or ``None``."""
        return self._value

    def set_value(self, value: str | None) -> None:
        """Show *value*."""
        self._value = value or None
        self.setText(self._source.label(value) if value else "")
        self.setCursorPosition(0)

    def raw(self) -> Any:
        """The value, or ``{"typed": text}`` while nothing is chosen."""
        if self._value is not None:
            return self._value
        return {"typed": self.text()} if self.text().strip() else None

    def set_raw(self, raw: Any) -> None:
        """Put back what :meth:`raw` gave."""
        if isinstance(raw, dict):
            self._value = None
            self.setText(str(raw.get("typed", "")))
        else:
            self.set_value(raw)

    def problem(self) -> str:
        """Text that is not one of the choices."""
        if self._value is None and self.text().strip():
            return _("“{text}” is not one of the choices. Pick one from the list.").format(
                text=self.text().strip()[:60]
            )
        return ""

    def settle(self) -> None:
        """Take the choice that the text names, when there is exactly one."""
        text = parsing.folded(self.text())
        if self._value is not None or not text:
            return
        found = list(self._source.search(self.text(), 20))
        same = [c for c in found if parsing.folded(c.label) == text]
        fitting = same if len(same) == 1 else found
        if len(fitting) == 1:
            self._take(fitting[0])

    def offer(self) -> None:
        """Show the choices for the present text."""
        self._offered = list(self._source.search(self.text(), 20))
        self._model.setStringList([_shown(c) for c in self._offered])
        if self._offered:
            self._completer.complete()
            popup = self._completer.popup()
            popup.setCurrentIndex(self._completer.completionModel().index(0, 0))
        else:
            self._completer.popup().hide()

    def keyPressEvent(self, event) -> None:
        """Down opens the list."""
        if event.key() == Qt.Key.Key_Down and not self._completer.popup().isVisible():
            self.offer()
            return
        super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        self._value = None
        if text.strip():
            self.offer()
        else:
            self._completer.popup().hide()
            self.chosen.emit()

    def _taken(self, shown: str) -> None:
        choice = next((c for c in self._offered if _shown(c) == shown), None)
        if choice is not None:
            self._take(choice)
            # QCompleter writes its own text into the line after this signal.
            QTimer.singleShot(0, self, self._rewrite)

    def _take(self, choice: Choice) -> None:
        self._value = choice.value
        self.setText(choice.label)
        self.setCursorPosition(0)
        self.chosen.emit()

    def _rewrite(self) -> None:
        if self._value is not None:
            self.setText(self._source.label(self._value))
            self.setCursorPosition(0)


def _shown(choice: Choice) -> str:
    return f"{choice.label}  ·  {choice.detail}" if choice.detail else choice.label


class LookupEditor(Editor):
    """An administrative unit or another record, found while typing."""

    chars = 40

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.source = context.source(field)
        self.lookup = Lookup(self.source)
        self.lookup.chosen.connect(self.edited)
        self.name_parts(self.lookup)
        self.setLayout(kit.hbox(self.lookup))

    def value(self) -> str | None:
        """The id, or ``None``."""
        return self.lookup.value()

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self.lookup.set_value(value)

    def raw(self) -> Any:
        """The id, or the text typed to find one."""
        return self.lookup.raw()

    def set_raw(self, raw: Any) -> None:
        """Put back what was chosen or typed."""
        self.lookup.set_raw(raw)

    def problem(self) -> str:
        """Typed text that is no choice."""
        return self.lookup.problem()

    def tidy(self) -> None:
        """Take the only fitting choice."""
        self.lookup.settle()

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes."""
        self.lookup.setReadOnly(on)
