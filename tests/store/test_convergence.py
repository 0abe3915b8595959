"""Desks that write, exchange and settle in any order show the same (I1, I2, I3, I7, I9)."""

from __future__ import annotations

import shutil
import tempfile
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from store.desks import PROFILES, UNITS, Desk, change, exchange, expected
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import journal
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.journal_errors import NotWriter
from traffick_desk.store.record_state import registers

CASES = ("k0", "k1")
# type → record ids and, per field, values to choose from.
RECORDS = {
    "case": (CASES, {"file_no": ["TD-1", "TD-2"], "stage": ["reception", "support", None]}),
    "person": (
        ("a", "b"),
        {
            "case": list(CASES),
            "name": ["Đặng Thị Hoà", "Vàng Thị Dợ", "Sokha", None],
            "birth": ["2009", "2010-05~", None],
            "role": ["main", "accompanying"],
            "languages": [["vi"], ["km", "vi"], [], None],
        },
    ),
    "status": (
        ("s",),
        {
            "case": ["k0"],
            "person": ["a"],
            "status": ["victim", "in_process", None],
            "since": ["2026-01-01", "2026-02-02"],
            "note": ["x", None],
        },
    ),
    "consent": (("t",), {"case": ["k0"], "given": ["yes", "no"], "scope": [["police"], None]}),
    "given_item": (("g",), {"case": ["k1"], "quantity": [1, 2, None], "note": ["chăn", None]}),
    "entitlement_decision": (
        ("e",),
        {"case": ["k0"], "decision": ["approved", "returned"], "amount": [0, 500_000, None]},
    ),
}
UNIT_RECORDS = {
    "volunteer_team": (
        ("x/0/t", "x/1/t", "x/p/t"),
        {
            "name": ["Đội Đồng Văn", "Đội Lũng Cú", None],
            "note": ["mới", None],
            "unit": ["x/0", "x/1", "x/p", None],
        },
    ),
}
RECORDS |= UNIT_RECORDS
SEARCHES = ("dang", "đặng thị hòa", "vang", "sokha", "td-1", "td", "a_b", "")


@st.composite
def edits(draw):
    type_name = draw(st.sampled_from(sorted(RECORDS)))
    ids, fields = RECORDS[type_name]
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), min_size=1, max_size=3))
    values = {name: draw(st.sampled_from(fields[name])) for name in sorted(chosen)}
    if draw(st.integers(0, 7)) == 0:
        values = {VOID: draw(st.sampled_from(["nhập nhầm", "trùng", None]))}
    belongs_to = st.sampled_from(CASES)
    if type_name in UNIT_RECORDS or draw(st.integers(0, 15)) == 0:
        # Rightly and wrongly: a record of a unit in a case, one of a case in a unit.
        belongs_to = st.sampled_from((*CASES[:1], "x/0", "x/1", "x/p"))
    return type_name, draw(st.sampled_from(ids)), values, draw(belongs_to)


