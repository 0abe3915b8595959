"""Erasing on demand: two people, what stands against it, peers, copies, proof, certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.conftest import PASSWORD, Make, take_in
from services.test_backup import _link
from services.test_referrals import text_of
from traffick_desk import i18n
from traffick_desk.services import (
    backup,
    demands,
    erasing,
    exchange,
    officers,
    restore,
    retention,
)
from traffick_desk.services.base import Desk
from traffick_desk.services.closing import CloseCase
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.demands import GoesOn
from traffick_desk.services.erasure import (
    CaseHeld,
    CaseOpen,
    ErasureRequests,
    Erasures,
    OrderErasure,
    PreviewErasure,
    RequestErasure,
    TwoPeople,
)
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.holds import EndHold, HoldCase, Holds
from traffick_desk.services.paper_record import DEMAND, TELL
from traffick_desk.services.papers import IssuePaper
from traffick_desk.services.queries import CountCases, OpenCase, SearchCases, Today
from traffick_desk.services.verify import verify
from traffick_desk.store.journal import Edit
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.pages import decrypted
from traffick_desk.vault.primitives import subkey

NAME = "Quàng Thị Xuýnh"
PHONE = "0987611223"


@pytest.fixture(autouse=True)
def english():
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


def named_case(desk: Desk) -> str:
    """The case of E5 under a name that nobody else has, closed."""
    case, person = take_in(desk, "E5")["E5"]
    desk.do(SaveRecords((Edit("person", person, {"name": NAME, "phone": PHONE}),)))
    desk.do(CloseCase(case, "reintegrated", "Xong"))
    return case


def in_file(folder: Path, login: str = "huong") -> set[str]:
    """Which of the words any decrypted page of a vault or copy holds."""
    header = vault_header.read_header(folder / vault_header.FILE_NAME)
    unlocked = slots.unlock_with_password(header, login, PASSWORD)
    key = bytes(subkey(unlocked.dek, "database"))
    content = b"".join(decrypted(folder / "vault.db", key))
    words = {NAME: NAME.encode(), PHONE: PHONE.encode()}
    return {name for name, word in words.items() if word in content}


def linked(make: Make, tmp_path: Path) -> tuple[Desk, Desk, Path]:
    stick = tmp_path / "usb"
    stick.mkdir()
    commune, province = make("commune"), make("province")
    _link(commune, province, stick)
    return commune, province, stick


def carry(sender: Desk, receiver: Desk, stick: Path) -> None:
    exchange.export_bundles(sender, stick)
    exchange.import_bundles(receiver, stick)


def test_the_chair_asks_the_lead_orders_and_it_is_gone_on_both_desks(
    make: Make, tmp_path: Path
) -> None:
    commune, province, stick = linked(make, tmp_path)
    case = named_case(commune)
    take_in(commune, "E7")
    request = commune.do(RequestErasure(case, "person", "Bà yêu cầu xóa.", "12/YC"))
    carry(commune, province, stick)
    (waiting,) = province.ask(ErasureRequests())
    assert (waiting.id, waiting.case_id, waiting.paper_no) == (request, case, "12/YC")
    with pytest.raises(NotAllowed):
        commune.do(OrderErasure(request))
    proof = erasing.erase(province, request)
    assert (proof.swept, proof.left, proof.words) == (True, {}, 3)
    assert province.ask(SearchCases("Xuynh", 5)) == ()
    carry(province, commune, stick)
    for desk in (commune, province):
        assert desk.ask(CountCases()) == 1
        with pytest.raises(NotHere):
            desk.ask(OpenCase(case))
        (order,) = desk.ask(Erasures())
        assert (order.case_id, order.ground, order.paper_no) == (case, "person", "12/YC")
        assert order.entries > 10
        report = verify(desk)
        assert report.intact, report.lines
        path = desk.info.vault_path
        desk.close()
        assert in_file(path) == set()


def test_what_the_commune_writes_later_is_erased_on_arrival_and_chains_go_on(
    make: Make, tmp_path: Path
) -> None:
    commune, province, stick = linked(make, tmp_path)
    case = named_case(commune)
    request = commune.do(RequestErasure(case, "authority", "QĐ", "7/QĐ"))
    carry(commune, province, stick)
    erasing.erase(province, request)
    # The commune does not know yet and goes on writing.
    commune.do(SaveRecords((Edit("note", "n" * 32, {"case": case, "text": NAME,
                                                   "at": "2026-11-21T21:00+07:00"}),)))  # fmt: skip
    take_in(commune, "E7")
    carry(commune, province, stick)
    assert province.ask(CountCases()) == 1
    carry(province, commune, stick)
    carry(commune, province, stick)
    for desk in (commune, province):
        assert desk.ask(CountCases()) == 1
        report = verify(desk)
        assert report.intact, report.lines
        path = desk.info.vault_path
        desk.close()
        assert in_file(path) == set()


def test_one_person_alone_cannot_do_it(make: Make) -> None:
    province = make("province")
    case = named_case(province)
    request = province.do(RequestErasure(case, "unfounded", "Nhập nhầm"))
    with pytest.raises(TwoPeople):
        province.do(OrderErasure(request))
    assert province.ask(CountCases()) == 1


def _by_another(make: Make, **more: object) -> tuple[Desk, str, str]:
    """A province where somebody else asked: desk of the lead, case, demand."""
    province = make("province", **more)
    case = named_case(province)
    other = officers.NewOfficer("Trần Văn An", "an", "chín dòng sông chảy ra biển", "case_officer")
    officers.add(province, PASSWORD, other)
    path = province.info.vault_path
    province.close()
    from traffick_desk.services import vaults

    desk = vaults.unlock(path, "an", "chín dòng sông chảy ra biển", province.context.now)
    request = desk.do(RequestErasure(case, "retention", "Hết hạn"))
    with pytest.raises(NotAllowed):
        desk.do(OrderErasure(request))
    desk.close()
    lead = vaults.unlock(path, "huong", PASSWORD, province.context.now)
    return lead, case, request


def test_a_hold_and_an_open_case_are_refused_in_words(make: Make) -> None:
    lead, case, request = _by_another(make)
    lead.do(HoldCase(case, "Công an tỉnh", "5/CV"))
    with pytest.raises(CaseHeld, match="Công an tỉnh"):
        lead.do(OrderErasure(request))
    assert lead.ask(PreviewErasure(case)).holds[0].paper_no == "5/CV"
    lead.do(EndHold(case))
    lead.do(SaveRecords((Edit("case", case, {"stage": "support"}),)))
    with pytest.raises(CaseOpen):
        lead.do(OrderErasure(request))
    lead.do(OrderErasure(request, "Bà nhất quyết yêu cầu."))
    assert lead.ask(CountCases()) == 0
    lead.close()


def test_a_preview_says_what_goes_and_what_stays(make: Make) -> None:
    province = make("province")
    case = named_case(province)
    take_in(province, "E7")
    seen = province.ask(PreviewErasure(case))
    assert seen.records["Person"] == 2
    assert seen.entries > 10
    assert set(seen.statistics) == {"opened_year", "closed_year", "minor", "sex"}
    assert seen.ties == seen.mentions == seen.holds == ()


def test_copies_in_reach_are_renewed_and_a_restored_old_one_is_erased_by_the_peer(
    make: Make, tmp_path: Path
) -> None:
    second, away = tmp_path / "second", tmp_path / "away"
    second.mkdir()
    away.mkdir()
    lead, _case, request = _by_another(make, backup_folder=second)
    old = backup.backup(lead, away)
    backup.backup(lead)
    assert in_file(old) >= {NAME, PHONE}, "else the search proves nothing"
    proof = erasing.erase(lead, request)
    assert (proof.destroyed, proof.fresh, proof.missing) == (1, (str(second),), ())
    (left,) = backup.copies(second, lead.info.vault_id)
    assert in_file(left) == set()
    # A place that comes back later loses its old copies with the next new one.
    backup.backup(lead, away)
    assert not old.exists()
    lead.close()


def test_an_old_copy_restored_elsewhere_loses_the_case_with_the_next_bundle(
    make: Make, tmp_path: Path
) -> None:
    commune, province, stick = linked(make, tmp_path)
    case = named_case(commune)
    old = backup.backup(commune, stick)
    request = commune.do(RequestErasure(case, "person", "Yêu cầu"))
    carry(commune, province, stick)
    erasing.erase(province, request)
    commune.close()
    restored = restore.restore(old, tmp_path / "again", "huong", PASSWORD)
    assert restored.ask(CountCases()) == 1
    _link(restored, province, stick)
    carry(province, restored, stick)
    assert restored.ask(CountCases()) == 0
    restored.close()
    assert in_file(tmp_path / "again") == set()


def test_the_certificate_says_what_was_done_and_no_name(make: Make) -> None:
    import io

    import pdfplumber

    lead, _case, request = _by_another(make)
    proof = erasing.erase(lead, request)
    pdf = lead.ask(erasing.ErasureCertificate(proof.order_id))
    with pdfplumber.open(io.BytesIO(pdf)) as read:
        text = "\n".join(page.extract_text() for page in read.pages)
    (order,) = lead.ask(Erasures())
    assert order.file_no in text
    assert "Trần Văn An" in text
    assert "Xuýnh" not in text
    lead.close()


def test_only_the_chair_asks_where_there_is_one(make: Make) -> None:
    desk = make()
    case = named_case(desk)
    other = officers.NewOfficer("Bế Thị Hạnh", "hanh", "chín dòng sông chảy ra biển", "chair")
    officers.add(desk, PASSWORD, other)
    with pytest.raises(NotAllowed):
        desk.do(RequestErasure(case, "person", "Yêu cầu"))


def test_a_demand_without_ground_or_reason_is_not_taken(make: Make) -> None:
    desk = make()
    case = named_case(desk)
    for ground, reason in (("", "x"), ("person", " ")):
        with pytest.raises(InvalidValues):
            desk.do(RequestErasure(case, ground, reason))


# --- how long cases are kept ---------------------------------------------------------------


def test_without_a_decision_of_the_province_no_case_is_past_any_period(make: Make) -> None:
    province = make("province")
    named_case(province)
    assert province.ask(retention.RetentionRule()) is None
    assert province.ask(retention.PastRetention()) == ()
    province.do(retention.SetRetention(1, "QĐ 9/QĐ-UBND", "2026-01-05"))
    assert province.ask(retention.PastRetention()) == ()
    later = province.context.now().replace(year=2027)
    province.context.now = lambda: later
    (past,) = province.ask(retention.PastRetention())
    assert past.since == "2026-12-21"
    with pytest.raises(InvalidValues):
        province.do(retention.SetRetention(12, " ", "2026-01-05"))
    with pytest.raises(NotAllowed):
        make("commune").do(retention.SetRetention(12, "x", "2026-01-05"))


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-05-15", 12, "2027-05-15"),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_month(day: str, months: int, after: str) -> None:
    from datetime import date

    assert retention.months_after(date.fromisoformat(day), months).isoformat() == after


# --- consent taken back --------------------------------------------------------------------


def test_who_was_told_is_told_that_consent_was_withdrawn(make: Make) -> None:
    desk = make()
    case, person = take_in(desk, "E5")["E5"]
    sent = {"case": case, "person": person, "service": "medical", "to_body": "BVĐK Tràng Định"}
    edits = (
        Edit("consent", "c" * 32, {"case": case, "person": person, "given": "yes",
                                   "asked_on": "2026-11-20", "scope": ["services"]}),
        Edit("referral", "r" * 32, {**sent, "sent_on": "2026-11-20"}),
        Edit("referral", "s" * 32, {**sent, "to_body": "Chưa gửi"}),
    )  # fmt: skip
    desk.do(SaveRecords(edits))
    tasks = len(desk.ask(OpenCase(case)).of("task"))
    withdrawn = Edit("consent", "c" * 32, {"withdrawn_on": "2026-11-21"})
    desk.do(SaveRecords((withdrawn,)))
    desk.do(SaveRecords((withdrawn,)))
    found = [t.get("what") for t in desk.ask(OpenCase(case)).of("task")]
    told = [what for what in found if "BVĐK Tràng Định" in what]
    assert len(found) == tasks + 1
    assert len(told) == 1
    assert "21/11/2026" in told[0]


def test_the_letter_about_it_names_nobody_and_the_line_goes_when_it_is_done(make: Make) -> None:
    desk = make()
    case, person = take_in(desk, "E5")["E5"]
    desk.do(SaveRecords((Edit("person", person, {"name": NAME}),)))
    sent = {"case": case, "person": person, "service": "medical", "to_body": "BVĐK Tràng Định",
            "shared": ["name", "health"]}  # fmt: skip
    desk.do(SaveRecords((
        Edit("consent", "c" * 32, {"case": case, "person": person, "given": "yes",
                                   "asked_on": "2026-11-10", "scope": ["services"]}),
        Edit("referral", "r" * 32, {**sent, "sent_on": "2026-11-10"}),
        Edit("referral", "s" * 32, {**sent, "sent_on": "2026-11-12"}),
    )))  # fmt: skip
    desk.do(SaveRecords((Edit("consent", "c" * 32, {"withdrawn_on": "2026-11-20"}),)))
    (line,) = [one for one in desk.ask(Today()) if one.action == "tell"]
    # 15 working days from 20/11/2026 (a Friday), by Decree 356/2025, Art. 5.
    assert (line.group, line.due, line.key) == ("data", "2026-12-11", "s" * 32)
    assert "BVĐK Tràng Định" in line.text
    letter = desk.do(IssuePaper(case, TELL, "", {}, record_id=line.key))
    words = text_of(letter.pdf)
    assert "BVĐK Tràng Định" in words
    assert "12/11/2026" in words
    assert "20/11/2026" in words
    assert NAME not in words
    (task,) = [t for t in desk.ask(OpenCase(case)).of("task") if "BVĐK" in t.get("what")]
    assert task.get("due") == "2026-12-11"
    desk.do(SaveRecords((Edit("task", task.id, {"done_on": "2026-11-21"}),)))
    assert [one for one in desk.ask(Today()) if one.action == "tell"] == []


# --- demands, and where they are decided ------------------------------------------------------


def test_a_demand_stands_in_today_with_the_days_of_the_law_and_is_printed_for_the_province(
    make: Make, tmp_path: Path
) -> None:
    desk = make("commune")
    case = named_case(desk)
    request = desk.do(RequestErasure(case, "person", "Yêu cầu xóa", asked_on="2026-11-20"))
    (line,) = [one for one in desk.ask(Today()) if one.group == "data"]
    # Not linked: it goes on paper. 20 working days.
    assert (line.action, line.key, line.due) == ("demand", request, "2026-12-18")
    assert desk.ask(GoesOn()) == i18n._(demands.BY_PAPER)
    paper = desk.do(IssuePaper(case, DEMAND, "", {}, record_id=request))
    words = text_of(paper.pdf)
    assert "24/11/2026" in words, "to be answered within two working days"
    assert "18/12/2026" in words
    assert "Yêu cầu xóa" in words
    assert NAME not in words


def test_what_nobody_asked_by_right_has_no_day_of_the_law(make: Make, tmp_path: Path) -> None:
    commune, province, stick = linked(make, tmp_path)
    case = named_case(commune)
    commune.do(RequestErasure(case, "authority", "QĐ", "7/QĐ"))
    (line,) = [one for one in commune.ask(Today()) if one.group == "data"]
    assert (line.action, line.due) == ("erasure", "")
    assert commune.ask(GoesOn()) != i18n._(demands.BY_PAPER)
    carry(commune, province, stick)
    (line,) = [one for one in province.ask(Today()) if one.group == "data"]
    assert (line.action, line.due) == ("erasure", "")
    assert province.ask(GoesOn()) == ""


def test_a_demand_that_waited_too_long_is_overdue(make: Make) -> None:
    desk = make("commune")
    case = named_case(desk)
    desk.do(RequestErasure(case, "representative", "Yêu cầu", asked_on="2026-10-01"))
    (line,) = [one for one in desk.ask(Today()) if one.action == "demand"]
    assert line.group == "late"
    assert line.due < "2026-11-21"


def test_holds_are_listed_with_what_they_are_for_and_need_somebody(make: Make) -> None:
    desk = make("commune")
    case = named_case(desk)
    with pytest.raises(InvalidValues):
        desk.do(HoldCase(case, " "))
    assert desk.ask(Holds()) == ()
    desk.do(HoldCase(case, "Công an tỉnh", "12/CV", reason="Điều tra"))
    (held,) = desk.ask(Holds())
    assert (held.body, held.paper_no, held.reason) == ("Công an tỉnh", "12/CV", "Điều tra")
    desk.do(EndHold(case))
    assert desk.ask(Holds()) == ()
