"""Tables as a workbook: a sheet for each, and one that lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from traffick_desk.i18n import _
from traffick_desk.reports.figures import TOTAL, Figure, Table

_FORBIDDEN = re.compile(r"[\\/*?:\[\]']")


def workbook(title: str, about: Sequence[str], tables: Sequence[Table]) -> bytes:
    """A workbook in memory. Figures are numbers; a lower bound is a text, so no sum hides it.

    Args:
        title: of the report.
        about: lines below it: period, place, when it was made.
        tables: in order.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    cover = book.active
    cover.title = _("Contents")
    bold = Font(bold=True)
    cover["A1"] = guarded(title)
    cover["A1"].font = Font(bold=True, size=14)
    for number, line in enumerate(about, 2):
        cover.cell(number, 1, guarded(line))
    cover.column_dimensions["A"].width = 90
    row = len(about) + 3
    names: set[str] = {cover.title.casefold()}
    for table in tables:
        sheet = book.create_sheet(_name(table.title, names))
        cell = cover.cell(row, 1, guarded(table.title))
        cell.hyperlink = f"#'{sheet.title}'!A1"
        cell.font = Font(color="0563C1", underline="single")
        row += 1
        _write(sheet, table, bold)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Any, table: Table, bold: Any) -> None:
    from openpyxl.styles import Alignment, Border, Side

    sheet["A1"] = guarded(table.title)
    sheet["A1"].font = bold
    heads = table.heads()
    money = '#,##0" ₫"' if table.unit == "₫" else "#,##0"
    line = Border(bottom=Side(style="thin"))
    for column, text in enumerate(heads, 1):
        cell = sheet.cell(3, column, guarded(text))
        cell.font = bold
        cell.border = line
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = 38 if column == 1 else 14
    number = 3
    for number, (head, figures) in enumerate(table.lines(), 4):
        first = sheet.cell(number, 1, guarded(head.label))
        if head.code == TOTAL:
            first.font = bold
        for column, figure in enumerate(figures, 2):
            cell = sheet.cell(number, column, _cell(figure))
            cell.number_format = money
            if head.code == TOTAL:
                cell.font = bold
    sheet.freeze_panes = "B4"
    for below, note in enumerate(table.all_notes(), number + 2):
        sheet.cell(below, 1, guarded(note))


def _cell(figure: Figure) -> int | str | None:
    if figure.hidden or figure.at_least:
        return figure.text()
    return figure.value


def _name(title: str, used: set[str]) -> str:
    """A name for a sheet: at most 31 letters, none twice."""
    stem = _FORBIDDEN.sub(" ", title).strip()[:31].strip() or "1"
    name, number = stem, 2
    while name.casefold() in used:
        tail = f" {number}"
        name, number = stem[: 31 - len(tail)].strip() + tail, number + 1
    used.add(name.casefold())
    return name


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """*text* so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) and len(text) > 1 else text
