"""From a finished paper to the printer, or to a file after a plain warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from traffick_desk.desk.host import Host
from traffick_desk.desk.pages import printing
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import _
from traffick_desk.services.papers import Issued
from traffick_desk.services.whole_file import write_whole

Make = Callable[[], Issued]


class PaperNotWritten(Exception):
    """The file could not be written."""

    def __init__(self, reason: str, *, noted: bool) -> None:
        super().__init__(reason)
        self.reason, self.noted = reason, noted

    def __str__(self) -> str:
        if self.noted:
            text = _(
                "The file could not be written: {reason}.\n"
                "The paper is noted in the case; please choose another place and save it again."
            )
        else:
            text = _(
                "The file could not be written: {reason}.\n"
                "Nothing is lost; please choose another place and save it again."
            )
        return text.format(reason=self.reason)


class PaperOutput:
    """Prints and saves for a page. A paper is made anew for it, in a thread, and then noted."""

    def __init__(self, host: Host, owner: QWidget) -> None:
        self._host, self._owner = host, owner

    def ask_printer(self, choose: Callable[..., None], make: Make, *, noted: bool) -> None:
        """Choose a printer, then print.

        Args:
            choose: shows the printers.
            make: makes the paper; called in a thread.
            noted: whether a case keeps a note of it.
        """
        try:
            choose(self._owner, lambda printer: self._print(printer, make, noted=noted))
        except printing.NoPrinter as problem:
            self._host.messages.fail(*str(problem).split("\n"))

    def _print(self, printer: Any, make: Make, *, noted: bool) -> None:
        def done(images: list[Any]) -> None:
            if printing.print_images(printer, images):
                self._host.messages.tell(
                    _("Sent to the printer; noted in the case.")
                    if noted
                    else _("Sent to the printer."),
                    _("Please fetch it at once. It holds what nobody else should read."),
                )
            else:
                self._host.messages.fail(
                    _("The printer did not take the paper."),
                    _("Nothing is lost; the paper is noted in the case.")
                    if noted
                    else _("Nothing is lost."),
                    _("Please look at the printer, then print once more."),
                )

        self._host.jobs.run(
            lambda: printing.pages_as_images(make().pdf),
            done=done,
            failed=self._host.fail,
            owner=self._owner,
            words=_("Preparing the pages…"),
            write=True,
        )

    def ask_to_save(self, privacy: str, name: str, make: Make, *, noted: bool) -> None:
        """Save outside the vault, after saying plainly what that means."""
        text = _(
            "The file will hold what you see in the preview, unlocked. Whoever can use this "
            "PC or the stick can read it, and this program cannot take it back.\n\n{note}"
        ).format(note=privacy)
        self._host.dialogs.confirm(
            _("Save outside the encrypted vault?"),
            text,
            _("Save as a file"),
            lambda: self.choose_place(name, make, noted=noted),
            danger=True,
        )

    def choose_place(self, name: str, make: Make, *, noted: bool) -> None:
        """Ask where, then save."""
        self._host.dialogs.save_file(
            _("Save the paper as a file"),
            self._marked(Path(name)).name,
            "PDF (*.pdf)",
            lambda path: self._save(path, make, noted=noted),
        )

    def _marked(self, path: Path) -> Path:
        return file_path(path) if self._host.desk.info.practice else path

    def _save(self, path: Path, make: Make, *, noted: bool) -> None:
        target = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")
        target = self._marked(target)

        def work() -> Path:
            issued = make()
            try:
                write_whole(target, issued.pdf)
            except OSError as error:
                raise PaperNotWritten(error.strerror or str(error), noted=noted) from error
            return target

        def done(where: Path) -> None:
            text = (
                _("Saved as {file}, outside the vault; noted in the case.")
                if noted
                else _("Saved as {file}, outside the vault.")
            )
            self._host.messages.tell(
                text.format(file=where.name), _("Delete the file when it is no longer needed.")
            )

        def failed(problem: Exception) -> None:
            if isinstance(problem, PaperNotWritten):
                self._host.messages.fail(*str(problem).split("\n"))
            else:
                self._host.fail(problem)

        self._host.jobs.run(
            work, done=done, failed=failed, owner=self._owner, words=_("Saving…"), write=True
        )
