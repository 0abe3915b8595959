"""Values that wait for a choice: both in view, with who and when and what was before."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from desk.pages import world
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.conflicts_page import ConflictsPage
from traffick_desk.services.commands import ResolveConflict, SaveRecords, VoidRecord
from traffick_desk.services.conflicts import LATE, ChoiceLeft, TakeBackChoice
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.to_choose import CaseChoices, Choices, CountChoices
from traffick_desk.store.journal import Edit


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this file reads English."""


@pytest.fixture
def case(commune, province):
    (case_id,) = world.people(commune, "LS1").values()
    world.carry(commune, province)
    return case_id


def person(desk, case):
    return desk.ask(OpenCase(case)).persons[0]


def write(desk, case, **values):
    desk.do(SaveRecords((Edit("person", person(desk, case).id, values),)))


def meet(*desks):
    for one in desks:
        for other in desks:
            if one is not other:
                world.carry(one, other)


@pytest.fixture
def phones(commune, province, case):
    write(commune, case, phone="000")
    meet(commune, province)
    write(commune, case, phone="111")
    write(province, case, phone="222")
    meet(commune, province)
    return case


def test_both_values_with_who_when_where_and_what_was_before(commune, province, phones):
    for desk in (commune, province):
        (choice,) = desk.ask(CaseChoices(phones))
        assert choice.register == "phone"
        found = {side.value: side for side in choice.sides}
        assert {s.before for s in choice.sides} == {"000"}
        assert found["111"].own == (desk is commune)
        assert found["222"].own == (desk is province)
        assert all(s.at.startswith("20") for s in choice.sides)
        assert [s.shown for s in choice.sides] == [True, False]
        own = next(s for s in choice.sides if s.own)
        assert own.officer_name == "Lò Thị Hoa"
        assert found["222"].desk.endswith("· b2")
        assert desk.ask(CountChoices()) == 1


def test_the_choice_travels(commune, province, phones):
    (choice,) = commune.ask(Choices())
    commune.do(ResolveConflict("person", choice.record.id, "phone", "222"))
    assert commune.ask(CountChoices()) == 0
    meet(commune, province)
    assert province.ask(CountChoices()) == 0
    assert person(province, phones).get("phone") == "222"


@pytest.mark.parametrize("chosen", ["111", "222", "333"])
def test_a_choice_is_taken_back_until_it_was_sent(commune, province, phones, chosen):
    (before,) = commune.ask(Choices())
    record = before.record.id
    commune.do(ResolveConflict("person", record, "phone", chosen))
    commune.do(TakeBackChoice("person", record, "phone"))
    (after,) = commune.ask(Choices())
    known = {s.value: (s.officer, s.device, s.at, s.before, s.own) for s in before.sides}
    assert {s.value: (s.officer, s.device, s.at, s.before, s.own) for s in after.sides} == known
    meet(commune, province)
    (there,) = province.ask(Choices())
    assert {s.value for s in there.sides} == {"111", "222"}
    province.do(ResolveConflict("person", record, "phone", "222"))
    meet(commune, province)
    assert commune.ask(CountChoices()) == 0
    assert person(commune, phones).get("phone") == "222"


def test_what_was_sent_or_built_upon_is_not_taken_back(commune, phones):
    (choice,) = commune.ask(Choices())
    record = choice.record.id
    commune.do(ResolveConflict("person", record, "phone", "111"))
    with commune.context.store.work() as work:
        work.cursor.execute("INSERT INTO link (device, sent_pos) VALUES ('b2', 1000)")
    with pytest.raises(ChoiceLeft):
        commune.do(TakeBackChoice("person", record, "phone"))
    with commune.context.store.work() as work:
        work.cursor.execute("UPDATE link SET sent_pos = 0")
    write(commune, phones, phone="444")
    with pytest.raises(ChoiceLeft):
        commune.do(TakeBackChoice("person", record, "phone"))
    assert person(commune, phones).get("phone") == "444"


def test_a_whole_decision_is_taken_back_whole(commune, province, case):
    hers = person(commune, case).id
    for desk, status in ((commune, "victim"), (province, "in_process")):
        edit = Edit("status", "s1", {"case": case, "person": hers, "status": status})
        desk.do(SaveRecords((edit,)))
    meet(commune, province)
    (choice,) = commune.ask(Choices())
    assert choice.register == "*"
    taken = next(s.value for s in choice.sides if s.value["status"] == "victim")
    commune.do(ResolveConflict("status", "s1", "*", taken))
    assert commune.ask(CountChoices()) == 0
    commune.do(TakeBackChoice("status", "s1", "*"))
    (again,) = commune.ask(Choices())
    assert {s.value["status"] for s in again.sides} == {"victim", "in_process"}


