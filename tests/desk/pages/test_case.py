"""The page of a case, as an officer would tell it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from desk.pages import world
from traffick_desk import i18n, law
from traffick_desk.desk.pages.record_list import RecordList
from traffick_desk.services import queries
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.numbering import mark
from traffick_desk.store.journal import Edit


@pytest.fixture
def case(officer):
    """The woman who came alone yesterday evening; nobody has told the health department."""
    ids = world.people(officer.desk, "E5", "E7", "E1")
    officer.ids = ids
    officer.go("case", case_id=ids["E5"])
    return officer


def view(officer):
    return officer.desk.ask(queries.RefreshCase(officer.page._case_id))


def part(officer, section, name):
    officer.page.list.choose(section)
    officer.wait()
    return officer.page.stack.section(section).parts[name][1]


def regime(officer, letter):
    """Choose a regime in the column beside the case."""
    listed = officer.page.regimes.list
    model = listed.model()
    row = next(n for n in range(model.rowCount()) if model.line(n).code.endswith(f"/{letter}"))
    listed.setCurrentIndex(model.index(row))
    return model.line(row)


def test_the_head_says_who_without_a_name(case):
    said = case.page.head.identity.text()
    assert said == f"TD{mark('a1')}-0002/2026 – female, 22 years old – being identified"
    assert "Vàng" not in case.window.windowTitle()


def test_i_see_what_is_to_be_done_by_when_and_why(case):
    what = case.page.next._what.text()
    assert "overdue, 20:40 20/11/2026 (yesterday)" in what
    assert "27(1)" in case.page.next._when.text()
    assert case.page.next.act.text() == "Write the &letter"


def test_i_note_the_telephone_call_and_take_it_back(case):
    case.press("next_phone")
    (step,) = view(case).of("step")
    assert (step.get("kind"), step.get("channel")) == ("health_notified", "phone")
    assert "overdue" not in case.page.next._what.text()
    case.window.undo_bar.undo()
    case.wait()
    assert view(case).of("step") == ()
    assert "overdue" in case.page.next._what.text()


def test_i_change_one_thing_and_only_that_is_saved(case):
    before = len(case.desk.ask(queries.History(case.ids["E5"])))
    person = part(case, "identity", "person")
    person.change()
    person.form.editor("phone").set_value("0912 345 678")
    case.press("person_submit")
    newest, *rest = case.desk.ask(queries.History(case.ids["E5"]))
    assert dict(newest.fields) == {"phone": "0912 345 678"}
    assert len(rest) == before
    assert not person.is_open()
    case.window.undo_bar.undo()
    case.wait()
    assert view(case).persons[0].get("phone") is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_S])
def test_ctrl_enter_or_s_saves_and_f2_opens(case, qtbot, key):
    case.page.list.choose("identity")
    qtbot.keyClick(case.page, Qt.Key.Key_F2)
    person = part(case, "identity", "person")
    assert person.is_open()
    person.form.editor("phone").set_value("113")
    line = person.form.editor("phone").focusProxy()
    line.setFocus()
    qtbot.keyClick(line, key, Qt.KeyboardModifier.ControlModifier)
    case.wait()
    assert view(case).persons[0].get("phone") == "113"


def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(case):
    person = part(case, "identity", "person")
    person.change()
    person.form.editor("birth").set_value("2026-11-21")
    case.press("person_submit")
    assert person.is_open()
    assert case.child(QLabel, "birth_line").text()
    assert view(case).persons[0].get("birth") == "2004-04-04"
    assert person.form.editor("birth").value() == "2026-11-21"


def test_what_is_unlikely_is_said_and_may_stay(case):
    stays = part(case, "stays", "stay")
    stays.add_button.click()
    stays.form.suggest({"kind": "social", "since": "2026-12-01"})
    stays.form.editor("since").leave()
    assert "future" in case.child(QLabel, "since_line").text()
    case.press("stay_submit")
    assert len(view(case).of("stay")) == 1


def test_i_write_down_a_paper_and_mark_it_as_not_valid_with_the_reason(case):
    papers = part(case, "papers", "identity_paper")
    papers.add_button.click()
    papers.form.suggest({"kind": "passport", "number": "C1234567"})
    case.press("identity_paper_submit")
    assert papers.model.rowCount() == 1
    papers.ask_to_remove()
    void = case.child(QAbstractButton, "identity_paper_void")
    assert not void.isEnabled()
    papers.reason.setText("giấy của người khác")
    case.press("identity_paper_void")
    assert "giấy của người khác" in papers.model.index(0).data()
    assert view(case).of("identity_paper") == ()
    case.window.undo_bar.undo()
    case.wait()
    assert len(view(case).of("identity_paper")) == 1


def test_in_a_case_of_two_the_form_asks_whose_paper_it_is(case):
    papers = part(case, "papers", "identity_paper")
    papers.add_button.click()
    main = view(case).persons[0].id
    assert papers.form.editor("person").value() == main


def test_a_form_i_left_open_is_there_again_tomorrow(case, sit_down):
    person = part(case, "identity", "person")
    person.change()
    case.type(person.form, "phone", "0912")
    case.until(lambda: len(case.desk.ask(queries.Drafts())) == 1)
    case.wait()
    case.close()
    again = sit_down(case.desk)
    (draft,) = again.desk.ask(queries.Drafts())
    again.go("case", case_id=draft.case_id, draft=draft.key)
    person = part(again, "identity", "person")
    assert person.is_open()
    assert person.form.editor("phone").value() == "0912"
    again.press("person_submit")
    assert again.desk.ask(queries.Drafts()) == ()


def test_leaving_a_form_without_saving_drops_its_draft(case):
    person = part(case, "identity", "person")
    person.change()
    case.type(person.form, "phone", "0912")
    case.until(lambda: len(case.desk.ask(queries.Drafts())) == 1)
    case.wait()
    case.press("person_cancel")
    assert case.desk.ask(queries.Drafts()) == ()


# --- what the law gives ---------------------------------------------------------------------


def test_beside_the_case_stand_all_ten_regimes_with_their_state_in_words(case):
    model = case.page.regimes.list.model()
    assert [model.line(n).outcome.regime.letter for n in range(model.rowCount())] == list(
        "abcdđeghik"
    )
    assert "granted" in regime(case, "a").result
    assert "amount not available" in regime(case, "a").result
    assert regime(case, "h").result == "not granted"
    assert case.page.regimes.days.text() == "Day 2 of 120"


def test_why_tells_fact_rule_and_article_and_esc_comes_back(case):
    regime(case, "a")
    case.press("regime_why")
    said = " ".join(label.text() for label in case.page.regimes.findChildren(QLabel, "trace_line"))
    assert "Art. 37(3)" in said
    assert "Status" in said
    case.window.back()
    assert not case.page.regimes.showing_reasons()
    assert case.page.name == "case"


def test_a_person_identified_in_2022_stays_under_the_law_of_2011(case):
    case.go("case", case_id=case.ids["E7"])
    assert "66/2011" in case.page.regimes.law.text()
    case.press("regime_law_why")
    said = " ".join(label.text() for label in case.page.regimes.findChildren(QLabel, "trace_line"))
    assert "10/05/2022" in said


def test_what_the_case_costs_to_date_stands_in_one_quiet_line(case):
    line = case.page.regimes.costs
    assert line.text() == "Known cost of the case to date: amount not available"
    assert line.isVisible()
    case.go("case", case_id=case.ids["E7"])
    case.until(lambda: "6,300,000" in line.text())
    assert line.text() == "Known cost of the case to date: at least 6,300,000 ₫"


def test_i_choose_the_child_and_see_what_the_child_gets(case):
    panel = case.page.regimes
    assert panel.person.count() == 2
    before = panel.category.text()
    panel.person.setCurrentIndex(1)
    panel.person.activated.emit(1)
    case.wait()
    assert panel.category.text() != before


def test_i_request_a_regime_and_take_it_back(case):
    regime(case, "b")
    case.press("regime_request")
    line = regime(case, "b")
    assert line.request.text == "requested on 21/11/2026"
    assert not case.child(QAbstractButton, "regime_request").isEnabled()
    assert len(view(case).of("entitlement")) == 1
    case.window.undo_bar.undo()
    case.wait()
    assert regime(case, "b").request is None


MEAL = """
kind: amendments
number: 1
made_on: 2026-11-21
changes:
  - level: N-a-meal
    from: 2026-10-01
    amount: {vnd: 70000}
    cite: [{instrument: C120, sources: [on paper]}]
    mark: T
