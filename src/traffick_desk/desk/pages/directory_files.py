"""Saving the directory as a file: a workbook, a text with columns, or HSDS JSON."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from traffick_desk.desk import parsing
from traffick_desk.desk.host import Host
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.directory import exchange

SAVES = N_("Workbook (*.xlsx);;Text with columns (*.csv);;Open Referral HSDS 3 (*.json)")
READS = N_("Tables and HSDS (*.xlsx *.csv *.txt *.json)")


def save(host: Host, owner: QObject) -> None:
    """Say what leaves, ask whether all or only what may hang on the wall, then where to."""
    host.dialogs.confirm(
        _("Save the directory outside the encrypted vault?"),
        _(
            "The file holds every entry, also those for officers only and secret addresses, and "
            "is not encrypted. For others than officers use “List for the wall”."
        ),
        _("Save as a file"),
        lambda: _where(host, owner),
        danger=True,
    )


def _where(host: Host, owner: QObject) -> None:
    day = host.context.now().date().isoformat()
    name = Path(f"danh-ba-{day}.xlsx")
    shown = file_path(name) if host.desk.info.practice else name
    host.dialogs.save_file(
        _("Save the directory"), shown.name, _(SAVES), lambda path: write(host, owner, path)
    )


def write(host: Host, owner: QObject, path: Path) -> None:
    """Write the file in a thread."""
    target = path
    if path.suffix.lower() not in exchange.FORMATS:
        target = path.with_name(f"{path.name}.xlsx")
    desk = host.desk

    def done(count: int) -> None:
        text = ngettext(
            "{n} service was saved to {file}, outside the vault.",
            "{n} services were saved to {file}, outside the vault.",
            count,
        )
        host.messages.tell(
            text.format(n=parsing.show_integer(count), file=target.name),
            _("Delete the file when it is no longer needed."),
        )

    host.jobs.run(
        lambda: exchange.save(desk, target),
        done=done,
        failed=host.fail,
        owner=owner,
        words=_("Saving…"),
        write=True,
    )