class Desks(RuleBasedStateMachine):
    """Two to four desks with files, and two devices known only by what they send."""

    @initialize(number=st.integers(2, 4))
    def start(self, number):
        self.folder = Path(tempfile.mkdtemp(prefix="converge-"))
        names = ["c0", "p0", "c1", "p1"][:number]
        self.desks = [Desk(self.folder, name) for name in names]
        self.sent: dict[str, list[bytes]] = {"c9": [], "p9": []}
        self.seen: list[tuple[int, str, str, dict]] = []
        self.wall = 0
        self.real_time = journal.time

    def desk(self, number):
        return self.desks[number % len(self.desks)]

    def every_body(self):
        return [b for d in self.desks for b in d.bodies()] + [
            b for bodies in self.sent.values() for b in bodies
        ]

    @rule(number=st.integers(0, 3), edit=edits())
    def write(self, number, edit):
        self._write(self.desk(number), *edit)

    def _write(self, desk, type_name, record_id, values, case, base=None):
        if not self._may(desk, type_name, record_id, values, case):
            with pytest.raises(NotWriter):
                desk.write(type_name, record_id, values, case, base)
            return None
        return desk.write(type_name, record_id, values, case, base)

    def _may(self, desk, type_name, record_id, values, case):
        if PROFILES[desk.device] not in REGISTRY[type_name].writers:
            return False
        if type_name not in UNIT_RECORDS:
            return "/" not in case
        unit = record_id.rpartition("/")[0]
        own = PROFILES[desk.device] == "province" or UNITS[desk.device] == unit
        return own and values.get("unit", unit) == unit

    @rule(number=st.integers(0, 3), edit=edits())
    def look(self, number, edit):
        """An officer opens a record; her edit of it may come much later."""
        type_name, record_id, _values, _case = edit
        desk = self.desk(number)
        self.seen.append((number, type_name, record_id, desk.heads(type_name, record_id)))

    @precondition(lambda self: getattr(self, "seen", None))
    @rule(which=st.integers(0, 99), data=st.data())
    def save_late(self, which, data):
        number, type_name, record_id, base = self.seen[which % len(self.seen)]
        fields = RECORDS[type_name][1]
        name = data.draw(st.sampled_from(sorted(fields)))
        value = data.draw(st.sampled_from(fields[name]))
        register = WHOLE if REGISTRY[type_name].whole else name
        shown = {register: base.get(register, ())}
        self._write(self.desk(number), type_name, record_id, {name: value}, "k0", shown)

    @rule(number=st.integers(0, 3), data=st.data())
    def settle(self, number, data):
        desk = self.desk(number)
        rivals = [
            (type_name, record_id, register, refs)
            for type_name, (ids, _fields) in RECORDS.items()
            for record_id in ids
            for register, refs in desk.heads(type_name, record_id).items()
            if len(refs) > 1 and self._may(desk, type_name, record_id, {}, "k0")
        ]
        if not rivals:
            return
        type_name, record_id, register, refs = data.draw(st.sampled_from(rivals))
        state = desk.state(type_name, record_id)
        value = state.rivals[register][data.draw(st.sampled_from(refs))][3]
        values = value if register == WHOLE else {register: value}
        written = desk.write(type_name, record_id, values, "k0", {register: refs})
        assert written is not None
        assert written.replaces[register] == refs
        after = desk.state(type_name, record_id)
        assert after.heads[register] == (written.ref,)
        assert register not in after.rivals

    @rule(device=st.sampled_from(["c9", "p9"]), edit=edits(), data=st.data(), jump=st.integers())
    def send_unseen(self, device, edit, data, jump):
        """A device that follows other rules: any replaced refs, any clock, any rights."""
        type_name, record_id, values, case = edit
        one = change(device, len(self.sent[device]) + 1, type_name, record_id, values, None, case)
        replaces = {}
        written = registers(REGISTRY[type_name], one)
        known: dict[str, set[str]] = {}
        for body in self.every_body():
            other = Change.decode(body)
            if (other.type, other.id) == (type_name, record_id):
                for register in registers(REGISTRY[type_name], other):
                    known.setdefault(register, set()).add(other.ref)
        for register in written:
            if known.get(register):
                picked = data.draw(st.sets(st.sampled_from(sorted(known[register])), max_size=3))
                if picked:
                    replaces[register] = tuple(sorted(picked))
        stamp = (abs(jump) % 2**50, data.draw(st.integers(0, 3)))
        one = change(device, one.seq, type_name, record_id, values, replaces, case, stamp)
        self.sent[device].append(one.encode())

    @rule(source=st.integers(0, 5), receiver=st.integers(0, 3), data=st.data())
    def carry(self, source, receiver, data):
        """Some of what one side knows reaches a desk: any cut, mixed and doubled."""
        desk = self.desk(receiver)
        if source < 2:
            everything = self.sent["c9" if source else "p9"]
        else:
            everything = self.desk(source).bodies()
        by_device: dict[str, list[bytes]] = {}
        for body in everything:
            by_device.setdefault(Change.decode(body).device, []).append(body)
        chosen = []
        for device, bodies in sorted(by_device.items()):
            if device == desk.device:
                continue
            bodies.sort(key=lambda b: Change.decode(b).seq)
            have = len(desk.bodies(device=device))
            # Gapless within a device: from what the desk has already, up to any later one.
            chosen += bodies[: data.draw(st.integers(have, max(have, len(bodies))))]
        random = data.draw(st.randoms(use_true_random=False))
        desk.take(_mixed(chosen, random))

    @rule(years=st.integers(-10, 10))
    def jump(self, years):
        self.wall = years * 365 * 24 * 3600 * 10**9

        class Clock:
            @staticmethod
            def time_ns():
                return self.real_time.time_ns() + self.wall

        journal.time = Clock

    @rule(number=st.integers(0, 3))
    def rebuild(self, number):
        desk = self.desk(number)
        before = desk.tables()
        found = desk.found(*SEARCHES)
        desk.store.rebuild()
        assert desk.tables() == before
        assert desk.found(*SEARCHES) == found

    def teardown(self):
        if not hasattr(self, "desks"):
            return
        try:
            journal.time = self.real_time
            self._all_agree()
        finally:
            for desk in self.desks:
                desk.close()
            shutil.rmtree(self.folder)

    def _all_agree(self):
        bodies = sorted(set(self.every_body()))
        for number, desk in enumerate(self.desks):
            rest = [b for b in bodies if Change.decode(b).device != desk.device]
            desk.take(_mixed(rest, Random(number)))
        first, *others = self.desks
        tables, found = first.tables(), first.found(*SEARCHES)
        for desk in others:
            assert desk.tables() == tables
            assert desk.found(*SEARCHES) == found
        for desk in self.desks:
            desk.store.rebuild()
            assert desk.tables() == tables
            assert desk.found(*SEARCHES) == found
        rule_of_merging(first, bodies)


