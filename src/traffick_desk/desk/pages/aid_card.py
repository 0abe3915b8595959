"""The head of a section: what it is for, why it is asked, and the job aid on F1."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.pages.aids import AIDS
from traffick_desk.i18n import _


class SectionHead(QWidget):
    """Heading, the reason in one line, and help that opens below."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._aid = AIDS[key]
        self.setObjectName(f"{key}_head")
        title = kit.label(_(self._aid.title), "heading", name=f"{key}_heading")
        why = kit.label(_(self._aid.why), "muted", name=f"{key}_why")
        self.help = kit.button(
            _("How to ask (F1)"), f"{key}_aid_button", self.toggle, role="quiet", icon="help"
        )
        rows = [self._row(_(line)) for line in self._aid.advice]
        if self._aid.say:
            words = _("You can say: “{words}”").format(words=_(self._aid.say))
            rows.append(kit.label(words, "label", name=f"{key}_say"))
        self.card = QFrame()
        self.card.setObjectName(f"{key}_aid")
        self.card.setProperty("role", "notice")
        self.card.setAccessibleName(self._aid.shown())
        self.card.setLayout(kit.vbox(*rows, margins=12, gap=8))
        self.card.hide()
        top = kit.hbox(title, self.help)
        top.setStretch(0, 1)
        self.setLayout(
            kit.vbox(top, why, self.card, gap=4),
        )
        # Only now: a widget that is shown before it has a parent flashes up as a window.
        self.help.setVisible(bool(self._aid.advice))

    def toggle(self) -> None:
        """Open or close the help."""
        self.card.setVisible(self.card.isHidden() and bool(self._aid.advice))

    @staticmethod
    def _row(text: str) -> QWidget:
        dot = kit.label("•", "muted", wrap=False)
        row = kit.hbox(dot, kit.label(text), gap=8)
        row.setStretch(1, 1)
        row.setAlignment(dot, Qt.AlignmentFlag.AlignTop)
        return kit.panel(row)
