"""What is being done, how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QProgressBar, QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _


class BusyPanel(QWidget):
    """Shown while a page works; hidden otherwise."""

    def __init__(self, name: str, stop: Callable[[], object]) -> None:
        """Make it, hidden; *name* begins the names of its parts, *stop* is called by the button."""
        super().__init__()
        self.progress = QProgressBar()
        self.progress.setObjectName(f"{name}_progress")
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setTextVisible(False)
        self.doing = kit.label("", name=f"{name}_doing")
        self.stop_button = kit.button(_("Stop"), f"{name}_stop", stop)
        row = kit.hbox(self.progress, self.stop_button)
        row.setStretch(0, 1)
        self.setLayout(kit.vbox(self.doing, row, gap=4))
        self.hide()

    def begin(self, text: str) -> None:
        """Show that *text* is being done; how far is not known yet."""
        self.doing.setText(text)
        self.progress.setRange(0, 0)
        self.show()

    def tell(self, done: int, total: int, text: str) -> None:
        """Show how far it is; an empty *text* leaves the words as they are."""
        self.progress.setRange(0, max(total, 0))
        self.progress.setValue(done)
        if text:
            self.doing.setText(text)

    def stopping(self) -> None:
        """Say that the button was heard."""
        self.doing.setText(_("Stopping…"))
