"""*Take in an old register*: the file, its columns, a look at every row, then the taking in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.jobs import Job
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.busy import BusyPanel
from traffick_desk.desk.pages.register_columns import ColumnsStep
from traffick_desk.desk.pages.register_rows import RowsStep
from traffick_desk.desk.pages.sync import gently
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services import register
from traffick_desk.services.register import ColumnMap, Preview, Report, Table
from traffick_desk.services.roles import CASE_WRITE

FILE, COLUMNS, ROWS = 0, 1, 2


class RegisterPage(Page):
    """Three steps; nothing is written before the button of the last."""

    name = "register"
    label = N_("Take in an old register")
    icon = "import"
    permission = CASE_WRITE
    in_navigation = False
    belongs_to = "cases"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._table: Table | None = None
        self._path: Path | None = None
        self._mapping = ColumnMap(())
        self._preview: Preview | None = None
        self._job: Job | None = None
        self._report: Report | None = None
        self.columns = ColumnsStep(host)
        self.rows = RowsStep(host)
        self.columns.changed.connect(self._enable)
        self.rows.changed.connect(self._enable)
        for part in (self.columns, self.rows):
            host.privacy.switched.connect(lambda _on, part=part: part.cover())
        self.rows.case_wanted.connect(lambda case: host.go("case", case_id=case))
        self.stack = QStackedLayout()
        for widget in (self._file_step(), self.columns, self.rows):
            self.stack.addWidget(widget)
        self.where = kit.label("", "subheading", name="register_where", wrap=False)
        self.back_button = kit.button(_("&Back"), "register_back", self.step_back)
        self.next_button = kit.button("", "register_next", self.step_on, role="primary")
        self.said = kit.label("", name="register_said")
        self.busy = BusyPanel("register", self.stop)
        foot = kit.hbox(self.back_button, None, self.next_button, gap=12)
        head = kit.hbox(kit.label(self.title(), "title", wrap=False), None, self.where)
        body = kit.vbox(head, self.said, kit.panel(self.stack), self.busy, foot, gap=12)
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        self._to(FILE)

    def _file_step(self) -> Any:
        self.choose_button = kit.button(
            _("&Choose a file…"), "register_choose", self.ask_for_file, icon="import"
        )
        self.found = kit.label("", name="register_found")
        self.sheet_label = kit.label(_("Sheet"), "label")
        self.sheet = QuietCombo()
        self.sheet.setObjectName("register_sheet")
        self.sheet_label.setBuddy(self.sheet)
        self.sheet.activated.connect(lambda _index: self._other_sheet())
        self.sheet.hide()
        self.sheet_label.hide()
        card = kit.card(
            kit.label(_("Which register?"), "heading"),
            kit.label(
                _(
                    "A workbook (.xlsx) or a text with columns (.csv), one row for each person. "
                    "The headings can stand in any row, and titles, empty rows and sums between "
                    "are left out."
                )
            ),
            kit.label(
                _(
                    "You see every row before anything is kept. The file itself is not changed; "
                    "it is not encrypted, so delete it when the cases are here."
                ),
                "muted",
            ),
            kit.hbox(self.choose_button, None),
            self.found,
            self.sheet_label,
            kit.hbox(self.sheet, None),
            gap=12,
        )
        return kit.scroll(kit.panel(kit.vbox(card, None)), "register_file_scroll")

    # -- coming and going ------------------------------------------------------------------

    def opened(self, file: str = "", **_more: Any) -> None:
        """Begin, or go on where it was left; *file* is read at once."""
        if file:
            self.read(Path(file))
        self._enable()

    def refresh(self, changed: frozenset[str]) -> None:
        """Nothing is read anew by itself: what is seen is what will be taken in."""

    def back(self) -> bool:
        """Esc goes one step back."""
        if self._job is None and self.stack.currentIndex() > FILE:
            self.step_back()
            return True
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [PageCommand(_("Choose a file…"), self.ask_for_file, "import")]

    def _to(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        names = (_("the file"), _("the columns"), _("the rows"))
        text = _("Step {n} of 3: {what}").format(n=step + 1, what=names[step])
        self.where.setText(text)
        self.back_button.setVisible(step > FILE)
        self._enable()
        (self.choose_button, self.columns, self.rows)[step].setFocus()

    def step_back(self) -> None:
        """One step back; nothing is lost."""
        if self._job is None:
            self._say("")
            self._to(max(FILE, self.stack.currentIndex() - 1))

    def step_on(self) -> None:
        """To the next step, or take in the rows."""
        if not self.next_button.isEnabled():
            return
        match self.stack.currentIndex():
            case 0:
                self._to(COLUMNS)
            case 1:
                self.look()
            case _ if self.rows.wanted():
                self.take_in()
            case _:
                self.host.go("cases")

    def _enable(self) -> None:
        step, free = self.stack.currentIndex(), self._job is None
        count = len(self.rows.wanted()) if step == ROWS else 0
        texts = (
            _("&Next: the columns"),
            _("&Next: look at the rows"),
            ngettext("&Take in {n} row", "&Take in {n} rows", count).format(
                n=parsing.show_integer(count)
            ),
        )
        text = texts[step] if count or step != ROWS else _("&To the list of cases")
        self.next_button.setText(text)
        self.next_button.setAccessibleName(text.replace("&", ""))
        ready = (self._table is not None, self.columns.good, True)
        self.next_button.setEnabled(free and ready[step])
        self.back_button.setEnabled(free)
        self.choose_button.setEnabled(free)
        for widget in (self.columns, self.rows):
            widget.setEnabled(free)

    def _say(self, text: str, tone: str = "") -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        kit.retone(self.said, tone)

    # -- the file --------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Let the officer choose a file."""
        if self._job is None:
            kinds = _("Registers (*.xlsx *.csv *.txt)")
            self.host.dialogs.open_file(_("Choose the old register"), kinds, self.read)

    def read(self, path: Path, sheet: str = "") -> None:
        """Read the table in *path* and propose what its columns are."""
        desk = self.host.desk
        self._path = path
        self._say("")

        def work(_job: Job) -> tuple[Table, ColumnMap]:
            table = register.read(path, sheet)
            return table, desk.ask(register.ProposeColumns(table))

        self._begin(work, lambda found: self._was_read(*found), _("Reading the file…"))

    def _was_read(self, table: Table, mapping: ColumnMap) -> None:
        self._table, self._mapping = table, mapping
        self.rows.forget()
        self.columns.show_table(table, mapping)
        count = parsing.show_integer(len(table.rows))
        rows = ngettext("{n} row", "{n} rows", len(table.rows)).format(n=count)
        wide = ngettext("{n} column", "{n} columns", table.width).format(n=table.width)
        text = f"{table.source}: {rows}, {wide}"
        if table.formulas:
            text += "\n" + _("There are formulas; their last results are taken.")
        self.found.setText(text)
        self.sheet.clear()
        self.sheet.addItems(list(table.sheets))
        self.sheet.setCurrentText(table.sheet)
        for widget in (self.sheet, self.sheet_label):
            widget.setVisible(len(table.sheets) > 1)
        self._to(FILE)
        self.next_button.setFocus()

    def _other_sheet(self) -> None:
        if self._table is not None and self._path is not None:
            chosen = self.sheet.currentText()
            if chosen != self._table.sheet:
                self.read(self._path, chosen)

    # -- the rows --------------------------------------------------------------------------

    def look(self) -> None:
        """Read every row and compare it with the cases here."""
        desk, table, mapping = self.host.desk, self._table, self.columns.mapping()
        if table is None:
            return
        self._mapping = mapping
        self._begin(
            lambda job: register.look(desk, table, mapping, gently(job)),
            self._looked,
            _("Looking at the rows…"),
        )

    def _looked(self, preview: Preview) -> None:
        self._preview = preview
        if self._table is not None:
            self.rows.show_preview(self._table, preview)
        self._to(ROWS)

    def take_in(self) -> None:
        """Open a case for each row that is to be taken in."""
        desk, table, mapping = self.host.desk, self._table, self._mapping
        preview, wanted = self._preview, self.rows.wanted()
        if table is None or preview is None:
            return
        self._report = report = Report()
        self._begin(
            lambda job: register.take_in(
                desk, table, mapping, preview, wanted, gently(job), report
            ),
            self._took_in,
            _("Taking in the rows…"),
            write=True,
        )

    def _took_in(self, report: Report) -> None:
        text = self._count_words(report)
        tone = "ok"
        if report.refused:
            tone = "due"
            lines = [
                _("Row {n} was refused: {why}").format(n=n, why=why)
                for n, why in list(report.refused.items())[:5]
            ]
            text = "\n".join([text, *lines])
        self._say(text, tone)
        self.look()

    @staticmethod
    def _count_words(report: Report) -> str:
        count = len(report.taken)
        text = ngettext("{n} case was opened.", "{n} cases were opened.", count)
        return text.format(n=parsing.show_integer(count))

    # -- work ------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop at the next safe place; what was taken in whole stays."""
        if self._job is not None:
            self._job.cancel()
            self.busy.stopping()

    def _begin(self, work: Any, done: Any, text: str, *, write: bool = False) -> None:
        if self._job is not None:
            return
        self.host.messages.clear()
        self.busy.begin(text)
        # The next piece of work may be begun by what is done with the result of this one.
        finished: list[Any] = []
        job = self.host.jobs.run(
            work, done=finished.append, failed=self.host.fail, owner=self, words=text,
            write=write, with_job=True,
        )  # fmt: skip
        job.progressed.connect(self._progressed, Qt.ConnectionType.QueuedConnection)
        job.ended.connect(lambda: self._over(job, finished, done))
        self._job = job
        self._enable()

    def _progressed(self, done: int, total: int, text: str) -> None:
        if self._job is None or self._job.cancelled:
            return
        words = ""
        if text and total:
            words = _("{what} {n} of {total}").format(
                what=text, n=parsing.show_integer(done), total=parsing.show_integer(total)
            )
        self.busy.tell(done, total, words)

    def _over(self, job: Job, finished: list[Any], done: Any) -> None:
        if self._job is not job:
            return
        self._job = None
        self.busy.hide()
        self._enable()
        if finished:
            done(finished[0])
        elif job.cancelled and self._report is not None:
            text = _("Stopped. Nothing was left half done; the rest can be taken in later.")
            self._say(f"{self._count_words(self._report)} {text}", "due")
            self._report = None
            self.look()
        self._report = None
