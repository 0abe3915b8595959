from __future__ import annotations

import inspect
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path

import pytest

from services.conftest import Make, take_in
from traffick_desk.services import commands, costs, exchange, office, papers, queries
from traffick_desk.services.base import Command, Desk, Query, new_id
from traffick_desk.services.case_filter import ORDERS
from traffick_desk.services.commands import (
    DecideEntitlement,
    DropDraft,
    MarkSeen,
    NewCase,
    RecordStep,
    RequestEntitlement,
    ResolveConflict,
    RestoreRecord,
    SaveDraft,
    SaveRecords,
    VoidRecord,
)
from traffick_desk.services.documents import commands as document_commands
from traffick_desk.services.documents import queries as document_queries
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.numbering import mark
from traffick_desk.services.queries import (
    CaseFilter,
    Clocks,
    CountCases,
    Drafts,
    History,
    ListCases,
    NextSteps,
    OpenCase,
    RefreshCase,
    SearchCases,
    Today,
)
from traffick_desk.services.roles import PERMISSIONS, ROLES
from traffick_desk.store.journal import Edit


def _simple(name: str = "Đặng Thị Hoà", **more: object) -> tuple[Edit, ...]:
    person = {"role": "main", "name": name, "sex": "female", **more}
    return (Edit("case", new_id(), {}), Edit("person", new_id(), person))


def test_a_name_is_enough_to_open_a_case(desk: Desk) -> None:
    case_id = desk.do(NewCase(_simple()))
    case = desk.ask(OpenCase(case_id))
    assert case.row.file_no == f"TD{mark(desk.info.device)}-0001/2026"
    assert case.case.get("stage") == "reception"
    assert case.case.get("unit") == desk.info.unit
    assert case.persons[0].get("birth") is None


def test_file_numbers_have_no_gap_when_an_intake_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidValues):
        desk.do(NewCase(_simple(birth="2009-02-30")))
    assert (
        desk.ask(RefreshCase(desk.do(NewCase(_simple())))).row.file_no
        == f"TD{mark(desk.info.device)}-0001/2026"
    )


def test_what_cannot_be_is_refused_in_words_and_nothing_is_saved(desk: Desk) -> None:
    edits = (
        *_simple(birth="2026-11-20"),
        Edit("reception", new_id(), {"at": "2026-11-19T20:00+07:00"}),
    )
    with pytest.raises(InvalidValues) as refused:
        desk.do(NewCase(edits))
    assert refused.value.problems
    assert "chưa lưu" in str(refused.value)
    assert desk.ask(CountCases()) == 0


def test_a_later_edit_is_checked_against_what_is_stored(desk: Desk) -> None:
    edits = (*_simple(birth="2001"), Edit("reception", new_id(), {"at": "2026-11-19T20:00+07:00"}))
    case_id = desk.do(NewCase(edits))
    person = desk.ask(OpenCase(case_id)).persons[0]
    with pytest.raises(InvalidValues):
        desk.do(SaveRecords((Edit("person", person.id, {"birth": "2026-11-20"}),)))
    desk.do(SaveRecords((Edit("person", person.id, {"phone": "0911"}),)))
    assert desk.ask(OpenCase(case_id)).persons[0].get("birth") == "2001"


@pytest.mark.parametrize(
    "name",
    ["x" * 100_000, "Nguyễn\u202eThị\x00 A", "", "   ", "\ud800"],
    ids=["very long", "bidi and control", "empty", "blank", "surrogate"],
)
def test_hostile_text_never_crashes(desk: Desk, name: str) -> None:
    try:
        desk.do(NewCase(_simple(name)))
    except InvalidValues:
        assert desk.ask(CountCases()) == 0
    else:
        (row,) = desk.ask(ListCases())
        assert "\u202e" not in row.name
        assert "\x00" not in row.name


def test_pasted_decomposed_text_is_stored_composed_and_found(desk: Desk) -> None:
    import unicodedata

    desk.do(NewCase(_simple(unicodedata.normalize("NFD", "Đặng Thị Hoà"))))
    (row,) = desk.ask(ListCases())
    assert row.name == "Đặng Thị Hoà"
    assert [h.row.name for h in desk.ask(SearchCases("hòa"))] == ["Đặng Thị Hoà"]


def test_search_ignores_accents_and_ranks_the_same_accents_first(desk: Desk) -> None:
    for name in ("Đặng Thị Hoà", "Dang Thi Hoa", "Đặng Thị Hoa"):
        desk.do(NewCase(_simple(name)))
    assert {h.row.name for h in desk.ask(SearchCases("dang thi"))} == {
        "Đặng Thị Hoà", "Dang Thi Hoa", "Đặng Thị Hoa",
    }  # fmt: skip
    first = desk.ask(SearchCases("đặng thị hòa"))[0]
    assert (first.row.name, first.exact) == ("Đặng Thị Hoà", True)
    assert desk.ask(SearchCases("")) == ()
    assert desk.ask(SearchCases('"*) OR (')) == ()


