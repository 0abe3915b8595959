"""What was sent and what left is known where it has to be, by real bundles, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.conftest import Make, take_in
from services.directory.conftest import HEALTH, LEGAL
from services.land import OTHER, Land
from traffick_desk.domain.belonging import closed_shelf
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import NewCase, SaveRecords
from traffick_desk.services.directory.entries import SaveService
from traffick_desk.services.directory.find import ListServices
from traffick_desk.services.statistics.frozen import Corrections, FreezeReport, FrozenReports
from traffick_desk.services.statistics.release import (
    ControlledTables,
    ReleaseTables,
    SetThreshold,
    released_before,
)
from traffick_desk.services.statistics.spec import Period, Scope, TableSpec
from traffick_desk.store.journal import Edit

YEAR = Scope(Period.parse("2026"))


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


def test_a_communes_report_reaches_its_province_and_is_corrected_there(land: Land) -> None:
    people = take_in(land.commune, "E1", "E2", "E3")
    sent = land.commune.do(FreezeReport("victims", YEAR, "Kính gửi tỉnh", "Hết"))
    land.send(land.commune, land.province, land.other)
    (there,) = land.province.ask(FrozenReports())
    assert (there.id, there.unit) == (sent, land.commune.info.unit)
    assert (there.before, there.officer) == ("Kính gửi tỉnh", "Nguyễn Thị Hương")
    assert there.tables == land.commune.ask(FrozenReports())[0].tables
    assert land.province.ask(Corrections(sent)) == ()
    # Whom the province took in itself is not in the commune's report and no correction of it.
    take_in(land.province, "E5")
    assert land.province.ask(Corrections(sent)) == ()
    person = people["E1"][1]
    land.commune.do(SaveRecords((Edit("person", person, {"sex": "male"}),)))
    land.send(land.commune, land.province, land.other)
    assert land.province.ask(Corrections(sent)) == land.commune.ask(Corrections(sent)) != ()
    assert land.other.ask(FrozenReports()) == ()


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
