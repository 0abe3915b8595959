"""The same person again: found with reasons, tied when an officer says so, untied again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.conftest import Make, take_in
from traffick_desk.domain.person_keys import PersonFacts
from traffick_desk.services import exchange
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.queries import CaseFilter, History, ListCases, RefreshCase
from traffick_desk.services.same_person.find import LookForPerson, MayBeSame
from traffick_desk.services.same_person.pairs import (
    AnswerPair,
    Compare,
    KeepPairs,
    PossiblySame,
    look_through,
)
from traffick_desk.services.same_person.ties import OtherCases, TieCases, UntieCases, tie_of
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit

OTHER_COMMUNE = "2025/05977"
SECRET = "mẹ là Vàng Thị Xa ở Nà Pàn"


def enter(desk: Desk, name: str, birth: str = "1999-03-04", paper: str = "", **frame) -> str:
    person = new_id()
    edits = [
        Edit("case", new_id(), frame),
        Edit("person", person, {"role": "main", "name": name, "birth": birth, "sex": "female"}),
    ]
    if paper:
        values = {"person": person, "kind": "citizen_card", "number": paper}
        edits.append(Edit("identity_paper", new_id(), values))
    return desk.do(NewCase(tuple(edits)))


def link(province: Desk, commune: Desk, folder) -> None:
    folder.mkdir(exist_ok=True)
    path, _words = exchange.write_request(commune, folder)
    answer = exchange.accept(province, exchange.read_request(province, path), folder)
    exchange.install(commune, exchange.read_certificate(commune, answer))


def carry(one: Desk, other: Desk, folder) -> None:
    exchange.export_bundles(one, folder)
    exchange.import_bundles(other, folder)


def look_through_all(desk: Desk) -> None:
    while look_through(desk, 2):
        pass


def known(desk: Desk, text: str) -> bool:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT body FROM journal")
        bodies = [bytes(row[0]) for row in cursor.fetchall()]
        cursor.execute("SELECT note FROM r_same_person")
        notes = [row[0] or "" for row in cursor.fetchall()]
    return any(text.encode() in body for body in bodies) or text in notes


# -- finding ---------------------------------------------------------------------------------


def test_a_returning_woman_is_found_by_what_is_left_of_her_name(desk):
    before = enter(desk, "Vàng Thị Xay")
    enter(desk, "Trần Văn Bình", "1980-01-01")
    (found,) = desk.ask(LookForPerson(PersonFacts(("vang say",), "1999")))
    assert found.row.case_id == before
    assert "name_spelling" in found.likeness.reasons


def test_a_paper_finds_her_under_another_name(desk):
    before = enter(desk, "Vàng Thị Xay", paper="024199001234")
    facts = PersonFacts(("Somchai",), papers=(("citizen_card", "024199001243"),))
    assert [f.row.case_id for f in desk.ask(LookForPerson(facts))] == [before]


def test_another_name_on_record_finds_her(desk):
    before = enter(desk, "Vàng Thị Xay")
    person = desk.ask(RefreshCase(before)).persons[0].id
    values = {"case": before, "person": person, "kind": "alias", "name": "Lin Lin"}
    record = new_id()
    desk.do(SaveRecords((Edit("person_name", record, values),)))
    facts = PersonFacts(("Lin Lin",), "1999-03-04")
    assert [f.row.case_id for f in desk.ask(LookForPerson(facts))] == [before]
    desk.do(SaveRecords((Edit("person_name", record, {VOID: "nhập nhầm"}),)))
    assert desk.ask(LookForPerson(PersonFacts(("Lin Lin",)))) == ()


def test_who_was_entered_wrongly_is_not_found_any_more(desk):
    case = enter(desk, "Vàng Thị Xay")
    facts = PersonFacts(("Vàng Thị Xay",))
    assert desk.ask(LookForPerson(facts))
    desk.do(SaveRecords((Edit("case", case, {VOID: "trùng"}),)))
    assert desk.ask(LookForPerson(facts)) == ()
    desk.do(SaveRecords((Edit("case", case, {VOID: None}),)))
    assert desk.ask(LookForPerson(facts))


def test_nothing_typed_finds_nobody(desk):
    enter(desk, "Vàng Thị Xay")
    for facts in (PersonFacts(), PersonFacts(("  ",)), PersonFacts(birth="1999-03-04")):
        assert desk.ask(LookForPerson(facts)) == ()


def test_after_any_edits_the_keys_are_as_a_rebuild_makes_them(desk):
    def rows():
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT * FROM person_row ORDER BY 1")
            persons = cursor.fetchall()
            cursor.execute("SELECT * FROM person_key ORDER BY 1, 2")
            return persons, cursor.fetchall()

    take_in(desk)
    one, two = enter(desk, "Vàng Thị Xay", paper="024199001234"), enter(desk, "Lan", "")
    person = desk.ask(RefreshCase(one)).persons[0].id
    desk.do(SaveRecords((Edit("person", person, {"name": "Vàng Seo Xay", "birth": None}),)))
    desk.do(SaveRecords((Edit("person", person, {"case": two}),)))
    desk.do(SaveRecords((Edit("case", two, {VOID: "trùng"}),)))
    desk.do(SaveRecords((Edit("case", two, {VOID: None}),)))
    before = rows()
    desk.context.store.rebuild()
    assert rows() == before
    assert before[0]


# -- tying and untying -----------------------------------------------------------------------


def test_two_cases_are_tied_and_each_tells_of_the_other(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Vàng Xay")
    tie = desk.do(TieCases(one, two, ("name_birth",), "chị nói"))
    assert tie == tie_of(two, one)
    for case, other in ((one, two), (two, one)):
        (found,) = desk.ask(OtherCases(case))
        assert (found.case_id, found.note, found.grounds) == (other, "chị nói", ("name_birth",))
        assert desk.ask(MayBeSame(case)) == ()
    assert len(desk.ask(ListCases())) == 2  # each stays whole


def test_untying_leaves_the_story(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Vàng Xay")
    tie = desk.do(TieCases(one, two, ("papers",)))
    with pytest.raises(InvalidValues):
        desk.do(UntieCases(two, tie, "  "))
    assert set(desk.do(UntieCases(two, tie, "giấy tờ của người khác"))) == {one, two}
    assert desk.ask(OtherCases(one)) == desk.ask(OtherCases(two)) == ()
    told = [item.fields for item in desk.ask(History(one)) if item.type == "same_person"]
    assert [f.get(VOID) for f in told] == ["giấy tờ của người khác", None]
    desk.do(TieCases(one, two, (), "đúng là chị"))
    assert [o.note for o in desk.ask(OtherCases(one))] == ["đúng là chị"]


def test_what_cannot_be_is_refused_and_nothing_is_written(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Vàng Xay")
    for command, error in (
        (TieCases(one, one, ("papers",)), InvalidValues),
        (TieCases(one, two), InvalidValues),
        (TieCases(one, "nobody", ("papers",)), NotHere),
        (UntieCases(one, tie_of(one, two), "x"), NotHere),
    ):
        with pytest.raises(error):
            desk.do(command)
    assert desk.ask(OtherCases(one)) == ()


def test_the_same_of_the_same_is_the_same(desk):
    one, two, three = (enter(desk, name) for name in ("A Xay", "B Xay", "C Xay"))
    desk.do(TieCases(one, two, ("known",)))
    desk.do(TieCases(two, three, ("known",)))
    found = {o.case_id: o.direct for o in desk.ask(OtherCases(one))}
    assert found == {two: True, three: False}


def test_days_of_stay_in_the_other_case_are_told(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Vàng Xay")
    person = desk.ask(RefreshCase(one)).persons[0].id
    for since, until in (("2026-01-01", "2026-01-10"), ("2026-01-08", "2026-01-12")):
        values = {"case": one, "person": person, "kind": "social", "since": since, "until": until}
        desk.do(SaveRecords((Edit("stay", new_id(), values),)))
    desk.do(TieCases(one, two, ("known",)))
    (found,) = desk.ask(OtherCases(two))
    assert (found.stays.days, found.stays.lasts) == (12, False)  # a day counts once
    assert desk.ask(OtherCases(one))[0].stays.days == 0


# -- pairs -----------------------------------------------------------------------------------


def test_a_pair_is_asked_about_once_and_the_answer_is_remembered(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Vàng Thị Xay")
    enter(desk, "Trần Văn Bình", "1980-01-01")
    assert desk.ask(PossiblySame()).waiting == 3
    look_through_all(desk)
    (pair,) = desk.ask(PossiblySame()).pairs
    assert (pair.one.row.case_id, pair.other.row.case_id) == (one, two)
    assert desk.do(AnswerPair(two, one, "later")) == ""
    assert (desk.ask(PossiblySame()).pairs, desk.ask(PossiblySame()).put_off) == ((), 1)
    assert desk.ask(PossiblySame(put_off=True)).pairs[0].answer == "later"
    assert desk.do(AnswerPair(one, two, "other")) == "later"
    assert desk.ask(PossiblySame(put_off=True)).pairs == ()
    desk.context.store.rebuild()
    look_through_all(desk)
    assert desk.ask(PossiblySame(put_off=True)).pairs == ()
    desk.do(AnswerPair(one, two, ""))
    assert len(desk.ask(PossiblySame()).pairs) == 1


def test_who_is_written_anew_is_compared_anew(desk):
    one, two = enter(desk, "Vàng Thị Xay"), enter(desk, "Trần Thị Lan", "1980-01-01")
    look_through_all(desk)
    assert desk.ask(PossiblySame()).pairs == ()
    person = desk.ask(RefreshCase(two)).persons[0].id
    values = {"name": "Vàng Thị Xay", "birth": "1999-03-04"}
    desk.do(SaveRecords((Edit("person", person, values),)))
    assert desk.ask(PossiblySame()).waiting == 1
    look_through_all(desk)
    assert len(desk.ask(PossiblySame()).pairs) == 1
    desk.do(TieCases(one, two, ("known",)))
    assert desk.ask(PossiblySame()).pairs == ()


def test_who_is_written_anew_while_she_is_compared_waits_again(desk):
    enter(desk, "Vàng Thị Xay")
    two = enter(desk, "Vàng Thị Xay")
    found = desk.ask(Compare())
    person = desk.ask(RefreshCase(two)).persons[0].id
    desk.do(SaveRecords((Edit("person", person, {"name": "Trần Lan", "birth": "1960"}),)))
    assert desk.do(KeepPairs(found)) == 1
    assert desk.ask(PossiblySame()).pairs == ()
    look_through_all(desk)
    assert desk.ask(PossiblySame()).pairs == ()
    assert desk.ask(PossiblySame()).waiting == 0


# -- several desks ---------------------------------------------------------------------------


@pytest.fixture
def land(make: Make, tmp_path):
    """A province and two communes that are linked with it, and what carries bundles."""
    province = make("province")
    a, b = make("a"), make("b", OTHER_COMMUNE)
    for name, commune in (("sa", a), ("sb", b)):
        link(province, commune, tmp_path / name)

    def carry_all() -> None:
        for _round in range(2):
            for name, commune in (("ba", a), ("bb", b)):
                folder = tmp_path / name
                folder.mkdir(exist_ok=True)
                carry(commune, province, folder)
                carry(province, commune, folder)

    return province, a, b, carry_all


def test_a_tie_of_the_province_shows_no_commune_the_case_of_another(land):
    province, a, b, carry_all = land
    one = enter(a, "Vàng Thị Xay")
    two = enter(b, "Bí Mật Riêng")
    carry_all()
    look_through_all(province)
    province.do(TieCases(one, two, ("family_says",), SECRET))
    carry_all()
    for desk, own in ((a, one), (b, two)):
        (found,) = desk.ask(OtherCases(own))
        assert (found.case_id, found.file_no, found.opened_on, found.note) == ("", "", "", "")
        assert found.said_by == "Nguyễn Thị Hương"
        assert not known(desk, SECRET)
        assert len(desk.ask(ListCases(CaseFilter(tips=True)))) == 1
    for text in ("Bí Mật Riêng", two):
        assert not known(a, text)
    assert not known(b, one)
    assert province.ask(OtherCases(one))[0].note == SECRET
    # Taken back, in words that say nothing, and both communes hear of it.
    province.do(UntieCases(one, tie_of(one, two), f"nhầm: {SECRET}"))
    carry_all()
    assert a.ask(OtherCases(one)) == b.ask(OtherCases(two)) == ()
    assert not known(a, SECRET)
    assert not known(b, SECRET)


def test_two_desks_that_tie_the_same_cases_write_one_tie(land):
    province, a, _b, carry_all = land
    one, two = enter(a, "Vàng Thị Xay"), enter(a, "Vàng Xay")
    carry_all()
    a.do(TieCases(two, one, ("person_says",), "chị nói"))
    province.do(TieCases(one, two, ("papers",), "căn cước"))
    carry_all()
    for desk in (a, province):
        (found,) = desk.ask(OtherCases(one))
        assert found.case_id == two
        (record,) = desk.ask(RefreshCase(one)).of("same_person")
        said = {rival.value["note"] for rival in record.conflicts["*"]}
        assert said == {"chị nói", "căn cước"}  # both are kept (I3)


def test_who_may_not_write_ties_nothing(land):
    _province, a, _b, _carry = land
    one, two = enter(a, "Vàng Thị Xay"), enter(a, "Vàng Xay")
    a.context.info = replace(a.info, role="clerk")
    with pytest.raises(NotAllowed):
        a.do(TieCases(one, two, ("papers",)))
    with pytest.raises(NotAllowed):
        a.ask(LookForPerson(PersonFacts(("Vàng",))))
