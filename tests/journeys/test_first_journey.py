"""Whole stories, played with the real windows in sentences an officer would say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from journey import Officer, entry_of, link
from journeys.conftest import Sit
from traffick_desk import resources
from traffick_desk.services import fixtures
from traffick_desk.services.queries import (
    CaseFilter,
    CountCases,
    Drafts,
    Entitlements,
    ListCases,
    OpenCase,
    Today,
)

REGIMES = "abcdđeghik"
MARKS = {"granted": "+", "case_dependent": "~", "not_granted": "-", "needs_review": "?"}

# What the reference says of the nine worked persons and of the children with them.
LAW_OF_2024 = {
    "E1": ["~~~~~-~---", "+??+?-?---"],
    "E2": ["+++++++-++"],
    "E3": ["++++++++++"],
    "E4": ["++++------", "++++------"],
    "E5": ["+++++++---", "+++++++---"],
    "E6": ["+++++++-++"],
    "E9": ["----------"],
}


def _entries(officer: Officer) -> dict[str, dict]:
    context = officer.desk.context
    path = resources.path("demo", "people.yaml")
    groups = fixtures.read(path, context.store.registry, context.units)
    return {a.id: entry_of(a) for arrivals in groups.values() for a in arrivals}


def _outcomes(officer: Officer, case_id: str) -> list[str]:
    case = officer.desk.ask(OpenCase(case_id))
    found = [
        officer.desk.ask(Entitlements(case_id, p.id, date(2026, 11, 21))) for p in case.persons
    ]
    return ["".join(MARKS[str(o.result)] for o in a.outcomes) for a in found]


@pytest.mark.parametrize("who", sorted(LAW_OF_2024))
def test_a_worked_person_typed_into_the_window_gets_what_the_law_says(
    officer: Officer, who: str
) -> None:
    case_id = officer.receives(_entries(officer)[who])
    assert _outcomes(officer, case_id) == LAW_OF_2024[who]


def test_the_old_law_typed_into_the_window_gives_its_amounts(officer: Officer) -> None:
    entries = _entries(officer)
    sen = officer.desk.ask(OpenCase(officer.receives(entries["E7"])))
    found = officer.desk.ask(Entitlements(sen.row.case_id, sen.persons[0].id))
    assert (found.law.law, found.known_total.amount) == ("L66", 6_300_000)
    lan = officer.desk.ask(OpenCase(officer.receives(entries["E8"])))
    found = officer.desk.ask(Entitlements(lan.row.case_id, lan.persons[0].id))
    assert str(found.outcome("e").result) == "not_granted"


def test_a_girl_of_sixteen_comes_at_night_and_the_province_answers(
    sit: Sit, stick: Path, tmp_path: Path
) -> None:
    commune, province = sit("commune"), sit("province")
    link(commune, province, stick)
    entries = _entries(commune)
    girl = commune.receives(entries["LS3"])
    woman = commune.receives(entries["E2"])
    page = commune.go("cases")
    page.search.setText("dang thi")
    page.read()
    commune.settle()
    rows = commune.desk.ask(ListCases(CaseFilter(text="dang thi")))
    assert [r.name for r in rows] == ["Đặng Thị Hoà"]

    papers = tmp_path / "giấy tờ"
    papers.mkdir()
    letter = commune.saves_paper(girl, "noi-bo/bien-ban-tiep-nhan", papers)
    assert letter.read_bytes().startswith(b"%PDF-")
    assert "Hoa" not in letter.name
    assert commune.answers.questions, "nothing leaves the vault without a warning"

    commune.asks_province(woman, "k")
    commune.carries(stick, export=True)
    province.carries(stick, export=False)
    assert province.desk.ask(CountCases()) == 2
    (request,) = [i for i in province.desk.ask(Today()) if i.group == "request"]
    province.decides(woman, request.key, reason="Thiếu giấy xác nhận nạn nhân")
    province.carries(stick, export=True)
    commune.carries(stick, export=False)
    (answer,) = [i for i in commune.desk.ask(Today()) if i.group == "answer"]
    assert answer.detail == "Thiếu giấy xác nhận nạn nhân"
    shown = commune.desk.ask(OpenCase(woman))
    assert shown.row.sync == "received"


def test_what_was_typed_survives_the_lock(officer: Officer) -> None:
    page = officer.go("intake")
    officer._section(page, "identity", {"person": {"name": "Vàng Thị Dợ", "sex": "female"}})
    officer.locks()
    officer.unlocks()
    (draft,) = officer.desk.ask(Drafts())
    page = officer.go("intake", draft=draft.key)
    officer.settle()
    form = page.sections["identity"].forms[0][1]
    assert form.editor("name").value() == "Vàng Thị Dợ"
    assert form.editor("sex").value() == "female"


def test_a_wrong_password_is_told_and_the_right_one_opens(officer: Officer) -> None:
    officer.locks()
    officer.program.start()
    window = officer.program.unlock_window
    window.password.input.setText("không phải mật khẩu này")
    window.try_password()
    from journey import until

    until(lambda: window.notice.text() and window.open_button.isEnabled(), "the refusal")
    assert "mật khẩu" in window.notice.text().lower()
    window.close()
    officer.unlocks()
    assert officer.desk.info.officer_name == "Nguyễn Thị Hương"