def test_the_list_sorts_by_given_name_and_filters_in_sql(desk: Desk) -> None:
    for name in ("Trần Văn Ân", "Lý Thị Bé", "Đỗ Thị An"):
        desk.do(NewCase(_simple(name)))
    assert [r.name for r in desk.ask(ListCases())] == ["Đỗ Thị An", "Trần Văn Ân", "Lý Thị Bé"]
    assert next(r.name for r in desk.ask(ListCases(order="-name"))) == "Lý Thị Bé"
    assert desk.ask(CountCases(CaseFilter(text="ly thi"))) == 1
    assert desk.ask(CountCases(CaseFilter(stage="closed"))) == 0
    assert [r.name for r in desk.ask(ListCases(limit=1, offset=1))] == ["Trần Văn Ân"]
    for order in ORDERS:
        assert len(desk.ask(ListCases(order=f"-{order}"))) == 3


def test_two_officers_who_saw_the_same_value_keep_both(desk: Desk) -> None:
    case_id = desk.do(NewCase(_simple()))
    person = desk.ask(OpenCase(case_id)).persons[0]
    base = {"phone": person.heads.get("phone", ())}
    desk.do(SaveRecords((Edit("person", person.id, {"phone": "0911"}),)))
    # The second editor was opened before the first was saved.
    desk.do(SaveRecords((Edit("person", person.id, {"phone": "0922"}, base),)))
    seen = desk.ask(OpenCase(case_id))
    values = {c.value for c in seen.persons[0].conflicts["phone"]}
    assert values == {"0911", "0922"}
    assert seen.row.conflicts == 1
    assert [i.group for i in desk.ask(Today())].count("conflict") == 1
    desk.do(ResolveConflict("person", person.id, "phone", "0911"))
    settled = desk.ask(OpenCase(case_id))
    assert settled.persons[0].get("phone") == "0911"
    assert settled.row.conflicts == 0


def test_a_record_is_voided_with_its_reason_and_can_come_back(desk: Desk) -> None:
    case_id = desk.do(NewCase(_simple()))
    person = desk.ask(OpenCase(case_id)).persons[0]
    note = new_id()
    values = {"case": case_id, "at": "2026-11-21T20:00+07:00", "text": "gọi lại"}
    desk.do(SaveRecords((Edit("note", note, values),)))
    desk.do(VoidRecord("note", note, "ghi nhầm"))
    view = desk.ask(OpenCase(case_id))
    assert view.of("note") == ()
    assert view.records["note"][0].voided == "ghi nhầm"
    desk.do(RestoreRecord("note", note))
    assert len(desk.ask(OpenCase(case_id)).of("note")) == 1
    with pytest.raises(NotHere):
        desk.do(VoidRecord("note", new_id(), "không có"))
    assert person.id


def test_a_draft_survives_and_goes_with_the_save(desk: Desk) -> None:
    desk.do(SaveDraft("intake:1", "", "Tiếp nhận mới", {"name": "Đặng"}))
    (draft,) = desk.ask(Drafts())
    assert (draft.key, draft.payload["name"]) == ("intake:1", "Đặng")
    assert "draft" in {i.group for i in desk.ask(Today())}
    desk.do(NewCase(_simple(), draft="intake:1"))
    assert desk.ask(Drafts()) == ()
    desk.do(SaveDraft("x", "", "x", {}))
    desk.do(DropDraft("x"))
    assert desk.ask(Drafts()) == ()


def test_telling_the_health_department_stops_one_clock_and_starts_two(desk: Desk) -> None:
    case_id = take_in(desk, "E5")["E5"][0]
    late = [i for i in desk.ask(Today(date(2026, 11, 21))) if i.group == "late"]
    assert [i.key for i in late] == ["health_notified"]
    assert desk.ask(NextSteps(case_id))[0].action == "letter"
    desk.do(RecordStep(case_id, "health_notified", "2026-11-21T08:00+07:00", channel="phone"))
    states = {c.rule.id: str(c.state) for _p, c in desk.ask(Clocks(case_id))}
    assert states["CLK-02"] == "done"
    assert states["CLK-04"] == "running"
    waiting = {i.key for i in desk.ask(Today(date(2026, 11, 21))) if i.group in ("today", "soon")}
    assert waiting == {"health_received", "initially_verified"}


