"""A row of a register read into the records of a case, with what was wrong in its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from traffick_desk.domain.spine import Field, Kind, Registry
from traffick_desk.domain.text import fold
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import moment
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Context, new_id
from traffick_desk.services.register import cells
from traffick_desk.services.register.cells import Unreadable
from traffick_desk.services.register.columns import NAME, NOTE, codes_in, columns
from traffick_desk.services.register.made import (
    EMPTY,
    IMPOSSIBLE,
    REMARK,
    CellProblem,
    Reading,
    check,
    digest,
    put_together,
)
from traffick_desk.services.register.mapping import ColumnMap
from traffick_desk.services.register.places import Parts, Place, Places
from traffick_desk.services.register.table import Cell, Row, Table, in_old_font, plain, text_of
from traffick_desk.store.journal import Edit

_NO_PERSON = ("tong", "tong cong", "tong so", "cong", "total", "nguoi lap", "can bo", "ghi chu")


class RowReader:
    """Reads rows of one table with one mapping."""

    def __init__(self, context: Context, table: Table, mapping: ColumnMap) -> None:
        self.table, self.mapping = table, mapping
        self.registry: Registry = context.store.registry
        self.units: Units = context.units
        self.today: date = context.now().date()
        self.now: datetime = context.now()
        self.places = Places(context.units, context.info.unit)
        self._headings = frozenset(plain(h) for h in table.headings if h)
        self._targets = [
            (n, key, columns().targets[key]) for n, key in enumerate(mapping.targets) if key
        ]

    def read(self, row: Row) -> Reading:
        """Read one row; never raises, whatever stands in it."""
        return _One(self, row).read()

    def field(self, key: str) -> Field:
        """The field of the spine behind a target."""
        record, _dot, name = key.partition(".")
        return self.registry[record][name]


class _One:
    """The reading of one row."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self.r, self.row = reader, row
        self.out = Reading(row.number)
        self.cells: dict[str, list[tuple[int, Cell]]] = defaultdict(list)
        for column, key, _target in reader._targets:  # noqa: SLF001 - one class in two halves
            cell = row.cells[column]
            if text_of(cell):
                self.cells[key].append((column, cell))
        self.values: dict[str, dict[str, Any]] = defaultdict(dict)
        self.where: dict[tuple[str, str], int] = {}
        self.kept: list[tuple[str, str]] = []
        self.person_id = new_id()

    # --- steps

    def read(self) -> Reading:
        """All of it."""
        if not self._is_person():
            self.out.person = False
            return self.out
        self._name()
        for key in tuple(self.cells):
            target = columns().targets[key]
            if not target.reads and key not in _BY_HAND:
                self._plain(key)
        self._sex_and_birth()
        self._paper()
        self._status()
        on = self._day()
        self._addresses(on)
        self._case(on)
        self._support()
        self._keep()
        self._finish()
        return self.out

    def problem(self, column: int, level: str, text: str) -> None:
        """Note a problem; a cell that stays empty is kept in words."""
        self.out.problems.append(CellProblem(column, level, text))
        if level == EMPTY and column >= 0:
            self._keep_cell(column)

    def _keep_cell(self, column: int) -> None:
        kept = (self.r.table.headings[column], text_of(self.row.cells[column]))
        if kept[1] and kept not in self.kept:
            self.kept.append(kept)

    def first(self, key: str) -> tuple[int, Cell]:
        """Column and content of the first filled cell of a target, or (-1, None)."""
        return self.cells[key][0] if self.cells.get(key) else (-1, None)

    def take(self, key: str, known: Field, column: int, cell: Cell) -> Any:
        """Read a cell; a problem is noted and ``None`` is the answer."""
        try:
            found = cells.read(known, cell, self.r.today)
        except Unreadable as problem:
            self.problem(column, EMPTY, str(problem))
            return None
        if found is None:
            return None
        if found.remark:
            self.problem(column, REMARK, found.remark)
        record, _dot, name = key.partition(".")
        self.where[record, name] = column
        return found.value

    # --- parts

    def _is_person(self) -> bool:
        if self.row.number in self.r.table.merged_titles:
            return False
        filled = [plain(text_of(cell)) for cell in self.row.cells if text_of(cell)]
        if not filled:
            return False
        if sum(text in self.r._headings for text in filled) * 2 > len(filled):  # noqa: SLF001
            return False  # the headings again, as at the top of each printed page
        name = plain(" ".join(text_of(cell) for _n, cell in self.cells.get(NAME, ())))
        if name:
            return not any(name == word or name.startswith(f"{word} ") for word in _NO_PERSON[:5])
        return len(filled) > 2 and not filled[0].startswith(_NO_PERSON)

    def _name(self) -> None:
        parts = [text_of(cell) for _column, cell in self.cells.get(NAME, ())]
        columns_of = self.r.mapping.columns_of(NAME)
        column = columns_of[0] if columns_of else -1
        name = " ".join(part for part in parts if part)
        if not name:
            self.problem(column, IMPOSSIBLE, _("There is no name."))
            return
        if in_old_font(name):
            text = _("Written in an old font (TCVN3 or VNI). Please convert the file to Unicode.")
            self.problem(column, IMPOSSIBLE, text)
        elif not any(c.isalpha() for c in name):
            self.problem(column, IMPOSSIBLE, _("This is no name."))
        if name.isupper():
            name = " ".join(part.capitalize() for part in name.split())
        self.out.name = name
        self.values["person"].update(role="main", name=name)
        self.where["person", "name"] = column

    def _plain(self, key: str) -> None:
        record, _dot, name = key.partition(".")
        known = self.r.field(key)
        column, cell = self.first(key)
        if known.kind is Kind.LONG_TEXT and len(self.cells[key]) > 1:
            cell = "\n".join(text_of(c) for _n, c in self.cells[key])
        value = self.take(key, known, column, cell)
        if value is not None:
            self.values[record][name] = value

    def _sex_and_birth(self) -> None:
        person = self.values["person"]
        birth = self.r.registry["person"]["birth"]
        for sex, word in (("male", "person.birth_male"), ("female", "person.birth_female")):
            column, cell = self.first(word)
            if cell is not None:
                person.setdefault("sex", sex)
                value = self.take("person.birth", birth, column, cell)
                if value is not None:
                    person.setdefault("birth", value)
        for sex in ("male", "female"):
            column, cell = self.first(f"person.sex_{sex}")
            if cell is not None and plain(text_of(cell)) not in {"0", "khong", "k", "no"}:
                if person.get("sex", sex) != sex:
                    self.problem(column, EMPTY, _("Both sexes are marked."))
                    person.pop("sex")
                else:
                    person["sex"] = sex
        if not text_of(self.first("person.citizenship")[1]) and self.r.mapping.citizenship:
            person["citizenship"] = self.r.mapping.citizenship
        column, cell = self.first("person.age")
        if cell is not None and "birth" not in person:
            self._age(column, cell)
        self.out.birth = person.get("birth", "")

    def _age(self, column: int, cell: Cell) -> None:
        digits = "".join(c for c in text_of(cell) if c.isascii() and c.isdigit())
        on = self._day()
        if not digits or not 0 <= int(digits[:4]) <= 110:
            self.problem(column, EMPTY, _("This is no age."))
        elif not on:
            text = _("The age says nothing without the day of reception.")
            self.problem(column, EMPTY, text)
        else:
            year = int(on[:4]) - int(digits)
            self.values["person"]["birth"] = f"{year}~"
            self.where["person", "birth"] = column
            text = _("Aged {age} in {then}: born about {year}.")
            self.problem(column, REMARK, text.format(age=digits, then=on[:4], year=year))

    def _paper(self) -> None:
        paper = self.values.get("identity_paper", {})
        column, cell = self.first("identity_paper.number")
        if cell is not None:
            number, kind, remark = cells.paper_number(cell)
            if not any(c.isdigit() for c in number) or len(number) > 60:
                self.problem(column, EMPTY, _("This is no number of a paper."))
                number = ""
            elif remark:
                self.problem(column, REMARK, remark)
            if number:
                self.values["identity_paper"].update(number=number, kind=kind, state="stated")
                self.out.papers = (plain(number).replace(" ", ""),)
        elif paper:
            paper.update(kind="other", state="stated")
        if text_of(self.first("person.phone")[1]):
            self._phone()

    def _phone(self) -> None:
        column, cell = self.first("person.phone")
        text = self.values["person"].get("phone", "")
        if isinstance(cell, int | float) and len(text) == 9 and text.isdigit():
            text = f"0{text}"
            self.values["person"]["phone"] = text
            words = _("The spreadsheet dropped the zero at the head; read as {number}.")
            self.problem(column, REMARK, words.format(number=text))

    def _status(self) -> None:
        status = self.values["status"]
        said = text_of(self.first("status.status")[1])
        if not said and self.r.mapping.status:
            status["status"] = self.r.mapping.status
        if not status.get("status"):
            for name in status:
                column = self.where.get(("status", name), -1)
                text = _("It is not said which status the person has, so this is only noted.")
                self.problem(column, EMPTY, text)
            status.clear()
        elif not status.get("since"):
            if status.get("paper_on"):
                status["since"] = status["paper_on"]
                text = _("The day of the paper is taken as the day since when it holds.")
                self.problem(self.where.get(("status", "paper_on"), -1), REMARK, text)
            else:
                text = _("The day since when the status holds is missing; please add it later.")
                self.problem(self.where.get(("status", "status"), -1), REMARK, text)

    def _day(self) -> str:
        """The day the row is about, as far as it says one: of reception, else of the status."""
        found = str(self.values.get("reception", {}).get("at") or "")[:10]
        status = self.values.get("status", {})
        return found or status.get("paper_on") or status.get("since") or ""

    def _addresses(self, on: str) -> None:
        for of in ("permanent", "current", "before", "return_to"):
            column, cell = self.first(f"address.{of}")
            names = ("line", "commune", "district", "province")
            texts = {
                n: ", ".join(text_of(c) for _n, c in self.cells.get(f"address.{of}.{n}", ()))
                for n in names
            }
            if cell is not None:
                whole = [text_of(cell)]
                # Parts beside a whole address complete it, unless it says them already.
                has = plain(whole[0])
                whole += [t for t in list(texts.values())[1:] if t and plain(t) not in has]
                place = self.r.places.read(", ".join(whole), on)
            elif any(texts.values()):
                column = next(
                    self.first(f"address.{of}.{n}")[0] for n in (*names[1:], "line")
                    if self.cells.get(f"address.{of}.{n}")
                )  # fmt: skip
                place = self.r.places.read_parts(Parts(*texts.values()), on)
            else:
                continue
            if place == Place():
                continue
            self._address(of, column, place, ", ".join(t for t in texts.values() if t))

    def _address(self, of: str, column: int, place: Place, _text: str) -> None:
        if in_old_font(place.line):
            text = _("Written in an old font (TCVN3 or VNI). Please convert the file to Unicode.")
            self.problem(column, EMPTY, text)
            return
        if place.remark:
            self.problem(column, REMARK, place.remark)
        known = {
            "unit": place.unit, "old_unit": place.old_unit, "line": place.line,
            "country": place.country,
        }  # fmt: skip
        record = f"address:{of}"
        self.values[record] = {"kind": of, **{n: v for n, v in known.items() if v}}
        self.where[record, "unit"] = self.where[record, "line"] = column

    def _case(self, on: str) -> None:
        case = self.values["case"]
        case["stage"] = "closed" if case.get("closed_on") else self.r.mapping.stage
        if on:
            case["opened_on"] = on
        if case["stage"] == "closed" and not case.get("closed_on"):
            end = self.r.mapping.closed_on
            # One who came later did not leave before.
            if end and end >= (on or self.r.today.isoformat()):
                case["closed_on"] = end
        if case["stage"] == "closed" and self.values["status"].get("status") == "in_process":
            text = _("The person is still being identified, but the case is taken in as closed.")
            self.problem(self.where.get(("status", "status"), -1), REMARK, text)
        column, cell = self.first("case.unit")
        if cell is not None:
            place = self.r.places.unit(text_of(cell), on)
            if place.unit:
                case["unit"] = place.unit
            else:
                self.problem(column, EMPTY, place.remark or _("No commune is recognised."))
        for name in ("old_number",):
            column, cell = self.first(f"case.{name}")
            if cell is not None:
                self._keep_cell(column)

    def _support(self) -> None:
        column, _cell = self.first("support.what")
        text = "; ".join(text_of(c) for _n, c in self.cells.get("support.what", ()))
        on_column, on_cell = self.first("support.on")
        day_field = self.r.registry["plan_item"]["done_on"]
        day = None
        if on_cell is not None:
            day = self.take("plan_item.done_on", day_field, on_column, on_cell)
        amount_column, amount_cell = self.first("support.amount")
        amount = None
        if amount_cell is not None:
            money = self.r.registry["payment"]["amount"]
            amount = self.take("payment.amount", money, amount_column, amount_cell)
        regimes = codes_in("regime", text) if text else []
        regime = regimes[0] if len(regimes) == 1 else None
        if amount is not None and amount > 0 and regime and day:
            self.values["payment"].update(regime=regime, amount=amount, paid_on=day)
        elif amount:
            words = _("It is not clear for which regime and when it was paid; it is only noted.")
            self.problem(amount_column, EMPTY, words)
        if text and in_old_font(text):
            words = _("Written in an old font (TCVN3 or VNI). Please convert the file to Unicode.")
            self.problem(column, EMPTY, words)
        elif text and plain(text) not in {"khong", "chua", "0", "x"}:
            if len(text) > 300:
                self._keep_cell(column)
                text = text[:297] + "…"
            item = {"what": text, "state": "given", "regime": regime, "done_on": day}
            self.values["plan_item"].update({n: v for n, v in item.items() if v})

    def _keep(self) -> None:
        for column, _cell in self.cells.get(NOTE, ()):
            self._keep_cell(column)
        head = _("Taken in from an old register: {file}, row {row}.")
        source = self.r.table.source
        if self.r.table.sheet:
            source = f"{source} ({self.r.table.sheet})"
        lines = [head.format(file=source, row=self.row.number)]
        lines += [f"{heading}: {text}" if heading else text for heading, text in self.kept]
        note = "\n".join(lines)
        self.values["note"] = {"at": moment(self.r.now), "text": note[:19_900]}

    # --- putting together

    def _finish(self) -> None:
        made = put_together(self.r.registry, self.values, self.person_id)
        self.out.problems += check(
            self.r.registry, made, self.where, self.r.today, self.out.problems
        )
        self.out.problems.sort(key=lambda p: p.column)
        self.out.edits = tuple(Edit(name.partition(":")[0], i, values) for name, i, values in made)
        self.out.key = digest(self._identity())
        taken = [text_of(self.row.cells[n]) for n, _k, _t in self.r._targets]  # noqa: SLF001
        self.out.digest = digest(taken)[:16]

    def _identity(self) -> list[str]:
        """What says who and when: an old file number if there is one, else birth, papers, day."""
        name = fold(self.out.name)
        old = plain(text_of(self.first("case.old_number")[1]))
        if old:
            return [name, old]
        return [name, self.out.birth, *self.out.papers, self._day()]


_BY_HAND = frozenset(
    {NAME, "person.sex_male", "person.sex_female", "person.birth_male", "person.birth_female",
     "person.age", "identity_paper.number", "case.old_number", "case.unit"}
)  # fmt: skip
STATES: Mapping[str, str] = {
    "ready": N_("Will be taken in"),
    "twin": N_("May have a case already"),
    "impossible": N_("Cannot be taken in yet"),
    "known": N_("Taken in before"),
    "changed": N_("Taken in before, changed since"),
    "no_person": N_("No person"),
}
