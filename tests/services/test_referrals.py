"""What may be shared is what the person agreed to, and nothing that was not chosen."""

from __future__ import annotations

from datetime import date

import pytest

from services.conftest import take_in
from traffick_desk import i18n, papers
from traffick_desk.services import consent, paper_record, reading
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.paper_facts import build
from traffick_desk.services.papers import PreviewPaper
from traffick_desk.services.queries import RefreshCase, Today
from traffick_desk.services.referrals import AnswerReferral, SharedFacts
from traffick_desk.store.journal import Edit


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture
def woman(desk: Desk) -> tuple[str, str]:
    return take_in(desk, "E2")["E2"]  # she agreed to health and services


def write(desk: Desk, kind: str, person: tuple[str, str], record: str = "", **values) -> str:
    record = record or new_id()
    fields = {"case": person[0], "person": person[1], **values}
    desk.do(SaveRecords((Edit(kind, record, fields),)))
    return record


def state(desk: Desk, person: tuple[str, str], service: str) -> consent.State:
    return consent.covering(desk.ask(RefreshCase(person[0])), person[1], service).state


def test_each_service_needs_its_own_scope(desk, woman) -> None:
    assert state(desk, woman, "schooling") is consent.State.COVERED
    assert state(desk, woman, "commune") is consent.State.COVERED
    assert state(desk, woman, "medical") is consent.State.COVERED
    assert state(desk, woman, "police") is consent.State.OTHER_SCOPE
    write(desk, "consent", woman, given="yes", asked_on="2026-11-20", scope=["police"])
    assert state(desk, woman, "police") is consent.State.COVERED
    assert state(desk, woman, "schooling") is consent.State.OTHER_SCOPE  # the last answer counts


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"given": "no"}, consent.State.REFUSED),
        ({"given": "refused"}, consent.State.REFUSED),
        ({"given": "unknown"}, consent.State.NOT_ASKED),
        (
            {"given": "yes", "scope": ["services"], "withdrawn_on": "2026-11-21"},
            consent.State.WITHDRAWN,
        ),
        ({"given": "yes"}, consent.State.OTHER_SCOPE),
    ],
)
def test_only_a_yes_that_holds_covers(desk, woman, answer, found) -> None:
    write(desk, "consent", woman, asked_on="2026-11-20", **answer)
    assert state(desk, woman, "job") is found


def test_a_child_that_was_not_asked_is_not_covered_by_the_mother(desk) -> None:
    case_id, _mother = take_in(desk, "E1")["E1"]
    case = desk.ask(RefreshCase(case_id))
    child = next(p for p in case.persons if p.get("role") != "main")
    assert consent.covering(case, child.id, "child").state is consent.State.NOT_ASKED


def test_what_is_shared_is_seen_before_and_a_secret_address_never(desk, woman) -> None:
    write(desk, "need", woman, domain="housing", score="hard", assessed_on="2026-11-01")
    write(desk, "need", woman, domain="housing", score="helped", assessed_on="2026-11-20")
    codes = ("name", "birth", "needs", "address", "minors", "phone")
    found = {x.code: x.value for x in desk.ask(SharedFacts(*woman, codes))}
    assert found["name"] == "Lý Thị Mẩy"
    assert found["birth"] == "10/01/1999"
    assert found["needs"].startswith("Housing: 3 – getting by with help")
    assert "Bản Liếp" in found["address"]
    assert (found["minors"], found["phone"]) == ("none", "")
    address = desk.ask(RefreshCase(woman[0])).of("address")[0]
    desk.do(SaveRecords((Edit("address", address.id, {"do_not_print": "yes"}),)))
    (line,) = desk.ask(SharedFacts(*woman, ("address",)))
    assert line.value == ""


def slip(desk: Desk, woman, referral: str) -> dict:
    with desk.context.store.read() as cursor:
        case = reading.open_case(desk.context, cursor, woman[0])
        record = paper_record.of(case, paper_record.SLIP, woman[1], referral)
        typed = {"letter": {"with_name": True}, "referral": {"to_body": "ai đó"}}
        return build(
            desk.context, cursor, case, woman[1], typed, form=paper_record.SLIP, record=record
        )


def text_of(pdf: bytes) -> str:
    pdfium = pytest.importorskip("pypdfium2")
    return " ".join(p.get_textpage().get_text_range() for p in pdfium.PdfDocument(pdf))


