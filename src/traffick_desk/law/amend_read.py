"""Read amendments (see ``law.amend``): entry by entry, each strictly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from traffick_desk.i18n import _
from traffick_desk.law.amend import (
    AddLevel,
    Amended,
    Amendments,
    Change,
    EndLevel,
    SetAmount,
    SetParameter,
    Unfit,
    apply,
)
from traffick_desk.law.draft import Draft, named, read_cite, read_mark
from traffick_desk.law.entries import Year, read_instrument, read_value, read_year
from traffick_desk.law.reader import PackError, Reader, decode, parse
from traffick_desk.law.tables import read_amount, read_level

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from traffick_desk.law.pack import Instrument, Level, Pack

T = TypeVar("T")
FILE = "amendments.yaml"
# Ids that a province gives begin so: no national pack will ever have the same.
OWN_IDS = "P-"
# Much more than a province will ever say; less than what would hurt a small PC.
MAX_TEXT = 200_000


def amend(pack: Pack, text: str) -> Amended:
    """*pack* with the amendments in *text*.

    Raises:
        PackError: the text as a whole cannot be read.
    """
    found = read_amendments(text, pack)
    return apply(pack, found)


def read_text(path: Path) -> str:
    """The text of a file of amendments.

    Raises:
        PackError: it is not UTF-8.
        OSError: it cannot be read.
    """
    return decode(path.read_bytes(), path.name)


def read_amendments(text: str, pack: Pack) -> Amendments:
    """Read amendments; entries that do not fit *pack* are listed, the others are kept.

    Raises:
        PackError: it is no such text, or its head is wrong.
    """
    if len(text) > MAX_TEXT:
        raise PackError(_("this text is too long"), FILE)
    root = parse(text, FILE)
    root.get("kind").choice("amendments")
    made_on = root.get("made_on").day()
    reading = _Reading(pack, made_on)
    found = Amendments(
        number=root.get("number").whole(1),
        made_on=made_on,
        note=root.maybe("note", Reader.text) or "",
        instruments=tuple(reading.each(root, "instruments", reading.instrument)),
        changes=tuple(reading.each(root, "changes", reading.change)),
        years=tuple(reading.each(root, "years", reading.year)),
        forms=dict(reading.each(root, "forms", reading.form)),
        sha256=hashlib.sha256(canonical(root)).hexdigest(),
        unfit=(),
    )
    try:
        root.done()
    except PackError as error:
        # A newer program may know more; what this one knows holds all the same.
        reading.leave_out(root, error)
    return replace(found, unfit=tuple(reading.unfit))


def canonical(root: Reader) -> bytes:
    """The content as bytes that do not depend on how the YAML is written."""
    return json.dumps(
        root.plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


class _Reading:
    """Reads entry by entry; what is wrong with one is kept beside the others."""

    def __init__(self, pack: Pack, made_on: date) -> None:
        self.pack = pack
        self.unfit: list[Unfit] = []
        self.years: set[int] = set()
        self.draft = Draft(
            units=dict(pack.units),
            last_checked=made_on,
            instruments=dict(pack.instruments),
            questions=dict(pack.questions),
            parameters=dict(pack.parameters),
            clocks=dict(pack.clocks),
            provinces=dict(pack.provinces),
            ids={*pack.instruments, *pack.questions, *(level.id for level in pack.levels)},
        )

    def each(self, root: Reader, key: str, read: Callable[[Reader], T]) -> list[T]:
        listed = root.find(key)
        found: list[T] = []
        for entry in listed.items() if listed else ():
            try:
                found.append(read(entry))
            except PackError as error:
                self.leave_out(entry, error)
        return found

    def leave_out(self, entry: Reader, error: PackError) -> None:
        self.unfit.append(Unfit(error.problem, error.line or entry.line))

    def instrument(self, entry: Reader) -> Instrument:
        found = read_instrument(self.draft, entry)
        _own(found.id, entry)
        self.draft.instruments[found.id] = found
        return found

    def year(self, entry: Reader) -> Year:
        found = read_year(self.draft, entry)
        if found.year in self.years:
            raise entry.fail(_("the year {year} is given twice").format(year=found.year))
        self.years.add(found.year)
        return found

    def form(self, entry: Reader) -> tuple[str, str]:
        found = entry.get("key").text(), entry.get("text").text()
        entry.done()
        return found

    def change(self, entry: Reader) -> Change:
        kinds: dict[str, Callable[[Reader], Change]] = {
            "level": self._amount,
            "end": self._end,
            "add": self._add,
            "parameter": self._parameter,
        }
        given = [kind for kind in kinds if kind in entry.fields()]
        if len(given) != 1:
            raise entry.fail(
                _("a change names exactly one of: {kinds}").format(kinds=", ".join(kinds))
            )
        found = kinds[given[0]](entry)
        entry.done()
        return found

    def _amount(self, entry: Reader) -> SetAmount:
        level = self._level(entry.get("level"))
        unit = entry.maybe("unit", lambda at: named(at, self.draft.units))
        mark = read_mark(entry)
        return SetAmount(
            level=level.id,
            since=entry.get("from").day(),
            amount=read_amount(self.draft, entry.get("amount"), unit or level.unit, mark),
            unit=unit,
            cite=read_cite(self.draft, entry),
            mark=mark,
            note=entry.maybe("note", Reader.words),
            line=entry.line,
        )

    def _end(self, entry: Reader) -> EndLevel:
        level = self._level(entry.get("end"))
        return EndLevel(level.id, entry.get("from").day(), read_cite(self.draft, entry), entry.line)

    def _add(self, entry: Reader) -> AddLevel:
        at = entry.get("add")
        matrix = self.pack.matrices[named(at.get("law"), self.pack.matrices)]
        self.draft.clocks_named.clear()
        level = read_level(self.draft, at, matrix)
        _own(level.id, at)
        if level.valid.start is None:
            raise at.get("valid").fail(_("the key “{key}” is missing").format(key="from"))
        for name, clock in self.draft.clocks_named:
            if name not in self.pack.clocks:
                raise clock.fail(_("the clock “{name}” does not exist").format(name=name))
        return AddLevel(replace(level, amended=True), entry.line)

    def _parameter(self, entry: Reader) -> SetParameter:
        name = named(entry.get("parameter"), self.pack.parameters)
        value = read_value(self.draft, entry.get("value"))
        if value.valid.start is None:
            raise entry.fail(_("the key “{key}” is missing").format(key="from"))
        if value.valid.end is not None:
            raise entry.fail(_("a reference amount holds until another is set; leave out “to”"))
        return SetParameter(name, value, entry.line)

    def _level(self, at: Reader) -> Level:
        levels = {level.id: level for level in self.pack.levels}
        return levels[named(at, levels)]


def _own(name: str, entry: Reader) -> None:
    if not name.startswith(OWN_IDS):
        raise entry.fail(
            _("“{name}”: what a province adds has an id that begins with {prefix}").format(
                name=name, prefix=OWN_IDS
            )
        )