def test_only_the_province_decides_and_a_return_needs_its_reason(make: Make) -> None:
    commune, province = make(), make("province")
    case_id, person_id = take_in(commune, "E2")["E2"]
    request = commune.do(RequestEntitlement(case_id, person_id, "L53/k"))
    with pytest.raises(NotAllowed):
        commune.do(DecideEntitlement(request, "approved"))
    own_case, own_person = take_in(province, "E2")["E2"]
    own = province.do(RequestEntitlement(own_case, own_person, "L53/k"))
    with pytest.raises(InvalidValues):
        province.do(DecideEntitlement(own, "returned", "  "))
    province.do(DecideEntitlement(own, "returned", "Thiếu giấy xác nhận nạn nhân"))
    province.do(DecideEntitlement(own, "approved", amount=3_000_000))
    (decision,) = province.ask(OpenCase(own_case)).of("entitlement_decision")
    assert decision.get("decision") == "approved"
    assert decision.get("reason") is None or decision.get("reason") == ""


def test_a_regime_of_the_other_law_cannot_be_requested(desk: Desk) -> None:
    case_id, person_id = take_in(desk, "E7")["E7"]
    with pytest.raises(NotHere):
        desk.do(RequestEntitlement(case_id, person_id, "L53/k"))


def test_an_answer_is_on_today_until_it_was_read(make: Make, tmp_path: Path) -> None:
    commune, province = make(), make("province")
    stick = tmp_path / "usb"
    stick.mkdir()
    path, _words = exchange.write_request(commune, stick)
    answer = exchange.accept(province, exchange.read_request(province, path), stick)
    exchange.install(commune, exchange.read_certificate(commune, answer))
    case_id, person_id = take_in(commune, "E2")["E2"]
    request = commune.do(RequestEntitlement(case_id, person_id, "L53/k"))
    assert commune.ask(RefreshCase(case_id)).row.sync == "here"
    exchange.export_bundles(commune, stick)
    assert commune.ask(RefreshCase(case_id)).row.sync == "carried"
    exchange.import_bundles(province, stick)
    assert "request" in {i.group for i in province.ask(Today())}
    province.do(DecideEntitlement(request, "approved"))
    assert "request" not in {i.group for i in province.ask(Today())}
    exchange.export_bundles(province, stick)
    exchange.import_bundles(commune, stick)
    assert commune.ask(RefreshCase(case_id)).row.sync == "received"
    (item,) = [i for i in commune.ask(Today()) if i.group == "answer"]
    commune.do(MarkSeen(item.key))
    assert "answer" not in {i.group for i in commune.ask(Today())}


def test_every_paper_of_every_person_can_be_made(desk: Desk) -> None:
    desk.do(office.SetOffice({"phone": "0205 000 111", "signer_name": "Hoàng Văn Đức"}))
    for case_id, person_id in take_in(desk).values():
        for form in desk.ask(papers.Forms()):
            made = desk.ask(papers.PreviewPaper(case_id, form.key, person_id))
            assert made.pdf.startswith(b"%PDF-")


def test_an_issued_paper_is_in_the_case_and_in_the_log(desk: Desk) -> None:
    case_id, person_id = take_in(desk, "E5")["E5"]
    letter = {"letter": {"number": 15, "symbol": "UBND-VX"}}
    desk.do(papers.IssuePaper(case_id, "D30/cong-van-bao-tiep-nhan", person_id, letter))
    (paper,) = desk.ask(OpenCase(case_id)).of("paper")
    assert paper.get("number") == "15"
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action FROM audit ORDER BY seq DESC LIMIT 2")
        assert {row[0] for row in cursor.fetchall()} == {"case.open", "paper.issue"}


def test_the_history_names_who_changed_what(desk: Desk) -> None:
    case_id = desk.do(NewCase(_simple()))
    person = desk.ask(OpenCase(case_id)).persons[0]
    desk.do(SaveRecords((Edit("person", person.id, {"phone": "0911"}),)))
    newest = desk.ask(History(case_id))[0]
    assert newest.fields == {"phone": "0911"}
    assert newest.officer == desk.info.officer_id


def _all(kind: type) -> list[type]:
    of_documents = (document_commands, document_queries)
    modules = (commands, queries, papers, office, exchange, costs, *of_documents)
    return sorted(
        {
            c
            for m in modules
            for _n, c in inspect.getmembers(m, inspect.isclass)
            if issubclass(c, kind) and c is not kind
        },
        key=lambda c: c.__name__,
    )


@pytest.mark.parametrize("kind", [*_all(Command), *_all(Query)], ids=lambda c: c.__name__)
def test_every_command_and_query_is_frozen_and_names_a_permission(kind: type) -> None:
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.permission in PERMISSIONS  # type: ignore[attr-defined]
    assert any(kind.permission in granted for granted in ROLES.values())  # type: ignore[attr-defined]
