"""Photos and scans of an activity: taken in with their faces asked about, looked at, removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.document import DocumentPage
from traffick_desk.desk.pages.document_export import DocumentExport
from traffick_desk.desk.pages.document_list import DocumentList
from traffick_desk.desk.pages.document_take import DocumentForm, FileCard
from traffick_desk.desk.pages.document_work import DocumentWork
from traffick_desk.desk.shortcuts import bind
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.documents import prepare
from traffick_desk.services.documents.prepare import Found
from traffick_desk.services.documents.queries import HERE, DocumentView
from traffick_desk.services.prevention.files import (
    FILE,
    ActivityFiles,
    ActivityFileThumb,
    AddActivityFile,
    AskForActivityFile,
    ExportActivityFile,
    OpenActivityFile,
    PrintActivityFile,
    RemoveActivityFile,
)
from traffick_desk.services.roles import PREVENTION_READ


class FilesCard(QFrame):
    """The photos and scans of one activity, and what takes more of them in."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("outreach_files")
        self.setProperty("role", "card")
        self._host, self._activity, self._may = host, "", True
        self.count = kit.label("", "muted", name="outreach_files_count", wrap=False)
        note = kit.label(
            _(
                "No victim, and nobody who may be one, may be seen in a photo. Who can be "
                "recognised must have agreed. What you keep here stays inside the encrypted "
                "vault and goes to the province, to no other commune."
            ),
            "muted",
        )
        words = N_("Photos and scans of the activity")
        self.list = DocumentList(host.desk.info.profile, "outreach_files_list", words)
        self.list.selectionModel().currentChanged.connect(lambda *_which: self._enable())
        self.list.doubleClicked.connect(lambda _index: self.look())
        for keys in ("Return", "Enter"):
            bind(self.list, keys, self.look, children=False)
        bind(self.list, "Delete", self.ask_to_remove, children=False)
        self.add_button = kit.button(
            _("Add a p&hoto or scan…"), "outreach_file_add", self.choose, icon="plus"
        )
        self.look_button = kit.button(_("L&ook at it"), "outreach_file_look", self.look, icon="eye")
        self.ask_button = kit.button(
            _("Ask for it"), "outreach_file_ask", self.ask_for, icon="sync"
        )
        self.remove_button = kit.button(
            _("Remove for good…"), "outreach_file_remove", self.ask_to_remove, role="quiet"
        )
        self.file = FileCard(host)
        self.form = DocumentForm(
            host.context, record=FILE, fields=("kind", "faces", "title", "dated", "note")
        )
        self.work = DocumentWork(host, self, self.list, self.file, self.form)
        self.form.submitted.connect(self._submitted)
        self.form.on_closed = self._closed
        self.card = kit.card(self.file, self.form, name="outreach_file_card", gap=12)
        self.card.hide()
        head = kit.hbox(kit.label(_("Photos and scans"), "heading", wrap=False), self.count, None)
        self._tools = kit.panel(
            kit.buttons(self.add_button, self.look_button, self.ask_button, self.remove_button)
        )
        self.setLayout(kit.vbox(head, note, self.list, self._tools, self.card, margins=16, gap=8))
        host.privacy.switched.connect(self._mask)

    # -- showing ---------------------------------------------------------------------------

    def show_for(self, activity: str, *, may: bool = True) -> None:
        """Show what belongs to *activity*; "" hides the card."""
        if self.form.form is not None:
            self.form.close_form()
        self._activity, self._may = activity, may
        self.setVisible(bool(activity))
        self.list.show_documents(())
        self.read()
        self._enable()

    def read(self) -> None:
        """Read the list anew."""
        activity = self._activity
        if activity:
            self._host.ask(
                ActivityFiles(activity), lambda found: self._show(activity, found), owner=self
            )

    def _show(self, activity: str, views: tuple[DocumentView, ...]) -> None:
        if activity != self._activity:
            return
        self.list.rows.masked = self._host.privacy.on
        self.list.show_documents(views)
        text = ngettext("{n} picture or paper", "{n} pictures and papers", len(views))
        self.count.setText(text.format(n=len(views)) if views else _("none yet"))
        self.work.read_pictures(views, lambda view: ActivityFileThumb(activity, view.id))
        self._enable()

    def _mask(self, on: bool) -> None:
        self.list.rows.masked = on
        self.list.rows.draw_again()
        if not on:
            self.read()

    def _enable(self) -> None:
        view = self.list.chosen()
        free = self.form.form is None
        elsewhere = view is not None and view.held != HERE
        self.look_button.setEnabled(view is not None and not elsewhere)
        self.ask_button.setVisible(elsewhere)
        self.ask_button.setEnabled(elsewhere and not view.asked)
        self.remove_button.setEnabled(view is not None and self._may and free)
        self.add_button.setEnabled(self._may and free)

    # -- taking in -------------------------------------------------------------------------

    def choose(self) -> None:
        """Choose a file."""
        self.work.choose(_("Which photo or scan?"), self.take_file)

    def take_file(self, path: Path) -> None:
        """Look at a file in a thread, then ask what it is."""
        self.work.look_at(
            lambda: prepare.look_at(prepare.read_file(path), path.name), self._open, self._host.fail
        )

    def _open(self, found: Found, thumb: QImage) -> None:
        if self.form.form is not None or not self._activity:
            return
        self.file.show_found(found, thumb)
        self.card.show()
        self.form.open("", {}, _("Keep in the vault"))
        self.form.form.suggest({"kind": "photo" if found.media != "pdf" else "attendance"})
        self._enable()

    def _submitted(self, _record: str, changes: Mapping[str, Any]) -> None:
        activity = self._activity
        self.work.keep(lambda ready: AddActivityFile(activity, ready, dict(changes)), self._added)

    def _added(self, _record: str) -> None:
        self.form.close_form()
        self._host.messages.tell(
            _("Kept in the vault."),
            _("The file itself still lies where it was, unlocked: delete it."),
        )
        self.read()

    def _closed(self) -> None:
        self.file.clear()
        self.card.hide()
        self._enable()

    # -- what is there ---------------------------------------------------------------------

    def look(self) -> None:
        """Show the chosen one on a page of its own."""
        view = self.list.chosen()
        if view is not None and view.held == HERE:
            self._host.go("outreach_file", case_id=self._activity, document_id=view.id)

    def ask_for(self) -> None:
        """Ask the other desk for the chosen one: the province for a photo of its own activity."""
        view = self.list.chosen()
        if view is not None and view.held != HERE and not view.asked:
            self.work.ask_for(AskForActivityFile(self._activity, view.id))

    def ask_to_remove(self) -> None:
        """Remove it for good, after saying so."""
        view = self.list.chosen()
        if view is None or not self.remove_button.isEnabled():
            return
        self._host.dialogs.confirm(
            _("Remove this for good?"),
            _(
                "The picture is destroyed here at once, and at the other desks when the next "
                "bundle arrives. It cannot be brought back. That it was removed stays noted."
            ),
            _("Remove for good"),
            lambda: self.remove(view.id),
            danger=True,
        )

    def remove(self, record: str) -> None:
        """Remove it."""
        command = RemoveActivityFile(self._activity, record, _("removed by the officer"))
        self._host.do(command, lambda _none: self.read(), owner=self)


class ActivityFilePage(DocumentPage):
    """A photo or scan of an activity on the whole page."""

    name = "outreach_file"
    label = N_("Photo or scan of an activity")
    permission = PREVENTION_READ
    belongs_to = "prevention"
    list_of: ClassVar[Callable[[str], Any]] = ActivityFiles
    bytes_of: ClassVar[Callable[[str, str], Any]] = OpenActivityFile
    leaving: ClassVar[str] = N_("Back to the activity (Esc)")

    def exporter(self) -> DocumentExport:
        """See :class:`DocumentPage`."""
        return DocumentExport(
            self.host, self, export=ExportActivityFile, to_print=PrintActivityFile
        )

    def leave(self) -> None:
        """Back to the activity."""
        activity = self._case_id
        self._forget()
        self.host.go("outreach_entry", type_name="activity", record=activity)
