"""Every cell against plain SQL over the same file, and what figures promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.pages.world import make_desk
from services.conftest import take_in
from traffick_desk.domain.values import PartialDate
from traffick_desk.reports import groups
from traffick_desk.reports.figures import TOTAL, Figure, Measure
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.prevention.commands import SavePrevention
from traffick_desk.services.queries import ListCases
from traffick_desk.services.statistics.builtin import REPORTS, TABLES
from traffick_desk.services.statistics.dimensions import dimensions
from traffick_desk.services.statistics.frozen import (
    Corrections,
    FreezeReport,
    FrozenReports,
    table_json,
    table_of,
)
from traffick_desk.services.statistics.queries import CasesBehind, ReportTables, Statistics
from traffick_desk.services.statistics.release import (
    ControlledTables,
    PrepareRelease,
    ReleaseTables,
    SetThreshold,
    Threshold,
    ThresholdRefused,
    release,
    released_before,
)
from traffick_desk.services.statistics.spec import (
    Period,
    Scope,
    SpecRefused,
    TableSpec,
    own_place,
)
from traffick_desk.services.statistics.subjects import subjects
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit


def a_desk(folder: Path) -> Desk:
    return make_desk(folder, "province")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Everybody of the demonstration, only read."""
    made = a_desk(tmp_path_factory.mktemp("province"))
    take_in(made)
    yield made
    made.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    """A few people, to be changed."""
    made = a_desk(tmp_path)
    take_in(made, "E1", "E2", "E3", "E5")
    yield made
    made.close()


def ask(desk: Desk, spec: TableSpec, scope: Scope | None = None):
    (table,) = desk.ask(Statistics((spec,), scope or Scope()))
    return table


def sql(desk: Desk, statement: str, *values: object) -> list[tuple]:
    with desk.context.store.read() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_each_cell_is_what_sql_counts(desk: Desk) -> None:
    table = ask(desk, TableSpec("person", "person.sex", "person.citizenship"))
    rows = sql(desk, "SELECT coalesce(sex, ''), coalesce(citizenship, ''), count(*) "
                     "FROM r_person WHERE voided IS NULL GROUP BY 1, 2")  # fmt: skip
    expected = {(s, c): n for s, c, n in rows}
    got = {p: f.value for p, f in table.cells.items() if TOTAL not in p}
    assert got == expected
    assert table.total.value == sum(expected.values())


def test_what_was_not_entered_and_what_was_not_asked_are_rows_of_their_own(desk: Desk) -> None:
    table = ask(desk, TableSpec("person", "person.interpreter"))
    rows = dict(sql(desk, "SELECT coalesce(interpreter, ''), count(*) FROM r_person "
                          "WHERE voided IS NULL GROUP BY 1"))  # fmt: skip
    assert rows[""] > 0
    assert {h.code: table.at(h.code).value for h in table.rows if table.at(h.code).value} == rows
    assert {"unknown", "not_asked", "refused"} <= {h.code for h in table.rows}


def test_voided_records_and_tips_do_not_count(own: Desk) -> None:
    spec = TableSpec("case", "case.stage", measure=Measure.CASES)
    before = ask(own, spec).total.value
    case = new_id()
    own.do(NewCase((Edit("case", case, {"stage": "tip"}),
                     Edit("tip", new_id(), {"case": case, "at": "2026-11-01T08:00+07:00",
                                            "channel": "phone", "urgency": "soon"}))))  # fmt: skip
    assert ask(own, spec).total.value == before
    person = sql(own, "SELECT id FROM r_person WHERE role = 'accompanying' LIMIT 1")[0][0]
    people = ask(own, TableSpec("person", "person.sex")).total.value
    own.do(SaveRecords((Edit("person", person, {VOID: "nhầm"}),)))
    assert ask(own, TableSpec("person", "person.sex")).total.value == people - 1


