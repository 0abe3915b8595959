"""What the windows before the desk share: a trouble that keeps it shut, words, being closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.i18n import _


class TroubleWindow(QWidget):
    """The vault cannot be opened at all: what is wrong, is the data safe, what now."""

    def __init__(self, text: str, restore: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setObjectName("trouble_window")
        self.setProperty("role", "page")
        self.setWindowTitle("traffick-desk")
        shut = kit.button(_("Close"), "trouble_close", self.close, role="primary")
        card = kit.card(
            kit.label(_("The vault does not open"), "heading"),
            kit.label(text, name="trouble_text"),
            kit.hbox(None, self._restore_button(restore), shut),
            margins=24,
            gap=16,
        )
        self.setLayout(kit.vbox(None, card, None, margins=24))
        self.resize(theme.current().px(560), theme.current().px(320))

    @staticmethod
    def _restore_button(restore: Callable[[], object] | None) -> QWidget:
        found = kit.button(_("Restore from a backup…"), "trouble_restore", restore)
        found.setVisible(restore is not None)
        return found


def loaded_ahead() -> None:
    """Load what comes after unlocking, in a thread, while the officer types."""
    import traffick_desk.desk.desk_window
    import traffick_desk.law
    from traffick_desk.desk.pages import all_pages

    all_pages()
    import traffick_desk.store.store  # noqa: F401 - loading it is the point


def expected(problem: Exception) -> bool:
    """Whether the text of *problem* is written for people."""
    return type(problem).__module__.startswith("traffick_desk.") and not isinstance(
        problem, AssertionError
    )


def judge(password: str, context: tuple[str, ...]) -> Any:
    """How strong a password is."""
    from traffick_desk.vault import passwords

    return passwords.strength(password, context)


def words(problem: Exception) -> str:
    """What to say of *problem* where something was to be made."""
    if expected(problem):
        return str(problem)
    return _(
        "This did not work, because of a fault in the program. Nothing was made. Please try "
        "once more, or choose another folder."
    )


class _Closing(QObject):
    """Tells that a window was closed."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: Any) -> bool:
        """Wait for the close event; it goes on its way."""
        if event.type() == event.Type.Close:
            QTimer.singleShot(0, self._then)
        return False


def when_closed(window: QWidget, then: Callable[[], object]) -> None:
    """Have *then* called once *window* was closed."""
    _Closing(window, then)


def gone(window: QWidget | None) -> None:
    """Close *window*, whose place another has taken."""
    if window is not None:
        window.close()
        window.deleteLater()