def _mixed(bodies, random):
    """Doubled and in any order, but each device's own in its order."""
    doubled = [*bodies, *(b for b in bodies if random.random() < 0.2)]
    random.shuffle(doubled)
    queues: dict[str, list[bytes]] = {}
    for body in bodies:
        queues.setdefault(Change.decode(body).device, []).append(body)
    result, given = [], set()
    for queue in queues.values():
        queue.sort(key=lambda b: Change.decode(b).seq, reverse=True)
    for body in doubled:
        queue = queues[Change.decode(body).device]
        if queue:
            given.add(queue[-1])
            result.append(queue.pop())
        else:
            result.append(body)
    assert given == set(bodies)
    return result


def rule_of_merging(desk, bodies):
    """The tables hold what the rule says, and no value is lost (I3)."""
    want = expected(bodies)
    for (type_name, record_id), wanted in want.items():
        state = desk.state(type_name, record_id)
        for register, (shown, refs) in wanted.items():
            assert set(state.heads.get(register, ())) == refs, (type_name, record_id, register)
            if register == WHOLE:
                given = {n: v for n, v in (shown or {}).items() if v is not None}
                assert state.register_value(register) == given
            else:
                assert state.register_value(register) == shown
            assert (register in state.rivals) == (len(refs) > 1)
            assert set(state.rivals.get(register, refs)) == refs
    conflicts = sum(
        len(refs) > 1
        for (type_name, record_id), wanted in want.items()
        for _shown, refs in wanted.values()
    )
    listed = desk.rows("SELECT coalesce(sum(conflicts), 0) FROM case_row")[0][0]
    assert listed <= conflicts


TestDesks = Desks.TestCase
TestDesks.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


# --- single stories ----------------------------------------------------------------


@pytest.fixture
def desks(tmp_path):
    found = [Desk(tmp_path, name) for name in ("c0", "p0", "c1", "p1")]
    yield found
    for desk in found:
        desk.close()


def agree(*desks):
    first, *others = [(d.tables(), d.found(*SEARCHES)) for d in desks]
    for other in others:
        assert other == first
    for desk in desks:
        desk.store.rebuild()
        assert (desk.tables(), desk.found(*SEARCHES)) == first


