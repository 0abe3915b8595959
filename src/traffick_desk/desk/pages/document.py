"""One document on the whole page: looked at inside the desk, in no other program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.document_export import DocumentExport
from traffick_desk.desk.pages.document_list import facts_of, title_of
from traffick_desk.desk.pages.document_view import DocumentView as Pages
from traffick_desk.desk.shortcuts import Keys, bind
from traffick_desk.i18n import N_, _
from traffick_desk.services.documents import prepare
from traffick_desk.services.documents.queries import (
    HERE,
    Content,
    Documents,
    DocumentView,
    OpenDocument,
)
from traffick_desk.services.roles import CASE_READ


class DocumentPage(Page):
    """A document, and the way to those before and after it."""

    name = "document"
    label = N_("Document")
    icon = "document"
    permission = CASE_READ
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"documents"})
    # What asks for the list and the bytes; with the id of what they belong to.
    list_of: ClassVar[Callable[[str], Any]] = Documents
    bytes_of: ClassVar[Callable[[str, str], Any]] = OpenDocument
    leaving: ClassVar[str] = N_("Back to the case (Esc)")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._case_id = self._shown = ""
        self._views: tuple[DocumentView, ...] = ()
        self.choose_printer = printing.choose_printer
        self.out = self.exporter()
        self.heading = kit.label("", "heading", name="document_heading")
        self.facts = kit.label("", "muted", name="document_facts")
        self.note = kit.label("", "muted", name="document_note")
        self.view = Pages(host)
        self.before = kit.button(
            _("Document &before"), "document_before", lambda: self.step(-1), icon="chevron-left"
        )
        self.after = kit.button(
            _("&Next document"), "document_after", lambda: self.step(1), icon="chevron-right"
        )
        self.print_button = kit.button(
            _("Print"), "document_print", self.print_it, icon="print", shortcut=Keys.PRINT.keys
        )
        self.save_button = kit.button(
            _("Save as a file…"), "document_save", self.save_it, icon="export"
        )
        close = kit.button(_(self.leaving), "document_back", self.leave)
        row = kit.buttons(close, self.before, self.after, self.print_button, self.save_button)
        body = kit.vbox(self.heading, self.facts, self.note, kit.panel(row), self.view, gap=6)
        body.setStretch(4, 1)
        self.set_body(body, scrolls=False)
        for keys, act in (
            ("PgDown", lambda: self.view.turn(1)),
            ("PgUp", lambda: self.view.turn(-1)),
            ("Alt+Right", lambda: self.step(1)),
            ("Alt+Left", lambda: self.step(-1)),
            ("+", self.view.zoom_in),
            ("-", self.view.zoom_out),
            ("0", self.view.fit_whole),
            ("R", self.view.turn_right),
        ):
            bind(self, keys, act)

    def exporter(self) -> DocumentExport:
        """What prints and saves."""
        return DocumentExport(self.host, self)

    # -- coming and going ------------------------------------------------------------------

    def opened(self, case_id: str = "", document_id: str = "", **_more: Any) -> None:
        """Show a document of a case."""
        if not case_id:
            return
        self._forget()
        self._case_id, self._shown = case_id, document_id
        self.host.ask(type(self).list_of(case_id), self._answer_list, owner=self)
        self._open(document_id)

    def refresh(self, changed: frozenset[str]) -> None:
        """What is said of it may have changed; it is not opened again."""
        if self._case_id:
            self.host.ask(type(self).list_of(self._case_id), self._answer_list, owner=self)
        _ = changed

    def back(self) -> bool:
        """Esc: nothing of the document stays in the window."""
        self._forget()
        return False

    def leave(self) -> None:
        """Back to the case."""
        case_id = self._case_id
        self._forget()
        self.host.go("case", case_id=case_id, section="documents")

    def hideEvent(self, event) -> None:
        """What is not looked at is not kept in memory."""
        super().hideEvent(event)
        self.view.clear()

    def _forget(self) -> None:
        self._shown = ""
        self._views = ()
        self.view.clear()
        for label in (self.heading, self.facts, self.note):
            label.clear()
        self._enable()

    # -- showing ---------------------------------------------------------------------------

    def _open(self, document_id: str) -> None:
        self._shown = document_id
        query, desk = type(self).bytes_of(self._case_id, document_id), self.host.desk

        def work() -> tuple[Content, list[tuple[float, float]]]:
            found = desk.ask(query)
            return found, prepare.page_sizes(found.content, found.media)

        self.host.jobs.run(
            work,
            done=lambda both: self._answer(document_id, *both),
            failed=self._failed,
            owner=self,
            words=_("Opening the document…"),
        )

    def _answer(self, document_id: str, found: Content, sizes: list[tuple[float, float]]) -> None:
        if document_id == self._shown and self.isVisible():
            self.view.show_document(found.content, found.media, sizes)
            self.view.setFocus()

    def _failed(self, problem: Exception) -> None:
        self.view.clear()
        self.host.fail(problem)

    def _answer_list(self, views: tuple[DocumentView, ...]) -> None:
        self._views = tuple(v for v in views if v.held == HERE)
        self._say()
        self._enable()

    def _say(self) -> None:
        view = self._view()
        if view is None:
            return
        masked = self.host.privacy.on
        self.heading.setText(_("Document") if masked else title_of(view))
        self.facts.setText("" if masked else facts_of(view))
        notes = []
        if view.record.voided:
            notes.append(_("Not valid: {reason}").format(reason=view.record.voided))
        if view.newer:
            notes.append(_("There is a newer version."))
        if view.record.get("note") and not masked:
            notes.append(str(view.record.get("note")))
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))

    def _view(self) -> DocumentView | None:
        return next((v for v in self._views if v.id == self._shown), None)

    def _enable(self) -> None:
        ids = [v.id for v in self._views]
        at = ids.index(self._shown) if self._shown in ids else -1
        self.before.setEnabled(at > 0)
        self.after.setEnabled(0 <= at < len(ids) - 1)
        for button in (self.print_button, self.save_button):
            button.setEnabled(at >= 0)

    # -- acting ----------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """To the document before or after."""
        ids = [v.id for v in self._views]
        at = ids.index(self._shown) + by if self._shown in ids else -1
        if 0 <= at < len(ids):
            self.view.clear()
            self._open(ids[at])
            self._say()
            self._enable()

    def print_it(self) -> None:
        """Print all pages."""
        if self._shown:
            self.out.ask_printer(self.choose_printer, self._case_id, self._shown)

    def save_it(self) -> None:
        """Save outside the vault, after a warning."""
        view = self._view()
        if view is not None:
            self.out.ask_to_save(self._case_id, view)

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [
            PageCommand(_("Turn it"), self.view.turn_right, "undo", "R"),
            PageCommand(_("Print"), self.print_it, "print", Keys.PRINT.keys),
            PageCommand(_(self.leaving), self.leave, "chevron-left", "Esc"),
        ]
