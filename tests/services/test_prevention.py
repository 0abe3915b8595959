"""What published reports say, entered by hand and by spreadsheet, comes back to the last digit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.conftest import COMMUNE, PROVINCE, Make
from traffick_desk import i18n
from traffick_desk.domain.counts import Count, parse
from traffick_desk.services import unit_records
from traffick_desk.services.base import Desk
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.prevention import people, sheet
from traffick_desk.services.prevention.commands import (
    AddAttendance,
    SavePrevention,
    SettlePrevention,
    VoidPrevention,
)
from traffick_desk.services.prevention.lists import (
    FindPrevention,
    OutreachFilter,
    OutreachList,
    UnitRecord,
)
from traffick_desk.services.prevention.totals import PreventionTotals, Totals, stock
from traffick_desk.services.prevention.training import Teams, Training
from traffick_desk.services.register import read
from traffick_desk.store.journal import Edit
from traffick_desk.store.journal_errors import NotWriter


@pytest.fixture(autouse=True)
def vietnamese():
    before = i18n.language()
    i18n.set_language("vi")
    yield
    i18n.set_language(before)


@pytest.fixture
def province(make: Make) -> Desk:
    return make("province")


def save(desk: Desk, type_name: str, unit: str = "", **values: Any) -> str:
    record = unit_records.new_record_id(desk.context, unit)
    desk.do(SavePrevention((Edit(type_name, record, values),)))
    return record


def activity(desk: Desk, kind: str = "class", title: str = "Lớp", **values: Any) -> str:
    given = {"kind": kind, "title": title, "since": "2023-07-05", "state": "done", **values}
    return save(desk, "activity", **given)


def total(desk: Desk, first: int, last: int, **more: Any) -> Totals:
    return desk.ask(PreventionTotals(date(first, 1, 1), date(last, 12, 31), **more))


def read_csv(tmp_path: Path, text: str):
    path = tmp_path / "bang.csv"
    path.write_text(text, "utf-8")
    return read(path)


def take_in(desk: Desk, table: Any, year: int = 0) -> sheet.TakenSheet:
    looked = desk.ask(sheet.LookAtSheet(table, year))
    assert all(row.state == sheet.READY for row in looked.rows), looked.rows
    return desk.do(sheet.TakeInSheet(looked))


# --- the figures of the reports ----------------------------------------------------------

LANG_SON = """Loại;Nội dung;Thời gian;Số lượng;Số người;Lượt người;Đã phát;Phát cho
Hội nghị;Truyền thông và tập huấn nghiệp vụ;2017;6;563;;;
Tờ rơi;Tờ rơi phòng, chống mua bán người;2017;3.704;;;3.704;11 phòng cấp huyện
Nói chuyện;Cử báo cáo viên tập huấn tại 4 huyện;2017;;;hơn 1.000;;
"""
THAI_NGUYEN = """Loại;Thời gian;Số lượng;Số người
Lớp tập huấn;2013–2023;57;
Hội thảo;2013–2023;4;hơn 860
Hội nghị truyền thông;2013–2023;34;trên 1.100
Pa nô;2013–2023;105;
Sổ tay;2013–2023;2.800;
Tờ rơi;2013–2023;20.000;
Tin, bài, phóng sự, clip;2013–2023;66;
Hội nghị tọa đàm;2013–2023;1;
Phát thanh;2013–2023;42;
"""


def test_lang_son_2017_comes_back(province: Desk, tmp_path: Path) -> None:
    assert len(take_in(province, read_csv(tmp_path, LANG_SON)).records) == 3
    found = total(province, 2017, 2017)
    assert found.line("conference")["times"] == Count(6)
    assert found.line("conference")["persons"] == Count(563)
    assert found.line("leaflet")["made"] == Count(3704)
    assert found.line("leaflet")["handed_out"] == Count(3704)
    assert found.line("leaflet").stock == (Count(0, known=1), False)
    assert found.line("talk")["attendances"] == Count(1000, at_least=True)
    every = found.over("activity", "attendances")
    assert (every.number, every.at_least, every.unknown) == (1000, True, 1)
    assert every.shown() == "ít nhất 1.000"
    persons = found.over("activity", "persons")
    assert (persons.number, persons.at_least) == (563, False)
    leaflet = found.line("leaflet").ids[0]
    assert province.ask(UnitRecord("material", leaflet)).get("handed_to") == "11 phòng cấp huyện"


def test_thai_nguyen_2013_to_2023_comes_back(province: Desk, tmp_path: Path) -> None:
    take_in(province, read_csv(tmp_path, THAI_NGUYEN))
    found = total(province, 2013, 2023)
    times = {
        kind: found.line(kind)["times"].number
        for kind in ("class", "workshop", "conference", "news", "discussion", "broadcast")
    }
    assert times == {
        "class": 57, "workshop": 4, "conference": 34, "news": 66, "discussion": 1, "broadcast": 42,
    }  # fmt: skip
    made = {k: found.line(k)["made"].number for k in ("panel", "handbook", "leaflet")}
    assert made == {"panel": 105, "handbook": 2800, "leaflet": 20000}
    assert found.line("workshop")["persons"] == Count(860, at_least=True)
    assert found.line("conference")["persons"] == Count(1100, at_least=True)
    both = found.over("activity", "persons", ("workshop", "conference"))
    assert both.shown() == "ít nhất 1.960"
    assert not any(line["made"].at_least for line in found.lines)
    # The year alone holds nothing of it, and says so.
    year = total(province, 2023, 2023)
    assert year.lines == ()
    assert len(year.beyond) == 9


def test_thai_nguyen_2023_and_the_workshops_of_november_come_back(province: Desk) -> None:
    whole = save(
        province, "material", kind="panel", title="Pa nô", since="2013", until="2023",
        state="done", made=105,
    )  # fmt: skip
    save(
        province, "material", kind="panel", title="Pa nô 2023", since="2023", state="done",
        made=29, part_of=whole,
    )  # fmt: skip
    activity(
        province, title="Tập huấn đội tình nguyện", since="2023", represented=69, persons=150,
        line="training",
    )  # fmt: skip
    for day, place in (("2023-11-21", "Quảng Ninh"), ("2023-11-29", "Thành phố Hồ Chí Minh")):
        activity(province, "workshop", "Hội thảo", since=day, place=place, represented=20)
    year = total(province, 2023, 2023)
    assert year.line("panel")["made"] == Count(29)
    assert year.line("class")["represented"] == Count(69)
    assert year.line("class")["persons"] == Count(150)
    assert year.line("workshop")["represented"] == Count(40, known=2)
    assert year.line("workshop")["times"] == Count(2, known=2)
    ten = total(province, 2013, 2023)
    assert ten.line("panel")["made"] == Count(105), "what is part of another is not added again"
    assert len(ten.within) == 1


# --- counting -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("563", (563, False)),
        ("hơn 1.000", (1000, True)),
        ("Trên 1.100", (1100, True)),
        ("ít nhất 860", (860, True)),
        ("≥ 40", (40, True)),
        ("150+", (150, True)),
        ("more than 1,000", (1000, True)),
        ("20 000", (20000, False)),
        ("0", (0, False)),
        ("", None),
        ("nhiều", None),
        ("1.5", None),
        ("12.34", None),
        ("-3", None),
        ("9999999999", None),
    ],
)
def test_a_written_count_is_understood(text: str, wanted: tuple[int, bool] | None) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("at_least", [True, False])
def test_a_count_is_read_as_it_is_written(language: str, at_least: bool) -> None:
    i18n.set_language(language)
    for number in (0, 7, 999, 1000, 20_000, 1_234_567):
        assert parse(Count(number, at_least).shown()) == (number, at_least)


def test_what_is_in_stock_is_only_as_sure_as_its_parts() -> None:
    some, more = Count(100), Count(100, at_least=True)
    assert stock(some, Count.of(None), Count(30)) == (Count(70), False)
    assert stock(more, Count.of(None), Count(30)) == (Count(70, at_least=True), False)
    assert stock(some, Count(5), Count(30, at_least=True)) == (Count(75), True)
    assert stock(more, Count(5), Count(30, at_least=True))[0].known == 0
    assert stock(Count.of(None), Count.of(None), Count(30))[0].known == 0


def test_entries_that_may_be_counted_twice_are_named(province: Desk) -> None:
    year = activity(province, since="2023", times=5)
    month = activity(province, since="2023-07")
    activity(province, "talk", since="2023-07")
    found = total(province, 2023, 2023)
    assert found.twice == ((year, month),)
    assert found.line("class")["times"] == Count(6, known=2)


def test_only_what_was_done_is_counted_and_a_void_entry_is_not(province: Desk) -> None:
    done = activity(province, persons=10)
    activity(province, persons=20, state="planned")
    activity(province, persons=30, state="not_done")
    wrong = activity(province, persons=40)
    province.do(VoidPrevention("activity", wrong, "nhập nhầm"))
    found = total(province, 2023, 2023)
    assert found.line("class").ids == [done]
    assert found.over("activity", "persons") == Count(10)
    assert (len(found.planned), len(found.not_done)) == (1, 1)
    province.do(VoidPrevention("activity", wrong, None))
    assert total(province, 2023, 2023).over("activity", "persons") == Count(50, known=2)


def test_totals_by_unit_year_and_campaign_add_up(province: Desk) -> None:
    for unit, year, campaign in (
        (COMMUNE, 2023, "july"), (COMMUNE, 2024, ""), (PROVINCE, 2023, "july"),
    ):  # fmt: skip
        save(
            province, "activity", unit, kind="talk", title="x", since=str(year), state="done",
            persons=7, campaign=campaign or None,
        )  # fmt: skip
    for by in ("unit", "year", "campaign"):
        found = total(province, 2023, 2024, by=by)
        assert sum(line["persons"].number for line in found.lines) == 21, by
    assert total(province, 2023, 2024, by="unit").line("talk", COMMUNE)["persons"].number == 14
    assert total(province, 2023, 2024, unit=COMMUNE).over("activity", "times").number == 2
    assert total(province, 2023, 2024, campaign="july").over("activity", "times").number == 2


# --- importing --------------------------------------------------------------------------------


def test_a_second_run_adds_nothing_and_other_numbers_are_not_taken_in(
    province: Desk, tmp_path: Path
) -> None:
    table = read_csv(tmp_path, LANG_SON)
    take_in(province, table)
    again = province.ask(sheet.LookAtSheet(table))
    assert [row.state for row in again.rows] == [sheet.KNOWN] * 3
    changed = read_csv(tmp_path, LANG_SON.replace("563", "570"))
    looked = province.ask(sheet.LookAtSheet(changed))
    assert looked.count(sheet.DIFFERS) == 1
    assert province.do(sheet.TakeInSheet(looked)).records == ()


def test_what_is_not_understood_is_said_and_not_written(province: Desk, tmp_path: Path) -> None:
    text = (
        "Loại;Nội dung;Ngày;Số người;Kinh phí\n"
        "Lớp tập huấn;A;05/07/2023;rất đông;\n"
        "Dạ hội;B;05/07/2023;10;\n"
        "Hội thảo;C;45/07/2023;10;\n"
        "Hội thảo;D;;10;\n"
        "Hội thảo;E;05/07/2023;hơn 10;1.500.000 đồng\n"
    )
    looked = province.ask(sheet.LookAtSheet(read_csv(tmp_path, text)))
    assert [row.state for row in looked.rows] == [sheet.WRONG] * 4 + [sheet.READY]
    assert all(row.problems for row in looked.rows[:4])
    (made,) = province.do(sheet.TakeInSheet(looked)).records
    record = province.ask(UnitRecord(*made))
    assert record.get("cost") == 1_500_000
    assert record.get("at_least") == ["persons"]
    assert record.get("since") == "2023-07-05"


def test_a_pasted_table_is_read_too(province: Desk) -> None:
    text = "Hình thức\tThời gian\tSố lượt\nPhát thanh\t30/07/2026\t12\nTờ gấp\t2026\t500\n"
    looked = province.ask(sheet.LookAtSheet(sheet.pasted(text)))
    assert [(r.type, r.values["kind"]) for r in looked.rows] == [
        ("activity", "broadcast"), ("material", "leaflet"),
    ]  # fmt: skip


# --- who may ------------------------------------------------------------------------------------


def test_a_commune_writes_its_own_and_not_another_units(make: Make) -> None:
    commune = make("commune")
    activity(commune)
    with pytest.raises(NotAllowed):
        save(commune, "activity", PROVINCE, kind="talk", title="x", since="2023", state="done")
    record = unit_records.new_record_id(commune.context)
    with pytest.raises(NotHere):
        commune.do(SavePrevention((Edit("plan", record, {"title": "x"}),)))
    with pytest.raises(InvalidValues):
        activity(commune, persons=-1)
    assert commune.ask(OutreachList()).total == 1


def test_a_conflict_is_settled_by_choosing(province: Desk) -> None:
    record = activity(province, title="một")
    base = province.ask(UnitRecord("activity", record)).heads
    province.do(SavePrevention((Edit("activity", record, {"title": "hai"}, base),)))
    province.do(SavePrevention((Edit("activity", record, {"title": "ba"}, base),)))
    found = province.ask(UnitRecord("activity", record))
    assert {c.value for c in found.conflicts["title"]} == {"hai", "ba"}
    province.do(SettlePrevention("activity", record, "title", "hai"))
    settled = province.ask(UnitRecord("activity", record))
    assert settled.get("title") == "hai"
    assert not settled.conflicts


# --- the list and the search ----------------------------------------------------------------------


def test_the_list_filters_and_orders(province: Desk) -> None:
    first = activity(province, title="Lớp ở Đồng Văn", since="2022", place="Hội trường xã")
    second = activity(province, "talk", "Nói chuyện", since="2023-03", state="planned")
    third = save(
        province, "material", kind="leaflet", title="Tờ rơi tiếng Mông", since="2023",
        state="done", made=10,
    )  # fmt: skip

    def ids(**wanted: Any) -> list[str]:
        return [r.entry.id for r in province.ask(OutreachList(OutreachFilter(**wanted))).rows]

    assert ids() == [second, third, first]
    assert ids(text="dong van") == [first]
    assert ids(text="hội trường") == [first]
    assert ids(year=2023) == [second, third]
    assert ids(kind="leaflet") == ids(kind="material") == [third]
    assert ids(state="planned") == [second]
    assert ids(ids=(first,)) == [first]
    (row,) = province.ask(OutreachList(OutreachFilter(state="planned"))).rows
    assert row.late
    page = province.ask(OutreachList(order="title", offset=1, limit=1))
    assert (page.total, [r.entry.id for r in page.rows]) == (3, [second])
    (found,) = province.ask(FindPrevention("to roi mong"))
    assert (found.type, found.id) == ("material", third)


# --- training --------------------------------------------------------------------------------------


def test_an_attendance_list_knows_who_was_there_before(make: Make) -> None:
    commune = make("commune")
    one = activity(commune, title="Lớp 1", topics=["identification"], since="2023-05-04")
    pasted = "1. Vàng Thị Dợ; Công chức; UBND xã\nLò Văn Nam\n\n2) Hà Thị Lan\t\tThôn 3"
    done = commune.do(AddAttendance(one, people.pasted_people(pasted)))
    assert (done.added, done.already, done.new_staff) == (3, 0, 3)
    again = commune.do(AddAttendance(one, ({"name": "vàng thị dợ"}, {"name": "Giàng A Pó"})))
    assert (again.added, again.already, again.new_staff) == (1, 1, 1)
    two = activity(commune, title="Lớp 2", topics=["procedure"], since="2025-05-04")
    commune.do(AddAttendance(two, ({"name": "Lò Văn Nam", "body": "Thôn 1"},)))
    found = {p.name: p for p in commune.ask(Training())}
    assert len(found) == 4
    assert [t.title for t in found["Lò Văn Nam"].trained] == ["Lớp 2", "Lớp 1"]
    assert found["Vàng Thị Dợ"].body == "UBND xã"


def test_who_is_due_again(province: Desk) -> None:
    done = activity(province, topics=["identification"], since="2024-01-10", line="training")
    names = ("Còn hạn", "Việc mới", "Đã nghỉ")
    province.do(AddAttendance(done, tuple({"name": n} for n in names)))
    by_name = {p.name: p.id for p in province.ask(Training())}
    never = save(province, "staff", name="Chưa học", role="officer", since="2025")
    edits = (
        Edit("staff", by_name["Việc mới"], {"since": "2026-03"}),
        Edit("staff", by_name["Đã nghỉ"], {"left_on": "2026-01"}),
    )
    province.do(SavePrevention(edits))

    def due() -> dict[str, list[str]]:
        return {p.name: [d.why for d in p.due] for p in province.ask(Training(due_only=True))}

    assert due() == {"Chưa học": ["never"], "Việc mới": ["new_post"]}
    save(province, "training_rule", topic="identification", months=24)
    assert due() == {
        "Chưa học": ["never"], "Việc mới": ["new_post", "period"], "Còn hạn": ["period"],
    }  # fmt: skip
    on_time = province.ask(Training(due_only=True, day=date(2025, 12, 31)))
    assert "Còn hạn" not in {p.name for p in on_time}
    assert never in {p.id for p in on_time}


def test_teams_have_members_and_their_training(make: Make) -> None:
    commune = make("commune")
    team = save(commune, "volunteer_team", name="Đội Thất Khê", founded_on="2020")
    for name in ("Lò Văn Nam", "Hà Thị Lan"):
        save(commune, "staff", name=name, role="volunteer", team=team)
    done = activity(commune, since="2026-02-03", topics=["volunteers"])
    commune.do(AddAttendance(done, ({"name": "Hà Thị Lan"},)))
    (found,) = commune.ask(Teams())
    assert (found.members, found.trained, found.due) == (2, 1, 1)
    assert found.last == date(2026, 2, 3)


def test_only_the_province_says_after_how_long(make: Make) -> None:
    with pytest.raises(NotWriter):
        save(make("commune"), "training_rule", topic="law", months=12)
