"""Plans measured from the data, inspections on Today, money in one view, papers, and the clerk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.conftest import COMMUNE, Make, take_in
from services.test_prevention import activity, province, save, vietnamese
from traffick_desk.services import unit_records
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import (
    DecideEntitlement,
    RequestEntitlement,
    SaveRecords,
)
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.prevention import paper
from traffick_desk.services.prevention.budget import Money
from traffick_desk.services.prevention.commands import AddAttendance, SavePlans, SavePrevention
from traffick_desk.services.prevention.lists import OutreachList, UnitRecords
from traffick_desk.services.prevention.plans import Inspections, Plans
from traffick_desk.services.prevention.totals import PreventionTotals
from traffick_desk.services.prevention.training import Training
from traffick_desk.services.queries import OpenCase, SearchCases, Today
from traffick_desk.store.journal import Edit

__all__ = ["province", "vietnamese"]


def plan(desk: Desk, type_name: str, unit: str = "", **values: Any) -> str:
    record = unit_records.new_record_id(desk.context, unit)
    desk.do(SavePlans((Edit(type_name, record, values),)))
    return record


def task(desk: Desk, of: str, **values: Any) -> str:
    return plan(desk, "plan_task", plan=of, what="việc", **values)


def lai_chau(desk: Desk, until: str = "2026-12-31") -> str:
    return plan(
        desk, "plan", title="Kế hoạch 2021–2025", number="794", issued_on="2021-06-24",
        since="2021-01-01", until=until, view_to=2030,
    )  # fmt: skip


def tasks(desk: Desk) -> dict[str, tuple[str, Any, bool]]:
    return {
        str(t.record.get("number")): (t.state, t.measured.value, t.measured.at_least)
        for p in desk.ask(Plans())
        for t in p.tasks
    }


def test_targets_are_measured_from_the_data(province: Desk) -> None:
    of = lai_chau(province)
    for number, measure, target in (
        ("1", "classes", 10), ("2", "attendances", 1000), ("10", "july", 1), ("9", "trained", 5),
        ("3", "materials", 100), ("4", "teams", 1), ("5", "inspections", 1),
    ):  # fmt: skip
        task(province, of, number=number, measure=measure, target=target, target_unit="number")
    first = activity(
        province, since="2023-07-30", times=7, campaign="july", attendances=999,
        at_least=["attendances"],
    )  # fmt: skip
    activity(province, since="2024", times=3, attendances=1)
    activity(province, since="2020", times=50)
    activity(province, since="2026-05", times=50, state="planned")
    save(
        province, "material", kind="leaflet", title="x", since="2024", state="done", handed_out=99,
    )  # fmt: skip
    save(province, "volunteer_team", name="Đội", founded_on="2022")
    province.do(AddAttendance(first, ({"name": "Lò Văn Nam"}, {"name": "Hà Thị Lan"})))
    found = tasks(province)
    assert list(found) == ["1", "2", "3", "4", "5", "9", "10"]
    assert found["1"] == ("done", 10, False)
    assert found["2"] == ("done", 1000, True)
    assert found["10"] == ("done", 7, False)
    assert found["9"] == ("open", 2, False)
    assert found["3"] == ("open", 99, False)
    assert found["4"] == ("done", 1, False)
    assert found["5"] == ("open", 0, False)


def test_what_is_not_reached_in_time_is_late_and_what_is_told_by_hand_counts(
    province: Desk,
) -> None:
    of = lai_chau(province, until="2025-12-31")
    task(province, of, number="1", target=100, target_unit="percent", value=99)
    task(province, of, number="2", target=100, target_unit="percent", value=100)
    task(province, of, number="3", due="2027-01-01")
    task(province, of, number="4", due="2025-06-30")
    task(province, of, number="5", due="2025-06-30", done_on="2025-05-01")
    states = {number: state for number, (state, *_more) in tasks(province).items()}
    assert states == {"1": "late", "2": "done", "3": "unknown", "4": "late", "5": "done"}
    (view,) = province.ask(Plans())
    assert view.late == 2


def victims(desk: Desk) -> list[tuple[str, str]]:
    """Cases of identified victims opened in 2026, on this desk."""
    return [
        ids
        for ids in take_in(desk).values()
        if desk.ask(OpenCase(ids[0])).row.status == "victim"
        and desk.ask(OpenCase(ids[0])).row.opened_on >= "2026"
    ]


def test_the_share_of_victims_who_received_a_regime_is_counted(make: Make) -> None:
    desk = make("province")
    of = plan(desk, "plan", title="Năm", since="2026-01-01", until="2026-12-31")
    goal = {"target": 100, "target_unit": "percent"}
    task(desk, of, number="1", measure="received", **goal)
    assert tasks(desk)["1"] == ("open", None, False)
    found = victims(desk)
    views = {case: desk.ask(OpenCase(case)) for case, _person in found}
    served = {
        case
        for case, view in views.items()
        if view.of("payment")
        or any(d.get("decision") == "approved" for d in view.of("entitlement_decision"))
    }
    assert len(found) > len(served)
    measured = desk.ask(Plans())[0].tasks[0].measured
    assert (measured.of, measured.value) == (len(found), len(served) * 100 // len(found))
    for case, person in found:
        if case not in served:
            payment = {"case": case, "person": person, "regime": "a", "amount": 1,
                       "paid_on": "2026-10-01"}  # fmt: skip
            desk.do(SaveRecords((Edit("payment", new_id(), payment),)))
    assert tasks(desk)["1"] == ("open", 100, False), "a share can still fall"


def test_findings_tasks_and_planned_activities_stand_on_today(make: Make) -> None:
    desk = make("commune")
    inspection = plan(desk, "inspection", held_on="2026-10-01", subject="Chế độ", body="Xã")
    for due, what in (("2026-11-01", "trễ"), ("2026-11-21", "nay"), ("2027-05-01", "xa")):
        plan(desk, "finding", inspection=inspection, what=what, due=due)
    plan(desk, "finding", inspection=inspection, what="xong", due="2026-11-01",
         done_on="2026-11-02")  # fmt: skip
    activity(desk, title="Lớp chưa mở", since="2026-11-10", state="planned")
    lines = {(i.group, i.text) for i in desk.ask(Today()) if i.action == "prevention"}
    assert lines == {
        ("late", "Khắc phục sau kiểm tra: trễ"),
        ("today", "Khắc phục sau kiểm tra: nay"),
        ("late", "Hoạt động đã lên kế hoạch: Lớp chưa mở"),
    }
    (view,) = desk.ask(Inspections())
    assert (view.late, view.open, len(view.findings)) == (1, 3, 4)


# --- money ---------------------------------------------------------------------------------


def test_planned_approved_paid_and_left_in_one_view(make: Make) -> None:
    desk = make("province")
    plan(desk, "budget", year=2026, purpose="training", fund="province", planned=90, approved=50)
    plan(desk, "budget", year=2026, purpose="training", fund="province", approved=30)
    plan(desk, "budget", year=2025, purpose="training", fund="province", approved=7)
    activity(desk, since="2026-03", line="training", fund="province", cost=20)
    activity(desk, since="2026-04", line="training", fund="province", state="planned",
             planned_cost=15)  # fmt: skip
    activity(desk, since="2026-05", line="training", fund="province")
    activity(desk, since="2025-05", line="training", fund="province", cost=1000)
    case, person = take_in(desk, "E1")["E1"]
    payment = {"case": case, "person": person, "regime": "e", "amount": 40, "fund": "state",
               "paid_on": "2026-10-01"}  # fmt: skip
    desk.do(SaveRecords((Edit("payment", new_id(), payment),)))
    found = desk.ask(Money(2026))
    training = next(line for line in found.lines if line.purpose == "training")
    assert (training.planned, training.approved) == (90, 80)
    assert (training.paid, training.committed, training.unknown) == (20, 15, 1)
    assert (training.forecast, training.left) == (35, 45)
    support = next(line for line in found.lines if line.purpose == "support")
    assert (support.fund, support.paid, support.planned, support.left) == ("state", 40, None, None)
    assert [(r.regime, r.paid) for r in found.regimes] == [("e", 40)]
    assert found.total.paid == 60


def test_what_is_approved_and_not_paid_is_still_to_come(make: Make) -> None:
    desk = make("province")
    case, person = take_in(desk, "E1")["E1"]
    for amount in (500, None):
        request = desk.do(RequestEntitlement(case, person, "L53/a", "x"))
        desk.do(DecideEntitlement(request, "approved", amount=amount))
    found = desk.ask(Money(2026))
    (support,) = (line for line in found.lines if line.purpose == "support")
    assert (support.committed, support.paid, support.unknown) == (500, 0, 1)
    assert [(r.regime, r.approved, r.unknown) for r in found.regimes] == [("a", 500, 1)]


# --- papers --------------------------------------------------------------------------------


def test_papers_say_what_is_recorded(province: Desk) -> None:
    record = activity(
        province, title="Nhận biết nạn nhân", since="2026-10-05", place="Hội trường",
        persons=40, attendances=100, at_least=["attendances"], cost=5_000_000, fund="province",
        topics=["identification"],
    )  # fmt: skip
    province.do(AddAttendance(record, ({"name": "Lò Văn Nam", "post": "Công chức"},)))
    with province.context.store.read() as cursor:
        facts = paper.activity_facts(province.context, cursor, record)
    numbers = {n["label"]: n["value"] for n in facts["numbers"]}
    assert numbers == {"Số người": "40", "Lượt người": "ít nhất 100"}
    assert facts["activity"]["money"] == "5.000.000 đồng (Ngân sách tỉnh)"
    assert facts["names"] == [{"name": "Lò Văn Nam", "post": "Công chức", "body": None}]
    for form in paper.OF_ACTIVITY:
        assert province.do(paper.IssueOutreachPaper(form, record)).pdf.startswith(b"%PDF")
        assert province.ask(paper.PreviewOutreachPaper(form)).pdf.startswith(b"%PDF")


def test_the_plan_of_the_year_holds_what_is_planned_and_the_campaign(province: Desk) -> None:
    lai_chau(province, until="2025-12-31")
    for title, since, campaign, cost in (
        ("Lớp", "2025-05", "year", 10), ("Mít tinh", "2025-07-30", "july", None),
        ("Năm khác", "2024-05", "year", 10),
    ):  # fmt: skip
        activity(
            province, title=title, since=since, campaign=campaign, state="planned",
            planned_cost=cost, planned_persons=30,
        )  # fmt: skip
    with province.context.store.read() as cursor:
        facts = paper.year_facts(province.context, cursor, 2025)
    assert [row["what"] for row in facts["work"]] == ["Lớp tập huấn: Lớp"]
    assert [row["many"] for row in facts["campaign"]] == ["30 người"]
    assert facts["plan"]["total"] == 2
    assert facts["plan"]["cost"] == "10 đồng"
    assert facts["plan"]["unpriced"] == "1"
    assert facts["plan"]["based_on"] == "Kế hoạch số 794 ngày 24/06/2021"
    assert province.ask(paper.PreviewOutreachPaper(paper.YEAR_PLAN, year=2025)).pdf


# --- who may -------------------------------------------------------------------------------


def test_the_clerk_does_all_of_prevention_and_sees_no_case(make: Make) -> None:
    desk = make("commune")
    case, _person = take_in(desk, "E1")["E1"]
    of = plan(desk, "plan", title="Năm", since="2026-01-01", until="2026-12-31")
    task(desk, of, number="1", measure="received", target=100, target_unit="percent")
    plan(desk, "inspection", held_on="2026-10-01", subject="Chế độ")
    desk.context.info = replace(desk.context.info, role="clerk")
    record = activity(desk, since="2026-10-05")
    desk.do(AddAttendance(record, ({"name": "Lò Văn Nam"},)))
    for query in (
        OutreachList(), UnitRecords("activity"), Training(), Inspections(),
        PreventionTotals(date(2026, 1, 1), date(2026, 12, 31)),
        paper.PreviewOutreachPaper(paper.SHEET, record),
    ):  # fmt: skip
        assert desk.ask(query)
    assert desk.ask(Plans())[0].tasks[0].measured.note == "hidden"
    money = desk.ask(Money(2026))
    assert money.hidden
    assert not money.regimes
    for refused in (OpenCase(case), SearchCases("a"), Today()):
        with pytest.raises(NotAllowed):
            desk.ask(refused)
    with pytest.raises(NotAllowed):
        plan(desk, "plan", title="x", since="2026-01-01", until="2026-12-31")


def test_an_auditor_writes_nothing(make: Make) -> None:
    desk = make("commune")
    desk.context.info = replace(desk.context.info, role="auditor")
    with pytest.raises(NotAllowed):
        activity(desk)


def test_a_commune_has_its_own_targets_and_the_province_all(province: Desk) -> None:
    for unit in (COMMUNE, ""):
        of = plan(province, "plan", unit, title="Năm", since="2026-01-01", until="2026-12-31")
        plan(
            province, "plan_task", unit, plan=of, what="Lớp", number=unit or "tỉnh",
            measure="classes", target=5,
        )  # fmt: skip
        save(province, "activity", unit, kind="class", title="x", since="2026-02", state="done",
             times=3)  # fmt: skip
    found = tasks(province)
    assert found[COMMUNE][:2] == ("open", 3)
    assert found["tỉnh"][:2] == ("done", 6)


def test_entries_that_no_bundle_holds_yet_are_told(make: Make) -> None:
    desk = make("commune")
    record = activity(desk)
    desk.do(SavePrevention((Edit("activity", record, {"title": "sửa"}),)))
    activity(desk)

    def unsent() -> list[str]:
        return [i.text for i in desk.ask(Today()) if i.group == "unsent"]

    assert unsent() == []
    with desk.context.store.work() as work:
        work.cursor.execute("INSERT INTO link (device) VALUES ('p')")
    assert unsent() == ["Chưa gửi 2 dòng về phòng ngừa, kế hoạch, danh bạ"]
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE link SET sent_pos = (SELECT max(pos) FROM journal)")
    assert unsent() == []
