"""Values of a record of a unit that two desks wrote without knowing of each other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.showing import shown, summary
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.views import RecordView


class ConflictsCard(QFrame):
    """One row of buttons for each field: the officer chooses with both values in view.

    Signals:
        settled: a value was chosen.
    """

    settled = Signal()

    def __init__(self, host: Host, settle: Any) -> None:
        """*settle* makes the command that chooses: type, id, register, value."""
        super().__init__()
        self.setObjectName("unit_conflicts")
        self.setProperty("role", "card")
        self._host, self._settle = host, settle
        self._rows = kit.vbox(gap=8)
        head = kit.label(_("Two values: please choose one"), "subheading", tone="due")
        self.setLayout(kit.vbox(head, self._rows, margins=16, gap=8))
        self.hide()

    def show_record(self, record: RecordView) -> None:
        """Show what is to be chosen in *record*; nothing hides the card."""
        kit.clear(self._rows)
        described = REGISTRY[record.type]
        for register, values in record.conflicts.items():
            row = kit.hbox(gap=8)
            label = described[register].shown_label() if register in described.by_name else ""
            row.addWidget(kit.label(label, "label", wrap=False))
            for number, one in enumerate(values):
                if register in described.by_name:
                    text = shown(described[register], one.value, self._host.context)
                else:
                    names = [f.name for f in described]
                    text = summary(described, one.value or {}, self._host.context, names)
                row.addWidget(
                    kit.button(
                        text or _("empty"),
                        f"choose_{register}_{number}",
                        lambda r=register, v=one.value: self._choose(record, r, v),
                        tooltip=one.at,
                    )
                )
            row.addStretch(1)
            self._rows.addWidget(kit.panel(row))
        self.setVisible(bool(record.conflicts))

    def _choose(self, record: RecordView, register: str, value: Any) -> None:
        def done(_none: object) -> None:
            self.hide()
            self.settled.emit()

        self._host.do(self._settle(record.type, record.id, register, value), done, owner=self)
