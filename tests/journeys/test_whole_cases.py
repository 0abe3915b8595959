"""Whole cases, from the door to the archive, in sentences an officer would say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from journey import Officer, link, press, type_into, until
from journeys.conftest import Sit
from traffick_desk.services.closing import Closing
from traffick_desk.services.queries import Clocks, History, ListCases, OpenCase, Today

GIRL: Mapping[str, Any] = {
    "case": {"return_form": "handed_over"},
    "person": {
        "name": "Đặng Thị Hoà",
        "sex": "female",
        "birth": "2010-10-05",
        "citizenship": "VN",
        "languages": ["vie"],
    },
    "minors": [{"name": "Đặng Tiểu Bảo", "sex": "male", "birth": "2025~"}],
    "reception": {
        "at": "2026-10-20T21:15+07:00",
        "place": "Đồn Biên phòng cửa khẩu Hữu Nghị",
        "from_body": "border_guard",
        "from_country": "CN",
        "condition": "Hoảng sợ; cháu bé sốt nhẹ",
        "urgent": ["medical", "child", "shelter"],
        "support_from": "2026-10-20",
    },
    "given": [{"item": "bed", "quantity": 1}, {"item": "meal", "quantity": 2}],
    "consent": {"given": "not_asked"},
    "status": [
        {"status": "in_process", "since": "2026-10-20", "trafficked_in": "abroad"},
        {
            "status": "victim",
            "since": "2026-10-28",
            "trafficked_in": "abroad",
            "body": "border_guard",
        },
    ],
    "steps": [
        {"kind": "health_notified", "at": "2026-10-20T21:40+07:00", "channel": "phone"},
        {"kind": "health_received", "at": "2026-10-21T08:00+07:00"},
        {"kind": "initially_verified", "at": "2026-10-22T16:00+07:00"},
    ],
}
BOY: Mapping[str, Any] = {
    "case": {"return_form": "rescued"},
    "person": {
        "name": "Lò Văn Sơn",
        "sex": "male",
        "birth": "2014-03-02",
        "citizenship": "VN",
        "languages": ["vie"],
    },
    "reception": {
        "at": "2026-10-20T08:30+07:00",
        "place": "Công an phường Đông Kinh",
        "from_body": "police",
        "support_from": "2026-10-20",
    },
    "consent": {"given": "not_asked"},
    "status": [{"status": "in_process", "since": "2026-10-20", "trafficked_in": "viet_nam"}],
}
WOMAN: Mapping[str, Any] = {
    "case": {"return_form": "returned_alone"},
    "person": {
        "name": "Lý Thị Mẩy",
        "sex": "female",
        "birth": "1999-01-10",
        "citizenship": "VN",
        "languages": ["vie"],
    },
    "address": {"kind": "current", "unit": "2025/06184", "line": "Thôn Bản Liếp"},
    "reception": {
        "at": "2026-09-20T09:10+07:00",
        "place": "Ủy ban nhân dân xã",
        "from_body": "self",
        "support_from": "2026-09-20",
    },
    "consent": {
        "given": "yes", "asked_on": "2026-09-20", "giver": "self", "scope": ["health", "services"]
    },
    "status": [
        {
            "status": "victim", "since": "2026-10-02", "trafficked_in": "abroad",
            "body": "province_police",
        }
    ],
}  # fmt: skip


def view(officer: Officer, case_id: str) -> Any:
    return officer.desk.ask(OpenCase(case_id))


def section(officer: Officer, case_id: str, key: str) -> Any:
    page = officer.go("case", case_id=case_id)
    page.list.choose(key)
    officer.settle()
    return page.stack.section(key)


def adds(officer: Officer, case_id: str, key: str, record: str, **values: Any) -> None:
    officer.adds(officer.go("case", case_id=case_id), key, record, values)


def makes_paper(officer: Officer, case_id: str, form: str, folder: Path) -> str:
    """Save a paper as a file and read it."""
    pdfium = pytest.importorskip("pypdfium2")
    saved = officer.saves_paper(case_id, form, folder)
    pages = pdfium.PdfDocument(saved.read_bytes())
    return " ".join(" ".join(p.get_textpage().get_text_range().split()) for p in pages)


def test_a_girl_of_sixteen_with_a_child_from_the_border_to_her_mother(
    officer: Officer, tmp_path: Path
) -> None:
    papers = tmp_path / "giấy tờ"
    papers.mkdir()
    girl = officer.receives(GIRL)
    officer.moves(girl, "verification")
    page = officer.go("case", case_id=girl)
    mother = page.case.persons[0].id

    # She is asked in private; what she says fits, and a child needs no means.
    screening = section(officer, girl, "screening")
    adds(officer, girl, "screening", "screening", a_moved="yes", p_labour="yes")
    assert "trafficking" in screening.advice.text() or "mua bán" in screening.advice.text()
    adds(officer, girl, "protection", "risk", assessed_on="2026-10-21", level="high",
         kinds=["whereabouts_known"])  # fmt: skip
    adds(officer, girl, "protection", "protection", measure="shelter", since="2026-10-21")

    # Someone may be at the door: the police must know before she can be asked.
    referrals = section(officer, girl, "referrals")
    referrals.list.add()
    officer._fill(referrals.list.form, {"service": "police", "to_body": "Công an xã Đồng Đăng"})
    officer.settle()
    assert referrals.list.form.box("sent_on").isHidden()
    assert referrals.list.form.box("shared")._line.text()
    officer._fill(referrals.list.form, {"urgent_reason": "Trẻ em đang gặp nguy hiểm"})
    officer._submit(referrals.list)
    (first,) = view(officer, girl).of("referral")
    assert first.get("sent_on")
    text = makes_paper(officer, girl, "noi-bo/phieu-chuyen-gui", papers)
    assert "Công an xã Đồng Đăng" in text
    assert "Hoà" not in text  # nobody chose the name
    assert "vì an toàn" in text

    # Rested, she and her mother on the telephone agree; then the clinic and the plan.
    adds(officer, girl, "consent", "consent", given="yes", asked_on="2026-10-23", giver="both",
         scope=["health", "services", "police"])  # fmt: skip
    adds(officer, girl, "referrals", "referral", service="medical", to_body="Trung tâm y tế",
         shared=["birth", "health", "name", "sex"])  # fmt: skip
    adds(officer, girl, "needs", "need", domain="family", score="hard", assessed_on="2026-10-25")
    adds(officer, girl, "needs", "plan_item", domain="schooling", what="Trở lại lớp 10",
         regime="h", state="planned")  # fmt: skip
    officer.moves(girl, "support")
    adds(officer, girl, "stays", "stay", kind="social", facility="Cơ sở bảo trợ xã hội tỉnh",
         since="2026-10-22", until="2026-11-15")  # fmt: skip

    # Home with an escort, who carries the order; no word of trafficking is on it.
    adds(officer, girl, "stays", "journey_home", leaves_on="2026-11-15", days=1,
         collected_by="Nông Văn Thành, cán bộ xã", arrived_on="2026-11-15")  # fmt: skip
    order = makes_paper(officer, girl, "noi-bo/giay-dua-tre-em", papers)
    assert "Nông Văn Thành" in order
    assert "Đặng Thị Hoà" in order
    assert "nạn nhân" not in order.lower()
    officer.moves(girl, "reintegration")
    adds(officer, girl, "follow_up", "visit", at="2026-11-20T09:00+07:00", kind="home",
         safety="able", family="helped", risk="low")  # fmt: skip

    open_now = {i.kind for i in officer.desk.ask(Closing(girl)).items}
    assert {"referral", "plan", "regime"} <= open_now
    found = view(officer, girl)
    assert found.row.stage == "reintegration"
    assert found.case.get("stage_reason") is None  # every stage in its turn
    assert {r.get("person") for r in found.of("referral")} == {mother}


def test_a_child_is_escorted_home_and_the_arrival_is_confirmed(
    officer: Officer, tmp_path: Path
) -> None:
    papers = tmp_path / "giấy tờ"
    papers.mkdir()
    boy = officer.receives(BOY)
    who = view(officer, boy).persons[0].id

    # He would go alone: the form says at once what the law says, beside the field.
    part = section(officer, boy, "stays").parts["journey_home"][1]
    part.add()
    officer._fill(part.form, {"how": "alone", "leaves_on": "2026-10-22"})
    part.form.editor("leaves_on").leave()
    assert "khoản 1 Điều 30" in part.form.box("how")._line.text()
    officer._fill(part.form, {
        "how": "escorted", "collected_by": "Lò Thị Phượng, cán bộ xã", "days": 2,
        "to_unit": "2025/06184", "destination": "Bản Nà Tăm", "receiver": "Lò Văn Pâng, ông ngoại",
        "transport": "Xe khách Lạng Sơn – Lai Châu", "road_meals": 200_000,
    })  # fmt: skip
    officer._submit(part)
    order = makes_paper(officer, boy, "noi-bo/giay-dua-tre-em", papers)
    for printed in ("Lò Thị Phượng", "Bản Nà Tăm", "Lò Văn Pâng", "Xe khách Lạng Sơn"):
        assert printed in order

    # Nobody has called yet: that stands on Today until somebody did.
    def waits() -> list[Any]:
        return [i for i in officer.desk.ask(Today()) if i.detail.startswith("journey_home:")]

    (waiting,) = waits()
    assert (waiting.due, waiting.group) == ("2026-10-23", "late")
    (home,) = view(officer, boy).of("journey_home")
    assert home.get("person") == who
    page = officer.go("case", case_id=boy)
    officer._changes(page, "stays", "journey_home", {
        "arrived_on": "2026-10-23", "arrived_told": "Ông ngoại gọi điện; giấy có chữ ký",
    })  # fmt: skip
    assert waits() == []


def test_a_woman_who_returns_alone_and_never_stays_in_a_facility(officer: Officer) -> None:
    woman = officer.receives(WOMAN)
    officer.moves(woman, "reintegration", "Đã có giấy xác nhận, về thẳng nhà")
    assert view(officer, woman).case.get("stage_reason") == "Đã có giấy xác nhận, về thẳng nhà"
    adds(officer, woman, "needs", "plan_item", domain="mind", what="Tư vấn tâm lý tại nhà",
         regime="g", state="given")  # fmt: skip
    gaps = [i.text for i in officer.desk.ask(Closing(woman)).items if i.kind == "regime"]
    assert gaps
    assert not [t for t in gaps if " g) " in t]  # support of the mind outside a facility too
    adds(officer, woman, "referrals", "referral", service="job", to_body="TT dịch vụ việc làm",
         shared=["name", "sex"])  # fmt: skip

    part = section(officer, woman, "referrals")
    press(part.answer.row.buttons()[3])
    officer.settle()
    assert view(officer, woman).of("referral")[0].get("answer") == "done"

    officer.closes(woman, "reintegrated", "Có việc làm, sống ổn định")
    assert not view(officer, woman).of("stay")
    assert view(officer, woman).row.stage == "closed"
    assert not [i for i in officer.desk.ask(Today()) if i.group == "late" and i.case_id == woman]


def test_a_man_in_process_is_found_not_to_be_a_victim(officer: Officer, tmp_path: Path) -> None:
    entry = {
        "person": {"name": "Mạnh", "sex": "male", "birth": "1986", "citizenship": "VN"},
        "reception": {
            "at": "2026-11-01T09:00+07:00", "from_body": "self", "support_from": "2026-11-01"
        },
        "status": [{"status": "in_process", "since": "2026-11-01", "trafficked_in": "abroad"}],
    }  # fmt: skip
    man = officer.receives(entry)
    officer.moves(man, "verification")
    adds(officer, man, "evidence", "inquiry", to_body="Công an tỉnh", sent_on="2026-11-02")
    adds(officer, man, "status", "status", status="not_victim", since="2026-11-15",
         body="province_police", paper_no="12/CV-CAT")  # fmt: skip
    told = [i.whole for i in officer.desk.ask(Closing(man)).items]
    assert any("Công an tỉnh" in text for text in told)  # the request still stands unanswered
    assert not [t for t in officer.desk.ask(Closing(man)).items if t.kind == "regime"]
    officer.closes(man, "not_victim", "Công an tỉnh trả lời, công văn 12/CV-CAT")
    found = view(officer, man)
    assert [s.get("status") for s in found.of("status")] == ["in_process", "not_victim"]
    assert [s.get("kind") for s in found.of("step")][-1] == "closed"
    archive = [c for _p, c in officer.desk.ask(Clocks(man)) if c.rule.id == "CLK-18"]
    assert archive[0].started_at
    text = makes_paper(officer, man, "noi-bo/bien-ban-ket-thuc", tmp_path)
    assert "12/CV-CAT" in text
    assert "Mạnh" not in text


def test_a_woman_moves_to_another_commune_and_her_case_goes_with_her(sit: Sit, stick: Path) -> None:
    here, province = sit("commune"), sit("province")
    link(here, province, stick)
    woman = here.receives(WOMAN)
    adds(here, woman, "referrals", "referral", service="commune", to_body="UBND xã Thất Khê",
         to_unit="2025/06040", shared=["name", "needs", "sex"])  # fmt: skip
    (referral,) = view(here, woman).of("referral")
    assert referral.get("sent_on")  # her yes to services covers another commune
    part = section(here, woman, "frame").parts["case"][1]
    part.change()
    here._fill(part.form, {"unit": "2025/06040"})
    here._submit(part)
    assert view(here, woman).row.unit == "2025/06040"
    here.carries(stick, export=True)
    province.carries(stick, export=False)
    assert [r.unit for r in province.desk.ask(ListCases())] == ["2025/06040"]
    here.closes(woman, "moved", "Chuyển về xã Thất Khê")
    assert view(here, woman).row.stage == "closed"


def test_a_returning_woman_is_recognised_while_her_name_is_typed(officer: Officer) -> None:
    before = officer.receives(WOMAN)
    officer.closes(before, "lost", "Không liên lạc được")
    page = officer.go("intake")
    page.list.choose("identity")
    form = page.sections["identity"].forms[0][1]
    type_into(form.editor("name").focusProxy(), "ly thi may")  # without accents
    until(lambda: page.findChild(QWidget, "duplicates").isVisible(), "the hint")
    assert "Lý Thị Mẩy" in page.findChild(QWidget, "duplicates").model.line(0).text
    press(page.findChild(QWidget, "duplicates_open"))
    until(lambda: officer.window.page.name == "case", "the case")
    officer.settle()
    assert officer.window.page.case.row.case_id == before
    officer.moves(before, "support", "Chị trở về lần nữa")
    found = view(officer, before)
    assert found.row.stage == "support"
    kinds = [s.get("kind") for s in found.of("step")]
    assert kinds[-2:] == ["closed", "reopened"]
    told = officer.desk.ask(History(before))
    assert any(item.fields.get("closed_reason") == "Không liên lạc được" for item in told)
