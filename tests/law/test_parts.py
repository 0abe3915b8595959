"""The small parts that every answer is made of: days, spans, calendars, citations, sums, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from traffick_desk import i18n
from traffick_desk.law import Code, Mark, Result
from traffick_desk.law.assessment import Line, Total, amount_words
from traffick_desk.law.cost_items import Costs, Item, Kind, Part, total_of
from traffick_desk.law.facts import Birth, birthday
from traffick_desk.law.pack import Amount, Calendar, Cap, Span, add_months
from traffick_desk.law.words import Text, fact_label, money, number, say, spell, unique

DAY = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-15", 0, "2026-01-15"),
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-11-15", 25, "2028-12-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_later(day, months, later) -> None:
    assert add_months(DAY(day), months) == DAY(later)


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        (Span(DAY("2026-01-01"), DAY("2026-01-31")), ["2026-01-01", "2026-01-31"], ["2025-12-31", "2026-02-01"]),
        (Span(None, DAY("2026-01-31")), ["1900-01-01", "2026-01-31"], ["2026-02-01"]),
        (Span(DAY("2026-01-01"), None), ["2026-01-01", "2199-01-01"], ["2025-12-31"]),
        (Span(), ["1900-01-01", "2199-01-01"], []),
    ],
)  # fmt: skip
def test_a_span_has_its_first_and_its_last_day(span, inside, outside) -> None:
    assert all(DAY(day) in span for day in inside)
    assert not any(DAY(day) in span for day in outside)


def test_spans_that_share_a_day_overlap() -> None:
    month = Span(DAY("2026-01-01"), DAY("2026-01-31"))
    for start, end, both in (
        ("2026-01-31", None, True), ("2026-02-01", None, False), (None, "2026-01-01", True),
        (None, "2025-12-31", False), (None, None, True), ("2026-01-10", "2026-01-10", True),
    ):  # fmt: skip
        other = Span(start and DAY(start), end and DAY(end))
        assert month.overlaps(other) is both
        assert other.overlaps(month) is both


@pytest.mark.parametrize(
    ("cap", "last"),
    [
        (Cap(days=1), "2026-01-31"),
        (Cap(days=120), "2026-05-30"),
        (Cap(months=1), "2026-02-27"),
        (Cap(months=3), "2026-04-29"),
        (Cap(times=2), None),
    ],
)
def test_the_first_day_of_a_cap_is_day_1(cap, last) -> None:
    assert cap.last_day(DAY("2026-01-31")) == (last and DAY(last))


CALENDAR = Calendar(
    weekend=frozenset({5, 6}),
    holidays=frozenset({DAY("2026-09-02"), DAY("2026-09-01")}),
    working=frozenset({DAY("2026-08-29")}),
    complete=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-08-28", True),
        ("2026-08-29", True),  # a Saturday worked for a holiday
        ("2026-08-30", False),
        ("2026-09-01", False),
        ("2026-09-02", False),
        ("2026-09-03", True),
        ("2026-09-05", False),
    ],
)
def test_working_days(day, working) -> None:
    assert CALENDAR.is_working(DAY(day)) is working


@pytest.mark.parametrize(
    ("count", "day"),
    [(0, "2026-08-28"), (1, "2026-08-29"), (2, "2026-08-31"), (3, "2026-09-03"), (5, "2026-09-07")],
)
def test_the_day_itself_is_no_working_day_after_it(count, day) -> None:
    assert CALENDAR.add_working_days(DAY("2026-08-28"), count) == DAY(day)


def test_the_years_that_are_not_complete() -> None:
    assert CALENDAR.incomplete(DAY("2026-01-01"), DAY("2026-12-31")) == ()
    assert CALENDAR.incomplete(DAY("2025-12-31"), DAY("2028-01-01")) == (2025, 2027, 2028)


def test_a_birthday_and_an_age() -> None:
    assert birthday(DAY("2008-02-29"), 18) == DAY("2026-03-01")
    assert birthday(DAY("2008-02-29"), 20) == DAY("2028-02-29")
    birth = Birth(DAY("2008-05-01"), DAY("2008-05-31"))
    ages = [birth.reached(18, DAY(f"2026-{day}")) for day in ("04-30", "05-01", "05-30", "05-31")]
    assert ages == [False, None, None, True]


def test_a_citation_names_as_much_as_is_known(pack) -> None:
    cite = replace(
        pack.clocks["CLK-01"].cite[0],
        instrument=pack.instruments["L53"],
        **dict.fromkeys(("chapter", "article", "clause", "point")),
    )
    for more, en, vi in (
        ({}, "{}", "{}"),
        ({"chapter": "V"}, "Chapter V {}", "Chương V {}"),
        ({"chapter": "V", "article": "37"}, "Art. 37 {}", "Điều 37 {}"),
        ({"article": "37", "clause": "1"}, "Art. 37(1) {}", "khoản 1 Điều 37 {}"),
        ({"article": "37", "clause": "1", "point": "a"}, "Art. 37(1)(a) {}", "điểm a khoản 1 Điều 37 {}"),
    ):  # fmt: skip
        found = replace(cite, **more)
        i18n.set_language("en")
        assert str(found) == en.format("Law 53/2024/QH15")
        i18n.set_language("vi")
        assert str(found) == vi.format("Luật số 53/2024/QH15")


# Amounts and sums


@pytest.mark.parametrize(
    ("amount", "unit", "once", "text"),
    [
        (Amount(Code.VND, vnd=70_000), "day", False, "70,000 ₫/day"),
        (Amount(Code.VND, vnd=70_000, at_least=True), "day", False, "at least 70,000 ₫/day"),
        (Amount(Code.VND, vnd=2_400_000), "once", True, "2,400,000 ₫ (once)"),
        (Amount(Code.FREE), None, False, "free of charge"),
        (Amount(Code.FORMULA, formula=Text("x", "as the hospital says")), "day", False, "as the hospital says"),
        (Amount(Code.NOT_FOUND), "day", False, "amount not available"),
    ],
)  # fmt: skip
def test_an_amount_in_words(amount, unit, once, text) -> None:
    assert amount_words(amount, unit and Text(unit, unit), once=once) == text


def test_an_amount_that_was_not_found_names_who_sets_it(pack) -> None:
    set_by = pack.instruments["C120"]
    missing = f"level under {set_by.name} – amount not available"
    assert amount_words(Amount(Code.NOT_FOUND, set_by=set_by), None) == missing
    rate = Amount(Code.IN_KIND, rate_not_found=True, set_by=set_by)
    assert amount_words(rate, None) == f"in kind; {missing}"


@pytest.mark.parametrize(
    ("amount", "at_least", "text"),
    [
        (0, False, "0 ₫"),
        (0, True, "amount not available"),
        (1, True, "at least 1 ₫"),
        (2_400_000, False, "2,400,000 ₫"),
    ],
)
def test_a_total_in_words(amount, at_least, text) -> None:
    assert Total(amount, at_least, ()).text == text


@pytest.fixture(scope="module")
def line(pack):
    level = next(one for one in pack.levels if one.id == "O-HG-meal")
    return Line(
        level=level, result=Result.GRANTED, code=Code.VND, amount=60_000, quantity=3,
        total=180_000, unit=pack.units["person-day"], reason=None, flags=(), questions=(),
        missing=(),
    )  # fmt: skip


def with_code(line: Line, code: Code, **more: object) -> Line:
    return replace(line, code=code, amount=None, level=replace(line.level, **more))


def test_what_money_is_spent_on(line) -> None:
    assert line.costs
    assert not replace(line, level=replace(line.level, counted=False)).costs
    for code, costs in (
        (Code.FREE, False), (Code.IN_KIND, False), (Code.ACTUAL, True), (Code.FARE, True),
        (Code.FORMULA, True), (Code.NOT_FOUND, True),
    ):  # fmt: skip
        assert with_code(line, code).costs is costs, code
    rate = replace(line.level.amount, code=Code.IN_KIND, vnd=None, rate_not_found=True)
    assert with_code(line, Code.IN_KIND, amount=rate).costs
    assert with_code(line, Code.IN_KIND, amount=rate).not_found
    assert with_code(line, Code.NOT_FOUND).not_found
    assert not line.not_found


def item(pack, line: Line | None, kind: Kind = Kind.COUNTED, part: Part = Part.DUE, times: int | None = 3) -> Item:  # fmt: skip
    regime = pack.matrices["L66"].regimes["a"]
    return Item(regime, line, part, kind, DAY("2022-01-01"), DAY("2022-01-03"), times)


def test_a_cost_is_summed_only_when_all_of_it_is_known(pack, line) -> None:
    assert item(pack, line).total == 180_000
    assert item(pack, line, times=None).total is None
    assert item(pack, replace(line, amount=None)).total is None
    for kind in Kind:
        counted = kind is Kind.COUNTED
        assert item(pack, line, kind).total == (180_000 if counted else None)
        open_ = {Kind.NOT_FOUND, Kind.NUMBER_UNKNOWN, Kind.FORMULA, Kind.REVIEW}
        assert item(pack, line, kind).at_least is (kind in open_)
        assert item(pack, None, kind).at_least is (kind in open_)
    assert item(pack, replace(line, missing=("province",))).at_least
    at_least = replace(line.level.amount, at_least=True)
    assert item(pack, replace(line, level=replace(line.level, amount=at_least))).at_least


def test_what_a_cost_is_for_and_who_sets_it(pack, line) -> None:
    whole = item(pack, None, Kind.NOT_FOUND)
    assert whole.name is pack.matrices["L66"].regimes["a"].label
    assert (whole.amount, whole.set_by) == (None, None)
    assert whole.key == ("L66", "a", "", Part.DUE, Kind.NOT_FOUND, None)
    one = item(pack, line)
    assert one.name is line.level.label
    assert one.key == ("L66", "a", "O-HG-meal", Part.DUE, Kind.COUNTED, 60_000)
    assert one.set_by is line.level.cite[0].instrument
    set_by = pack.instruments["C120"]
    amount = Amount(Code.NOT_FOUND, set_by=set_by)
    assert item(pack, with_code(line, Code.NOT_FOUND, amount=amount)).set_by is set_by
    assert item(pack, with_code(line, Code.NOT_FOUND, cite=())).set_by is None


def test_the_sums_of_a_person(pack, line) -> None:
    items = (
        item(pack, line),
        item(pack, line, part=Part.IF_APPROVED, times=1),
        item(pack, line, part=Part.NOT_APPLIED, times=2),
        item(pack, line, Kind.FREE),
    )
    found = Costs(DAY("2022-01-01"), DAY("2022-12-31"), DAY("2022-12-31"), False, items)
    assert found.due == Total(180_000, False, ())
    assert found.if_approved == Total(60_000, False, ())
    assert found.not_applied == Total(120_000, False, ())
    assert found.known == Total(240_000, False, ())
    assert found.total() == Total(0, False, ())
    # One part that is not known makes the sum a minimum, wherever it stands.
    missing = item(pack, line, Kind.NOT_FOUND)
    assert total_of([missing, *items]) == total_of([*items, missing]) == Total(360_000, True, ())


def test_kinds_and_parts_in_words() -> None:
    assert [kind.label for kind in Kind] == [
        "known", "amount not available", "how many is not known", "by formula", "needs review",
        "at real cost", "in kind", "free of charge",
    ]  # fmt: skip
    assert [part.label for part in Part] == ["granted", "if approved", "not applied for yet"]
    assert [result.label for result in Result] == [
        "granted", "depends on the case", "not granted", "needs review",
    ]  # fmt: skip
    assert [mark.label for mark in Mark] == [
        "text of the instrument read",
        "text read in an older or unofficial copy: check the wording",
        "from a secondary summary",
        "inferred: an officer confirms it",
        "not found",
    ]


# Words


@pytest.mark.parametrize(
    ("value", "en", "vi"),
    [
        (2_400_000, "2,400,000", "2.400.000"),
        (0, "0", "0"),
        (date(2026, 3, 9), "09/03/2026", "09/03/2026"),
        (datetime.fromisoformat("2026-03-09T08:05"), "08:05 09/03/2026", "08:05 09/03/2026"),
        ((1000, date(2026, 3, 9), "x"), "1,000, 09/03/2026, x", "1.000, 09/03/2026, x"),
        (["a", "b"], "a, b", "a, b"),
        (Text("vi", "en"), "en", "vi"),
        (None, "None", "None"),
    ],
)
def test_a_value_as_a_reader_expects_it(value, en, vi) -> None:
    assert spell(value) == en
    i18n.set_language("vi")
    assert spell(value) == vi


def test_numbers_and_money_in_both_languages() -> None:
    assert (number(1_234_567), money(1_234_567)) == ("1,234,567", "1,234,567 ₫")
    i18n.set_language("vi")
    assert (number(1_234_567), money(1_234_567)) == ("1.234.567", "1.234.567 ₫")


def test_words_are_filled_in_when_they_are_read() -> None:
    words = say("{instrument} takes effect.", instrument=Text("Luật", "The law"))
    assert str(words) == "The law takes effect."
    assert words.args == (("instrument", Text("Luật", "The law")),)
    i18n.set_language("vi")
    assert str(words) == "Luật có hiệu lực."


def test_a_fact_of_the_person_accompanied() -> None:
    assert fact_label("birth") == "date of birth"
    assert fact_label("accompanies.birth") == "date of birth of the person accompanied"
    i18n.set_language("vi")
    assert fact_label("accompanies.birth").startswith(fact_label("birth"))


def test_each_once_in_order() -> None:
    assert unique(["b", "a", "b", "c", "a"]) == ("b", "a", "c")
