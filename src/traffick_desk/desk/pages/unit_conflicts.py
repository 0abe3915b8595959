"""Values of a record of a unit that two desks wrote without knowing of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.conflicts import ChoiceCard
from traffick_desk.i18n import _
from traffick_desk.services.conflicts import Choice, UnitChoices
from traffick_desk.services.views import RecordView


class ConflictsCard(QFrame):
    """Each of them with who wrote it, when and over what, as in a case; above the form.

    Signals:
        settled: a value was chosen.
    """

    settled = Signal()

    def __init__(
        self,
        host: Host,
        choices: Callable[[str, str], UnitChoices],
        settle: Callable[[str, str, str, Any], Any],
    ) -> None:
        """*choices* asks by type and id, *settle* makes the command that chooses."""
        super().__init__()
        self.setObjectName("unit_conflicts")
        self._host, self._choices, self._settle = host, choices, settle
        self._record: RecordView | None = None
        self._column = kit.vbox(gap=12)
        head = kit.label(_("Two values: please choose one"), "subheading", tone="due")
        self.setLayout(kit.vbox(head, self._column, gap=8))
        self.hide()

    def show_record(self, record: RecordView | None) -> None:
        """Show what is to be chosen in *record*; nothing hides the card."""
        self._record = record
        kit.clear(self._column)
        self.hide()
        if record is not None and record.conflicts:
            self._host.ask(
                self._choices(record.type, record.id),
                lambda found: self._show(record, found),
                owner=self,
            )

    def _show(self, record: RecordView, found: Sequence[Choice]) -> None:
        if record is not self._record:
            return
        kit.clear(self._column)
        for choice in found:
            card = ChoiceCard(self._host, choice, settle=self._settle)
            card.settled.connect(self._chosen)
            self._column.addWidget(card)
        self.setVisible(bool(found))

    def _chosen(self) -> None:
        self.show_record(None)
        self.settled.emit()
