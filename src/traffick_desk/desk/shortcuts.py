"""Every key of the program that works outside a single field, in one place."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from traffick_desk.i18n import N_, _


def bind(owner: QWidget, keys: str, act: Callable[[], object], *, children: bool = True) -> None:
    """Call *act* when *keys* are pressed in *owner* or, unless *children* is false, within it."""
    contexts = Qt.ShortcutContext
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setContext(
        contexts.WidgetWithChildrenShortcut if children else contexts.WidgetShortcut
    )
    shortcut.activated.connect(act)


class Keys(Enum):
    """Key sequence and what it does. Pages bind these and no literal keys."""

    PALETTE = ("Ctrl+K", N_("Search, or type a command"))
    NEW = ("Ctrl+N", N_("New intake"))
    TIP = ("Ctrl+T", N_("New tip"))
    ACTIVITY = ("Ctrl+Shift+A", N_("Write down an activity"))
    SAVE = ("Ctrl+S", N_("Save"))
    FIND = ("Ctrl+F", N_("Search in this list"))
    LISTS = ("Ctrl+G", N_("Saved lists"))
    NEAREST = ("Ctrl+D", N_("Nearest service for this case"))
    PRINT = ("Ctrl+P", N_("Print or preview"))
    UNDO = ("Ctrl+Shift+Z", N_("Undo the last step"))
    LOCK = ("Ctrl+L", N_("Lock"))
    BLANK = ("F12", N_("Cover the screen at once"))
    BACK = ("Esc", N_("Back"))
    REFRESH = ("F5", N_("Read again"))
    PRIVACY = ("Ctrl+Shift+P", N_("Show initials instead of names"))
    LESSON = ("F6", N_("Go to the lesson (in practice)"))
    SHORTCUTS = ("Ctrl+/", N_("Show all keys"))

    @property
    def keys(self) -> str:
        """The portable key sequence."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What it does, in the language of the desk."""
        return _(self.value[1])

    @property
    def shown(self) -> str:
        """The keys as written on the keyboard."""
        return QKeySequence(self.keys).toString(QKeySequence.SequenceFormat.NativeText)


# All of them save what is open: one is in the fingers of everybody, the others need no mouse hand.
SAVING = ("Ctrl+Return", "Ctrl+Enter", Keys.SAVE.keys)

# Keys inside forms and lists, for the overview only: the widgets handle them.
FIELD_KEYS = (
    ("Enter", N_("Next field")),
    ("Ctrl+Enter", N_("Save the form")),
    ("F1", N_("Help for the field")),
    ("1–9", N_("Choose an answer by its number")),
    ("Ctrl+1…9", N_("Switch pages")),
)
