"""What was sent and what left is known where it has to be, by real bundles, and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.conftest import COMMUNE, PASSWORD, Make, take_in
from services.directory.conftest import HEALTH, LEGAL
from services.land import OTHER, Land
from traffick_desk.domain.belonging import closed_shelf
from traffick_desk.services import officers, unit_records, vaults
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.directory.entries import SaveService
from traffick_desk.services.directory.find import ListServices
from traffick_desk.services.need_to_know import RestrictCase
from traffick_desk.services.prevention.commands import SavePrevention
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.statistics import frozen
from traffick_desk.services.statistics.frozen import (
    Against,
    Comparison,
    Correction,
    Corrections,
    FreezeRefused,
    FreezeReport,
    FrozenReports,
)
from traffick_desk.services.statistics.queries import ReportTables
from traffick_desk.services.statistics.release import (
    ControlledTables,
    ReleaseTables,
    SetThreshold,
    released_before,
)
from traffick_desk.services.statistics.spec import Period, Scope, TableSpec
from traffick_desk.store.journal import Edit
from traffick_desk.sync import scope

YEAR = Scope(Period.parse("2026"))
OWN = Scope(YEAR.period, COMMUNE)


@pytest.fixture
def land(make: Make, tmp_path: Path) -> Land:
    return Land(make, tmp_path)


def memory(desk: Desk) -> list:
    with desk.context.store.read() as cursor:
        return released_before(cursor)


def newcomer(desk: Desk) -> None:
    case, person = new_id(), new_id()
    edits = (
        Edit("case", case, {"opened_on": "2026-11-01"}),
        Edit("person", person, {"role": "main", "name": "Lò Thị Mới", "sex": "female"}),
    )
    desk.do(NewCase(edits))


def now(*corrections: Correction) -> Comparison:
    return Comparison(Against.NOW, "", corrections)


def test_a_communes_report_reaches_its_province_and_is_corrected_there(land: Land) -> None:
    people = take_in(land.commune, "E1", "E2", "E3")
    sent = land.commune.do(FreezeReport("victims", OWN, "Kính gửi tỉnh", "Hết"))
    land.send(land.commune, land.province, land.other)
    (there,) = land.province.ask(FrozenReports())
    assert (there.id, there.unit) == (sent, land.commune.info.unit)
    assert (there.before, there.officer) == ("Kính gửi tỉnh", "Nguyễn Thị Hương")
    assert there.tables == land.commune.ask(FrozenReports())[0].tables
    assert land.province.ask(Corrections(sent)) == now()
    # Whom the province took in itself is not in the commune's report and no correction of it.
    take_in(land.province, "E5")
    assert land.province.ask(Corrections(sent)) == now()
    person = people["E1"][1]
    land.commune.do(SaveRecords((Edit("person", person, {"sex": "male"}),)))
    land.send(land.commune, land.province, land.other)
    assert land.province.ask(Corrections(sent)) == land.commune.ask(Corrections(sent)) != now()
    assert land.other.ask(FrozenReports()) == ()


def test_what_a_commune_has_from_elsewhere_corrects_nothing(land: Land) -> None:
    """A case of another commune that was shared with it, and one that moved away, and back."""
    guest = take_in(land.other, "E5")["E5"][0]
    land.send(land.other, land.province)
    with land.province.context.store.work() as work:
        scope.share_case(work.cursor, land.commune.info.device, guest)
    land.send(land.province, land.commune)
    people = take_in(land.commune, "E1", "E2", "E3")
    land.commune.do(SaveRecords((Edit("case", people["E3"][0], {"unit": OTHER}),)))
    talk = {"kind": "class", "title": "Lớp của tỉnh", "since": "2026-05-05", "state": "done"}
    activity = unit_records.new_record_id(land.province.context, "")
    land.province.do(SavePrevention((Edit("activity", activity, talk),)))
    land.send(land.commune, land.province)
    land.send(land.province, land.commune, land.other)
    # It has them all, and work of the province too; its own report is of what is its own.
    everything = land.commune.ask(ReportTables("full", YEAR))[0].total.value
    assert everything == land.commune.ask(ReportTables("full", OWN))[0].total.value + 2
    sent = land.commune.do(FreezeReport("full", OWN))
    land.send(land.commune, land.province)
    assert land.commune.ask(Corrections(sent)) == now() == land.province.ask(Corrections(sent))
    # What happens to them at home is no correction of this report either.
    guests = land.other.ask(OpenCase(guest)).persons[0].id
    land.other.do(SaveRecords((Edit("person", guests, {"sex": "other"}),)))
    land.send(land.other, land.province)
    land.send(land.province, land.commune)
    assert land.commune.ask(Corrections(sent)) == now() == land.province.ask(Corrections(sent))
    # One that comes back is one more, on both sides.
    land.province.do(SaveRecords((Edit("case", people["E3"][0], {"unit": OWN.unit}),)))
    land.send(land.province, land.commune)
    corrected = land.province.ask(Corrections(sent)).corrections
    assert corrected == land.commune.ask(Corrections(sent)).corrections
    assert corrected[0].now.value == corrected[0].was.value + 1


def test_everything_at_a_communes_desk_is_no_report(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = take_in(land.commune, "E1")
    with pytest.raises(FreezeRefused):
        land.commune.do(FreezeReport("victims", YEAR))
    assert land.commune.ask(FrozenReports()) == ()
    # An older program froze it: nobody compares, until the sender corrects it.
    with monkeypatch.context() as older:
        older.setattr(frozen, "own_place", lambda _info: "")
        sent = land.commune.do(FreezeReport("victims", YEAR))
    land.send(land.commune, land.province)
    for desk in (land.province, land.commune):
        assert desk.ask(Corrections(sent)).against is Against.NOTHING
    land.commune.do(SaveRecords((Edit("person", people["E1"][1], {"sex": "male"}),)))
    with monkeypatch.context() as older:
        older.setattr(frozen, "own_place", lambda _info: "")
        land.commune.do(FreezeReport("victims", YEAR))
    land.send(land.commune, land.province)
    told = land.province.ask(Corrections(sent))
    assert told == land.commune.ask(Corrections(sent))
    assert told.against is Against.NEWER
    assert told.corrections


def test_restricted_cases_that_were_left_out_are_said_beside_the_differences(land: Land) -> None:
    people = take_in(land.commune, "E1", "E2")
    new = officers.NewOfficer("Trần Thị Lan", "lan", "một đàn cò trắng bay ngang", "officer")
    officers.add(land.commune, PASSWORD, new)
    restrict = RestrictCase(people["E1"][0], (land.commune.info.officer_id,), "họ hàng ở đây")
    land.commune.do(restrict)
    whole = land.commune.do(FreezeReport("victims", OWN))
    path, clock = land.commune.info.vault_path, land.commune.context.now
    land.commune.close()
    land.commune = vaults.unlock(path, "lan", new.password)
    try:
        land.commune.context.now = clock
        part = land.commune.do(FreezeReport("victims", OWN))
        land.send(land.commune, land.province)
        found = land.province.ask(Corrections(part))
        assert found.against is Against.NOW
        assert found.left_out
        assert found.corrections
        assert land.province.ask(Corrections(whole)).left_out
    finally:
        land.commune.close()


def test_that_time_goes_by_corrects_nothing_and_a_newer_edition_says_what_does(
    land: Land,
) -> None:
    people = take_in(land.commune, "E1", "E2", "E3")
    sent = land.commune.do(FreezeReport("full", OWN))
    land.send(land.commune, land.province)
    later = land.province.context.now() + timedelta(days=400)
    land.province.context.now = lambda: later
    assert land.province.ask(Corrections(sent)) == now()
    person = people["E1"][1]
    land.commune.do(SaveRecords((Edit("person", person, {"sex": "male"}),)))
    newer = land.commune.do(FreezeReport("full", OWN))
    land.send(land.commune, land.province)
    told = land.province.ask(Corrections(sent))
    assert told.against is Against.NEWER
    assert told.at == land.commune.context.moment
    assert told.corrections
    assert told == land.commune.ask(Corrections(sent))
    assert land.province.ask(Corrections(newer)) == now()


def test_what_the_province_sends_and_releases_never_reaches_a_commune(land: Land) -> None:
    take_in(land.commune, "E1", "E2")
    land.send(land.commune, land.province)
    made = land.province.do(FreezeReport("victims", YEAR))
    assert made.startswith(f"{closed_shelf(land.province.info.unit)}/")
    land.province.do(ReleaseTables((TableSpec("person", "person.sex"),)))
    land.send(land.province, land.commune, land.other)
    for desk in (land.commune, land.other):
        assert desk.ask(FrozenReports()) == ()
        assert memory(desk) == []
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT count(*) FROM journal WHERE case_id LIKE '%/kept'")
            assert cursor.fetchone() == (0,)
    (kept,) = land.province.ask(FrozenReports())
    assert (kept.id, kept.unit) == (made, land.province.info.unit)


def test_what_a_commune_let_out_is_remembered_by_its_province(land: Land) -> None:
    land.province.do(SetThreshold(3))
    land.send(land.province, land.commune)
    take_in(land.commune, "E1", "E2", "E3", "E5")
    spec = TableSpec("person", "person.sex").of_the_received()
    (left,) = land.commune.do(ReleaseTables((spec,), title="Gửi báo"))
    land.send(land.commune, land.province)
    assert memory(land.province) == memory(land.commune)
    newcomer(land.commune)
    land.send(land.commune, land.province)
    # One more than the commune let out: the total of the province would tell of the newcomer.
    (seen,) = land.province.ask(ControlledTables((spec,)))
    assert not left.total.hidden
    assert seen.total.hidden
    # Without the memory it would stand there.
    with land.province.context.store.work() as work:
        work.cursor.execute("UPDATE r_release SET content = 'hỏng'")
    (forgetful,) = land.province.ask(ControlledTables((spec,)))
    assert not forgetful.total.hidden


def test_entries_of_the_provinces_directory_reach_every_commune_in_a_bundle(land: Land) -> None:
    made = land.province.do(SaveService(LEGAL))
    own = land.commune.do(SaveService(HEALTH))
    land.send(land.province, land.commune, land.other)
    land.send(land.commune, land.province, land.other)
    here = {desk.info.unit: {r.id for r in desk.ask(ListServices()).rows if not r.shipped}
            for desk in (land.province, land.commune, land.other)}  # fmt: skip
    assert here[land.commune.info.unit] == {made, own}
    assert here[land.province.info.unit] == {made, own}
    assert here[OTHER] == {made}
