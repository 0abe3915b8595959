"""Papers of a case: preview from memory, print, and saving only after a plain warning."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListView

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages import paper_facts, printing
from traffick_desk.desk.pages.case_section import person_choices
from traffick_desk.desk.pages.page_view import PageView
from traffick_desk.desk.pages.record_list import Line, LineModel, leave_keys_to_page
from traffick_desk.desk.pages.wrapping import WrapDelegate
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.domain.text import fold
from traffick_desk.i18n import N_, _
from traffick_desk.papers import FormInfo, Need, PaperError
from traffick_desk.services.papers import Forms, Issued, IssuePaper, PreviewPaper
from traffick_desk.services.queries import RefreshCase
from traffick_desk.services.views import CaseView

PAUSE_MS = 400
SIDE = 380


class PaperNotWritten(Exception):
    """The file could not be written."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _(
            "The file could not be written: {reason}.\n"
            "The paper is noted in the case; please choose another place and save it again."
        ).format(reason=self.reason)


class PaperPage(Page):
    """Makes a paper of a case."""

    name = "paper"
    label = N_("Paper")
    icon = "print"
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"cases", "office"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.choose_printer: Callable[..., None] = printing.choose_printer
        self._case: CaseView | None = None
        self._case_id = ""
        self._forms: dict[str, FormInfo] = {}
        self._wanted = ("", "")
        self._asked = 0
        self._pdf = b""
        self.form: RecordForm | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.preview)
        self._build()

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = kit.label(_("Papers of the case"), "heading", name="paper_title", wrap=False)
        self.model = LineModel(lambda line: line.text)
        self.forms = QListView()
        self.forms.setObjectName("forms")
        self.forms.setAccessibleName(_("Forms"))
        self.forms.setModel(self.model)
        self.forms.setItemDelegate(WrapDelegate(self.forms))
        self.forms.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.forms.setWordWrap(True)
        self.forms.setResizeMode(QListView.ResizeMode.Adjust)
        self.forms.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.forms.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.forms.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.forms.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self.person = QuietCombo()
        self.person.setObjectName("paper_person")
        self.person.setAccessibleName(_("About whom"))
        self.person.activated.connect(lambda _row: self.preview())
        self._person_label = kit.label(_("About whom"), "label")
        self._person_label.setBuddy(self.person)
        self._about = kit.label("", "muted", name="paper_about")
        self._privacy = kit.label("", "muted", name="paper_privacy")
        self._missing = kit.label("", name="paper_missing")
        self._missing_head = kit.label("", "label", tone="due", name="paper_missing_head")
        self._place = kit.vbox()
        self.print_button = kit.button(
            _("&Print"), "paper_print", self.ask_printer, role="primary", icon="print"
        )
        self.save_button = kit.button(
            _("&Save as a file…"), "paper_save", self.ask_to_save, icon="export"
        )
        for made in (self.print_button, self.save_button):
            made.setEnabled(False)
        side = kit.vbox(
            self.forms,
            self._person_label,
            self.person,
            self._about,
            self._missing_head,
            self._missing,
            self._place,
            self._privacy,
            None,
            margins=(0, 0, 12, 0),
        )
        self._side = kit.scroll(kit.panel(side), "paper_side")
        self.pages = PageView(self.host)
        buttons = kit.hbox(self._title, None, self.save_button, self.print_button, gap=12)
        middle = kit.hbox(self._side, self.pages, gap=16)
        middle.setStretch(1, 1)
        body = kit.vbox(buttons, middle, gap=12)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        kit.measures(self.layout(), (24, 12, 24, 12), 12)
        for keys, act in (
            (Keys.PRINT.keys, self.ask_printer),
            ("PgUp", lambda: self.pages.turn(-1)),
            ("PgDown", lambda: self.pages.turn(1)),
            ("Ctrl++", self.pages.zoom_in),
            ("Ctrl+-", self.pages.zoom_out),
            ("Ctrl+0", self.pages.fit),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def resizeEvent(self, event) -> None:
        """The side takes what its texts need, never more than half."""
        super().resizeEvent(event)
        self._side.setFixedWidth(min(theme.current().px(SIDE), self.width() // 2))

    # -- coming ----------------------------------------------------------------------------

    def opened(self, case_id: str = "", form: str = "", person_id: str = "", **_more: Any) -> None:
        """Show the papers of a case, *form* first, about *person_id*."""
        if not case_id:
            return
        if case_id != self._case_id:
            self.pages.clear()
            self._pdf = b""
        self._case_id, self._wanted = case_id, (form, person_id)
        self.host.ask(Forms(), self._answer_forms, owner=self)
        self.host.ask(RefreshCase(case_id), self._answer_case, owner=self)

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
        self._fit()

    def _fit(self) -> None:
        rows = range(self.model.rowCount())
        height = sum(self.forms.sizeHintForRow(row) for row in rows)
        self.forms.setFixedHeight(height + 2 * self.forms.frameWidth() + 2)

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

    def _chosen(self) -> None:
        info = self._forms.get(self.form_key())
        kit.clear(self._place)
        self.form = None
        if info is None:
            return
        self._about.setText(str(info.about))
        self._privacy.setText(_("Privacy: {note}").format(note=info.privacy))
        described = paper_facts.record_type(info)
        if described is not None:
            self.form = RecordForm(
                described,
                context=paper_facts.context_for(self.host.context),
                name="paper_form",
            )
            leave_keys_to_page(self.form)
            today = self.host.context.now().date().isoformat()
            self.form.suggest({"letter_date": today, "application_date": today})
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
        self._asked += 1
        ticket = self._asked
        query = PreviewPaper(self._case_id, key, self.person.currentData() or "", self.extra())
        self.host.jobs.run(
            lambda: self._made(self.host.desk.ask(query)),
            done=lambda made: self._answer(ticket, *made),
            failed=lambda problem: self._no_preview(ticket, problem),
            owner=self,
            words=_("Drawing the paper…"),
        )

    @staticmethod
    def _made(issued: Issued) -> tuple[Issued, int]:
        from traffick_desk import papers

        return issued, papers.page_count(issued.pdf)

    def _answer(self, ticket: int, issued: Issued, count: int) -> None:
        if ticket != self._asked:
            return
        self._pdf = issued.pdf
        self.pages.show_pdf(issued.pdf, count)
        self._say_missing(issued)
        for made in (self.print_button, self.save_button):
            made.setEnabled(True)

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

    def _no_preview(self, ticket: int, problem: Exception) -> None:
        if ticket != self._asked:
            return
        self.pages.clear()
        for made in (self.print_button, self.save_button):
            made.setEnabled(False)
        if isinstance(problem, PaperError):
            self._missing_head.setText(str(problem))
            self._missing_head.show()
            self._missing.hide()
        else:
            self.host.fail(problem)

    # -- printing and saving ---------------------------------------------------------------

    def _command(self) -> IssuePaper:
        return IssuePaper(
            self._case_id, self.form_key(), self.person.currentData() or "", self.extra()
        )

    def _ready(self) -> bool:
        if not self._pdf or not self.print_button.isEnabled():
            return False
        return self.form is None or self.form.check()

    def ask_printer(self) -> None:
        """Choose a printer, then print."""
        if not self._ready():
            return
        try:
            self.choose_printer(self, self._print)
        except printing.NoPrinter as problem:
            self.host.messages.fail(*str(problem).split("\n"))

    def _print(self, printer: Any) -> None:
        command = self._command()

        def work() -> list[Any]:
            return printing.pages_as_images(self.host.desk.do(command).pdf)

        def done(images: list[Any]) -> None:
            if printing.print_images(printer, images):
                self.host.messages.tell(
                    _("Sent to the printer; noted in the case."),
                    _("Please fetch it at once. It holds what nobody else should read."),
                )
            else:
                self.host.messages.fail(
                    _("The printer did not take the paper."),
                    _("Nothing is lost; the paper is noted in the case."),
                    _("Please look at the printer, then print once more."),
                )

        self.host.jobs.run(
            work,
            done=done,
            failed=self.host.fail,
            owner=self,
            words=_("Preparing the pages…"),
            write=True,
        )

    def ask_to_save(self) -> None:
        """Save outside the vault, after saying plainly what that means."""
        if not self._ready():
            return
        info = self._forms[self.form_key()]
        text = _(
            "The file will hold what you see in the preview, unlocked. Whoever can use this "
            "PC or the stick can read it, and this program cannot take it back.\n\n{note}"
        ).format(note=info.privacy)
        self.host.dialogs.confirm(
            _("Save outside the encrypted vault?"),
            text,
            _("Save as a file"),
            self._choose_place,
            danger=True,
        )

    def file_name(self) -> str:
        """A name that says nothing about anybody: file number and form."""
        number = self._case.row.file_no if self._case else ""
        plain = fold(f"{number}-{self.form_key()}")
        return re.sub(r"[^0-9a-z-]+", "-", plain).strip("-") + ".pdf"

    def _choose_place(self) -> None:
        self.host.dialogs.save_file(
            _("Save the paper as a file"), self.file_name(), "PDF (*.pdf)", self._save
        )

    def _save(self, path: Path) -> None:
        command = self._command()
        target = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")

        def work() -> Path:
            issued = self.host.desk.do(command)
            try:
                write_whole(target, issued.pdf)
            except OSError as error:
                raise PaperNotWritten(error.strerror or str(error)) from error
            return target

        def failed(problem: Exception) -> None:
            if isinstance(problem, PaperNotWritten):
                self.host.messages.fail(*str(problem).split("\n"))
            else:
                self.host.fail(problem)

        self.host.jobs.run(
            work,
            done=lambda where: self.host.messages.tell(
                _("Saved as {file}, outside the vault; noted in the case.").format(file=where.name),
                _("Delete the file when it is no longer needed."),
            ),
            failed=failed,
            owner=self,
            words=_("Saving…"),
            write=True,
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: it could not be written; nothing is left behind.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
