"""A tip is taken, passed on and answered; it becomes a case, is joined to one, or is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.conftest import NOW, take_in
from traffick_desk import i18n
from traffick_desk.services import tips
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.costs import CostsOfCase, CostsOfPeriod
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.month import Month, monthly_facts
from traffick_desk.services.queries import (
    CaseFilter,
    CountCases,
    History,
    ListCases,
    OpenCase,
    SearchCases,
    Today,
)
from traffick_desk.services.tips_read import ListTips, TipsOf
from traffick_desk.store.journal import Edit

TOLD = {
    "channel": "hotline",
    "urgency": "now",
    "about": "Hai cô gái bị đưa lên xe khách ra cửa khẩu",
    "persons": "Lò Thị Mỷ, khoảng 15 tuổi",
}


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


def take(desk: Desk, **more: Any) -> str:
    return desk.do(tips.NewTip({**TOLD, **more}))


def tip(desk: Desk, case: str):
    return desk.ask(OpenCase(case)).of("tip")[0]


def today(desk: Desk, *groups: str) -> list[tuple[str, str]]:
    items = desk.ask(Today())
    assert all(item.file_no for item in items if item.group.startswith("tip"))
    return [(i.group, i.text) for i in items if i.group in groups or not groups]


def intake() -> tuple[Edit, ...]:
    return (
        Edit("case", new_id(), {}),
        Edit("person", new_id(), {"role": "main", "name": "Lò Thị Mỷ"}),
    )


def actions(desk: Desk) -> list[str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action FROM audit ORDER BY seq")
        return [action for (action,) in cursor.fetchall()]


def test_a_tip_has_a_number_of_its_own_and_leaves_the_series_of_cases_alone(desk) -> None:
    case = take(desk)
    row = desk.ask(OpenCase(case)).row
    assert row.file_no.startswith("TB")
    assert row.file_no.endswith("-0001/2026")
    assert row.tip is not None
    assert (row.stage, row.tip.urgency, row.tip.passed_on) == ("tip", "now", False)
    found = take_in(desk, "E1")["E1"][0]
    assert desk.ask(OpenCase(found)).row.file_no.endswith("-0001/2026")
    assert actions(desk).count("tip.new") == 1


def test_what_is_needed_to_pass_a_tip_on_must_be_there(desk) -> None:
    with pytest.raises(InvalidValues) as refused:
        desk.do(tips.NewTip({"channel": "phone", "about": "  "}))
    assert {name for _kind, name, _text in refused.value.problems} >= {"urgency"}
    with pytest.raises(InvalidValues):
        desk.do(tips.NewTip({**TOLD, "at": "gestern"}))
    assert desk.ask(ListTips()) == ()
    assert desk.ask(OpenCase(take(desk))).row.file_no.endswith("-0001/2026")


def test_of_an_anonymous_teller_nothing_is_kept(desk) -> None:
    case = take(desk, anonymous="yes", teller="Vàng A Páo", teller_phone="0912", tell_back="yes")
    assert not {"teller", "teller_phone", "tell_back"} & set(tip(desk, case).values)
    assert desk.ask(SearchCases("vang a pao")) == ()


def test_tips_are_no_cases(desk) -> None:
    case = take(desk)
    take_in(desk, "E1")
    assert desk.ask(CountCases()) == len(desk.ask(ListCases())) == 1
    assert desk.ask(CountCases(CaseFilter(unsent=True))) == 1
    assert desk.ask(CountCases(CaseFilter(unsent=True, tips=True))) == 2
    assert [r.case_id for r in desk.ask(ListCases(CaseFilter(stage="tip")))] == [case]
    with desk.context.store.read() as cursor:
        facts = monthly_facts(desk.context, cursor, Month.of(NOW.date()), with_names=False)
    assert facts["month"]["total"] == len(facts["rows"]) == 1
    spent = desk.ask(CostsOfPeriod(date(2026, 1, 1), date(2026, 11, 21)))
    assert sum(unit.cases for unit in spent.units) == 1
    with pytest.raises(NotHere):
        desk.ask(CostsOfCase(case))
    desk.do(tips.CloseTip(case, "no_sign"))
    assert desk.ask(CountCases()) == 1
    assert desk.ask(CountCases(CaseFilter(stage="closed"))) == 0
    with desk.context.store.read() as cursor:
        facts = monthly_facts(desk.context, cursor, Month.of(NOW.date()), with_names=False)
    assert (facts["month"]["total"], facts["month"]["closed"]) == (1, 0)


def test_a_tip_is_found_by_what_was_told_and_by_its_number(desk) -> None:
    case = take(desk)
    number = desk.ask(OpenCase(case)).row.file_no
    for typed in ("xe khach", "lo thi my", number):
        assert [hit.row.case_id for hit in desk.ask(SearchCases(typed))] == [case], typed
    assert [t.case_id for t in desk.ask(ListTips(number=number))] == [case]


def test_danger_to_life_stands_first_until_it_is_passed_on(desk) -> None:
    take_in(desk, "E5")
    quiet = take(desk, urgency="later")
    soon = take(desk, urgency="soon")
    now = take(desk)
    first = desk.ask(Today())[:3]
    assert [i.case_id for i in first] == [now, soon, quiet]
    assert [i.group for i in first] == ["tip_urgent", "tip_urgent", "tip"]
    assert first[0].text == "Pass the tip on: Danger to life now"
    assert {i.action for i in first} == {"forward"}
    desk.do(tips.ForwardTip(now, "police", by="phone"))
    desk.do(tips.CloseTip(quiet, "no_sign"))
    assert [i.case_id for i in desk.ask(Today()) if i.group.startswith("tip")] == [soon]
    values = tip(desk, now).values
    assert (values["forwarded_to"], values["forwarded_by"]) == ("police", "phone")
    assert values["forwarded_at"] == "2026-11-21T21:00+07:00"


def test_an_answer_that_does_not_come_is_due_on_its_day(desk) -> None:
    case = take(desk, tell_back="yes")
    desk.do(tips.ForwardTip(case, "police", answer_by="2026-11-20"))
    assert ("late", "Tip without an answer: Police") in today(desk)
    desk.do(tips.AnswerTip(case, "Đã đón được hai cháu"))
    assert today(desk, "late") == []
    # Who told it wanted to know: that is to be done too.
    assert ("today", "Inform who told the tip") in today(desk)
    record = tip(desk, case).id
    desk.do(SaveRecords((Edit("tip", record, {"told_on": "2026-11-21"}),)))
    assert today(desk, "today", "late") == []


def test_a_tip_becomes_a_case_with_a_file_number_and_both_know_each_other(desk) -> None:
    case = take(desk, teller="Vàng A Páo")
    number = desk.ask(OpenCase(case)).row.file_no
    made = desk.do(tips.TipBecomesCase(case, intake()))
    opened = desk.ask(OpenCase(made))
    assert (opened.row.stage, opened.row.name) == ("reception", "Lò Thị Mỷ")
    assert opened.row.file_no.startswith("TD")
    assert opened.of("tip") == ()
    assert [t.number for t in desk.ask(TipsOf(made))] == [number]
    settled = desk.ask(OpenCase(case))
    assert settled.row.stage == "tip_settled"
    values = settled.of("tip")[0].values
    assert (values["outcome"], values["joined"]) == ("case", made)
    assert settled.case.get("closed_reason") == "Became a case"
    assert desk.ask(CountCases()) == 1
    with pytest.raises(tips.TipSettled):
        desk.do(tips.TipBecomesCase(case, intake()))
    with pytest.raises(tips.TipSettled):
        desk.do(tips.CloseTip(case, "no_sign"))
    # What was refused left nothing behind.
    assert desk.ask(CountCases()) == 1
    # Who told it is not in the history of the case, which may be sent elsewhere.
    assert "Vàng A Páo" not in str(desk.ask(History(made)))


def test_a_refused_intake_leaves_the_tip_open(desk) -> None:
    case = take(desk)
    wrong = (Edit("case", new_id(), {}), Edit("person", new_id(), {"name": "A", "birth": "x"}))
    with pytest.raises(InvalidValues):
        desk.do(tips.TipBecomesCase(case, wrong))
    assert desk.ask(OpenCase(case)).row.stage == "tip"
    assert desk.ask(CountCases()) == 0


def test_a_case_that_came_of_a_tip_can_be_taken_back_until_it_left_the_desk(desk) -> None:
    case = take(desk)
    made = desk.do(tips.TipBecomesCase(case, intake()))
    desk.do(tips.TakeBackCase(case))
    assert desk.ask(CountCases()) == 0
    row = desk.ask(OpenCase(case)).row
    assert row.stage == "tip"
    assert today(desk, "tip_urgent") != []
    made = desk.do(tips.TipBecomesCase(case, intake()))
    with desk.context.store.work() as work:
        work.cursor.execute("INSERT INTO link (device, sent_pos) VALUES ('p', 1000000)")
    with pytest.raises(tips.LeftTheDesk):
        desk.do(tips.TakeBackCase(case))
    with pytest.raises(tips.LeftTheDesk):
        desk.do(tips.TakeBackTip(case))
    assert desk.ask(OpenCase(made)).row.stage == "reception"
    with pytest.raises(NotHere):
        desk.do(tips.ReopenTip(case))


def test_a_tip_is_joined_to_a_case_that_then_shows_it(desk) -> None:
    case = take(desk)
    other = take(desk, urgency="later")
    girl = take_in(desk, "E1")["E1"][0]
    desk.do(tips.JoinTip(case, girl, "Cùng một chuyến xe"))
    (shown,) = desk.ask(TipsOf(girl))
    assert (shown.case_id, shown.stage) == (case, "tip_settled")
    assert desk.ask(OpenCase(case)).case.get("closed_reason") == "Joined to a case"
    for target in (case, other, new_id()):
        with pytest.raises(NotHere):
            desk.do(tips.JoinTip(other, target))
    desk.do(tips.ReopenTip(case))
    assert desk.ask(TipsOf(girl)) == ()
    assert desk.ask(OpenCase(case)).row.stage == "tip"


def test_a_tip_is_closed_with_a_reason_and_opened_again(desk) -> None:
    case = take(desk, tell_back="yes")
    task = {"case": case, "what": "Gọi trưởng bản", "due": "2026-11-21"}
    desk.do(SaveRecords((Edit("task", new_id(), task),)))
    for reason, note in (("", ""), ("other", " "), ("never heard of", "")):
        with pytest.raises(InvalidValues):
            desk.do(tips.CloseTip(case, reason, note))
    desk.do(tips.CloseTip(case, "other", "Đùa nghịch"))
    values = tip(desk, case).values
    assert (values["outcome"], values["reason"]) == ("closed", "other")
    assert values["settled_on"] == "2026-11-21"
    # Nothing more is due but to tell who wanted to know.
    assert today(desk, "late", "today", "tip_urgent") == [("today", "Inform who told the tip")]
    assert desk.ask(ListTips()) == ()
    assert len(desk.ask(ListTips(settled=True))) == 1
    desk.do(tips.ReopenTip(case))
    assert ("today", "Task: Gọi trưởng bản") in today(desk)
    assert "reason" not in tip(desk, case).values


def test_a_tip_written_by_mistake_is_taken_back(desk) -> None:
    case = take(desk)
    desk.do(tips.TakeBackTip(case))
    assert desk.ask(ListTips(settled=True)) == ()
    assert today(desk, "tip_urgent") == []
    girl = take_in(desk, "E1")["E1"][0]
    with pytest.raises(NotHere):
        desk.do(tips.TakeBackTip(girl))


def test_a_clerk_sees_no_tips(make) -> None:
    from traffick_desk.services.errors import NotAllowed

    desk = make()
    take(desk)
    object.__setattr__(desk.context.info, "role", "clerk")
    for query in (ListTips(), TipsOf("x")):
        with pytest.raises(NotAllowed):
            desk.ask(query)
    with pytest.raises(NotAllowed):
        take(desk)


def test_everything_is_as_a_rebuild_makes_it(desk) -> None:
    for urgency in ("now", "later"):
        take(desk, urgency=urgency, tell_back="yes")
    first = desk.ask(ListTips())[0].case_id
    desk.do(tips.ForwardTip(first, "border_guard", answer_by="2026-11-25"))
    before = (desk.ask(ListTips()), desk.ask(Today()), desk.ask(ListCases(CaseFilter(tips=True))))
    desk.context.store.rebuild()
    after = (desk.ask(ListTips()), desk.ask(Today()), desk.ask(ListCases(CaseFilter(tips=True))))
    assert before == after
