"""The section *Documents* of a case: scans and photos, taken in, looked at, given out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.pages.case_section import CaseSection, person_choices
from traffick_desk.desk.pages.case_writer import base_of
from traffick_desk.desk.pages.document_export import DocumentExport
from traffick_desk.desk.pages.document_list import DocumentList, title_of
from traffick_desk.desk.pages.document_take import FIELDS, DocumentForm, FileCard
from traffick_desk.desk.pages.document_work import DocumentWork
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import summary
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.commands import RestoreRecord, VoidRecord
from traffick_desk.services.documents import commands, prepare, words
from traffick_desk.services.documents.prepare import Found
from traffick_desk.services.documents.queries import (
    HERE,
    Documents,
    DocumentThumb,
    DocumentUsage,
    DocumentView,
    Usage,
)
from traffick_desk.services.views import CaseView

# What a document may belong to, and which fields name such a record.
_PROVED = {
    "identity_paper": ("kind", "number"),
    "status": ("status", "paper_no"),
    "consent": ("given", "asked_on"),
    "evidence": ("source", "what"),
    "inquiry": ("to_body", "sent_on"),
    "entitlement": ("regime", "requested_on"),
    "paper": ("form", "number", "issued_at"),
    "payment": ("kind", "amount", "paid_on"),
    "referral": ("to_body", "service", "sent_on"),
    "reception": ("at", "place"),
    "account": ("state",),
    "visit": ("at",),
}


class DocumentsSection(CaseSection):
    """Documents with small pictures; taken in by file, by dropping and by pasting."""

    def more(self) -> None:
        """The list, what can be done, and the form below it."""
        self._case_id = ""
        self._case: CaseView | None = None
        self._files: deque[Path] = deque()
        self._replaces = ""
        self.setAcceptDrops(True)
        self.out = DocumentExport(self.host, self)
        self.list = DocumentList(self.host.desk.info.profile)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self.list.doubleClicked.connect(lambda _index: self.look())
        for keys in ("Return", "Enter"):
            bind(self.list, keys, self.look, children=False)
        bind(self.list, "Delete", self.ask_to_void, children=False)
        bind(self, "Ctrl+V", self.paste)
        self.empty = kit.label(
            _(
                "None yet. Choose a scan or photo, drop it here, or paste it with Ctrl+V. It is "
                "kept inside the encrypted vault."
            ),
            "muted",
            name="documents_empty",
        )
        self.large = kit.label("", "muted", name="documents_usage")
        self.large.hide()
        self._buttons = self._make_buttons()
        self._ask = self._reason_row()
        self.file = FileCard(self.host)
        self.form = DocumentForm(
            self.context, fields=(*FIELDS, "person") if self.several else FIELDS
        )
        self.work = DocumentWork(self.host, self, self.list, self.file, self.form)
        self.form.submitted.connect(self._submitted)
        self.form.edited.connect(self.edited)
        self.form.on_closed = self._closed
        self.card = kit.card(self.file, self.form, name="document_card", gap=12)
        self.card.hide()
        for part in (self.empty, self.list, self._buttons, self._ask, self.card, self.large):
            self.column.addWidget(part)
        self.host.privacy.switched.connect(self._mask)
        self._mask(self.host.privacy.on)

    def _make_buttons(self) -> QWidget:
        made = kit.button
        self.add_button = made(_("&Add a document…"), "document_add", self.choose, icon="plus")
        self.paste_button = made(
            _("Paste"), "document_paste", self.paste, role="quiet", tooltip=_("Paste (Ctrl+V)")
        )
        self.look_button = made(_("&Look at it"), "document_look", self.look, icon="eye")
        self.change_button = made(
            _("Change"), "document_change", self.change, icon="edit", role="quiet"
        )
        self.newer_button = made(
            _("Newer scan…"), "document_newer", self.replace, icon="document", role="quiet"
        )
        self.export_button = made(
            _("Save as a file…"), "document_export", self.export, icon="export", role="quiet"
        )
        self.void_button = made(
            _("Not valid…"), "document_void", self.ask_to_void, icon="void", role="quiet"
        )
        self.restore_button = made(
            _("Valid again"), "document_restore", self.restore_chosen, icon="undo", role="quiet"
        )
        self.ask_button = made(
            _("Ask for it"), "document_ask", self.ask_for, icon="sync", role="quiet"
        )
        return kit.panel(
            kit.buttons(
                self.add_button, self.paste_button, self.look_button, self.ask_button,
                self.change_button, self.newer_button, self.export_button, self.void_button,
                self.restore_button,
            ),
            name="documents_buttons",
        )  # fmt: skip

    def _reason_row(self) -> QWidget:
        self.reason = QLineEdit()
        self.reason.setObjectName("document_reason")
        text = _("Why is it not valid? It stays readable, with this reason.")
        self.reason.setAccessibleName(text)
        self.reason.setMaxLength(500)
        self._void = kit.button(
            _("Mark as not valid"), "document_void_do", self._void_chosen, role="danger"
        )
        self._void.setEnabled(False)
        self.reason.textChanged.connect(lambda typed: self._void.setEnabled(bool(typed.strip())))
        self.reason.returnPressed.connect(self._void_chosen)
        keep = kit.button(_("Keep"), "document_void_keep", self._stop_asking)
        row = kit.panel(
            kit.vbox(kit.label(text, "label"), self.reason, kit.hbox(self._void, keep, None))
        )
        row.hide()
        return row

    # -- showing ---------------------------------------------------------------------------

    def show_case(self, case: CaseView) -> None:
        """Read the documents of *case*."""
        super().show_case(case)
        self._case, self._case_id = case, case.row.case_id
        self.form.context = self.context.with_choices(
            belongs_to=self._proved(case), person=person_choices(self.host, case)
        )
        self.host.ask(Documents(self._case_id), self._show, owner=self)
        self.host.ask(DocumentUsage(), self._show_usage, owner=self)

    def _proved(self, case: CaseView) -> list[Choice]:
        found = []
        for name, fields in _PROVED.items():
            label = REGISTRY[name].shown_label()
            for record in case.of(name):
                more = summary(REGISTRY[name], record.values, self.context, fields)
                found.append(Choice(record.id, f"{label}: {more}" if more else label))
        return found

    def _show(self, views: tuple[DocumentView, ...]) -> None:
        self.list.show_documents(views)
        self.empty.setVisible(not views)
        self._choose()
        self.work.read_pictures(views, lambda view: DocumentThumb(self._case_id, view.id))

    def _show_usage(self, usage: Usage) -> None:
        self.large.setVisible(usage.many)
        text = _(
            "This vault holds {n} documents, {size} together. Every backup holds all of them: "
            "please see that the backup stick has room, and scan with 200 dpi."
        )
        self.large.setText(text.format(n=usage.count, size=words.size_words(usage.size)))

    def _mask(self, on: bool) -> None:
        self.list.rows.masked = on
        self.list.rows.draw_again()
        if not on and self._case_id:
            self._show(self.list.rows.lines())

    def _choose(self) -> None:
        view = self.list.chosen()
        free = self.form.form is None
        valid = view is not None and view.record.voided is None
        here = view is not None and view.held == HERE
        for button, wanted in (
            (self.look_button, here),
            (self.change_button, valid),
            (self.newer_button, valid),
            (self.export_button, here and valid),
            (self.void_button, valid),
            (self.restore_button, view is not None and not valid),
            (self.ask_button, view is not None and not here and not view.asked),
        ):
            button.setVisible(wanted)
        self._buttons.setVisible(free)

    # -- taking in -------------------------------------------------------------------------

    def choose(self) -> None:
        """Choose a file."""
        self.work.choose(_("Which scan or photo?"), lambda path: self.take_files([path]))

    def replace(self) -> None:
        """Choose a newer scan of the chosen document."""
        view = self.list.chosen()
        if view is None or view.record.voided:
            return

        def take(path: Path) -> None:
            self._replaces = view.id
            self.take_files([path])

        self.work.choose(_("Which file is the newer scan?"), take)

    def take_files(self, paths: list[Path]) -> None:
        """Take in files, one after the other."""
        self._files.extend(paths)
        if self.form.form is None:
            self._next_file()

    def _next_file(self) -> None:
        if not self._files:
            return
        path = self._files.popleft()
        self._look_at(lambda: prepare.look_at(prepare.read_file(path), path.name))

    def paste(self) -> None:
        """Take in what was copied: a picture, or files."""
        self._take_mime(QApplication.clipboard().mimeData(), pasted=True)

    def _take_mime(self, data: QMimeData | None, *, pasted: bool = False) -> bool:
        paths = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()] if data else []
        if paths:
            self.take_files(paths)
            return True
        image = QImage(data.imageData()) if data is not None and data.hasImage() else QImage()
        if image.isNull():
            if pasted:
                self.host.messages.warn(
                    _("There is no picture and no file to paste."),
                    _("Nothing was changed. Copy a picture or a file first, then paste it here."),
                )
            return False
        if self.form.form is None:
            self._look_at(lambda: prepare.look_at(_as_png(image)))
        return True

    def _look_at(self, read: Callable[[], Found]) -> None:
        self.work.look_at(read, self._open_new, self._not_taken)

    def _not_taken(self, problem: Exception) -> None:
        self._replaces = ""
        self.host.fail(problem)
        self._next_file()

    def _open_new(self, found: Found, thumb: QImage) -> None:
        if self.form.form is not None:
            return
        old = next((v for v in self.list.rows.lines() if v.id == self._replaces), None)
        values = {}
        if old is not None:
            names = ("kind", "title", "maker", "belongs_to", "secrecy", "person")
            values = {n: old.record.get(n) for n in names if old.record.get(n)}
        self.file.show_found(found, thumb)
        self.card.show()
        self.empty.hide()
        self.form.open("", {}, _("Keep in the vault"))
        if values:
            self.form.form.suggest(values)
        self._choose()

    def _submitted(self, record_id: str, changes: Mapping[str, Any]) -> None:
        if record_id:
            self._describe(record_id, changes)
            return
        case_id, replaces = self._case_id, self._replaces
        self.work.keep(
            lambda ready: commands.AddDocument(case_id, ready, dict(changes), replaces),
            self._added,
        )

    def _added(self, record_id: str) -> None:
        self.host.saved.emit(self.host.context.now())
        self.form.close_form()
        take_back = VoidRecord("document", record_id, _("Taken back at once"))
        self.host.undo.offer(
            _("Kept in the vault. The file itself still lies where it was, unlocked: delete it."),
            lambda: self.host.do(take_back),
        )
        self._next_file()

    def _describe(self, record_id: str, changes: Mapping[str, Any]) -> None:
        view = next((v for v in self.list.rows.lines() if v.id == record_id), None)
        if view is None:
            return
        base = base_of(view.record, changes)
        self.host.do(
            commands.DescribeDocument(record_id, dict(changes), base),
            lambda _none: self.form.close_form(),
            owner=self,
            failed=self.work.refused,
        )

    def _closed(self) -> None:
        self.file.clear()
        self.card.hide()
        self.empty.setVisible(self.list.rows.rowCount() == 0)
        self._replaces = ""
        self._choose()
        (self.list if self.list.rows.rowCount() else self.add_button).setFocus()
        self.edited.emit()

    # -- what is there ---------------------------------------------------------------------

    def look(self) -> None:
        """Show the chosen document."""
        view = self.list.chosen()
        if view is not None and view.held == HERE:
            self.host.go("document", case_id=self._case_id, document_id=view.id)

    def change(self) -> None:
        """Change what is said of the chosen document."""
        view = self.list.chosen()
        if view is None or view.record.voided or self.form.form is not None:
            return
        self.card.show()
        self.form.open(view.id, view.record.values, _("Save"))
        self._choose()

    def export(self) -> None:
        """Write the chosen document as a file, after a warning."""
        view = self.list.chosen()
        if view is not None and view.held == HERE:
            self.out.ask_to_save(self._case_id, view)

    def ask_for(self) -> None:
        """Ask the other desk for the chosen document."""
        view = self.list.chosen()
        if view is None or view.held == HERE:
            return
        self.work.ask_for(commands.AskForDocument(self._case_id, view.id))

    def ask_to_void(self) -> None:
        """Ask why the chosen document is not valid."""
        view = self.list.chosen()
        if view is not None and view.record.voided is None and self.form.form is None:
            self._ask.show()
            go_to(self.reason)

    def _void_chosen(self) -> None:
        view, reason = self.list.chosen(), self.reason.text().strip()
        if view is None or not reason:
            return
        self._stop_asking()
        self.host.do(
            VoidRecord("document", view.id, reason),
            lambda _none: self.host.undo.offer(
                _("Marked as not valid: {what}").format(what=title_of(view)),
                lambda: self.host.do(RestoreRecord("document", view.id)),
            ),
            owner=self,
        )

    def restore_chosen(self) -> None:
        """Make the chosen document valid again."""
        view = self.list.chosen()
        if view is not None and view.record.voided is not None:
            self.host.do(RestoreRecord("document", view.id), owner=self)

    def _stop_asking(self) -> None:
        self.reason.clear()
        self._ask.hide()

    # -- what the page asks ----------------------------------------------------------------

    def open_first(self) -> None:
        """F2: change the chosen document, or add one."""
        if self.list.chosen() is not None:
            self.change()
        else:
            self.choose()

    def submit(self) -> None:
        """Ctrl+Enter: what is open."""
        self.form.submit()

    # -- dropping --------------------------------------------------------------------------

    def dragEnterEvent(self, event) -> None:
        """Files and pictures may be dropped here."""
        data = event.mimeData()
        if data.hasImage() or any(u.isLocalFile() for u in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        """Take in what was dropped."""
        if self._take_mime(event.mimeData()):
            event.acceptProposedAction()


def _as_png(image: QImage) -> bytes:
    """A picture of the clipboard as a file in memory."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(held.data())
