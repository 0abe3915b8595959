"""*Today* tells what an import brought; a tip is handed down by the province."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton

from desk.pages import world
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.services import news
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.news import Looked
from traffick_desk.services.queries import OpenCase, Today
from traffick_desk.services.tips import CloseTip, NewTip, TipSettled
from traffick_desk.services.tips_down import HandDownTip, OnlyFromProvince
from traffick_desk.sync.reports import ImportReport


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this file reads English."""


def came(desk):
    return [line for line in desk.ask(Today()) if line.group == "came"]


def report(**more):
    return ImportReport("f.age", "applied", sender="a1", sender_label="Máy 1", **more)


def test_today_tells_what_came_and_of_whom_nobody_knows_whether_she_is_the_same(commune, province):
    (first,) = world.people(commune, "LS1").values()
    world.carry(commune, province)
    # The same people once more: every one has a pair.
    (second,) = world.people(commune, "LS1").values()
    world.carry(commune, province)
    assert came(province) == []
    news.note(province, (report(new_cases=(first, second), decisions=1),))
    news.note(province, (report(changed_cases=(first,)), replace(report(), outcome="refused")))
    lines = came(province)
    assert [(line.action, line.key) for line in lines] == [("came", "a1"), ("compare", "pairs")]
    assert lines[0].text.endswith(": 2 new cases, 1 decision")
    assert lines[1].text == "1 new pair of cases may be of the same person"
    province.do(Looked("pairs"))
    province.do(Looked("a1"))
    assert came(province) == []
    news.note(province, (report(changed_cases=(first,)),))
    (line,) = came(province)
    assert (line.case_id, line.file_no != "") == (first, True)


def test_an_import_that_brings_nothing_tells_nothing(province):
    news.note(province, (report(receipts=1), replace(report(), outcome="waiting")))
    assert came(province) == []


def test_who_may_not_read_cases_is_told_but_nothing_is_compared(commune, province):
    (case,) = world.people(commune, "LS1").values()
    world.carry(commune, province)
    province.context.info = replace(province.context.info, role="it")
    news.note(province, (report(new_cases=(case,)),))
    province.context.info = replace(province.context.info, role="lead")
    assert [line.action for line in came(province)] == ["came"]


# --- a tip handed down ------------------------------------------------------------------------


@pytest.fixture
def tip(province):
    return province.do(
        NewTip({"about": "Xe khách biển số lạ", "channel": "hotline", "urgency": "soon"})
    )


def test_a_tip_goes_to_a_commune_and_is_open_there(commune, province, tip):
    assert province.do(HandDownTip(tip, world.DONG_VAN, "Gọi lại trước 17 giờ")) is False
    world.carry(province, commune)
    there = commune.ask(OpenCase(tip))
    assert there.row.unit == world.DONG_VAN
    assert there.row.stage == "tip"
    (note,) = there.of("note")
    assert note.get("text").endswith("Gọi lại trước 17 giờ")
    assert [line.group for line in commune.ask(Today()) if line.case_id == tip] == ["tip_urgent"]


def test_it_says_whether_a_pc_of_the_commune_is_linked(province, tip):
    with province.context.store.work() as work:
        work.cursor.execute("UPDATE device SET unit = ? WHERE device = 'a1'", (world.DONG_VAN,))
        work.cursor.execute("INSERT INTO link (device) VALUES ('a1')")
    assert province.do(HandDownTip(tip, world.DONG_VAN)) is True
    with pytest.raises(InvalidValues):
        province.do(HandDownTip(tip, world.DONG_VAN))


def test_not_to_another_province_not_by_a_commune_and_not_when_settled(commune, province, tip):
    for unit in ("2025/06040", province.info.unit, ""):
        with pytest.raises(InvalidValues):
            province.do(HandDownTip(tip, unit))
    world.carry(province, commune)
    with pytest.raises(OnlyFromProvince):
        commune.do(HandDownTip(tip, world.DONG_VAN))
    province.do(CloseTip(tip, "repeated"))
    with pytest.raises(TipSettled):
        province.do(HandDownTip(tip, world.DONG_VAN))


def test_i_hand_it_down_in_the_window(sit_down, province, tip):
    officer = sit_down(province, CasePage)
    officer.go("case", case_id=tip)
    officer.press("tip_hand_down")
    give = officer.child(QAbstractButton, "hand_down_give")
    assert not give.isEnabled()
    section = officer.page.stack.section("tip")
    box = section.hand_down.communes
    box.setCurrentIndex(box.findData(world.DONG_VAN))
    box.wanted.emit()
    officer.press("hand_down_give")
    assert province.ask(OpenCase(tip)).row.unit == world.DONG_VAN
    assert officer.notices()[0].startswith("Handed to ")


def test_a_commune_is_not_offered_to_hand_down(sit_down, commune):
    tip = commune.do(NewTip({"about": "x", "channel": "phone", "urgency": "later"}))
    officer = sit_down(commune, CasePage)
    officer.go("case", case_id=tip)
    assert officer.child(QAbstractButton, "tip_hand_down").isHidden()
