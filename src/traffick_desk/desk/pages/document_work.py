"""What a list of documents does wherever it stands: of a case, or photos of an activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.document_list import DocumentList
from traffick_desk.desk.pages.document_take import DocumentForm, FileCard
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, Query
from traffick_desk.services.documents import prepare
from traffick_desk.services.documents.commands import KeepThumb
from traffick_desk.services.documents.prepare import Found, Prepared
from traffick_desk.services.documents.queries import HERE, DocumentView, Thumb
from traffick_desk.services.errors import InvalidValues

KINDS = "*.jpg *.jpeg *.png *.tif *.tiff *.pdf"


class DocumentWork:
    """Reads small pictures, takes files in, asks for what is elsewhere.

    Args:
        owner: the part of the page it works for: when that goes, so do its answers.
        shown: the list.
        file, form: where a file is shown that is being taken in, and what is said of it.
    """

    def __init__(
        self, host: Host, owner: QWidget, shown: DocumentList, file: FileCard, form: DocumentForm
    ) -> None:
        self._host, self._owner, self._list = host, owner, shown
        self._file, self._form = file, form
        self._reading: set[str] = set()

    # -- pictures --------------------------------------------------------------------------

    def read_pictures(
        self, views: Iterable[DocumentView], asks: Callable[[DocumentView], Query[Thumb]]
    ) -> None:
        """Read the small pictures that the list lacks; what is hidden now is not even read."""
        rows = self._list.rows
        for view in views:
            known = rows.has_picture(view) or view.digest in self._reading
            if view.held == HERE and not known and not rows.hidden(view):
                self._read_picture(view, asks(view))

    def _read_picture(self, view: DocumentView, query: Query[Thumb]) -> None:
        self._reading.add(view.digest)

        def take(thumb: Thumb) -> None:
            self._reading.discard(view.digest)
            self._list.rows.take_picture(view.digest, thumb.picture)
            if not thumb.kept:
                self._host.jobs.run(
                    lambda: self._host.desk.do(KeepThumb(view.digest, thumb.picture)),
                    failed=lambda _problem: None,
                    owner=self._owner,
                    write=True,
                )

        self._host.ask(
            query,
            take,
            owner=self._owner,
            # A line without its picture is still a line; looking at it says what is wrong.
            failed=lambda _problem: self._reading.discard(view.digest),
        )

    # -- taking in -------------------------------------------------------------------------

    def choose(self, title: str, take: Callable[[Path], Any]) -> None:
        """Choose a file."""
        kinds = _("Scans, photos and PDFs ({endings})").format(endings=KINDS)
        self._host.dialogs.open_file(title, kinds, take)

    def look_at(
        self,
        read: Callable[[], Found],
        done: Callable[[Found, QImage], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Look at a file in a thread."""

        def work() -> tuple[Found, QImage]:
            found = read()
            return found, QImage.fromData(prepare.thumb(found.content, found.media))

        self._host.jobs.run(
            work,
            done=lambda both: done(*both),
            failed=failed,
            owner=self._owner,
            words=_("Looking at the file…"),
        )

    def keep(
        self, command: Callable[[Prepared], Command[str]], done: Callable[[str], None]
    ) -> None:
        """Prepare the file that is shown as it was wished, and keep it by *command*."""
        found, desk = self._file.found, self._host.desk
        if found is None:
            return
        clean, shrink = self._file.clean.isChecked(), self._file.shrink.isChecked()
        self._host.jobs.run(
            lambda: desk.do(command(prepare.prepare(found, clean=clean, shrink=shrink))),
            done=done,
            failed=self.refused,
            owner=self._owner,
            words=_("Keeping the document…"),
            write=True,
        )

    def refused(self, problem: Exception) -> None:
        """Say why it was not kept, beside the field it is about."""
        if isinstance(problem, InvalidValues):
            self._form.refuse({name: text for _type, name, text in problem.problems})
        self._host.fail(problem)

    # -- elsewhere -------------------------------------------------------------------------

    def ask_for(self, command: Command[None]) -> None:
        """Ask the other desk for a document that is not here."""
        self._host.do(
            command,
            lambda _none: self._host.messages.tell(
                _("Noted. The question goes with the next bundle."),
                _("The document comes with one of the bundles after that."),
            ),
            owner=self._owner,
        )
