"""A document to the printer, or to a file after a plain warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import printing
from traffick_desk.desk.pages.page_view import image_of
from traffick_desk.domain import practice
from traffick_desk.domain.codes_document import ENDINGS
from traffick_desk.i18n import _
from traffick_desk.services.documents import prepare
from traffick_desk.services.documents.commands import ExportDocument, PrintDocument
from traffick_desk.services.documents.queries import Content, DocumentView
from traffick_desk.services.whole_file import write_whole

# The longer side of what is printed, in pixels: A4 in 300 dpi.
_PRINTED = 3_500


class DocumentNotWritten(Exception):
    """The file could not be written."""

    def __str__(self) -> str:
        return _(
            "The file could not be written: {reason}.\n"
            "The document is safe in the vault; please choose another place."
        ).format(reason=self.args[0])


def page_images(content: Content) -> list[QImage]:
    """All pages for the printer; for a worker thread."""
    images = []
    for page, size in enumerate(prepare.page_sizes(content.content, content.media)):
        scale = min(_PRINTED / max(size), 3.2)
        # A sheet is upright: what lies is turned.
        turn = 1 if size[0] > size[1] else 0
        images.append(image_of(prepare.draw(content.content, content.media, page, scale, turn)))
    return images


class DocumentExport:
    """Prints and saves documents for a section or page."""

    def __init__(
        self,
        host: Host,
        owner: QWidget,
        *,
        export: Callable[[str, str], Any] = ExportDocument,
        to_print: Callable[[str, str], Any] = PrintDocument,
    ) -> None:
        self._host, self._owner = host, owner
        self._export, self._to_print = export, to_print

    def ask_to_save(self, case_id: str, view: DocumentView) -> None:
        """Save outside the vault, after saying plainly what that means."""
        ending = ENDINGS.get(str(view.record.get("media")), "")
        # A name that says nothing about anybody; the officer may give another one.
        name = f"tai-lieu-{view.id[-6:]}{ending}"
        text = _(
            "The file will hold the document, unlocked. Whoever can use this PC or the stick can "
            "read it, and this program cannot take it back. The log of the vault keeps that you "
            "saved it."
        )
        self._host.dialogs.confirm(
            _("Save the document outside the encrypted vault?"),
            text,
            _("Save as a file"),
            lambda: self._host.dialogs.save_file(
                _("Save the document as a file"),
                name,
                f"*{ending}",
                lambda path: self._save(case_id, view, path, ending),
            ),
            danger=True,
        )

    def _save(self, case_id: str, view: DocumentView, path: Path, ending: str) -> None:
        target = path if path.suffix else path.with_name(f"{path.name}{ending}")
        desk = self._host.desk
        if desk.info.practice:
            target = practice.file_path(target)

        def work() -> Path:
            # The line in the log comes first: nothing leaves without it.
            given = desk.do(self._export(case_id, view.id))
            try:
                write_whole(target, given.content)
            except OSError as error:
                raise DocumentNotWritten(error.strerror or str(error)) from error
            return target

        def failed(problem: Exception) -> None:
            if isinstance(problem, DocumentNotWritten):
                self._host.messages.fail(*str(problem).split("\n"))
            else:
                self._host.fail(problem)

        self._host.jobs.run(
            work,
            done=lambda where: self._host.messages.tell(
                _("Saved as {file}, outside the vault.").format(file=where.name),
                _("Delete the file when it is no longer needed."),
            ),
            failed=failed,
            owner=self._owner,
            words=_("Saving…"),
            write=True,
        )

    def ask_printer(self, choose: Callable[..., None], case_id: str, document_id: str) -> None:
        """Choose a printer, then print."""
        try:
            choose(self._owner, lambda printer: self._print(printer, case_id, document_id))
        except printing.NoPrinter as problem:
            self._host.messages.fail(*str(problem).split("\n"))

    def _print(self, printer: Any, case_id: str, document_id: str) -> None:
        desk = self._host.desk

        def done(images: list[QImage]) -> None:
            if printing.print_images(printer, images, fitted=True):
                self._host.messages.tell(
                    _("Sent to the printer."),
                    _("Please fetch it at once. It holds what nobody else should read."),
                )
            else:
                self._host.messages.fail(
                    _("The printer did not take the document."),
                    _("Nothing is lost."),
                    _("Please look at the printer, then print once more."),
                )

        self._host.jobs.run(
            lambda: page_images(desk.do(self._to_print(case_id, document_id))),
            done=done,
            failed=self._host.fail,
            owner=self._owner,
            words=_("Preparing the pages…"),
            write=True,
        )
