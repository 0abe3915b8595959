"""Referral, payment, stage, closing and hand-over, as an officer does them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from desk.pages import world
from traffick_desk.desk.pages.hand_over import HandOverDialog
from traffick_desk.services import queries
from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement


@pytest.fixture
def woman(officer):
    """The woman of 27 who went straight home; she agreed to health and services."""
    officer.ids = world.people(officer.desk, "E2", "E3", "E9")
    officer.go("case", case_id=officer.ids["E2"])
    return officer


def view(officer):
    return officer.desk.ask(queries.RefreshCase(officer.page._case_id))


def written(officer, record):
    """The record that was written last."""
    return max(view(officer).of(record), key=lambda r: r.id)


def section(officer, key):
    officer.page.list.choose(key)
    officer.wait()
    return officer.page.stack.section(key)


def fill(form, **values):
    for field, value in values.items():
        form.editor(field).set_value(value)
        form.editor(field).edited.emit()
        form.editor(field).leave()


def said(widget) -> str:
    return "\n".join(w.text() for w in widget.findChildren(QLabel) if w.isVisible())


def button(officer, name):
    return officer.page.findChild(QAbstractButton, name)


# -- referral ----------------------------------------------------------------------------------


def test_a_covered_referral_shows_what_is_shared_and_is_sent_today(woman):
    part = section(woman, "referrals")
    part.list.add()
    fill(part.list.form, service="job", to_body="Trung tâm dịch vụ việc làm")
    woman.wait()
    assert part.list.form.editor("sent_on").value() == "2026-11-21"
    assert part.list.form.box("urgent_reason").isHidden()
    assert part.list.form.box("answer").isHidden()
    fill(part.list.form, shared=["name", "phone", "sex"])
    woman.wait()
    words = said(part.card)
    assert "This is shared, and nothing else" in words
    assert "Full name: Lý Thị Mẩy" in words
    assert "Telephone: not known, is left out" in words
    woman.press("referral_submit")
    found = written(woman, "referral")
    assert found.get("shared") == ["name", "phone", "sex"]


def test_without_consent_it_is_written_down_but_not_sent_until_there_is_a_reason(woman):
    part = section(woman, "referrals")
    part.list.add()
    form = part.list.form
    fill(form, service="police", to_body="Công an xã")
    woman.wait()
    line = form.box("shared")._line
    assert line.text().startswith("Not to be sent before consent")
    assert "Police, for verification" in line.text()
    assert form.box("sent_on").isHidden()
    woman.press("referral_submit")
    found = written(woman, "referral")
    assert found.get("sent_on") is None
    assert not button(woman, "referral_slip").isEnabled()
    assert "This would be shared" in said(part.card)
    part.list.change()
    form = part.list.form
    fill(form, urgent_reason="Kẻ mua bán biết chỗ ở")
    woman.wait()
    assert not form.box("sent_on").isHidden()
    fill(form, sent_on="2026-11-21")
    woman.press("referral_submit")
    assert button(woman, "referral_slip").isEnabled()
    assert "for a reason of safety" in said(part.card)


def test_the_slip_is_one_button_and_nothing_of_it_is_typed_again(woman, qtbot):
    part = section(woman, "referrals")
    part.list.add()
    fill(part.list.form, service="job", to_body="Trung tâm dịch vụ việc làm", shared=["sex"])
    woman.press("referral_submit")
    woman.press("referral_slip")
    page = woman.page
    assert page.name == "paper"
    assert page.form_key() == "noi-bo/phieu-chuyen-gui"
    woman.until(page.print_button.isEnabled)
    assert page._from_record.isVisible()
    hidden = [n for n in page.form.names() if page.form.box(n).isHidden()]
    assert {"referral_to_body", "referral_service", "letter_with_name"} <= set(hidden)


def test_an_answer_that_comes_is_two_keys(woman, qtbot):
    part = section(woman, "referrals")
    part.list.add()
    fill(part.list.form, service="job", to_body="Trung tâm dịch vụ việc làm")
    woman.press("referral_submit")
    part.list.view.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_R)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    woman.wait()
    found = written(woman, "referral")
    assert (found.get("answer"), found.get("answered_on")) == ("accepted", "2026-11-21")
    woman.window.undo_bar.undo()
    woman.wait()
    assert written(woman, "referral").get("answer") is None


# -- money -------------------------------------------------------------------------------------


@pytest.fixture
def approved(sit_down, province):
    """At the province's desk, whose role may decide: the same window over the same records."""
    officer = sit_down(province)
    officer.ids = world.people(officer.desk, "E2")
    case = officer.desk.ask(queries.OpenCase(officer.ids["E2"]))
    request = officer.desk.do(RequestEntitlement(case.row.case_id, case.persons[0].id, "L53/k", ""))
    officer.desk.do(DecideEntitlement(request, "approved", amount=3_000_000))
    officer.go("case", case_id=officer.ids["E2"])
    return officer


def test_what_is_approved_is_proposed_for_payment_and_the_receipt_follows(approved):
    part = section(approved, "money")
    assert part.table.rows.rowCount() == 1
    approved.press("payment_pay")
    form = part.list.form
    assert form.editor("amount").value() == 3_000_000
    assert form.editor("regime").value() == "k"
    assert form.editor("received_by").value() == "Lý Thị Mẩy"
    approved.press("payment_submit")
    payment = written(approved, "payment")
    assert payment.get("entitlement") == written(approved, "entitlement").id
    assert not button(approved, "payment_pay").isEnabled()
    assert part.totals.rows.index(0, 2).data() == "3.000.000\N{NO-BREAK SPACE}₫"
    approved.press("payment_receipt")
    page = approved.page
    approved.until(page.print_button.isEnabled)
    assert page.form_key() == "noi-bo/giay-bien-nhan"
    assert page.form.box("receipt_amount").isHidden()


