"""What all editors have in common, and where they get their choices from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from traffick_desk.desk import theme
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.spine import Field, Kind
from traffick_desk.domain.values import ICT

if TYPE_CHECKING:
    from traffick_desk.domain.units import Units


class Choice(NamedTuple):
    """One thing to choose: its value, its words, and smaller words behind them."""

    value: str
    label: str
    detail: str = ""


class Source(Protocol):
    """Where the choices of a field come from."""

    def all(self) -> Sequence[Choice] | None:
        """Every choice, when there are few enough to show; else ``None``."""

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Choices that fit *text*, typed with or without accents; the best first."""

    def label(self, value: str) -> str:
        """The words of *value*; the value itself when it is not known."""


class ListSource:
    """Choices out of a code list (``codes()``, ``label()``, ``search()``)."""

    FEW = 20

    def __init__(self, codes: Any) -> None:
        self._codes = codes

    def all(self) -> Sequence[Choice] | None:
        """Every choice of a short list."""
        codes = self._codes.codes()
        if len(codes) > self.FEW:
            return None
        return [Choice(code, self._codes.label(code)) for code in codes]

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Choices whose words fit *text*."""
        return [Choice(c, self._codes.label(c)) for c in self._codes.search(text, limit)]

    def label(self, value: str) -> str:
        """The words of a code."""
        return self._codes.label(value)


class FixedSource:
    """Choices that the page knows, such as the persons of a case."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        self._choices = tuple(choices)

    def all(self) -> Sequence[Choice] | None:
        """Every choice."""
        return self._choices

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Choices with *text* in their words."""
        from traffick_desk.desk.parsing import folded

        wanted = folded(text)
        return [c for c in self._choices if wanted in folded(c.label)][:limit]

    def label(self, value: str) -> str:
        """The words of *value*."""
        return next((c.label for c in self._choices if c.value == value), value)


def _now() -> datetime:
    return datetime.now(ICT)


@dataclass(frozen=True)
class Context:
    """What editors need from around them.

    Attributes:
        source: gives the source of the choices for a CODE, CODES, UNIT or REF field.
        now: the clock, in Viet Nam's time.
    """

    source: Callable[[Field], Source]
    now: Callable[[], datetime] = _now

    def with_choices(self, **choices: Sequence[Choice]) -> Context:
        """The same with fixed choices for fields of these names (``accompanies=[…]``)."""
        before = self.source
        fixed = {name: FixedSource(these) for name, these in choices.items()}
        return replace(self, source=lambda field: fixed.get(field.name) or before(field))


def default_context(units: Units | None = None) -> Context:
    """The context with the program's own code lists and administrative units.

    Args:
        units: those the unlocked desk has read already, to save reading them again.
    """
    return Context(lambda field: _own_source(field, units))


def _own_source(field: Field, units: Units | None) -> Source:
    if field.kind is Kind.UNIT:
        from traffick_desk.desk.editors.sources import UnitSource, own_units

        return UnitSource(lambda: units or own_units(), old=field.name.startswith("old_"))
    if field.kind is Kind.REF:
        return FixedSource(())
    if field.codes in SMALL_LISTS:
        return ListSource(SMALL_LISTS[field.codes])
    from traffick_desk.desk.editors.sources import large_list

    return ListSource(large_list(field.codes))


class Editor(QWidget):
    """A widget that edits one field.

    Signals:
        edited: the person changed something (not emitted by :meth:`set_value`).
        left: the focus has left the editor, or Enter was pressed: time to validate.
    """

    edited = Signal()
    left = Signal()
    # Least width in characters, and whether the editor takes the width of the form.
    chars = 24
    wide = False

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__()
        self.field = field
        self.context = context
        self.setObjectName(field.name)
        # Not Fixed: rows of choices need more lines in a narrow form.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    # -- the protocol ----------------------------------------------------------------------

    def value(self) -> Any:
        """The value in its JSON form, ``None`` when empty or not understood."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show *value*; ``None`` empties the editor."""
        raise NotImplementedError

    def problem(self) -> str:
        """Why the value cannot be kept, in words; "" when it can."""
        return ""

    def understood(self) -> str:
        """How what was typed was understood, to show below the field; may be ""."""
        return ""

    def raw(self) -> Any:
        """What was typed, for a draft: understood or not, nothing is lost."""
        return self.value()

    def set_raw(self, raw: Any) -> None:
        """Put back what :meth:`raw` gave."""
        self.set_value(raw)

    def is_empty(self) -> bool:
        """Whether nothing was typed or chosen."""
        return self.raw() in {None, ""} if isinstance(self.raw(), str | None) else not self.raw()

    def tidy(self) -> None:
        """Write what was understood in the usual form; called when the editor is left."""

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes."""
        self.setEnabled(not on)

    # -- for subclasses --------------------------------------------------------------------

    def name_parts(self, *widgets: QWidget) -> None:
        """Give the focusable parts their names, and watch them being left."""
        for number, widget in enumerate(widgets):
            suffix = f"_{number}" if number else ""
            if not widget.objectName():
                widget.setObjectName(f"{self.field.name}_input{suffix}")
            if not widget.accessibleName():
                widget.setAccessibleName(self.field.shown_label())
            widget.setAccessibleDescription(self.field.shown_help())
            widget.installEventFilter(self)
        if widgets:
            self.setFocusProxy(widgets[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the focus leaves the editor."""
        if event.type() == QEvent.Type.FocusOut and event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.MenuBarFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            now = QApplication.focusWidget()
            if now is None or not self.isAncestorOf(now):
                self.leave()
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        """Tidy up and tell that the editor was left."""
        self.tidy()
        self.left.emit()

    def mark(self, *, problem: bool) -> None:
        """Outline the editor when its value cannot be kept (the words stand below it)."""
        for widget in self.findChildren(QWidget):
            if widget.property("problem") is not None:
                theme_value = "true" if problem else "false"
                if widget.property("problem") != theme_value:
                    widget.setProperty("problem", theme_value)
                    widget.style().unpolish(widget)
                    widget.style().polish(widget)

    def width_for(self, chars: int) -> int:
        """A width in px that holds *chars* characters of text."""
        look = theme.current()
        return self.fontMetrics().averageCharWidth() * chars + look.px(32)