def test_the_slip_prints_the_chosen_things_alone_and_typing_adds_none(desk, woman) -> None:
    values = {"service": "job", "to_body": "Trung tâm dịch vụ việc làm", "sent_on": "2026-11-20"}
    referral = write(desk, "referral", woman, shared=["language", "sex"], **values)
    facts = slip(desk, woman, referral)
    assert facts["letter"]["with_name"] is None
    assert facts["referral"]["to_body"] == "Trung tâm dịch vụ việc làm"
    assert facts["referral"]["service"] == "Giới thiệu việc làm"
    assert [x["label"] for x in facts["referral"]["shared"]] == [
        "Giới tính",
        "Ngôn ngữ, phiên dịch",
    ]
    issued = desk.ask(PreviewPaper(woman[0], paper_record.SLIP, woman[1], record_id=referral))
    text = text_of(issued.pdf)
    assert issued.record == referral
    assert "referral.to_body" in issued.given
    assert "Giới tính: Nữ" in text
    assert "20 tháng 11" in text
    assert not [w for w in ("Lý Thị Mẩy", "1999", "Bản Liếp") if w in text]
    write(desk, "referral", woman, referral, shared=["name", "sex"])
    issued = desk.ask(PreviewPaper(woman[0], paper_record.SLIP, woman[1], record_id=referral))
    assert "Lý Thị Mẩy" in text_of(issued.pdf)
    assert papers.page_count(issued.pdf) == 1


def test_before_consent_the_slip_holds_nothing_but_safety_may_come_first(desk, woman) -> None:
    values = {"service": "police", "to_body": "Công an xã", "shared": ["name", "account"]}
    referral = write(desk, "referral", woman, **values)
    text = text_of(
        desk.ask(PreviewPaper(woman[0], paper_record.SLIP, woman[1], record_id=referral)).pdf
    )
    assert "CHƯA ĐƯỢC GỬI" in text
    assert "Lý Thị Mẩy" not in text
    assert consent.held(desk.ask(RefreshCase(woman[0])), _record(desk, woman, referral))
    write(desk, "referral", woman, referral, urgent_reason="Kẻ mua bán đang đến nhà")
    text = text_of(
        desk.ask(PreviewPaper(woman[0], paper_record.SLIP, woman[1], record_id=referral)).pdf
    )
    assert "Lý Thị Mẩy" in text
    assert "vì an toàn của người đó" in text
    assert "Kẻ mua bán" not in text  # the reason stays in the case


def _record(desk, person, record):
    return next(r for r in desk.ask(RefreshCase(person[0])).of("referral") if r.id == record)


def test_an_answer_is_written_with_its_day_and_a_wrong_one_is_refused(desk, woman) -> None:
    values = {"service": "job", "to_body": "TT", "sent_on": "2026-11-20", "answer_by": "2026-11-21"}
    referral = write(desk, "referral", woman, **values)
    before = desk.do(AnswerReferral(referral, "not_come"))
    assert before == {"answer": None, "answered_on": None}
    found = _record(desk, woman, referral)
    assert (found.get("answer"), found.get("answered_on")) == ("not_come", "2026-11-21")
    with pytest.raises(InvalidValues):
        desk.do(AnswerReferral(referral, "maybe"))


def test_a_referral_that_waits_is_told_as_not_sent(desk, woman) -> None:
    write(desk, "referral", woman, service="police", to_body="CA", answer_by="2026-11-20")
    assert "Referral not sent yet: Police, border guard" in {i.text for i in desk.ask(Today())}


@pytest.mark.parametrize(
    ("birth", "giver", "told"),
    [
        ("2014-03-01", "self", True),
        ("2014-03-01", "both", False),
        ("2021-03-01", "representative", False),
        ("2021-03-01", "self", True),
        ("1999-01-10", "self", False),
        ("2010~", "self", True),  # may be under 16
    ],
)
def test_a_child_agrees_together_with_the_representative(desk, woman, birth, giver, told) -> None:
    desk.do(SaveRecords((Edit("person", woman[1], {"birth": birth}),)))
    write(desk, "consent", woman, given="yes", giver=giver, scope=["services"])
    case = desk.ask(RefreshCase(woman[0]))
    assert bool(consent.child_note(case, woman[1], date(2026, 11, 21))) is told
