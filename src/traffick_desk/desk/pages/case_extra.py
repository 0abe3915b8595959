"""Sections of a case that hold more than records: periods, support, printed papers, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.pages import case_lists as lists
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.decide import DecidePanel
from traffick_desk.desk.pages.regime_list import Request, regime_words
from traffick_desk.i18n import N_, _
from traffick_desk.law import Clock
from traffick_desk.services.law_facts import STEP_OF_EVENT
from traffick_desk.services.queries import History
from traffick_desk.services.views import CaseView, RecordView

SUPPORT_HEADS = (N_("Support regime"), N_("State"))


class StepsSection(CaseSection):
    """Legal periods with what is due, and the steps that were done."""

    def more(self) -> None:
        """The table of periods stands above the list of steps."""
        self.table = lists.SmallTable(
            "clocks", _("Periods of the law"), lists.CLOCK_HEADS, shares=(5, 3, 3)
        )
        self.note_button = kit.button(
            _("Mark as &done"), "clock_done", self.note_chosen, icon="check"
        )
        self.note_button.setEnabled(False)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.table.doubleClicked.connect(lambda _index: self.note_chosen())
        block = kit.vbox(
            kit.label(_("Periods of the law"), "subheading"),
            self.table,
            kit.hbox(self.note_button, None),
            gap=8,
        )
        self.column.insertWidget(1, kit.panel(block, name="clocks_block"))

    def show_clocks(self, clocks: Sequence[tuple[str, Clock]], case: CaseView) -> None:
        """Show the periods of the case."""
        names = {
            p.id: self.host.privacy.name(p.get("name") or "")
            for p in case.persons
            if p.id != self.main_id
        }
        today = self.host.context.now().date()
        self.table.show_rows(lists.clock_rows(clocks, today, lambda p: names.get(p, "")))
        self._choose()

    def note(self, kind: str, person_id: str = "") -> None:
        """Open the form for a step that was done."""
        part = self.parts["step"][1]
        values = {"kind": kind}
        if self.several:
            values["person"] = person_id or self.main_id
        part.add(values)

    def note_chosen(self) -> None:
        """Write down the step that stops the chosen period."""
        chosen = self.table.chosen()
        if chosen is not None and (kind := STEP_OF_EVENT.get(chosen[1].rule.stop or "")):
            self.note(kind, chosen[0])

    def _choose(self) -> None:
        chosen = self.table.chosen()
        stoppable = chosen is not None and (chosen[1].rule.stop or "") in STEP_OF_EVENT
        self.note_button.setEnabled(stoppable and chosen[1].stopped_at is None)


class SupportSection(CaseSection):
    """What was requested and what the province decided; the province decides here."""

    def more(self) -> None:
        """A table, and for the province the form below it."""
        self.empty = kit.label(
            _("Nothing requested yet. Choose a regime beside the case, then “Request”."), "muted"
        )
        self.table = lists.SmallTable(
            "requests", _("Requested support"), SUPPORT_HEADS, shares=(1, 1)
        )
        self.decide_button = kit.button(
            _("&Decide"), "request_decide", self.decide_chosen, icon="check"
        )
        self.panel = DecidePanel(self.host)
        self.panel.edited.connect(self.edited)
        self.panel.closed.connect(self.table.setFocus)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.table.doubleClicked.connect(lambda _index: self.decide_chosen())
        self.place = kit.vbox()
        for item in (self.empty, self.table, kit.panel(kit.hbox(self.decide_button, None))):
            self.column.addWidget(item)
        self.column.addWidget(self.panel)
        self.column.addLayout(self.place)

    def take(self, widget: QWidget) -> None:
        """Show *widget* (the regimes) here while the window is narrow."""
        self.place.addWidget(widget)

    def show_case(self, case: CaseView) -> None:
        """Show all requests, the undecided ones first."""
        super().show_case(case)
        decisions = {d.get("entitlement"): d for d in case.of("entitlement_decision")}
        found = [Request(r, decisions.get(r.id)) for r in case.of("entitlement")]
        found.sort(key=lambda r: (r.decision is not None, r.record.get("requested_on") or ""))
        names = {p.id: self.host.privacy.name(p.get("name") or "") for p in case.persons}
        rows = []
        for request in found:
            words = regime_words(self.host, request.record.get("regime"))
            if self.several:
                words = f"{words} ({names.get(request.record.get('person'), '')})"
            rows.append(((words, request.text), ("answer", request.tone), request))
        self.table.show_rows(rows)
        self.empty.setVisible(not rows)
        self._choose()

    def decide(self, entitlement_id: str) -> None:
        """Open the decision on one request."""
        for row in range(self.table.rows.rowCount()):
            if self.table.rows.thing(row).record.id == entitlement_id:
                self.table.selectRow(row)
                self.decide_chosen()

    def decide_chosen(self) -> None:
        """Open the decision on the chosen request."""
        request = self.table.chosen()
        if request is not None and self._may_decide():
            self.panel.open(request, regime_words(self.host, request.record.get("regime")))

    def _may_decide(self) -> bool:
        return self.host.desk.info.profile == "province"

    def _choose(self) -> None:
        self.decide_button.setVisible(self._may_decide() and self.table.rows.rowCount() > 0)
        self.decide_button.setEnabled(self.table.chosen() is not None)


class PrintedSection(CaseSection):
    """Papers that were printed or saved, and the way to new ones.

    Signals:
        wanted: a paper is to be made.
    """

    wanted = Signal()

    def more(self) -> None:
        """A table and a button."""
        self.empty = kit.label(_("Nothing was printed yet."), "muted")
        self.table = lists.SmallTable(
            "papers", _("Papers of the case"), lists.PAPER_HEADS, shares=(4, 2, 2)
        )
        new = kit.button(_("&Make a paper"), "paper_new", self.wanted.emit, icon="print")
        for item in (self.empty, self.table, kit.panel(kit.hbox(new, None))):
            self.column.addWidget(item)
        self._titles: dict[str, str] = {}
        self._papers: tuple[RecordView, ...] = ()

    def name_forms(self, titles: dict[str, str]) -> None:
        """Show the titles of the forms, given by key, instead of the keys."""
        self._titles = titles
        self._show_papers()

    def show_case(self, case: CaseView) -> None:
        """Show what was printed."""
        super().show_case(case)
        self._papers = case.of("paper")
        self._show_papers()

    def _show_papers(self) -> None:
        rows = lists.paper_rows(self._papers, lambda key: self._titles.get(key, key))
        self.table.show_rows(rows)
        self.empty.setVisible(not rows)


class HistorySection(CaseSection):
    """Every change, read when the section is looked at."""

    def more(self) -> None:
        """A table that scrolls by itself."""
        self.table = lists.SmallTable(
            "history", _("History"), lists.HISTORY_HEADS, shares=(2, 2, 5)
        )
        self.column.addWidget(self.table)

    def show_case(self, case: CaseView) -> None:
        """Read the history of *case*."""
        super().show_case(case)
        self.host.ask(History(case.row.case_id), self._answer, owner=self)

    def _answer(self, items: Any) -> None:
        self.table.show_rows(lists.history_rows(self.host, items, self.context))
