"""The cases behind one figure of a report."""

from __future__ import annotations

from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages import case_words as words
from traffick_desk.desk.pages.reports import ReportsPage
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.queries import CasesBehind
from traffick_desk.services.views import CaseRow


class ReportCasesPage(Page):
    """A list of cases; that it was looked up is logged."""

    permission = CASE_READ
    name = "report_cases"
    label = N_("Cases behind a figure")
    icon = "cases"
    in_navigation = False
    belongs_to = ReportsPage.name

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._rows: tuple[CaseRow, ...] = ()
        self.heading = kit.label("", "heading", name="report_cases_title")
        self.count = kit.label("", "muted", name="report_cases_count")
        today = host.context.now().date()
        name = host.privacy.name
        self.model = ListModel(
            [
                Column("file_no", _("File number"), lambda r: r.file_no, chars=20),
                Column("name", _("Full name"), lambda r: name(r.name), chars=26),
                Column("born", _("Born (age)"), lambda r: words.born(r, today), chars=18),
                Column("status", _("Legal status"), words.status, chars=24),
                Column("stage", _("Stage"), lambda r: words.label("stage", r.stage), chars=18),
                Column("unit", _("Commune"), self._unit, chars=24),
            ],
            lambda _order, offset, limit: self._rows[offset : offset + limit],
            parent=self,
        )
        host.privacy.switched.connect(lambda _on: self.model.reload())
        self.table = ListTable(self.model, "report_cases", _("Cases behind a figure"))
        self.table.opened.connect(lambda row: host.go("case", case_id=row.case_id))
        body = kit.vbox(self.heading, self.count, self.table, gap=8)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)

    def _unit(self, row: CaseRow) -> str:
        units = self.host.desk.context.units
        return units.full_name(row.unit) if row.unit in units else row.unit

    def opened(self, spec: Any = None, words: str = "", **where: Any) -> None:
        """Read the cases behind a figure; coming back shows what was read."""
        if spec is None:
            return
        self.heading.setText(words)
        self.host.ask(CasesBehind(spec, **where), self._answer, owner=self, words=_("Reading…"))

    def _answer(self, rows: tuple[CaseRow, ...]) -> None:
        self._rows = rows
        text = ngettext("{n} case", "{n} cases", len(rows))
        self.count.setText(text.format(n=len(rows)))
        self.model.reload()
