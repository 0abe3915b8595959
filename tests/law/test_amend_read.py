"""Amendments: what stands in the text is what is read, and what becomes of the rules, entry by entry."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from law import test_pack as written
from law.test_amend import CITE, EVERYTHING, HEAD, MEAL, REST, level, text
from law.test_amend_schema import FULL
from traffick_desk.law import PackError, amend, compare_amended, read_text
from traffick_desk.law.amend import AddLevel, EndLevel, SetAmount
from traffick_desk.law.amend_read import MAX_TEXT, canonical, read_amendments
from traffick_desk.law.pack import Code, Mark
from traffick_desk.law.reader import parse

if TYPE_CHECKING:
    from traffick_desk.law import Pack
    from traffick_desk.law.amend import Amendments, Change

ONE_DAY = timedelta(days=1)


def cite(found: Any) -> list[Any]:
    return [
        written.table(
            instrument=part.instrument.id,
            chapter=part.chapter,
            article=part.article,
            clause=part.clause,
            point=part.point,
            sources=list(part.sources),
            last_checked=written.day(part.last_checked),
        )
        for part in found
    ]


def change(of: Change, pack: Pack) -> dict[str, Any]:
    if isinstance(of, SetAmount):
        return written.table(
            **{"level": of.level, "from": written.day(of.since)},
            amount=written.amount(of.amount),
            unit=of.unit,
            cite=cite(of.cite),
            mark=str(of.mark),
            note=written.words(of.note),
        )
    if isinstance(of, EndLevel):
        return {"end": of.level, "from": written.day(of.since), "cite": cite(of.cite)}
    if isinstance(of, AddLevel):
        assert of.level.amended
        plain = written.level(replace(of.level, amended=False, cite=()), pack)
        return {"add": {**plain, "law": of.level.law, "cite": cite(of.level.cite)}}
    value = written.table(
        vnd=str(of.value.vnd),
        at_least=written.flag(of.value.at_least),
        valid=written.span(of.value.valid),
        cite=cite(of.value.cite),
        mark=str(of.value.mark),
        note=written.words(of.value.note),
    )
    return {"parameter": of.parameter, "value": value}


def back(of: Amendments, pack: Pack) -> dict[str, Any]:
    """What was read, as the text has it."""
    return written.table(
        kind="amendments",
        number=str(of.number),
        made_on=written.day(of.made_on),
        note=of.note or None,
        instruments=[
            written.table(
                id=one.id,
                name=written.words(one.name),
                title=written.words(one.title),
                issued=written.day(one.issued),
                valid=written.span(one.valid),
                status=one.status,
                mark=str(one.mark),
                sources=list(one.sources),
                note=written.words(one.note),
            )
            for one in of.instruments
        ],
        changes=[change(one, pack) for one in of.changes],
        years=[
            written.table(
                year=str(one.year),
                complete=written.flag(one.complete),
                holidays=sorted(str(found) for found in one.holidays),
                working_days=sorted(str(found) for found in one.working),
            )
            for one in of.years
        ],
        forms=[{"key": key, "text": found} for key, found in of.forms.items()],
    )


@pytest.mark.parametrize("said", [FULL, text(EVERYTHING, REST)], ids=["every key", "few"])
def test_what_is_read_is_what_the_text_says(pack, said) -> None:
    found = read_amendments(said, pack)
    expected = written.as_read(yaml.load(said, yaml.BaseLoader))

    def dated(part: Any) -> Any:
        """A citation without a day of its own was checked when the text was made."""
        if isinstance(part, list):
            return [dated(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "instrument" in part:
            return {"last_checked": expected["made_on"], **part}
        return {key: dated(one) for key, one in part.items()}

    assert back(found, pack) == dated(expected)
    assert found.unfit == ()


def test_the_lines_are_those_of_the_entries(pack) -> None:
    said = text(EVERYTHING, REST)
    lines = said.split("\n")
    above = lines.index("changes:")
    starts = [n for n, line in enumerate(lines, 1) if line.startswith("  - ") and n > above]
    found = read_amendments(said, pack).changes
    assert [one.line for one in found] == starts[: len(found)]


def test_the_digest_is_that_of_the_content_alone(pack) -> None:
    """It is kept with decisions, so it must come out the same in every version of the program."""
    assert canonical(parse("b: [1, ớ]\na: {c: 'x', b: 2}", "x")) == (
        '{"a":{"b":"2","c":"x"},"b":["1","ớ"]}'.encode()
    )
    said = read_amendments(FULL, pack)
    plain = json.dumps(
        yaml.load(FULL, yaml.BaseLoader),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    assert said.sha256 == hashlib.sha256(plain.encode()).hexdigest()
    assert read_amendments(f"# remark\n{FULL}", pack).sha256 == said.sha256
    both = f"{pack.sha256}:{said.sha256}".encode()
    assert amend(pack, FULL).pack.sha256 == hashlib.sha256(both).hexdigest()


def test_a_text_may_be_long_but_not_endless(pack) -> None:
    said = text(MEAL)
    assert read_amendments(said + "#" * (MAX_TEXT - len(said)), pack).unfit == ()
    with pytest.raises(PackError) as caught:
        read_amendments(said + "#" * (MAX_TEXT - len(said) + 1), pack)
    assert str(caught.value) == (
        "The rules were not loaded. amendments.yaml: this text is too long"
    )


def test_a_text_that_cannot_be_read_is_named(pack, tmp_path) -> None:
    with pytest.raises(PackError) as caught:
        amend(pack, "kind: amendments\nnumber: 1\nmade_on: soon")
    assert (caught.value.file, caught.value.line) == ("amendments.yaml", 3)
    file = tmp_path / "sửa.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PackError, match=r"sửa\.yaml: this file is not text in UTF-8"):
        read_text(file)


# What becomes of the rules


def test_the_level_before_keeps_all_but_its_last_day(pack) -> None:
    said = f"""
  - level: O-meal-2013
    from: 2015-01-01
    amount: {{vnd: 30000}}
    unit: once
    {CITE}
    mark: T*
    note: {{vi: một, en: one}}
