"""Whatever is edited and however bundles get lost, doubled and mixed up: all agree in the end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
import uuid6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sync.desks import PROVINCE, UNIT_A, UNIT_B, Country, Desk
from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.tables import table_name

FIELDS = st.sampled_from(["officer", "stage", "group_name"])
TEXTS = st.sampled_from(["An", "Bình", "Chi", "support", "closed"])


class Exchange(RuleBasedStateMachine):
    """Two communes (one with two desks) and a province; bundles are files that anything befalls."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="td-prop-"))
        self.land = Country(self.folder)
        self.second = self.land.add("a2", UNIT_A)
        self.desks = {d.device: d for d in self.land.desks}
        self.sticks: list[tuple[str, bytes]] = []
        self.home: dict[str, str] = {}
        self.seen_by: dict[str, set[str]] = {UNIT_A: set(), UNIT_B: set(), PROVINCE: set()}

    def teardown(self) -> None:
        if hasattr(self, "land"):
            self.settle()
            self.land.close()
            shutil.rmtree(self.folder)

    @rule(device=st.sampled_from(["a", "a2", "b"]))
    def open_case(self, device: str) -> None:
        desk = self.desks[device]
        self.home[desk.open_case()] = desk.unit

    @precondition(lambda self: self.home)
    @rule(device=st.sampled_from(["p", "a", "a2", "b"]), field=FIELDS, text=TEXTS, data=st.data())
    def edit(self, device: str, field: str, text: str, data: st.DataObject) -> None:
        desk = self.desks[device]
        mine = sorted(desk.cases())
        if mine:
            case = data.draw(st.sampled_from(mine))
            desk.edit("case", case, case, **{field: text})

    @precondition(lambda self: self.home)
    @rule(device=st.sampled_from(["p", "a", "b"]), text=TEXTS, data=st.data())
    def note(self, device: str, text: str, data: st.DataObject) -> None:
        desk = self.desks[device]
        mine = sorted(desk.cases())
        if mine:
            case = data.draw(st.sampled_from(mine))
            at = "2026-03-02T10:00+07:00"
            desk.edit("note", str(uuid6.uuid7()), case, case=case, at=at, text=text)

    @rule(device=st.sampled_from(["p", "a", "a2", "b"]), text=TEXTS)
    def new_team(self, device: str, text: str) -> None:
        desk = self.desks[device]
        record = unit_record_id(desk.unit, str(uuid6.uuid7()))
        desk.edit("volunteer_team", record, None, name=text)

    @rule(device=st.sampled_from(["p", "a", "a2", "b"]), text=TEXTS, data=st.data())
    def edit_team(self, device: str, text: str, data: st.DataObject) -> None:
        desk = self.desks[device]
        teams = desk.ask("SELECT id, unit FROM r_volunteer_team ORDER BY id")
        mine = [t for t, unit in teams if device == "p" or unit == desk.unit]
        if mine:
            desk.edit("volunteer_team", data.draw(st.sampled_from(mine)), None, name=text)

    @rule(unit=st.sampled_from([UNIT_A, UNIT_B]), data=st.data())
    def move(self, unit: str, data: st.DataObject) -> None:
        known = sorted(self.land.province.cases())
        if known:
            case = data.draw(st.sampled_from(known))
            self.land.province.edit("case", case, case, unit=unit)
            self.home[case] = unit

    @rule(
        pair=st.sampled_from([("a", "p"), ("b", "p"), ("a2", "p"), ("p", "a"), ("p", "b"),
                              ("p", "a2")]),
        size=st.sampled_from([400, 1 << 20]),
    )  # fmt: skip
    def export(self, pair: tuple[str, str], size: int) -> None:
        sender, receiver = (self.desks[d] for d in pair)
        for made in sender.make(receiver, most_raw=size):
            self.sticks.append((receiver.device, made.data))

    @precondition(lambda self: self.sticks)
    @rule(data=st.data(), keep=st.booleans())
    def take(self, data: st.DataObject, keep: bool) -> None:
        index = data.draw(st.integers(0, len(self.sticks) - 1))
        device, bundle = self.sticks[index] if keep else self.sticks.pop(index)
        report = self.desks[device].take(bundle)
        assert report.outcome != "refused", report

    @precondition(lambda self: self.sticks)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        self.sticks.pop(data.draw(st.integers(0, len(self.sticks) - 1)))

    @precondition(lambda self: self.sticks)
    @rule(data=st.data())
    def damage(self, data: st.DataObject) -> None:
        device, bundle = data.draw(st.sampled_from(self.sticks))
        at = data.draw(st.integers(0, len(bundle) - 1))
        assert self.desks[device].take(bundle[:at]).outcome == "refused"

    @precondition(lambda self: self.sticks)
    @rule(data=st.data(), device=st.sampled_from(["p", "a", "a2", "b"]))
    def misdeliver(self, data: st.DataObject, device: str) -> None:
        receiver, bundle = data.draw(st.sampled_from(self.sticks))
        if receiver != device:
            assert self.desks[device].take(bundle).outcome == "refused"

    @invariant()
    def a_commune_holds_no_case_that_was_never_its_own(self) -> None:
        if not hasattr(self, "land"):
            return
        for case, unit in self.home.items():
            self.seen_by[unit].add(case)
        for unit in (UNIT_A, UNIT_B):
            self.seen_by[unit] |= {unit, PROVINCE}
        for device in ("a", "a2", "b"):
            desk = self.desks[device]
            cases = {c for (c,) in desk.ask("SELECT DISTINCT case_id FROM journal")}
            assert cases <= self.seen_by[desk.unit]

    def settle(self) -> None:
        """Two undisturbed rounds: everybody then has what concerns them."""
        self.sticks.clear()
        communes = [self.desks[d] for d in ("a", "a2", "b")]
        for _ in range(2):
            for desk in communes:
                assert desk.send(self.land.province).outcome == "applied"
            for desk in communes:
                assert self.land.province.send(desk).outcome == "applied"
        for desk in communes:
            for case in self.land.province.cases():
                if self.land.province.value("case", case, "unit") == desk.unit:
                    assert records(desk, case) == records(self.land.province, case)
                    assert journal(desk, case) == journal(self.land.province, case)
        for desk in communes:
            for unit in (desk.unit, PROVINCE):
                assert teams(desk, unit) == teams(self.land.province, unit)
                assert journal(desk, unit) == journal(self.land.province, unit)
            assert desk.ask("SELECT count(*) FROM bundle_in WHERE waiting IS NOT NULL") == [(0,)]
            rest = desk.make(self.land.province)
            assert [m.changes for m in rest] == [0]


def records(desk: Desk, case: str) -> dict[str, list[tuple]]:
    found = {}
    for kind in REGISTRY:
        key = kind.case_key
        if not key:
            continue
        rows = desk.ask(f'SELECT * FROM {table_name(kind.name)} WHERE "{key}" = ?', case)
        found[kind.name] = sorted(rows, key=repr)
    return found


def teams(desk: Desk, unit: str) -> list[tuple]:
    return desk.ask("SELECT * FROM r_volunteer_team WHERE unit = ? ORDER BY id", unit)


def journal(desk: Desk, case: str) -> list[tuple]:
    return sorted(desk.ask("SELECT device, seq, body FROM journal WHERE case_id = ?", case))


def profile(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def test_all_desks_agree_in_the_end() -> None:
    run_state_machine_as_test(Exchange, settings=profile(6))


@pytest.mark.slow
def test_all_desks_agree_in_the_end_at_length() -> None:
    run_state_machine_as_test(Exchange, settings=profile(200))