# -- stage and closing -------------------------------------------------------------------------


def test_the_next_stage_needs_no_reason_and_going_back_does(woman):
    woman.press("stage_verification")
    part = woman.page.stack.section("frame")
    assert part.hint.text() == "The case goes back. Why?"
    assert not part.form.box("stage_reason").isHidden()
    woman.press("stage_do")
    assert part.form is not None  # it stays open and says so beside the field
    assert "write down why" in part.form.box("stage_reason")._line.text()
    fill(part.form, stage_reason="Có lời khai mới")
    woman.press("stage_do")
    assert view(woman).row.stage == "verification"
    assert "Có lời khai mới" in said(part.card)
    woman.press("stage_support")
    assert part.form.box("stage_reason").isHidden()
    woman.press("stage_do")
    assert view(woman).row.stage == "support"
    history = section(woman, "history")
    rows = [history.table.rows.index(n, 2).data() for n in range(history.table.rows.rowCount())]
    assert any("Reason for the stage: Có lời khai mới" in text for text in rows)


def test_a_skipped_stage_is_named(woman):
    woman.go("case", case_id=woman.ids["E9"])
    woman.press("stage_reintegration")
    assert woman.page.stack.section("frame").hint.text() == "This leaves out: Support. Why?"


def test_closing_tells_what_is_open_and_opening_again_keeps_both(woman):
    part = section(woman, "frame")
    woman.wait()
    assert part.table.rows.rowCount() > 0
    woman.press("case_close")
    assert "still open; see below" in part.hint.text()
    assert "21/11/2027" in part.hint.text()
    woman.press("stage_do")
    assert part.form is not None
    fill(part.form, closed_code="reintegrated", closed_reason="Đã ổn định")
    woman.press("stage_do")
    assert view(woman).row.stage == "closed"
    assert "21/11/2027" in part.archive.text()
    assert "Đã ổn định" in said(part.card)
    assert any("closing record" in text for text in woman.notices())
    assert button(woman, "case_close").isHidden()
    woman.press("case_reopen")
    fill(part.form, stage_reason="Chị gọi lại")
    woman.press("stage_do")
    assert view(woman).row.stage == "support"
    kinds = [s.get("kind") for s in view(woman).of("step")]
    assert kinds[-2:] == ["closed", "reopened"]


def test_a_reason_that_is_being_typed_survives_the_power_going(woman, sit_down):
    part = section(woman, "frame")
    woman.press("case_close")
    fill(part.form, closed_code="lost", closed_reason="Đang viết dở")
    woman.page.save_drafts()
    woman.wait()
    again = sit_down(woman.desk)
    again.go("case", case_id=woman.ids["E2"])
    found = again.page.stack.section("frame")
    again.until(lambda: found.form is not None)
    assert found.form.editor("closed_reason").value() == "Đang viết dở"
    assert found.form.editor("stage").value() == "closed"


def test_what_is_open_leads_to_its_section(woman):
    part = section(woman, "frame")
    part.table.selectRow(0)
    kind = part.table.chosen().section
    part.table.activated.emit(part.table.currentIndex())
    assert woman.page.list.current() == kind


# -- hand-over ---------------------------------------------------------------------------------


def test_one_case_goes_to_another_officer_with_its_summary(woman):
    section(woman, "frame")
    woman.press("case_hand_over")
    dialog = woman.window.findChild(HandOverDialog)
    woman.wait()
    assert not dialog.do.isEnabled()  # nobody is chosen by accident
    dialog.to_box.setEditText("Lò Văn Nam")
    assert dialog.do.isEnabled()
    dialog.give()
    woman.wait()
    assert view(woman).case.get("officer") == "Lò Văn Nam"
    notice = woman.window.host.messages.shown()[0]
    notice.findChild(QAbstractButton, "notice_action_0").click()
    woman.wait()
    assert woman.page.form_key() == "noi-bo/tom-tat-ban-giao"
    assert woman.page.form.editor("summary_to_officer").value() == "Lò Văn Nam"


def test_all_open_cases_change_hands_at_once_and_can_be_taken_back(woman):
    dialog = HandOverDialog(woman.window, woman.window.host)
    dialog.open()
    woman.wait()
    assert dialog.words.text() == "3 open cases change hands."
    dialog.to_box.setEditText("Lò Thị Hoa")
    assert not dialog.do.isEnabled()  # she has them already
    dialog.to_box.setEditText("Lò Văn Nam")
    dialog.give()
    woman.wait()
    for case in woman.ids.values():
        found = woman.desk.ask(queries.RefreshCase(case))
        assert found.case.get("officer") == "Lò Văn Nam"
    woman.window.undo_bar.undo()
    woman.wait()
    found = woman.desk.ask(queries.RefreshCase(woman.ids["E3"]))
    assert found.case.get("officer") == "Lò Thị Hoa"


def test_a_case_that_would_move_without_consent_says_so(woman):
    woman.go("case", case_id=woman.ids["E9"])  # he agreed to health and police
    part = section(woman, "frame").parts["case"][1]
    part.change()
    fill(part.form, unit=world.UNITS.search("Lũng Cú, Tuyên Quang", limit=1)[0].id)
    line = part.form.box("unit")._line.text()
    assert line.startswith("Not to be sent before consent")
    woman.press("case_submit")  # told, not blocked
    assert not part.is_open()
