"""Load a rule pack: strict, with file and line for everything that is wrong."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from traffick_desk import resources
from traffick_desk.i18n import _
from traffick_desk.law.caps import SCHOOL_YEARS
from traffick_desk.law.conditions import LATE_CLOCK, TURNING_18
from traffick_desk.law.draft import (
    Draft,
    named,
    new_id,
    read_cite,
    read_mark,
    read_questions,
    read_span,
)
from traffick_desk.law.entries import Year, read_instrument, read_value, read_year, with_years
from traffick_desk.law.evaluator import COUNTING_DAYS
from traffick_desk.law.facts import Facts, FactsError
from traffick_desk.law.levels import NO_AMOUNTS, NO_CIRCULAR_YET
from traffick_desk.law.pack import (
    Calendar,
    ClockRule,
    Example,
    Level,
    Mark,
    Pack,
    Parameter,
    ParameterValue,
    Province,
    Question,
    Target,
    YearDay,
)
from traffick_desk.law.reader import PackError, Reader, decode, parse
from traffick_desk.law.tables import contradict, read_levels, read_matrix
from traffick_desk.law.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS_OF_TIME = ("instant", "d", "wd", "h", "months", "years", "NF")


# The order in which kinds are read, so that what is cited is already there.
KINDS = (
    "pack",
    "instruments",
    "questions",
    "provinces",
    "calendar",
    "parameters",
    "clocks",
    "matrix",
    "levels",
    "targets",
    "examples",
)


def load_pack(folder: Path | None = None) -> Pack:
    """The rules in *folder* (by default those that the program ships, read once a process).

    Raises:
        PackError: something in it is wrong; the text names file and line.
    """
    return _shipped() if folder is None else _in_folder(folder)


@lru_cache(maxsize=1)
def _shipped() -> Pack:
    # An update replaces the program as a whole, so these never change under a running desk.
    return _in_folder(resources.path("rules"))


def _in_folder(folder: Path) -> Pack:
    return pack_from_texts(
        {path.name: decode(path.read_bytes(), path.name) for path in sorted(folder.glob("*.yaml"))}
    )


def pack_from_texts(files: Mapping[str, str]) -> Pack:
    """The rules in *files* (name → YAML text).

    Raises:
        PackError: something in it is wrong; the text names file and line.
    """
    return build({name: parse(files[name], name) for name in sorted(files)})


def build(roots: Mapping[str, Reader]) -> Pack:
    """The rules in *roots* (file name → what was parsed, not read yet).

    The worked examples are no part of the hash: they are no rules.

    Raises:
        PackError: something in it is wrong; the text names file and line.
    """
    readers: list[tuple[int, str, Reader]] = []
    for name in sorted(roots):
        kind = roots[name].get("kind").choice(*KINDS)
        readers.append((KINDS.index(kind), name, roots[name]))
    draft = Draft()
    for order, _name, root in sorted(readers, key=lambda entry: entry[:2]):
        _SECTIONS[KINDS[order]](draft, root)
        root.done()
    if draft.head is None:
        raise PackError(_("no file of the kind “pack” is there"), "pack.yaml")
    canonical = json.dumps(
        {name: root.plain() for order, name, root in readers if KINDS[order] != "examples"},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return _finish(draft, draft.head, hashlib.sha256(canonical.encode()).hexdigest())


def _finish(draft: Draft, head: Reader, digest: str) -> Pack:
    for key in ("L53", "L66"):
        if key not in draft.matrices:
            raise head.fail(_("the matrix of {law} is missing").format(law=key))
    if draft.matrices["L66"].transition is None:
        raise head.fail(_("the transitional rule (Art. 63) is missing"))
    if draft.calendar is None:
        raise head.fail(_("no file of the kind “calendar” is there"))
    # The evaluator names these by itself.
    for name in (NO_AMOUNTS, NO_CIRCULAR_YET, TURNING_18, COUNTING_DAYS, SCHOOL_YEARS):
        if name not in draft.questions:
            raise head.fail(_("“{name}” is not defined in this pack").format(name=name))
    for name, at in [*draft.clocks_named, (LATE_CLOCK, head)]:
        if name not in draft.clocks:
            raise at.fail(_("the clock “{name}” does not exist").format(name=name))
    _check_overlaps(draft.levels)
    grouped: dict[tuple[str, str], list[Level]] = defaultdict(list)
    for level, _at in draft.levels:
        grouped[level.law, level.regime].append(level)
    return Pack(
        id=head.get("id").text(),
        version=head.get("version").text(),
        title=head.get("title").words(),
        last_checked=head.get("last_checked").day(),
        sha256=digest,
        units=draft.units,
        instruments=draft.instruments,
        questions=draft.questions,
        matrices=draft.matrices,
        levels=tuple(level for level, _at in draft.levels),
        parameters=draft.parameters,
        clocks=draft.clocks,
        targets=tuple(draft.targets),
        days=tuple(draft.days),
        provinces=draft.provinces,
        calendar=draft.calendar,
        examples=tuple(draft.examples),
        by_regime={key: tuple(levels) for key, levels in grouped.items()},
    )


def _check_overlaps(levels: list[tuple[Level, Reader]]) -> None:
    for (one, _at), (two, at) in itertools.combinations(levels, 2):
        if contradict(one, two):
            raise at.fail(
                _("the dates of “{one}” and “{two}” overlap").format(one=one.id, two=two.id)
            )


# sections


def _pack(draft: Draft, root: Reader) -> None:
    if draft.head is not None:
        raise root.fail(_("there are two files of the kind “pack”"))
    draft.head = root
    for key in ("id", "version", "title"):
        root.get(key)
    draft.last_checked = root.get("last_checked").day()
    draft.units = {name: text.words() for name, text in root.get("units").pairs()}


def _instruments(draft: Draft, root: Reader) -> None:
    for entry in root.get("instruments").items():
        instrument = read_instrument(draft, entry)
        draft.instruments[instrument.id] = instrument


def _question_list(draft: Draft, root: Reader) -> None:
    for entry in root.get("questions").items():
        name = new_id(draft, entry)
        draft.questions[name] = Question(name, Text(entry.get("vi").text(), entry.get("en").text()))
        entry.done()


def _provinces(draft: Draft, root: Reader) -> None:
    for entry in root.get("provinces").items():
        name = new_id(draft, entry)
        draft.provinces[name] = Province(
            id=name,
            name=entry.get("name").words(),
            aliases=entry.maybe("aliases", Reader.texts) or (),
            merged_into=entry.maybe("merged_into", Reader.text),
        )
        entry.done()


def _calendar(draft: Draft, root: Reader) -> None:
    if draft.calendar is not None:
        raise root.fail(_("there are two files of the kind “calendar”"))
    weekend = frozenset(
        _WEEKDAYS.index(day.choice(*_WEEKDAYS)) for day in root.get("weekend").items()
    )
    if len(weekend) == len(_WEEKDAYS):
        raise root.fail(_("a week needs a working day"))
    years: dict[int, Year] = {}
    for entry in root.get("years").items():
        year = read_year(draft, entry)
        if year.year in years:
            raise entry.fail(_("the year {year} is given twice").format(year=year.year))
        years[year.year] = year
    draft.calendar = with_years(Calendar(weekend, *(frozenset() for _ in range(3))), years.values())


def _parameters(draft: Draft, root: Reader) -> None:
    for entry in root.get("parameters").items():
        name = new_id(draft, entry)
        values: list[ParameterValue] = []
        for item in entry.get("values").items():
            value = read_value(draft, item)
            if any(value.valid.overlaps(other.valid) for other in values):
                raise item.fail(_("the dates of two values of “{name}” overlap").format(name=name))
            values.append(value)
        draft.parameters[name] = Parameter(
            id=name,
            label=entry.get("label").words(),
            unit=named(entry.get("unit"), draft.units),
            values=tuple(values),
            questions=read_questions(draft, entry),
        )
        entry.done()


def _clocks(draft: Draft, root: Reader) -> None:
    for entry in root.get("clocks").items():
        name = new_id(draft, entry)
        limit = entry.get("limit")
        unit = limit.get("unit").choice(*_UNITS_OF_TIME)
        value = limit.maybe("value", lambda at: at.whole(1))
        limit.done()
        if (value is None) != (unit in {"instant", "NF"}):
            raise limit.fail(_("a limit needs a value, except “instant” and NF"))
        mark = read_mark(entry)
        if (mark is Mark.NOT_FOUND) != (unit == "NF"):
            raise limit.fail(_("what was not found (NF) cannot have a number"))
        start_rule = entry.find("count_from")
        draft.clocks[name] = ClockRule(
            id=name,
            label=entry.get("label").words(),
            start=entry.get("start").text(),
            stop=entry.get("stop").text(),
            unless=entry.maybe("unless", Reader.text),
            only_if=entry.maybe("only_if", Reader.text),
            extended_by=entry.maybe("extended_by", lambda at: at.choice("extension")),
            unit=unit,
            value=value,
            starts_next_day=start_rule is None
            or start_rule.choice("next_day", "same_day") == "next_day",
            body=entry.get("body").words(),
            todo=entry.get("todo").words(),
            law=entry.maybe("law", lambda at: at.choice("L53", "L66")),
            always_listed=entry.get("listed").choice("always", "when_started") == "always",
            valid=read_span(entry.get("valid")),
            cite=read_cite(draft, entry),
            mark=mark,
            questions=read_questions(draft, entry),
        )
        entry.done()


def _targets(draft: Draft, root: Reader) -> None:
    for entry in root.get("targets").items():
        name = new_id(draft, entry)
        percent = entry.get("percent")
        mark = read_mark(entry)
        if (mark is Mark.NOT_FOUND) != (percent.text() == "NF"):
            raise percent.fail(_("what was not found (NF) cannot have a number"))
        draft.targets.append(
            Target(
                id=name,
                label=entry.get("label").words(),
                percent=None if mark is Mark.NOT_FOUND else percent.whole(1),
                comparison=entry.maybe("comparison", lambda item: item.choice("equal", "above")),
                valid=read_span(entry.get("valid")),
                cite=read_cite(draft, entry),
                mark=mark,
                questions=read_questions(draft, entry),
            )
        )
        entry.done()
    days = root.find("days")
    for entry in days.items() if days else ():
        draft.days.append(
            YearDay(
                id=new_id(draft, entry),
                label=entry.get("label").words(),
                month=entry.get("month").whole(1),
                day=entry.get("day").whole(1),
                valid=read_span(entry.get("valid")),
                cite=read_cite(draft, entry),
                mark=read_mark(entry),
            )
        )
        entry.done()


def _examples(draft: Draft, root: Reader) -> None:
    for entry in root.get("examples").items():
        name = new_id(draft, entry)
        label = entry.get("label").words()
        at = entry.get("facts")
        try:
            facts = Facts.from_json(at.values())
        except FactsError as error:
            raise at.fail(
                _("“{key}”: {problem}").format(key=error.key, problem=error.problem)
            ) from error
        draft.examples.append(Example(name, label, facts))
        entry.done()


_SECTIONS = {
    "pack": _pack,
    "instruments": _instruments,
    "questions": _question_list,
    "provinces": _provinces,
    "calendar": _calendar,
    "parameters": _parameters,
    "clocks": _clocks,
    "matrix": read_matrix,
    "levels": read_levels,
    "targets": _targets,
    "examples": _examples,
}
