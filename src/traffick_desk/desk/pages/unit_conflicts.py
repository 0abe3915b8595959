"""Values of an entry outside cases that two desks wrote without knowing of each other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.conflicts import ChoiceCard, marks
from traffick_desk.i18n import _
from traffick_desk.services.conflicts import Choice
from traffick_desk.services.to_choose import EntryChoices
from traffick_desk.services.views import RecordView


class ConflictsCard(QFrame):
    """Each of them with who wrote it, when and over what, as in a case; above the form.

    Who may not choose reads all of them.

    Signals:
        settled: a value was chosen.
    """

    settled = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("unit_conflicts")
        self._host = host
        self._asked: EntryChoices | None = None
        self._shown: tuple[object, ...] = ()
        self._column = kit.vbox(gap=12)
        self._head = kit.label("", "subheading", tone="due")
        self.setLayout(kit.vbox(self._head, self._column, gap=8))
        self.hide()

    def show_record(self, record: RecordView | None) -> None:
        """Show what is to be chosen in *record*; nothing hides the card."""
        if record is None or not record.conflicts:
            self._asked = None
            self._show(())
        else:
            self._ask(EntryChoices((record.type,), record.id))

    def show_types(self, *types: str) -> None:
        """Show what is to be chosen in all records of these types."""
        self._ask(EntryChoices(types))

    def _ask(self, query: EntryChoices) -> None:
        self._asked = query

        def answered(found: Sequence[Choice]) -> None:
            if query is self._asked:
                self._show(found)

        self._host.ask(query, answered, owner=self)

    def _show(self, found: Sequence[Choice]) -> None:
        """Show what waits; what did not change stays as it is, half-written forms too."""
        self.setVisible(bool(found))
        if marks(found) == self._shown:
            return
        self._shown = marks(found)
        hers = any(choice.may_settle for choice in found)
        words = _("Two values: please choose one") if hers else _("Two values, one to choose")
        self._head.setText(words)
        kit.clear(self._column)
        # Of several the entry must be told; of one it stands around the card.
        several = self._asked is not None and not self._asked.id
        for choice in found:
            card = ChoiceCard(self._host, choice, named=several)
            card.settled.connect(self.settled)
            self._column.addWidget(card)