@pytest.fixture
def voided(commune, province, case):
    write(commune, case, phone="000")
    meet(commune, province)
    commune.do(VoidRecord("person", person(commune, case).id, "Nhập nhầm người"))
    write(province, case, phone="222")
    meet(commune, province)
    return case


@pytest.mark.parametrize("reason", [None, "Nhập nhầm người"])
def test_a_voiding_that_met_an_entry_is_chosen_and_taken_back(commune, province, voided, reason):
    (choice,) = commune.ask(Choices())
    assert (choice.register, len(choice.sides)) == (LATE, 2)
    record = choice.record.id
    commune.do(ResolveConflict("person", record, LATE, reason))
    assert commune.ask(CountChoices()) == 0
    assert bool(commune.ask(OpenCase(voided)).persons) == (reason is None)
    commune.do(TakeBackChoice("person", record, LATE))
    (again,) = commune.ask(Choices())
    assert again.register == LATE
    meet(commune, province)
    assert province.ask(CountChoices()) == 1
    province.do(ResolveConflict("person", record, LATE, reason))
    meet(commune, province)
    assert commune.ask(CountChoices()) == 0
    assert bool(commune.ask(OpenCase(voided)).persons) == (reason is None)


# --- the window -------------------------------------------------------------------------------


@pytest.fixture
def before_it(sit_down, commune, phones):
    officer = sit_down(commune, ConflictsPage, CasePage)
    officer.go("conflicts")
    return officer


def buttons(officer):
    return {b.objectName(): b for b in officer.page.findChildren(QAbstractButton)}


def test_i_see_mine_and_theirs_and_keep_mine(before_it, commune, phones):
    officer = before_it
    texts = {n: b.text() for n, b in buttons(officer).items() if "_take_" in n}
    assert sorted(texts.values()) == ["Keep mine", "Take theirs"]
    shown = [officer.child(QLabel, f"person_phone_before_{n}").text() for n in (0, 1)]
    assert shown == ["before: 000", "before: 000"]
    officer.press(next(n for n, text in texts.items() if text == "Keep mine"))
    assert person(commune, phones).get("phone") == "111"
    assert not officer.page.empty.isHidden()


def test_i_undo_my_choice(before_it, commune, phones):
    officer = before_it
    officer.press("conflict_person_phone_take_0")
    assert commune.ask(CountChoices()) == 0
    officer.window.undo_bar.undo()
    officer.wait()
    assert commune.ask(CountChoices()) == 1
    assert "conflict_person_phone_take_0" in buttons(officer)


def test_i_look_at_the_entry_before_i_choose(before_it):
    officer = before_it
    name = next(n for n, b in buttons(officer).items() if b.text() == "Take theirs")
    officer.press(name.replace("take", "preview"))
    assert "222" in officer.child(QLabel, "person_phone_preview").text()


def test_both_stand_in_one_text_that_i_edit(before_it, commune, phones):
    officer = before_it
    officer.press("conflict_person_phone_edit")
    form = officer.page.findChild(QPushButton, "conflict_person_phone_save")
    assert form is not None
    officer.press("conflict_person_phone_save")
    assert person(commune, phones).get("phone") in {"111; 222", "222; 111"}


def test_later_leaves_it_waiting(before_it, commune):
    officer = before_it
    officer.press("conflict_person_phone_later")
    assert commune.ask(CountChoices()) == 1


def test_i_open_the_case_of_a_choice(before_it, phones):
    officer = before_it
    officer.press("conflict_person_phone_open")
    assert isinstance(officer.page, CasePage)
    assert officer.page.case.row.case_id == phones


def test_the_top_of_the_window_counts_what_waits(before_it):
    window = before_it.window
    assert window.to_choose.isHidden()
    window.set_to_choose(3)
    assert not window.to_choose.isHidden()
    assert window.to_choose.text() == "To choose: 3"


def test_valid_or_not(sit_down, commune, voided):
    officer = sit_down(commune, ConflictsPage, CasePage)
    officer.go("conflicts")
    assert "Nhập nhầm người" in officer.child(QLabel, "person_late_drop").text()
    assert "222" in officer.child(QLabel, "person_late_keep").text()
    found = officer.page.findChild(QPushButton, "conflict_person_late_keep")
    found.click()
    officer.wait()
    assert commune.ask(CountChoices()) == 0
    assert person(commune, voided).get("phone") == "222"
