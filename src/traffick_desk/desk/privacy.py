"""The privacy view: lists show initials, for the person opposite can read the screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from traffick_desk.domain.text import initials


class PrivacyView(QObject):
    """Whether names are masked.

    Signals:
        switched: the view was switched on or off; lists draw themselves again.
    """

    switched = Signal(bool)

    def __init__(self, *, on: bool = False) -> None:
        super().__init__()
        self._on = on

    @property
    def on(self) -> bool:
        """Whether names are masked now."""
        return self._on

    def switch(self, on: bool) -> None:
        """Mask names, or show them."""
        if on != self._on:
            self._on = on
            self.switched.emit(on)

    def name(self, full_name: str) -> str:
        """*full_name* as it may be shown in a list."""
        return initials(full_name) if self._on else full_name