def test_different_fields_merge_by_themselves(desks):
    one, two, *_ = desks
    one.write("person", "a", {"case": "k0", "name": "Hoa", "sex": "female"})
    exchange(one, two)
    one.write("person", "a", {"name": "Hoà"})
    two.write("person", "a", {"sex": "unknown"})
    exchange(one, two)
    agree(one, two)
    state = one.state("person", "a")
    assert (state.values["name"], state.values["sex"]) == ("Hoà", "unknown")
    assert not state.rivals


def test_one_field_on_two_desks_keeps_both_values_and_shows_one(desks):
    one, two, three, _ = desks
    one.write("case", "k0", {"file_no": "TD-1"})
    one.write("person", "a", {"case": "k0", "name": "Hoa"})
    exchange(one, two, three)
    first = one.write("person", "a", {"name": "Hoà"})
    second = two.write("person", "a", {"name": "Hoả"})
    exchange(one, two, three)
    agree(one, two, three)
    state = three.state("person", "a")
    assert {v[3] for v in state.rivals["name"].values()} == {"Hoà", "Hoả"}
    assert set(state.rivals["name"]) == {first.ref, second.ref}
    assert state.values["name"] == max((first, second), key=lambda c: c.order).fields["name"]
    assert three.rows("SELECT conflicts FROM case_row") == [(1,)]
    # A choice that knows both settles it for everybody.
    three.write("person", "a", {"name": "Hoà"}, base={"name": state.heads["name"]})
    exchange(one, two, three)
    agree(one, two, three)
    assert not one.state("person", "a").rivals
    assert one.rows("SELECT conflicts FROM case_row") == [(0,)]


def test_two_desks_that_write_the_same_value_still_are_two(desks):
    one, two, *_ = desks
    one.write("person", "a", {"name": "Hoa"})
    two.write("person", "a", {"name": "Hoa"})
    exchange(one, two)
    agree(one, two)
    assert one.state("person", "a").values["name"] == "Hoa"


def test_two_choices_at_once_are_rivals_again(desks):
    one, two, three, _ = desks
    for desk in (one, two, three):
        desk.write("person", "a", {"name": f"N{desk.device}"})
    exchange(one, two, three)
    refs = one.heads("person", "a")["name"]
    assert len(refs) == 3
    one.write("person", "a", {"name": "Nc0"}, base={"name": refs})
    two.write("person", "a", {"name": "Np0"}, base={"name": refs})
    exchange(one, two, three)
    agree(one, two, three)
    assert {v[3] for v in three.state("person", "a").rivals["name"].values()} == {"Nc0", "Np0"}


def test_an_edit_made_without_seeing_the_other_value_leaves_it_beside(desks):
    one, two, *_ = desks
    one.write("person", "a", {"name": "Hoa"})
    exchange(one, two)
    base = two.heads("person", "a")
    two.write("person", "a", {"name": "Hoả"})
    # An editor was open on the old value while the new one came in.
    two.write("person", "a", {"name": "Hoà"}, base={"name": base["name"]})
    exchange(one, two)
    agree(one, two)
    assert {v[3] for v in one.state("person", "a").rivals["name"].values()} == {"Hoả", "Hoà"}


def test_a_value_that_arrives_after_its_replacement_is_old_news(desks):
    one, two, three, _ = desks
    old = one.write("person", "a", {"name": "Hoa"})
    two.take(one.bodies())
    new = two.write("person", "a", {"name": "Hoà"})
    assert new.replaces == {"name": (old.ref,)}
    three.take(two.bodies(device="p0"))
    assert three.state("person", "a").values == {"name": "Hoà"}
    assert three.rows("SELECT count(*) FROM replaced_ahead") == [(1,)]
    three.take(one.bodies())
    assert three.state("person", "a").values == {"name": "Hoà"}
    assert three.rows("SELECT count(*) FROM replaced_ahead") == [(0,)]
    exchange(one, two, three)
    agree(one, two, three)


