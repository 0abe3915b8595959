"""*Reports*: choose a report and a time, see tables and charts, open what is behind a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QListView

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.fitting_row import FittingRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.jobs import Job
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.paper import fit_list, form_list
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.report_builder import BuilderBar
from traffick_desk.desk.pages.report_scope import ScopeBar
from traffick_desk.desk.pages.report_table import ChartView, FigureModel, FigureView
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import N_, _
from traffick_desk.papers.drawing import svg
from traffick_desk.reports.charts import chart
from traffick_desk.reports.figures import Table
from traffick_desk.services.roles import CASE_READ, FIGURES, may
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.paper import IssueReport, ReportText
from traffick_desk.services.statistics.queries import Statistics
from traffick_desk.services.statistics.release import ControlledTables, release
from traffick_desk.services.statistics.spec import Scope, TableSpec
from traffick_desk.services.whole_file import write_whole

OWN = "own"
SIDE = 300


class ReportsPage(Page):
    """Figures of this desk."""

    permission = FIGURES
    name = "reports"
    label = N_("Reports")
    icon = "chart"
    interests = frozenset({"cases"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.sees_cases = may(host.desk.info.role, CASE_READ)
        self._newest = Newest()
        self._tables: tuple[Table, ...] = ()
        self._specs: tuple[TableSpec, ...] = ()
        self._scope = Scope()
        self.report = QuietCombo()
        self.report.setObjectName("report_kind")
        self.report.setAccessibleName(_("Report"))
        for kind in REPORTS.values():
            self.report.addItem(kind.shown_title(), kind.key)
        if self.sees_cases:
            self.report.addItem(_("Own table"), OWN)
        self.report.activated.connect(lambda _row: self._chosen())
        self.scope = ScopeBar(host)
        self.scope.changed.connect(self.ask)
        self.outside = QCheckBox(_("Withhold small figures"))
        self.outside.setObjectName("report_outside")
        self.outside.setToolTip(_("As the report may leave for people who may not see cases."))
        self.outside.setChecked(not self.sees_cases)
        self.outside.setEnabled(self.sees_cases)
        self.outside.toggled.connect(lambda _on: self.ask())
        self.builder = BuilderBar(host)
        self.builder.changed.connect(self.ask)
        self._build()

    def _build(self) -> None:
        self.list = LineModel(lambda line: line.text, self)
        self.titles: QListView = form_list(self.list, "report_tables")
        self.titles.setAccessibleName(_("Tables"))
        self.titles.selectionModel().currentChanged.connect(lambda *_: self._show())
        self.figures = FigureModel(self)
        self.view = FigureView(self.figures, "report_figures")
        self.view.doubleClicked.connect(self.open_figure)
        self.chart = ChartView()
        self.heading = kit.label("", "subheading", name="report_title")
        self.notes = kit.label("", "muted", name="report_notes")
        self.paper_button = kit.button(
            _("Paper with text…"), "report_paper", self.to_paper, role="primary", icon="print"
        )
        self.save_button = kit.button(
            _("Save as a workbook…"), "report_save", self.ask_to_save, icon="export"
        )
        self.chart_button = kit.button(
            _("Save the chart…"), "report_chart_save", self.save_chart, role="quiet"
        )
        self.sent_button = kit.button(
            _("Sent reports"), "report_sent_go", lambda: self.host.go("report_sent"), role="quiet"
        )
        self.standards_button = kit.button(
            _("Files of standards…"), "report_standards_go",
            lambda: self.host.go("report_standards"), role="quiet",
        )  # fmt: skip
        acts = FittingRow(
            "report_acts", self.standards_button, self.sent_button, self.save_button,
            keep=(self.paper_button,), right=True,
        )  # fmt: skip
        for made in (
            self.paper_button, self.save_button, self.sent_button, self.standards_button
        ):  # fmt: skip
            acts.offer(made, self.sees_cases)
        hint = (
            _("Enter or a double click on a figure opens the cases behind it.")
            if self.sees_cases
            else _("Figures that are too small are withheld.")
        )
        self.hint = kit.label(hint, "muted", name="report_hint", fills=True)
        title = kit.label(self.title(), "title", name="reports_title", wrap=False)
        top = kit.hbox(title, None, acts, gap=12)
        choose = kit.hbox(self.report, self.scope, self.outside, gap=12)
        choose.setStretch(1, 1)
        side = kit.panel(kit.vbox(self.titles, None, margins=(0, 0, 12, 0)))
        side.setFixedWidth(theme.current().px(SIDE))
        self._side = side
        below = kit.hbox(self.hint, self.chart_button)
        shown = kit.vbox(
            self.heading, self.builder, self.view, below, self.notes, self.chart, None, gap=8
        )
        scroll = kit.scroll(kit.panel(shown), "report_scroll")
        middle = kit.hbox(side, scroll, gap=12)
        middle.setStretch(1, 1)
        body = kit.vbox(top, choose, middle, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)

    # -- asking ----------------------------------------------------------------------------

    def opened(self, **_more: Any) -> None:
        """Read the figures anew."""
        self._chosen()

    def refresh(self, changed: frozenset[str]) -> None:
        """Cases changed: count again."""
        if not changed or changed & self.interests:
            self.ask()

    def resizeEvent(self, event: Any) -> None:
        """The table takes the width there is."""
        super().resizeEvent(event)
        self.view.fit_columns()

    def _own(self) -> bool:
        return bool(self.report.currentData() == OWN)

    def _chosen(self) -> None:
        self.builder.setVisible(self._own())
        self._side.setVisible(not self._own())
        if self._own():
            self.builder.ask()
        else:
            self.ask()

    def specs(self) -> tuple[TableSpec, ...]:
        """The tables that are chosen."""
        if self._own():
            spec = self.builder.spec()
            return (spec,) if spec else ()
        return tuple(TABLES[key] for key in REPORTS[self.report.currentData()].tables)

    def ask(self) -> None:
        """Count, in a thread."""
        specs, scope = self.specs(), self.scope.scope()
        if not specs:
            return
        only = self._newest.begin()
        query: Any = Statistics(specs, scope)
        if self.outside.isChecked() or not self.sees_cases:
            query = ControlledTables(specs, scope)
        self.host.ask(
            query,
            only(lambda tables: self._answer(specs, scope, tables)),
            owner=self,
            words=_("Counting…"),
        )

    def _answer(
        self, specs: tuple[TableSpec, ...], scope: Scope, tables: tuple[Table, ...]
    ) -> None:
        self._specs, self._scope, self._tables = specs, scope, tables
        row = max(self.titles.currentIndex().row(), 0)
        self.list.show_lines([Line(str(n), {}, text=t.title) for n, t in enumerate(tables)])
        self.titles.setCurrentIndex(self.list.index(min(row, len(tables) - 1)))
        fit_list(self.titles, 4 * self.height())
        self._show()

    # -- showing ---------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """Which of the tables is shown."""
        return min(max(self.titles.currentIndex().row(), 0), len(self._tables) - 1)

    @property
    def table(self) -> Table | None:
        """The table that is shown."""
        return self._tables[self.number] if self._tables else None

    def _show(self) -> None:
        table = self.table
        if table is None:
            return
        self.heading.setText(table.title)
        self.figures.show_table(table)
        self.view.fit_columns()
        rows = min(self.figures.rowCount(), 16)
        look = theme.current()
        head = self.view.horizontalHeader().height()
        self.view.setFixedHeight(head + rows * look.control_height + look.px(20))
        self.notes.setText("\n".join(table.all_notes()))
        drawing = chart(table)
        self.chart.show_drawing(drawing)
        self.chart_button.setVisible(drawing is not None and self.sees_cases)

    def open_figure(self, index: QModelIndex) -> None:
        """Show the cases behind a figure, to who may see them."""
        figure = self.figures.figure(index) if index.isValid() else None
        if not self.sees_cases or self.table is None or not index.isValid():
            return
        if figure is not None and (figure.hidden or not figure.value):
            return
        row, column = self.figures.place(index)
        self.host.go(
            "report_cases", spec=self._specs[self.number], scope=self._scope, row=row,
            column=column, words=self._words(index),
        )  # fmt: skip

    def _words(self, index: QModelIndex) -> str:
        parts = [str(self.figures.index(index.row(), 0).data())]
        if index.column():
            parts.append(str(self.figures.headerData(index.column(), _horizontal())))
        return f"{self.table.title}: {', '.join(parts)}" if self.table else ""

    # -- saving ----------------------------------------------------------------------------

    def to_paper(self) -> None:
        """Write the words around the figures, then print, save or send."""
        self.host.go(
            "report_paper", specs=self._specs, scope=self._scope, report=self.report.currentData(),
            title=self._title(), outside=self.outside.isChecked(),
        )  # fmt: skip

    def _title(self) -> str:
        if self._own() and self.table is not None:
            return self.table.title
        return str(self.report.currentText())

    def ask_to_save(self) -> None:
        """Say what leaves, ask where to, save."""
        outside = self.outside.isChecked()
        text = (
            _(
                "Small figures are withheld, and what leaves is remembered so that no later "
                "report gives them away. This cannot be taken back."
            )
            if outside
            else _(
                "The file holds every figure, small ones too, from which somebody may be "
                "recognised. Give it only to who may see the cases."
            )
        )
        self.host.dialogs.confirm(
            _("Save outside the encrypted vault?"), text, _("Save as a file"), self._where,
            danger=True,
        )  # fmt: skip

    def _where(self) -> None:
        name = f"bao-cao-{self.report.currentData()}.xlsx"
        self.host.dialogs.save_file(
            _("Save the tables"), self._marked(Path(name)).name, "Excel (*.xlsx)", self.save
        )

    def _marked(self, path: Path) -> Path:
        return file_path(path) if self.host.desk.info.practice else path

    def save(self, path: Path) -> None:
        """Write the workbook in a thread."""
        target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        target = self._marked(target)
        desk, specs, scope = self.host.desk, self._specs, self._scope
        outside, tables = self.outside.isChecked(), self._tables
        text = ReportText(self._title(), scope, controlled=outside)

        def work(job: Job) -> Path:
            shown = release(desk, specs, scope, text.title, job.report) if outside else tables
            write_whole(target, desk.do(IssueReport(text, shown, "xlsx")))
            return target

        self._run(work, with_job=True)

    def save_chart(self) -> None:
        """Save the drawing as SVG or PNG; it shows what the table shows."""
        if self.chart.drawing is not None:
            self.host.dialogs.save_file(
                _("Save the chart…"), "bieu-do.png", "PNG (*.png);;SVG (*.svg)", self.write_chart
            )

    def write_chart(self, path: Path) -> None:
        """Write the chart."""
        drawing = self.chart.drawing
        if drawing is None:
            return
        target = self._marked(path)
        if target.suffix.lower() == ".svg":
            content = svg(drawing).encode()
        else:
            from traffick_desk.desk.pages.report_image import png

            target = target if target.suffix else target.with_suffix(".png")
            content = png(drawing)

        def work() -> Path:
            write_whole(target, content)
            return target

        self._run(work)

    def _run(self, work: Any, *, with_job: bool = False) -> None:
        def done(where: Path) -> None:
            self.host.messages.tell(
                _("Saved as {file}, outside the vault.").format(file=where.name),
                _("Delete the file when it is no longer needed."),
            )

        def failed(problem: Exception) -> None:
            if isinstance(problem, OSError):
                text = _("The file could not be written: {reason}.")
                self.host.messages.fail(
                    text.format(reason=problem.strerror or problem),
                    _("Nothing is lost; please choose another place and save it again."),
                )
            else:
                self.host.fail(problem)

        # With progress it takes long: beside the writes, not among them.
        self.host.jobs.run(
            work, done=done, failed=failed, owner=self, words=_("Saving…"), write=not with_job,
            with_job=with_job,
        )  # fmt: skip


def _horizontal() -> Any:
    from PySide6.QtCore import Qt

    return Qt.Orientation.Horizontal
