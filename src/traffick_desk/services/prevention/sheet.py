"""Activities and materials taken in from a spreadsheet or a pasted table.

Columns are told by their headings, Vietnamese or English, with or without accents. Nothing is
written before :class:`TakeInSheet`; an entry that is there already is left alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from traffick_desk.domain import counts
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.spine import Field, Kind
from traffick_desk.domain.validation import as_partial
from traffick_desk.domain.written_dates import NotUnderstood, parse_partial
from traffick_desk.i18n import N_, _
from traffick_desk.services import unit_records
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.prevention.commands import CHANGED, PREVENTION
from traffick_desk.services.prevention.sheet_words import HEADINGS, KINDS, QUANTITY
from traffick_desk.services.prevention.totals import ACTIVITY, MATERIAL, Entry, entries
from traffick_desk.services.register.table import Cell, Table, assemble, plain, text_of
from traffick_desk.services.register.table import Row as SheetRow
from traffick_desk.services.roles import PREVENTION_READ, PREVENTION_WRITE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

_SPAN = re.compile(r"\s*((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)\d\d)\s*")

READY, KNOWN, DIFFERS, WRONG = "ready", "known", "differs", "wrong"
STATES: Mapping[str, str] = {
    READY: N_("Ready to be taken in"),
    KNOWN: N_("Here already"),
    DIFFERS: N_("Here already with other numbers; not taken in"),
    WRONG: N_("Cannot be taken in"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that was not understood; *column* counts from 0, -1 for the row."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class LookedRow:
    """One row of the file and what would come of it."""

    number: int
    state: str
    type: str
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What would be taken in.

    Attributes:
        targets: for each column the field, or "" when it is left out.
    """

    headings: tuple[str, ...]
    targets: tuple[str, ...]
    rows: tuple[LookedRow, ...]

    def count(self, state: str) -> int:
        """How many rows are in *state*."""
        return sum(row.state == state for row in self.rows)


def pasted(text: str) -> Table:
    """A table out of what a spreadsheet puts on the clipboard.

    Raises:
        RegisterError: there is no table in it.
    """
    import csv

    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ";")
    rows = [
        SheetRow(number, tuple(cell if cell.strip() else None for cell in cells))
        for number, cells in enumerate(reader, 1)
        if any(cell.strip() for cell in cells)
    ]
    return assemble("", "", (), rows)


def target_of(heading: str) -> str:
    """The field that a heading means; "" for none."""
    words = plain(heading)
    if not words:
        return ""
    best = ("", 0)
    for name, spelled in HEADINGS.items():
        for one in spelled:
            fits = words == one or words.startswith(f"{one} ") or words.endswith(f" {one}")
            # A short word counts only when nothing else stands there.
            if fits and (words == one or len(one) > 4) and len(one) > best[1]:
                best = (name, len(one))
    return best[0]


@dataclass(frozen=True, slots=True)
class LookAtSheet(Query[Looked]):
    """What a table of activities would give.

    Attributes:
        table: as found in a file or pasted.
        year: of entries for which no column says when; 0 for none.
        targets: what the columns are; told by their headings if empty.
    """

    permission: ClassVar[str] = PREVENTION_READ

    table: Table
    year: int = 0
    targets: tuple[str, ...] = ()

    def run(self, context: Context, cursor: Any) -> Looked:
        """See :class:`Query`."""
        targets = self.targets or _once(tuple(map(target_of, self.table.headings)))
        known = {_key(e.type, e.kind, e.title, e.first, e.last): e for e in entries(
            cursor, context.info.unit
        )}  # fmt: skip
        rows = [
            _Reading(context, targets, self.year).row(row.number, row.cells)
            for row in self.table.rows
            if row.number not in self.table.merged_titles
        ]
        return Looked(self.table.headings, targets, tuple(_placed(rows, known)))


def _once(targets: tuple[str, ...]) -> tuple[str, ...]:
    """Each field once: of two columns that seem to be the same, the first."""
    seen: set[str] = set()
    return tuple("" if t in seen or seen.add(t) else t for t in targets)  # type: ignore[func-returns-value]