def test_a_batch_in_the_wrong_order_comes_out_right(desks):
    one, two, three, four = desks
    one.write("person", "a", {"name": "Hoa"})
    two.take(one.bodies())
    two.write("person", "a", {"name": "Hoà"})
    one.take(two.bodies())
    one.write("person", "a", {"name": "Hoả"})
    bodies = one.bodies()
    three.take(reversed(bodies))
    four.take([bodies[1], bodies[2], bodies[0], bodies[2]])
    exchange(one, two, three, four)
    agree(one, two, three, four)
    assert three.state("person", "a").values == {"name": "Hoả"}
    assert three.rows("SELECT count(*) FROM replaced_ahead") == [(0,)]


def test_a_chain_of_replacements_in_every_order(desks):
    one, two, three, _ = desks
    names = ["A", "B", "C"]
    bodies = [
        change("c9", 1, "person", "a", {"name": names[0]}).encode(),
        change("p9", 1, "person", "a", {"name": names[1]}, {"name": ("c9.1",)}).encode(),
        change("c9", 2, "person", "a", {"name": names[2]}, {"name": ("p9.1",)}).encode(),
        change("p9", 2, "person", "a", {"name": "D"}, {"name": ("c9.1",)}).encode(),
    ]
    seen = set()
    for number, order in enumerate(permutations(bodies)):
        desk = [one, two, three][number % 3]
        with desk.store._engines.write() as connection:
            cursor = connection.connection.cursor()
            for table in ("journal", "r_person", "replaced_ahead"):
                cursor.execute(f"DELETE FROM {table}")
        for body in order:
            desk.take([body])
        seen.add(repr(desk.tables()["r_person"]))
        assert desk.rows("SELECT * FROM replaced_ahead") == []
    assert len(seen) == 1


def test_a_whole_record_never_mixes_the_fields_of_two_desks(desks):
    one, two, three, _ = desks
    one.write("status", "s", {"case": "k0", "person": "a", "status": "in_process", "note": "1"})
    exchange(one, two, three)
    base = one.heads("status", "s")
    one.write("status", "s", {"status": "victim", "since": "2026-01-01"})
    two.write("status", "s", {"note": "2"})
    exchange(one, two, three)
    agree(one, two, three)
    whole = [v[3] for v in three.state("status", "s").rivals[WHOLE].values()]
    common = {"case": "k0", "person": "a"}
    assert sorted(whole, key=lambda v: v["note"]) == [
        {**common, "status": "victim", "since": "2026-01-01", "note": "1"},
        {**common, "status": "in_process", "note": "2"},
    ]
    assert three.state("status", "s").values in whole
    # An editor that was open on the value before: what came in since stays out of it.
    three.write("status", "s", {"note": "3"}, base={WHOLE: base[WHOLE]})
    rivals = [v[3] for v in three.state("status", "s").rivals[WHOLE].values()]
    assert {**common, "status": "in_process", "note": "3"} in rivals
    assert len(rivals) == 3
    # And a value that is shown already but was not seen is part of the whole.
    settled = {**common, "status": "not_victim", "note": None}
    three.write("status", "s", settled, base={WHOLE: three.heads("status", "s")[WHOLE]})
    exchange(one, two, three)
    agree(one, two, three)
    assert one.state("status", "s").values == {**common, "status": "not_victim"}
    assert not one.state("status", "s").rivals


def test_an_unseen_whole_value_does_not_leak_into_a_stale_edit(desks):
    one, two, *_ = desks
    one.write("consent", "t", {"case": "k0", "given": "no"})
    exchange(one, two)
    base = one.heads("consent", "t")
    two.write("consent", "t", {"given": "yes", "scope": ["police"]})
    one.take(two.bodies())
    # She saw "no" and adds a note; "yes" must not become her word.
    one.write("consent", "t", {"note": "hỏi lại"}, base={WHOLE: base[WHOLE]})
    rivals = {repr(v[3]) for v in one.state("consent", "t").rivals[WHOLE].values()}
    assert repr({"case": "k0", "given": "no", "note": "hỏi lại"}) in rivals
    exchange(one, two)
    agree(one, two)


