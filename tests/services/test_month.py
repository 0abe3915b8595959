"""The monthly list: which cases, what was done, what is due, what waits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.conftest import NOW, take_in
from traffick_desk import i18n, papers
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import (
    NewCase,
    RecordStep,
    RequestEntitlement,
    SaveRecords,
)
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.month import (
    IssueMonthlyList,
    Month,
    PreviewMonthlyList,
    monthly_facts,
)
from traffick_desk.services.queries import RefreshCase
from traffick_desk.store.journal import Edit

NOVEMBER = Month(2026, 11)


def listed(desk: Desk, month: Month = NOVEMBER, *, with_names: bool = False) -> dict:
    with desk.context.store.read() as cursor:
        return monthly_facts(desk.context, cursor, month, with_names=with_names)


def opened(desk: Desk, on: str, **case: object) -> str:
    person = Edit("person", new_id(), {"role": "main", "name": "Lý Thị Mẩy", "birth": "2001"})
    return desk.do(NewCase((Edit("case", new_id(), {"opened_on": on, **case}), person)))


def test_no_case_gives_a_list_that_says_so(desk: Desk) -> None:
    facts = listed(desk)
    assert facts["rows"] == []
    assert facts["month"]["total"] == 0
    assert desk.ask(PreviewMonthlyList(2026, 11)).pdf.startswith(b"%PDF")


def test_a_case_is_listed_in_each_month_in_which_it_was_open(desk: Desk) -> None:
    case = opened(desk, "2026-09-15")
    closed = {"closed_on": "2026-10-20", "stage": "closed", "closed_reason": "xong"}
    for month, count in ((8, 0), (9, 1), (10, 1), (11, 1)):
        assert listed(desk, Month(2026, month))["month"]["total"] == count
    desk.do(SaveRecords((Edit("case", case, closed),)))
    seen = {m: listed(desk, Month(2026, m))["month"] for m in (8, 9, 10, 11)}
    assert [seen[m]["total"] for m in seen] == [0, 1, 1, 0]
    assert [seen[m]["opened"] for m in seen] == [0, 1, 0, 0]
    assert [seen[m]["closed"] for m in seen] == [0, 0, 1, 0]


def test_the_name_is_printed_only_when_it_is_chosen(desk: Desk) -> None:
    case = opened(desk, "2026-11-01")
    number = desk.ask(RefreshCase(case)).row.file_no
    assert listed(desk)["rows"][0]["case"][0] == number
    assert "Lý Thị Mẩy" not in str(listed(desk))
    assert "Lý Thị Mẩy" in listed(desk, with_names=True)["rows"][0]["case"]


def test_what_happened_in_the_month_is_told_by_its_day(desk: Desk) -> None:
    case, person = take_in(desk, "E2")["E2"]
    desk.do(RecordStep(case, "referred", at="2026-11-03T09:00+07:00"))
    desk.do(RecordStep(case, "referred", at="2026-10-31T23:59+07:00"))
    item = {"case": case, "person": person, "item": "clothes", "given_on": "2026-11-02"}
    desk.do(SaveRecords((Edit("given_item", new_id(), item),)))
    desk.do(RequestEntitlement(case, person, "L53/k"))
    (row,) = listed(desk)["rows"]
    assert [line[:5] for line in row["done"]] == ["02/11", "03/11", "21/11"]
    assert row["done"][0] == "02/11: Cấp 01 loại đồ dùng, hỗ trợ"
    assert row["waiting"][0].startswith("21/11: ")
    assert listed(desk)["month"]["waiting"] == 1
    assert [line[:5] for line in listed(desk, Month(2026, 10))["rows"][0]["done"]][-1] == "31/10"


def test_overdue_and_due_are_told_with_the_law(desk: Desk) -> None:
    take_in(desk, "E5")
    (row,) = listed(desk)["rows"]
    late = [line for line in row["due"] if line.startswith("QUÁ HẠN ")]
    assert late
    assert "53/2024/QH15" in late[0]
    month = listed(desk)["month"]
    assert month["late"] == len(late)
    assert month["due"] == len(row["due"]) - len(late)
    assert month["until"] == date(2026, 12, 31)


def test_another_commune_is_not_listed(desk: Desk) -> None:
    opened(desk, "2026-11-01", unit="2025/05977")
    assert listed(desk)["rows"] == []


def test_two_hundred_cases_are_one_list(desk: Desk) -> None:
    day = date(2026, 1, 1)
    for number in range(200):
        opened(desk, (day + timedelta(days=number)).isoformat())
    assert listed(desk)["month"]["total"] == 200
    issued = desk.do(IssueMonthlyList(2026, 11))
    assert papers.page_count(issued.pdf) > 8


def test_the_list_is_vietnamese_at_an_english_desk(desk: Desk) -> None:
    take_in(desk, "E2", "E5")
    before = i18n.language()
    try:
        i18n.set_language("vi")
        vietnamese = desk.ask(PreviewMonthlyList(2026, 11)).pdf
        i18n.set_language("en")
        assert desk.ask(PreviewMonthlyList(2026, 11)).pdf == vietnamese
    finally:
        i18n.set_language(before)


def test_that_the_list_was_printed_stands_in_the_log_and_a_preview_does_not(desk: Desk) -> None:
    def log() -> list[tuple[str, str]]:
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT action, object FROM audit ORDER BY seq")
            return [row for row in cursor.fetchall() if row[0] == "paper.month"]

    desk.ask(PreviewMonthlyList(2026, 11))
    assert log() == []
    desk.do(IssueMonthlyList(2026, 11))
    assert log() == [("paper.month", "2026-11")]


def test_who_may_not_see_cases_gets_no_list(desk: Desk) -> None:
    from dataclasses import replace

    desk.context.info = replace(desk.info, role="clerk")
    for asked in (lambda: desk.ask(PreviewMonthlyList(2026, 11)),
                  lambda: desk.do(IssueMonthlyList(2026, 11))):  # fmt: skip
        with pytest.raises(NotAllowed):
            asked()


@pytest.mark.parametrize("typed", ["2026-10", "10/2026", " 10-2026 ", "2026/10"])
def test_a_month_is_read_as_people_write_it(typed: str) -> None:
    assert Month.parse(typed) == Month(2026, 10)


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-13", "0/2026", "tháng 10", "2026-10-01", "²-1"]
)
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(typed)


def test_months_follow_one_another_over_the_year() -> None:
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).before == Month(2025, 12)
    assert Month(2028, 2).last == date(2028, 2, 29)
    assert str(Month(2026, 2)) == "02 năm 2026"
    assert Month.of(NOW.date()) == NOVEMBER