def _placed(rows: list[LookedRow], known: Mapping[Any, Entry]) -> list[LookedRow]:
    """The rows with what is here already, or twice in the file, marked."""
    found: list[LookedRow] = []
    seen: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        if row.state != READY:
            found.append(row)
            continue
        key = _key_of(row)
        there = known.get(key)
        if there is not None:
            state = KNOWN if _same(there, row.values) else DIFFERS
        elif key in seen:
            state = KNOWN if seen[key] == row.values else READY
        else:
            state = READY
        if state == READY:
            seen.setdefault(key, row.values)
        found.append(LookedRow(row.number, state, row.type, row.values, row.problems))
    return found


def _key(type_name: str, kind: str, title: str, first: date, last: date) -> tuple[Any, ...]:
    return (type_name, kind, plain(title), first, last)


def _key_of(row: LookedRow) -> tuple[Any, ...]:
    v = row.values
    first = as_partial(v["since"])
    last = as_partial(v.get("until")) or first
    if first is None or last is None:
        raise ValueError(v["since"])
    days = (first.earliest, max(last.latest, first.latest))
    return _key(row.type, v["kind"], v["title"], *days)


def _same(there: Entry, values: Mapping[str, Any]) -> bool:
    least = values.get("at_least", ())
    for name, count in there.counts.items():
        number = values.get(name, 1 if name == "times" else None)
        if count != counts.Count.of(number, name in least):
            return False
    return True


class _Reading:
    """One row read into the values of an activity or a material."""

    def __init__(self, context: Context, targets: tuple[str, ...], year: int) -> None:
        self._context = context
        self._targets = targets
        self._year = year
        self._today = date.fromisoformat(context.today)
        self._problems: list[Problem] = []

    def row(self, number: int, cells: tuple[Cell, ...]) -> LookedRow:
        given = {
            target: (column, cells[column])
            for column, target in enumerate(self._targets)
            if target and column < len(cells) and text_of(cells[column])
        }
        self._problems = []
        type_name, values = self._kind(given)
        if not type_name:
            return LookedRow(number, WRONG, "", values, tuple(self._problems))
        fields = self._context.store.registry[type_name].by_name
        least: set[str] = set()
        names = ACTIVITY_COUNTS if type_name == ACTIVITY else MATERIAL_COUNTS
        for target, (column, cell) in given.items():
            name = ("times" if type_name == ACTIVITY else "made") if target == QUANTITY else target
            if name in values or name not in fields or name in {"kind", "title", "part_of"}:
                continue
            if name in names:
                self._count(name, column, cell, values, least)
            elif name == "since":
                self._since(column, cell, values)
            else:
                self._value(fields[name], column, cell, values)
        if "part_of" in given:
            values["part_of"] = text_of(given["part_of"][1])
        if "since" not in values and self._year:
            values["since"] = str(self._year)
        if "since" not in values:
            self._problem(-1, _("The row does not say when."))
        if least:
            values["at_least"] = sorted(least)
        first = as_partial(values.get("since"))
        future = first is not None and first.earliest > self._today
        values.setdefault("state", "planned" if future else "done")
        state = WRONG if self._problems else READY
        return LookedRow(number, state, type_name, values, tuple(self._problems))

    def _problem(self, column: int, text: str) -> None:
        self._problems.append(Problem(column, text))

    def _kind(self, given: Mapping[str, tuple[int, Cell]]) -> tuple[str, dict[str, Any]]:
        title = text_of(given["title"][1]) if "title" in given else ""
        said = text_of(given["kind"][1]) if "kind" in given else title
        found = kind_of(said) or (kind_of(title) if "kind" not in given else None)
        if found is None:
            column = given["kind"][0] if "kind" in given else -1
            words = _("“{text}” is no kind of activity or material that is known.")
            self._problem(column, words.format(text=said))
            return "", {}
        type_name, kind = found
        return type_name, {"kind": kind, "title": title or said}

    def _count(
        self, name: str, column: int, cell: Cell, values: dict[str, Any], least: set[str]
    ) -> None:
        found = counts.parse(text_of(cell))
        if found is None:
            words = _("“{text}” is not a number. Write for example 563, or more than 1,000.")
            self._problem(column, words.format(text=text_of(cell)))
            return
        values[name] = found[0]
        if found[1]:
            least.add(name)

    def _since(self, column: int, cell: Cell, values: dict[str, Any]) -> None:
        span = _SPAN.fullmatch(text_of(cell))
        if span is not None:
            values["since"], values["until"] = span.groups()
            return
        try:
            values["since"] = self._partial(cell)
        except NotUnderstood as problem:
            self._problem(column, str(problem))

    def _partial(self, cell: Cell) -> str:
        if isinstance(cell, datetime | date):
            day = cell.date() if isinstance(cell, datetime) else cell
            return day.isoformat()
        return str(parse_partial(text_of(cell), self._today, future=True))

    def _value(self, described: Field, column: int, cell: Cell, values: dict[str, Any]) -> None:
        text = text_of(cell)
        try:
            match described.kind:
                case Kind.PARTIAL_DATE:
                    values[described.name] = self._partial(cell)
                case Kind.CODE:
                    values[described.name] = self._code(described.codes, text)
                case Kind.CODES:
                    parts = [p.strip() for p in re.split(r"[;,]", text) if p.strip()]
                    values[described.name] = sorted(
                        {self._code(described.codes, part) for part in parts}
                    )
                case Kind.MONEY | Kind.INTEGER:
                    digits = re.sub(r"[^\d]", "", re.sub(r"(?i)đồng|vnđ|vnd|đ", "", text))
                    if not digits:
                        raise NotUnderstood(_("“{text}” is not an amount.").format(text=text))
                    values[described.name] = int(digits)
                case _:
                    values[described.name] = text[: described.max_length]
        except NotUnderstood as problem:
            self._problem(column, str(problem))

    def _code(self, name: str, text: str) -> str:
        listed = code_list(name)
        wanted = plain(text)
        labels = {code: plain(listed.label(code)) for code in listed.codes()}
        for code, label in labels.items():
            if wanted in (label, code):
                return code
        close = [code for code, label in labels.items() if label.startswith(wanted)]
        if len(close) == 1:
            return close[0]
        hits = listed.search(text, 2)
        if len(hits) == 1:
            return str(hits[0])
        raise NotUnderstood(_("“{text}” is not in the list.").format(text=text))