def test_the_whole_value_she_saw_is_kept_even_where_the_shown_one_agrees(desks):
    one, two, *_ = desks
    one.write("consent", "t", {"case": "k0", "given": "no", "note": "1"})
    exchange(one, two)
    base = one.heads("consent", "t")
    two.write("consent", "t", {"given": "yes", "note": "2"})
    one.take(two.bodies())
    one.write("consent", "t", {"given": "yes"}, base={WHOLE: base[WHOLE]})
    rivals = [v[3] for v in one.state("consent", "t").rivals[WHOLE].values()]
    assert {"case": "k0", "given": "yes", "note": "1"} in rivals


def test_voiding_while_another_desk_edits_loses_neither(desks):
    one, two, *_ = desks
    one.write("case", "k0", {"file_no": "TD-1"})
    one.write("person", "a", {"case": "k0", "role": "main", "name": "Hoa"})
    exchange(one, two)
    one.write("person", "a", {VOID: "trùng"})
    two.write("person", "a", {"name": "Đặng Thị Hoà"})
    exchange(one, two)
    agree(one, two)
    state = two.state("person", "a")
    assert (state.voided, state.values["name"]) == ("trùng", "Đặng Thị Hoà")
    assert two.found("dang") == {"dang": []}
    two.write("person", "a", {VOID: None})
    exchange(one, two)
    agree(one, two)
    assert one.found("dang thi hoa")["dang thi hoa"] == [("k0", False)]
    assert one.rows("SELECT name FROM case_row") == [("Đặng Thị Hoà",)]


def test_two_reasons_of_voiding_are_both_kept(desks):
    one, two, *_ = desks
    one.write("note", "n", {"case": "k0", "text": "x"})
    exchange(one, two)
    one.write("note", "n", {VOID: "trùng"})
    two.write("note", "n", {VOID: "nhập nhầm"})
    exchange(one, two)
    agree(one, two)
    assert len(one.state("note", "n").rivals[VOID]) == 2


def test_a_voided_case_is_neither_listed_nor_found(desks):
    one, *_ = desks
    one.write("case", "k0", {"file_no": "TD-1"})
    one.write("person", "a", {"case": "k0", "role": "main", "name": "Sokha"})
    assert one.found("sokha")["sokha"] == [("k0", True)]
    one.write("case", "k0", {VOID: "nhập nhầm"})
    assert one.found("sokha", "td") == {"sokha": [], "td": []}
    assert one.rows("SELECT count(*) FROM case_row") == [(0,)]
    one.write("case", "k0", {VOID: None})
    assert one.found("sokha")["sokha"] == [("k0", True)]


def test_a_record_moved_to_another_case_leaves_nothing_behind(desks):
    one, two, *_ = desks
    for case in CASES:
        one.write("case", case, {"file_no": case}, case)
    one.write("person", "a", {"case": "k0", "role": "main", "name": "Sokha"})
    one.write("person", "a", {"case": "k1"}, "k1")
    exchange(one, two)
    assert one.rows("SELECT case_id, name FROM case_row ORDER BY 1") == [
        ("k0", ""),
        ("k1", "Sokha"),
    ]
    assert one.found("sokha") == {"sokha": [("k1", True)]}
    agree(one, two)


def test_what_a_commune_may_not_decide_has_no_effect(desks):
    commune, province, other, _ = desks
    with pytest.raises(NotWriter):
        commune.write("entitlement_decision", "e", {"decision": "approved"})
    assert commune.bodies() == []
    forged = change("c9", 1, "entitlement_decision", "e", {"case": "k0", "decision": "approved"})
    for desk in (commune, province, other):
        taken = desk.take([forged.encode()])
        assert (taken.new, taken.refused) == (1, 1)
        assert desk.state("entitlement_decision", "e").empty
        assert desk.tables()["r_entitlement_decision"] == []
        assert desk.bodies() == [forged.encode()], "kept and passed on"
    agree(commune, province, other)


