"""What is taken in, what is refused, and that refusing leaves nothing behind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.desks import NEWER, OFFICER, Desk, change, exchange
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.changes import (
    CHAIN_START,
    MAX_BODY,
    VOID,
    WHOLE,
    Change,
    ChangeInvalid,
    link_chain,
)
from traffick_desk.store.journal import Edit
from traffick_desk.store.journal_errors import Equivocation, OwnPast


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path, "c0")
    yield found
    found.close()


@pytest.fixture
def pair(tmp_path):
    found = [Desk(tmp_path, "c0"), Desk(tmp_path, "p0")]
    yield found
    for one in found:
        one.close()


def everything(desk):
    names = [n for (n,) in desk.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {n: desk.rows(f"SELECT * FROM {n}") for n in names if not n.startswith("search_fts")}


def test_a_change_is_written_with_what_it_replaced(desk):
    first = desk.write("person", "a", {"case": "k0", "name": "Hoa"})
    second = desk.write("person", "a", {"name": "Hoà", "sex": "female"})
    assert (first.seq, second.seq) == (1, 2)
    assert first.replaces == {}
    assert second.replaces == {"name": (first.ref,)}
    assert second.fields == {"name": "Hoà", "sex": "female"}
    assert second.stamp > first.stamp


def test_nothing_new_writes_nothing(desk):
    desk.write("person", "a", {"name": "Hoa"})
    assert desk.write("person", "a", {"name": "Hoa"}) is None
    assert desk.write("person", "b", {"name": None}) is None
    assert desk.write("status", "s", {"note": None}) is None
    assert desk.write("status", "s", {"note": "x"}) is not None
    assert desk.write("status", "s", {"note": "x", "since": None}) is None
    assert desk.write("person", "a", {VOID: None}) is None
    assert len(desk.bodies()) == 2


def test_a_whole_record_can_be_emptied_and_voided(desk):
    desk.write("status", "s", {"case": "k0", "status": "victim"})
    desk.write("status", "s", {VOID: "trùng"})
    assert desk.state("status", "s").values == {"case": "k0", "status": "victim"}
    desk.write("status", "s", {"case": None, "status": None})
    assert desk.state("status", "s").values == {}
    assert desk.state("status", "s").voided == "trùng"
    desk.write("status", "s", {VOID: None, "status": "victim"})
    assert desk.state("status", "s").values == {"status": "victim"}
    assert desk.state("status", "s").voided is None


def test_one_unit_of_work_numbers_its_changes_without_gaps(desk):
    with desk.store.work() as work:
        for number in range(5):
            edit = Edit("person", f"p{number}", {"case": "k0", "name": str(number)})
            assert work.journal.write(edit, OFFICER, "k0").seq == number + 1
        assert work.journal.state("person", "p3").values["name"] == "3"
        work.journal.write(Edit("person", "p3", {"name": "x"}), OFFICER, "k0")
        assert work.journal.state("person", "p3").values["name"] == "x"
        work.journal.write(Edit("status", "s", {"note": "1"}), OFFICER, "k0")
        work.journal.write(Edit("status", "s", {"status": "victim"}), OFFICER, "k0")
    assert desk.state("status", "s").values == {"note": "1", "status": "victim"}
    assert [Change.decode(b).seq for b in desk.bodies()] == list(range(1, 9))


def test_what_an_error_interrupts_leaves_nothing(desk):
    desk.write("person", "a", {"name": "Hoa"})
    before = everything(desk)

    def interrupted():
        with desk.store.work() as work:
            work.journal.write(Edit("person", "a", {"name": "x"}), OFFICER, "k0")
            work.log("2026-11-21T20:40+07:00", OFFICER, "records.save", "k0")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert everything(desk) == before
    assert desk.write("person", "a", {"name": "y"}).seq == 2


@pytest.mark.parametrize(
    "values",
    [
        {"name": 7},
        {"languages": "vi"},
        {"languages": [1]},
        {"birth": ["2009"]},
        {"name": 1.5},
        {"name": "\ud800"},
        {"name": "x" * MAX_BODY},
        {VOID: 1},
    ],
    ids=lambda v: repr(v)[:20],
)
def test_a_value_no_desk_could_read_is_not_written_even_if_the_error_is_swallowed(desk, values):
    desk.write("person", "a", {"name": "Hoa"})
    before = everything(desk)
    with desk.store.work() as work, pytest.raises(ChangeInvalid):
        work.journal.write(Edit("person", "a", values), OFFICER, "k0")
    assert everything(desk) == before


def test_a_field_that_does_not_exist_is_a_mistake_of_the_program(desk):
    with pytest.raises(KeyError):
        desk.write("person", "a", {"nick": "x"})
    with pytest.raises(KeyError):
        desk.write("no_such", "a", {"name": "x"})
    assert desk.bodies() == []


def test_what_is_known_is_passed_over(pair):
    one, two = pair
    one.write("person", "a", {"name": "Hoa"})
    body = one.bodies()[0]
    taken = two.take([body, body])
    assert (taken.new, taken.known, taken.cases) == (1, 1, frozenset({"k0"}))
    taken = two.take([body])
    assert (taken.new, taken.known, taken.cases) == (0, 1, frozenset())
    assert one.take(two.bodies()).known == 1


@pytest.mark.parametrize("batch", [False, True])
def test_two_changes_of_one_number_raise_and_change_nothing(desk, batch):
    first = change("c9", 1, "person", "a", {"name": "A"}).encode()
    other = change("c9", 1, "person", "a", {"name": "B"}).encode()
    good = change("c9", 2, "person", "b", {"name": "C"}).encode()
    if not batch:
        desk.take([first])
    before = everything(desk)
    with pytest.raises(Equivocation) as caught:
        desk.take([good, first, other] if batch else [good, other])
    assert caught.value.ref == "c9.1"
    assert str(caught.value)
    assert everything(desk) == before
    desk.take([first, good])
    assert desk.state("person", "a").values == {"name": "A"}


def test_an_own_change_that_is_not_known_here_means_an_old_copy(desk):
    desk.write("person", "a", {"name": "Hoa"})
    before = everything(desk)
    future = change("c0", 2, "person", "a", {"name": "x"}).encode()
    with pytest.raises(OwnPast) as caught:
        desk.take([future])
    assert "x" not in str(caught.value).split()
    assert everything(desk) == before
    assert desk.write("person", "a", {"name": "y"}).seq == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"name": 7},
        {"name": True},
        {"languages": "vi"},
        {"languages": {"a": "b"}},
        {"birth": 2009},
        {VOID: 5},
        {VOID: ["x"]},
    ],
    ids=repr,
)
def test_an_arriving_value_of_another_kind_is_refused_with_its_whole_batch(desk, fields):
    before = everything(desk)
    good = change("c9", 1, "person", "b", {"name": "C"}).encode()
    with pytest.raises(ChangeInvalid):
        desk.take([good, change("c9", 2, "person", "a", fields).encode()])
    assert everything(desk) == before


def test_numbers_of_any_size_are_refused_or_stored_exactly(desk):
    for number, value in enumerate((0, -1, 2**53 - 1, -(2**53) + 1), start=1):
        desk.take([change("c9", number, "given_item", f"g{number}", {"quantity": value}).encode()])
        assert desk.state("given_item", f"g{number}").values == {"quantity": value}
    with pytest.raises(ChangeInvalid):
        desk.take([change("c9", 9, "given_item", "g9", {"quantity": 2**53}).encode()])


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=4),
)
def test_any_text_comes_back_as_it_was(shared_desk, text, codes):
    with shared_desk.store.work() as work:
        record_id = f"r{shared_desk.count}"
        shared_desk.count += 1
        values = {"name": text, "languages": codes}
        work.journal.write(Edit("person", record_id, values), OFFICER, None)
    assert shared_desk.state("person", record_id).values == values


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("shared"), "c0")
    found.count = 0
    yield found
    found.close()


def test_the_chain_of_own_changes_is_gapless_and_checked(desk):
    for number in range(4):
        desk.write("person", "a", {"name": str(number)})
    chain = CHAIN_START
    for body, stored in desk.rows("SELECT body, chain FROM journal ORDER BY seq"):
        chain = link_chain(chain, body)
        assert stored == chain
    with desk.store.read() as cursor:
        assert verify_chain(cursor, "c0") is None
        assert verify_chain(cursor, "nobody") is None


@pytest.mark.parametrize(
    ("sql", "first"),
    [
        ("UPDATE journal SET body = (SELECT body FROM journal WHERE seq = 1) WHERE seq = 3", 3),
        ("UPDATE journal SET chain = zeroblob(32) WHERE seq = 2", 2),
        ("UPDATE journal SET chain = NULL WHERE seq = 4", 4),
        ("UPDATE journal SET chain = 'text' WHERE seq = 4", 4),
        ("DELETE FROM journal WHERE seq = 2", 2),
        ("DELETE FROM journal WHERE seq = 1", 1),
    ],
)
def test_a_change_put_in_another_place_is_named(desk, sql, first):
    for number in range(4):
        desk.write("person", "a", {"name": str(number)})
    with desk.store._engines.write() as connection:
        connection.exec_driver_sql(sql)
    with desk.store.read() as cursor:
        assert verify_chain(cursor, "c0") == first


# --- versions (I5) ---------------------------------------------------------------


def test_what_a_newer_desk_wrote_is_kept_passed_on_and_takes_effect_after_the_upgrade(tmp_path):
    new = Desk(tmp_path, "p0", NEWER)
    old = Desk(tmp_path, "c0")
    third = Desk(tmp_path, "p1", NEWER)
    try:
        new.write("case", "k0", {"file_no": "TD-1"})
        new.write("person", "a", {"case": "k0", "name": "Hoa", "nickname": "Bống", "shoe_size": 36})
        new.write("sighting", "v", {"case": "k0", "on": "2026-11-21", "where": "Lũng Cú"})
        new.write("status", "s", {"case": "k0", "status": "victim", "appeal": "có"})
        taken = old.take(new.bodies())
        assert taken.unknown
        assert old.rows("SELECT value FROM meta WHERE key = 'unknown_changes'") == [("1",)]
        assert old.state("person", "a").values == {"case": "k0", "name": "Hoa"}
        # An old desk goes on working on the same records.
        old.write("person", "a", {"name": "Hoà"})
        old.write("status", "s", {"note": "x"})
        third.take(old.bodies())
        new.take(old.bodies())
        assert set(third.bodies()) == set(new.bodies()) == set(old.bodies())
        assert new.state("status", "s").values == {
            "case": "k0", "status": "victim", "appeal": "có", "note": "x",
        }  # fmt: skip
        wanted = (new.tables(), new.found("bong", "lung cu", "hoa"))
        assert (third.tables(), third.found("bong", "lung cu", "hoa")) == wanted
        assert old.found("bong") == {"bong": []}
        old.reopen(NEWER)
        assert (old.tables(), old.found("bong", "lung cu", "hoa")) == wanted
        assert wanted[1]["bong"] == [("k0", False)]
        assert old.rows("SELECT value FROM meta WHERE key = 'unknown_changes'") == []
        assert old.state("person", "a").values["shoe_size"] == 36
        # And back: an older program opens the file, and nothing is lost by it.
        old.reopen(REGISTRY)
        assert old.state("person", "a").values == {"case": "k0", "name": "Hoà"}
        old.reopen(NEWER)
        assert (old.tables(), old.found("bong", "lung cu", "hoa")) == wanted
    finally:
        for desk in (new, old, third):
            desk.close()


def test_rival_values_of_unknown_fields_meet_after_the_upgrade(tmp_path):
    one, two = Desk(tmp_path, "p0", NEWER), Desk(tmp_path, "p1", NEWER)
    old = Desk(tmp_path, "c0")
    try:
        one.write("status", "s", {"case": "k0", "appeal": "1"})
        two.write("status", "s", {"case": "k0", "appeal": "2"})
        one.write("person", "a", {"nickname": "1"})
        two.write("person", "a", {"nickname": "2"})
        old.take([*one.bodies(), *two.bodies()])
        rivals = old.state("status", "s").rivals[WHOLE]
        assert {v[3]["appeal"] for v in rivals.values()} == {"1", "2"}
        # The old desk chooses one whole value; what it cannot see of it goes along.
        heads = old.heads("status", "s")[WHOLE]
        old.write("status", "s", {"case": "k0"}, base={WHOLE: heads})
        exchange(one, two, old)
        old.reopen(NEWER)
        assert old.tables() == one.tables() == two.tables()
        assert old.state("status", "s").values["appeal"] in {"1", "2"}
        assert len(old.heads("person", "a")["nickname"]) == 2
    finally:
        for desk in (one, two, old):
            desk.close()


@pytest.mark.parametrize(
    ("type_name", "fields"),
    [
        ("person", {"shoe_size": "big"}),
        ("person", {"shoe_size": 2**60}),
        ("person", {"nickname": {"a": [1]}}),
        ("sighting", {"where": 7}),
        ("sighting", {"case": ["k0"]}),
    ],
    ids=repr,
)
def test_nonsense_in_unknown_fields_does_not_lock_the_vault_after_the_upgrade(
    tmp_path, type_name, fields
):
    desk = Desk(tmp_path, "c0")
    try:
        desk.write("person", "a", {"name": "Hoa"})
        desk.take([change("c9", 1, type_name, "a", fields).encode()])
        desk.reopen(NEWER)
        assert desk.state("person", "a").values == {"name": "Hoa"}
        assert desk.write("person", "a", {"shoe_size": 36}) is not None
        desk.store.rebuild()
        assert desk.state("person", "a").values == {"name": "Hoa", "shoe_size": 36}
    finally:
        desk.close()


def test_a_type_that_others_may_write_from_now_on_takes_effect_after_the_upgrade(tmp_path):
    from dataclasses import replace

    from traffick_desk.domain.spine import Registry

    kind = "entitlement_decision"
    both = frozenset({"commune", "province"})
    wider = Registry(tuple(replace(t, writers=both) if t.name == kind else t for t in REGISTRY))
    desk = Desk(tmp_path, "c0")
    try:
        desk.take([change("c9", 1, kind, "e", {"case": "k0", "decision": "approved"}).encode()])
        assert desk.tables()[f"r_{kind}"] == []
        desk.reopen(wider)
        assert desk.state(kind, "e").values == {"case": "k0", "decision": "approved"}
        desk.reopen(REGISTRY)
        assert desk.tables()[f"r_{kind}"] == []
    finally:
        desk.close()
