"""The bundle that was double-clicked, ready to be taken in with one press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.pages.places import size_words
from traffick_desk.i18n import _
from traffick_desk.services.opened import Opened


class OpenedCard(QFrame):
    """Hidden until a bundle was opened; gone again once it was taken in or put aside."""

    def __init__(self, take: Callable[[Opened], object]) -> None:
        """Begin hidden.

        Args:
            take: takes the bundle in.
        """
        super().__init__()
        self.setObjectName("sync_opened")
        self.setProperty("role", "card")
        self._take = take
        self.bundle: Opened | None = None
        self._file = kit.label("", "muted", name="opened_file")
        self._note = kit.label("", name="opened_note")
        self.take_button = kit.button(
            _("Import this bundle"), "opened_import", self._pressed, role="primary", icon="import"
        )
        aside = kit.button(_("Not now"), "opened_aside", self.clear, role="quiet")
        self.setLayout(
            kit.vbox(
                kit.label(_("A bundle was opened"), "heading"),
                self._file,
                self._note,
                kit.hbox(self.take_button, aside, None),
                margins=16,
                gap=8,
            )
        )
        self.hide()

    def offer(self, bundle: Opened) -> None:
        """Show *bundle*; one that was offered before steps aside."""
        self.bundle = bundle
        self._file.setText(f"{bundle.path.name} · {size_words(bundle.size)}")
        self.show()
        self.take_button.setFocus()

    def enable(self, *, linked: bool, free: bool) -> None:
        """Let it be taken in, or say why it cannot be."""
        self.take_button.setEnabled(linked and free)
        self._note.setText(
            _("From whom it is, and whether it is meant for this desk, is checked as it is read.")
            if linked
            else _("This PC is not linked with another desk yet; please link it first, below.")
        )

    def clear(self) -> None:
        """Put the bundle aside; the file stays where it is."""
        self.bundle = None
        self.hide()

    def _pressed(self) -> None:
        if self.bundle is not None:
            self._take(self.bundle)