"""


def test_rules_that_came_after_a_request_are_told_beside_it(case):
    regime(case, "a")
    case.press("regime_request")
    rules = case.desk.context.rules
    rules.amended = law.amend(rules.national, MEAL)
    case.desk.tell(frozenset({"rules", "cases"}))
    case.wait()
    line = regime(case, "a")
    before, _arrow, after = line.newer.partition("→")
    assert "amount not available" in before
    assert "70,000 ₫/person per day" in after
    assert line.newer in line.words


def test_what_is_not_granted_cannot_be_requested(case):
    regime(case, "h")
    assert not case.child(QAbstractButton, "regime_request").isEnabled()


def ask_the_province(commune_officer, sit_down, province_desk, letter="b"):
    regime(commune_officer, letter)
    commune_officer.press("regime_request")
    world.carry(commune_officer.desk, province_desk)
    other = sit_down(province_desk)
    (request,) = view(commune_officer).of("entitlement")
    other.go("case", case_id=commune_officer.page._case_id, entitlement=request.id)
    return other


def test_the_province_returns_a_request_only_with_the_reason(case, sit_down, province):
    desk = ask_the_province(case, sit_down, province)
    desk.press("decide_return")
    assert view(desk).of("entitlement_decision") == ()
    assert "reason" in desk.child(QLabel, "reason_line").text()
    panel = desk.page.stack.section("support").panel
    panel.form.editor("reason").set_value("Thiếu giấy ra viện")
    desk.press("decide_return")
    (decision,) = view(desk).of("entitlement_decision")
    assert decision.get("decision") == "returned"
    world.carry(province, case.desk)
    case.wait()
    line = regime(case, "b")
    assert line.request.text == "returned: Thiếu giấy ra viện"
    assert case.child(QAbstractButton, "regime_request").text() == "&Request again"


def test_the_province_approves_with_an_amount_and_the_commune_sees_it(case, sit_down, province):
    desk = ask_the_province(case, sit_down, province)
    desk.page.stack.section("support").panel.form.suggest({"amount": 1_500_000})
    desk.press("decide_approve")
    world.carry(province, case.desk)
    case.wait()
    assert regime(case, "b").request.text == (
        "approved by the province on 21/11/2026: 1.500.000\u00a0₫"
    )


def test_the_commune_does_not_decide(case):
    case.page.list.choose("support")
    case.wait()
    assert case.child(QAbstractButton, "request_decide").isHidden()


# --- two values -----------------------------------------------------------------------------


@pytest.fixture
def two_values(case, province):
    """Commune and province wrote another telephone number without knowing of each other."""
    world.carry(case.desk, province)
    person = view(case).persons[0]
    case.person = person.id
    province.do(SaveRecords((Edit("person", person.id, {"phone": "222"}, {"phone": ()}),)))
    case.desk.do(SaveRecords((Edit("person", person.id, {"phone": "111"}, {"phone": ()}),)))
    world.carry(province, case.desk)
    case.wait()
    return case


def test_i_am_told_that_two_values_wait_and_see_both_with_who_wrote_them(two_values):
    officer = two_values
    assert not officer.page.conflicts.isHidden()
    officer.press("conflict_choose")
    assert officer.page.list.current() == "conflicts"
    shown = [officer.child(QLabel, f"person_phone_value_{n}").text() for n in (0, 1)]
    assert sorted(shown) == ["111", "222"]
    said = " ".join(label.text() for label in officer.page.findChildren(QLabel))
    assert "Lò Thị Hoa" in said
    province = world.UNITS.province_of(world.DONG_VAN).id
    assert f"{world.UNITS.full_name(province)} · b2" in said


def test_i_choose_one_and_the_case_is_at_peace(two_values):
    officer = two_values
    officer.press("conflict_choose")
    shown = [officer.child(QLabel, f"person_phone_value_{n}").text() for n in (0, 1)]
    officer.press(f"conflict_person_phone_take_{shown.index('222')}")
    person = view(officer).persons[0]
    assert person.get("phone") == "222"
    assert not person.conflicts
    assert officer.page.conflicts.isHidden()


def test_neither_fits_so_i_write_a_third_value(two_values):
    officer = two_values
    officer.press("conflict_choose")
    officer.press("conflict_person_phone_edit")
    choice = officer.child(QWidget, "conflict_person_phone")
    choice.form.editor("phone").set_value("333")
    officer.press("conflict_person_phone_save")
    person = view(officer).persons[0]
    assert person.get("phone") == "333"
    assert not person.conflicts


def test_a_correction_in_passing_does_not_settle_the_choice(two_values):
    officer = two_values
    person = part(officer, "identity", "person")
    person.change()
    person.form.editor("phone").set_value("444")
    officer.press("person_submit")
    assert view(officer).persons[0].conflicts


# --- the page as a whole --------------------------------------------------------------------


def test_the_history_tells_who_wrote_what(case):
    case.page.list.choose("history")
    case.wait()
    rows = case.page.stack.section("history").table.rows
    assert rows.rowCount() > 5
    assert rows.index(0, 1).data() == "Lò Thị Hoa"
    said = " ".join(rows.index(n, 2).data() for n in range(rows.rowCount()))
    assert "Vàng Thị Dợ" in said
    assert view(case).persons[0].id not in said


def test_initials_stand_in_lists_when_the_person_opposite_can_read(case):
    case.window.host.privacy.switch(True)
    case.wait()
    assert "Vàng" not in case.page.regimes.person.itemText(0)


def test_a_narrow_window_folds_the_column_into_its_section(case):
    case.window.resize(900, 700)
    case.wait()
    assert case.page._column.isHidden()
    case.page.list.choose("support")
    case.wait()
    assert case.page.regimes.isVisible()
    case.window.resize(1366, 768)
    case.wait()
    assert not case.page._column.isHidden()
    assert case.page.regimes.isVisible()


def test_the_form_that_opens_is_scrolled_to(case):
    case.window.resize(1366, 620)
    listed = part(case, "papers", "address")
    listed.add()
    case.wait()
    field = listed.form.editor("kind")
    assert not field.visibleRegion().isEmpty()


def test_another_case_leaves_nothing_of_the_first_on_screen(case):
    part(case, "papers", "identity_paper")
    case.go("case", case_id=case.ids["E1"])
    said = " ".join(label.text() for label in case.page.findChildren(QLabel))
    assert "Vàng" not in said


SECTIONS = [
    "identity",
    "papers",
    "minors",
    "reception",
    "account",
    "consent",
    "status",
    "stays",
    "steps",
    "support",
    "money",
    "referrals",
    "printed",
    "notes",
    "frame",
    "history",
]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_control_has_a_name_and_no_two_share_a_letter(case, language):
    i18n.set_language(language)
    case.go("case", case_id=case.ids["E1"])
    for section in SECTIONS:
        case.page.list.choose(section)
        case.wait()
        letters: dict[str, str] = {}
        for widget in case.page.findChildren(QWidget):
            if not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
                continue
            assert widget.objectName(), f"{section}: {widget}"
            assert widget.accessibleName(), f"{section}: {widget.objectName()}"
        for button in case.window.findChildren(QAbstractButton):
            if not button.isVisible() or "&" not in button.text():
                continue
            letter = QKeySequence.mnemonic(button.text()).toString()
            assert letter, button.text()
            assert letter not in letters, f"{section}: {letters.get(letter)} / {button.text()}"
            letters[letter] = button.text()


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_opens_for_a_full_and_for_an_empty_case(case, section):
    for who in ("E1", "E7"):
        case.go("case", case_id=case.ids[who], section=section)
        assert case.page.list.current() == section
        assert case.page.stack.places[section].isVisible()


def test_lists_behave_as_models_should(case, qtmodeltester):
    case.page.list.choose("steps")
    case.wait()
    for model in (
        case.page.list.lines,
        case.page.regimes.list.model(),
        case.page.stack.section("steps").table.rows,
        case.page.findChildren(RecordList)[0].model,
    ):
        qtmodeltester.check(model)
