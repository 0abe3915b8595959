"""A report as a paper: words before and after the figures, preview, printing, freezing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.paper import plain_name
from traffick_desk.desk.pages.printed_page import PrintedPage
from traffick_desk.desk.pages.report_words import (
    comparison_words,
    day_words,
    sender_words,
    title_of,
)
from traffick_desk.desk.pages.reports import OWN, ReportsPage
from traffick_desk.i18n import N_, _, speaking
from traffick_desk.papers import PaperError
from traffick_desk.reports.figures import Table
from traffick_desk.services.papers import Issued
from traffick_desk.services.roles import FIGURES
from traffick_desk.services.statistics.builtin import TABLES
from traffick_desk.services.statistics.frozen import (
    Comparison,
    Corrections,
    FreezeReport,
    FrozenReport,
    FrozenReports,
    scope_here,
)
from traffick_desk.services.statistics.paper import IssueReport, PreviewReport, ReportText
from traffick_desk.services.statistics.queries import Statistics
from traffick_desk.services.statistics.release import ControlledTables, release
from traffick_desk.services.statistics.spec import Scope, TableSpec, own_place

SIDE = 340
AFTER_MS = 600


class ReportPaperPage(PrintedPage):
    """Writes, shows, prints and freezes a report."""

    permission = FIGURES
    name = "report_paper"
    label = N_("Report as a paper")
    icon = "print"
    in_navigation = False
    belongs_to = ReportsPage.name
    interests = frozenset({"reports"})

    def __init__(self, host: Host) -> None:
        super().__init__(host, "report_print", "report_paper_save")
        self._specs: tuple[TableSpec, ...] = ()
        self._scope, self._report, self._title = Scope(), "", ""
        self._sent_scope, self._unit, self._wanted = Scope(), host.desk.info.unit, ""
        self._frozen: dict[str, FrozenReport] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(AFTER_MS)
        self._later.timeout.connect(self.preview)
        self._build()

    def _build(self) -> None:
        self.heading = kit.label("", "heading", name="report_paper_title", wrap=False)
        self.which = QuietCombo()
        self.which.setObjectName("report_which")
        self.which.setAccessibleName(_("Which edition"))
        self.which.activated.connect(lambda _row: self._another())
        self.before, self.after = (self._text(n) for n in ("before", "after"))
        self.charts = QCheckBox(_("With charts"))
        self.charts.setObjectName("report_charts")
        self.charts.setChecked(True)
        self.outside = QCheckBox(_("Withhold small figures"))
        self.outside.setObjectName("report_paper_outside")
        for box in (self.charts, self.outside):
            box.toggled.connect(lambda _on: self.preview())
        self.corrections = kit.label("", name="report_corrections")
        self.corrections.hide()
        self.freeze_button = kit.button(
            _("Freeze as sent"), "report_freeze", self.ask_to_freeze, icon="lock"
        )
        side = kit.vbox(
            kit.label(_("Edition"), "label"),
            self.which,
            kit.label(_("Words before the figures"), "label"),
            self.before,
            kit.label(_("Words after the figures"), "label"),
            self.after,
            self.charts,
            self.outside,
            self.corrections,
            None,
            margins=(0, 0, 12, 0),
        )
        self._side = kit.scroll(kit.panel(side), "report_side")
        middle = kit.hbox(self._side, self.pages, gap=16)
        middle.setStretch(1, 1)
        top = kit.hbox(
            self.heading, None, self.freeze_button, self.save_button, self.print_button, gap=12
        )
        body = kit.vbox(top, middle, gap=12)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        self._enable(on=False)

    def _text(self, name: str) -> QPlainTextEdit:
        box = QPlainTextEdit()
        box.setObjectName(f"report_{name}")
        words = _("Words before the figures") if name == "before" else _("Words after the figures")
        box.setAccessibleName(words)
        box.setTabChangesFocus(True)
        box.setMinimumHeight(theme.current().px(110))
        box.textChanged.connect(self._later.start)
        return box

    def resizeEvent(self, event: Any) -> None:
        """The side takes what its texts need, never more than half."""
        super().resizeEvent(event)
        self._side.setFixedWidth(min(theme.current().px(SIDE), self.width() // 2))

    def _enable(self, *, on: bool) -> None:
        super()._enable(on=on)
        self._may_freeze(on=on)

    def _may_freeze(self, *, on: bool) -> None:
        periodic = bool(self._report) and self._report != OWN
        info = self.host.desk.info
        own = self._unit == info.unit
        # At a commune's desk "everything" is to look at: other desks cannot count it again.
        self.freeze_button.setEnabled(
            on and periodic and own and self.edition is None
            and bool(self._scope.unit or not own_place(info))
        )  # fmt: skip

    # -- coming ----------------------------------------------------------------------------

    def opened(
        self,
        specs: tuple[TableSpec, ...] = (),
        scope: Scope | None = None,
        report: str = "",
        title: str = "",
        outside: bool = False,
        sent: FrozenReport | None = None,
        **_more: Any,
    ) -> None:
        """Show a report as a draft, or as it was *sent*, here or by a commune."""
        if sent is not None:
            specs = tuple(TABLES[t.key] for t in sent.tables if t.key in TABLES)
            scope, report = scope_here(self.host.desk.context, sent), sent.report
            title = title_of(sent)
        if specs or sent is not None:
            self._unit = sent.unit if sent is not None else self.host.desk.info.unit
            self._sent_scope = sent.scope if sent is not None else scope or Scope()
            self._wanted = sent.id if sent is not None else ""
            self._specs, self._scope = specs, scope or Scope()
            self._report, self._title = report, title
            self.heading.setText(title)
            self.outside.setChecked(outside)
            self.which.clear()
        self.host.ask(FrozenReports(), self._answer_frozen, owner=self)

    def refresh(self, changed: frozenset[str]) -> None:
        """A report was frozen."""
        if changed & self.interests:
            self.host.ask(FrozenReports(), self._answer_frozen, owner=self)

    def _answer_frozen(self, found: tuple[FrozenReport, ...]) -> None:
        wanted = self._wanted or self.which.currentData()
        self._wanted = ""
        asked = (self._unit, self._report, self._sent_scope)
        mine = [r for r in found if r.series == asked]
        self._frozen = {r.id: r for r in mine}
        self.which.clear()
        self.which.addItem(_("Figures of now"), "")
        for report in mine:
            text = _("Sent {day}, {who}").format(day=day_words(report.at), who=report.officer)
            self.which.addItem(text, report.id)
        row = self.which.findData(wanted)
        self.which.setCurrentIndex(max(row, 0))
        self._another()

    @property
    def edition(self) -> FrozenReport | None:
        """The frozen report that is shown, or ``None`` for the figures of now."""
        return self._frozen.get(self.which.currentData() or "")

    def _another(self) -> None:
        frozen = self.edition
        self.corrections.hide()
        for box in (self.before, self.after):
            box.setReadOnly(frozen is not None)
        self.outside.setVisible(frozen is None)
        if frozen is not None:
            self.before.setPlainText(frozen.before)
            self.after.setPlainText(frozen.after)
            self.host.ask(
                Corrections(frozen.id), lambda found: self._corrected(frozen, found), owner=self
            )
        self.preview()

    def _corrected(self, frozen: FrozenReport, found: Comparison) -> None:
        if frozen is not self.edition:
            return
        self.corrections.setText(comparison_words(found, sender_words(self.host, frozen)))
        kit.retone(self.corrections, "due" if found.corrections else "ok")
        self.corrections.show()

    # -- preview ---------------------------------------------------------------------------

    def _about(self) -> ReportText:
        frozen = self.edition
        return ReportText(
            self._title,
            self._scope,
            frozen.at if frozen else "",
            self.before.toPlainText(),
            self.after.toPlainText(),
            controlled=self.outside.isChecked() and frozen is None,
            charts=self.charts.isChecked(),
        )

    def _make(self, *, draft: bool) -> Callable[[], Issued]:
        desk, text, frozen = self.host.desk, self._about(), self.edition
        specs, scope = self._specs, self._scope

        def tables() -> tuple[Table, ...]:
            if frozen is not None:
                return frozen.tables
            if not text.controlled:
                return tuple(desk.ask(Statistics(specs, scope)))
            if draft:
                return tuple(desk.ask(ControlledTables(specs, scope)))
            return release(desk, specs, scope, text.title)

        def make() -> Issued:
            # Papers are Vietnamese whatever language the screen has.
            with speaking("vi"):
                found = tables()
            pdf = (
                desk.ask(PreviewReport(text, found)) if draft else desk.do(IssueReport(text, found))
            )
            return Issued(pdf, "", ())

        return make

    def preview(self) -> None:
        """Draw the paper in memory, in a thread."""
        self._later.stop()
        if self._specs:
            self._draw(self._make(draft=True))

    def _not_drawn(self, problem: Exception) -> None:
        if isinstance(problem, PaperError):
            self.host.messages.fail(*str(problem).split("\n"))
        else:
            self.host.fail(problem)

    # -- out -------------------------------------------------------------------------------

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if self.print_button.isEnabled():
            self._output.ask_printer(self.choose_printer, self._make(draft=False), noted=False)

    def ask_to_save(self) -> None:
        """Save as PDF after saying what leaves."""
        note = (
            _("Small figures are withheld; what leaves is remembered.")
            if self._about().controlled
            else _("It holds every figure, small ones too, from which somebody may be recognised.")
        )
        name = plain_name(f"bao-cao-{self._report}-{self._scope.period.first[:7]}")
        self._output.ask_to_save(note, name, self._make(draft=False), noted=False)

    def ask_to_freeze(self) -> None:
        """Keep the report as it is sent; it can never be changed."""
        self.host.dialogs.confirm(
            _("Freeze this report?"),
            _(
                "The figures and words are kept as they are now and can never be changed. What "
                "is corrected later is shown beside them."
            ),
            _("Freeze as sent"),
            self.freeze,
        )

    def freeze(self) -> None:
        """Keep it."""
        text = self._about()
        command = FreezeReport(self._report, self._scope, text.before, text.after)

        def done(made: str) -> None:
            self.host.messages.tell(_("The report is frozen as it is now."))
            self.which.addItem("", made)
            self.which.setCurrentIndex(self.which.count() - 1)
            self.host.ask(FrozenReports(), self._answer_frozen, owner=self)

        self.host.do(replace(command), done, owner=self)
