"""Saving a list of cases as a table for a spreadsheet: chosen columns, no names by default."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain import practice
from traffick_desk.domain.spine import Field, Kind, Privacy
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import N_, _
from traffick_desk.reports.workbook import guarded
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.case_filter import ORDERS, CaseFilter, order_sql
from traffick_desk.services.printed import words
from traffick_desk.services.register.errors import ListNotWritten
from traffick_desk.services.register.preview import Progress, quiet
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.views import CaseRow
from traffick_desk.services.whole_file import write_whole
from traffick_desk.store.record_state import columns_sql, state_from_row
from traffick_desk.store.store import Work
from traffick_desk.store.tables import table_name

_PART = 500
FORMATS = (".xlsx", ".csv")

# Record types whose fields can be columns; of several records of a person the newest counts.
_RECORDS = ("case", "person", "reception", "status", "account", "identity_paper", "address")
_LEFT_OUT = frozenset({"case.unit", "address.do_not_print", "address.kind", "person.role"})
DEFAULT = (
    "case.file_no", "case.unit", "case.opened_on", "case.stage", "person.sex", "person.age",
    "status.status", "status.since", "case.due",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that a list may have.

    Attributes:
        key: record type and field of the spine, or ``person.age``, ``case.due``.
        label: English source text.
        privacy: of the field; a text of several lines may name people and counts as identifying.
        group: English source text of the record type.
    """

    key: str
    label: str
    privacy: Privacy
    group: str

    @property
    def identifying(self) -> bool:
        """Whether it tells who somebody is: chosen and confirmed by the officer alone."""
        return self.privacy is Privacy.IDENTIFYING

    def shown_label(self) -> str:
        """In the language of the desk."""
        return _(self.label)

    def shown_group(self) -> str:
        """In the language of the desk."""
        return _(self.group)


def list_columns(context: Context) -> dict[str, ListColumn]:
    """Every column there is, by key, in order."""
    registry = context.store.registry
    found = [
        ListColumn("case.file_no", N_("File number"), Privacy.OPERATIONAL, registry["case"].label),
        ListColumn("case.unit", N_("Commune"), Privacy.OPERATIONAL, registry["case"].label),
    ]
    for name in _RECORDS:
        record = registry[name]
        for known in record.fields:
            key = f"{name}.{known.name}"
            if known.kind is not Kind.REF and key not in _LEFT_OUT | {"case.file_no"}:
                found.append(ListColumn(key, known.label, _privacy(known), record.label))
            if key == "person.sex":
                age = ListColumn("person.age", N_("Age"), Privacy.SENSITIVE, record.label)
                found.append(age)
        if name == "case":
            due = ListColumn("case.due", N_("Next deadline"), Privacy.OPERATIONAL, record.label)
            found.append(due)
    return {column.key: column for column in found}


def _privacy(known: Field) -> Privacy:
    # What was written freely may hold any name.
    return Privacy.IDENTIFYING if known.kind is Kind.LONG_TEXT else known.privacy


@dataclass(frozen=True, slots=True)
class ListRows(Query[tuple[tuple[str, ...], ...]]):
    """The cells of a list, one row a case, in words.

    Attributes:
        keys: of :func:`list_columns`; an unknown one is refused with ``KeyError``.
        progress: told how many rows were read; may raise to stop.
    """

    permission: ClassVar[str] = CASE_READ

    keys: tuple[str, ...]
    filter: CaseFilter = field(default_factory=CaseFilter)
    order: str = "file_no"
    progress: Progress = field(default=quiet, repr=False, compare=False)

    def run(self, context: Context, cursor: Any) -> tuple[tuple[str, ...], ...]:
        """See :class:`Query`."""
        known = list_columns(context)
        chosen = [known[key] for key in self.keys]
        where, values = self.filter.where(cursor, context)
        order = self.order if self.order.lstrip("-") in ORDERS else "file_no"
        cases = reading.case_rows(cursor, f"{where} ORDER BY {order_sql(order)}", values)
        wanted = {column.key.partition(".")[0] for column in chosen} - {"case"}
        if any(column.key.startswith("case.") for column in chosen):
            wanted.add("case")
        rows = []
        for start in range(0, len(cases), _PART):
            self.progress(start, len(cases), _("Reading the cases…"))
            part = cases[start : start + _PART]
            records = _records(context, cursor, [row.case_id for row in part], wanted)
            rows += [
                tuple(_cell(context, column.key, row, records) for column in chosen) for row in part
            ]
        return tuple(rows)


_Records = Mapping[tuple[str, str], Mapping[str, Any]]


