"""Reports as they were sent: own ones, and at the province those of its communes."""

from __future__ import annotations

from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.report_words import (
    comparison_words,
    day_words,
    sender_words,
    title_of,
)
from traffick_desk.desk.pages.reports import ReportsPage
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.frozen import (
    Comparison,
    Corrections,
    FrozenReport,
    FrozenReports,
)


class ReportsSentPage(Page):
    """The list, what has changed since, and the way to each as a paper."""

    permission = CASE_READ
    name = "report_sent"
    label = N_("Reports that were sent")
    icon = "chart"
    in_navigation = False
    belongs_to = ReportsPage.name
    interests = frozenset({"reports", "cases", "links"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._rows: tuple[FrozenReport, ...] = ()
        self._newest = Newest()
        self.model = ListModel(
            [
                Column("at", _("Sent on"), lambda r: day_words(r.at), chars=12),
                Column("unit", _("Commune or province"), self._unit, chars=22),
                Column("report", _("Report"), title_of, chars=28),
                Column("period", _("Reporting period"), lambda r: r.scope.period.shown(), chars=18),
                Column("officer", _("Sent by"), lambda r: r.officer, chars=18),
                Column("state", _("State"), self._state, chars=16),
            ],
            lambda _order, offset, limit: self._rows[offset : offset + limit],
            parent=self,
        )
        self.model.loaded.connect(lambda _count: self._choose_first())
        empty = kit.empty_state(
            _("No report was sent yet."),
            _(
                "A report is kept here when it is frozen as sent. A commune's reaches its "
                "province with the next bundle, and what is corrected later is shown beside it."
            ),
            icon="chart",
        )
        self.table = ListTable(self.model, "report_sent", _("Reports that were sent"), empty=empty)
        self.table.opened.connect(self.to_paper)
        self.table.view.selectionModel().currentChanged.connect(lambda *_which: self._chosen())
        self.count = kit.label("", "muted", name="report_sent_count", wrap=False)
        self.changed = kit.label("", name="report_sent_changed")
        self.open_button = kit.button(
            _("&Open as a paper"), "report_sent_open", self._open, role="primary", icon="print"
        )
        head = kit.hbox(kit.label(self.title(), "heading", wrap=False), self.count, None,
                        self.open_button)  # fmt: skip
        body = kit.vbox(head, self.table, self.changed, gap=12)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.table)

    def _unit(self, report: FrozenReport) -> str:
        units = self.host.desk.context.units
        return units.full_name(report.unit) if report.unit in units else report.unit

    def _state(self, report: FrozenReport) -> str:
        newer = any(r.replaces == report.id for r in self._rows)
        return _("replaced by a newer one") if newer else _("the newest one")

    def refresh(self, changed: frozenset[str]) -> None:
        """Read the list anew."""
        if not changed or changed & self.interests:
            self.host.ask(FrozenReports(), self._came, owner=self)

    def _came(self, found: tuple[FrozenReport, ...]) -> None:
        self._rows = found
        text = ngettext("{n} report", "{n} reports", len(found))
        self.count.setText(text.format(n=len(found)) if found else "")
        self.model.reload()
        self._chosen()

    def _choose_first(self) -> None:
        if self._rows and not self.table.view.currentIndex().isValid():
            self.table.view.selectRow(0)

    def chosen(self) -> FrozenReport | None:
        """The report of the chosen line."""
        row = self.table.view.currentIndex().row()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def _chosen(self) -> None:
        report = self.chosen()
        self.open_button.setEnabled(report is not None)
        self.changed.setText("")
        only = self._newest.begin()
        if report is None:
            return

        def came(found: Comparison) -> None:
            self.changed.setText(comparison_words(found, sender_words(self.host, report)))
            kit.retone(self.changed, "due" if found.corrections else "ok")

        self.host.ask(
            Corrections(report.id),
            only(came),
            owner=self,
            words=_("Comparing with today's figures…"),
        )

    def _open(self) -> None:
        report = self.chosen()
        if report is not None:
            self.to_paper(report)

    def to_paper(self, report: Any) -> None:
        """Show it as it was sent."""
        self.host.go("report_paper", sent=report)
