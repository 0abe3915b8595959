"""What amendments change, in words, and whose result follows; for who signs and who receives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _
from traffick_desk.law.amend import AddLevel, Amended, EndLevel, SetAmount, since_of
from traffick_desk.law.assessment import amount_words
from traffick_desk.law.diff import Change, Comparison, Moved, differences
from traffick_desk.law.evaluator import evaluate
from traffick_desk.law.words import money, say, spell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from traffick_desk.law import amend
    from traffick_desk.law.entries import Year
    from traffick_desk.law.pack import Amount, Level, Pack


def compare_amended(was: Pack, amended: Amended) -> Comparison:
    """What *amended* changes, and the results of the worked examples that differ from *was*.

    *was* may be the national rules or those with earlier amendments. An example is worked out on
    its own day and on each later day from which a change holds.
    """
    return Comparison(amended_changes(amended), tuple(_results(was, amended)))


def amended_changes(amended: Amended) -> tuple[Change, ...]:
    """What *amended* changes in the national rules, in words."""
    national = {level.id: level for level in amended.national.levels}
    found = amended.amendments
    changes = [
        Change(str(say(N_("Instrument: {name}, {title}"), name=i.name, title=i.title)), None, ())
        for i in found.instruments
    ]
    changes += [_words(change, national, amended) for change in found.changes]
    changes += [_year(year) for year in found.years]
    changes += [Change(_("Form: {key}").format(key=key), None, ()) for key in sorted(found.forms)]
    return tuple(changes)


def _results(was: Pack, amended: Amended) -> Iterator[Moved]:
    days = sorted({since_of(change) for change in amended.amendments.changes})
    for example in amended.pack.examples:
        seen: set[str] = set()
        own = example.facts.as_of
        for day in (own, *(day for day in days if day > own)):
            facts = replace(example.facts, as_of=day)
            for text in differences(evaluate(facts, was), evaluate(facts, amended.pack)):
                if text not in seen:
                    seen.add(text)
                    who = say(
                        N_("{example} ({label}), on {day}"),
                        example=example.id,
                        label=example.label,
                        day=spell(day),
                    )
                    yield Moved(str(who), text)


def _words(change: amend.Change, national: dict[str, Level], amended: Amended) -> Change:
    pack, since = amended.pack, since_of(change)
    if isinstance(change, SetAmount):
        level = national[change.level]
        words = say(
            N_("{what}: {before} → {after}"),
            what=level_name(level, pack),
            before=level_amount(level, pack),
            after=_amount(change.amount, change.unit or level.unit, pack),
        )
        return Change(str(words), since, change.cite)
    if isinstance(change, EndLevel):
        words = say(
            N_("{what} ends: {before} is not given any more"),
            what=level_name(national[change.level], pack),
            before=level_amount(national[change.level], pack),
        )
        return Change(str(words), since, change.cite)
    if isinstance(change, AddLevel):
        words = say(
            N_("New: {what}: {after}"),
            what=level_name(change.level, pack),
            after=level_amount(change.level, pack),
        )
        return Change(str(words), since, change.level.cite)
    parameter = amended.national.parameters[change.parameter]
    before = parameter.on(since)
    words = say(
        N_("{what}: {before} → {after}"),
        what=parameter.label,
        before=money(before.vnd) if before else _("nothing"),
        after=money(change.value.vnd),
    )
    return Change(str(words), since, change.value.cite)


def _year(year: Year) -> Change:
    words = (
        N_("Calendar {year}, complete; holidays: {off}, working days instead: {on}")
        if year.complete
        else N_("Calendar {year}, not complete; holidays: {off}, working days instead: {on}")
    )
    text = say(words, year=str(year.year), off=len(year.holidays), on=len(year.working))
    return Change(str(text), None, ())


def level_name(level: Level, pack: Pack) -> str:
    """The level with its law, letter and, where it has one, its province."""
    matrix = pack.matrices[level.law]
    letter = level.regime if level.regime in matrix.regimes else "–"
    name = f"{pack.instruments[level.law].name} ({letter}) {level.label}"
    if level.province is None:
        return name
    return f"{name}, {pack.provinces[level.province].name}"


def level_amount(level: Level, pack: Pack) -> str:
    """What the level gives, in words; a formula by its words."""
    return _amount(level.amount, level.unit, pack)


def _amount(amount: Amount, unit: str | None, pack: Pack) -> str:
    return amount_words(amount, pack.units.get(unit or ""), once=unit == "once")
