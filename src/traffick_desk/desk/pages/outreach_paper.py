"""Papers of prevention: the sheet to sign, the report of an activity, the plan of a year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traffick_desk.desk.pages.paper import fit_list, plain_name
from traffick_desk.desk.pages.paper_office import OfficePaperPage
from traffick_desk.desk.pages.record_list import Line
from traffick_desk.i18n import N_, _
from traffick_desk.services.papers import Issued
from traffick_desk.services.prevention.paper import (
    OF_ACTIVITY,
    REPORT,
    SHEET,
    YEAR_PLAN,
    IssueOutreachPaper,
    PreviewOutreachPaper,
)
from traffick_desk.services.roles import PREVENTION_READ

YEARS = 6


class OutreachPaperPage(OfficePaperPage):
    """The papers of one activity, or those of the year and a blank sheet."""

    name = "outreach_paper"
    label = N_("Papers of prevention")
    belongs_to = "prevention"
    interests = frozenset({"prevention", "office"})
    permission = PREVENTION_READ

    def _build(self) -> None:
        self._activity = ""
        super()._build()
        self.names.hide()
        self.month.clear()
        self.month.setAccessibleName(_("Year"))
        self._month_label.setText(_("Year"))
        this = self.host.context.now().year
        for year in range(this + 1, this + 1 - YEARS, -1):
            self.month.addItem(str(year), year)
        self.month.setCurrentIndex(1)

    def opened(self, activity: str = "", form: str = "", year: int = 0, **_more: Any) -> None:
        """Show the papers of *activity*, or the plan of *year* and a blank sheet."""
        from traffick_desk import papers

        self._activity = activity
        if year and (row := self.month.findData(year)) >= 0:
            self.month.setCurrentIndex(row)
        keys = (SHEET, REPORT) if activity else (YEAR_PLAN, SHEET, REPORT)
        self._forms = {key: papers.form(key) for key in keys}
        blank = _("Blank: {form}")
        lines = [
            Line(
                key,
                {},
                text=blank.format(form=info.title)
                if key in OF_ACTIVITY and not activity
                else str(info.title),
            )
            for key, info in self._forms.items()
        ]
        self.model.show_lines(lines)
        row = keys.index(form) if form in keys else 0
        self.forms.setCurrentIndex(self.model.index(row))
        fit_list(self.forms, self.height())
        self._chosen()

    def _chosen(self) -> None:
        info = self._forms.get(self.form_key())
        if info is None:
            return
        for widget in (self.month, self._month_label):
            widget.setVisible(info.key == YEAR_PLAN)
        self._about.setText(str(info.about))
        self._hint.setText(_("Privacy: {note}").format(note=info.privacy))
        self.preview()

    def _make(self, *, draft: bool) -> Callable[[], Issued]:
        desk, key = self.host.desk, self.form_key()
        year = int(self.month.currentData() or 0) if key == YEAR_PLAN else 0
        activity = self._activity if key in OF_ACTIVITY else ""
        if draft or (key in OF_ACTIVITY and not activity):
            return lambda: desk.ask(PreviewOutreachPaper(key, activity, year))
        return lambda: desk.do(IssueOutreachPaper(key, activity, year))

    def ask_to_save(self) -> None:
        """The paper is saved after a warning that the file is not encrypted."""
        if self.save_button.isEnabled():
            note = str(self._forms[self.form_key()].privacy)
            make = self._make(draft=False)
            self._output.ask_to_save(note, self.file_name(), make, noted=False)

    def file_name(self) -> str:
        """A name that says which paper, and of which year."""
        key = self.form_key()
        return plain_name(f"{key}-{self.month.currentData()}" if key == YEAR_PLAN else key)