def _records(context: Context, cursor: Any, cases: list[str], wanted: set[str]) -> _Records:
    """(record type, case) → the values that a row shows; those of the main person."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    main: dict[str, str] = {}
    types = [n for n in _RECORDS if n in wanted | {"person"}]
    types.sort(key=lambda name: name != "person")
    for name in types:
        record = context.store.registry[name]
        cursor.execute(
            f"SELECT {columns_sql(record)} FROM {table_name(name)} "
            f'WHERE "{record.case_key}" IN (SELECT value FROM json_each(?)) '
            "AND voided IS NULL ORDER BY id",
            (json.dumps(cases),),
        )
        states = [state_from_row(record, row) for row in cursor.fetchall()]
        for state in sorted(states, key=lambda s: _since(name, s.values)):
            values = state.values
            case = state.id if name == "case" else str(values.get("case") or "")
            if name == "person":
                if values.get("role") == "main":
                    main[case] = state.id
                    found[name, case] = values
                continue
            if values.get("person") not in {None, main.get(case)}:
                continue
            if name == "address" and values.get("do_not_print") == "yes":
                continue  # it must not stand on anything that leaves the case
            if name == "address" and values.get("kind") == "permanent":
                found.setdefault((name, case), values)
            elif name != "address" or (name, case) not in found:
                found[name, case] = values
    return found


def _since(name: str, values: Mapping[str, Any]) -> str:
    if name == "address":
        return "" if values.get("kind") == "permanent" else "1"
    by = {"status": "since", "reception": "at", "identity_paper": "issued_on"}.get(name, "")
    return str(values.get(by) or "")


def _cell(context: Context, key: str, row: CaseRow, records: _Records) -> str:
    name, _dot, known = key.partition(".")
    if key == "person.age":
        return _age(context, row.birth)
    if key == "case.due":
        return f"{row.due[8:10]}/{row.due[5:7]}/{row.due[:4]}" if len(row.due) >= 10 else ""
    value = records.get((name, row.case_id), {}).get(known)
    if value is None:
        return ""
    described = context.store.registry[name][known]
    if described.kind is Kind.UNIT and value in context.units:
        return context.units.full_name(value)
    return words(described, value, context.units)


def _age(context: Context, birth: str) -> str:
    if not birth:
        return ""
    youngest, oldest = PartialDate.parse(birth).ages_on(context.now().date())
    return str(youngest) if youngest == oldest else f"{youngest}–{oldest}"


# --- writing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteList(Command[Path]):
    """Write a list to a file that is not encrypted, and log it.

    Attributes:
        path: ends with one of :data:`FORMATS`.
        keys: of the columns, for the log.
        heads, rows: what to write.

    Raises:
        ListNotWritten: the file could not be written; nothing is left of it.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "list.export"

    path: Path
    keys: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)

    def run(self, context: Context, work: Work) -> Path:  # noqa: ARG002
        """See :class:`Command`."""
        path, heads, rows = self.path, self.heads, self.rows
        if context.info.practice:
            # Each line says it, so that a line copied elsewhere still does.
            path = practice.file_path(path)
            heads = (practice.MARK, *heads)
            rows = tuple((practice.SENTENCE, *row) for row in rows)
        made = _csv if path.suffix.lower() == ".csv" else _xlsx
        try:
            write_whole(path, made(heads, rows))
        except OSError as error:
            raise ListNotWritten(error.strerror or str(error)) from error
        return path

    def target(self, result: Path) -> str:  # noqa: ARG002
        """See :class:`Command`: how many rows with which columns, never where to."""
        return f"{len(self.rows)}: {' '.join(self.keys)}"


def save_list(
    desk: Desk,
    path: Path,
    keys: tuple[str, ...] = DEFAULT,
    wanted: CaseFilter = CaseFilter(),  # noqa: B008 - frozen
    order: str = "file_no",
    progress: Progress = quiet,
) -> int:
    """Save the cases that *wanted* lets through; answers with how many there are.

    Whether identifying columns may be among *keys* is asked by who calls: they are not encrypted.

    Raises:
        ListNotWritten: in words.
    """
    rows = desk.ask(ListRows(keys, wanted, order, progress))
    known = list_columns(desk.context)
    heads = tuple(known[key].shown_label() for key in keys)
    progress(len(rows), len(rows), _("Writing the file…"))
    desk.do(WriteList(path, keys, heads, rows))
    return len(rows)


_Rows = tuple[tuple[str, ...], ...]


def _csv(heads: tuple[str, ...], rows: _Rows) -> bytes:
    """UTF-8 with a mark at its head and semicolons: what Vietnamese spreadsheets open right."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow([guarded(cell) for cell in heads])
    lines.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(heads: tuple[str, ...], rows: _Rows) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    # What the file says about itself names nobody.
    book.properties.creator = "traffick-desk"
    sheet = book.create_sheet(_("Cases"))
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, 1):
        longest = max((len(row[number - 1]) for row in rows[:200]), default=0)
        width = min(max(len(head), longest) + 2, 60)
        sheet.column_dimensions[get_column_letter(number)].width = width

    def cell(text: str, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, _NO_CONTROL.sub("", text))
        # A text and nothing else, whatever it begins with; so it stays when it is edited.
        made.data_type = "s"
        made.quotePrefix = guarded(text) != text
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(head, bold=True) for head in heads])
    for row in rows:
        sheet.append([cell(text) if text else None for text in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_NO_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