"""
    found = amend(pack, text(said)).pack
    national = level(pack, "O-meal-2013")
    before, after = level(found, "O-meal-2013"), level(found, "O-meal-2013@2015-01-01")
    ended = replace(national.valid, end=date(2014, 12, 31))
    assert before == replace(national, valid=ended)
    assert after == replace(
        national,
        id="O-meal-2013@2015-01-01",
        amount=after.amount,
        unit="once",
        valid=replace(national.valid, start=date(2015, 1, 1)),
        cite=after.cite,
        mark=Mark.TEXT_CHECK,
        note=after.note,
        amended=True,
    )
    assert (after.amount.code, after.amount.vnd) == (Code.VND, 30_000)
    assert [str(one) for one in after.cite] == ["Art. 5(1) Circular 120/2026/TT-BTC (on paper)"]
    assert str(after.note) == "one"
    # Nothing else moved, and the regime lists both in the place of the one.
    place = pack.levels.index(national)
    assert found.levels == (*pack.levels[:place], before, after, *pack.levels[place + 1 :])
    listed = pack.by_regime["L66", "a"]
    at = listed.index(national)
    assert found.by_regime["L66", "a"] == (*listed[:at], before, after, *listed[at + 1 :])
    assert {key: of for key, of in found.by_regime.items() if key != ("L66", "a")} == {
        key: of for key, of in pack.by_regime.items() if key != ("L66", "a")
    }


def test_from_its_first_day_on_the_level_is_replaced(pack) -> None:
    found = amend(pack, text(MEAL.replace("2026-10-01", "2025-07-01")))
    pieces = [one for one in found.pack.levels if one.id.startswith("N-a-meal")]
    assert [one.id for one in pieces] == ["N-a-meal@2025-07-01"]
    assert pieces[0].unit == "person-day"
    place = pack.levels.index(level(pack, "N-a-meal"))
    rest = pack.levels[:place], pack.levels[place + 1 :]
    assert found.pack.levels == (*rest[0], pieces[0], *rest[1])
    ends = f"\n  - end: N-a-meal\n    from: 2025-07-01\n    {CITE}\n"
    found = amend(pack, text(ends))
    assert found.pack.levels == rest[0] + rest[1]


def test_what_the_rules_keep_of_the_province_beside_the_levels(pack) -> None:
    found = amend(pack, text(EVERYTHING, REST))
    assert found.national is pack
    assert found.pack.instruments.keys() - pack.instruments.keys() == {"P-C120"}
    assert found.pack.instruments["P-C120"] is found.amendments.instruments[0]
    assert level(found.pack, "P-clothes").amended
    assert level(found.pack, "N-a-meal@2026-10-01").amended
    assert not level(found.pack, "N-a-meal").amended
    assert found.pack.version == f"{pack.version}+3"
    assert found.pack.calendar.complete == pack.calendar.complete | {2026}


@pytest.mark.parametrize(
    ("since", "values"),
    [
        ("2024-06-30", [(360_000, "2021-07-01", "2024-06-29"), (1, "2024-06-30", None)]),
        ("2024-07-01", [(360_000, "2021-07-01", "2024-06-30"), (1, "2024-07-01", None)]),
        ("2024-07-02", [(360_000, "2021-07-01", "2024-06-30"), (500_000, "2024-07-01", "2024-07-01"),
                        (1, "2024-07-02", None)]),
        ("2021-07-01", [(1, "2021-07-01", None)]),
    ],
)  # fmt: skip
def test_a_reference_amount_ends_the_day_before_the_next(pack, since, values) -> None:
    said = f"""
  - parameter: sa-standard
    value: {{vnd: 1, valid: {{from: {since}}}, {CITE}, mark: T}}