def test_a_period_and_a_place_cut_by_reception_and_commune(desk: Desk) -> None:
    spec = TableSpec("case", "case.unit")
    whole = ask(desk, spec)
    by_year = sum(
        ask(desk, spec, Scope(Period.parse(str(y)))).total.value for y in range(2000, 2027)
    )
    assert by_year == whole.total.value
    communes = [h.code for h in whole.rows if len(h.code) == len("2025/00000")]
    unit = max(communes, key=lambda code: whole.at(code).value)
    here = ask(desk, spec, Scope(unit=unit))
    assert here.total == whole.at(unit)
    province = desk.context.units.province_of(unit).id
    assert ask(desk, spec, Scope(unit=province)).total.value >= here.total.value


def test_the_cases_behind_a_figure_are_as_many_as_it_says(desk: Desk) -> None:
    spec = TABLES["age_sex"]
    table = ask(desk, spec)
    places = [p for p, f in table.cells.items() if f.value]
    assert places
    for row, column in places:
        rows = desk.ask(CasesBehind(spec, row, column))
        assert len(rows) == table.at(row, column).value


def test_sums_of_what_is_not_known_are_at_least(own: Desk) -> None:
    row = own.ask(ListCases())[0]
    person = sql(own, 'SELECT id FROM r_person WHERE "case" = ? AND role = \'main\'',
                 row.case_id)[0][0]  # fmt: skip
    asked = [new_id(), new_id()]
    edits = []
    for request, regime, amount in zip(asked, ("L53/a", "L53/k"), (1_000_000, None), strict=True):
        edits.append(Edit("entitlement", request, {"case": row.case_id, "person": person,
                     "regime": regime, "requested_on": "2026-11-01"}))  # fmt: skip
        values = {"case": row.case_id, "entitlement": request, "decision": "approved",
                  "decided_on": "2026-11-02"}  # fmt: skip
        edits.append(Edit("entitlement_decision", new_id(), values | ({"amount": amount}
                          if amount else {})))  # fmt: skip
    own.do(SaveRecords(tuple(edits)))
    table = ask(own, TABLES["money"])
    assert table.at("a", "approved") == Figure(1_000_000)
    assert table.at("k", "approved") == Figure(0, at_least=True)
    assert table.at(TOTAL, "approved") == Figure(1_000_000, at_least=True)
    assert any("Ít nhất" in note for note in table.all_notes())


def test_every_described_class_can_be_counted_by(desk: Desk) -> None:
    registry, pack = desk.context.store.registry, desk.context.pack
    counted = 0
    for subject in subjects(registry):
        keys = tuple(dimensions(subject, registry, pack))
        if subject not in {"person", "case"}:
            keys = tuple(k for k in keys if k.startswith("own.")) or keys[:1]
        tables = desk.ask(Statistics(tuple(TableSpec(subject, k) for k in keys)))
        for table in tables:
            counted += 1
            ends = [f for h, (*_rest, f) in table.lines()]
            assert all(f.value is not None for f in ends)
            if not table.several_rows:
                assert sum(f.value for f in ends[:-1]) == ends[-1].value, (subject, table.title)
    assert counted > 120


def test_what_cannot_be_made_is_refused_in_words(desk: Desk) -> None:
    for spec in (TableSpec("nothing"), TableSpec("person", "person.name"),
                 TableSpec("person", measure=Measure.SUM, amount="sex")):  # fmt: skip
        with pytest.raises(SpecRefused):
            ask(desk, spec)
    for text in ("26", "2026-Q5", "2026-13", "2026-02-01..2026-01-01", "2026-H3"):
        with pytest.raises(SpecRefused):
            Period.parse(text)
    assert Period.parse("2026-Q4") == Period("2026-10-01", "2026-12-31")
    assert Period.parse("2024-02") == Period("2024-02-01", "2024-02-29")


@pytest.mark.parametrize(
    ("birth", "day", "group"),
    [
        ("2010-11-21", "2026-11-20", "11-15"),
        ("2010-11-21", "2026-11-21", "16-17"),
        ("2008", "2026-11-21", groups.AGE_OPEN),
        ("2010", "2026-11-21", groups.UNDER_18),
        ("2001", "2026-11-21", groups.ADULT),
        ("1990~", "2026-11-21", "35-44"),
        ("", "2026-11-21", ""),
        ("1990", "", ""),
    ],
)
def test_age_groups_say_what_is_open(birth: str, day: str, group: str) -> None:
    assert groups.age_group(groups.ages(birth, day)) == group


