"""What was approved, what was paid on it, and whose hands a case is in."""

from __future__ import annotations

import pytest

from services.conftest import take_in
from traffick_desk import i18n, papers
from traffick_desk.services import money
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.closing import CloseCase, Closing
from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement, SaveRecords
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.handover import HandOver, IssueSummaries, OfficersInCharge, TakeBack
from traffick_desk.services.paper_record import RECEIPT
from traffick_desk.services.papers import PreviewPaper
from traffick_desk.services.queries import RefreshCase
from traffick_desk.store.journal import Edit


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture
def province(make) -> Desk:
    return make("province")


def approve(desk: Desk, person, regime: str, amount: int | None) -> str:
    request = desk.do(RequestEntitlement(*person, regime))
    desk.do(DecideEntitlement(request, "approved", amount=amount))
    return request


def pay(desk: Desk, person, regime: str, amount: int, **values) -> str:
    record = new_id()
    fields = {"case": person[0], "person": person[1], "regime": regime, "amount": amount}
    fields |= {"paid_on": "2026-11-20", **values}
    desk.do(SaveRecords((Edit("payment", record, fields),)))
    return record


def view(desk, person):
    return desk.ask(RefreshCase(person[0]))


def test_what_is_approved_is_paid_in_parts(province) -> None:
    person = take_in(province, "E2")["E2"]
    request = approve(province, person, "L53/k", 3_000_000)
    (found,) = money.unpaid(view(province, person))
    assert (found.left, found.code) == (3_000_000, "k")
    pay(province, person, "k", 1_000_000, entitlement=request)
    (found,) = money.unpaid(view(province, person))
    assert found.left == 2_000_000
    pay(province, person, "k", 2_000_000)  # names no request, and still counts
    assert money.unpaid(view(province, person)) == ()
    (total,) = money.totals(view(province, person))
    assert (total.approved, total.paid, total.unknown) == (3_000_000, 3_000_000, 0)


def test_an_approval_without_an_amount_is_never_zero(province) -> None:
    person = take_in(province, "E2")["E2"]
    approve(province, person, "L53/g", None)
    (found,) = money.unpaid(view(province, person))
    assert found.left is None
    (total,) = money.totals(view(province, person))
    assert (total.approved, total.unknown) == (0, 1)
    texts = [i.whole for i in province.ask(Closing(person[0])).items if i.kind == "unpaid"]
    assert len(texts) == 1
    assert "0" not in texts[0]
    pay(province, person, "g", 150_000)
    assert money.unpaid(view(province, person)) == ()


def test_one_payment_is_not_counted_for_two_approvals(province) -> None:
    person = take_in(province, "E2")["E2"]
    approve(province, person, "L53/k", 100_000)
    approve(province, person, "L53/k", 200_000)
    pay(province, person, "k", 150_000)
    assert [a.paid for a in money.approved(view(province, person))] == [100_000, 50_000]
    assert sum(a.left for a in money.unpaid(view(province, person))) == 150_000


def test_letters_of_the_law_of_2011_mean_their_own_regimes(province) -> None:
    person = take_in(province, "E7")["E7"]
    approve(province, person, "L66/e", 3_000_000)  # the allowance, not the journey
    (found,) = money.unpaid(view(province, person))
    assert found.code == "k"
    pay(province, person, "k", 3_000_000)
    assert money.unpaid(view(province, person)) == ()
    kinds = {i.text for i in province.ask(Closing(person[0])).items if i.kind == "regime"}
    assert not [t for t in kinds if t.startswith("Nobody acted yet: e)")]


def test_the_receipt_is_made_of_the_payment(province) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    person = take_in(province, "E2")["E2"]
    request = approve(province, person, "L53/k", 3_000_000)
    payment = pay(province, person, "k", 3_000_000, entitlement=request, received_by="Lý Văn Pao")
    issued = province.ask(PreviewPaper(person[0], RECEIPT, person[1], record_id=payment))
    text = pdfium.PdfDocument(issued.pdf)[0].get_textpage().get_text_range()
    assert "3.000.000" in text
    assert "Ba triệu đồng" in text
    assert "Duyệt ngày 21/11/2026" in text
    assert "Lý Văn Pao" in text
    assert {"receipt.amount", "receipt.content", "receipt.basis"} <= issued.given


def test_all_open_cases_of_an_officer_change_hands_at_once(desk) -> None:
    ids = {n: case for n, (case, _p) in take_in(desk, "E2", "E3", "E9").items()}
    desk.do(CloseCase(ids["E9"], "not_victim", "Công an tỉnh trả lời"))
    (mine,) = desk.ask(OfficersInCharge()).in_charge
    assert (mine.name, set(mine.cases)) == ("Nguyễn Thị Hương", {ids["E2"], ids["E3"]})
    with pytest.raises(InvalidValues):
        desk.do(HandOver(mine.cases, " "))
    before = desk.do(HandOver(mine.cases, "Lò Văn Nam"))
    found = desk.ask(OfficersInCharge())
    assert [(o.name, len(o.cases)) for o in found.in_charge] == [("Lò Văn Nam", 2)]
    assert set(found.names) == {"Nguyễn Thị Hương", "Lò Văn Nam"}
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT object FROM audit WHERE action = 'case.hand_over'")
        assert set(cursor.fetchone()[0].split(",")) == set(mine.cases)
    issued = desk.do(IssueSummaries(mine.cases, "Lò Văn Nam"))
    assert papers.page_count(issued.pdf) >= 2
    assert all(desk.ask(RefreshCase(c)).of("paper") for c in mine.cases)
    desk.do(TakeBack(before))
    assert [o.name for o in desk.ask(OfficersInCharge()).in_charge] == ["Nguyễn Thị Hương"]