"""
    found = amend(pack, text(said)).pack.parameters["sa-standard"]
    listed = [(one.vnd, written.day(one.valid.start), written.day(one.valid.end)) for one in found.values]  # fmt: skip
    assert listed == values


def test_a_year_takes_the_place_of_what_the_national_calendar_has_of_it(pack) -> None:
    days = frozenset({date(2025, 9, 2), date(2026, 9, 2)})
    calendar = replace(pack.calendar, holidays=days, working=days, complete=frozenset({2025, 2026}))
    said = YEAR.replace("2026-09-02", "2026-09-01").replace("year: 2026,", "year: 2026, working_days: "
        f"[{{day: 2026-08-29, {CITE}}}],")  # fmt: skip
    found = amend(replace(pack, calendar=calendar), text(rest=said)).pack.calendar
    assert found.holidays == {date(2025, 9, 2), date(2026, 9, 1)}
    assert found.working == {date(2025, 9, 2), date(2026, 8, 29)}
    assert found.complete == {2025}  # it does not say that the year is complete
    assert found.weekend == calendar.weekend


# What is left out: why, word for word, and its line

ADD = f"""
  - add: {{id: P-m, law: L53, regime: a, need: shoes, label: {{vi: a, en: a}}, amount: {{vnd: 1}},
      unit: once, valid: {{from: 2026-01-01}}, {CITE}, mark: T}}
"""
SET = f"""
  - parameter: sa-standard
    value: {{vnd: 1, valid: {{from: 2027-01-01}}, {CITE}, mark: T}}
