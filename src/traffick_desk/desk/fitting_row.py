"""Buttons in one line: what has no room stands in a menu, and no word is cut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QMenu, QPushButton, QSizePolicy, QWidget

from traffick_desk.desk import kit
from traffick_desk.i18n import _


class FittingRow(QWidget):
    """The first buttons that fit, then *More* for the others, then those that always stay.

    Whether a button is offered at all is said by :meth:`offer`, since the row itself hides and
    shows them.
    """

    def __init__(
        self,
        name: str,
        *items: QPushButton,
        keep: Sequence[QPushButton] = (),
        right: bool = False,
    ) -> None:
        """A row named *name* of *items*, and of *keep*, which never go into the menu.

        What is left of its width lies before them where they stand at the *right*.
        """
        super().__init__()
        self.setObjectName(name)
        self._items, self._keep = list(items), list(keep)
        self._away: set[QPushButton] = set()
        self.more = kit.IconButton("more", _("More to do here"), f"{name}_more")
        self.more.clicked.connect(self._open)
        shown = (*items, self.more, *keep)
        inner = kit.hbox(None, *shown) if right else kit.hbox(*shown, None)
        # The row may be narrower than what it holds.
        inner.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setLayout(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.more.hide()

    def offer(self, button: QPushButton, on: bool) -> None:
        """Have *button* in the row, or not at all."""
        (self._away.discard if on else self._away.add)(button)
        self.updateGeometry()
        self._fit()

    def place_of(self, button: QPushButton) -> QWidget:
        """Where *button* is to be seen: itself, or what opens the menu it stands in."""
        return self.more if button.isHidden() else button

    def sizeHint(self) -> QSize:
        """All buttons side by side."""
        return self._size(self._offered())

    def minimumSizeHint(self) -> QSize:
        """What stays, and the menu for the rest."""
        some = [self.more] if any(b in self._items for b in self._offered()) else []
        return self._size([*some, *(b for b in self._keep if b not in self._away)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """A button came to need more room or less: by its words, or by a larger text."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._fit()
        return done

    def _offered(self) -> list[QWidget]:
        return [b for b in (*self._items, *self._keep) if b not in self._away]

    def _size(self, shown: list[QWidget]) -> QSize:
        gap = self.layout().spacing()
        width = sum(b.sizeHint().width() for b in shown) + gap * max(0, len(shown) - 1)
        height = max((b.sizeHint().height() for b in (self.more, *self._offered())), default=0)
        return QSize(width, height)

    def _fit(self) -> None:
        offered = self._offered()
        fitting = [b for b in offered if b in self._items]
        keep = [b for b in offered if b in self._keep]
        if self._size(offered).width() > self.width():
            while fitting and self._size([*fitting, self.more, *keep]).width() > self.width():
                fitting.pop()
        shown = {*fitting, *keep}
        for button in (*self._items, *self._keep):
            button.setVisible(button in shown)
        self.more.setVisible(len(shown) < len(offered))

    def _open(self) -> None:
        menu = QMenu(self)
        for button in self._offered():
            if button.isHidden():
                action = menu.addAction(button.icon(), button.text())
                action.setToolTip(button.toolTip())
                action.setCheckable(button.isCheckable())
                action.setChecked(button.isChecked())
                action.setEnabled(button.isEnabled())
                action.triggered.connect(lambda _on=False, b=button: b.click())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
