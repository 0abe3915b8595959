"""Two values in a case: the line above it, and its section."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.aid_card import SectionHead
from traffick_desk.desk.pages.conflicts import ChoiceCard, marks
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.conflicts import Choice
from traffick_desk.services.to_choose import CaseChoices
from traffick_desk.services.views import CaseView, RecordView


def open_conflicts(case: CaseView) -> list[tuple[RecordView, str]]:
    """(record, register) for each choice that waits."""
    return [
        (record, register)
        for records in case.records.values()
        for record in records
        for register in sorted(record.conflicts)
    ]


class ConflictBar(QFrame):
    """Says that values wait for a choice.

    Signals:
        wanted: the officer wants to choose now.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("conflict_bar")
        self.setProperty("role", "notice")
        self.setProperty("tone", "due")
        self._text = kit.label("", "label", name="conflict_text")
        choose = kit.button(_("&Choose now"), "conflict_choose", self.wanted.emit)
        icon = kit.IconLabel("conflict", "due", 20)
        row = kit.hbox(icon, self._text, choose, margins=(12, 8, 12, 8), gap=12)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.hide()

    def show_case(self, case: CaseView) -> None:
        """Count the choices of *case*."""
        number = len(open_conflicts(case))
        text = ngettext(
            "{n} thing was written differently on two desks. Both are kept; please choose.",
            "{n} things were written differently on two desks. Both are kept; please choose.",
            number,
        )
        self._text.setText(text.format(n=number))
        self.setVisible(number > 0)


class ConflictSection(QWidget):
    """All choices of a case that wait."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("section_conflicts")
        self._host = host
        self.head = SectionHead("conflicts")
        self._column = kit.vbox(gap=16)
        self._shown: tuple[object, ...] | None = None
        self.setLayout(kit.vbox(self.head, self._column, None, gap=16))

    def show_case(self, case: CaseView) -> None:
        """Ask what waits."""
        self._host.ask(CaseChoices(case.row.case_id), self._show, owner=self)

    def _show(self, found: Sequence[Choice]) -> None:
        """Show what waits; what did not change stays as it is, half-written forms too."""
        if marks(found) == self._shown:
            return
        self._shown = marks(found)
        kit.clear(self._column)
        for choice in found:
            self._column.addWidget(ChoiceCard(self._host, choice))
        if not found:
            self._column.addWidget(kit.label(_("Nothing waits for a choice."), "muted"))
