"""Shown while the desk is locked already but work that cannot be broken off goes on behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.i18n import _


class LockedWait(QWidget):
    """Nothing about anybody; it goes by itself when the work is done."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("locked_wait")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setWindowTitle("traffick-desk")
        busy = QProgressBar()
        busy.setRange(0, 0)
        busy.setTextVisible(False)
        busy.setAccessibleName(_("Work is being finished"))
        card = kit.card(
            kit.label(_("The desk is locked"), "heading"),
            kit.label(
                _(
                    "Work that cannot be broken off is being finished; nothing is lost. After it "
                    "the keys are dropped and the password is asked for. Please do not switch off "
                    "the PC."
                ),
                name="locked_wait_text",
            ),
            busy,
            margins=24,
            gap=16,
        )
        self.setLayout(kit.vbox(None, card, None, margins=24))
        self.resize(theme.current().px(560), theme.current().px(320))
