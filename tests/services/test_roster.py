"""Rights on arrival (I7): what counts is what the province confirmed; what waits is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from traffick_desk.services import exchange, officers, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.officers import NewOfficer
from traffick_desk.services.queries import CountCases, ListCases, OpenCase
from traffick_desk.services.roster import ConfirmOfficers, Member, Rosters
from traffick_desk.store.changes import Change, Stamp
from traffick_desk.store.journal import Edit
from traffick_desk.store.journal_errors import NotWriter, RightEnded

from .conftest import PASSWORD, Make, take_in

OTHER = "một đàn cò trắng bay ngang"


class Land:
    """A commune and its province, with a stick between them."""

    def __init__(self, make: Make, stick: Path) -> None:
        self.commune, self.province = make("commune"), make("province")
        self.stick = stick
        stick.mkdir()
        request, _words = exchange.write_request(self.commune, stick)
        answer = exchange.accept(
            self.province, exchange.read_request(self.province, request), stick
        )
        exchange.install(self.commune, exchange.read_certificate(self.commune, answer))

    def up(self) -> None:
        self.carry(self.commune, self.province)

    def down(self) -> None:
        self.carry(self.province, self.commune)

    def carry(self, sender: Desk, receiver: Desk) -> None:
        exchange.export_bundles(sender, self.stick)
        outcomes = {r.outcome for r in exchange.import_bundles(receiver, self.stick)}
        assert outcomes <= {"applied", "already"}

    def sits(self, login: str) -> Desk:
        """Another officer sits down at the commune's desk."""
        path = self.commune.info.vault_path
        self.commune.close()
        password = PASSWORD if login == "huong" else OTHER
        self.commune = vaults.unlock(path, login, password)
        return self.commune

    def member(self, name: str) -> Member:
        device = self.commune.info.device
        return next(m for m in self.province.ask(Rosters(device)) if m.name.endswith(name))

    def confirm(self, *refused: str) -> int:
        return self.province.do(ConfirmOfficers(self.commune.info.device, frozenset(refused)))

    def lets_in(self, login: str, role: str) -> str:
        new = NewOfficer(f"Trần Thị {login.title()}", login, OTHER, role)
        return officers.add(self.commune, PASSWORD, new)


@pytest.fixture
def land(make: Make, tmp_path: Path) -> Land:
    return Land(make, tmp_path / "stick")