def kind_of(text: str) -> tuple[str, str] | None:
    """The type and kind that a text names: its words begin it, or are within it."""
    words = plain(text)
    if not words:
        return None
    best: tuple[int, int, str, str] | None = None
    for type_name in (ACTIVITY, MATERIAL):
        listed = SMALL_LISTS[f"{type_name}_kind"]
        for code in listed.codes():
            for spelled in (
                code.replace("_", " "),
                plain(listed.label(code)),
                *KINDS.get(code, ()),
            ):
                place = f" {words} ".find(f" {spelled} ")
                if place < 0:
                    continue
                rank = (2 if words == spelled else 1 if place == 0 else 0, len(spelled))
                if best is None or rank > best[:2]:
                    best = (*rank, type_name, code)
    return None if best is None else (best[2], best[3])


@dataclass(frozen=True, slots=True)
class TakenSheet:
    """What came of a file: ids of new entries by type, and how many were left out."""

    records: tuple[tuple[str, str], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class TakeInSheet(Command[TakenSheet]):
    """Write the rows that are ready, in one transaction.

    Attributes:
        looked: the answer of :class:`LookAtSheet`.
        unit: whose entries they are; this desk's unit if empty.
    """

    permission: ClassVar[str] = PREVENTION_WRITE
    action: ClassVar[str] = "prevention.import"
    changes: ClassVar[frozenset[str]] = CHANGED

    looked: Looked = field(repr=False)
    unit: str = ""

    def run(self, context: Context, work: Work) -> TakenSheet:
        """See :class:`Command`."""
        unit = self.unit or context.info.unit
        by_title = {(e.type, plain(e.title)): e.id for e in entries(work.cursor, unit)}
        edits: list[Edit] = []
        ready = [row for row in self.looked.rows if row.state == READY]
        for row in ready:
            record = unit_records.new_record_id(context, unit)
            by_title.setdefault((row.type, plain(str(row.values["title"]))), record)
            edits.append(Edit(row.type, record, row.values))
        for place, edit in enumerate(edits):
            wanted = edit.values.get("part_of")
            if wanted is not None:
                whole = by_title.get((edit.type, plain(str(wanted))))
                values = {n: v for n, v in edit.values.items() if n != "part_of"}
                if whole and whole != edit.id:
                    values["part_of"] = whole
                edits[place] = Edit(edit.type, edit.id, values)
        unit_records.write(context, work, edits, PREVENTION)
        return TakenSheet(tuple((e.type, e.id) for e in edits), len(self.looked.rows) - len(ready))

    def target(self, result: TakenSheet) -> str:
        """See :class:`Command`."""
        return str(len(result.records))
