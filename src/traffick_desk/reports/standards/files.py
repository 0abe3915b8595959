"""Files of rows: CSV, workbook, JSON; the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traffick_desk.i18n import _
from traffick_desk.reports.standards.htcds import OWN, field_of, standard
from traffick_desk.reports.workbook import guarded

Row = dict[str, str]
FORMATS = (".csv", ".xlsx", ".json")
MOST_BYTES = 200 * 1024 * 1024


class FileUnreadable(ValueError):
    """The file is none of the three, or damaged; says why. Nothing was taken in."""

    def __str__(self) -> str:
        return _("The file cannot be read: {problem} Nothing was taken in.").format(
            problem=self.args[0]
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with their columns.

    Attributes:
        columns: names in order.
        rows: texts by column; missing ones are empty.
        about: lines that say what the file is (JSON and workbook alone can hold them).
        doubled: columns that stand there twice.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    about: Mapping[str, str] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()


def to_bytes(sheet: Sheet, kind: str) -> bytes:
    """The file as bytes; *kind* is one of :data:`FORMATS`."""
    if kind == ".json":
        return _json(sheet)
    return _xlsx(sheet) if kind == ".xlsx" else _csv(sheet)


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    for row in sheet.rows:
        writer.writerow([guarded(row.get(name, "")) for name in sheet.columns])
    # With a mark at the start, so that spreadsheet programs take it for UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def _json(sheet: Sheet) -> bytes:
    rows = [{n: r[n] for n in sheet.columns if r.get(n)} for r in sheet.rows]
    found = {**sheet.about, "columns": list(sheet.columns), "rows": rows}
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(sheet: Sheet) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    page = book.create_sheet("HTCDS")
    page.append(list(sheet.columns))
    for row in sheet.rows:
        page.append([guarded(row.get(n, "")) or None for n in sheet.columns])
    about = book.create_sheet("About")
    for pair in sheet.about.items():
        about.append(list(pair))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(path: Path, workbook: Callable[[Path], Sequence[Sequence[Any]]]) -> Sheet:
    """Read a file of rows.

    Args:
        path: ends with one of :data:`FORMATS`.
        workbook: reads the cells of a strange workbook safely.

    Raises:
        FileUnreadable: it is none, is too large, or is damaged.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > MOST_BYTES:
        raise FileUnreadable(_("It is larger than 200 MB."))
    try:
        match path.suffix.lower():
            case ".json":
                return _from_json(json.loads(path.read_text("utf-8-sig")))
            case ".csv":
                text = path.read_text("utf-8-sig")
                return _from_lines(list(csv.reader(io.StringIO(text, newline=""))))
            case ".xlsx":
                return _from_lines([[_cell(c) for c in line] for line in workbook(path)])
    except FileUnreadable:
        raise
    except (ValueError, csv.Error, KeyError, TypeError, RecursionError) as error:
        raise FileUnreadable(str(error).split("\n", 1)[0] + ".") from error
    raise FileUnreadable(_("Please choose a file that ends with .csv, .xlsx or .json."))


def _from_json(found: Any) -> Sheet:
    listed = found.get("rows") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise FileUnreadable(_("An object with “rows” is expected."))
    rows = [{field_of(str(k)): _text(v) for k, v in row.items()} for row in listed]
    columns = found.get("columns") or list(dict.fromkeys(n for row in rows for n in row))
    about = {k: v for k, v in found.items() if isinstance(v, str)}
    return Sheet(tuple(field_of(str(c)) for c in columns), tuple(rows), about)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value).strip()


def _cell(value: Any) -> str:
    if hasattr(value, "date"):
        return str(value.date().isoformat())
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _text(value)


def _from_lines(lines: Sequence[Sequence[str]]) -> Sheet:
    """Rows below one line of names, or below a hidden line of names and one of labels."""
    filled = [list(line) for line in lines if any(c.strip() for c in line)]
    if not filled:
        return Sheet((), ())
    heads, body = filled[0], filled[1:]
    labels: list[str] = []
    if body and _are_labels(body[0]):
        labels, body = body[0], body[1:]
    width = max(len(heads), len(labels))
    heads, labels = [*heads, *[""] * (width - len(heads))], [*labels, *[""] * (width - len(labels))]
    columns = [field_of(h, label) for h, label in zip(heads, labels, strict=True)]
    rows = tuple(
        {n: _plain(c.strip()) for n, c in zip(columns, line, strict=False) if n} for line in body
    )
    named = [c for c in columns if c]
    doubled = tuple(dict.fromkeys(c for c in named if named.count(c) > 1))
    return Sheet(tuple(dict.fromkeys(named)), rows, doubled=doubled)


def _are_labels(line: Sequence[str]) -> bool:
    """Whether a line holds the labels of the template, not values."""
    known = {f.label.casefold() for f in standard().fields.values()}
    cells = [c.replace("\xa0", " ").strip().casefold() for c in line if c.strip()]
    return len(cells) > 3 and sum(c in known for c in cells) > len(cells) * 0.8


def own(name: str) -> bool:
    """Whether a column is ours and not of the standard."""
    return name.startswith(OWN)
