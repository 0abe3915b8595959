"""*Keeping data* at the province: the rule, the cases past it, holds; and *Today*'s demands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk import walk
from desk.pages2 import world
from traffick_desk.desk.pages.erasure import ErasurePage
from traffick_desk.desk.pages.keeping import KeepingPage
from traffick_desk.desk.pages.today import TodayPage
from traffick_desk.services.closing import CloseCase
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.erasure import ErasureRequests
from traffick_desk.services.holds import Holds
from traffick_desk.services.paper_record import DEMAND
from traffick_desk.services.retention import PastRetention, RetentionRule
from traffick_desk.store.journal import Edit

from .conftest import Case, Paper, Shown

PAGES = (TodayPage, KeepingPage, ErasurePage, Case, Paper)


@pytest.fixture
def shown(show, vault):
    """The window of a province (or of what is asked for), one case of it closed some weeks ago."""

    def one(name="province") -> Shown:
        desk = world.unlock(vault(name))
        if name == "province":
            case = world.take_in(desk)[0]
            desk.do(CloseCase(case, "reintegrated", "Xong"))
            desk.do(SaveRecords((Edit("case", case, {"closed_on": "2026-10-02"}),)))
        return show(desk, True, pages=PAGES)

    return one


def photograph(shown: Shown, name: str) -> None:
    """Keep a picture for who wants to look at it."""
    if folder := os.environ.get("TD_PICTURES"):
        shown.window.grab().save(str(Path(folder) / f"{name}.png"))


def test_the_province_writes_its_rule_down_and_sees_what_is_past_it(shown):
    at = shown()
    page = at.go("keeping")
    assert "not decided" in page.rule.text()
    assert page.past_model.rowCount() == 0
    assert not page.demand_button.isEnabled()
    page.set_rule()
    assert at.desk.ask(RetentionRule()) is None, "what is missing is said in the form"
    for name, value in (("months", 1), ("decision", "12/QĐ-UBND"), ("made_on", "2026-01-05")):
        page.rule_form.editor(name).set_value(value)
    page.set_rule()
    at.settle()
    assert "1 month" in page.rule.text()
    assert "12/QĐ-UBND" in page.rule.text()
    (past,) = at.desk.ask(PastRetention())
    assert page.past_model.rowCount() == 1
    assert past.file_no in page.past_model.stringList()[0]
    photograph(at, "keeping")
    page.demand_button.click()
    at.settle()
    (waiting,) = at.desk.ask(ErasureRequests())
    assert (waiting.ground, waiting.paper_no) == ("retention", "12/QĐ-UBND")
    assert not page.demand_button.isEnabled(), "it is asked once"
    assert not walk.unnamed(page)


def test_a_case_is_held_with_a_reason_and_let_go(shown):
    at = shown()
    page = at.go("keeping")
    page.hold()
    assert at.desk.ask(Holds()) == ()
    page.finder.search.setText("Thị")
    at.qtbot.waitUntil(lambda: page.finder.model.rowCount() > 0, timeout=10_000)
    for name, value in (("body", "Công an tỉnh"), ("note", "Điều tra vụ án")):
        page.hold_form.editor(name).set_value(value)
    page.hold()
    at.settle()
    (held,) = at.desk.ask(Holds())
    assert (held.body, held.reason) == ("Công an tỉnh", "Điều tra vụ án")
    assert "Điều tra vụ án" in page.held_model.stringList()[0]
    page.ask_end()
    at.settle()
    assert at.desk.ask(Holds()) == ()
    assert page.held_model.rowCount() == 0


def test_a_commune_that_is_not_linked_is_led_to_paper(shown):
    at = shown("worked")
    page = at.go("keeping")
    assert page.set_button.isHidden() or not page.set_button.isVisible()
    page = at.go("erasure")
    page.finder.search.setText("Thị")
    at.qtbot.waitUntil(lambda: page.finder.model.rowCount() > 0, timeout=10_000)
    for name, value in (("ground", "person"), ("reason", "Yêu cầu xóa")):
        page.form.editor(name).set_value(value)
    page.ask_erasure()
    at.settle()
    (waiting,) = at.desk.ask(ErasureRequests())
    assert "not linked" in page.by_paper.text()
    assert not page.order_button.isVisible()
    photograph(at, "erasure")
    page = at.go("today")
    lines = [page.model.item(page.model.index(n)) for n in range(page.model.rowCount())]
    (line,) = [one for one in lines if one is not None and one.action == "demand"]
    photograph(at, "today")
    page.act(line)
    at.settle()
    assert at.page.name == "paper"
    asked = at.page.asked[-1]
    assert (asked["form"], asked["record_id"]) == (DEMAND, waiting.id)
