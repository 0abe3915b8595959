"""What is due besides the law's clocks stands on *Today* until it is done."""

from __future__ import annotations

import pytest

from services.conftest import take_in
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords, VoidRecord
from traffick_desk.services.queries import ListCases, Today
from traffick_desk.store.journal import Edit

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def person(desk: Desk) -> tuple[str, str]:
    return take_in(desk, "E6")["E6"]


def write(desk: Desk, record_type: str, person: tuple[str, str], record: str = "", **values) -> str:
    record = record or new_id()
    case, who = person
    fields = {"case": case, "person": who, **values}
    desk.do(SaveRecords((Edit(record_type, record, fields),)))
    return record


def lines(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """Text → group, due and section of the lines that are no clock of the law."""
    return {
        item.text: (item.group, item.due, item.key)
        for item in desk.ask(Today())
        if ":" in item.detail
    }


def test_a_task_is_due_until_it_is_done(desk, person) -> None:
    task = write(desk, "task", person, what="Gọi trường THCS", due="2026-11-20")
    other = write(desk, "task", person, what="Xin giấy khai sinh", due="2026-11-21")
    assert lines(desk) == {
        "Task: Gọi trường THCS": ("late", "2026-11-20", "tasks"),
        "Task: Xin giấy khai sinh": ("today", "2026-11-21", "tasks"),
    }
    write(desk, "task", person, task, done_on="2026-11-21")
    assert set(lines(desk)) == {"Task: Xin giấy khai sinh"}
    desk.do(VoidRecord("task", other, "nhầm"))
    assert lines(desk) == {}


def test_a_referral_stays_open_until_it_is_answered(desk, person) -> None:
    values = {"service": "medical", "to_body": "Trạm y tế", "sent_on": "2026-11-10"}
    referral = write(desk, "referral", person, answer_by="2026-11-20", **values)
    assert lines(desk) == {
        "Referral without an answer: Medical care": ("late", "2026-11-20", "referrals")
    }
    write(desk, "referral", person, referral, answer="done", answered_on="2026-11-21")
    assert lines(desk) == {}


def test_the_newest_visit_says_when_the_next_is_due(desk, person) -> None:
    write(desk, "visit", person, at="2026-08-01T09:00+07:00", kind="home", next_on="2026-09-01")
    assert lines(desk)["Follow-up visit"][:2] == ("late", "2026-09-01")
    write(desk, "visit", person, at="2026-11-01T09:00+07:00", kind="home", next_on="2026-11-22")
    assert lines(desk) == {"Follow-up visit": ("soon", "2026-11-22", "follow_up")}
    write(desk, "visit", person, at="2026-11-21T09:00+07:00", kind="phone")
    assert lines(desk) == {}


def test_a_measure_that_ends_asks_for_another_look_at_the_danger(desk, person) -> None:
    write(desk, "protection", person, measure="shelter", since="2026-10-20", until="2026-11-20")
    words = "Protection ends, assess the danger anew: Safe temporary shelter"
    assert lines(desk) == {words: ("late", "2026-11-20", "protection")}
    write(desk, "risk", person, assessed_on="2026-11-19", level="high")
    assert set(lines(desk)) == {words}
    write(desk, "risk", person, assessed_on="2026-11-21", level="low")
    assert lines(desk) == {}


def test_a_refused_measure_is_not_due(desk, person) -> None:
    write(desk, "protection", person, measure="guard", until="2026-11-20", refused="yes")
    assert lines(desk) == {}


def test_planned_support_is_due_until_it_is_given_or_dropped(desk, person) -> None:
    values = {"domain": "schooling", "what": "Sách lớp 9", "until": "2026-11-19"}
    item = write(desk, "plan_item", person, state="planned", **values)
    assert set(lines(desk)) == {"Planned support: Sách lớp 9"}
    write(desk, "plan_item", person, item, state="given", done_on="2026-11-18")
    assert lines(desk) == {}


def test_the_list_of_cases_shows_what_is_due_first(desk, person) -> None:
    write(desk, "task", person, what="x", due="2026-01-02")
    (row,) = desk.ask(ListCases())
    assert (row.due, row.due_clock.partition(":")[0]) == ("2026-01-02", "task")


def test_a_rebuild_gives_the_same_deadlines(desk, person) -> None:
    write(desk, "task", person, what="x", due="2026-11-22")
    write(desk, "visit", person, at="2026-11-01T09:00+07:00", kind="home", next_on="2026-11-25")
    before = lines(desk)
    desk.context.store.rebuild()
    assert lines(desk) == before
