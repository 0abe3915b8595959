"""Papers that are of no single case: the monthly list for the chair, and blank forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QListView

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.paper import SIDE, fit_list, form_list, plain_name
from traffick_desk.desk.pages.printed_page import PrintedPage
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.i18n import N_, _
from traffick_desk.papers import FormInfo, PaperError
from traffick_desk.services.month import IssueMonthlyList, Month, PreviewMonthlyList
from traffick_desk.services.papers import MONTHLY, BlankPaper, Forms, Issued

MONTHS = 24


class OfficePaperPage(PrintedPage):
    """Shows, prints and saves the monthly list and blank forms."""

    name = "paper_office"
    label = N_("Monthly list, blank forms")
    icon = "print"
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"cases", "office"})

    def __init__(self, host: Host) -> None:
        super().__init__(host, "office_print", "office_save")
        self._forms: dict[str, FormInfo] = {}
        self._wanted = ""
        self._build()

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        title = kit.label(self.title(), "heading", name="office_title", fills=True)
        self.model = LineModel(lambda line: line.text, self)
        self.forms: QListView = form_list(self.model, "office_forms")
        self.forms.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.month = QuietCombo()
        self.month.setObjectName("month")
        self.month.setAccessibleName(_("Month"))
        found = Month.of(self.host.context.now().date())
        for _number in range(MONTHS):
            self.month.addItem(f"{found.month:02d}/{found.year}", found)
            found = found.before
        self.month.activated.connect(lambda _row: self.preview())
        self._month_label = kit.label(_("Month"), "label")
        self._month_label.setBuddy(self.month)
        self.names = QCheckBox(_("Print full names"))
        self.names.setObjectName("with_names")
        self.names.toggled.connect(lambda _on: self.preview())
        self._about = kit.label("", "muted", name="office_about")
        self._hint = kit.label("", "muted", name="office_hint")
        self._trouble = kit.label("", "label", tone="due", name="office_trouble")
        side = kit.vbox(
            self.forms,
            self._month_label,
            self.month,
            self.names,
            self._about,
            self._hint,
            self._trouble,
            None,
            margins=(0, 0, 12, 0),
        )
        self._side = kit.scroll(kit.panel(side), "office_side")
        middle = kit.hbox(self._side, self.pages, gap=16)
        middle.setStretch(1, 1)
        buttons = kit.hbox(title, self.save_button, self.print_button, gap=12)
        body = kit.vbox(buttons, middle, gap=12)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        kit.measures(self.layout(), (24, 12, 24, 12), 12)

    def resizeEvent(self, event) -> None:
        """The side takes what its texts need, never more than half."""
        super().resizeEvent(event)
        self._side.setFixedWidth(min(theme.current().px(SIDE), self.width() // 2))
        fit_list(self.forms, self.height())

    # -- coming ----------------------------------------------------------------------------

    def opened(self, form: str = "", **_more: Any) -> None:
        """Show the monthly list, or *form* as a blank."""
        self._wanted = form or MONTHLY
        self.host.ask(Forms(), self._answer_forms, owner=self)

    def refresh(self, changed: frozenset[str]) -> None:
        """Cases changed: draw the list again."""
        if self._forms and (not changed or changed & self.interests):
            self.preview()

    def form_key(self) -> str:
        """The paper that is chosen."""
        index = self.forms.currentIndex()
        return self.model.line(index.row()).id if index.isValid() else ""

    def _answer_forms(self, found: Any) -> None:
        from traffick_desk import papers

        monthly = papers.form(MONTHLY)
        self._forms = {MONTHLY: monthly, **{info.key: info for info in found}}
        lines = [Line(MONTHLY, {}, text=str(monthly.title))]
        blank = _("Blank: {form}")
        lines += [Line(f.key, {}, text=blank.format(form=f.title)) for f in found]
        self.model.show_lines(lines)
        row = next((n for n, line in enumerate(lines) if line.id == self._wanted), 0)
        self.forms.setCurrentIndex(self.model.index(row))
        fit_list(self.forms, self.height())

    def _chosen(self) -> None:
        info = self._forms.get(self.form_key())
        if info is None:
            return
        monthly = info.key == MONTHLY
        for widget in (self.month, self._month_label, self.names):
            widget.setVisible(monthly)
        self._about.setText(str(info.about))
        self._hint.setText(
            _("Privacy: {note}").format(note=info.privacy)
            if monthly
            else _(
                "It holds nothing of any case. What is written on it is entered later with the "
                "day on which it happened; when it was entered is kept as well."
            )
        )
        self.preview()

    # -- preview ---------------------------------------------------------------------------

    def preview(self) -> None:
        """Draw the paper in memory, in a thread."""
        if self.form_key():
            self._draw(self._make(draft=True))

    def _make(self, *, draft: bool) -> Callable[[], Issued]:
        desk, key = self.host.desk, self.form_key()
        if key != MONTHLY:
            blank = BlankPaper(key)
            return lambda: desk.ask(blank)
        month: Month = self.month.currentData()
        names = self.names.isChecked()
        if draft:
            asked = PreviewMonthlyList(month.year, month.month, with_names=names)
            return lambda: desk.ask(asked)
        command = IssueMonthlyList(month.year, month.month, with_names=names)
        return lambda: desk.do(command)

    def _drawn(self, issued: Issued) -> None:  # noqa: ARG002
        self._trouble.hide()

    def _not_drawn(self, problem: Exception) -> None:
        if isinstance(problem, PaperError):
            self._trouble.setText(str(problem))
            self._trouble.show()
        else:
            self.host.fail(problem)

    # -- printing and saving ---------------------------------------------------------------

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if self.print_button.isEnabled():
            self._output.ask_printer(self.choose_printer, self._make(draft=False), noted=False)

    def ask_to_save(self) -> None:
        """The list is saved after a warning; a blank form holds nothing to warn of."""
        if not self.save_button.isEnabled():
            return
        key, make = self.form_key(), self._make(draft=False)
        if key == MONTHLY:
            note = str(self._forms[key].privacy)
            self._output.ask_to_save(note, self.file_name(), make, noted=False)
        else:
            self._output.choose_place(self.file_name(), make, noted=False)

    def file_name(self) -> str:
        """A name that says nothing about anybody."""
        if self.form_key() != MONTHLY:
            return plain_name(self.form_key())
        month: Month = self.month.currentData()
        return plain_name(f"{MONTHLY}-{month.year}-{month.month:02d}")
