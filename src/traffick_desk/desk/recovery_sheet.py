"""Prints the sheet with the recovery code, from memory."""

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
from traffick_desk.services.papers import recovery_sheet


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