def test_a_decision_that_replaces_a_forged_one_counts_in_either_order(desks):
    one, two, *_ = desks
    kind = "entitlement_decision"
    forged = change("c9", 1, kind, "e", {"case": "k0", "decision": "approved"}).encode()
    true = change(
        "p9", 1, kind, "e", {"case": "k0", "decision": "returned"}, {WHOLE: ("c9.1",)}
    ).encode()
    after = change(
        "c9", 2, kind, "e", {"case": "k0", "decision": "approved"}, {WHOLE: ("p9.1",)}
    ).encode()
    one.take([forged, true, after])
    two.take([true])
    two.take([forged, after])
    agree(one, two)
    assert one.state(kind, "e").values["decision"] == "returned"
    assert one.state(kind, "e").heads == {WHOLE: ("p9.1",)}


def test_an_unknown_device_has_no_effect(desks):
    one, *_ = desks
    taken = one.take([change("ee", 1, "person", "a", {"name": "x"}).encode()])
    assert taken.refused == 1
    assert one.tables()["r_person"] == []


@pytest.mark.parametrize("years", [-10, -1, 1, 10])
def test_a_wrong_clock_decides_nothing_that_causality_decides(desks, monkeypatch, years):
    one, two, three, _ = desks
    real = journal.time.time_ns

    class Clock:
        shift = 0

        @classmethod
        def time_ns(cls):
            return real() + cls.shift

    monkeypatch.setattr(journal, "time", Clock)
    names = []
    for number in range(6):
        desk = (one, two)[number % 2]
        Clock.shift = years * 365 * 24 * 3600 * 10**9 * (number % 2)
        desk.write("person", "a", {"name": f"N{number}"})
        names.append(desk.state("person", "a").values["name"])
        exchange(one, two)
    assert names == [f"N{n}" for n in range(6)], "the later save always shows"
    exchange(one, two, three)
    agree(one, two, three)
    assert three.state("person", "a").values == {"name": "N5"}
    assert not three.state("person", "a").rivals


def test_a_clock_at_the_end_of_time_does_not_silence_a_desk(desks):
    one, two, *_ = desks
    top = 2**53 - 1
    one.take([change("c9", 1, "person", "a", {"name": "x"}, at=(top, top)).encode()])
    one.write("person", "a", {"name": "y"})
    one.write("person", "a", {"name": "z"})
    exchange(one, two)
    agree(one, two)
    assert two.state("person", "a").values == {"name": "z"}


def test_changes_that_replace_each_other_show_nothing_and_agree(desks):
    one, two, three, _ = desks
    first = change("c9", 1, "person", "a", {"name": "A"}, {"name": ("p9.1",)}).encode()
    second = change("p9", 1, "person", "a", {"name": "B"}, {"name": ("c9.1",)}).encode()
    one.take([first])
    one.take([second])
    two.take([second])
    two.take([first])
    three.take([second, first])
    exchange(one, two, three)
    agree(one, two, three)
    one.write("person", "a", {"name": "C"})
    exchange(one, two, three)
    agree(one, two, three)
    assert two.state("person", "a").values == {"name": "C"}


def test_a_claim_to_replace_a_value_of_another_record_has_no_effect(desks):
    one, two, *_ = desks
    good = change("c9", 1, "person", "a", {"note": "A"}).encode()
    claim = change("p9", 1, "given_item", "a", {"note": "B"}, {"note": ("c9.1",)}).encode()
    one.take([good, claim])
    two.take([claim, good])
    agree(one, two)
    assert two.state("person", "a").values == {"note": "A"}


def test_a_late_own_clearing_is_a_value_too(desks):
    one, two, *_ = desks
    one.write("person", "a", {"name": "Hoa", "phone": "0912"})
    exchange(one, two)
    one.write("person", "a", {"phone": None})
    two.write("person", "a", {"phone": "0913"})
    exchange(one, two)
    agree(one, two)
    assert {v[3] for v in one.state("person", "a").rivals["phone"].values()} == {None, "0913"}
