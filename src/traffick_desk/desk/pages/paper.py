"""Papers of a case: preview from memory, print, and saving only after a plain warning."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QListView

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import paper_facts
from traffick_desk.desk.pages.case_section import person_choices
from traffick_desk.desk.pages.paper_together import TogetherChoice
from traffick_desk.desk.pages.printed_page import PrintedPage
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.domain.text import fold
from traffick_desk.i18n import N_, _
from traffick_desk.papers import FormInfo, Need, PaperError
from traffick_desk.services.groups_read import Group, GroupOf
from traffick_desk.services.papers import (
    Forms,
    Issued,
    IssuePaper,
    PreviewPaper,
    ReprintPaper,
    originals,
)
from traffick_desk.services.queries import RefreshCase
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.views import CaseView, RecordView

PAUSE_MS = 400
SIDE = 380
LIST_SHARE = 0.4


def form_list(model: LineModel, name: str) -> QListView:
    """A list of forms, each on as many lines as its title needs."""
    view = QListView()
    view.setObjectName(name)
    view.setAccessibleName(_("Forms"))
    view.setModel(model)
    view.setItemDelegate(WrapDelegate(view))
    view.setTextElideMode(Qt.TextElideMode.ElideNone)
    view.setWordWrap(True)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return view


def fit_list(view: QListView, room: int) -> None:
    """Give *view* the height of its lines, but leave most of *room* to what stands below."""
    rows = range(view.model().rowCount())
    height = sum(view.sizeHintForRow(row) for row in rows) + 2 * view.frameWidth() + 2
    view.setFixedHeight(max(min(height, int(room * LIST_SHARE)), theme.current().px(120)))
    view.scrollTo(view.currentIndex())


class PaperPage(PrintedPage):
    """Makes a paper of a case."""

    name = "paper"
    label = N_("Paper")
    icon = "print"
    permission = CASE_READ
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"cases", "office"})

    def __init__(self, host: Host) -> None:
        super().__init__(host, "paper_print", "paper_save")
        self._case: CaseView | None = None
        self._case_id = ""
        self._forms: dict[str, FormInfo] = {}
        self._wanted = ("", "")
        self._record = ("", "")
        self._typed: dict[str, Any] = {}
        self._group: Group | None = None
        self.form: RecordForm | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self._build()

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = kit.label(_("Papers of the case"), "heading", name="paper_title", fills=True)
        self.model = LineModel(lambda line: line.text, self)
        self.forms = form_list(self.model, "forms")
        self.forms.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.person = QuietCombo()
        self.person.setObjectName("paper_person")
        self.person.setAccessibleName(_("About whom"))
        self.person.activated.connect(lambda _row: self.preview())
        self._person_label = kit.label(_("About whom"), "label")
        self._person_label.setBuddy(self.person)
        self.together = TogetherChoice()
        self.together.changed.connect(self.preview)
        self._about = kit.label("", "muted", name="paper_about")
        self._privacy = kit.label("", "muted", name="paper_privacy")
        self._missing = kit.label("", name="paper_missing")
        self._missing_head = kit.label("", "label", tone="due", name="paper_missing_head")
        self._place = kit.vbox()
        self.again_button = kit.button(
            _("Print this one again"),
            "paper_again",
            self.print_again,
            icon="print",
            tooltip=_("The same paper, marked as printed again"),
        )
        self.blank_button = kit.button(
            _("&Blank form"),
            "paper_blank",
            lambda: self.host.go("paper_office", form=self.form_key()),
            icon="document",
            tooltip=_("To fill in by hand; it holds nothing of the case"),
        )
        self._printed = kit.label("", "muted", name="paper_printed")
        words = _("Made of what stands in the case; to change it, change it there.")
        self._from_record = kit.label(words, "muted", name="paper_from_record")
        for widget in (self._printed, self.again_button, self._from_record):
            widget.hide()
        side = kit.vbox(
            self.forms,
            self._person_label,
            self.person,
            self.together,
            self._about,
            self._printed,
            kit.buttons(self.again_button, self.blank_button),
            self._missing_head,
            self._missing,
            self._from_record,
            self._place,
            self._privacy,
            None,
            margins=(0, 0, 12, 0),
        )
        self._side = kit.scroll(kit.panel(side), "paper_side")
        buttons = kit.hbox(self._title, self.save_button, self.print_button, gap=12)
        middle = kit.hbox(self._side, self.pages, gap=16)
        middle.setStretch(1, 1)
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

    def opened(
        self,
        case_id: str = "",
        form: str = "",
        person_id: str = "",
        *,
        record_id: str = "",
        typed: dict[str, Any] | None = None,
        together: bool = False,
        **_more: Any,
    ) -> None:
        """Show the papers of a case, *form* first, about *person_id*.

        Args:
            case_id: of the case.
            form: key of the form.
            person_id: whom the paper is about.
            record_id: the referral or payment that *form* is made of; the newest by default.
            typed: what the page before knows, proposed in the form for what is typed.
            together: for all who were received together.
        """
        if not case_id:
            return
        self._record, self._typed = (form, record_id), dict(typed or {})
        if case_id != self._case_id:
            self._forget()
        if together or case_id != self._case_id:
            self._group = None
            self.together.ask_for_all(on=together)
        self._case_id, self._wanted = case_id, (form, person_id)
        self.host.ask(Forms(), self._answer_forms, owner=self)
        self.host.ask(RefreshCase(case_id), self._answer_case, owner=self)
        self.host.ask(GroupOf(case_id), lambda g: self._answer_group(case_id, g), owner=self)

    def refresh(self, changed: frozenset[str]) -> None:
        """The case changed: draw the paper again."""
        if self._case_id and (not changed or changed & self.interests):
            self.host.ask(RefreshCase(self._case_id), self._answer_case, owner=self)

    def form_key(self) -> str:
        """The form that is chosen."""
        index = self.forms.currentIndex()
        return self.model.line(index.row()).id if index.isValid() else ""

    def _answer_forms(self, found: Any) -> None:
        self._forms = {info.key: info for info in found}
        lines = [Line(info.key, {}, text=str(info.title)) for info in found]
        before = self._wanted[0] or self.form_key()
        self.model.show_lines(lines)
        row = next((n for n, line in enumerate(lines) if line.id == before), 0)
        self.forms.setCurrentIndex(self.model.index(row))
        fit_list(self.forms, self.height())

    def _answer_case(self, case: CaseView) -> None:
        if case.row.case_id != self._case_id:
            return
        self._case = case
        self._title.setText(_("Papers of {file}").format(file=case.row.file_no))
        before = self._wanted[1] or self.person.currentData()
        self.person.clear()
        for choice in person_choices(self.host, case):
            words = f"{choice.label} ({choice.detail})" if choice.detail else choice.label
            self.person.addItem(words, choice.value)
        self.person.setCurrentIndex(max(self.person.findData(before), 0))
        for widget in (self.person, self._person_label):
            widget.setVisible(self.person.count() > 1)
        self._wanted = (self._wanted[0], "")
        self.preview()

    def _answer_group(self, case_id: str, group: Group | None) -> None:
        if case_id == self._case_id:
            self._group = group
            self.together.show_group(group, self._forms.get(self.form_key()))
            self.preview()

    def _chosen(self) -> None:
        info = self._forms.get(self.form_key())
        kit.clear(self._place)
        self.form = None
        if info is None:
            return
        self.together.show_group(self._group, info)
        self._about.setText(str(info.about))
        self._privacy.setText(_("Privacy: {note}").format(note=info.privacy))
        described = paper_facts.record_type(info)
        if described is not None:
            self.form = RecordForm(
                described,
                context=paper_facts.context_for(self.host.context),
                name="paper_form",
                keys=False,
            )
            today = self.host.context.now().date().isoformat()
            self.form.suggest({"letter_date": today, "application_date": today, **self._typed})
            self.form.edited.connect(lambda _name: self._pause.start())
            self._place.addWidget(self.form)
        self.preview()

    # -- preview ---------------------------------------------------------------------------

    def extra(self) -> dict[str, Any]:
        """What the officer typed for this paper."""
        return paper_facts.tree(self.form.values()) if self.form is not None else {}

    def preview(self) -> None:
        """Draw the paper in memory, in a thread."""
        self._pause.stop()
        key = self.form_key()
        if not key or self._case is None:
            return
        self._say_printed()
        query = PreviewPaper(
            self._case_id,
            key,
            self.person.currentData() or "",
            self.extra(),
            self._record_id(),
            self.together.others(),
        )
        self._draw(lambda: self.host.desk.ask(query))

    def _drawn(self, issued: Issued) -> None:
        self._say_missing(issued)
        self._hide_given(issued)

    def _record_id(self) -> str:
        form, record = self._record
        return record if form == self.form_key() else ""

    def _hide_given(self, issued: Issued) -> None:
        """What the record in the case says is not asked again."""
        self._from_record.setVisible(bool(issued.record))
        if self.form is None:
            return
        names = {paper_facts.name_of(path) for path in issued.given} & set(self.form.names())
        # Chosen in the referral; here it could only contradict.
        names |= {"letter_with_name"} & set(self.form.names()) if issued.record else set()
        shown = [n for n in names if not self.form.box(n).isHidden()]
        if shown:
            self.form.show_fields(shown, shown=False)

    def _say_missing(self, issued: Issued) -> None:
        needed = [str(f.label) for f in issued.missing if f.need is Need.REQUIRED]
        wanted = [str(f.label) for f in issued.missing if f.need is not Need.REQUIRED]
        lines = []
        if needed:
            lines.append(_("Needed: {facts}").format(facts=", ".join(needed)))
        if wanted:
            lines.append(_("Would help: {facts}").format(facts=", ".join(wanted)))
        self._missing_head.setText(_("Still missing; printed as a dotted line to fill in by hand"))
        self._missing_head.setVisible(bool(lines))
        self._missing.setText("\n".join(lines))
        self._missing.setVisible(bool(lines))

    def _not_drawn(self, problem: Exception) -> None:
        if isinstance(problem, PaperError):
            self._missing_head.setText(str(problem))
            self._missing_head.show()
            self._missing.hide()
        else:
            self.host.fail(problem)

    # -- printing and saving ---------------------------------------------------------------

    def _issue(self) -> Callable[[], Issued]:
        command = IssuePaper(
            self._case_id,
            self.form_key(),
            self.person.currentData() or "",
            self.extra(),
            record_id=self._record_id(),
            together=self.together.others(),
        )
        wanted = self.together.command(command)
        return lambda: self.host.desk.do(wanted)

    def _ready(self) -> bool:
        if not self._pdf or not self.print_button.isEnabled():
            return False
        return self.form is None or self.form.check()

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if self._ready():
            self._output.ask_printer(self.choose_printer, self._issue(), noted=True)

    def ask_to_save(self) -> None:
        """Save outside the vault, after saying plainly what that means."""
        if self._ready():
            note = str(self._forms[self.form_key()].privacy)
            self._output.ask_to_save(note, self.file_name(), self._issue(), noted=True)

    def print_again(self) -> None:
        """Print the newest paper of this form once more, marked as printed again."""
        found = self._originals()
        if found:
            command = ReprintPaper(self._case_id, found[0].id)
            self._output.ask_printer(
                self.choose_printer, lambda: self.host.desk.do(command), noted=True
            )

    def _originals(self) -> tuple[RecordView, ...]:
        if self._case is None:
            return ()
        return originals(self._case, self.form_key(), self.person.currentData() or "")

    def _say_printed(self) -> None:
        found = self._originals()
        if found:
            when = parsing.show_moment(found[0].get("issued_at") or "")
            code = found[0].get("code") or "–"
            text = _("Last printed or saved {when}, code {code}.").format(when=when, code=code)
            self._printed.setText(text)
        for widget in (self._printed, self.again_button):
            widget.setVisible(bool(found))

    def file_name(self) -> str:
        """A name that says nothing about anybody: file number and form."""
        number = self._case.row.file_no if self._case else ""
        return plain_name(f"{number}-{self.form_key()}")


def plain_name(text: str) -> str:
    """A file name of plain letters, digits and hyphens."""
    return re.sub(r"[^0-9a-z-]+", "-", fold(text)).strip("-") + ".pdf"
