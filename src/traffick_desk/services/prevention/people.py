"""People of an attendance list, out of a spreadsheet or pasted text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.services.register.table import Cell, Table, plain, text_of
from traffick_desk.services.register.table import Row as SheetRow

_PERSON: Mapping[str, tuple[str, ...]] = {
    "name": ("ho va ten", "ho ten", "ten", "full name", "name"),
    "sex": ("gioi tinh", "nam nu", "sex"),
    "post": ("chuc vu", "chuc danh", "post"),
    "body": ("don vi", "co quan", "thon", "noi cong tac", "dia chi", "office", "body"),
    "phone": ("dien thoai", "so dien thoai", "sdt", "phone"),
    "role": ("vai tro", "role"),
}


def people(table: Table) -> tuple[dict[str, str], ...]:
    """The people of an attendance list, as values of ``staff``.

    A single column without a heading that is known is a column of names.
    """
    found: dict[str, int] = {}
    for column, heading in enumerate(table.headings):
        words = plain(heading)
        for name, spelled in _PERSON.items():
            if name not in found and words in spelled:
                found[name] = column
    rows = list(table.rows)
    if "name" not in found:
        longest = [sum(len(text_of(_at(r.cells, c))) for r in rows) for c in range(table.width)]
        found["name"] = longest.index(max(longest)) if longest else 0
    answer = []
    for row in rows:
        values = {n: text_of(_at(row.cells, c)) for n, c in found.items()}
        if "sex" in values:
            values["sex"] = {"nu": "female", "f": "female", "nam": "male", "m": "male"}.get(
                plain(values["sex"]), ""
            )
        if "role" in values:
            codes = SMALL_LISTS["staff_role"].search(values["role"], 1)
            values["role"] = codes[0] if codes else ""
        if values.get("name"):
            answer.append({n: v for n, v in values.items() if v})
    return tuple(answer)


def pasted_people(text: str) -> tuple[dict[str, str], ...]:
    """The same out of pasted text: a table, or one name a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ()
    first = lines[0].split("\t")
    known = {w for spelled in _PERSON.values() for w in spelled}
    if any(plain(cell) in known for cell in first):
        cells = [tuple(c.strip() or None for c in line.split("\t")) for line in lines]
        body = tuple(SheetRow(n, row) for n, row in enumerate(cells[1:], 2))
        headings = tuple(c or "" for c in cells[0])
        return people(Table("", "", (), headings, body))
    answer = []
    for line in lines:
        parts = [p.strip() for p in re.split(r"\t|;", line)]
        parts = [p for p in parts if p and not p.isdigit()]
        if parts:
            name = re.sub(r"^\d+[.)]\s*", "", parts[0])
            values = {"name": name}
            values |= dict(zip(("post", "body", "phone"), parts[1:], strict=False))
            answer.append(values)
    return tuple(answer)


def _at(cells: tuple[Cell, ...], column: int) -> Cell:
    return cells[column] if column < len(cells) else None
