"""Prints the sheet with the recovery code and the page on restoring, from memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from PySide6.QtWidgets import QWidget

from traffick_desk.desk.pages.printing import (
    NoPrinter,
    choose_printer,
    pages_as_images,
    print_images,
)
from traffick_desk.papers.render import practising
from traffick_desk.services.papers import recovery_sheet, restore_guide


def sheet(desk: Any, code: str) -> bytes:
    """The sheet as PDF."""
    info, now = desk.info, desk.context.now()
    with practising() if info.practice else nullcontext():
        return recovery_sheet(info.unit_name, info.officer_name, info.vault_id, now, code)


def print_sheet(
    desk: Any, code: str, parent: QWidget, failed: Callable[[Exception], object]
) -> None:
    """Let the officer choose a printer, then print; *failed* hears that there is none."""
    try:
        choose_printer(
            parent, lambda printer: print_images(printer, pages_as_images(sheet(desk, code)))
        )
    except NoPrinter as problem:
        failed(problem)


def guide(desk: Any, where: str = "") -> bytes:
    """The page that says how to restore, as PDF; *where* backups are, else the chosen place."""
    from traffick_desk.services.backup import place

    info, now = desk.info, desk.context.now()
    where = where or str(place(desk) or "")
    with practising() if info.practice else nullcontext():
        return restore_guide(info.unit_name, info.officer_name, info.vault_id[:8], now, where)


def print_guide(
    desk: Any, parent: QWidget, failed: Callable[[Exception], object], where: str = ""
) -> None:
    """Let the officer choose a printer, then print; *failed* hears that there is none."""
    try:
        choose_printer(
            parent, lambda printer: print_images(printer, pages_as_images(guide(desk, where)))
        )
    except NoPrinter as problem:
        failed(problem)