@pytest.mark.parametrize("birth", ["2010-02-29", "2010-13-01", "2010-1a-01", "abc", "0000-01-01"])
def test_a_birth_that_cannot_be_has_no_age(birth: str) -> None:
    assert groups.ages(birth, "2026-11-21") is None
    assert groups.ages("2010-01-01", birth) is None


@given(
    st.dates(date(1930, 1, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2030, 12, 31))
)
def test_the_short_way_to_an_age_is_the_long_one(birth: date, day: date) -> None:
    found = groups.ages(birth.isoformat(), day.isoformat())
    assert found == PartialDate.parse(birth.isoformat()).ages_on(day)


def test_time_limits_agree_with_the_clocks_of_the_cases(desk: Desk) -> None:
    from traffick_desk.law import State
    from traffick_desk.services.queries import Clocks

    expected: Counter[tuple[str, str]] = Counter()
    words = {State.RUNNING: "running", State.OVERDUE: "overdue", State.NEEDS_CALENDAR: "no_limit"}
    for row in desk.ask(ListCases(limit=1_000)):
        for _person, clock in desk.ask(Clocks(row.case_id)):
            if clock.rule.id in {"CLK-02", "CLK-03", "CLK-04"} and clock.started_at is not None:
                done = "late" if clock.late else "in_time"
                expected[clock.rule.id, words.get(clock.state, done)] += 1
    table = ask(desk, TABLES["limits"])
    got = {p: f.value for p, f in table.cells.items()
           if TOTAL not in p and p[0] != "CLK-08"}  # fmt: skip
    assert got == dict(expected)


def test_follow_up_takes_the_nearest_visit_and_its_worst_score(desk: Desk) -> None:
    from traffick_desk.services.statistics.derived import _after

    def visit(on: str, *scores: str) -> tuple[str, str, tuple[str, ...]]:
        return on, "", scores

    day = "2026-05-21"
    seen = [visit("2026-04-01", "danger"), visit("2026-05-30", "stable", "helped")]
    assert _after(seen, day, "", "2026-11-21") == "helped"
    assert _after([visit("2026-05-30", "able")], day, "", "2026-11-21") == "stable"
    assert _after([visit("2026-01-30", "able")], day, "", "2026-11-21") == "none"
    assert _after([], day, "2026-03-01", "2026-11-21") == "closed"
    assert _after([], "2026-12-01", "", "2026-11-21") == "ahead"
    assert groups.add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_a_frozen_report_stays_and_what_changed_since_is_told(own: Desk) -> None:
    frozen = own.do(
        FreezeReport("victims", Scope(Period.parse("2026"), own_place(own.info)), "lời", "")
    )
    assert own.ask(Corrections(frozen)).corrections == ()
    person = sql(own, "SELECT p.id FROM r_person p JOIN r_case c ON c.id = p.\"case\" WHERE "
                       "p.sex = 'female' AND p.role = 'main' AND c.opened_on >= '2026' "
                       "AND c.opened_on < '2027'")[0][0]  # fmt: skip
    own.do(SaveRecords((Edit("person", person, {"sex": "male"}),)))
    (kept,) = own.ask(FrozenReports())
    assert kept.before == "lời"
    changed = own.ask(Corrections(frozen)).corrections
    assert changed
    assert all(c.was != c.now for c in changed)
    second = own.do(FreezeReport("victims", Scope(Period.parse("2026"), own_place(own.info))))
    assert own.ask(FrozenReports())[0].id == second
    assert own.ask(FrozenReports())[0].replaces == frozen
    assert own.ask(Corrections(second)).corrections == ()


def test_tables_are_kept_whole(desk: Desk) -> None:
    for table in desk.ask(ReportTables("full")):
        assert table_of(table_json(table)) == table
    assert {k for r in REPORTS.values() for k in r.tables} == set(TABLES)


