"""The directory as a table for a spreadsheet program, written and read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.lists import code_list
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field, Kind, Privacy
from traffick_desk.domain.text import fold
from traffick_desk.domain.units import NEW as NEW_UNITS
from traffick_desk.domain.units import Units
from traffick_desk.i18n import N_, _, speaking
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.directory.entries import all_entries
from traffick_desk.services.directory.prepared import CellProblem, Prepared, Preparing
from traffick_desk.services.printed import words
from traffick_desk.services.register import cells
from traffick_desk.services.register.errors import RegisterError
from traffick_desk.services.register.listing import WriteList
from traffick_desk.services.register.table import Cell, Table, plain, text_of
from traffick_desk.services.register.table import read as read_file
from traffick_desk.services.roles import DIRECTORY_READ
from traffick_desk.services.views import RecordView

ID_COLUMN = N_("Number of the entry (do not change)")
# ``unit`` follows from the id and cannot be typed.
FIELDS: tuple[Field, ...] = tuple(f for f in REGISTRY["service"] if f.name != "unit")
_BETWEEN = "; "


def exported(context: Context, cursor: Any, *, public: bool = False) -> list[RecordView]:
    """The entries that leave: all, or those that may hang on the wall without what is internal."""
    found = all_entries(context, cursor)
    if not public:
        return found
    kept = [r for r in found if r.get("listing") == "public"]
    secret = {f.name for f in FIELDS if f.privacy is not Privacy.PUBLIC}
    return [
        RecordView(r.type, r.id, {n: v for n, v in r.values.items() if n not in secret})
        for r in kept
    ]


@dataclass(frozen=True, slots=True)
class ServiceTable(Query[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]]):
    """Headings and rows of all entries, in the language spoken now.

    Attributes:
        public: only what may hang on the wall.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    public: bool = False

    def run(
        self, context: Context, cursor: Any
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """See :class:`Query`."""
        heads = (_(ID_COLUMN), *(f.shown_label() for f in FIELDS))
        rows = tuple(
            (r.id, *(_cell(context.units, f, r.get(f.name)) for f in FIELDS))
            for r in exported(context, cursor, public=self.public)
        )
        return heads, rows


def _cell(units: Units, known: Field, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if known.kind is Kind.CODES:
        return _BETWEEN.join(code_list(known.codes).label(code) for code in value)
    return words(known, value, units)


def save(desk: Desk, path: Path, *, public: bool = False) -> int:
    """Write all entries to *path* (``.xlsx`` or ``.csv``); answers with how many there are.

    Raises:
        ListNotWritten: in words; nothing is left of the file.
    """
    heads, rows = desk.ask(ServiceTable(public))
    desk.do(WriteList(path, ("directory",), heads, rows))
    return len(rows)


# --- reading ----------------------------------------------------------------------------


class NoServices(RegisterError):
    """The table has no column that a directory has."""

    text = N_(
        "No column of this table is known: the first row must hold headings such as those of an "
        "exported directory. Nothing was taken in. Please export the directory first and fill in "
        "that file."
    )


def _headings() -> dict[str, str]:
    """Plain heading in Vietnamese or English → field; the spine's labels, and the names."""
    found: dict[str, str] = {}
    for language in ("vi", "en"):
        with speaking(language):
            for known in FIELDS:
                found.setdefault(plain(known.shown_label()), known.name)
            found.setdefault(plain(_(ID_COLUMN)), "id")
    for known in FIELDS:
        found.setdefault(plain(known.name), known.name)
    return found


@dataclass(frozen=True, slots=True)
class ReadServices(Query[Prepared]):
    """What taking a table in would do; nothing is changed.

    Raises:
        NoServices: no heading is known, or there is none for the name.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    table: Table

    def run(self, context: Context, cursor: Any) -> Prepared:
        """See :class:`Query`."""
        known = _headings()
        places = {name: n for n, h in reversed(list(enumerate(self.table.headings)))
                  if (name := known.get(plain(h)))}  # fmt: skip
        if "name" not in places and "id" not in places:
            raise NoServices
        heads = {name: self.table.headings[place] for name, place in places.items()}
        ignored = tuple(
            h for n, h in enumerate(self.table.headings) if h and n not in places.values()
        )
        preparing = Preparing(context, cursor)
        today = context.now().date()
        # The same communes and codes stand in hundreds of rows.
        seen: dict[tuple[str, str], Any] = {}
        for row in self.table.rows:
            values: dict[str, Any] = {}
            wrong: list[CellProblem] = []
            for field in FIELDS:
                if field.name not in places:
                    continue
                cell = row.cells[places[field.name]]
                key = field.name, cell if isinstance(cell, str) else ""
                try:
                    if key not in seen or not key[1]:
                        seen[key] = read_cell(context.units, field, cell, today)
                    values[field.name] = seen[key]
                except cells.Unreadable as problem:
                    head = heads[field.name]
                    wrong.append(CellProblem(row.number, head, text_of(cell), str(problem)))
            given = text_of(row.cells[places["id"]]) if "id" in places else ""
            preparing.add(row.number, given, values, wrong, heads, clears=True)
        return preparing.done(ignored)


def read(desk: Desk, path: Path, sheet: str = "") -> Prepared:
    """Read a workbook or a text with columns and say what taking it in would do.

    Raises:
        RegisterError: in words.
    """
    return desk.ask(ReadServices(read_file(path, sheet)))


def read_cell(units: Units, known: Field, cell: Cell, today: Any) -> Any:
    """The cell as a value of *known*; ``None`` when it is empty.

    Raises:
        Unreadable: in words.
    """
    text = text_of(cell)
    if not text or text in {"-", "–", "—"}:
        return None
    match known.kind:
        case Kind.CODE | Kind.ANSWER:
            return _code(known, text)
        case Kind.CODES:
            return _codes(known, text)
        case Kind.UNIT:
            return _unit(units, text)
        case Kind.DATE if (day := _day(cell, text)) is not None:
            return day
        case _:
            found = cells.read(known, _plain_text(cell), today)
            return None if found is None else found.value


_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _day(cell: Cell, text: str) -> str | None:
    """A whole date, also one to come, as the end of an agreement is; ``None`` for other texts."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    try:
        if match := _WRITTEN.fullmatch(text):
            day, month, year = (int(part) for part in match.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _plain_text(cell: Cell) -> Cell:
    """A text without the mark that keeps spreadsheet programs from taking it for a formula."""
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") else cell


@cache
def _labels(name: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    codes = code_list(name)
    for language in ("vi", "en"):
        with speaking(language):
            for code in codes.codes():
                found.setdefault(_key(codes.label(code)), code)
    for code in codes.codes():
        found.setdefault(_key(code), code)
    return found


def _key(text: str) -> str:
    return " ".join(fold(text).split())


def _code(known: Field, text: str) -> str:
    found = _labels(known.codes).get(_key(text))
    if found is None:
        raise cells.Unreadable(_not_of_list(known, text))
    return found


def _codes(known: Field, text: str) -> list[str]:
    labels = _labels(known.codes)
    found: set[str] = set()
    for part in text.replace("\n", ";").split(";"):
        whole = _key(part)
        if not whole:
            continue
        if whole in labels:
            found.add(labels[whole])
            continue
        # Labels may hold commas themselves, so a comma divides only what is no label as it is.
        for piece in part.split(","):
            if (code := labels.get(_key(piece))) is None:
                raise cells.Unreadable(_not_of_list(known, piece.strip()))
            found.add(code)
    return sorted(found)


def _not_of_list(known: Field, text: str) -> str:
    codes = code_list(known.codes)
    offered = [codes.label(code) for code in codes.codes()]
    if len(offered) > 20:
        return _("“{text}” is not in the list.").format(text=text)
    return _("“{text}” is not in the list: {offered}.").format(
        text=text, offered=_BETWEEN.join(offered)
    )


def _unit(units: Units, text: str) -> str:
    if text in units:
        return text
    wanted = _key(text)
    found = units.search(text, dataset=NEW_UNITS, limit=5)
    exact = [m.id for m in found if wanted in {_key(m.label), _key(units.full_name(m.id))}]
    if len(exact) == 1:
        return exact[0]
    if len(found) == 1:
        return found[0].id
    if not found:
        raise cells.Unreadable(_("No commune or province has this name: {text}").format(text=text))
    raise cells.Unreadable(
        _("Several units have this name; write the province too: {offered}").format(
            offered=_BETWEEN.join(m.label for m in found[:3])
        )
    )