def tables(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """All record tables, with which changes their values are of."""
    found = {}
    with desk.context.store.read() as cursor:
        for record_type in desk.context.store.registry:
            cursor.execute(f"SELECT * FROM r_{record_type.name} ORDER BY id")
            found[record_type.name] = cursor.fetchall()
    return found


def same_after_rebuild(desk: Desk) -> bool:
    before = tables(desk)
    desk.context.store.rebuild()
    return tables(desk) == before


def test_until_the_province_lists_a_desk_its_keys_count_as_before(land: Land) -> None:
    take_in(land.commune, "LS1")
    land.up()
    assert land.province.ask(CountCases()) == 1
    me = land.member("Hương")
    assert (me.role, me.confirmed, me.waits, me.desk_listed, me.held) == (
        "officer", "", True, False, 0,
    )  # fmt: skip
    assert land.confirm() == 1
    assert land.province.ask(CountCases()) == 1
    assert not land.member("Hương").waits
    assert land.confirm() == 0
    take_in(land.commune, "LS3")
    land.up()
    assert land.province.ask(CountCases()) == 2
    assert same_after_rebuild(land.province)


def test_a_new_officer_waits_for_the_province_and_nothing_is_lost(land: Land) -> None:
    land.up()
    land.confirm()
    land.down()
    lan = land.lets_in("lan", "officer")
    desk = land.sits("lan")
    (case, _person), *_more = take_in(desk, "LS3").values()
    # At home it counts at once.
    assert desk.ask(CountCases()) == 1
    land.up()
    assert land.province.ask(CountCases()) == 0
    waiting = land.member("Lan")
    assert waiting.waits
    assert waiting.held > 3
    assert same_after_rebuild(land.province)
    assert land.confirm() == 1
    assert land.member("Lan").held == 0
    assert land.province.ask(OpenCase(case)).row.name == desk.ask(OpenCase(case)).row.name
    assert same_after_rebuild(land.province)
    land.down()
    assert tables(land.province)["person"] == tables(land.commune)["person"]
    own = next(m for m in land.commune.ask(Rosters()) if m.officer_id == lan)
    assert not own.waits


def test_a_change_that_replaced_one_that_waited_still_replaces_it(land: Land) -> None:
    """I2: the same set of changes gives the same tables, whenever the province said yes."""
    land.up()
    land.confirm()
    land.down()
    land.lets_in("lan", "officer")
    desk = land.sits("lan")
    (case, person), *_more = take_in(desk, "LS3").values()
    desk = land.sits("huong")
    desk.do(SaveRecords((Edit("person", person, {"name": "Nông Thị Mới"}),)))
    land.up()
    land.confirm()
    view = land.province.ask(OpenCase(case))
    assert view.row.name == "Nông Thị Mới"
    assert view.row.conflicts == 0
    assert same_after_rebuild(land.province)


def test_another_role_holds_from_the_change_that_says_so(land: Land) -> None:
    mai = land.lets_in("mai", "clerk")
    land.up()
    land.confirm()
    land.down()
    # A hostile desk lets a clerk write cases: its own program would not.
    forged(land, mai, "0199-forged")
    assert land.province.ask(CountCases()) == 0
    assert land.member("Mai").held == 1
    desk = land.sits("huong")
    desk.do(officers.SetRole(mai, "officer"))
    land.up()
    # The desk says so, the province has not.
    assert land.province.ask(CountCases()) == 0
    assert land.member("Mai").waits
    assert land.confirm() == 1
    # What she wrote as a clerk does not count afterwards either; what she writes now does.
    assert land.province.ask(CountCases()) == 0
    assert land.member("Mai").held == 1
    desk = land.sits("mai")
    take_in(desk, "LS1")
    land.up()
    assert land.province.ask(CountCases()) == 1
    assert same_after_rebuild(land.province)


def test_what_comes_after_she_left_does_not_count_whatever_its_clock_says(land: Land) -> None:
    lan = land.lets_in("lan", "officer")
    land.up()
    land.confirm()
    land.down()
    (case, person), *_more = take_in(land.sits("lan"), "LS3").values()
    path = land.sits("huong").info.vault_path
    land.commune.close()
    officers.dismiss(path, "huong", PASSWORD, lan)
    land.commune = vaults.unlock(path, "huong", PASSWORD)
    land.up()
    assert land.confirm() == 1
    name = land.province.ask(OpenCase(case)).row.name
    # Her work before stays hers and stays in force.
    assert name
    forged(land, lan, person, {"name": "Somebody Else", "case": case}, "person", Stamp(1, 0))
    assert land.province.ask(OpenCase(case)).row.name == name
    assert land.member("Lan").held == 1
    assert same_after_rebuild(land.province)


def test_an_officer_who_is_not_confirmed_can_write_nothing_that_counts(land: Land) -> None:
    land.up()
    land.confirm()
    land.down()
    lan = land.lets_in("lan", "officer")
    take_in(land.sits("lan"), "LS3")
    land.up()
    assert land.confirm(lan) == 1
    assert not land.member("Lan").waits
    assert land.province.ask(CountCases()) == 0
    land.down()
    # Her own desk says so, instead of keeping what would count nowhere.
    with pytest.raises(RightEnded):
        take_in(land.commune, "LS1")
    land.sits("huong")
    take_in(land.commune, "LS1")
    land.up()
    assert land.province.ask(CountCases()) == 1
    assert same_after_rebuild(land.province)


def test_a_hostile_desk_forges_officers_and_rights(land: Land) -> None:
    take_in(land.commune, "LS1")
    land.up()
    land.confirm()
    land.down()
    before = tables(land.province)
    # Nobody whom the province knows, under a number made up.
    forged(land, "feedfeedfeedfeed", "0199-case-of-nobody")
    # A right made up: only the province's desks write those.
    device = land.commune.info.device
    right = {"device": device, "officer": "feedfeedfeedfeed", "role": "officer", "since": 1}
    forged(land, land.commune.info.officer_id, "0199-right", right, "officer_right")
    # An officer of another desk, in that desk's name, and her own entry written over.
    other = {**right, "device": land.province.info.device, "role": "lead", "name": "Boss"}
    del other["since"]
    forged(land, land.commune.info.officer_id, "0199-boss", other, "desk_officer")
    lead = f"{land.province.info.device}.{land.province.info.officer_id}"
    forged(land, land.commune.info.officer_id, lead, other, "desk_officer")
    # A decision, which no commune makes.
    decision = {"case": land.commune.ask(ListCases())[0].case_id, "decision": "approved"}
    forged(land, land.commune.info.officer_id, "0199-yes", decision, "entitlement_decision")
    after = tables(land.province)
    assert {n for n in after if after[n] != before[n]} == set()
    assert "Boss" not in {m.name for m in land.province.ask(Rosters())}
    with pytest.raises(NotWriter), land.commune.context.store.work() as work:
        work.journal.write(Edit("officer_right", "0199-right2", right), "x", None)
    with pytest.raises(NotAllowed):
        land.commune.do(ConfirmOfficers(device))
    assert same_after_rebuild(land.province)
    # Nothing of it was thrown away: the journal has it, and passes it on.
    with land.province.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM journal WHERE device = ?", (device,))
        held = cursor.fetchone()[0]
    with land.commune.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM journal WHERE device = ?", (device,))
        assert cursor.fetchone()[0] == held


def forged(
    land: Land,
    officer: str,
    record_id: str,
    values: dict[str, object] | None = None,
    record_type: str = "case",
    stamp: Stamp | None = None,
) -> None:
    """A change that the commune's own program would refuse, signed by the commune's keys."""
    desk = land.commune
    case = record_id if record_type == "case" else (values or {}).get("case")
    fields = values or {
        "file_no": "TDXXX-0001/2026", "unit": desk.info.unit, "stage": "reception",
        "opened_on": "2026-11-20",
    }  # fmt: skip
    with desk.context.store.work() as work:
        journal = work.journal
        seq = journal._next_seq()
        replaces = {}
        if record_type == "person":
            heads = journal.state("person", record_id).heads
            replaces = {name: heads[name] for name in fields if name in heads}
        change = Change(
            desk.info.device, seq, stamp or journal._stamp.next(0), officer, record_type,
            record_id, str(case) if case else None, fields, replaces,
        )  # fmt: skip
        body = change.encode()
        from traffick_desk.store.changes import link_chain

        journal._chain = link_chain(journal._chain, body)
        journal._seq = seq
        journal._rows.append((change.device, seq, change.case, None, body, journal._chain))
    land.up()


def test_rights_that_come_late_or_early_give_the_same_tables(land: Land, make: Make) -> None:
    """A second desk of the province that gets everything at once, in another order."""
    land.up()
    land.confirm()
    land.down()
    land.lets_in("lan", "officer")
    take_in(land.sits("lan"), "LS3", "LS7")
    land.up()
    land.confirm()
    with land.province.context.store.read() as cursor:
        cursor.execute("SELECT body FROM journal ORDER BY pos DESC")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
        cursor.execute("SELECT device, profile, unit, label FROM device")
        devices = cursor.fetchall()
    other = make("province2")
    for order in (bodies, bodies[::2] + bodies[1::2]):
        with other.context.store.work() as work:
            work.cursor.executemany(
                "INSERT OR IGNORE INTO device (device, profile, unit, label) VALUES (?, ?, ?, ?)",
                devices,
            )
            work.journal.reload_devices()
            work.journal.take_in(order)
    for name in ("case", "person", "reception", "officer_right"):
        assert tables(other)[name] == tables(land.province)[name]
