"""What cases cost: per person, per case, per commune and for the province, beside what was decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.conftest import Make, take_in
from services.test_rules import amendments
from traffick_desk.law import Kind, Part
from traffick_desk.services import assess, rules
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement, SaveRecords
from traffick_desk.services.costs import CostsOfCase, CostsOfPeriod, WrongPeriod
from traffick_desk.services.errors import NotHere
from traffick_desk.services.queries import OpenCase
from traffick_desk.store.journal import Edit

pytestmark = pytest.mark.usefixtures("english")

YEAR = date(2026, 1, 1), date(2026, 12, 31)
Y2022 = date(2022, 1, 1), date(2022, 12, 31)


@pytest.fixture
def province(make: Make) -> Desk:
    return make("province")


def regime(sheet, code: str):
    return next(line for line in sheet.regimes if line.regime == code)


def test_the_woman_of_ha_giang_cost_six_million_three_in_2022(desk: Desk) -> None:
    case, person = take_in(desk, "E7")["E7"]
    found = desk.ask(CostsOfCase(case, *Y2022))
    assert [p.person_id for p in found.persons] == [person]
    assert found.persons[0].name == "Hoàng Thị Sen"
    sheet = found.sheet
    # Whether she went to school is not recorded, so study costs may come on top.
    assert sheet.all.known.text == "at least 6,300,000 ₫"
    assert regime(sheet, "L66/e").if_approved.text == "3,000,000 ₫"
    (meals,) = (e for e in regime(sheet, "L66/a").entries if e.item.kind is Kind.COUNTED and e.item.line.level.need == "meal")  # fmt: skip
    assert (meals.persons, meals.quantity, meals.total) == (1, 40, 2_400_000)
    whole = desk.ask(CostsOfCase(case))
    assert whole.sheet.all.known.text == "at least 6,300,000 ₫"
    assert whole.persons[0].costs.until == date(2026, 11, 21)


def test_all_people_of_a_period_and_a_year_in_which_nothing_was_spent(desk: Desk) -> None:
    take_in(desk, *(f"E{n}" for n in range(1, 10)))
    found = desk.ask(CostsOfPeriod(*Y2022))
    assert (found.cases, found.sheet.all.persons) == (1, 1)
    assert found.sheet.all.known.text == "at least 6,300,000 ₫"
    assert [(u.unit, u.cases) for u in found.units] == [(desk.info.unit, 1)]
    empty = desk.ask(CostsOfPeriod(date(2020, 1, 1), date(2020, 12, 31)))
    assert (empty.cases, empty.sheet.regimes, empty.sheet.all.known.text) == (0, (), "0 ₫")


def test_the_sum_of_all_is_the_sum_of_the_cases(province: Desk) -> None:
    ids = take_in(province)
    rules.sign(province, amendments())
    for period, forecast in ((YEAR, False), ((date(2017, 1, 1), date(2027, 12, 31)), True)):
        whole = province.ask(CostsOfPeriod(*period, forecast=forecast))
        cases = [
            province.ask(CostsOfCase(case, *period, forecast=forecast))
            for case, _person in ids.values()
        ]
        assert whole.unread == ()
        for part in Part:
            amounts = [p.costs.total(part) for c in cases for p in c.persons]
            shown = {Part.DUE: "due", Part.IF_APPROVED: "if_approved", Part.NOT_APPLIED: "not_applied"}  # fmt: skip
            total = getattr(whole.sheet.all, shown[part])
            assert total.amount == sum(a.amount for a in amounts)
            assert total.at_least == any(a.at_least for a in amounts)
            assert total.amount == sum(getattr(u.all, shown[part]).amount for u in whole.units)
            assert total.amount == sum(getattr(r, shown[part]).amount for r in whole.sheet.regimes)
        assert whole.sheet.all.persons == sum(u.all.persons for u in whole.units)
        assert whole.cases == sum(u.cases for u in whole.units) <= len(ids)


def test_the_province_sees_a_line_for_each_commune_and_may_ask_for_one(province: Desk) -> None:
    take_in(province, *(f"LS{n}" for n in range(1, 13)))
    year = date(2017, 1, 1), date(2017, 12, 31)
    found = province.ask(CostsOfPeriod(*year))
    names = [u.name for u in found.units]
    assert len(names) == 3
    assert names == sorted(names)
    one = found.units[0]
    alone = province.ask(CostsOfPeriod(*year, unit=one.unit))
    assert (alone.cases, alone.sheet.all.persons) == (one.cases, one.all.persons)
    assert [u.unit for u in alone.units] == [one.unit]


def test_what_the_province_fills_in_is_counted_from_that_day_on(province: Desk) -> None:
    take_in(province, "E1")
    before = province.ask(CostsOfPeriod(*YEAR)).sheet
    assert before.all.known.text == "amount not available"
    rules.sign(province, amendments())
    after = province.ask(CostsOfPeriod(*YEAR)).sheet
    # Two persons, 07/10 to 20/11: the girl's days depend on the case, her child's are due.
    assert after.all.if_approved.text == "at least 3,150,000 ₫"
    entries = regime(after, "L53/a").entries
    assert [(e.persons, e.quantity, e.total) for e in entries if e.item.kind is Kind.COUNTED] == [
        (1, 45, 3_150_000)
    ]


def test_requests_and_approvals_of_the_period_stand_beside(province: Desk) -> None:
    case, person = take_in(province, "E7")["E7"]
    for code in ("L66/e", "L66/đ", "L66/a"):
        province.do(RequestEntitlement(case, person, code))
    with province.context.store.read() as cursor:
        cursor.execute("SELECT regime, id FROM r_entitlement")
        ids = dict(cursor.fetchall())
    province.do(DecideEntitlement(ids["L66/e"], "approved", amount=3_000_000))
    province.do(DecideEntitlement(ids["L66/đ"], "approved"))
    province.do(DecideEntitlement(ids["L66/a"], "returned", reason="thiếu vé"))
    found = province.ask(CostsOfPeriod(*YEAR))
    assert found.cases == 1
    assert found.sheet.all.requested.number == 3
    approved = found.sheet.all.approved
    assert (approved.number, approved.total.text) == (2, "at least 3,000,000 ₫")
    assert regime(found.sheet, "L66/e").approved.total.text == "3,000,000 ₫"
    assert regime(found.sheet, "L66/a").approved.number == 0
    assert found.units[0].all.approved == approved
    # Approved, so it does not depend on the case any more.
    earlier = province.ask(CostsOfPeriod(*Y2022)).sheet
    assert regime(earlier, "L66/e").due.text == "3,000,000 ₫"
    assert earlier.all.requested.number == 0


def test_a_closed_case_is_not_asked_about_after_its_last_day(desk: Desk, monkeypatch) -> None:
    ids = take_in(desk, "LS1", "E5")
    asked: list[str] = []
    real = assess.facts_of

    def spy(context, cursor, cases, as_of):
        asked.extend(cases)
        return real(context, cursor, cases, as_of)

    monkeypatch.setattr(assess, "facts_of", spy)
    desk.ask(CostsOfPeriod(*YEAR))
    assert asked == [ids["E5"][0]]
    assert desk.ask(CostsOfPeriod(date(2017, 1, 1), date(2017, 12, 31))).cases == 1
    case = ids["E5"][0]
    values = {"stage": "closed", "closed_on": "2026-11-20", "closed_reason": "Đã về nhà"}
    desk.do(SaveRecords((Edit("case", case, values),)))
    assert desk.ask(CostsOfCase(case)).persons[0].costs.until == date(2026, 11, 20)
    # Opened again: the last day is only what was written before.
    desk.do(SaveRecords((Edit("case", case, {"stage": "support"}),)))
    assert desk.ask(CostsOfCase(case)).persons[0].costs.until == date(2026, 11, 21)


def test_a_forecast_goes_on_and_a_plain_question_stops_today(desk: Desk) -> None:
    take_in(desk, "E5")
    later = date(2027, 1, 1), date(2027, 12, 31)
    assert desk.ask(CostsOfPeriod(*later)).cases == 0
    found = desk.ask(CostsOfPeriod(*later, forecast=True))
    assert (found.cases, found.sheet.all.persons) == (1, 2)
    assert found.sheet.all.due.at_least


def test_records_that_contradict_each_other_are_named_and_keep_no_other_from_being_counted(
    desk: Desk,
) -> None:
    ids = take_in(desk, "E5", "E7")
    case, person = ids["E5"]
    with desk.context.store.work() as work:
        stay = {"case": case, "person": person, "kind": "social", "since": "2026-11-20", "until": "2026-11-01"}  # fmt: skip
        work.journal.write(Edit("stay", new_id(), stay), desk.info.officer_id, case)
        work.touched.add(case)
    found = desk.ask(CostsOfPeriod(*Y2022))
    assert found.unread == (desk.ask(OpenCase(case)).row.file_no,)
    assert found.sheet.all.if_approved.text == "at least 6,300,000 ₫"
    assert found.units[0].all.due.at_least
    alone = desk.ask(CostsOfCase(case))
    assert alone.unread == ("Vàng Thị Dợ", "Vàng Thị Xua")  # the child has what she has
    assert alone.sheet.all.known.text == "amount not available"


@pytest.mark.parametrize(
    "period",
    [
        (date(2026, 2, 1), date(2026, 1, 1)),
        (date(1, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(desk: Desk, period) -> None:
    with pytest.raises(WrongPeriod, match="cannot be counted"):
        desk.ask(CostsOfPeriod(*period))


def test_a_case_that_is_not_here(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotHere):
        desk.ask(CostsOfCase("nobody"))
