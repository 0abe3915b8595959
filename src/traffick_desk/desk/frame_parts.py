"""What stands around the page: its buttons at the left, and the line below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QToolButton, QWidget

from traffick_desk.desk import icons, kit, theme
from traffick_desk.desk.jobs import Job
from traffick_desk.desk.page import Page
from traffick_desk.i18n import _


class NavButton(QToolButton):
    """One page in the navigation."""

    def __init__(self, page: type[Page], number: int) -> None:
        super().__init__()
        self._icon = page.icon
        self.setObjectName(f"nav_{page.name}")
        self.setProperty("role", "nav")
        self.setCheckable(True)
        self.setText(page.title())
        self.setAccessibleName(page.title())
        self.setToolTip(f"{page.title()} (Ctrl+{number})")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icons.icon(self._icon, "text", 20, on="accent"))
        self.setIconSize(icons.icon_size(20))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when the theme has changed."""
        super().changeEvent(event)
        if event.type() in kit.LOOK_CHANGES:
            self._draw()


class StatusBar(QWidget):
    """What is saved, in words, and what is going on."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setProperty("role", "statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.saved = kit.label("", name="status_saved", wrap=False)
        self.work = kit.label("", name="status_work", wrap=False)
        self.bar = QProgressBar()
        self.bar.setObjectName("status_progress")
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.current().px(160))
        self.cancel = kit.button(_("Cancel"), "status_cancel", self._stop, role="quiet")
        self._job: Job | None = None
        self.setLayout(
            kit.hbox(self.saved, None, self.work, self.bar, self.cancel, margins=(16, 2, 16, 2))
        )
        self.setMinimumHeight(theme.current().control_height)
        self.busy(False)

    def busy(self, on: bool) -> None:
        """Show that work is going on, without words yet."""
        self.bar.setRange(0, 0)
        self.bar.setVisible(on)
        if not on:
            self._job = None
            self.work.setText("")
            self.cancel.hide()

    def tell(self, job: Job, words: str, done: int, total: int) -> None:
        """Say what is going on and how far it is."""
        self._job = job
        if total:
            words = _("{what} {done} of {total}").format(what=words, done=done, total=total)
        self.work.setText(words)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.show()
        self.cancel.setVisible(job.can_cancel)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.work.setText(_("Stopping…"))