def test_releases_are_remembered_and_a_newcomer_does_not_show(own: Desk) -> None:
    own.do(SetThreshold(3))
    assert own.ask(Threshold()) == 3
    with pytest.raises(ThresholdRefused):
        own.do(SetThreshold(1))
    spec = TableSpec("person", "person.sex").of_the_received()
    (first,) = own.do(ReleaseTables((spec,)))
    total = first.total
    assert not total.hidden
    case, person = new_id(), new_id()
    own.do(NewCase((Edit("case", case, {"opened_on": "2026-11-01"}),
                     Edit("person", person, {"role": "main", "name": "Lò Thị Mới",
                                             "sex": "female"}))))  # fmt: skip
    assert ask(own, spec).total.value == total.value + 1
    (second,) = own.do(ReleaseTables((spec,)))
    assert second.total.hidden
    (looked,) = own.ask(ControlledTables((spec,)))
    assert looked == second


def test_what_was_controlled_beforehand_is_controlled_again_when_something_left_meanwhile(
    own: Desk,
) -> None:
    own.do(SetThreshold(3))
    spec = TableSpec("person", "person.sex").of_the_received()
    steps: list[tuple[int, int]] = []
    ready = own.ask(PrepareRelease((spec,), progress=lambda n, of, _words: steps.append((n, of))))
    assert steps == [(0, 1)]
    assert not ready.tables[0].total.hidden
    # One person fewer left meanwhile: both figures together would tell of her.
    fewer = replace(spec, where={**spec.where, "person.sex": ("female",)})
    (first,) = own.do(ReleaseTables((fewer,)))
    (late,) = own.do(ReleaseTables((spec,), prepared=ready))
    (anew,) = own.ask(ControlledTables((spec,)))
    assert late == anew
    with own.context.store.read() as cursor:
        assert len(released_before(cursor)) == 2
    (again,) = release(own, (spec,), Scope(), "")
    assert again == late
    assert first.rows


def test_prevention_work_is_what_its_own_page_adds_up(own: Desk) -> None:
    """Figures as P10 to P12 of the work tell them; *at least* where one entry is."""
    from traffick_desk.services.prevention.totals import PreventionTotals
    from traffick_desk.services.unit_records import new_record_id

    unit = own.info.unit
    many = {"unit": unit, "title": "Phòng, chống mua bán người", "state": "done"}
    edits = [
        Edit("activity", new_record_id(own.context), {**many, "kind": "conference", "since": "2026-07-30",
             "times": 2, "persons": 150, "women": 90}),
        Edit("activity", new_record_id(own.context), {**many, "kind": "conference", "since": "2026-03",
             "times": 3, "persons": 1000, "at_least": ["persons"]}),
        Edit("activity", new_record_id(own.context), {**many, "kind": "conference", "since": "2025-11-02",
             "times": 1, "persons": 40}),
        Edit("material", new_record_id(own.context), {**many, "kind": "leaflet", "since": "2026",
             "made": 22_000, "handed_out": 21_500}),
    ]  # fmt: skip
    own.do(SavePrevention(tuple(edits)))
    year = Scope(Period.parse("2026"))
    table = ask(own, TABLES["prevention"], year)
    assert table.at("activity.conference", "times") == Figure(5)
    assert table.at("activity.conference", "persons") == Figure(1150, at_least=True)
    assert table.at("activity.conference", "women") == Figure(90)
    assert table.at("material.leaflet", "made") == Figure(22_000)
    totals = own.ask(PreventionTotals(date(2026, 1, 1), date(2026, 12, 31)))
    for line in totals.lines:
        for name, count in line.counts.items():
            figure = table.at(f"{line.type}.{line.kind}", name)
            assert (figure.value, figure.at_least) == (count.number, count.at_least)
    # It is about nobody in a case: small figures leave as they are, and are not remembered.
    (safe,) = own.do(ReleaseTables((TABLES["prevention"],), year))
    assert safe == table
