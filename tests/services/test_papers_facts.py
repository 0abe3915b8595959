"""What the records of a case put on its papers, and what papers keep to themselves."""

from __future__ import annotations

from datetime import date

import pytest

from services.conftest import NOW, take_in
from traffick_desk import papers
from traffick_desk.domain.lists import code_list
from traffick_desk.papers import Answer, formfile
from traffick_desk.papers.forms import Options, Paragraph
from traffick_desk.services import paper_facts, reading
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.papers import IssuePaper
from traffick_desk.store.journal import Edit


@pytest.fixture
def sokha(desk: Desk) -> tuple[Desk, str, str]:
    case_id, person_id = take_in(desk, "E3")["E3"]
    return desk, case_id, person_id


def facts(desk: Desk, case_id: str, person_id: str, extra: dict | None = None) -> dict:
    with desk.context.store.read() as cursor:
        case = reading.open_case(desk.context, cursor, case_id)
        return paper_facts.build(desk.context, cursor, case, person_id, extra or {})


def add(desk: Desk, case_id: str, record_type: str, number: int = 1, **values: object) -> str:
    record = f"{number:032x}"
    desk.do(SaveRecords((Edit(record_type, record, {"case": case_id, **values}),)))
    return record


def test_the_last_day_of_support_is_that_of_the_clock(sokha) -> None:
    support = facts(*sokha)["support"]
    assert (support["last_day"] - support["since"]).days == 119


def test_a_stay_that_is_over_is_not_the_present_one(sokha) -> None:
    desk, case_id, person_id = sokha
    before = facts(*sokha)
    assert before["stay"] == {}
    assert len(before["stays"]) == 1
    add(desk, case_id, "stay", person=person_id, kind="foster", since="2026-11-01")
    after = facts(*sokha)
    assert after["stay"]["since"] == date(2026, 11, 1)
    assert [s["since"] for s in after["stays"]] == [date(2026, 1, 20), date(2026, 11, 1)]


def test_tasks_are_what_has_begun_and_is_not_done(sokha) -> None:
    # Only the verification runs, whose limit is not known; nobody has applied for anything yet.
    assert [task["due"] for task in facts(*sokha)["tasks"]] == [None]
    desk, _case_id, _person_id = sokha
    assert any(task["due"] for task in facts(desk, *take_in(desk, "E5")["E5"])["tasks"])


def test_what_was_given_stands_with_its_day_and_quantity(sokha) -> None:
    desk, case_id, _person_id = sokha
    add(desk, case_id, "given_item", item="clothes", quantity=2, given_on="2026-11-20")
    (gift,) = [g for g in facts(*sokha)["support"]["given"] if g["given_on"]]
    assert (gift["quantity"], gift["given_on"]) == (2, date(2026, 11, 20))


def test_consent_ticks_only_a_yes_that_was_not_withdrawn(sokha) -> None:
    desk, case_id, person_id = sokha
    common = {"person": person_id, "scope": ["police"], "giver": "self"}
    add(desk, case_id, "consent", 1, given="yes", asked_on="2026-11-01", **common)
    assert facts(*sokha)["consent"]["scope"] == ["police"]
    add(desk, case_id, "consent", 2, given="no", asked_on="2026-11-02", **common)
    assert facts(*sokha)["consent"]["scope"] is None
    add(
        desk, case_id, "consent", 3, given="yes", asked_on="2026-11-03",
        withdrawn_on="2026-11-04", **common,
    )  # fmt: skip
    assert facts(*sokha)["consent"]["scope"] is None


def test_the_consent_form_offers_what_the_records_know() -> None:
    form = formfile.find("noi-bo/phieu-dong-y")
    (block,) = [p.block for p in form.parts if isinstance(p.block, Options)]
    assert {o.code for o in block.options} == set(code_list("consent_scope").codes())


def test_a_refused_account_is_printed_as_refused_and_a_later_one_left_open(sokha) -> None:
    desk, case_id, person_id = sokha
    add(desk, case_id, "account", person=person_id, state="later")
    assert facts(*sokha)["account"] == {}
    add(desk, case_id, "account", person=person_id, state="refused")
    assert facts(*sokha)["account"] == {"story": Answer.REFUSED}


def test_the_words_of_a_receipt_follow_the_typed_figures(sokha) -> None:
    typed = {"receipt": {"amount": 300_000}}
    assert facts(*sokha, typed)["receipt"]["amount_words"] == "Ba trăm nghìn đồng"
    assert "amount_words" not in facts(*sokha)["receipt"]
    assert "amount_words" not in facts(*sokha, {"receipt": {"amount": -1}})["receipt"]


def test_issued_papers_are_listed_by_their_titles(sokha) -> None:
    desk, case_id, person_id = sokha
    desk.do(IssuePaper(case_id, "noi-bo/the-quyen", person_id))
    (line,) = facts(*sokha)["papers"]
    assert line["title"] == "Thẻ quyền của người được hỗ trợ"
    assert line["day"] == NOW.date()


CARRIED = ("noi-bo/the-quyen", "noi-bo/giay-dua-tre-em", "noi-bo/giay-bien-nhan")


@pytest.mark.parametrize("key", [*CARRIED, "noi-bo/phieu-chuyen-gui"])
def test_papers_that_leave_the_desk_do_not_speak_of_trafficking(key) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    pdf = papers.render(key, {}, blank=True)
    text = " ".join(p.get_textpage().get_text_range() for p in pdfium.PdfDocument(pdf)).lower()
    assert "mẫu nội bộ" in text
    assert not [word for word in ("mua bán", "nạn nhân", "traffick", "victim") if word in text]


NAMELESS = ("noi-bo/tom-tat-ban-giao", "noi-bo/bien-ban-ket-thuc", "noi-bo/the-quyen")


@pytest.mark.parametrize("key", NAMELESS)
def test_papers_that_promise_no_name_ask_for_none(key) -> None:
    paths = {fact.path for fact in papers.needed_facts(key)}
    assert not paths & {"person.name", "person.address", "person.phone", "person.papers"}


def test_letters_print_the_name_only_when_the_officer_chooses_it() -> None:
    for key in ("D30/cong-van-de-nghi-gia-han", "noi-bo/phieu-chuyen-gui"):
        uses = [
            part for part in formfile.find(key).parts
            if isinstance(part.block, Paragraph) and "person.name" in part.block.text.paths()
        ]  # fmt: skip
        assert [part.when for part in uses] == ["letter.with_name"]
