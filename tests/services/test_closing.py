"""Stages, closing, opening again: nothing blocks, all is told, every reason is kept."""

from __future__ import annotations

import pytest

from services.conftest import take_in
from traffick_desk import i18n
from traffick_desk.services import reading
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.closing import (
    ChangeStage,
    CloseCase,
    Closing,
    ReopenCase,
    UndoStage,
    needs_reason,
    skipped,
)
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.errors import InvalidValues, NotHere
from traffick_desk.services.paper_facts import build
from traffick_desk.services.paper_record import CLOSING
from traffick_desk.services.queries import Clocks, History, RefreshCase
from traffick_desk.store.journal import Edit


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture
def woman(desk: Desk) -> tuple[str, str]:
    return take_in(desk, "E2")["E2"]  # in the stage reintegration


def write(desk: Desk, name: str, person: tuple[str, str], **values) -> str:
    record = new_id()
    fields = {"case": person[0], "person": person[1], **values}
    desk.do(SaveRecords((Edit(name, record, fields),)))
    return record


def frame(desk: Desk, person: tuple[str, str]):
    return desk.ask(RefreshCase(person[0])).case


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        ("reception", "verification", False),
        ("reception", "support", True),
        ("support", "verification", True),
        ("verification", "closed", False),  # closing has a reason of its own
        ("closed", "support", True),
        ("support", "support", False),
        ("", "support", False),
    ],
)
def test_back_or_past_a_stage_asks_for_a_reason(before, after, asks) -> None:
    assert needs_reason(before, after) is asks


def test_what_is_left_out_is_named() -> None:
    assert skipped("reception", "reintegration") == ("verification", "support")


def test_a_stage_is_not_skipped_by_accident_but_on_purpose(desk, woman) -> None:
    with pytest.raises(InvalidValues):
        desk.do(ChangeStage(woman[0], "verification", "  "))
    assert frame(desk, woman).get("stage") == "reintegration"
    moved = desk.do(ChangeStage(woman[0], "verification", "Có lời khai mới"))
    assert frame(desk, woman).get("stage_reason") == "Có lời khai mới"
    told = [i.fields for i in desk.ask(History(woman[0])) if "stage_reason" in i.fields]
    assert told[0]["stage_reason"] == "Có lời khai mới"
    desk.do(ChangeStage(woman[0], "support"))
    assert frame(desk, woman).get("stage_reason") is None  # of that step, not of this one
    desk.do(UndoStage(moved))
    assert frame(desk, woman).get("stage") == "reintegration"


def test_before_closing_everything_open_is_told_and_nothing_blocks(desk, woman) -> None:
    write(desk, "task", woman, what="Gọi chị Sao", due="2026-11-20")
    write(desk, "referral", woman, service="job", to_body="TT", sent_on="2026-11-01")
    write(desk, "referral", woman, service="police", to_body="CA")
    write(desk, "inquiry", woman, to_body="Công an tỉnh", sent_on="2026-11-01")
    write(desk, "stay", woman, kind="shelter", since="2026-11-01")
    write(desk, "plan_item", woman, domain="work", what="Học may", state="under_way")
    write(desk, "visit", woman, at="2026-11-01T09:00+07:00", kind="home", next_on="2026-12-01")
    found = desk.ask(Closing(woman[0]))
    wholes = {i.whole for i in found.items}
    assert "Task not done: Gọi chị Sao" in wholes
    assert "Referral unanswered: Job placement: TT" in wholes
    assert "Referral not sent yet: Police, border guard: CA" in wholes
    assert "Still in a facility: Safe temporary shelter" in wholes
    assert "Planned support not given: Work and income: Học may" in wholes
    kinds = {i.kind for i in found.items}
    assert {"regime", "inquiry", "visit", "clock"} <= kinds
    assert next(i for i in found.items if i.kind == "task").late
    desk.do(CloseCase(woman[0], "declined", "Chị không muốn nữa"))
    assert frame(desk, woman).get("stage") == "closed"


def test_the_closing_record_says_what_is_left_without_what_was_typed(desk, woman) -> None:
    write(desk, "task", woman, what="Gọi chị Sao", due="2026-11-20")
    desk.do(CloseCase(woman[0], "reintegrated", "Ổn định"))
    with desk.context.store.read() as cursor:
        case = reading.open_case(desk.context, cursor, woman[0])
        facts = build(desk.context, cursor, case, woman[1], {}, form=CLOSING)
    assert "Việc chưa làm" in facts["closing"]["open"]
    assert "Sao" not in str(facts["closing"])


def test_the_file_goes_to_the_archive_within_a_year_of_closing(desk, woman) -> None:
    desk.do(CloseCase(woman[0], "reintegrated", "Ổn định", on="2026-11-10"))
    found = desk.ask(Closing(woman[0]))
    assert found.archive_by.isoformat() == "2027-11-10"
    assert "30" in found.archive_law
    (clock,) = [c for _p, c in desk.ask(Clocks(woman[0])) if c.rule.id == "CLK-18"]
    assert clock.due_at.isoformat() == "2027-11-10"
    write(desk, "step", woman, kind="archived", at="2026-11-20T09:00+07:00")
    (clock,) = [c for _p, c in desk.ask(Clocks(woman[0])) if c.rule.id == "CLK-18"]
    assert clock.stopped_at is not None


@pytest.mark.parametrize(
    "wrong",
    [{"code": "", "words": "x"}, {"code": "other", "words": " "}, {"code": "?", "words": "x"}],
)
def test_closing_needs_a_kind_and_words(desk, woman, wrong) -> None:
    with pytest.raises(InvalidValues):
        desk.do(CloseCase(woman[0], **wrong))
    assert frame(desk, woman).get("stage") == "reintegration"
    assert "step" not in [s.get("kind") for s in desk.ask(RefreshCase(woman[0])).of("step")]


def test_a_case_is_not_closed_before_it_was_opened(desk, woman) -> None:
    with pytest.raises(InvalidValues):
        desk.do(CloseCase(woman[0], "other", "x", on="2020-01-01"))


def test_opening_again_keeps_both_stories(desk, woman) -> None:
    desk.do(CloseCase(woman[0], "lost", "Không gọi được"))
    with pytest.raises(NotHere):
        desk.do(CloseCase(woman[0], "lost", "lần nữa"))
    with pytest.raises(InvalidValues):
        desk.do(ReopenCase(woman[0], ""))
    moved = desk.do(ReopenCase(woman[0], "Chị gọi lại"))
    found = frame(desk, woman)
    assert (found.get("stage"), found.get("stage_reason")) == ("support", "Chị gọi lại")
    assert found.get("closed_on") is None
    steps = [s.get("kind") for s in desk.ask(RefreshCase(woman[0])).of("step")]
    assert [k for k in steps if k in {"closed", "reopened"}] == ["closed", "reopened"]
    assert not [c for _p, c in desk.ask(Clocks(woman[0])) if c.rule.id == "CLK-18" and c.started_at]
    desk.do(UndoStage(moved))
    assert frame(desk, woman).get("closed_reason") == "Không gọi được"


def test_undoing_a_closing_takes_its_step_back(desk, woman) -> None:
    desk.do(UndoStage(desk.do(CloseCase(woman[0], "other", "nhầm"))))
    case = desk.ask(RefreshCase(woman[0]))
    assert case.case.get("stage") == "reintegration"
    assert "closed" not in [s.get("kind") for s in case.of("step")]