"""
YEAR = f"years:\n  - {{year: 2026, holidays: [{{day: 2026-09-02, {CITE}}}]}}\n"
LEFT_OUT = [
    (MEAL, "level: N-a-meal", "level: N-a-gone", "“N-a-gone” is not defined in this pack", 0),
    (MEAL, "from: 2026-10-01", "from: 2025-06-30", "“N-a-meal” is not in force on 30/06/2025", -1),
    (MEAL, "from: 2026-10-01", "from: soon", "a date written YYYY-MM-DD is expected, not “soon”", 0),
    (MEAL, "mark: T", "mark: T\n    unit: moon", "“moon” is not defined in this pack", 1),
    (MEAL, "mark: T", "mark: T\n    more: x", "the key “more” is not known here", 1),
    (MEAL, "vnd: 70000", "vnd: many", "a whole number of at least 1 is expected, not “many”", 0),
    (MEAL, "level: N-a-meal", "end: N-c\n    level: N-a-meal", "a change names exactly one of: level, end, add, parameter", 0),
    (ADD, "id: P-m", "id: m", "“m”: what a province adds has an id that begins with P-", 0),
    (ADD, "id: P-m", "id: N-c", "the id “N-c” is given twice", 0),
    (ADD, "law: L53", "law: L54", "“L54” is not defined in this pack", 0),
    (ADD, "need: shoes", "need: meal", "the dates of “N-a-meal” and “P-m” overlap", 0),
    (ADD, "{from: 2026-01-01}", "{to: 2026-01-01}", "the key “from” is missing", 0),
    (ADD, "unit: once", "unit: once, cap: {days: 1, clock: CLK-99}", "the clock “CLK-99” does not exist", 0),
    (SET, "parameter: sa-standard", "parameter: gold", "“gold” is not defined in this pack", 0),
    (SET, "{from: 2027-01-01}", "{}", "the key “from” is missing", -1),
    (SET, "{from: 2027-01-01}", "{from: 2027-01-01, to: 2027-01-02}", "a reference amount holds until another is set; leave out “to”", -1),
    (SET, "mark: T", "mark: NF", "what was not found (NF) cannot have a number", 0),
    ("\n  - end: O-HG-meal\n    from: 2025-07-01\n", "from: 2025-07-01\n", "from: 2025-07-01", "a citation (cite) is missing", -1),
    (f"\n  - end: O-HG-meal\n    from: 2025-07-01\n    {CITE}\n", "2025-07-01", "2015-07-01", "“O-HG-meal” is not in force on 01/07/2015", -1),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "old", "new", "problem", "lines"), LEFT_OUT)
def test_what_is_left_out_is_told_with_its_line(pack, entry, old, new, problem, lines) -> None:
    good = text(MEAL.replace("N-a-meal", "N-c"))
    assert old in entry
    above = good + entry[: entry.index(old)].lstrip("\n")
    found = amend(pack, good + entry.replace(old, new, 1).lstrip("\n"))
    line = above.count("\n") + 1 + lines
    assert [(one.problem, one.line) for one in found.unfit] == [(problem, line)]
    assert str(found.unfit[0]) == f"Line {line} was left out: {problem}"
    assert level(found.pack, "N-c@2026-10-01").amount.vnd == 70_000


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{year: 2026,", "{year: 2027,", "this day is not in 2027"),
        ("{year: 2026,", "{year: 1899,", "a whole number of at least 1900 is expected, not “1899”"),
        ("year: 2026", "year: 2026, complete: perhaps", "“perhaps” is not allowed here; allowed: true, false"),
        ("]}\n", "]}\n  - {year: 2026}\n", "the year 2026 is given twice"),
    ],
)  # fmt: skip
def test_a_year_that_does_not_fit_is_left_out(pack, old, new, problem) -> None:
    found = amend(pack, text(rest=YEAR.replace(old, new)))
    assert [one.problem for one in found.unfit] == [problem]


def test_an_instrument_that_does_not_fit_is_left_out(pack) -> None:
    found = amend(pack, HEAD.replace("id: P-C120", "id: C-120"))
    problem = "“C-120”: what a province adds has an id that begins with P-"
    assert [(one.problem, one.line) for one in found.unfit] == [(problem, 6)]
    assert found.pack.instruments == pack.instruments


# Whose result it changes


def test_a_worked_example_is_told_with_its_day_and_once(pack) -> None:
    found = compare_amended(pack, amend(pack, text(MEAL)))
    (first, *_) = (str(one) for one in found.results if str(one).startswith("E1 "))
    example = next(one for one in pack.examples if one.id == "E1")
    start = f"E1 ({example.label}), on "
    assert first.startswith(start)
    day, _colon, what = first.removeprefix(start).partition(": ")
    assert day == "01/12/2026"
    assert what


def test_a_change_that_comes_later_is_worked_out_on_its_first_day(pack) -> None:
    later = MEAL.replace("2026-10-01", "2027-03-01")
    found = compare_amended(pack, amend(pack, text(later)))
    days = {str(one).partition(", on ")[2].partition(":")[0] for one in found.results}
    assert days == {"01/03/2027"}
    # The day before, and an example that is younger than the change, are as before.
    earlier = MEAL.replace("2026-10-01", "2025-07-01")
    found = compare_amended(pack, amend(pack, text(earlier)))
    days = {str(one).partition(", on ")[2].partition(":")[0] for one in found.results}
    own = {f"{one.facts.as_of:%d/%m/%Y}" for one in pack.examples}
    assert days <= own
