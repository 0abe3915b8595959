"""What hides everything at once."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import _


class Cover(QWidget):
    """Hides everything at once (F12); the keyboard does not get through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setProperty("role", "blank")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = _("{key} or Esc shows the page again.").format(key=Keys.BLANK.shown)
        self.setAccessibleName(words)
        hint = kit.label(words, "muted", name="cover_hint", wrap=False)
        self.setLayout(kit.vbox(None, kit.hbox(None, hint, None), margins=24))
        self._before: QWidget | None = None
        self._hidden: list[QWidget] = []
        self.hide()

    @property
    def on(self) -> bool:
        """Whether the screen is covered."""
        return not self.isHidden()

    def toggle(self) -> None:
        """Cover the screen, or show it again."""
        (self.lift if self.on else self.put)()

    def put(self) -> None:
        """Cover the window and hide all others."""
        window = self.parentWidget()
        self._before = QApplication.focusWidget()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._hidden = self._others()
        for other in self._hidden:
            other.hide()
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_others(self) -> None:
        """Close for good what the cover hides or would hide: dialogs, popups, pictures."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        going = [*self._hidden, *self._others()]
        self._hidden = []
        for other in going:
            if shiboken6.isValid(other):
                other.close()

    def _others(self) -> list[QWidget]:
        window = self.parentWidget()
        return [
            w
            for w in QApplication.topLevelWidgets()
            if w is not window and w.isVisible() and w.parentWidget() is not None
        ]

    def lift(self) -> None:
        """Show everything as it was."""
        self.hide()
        for other in self._hidden:
            if shiboken6.isValid(other):
                other.show()
        self._hidden = []
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def event(self, event: QEvent) -> bool:
        """F12 and Esc lift the cover; every other key ends here, shortcuts too."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_F12, Qt.Key.Key_Escape}:
                self.lift()
            return True
        return super().event(event)
