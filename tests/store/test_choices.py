"""What waits for a choice: a voiding and an entry that did not know of each other."""

from __future__ import annotations

from itertools import permutations

import pytest

from store.desks import Desk, change, exchange
from traffick_desk.store.changes import VOID
from traffick_desk.store.choices import LATE, waiting


@pytest.fixture
def desks(tmp_path):
    made = [Desk(tmp_path, name) for name in ("c0", "p0")]
    made[0].write("case", "k0", {"file_no": "TD-1"})
    made[0].write("person", "a", {"case": "k0", "name": "Vàng Thị Dợ", "phone": "1"})
    exchange(*made)
    yield made
    for desk in made:
        desk.close()


def open_at(desk: Desk, kind: str = "person", record: str = "a") -> tuple[str, ...]:
    state = desk.state(kind, record)
    return waiting(state.rivals, state.voided)


def count(desk: Desk) -> int:
    return desk.rows("SELECT conflicts FROM case_row WHERE case_id = 'k0'")[0][0]


def test_a_voiding_and_an_entry_made_meanwhile_wait_for_a_choice_on_both_desks(desks):
    commune, province = desks
    commune.write("person", "a", {VOID: "nhập nhầm"})
    province.write("person", "a", {"phone": "2", "name": "Vàng Thị Dợ B"})
    exchange(*desks)
    for desk in desks:
        assert open_at(desk) == (LATE,)
        assert count(desk) == 1
        rivals = [r[3] for r in desk.state("person", "a").rivals[LATE].values()]
        assert "nhập nhầm" in rivals
        assert {"name": "Vàng Thị Dợ B", "phone": "2"} in rivals
    assert commune.tables() == province.tables()


@pytest.mark.parametrize("reason", ["nhập nhầm", "đúng là sai", None])
def test_the_choice_settles_it_on_both_desks(desks, reason):
    commune, province = desks
    commune.write("person", "a", {VOID: "nhập nhầm"})
    province.write("person", "a", {"phone": "2"})
    exchange(*desks)
    province.write("person", "a", {VOID: reason}, base={VOID: province.heads("person", "a")[VOID]})
    exchange(*desks)
    for desk in desks:
        assert open_at(desk) == ()
        assert count(desk) == 0
        assert desk.state("person", "a").voided == reason
        assert desk.state("person", "a").values["phone"] == "2"


def test_whoever_saw_the_entry_and_voids_leaves_nothing_to_choose(desks):
    commune, province = desks
    province.write("person", "a", {"phone": "2"})
    exchange(*desks)
    commune.write("person", "a", {VOID: "trùng"})
    exchange(*desks)
    assert [open_at(desk) for desk in desks] == [(), ()]


def test_two_voidings_need_no_choice_but_a_voiding_and_a_restoring_do(desks):
    commune, province = desks
    commune.write("person", "a", {VOID: "trùng"})
    province.write("person", "a", {VOID: "nhập nhầm"})
    exchange(*desks)
    assert open_at(commune) == ()
    assert count(commune) == 0
    commune.write("person", "a", {VOID: None})
    province.write("person", "a", {VOID: "chắc chắn sai"})
    exchange(*desks)
    assert open_at(commune) == open_at(province) == (VOID,)
    assert count(commune) == 1


def test_a_case_voided_while_another_desk_writes_to_it_stays_in_sight(desks):
    commune, province = desks
    commune.write("case", "k0", {VOID: "mở nhầm"})
    assert commune.rows("SELECT 1 FROM case_row WHERE case_id = 'k0'") == []
    province.write("case", "k0", {"stage": "support"})
    exchange(*desks)
    assert count(commune) == count(province) == 1


def test_a_decision_voided_while_it_is_made_anew(desks):
    _commune, province = desks
    decision = {"case": "k0", "decision": "approved", "amount": 500_000}
    province.write("entitlement_decision", "e", decision)
    exchange(*desks)
    heads = province.heads("entitlement_decision", "e")
    province.write("entitlement_decision", "e", {VOID: "thu hồi"})
    void = province.bodies(device="p0")[-1]
    anew = change(
        "p1",
        1,
        "entitlement_decision",
        "e",
        {**decision, "amount": 1},
        {"*": heads["*"]},
        at=(9, 9),
    )
    province.take([anew.encode()])
    assert void in province.bodies()
    assert open_at(province, "entitlement_decision", "e") == (LATE,)


def test_in_whatever_order_they_come_the_same_waits(desks, tmp_path):
    commune, province = desks
    commune.write("person", "a", {VOID: "nhập nhầm"})
    province.write("person", "a", {"phone": "2"})
    province.write("person", "a", {"phone": "3"})
    bodies = list({*commune.bodies(), *province.bodies()})
    tables = []
    for number, order in enumerate(permutations(sorted(bodies))):
        if number % 12:  # ten of the 120 orders
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = Desk(folder, "c1")
        for body in order:
            desk.take([body])
        tables.append(desk.tables())
        desk.store.rebuild()
        assert desk.tables() == tables[-1]
        desk.close()
    assert all(found == tables[0] for found in tables)
    assert open_at(commune) == ()


def test_a_voiding_of_an_older_program_says_nothing_of_what_it_saw(desks):
    commune, _province = desks
    commune.take([change("p9", 1, "person", "a", {VOID: "cũ"}, at=(1, 1)).encode()])
    commune.write("person", "a", {"phone": "5"})
    assert open_at(commune) == ()


def test_the_same_value_written_twice_needs_no_choice(desks):
    commune, province = desks
    commune.write("person", "a", {"phone": "7"})
    province.write("person", "a", {"phone": "7"})
    exchange(*desks)
    assert len(commune.heads("person", "a")["phone"]) == 2
    assert open_at(commune) == ()
    assert count(commune) == count(province) == 0
    commune.write(
        "person", "a", {"phone": "8"}, base={"phone": commune.heads("person", "a")["phone"]}
    )
    exchange(*desks)
    assert province.state("person", "a").values["phone"] == "8"
    assert len(province.heads("person", "a")["phone"]) == 1


def test_rivals_of_a_voided_record_are_not_counted(desks):
    commune, province = desks
    commune.write("person", "a", {"phone": "7"})
    province.write("person", "a", {"phone": "8"})
    exchange(*desks)
    assert count(commune) == 1
    commune.write("person", "a", {VOID: "trùng"})
    assert count(commune) == 0
